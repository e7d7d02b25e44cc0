"""What the pages of changes show: all letters beside what they were, and each with its pages."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Self
from urllib.parse import quote

from letters.batch.draft import Draft
from letters.check import Edition
from letters.compare.comparison import Comparison
from letters.compare.pictures import PageBeside, difference, pages_beside
from letters.errors import LettersError
from letters.preview import changes_values, letter_changes_values
from letters.preview.changes_wording import address_of_changes, choices
from letters.preview.compared import (
    Beside,
    Compared,
    Unwanted,
    labels,
    sentence_of,
    wanted_or_usual,
)
from letters.preview.desk import Desk, Shown
from letters.preview.kept import Kept
from letters.preview.page_values import Values, address_of_letter, version_of
from letters.preview.proofs import AHEAD, HEAVIEST, PAGE_WIDTH, Proofs
from letters.preview.seen import seen_keys
from letters.typesetting.finished import picture
from letters.wording import reason_of

BEFORE, DIFFERENCE = "before", "difference"  #: pictures beside those that letters have anyway

_PATIENCE = (
    2.5  #: seconds that a page waits for all letters to be compared; then it comes by itself
)
_LITTLE = 0.2  #: seconds that one letter waits for all of them, which only tell what is beside it
_NEEDED = "Nothing can be compared before the errors above are mended."


@dataclass(frozen=True, slots=True)
class Pair:
    """The PDFs of one letter, before and now."""

    before: bytes
    now: bytes
    draft: Draft  #: that is now
    digests: tuple[str, str]  #: of both, short

    @classmethod
    def of(cls, before: bytes, now: bytes, draft: Draft) -> Self:
        """Both of a draft's, and what tells them from others."""
        digests = version_of(sha256(before).hexdigest()), version_of(sha256(now).hexdigest())
        return cls(before, now, draft, digests)

    def version(self, side: str = DIFFERENCE) -> str:
        """What tells a picture of it from others in an address."""
        return self.digests[0] if side == BEFORE else "-".join(self.digests)


class Changes:
    """Compares one year's letters when somebody looks, in one event loop, and keeps what was made."""

    def __init__(self, desk: Desk, proofs: Proofs) -> None:
        """Letters of now are those of the desk; pages are drawn by the workers of the proofs."""
        self._desk, self._proofs = desk, proofs
        self._compared = Compared(desk.root, desk.year, self._is_shown)
        self._awaited = set[asyncio.Task[Comparison | str]]()  #: of which pages are to be told
        self._beside: Kept[tuple[PageBeside, ...]] = Kept(200)
        self._pictures: Kept[bytes] = Kept(150, HEAVIEST, len)

    def end(self) -> None:
        """Drop what is in the making."""
        for kept in (self._compared, self._beside, self._pictures):
            kept.end()

    async def all_letters(self, query: Mapping[str, str]) -> Values:
        """Which letters changed, those that changed as no other did first, and how."""
        edition = self._desk.view.shown
        nothing = {
            "heading": "Changes",
            "waiting": False,
            "hindrance": "",
            "found": None,
            "class": None,
            "choices": [],
        }
        if edition is None:
            return {**nothing, "hindrance": _NEEDED}
        wanted, choices = self._wanted(edition, query)
        found = await self._soon(edition, wanted, _PATIENCE)
        if isinstance(found, str):
            return {**nothing, "choices": choices, "hindrance": self._desk.typed(found)}
        if found is None:
            waiting = {"waiting": True, "heading": "The letters are being compared"}
            return {**nothing, "choices": choices, **waiting}
        names = {slug: one.name for slug, one in edition.campaign.register.items()}
        found = self._typed(found)
        overview = changes_values.overview(found, names, wanted, edition.approvals or {})
        return {
            **nothing,
            "choices": choices,
            "found": overview,
            "heading": overview["heading"],
            "class": changes_values.of_class(found, names, query.get("class", ""), wanted),
        }

    async def one_letter(self, shown: Shown, slug: str, query: Mapping[str, str]) -> Values:
        """How one letter changed: its words, its figures, its pages."""
        wanted, choices = self._wanted(shown.edition, query, slug)
        chosen = query.get("class", "")
        values: dict[str, Any] = {
            "choices": choices,
            "overview": address_of_changes(self._desk.year, wanted, chosen),
            "chosen": chosen,
            "hindrance": "",
            "change": None,
            "pictures": None,
            "no_pictures": "",
        }
        try:
            found = self._typed(await self._compared.letter(shown.edition, wanted, slug))
            beside = await self._compared.side(shown.edition, wanted)
        except (LettersError, OSError) as error:
            return {**values, "hindrance": self._desk.typed(sentence_of(error))}
        whole = await self._soon(shown.edition, wanted, _LITTLE)
        seen = seen_keys(whole, wanted) if isinstance(whole, Comparison) else {}
        values["change"] = letter_changes_values.letter(found, slug, wanted, seen)
        if isinstance(whole, Comparison):
            values |= letter_changes_values.turn(whole, slug, wanted, chosen)
        if slug in found.letters:
            values |= await self._looks(beside, found, shown, slug, wanted)
        return values

    async def picture(
        self, shown: Shown, slug: str, side: str, number: int, query: Mapping[str, str]
    ) -> tuple[bytes, str]:
        """A page as it was, or the difference of both: a PNG, and its version.

        Raises LettersError, OSError, and IndexError where there is none.
        """
        wanted, _ = self._wanted(shown.edition, query)
        pair = await self._pair(await self._compared.side(shown.edition, wanted), shown, slug)
        if pair is None or side not in (BEFORE, DIFFERENCE):
            raise IndexError(f"there is no picture {side} of {slug}")
        return await asyncio.shield(self._drawing(pair, side, number)), pair.version(side)

    def _is_shown(self, edition: Edition) -> bool:
        view = self._desk.view
        return edition is view.shown or edition is view.sound

    def _wanted(
        self, edition: Edition, query: Mapping[str, str], slug: str = ""
    ) -> tuple[str, list[Values]]:
        """What letters are compared with, and what else they can be compared with."""
        known = labels(self._desk.root, self._desk.year)
        wanted = wanted_or_usual(edition, query.get("with", ""), known)
        return wanted, choices(self._desk.year, known, wanted, slug)

    async def _soon(
        self, edition: Edition, wanted: str, patience: float
    ) -> Comparison | str | None:
        """The comparison of all letters, or why there is none.

        None when it takes long: then pages are told once it is there.
        """
        task = self._compared.whole(edition, wanted)
        done, _ = await asyncio.wait({task}, timeout=patience)
        if done:
            with suppress(Unwanted):  # the files have changed, and pages come again
                return task.result()
        elif task not in self._awaited:
            self._awaited.add(task)
            task.add_done_callback(self._tell)
        return None

    def _typed(self, found: Comparison) -> Comparison:
        """The same, with the commands that it tells as they are typed here."""
        typed = self._desk.typed
        missing = {slug: typed(why) for slug, why in found.missing.items()}
        return replace(found, notes=tuple(map(typed, found.notes)), missing=missing)

    def _tell(self, task: asyncio.Task[Comparison | str]) -> None:
        """Have pages come again with what they wait for."""
        self._awaited.discard(task)
        if not task.cancelled() and task.exception() is None:
            self._desk.tell()

    async def _looks(
        self, beside: Beside, found: Comparison, shown: Shown, slug: str, wanted: str
    ) -> Values:
        """The pages as pictures, or why there are none."""
        try:
            pair = await self._pair(beside, shown, slug)
            if pair is None:
                return {"no_pictures": "One of the two has no pages, so they cannot be compared."}
            make = pages_beside, pair.before, pair.now, PAGE_WIDTH
            pages = await self._beside.get(pair.version(), lambda: self._proofs.run(*make))
        except (LettersError, OSError) as error:
            why = reason_of(error) if isinstance(error, OSError) else str(error)
            return {"no_pictures": f"The pages cannot be compared now: {why.rstrip('.')}."}
        self._draw_ahead(pair, [one.number for one in pages if one.changed])
        address, query = f"{address_of_letter(self._desk.year, slug)}/", f"with={quote(wanted)}"
        addresses = {
            side: f"{address}changes/{side}/{{}}.png?{query}&v={pair.version(side)}"
            for side in (BEFORE, DIFFERENCE)
        }
        addresses["now"] = f"{address}pages/{{}}.png?v={version_of(pair.draft.entry.fingerprint)}"
        same_words = not found.letters[slug].changed
        return {"pictures": letter_changes_values.pictures(pages, same_words, addresses)}

    def _draw_ahead(self, pair: Pair, numbers: Sequence[int]) -> None:
        """Begin the pictures of pages that changed: they will be asked for next."""
        for side in (BEFORE, DIFFERENCE):
            for number in numbers[:AHEAD]:
                self._drawing(pair, side, number)

    def _drawing(self, pair: Pair, side: str, number: int) -> asyncio.Task[bytes]:
        """A picture that is made, or is in the making."""

        async def make() -> bytes:
            if side == BEFORE:
                return (await self._proofs.run(picture, pair.before, number, PAGE_WIDTH)).png
            return await self._proofs.run(difference, pair.before, pair.now, number, PAGE_WIDTH)

        return self._pictures.begin(f"{pair.version(side)}/{number}", make)

    async def _pair(self, beside: Beside, shown: Shown, slug: str) -> Pair | None:
        """Both PDFs of a letter; None where one has none. Raises LettersError and OSError."""
        then = beside.before.versions.get(slug)
        if then is None or shown.draft is None:
            return None
        before = b""
        if then.pdf is not None:
            before = await asyncio.to_thread(then.pdf)
        elif beside.other is not None:  # of another year, which nobody has built
            before = (await self._proofs.behind(beside.other.draft(then.slug))).pdf
        now = (await self._proofs.pdf(shown.draft)).pdf
        if not before or not now:
            return None
        return await asyncio.to_thread(Pair.of, before, now, shown.draft)
