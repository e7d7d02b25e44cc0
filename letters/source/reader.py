"""YAML text to plain values, with the place of each; the only user of yaml.

Only what a person needs to write data is understood: mappings, lists, text, `true` and `false`, whole numbers,
decimals (exact), dates and nothing. Whatever YAML guesses beyond that (`NO`, `0123`, `1:30`, `0x1F`) stays text;
anchors, aliases, merges and tags are refused. Events are read one by one: nesting is refused where it gets too deep.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path
from typing import Any, Literal

import yaml

from letters.errors import Place, Problem, Severity
from letters.source.places import KeyPath, Places, Position, dotted
from letters.source.scalars import NoSuchScalar, Scalar, is_text, resolve
from letters.source.slips import KeySlip, key_slip, line_slip, numeral, spreadsheet_error
from letters.source.syntax import bad_line_starts, explain
from letters.source.text import check_characters, invisible_characters, read_text
from letters.wording import quoted

DEEPEST = 20  #: levels of mappings and lists
MOST_PROBLEMS = 50  #: of one file's YAML; then reading stops
MOST_EVENTS = 150_000  #: of the parser, about one for a value; the contacts of all 343 councils take about 8,000

_LOADER = getattr(
    yaml, "CSafeLoader", yaml.SafeLoader
)  # libyaml where it is there: ten times as fast


@dataclass(frozen=True, slots=True)
class Source:
    """One file as read: its plain value (None when it cannot be read at all), the places in it, the problems found."""

    places: Places
    value: Any = None
    problems: tuple[Problem, ...] = ()
    by_authority: bool = False

    def at(self, *path: str) -> Any:
        """The plain value at the path, right or wrong; None when there is none."""
        value = self.value
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        return value

    def keys(self, *path: str) -> tuple[str, ...] | None:
        """The keys of the mapping at the path, right or wrong; None when there is no mapping that could be read."""
        value = self.at(*path)
        return tuple(value) if isinstance(value, dict) else None

    def error(
        self,
        code: str,
        path: KeyPath,
        sentence: str,
        hint: str = "",
        at: Literal["key", "value"] = "value",
    ) -> Problem:
        """An error."""
        return self.problem(Severity.ERROR, code, path, sentence, hint, at)

    def warning(
        self,
        code: str,
        path: KeyPath,
        sentence: str,
        hint: str = "",
        at: Literal["key", "value"] = "value",
    ) -> Problem:
        """A warning."""
        return self.problem(Severity.WARNING, code, path, sentence, hint, at)

    def notice(
        self,
        code: str,
        path: KeyPath,
        sentence: str,
        hint: str = "",
        at: Literal["key", "value"] = "value",
    ) -> Problem:
        """A notice."""
        return self.problem(Severity.NOTICE, code, path, sentence, hint, at)

    def problem(
        self,
        severity: Severity,
        code: str,
        path: KeyPath,
        sentence: str,
        hint: str = "",
        at: Literal["key", "value"] = "value",
    ) -> Problem:
        """A problem at the key or the value of the path."""
        place = self.places.key(*path) if at == "key" else self.places.value(*path)
        return Problem(
            place,
            severity,
            code,
            sentence,
            hint,
            dotted(path),
            str(path[0]) if path and self.by_authority else "",
        )


def read(root: Path, file: str, by_authority: bool = False) -> Source:
    """The file below the root folder as a source; whatever is wrong with it is in its problems."""
    text = read_text(root, file)
    return (
        replace(parse(file, text), by_authority=by_authority)
        if isinstance(text, str)
        else Source(Places(file), problems=(text,))
    )


def parse(file: str, text: str) -> Source:
    """The text as a source; never raises, whatever the text is."""
    bad = check_characters(file, text)
    unreadable = (
        (bad,) if bad else chain(bad_line_starts(file, text), invisible_characters(file, text))
    )
    problems = tuple(islice(unreadable, MOST_PROBLEMS))
    return Source(Places(file), problems=problems) if problems else _Builder(file, text).read()


class _Refused(Exception):
    """The rest of the file is not read; why has been noted."""


@dataclass(slots=True)
class _Level:
    """A mapping or list that is being read."""

    path: KeyPath
    container: dict[str, Any] | list[Any]
    keys: dict[KeyPath, Position]
    values: dict[KeyPath, Position]
    in_braces: bool = False  #: or in brackets
    key: str | None = None  #: whose value comes next
    passed_over: bool = (
        False  #: that key was there before, or is none: its value is read and thrown away
    )
    taken_to: int = 0  #: index in the text: keys before it belong to a slip that was understood

    @property
    def wants_key(self) -> bool:
        return isinstance(self.container, dict) and self.key is None

    @property
    def next_path(self) -> KeyPath:
        """The path of the value that comes next."""
        if isinstance(self.container, list):
            return (*self.path, len(self.container))
        return self.path if self.key is None else (*self.path, self.key)

    def put(self, value: Any, mark: Position) -> None:
        if isinstance(self.container, list):
            self.values[self.next_path] = mark
            self.container.append(value)
        elif self.key is not None:
            if not self.passed_over:
                self.values[self.next_path] = mark
                self.container[self.key] = value
            self.key, self.passed_over = None, False


@dataclass(slots=True)
class _Builder:
    """Puts one file's value together from the parser's events."""

    file: str
    text: str
    value: Any = None
    keys: dict[KeyPath, Position] = field(default_factory=dict)
    values: dict[KeyPath, Position] = field(default_factory=dict)
    levels: list[_Level] = field(default_factory=list)
    documents: int = 0
    problems: list[Problem] = field(default_factory=list)

    def read(self) -> Source:
        """The source; its value is None when the text breaks off or holds nothing."""
        try:
            for number, event in enumerate(yaml.parse(self.text, Loader=_LOADER)):
                if number == MOST_EVENTS:
                    self._refuse(event, "the file holds too many values", "is this the right file?")
                self._take(event)
        except _Refused:
            self.value = None
        except yaml.YAMLError as error:
            self.value = None
            self.problems.append(_syntax_problem(self.file, self.text, error))
        if self.value is None and not self.problems:
            self.problems.append(
                Problem(Place(self.file), Severity.ERROR, "yaml", "the file is empty")
            )
        return Source(Places(self.file, self.keys, self.values), self.value, tuple(self.problems))

    def _take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.MappingStartEvent):
            self._open(event, {})
        elif isinstance(event, yaml.SequenceStartEvent):
            self._open(event, [])
        elif isinstance(event, yaml.CollectionEndEvent):
            self.levels.pop()
        elif isinstance(event, yaml.AliasEvent):
            self._refuse(
                event,
                f'an alias ("*{event.anchor}") is not understood here',
                "write the value itself",
            )
        elif isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self._refuse(
                    event,
                    "a second document begins here",
                    'a file holds one; delete this line "---"',
                )

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        self._check_extras(event)
        if self.levels and self.levels[-1].wants_key:
            self._key(event, self.levels[-1])
        else:
            self._put(event, self._resolve(event, self._word(event)))

    def _open(
        self, event: yaml.CollectionStartEvent, container: dict[str, Any] | list[Any]
    ) -> None:
        self._check_extras(event)
        if len(self.levels) >= DEEPEST:
            self._refuse(event, f"nested deeper than {DEEPEST} levels", "is a bracket not closed?")
        if not self.levels:
            self._put(event, container)
            self.levels.append(
                _Level((), container, self.keys, self.values, bool(event.flow_style))
            )
            return
        parent = self.levels[-1]
        if parent.wants_key:
            self._refuse(
                event,
                "a key must be a word, not a list or a mapping",
                "put a text in braces in quotes",
            )
        keys, values = ({}, {}) if parent.passed_over else (parent.keys, parent.values)
        level = _Level(parent.next_path, container, keys, values, bool(event.flow_style))
        self._put(event, container)
        self.levels.append(level)

    def _key(self, event: yaml.ScalarEvent, level: _Level) -> None:
        if _index(event) < level.taken_to:
            level.key, level.passed_over = event.value, True
            return
        if not event.style and "{" in event.value and (begun := line_slip(event.value)):
            self._fault(event, begun.sentence, begun.hint, begun.column - 1)
            raise _Refused
        slip = key_slip(self.text, _index(event)) if level.in_braces and not event.style else None
        key = slip.key if slip else event.value
        before = level.keys.get((*level.path, key))
        level.key, level.passed_over = key, before is not None
        if before is not None:
            self._fault(
                event,
                f"the key {quoted(key)} is already on line {before[0]}",
                "keep one of the two",
            )
        else:
            level.keys[level.next_path] = _mark(event)
        if slip:
            self._mend(event, level, slip)
        elif not event.style:
            self._check_key(event, key)

    def _mend(self, event: yaml.ScalarEvent, level: _Level, slip: KeySlip) -> None:
        """Take the value that was meant; the empty one that the parser sees comes next and is thrown away."""
        self._fault(event, slip.sentence, slip.hint, slip.offset)
        if not level.passed_over:
            level.put(self._resolve(event, slip.value), _mark(event))
        level.key, level.passed_over, level.taken_to = slip.key, True, slip.end

    def _check_key(self, event: yaml.ScalarEvent, key: str) -> None:
        if key == "<<":
            self._fault(
                event, 'a merge ("<<") is not understood here', "write the entries themselves"
            )
        elif not is_text(key):
            self._fault(
                event,
                f"expected a word as key, found {key or 'nothing'}",
                "put a key like this in quotes",
            )

    def _put(self, event: yaml.Event, value: Any) -> None:
        if self.levels:
            self.levels[-1].put(value, _mark(event))
        else:
            self.value = value

    def _word(self, event: yaml.ScalarEvent) -> str:
        """A value's word; where the commas of a number end entries in braces, the number that was meant."""
        level = self.levels[-1] if self.levels else None
        if event.style or level is None or level.key is None or level.passed_over:
            return str(event.value)
        if not event.value and (comment := spreadsheet_error(self.text, _index(event))):
            self._fault(event, *comment)
        if level.in_braces and (number := numeral(self.text, _index(event))):
            self._fault(event, "a comma stands in this number", number.hint)
            level.taken_to = number.end
            return number.word
        return str(event.value)

    def _resolve(self, event: yaml.ScalarEvent, word: str) -> Scalar:
        try:
            return word if event.style else resolve(word)
        except NoSuchScalar as fault:
            self._fault(event, *fault.args)
            return None

    def _check_extras(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
        for sign, name in (
            ("an anchor", f"&{event.anchor}" if event.anchor else ""),
            ("a tag", event.tag),
        ):
            if name:
                hint = "delete it, or put the whole text in quotes"
                self._fault(event, f"{sign} ({quoted(name)}) is not understood here", hint)

    def _refuse(self, event: yaml.Event, sentence: str, hint: str) -> None:
        self._fault(event, sentence, hint)
        raise _Refused

    def _fault(self, event: yaml.Event, sentence: str, hint: str = "", offset: int = 0) -> None:
        line, column = _mark(event)
        place = Place(self.file, line, column + offset)
        path = self.levels[-1].next_path if self.levels else ()
        name = dotted(path) if len(path) < DEEPEST else ""
        self.problems.append(Problem(place, Severity.ERROR, "yaml", sentence, hint, name))
        if len(self.problems) >= MOST_PROBLEMS:
            sentence = f"reading stops here, after {MOST_PROBLEMS} problems"
            self.problems.append(Problem(place, Severity.ERROR, "yaml", sentence))
            raise _Refused


def _mark(event: yaml.Event) -> Position:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _index(event: yaml.Event) -> int:
    return int(event.start_mark.index) if event.start_mark else 0


def _syntax_problem(file: str, text: str, error: yaml.YAMLError) -> Problem:
    names = ("problem_mark", "context_mark")
    mark, beginning = (
        (at.line + 1, at.column + 1) if (at := getattr(error, name, None)) else None
        for name in names
    )
    words = getattr(error, "problem", None) or str(error)
    place, sentence, hint = explain(text, words, mark or (1, 1), beginning)
    return Problem(Place(file, *place), Severity.ERROR, "yaml", sentence, hint)
