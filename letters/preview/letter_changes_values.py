"""What the page of changes of one letter says, as plain values for its template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

from letters.compare.change import Change
from letters.compare.comparison import Comparison, LetterComparison
from letters.compare.pictures import PageBeside, Region, in_words
from letters.preview.changes_wording import (
    SAID,
    address_of_changed,
    day_of,
    how_much,
    place,
    sentence,
    shortened,
    since,
)
from letters.preview.page_values import Values
from letters.preview.seen import joined
from letters.wording import capital, numbered, with_zone

_NOTHING: Values = {
    "on": "",
    "at": "",
    **dict.fromkeys(("changes", "numbers", "rows", "causes", "flagged"), ()),
}


def letter(found: Comparison, slug: str, wanted: str, seen: Mapping[str, str]) -> Values:
    """The changes of one letter: words by blocks, figures, and why.

    `seen` are the keys of classes, as far as they are known; see `letters.preview.seen`.
    """
    one = found.letters.get(slug)
    return _compared(one, wanted, seen) if one else {**_NOTHING, "told": _why_not(found, slug)}


def _compared(one: LetterComparison, wanted: str, seen: Mapping[str, str]) -> Values:
    numbers = one.numbers
    return {
        "told": _told(one, wanted),
        "on": day_of(one.before.at),
        "at": with_zone(one.before.at),
        "changes": [_change(change, seen) for change in one.changes if change not in numbers],
        "numbers": [_change(change, seen) for change in numbers],
        "rows": [
            {
                "name": capital(row.name),
                "was": row.was,
                "now": row.now,
                "difference": row.difference,
                "flagged": row.flagged,
                "causes": [
                    {
                        "words": cause.words,
                        "place": str(cause.place) if cause.place else "",
                        "supplies": [supply.words for supply in cause.supplies],
                    }
                    for cause in row.causes
                ],
            }
            for row in one.rows
        ],
        "causes": one.causes,
        "flagged": [sentence(told) for told in one.flagged],
    }


def _why_not(found: Comparison, slug: str) -> str:
    if slug in found.missing:
        return f"This letter cannot be compared: {found.missing[slug]}."
    if slug in found.only_now:
        return f"This letter is new: it is not in {found.beside}."
    return f"This letter is not in {found.beside}."


def _told(one: LetterComparison, wanted: str) -> str:
    suffix = since(wanted).replace("they were", "it was")
    if not one.changed:
        return f"Nothing that it says changed {suffix}."
    return f"{capital(how_much(one))} changed {suffix}."


def _change(change: Change, seen: Mapping[str, str]) -> Values:
    return {
        "place": place(change.place),
        "what": SAID[change.what],
        "pieces": [{"text": one.text, "mark": str(one.mark)} for one in change.pieces],
        "seen": joined(seen, (hunk.id for hunk in change.hunks)),
    }


def turn(found: Comparison, slug: str, wanted: str, chosen: str) -> Values:
    """The changed letters before and after one: those of a class, or all, the outliers first."""
    year = found.year
    own = next((one.letters for one in found.classes if one.id == chosen), None)
    order = (
        list(own)
        if own
        else list(dict.fromkeys((*(o.slug for o in found.outliers), *found.changed)))
    )
    if slug not in order:
        return {"previous": "", "next": address_of_changed(year, order[0], wanted) if order else ""}
    at = order.index(slug)
    previous, following = order[:at][-1:], order[at + 1 :][:1]
    of = "of this change" if own else "that changed"
    return {
        "previous": "".join(address_of_changed(year, one, wanted, chosen) for one in previous),
        "next": "".join(address_of_changed(year, one, wanted, chosen) for one in following),
        "place_in_list": f"Letter {at + 1} of {len(order)} {of}.",
    }


def pictures(
    beside: Sequence[PageBeside], same_words: bool, addresses: Mapping[str, str]
) -> Values:
    """The pages of one letter as pictures; `addresses` has what theirs begin and end with."""
    changed = [one for one in beside if one.changed]
    return {
        "pages": [_page(one, addresses) for one in beside],
        "looks": in_words(beside, same_words),
        "equal": not beside,
        "summary": f"{len(changed)} of {numbered(len(beside), 'page')}"
        f" {'looks' if len(changed) == 1 else 'look'} otherwise",
    }


def _page(page: PageBeside, addresses: Mapping[str, str]) -> Values:
    width, height = page.size
    return {
        "number": page.number,
        "changed": page.changed,
        "told": _told_of_page(page),
        "width": width,
        "height": height,
        **{
            side: addresses[side].format(page.number) if size else ""
            for side, size in (("before", page.before), ("now", page.now))
        },
        "difference": addresses["difference"].format(page.number),
        "regions": [
            _region(page.number, index, region)
            for index, region in enumerate(page.regions, start=1)
        ],
    }


def _told_of_page(page: PageBeside) -> str:
    if page.before is None:
        return "this page is new"
    if page.now is None:
        return "this page is gone"
    if not page.changed:
        return "looks the same"
    size = "of another size, " if page.before != page.now else ""
    return f"{size}{numbered(len(page.regions), 'place')} changed"


def _region(page: int, index: int, region: Region) -> Values:
    before, now = _differing(region)
    left, top, right, bottom = region.box
    return {
        "id": f"p{page}-{index}",
        "index": index,
        "before": before,
        "now": now,
        "only_looks": region.only_looks,
        "words": shortened(region.now),
        "left": left,
        "top": top,
        "width": right - left,
        "height": bottom - top,
    }


def _differing(region: Region) -> tuple[str, str]:
    """The words of a region that are gone, and those that are new."""
    old, new = region.before, region.now
    gone, come = list[str](), list[str]()
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            gone += old[i1:i2]
            come += new[j1:j2]
    return shortened(gone), shortened(come)
