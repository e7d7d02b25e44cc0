"""The preview below the browser: what each address answers, and whom it answers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from letters.preview.app import preview
from tests.conftest import PROJECT

MAIDSTONE = "/2020/letters/maidstone-borough-council"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("preview")
    shutil.copytree(PROJECT / "data" / "2020", folder / "data" / "2020")
    shutil.copy(PROJECT / "data" / "authorities.yaml", folder / "data")
    shutil.copy(PROJECT / "data" / "office.yaml", folder / "data")
    shutil.copytree(PROJECT / "templates", folder / "templates")
    return folder


@pytest.fixture(scope="module")
def client(root: Path) -> Iterator[TestClient]:
    app, _ = preview(root, "2020")
    with TestClient(app, base_url="http://127.0.0.1:8343", raise_server_exceptions=False) as client:
        yield client


def test_the_root_leads_to_the_list(client: TestClient) -> None:
    assert client.get("/").url.path == "/2020/"
    assert "Maidstone Borough Council" in client.get("/2020/").text


@pytest.mark.parametrize("view", ["", "/pages", "/figures", "/email"])
def test_each_view_of_a_letter_has_its_address(client: TestClient, view: str) -> None:
    answer = client.get(MAIDSTONE + view)
    assert answer.status_code == 200
    assert "<h1>Maidstone Borough Council</h1>" in answer.text


def test_the_letter_its_pdf_and_its_pictures_are_served(client: TestClient) -> None:
    assert "Dear Ms Broom" in client.get(f"{MAIDSTONE}/letter.html").text
    assert client.get(f"{MAIDSTONE}/letter.pdf").content.startswith(b"%PDF")
    for picture in ("pages/1.png", "pages/3.png", "small.png"):
        assert client.get(f"{MAIDSTONE}/{picture}").content.startswith(b"\x89PNG")


def test_every_number_is_traced_to_its_file_and_line(client: TestClient) -> None:
    page = client.get(f"{MAIDSTONE}/figures").text
    for words in (
        "7 ÷ 11 × 100 = 63.636363…", "half up to a whole number", "data/2020/statistics.yaml:5", "as published",
        "data/2020/letter.yaml:60", "178", "data/2020/letter.yaml:25",
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
