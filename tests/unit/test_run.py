"""A run: what it waits for, what ends it, and what comes again."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import FrozenInstanceError, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from letters.campaign.records import MailServer
from letters.cli.outgoing import Outgoing, look
from letters.errors import InterlockError, MailError
from letters.mail.approvals import approved, write_approvals
from letters.mail.attempts import Fate, State, Word
from letters.mail.choice import Choice, Wish, choose
from letters.mail.ledger import Ledger
from letters.mail.message import largest_of
from letters.mail.post import Post
from letters.mail.run import Clock, Pace, Result, Run
from tests.conftest import put_small_year
from tests.doing import edit, opened_by, run
from tests.scripted_server import HANG_UP, ScriptedServer, scripted

ASHBY, BIRCH, CEDAR = "ashby-district-council", "birch-district-council", "cedar-fire-authority"
MORE = [f"elm-{number:02}" for number in range(9)]
NOW = datetime(2024, 7, 18, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of twelve councils, their letters built."""
    root = put_small_year(tmp_path_factory.mktemp("office"))
    for file, entry in (
        ("authorities", "{{name: {0}}}"),
        ("2024/statistics", "{{investigations: 9, upheld: 4, remedied: 0, population: 5000}}"),
        ("2024/contacts", "{{chief_executive: {{email: ce@{0}.example}}}}"),
    ):
        with (root / "data" / f"{file}.yaml").open("a") as opened:
            opened.writelines(f"{slug}: {entry.format(slug)}\n" for slug in MORE)
    folder = root / "data/2024/paragraphs"
    folder.mkdir()
    (folder / f"{ASHBY}.md").write_text("A word to Ashby.\n")
    assert run("build", "2024", "--root", root, "--jobs", "1").exit_code == 0
    return root


@pytest.fixture(scope="module")
def room(built: Path) -> Outgoing:
    """Its letters as they would go out."""
    return look(built, "2024", ())


@pytest.fixture
def year(built: Path, tmp_path: Path) -> Path:
    """A folder of one's own, to change."""
    return Path(shutil.copytree(built, tmp_path / "office"))


class Office:
    """A run over all twelve letters, with a clock that notes its waits and passes no time."""

    def __init__(
        self, room: Outgoing, server: ScriptedServer, stop: Callable[[], bool], approvals: bool
    ) -> None:
        self.books, self.waits, self.told = Ledger(None), list[float](), list[str]()
        choice: Choice = choose(room.campaign, room.parcels, (), None, Wish(named=True))

        def wait(seconds: float) -> bool:
            self.waits.append(seconds)
            return not stop()

        how = MailServer(host="localhost", port=server.port, security="none")
        self.slugs = choice.to_send
        largest = largest_of(room.parcels.values(), "2024", 20, NOW)
        self.run = Run(
            root=room.root,
            campaign=room.campaign,
            frozen=room.frozen,
            parcels=room.parcels,
            issues=choice.issues,
            ledger=self.books,
            post=Post(how, "", room.office.sender.email),
            clock=Clock(lambda: datetime.now(UTC), wait),
            pace=Pace(3, (60, 300), 3),
            largest=largest,
            really=approvals,
            tell=self.told.append,
        )

    def send(self) -> list[Result]:
        return list(self.run.send(self.slugs))


@contextmanager
def office(
    room: Outgoing,
    stop: Callable[[], bool] = lambda: False,
    approvals: bool = False,
    **answers: Sequence[str],
) -> Iterator[tuple[Office, ScriptedServer]]:
    with scripted(answers) as server:
        made = Office(room, server, stop, approvals)
        with made.run.post:
            yield made, server
        made.books.close()


def states(results: list[Result]) -> list[State]:
    return [result.state for result in results]


def test_letters_go_out_one_after_the_other_at_the_office_s_pace(room: Outgoing) -> None:
    with office(room) as (made, server):
        assert states(made.send()) == [State.ACCEPTED] * 12
        assert made.waits == [0, 0, *[3] * 11], "the first at once"
        assert len(server.messages) == 12


def test_a_busy_server_puts_all_others_off_and_they_come_again_after_a_wait(room: Outgoing) -> None:
    busy = "421 4.7.0 too fast"
    with office(room, MAIL=["250 ok", busy, "250 ok"]) as (made, server):
        results = made.send()
        assert states(results) == [State.ACCEPTED] * 12
        assert made.waits == [0, 0, 3, 0, 60, *[3] * 11]
        assert made.told == [f"11 put off, the last with: {busy}; waiting 60 s"]
        assert len(server.messages) == 12, "each council once"


def test_a_server_that_wants_no_connection_is_waited_for(room: Outgoing) -> None:
    with office(room, greeting=["421 4.3.2 busy", "220 ready"]) as (made, _):
        assert states(made.send()) == [State.ACCEPTED] * 12
        assert made.waits[:4] == [0, 0, 0, 60]


def test_what_is_put_off_comes_again_after_the_others_until_the_waits_are_over(
    room: Outgoing,
) -> None:
    greylisted = ["451 4.7.1 later", *["250 ok"] * 11, "451 4.7.1 later", "451 4.7.1 never"]
    with office(room, RCPT=greylisted) as (made, _):
        results = made.send()
        assert [result.slug for result in results] == [*made.slugs[1:], made.slugs[0]]
        assert states(results) == [State.ACCEPTED] * 11 + [State.DEFERRED]
        assert (results[-1].code, results[-1].reply) == (451, "451 4.7.1 never")
        assert [wait for wait in made.waits if wait >= 60] == [60, 300]


def test_ten_put_off_one_after_the_other_make_the_run_wait(room: Outgoing) -> None:
    with office(room, RCPT=["451 4.7.1 later"] * 10 + ["250 ok"]) as (made, _):
        assert states(made.send()) == [State.ACCEPTED] * 12
        assert made.waits == [0, 0, *[3] * 9, 0, 60, *[3] * 12], "the other two were not tried"


def test_put_offs_with_a_letter_taken_between_them_do_not_make_the_run_wait(room: Outgoing) -> None:
    later = "451 4.7.1 later"
    with office(room, RCPT=[*[later] * 9, "250 ok", later, later, "250 ok"]) as (made, _):
        assert states(made.send()) == [State.ACCEPTED] * 12
        assert made.waits == [0, 0, *[3] * 11, 0, 60, *[3] * 11], "all twelve were tried"


def test_a_run_that_is_asked_to_stop_while_it_waits_leaves_what_was_put_off(room: Outgoing) -> None:
    waits: list[float] = []
    with office(room, lambda: waits[-1:] == [60], MAIL=["421 busy"]) as (made, server):
        made.waits = waits
        assert states(made.send()) == [State.DEFERRED] * 12
        assert waits == [0, 0, 0, 60]
        assert len([line for line in server.heard if line.startswith("mail")]) == 1


def test_a_run_that_is_asked_to_stop_does_not_say_that_it_waits(room: Outgoing) -> None:
    with office(room, lambda: 3 in made.waits, RCPT=["451 4.7.1 later"]) as (made, _):
        assert states(made.send()) == [State.DEFERRED]
        assert made.told == []


def test_a_server_that_takes_just_the_largest_message_is_good_enough(room: Outgoing) -> None:
    with office(room) as (made, server):
        server.answers["EHLO"] = [f"250-localhost\r\n250 SIZE {made.run.largest}"]
        assert states(made.send()) == [State.ACCEPTED] * 12


def test_a_message_larger_than_the_server_takes_ends_the_run_before_anything_is_sent(
    room: Outgoing,
) -> None:
    with office(room, EHLO=["250-localhost\r\n250 SIZE 20000"]) as (made, server):
        with pytest.raises(MailError, match=r"the mail server takes .*; nothing more is"):
            made.send()
        assert made.books.attempts() == ()
        assert not any(line.startswith("mail") for line in server.heard)


def test_three_refusals_one_after_the_other_stop_the_run(room: Outgoing) -> None:
    spam = "554 5.7.1 looks like spam"
    with office(room, message=["250 ok", spam, "250 ok", spam]) as (made, server):
        found: list[Result] = []
        with pytest.raises(MailError, match="3 messages in a row were not accepted, the last with"):
            found.extend(made.run.send(made.slugs))
        assert len(server.messages) == 6
        latest = [made.books.latest()[slug].state for slug in made.slugs[:6]]
        yes, no = State.ACCEPTED, State.REFUSED
        assert latest == [yes, no, yes, no, no, no]
        assert set(made.books.latest()) == set(made.slugs[:6])


def test_what_was_put_off_is_told_also_when_the_run_ends_by_an_error(room: Outgoing) -> None:
    later, spam = ["451 4.7.1 later", "250 ok"], ["554 5.7.1 spam"]
    with office(room, RCPT=later, message=spam) as (made, _):
        found = []
        with pytest.raises(MailError, match="3 messages in a row"):
            for result in made.run.send(made.slugs):
                found.append(result)
        assert states(found) == [*[State.REFUSED] * 3, State.DEFERRED]


@pytest.mark.parametrize("step", ["RCPT", "message"])
def test_a_server_that_is_busy_at_any_step_is_given_a_pause(room: Outgoing, step: str) -> None:
    with office(room) as (made, server):
        server.answers[step] = ["421 4.3.2 busy", "250 ok"]
        assert states(made.send()) == [State.ACCEPTED] * 12
        assert 60 in made.waits
        assert len(server.messages) == (12 if step == "RCPT" else 13)


def test_approvals_that_cannot_be_read_any_more_stop_the_run(year: Path) -> None:
    approve(year)
    with office(look(year, "2024", ()), approvals=True) as (made, server):
        server.before["message"] = lambda: (year / "data/2024/approvals.yaml").write_text("a: [")
        with pytest.raises(MailError, match=f"{BIRCH}: nobody can tell whether it is approved"):
            made.send()
        assert len(server.messages) == 1


def test_doubts_count_as_refusals_do(room: Outgoing) -> None:
    with office(room, message=[HANG_UP]) as (made, server):
        with pytest.raises(MailError, match="3 messages in a row were not accepted"):
            made.send()
        assert [one.state for one in made.books.attempts()] == [State.UNKNOWN] * 3
        assert len(server.messages) == 3


def test_a_run_that_is_asked_to_stop_finishes_the_message_in_hand(room: Outgoing) -> None:
    server_has: list[bytes] = []
    with office(room, stop=lambda: len(server_has) >= 2) as (made, server):
        server.messages = server_has
        assert states(made.send()) == [State.ACCEPTED] * 2
        assert [attempt.state for attempt in made.books.attempts()] == [State.ACCEPTED] * 2


def test_a_refused_copy_is_told_by_its_role_and_not_by_its_address(room: Outgoing) -> None:
    no_such = ["250 ok", "550 5.1.1 <leader@ashby.example> unknown", "250 ok"]
    with office(room, RCPT=no_such) as (made, _):
        [first, *_] = made.send()
        assert (first.state, first.refused_copies) == (State.ACCEPTED, ("Leader",))
        assert "@" not in made.books.attempts()[0].reply


def test_a_refused_copy_is_known_whatever_becomes_of_the_message(room: Outgoing) -> None:
    answers = ["250 ok", "550 5.1.1 <leader@ashby.example> unknown", "250 ok"]
    with office(room, RCPT=answers, message=[HANG_UP, "250 ok"]) as (made, server):
        heard: list[tuple[Word, ...]] = []
        server.before["message"] = lambda: heard.append(made.books.words())
        made.send()
        first, *_ = made.books.attempts()
        assert first.state is State.UNKNOWN
        for words in (heard[0], made.books.words()):
            said = [(one.role, one.fate) for one in words if one.attempt == first.id]
            assert said == [("Chief Executive", Fate.TAKEN), ("Leader", Fate.REFUSED)]


def test_nothing_of_a_run_can_be_assigned_once_it_is_made(room: Outgoing) -> None:
    with office(room) as (made, _):
        for name in Run.__slots__:
            with pytest.raises(FrozenInstanceError):
                setattr(made.run, name, None)


def test_before_a_long_wait_the_connection_is_closed(room: Outgoing) -> None:
    with office(room, RCPT=["451 4.7.1 later", "250 ok"]) as (made, server):
        made.send()
        greetings = [line for line in server.heard if line.startswith("ehlo")]
        assert (server.heard.count("quit"), len(greetings)) == (1, 2)


# What changes while letters go out ----------------------------------------------------------------------------------

LETTER_FILES = {
    "data/authorities.yaml": ("Birch District Council", "Beech District Council"),
    "data/office.yaml": ("letters@office.example", "mail@office.example"),
    "data/2024/letter.yaml": ("letter_date: 2024-07-17", "letter_date: 2024-07-18"),
    "data/2024/statistics.yaml": ("population: 51000", "population: 51001"),
    "data/2024/contacts.yaml": ("md@birch.example", "director@birch.example"),
    f"data/2024/paragraphs/{ASHBY}.md": ("A word", "Two words"),
    "templates/2024/letter.html.jinja": ("Annual letter", "Yearly letter"),
    "templates/2024/email.text.jinja": ("is attached", "is all wrong"),
    "templates/base/print.css": ("{", "{ "),
    "templates/base/skeleton.html.jinja": ("<head>", "<head> "),
}


def beside(year: Path, act: Callable[[], object]) -> tuple[list[Result], MailError | None, Office]:
    """What a run gives when something happens while its first message is in hand."""
    room = look(year, "2024", ())
    results: list[Result] = []
    with office(room) as (made, _):
        try:
            for result in made.run.send(made.slugs):
                results.append(result)
                if len(results) == 1:
                    act()
        except MailError as error:
            return results, error, made
    return results, None, made


@pytest.mark.parametrize("file", LETTER_FILES)
def test_a_file_that_letters_are_read_from_ends_the_run_when_it_changes(
    year: Path, file: str
) -> None:
    results, error, _ = beside(year, lambda: edit(year / file, *LETTER_FILES[file]))
    assert [result.slug for result in results] == [ASHBY], "the message in hand was finished"
    assert str(error).startswith(f"{file} has changed since this run began; nothing more is sent.")


@pytest.mark.parametrize("phase", ["MAIL", "RCPT", "DATA", "message"])
@pytest.mark.parametrize(
    "file",
    [
        "data/authorities.yaml",
        "data/office.yaml",
        "data/2024/letter.yaml",
        "data/2024/statistics.yaml",
        "data/2024/contacts.yaml",
        "templates/2024/email.text.jinja",
    ],
)
def test_at_whatever_step_a_file_changes_the_message_in_hand_is_the_last(
    year: Path, file: str, phase: str
) -> None:
    with office(look(year, "2024", ())) as (made, server):
        server.before[phase] = lambda: edit(year / file, *LETTER_FILES[file])
        with pytest.raises(MailError, match=f"{file} has changed since this run began"):
            made.send()
        assert [one.state for one in made.books.attempts()] == [State.ACCEPTED]
        assert len(server.messages) == 1


@pytest.mark.parametrize("phase", ["greeting", "EHLO"])
def test_while_nothing_is_in_hand_yet_a_change_sends_nothing(year: Path, phase: str) -> None:
    file = "data/2024/contacts.yaml"
    with office(look(year, "2024", ())) as (made, server):
        server.before[phase] = lambda: edit(year / file, *LETTER_FILES[file])
        with pytest.raises(MailError, match=f"{file} has changed since this run began"):
            made.send()
        assert (server.messages, made.books.attempts()) == ([], ())


def test_a_change_that_keeps_the_file_s_time_and_size_ends_the_run_too(year: Path) -> None:
    contacts = year / "data/2024/contacts.yaml"

    def act() -> None:
        before = contacts.stat()
        contacts.write_text(contacts.read_text().replace("md@birch", "mx@birch"))
        os.utime(contacts, ns=(before.st_atime_ns, before.st_mtime_ns))

    results, error, _ = beside(year, act)
    assert len(results) == 1
    assert "contacts.yaml has changed since this run began" in str(error)


@pytest.mark.parametrize(
    ("name", "what"),
    [
        (f"data/2024/paragraphs/{BIRCH}.md", "is new"),
        ("templates/2024/print.css", "is new"),
        ("data/2024/corrections.yaml", "is new"),
        (f"data/2024/paragraphs/{ASHBY}.md", "is gone"),
        ("data/2024/contacts.yaml", "is gone"),
        ("templates/2024/email.html.jinja", "is gone"),
        ("templates/base/fonts/LiberationSans-Regular.ttf", "is gone"),
    ],
)
def test_a_file_that_comes_or_goes_ends_the_run(year: Path, name: str, what: str) -> None:
    path = year / name
    act: Callable[[], Any] = path.unlink if what == "is gone" else lambda: path.write_text("x")
    results, error, _ = beside(year, act)
    assert len(results) == 1
    assert str(error).startswith(f"{name} {what} since this run began")


@pytest.mark.parametrize(
    "name",
    [
        "templates/2024/notes.txt",
        "templates/2024/print.css~",
        "templates/2024/.letter.html.jinja.swp",
        "templates/base/fonts/LICENSE",
        "templates/2021/letter.html.jinja",
        f"data/2024/paragraphs/{BIRCH}.md~",
        "data/2024/SOURCES.md",
        "data/2024/sent.yaml",
        "data/2024/approvals.yaml",
        "data/2025/letter.yaml",
        "data/accepted.yaml",
        "README.md",
    ],
)
def test_a_file_that_no_letter_is_read_from_ends_nothing(year: Path, name: str) -> None:
    path = year / name
    path.parent.mkdir(exist_ok=True)
    results, error, _ = beside(year, lambda: path.write_text("something else"))
    assert (len(results), error) == (12, None)


@pytest.mark.parametrize("file", ["data/2024/contacts.yaml", "templates/2024/letter.html.jinja"])
def test_a_file_that_is_saved_again_as_it_was_ends_nothing(year: Path, file: str) -> None:
    path = year / file
    results, error, _ = beside(year, lambda: edit(path, "a", "a"))
    assert (len(results), error) == (12, None)


def test_a_change_between_reading_and_the_first_message_sends_nothing(year: Path) -> None:
    room = look(year, "2024", ())
    edit(year / "data/2024/contacts.yaml", "md@birch.example", "director@birch.example")
    with office(room) as (made, server):
        with pytest.raises(MailError, match=r"contacts\.yaml has changed since this run began"):
            made.send()
        assert (server.messages, made.books.attempts()) == ([], ())


def test_a_change_while_the_run_waits_is_seen_before_what_was_put_off_is_tried_again(
    year: Path,
) -> None:
    room, contacts = look(year, "2024", ()), year / "data/2024/contacts.yaml"

    def at_the_wait() -> bool:
        if made.waits[-1] == 60:
            edit(contacts, "oak@ashby.example", "elm@ashby.example")
        return False

    with office(room, at_the_wait, RCPT=["451 4.7.1 later", "250 ok"]) as (made, server):
        with pytest.raises(MailError, match=r"contacts\.yaml has changed"):
            made.send()
        assert len(server.messages) == 11, "all but the one that was put off"


# Approvals and files of a letter's own ------------------------------------------------------------------------------


def approve(year: Path, *left_out: str) -> None:
    """Ada's word for each letter as it is, but for those left out."""
    seals = [one.seal for slug, one in look(year, "2024", ()).parcels.items()]
    write_approvals(
        year, "2024", approved([one for one in seals if one.slug not in left_out], {}, "Ada", NOW)
    )


def test_a_letter_whose_approval_is_withdrawn_stays_here_and_the_others_go_out(year: Path) -> None:
    approve(year)
    with office(look(year, "2024", ()), approvals=True) as (made, server):
        results = []
        for result in made.run.send(made.slugs):
            results.append(result)
            if len(results) == 1:
                approve(year, CEDAR)
        assert len(server.messages) == 11
        [left] = [result for result in results if result.state is not State.ACCEPTED]
        assert (left.slug, left.stays) == (CEDAR, True)
        assert left.reply == "not sent: its approval was withdrawn"
        assert made.waits == [0, 0, *[3] * 11], "it is not tried again"


def test_what_happens_to_the_approval_of_a_letter_that_is_gone_already_ends_nothing(
    year: Path,
) -> None:
    approve(year)
    with office(look(year, "2024", ()), approvals=True) as (made, _):
        for number, result in enumerate(made.run.send(made.slugs)):
            assert result.state is State.ACCEPTED
            if not number:
                approve(year, ASHBY)
        assert number == 11


def test_without_a_file_of_approvals_the_run_stops(year: Path) -> None:
    approve(year)
    (year / "data/2024/approvals.yaml").rename(year / "elsewhere.yaml")
    with office(look(year, "2024", ()), approvals=True) as (made, server):
        with pytest.raises(
            MailError, match=f"{ASHBY}: its approval was withdrawn; nothing was sent"
        ):
            made.send()
        assert server.messages == []
        assert [one.state for one in made.books.attempts()] == [State.DEFERRED]


def attach(year: Path, slug: str, content: str) -> Path:
    path = year / "data/2024/attachments" / slug / "cases.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    return path


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        (lambda path: path.write_text("changed"), "is not what it was when this run began"),
        (Path.unlink, "cannot be read any more: no such file or directory"),
        (lambda path: attach(path.parents[4], CEDAR, "x").rename(path), "is not what it was"),
    ],
)
def test_a_file_with_a_letter_that_changes_before_its_turn_stops_the_run(
    year: Path, act: Callable[[Path], object], sentence: str
) -> None:
    path = attach(year, BIRCH, "own")
    results, error, made = beside(year, lambda: act(path))
    assert [result.slug for result in results] == [ASHBY]
    assert str(error).startswith(f"{BIRCH}: ")
    assert sentence in str(error)
    assert made.slugs[1] == BIRCH


def test_a_file_that_is_added_to_a_letter_before_its_turn_stops_the_run(year: Path) -> None:
    results, error, _ = beside(year, lambda: attach(year, BIRCH, "new"))
    assert len(results) == 1
    assert isinstance(error, InterlockError)
    assert "the files in the message are not those of this authority's folder" in str(error)


def test_a_file_that_is_added_to_a_letter_that_went_out_ends_nothing(year: Path) -> None:
    results, error, _ = beside(year, lambda: attach(year, ASHBY, "late"))
    assert (len(results), error) == (12, None)


def test_a_pdf_that_is_built_again_otherwise_before_its_turn_stops_the_run(year: Path) -> None:
    letters = year / "build/2024/letters"
    results, error, _ = beside(
        year, lambda: shutil.copy(letters / f"{CEDAR}.pdf", letters / f"{BIRCH}.pdf")
    )
    assert len(results) == 1
    assert f"{BIRCH}.pdf is not what it was when this run began" in str(error)


# Books ---------------------------------------------------------------------------------------------------------------


class Torn(Ledger):
    """Books that cannot be written from some moment on."""

    def settle(self, *_: object) -> None:
        raise MailError("the ledger cannot be used: disk full; nothing more is sent")


def test_what_cannot_be_noted_after_it_was_handed_over_is_told_with_all_that_is_known(
    room: Outgoing,
) -> None:
    with office(room) as (made, server):
        made.books = Torn(None)
        torn = replace(made.run, ledger=made.books)
        found: list[Result] = []
        with pytest.raises(MailError) as raised:
            found.extend(torn.send(made.slugs))
        number = made.books.attempts()[0].message_id
        assert str(raised.value) == (
            f"{ASHBY}: the message {number} is accepted: 250 2.0.0 taken. This could not be noted"
            " in the books: the ledger cannot be used: disk full; nothing more is sent. Where they"
            f" call it unknown: letters ledger resolve 2024 {ASHBY}"
        )
        assert len(server.messages) == 1


def test_the_result_of_a_message_that_could_not_be_noted_is_given_before_the_run_ends(
    room: Outgoing,
) -> None:
    with office(room) as (made, _):
        sending = replace(made.run, ledger=Torn(None)).send(made.slugs)
        assert next(sending).state is State.ACCEPTED
        with pytest.raises(MailError):
            next(sending)


# Each thing is read once --------------------------------------------------------------------------------------------


def test_a_rehearsal_reads_each_thing_once_and_the_interlock_once_more(year: Path) -> None:
    paths = [attach(year, slug, f"own: {slug}") for slug in (ASHBY, BIRCH)]
    pdfs = sorted((year / "build/2024/letters").glob("*.pdf"))
    opened = Counter(opened_by("send", "2024", "--root", year))
    # when the parcel is made, when the message is made; the interlock has the message's own bytes
    assert {opened[str(path)] for path in pdfs} == {2}
    # and the interlock looks into the folder
    assert {opened[str(path)] for path in paths} == {3}
    read = [
        "data/authorities.yaml",
        "data/2024/letter.yaml",
        "data/2024/statistics.yaml",
        "data/2024/contacts.yaml",
        "data/office.yaml",
        "templates/2024/letter.html.jinja",
        "templates/2024/email.text.jinja",
    ]
    # to remember what is in it, and for what is in it
    assert {name: opened[str(year / name)] for name in read} == dict.fromkeys(read, 2)


def test_in_a_rehearsal_each_e_mail_is_written_once_and_each_pdf_opened_twice(
    year: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from letters.typesetting import finished
    from letters.typesetting.writer import Writer

    written, told = Counter[str](), Counter[str]()
    mail, tell = Writer.mail, finished._told

    def count_mail(writer: Writer, slug: str, enclosures: Sequence[str] = ()) -> Any:
        written[slug] += 1
        return mail(writer, slug, enclosures)

    def count_told(document: Any) -> Any:
        found = tell(document)
        told[found.statistics["authority"]["slug"]] += 1
        return found

    monkeypatch.setattr(Writer, "mail", count_mail)
    monkeypatch.setattr(finished, "_told", count_told)
    assert run("send", "2024", "--root", year).exit_code == 0
    assert set(written.values()) == {1} and len(written) == 12
    assert set(told.values()) == {2} and len(told) == 12, "for the parcel, and by the interlock"
