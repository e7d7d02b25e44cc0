"""Where each letter of a year stands, and what to do next: one answer for command and preview."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from letters.batch.draft import Drafts
from letters.campaign.corrections import last_note
from letters.campaign.load import Campaign
from letters.campaign.records import Approvals, Office
from letters.errors import LetterError, LettersError, Problem, Severity
from letters.mail.approvals import standing
from letters.mail.attempts import DOUBTFUL, Attempt, Fate, Word
from letters.mail.choice import Wish, choose, last_accepted, last_attempts, of_each
from letters.mail.correcting import addressed_otherwise, says_otherwise
from letters.mail.known import in_books, require_complete
from letters.mail.parcels import NO_OFFICE, NOT_BUILT, Parcels, parcels
from letters.mail.reached import copies_lost, missed
from letters.mail.stages import Part, Stage, Stand, Standing, Status
from letters.typesetting.formats import day
from letters.wording import reason_of, series

_GOING = ("to_send", "unapproved", "refused")  #: of a choice
_UNADDRESSED = ("no-address", "no-contact")  #: what is told of a letter without an address
_REASONS = 2  #: why a letter must be built that are told; of more the first ones


def status_of(
    drafts: Drafts,
    office: Office | None,
    files: Mapping[str, Sequence[Path]],
    approvals: Approvals,
    problems: Iterable[Problem],
    today: date,
) -> Status:
    """Where each letter stands, by its drafts, what is wrong with them, the build and the books.

    `files` are those that go along with each letter. What cannot be read is told as trouble, and
    the rest is told as far as it is known.
    """
    campaign, root = drafts.campaign, drafts.root
    attempts, words, trouble = _from_books(root, campaign.year)
    is_known = not trouble
    made = Parcels({}, {}, {})
    try:
        made = parcels(drafts, office, files, tuple(campaign.statistics))
    except LettersError as error:
        trouble = (*trouble, str(error))
    same = addressed_otherwise(drafts, root, made.ready, attempts)
    choice = choose(campaign, made.ready, attempts, approvals, Wish(on_paper=True), words, same)
    accepted = last_accepted(campaign, attempts)
    problems = tuple(problems)
    errors = [one for one in problems if one.severity is Severity.ERROR]
    unaddressed = frozenset(
        slug for slug, one in made.ready.items() if one.envelope.recipients is None
    )
    known = _Known(
        campaign,
        made,
        approvals,
        {slug: name for name in _GOING for slug in getattr(choice, name)},
        _hindrances(errors),
        last_attempts(campaign, attempts),
        accepted,
        of_each(campaign, attempts),
        words,
        unaddressed,
        frozenset(one.authority for one in problems if one.code in _UNADDRESSED),
        _otherwise(drafts, made, same, accepted),
        is_known,
        today >= campaign.letter.publication_date,
    )
    letters = {slug: known.stand(slug) for slug in campaign.statistics}
    return Status(campaign.year, letters, trouble, len(errors), campaign.letter.specimen)


def _from_books(
    root: Path, year: str
) -> tuple[tuple[Attempt, ...], tuple[Word, ...], tuple[str, ...]]:
    """What the books have, and why that is not all, or nothing."""
    attempts, words = tuple[Attempt, ...](), tuple[Word, ...]()
    try:
        attempts, words = in_books(root, year)
        require_complete(root, year, attempts)
    except LettersError as error:
        return attempts, words, (str(error),)
    except OSError as error:  # a folder that nobody here may look into
        return attempts, words, (f"{error.filename}: {reason_of(error)}",)
    return attempts, words, ()


def _hindrances(errors: Iterable[Problem]) -> Mapping[str, str]:
    """What hinders a letter first, by slug; under "" what hinders all."""
    found = dict[str, str]()
    for one in errors:
        for slug in one.shared_by or (one.authority,):
            found.setdefault(slug, one.sentence)
    return found


def _otherwise(
    drafts: Drafts, made: Parcels, same: Collection[str], accepted: Mapping[str, Attempt]
) -> Mapping[str, bool | None]:
    """Whether letters that went out say something else now; None for one that is not kept here.

    Of one whose figures are to be corrected only as a correction notes, the build tells.
    """
    campaign, found = drafts.campaign, dict[str, bool | None]()
    for slug, sent in accepted.items():
        ready = made.ready.get(slug)
        if ready and (ready.sha256 == sent.letter or slug in same):
            continue
        if last_note(campaign.corrections, slug):
            continue
        try:
            found[slug] = says_otherwise(drafts, drafts.root, slug, sent)
        except LetterError:  # it is among the problems
            continue
    return found


@dataclass(frozen=True, slots=True)
class _Known:
    """All that is known of a year's letters, to tell of each where it stands."""

    campaign: Campaign
    made: Parcels
    approvals: Approvals
    going: Mapping[str, str]  #: letters that the next run would look at, by the choice's name
    hindrances: Mapping[str, str]  #: by slug, and under "" of all
    last: Mapping[str, Attempt]
    accepted: Mapping[str, Attempt]
    own: Mapping[str, Sequence[Attempt]]
    words: Sequence[Word]
    unaddressed: frozenset[str]  #: letters that cannot go by e-mail
    not_accepted: frozenset[str]  #: of whom the same is told as a problem
    otherwise: Mapping[str, bool | None]  #: whether they say something else now than when sent
    is_known: bool  #: whether the books tell all that was sent
    published: bool

    def stand(self, slug: str) -> Stand:
        """Where a letter stands."""
        stage, why = self._stage(slug)
        parts = frozenset(self._parts(slug, stage))
        failed = stage is Stage.MEND and why == self.made.failed.get(slug)
        told_by = "build" if failed else "check"
        return Stand(stage, why, parts, self._standing(slug), told_by)

    def _standing(self, slug: str) -> Standing:
        if parcel := self.made.ready.get(slug):
            return standing(parcel.seal, self.approvals, self.campaign.approvers_of(slug))
        return Standing.CHANGED if self.approvals.get(slug) else Standing.NEW

    def _stage(self, slug: str) -> tuple[Stage, str]:
        last = self.last.get(slug)
        if last and last.state in DOUBTFUL:
            return Stage.UNKNOWN, last.reply
        if slug in self.accepted and slug not in self.going and not self._is_replaced(slug):
            return self._went_out(slug)
        if hindrance := self.hindrances.get(slug) or self.hindrances.get(""):
            return Stage.MEND, hindrance
        if slug in self.unaddressed and slug in self.not_accepted:
            return Stage.MEND, "no address"
        given = self.approvals.get(slug, ())
        match self.going.get(slug):
            case "refused":
                return Stage.REFUSED, last.reply if last else ""
            case "to_send" if not self.is_known:
                return Stage.UNKNOWN, "the books do not tell whether it went out"
            case "to_send":
                return Stage.READY, f"by {given[-1].by}" if given else ""
            case "unapproved":
                return Stage.APPROVE, self._wanting(slug)
        if slug in self.made.ready:  # and another one than its correction tells of
            return Stage.MEND, "it is otherwise than its correction has it"
        if why := self.made.outdated.get(slug):
            told = "; ".join(why[:_REASONS])
            return Stage.BUILD, f"changed since approved: {told}" if given else told
        if failure := self.made.failed.get(slug):
            return Stage.MEND, failure
        reason = self.made.missing.get(slug, NOT_BUILT)
        stages = {NOT_BUILT: Stage.BUILD, NO_OFFICE: Stage.APPROVE}
        return stages.get(reason, Stage.MEND), reason

    def _is_replaced(self, slug: str) -> bool:
        """Whether a correction is recorded of a letter that went out, and the right one has not."""
        corrected = self.campaign.corrected(slug)
        sent = self.accepted.get(slug)
        return bool(corrected and sent and corrected.replacement.issue > sent.issue)

    def _went_out(self, slug: str) -> tuple[Stage, str]:
        sent, own = self.accepted[slug], self.own[slug]
        if missed(own, self.words, None).executive:
            return Stage.BOUNCED, "it came back"
        if lost := self._copies_lost(slug):
            return Stage.BOUNCED, lost
        at = sent.settled_at or sent.claimed_at
        when = day(date.fromisoformat(at.partition(" ")[0]))
        is_lost = slug in self.otherwise and self.otherwise[slug] is None
        return Stage.SENT, f"{when}; what was sent is not kept here" if is_lost else when

    def _copies_lost(self, slug: str) -> str:
        """Which copies of a letter were refused or came back, "" where somebody has each of them.

        One that the contacts name no longer, and no other in its place, is wanted by nobody.
        """
        own, ready = self.own[slug], self.made.ready.get(slug)
        to = ready.envelope.recipients if ready else None
        if to and not missed(own, self.words, to).copies:
            return ""
        lost = copies_lost(own, self.words)
        told = (
            (what, [role for role, fate in lost.items() if fate is of])
            for what, of in (("was refused", Fate.REFUSED), ("came back", Fate.FAILED))
        )
        return "; ".join(f"a copy {what}: {series(roles)}" for what, roles in told if roles)

    def _wanting(self, slug: str) -> str:
        """What is wanting of a letter's approval."""
        match self._standing(slug):
            case Standing.CHANGED:
                return "changed since approved"
            case Standing.PARTLY:
                needed = self.campaign.approvers_of(slug)
                return f"approved by {self.approvals[slug][-1].by}; {needed} people must"
        return ""

    def _parts(self, slug: str, stage: Stage) -> Iterable[Part]:
        if slug in self.unaddressed - self.not_accepted and slug not in self.accepted:
            yield Part.BY_POST
        if sent := self.accepted.get(slug):
            corrected = self.campaign.corrected(slug)
            if self.otherwise.get(slug) and slug not in self.going and not self._is_replaced(slug):
                yield Part.CHANGED
            if corrected and sent.issue >= corrected.replacement.issue:
                yield Part.CORRECTED
            if self.published and stage is Stage.SENT:
                yield Part.PUBLISHED
