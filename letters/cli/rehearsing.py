"""A rehearsal: all that sending does, with a mail server on this machine that sends nothing."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from letters.cli.books import open_books
from letters.cli.face import complain, echo, say
from letters.cli.frame import DONE
from letters.cli.outgoing import Outgoing, building, look, show_shared
from letters.cli.running import carry_out, open_ends, show_choice, status_of, summary
from letters.errors import MailError, Severity
from letters.wording import numbered

if TYPE_CHECKING:
    from letters.mail.choice import Wish
    from letters.mail.ledger import Ledger
    from letters.mail.rehearsal import Outbox


def rehearse(
    root: Path,
    year: str,
    slugs: Sequence[str],
    limit: int | None,
    faults: bool,
    wish: Wish,
    without: Sequence[str],
) -> int:
    """The same as sending, on this machine alone, with books that are forgotten.

    Only what has come back, or was not sent, is known from the books as they are.
    """
    from letters.campaign.records import MailServer
    from letters.mail.known import known_of
    from letters.mail.message import message_id
    from letters.mail.parcels import MEGABYTE
    from letters.mail.post import Post
    from letters.mail.rehearsal import HOST, Outbox, rehearsal_server

    with building(root, year, "which rehearses the sending") as folder, ExitStack() as stack:
        outgoing = look(root, year, slugs, without=without)
        campaign, office, parcels = outgoing.campaign, outgoing.office, outgoing.parcels
        by_books = wish.again or wish.copies_only or wish.only_failed or campaign.corrections
        attempts, words = known_of(root, year) if by_books else ((), ())
        wish = replace(wish, named=True)
        choice = outgoing.choose(wish, None, attempts, words)
        names = {
            message_id(year, parcels[slug], one.number, again=one.again, way=one.way): slug
            for slug, one in choice.issues.items()
        }
        outbox = Outbox(folder / "outbox", names, faults)
        port = stack.enter_context(rehearsal_server(outbox, office.largest_megabytes * MEGABYTE))
        server = MailServer(host=HOST, port=port, security="none")
        ledger = stack.enter_context(open_books(None))
        post = stack.enter_context(Post(server, "", office.sender.email))
        say(f"{year}: a rehearsal; nothing leaves this machine")
        try:
            results = carry_out(outgoing, ledger, post, choice, limit, quick=True)
        finally:
            _show_faults(year, ledger, outbox)
        show_choice(choice, year, wish)
        show_shared(parcels)
        say(f"{year}: {summary(results)}; the messages are in {outbox.folder}")
        _show_what_next(outgoing, replace(wish, named=outgoing.named), bool(limit or without))
        left = len(choice.to_send[:limit]) - len(results) + len(outgoing.missing)
        return DONE if faults else status_of(results, choice, left, rehearsal=True)


def _show_faults(year: str, ledger: Ledger, outbox: Outbox) -> None:
    """What the rehearsal's server did on purpose: it met the attempts in their order."""
    pairs = zip(ledger.attempts(), outbox.done, strict=False)
    if done := [f"{attempt.slug} {fault}" for attempt, fault in pairs if fault]:
        echo(f"{year}: this server misbehaved on purpose: {', '.join(done)}")


def _show_what_next(outgoing: Outgoing, wish: Wish, in_part: bool) -> None:
    """How to send for real what would go out, all or `in_part`, by the approvals and the books."""
    from letters.mail.approvals import load_approvals
    from letters.mail.known import known_of

    root, year = outgoing.root, outgoing.campaign.year
    if outgoing.campaign.letter.specimen:
        say(f"{year} is a specimen and can never really be sent")
        return
    try:
        attempts, words = known_of(root, year)
    except MailError as error:  # a rehearsal needs no books, and real sending will stop
        complain(str(error), Severity.WARNING)
        return
    really = outgoing.choose(wish, load_approvals(root, year), attempts, words)
    if really.unapproved:
        count = numbered(len(really.unapproved), "letter")
        say(
            f"{count} not approved yet: a real sending leaves them out (letters approve {year} ...)"
        )
    if open_ := sum(map(len, open_ends(really))) - len(really.unapproved):
        person = f"{'waits' if open_ == 1 else 'wait'} for a person"
        say(f"{numbered(open_, 'letter')} {person}: letters send {year} --really-send names them")
    if not (really.to_send or really.unapproved):
        say(f"Nothing is left to be sent for real: letters ledger {year} has how all stand")
        return
    same = in_part or wish.named or wish.again or wish.copies_only or wish.only_failed
    first = "" if attempts else " --first-run"
    how = "the same with" if same else f"letters send {year}"
    once = "" if really.to_send else ", once they are approved"
    say(f"To send for real{once}: {how} --really-send{first}")
