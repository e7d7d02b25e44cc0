"""What a year's letters are compared with in the preview, and the comparisons, each made once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from letters.batch.store import year_folder
from letters.campaign.load import campaigns
from letters.check import Edition, edition_beside
from letters.compare.comparison import Comparison, compare
from letters.compare.versions import Side, last_build, now, other_year
from letters.errors import LettersError
from letters.files import look_of, looks_below
from letters.mail import LEDGER
from letters.mail.archive import records_folder
from letters.mail.known import known_of
from letters.mail.versions import approved_versions, sent_versions
from letters.preview.kept import Kept
from letters.wording import capital

APPROVED, SENT, LAST_BUILD = "approved", "sent", "last-build"

_LABELS = {APPROVED: "Approved", SENT: "Sent", LAST_BUILD: "Last build"}
_MOST = 4  #: comparisons of all letters that are kept
_EDITIONS = 3  #: that are told apart: of now, and the last sound one of which letters are shown


class Unwanted(Exception):
    """Nobody wants to know how the letters of an edition changed: there is a newer one."""


class Before(NamedTuple):
    """What letters are compared with."""

    side: Side
    other: Edition | None  #: the other year, where it is that


@dataclass(frozen=True, slots=True, eq=False)
class Beside:
    """A year's letters beside what they are compared with."""

    edition: Edition
    before: Side
    other: Edition | None  #: the other year, where it is that

    def of(self, slugs: tuple[str, ...] = ()) -> Comparison:
        """The comparison of some letters, of all without slugs. Raises LettersError, OSError."""
        campaign, drafts = self.edition.campaign, self.edition.drafts
        present = now(drafts)
        return compare(self.before, present, campaign, self.edition.lock, drafts.root, slugs)


def labels(root: Path, year: str) -> Mapping[str, str]:
    """What letters can be compared with: how it is named in an address, and what it is called."""
    return _LABELS | {name: name for name in campaigns(root) if name != year}


def wanted_or_usual(edition: Edition, wanted: str, known: Mapping[str, str]) -> str:
    """What an address asks for or, where that is nothing, what is looked for most."""
    if wanted in known:
        return wanted
    return APPROVED if edition.approvals else LAST_BUILD


def before(edition: Edition, wanted: str) -> Before:
    """What letters are compared with. Raises LettersError where that cannot be read."""
    root, campaign = edition.drafts.root, edition.campaign
    if wanted == APPROVED:
        return Before(approved_versions(root, campaign, edition.approvals or {}), None)
    if wanted == SENT:
        attempts, _ = known_of(root, campaign.year)
        return Before(sent_versions(root, campaign, attempts), None)
    if wanted == LAST_BUILD:
        return Before(last_build(root, campaign), None)
    other = edition_beside(root, wanted)
    return Before(other_year(other.drafts, campaign), other)


class Compared:
    """The comparisons of one year's preview, in one event loop; each is made in a thread, and kept."""

    def __init__(
        self, root: Path, year: str, is_wanted: Callable[[Edition], bool] = lambda _: True
    ) -> None:
        """Nothing is compared before it is asked for; `is_wanted` tells editions that are shown."""
        self._root, self._year, self._is_wanted = root, year, is_wanted
        self._editions: tuple[
            tuple[Edition, int, int], ...
        ] = ()  #: the last ones, and their numbers
        self._sides: Kept[Before] = Kept(_MOST)
        self._whole: Kept[Comparison | str] = Kept(_MOST)
        self._single: Kept[Comparison] = Kept(40)
        self._one_at_a_time = asyncio.Lock()

    def whole(self, edition: Edition, wanted: str) -> asyncio.Task[Comparison | str]:
        """All letters compared, or about to be, or a sentence that says why they cannot be.

        Which is kept as well: a page that waits for it must not begin it again and again. However
        often files are saved, one edition at a time is compared; the task raises Unwanted where its
        turn comes when a newer one is shown.
        """

        async def make() -> Comparison | str:
            async with self._one_at_a_time:
                if not self._is_wanted(edition):
                    raise Unwanted
                try:
                    found = await self.side(edition, wanted)
                    return await asyncio.to_thread(found.of)
                except (LettersError, OSError) as error:
                    return sentence_of(error)

        return self._whole.begin(self._key(edition, wanted), make)

    async def letter(self, edition: Edition, wanted: str, slug: str) -> Comparison:
        """One letter compared, or all where that is done. Raises LettersError and OSError."""
        key = self._key(edition, wanted)
        whole = dict(self._whole.items()).get(key)
        if isinstance(whole, Comparison):
            return whole

        async def make() -> Comparison:
            found = await self.side(edition, wanted)
            return await asyncio.to_thread(found.of, (slug,))

        return await self._single.get(f"{key}/{slug}", make)

    async def side(self, edition: Edition, wanted: str) -> Beside:
        """What letters are compared with. Raises LettersError and OSError.

        It is read again for what it depends on, which templates are not, and figures are not.
        """

        async def make() -> Before:
            return await asyncio.to_thread(before, edition, wanted)

        side, other = await self._sides.get(self._key_of_side(edition, wanted), make)
        return Beside(edition, side, other)

    def end(self) -> None:
        """Drop what is in the making."""
        for kept in (self._sides, self._whole, self._single):
            kept.end()

    def _key(self, edition: Edition, wanted: str) -> str:
        """Another one for other files, another build and other books."""
        return f"{self._numbers(edition)[0]}/{wanted}/{self._written(wanted)}"

    def _key_of_side(self, edition: Edition, wanted: str) -> str:
        """The same for editions for which what was approved, sent and built is the same."""
        own, shared = self._numbers(edition)
        number = shared if wanted in _LABELS else own  # of another year all its files count
        return f"{number}/{wanted}/{self._written(wanted)}"

    def _numbers(self, edition: Edition) -> tuple[int, int]:
        """Of an edition, and of the first of those that have the same letters and approvals."""
        for known, own, shared in self._editions:
            if known is edition:
                return own, shared
        new = 1 + max((own for _, own, _ in self._editions), default=0)
        same = (
            one for known, _, one in self._editions if _authorities(known) == _authorities(edition)
        )
        shared = next(same, new)
        self._editions = ((edition, new, shared), *self._editions[: _EDITIONS - 1])
        return new, shared

    def _written(self, wanted: str) -> str:
        """How the files look from outside that were built, approved or sent, each of them."""
        build, records = (
            folder(self._root, self._year) for folder in (year_folder, records_folder)
        )
        folders = {
            APPROVED: (records / "approved",),
            SENT: (records / "approved", records / "sent"),
            LAST_BUILD: (build / "letters",),
        }.get(wanted, ())
        files = [_look(path) for path in (build / "manifest.json", records / LEDGER)]
        return sha256(str((files, *map(list, map(looks_below, folders)))).encode()).hexdigest()


def _authorities(edition: Edition) -> tuple[object, ...]:
    """What tells which letters there were, and which count as approved."""
    campaign = edition.campaign
    letters = tuple(campaign.statistics), campaign.register, campaign.corrections, campaign.letter
    return (*letters, edition.approvals)


def _look(path: Path) -> tuple[int, ...]:
    """How a file looks from outside; nothing where there is none."""
    try:
        return look_of(path.stat())
    except OSError:
        return ()


def sentence_of(error: LettersError | OSError) -> str:
    """Why letters cannot be compared, for a page."""
    if isinstance(error, LettersError):
        return f"{capital(str(error))}."
    return f"What letters are compared with cannot be read: {error.strerror or error}."
