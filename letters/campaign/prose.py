"""What in a text would not come out as it was meant: prose, and values of the data. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from html import unescape
from typing import NamedTuple

from letters.campaign.markdown import Block, blocks_of
from letters.errors import Place, Problem, Severity
from letters.source.text import (
    TEMPLATE_SIGNS,
    check_characters,
    odd_characters,
    odd_in,
    place_at,
    unmerged,
)
from letters.wording import quoted

_PROSE = "a bespoke paragraph has paragraphs, lists, emphasis and links"
#: What Markdown or a template knows, and a letter prints as it was written.
_KINDS = (
    ("a heading", re.compile(r"^#{1,6}(?:[ \t]|$)", re.MULTILINE)),
    ("a line of signs", re.compile(r"^(?:={3,}|-{3,}|\*{3,}|_{3,})[ \t]*$", re.MULTILINE)),
    ("a table", re.compile(r"^(?:\|.*\||:?-+:?[ \t]*\|[-:| \t]*)$", re.MULTILINE)),
    ("a block quote", re.compile(r"^>", re.MULTILINE)),
    ("a picture", re.compile(r"!\[[^\[\]\n]{0,999}\][(\[]")),
    ("code", re.compile(r"^(?:```|~~~)|`[^`\n]{1,999}`", re.MULTILINE)),
    (
        "HTML",
        re.compile(r"(?<!<)</?[A-Za-z][A-Za-z0-9-]{0,30}(?:\s+[a-z-]+=[^<>]{0,999})?\s?/?>|<!--"),
    ),
    ("a footnote", re.compile(r"\[\^[^\]\n]{1,99}\]")),
    (
        "a link by reference",
        re.compile(
            r"\]\[[^\]\n]{0,99}\]"
            r"|^\[[^\]\n^]{1,99}\]:[ \t]*\S",
            re.MULTILINE,
        ),
    ),
    (
        "a link with a space in it",
        re.compile(
            r"\][ \t]+\((?:https?|mailto):|\]\([^()\s]{1,999}[ \t]+[^()\"'\s][^()\n]*\)"
            r"|<(?:https?://|mailto:)[^<>\s]{0,999}[ \t][^<>\n]{0,999}>"
        ),
    ),
    (
        "a link that is not closed",
        re.compile(r"\]\((?:https?://|mailto:)[^\s()]*(?=\s(?![^\n]*\))|$)"),
    ),
    ("a link without https://", re.compile(r"<(?:www\.)?[\w-]+(?:\.[\w-]+)+(?:/[^<>\s]*)?>")),
    ("struck text", re.compile(r"~~[^~\n]{1,999}~~")),
    (
        "a list's mark",
        re.compile(
            r"^(?:[\u2022\u25cf\u25aa\u25e6\u2023\uf0b7]|[-+](?=[^\W\d_]{1,40}\b.*\n[-+]))",
            re.MULTILINE,
        ),
    ),
    (
        "a list's mark",
        re.compile(
            r"^(?P<o>\(?)(?:[0-9]{1,2}[.)]|(?:[a-z]|[ivx]{2,4})\)|[0-9]{1,2}\))[ \t].*"
            r"\n(?P=o)(?:[0-9]{1,2}[.)]|(?:[a-z]|[ivx]{2,4})\))[ \t]",
            re.MULTILINE,
        ),
    ),
    ("a list's mark", re.compile(r"^[0-9]{1,2}[.)](?=[^\W\d_])", re.MULTILINE)),
)
_HINTS = {
    "a list's mark": 'each entry begins with "- " or "1. ", and the first stands below an empty line'
}
_BRACE = re.compile(r"(?<!\{)\{(?![{%#])|(?<![}%#])\}(?!\})")
_TAG = next(pattern for kind, pattern in _KINDS if kind == "HTML")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30})(?P<end>;?)")
_TO_DO = re.compile(
    r"^[xX]{2,9}$|\b(?:TO-?DO|TB[ACD]|FIXME|X{3,})\b|(?<!\w)\?{3,}|_{4,}|\.{5,}|\b[Ll]orem ipsum\b"
    r"|[£$€]\s?[xX]{1,9}\b|\b[xX]{2,9}\s?%|\b[dD]{2}/[mM]{2}/[yY]{2,4}\b"
    r"|Error! \w[^.\n]{0,60}not found\.?|#(?:REF|N/A|VALUE|NAME|DIV/0|NUM|NULL)[!?]?(?!\w)"
)
_BRACKET = re.compile(
    r"(?<![!\]])\[(?P<square>[^\[\]\n]{0,60})\](?!\s?\(|[\[:])"
    r"|\u00ab(?P<angle>[^\u00ab\u00bb\n]{1,40})\u00bb|<<(?P<double>[^<>\n]{1,40})>>"
)
_FILL_IN = frozenset("add amend complete enter fill insert placeholder tba tbc tbd todo".split())
_TO_BE_FILLED = frozenset(
    "address amount case date day email figure link month name number paragraph percentage phone post"
    " reference surname telephone text title year".split()
)
_BESIDE = frozenset(
    "a authority council council's here in letter new number of officer or s the to your".split()
)
_EMPHASIS = re.compile(r"\*+|_+")
_BOLD = re.compile(r"\*\*|(?<!\w)__(?=\w)")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[^\s@]{1,64}@\S{1,255}")
_LONGEST_NUMBER = 999  #: of a list; a sentence may begin with a year
_NO_COMMENT = re.compile(r"(?!)")


class Doubt(NamedTuple):
    """Something in a text that is hardly meant."""

    offset: int  #: in the text
    code: str
    sentence: str
    hint: str
    value: str  #: what stands there
    severity: Severity = Severity.WARNING

    def at(self, place: Place) -> Problem:
        """As a problem of a text on one line that begins at a place."""
        here = replace(place, column=place.column + self.offset)
        return Problem(here, self.severity, self.code, self.sentence, self.hint, value=self.value)


# In bespoke paragraphs -------------------------------------------------------------------------


def slips(file: str, text: str) -> Iterator[Problem]:
    """What a paragraph holds that a letter cannot show, or that somebody forgot to replace."""
    if merged := tuple(unmerged(file, text)):
        yield from merged
        return
    yield from odd_characters(file, text, _NO_COMMENT)
    source, told = _Source(text), set[str]()
    for block in blocks_of(text):
        for doubt in _doubts_of(block):
            if doubt.code == "printed-as-written":  # once a kind
                if doubt.sentence in told:
                    continue
                told.add(doubt.sentence)
            offset = source.find(block, doubt)
            yield doubt._replace(offset=0).at(place_at(file, text, offset))
    for doubt in _entities_in_source(text):
        yield doubt._replace(offset=0).at(place_at(file, text, doubt.offset))


def _doubts_of(block: Block) -> Iterator[Doubt]:
    text = _ADDRESS.sub(lambda match: "x" * len(match[0]), block.text)
    if not text:
        sentence, hint = "this entry of a list says nothing", "delete its mark"
        yield Doubt(0, "empty-entry", sentence, hint, "", Severity.ERROR)
    if block.mark and int(block.mark[:-1]) > _LONGEST_NUMBER:
        sentence = f"{quoted(block.mark)} begins a numbered list here"
        hint = f"write {block.mark[:-1]}\\{block.mark[-1]} in a sentence"
        yield Doubt(0, "list-by-chance", sentence, hint, block.mark)
    elif block.mark.startswith("0") and block.mark[1:2].isdigit():
        sentence = f"{quoted(block.mark)} is printed as {block.mark.lstrip('0') or '0'}"
        yield Doubt(0, "number-otherwise", sentence, "write it so", block.mark)
    if block.in_word:
        sentence = f"the signs in {quoted(block.in_word)} are taken for emphasis, and not printed"
        hint = "write \\* for the sign itself"
        yield Doubt(0, "emphasis-in-word", sentence, hint, block.in_word)
    for kind, pattern in _KINDS:
        if match := pattern.search(block.text):
            yield _as_written(kind, match, _HINTS.get(kind, _PROSE))
    if match := TEMPLATE_SIGNS.search(text):
        yield _template_code(match, "belongs in a template: a paragraph is printed as it is")
    if match := _BRACE.search(text):
        yield _as_written("a brace", match, _PROSE)
    yield from placeholders(text)
    for match in _EMPHASIS.finditer(text):
        if _is_left_over(text, match):
            signs = match[0]
            sentence = f"{quoted(signs)} is printed as it is written: no second one closes it"
            hint = f"write the other one, or \\{signs[0]} for the sign itself"
            yield Doubt(match.start(), "emphasis-unclosed", sentence, hint, signs)


def _is_left_over(text: str, match: re.Match[str]) -> bool:
    """Whether a sign of emphasis that emphasises nothing is no sign of its own, as in 5 * 3."""
    before = text[match.start() - 1 : match.start()] or " "
    after = text[match.end() : match.end() + 1] or " "
    if len(match[0]) > 3 and match[0][0] == "_":  # a line to fill in, which is told
        return False
    if len(match[0]) > 2 and before in "\n " and after in "\n ":  # a line of signs, too
        return False
    if before.isspace() and after.isspace():
        return len(match[0]) > 1
    inside = before.isalnum() and after.isalnum()
    if match[0] == "*" and before.isdigit() and not after.isalnum():  # the stars of a hotel
        return False
    return not (inside and (match[0][0] == "_" or len(match[0]) == 1))


class _Source:
    """Finds in a paragraph's source what its blocks say, one after the other."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def find(self, block: Block, doubt: Doubt) -> int:
        """The offset in the source of what is doubted."""
        start = self._starts[min(block.line, len(self._starts)) - 1]
        begins = start + len(self._text[start:]) - len(self._text[start:].lstrip())
        if doubt.value in ("", block.mark) or not block.text:
            return begins
        if doubt.value == block.in_word:
            return max(begins, self._text.find(doubt.value, start))
        at = doubt.offset
        for before, after in ((8, 12), (0, 12), (8, 2), (0, 2), (0, 1)):
            context = block.text[max(0, at - before) : at + after]
            found = self._text.find(context, start)
            if found >= 0:
                return found + min(before, at)
        return begins


def _entities_in_source(text: str) -> Iterator[Doubt]:
    bare = re.sub(r"\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*|<[^<>\s]*>|\\.|" + _ADDRESS.pattern,
                  lambda match: "x" * len(match[0]), text)  # fmt: skip
    return entities(bare)


# In any text that is printed -------------------------------------------------------------------


def printed_doubts(text: str, braces: bool = True) -> Iterator[Doubt]:
    """What of a text that is printed as it is is hardly meant so; of braces if nobody else tells."""
    if code := TEMPLATE_SIGNS.search(text):
        yield _template_code(code, "belongs in a template: a value is printed as it is")
    for kind, pattern in (
        *((("a brace", _BRACE),) if braces else ()),
        ("HTML", _TAG),
        ("emphasis", _BOLD),
    ):
        if found := pattern.search(text):
            yield _as_written(kind, found, "write the words as they are to be read")
    for match in _ENTITY.finditer(text):
        if match["end"] and unescape(match[0]) != match[0]:
            yield _as_written("an entity", match, f"write {unescape(match[0])}")
    yield from placeholders(text)


_DOTS = {ord("İ"): "i", ord("ı"): "i"}  # re.IGNORECASE finds them for "i", casefold does not


class Names:
    """Finds full names in texts, however they are spaced; the longest that fits, and whole words."""

    def __init__(self, names: Iterable[str]) -> None:
        self._by_first_word = defaultdict[str, list[tuple[str, frozenset[str]]]](list)
        for name in {unicodedata.normalize("NFC", name) for name in names}:
            if words := _words(name):
                self._by_first_word[words[0]].append((name, frozenset(words)))

    def found(self, text: str) -> Iterator[re.Match[str]]:
        """Each name in a text, in the order of the text."""
        there = set(_words(text))
        possible = [
            name
            for word in there
            for name, words in self._by_first_word.get(word, ())
            if words <= there
        ]
        if not possible:
            return
        longest_first = sorted(possible, key=len, reverse=True)
        spaced = "|".join(r"\s+".join(map(re.escape, name.split())) for name in longest_first)
        yield from re.finditer(rf"(?<![\w-])(?:{spaced})(?![\w-])", text, re.IGNORECASE)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.translate(_DOTS).casefold())


def placeholders(text: str) -> Iterator[Doubt]:
    """Each place of a text that was to be filled in."""
    brackets = [match for match in _BRACKET.finditer(text) if _is_to_be_filled(match)]
    others = (
        match
        for match in _TO_DO.finditer(text)
        if not any(one.start() <= match.start() < one.end() for one in brackets)
    )
    for match in (*brackets, *others):
        sentence = f"{quoted(match[0])} looks like a place that was to be filled in"
        hint = "write what belongs there"
        yield Doubt(match.start(), "placeholder", sentence, hint, match[0])


def _is_to_be_filled(bracket: re.Match[str]) -> bool:
    """Whether brackets hold no quotation: a word for what belongs there, or nothing."""
    inside = next(one for one in bracket.groups() if one is not None)
    words = re.findall(r"[a-z']+", inside.lower().replace("_", " ")) or [""]
    if not inside.strip(" _xX?\u25cf\u2022") or _TO_DO.search(inside):
        return True
    kinds = [word if word in _TO_BE_FILLED else word.removesuffix("s") for word in words]
    others = [word for word, kind in zip(words, kinds, strict=True) if kind not in _TO_BE_FILLED]
    if any(character.isdigit() for character in inside):  # the number of a case
        return False
    return words[0] in _FILL_IN or (kinds[0] in _TO_BE_FILLED and _BESIDE.issuperset(others))


def entities(text: str, in_html: bool = False) -> Iterator[Doubt]:
    """What is wrong with the entities of a text."""
    for match in _ENTITY.finditer(text):
        name = match[0].removesuffix(";")
        character, start = unescape(f"{name};"), match.start()
        if character == f"{name};":
            if match["end"] and not text[start - 1 : start].isalnum():  # as in T&Cs;
                sentence = f"there is no entity {quoted(match[0])}; it is printed as it is written"
                yield Doubt(start, "no-such-entity", sentence, "write the sign itself", match[0])
        elif not match["end"] and not re.match("[=A-Za-z0-9]", text[match.end() : match.end() + 1]):
            so = "" if in_html else ", so it is printed as it is written"
            sentence = f"{quoted(name)} has no semicolon{so}"
            odd = odd_in(character)
            hint = odd[0].hint if odd else f"write {name};"
            yield Doubt(start, "entity-unended", sentence, hint, name)
        elif match["end"]:
            yield from _of_character(match, "\ufffd" if _is_none(name) else character)


def _is_none(name: str) -> bool:
    """Whether a number is no character's (HTML would make another one of some of them)."""
    number = name.removeprefix("&#")
    code = int(number[1:], 16) if number[:1] in "xX" else int(number) if number.isdigit() else 160
    return code in range(0x80, 0xA0) or code == 0 or code > 0x10FFFF


def _of_character(match: re.Match[str], character: str) -> Iterator[Doubt]:
    if character == "\ufffd" or check_characters("", character):
        sentence = f"{quoted(match[0])} is no character that can be printed"
        hint = "write the sign itself"
        yield Doubt(match.start(), "no-such-entity", sentence, hint, match[0], Severity.ERROR)
    for odd in odd_in(character, spaces=False):
        yield Doubt(match.start(), odd.code, odd.sentence, odd.hint, match[0], Severity.ERROR)


def _as_written(kind: str, match: re.Match[str], hint: str) -> Doubt:
    sentence = f"{kind} is printed as it is written"
    line = match.string[match.string.rfind("\n", 0, match.start()) + 1 :].split("\n")[0].strip()
    return Doubt(match.start(), "printed-as-written", sentence, hint, line)


def _template_code(match: re.Match[str], why: str) -> Doubt:
    sentence, hint = f"{quoted(match[0])} {why}", "write the words themselves"
    return Doubt(match.start(), "template-code", sentence, hint, match[0], Severity.ERROR)
