"""Which letters changed, and how: the command, what it prints for programs, and the report to hand on."""

from __future__ import annotations

import json
import re
import shutil
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from click import unstyle

from letters.mail.archive import keep_sent
from letters.mail.attempts import State
from letters.mail.ledger import Ledger
from tests.conftest import put_small_year
from tests.doing import edit, run, said_in
from tests.e2e.browser import ARTEFACTS, browser
from tests.paper import put_on_paper

ASHBY, BIRCH, CEDAR = "ashby-district-council", "birch-district-council", "cedar-fire-authority"
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
NOW = datetime(2024, 7, 18, 9, 30, tzinfo=UTC)
STATISTICS, TEMPLATE = "data/2024/statistics.yaml", "templates/2024/letter.html.jinja"


@pytest.fixture(scope="module")
def as_built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = put_small_year(tmp_path_factory.mktemp("built"))
    put_on_paper(root)
    return root


@pytest.fixture
def root(as_built: Path, tmp_path: Path) -> Path:
    """The small year, as if it had been built, for one test alone."""
    return Path(shutil.copytree(as_built, tmp_path, dirs_exist_ok=True))


@pytest.fixture
def printed(tmp_path: Path) -> Path:
    """The small year with words in its PDFs."""
    root = put_small_year(tmp_path / "printed")
    assert run("build", "2024", "--root", root).exit_code == 0
    return root


def compared(root: Path, *arguments: str) -> str:
    """What the command prints, once it was done."""
    result = run("compare", "2024", *arguments, "--root", root)
    assert (result.exit_code, result.stderr) == (0, "")
    return said_in(root, result.stdout)


def refused(root: Path, *arguments: str) -> tuple[int, str]:
    """Its exit status and the last line that it complains with."""
    result = run("compare", "2024", *arguments, "--root", root)
    return result.exit_code, said_in(root, result.stderr).splitlines()[-1]


def test_a_letter_that_changed_since_it_was_approved_is_told_with_how_and_why(root: Path) -> None:
    run("approve", "2024", "--all", "--by", "Ada", "--root", root)
    edit(root / STATISTICS, "investigations: 1, upheld: 0", "investigations: 2, upheld: 0")
    told = re.sub(r"last on \d.*\.", "last on that day.", compared(root, "--with", "approved"))
    assert told == (
        "2024: 3 letters compared with what was approved: 1 changed, 2 as they were\n"
        "Approved by Ada, last on that day.\n"
        "\n"
        "Unlike all others, 1 letter:\n"
        f"    {CEDAR}\n"
        '        paragraph 2: "investigation" -> "investigations"\n'
        '        panel "Upheld": basis: "investigation" -> "investigations"\n'
        "        figures: investigations 1 -> 2\n"
        "\n"
        f"{CEDAR}: figures\n"
        f"    investigations  1 -> 2  +1  {STATISTICS}:3\n"
        "\n"
        "Next: letters compare 2024 --with approved --report changes.html   (to read it in a browser, or"
        " hand it on)\n"
    )


def test_what_was_approved_stays_to_be_compared_with_when_it_is_built_anew(root: Path) -> None:
    run("approve", "2024", "--all", "--by", "Ada", "--root", root)
    edit(root / TEMPLATE, "came back to us", "returned to us")
    put_on_paper(root)
    assert "3 changed, 0 as they were" in compared(root, "--with", "approved")
    assert "0 changed, 3 as they were" in compared(root, "--with", "last-build")


@pytest.mark.parametrize("beside", ["approved", "sent"])
def test_a_council_that_left_is_told_and_is_why_averages_changed(root: Path, beside: str) -> None:
    run("approve", "2024", "--all", "--by", "Ada", "--root", root)
    for slug in (ASHBY, BIRCH, CEDAR):
        send(root, slug)
    for file in ("statistics", "contacts"):
        path = root / f"data/2024/{file}.yaml"
        before, _, rest = path.read_text().partition(f"{BIRCH}:")
        path.write_text(f"{before}{CEDAR}:{rest.partition(f'{CEDAR}:')[2]}")
    told = compared(root, "--with", beside)
    assert f"1 letter only in what was {beside}: {BIRCH}\n" in told
    assert f"no longer among district authorities: {BIRCH}" in told
    assert "Not explained" not in told


def test_of_an_average_whose_letters_of_then_are_not_all_known_nothing_is_claimed(
    root: Path,
) -> None:
    run("approve", "2024", ASHBY, "--by", "Ada", "--root", root)
    edit(root / STATISTICS, "upheld: 3", "upheld: 2")
    told = compared(root, "--with", "approved")
    assert f"perhaps counts of authorities not compared: {BIRCH}" in told
    assert "Not explained" not in told


def test_panels_in_another_order_are_one_line(root: Path) -> None:
    upheld, remedied = (
        f'("{heading}", letter.figures.{name})'
        for heading, name in (("Upheld", "uphold_rate"), ("Remedied", "remedy_rate"))
    )
    edit(root / TEMPLATE, f"{upheld}, {remedied}", f"{remedied}, {upheld}")
    told = compared(root, "--with", "last-build")
    line = '3  panel "Remedied": moved behind statistics page and before panel "Upheld"\n'
    assert line in told


def test_letters_that_nobody_approved_are_named_with_what_to_do(root: Path) -> None:
    run("approve", "2024", ASHBY, "--by", "Ada", "--root", root)
    told = compared(root, "--with", "approved")
    assert told.startswith("2024: 1 letter compared with what was approved: 0 changed, 1 as")
    assert (
        "2 letters not compared, it is not approved yet: letters approve 2024 SLUG --by NAME:"
        f" {BIRCH} and {CEDAR}\n"
    ) in told


def test_what_was_approved_before_its_origin_was_kept_is_compared_all_the_same(root: Path) -> None:
    run("approve", "2024", "--all", "--by", "Ada", "--root", root)
    for path in (root / "records/2024/approved").glob("*.json"):
        kept = json.loads(path.read_text())
        del kept["made_from"]
        path.write_text(json.dumps(kept))
    edit(root / TEMPLATE, "came back to us", "returned to us")
    assert '3  paragraph 1: "came back" -> "returned"' in compared(root, "--with", "approved")


def test_an_approved_letter_that_is_not_kept_here_is_told(root: Path) -> None:
    run("approve", "2024", "--all", "--by", "Ada", "--root", root)
    (root / f"records/2024/approved/{ASHBY}.html").unlink()
    told = compared(root, "--with", "approved")
    assert "1 letter not compared, what was approved is not kept on this machine" in told


def send(root: Path, slug: str) -> None:
    """Keep a letter as it is built as if it had gone out, by post, for that needs no message."""
    folder = root / "build/2024/letters"
    pdf, page = ((folder / f"{slug}.{kind}").read_bytes() for kind in ("pdf", "html"))
    books = Ledger(root / "records/2024/ledger.sqlite3")
    try:
        digest = sha256(pdf).hexdigest()
        attempt = books.claim(slug, 1, digest, "b" * 64, f"<2024.{slug}.1p@x.example>", NOW)
        keep_sent(root, "2024", attempt, {"pdf": pdf, "html": page})
        books.hand_over(attempt, NOW)
        books.settle(attempt, State.ACCEPTED, "by post", NOW)
    finally:
        books.close()


def test_letters_are_compared_with_those_that_were_sent(root: Path) -> None:
    run("approve", "2024", "--all", "--by", "Ada", "--root", root)
    send(root, ASHBY)
    edit(root / TEMPLATE, "came back to us", "returned to us")
    told = compared(root, "--with", "sent", "--json")
    (letter,) = json.loads(told)["changed"]
    assert (letter["authority"], letter["at"]) == (ASHBY, "2024-07-18 09:30:00")
    assert letter["because_of"] == ["template 2024/letter.html.jinja changed"]
    assert json.loads(told)["not_compared"][BIRCH] == "it is not sent yet: letters send 2024"


def test_what_cannot_be_compared_is_refused_with_what_to_do(root: Path) -> None:
    assert refused(root, "--with", "approved") == (
        1,
        "error: nothing of 2024 is approved yet: letters approve 2024 shows how it stands",
    )
    assert refused(root, "--with", "sent") == (
        1,
        "error: nothing of 2024 is sent yet: letters ledger 2024 shows what is",
    )
    shutil.rmtree(root / "build")
    assert refused(root, "--with", "last-build")[0] == 1


def test_a_letter_template_that_is_broken_is_no_comparison(root: Path) -> None:
    edit(root / TEMPLATE, "{% endblock %}", "{% endblok %}")
    assert refused(root, "--with", "last-build") == (
        1,
        "error: no letter of 2024 can be written now: letters check 2024 tells why",
    )


def test_a_wrong_use_is_told_with_what_there_is(root: Path) -> None:
    assert refused(root, "--with", "2024") == (2, "Error: --with 2024: that is the year itself")
    assert refused(root, "--with", "yesterday") == (
        2,
        "Error: --with yesterday: letters are compared with approved, sent or last-build",
    )
    assert refused(root, "--with", "aproved")[1].endswith('last-build; did you mean "approved"?')
    assert refused(root, "ashby", "--with", "last-build")[0] == 2
    assert refused(root) == (
        2,
        "Error: say what letters are compared with: --with approved, sent or last-build",
    )


def test_a_command_in_a_note_is_not_broken_on_a_terminal(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / f"build/2024/letters/{CEDAR}.pdf").unlink()
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "60")
    told = unstyle(compared(root, "--with", "last-build"))
    assert f": letters build 2024: {CEDAR}\n" in told


def test_a_letter_that_is_named_shows_its_figures(root: Path) -> None:
    edit(root / STATISTICS, "investigations: 9, upheld: 5", "investigations: 9, upheld: 6")
    told = compared(root, ASHBY, "--with", "last-build")
    assert "uphold rate" in told and f"{STATISTICS}:1" in told
    again = f"letters compare 2024 {ASHBY} --with last-build --report changes.html"
    assert told.endswith(f"\n\nNext: {again}   (to read it in a browser, or hand it on)\n")


def test_nothing_changed_is_said_in_two_lines(root: Path) -> None:
    assert compared(root, "--with", "last-build") == (
        "2024: 3 letters compared with the last build: 0 changed, 3 as they were\n"
        "\n"
        "2024: no letter says anything else\n"
    )


def test_programs_read_it_as_json(root: Path) -> None:
    edit(root / TEMPLATE, "came back to us", "returned to us")
    told = json.loads(compared(root, "--with", "last-build", "--json"))
    ((one,), letters) = told["classes"], [letter["authority"] for letter in told["changed"]]
    assert (one["was"], one["now"], one["letters"]) == ("came back", "returned", letters)


@pytest.mark.slow
def test_the_report_is_one_file_that_anybody_can_read(root: Path) -> None:
    edit(root / STATISTICS, "investigations: 9, upheld: 5", "investigations: 9, upheld: 6")
    edit(root / TEMPLATE, "came back to us", "returned &amp; went &lt;home&gt;")
    told = compared(root, "--with", "last-build", "--report", str(root / "out/changes.html"))
    assert told.endswith(
        f"Written to {root / 'out/changes.html'}: it is one file and needs no other\n"
    )
    text = (root / "out/changes.html").read_text(encoding="utf-8")
    assert not any(sign in text for sign in ("http", "url(", "src=", "<script", "<link"))
    with browser() as chromium:
        for scheme in ("light", "dark"):
            for width in (320, 1280):
                tab = chromium.new_page(
                    color_scheme=scheme, viewport={"width": width, "height": 860}
                )
                tab.goto((root / "out/changes.html").as_uri())
                for one in tab.locator("details").all():
                    one.locator("> summary").click()
                assert tab.evaluate("document.documentElement.scrollWidth") <= width
                found = Axe().run(tab, options={"runOnly": RULES})
                assert not found.response["violations"], found.generate_report()
                ARTEFACTS.mkdir(parents=True, exist_ok=True)
                tab.screenshot(
                    path=ARTEFACTS / f"compare-report-{width}-{scheme}.png", full_page=True
                )
                tab.close()


KEPT = f"records/2024/approved/{BIRCH}"


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("html", b"<html><body><p>Another letter.</p></body></html>"),
        ("html", b""),
        ("html", b"\xff\xfe"),
        ("pdf", b"%PDF"),
        ("json", b"[]"),
        ("json", b'{"sha256": "a", "envelope": "b", "needed": "x"}'),
        ("json", b'{"sha256": "a", "envelope": "b", "needed": 1e400}'),
        ("json", b'{"sha256": "a", "envelope": "b", "needed": 0}'),
    ],
)
def test_what_was_approved_and_is_damaged_is_told_and_not_compared(
    root: Path, kind: str, content: bytes
) -> None:
    run("approve", "2024", "--all", "--by", "Ada", "--root", root)
    (root / f"{KEPT}.{kind}").write_bytes(content)
    told = compared(root, "--with", "approved")
    assert (
        f"1 letter not compared, what was approved is damaged: {KEPT}.{kind} is not what was kept:"
        f" bring it back, or approve the letter again: {BIRCH}\n"
    ) in told
    assert told.endswith("2024: 2 letters say the same; 1 could not be compared\n")


def test_a_page_that_was_exchanged_is_known_by_its_words_where_no_digest_was_kept(
    printed: Path,
) -> None:
    root = printed
    run("approve", "2024", "--all", "--by", "Ada", "--root", root)
    path = root / f"{KEPT}.json"
    kept = json.loads(path.read_text())
    del kept["made_from"], kept["page_sha256"]
    path.write_text(json.dumps(kept))
    assert "0 changed, 3 as they were" in compared(root, "--with", "approved")
    edit(root / f"{KEPT}.html", "came back", "came forth")
    assert f"is damaged: {KEPT}.html" in compared(root, "--with", "approved")


def test_where_nothing_could_be_compared_that_is_an_error(root: Path) -> None:
    run("approve", "2024", ASHBY, "--by", "Ada", "--root", root)
    assert refused(root, BIRCH, "--with", "approved") == (
        1,
        "error: 2024: no letter could be compared with what was approved",
    )


def test_what_was_sent_is_told_as_damaged_or_absent_as_it_is(printed: Path) -> None:
    root = printed
    run("approve", "2024", "--all", "--by", "Ada", "--root", root)
    for slug in (ASHBY, BIRCH, CEDAR):
        send(root, slug)
    page = next((root / "records/2024/sent").glob(f"{BIRCH}*.html"))
    page.chmod(0o600)
    edit(page, "came back", "came forth")
    for path in (root / "records/2024/sent").glob(f"{CEDAR}*"):
        path.unlink()
    shutil.rmtree(root / "records/2024/approved")
    told = json.loads(compared(root, "--with", "sent", "--json"))
    assert told["unchanged"] == [ASHBY]
    assert told["not_compared"] == {
        BIRCH: "what was sent is damaged:"
        f" records/2024/sent/{page.name} is not what was kept: bring it back",
        CEDAR: "what was sent is not kept on this machine: bring records/2024/sent here",
    }


def test_each_change_is_printed_though_all_that_have_it_are_unlike_all_others(root: Path) -> None:
    own = "<p>{% if letter.counts.upheld.value == 5 %}One{% else %}Two{% endif %} WROTE here.</p>"
    edit(root / TEMPLATE, "<p>Casework", f"{own}<p>Casework")
    put_on_paper(root)
    said = "{% if letter.counts.upheld.value == 5 %}said{% else %}told{% endif %}"
    edit(root / TEMPLATE, "WROTE", said)
    edit(root / TEMPLATE, "came back to us", "returned to us")
    told = compared(root, ASHBY, BIRCH, "--with", "last-build")
    assert '"WROTE" -> "said"' in told and '"WROTE" -> "told"' in told
    assert (
        '2  paragraph 1: "came back" -> "returned"' in told or '"came back" -> "returned"' in told
    )


def test_a_link_that_leads_elsewhere_is_told_beside_other_changes(root: Path) -> None:
    edit(
        root / TEMPLATE, "<p>Casework", '<p><a href="https://a.example/1">Page</a>.</p><p>Casework'
    )
    put_on_paper(root)
    edit(root / TEMPLATE, "https://a.example/1", "https://b.example/1")
    edit(root / TEMPLATE, "came back to us", "returned to us")
    told = compared(root, "--with", "last-build")
    assert 'link "Page": https://a.example/1 -> https://b.example/1\n' in told
    assert "may look otherwise besides:\n      3  template 2024/letter.html.jinja changed\n" in told
