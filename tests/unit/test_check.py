"""One gathering of all that is wrong with a year's files, before anything is made."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from letters import check
from letters.batch.build import Build
from letters.campaign.load import Campaign
from letters.check import Gathering, gather
from letters.errors import BuildError, CampaignError, Place, Problem, Severity, UnknownCampaign
from letters.figures import all_figures
from letters.source import text as texts
from letters.typesetting import writer
from letters.typesetting.writer import Writer
from tests.conftest import put_many_panels
from tests.doing import edit

ASHBY, BIRCH, CEDAR = ("ashby-district-council", "birch-district-council", "cedar-fire-authority")
NAME, GREETING = "{{ letter.authority.name }}", "{{ letter.addressee.greeting }}"
LETTER, BASE = "templates/2024/letter.html.jinja", "templates/base"


@pytest.fixture(scope="module")
def worker() -> Iterator[Executor]:
    """What the renderer says of style sheets is asked of it."""
    with ThreadPoolExecutor(1) as executor:
        yield executor


class WithoutPango(ThreadPoolExecutor):
    """Workers on a machine that lacks the renderer's library."""

    def submit(self, *_: object, **__: object) -> Future[Any]:
        failed: Future[Any] = Future()
        failed.set_exception(BuildError("Pango, which typesets the letters, is missing"))
        return failed


def problems_of(root: Path, executor: Executor | None = None) -> tuple[Problem, ...]:
    return gather(root, "2024", executor).problems


def listing(root: Path, executor: Executor | None = None) -> list[str]:
    return [str(problem) for problem in problems_of(root, executor)]


def places(root: Path, executor: Executor | None = None) -> list[str]:
    return [str(problem.place) for problem in problems_of(root, executor)]


@pytest.mark.parametrize("name", ["approvals", "corrections", "sent"])
def test_files_that_are_written_for_the_office_may_be_empty(
    small_year: Path, worker: Executor, name: str
) -> None:
    (small_year / f"data/2024/{name}.yaml").write_text("# nothing yet\n")
    assert gather(small_year, "2024", worker).problems == ()


def test_sound_files_have_no_problems(small_year: Path, worker: Executor) -> None:
    gathering = gather(small_year, "2024", worker)

    assert gathering.problems == ()
    assert gathering.sound() is gathering.edition


def test_all_that_is_wrong_is_told_together_in_the_order_of_the_files(
    small_year: Path, worker: Executor
) -> None:
    edit(small_year / "data/office.yaml", "messages_a_minute: 60000", "messages_a_minute: 0")
    (small_year / f"data/2024/attachments/{ASHBY}").mkdir(parents=True)
    (small_year / f"data/2024/attachments/{ASHBY}/empty.xlsx").touch()
    (small_year / "data/2024/attachments/oak-council").mkdir()
    (small_year / "data/2024/approvals.yaml").write_text(f"{ASHBY}: Ada\n")
    (small_year / BASE / "screen.css").unlink()
    (small_year / BASE / "fonts/LiberationSans-Bold.ttf").write_bytes(b"no font")
    edit(small_year / BASE / "print.css", ".date {", ".date { colour: red;")
    edit(small_year / LETTER, "<h1>", "<p><a href=report.pdf>x</a></p><h1>")
    (small_year / "templates/2024/email.html.jinja").write_text("<p>Hello</p>{{ letter.nothing }}")
    (small_year / "templates/2024/spare.jinja").write_text("{% if %}")

    assert places(small_year, worker) == [
        "data/2024/approvals.yaml:1:25",
        f"data/2024/attachments/{ASHBY}/empty.xlsx:1:1",
        "data/2024/attachments/oak-council:1:1",
        "data/office.yaml:4:20",
        "templates/2024/email.html.jinja:1:23",
        f"{LETTER}:12:12",
        "templates/2024/spare.jinja:1:7",
        f"{BASE}/fonts/LiberationSans-Bold.ttf:1:1",
        f"{BASE}/print.css:21:9",
        f"{BASE}/screen.css:1:1",
    ]


def test_templates_and_looks_are_told_beside_broken_data(small_year: Path) -> None:
    edit(small_year / "data/2024/statistics.yaml", "upheld: 5", "upheld: 15")
    (small_year / BASE / "screen.css").unlink()
    (small_year / LETTER).write_text("{% if %}")

    gathering = gather(small_year, "2024")

    assert [one.place.file for one in gathering.problems] == [
        "data/2024/statistics.yaml",
        LETTER,
        f"{BASE}/screen.css",
    ]
    with pytest.raises(CampaignError) as caught:
        gathering.sound()
    assert caught.value.problems == gathering.problems


def test_a_build_reads_each_file_once_works_figures_out_once_and_writes_each_letter_once(
    small_year: Path, worker: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, written, worked_out = list[str](), list[str](), list[str]()
    true_decode, true_words = texts.decode, Writer.words

    def decode(file: str, data: bytes) -> str | Problem:
        read.append(file)
        return true_decode(file, data)

    def words(self: Writer, slug: str) -> object:
        written.append(slug)
        return true_words(self, slug)

    def figures(campaign: Campaign) -> object:
        worked_out.append(campaign.year)
        return all_figures(campaign)

    monkeypatch.setattr(texts, "decode", decode)
    monkeypatch.setattr(Writer, "words", words)
    monkeypatch.setattr(writer, "all_figures", figures)
    edition = gather(small_year, "2024", worker).sound()
    assert [one.error for one in Build(edition.drafts).run(worker, 1)] == [None, None, None]
    assert Build(edition.drafts).plan.unchanged == 3

    assert sorted(read) == sorted(set(read)) and len(read) == 7
    assert written == [ASHBY, BIRCH, CEDAR]
    assert worked_out == ["2024"]


def test_without_mail_only_what_letters_need_is_looked_at(small_year: Path) -> None:
    (small_year / "templates/2024/email.html.jinja").write_text("{{ letter.nothing }}")
    (small_year / "data/2024/attachments/oak-council").mkdir(parents=True)

    assert gather(small_year, "2024", mail=False).problems == ()
    assert len(gather(small_year, "2024").problems) == 2


def test_files_that_no_message_can_carry_are_told(small_year: Path) -> None:
    edit(small_year / "data/office.yaml", "waits: [0, 0]", "waits: [0, 0]\nlargest_megabytes: 1")
    (small_year / f"data/2024/attachments/{ASHBY}").mkdir(parents=True)
    (small_year / f"data/2024/attachments/{ASHBY}/cases.xlsx").write_bytes(bytes(760_000))

    (problem,) = problems_of(small_year)

    assert (problem.code, problem.authority) == ("attachments-too-large", ASHBY)
    assert problem.sentence == "as e-mail these files have 1.0 MB, and data/office.yaml allows 1"


def test_a_greeting_that_only_the_mail_needs_is_counted_by_a_build_and_stops_none(
    small_year: Path,
) -> None:
    edit(small_year / LETTER, GREETING, "all")
    gathering = gather(small_year, "2024", mail=False)

    assert [one.code for one in gathering.problems] == ["letter-without-greeting"]
    assert gathering.sound() is gathering.edition


def test_what_only_mail_needs_stops_no_letter(small_year: Path) -> None:
    (small_year / "templates/2024/email.html.jinja").write_text("{{ letter.nothing }}")
    gathering = gather(small_year, "2024")

    assert gathering.sound() is gathering.edition
    with pytest.raises(CampaignError) as caught:
        gathering.sound_for((ASHBY,))
    assert caught.value.problems == gathering.problems


def test_what_is_wrong_with_one_letter_does_not_stop_the_sending_of_another(
    small_year: Path,
) -> None:
    folder = small_year / f"data/2024/attachments/{BIRCH}"
    folder.mkdir(parents=True)
    (folder / "empty.xlsx").touch()
    gathering = gather(small_year, "2024")

    assert gathering.sound_for((ASHBY, CEDAR)) is gathering.edition
    with pytest.raises(CampaignError):
        gathering.sound_for((ASHBY, BIRCH))


def test_a_fault_that_some_letters_share_stops_those_alone(small_year: Path) -> None:
    bad = '{% if letter.slug != "cedar-fire-authority" %}<a href="x">y</a>{% endif %}'
    edit(small_year / LETTER, "<h1>", f"<p>{bad}</p><h1>")
    gathering = gather(small_year, "2024")

    (problem,) = gathering.problems
    assert (problem.authority, problem.shared_by) == ("", (ASHBY, BIRCH))
    assert gathering.sound_for((CEDAR,)) is gathering.edition
    with pytest.raises(CampaignError):
        gathering.sound_for((BIRCH, CEDAR))


@pytest.mark.parametrize("name", ["common.css", "print.css", "screen.css"])
def test_a_style_sheet_that_is_missing_or_not_utf_8_is_one_problem_among_the_others(
    small_year: Path, worker: Executor, name: str
) -> None:
    edit(small_year / LETTER, "<h1>", "{{ letter.nothing }}<h1>")
    sheet = small_year / BASE / name

    sheet.write_bytes(b"p { }\n/* caf\xe9 */")
    assert places(small_year, worker)[:2] == [f"{LETTER}:12:11", f"{BASE}/{name}:2:7"]

    sheet.unlink()
    assert places(small_year, worker)[:2] == [f"{LETTER}:12:11", f"{BASE}/{name}:1:1"]


def test_a_missing_font_is_told_where_the_brand_names_it_and_once(
    small_year: Path, worker: Executor
) -> None:
    (small_year / BASE / "fonts/LiberationSans-Italic.ttf").unlink()

    (problem,) = problems_of(small_year, worker)

    assert problem.place == Place(f"{BASE}/brand.yaml", 11, 11)
    assert problem.sentence == "there is no templates/base/fonts/LiberationSans-Italic.ttf"


@pytest.mark.parametrize(
    "damage",
    [
        lambda font: b"",
        lambda font: font[: len(font) // 2],
        lambda font: font[:9000] + b"?" + font[9001:],
    ],
    ids=["empty", "cut off", "one byte changed"],
)
def test_a_font_that_is_empty_cut_off_or_damaged_is_told_by_its_file(
    small_year: Path, worker: Executor, damage: Callable[[bytes], bytes]
) -> None:
    font = small_year / BASE / "fonts/LiberationSans-Regular.ttf"
    font.write_bytes(damage(font.read_bytes()))

    (problem,) = problems_of(small_year, worker)

    assert problem.place == Place(f"{BASE}/fonts/LiberationSans-Regular.ttf")
    assert problem.code == "font-damaged"


def test_a_machine_without_the_renderer_is_told_so_among_the_others(small_year: Path) -> None:
    edit(small_year / LETTER, "<h1>", "{{ letter.nothing }}<h1>")
    found = problems_of(small_year, WithoutPango(1))

    assert [one.code for one in found] == ["template", "renderer"]


@pytest.mark.parametrize(
    ("name", "old", "code"),
    [
        ("letter.html", f"Dear {GREETING}", "letter-without-greeting"),
        ("letter.html", f"Annual letter to {NAME}", "title-without-name"),
        ("email.subject", NAME, "email-without-name"),
        ("email.text", NAME, "email-without-name"),
        ("email.html", NAME, "email-without-name"),
        ("email.text", GREETING, "email-without-greeting"),
        ("email.html", GREETING, "email-without-greeting"),
    ],
    ids=str,
)
def test_what_the_interlock_wants_of_the_words_is_checked(
    small_year: Path, name: str, old: str, code: str
) -> None:
    file = f"templates/2024/{name}.jinja"
    edit(small_year / file, old, "you")

    (problem,) = problems_of(small_year)

    assert (problem.place.file, problem.severity, problem.code) == (file, Severity.ERROR, code)
    assert problem.sentence.endswith(f"(3 letters, first {ASHBY})")
    assert problem.hint.startswith("write {{ letter.")


def test_a_letter_that_names_the_addressee_and_greets_somebody_else_is_told(
    small_year: Path,
) -> None:
    for path in (small_year / "templates/2024").iterdir():
        text = path.read_text()
        also = f"Dear Ms Jones. We wrote to {GREETING} about it."
        path.write_text(text.replace(f"Dear {GREETING}", also).replace(' class="greeting"', ""))

    assert [one.code for one in problems_of(small_year)] == [
        "email-without-greeting",
        "email-without-greeting",
        "letter-without-greeting",
    ]


def test_the_greeting_is_as_the_template_writes_it(small_year: Path) -> None:
    for path in (small_year / "templates/2024").iterdir():
        path.write_text(path.read_text().replace("Dear ", "Good morning "))

    assert problems_of(small_year) == ()


def test_a_name_with_two_spaces_is_refused(small_year: Path) -> None:
    edit(small_year / "data/authorities.yaml", "Ashby District", "Ashby  District")

    (problem,) = problems_of(small_year)

    assert problem.code == "two-spaces"


def test_an_address_at_another_domain_than_the_register_allows_is_an_error(
    small_year: Path,
) -> None:
    edit(
        small_year / "data/authorities.yaml",
        "Ashby District Council,",
        "Ashby District Council, mail_domains: [ashby.gov.uk],",
    )

    problem, other = problems_of(small_year)

    assert problem.place == Place("data/2024/contacts.yaml", 2, 53)
    assert other.place == Place("data/2024/contacts.yaml", 3, 34)
    assert problem.authority == other.authority == ASHBY
    assert problem.sentence == (
        "this address is at ashby.example, and the register allows only ashby.gov.uk"
    )
    edit(small_year / "data/2024/contacts.yaml", "ashby.example", "mail.ashby.gov.uk", -1)
    assert problems_of(small_year) == (), "what is below a domain is at it"


@pytest.mark.parametrize(
    ("server", "wrong"),
    [
        ("host: smtp.office.example, security: none, user: letters", True),
        ("host: 192.0.2.1, security: none, user: letters", True),
        ("host: smtp.office.example, security: none, user: letters, token_command: [x]", True),
        ("host: smtp.office.example, user: letters, token_command: [x]", False),
        ("host: smtp.office.example, security: none", False),
        ("host: smtp.office.example, user: letters", False),
        ("host: localhost, security: none, user: letters", False),
        ("host: 127.0.0.1, security: none, user: letters", False),
        ('host: "::1", security: none, user: letters', False),
    ],
)
def test_a_password_goes_over_the_network_with_encryption_alone(
    small_year: Path, server: str, wrong: bool
) -> None:
    edit(
        small_year / "data/office.yaml",
        "host: localhost, port: 587, user: letters@office.example",
        server,
    )

    found = problems_of(small_year)

    assert [(one.place, one.code) for one in found] == (
        [(Place("data/office.yaml", 3, 9), "password-in-clear")] if wrong else []
    )
    assert all("letters" not in one.sentence for one in found)


@pytest.mark.parametrize(
    ("server", "column", "code"),
    [
        ("host: smtp.office.example, token_command: [private/token]", 9, "token-without-user"),
        ("user: letters, host: x.example, token_command: []", 57, "empty-list"),
        ("user: letters, host: x.example, token_command: private/token", 57, "not-a-list"),
    ],
)
def test_a_command_for_tokens_is_a_list_of_words_for_a_user(
    small_year: Path, server: str, column: int, code: str
) -> None:
    edit(
        small_year / "data/office.yaml",
        "host: localhost, port: 587, user: letters@office.example",
        server,
    )

    (problem,) = problems_of(small_year)

    assert (problem.place, problem.code) == (Place("data/office.yaml", 3, column), code)


@pytest.mark.parametrize("character", ["\U0001f600", "日"], ids=["emoji", "kanji"])
def test_a_character_that_no_font_has_is_told_where_it_was_written(
    small_year: Path, character: str
) -> None:
    edit(small_year / LETTER, "<h1>", "{{ (letter.paragraph or '') | markdown }}<h1>")
    (small_year / "data/2024/paragraphs").mkdir()
    paragraph = small_year / f"data/2024/paragraphs/{BIRCH}.md"
    paragraph.write_text(f"We were\n\nvery {character} indeed.")
    (problem,) = problems_of(small_year)
    assert problem.place == Place(f"data/2024/paragraphs/{BIRCH}.md", 3, 6)
    assert f'no font has the character "{character}"' in problem.sentence

    paragraph.unlink()
    edit(small_year / LETTER, "Casework was paused", f"Casework {character} paused")
    (problem,) = problems_of(small_year)
    assert problem.place == Place(LETTER, 29, 13)

    edit(small_year / LETTER, f"Casework {character} paused", "Casework was paused")
    edit(small_year / "data/2024/contacts.yaml", "Oak", f"Oak{character}")
    (problem,) = problems_of(small_year)
    assert problem.place.file == "data/2024/contacts.yaml"


def test_words_that_are_read_aloud_and_not_drawn_need_no_glyph(small_year: Path) -> None:
    edit(small_year / LETTER, '"Ring chart: "', '"日 Ring chart: "')

    assert problems_of(small_year) == ()


@pytest.mark.parametrize(
    "template",
    [
        "<![ foo]>",
        "{% for a in [1] %}" * 25 + "{% endfor %}" * 25,
        "{{ " + "(" * 600 + "1" + ")" * 600 + " }}",
        "{% if true %}" * 500 + "{% endif %}" * 500,
        '<p style="x: ' + "(" * 5000 + '">x</p>',
    ],
    ids=["section", "loops", "parentheses", "conditions", "style"],
)
def test_a_template_that_upsets_a_library_is_a_problem_at_its_place(
    small_year: Path, template: str
) -> None:
    edit(small_year / LETTER, "<h1>", f"{template}<h1>")
    (small_year / "templates/2024/email.html.jinja").write_text(f"{GREETING} {NAME} {template}")

    found = problems_of(small_year)

    assert {one.place.file for one in found} == {LETTER, "templates/2024/email.html.jinja"}
    assert "Traceback" not in str(found)


def test_what_could_not_be_looked_at_is_said_and_files_are_looked_at_all_the_same(
    small_year: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "_LONGEST", 0.0)
    edit(small_year / LETTER, "<h1>", "{{ letter.nothing }}<h1>")
    (small_year / f"data/2024/attachments/{CEDAR}").mkdir(parents=True)
    (small_year / f"data/2024/attachments/{CEDAR}/empty.xlsx").touch()

    assert [one.code for one in problems_of(small_year)] == [
        "attachment-empty",
        "not-looked-at",
        "template",
    ]


def test_attachments_that_are_a_file_are_told(small_year: Path) -> None:
    (small_year / "data/2024/attachments").mkdir()
    (small_year / f"data/2024/attachments/{CEDAR}").touch()
    assert [one.code for one in problems_of(small_year)] == ["attachments-elsewhere"]
    (small_year / f"data/2024/attachments/{CEDAR}").unlink()
    (small_year / "data/2024/attachments").rmdir()
    (small_year / "data/2024/attachments").touch()
    assert [one.code for one in problems_of(small_year)] == ["attachments-elsewhere"]


def test_a_link_from_a_fact_is_told_at_the_fact_and_one_of_the_template_in_it(
    small_year: Path,
) -> None:
    letter = small_year / "data/2024/letter.yaml"
    facts = "facts:\n  about: see www.lgo.org.uk for more\n  page: www.lgo.org.uk"
    edit(letter, "facts:", facts)
    edit(small_year / LETTER, "<h1>", '<p><a href="{{ letter.facts.page }}">x</a></p><h1>')
    (link,) = (one for one in problems_of(small_year) if one.code == "link-to-nowhere")
    assert link.place == Place("data/2024/letter.yaml", 9, 9)

    edit(small_year / LETTER, "{{ letter.facts.page }}", "x")
    (link,) = (one for one in problems_of(small_year) if one.code == "link-to-nowhere")
    assert link.place == Place(LETTER, 12, 13)


@pytest.mark.parametrize("around", ["upper", 'replace("2024", "2023")'])
def test_a_place_is_right_whatever_filter_stands_around_it(small_year: Path, around: str) -> None:
    link = "{% filter " + around + ' %}<p><a href="x">y</a></p>{% endfilter %}'
    edit(small_year / LETTER, "<h1>", f"{link}<h1>")

    assert places(small_year)[0].startswith(f"{LETTER}:12:")


def test_a_wrong_slug_is_told_and_what_follows_from_it_waits(small_year: Path) -> None:
    edit(small_year / "data/2024/statistics.yaml", f"{BIRCH}:", "birch-distrct-council:")

    (problem,) = problems_of(small_year)

    assert problem.code == "no-such-authority"
    assert problem.hint == f'did you mean "{BIRCH}"?'


def test_a_year_that_is_not_there_is_told(small_year: Path) -> None:
    with pytest.raises(UnknownCampaign):
        gather(small_year, "1999")


def accept(root: Path, text: str) -> None:
    letter = root / "data/2024/letter.yaml"
    letter.write_text(f"{letter.read_text()}accepted:\n{text}")


def entry(problem: Problem, **changes: str) -> str:
    values = {"code": problem.code, "authority": problem.authority, "value": problem.value}
    given = {**values, "because": "it is so", **changes}
    return f"  - {{{', '.join(f'{key}: {value}' for key, value in given.items() if value)}}}\n"


def only(gathering: Gathering) -> Problem:
    (problem,) = gathering.problems
    return problem


def thousands_point(root: Path) -> Problem:
    edit(root / "data/2024/letter.yaml", "returned: 1203", "returned: 1.200")
    return only(gather(root, "2024"))


def test_what_is_accepted_with_its_value_is_told_no_more(small_year: Path) -> None:
    problem = thousands_point(small_year)
    assert (problem.code, problem.value) == ("thousands-point", "1.200")

    accept(small_year, entry(problem))

    assert gather(small_year, "2024").problems == ()


def test_any_other_value_raises_it_again_and_says_what_was_accepted(small_year: Path) -> None:
    accept(small_year, entry(thousands_point(small_year)))
    edit(small_year / "data/2024/letter.yaml", "returned: 1.200", "returned: 1.300")

    problem = only(gather(small_year, "2024"))

    assert problem.value == "1.300"
    assert "it was accepted with the value 1.200 (data/2024/letter.yaml:" in problem.hint


@pytest.mark.parametrize(
    "changes", [{"code": "half-a-link"}, {"authority": ASHBY}, {"value": ""}], ids=str
)
def test_an_entry_for_something_else_accepts_nothing(
    small_year: Path, changes: dict[str, str]
) -> None:
    problem = thousands_point(small_year)
    accept(small_year, entry(problem, **changes))

    assert problem.code in [one.code for one in gather(small_year, "2024").problems]


def test_an_entry_for_another_authority_says_which_has_the_problem(small_year: Path) -> None:
    (small_year / "data/2024/contacts.yaml").write_text(
        (small_year / "data/2024/contacts.yaml").read_text().partition(f"{CEDAR}:")[0]
    )
    accept(small_year, f"  - {{code: no-contact, authority: {ASHBY}, because: it is so}}\n")

    found = gather(small_year, "2024").problems

    assert [one.hint for one in found if one.code == "nothing-to-accept"] == [
        f"there is one with authority: {CEDAR}"
    ]


def test_an_entry_that_accepts_nothing_any_more_is_a_notice(small_year: Path) -> None:
    accept(small_year, "  - {code: thousands-poin, value: 1.200, because: it is so}\n")

    problem = only(gather(small_year, "2024"))

    assert (problem.severity, problem.code) == (Severity.NOTICE, "nothing-to-accept")
    assert problem.hint == "delete this entry"


def test_an_error_cannot_be_accepted(small_year: Path) -> None:
    (small_year / f"data/2024/attachments/{ASHBY}").mkdir(parents=True)
    (small_year / f"data/2024/attachments/{ASHBY}/empty.xlsx").touch()
    accept(small_year, f"  - {{code: attachment-empty, authority: {ASHBY}, because: so}}\n")

    assert [(one.code, one.severity) for one in gather(small_year, "2024").problems] == [
        ("attachment-empty", Severity.ERROR),
        ("error-accepted", Severity.WARNING),
    ]


def test_one_stray_name_that_is_accepted_lets_no_other_pass(small_year: Path) -> None:
    (small_year / "data/2024/paragraph").mkdir()
    accept(small_year, entry(only(gather(small_year, "2024"))))
    assert gather(small_year, "2024").problems == ()

    (small_year / "data/2024/attachment").mkdir()
    assert only(gather(small_year, "2024")).value == "attachment/"


@pytest.mark.parametrize("form", ["accepted:\n  - {}", "- {}"], ids=["keyed", "bare"])
def test_what_is_accepted_of_the_register_stands_beside_it(small_year: Path, form: str) -> None:
    register = small_year / "data/authorities.yaml"
    register.write_text(f"{register.read_text()}oak-council: {{name: Oak Council}}\n")
    assert only(gather(small_year, "2024")).code == "no-statistics"
    values = "{code: no-statistics, authority: oak-council, because: it is new}"

    (small_year / "data/accepted.yaml").write_text(form.replace("{}", values))

    assert gather(small_year, "2024").problems == ()

    edit(register, "oak-council: {name: Oak Council}\n", "")
    assert gather(small_year, "2024").problems == (), "another year may have it"


def test_what_is_wrong_with_an_accepted_list_is_told(small_year: Path) -> None:
    (small_year / "data/accepted.yaml").write_text("- {code: no-statistics, vaule: 7}\n")

    assert listing(small_year) == [
        "data/accepted.yaml:1:3: error: accepted.1.because: this key is missing",
        "data/accepted.yaml:1:25: error: accepted.1.vaule: there is no such key\n"
        '    hint: did you mean "value"?',
    ]


def test_a_paragraph_that_the_letter_does_not_print_is_a_warning(small_year: Path) -> None:
    paragraph = small_year / "data/2024/paragraphs" / f"{BIRCH}.md"
    paragraph.parent.mkdir()
    paragraph.write_text("We met in **March**, and found it helpful.")
    (problem,) = gather(small_year, "2024").problems
    assert (problem.severity, problem.code) == (Severity.WARNING, "paragraph-left-out")
    edit(small_year / LETTER, "<h1>", "{{ (letter.paragraph or 'None.') | markdown }}<h1>")
    assert gather(small_year, "2024").problems == ()


def test_what_stands_in_quotes_in_a_template_is_looked_at_too(small_year: Path) -> None:
    edit(small_year / LETTER, '("Upheld", ', '("Health &amp; TODO", ')
    problems = gather(small_year, "2024").problems
    assert [one.code for one in problems] == ["placeholder", "printed-as-written"]
    assert {str(one.place) for one in problems} == {f"{LETTER}:36:30"}


def test_an_authority_named_in_a_template_is_a_warning(small_year: Path) -> None:
    edit(small_year / LETTER, "<h1>", "<p>Birch  District Council</p><h1>")
    (problem,) = gather(small_year, "2024").problems
    assert (problem.severity, problem.value) == (Severity.WARNING, "Birch District Council")


def test_a_signature_that_no_letter_prints_is_a_warning(tmp_path: Path, worker: Executor) -> None:
    root = put_many_panels(tmp_path)
    edit(
        root / "templates/2025/letter.html.jinja", "{{ picture(letter.signatory.signature) }}", "x"
    )
    (problem,) = (one for one in gather(root, "2025").problems if one.severity == "warning")
    assert (problem.code, problem.place) == (
        "signature-left-out",
        Place("data/2025/letter.yaml", 8, 14),
    )


def test_a_year_that_goes_by_another_year_s_words_is_told(small_year: Path) -> None:
    shutil.copytree(small_year / "templates/2024", small_year / "templates/2025")
    shutil.copytree(small_year / "data/2024", small_year / "data/2025")
    edit(small_year / "data/2025/letter.yaml", "2024-", "2025-", -1)
    found = [one for one in gather(small_year, "2025").problems if one.field == "templates"]
    assert [one.sentence for one in found] == ["still as in 2024: 2024"]


def test_an_address_at_a_domain_that_speaks_of_another_authority_is_a_warning(
    small_year: Path,
) -> None:
    edit(small_year / "data/2024/contacts.yaml", "md@birch.example", "md@mail.ashby-dc.example")

    (problem,) = problems_of(small_year)

    assert (problem.code, problem.severity) == ("address-of-another", Severity.WARNING)
    assert (problem.authority, problem.value) == (BIRCH, "mail.ashby-dc.example")
    assert str(problem) == (
        "data/2024/contacts.yaml:5:53: warning: birch-district-council.chief_executive.email: this"
        " address is at mail.ashby-dc.example, which speaks of Ashby District Council and not of"
        " Birch District Council\n    hint: correct it; if it is right, accept this, or list the"
        " authority's domains under mail_domains in data/authorities.yaml"
    )
    accepted = f"{{code: address-of-another, authority: {BIRCH}, value: mail.ashby-dc.example, because: x}}"
    edit(small_year / "data/2024/letter.yaml", "pages: 2", f"pages: 2\naccepted: [{accepted}]")
    assert problems_of(small_year) == ()


def test_an_address_at_a_domain_that_the_register_allows_speaks_of_nobody_else(
    small_year: Path,
) -> None:
    edit(small_year / "data/2024/contacts.yaml", "md@birch.example", "md@ashby.example")
    edit(
        small_year / "data/authorities.yaml",
        "Birch District Council,",
        "Birch District Council, mail_domains: [ashby.example],",
    )

    assert problems_of(small_year) == (), "two councils may share a chief executive"


def test_an_attachment_with_another_s_short_name_is_a_warning_and_goes(small_year: Path) -> None:
    folder = small_year / f"data/2024/attachments/{BIRCH}"
    folder.mkdir(parents=True)
    (folder / "Ashby cases.xlsx").write_bytes(b"x")

    gathering = gather(small_year, "2024")

    (problem,) = gathering.problems
    assert (problem.code, problem.severity) == ("attachment-perhaps-of-another", Severity.WARNING)
    assert gathering.sound_for((BIRCH,)).files(BIRCH) == (folder / "Ashby cases.xlsx",)
    accepted = f"{{code: {problem.code}, authority: {BIRCH}, value: {problem.value}, because: x}}"
    edit(small_year / "data/2024/letter.yaml", "pages: 2", f"pages: 2\naccepted: [{accepted}]")
    assert problems_of(small_year) == ()
