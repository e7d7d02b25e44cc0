"""Letters through Postfix, which many offices have: submitted, delivered, refused, and come back."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.conftest import put_small_year
from tests.doing import run
from tests.e2e.mail_server import USER
from tests.e2e.post_office import PostOffice, slug_of, use_server
from tests.e2e.postfix import Postfix, missing, postfix

pytestmark = [
    pytest.mark.slow,
    pytest.mark.no_cover,
    pytest.mark.skipif(bool(missing()), reason=missing()),
]

ASHBY, BIRCH, CEDAR = "ashby-district-council", "birch-district-council", "cedar-fire-authority"
OAK, LEADER, DIRECTOR = "oak@ashby.example", "leader@ashby.example", "md@birch.example"
ELM = "elm@cedar.example"
COUNCILS = {OAK: ASHBY, LEADER: ASHBY, DIRECTOR: BIRCH, ELM: CEDAR}


@pytest.fixture(scope="module")
def approved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small year, built and approved."""
    root = put_small_year(tmp_path_factory.mktemp("office"))
    assert run("build", "2024", "--root", root, "--jobs", "1").exit_code == 0
    assert run("approve", "2024", "--root", root, "--all", "--by", "Ada Approver").exit_code == 0
    return root


@pytest.fixture
def root(approved: Path, tmp_path: Path) -> Path:
    """A copy of it, of the test's own."""
    return Path(shutil.copytree(approved, tmp_path / "office"))


def post_office(root: Path, server: Postfix) -> PostOffice:
    use_server(root, server.folder)
    return PostOffice(root, server.folder)


def test_each_mailbox_gets_its_own_letter_and_no_other(root: Path) -> None:
    with postfix("mail.office.example", [USER, *COUNCILS]) as server:
        here = post_office(root, server)
        done = here.send()
        assert done.returncode == 0, done.stderr + server.log()
        assert set(here.states().values()) == {"accepted"}
        for address, slug in COUNCILS.items():
            (message,) = server.wait_for_mail(address)
            assert slug_of(message) == slug
        server.wait_until_idle()
        assert [len(server.came(address)) for address in COUNCILS] == [1, 1, 1, 1]
        assert not server.came(USER)
