"""A run: what it waits for, what ends it, and what comes again."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from letters.batch.draft import Drafts
from letters.campaign.load import load
from letters.campaign.records import MailServer
from letters.errors import MailError
from letters.mail.choice import choose
from letters.mail.ledger import Ledger, State
from letters.mail.mailroom import Mailroom, check_sizes
from letters.mail.office import load_office
from letters.mail.post import Post
from letters.mail.run import Clock, Result, Run
from tests.conftest import PROJECT, SMALL_YEAR
from tests.doing import run
from tests.scripted_server import HANG_UP, ScriptedServer, scripted

MORE = [f"elm-{number:02}" for number in range(9)]


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Mailroom:
    """The mailroom of twelve councils, their letters built."""
    root = tmp_path_factory.mktemp("office")
    shutil.copytree(SMALL_YEAR, root, dirs_exist_ok=True)
    shutil.copytree(PROJECT / "templates" / "base", root / "templates" / "base")
    for file, entry in (
        ("authorities", "{{name: {0} Council}}"),
        ("2024/statistics", "{{investigations: 9, upheld: 4, remedied: 0, population: 5000}}"),
        ("2024/contacts", "{{chief_executive: {{email: ce@{0}.example}}}}"),
    ):
        with (root / "data" / f"{file}.yaml").open("a") as opened:
            opened.writelines(f"{slug}: {entry.format(slug)}\n" for slug in MORE)
    assert run("build", "2024", "--root", root, "--jobs", "1").exit_code == 0
    return Mailroom(Drafts(root, load(root, "2024")), load_office(root))


class Office:
    """A run over all twelve letters, with a clock that notes its waits and passes no time."""

    def __init__(self, room: Mailroom, server: ScriptedServer, stop: Callable[[], bool]) -> None:
        self.books, self.waits, self.told = Ledger(None), list[float](), list[str]()
        choice = choose(room, tuple(room.campaign.statistics), {}, None, True, "")

        def wait(seconds: float) -> bool:
            self.waits.append(seconds)
            return not stop()

        how = MailServer(host="localhost", port=server.port, security="none")
        self.slugs = choice.to_send
        self.run = Run(
            mailroom=room,
            ledger=self.books,
            post=Post(how, "", room.office.sender.email),
            clock=Clock(lambda: datetime.now(UTC), wait),
            seals=choice.seals,
            largest=check_sizes(room, choice.to_send, datetime.now(UTC)),
            seconds_between=3,
            waits=(60, 300),
            tell=self.told.append,
        )

    def send(self) -> list[Result]:
        return list(self.run.send(self.slugs))


@contextmanager
def office(
    room: Mailroom, stop: Callable[[], bool] = lambda: False, **answers: list[str]
) -> Iterator[tuple[Office, ScriptedServer]]:
    with scripted(answers) as server:
        made = Office(room, server, stop)
        with made.run.post:
            yield made, server
        made.books.close()


def states(results: list[Result]) -> list[State]:
    return [result.state for result in results]


def test_letters_go_out_one_after_the_other_at_the_office_s_pace(room: Mailroom) -> None:
    with office(room) as (made, server):
        assert states(made.send()) == [State.ACCEPTED] * 12
        assert made.waits == [0, 0, *[3] * 11], "the first at once"
        assert len(server.messages) == 12


def test_a_busy_server_puts_all_others_off_and_they_come_again_after_a_wait(room: Mailroom) -> None:
    busy = "421 4.7.0 too fast"
    with office(room, MAIL=["250 ok", busy, "250 ok"]) as (made, server):
        results = made.send()
        assert states(results) == [State.ACCEPTED] * 12
        assert made.waits == [0, 0, 3, 60, *[3] * 11]
        assert made.told == [f"11 put off, the last with: {busy}; waiting 60 s"]
        assert len(server.messages) == 12, "each council once"


def test_a_server_that_wants_no_connection_is_waited_for(room: Mailroom) -> None:
    with office(room, greeting=["421 4.3.2 busy", "220 ready"]) as (made, _):
        assert states(made.send()) == [State.ACCEPTED] * 12
        assert made.waits[:3] == [0, 0, 60]


def test_what_is_put_off_comes_again_after_the_others_until_the_waits_are_over(
    room: Mailroom,
) -> None:
    greylisted = ["451 4.7.1 later", *["250 ok"] * 11, "451 4.7.1 later", "451 4.7.1 never"]
    with office(room, RCPT=greylisted) as (made, _):
        results = made.send()
        assert [result.slug for result in results] == [*made.slugs[1:], made.slugs[0]]
        assert states(results) == [State.ACCEPTED] * 11 + [State.DEFERRED]
        assert (results[-1].code, results[-1].reply) == (451, "451 4.7.1 never")
        assert [wait for wait in made.waits if wait >= 60] == [60, 300]


def test_ten_put_off_one_after_the_other_make_the_run_wait(room: Mailroom) -> None:
    with office(room, RCPT=["451 4.7.1 later"] * 10 + ["250 ok"]) as (made, _):
        assert states(made.send()) == [State.ACCEPTED] * 12
        assert made.waits == [0, 0, *[3] * 9, 60, *[3] * 12], "the other two were not tried"


def test_put_offs_with_a_letter_taken_between_them_do_not_make_the_run_wait(room: Mailroom) -> None:
    later = "451 4.7.1 later"
    with office(room, RCPT=[*[later] * 9, "250 ok", later, later, "250 ok"]) as (made, _):
        assert states(made.send()) == [State.ACCEPTED] * 12
        assert made.waits == [0, 0, *[3] * 11, 60, *[3] * 11], "all twelve were tried"


def test_a_run_that_is_asked_to_stop_while_it_waits_leaves_what_was_put_off(room: Mailroom) -> None:
    waits: list[float] = []
    with office(room, lambda: waits[-1:] == [60], MAIL=["421 busy"]) as (made, server):
        made.waits = waits
        assert states(made.send()) == [State.DEFERRED] * 12
        assert waits == [0, 0, 60]
        assert len([line for line in server.heard if line.startswith("mail")]) == 1


def test_an_approval_that_is_gone_when_its_letter_s_turn_comes_stops_the_run(
    room: Mailroom,
) -> None:
    with office(room) as (made, server):
        made.run.approvals = dict
        with pytest.raises(MailError, match="its approval was withdrawn; nothing was sent of it"):
            made.send()
        assert server.messages == []
        assert [one.state for one in made.books.attempts()] == [State.DEFERRED]


def test_a_server_that_takes_just_the_largest_message_is_good_enough(room: Mailroom) -> None:
    with office(room) as (made, server):
        server.answers["EHLO"] = [f"250-localhost\r\n250 SIZE {made.run.largest}"]
        assert states(made.send()) == [State.ACCEPTED] * 12


def test_a_message_larger_than_the_server_takes_ends_the_run_before_anything_is_sent(
    room: Mailroom,
) -> None:
    with office(room, EHLO=["250-localhost\r\n250 SIZE 20000"]) as (made, server):
        with pytest.raises(MailError, match=r"the mail server takes .*; nothing was sent"):
            made.send()
        assert made.books.attempts() == ()
        assert not any(line.startswith("mail") for line in server.heard)


def test_three_refusals_one_after_the_other_stop_the_run(room: Mailroom) -> None:
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


def test_doubts_count_as_refusals_do(room: Mailroom) -> None:
    with office(room, message=[HANG_UP]) as (made, server):
        with pytest.raises(MailError, match="3 messages in a row were not accepted"):
            made.send()
        assert [one.state for one in made.books.attempts()] == [State.UNKNOWN] * 3
        assert len(server.messages) == 3


def test_a_run_that_is_asked_to_stop_finishes_the_message_in_hand(room: Mailroom) -> None:
    server_has: list[bytes] = []
    with office(room, stop=lambda: len(server_has) >= 2) as (made, server):
        server.messages = server_has
        assert states(made.send()) == [State.ACCEPTED] * 2
        assert [attempt.state for attempt in made.books.attempts()] == [State.ACCEPTED] * 2


def test_a_refused_copy_is_told_by_its_role_and_not_by_its_address(room: Mailroom) -> None:
    no_such = ["250 ok", "550 5.1.1 <leader@ashby.example> unknown", "250 ok"]
    with office(room, RCPT=no_such) as (made, _):
        [first, *_] = made.send()
        assert (first.state, first.refused_copies) == (State.ACCEPTED, ("Leader",))
        assert "@" not in made.books.attempts()[0].reply
