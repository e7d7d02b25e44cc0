"""A whole year of 343 letters: sent, some come back, a mistake is found and corrected."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from letters.campaign.load import load
from tests import returned_mail
from tests.conftest import PROJECT, SMALL_YEAR
from tests.doing import edit, run
from tests.e2e.post_office import PostOffice, mail_server, use_server

pytestmark = [pytest.mark.slow, pytest.mark.no_cover]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostOffice]:
    """The office with the figures of the specimen, which only here are taken for real ones."""
    folder = tmp_path_factory.mktemp("year")
    root = folder / "office"
    shutil.copytree(PROJECT / "data/specimen", root / "data/2024")
    for name in ("authorities.yaml", "peer_groups.yaml", "accepted.yaml"):
        shutil.copyfile(PROJECT / "data" / name, root / "data" / name)
    shutil.copyfile(SMALL_YEAR / "data/office.yaml", root / "data/office.yaml")
    for name in ("base", "2020"):
        shutil.copytree(PROJECT / "templates" / name, root / "templates" / name)
    edit(root / "data/2024/letter.yaml", "specimen: true", "specimen: false")
    (root / "data/2024/approvals.yaml").unlink(missing_ok=True)
    with mail_server(folder / "server") as server:
        use_server(root, server)
        yield PostOffice(root, server)


def test_the_year_goes_from_the_first_letter_to_the_last_correction(office: PostOffice) -> None:
    root = office.root
    slugs = list(load(root, "2024").statistics)
    assert len(slugs) == 343
    prepare(root, "Ada Approver")
    assert run("send", "2024", "--root", root).exit_code == 0
    done = office.send("--really-send", "--limit", "100")
    assert (done.returncode, sum(office.received().values())) == (3, 100)
    assert office.send().returncode == 3
    received = office.received()
    by_post = [slug for slug in slugs if not received[slug]]
    assert 0 < len(by_post) < 10, "the contacts have no address of some"
    for slug in by_post:
        noted = run("ledger", "note", "2024", slug, "--sent-by-post", "--by", "Ada", "--root", root)
        assert noted.exit_code == 0, noted.stderr
    assert office.send().returncode == 0
    mailed = [slug for slug in slugs if slug not in by_post]
    assert office.received() == dict.fromkeys(mailed, 1)
    sent = {slug: attempt.message_id for slug, attempt in office.books().items()}
    # some come back
    back = mailed[10:14]
    inbox = office.root / "inbox"
    inbox.mkdir()
    for slug in back:
        report = (
            returned_mail.delivery_report()
            .decode()
            .replace(returned_mail.ID, sent[slug].strip("<>"))
        )
        contacts = load(root, "2024").contacts[slug].chief_executive
        assert contacts and contacts.email
        now = datetime.now(UTC).strftime("%a, %d %b %Y %H:%M:%S +0000")
        report = report.replace(returned_mail.CE, contacts.email).replace(returned_mail.DATE, now)
        (inbox / f"{slug}.eml").write_text(report)
    entered = run("bounces", "2024", inbox, "--root", root)
    assert (entered.exit_code, entered.stdout.count("Chief Executive: failed")) == (0, 4)
    assert "4 letters returned by the chief executive's mail system" in office.send().stdout
    again = office.send("--really-send", *back, "--again", "The mailboxes were full")
    assert again.returncode == 0, again.stdout
    assert office.received() == Counter(mailed) + Counter(back)
    # a mistake is found: one count of one authority
    wrong = mailed[42]
    counts = load(root, "2024").statistics[wrong]
    line = next(
        one
        for one in (root / "data/2024/statistics.yaml").read_text().splitlines()
        if one.startswith(f"{wrong}:")
    )
    more = counts["investigations"] + 1
    mended = re.sub(r"investigations: +\d+", f"investigations: {more}", line, count=1)
    edit(root / "data/2024/statistics.yaml", line, mended)
    why = ("--reason", "One investigation was missing.", "--by", "Ada Approver", "--write")
    corrected = run("correct", "2024", *why, "--root", root)
    assert corrected.exit_code == 0, corrected.stdout
    assert "       1  own figures changed" in corrected.stdout
    (one,) = load(root, "2024").corrections
    assert set(one.letters) == {wrong}
    prepare(root, "Ada Approver", "Bob Second")
    done = office.send("--really-send")
    assert done.returncode == 0, done.stdout + done.stderr
    assert office.received() == Counter(mailed) + Counter(back) + Counter([wrong])
    message = office.taken()[-1][1]
    assert str(message["In-Reply-To"]) == sent[wrong]
    assert str(message["Subject"]).startswith("Corrected: ")
    assert run("correct", "2024", *why, "--root", root).stdout.endswith("nothing to correct\n")
    assert office.send().returncode == 0
    verified = run("verify", "2024", "--sent", "--root", root)
    assert verified.exit_code == 0, verified.stdout


def prepare(root: Path, *people: str) -> None:
    built = run("build", "2024", "--root", root, "--jobs", "2")
    assert built.exit_code == 0, built.stderr
    for person in people:
        approved = run("approve", "2024", "--all", "--by", person, "--root", root)
        assert approved.exit_code == 0, approved.stderr
