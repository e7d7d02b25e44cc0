"""YAML text to plain values, with the place of each; the only user of yaml.

Only what a person needs to write data is understood: mappings, lists, text, `true` and `false`,
whole numbers, decimals (exact), dates and nothing. Whatever YAML guesses beyond that (`NO`, `0123`,
`1:30`, `0x1F`) stays text; anchors, aliases, merges and tags are refused, and so is deep nesting.
A slip of the pen is explained, never mended: nothing of the file is taken then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partialmethod
from itertools import chain, islice
from pathlib import Path
from typing import Any, Literal, NamedTuple, NoReturn, TypeAlias

import yaml

from letters.errors import Place, Problem, Severity
from letters.source.places import KeyPath, Places, Position, dotted
from letters.source.scalars import NoSuchScalar, Scalar, as_text, is_text, resolve
from letters.source.slips import Slip, key_slip, line_slip, numeral, spreadsheet_error
from letters.source.syntax import bad_line_starts, explain
from letters.source.text import check_characters, odd_characters, odd_in, read_text, unmerged
from letters.wording import quoted

DEEPEST = 20  #: levels of mappings and lists
MOST_PROBLEMS = 50  #: of one file's YAML; then reading stops
MOST_EVENTS = 600_000  #: of the parser, one a value; contacts of 20,000 councils take 470,000

#: libyaml where it is there: ten times as fast.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Events: TypeAlias = Iterator[Any]  #: the parser's


@dataclass(frozen=True, slots=True)
class Source:
    """One file as read."""

    places: Places
    value: Any = None  #: plain; None when the file cannot be read
    problems: tuple[Problem, ...] = ()
    by_authority: bool = False  #: its top keys are slugs of authorities
    private: bool = False  #: it holds personal data: problems do not carry what was found
    over_lines: tuple[KeyPath, ...] = ()  #: the texts that go over more than one line

    def at(self, *path: str | int) -> Any:
        """The plain value at the path, right or wrong; None when there is none."""
        value = self.value
        for key in path:
            if isinstance(key, int):
                value = value[key] if isinstance(value, list) and key < len(value) else None
            else:
                value = value.get(key) if isinstance(value, dict) else None
        return value

    def keys(self, *path: str) -> tuple[str, ...] | None:
        """The keys of the mapping at the path, right or wrong; None when there is none."""
        value = self.at(*path)
        return tuple(value) if isinstance(value, dict) else None

    def problem(
        self,
        severity: Severity,
        code: str,
        path: KeyPath,
        sentence: str,
        hint: str = "",
        at: Literal["key", "value"] = "value",
        value: str | None = None,
    ) -> Problem:
        """A problem at the key or the value of the path; `value` is what was found there."""
        place = self.places.key(*path) if at == "key" else self.places.value(*path)
        authority = _authority(path, self.by_authority)
        if value is None:
            text = as_text(self.at(*path))
            value = "" if at == "key" or self.private or "@" in text else text
        return Problem(place, severity, code, sentence, hint, dotted(path), authority, value)

    error = partialmethod(problem, Severity.ERROR)

    def doubt(self, *arguments: Any, **named: Any) -> Problem:
        """An error that is right in rare cases, which somebody may accept."""
        return replace(self.error(*arguments, **named), may_be_accepted=True)

    warning = partialmethod(problem, Severity.WARNING)
    notice = partialmethod(problem, Severity.NOTICE)


def read(root: Path, file: str, by_authority: bool = False, private: bool = False) -> Source:
    """The file below the root folder as a source; whatever is wrong with it is in its problems."""
    text = read_text(root, file)
    if isinstance(text, Problem):
        return Source(Places(file), None, (text,), by_authority, private)
    return replace(_understood(file, text, by_authority), private=private)


def parse(file: str, text: str, by_authority: bool = False) -> Source:
    """The text as a source; never raises, whatever the text is."""
    if bad := check_characters(file, text):
        return Source(Places(file), None, (bad,), by_authority)
    return _understood(file, text, by_authority)


class Span(NamedTuple):
    """Where an entry stands in a text, in characters from its beginning."""

    key: int  #: where its key begins, or an entry of a list
    value: int
    end: int  #: behind the last character of its value


def spans(text: str) -> Mapping[KeyPath, Span]:
    """Where each entry of a sound text stands; none of a text that is no YAML."""
    try:
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError:
        return {}
    return dict(_spans(node, ())) if node else {}


def _spans(node: yaml.Node, path: KeyPath) -> Iterator[tuple[KeyPath, Span]]:
    children: list[tuple[str | int, yaml.Node, yaml.Node]] = []
    if isinstance(node, yaml.MappingNode):
        children = [(str(key.value), key, value) for key, value in node.value]
    elif isinstance(node, yaml.SequenceNode):
        children = [(index, value, value) for index, value in enumerate(node.value)]
    for name, key, value in children:
        start = int(key.start_mark.index)
        yield (*path, name), Span(start, int(value.start_mark.index), _end(value))
        yield from _spans(value, (*path, name))


def _end(node: yaml.Node) -> int:
    """Behind the last character of a value: what is not in brackets ends with its last part."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(node, yaml.MappingNode) else last)
    return int(node.end_mark.index)


def _understood(file: str, text: str, by_authority: bool) -> Source:
    looks = (unmerged, bad_line_starts, odd_characters)
    problems = tuple(islice(chain.from_iterable(look(file, text) for look in looks), MOST_PROBLEMS))
    if problems:
        return Source(Places(file), None, problems, by_authority)
    return _Builder(file, text, by_authority).source()


def _authority(path: KeyPath, by_authority: bool) -> str:
    """The slug that a path begins with; a list's entries have none."""
    return path[0] if by_authority and path and isinstance(path[0], str) else ""


class _Ends(Exception):
    """The rest of the file is not read; why has been noted."""


@dataclass(slots=True)
class _Builder:
    """Puts one file's value together from the parser's events."""

    file: str
    text: str
    by_authority: bool
    keys: dict[KeyPath, Position] = field(default_factory=dict)
    values: dict[KeyPath, Position] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    over_lines: list[KeyPath] = field(default_factory=list)

    def source(self) -> Source:
        """What was read; its value is None when the text breaks off or holds nothing."""
        try:
            value = self._document()
        except _Ends:
            value = None
        except yaml.YAMLError as error:
            value = None
            self.problems.append(_syntax_problem(self.file, self.text, error))
        if value is None and not self.problems:
            problem = Problem(Place(self.file), Severity.ERROR, "empty-file", "the file is empty")
            self.problems.append(problem)
        places = Places(self.file, self.keys, self.values)
        over_lines = tuple(self.over_lines)
        return Source(places, value, tuple(self.problems), self.by_authority, over_lines=over_lines)

    def _document(self) -> Any:
        value, documents, events = None, 0, self._events()
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    sentence = "a second document begins here"
                    hint = 'a file holds one; delete this line "---"'
                    self._refuse("yaml-second-document", event, (), sentence, hint)
            elif isinstance(event, yaml.NodeEvent):
                value = self._value(event, events, ())
        return value

    def _events(self) -> Events:
        for number, event in enumerate(yaml.parse(self.text, Loader=_LOADER)):
            if number == MOST_EVENTS:
                sentence = "the file holds too many values"
                self._refuse("too-many-values", event, (), sentence, "is this the right file?")
            yield event

    def _value(self, event: yaml.NodeEvent, events: Events, path: KeyPath) -> Any:
        """The value that begins with the event."""
        self._check_extras(event, path)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, path)
        if len(path) >= DEEPEST:
            sentence = f"nested deeper than {DEEPEST} levels"
            self._refuse("nested-too-deep", event, path, sentence, "is a bracket not closed?")
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(events, path, in_braces=bool(event.flow_style))
        return self._list(events, path)

    def _list(self, events: Events, path: KeyPath) -> list[Any]:
        found: list[Any] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            here = (*path, len(found))
            self.values[here] = _position(event)
            found.append(self._value(event, events, here))
        return found

    def _mapping(self, events: Events, path: KeyPath, in_braces: bool) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._key(event, path, in_braces)
            here = (*path, key)
            before = self.keys.get(here)
            if before:
                sentence = f"the key {quoted(key)} is already on line {before[0]}"
                self._fault("duplicate-key", event, here, sentence, "keep one of the two")
            value_event = next(events)
            self._check_slips(value_event, here, in_braces)
            if before:
                self._pass_over(value_event, events, here)
            else:
                self.keys[here], self.values[here] = _position(event), _position(value_event)
                found[key] = self._value(value_event, events, here)
        return found

    def _pass_over(self, event: yaml.NodeEvent, events: Events, path: KeyPath) -> None:
        """Read a value whose key was there before: only what is wrong with it counts."""
        keys, values = self.keys, self.values
        self.keys, self.values = {}, {}
        self._value(event, events, path)
        self.keys, self.values = keys, values

    def _key(self, event: yaml.NodeEvent, path: KeyPath, in_braces: bool) -> str:
        self._check_extras(event, path)
        if not isinstance(event, yaml.ScalarEvent):
            sentence = "a key must be a word, not a list or a mapping"
            hint = "put a text in braces in quotes"
            self._refuse("key-not-a-word", event, path, sentence, hint)
        key = str(event.value)
        if event.style:
            return key
        if "{" in key and (slip := line_slip(key)):
            self._slipped(event, path, slip)
        if in_braces and (slip := key_slip(self.text, _index(event))):
            self._slipped(event, (*path, slip.key), slip)
        if key == "<<":
            sentence = 'a merge ("<<") is not understood here'
            self._fault("yaml-merge", event, (*path, key), sentence, "write the entries themselves")
        elif not is_text(key):
            sentence = f"expected a word as key, found {key or 'nothing'}"
            hint = "put a key like this in quotes"
            self._fault("key-not-a-word", event, (*path, key), sentence, hint)
        return key

    def _scalar(self, event: yaml.ScalarEvent, path: KeyPath) -> Scalar:
        if event.start_mark and event.end_mark and event.end_mark.line > event.start_mark.line:
            self.over_lines.append(path)
        if event.style:  # by an escape, or behind a "#" that begins no comment
            for odd in odd_in(str(event.value), spaces=False)[:1]:
                self._fault(odd.code, event, path, odd.sentence, odd.hint)
        try:
            return str(event.value) if event.style else resolve(event.value)
        except NoSuchScalar as fault:
            code, sentence, hint = fault.args
            self._fault(code, event, path, sentence, hint)
            return None

    def _check_slips(self, event: yaml.NodeEvent, path: KeyPath, in_braces: bool) -> None:
        """End with a slip of the pen that the text of a value shows."""
        if not isinstance(event, yaml.ScalarEvent) or event.style:
            return
        index = _index(event)
        if not event.value and (slip := spreadsheet_error(self.text, index)):
            self._slipped(event, path, slip)
        if in_braces and (slip := numeral(self.text, index)):
            self._slipped(event, path, slip)

    def _check_extras(self, event: yaml.NodeEvent, path: KeyPath) -> None:
        """Tell of an anchor and a tag; end with an alias."""
        if isinstance(event, yaml.AliasEvent):
            sentence = f'an alias ("*{event.anchor}") is not understood here'
            self._refuse("yaml-alias", event, path, sentence, "write the value itself")
        hint = "delete it, or put the whole text in quotes"
        if event.anchor:
            sentence = f"an anchor ({quoted(f'&{event.anchor}')}) is not understood here"
            self._fault("yaml-anchor", event, path, sentence, hint)
        if tag := getattr(event, "tag", None):
            sentence = f"a tag ({quoted(tag)}) is not understood here"
            self._fault("yaml-tag", event, path, sentence, hint)

    def _slipped(self, event: yaml.Event, path: KeyPath, slip: Slip) -> NoReturn:
        self._fault("yaml-syntax", event, path, slip.sentence, slip.hint, slip.offset)
        raise _Ends

    def _refuse(
        self, code: str, event: yaml.Event, path: KeyPath, sentence: str, hint: str
    ) -> NoReturn:
        self._fault(code, event, path, sentence, hint)
        raise _Ends

    def _fault(
        self,
        code: str,
        event: yaml.Event,
        path: KeyPath,
        sentence: str,
        hint: str = "",
        offset: int = 0,
    ) -> None:
        line, column = _position(event)
        place = Place(self.file, line, column + offset)
        authority = _authority(path, self.by_authority)
        name = dotted(path) if len(path) < DEEPEST else ""
        self.problems.append(Problem(place, Severity.ERROR, code, sentence, hint, name, authority))
        if len(self.problems) >= MOST_PROBLEMS:
            sentence = f"reading stops here, after {MOST_PROBLEMS} problems"
            self.problems.append(Problem(place, Severity.ERROR, "too-many-problems", sentence))
            raise _Ends


def _position(event: yaml.Event) -> Position:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _index(event: yaml.Event) -> int:
    return int(event.start_mark.index) if event.start_mark else 0


def _syntax_problem(file: str, text: str, error: yaml.YAMLError) -> Problem:
    names = ("problem_mark", "context_mark")
    marks = [getattr(error, name, None) for name in names]
    mark, beginning = ((at.line + 1, at.column + 1) if at else None for at in marks)
    words = getattr(error, "problem", None) or str(error)
    place, sentence, hint = explain(text, words, mark or (1, 1), beginning)
    return Problem(Place(file, *place), Severity.ERROR, "yaml-syntax", sentence, hint)
