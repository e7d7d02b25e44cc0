"""Approving letters, and rehearsing how they go out."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import sys
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from letters.files import only_one
from letters.mail.approvals import load_approvals, write_approvals
from tests.conftest import SMALL_YEAR, put_small_year
from tests.doing import edit, opened_by, run, said_in
from tests.e2e.terminal import typed

ASHBY, BIRCH, CEDAR = "ashby-district-council", "birch-district-council", "cedar-fire-authority"


@pytest.fixture(scope="module")
def as_built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = put_small_year(tmp_path_factory.mktemp("built"))
    assert run("build", "2024", "--root", root, "--jobs", "1").exit_code == 0
    return root


@pytest.fixture
def built(as_built: Path, tmp_path: Path) -> Path:
    """The small year, built, for one test alone."""
    return Path(shutil.copytree(as_built, tmp_path, dirs_exist_ok=True))


def test_letters_are_new_until_a_person_approves_them(built: Path) -> None:
    shown = run("approve", "2024", "--root", built).stdout
    assert [line for line in shown.splitlines() if line[0] != " "] == [
        f"{ASHBY}: new", f"{BIRCH}: new", f"{CEDAR}: new", "2024: 3 new",
    ]  # fmt: skip
    approved = run("approve", "2024", ASHBY, "--by", "Ada  Approver", "--root", built)
    assert approved.stdout.endswith("2024: 1 letter approved by Ada  Approver\n2024: 1 approved\n")
    assert run("approve", "2024", "--root", built).stdout.endswith("2024: 1 approved, 2 new\n")
    (entry,) = load_approvals(built, "2024")[ASHBY]
    assert (entry.by, len(entry.sha256)) == ("Ada Approver", 64)


def test_where_nothing_is_built_json_has_all_letters_as_missing_and_people_the_command(
    small_year: Path,
) -> None:
    told = run("approve", "2024", "--json", "--root", small_year)
    assert (told.exit_code, told.stderr) == (1, "")
    assert {one["standing"] for one in json.loads(told.stdout)} == {"missing"}
    said = run("approve", "2024", "--root", small_year)
    assert said.exit_code == 1
    assert "it is not built; build first: letters build 2024" in said_in(small_year, said.stderr)


def test_as_json_it_is_told_how_all_letters_stand_and_none_is_approved(built: Path) -> None:
    run("approve", "2024", ASHBY, "--by", "Ada", "--root", built)
    told = run("approve", "2024", "--json", "--root", built)
    ashby, birch, cedar = json.loads(told.stdout)
    assert [one["authority"] for one in (ashby, birch, cedar)] == [ASHBY, BIRCH, CEDAR]
    assert (ashby["standing"], ashby["approvals"][0]["by"]) == ("approved", "Ada")
    assert birch == {"authority": BIRCH, "standing": "new", "needed": 1, "approvals": []}
    assert cedar == birch | {"authority": CEDAR}
    refused = run("approve", "2024", "--json", "--all", "--by", "Ada", "--root", built)
    assert refused.exit_code == 2


def test_a_change_voids_exactly_the_approvals_of_what_changed_and_shows_the_words(
    built: Path,
) -> None:
    run("approve", "2024", "--all", "--by", "Ada", "--root", built)
    edit(built / "data/2024/statistics.yaml", "population: 51000", "population: 50000")
    edit(
        built / "data/2024/statistics.yaml",
        "investigations: 1, upheld: 0",
        "investigations: 2, upheld: 0",
    )
    run("build", "2024", "--root", built)
    shown = run("approve", "2024", "--root", built).stdout
    assert f"{CEDAR}: changed since it was approved\n" in shown
    assert "        - You had 1 investigation.\n        + You had 2 investigations.\n" in shown
    assert ASHBY not in shown
    assert shown.endswith("2024: 2 approved, 1 changed\n")


def test_another_address_voids_an_approval_though_the_words_are_the_same(built: Path) -> None:
    run("approve", "2024", "--all", "--by", "Ada", "--root", built)
    edit(built / "data/2024/contacts.yaml", "md@birch.example", "x@birch.example")
    shown = run("approve", "2024", "--root", built).stdout
    assert (
        "    changed:\n        chief executive's address: md@birch.example -> x@birch.example\n2024"
        in shown
    )


def test_to_whom_a_letter_goes_and_with_what_is_shown_before_it_is_approved(built: Path) -> None:
    folder = built / "data/2024/attachments" / ASHBY
    folder.mkdir(parents=True)
    (folder / "Cases.xlsx").write_bytes(b"x" * 24_400)
    shown = run("approve", "2024", ASHBY, "--by", "Ada", "--root", built).stdout.splitlines()
    assert shown[:6] == [
        f"{ASHBY}: new",
        "    To:      oak@ashby.example",
        "    Copy:    leader@ashby.example (Leader)",
        "    From:    Office of the Ombudsman <letters@office.example>, answers to"
        " answers@office.example",
        "    Subject: Annual letter 2024 to Ashby District Council",
        shown[5],
    ]
    assert re.fullmatch(
        r"    File:    Annual letter to Ashby District Council\.pdf \(\d+ kB\)", shown[5]
    )
    assert shown[6] == "    File:    Cases.xlsx (24 kB)"


def test_whatever_changes_beside_a_letter_is_named(built: Path) -> None:
    folder = built / "data/2024/attachments" / ASHBY
    folder.mkdir(parents=True)
    for name in ("Old.xlsx", "Changed.xlsx"):
        (folder / name).write_bytes(b"x" * 1000)
    run("approve", "2024", ASHBY, "--by", "Ada", "--root", built)
    (folder / "Old.xlsx").unlink()
    (folder / "Changed.xlsx").write_bytes(b"y" * 2_500_000)
    (folder / "New.xlsx").write_bytes(b"z" * 9000)
    edit(built / "data/2024/contacts.yaml", "leader@ashby.example", "lead@ashby.example")
    edit(built / "data/office.yaml", "answers@office.example", "reply@office.example")
    edit(built / "templates/2024/email.subject.jinja", "Annual", "Yearly")
    run("build", "2024", "--root", built)
    shown = run("approve", "2024", "--root", built).stdout
    assert shown.partition("    changed:\n")[2].splitlines()[:6] == [
        "        where answers go: answers@office.example -> reply@office.example",
        "        subject: Annual letter 2024 to Ashby District Council -> Yearly letter 2024 to"
        " Ashby District Council",
        "        copy to Leader: leader@ashby.example -> lead@ashby.example",
        "        file changed: Changed.xlsx (1 kB -> 2.5 MB)",
        "        file removed: Old.xlsx",
        "        file added: New.xlsx (9 kB)",
    ]


def test_blank_lines_that_change_in_an_e_mail_are_told_as_that(built: Path) -> None:
    run("approve", "2024", "--all", "--by", "Ada", "--root", built)
    text = built / "templates/2024/email.text.jinja"
    edit(text, "The letter to", "\nThe letter to")
    run("build", "2024", "--root", built)
    only = "    changed:\n        e-mail: only its blank lines have changed\n"
    assert only in run("approve", "2024", "--root", built).stdout
    edit(text, "is attached", "is here")
    shown = run("approve", "2024", "--root", built).stdout
    assert "e-mail: + The letter to" in shown
    assert "blank lines" not in shown and "e-mail: +\n" not in shown


def test_other_looks_are_told_as_that(built: Path) -> None:
    run("approve", "2024", "--all", "--by", "Ada", "--root", built)
    (built / "templates/2024/brand.yaml").write_text('accent: "#102030"\n')
    run("build", "2024", "--root", built)
    shown = run("approve", "2024", "--root", built).stdout
    assert "        the letter's pages look otherwise; its words are the same\n" in shown


def test_where_what_was_approved_is_kept_elsewhere_that_is_said(built: Path) -> None:
    run("approve", "2024", "--all", "--by", "Ada", "--root", built)
    shutil.rmtree(built / "records")
    edit(built / "data/2024/contacts.yaml", "md@birch.example", "x@birch.example")
    shown = run("approve", "2024", "--root", built).stdout
    assert "what was approved is not kept on this machine, so what changed cannot be told" in shown


def test_a_campaign_may_want_two_people(built: Path) -> None:
    edit(built / "data/2024/letter.yaml", "pages: 2", "pages: 2\napprovers: 2")
    run("build", "2024", "--root", built)
    once = run("approve", "2024", "--all", "--by", "Ada", "--root", built)
    assert once.stdout.endswith("2024: 3 partly approved (2 people must approve each)\n")
    again = run("approve", "2024", "--all", "--by", " ADA ", "--root", built)
    assert again.stdout.endswith("2024: 3 partly approved (2 people must approve each)\n")
    run("approve", "2024", "--all", "--by", "Zoë", "--root", built)
    run("approve", "2024", "--all", "--by", "Ada", "--root", built)
    # the same name, spelt with two characters
    edit(built / "data/2024/approvals.yaml", "Ada", "Zoe\u0308", times=-1)
    same = run("approve", "2024", "--root", built)
    assert same.stdout.endswith("2024: 3 partly approved (2 people must approve each)\n")
    other = run("approve", "2024", "--all", "--by", "Bob", "--root", built)
    assert other.stdout.endswith("2024: 3 approved (2 people must approve each)\n")


def test_the_second_person_is_shown_what_changed_as_the_first_was(built: Path) -> None:
    edit(built / "data/2024/letter.yaml", "pages: 2", "pages: 2\napprovers: 2")
    run("build", "2024", "--root", built)
    for person in ("Ada", "Bob"):
        run("approve", "2024", "--all", "--by", person, "--root", built)
    edit(built / "data/2024/contacts.yaml", "md@birch.example", "x@birch.example")
    run("approve", "2024", BIRCH, "--by", "Ada", "--root", built)
    edit(built / "data/2024/contacts.yaml", "x@birch.example", "y@birch.example")
    change = (
        "    changed:\n        chief executive's address: md@birch.example -> y@birch.example\n"
    )
    first = run("approve", "2024", BIRCH, "--by", "Ada", "--root", built).stdout
    assert f"{BIRCH}: changed since it was approved\n" in first
    assert change in first
    second = run("approve", "2024", BIRCH, "--by", "Bob", "--root", built).stdout
    assert f"{BIRCH}: partly approved, by Ada\n" in second
    assert change in second
    edit(built / "data/2024/contacts.yaml", "y@birch.example", "z@birch.example")
    after = run("approve", "2024", "--root", built).stdout
    assert "        chief executive's address: y@birch.example -> z@birch.example\n" in after


def test_what_a_person_approved_stays_as_it_was_approved(built: Path) -> None:
    run("approve", "2024", ASHBY, "--by", "Tom Smith", "--root", built)
    before = load_approvals(built, "2024")[ASHBY]
    done = run("approve", "2024", "--all", "--by", "Tom Smith", "--root", built)
    assert "2024: 2 letters approved by Tom Smith\n" in done.stdout
    assert load_approvals(built, "2024")[ASHBY] == before
    alike = run("approve", "2024", "--all", "--by", "Torn Smith", "--root", built).stdout
    assert "Torn Smith counts as Tom Smith, who approved 3 letters before\n" in alike
    assert "2024: 3 letters approved by Torn Smith before, and none now\n" in alike
    assert load_approvals(built, "2024")[ASHBY] == before
    assert run("approve", "2024", "--all", "--by", ".", "--root", built).exit_code == 2


def test_an_approval_that_is_withdrawn_while_others_are_asked_about_stays_withdrawn(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("approve", "2024", ASHBY, BIRCH, "--by", "Ada", "--root", built)

    def withdrawn_meanwhile(letters: int) -> bool:
        given = dict(load_approvals(built, "2024"))
        del given[ASHBY]
        write_approvals(built, "2024", given)
        return True

    monkeypatch.setattr("letters.cli.approving._meant", withdrawn_meanwhile)
    done = run("approve", "2024", "--all", "--by", "Ada", "--root", built)
    assert "2024: 1 letter approved by Ada\n" in done.stdout
    assert set(load_approvals(built, "2024")) == {BIRCH, CEDAR}


def test_what_one_person_approved_when_one_was_enough_is_what_changes_are_told_from(
    built: Path,
) -> None:
    run("approve", "2024", BIRCH, "--by", "Ada", "--root", built)
    edit(built / "data/2024/contacts.yaml", "md@birch.example", "x@birch.example")
    run("approve", "2024", BIRCH, "--by", "Ada", "--root", built)
    edit(built / "data/2024/letter.yaml", "pages: 2", "pages: 2\napprovers: 2")
    edit(built / "data/2024/contacts.yaml", "x@birch.example", "y@birch.example")
    run("build", "2024", "--root", built)
    shown = run("approve", "2024", "--root", built).stdout
    assert "chief executive's address: x@birch.example -> y@birch.example" in shown


def test_a_letter_that_is_gone_is_lost_and_who_approved_it_is_kept(built: Path) -> None:
    run("approve", "2024", "--all", "--by", "Ada", "--root", built)
    statistics = built / "data/2024/statistics.yaml"
    statistics.write_text(
        "".join(line for line in statistics.read_text().splitlines(True) if CEDAR not in line)
    )
    (built / "data/2024/contacts.yaml").write_text(
        (built / "data/2024/contacts.yaml").read_text().split(CEDAR)[0]
    )
    run("build", "2024", "--root", built)
    lost = f"{CEDAR}: lost: it was approved, and there is no such letter any more"
    assert lost in run("approve", "2024", "--root", built).stdout
    before = load_approvals(built, "2024")[CEDAR]
    run("approve", "2024", ASHBY, "--by", "Bob", "--root", built)
    assert lost in run("approve", "2024", "--root", built).stdout
    assert load_approvals(built, "2024")[CEDAR] == before  # it may have been sent


def test_who_approved_what_a_slug_of_before_was_sent_stays_told_and_does_not_count(
    built: Path,
) -> None:
    run("approve", "2024", "--all", "--by", "Ada", "--root", built)
    given = load_approvals(built, "2024")
    new = "birch-borough-council"
    for file in ("authorities.yaml", "2024/statistics.yaml", "2024/contacts.yaml"):
        edit(built / "data" / file, BIRCH, new)
    was, now = "name: Birch District", f"formerly: [{BIRCH}], name: Birch Borough"
    edit(built / "data/authorities.yaml", was, now)
    run("build", "2024", "--root", built)
    shown = run("approve", "2024", "--root", built).stdout
    assert f"{new}: new\n" in shown and "lost" not in shown
    run("approve", "2024", "--all", "--by", "Bob", "--root", built)
    then = load_approvals(built, "2024")
    assert then[BIRCH] == given[BIRCH] and [one.by for one in then[new]] == ["Bob"]
    for slug in (BIRCH, new):
        life = run("ledger", "show", "2024", slug, "--root", built).stdout
        assert re.findall(r"approved by (\w+)", life) == ["Ada", "Bob"]


def test_all_are_those_that_wait_and_one_with_enough_approvals_is_shown_when_it_is_named(
    built: Path,
) -> None:
    run("approve", "2024", ASHBY, BIRCH, "--by", "Ada", "--root", built)
    done = run("approve", "2024", "--all", "--by", "Bob", "--root", built).stdout
    assert f"{CEDAR}: new\n" in done and f"{BIRCH}: " not in done
    assert "2024: 1 letter approved by Bob\n" in done
    again = run("approve", "2024", "--all", "--by", "Bob", "--root", built).stdout
    assert "2024: 3 letters approved by enough people before, and none now\n" in again
    none = run("approve", "2024", "--all", "--by", "Eve", "--root", built).stdout
    assert "2024: 3 letters approved by enough people before, and none now\n" in none
    named = run("approve", "2024", BIRCH, "--by", "Bob", "--root", built).stdout
    assert f"{BIRCH}: approved, by Ada\n    To:      md@birch.example\n" in named
    assert "2024: 1 letter approved by Bob\n" in named
    given = load_approvals(built, "2024")
    assert {slug: [one.by for one in ones] for slug, ones in given.items()} == {
        ASHBY: ["Ada"], BIRCH: ["Ada", "Bob"], CEDAR: ["Bob"],
    }  # fmt: skip


def test_what_is_not_built_cannot_be_approved(built: Path) -> None:
    edit(built / "data/2024/statistics.yaml", "population: 51000", "population: 50000")
    result = run("approve", "2024", "--all", "--by", "Ada", "--root", built)
    assert result.exit_code == 1
    assert "1 letter is not built as data and templates now are" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("--all",),
        ("--all", "--by", " "),
        ("--by", "Ada"),
        ("no-such", "--by", "Ada"),
        ("--all", "--by", "A\x07"),
        ("--all", "--by", "\u0410da"),  # a Cyrillic letter, with which the file could not be read
    ],
)
def test_an_approval_needs_a_name_and_letters(built: Path, arguments: tuple[str, ...]) -> None:
    assert run("approve", "2024", *arguments, "--root", built).exit_code == 2


@pytest.mark.parametrize(
    "command",
    [
        ("approve", "2024", "--all"),
        ("ledger", "resolve", "2024", ASHBY, "--sent"),
        ("ledger", "note", "2024", ASHBY, "--bounced"),
        ("correct", "2024", "--reason", "One case too many."),
    ],
)
def test_a_name_that_nobody_has_or_could_read_again_is_no_person_s(
    small_year: Path, command: tuple[str, ...]
) -> None:
    for name in ("", ".", "\u3164", "Ada\ufffc", "A\x07", "Ada\nBob", "\u0410da"):
        result = run(*command, "--by", name, "--root", small_year)
        assert (result.exit_code, "--by" in result.stderr) == (2, True), (name, result.output)
    assert run(*command, "--by", "Ada\u00a0 Smith", "--root", small_year).exit_code != 2


def test_why_letters_are_corrected_is_said_in_characters_that_are_read_again(
    small_year: Path,
) -> None:
    why = ("--reason", "One case\u200b too many.", "--by", "Ada")
    assert "U+200B" in run("correct", "2024", *why, "--root", small_year).stderr


def test_an_approvals_file_that_somebody_broke_is_told_with_its_place(built: Path) -> None:
    (built / "data/2024/approvals.yaml").write_text(
        f"{ASHBY}:\n  - {{by: Ada, at: now, sha256: abc}}\n"
    )
    result = run("approve", "2024", "--root", built)
    assert result.exit_code == 1
    assert (
        f"approvals.yaml:2:32: error: {ASHBY}.1.sha256: expected 64 digits and letters a to f"
        in result.stderr
    )
    assert "data/2024/approvals.yaml" in run("check", "2024", "--root", built).stdout


def test_a_rehearsal_writes_every_message_and_sends_nothing(built: Path) -> None:
    result = run("send", "2024", "--root", built)
    assert result.exit_code == 0
    assert said_in(built, result.stdout) == (
        "2024: a rehearsal; nothing leaves this machine\n"
        f"2024: 3 accepted by the mail server; the messages are in {built}/build/2024/outbox\n"
        "3 letters not approved yet: a real sending leaves them out (letters approve 2024 ...)\n"
        "To send for real, once they are approved: letters send 2024 --really-send --first-run\n"
    )
    outbox = sorted((built / "build/2024/outbox").iterdir())
    assert [path.name for path in outbox] == [f"{slug}.eml" for slug in (ASHBY, BIRCH, CEDAR)]
    mail = message_from_bytes(outbox[0].read_bytes(), policy=default)
    assert mail["To"] == "oak@ashby.example"
    assert not (built / "records/2024/ledger.sqlite3").exists()


def test_a_rehearsal_with_faults_shows_the_report_that_the_office_would_get(built: Path) -> None:
    with (built / "data/2024/contacts.yaml").open("a") as contacts:
        contacts.write("elm: {chief_executive: {email: ce@elm.example}}\n")
    with (built / "data/authorities.yaml").open("a") as register:
        register.write("elm: {name: Elm}\n")
    with (built / "data/2024/statistics.yaml").open("a") as statistics:
        statistics.write("elm: {investigations: 9, upheld: 4, remedied: 0, population: 5000}\n")
    edit(
        built / "data/2024/contacts.yaml",
        "email: elm@cedar.example}",
        "email: elm@cedar.example}\n  copies: [{role: Chair, email: chair@cedar.example}]",
    )
    run("build", "2024", "--root", built)
    result = run("send", "2024", "--root", built, "--rehearse-faults")
    assert result.exit_code == 0
    assert f"{BIRCH}: refused: 550 5.7.1 This mailbox takes no mail from outside" in result.stdout
    assert (
        f"{CEDAR}: accepted: 250 2.0.0 Taken, and sent to nobody; without a copy to: Chair"
        in result.stdout
    )
    assert "elm: unknown: the connection was lost after the message went out" in result.stdout
    assert "2 accepted by the mail server, 1 refused, 1 unknown" in result.stdout


def test_a_rehearsal_with_faults_tells_only_of_those_that_happened(built: Path) -> None:
    contacts = built / "data/2024/contacts.yaml"
    edit(contacts, "md@birch.example", "oak@ashby.example")  # two councils, one address
    run("build", "2024", "--root", built)
    done = run("send", "2024", "--root", built, "--rehearse-faults").stdout
    assert f"2024: this server misbehaved on purpose: {ASHBY} greylisted, {CEDAR} refused\n" in done
    one = run("send", "2024", "--root", built, "--rehearse-faults", "--limit", "1").stdout
    assert f"2024: this server misbehaved on purpose: {ASHBY} greylisted\n" in one
    quiet = run("send", "2024", CEDAR, "--root", built).stdout
    assert "misbehaved" not in quiet


@pytest.mark.slow
def test_a_rehearsal_with_faults_turns_the_sixth_message_away_once(built: Path) -> None:
    for number in range(5):
        for file, line in (
            ("authorities", "elm-{0}: {{name: Elm {0}}}\n"),
            (
                "2024/statistics",
                "elm-{0}: {{investigations: 9, upheld: 4, remedied: 0, population: 50}}\n",
            ),
            ("2024/contacts", "elm-{0}: {{chief_executive: {{email: ce@elm-{0}.example}}}}\n"),
        ):
            with (built / "data" / f"{file}.yaml").open("a") as opened:
                opened.write(line.format(number))
    run("build", "2024", "--root", built)
    done = run("send", "2024", "--root", built, "--rehearse-faults").stdout
    assert (
        f"misbehaved on purpose: {ASHBY} greylisted, {BIRCH} refused, elm-0 dropped after the data,"
        " elm-1 slow, elm-2 too many connections\n" in done
    )
    assert "2024: 6 accepted by the mail server, 1 refused, 1 unknown" in done


def test_while_another_program_builds_nothing_is_read_to_be_approved(built: Path) -> None:
    with only_one(built / "build/2024", "process 1"):
        result = run("approve", "2024", "--all", "--by", "Ada", "--root", built)
        assert result.exit_code == 1
        assert "is being built by process 1; wait for it, or stop it" in result.stderr
    opened = opened_by("approve", "2024", "--all", "--by", "Ada", "--root", built)
    ours = [name.removeprefix(f"{built}/") for name in opened if name.startswith(str(built))]
    assert ours[0] == "build/2024/.lock"
    assert {"data/2024/statistics.yaml", "build/2024/manifest.json"} <= set(ours[1:])


def test_drafts_and_a_list_of_who_gets_what_are_for_offices_that_send_by_hand(built: Path) -> None:
    folder = built / "data/2024/attachments" / BIRCH
    folder.mkdir(parents=True)
    (folder / "cases.xlsx").write_bytes(b"x")
    result = run("send", "2024", "--root", built, "--eml")
    assert (
        result.stdout
        == f"2024: 3 drafts in {built}/build/2024/drafts, and recipients.csv, who gets what\n"
    )
    assert (built / f"build/2024/drafts/{ASHBY}.eml").read_bytes().count(b"X-Unsent: 1") == 1
    rows = list(
        csv.reader(io.StringIO((built / "build/2024/recipients.csv").read_text("utf-8-sig")))
    )
    assert rows[2][:6] == [
        BIRCH, "Birch District Council", "md@birch.example", "", "Annual letter to Birch District Council.pdf",
        "cases.xlsx",
    ]  # fmt: skip


def test_files_for_nobody_stop_the_run(built: Path) -> None:
    (built / "data/2024/attachments/ashby").mkdir(parents=True)
    result = run("send", "2024", "--root", built)
    assert result.exit_code == 1
    assert "attachments/ashby:1:1: error: no letter goes to an authority of" in result.stderr


def test_all_that_hinders_sending_is_told_at_once_before_anything_is_sent(built: Path) -> None:
    folder = built / "data/2024/attachments" / BIRCH
    folder.mkdir(parents=True)
    for name in ("empty.xlsx", "~$cases.xlsx", "Cedar Fire Authority.xlsx", "notes.txt~"):
        (folder / name).write_text("" if name == "empty.xlsx" else "x")
    edit(
        built / "data/authorities.yaml",
        "Ashby District Council,",
        "Ashby District Council, mail_domains: [ashby.gov.uk],",
    )
    for command in (
        ("check",),
        ("approve", "--all", "--by", "Ada"),
        ("send",),
        ("send", "--eml"),
        ("send", "--really-send", "--first-run", "--date-is-right"),
    ):
        result = run(command[0], "2024", *command[1:], "--root", built)
        assert result.exit_code == 1
        assert result.output.count(": error: ") == 6, result.output
    assert not (built / "records").exists()
    assert not (built / "data/2024/approvals.yaml").exists()
    assert run("approve", "2024", CEDAR, "--by", "Ada", "--root", built).exit_code == 0


def test_a_message_that_is_too_large_is_told_before_anything_is_sent(built: Path) -> None:
    edit(built / "data/office.yaml", "waits: [0, 0]", "waits: [0, 0]\nlargest_megabytes: 1")
    folder = built / "data/2024/attachments" / BIRCH
    folder.mkdir(parents=True)
    (folder / "cases.xlsx").write_bytes(bytes(740_000))
    result = run("send", "2024", "--root", built)
    assert result.exit_code == 1
    assert (
        f"{BIRCH}: the message has 1.0 MB, and data/office.yaml allows 1; its largest file is cases.xlsx, 0.7 MB"
        in result.stderr
    )
    assert not list((built / "build/2024/outbox").glob("*"))


@pytest.mark.parametrize(
    "options",
    [
        ("--really-send", "--eml"),
        ("--to-me", "a@b.example", "--really-send"),
        ("--rehearse-faults", "--eml"),
        ("--again", "x"),
        ("--to-me", "nobody"),
        ("--first-run",),
        ("--to-me", "a@b.example", "--date-is-right"),
        ("--eml", "--limit", "1"),
    ],
)
def test_ways_to_send_that_do_not_go_together_are_wrong_usage(
    built: Path, options: tuple[str, ...]
) -> None:
    (built / "data/office.yaml").write_text(
        (SMALL_YEAR / "data/office.yaml").read_text().replace(", user: letters@office.example", "")
    )
    assert run("send", "2024", "--root", built, *options).exit_code == 2


def test_without_a_password_in_the_environment_nothing_is_sent(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LETTERS_MAIL_PASSWORD", raising=False)
    run("approve", "2024", "--all", "--by", "Ada", "--root", built)
    result = run(
        *("send", "2024", "--root", built, "--really-send", "--first-run", "--date-is-right"),
        *("--confirm", "3"),
    )
    assert result.exit_code == 1
    assert (
        "the password of letters@office.example is wanted in the environment: LETTERS_MAIL_PASSWORD"
        in result.stderr
    )


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        (b"correct horse\n", "localhost, port 9 does not answer as a mail server"),
        (b"\x03", "no password of letters@office.example was given; nothing was sent"),
        (b"\x04", "no password of letters@office.example was given; nothing was sent"),
    ],
    ids=["a password", "Ctrl-C", "Ctrl-D"],
)
def test_a_password_that_is_wanted_is_asked_for_at_a_terminal_and_not_shown(
    built: Path, keys: bytes, told: str
) -> None:
    run("approve", "2024", "--all", "--by", "Ada", "--root", built)
    edit(built / "data/office.yaml", "port: 587", "port: 9")
    command = [sys.executable, "-m", "letters", "send", "2024", "--root", str(built)]
    status, shown = typed(
        [*command, "--really-send", "--first-run", "--date-is-right", "--confirm", "3"],
        keys,
        os.environ | {"LETTERS_MAIL_PASSWORD": "", "NO_COLOR": "1"},
    )
    assert status == 1
    assert "Password of letters@office.example (it is not shown):" in shown
    assert f"error: {told}" in shown
    assert "horse" not in shown and "Traceback" not in shown


def test_an_office_without_its_file_is_told_what_is_missing(built: Path) -> None:
    (built / "data/office.yaml").unlink()
    result = run("send", "2024", "--root", built)
    assert result.exit_code == 1
    assert "data/office.yaml:1:1: error: there is no such file" in result.stderr


def test_the_books_of_a_year_that_was_never_sent_are_not_begun_by_looking(built: Path) -> None:
    result = run("ledger", "2024", "--root", built)
    assert result.exit_code == 0
    assert result.stdout == "2024: nothing was sent from here\n"
    assert not (built / "records/2024/ledger.sqlite3").exists()
