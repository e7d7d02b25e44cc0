"""Finished pages held against the HTML they were made from: nothing is missing, added or hidden.

The words of the PDF's text are those of the HTML in their order; what stands in the margins of
pages and the marks of lists are set aside. No two lines stand on one another, and all ink is on
paper. Pure: pages come as their text and the places of its ink.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import NamedTuple

from letters.errors import Spot
from letters.typesetting.elements import VOID, wrong_words
from letters.typesetting.finished import Ink, PageText
from letters.typesetting.page_faults import A_NAME, PageFault
from letters.typesetting.tags import Begin, End, Words, parts_of
from letters.wording import quoted

_LIMIT = 0.5  #: points that the ink of two lines may overlap, and that ink may leave its page
_KERNED = 2.0  #: points that pieces of one line may reach into one another: an italic f
_SAME_LINE = 0.6  #: of the lower one's height that two pieces of one line have in common
_MOST = 3  #: faults of the ink of a page that are told
_NOT_COMPARED = re.compile(r"[\s\x02\xad\u2010\ufffe-]+")  # nor hyphens: some end lines
_HYPHENS = "-\u2010\u2011"
_INNER_HYPHEN = re.compile(r"[-\u2010\u2011](?![ ]*[\r\n]|[ ]*$)")  # and none that ends a line
_UNPRINTED = ("head", "style", "title", "desc")  # a drawing's title is read aloud

_HINT = (
    "look for a page that is too full, for styles that hide it (display, visibility), draw it in"
    " another order (float, order; position: relative keeps it) or add to it (content)"
)


class _Piece(NamedTuple):
    """Words of the HTML between two tags."""

    words: str
    is_private: bool


class Added(NamedTuple):
    """What a page says and the HTML does not."""

    margins: Sequence[str]  #: drawn last
    marks: Sequence[str]  #: of lists


def proofread(
    html: str,
    pages: Sequence[PageText],
    added: Sequence[Added],
    as_drawn: Callable[[], Sequence[str]],
    words_at: Callable[[int, Ink], str],
    letters_at: Callable[[int, Ink], Sequence[Ink]],
) -> Iterator[PageFault]:
    """What of a letter's pages is other than its HTML has it; nothing when all is well.

    `as_drawn` gives the texts of the pages in the very order in which they are drawn, and is asked
    when the others differ; `words_at` tells the words at a place of a page, `letters_at` where each
    letter of them is. Of words that are
    missing or added the first are told.
    """
    pieces = tuple(_pieces(html))
    fault = _word_fault(pieces, [page.text for page in pages], added)
    if fault:
        drawn = as_drawn()
        fault = _word_fault(pieces, drawn, added)
        if fault and _word_fault(pieces, drawn, added, marks_first=True):
            yield fault
    private = _bare(" ".join(piece.words for piece in pieces if piece.is_private))
    for number, page in enumerate(pages, start=1):
        for margin in added[number - 1].margins:
            for wrong in wrong_words(margin):
                yield PageFault(wrong.code, f"page {number}: {wrong.sentence}", wrong.hint, margin)
        for ink, code, sentence in islice(_ink_faults(page, partial(letters_at, number)), _MOST):
            words = words_at(number, ink)
            shown = A_NAME if _bare(words) in private else quoted(words)
            said = f"page {number}: {shown} {sentence}"
            yield PageFault(code, said, "", words, (Spot(number, *ink),))


def _word_fault(
    pieces: Sequence[_Piece],
    texts: Sequence[str],
    added: Sequence[Added],
    marks_first: bool = False,
) -> PageFault | None:
    """The first words that are missing or added; what may be words or a mark is tried as both."""
    printed = "".join(_body(*page) for page in zip(texts, added, strict=True))
    marks = Counter(bare for page in added for text in page.marks if (bare := _bare(text)))
    at = 0
    for piece in pieces:
        words = _bare(piece.words)
        while marks_first and (mark := _mark(marks, printed, at)):
            at += len(mark)
        while not printed.startswith(words, at):
            if not (mark := _mark(marks, printed, at)):
                shown = A_NAME if piece.is_private else quoted(piece.words.strip())
                sentence = f"the pages do not say {shown} where the HTML does"
                if (there := printed.find(words, at)) >= 0:
                    between = printed[at:there]
                    said = _bare(" ".join(one.words for one in pieces))
                    sentence = f"the pages say {shown} in another place than the HTML"
                    if between not in said:
                        sentence = f"the pages say more before {shown} than the HTML"
                return PageFault("words-missing", sentence, _HINT, piece.words.strip())
            at += len(mark)
        at += len(words)
    while mark := _mark(marks, printed, at):
        at += len(mark)
    if sum(len(_INNER_HYPHEN.findall(text)) for text in texts) > _hyphens(pieces, added):
        return PageFault("words-added", "the pages show a hyphen more than the HTML", _HINT)
    if at < len(printed):
        sentence = "the pages say more at their end than the HTML"
        return PageFault("words-added", sentence, _HINT)
    return None


def _hyphens(pieces: Sequence[_Piece], added: Sequence[Added]) -> int:
    """How many hyphens the pages may show; those that end lines are none."""
    known = (text for page in added for text in (*page.margins, *page.marks))
    texts = (*(piece.words for piece in pieces), *known)
    return sum(text.count(sign) for text in texts for sign in _HYPHENS)


def _body(text: str, added: Added) -> str:
    """A page's bare text without what stands in its margins."""
    body, left = _bare(text), [bare for one in added.margins if (bare := _bare(one))]
    while last := max((one for one in left if body.endswith(one)), key=len, default=""):
        body = body.removesuffix(last)
        left.remove(last)
    return body


def _mark(left: Counter[str], printed: str, at: int) -> str:
    """The longest of the marks left that stands there, which is taken; "" for none."""
    found = max(
        (one for one, times in left.items() if times and printed.startswith(one, at)),
        key=len,
        default="",
    )
    left[found] -= 1
    return found


def _pieces(html: str) -> Iterator[_Piece]:
    """The words of the body as they are to be printed."""
    unprinted, private = 0, list[str]()
    for _, parts in parts_of(html):
        for part in parts:
            if isinstance(part, Words):
                if not unprinted and part.text.strip():
                    yield _Piece(part.text, bool(private))
            elif isinstance(part, Begin):
                opens = not part.ends_itself and part.tag not in VOID
                unprinted += opens and part.tag in _UNPRINTED
                if private or "data-private" in part.text:
                    private += [part.tag] * opens
            elif isinstance(part, End):
                unprinted -= part.tag in _UNPRINTED
                if private and private[-1] == part.tag:
                    private.pop()


def _bare(text: str) -> str:
    """The text without spaces and hyphens, whatever its case and the forms of its letters."""
    return _NOT_COMPARED.sub("", unicodedata.normalize("NFKC", text)).casefold()


def _ink_faults(
    page: PageText, letters_at: Callable[[Ink], Sequence[Ink]]
) -> Iterator[tuple[Ink, str, str]]:
    inks = sorted(page.inks, key=lambda ink: ink.bottom)
    for index, ink in enumerate(inks):
        low, high = min(ink.left, ink.bottom), max(ink.right - page.width, ink.top - page.height)
        if low < -_LIMIT or high > _LIMIT:
            yield ink, "off-the-page", "is outside of the page"
        for other in inks[index + 1 :]:
            if other.bottom > ink.top - _LIMIT:
                break
            if _cross(ink, other) and _letters_cross(letters_at(ink), letters_at(other)):
                yield other, "words-over-words", "stands on other words"


def _cross(one: Ink, other: Ink) -> bool:
    across = min(one.right, other.right) - max(one.left, other.left)
    if across <= _LIMIT:
        return False
    down = min(one.top, other.top) - max(one.bottom, other.bottom)
    lower = min(one.top - one.bottom, other.top - other.bottom)
    return across > _KERNED if down >= _SAME_LINE * lower else down > _LIMIT


def _letters_cross(some: Sequence[Ink], others: Sequence[Ink]) -> bool:
    """Whether letters stand on one another: an accent above a capital may stand between them."""
    return any(
        min(one.right, other.right) - max(one.left, other.left) > _LIMIT
        and min(one.top, other.top) - max(one.bottom, other.bottom) > _LIMIT
        for one in some
        for other in others
    )
