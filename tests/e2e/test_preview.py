"""The preview below the browser: what each address answers, and whom it answers."""

from __future__ import annotations

import os
import re
import shutil
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import active_children
from pathlib import Path
from typing import cast

import pytest
from starlette.testclient import TestClient

from letters.preview.app import preview
from letters.preview.proofs import WORKERS
from letters.typesetting.engine import engine_versions
from tests.conftest import PROJECT, put_small_year
from tests.doing import edit, run, wait_for
from tests.paper import put_on_paper

ADDRESS = "http://127.0.0.1:8343"
ASHBY, CEDAR = "/2024/letters/ashby-district-council", "/2024/letters/cedar-fire-authority"
BIRCH = "/2024/letters/birch-district-council"
MAIDSTONE = "/2020/letters/maidstone-borough-council"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("preview")
    shutil.copytree(PROJECT / "data" / "2020", folder / "data" / "2020")
    shutil.copy(PROJECT / "data" / "authorities.yaml", folder / "data")
    shutil.copy(PROJECT / "data" / "peer_groups.yaml", folder / "data")
    shutil.copy(PROJECT / "data" / "office.yaml", folder / "data")
    shutil.copytree(PROJECT / "templates", folder / "templates")
    return folder


@pytest.fixture(scope="module")
def client(root: Path) -> Iterator[TestClient]:
    with previewed(root, "2020") as client:
        yield client


@contextmanager
def previewed(root: Path, year: str, token: str = "") -> Iterator[TestClient]:
    app, _ = preview(root, year, token=token)
    with TestClient(app, base_url=ADDRESS, raise_server_exceptions=False) as client:
        yield client


def test_the_root_leads_to_the_list(client: TestClient) -> None:
    assert client.get("/").url.path == "/2020/"
    assert "Maidstone Borough Council" in client.get("/2020/").text


@pytest.mark.parametrize("view", ["", "/html", "/pages", "/figures", "/email"])
def test_each_view_of_a_letter_has_its_address(client: TestClient, view: str) -> None:
    answer = client.get(MAIDSTONE + view)
    assert answer.status_code == 200
    assert "<h1>Maidstone Borough Council</h1>" in answer.text


def test_the_pages_come_first_and_their_address_of_before_leads_there(client: TestClient) -> None:
    answer = client.get(f"{MAIDSTONE}/pages?order=name")
    assert (answer.url.path, answer.url.query) == (MAIDSTONE, b"order=name")
    assert 'alt="Page 1 of 3"' in answer.text


def test_a_page_s_picture_comes_in_the_widths_that_are_offered_and_in_no_other(
    client: TestClient,
) -> None:
    for width in (1000, 1600, 2400):
        png = client.get(f"{MAIDSTONE}/pages/1.png?width={width}").content
        assert int.from_bytes(png[16:20], "big") == width
    for other in ("1001", "0", "", "-1600", "1e3", "99999", "1600.0"):
        assert client.get(f"{MAIDSTONE}/pages/1.png?width={other}").status_code == 404


def test_what_is_written_down_about_sources_has_a_page(client: TestClient, root: Path) -> None:
    page = client.get("/2020/sources").text
    assert "The base of the remedies panel." in page
    assert 'href="/2020/sources"' in client.get(f"{MAIDSTONE}/figures").text


def test_the_letter_its_pdf_and_its_pictures_are_served(client: TestClient) -> None:
    assert "Dear Ms Broom" in client.get(f"{MAIDSTONE}/letter.html").text
    assert client.get(f"{MAIDSTONE}/letter.pdf").content.startswith(b"%PDF")
    for picture in ("pages/1.png", "pages/3.png", "small.png"):
        assert client.get(f"{MAIDSTONE}/{picture}").content.startswith(b"\x89PNG")


def test_every_number_is_traced_to_its_file_and_line(client: TestClient) -> None:
    page = client.get(f"{MAIDSTONE}/figures").text
    for words in (
        "7 ÷ 11 × 100 = 63.636363…", "half up to a whole number", "data/2020/statistics.yaml:5", "as published",
        "data/2020/letter.yaml:63", "178", "data/2020/letter.yaml:25",
    ):  # fmt: skip
        assert words in page


def test_the_e_mail_is_shown_as_it_would_go(client: TestClient) -> None:
    page = client.get(f"{MAIDSTONE}/email").text
    for words in (
        "chief.executive@maidstone.example",
        "complaints@maidstone.example",
        "Annual Review letter 2020:",
    ):
        assert words in page
    assert "Dear Ms Broom" in client.get(f"{MAIDSTONE}/email.html").text


def test_only_pictures_of_the_version_that_the_address_names_are_kept_by_browsers(
    client: TestClient,
) -> None:
    page = client.get(f"{MAIDSTONE}/pages").text
    version = page.partition("1.png?v=")[2].partition('"')[0]
    assert (
        "immutable" in client.get(f"{MAIDSTONE}/pages/1.png?v={version}").headers["Cache-Control"]
    )
    for other in ("", "?v=", "?v=0123456789abcdef"):
        assert client.get(f"{MAIDSTONE}/pages/1.png{other}").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "[::1]", "0.0.0.0"])
def test_a_foreign_host_is_refused(client: TestClient, host: str) -> None:
    assert client.get("/2020/", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize("host", ["127.0.0.1:8343", "localhost:1234"])
def test_this_machine_s_names_are_answered(client: TestClient, host: str) -> None:
    assert client.get("/2020/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/2020/letters/../../etc/passwd",
        "/2020/letters/%2e%2e%2f%2e%2e%2fdata%2foffice.yaml",
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2fapp.py",
        "/2020/letters/maidstone-borough-council/..%2f..%2fcontacts.yaml",
        "/data/2020/contacts.yaml",
    ],
)
def test_no_path_leaves_the_letters(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "root:" not in answer.text and "import" not in answer.text and "@" not in answer.text


@pytest.mark.parametrize(
    ("path", "way_back"),
    [
        ("/2020/letters/maidston-borough-council", MAIDSTONE),
        ("/2020/nothing", "/2020/"),
        ("/2021/", "/2020/"),
    ],
)
def test_what_is_not_there_is_404_with_a_way_back(
    client: TestClient, path: str, way_back: str
) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert f'href="{way_back}"' in answer.text


@pytest.mark.parametrize("number", ["0", "4", "x", "1" * 5000, "-1"])
def test_a_page_that_is_not_there_is_404(client: TestClient, number: str) -> None:
    assert client.get(f"{MAIDSTONE}/pages/{number}.png").status_code == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_changed(client: TestClient, method: str) -> None:
    for path in ("/2020/", MAIDSTONE, f"{MAIDSTONE}/email", "/events", "/static/preview.js"):
        assert client.request(method, path).status_code == 405


@pytest.mark.parametrize(
    "path", ["/2020/", MAIDSTONE, f"{MAIDSTONE}/letter.html", "/static/preview.js", "/nothing"]
)
def test_every_answer_carries_the_headers_of_safety(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; ")
    assert (
        "'unsafe-inline'"
        not in headers["Content-Security-Policy"].partition("script-src")[2].partition(";")[0]
    )


def test_links_in_a_letter_open_beside_the_preview(client: TestClient) -> None:
    assert '<head><base target="_blank">' in client.get(f"{MAIDSTONE}/letter.html").text


@pytest.mark.parametrize(
    ("beside", "told"),
    [
        ("approved", "This letter cannot be compared: it is not approved yet"),
        ("last-build", "is missing"),
        ("2023", "This letter is new: it is not in 2023."),
    ],
)
def test_the_changes_of_a_letter_that_cannot_be_compared_say_why(
    small_year: Path, beside: str, told: str
) -> None:
    put_on_paper(small_year)
    given = run("approve", "2024", "birch-district-council", "--by", "Ada", "--root", small_year)
    assert given.exit_code == 0
    shutil.copytree(small_year / "data/2024", small_year / "data/2023")
    for file in ("statistics", "contacts"):
        path = small_year / f"data/2023/{file}.yaml"
        path.write_text(path.read_text()[path.read_text().index("birch-district-council:") :])
    (small_year / "build/2024/letters/ashby-district-council.pdf").unlink()
    with previewed(small_year, "2024") as client:
        answer = client.get(f"{ASHBY}/changes?with={beside}")
        assert (answer.status_code, told in answer.text) == (200, True)
        template = small_year / "templates/2024/letter.html.jinja"
        template.write_text("{{ letter.nothing }}")
        wait_for(lambda: "nothing" in client.get(f"{ASHBY}/changes").text)
        assert client.get(f"{ASHBY}/changes?with={beside}").status_code == 200


def remove(root: Path, slug: str) -> None:
    """Take an authority out of the small year's data."""
    for name in ("statistics", "contacts"):
        path = root / f"data/2024/{name}.yaml"
        before, _, rest = path.read_text().partition(f"{slug}:")
        lines = rest.splitlines(keepends=True)[1:]
        while lines and lines[0].startswith(" "):
            del lines[0]
        path.write_text(before + "".join(lines))


def test_a_council_that_is_removed_while_its_pages_are_made_is_404(small_year: Path) -> None:
    others = active_children()
    with previewed(small_year, "2024") as client, ThreadPoolExecutor() as beside:
        wait_for(lambda: len(active_children()) == len(others) + WORKERS)
        workers = [child for child in active_children() if child not in others]
        for worker in workers:
            os.kill(worker.pid or 0, signal.SIGSTOP)
        views = ("pages", "pages/1.png", "letter.pdf", "small.png")
        asked = [beside.submit(client.get, f"{CEDAR}/{view}") for view in views]
        assert (
            client.get(f"{CEDAR}/html").status_code == 200
        )  # by now the others wait for their workers
        remove(small_year, "cedar-fire-authority")
        wait_for(lambda: client.get(f"{CEDAR}/html").status_code == 404)
        assert not any(one.done() for one in asked)
        for worker in workers:
            os.kill(worker.pid or 0, signal.SIGCONT)
        answers = [one.result() for one in asked]
        answers += [client.get(f"{CEDAR}{view}") for view in ("/figures", "/email", "/email.html")]
        assert [answer.status_code for answer in answers] == [404] * len(answers)
        assert "There is no such page" in answers[0].text
        assert client.get(f"{ASHBY}/pages").status_code == 200


def test_a_passing_misfortune_is_told_and_tried_again(
    small_year: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = "The pages could not be made: a worker has letters "
    again = "That is tried again when this page is loaded again."
    with previewed(small_year, "2024") as client:
        with monkeypatch.context() as patch:  # as when the engine's files change on disk
            patch.setitem(cast(dict[str, str], engine_versions()), "letters", "0+before")
            page = client.get(f"{ASHBY}/pages")
            assert page.status_code == 200
            assert told in page.text and again in page.text
            assert "what is wrong stands above" not in page.text
            for view in ("letter.pdf", "pages/1.png", "small.png"):
                answer = client.get(f"{ASHBY}/{view}")
                assert (answer.status_code, answer.text.startswith(told)) == (503, True)
        page = client.get(f"{ASHBY}/pages")
        assert told not in page.text
        assert "Page 2 of 2" in page.text
        assert client.get(f"{ASHBY}/pages/1.png").status_code == 200
        assert "could not be made" not in client.get("/2024/").text


def test_pages_of_before_stand_below_a_misfortune(
    small_year: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with previewed(small_year, "2024") as client:
        assert "Page 2 of 2" in client.get(f"{ASHBY}/pages").text
        with monkeypatch.context() as patch:
            patch.setitem(cast(dict[str, str], engine_versions()), "letters", "0+before")
            statistics = small_year / "data/2024/statistics.yaml"
            statistics.write_text(statistics.read_text().replace("upheld: 5", "upheld: 6"))
            wait_for(lambda: "67%" in client.get("/2024/").text)
            page = client.get(f"{ASHBY}/pages").text
            assert "Below are the pages as they last were." in page
            assert "Page 2 of 2" in page
            version = page.partition("1.png?v=")[2].partition('"')[0]
            assert client.get(f"{ASHBY}/pages/1.png?v={version}").status_code == 200


def test_a_year_s_name_is_quoted_in_addresses_and_found_again(tmp_path: Path) -> None:
    app, _ = preview(tmp_path, "2020 & 50%?")
    client = TestClient(app, base_url=ADDRESS)  # which has read nothing
    answer = client.get("/")
    assert (answer.url.path, answer.url.query, answer.status_code) == ("/2020 & 50%?/", b"", 200)
    assert str(answer.url) == f"{ADDRESS}/2020%20%26%2050%25%3F/"
    assert 'href="/2020%20%26%2050%25%3F/sheet"' in answer.text
    assert client.get("/2020%20%26%2050%25%3F/sheet").status_code == 200


@pytest.fixture(scope="module")
def locked(root: Path) -> Iterator[TestClient]:
    with previewed(root, "2020", token="the-token") as client:
        yield client


@pytest.fixture
def stranger(locked: TestClient) -> TestClient:
    """Somebody who has no cookie."""
    locked.cookies.clear()
    return locked


EVERYTHING = ["/", "/2020/", "/2020/sheet", MAIDSTONE, "/events", "/static/preview.js", "/nothing"]
EVERYTHING += [f"{MAIDSTONE}/{one}" for one in ("pages", "letter.pdf", "pages/1.png", "email.html")]


@pytest.mark.parametrize("path", EVERYTHING)
@pytest.mark.parametrize("query", ["", "?token=", "?token=another", "?token=th\u00e9-token"])
def test_without_the_token_nothing_is_answered(stranger: TestClient, path: str, query: str) -> None:
    answer = stranger.get(path + query)
    assert answer.status_code == 403
    assert "Open it with the address that the terminal shows" in answer.text
    assert "Maidstone" not in answer.text
    assert "set-cookie" not in answer.headers
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; ")


def test_the_first_visit_leads_to_the_address_without_the_token_which_the_browser_then_keeps(
    stranger: TestClient,
) -> None:
    answer = stranger.get(f"{MAIDSTONE}?order=name&token=the-token&q=a+b", follow_redirects=False)
    assert (answer.status_code, answer.text) == (307, "")
    assert answer.headers["Location"] == f"{MAIDSTONE}?order=name&q=a+b"
    cookie = answer.headers["Set-Cookie"]
    assert cookie == "letters-preview-8343=the-token; HttpOnly; Path=/; SameSite=strict"
    for path in (MAIDSTONE, f"{MAIDSTONE}/letter.pdf", "/static/preview.js"):
        assert stranger.get(path).status_code == 200


def test_the_cookie_of_a_preview_at_another_port_does_not_open_this_one(
    stranger: TestClient,
) -> None:
    for cookie in ("letters-preview-8344=the-token", "letters-preview-8343=the-tokem", "=", ";"):
        assert stranger.get("/2020/", headers={"Cookie": cookie}).status_code == 403
    both = "letters-preview-8344=another; letters-preview-8343=the-token"
    assert stranger.get("/2020/", headers={"Cookie": both}).status_code == 200


@pytest.mark.parametrize("path", ["//evil.example/", "///evil.example", "/%2f/evil.example/"])
def test_the_way_from_the_token_s_address_leads_nowhere_else(
    stranger: TestClient, path: str
) -> None:
    address = f"{ADDRESS}{path}?token=the-token"
    location = stranger.get(address, follow_redirects=False).headers["Location"]
    assert location.startswith("/evil.example")


def test_a_foreign_host_is_refused_with_the_token_too(stranger: TestClient) -> None:
    foreign = {"Host": "evil.example"}
    assert stranger.get("/2020/?token=the-token", headers=foreign).status_code == 400


def test_a_letter_that_fails_is_shown_as_a_draft_and_comes_first(tmp_path: Path) -> None:
    put_small_year(tmp_path)
    template = tmp_path / "templates/2024/letter.html.jinja"
    basis = '<p class="basis">Out of'
    only = '{% if letter.slug == "birch-district-council" %}'
    edit(template, basis, f'{only}<p class="note">{"x" * 120}</p>{{% endif %}}\n{basis}')
    with previewed(tmp_path, "2024") as client:

        def first() -> str:
            rows = client.get("/2024/").text.partition("<tbody")[2]
            return rows.partition('href="')[2].partition('"')[0]

        assert first() != BIRCH, "nobody knows yet"
        wait_for(lambda: first() == BIRCH)  # the first letters of the list are proved by themselves
        page = client.get(f"{BIRCH}/pages").text
        assert "A draft: these are the pages as they came out." in page
        assert "the panel Upheld overflows: " in page
        assert page.count('alt="Page ') == 3, "two pages, and what is wrong"
        version = page.partition("1.png?v=")[2].partition('"')[0]
        for picture in (f"pages/3.png?v={version}", "small.png"):
            assert client.get(f"{BIRCH}/{picture}").content.startswith(b"\x89PNG")
        pdf = client.get(f"{BIRCH}/letter.pdf")
        assert "birch-district-council-DRAFT.pdf" in pdf.headers["Content-Disposition"]
        assert "A draft" not in client.get(f"{ASHBY}/pages").text
    assert not (tmp_path / "build").exists()


def test_a_letter_whose_template_fails_is_shown_as_far_as_it_was_written(tmp_path: Path) -> None:
    put_small_year(tmp_path)
    edit(tmp_path / "templates/2024/letter.html.jinja", "You had", "{{ letter.nothing }} You had")
    with previewed(tmp_path, "2024") as client:
        page = client.get(f"{ASHBY}/pages").text
        assert "A draft: these are the pages as they came out." in page
        assert "there is no &#34;nothing&#34;" in page
        assert client.get(f"{ASHBY}/pages/1.png").content.startswith(b"\x89PNG")
        assert client.get(f"{ASHBY}/small.png").content.startswith(b"\x89PNG")


def test_what_goes_out_is_shown_with_what_changed_since_it_was_approved(tmp_path: Path) -> None:
    root = put_small_year(tmp_path)
    assert run("build", "2024", "--root", root, "--jobs", "1").exit_code == 0
    assert run("approve", "2024", "--all", "--by", "Ada", "--root", root).exit_code == 0
    with previewed(root, "2024") as client:
        same = client.get(f"{ASHBY}/email").text
    assert "Changed since it was approved" not in same
    assert re.search(
        r"Annual letter to Ashby District Council\.pdf</a> <small>\d+ kB</small>", same
    )
    edit(root / "data/2024/contacts.yaml", "leader@ashby.example", "lead@ashby.example")
    with previewed(root, "2024") as client:
        page = client.get(f"{ASHBY}/email").text
    assert "<h2>Changed since it was approved</h2>" in page
    assert "<li>copy to Leader: leader@ashby.example -&gt; lead@ashby.example</li>" in page
