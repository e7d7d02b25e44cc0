"""YAML as people write it: what each word means, where everything stands, and what is refused."""

from __future__ import annotations

import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from letters.errors import Place, Problem, Severity
from letters.source import reader
from letters.source.reader import DEEPEST, MOST_PROBLEMS, parse, read
from letters.source.text import LARGEST, decode

SLIPS = (
    "a: {b, 7, c:8, d: 1,234}\n",
    "a:{b: 1, c: 2}\n",
    "a: {b: C: D}\n",
    "a: {b: 'O'Brien'}\n",
    "a:\n  b: 'O'Brien'\n",
    "a: {b: #N/A}\nc: {b: 1}\n",
    "a: 'b\n---\nc: 1\n",
    "a: | x\n b\n",
)


def said(text: str) -> list[str]:
    """The problems of a text, hints left out."""
    return [str(problem).split("\n")[0] for problem in parse("f.yaml", text).problems]


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("12", 12),
        ("0", 0),
        ("-3", -3),
        ("1.10", Decimal("1.10")),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("2020-02-29", date(2020, 2, 29)),
        ('"12"', "12"),
        ("'true'", "true"),
        ("NO", "NO"),
        ("yes", "yes"),
        ("True", "True"),
        ("0123", "0123"),
        ("1:30", "1:30"),
        ("1_000", "1_000"),
        ("0x1F", "0x1F"),
        ("1e3", "1e3"),
        (".inf", ".inf"),
        ("+1", "+1"),
        ("2020-7-1", "2020-7-1"),
        ("2020-07-01 12:00", "2020-07-01 12:00"),
        ("=", "="),
    ],
)
def test_a_word_means_what_it_looks_like(word: str, value: object) -> None:
    read_value = parse("f.yaml", f"key: {word}\n").value["key"]

    assert (type(read_value), read_value) == (type(value), value)


@given(st.integers(min_value=-(10**17) + 1, max_value=10**18 - 1))
def test_whole_numbers_come_back_as_written(number: int) -> None:
    assert parse("f.yaml", f"key: {number}").value == {"key": number}


@given(st.dates())
def test_dates_come_back_as_written(day: date) -> None:
    assert parse("f.yaml", f"key: {day.isoformat()}").value == {"key": day}


@given(st.text())
def test_any_text_is_a_value_or_problems(text: str) -> None:
    result = parse("f.yaml", text)

    assert result.value is not None or result.problems


@given(st.text(alphabet="ab:-[]{}&*!|>'\"%@` \n\t#,?12<.é\x00\x85\ufeff"))
def test_any_text_of_yaml_signs_is_a_value_or_problems(text: str) -> None:
    result = parse("f.yaml", text)

    assert result.value is not None or result.problems
    lines = text.replace("\r", "\n").split("\n")
    assert all(1 <= problem.place.line <= len(lines) + 1 for problem in result.problems)


@given(st.binary())
def test_any_bytes_are_text_or_a_problem(content: bytes) -> None:
    assert isinstance(decode("f.yaml", content), str | Problem)


def test_every_key_and_value_has_its_place() -> None:
    places = parse("f.yaml", "é: {b: [10, {c: 20}]}\nd:\n  - ünï: x\n").places

    assert str(places.key("é")) == "f.yaml:1:1"
    assert str(places.value("é")) == "f.yaml:1:4"
    assert str(places.value("é", "b", 0)) == "f.yaml:1:9"
    assert str(places.key("é", "b", 1, "c")) == "f.yaml:1:14"
    assert str(places.value("d", 0, "ünï")) == "f.yaml:3:10"


def test_what_is_not_in_the_file_has_the_place_of_its_nearest_parent() -> None:
    places = parse("f.yaml", "a: 1\nb: {c: 2}\n").places

    assert str(places.value("b", "missing", "deeper")) == "f.yaml:2:1"
    assert str(places.key("missing")) == "f.yaml:1:1"


def test_columns_count_characters_also_beyond_the_basic_plane() -> None:
    assert said("a: 𝄞𝄞 \nb: [𝄞, @]") == ['f.yaml:2:8: error: a text may not begin with "@"']


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a: 1\na: 2", '2:1: error: a: the key "a" is already on line 1'),
        ("a: {b: 1, b: {c: 1, c: 2}}", '1:11: error: a.b: the key "b" is already on line 1'),
        ("a: &x 1", '1:4: error: a: an anchor ("&x") is not understood here'),
        ("a: [*x]", '1:5: error: a.1: an alias ("*x") is not understood here'),
        ("a: {<<: {b: 1}}", '1:5: error: a.<<: a merge ("<<") is not understood here'),
        ("a: !!str 1", '1:4: error: a: a tag ("tag:yaml.org,2002:str") is not understood here'),
        ("a: !x {}", '1:4: error: a: a tag ("!x") is not understood here'),
        ("2020: 1", "1:1: error: 2020: expected a word as key, found 2020"),
        ("~: 1", "1:1: error: ~: expected a word as key, found ~"),
        ("[a]: 1", "1:1: error: a key must be a word, not a list or a mapping"),
        ("a: 1\n---\nb: 1", "2:1: error: a second document begins here"),
        ("a: 2020-13-45", "1:4: error: a: there is no date 2020-13-45"),
        ("a: 2019-02-29", "1:4: error: a: there is no date 2019-02-29"),
        ("a: 1234567890123456789", "1:4: error: a: a number of 19 characters is too long"),
        ("", "1:1: error: the file is empty"),
        ("# nothing yet\n", "1:1: error: the file is empty"),
        ("a:\n\tb: 1", "2:1: error: a tab begins this line; spaces are wanted"),
        ("a:\n  \tb: 1", "2:3: error: a tab begins this line; spaces are wanted"),
        ("%TAG ! x\n---\na: 1", '1:1: error: a line may not begin with "%"'),
        ("a: x\0", "1:5: error: the character U+0000 may not stand in a file"),
        ("a: x\r\nb: x\x85y", "2:5: error: the character U+0085 may not stand in a file"),
        ("a: b: c", '1:5: error: a ":" stands where no key can be'),
        (
            "a:\n  b: 1\n c: 1",
            "3:2: error: this line does not begin in the column of the entries around it",
        ),
        ("a: 1\nb\nc: 1", '2:1: error: expected "key: value", found no ":" after the key'),
        ("a: [1, 2\nb: 1", "1:4: error: the list or mapping that begins here is not closed"),
        ("a: {b: 1\nc: 2", "1:4: error: the list or mapping that begins here is not closed"),
        ("a: 'b\nc: 1\n", "1:4: error: the quote that opens here is never closed"),
        ("a: @b", '1:4: error: a text may not begin with "@"'),
        ("a: *", '1:4: error: a text may not begin with "*"'),
        ('a: "\\q"', "1:4: error: a backslash in this text begins no escape that is known"),
        ("a: !x!y z", "1:4: error: a tag is not understood here"),
        ("a: |x\n b", "1:5: error: nothing may follow | or > on its line"),
        ("{a: 1} b", "1:8: error: the entries end before this"),
        ("}", '1:1: error: a value is wanted here, found "}"'),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_place(text: str, sentence: str) -> None:
    first, *_ = said(text)

    assert first.removeprefix("f.yaml:") == sentence


NO_COLON, NO_SPACE = "no colon follows this key", "a space is missing after the colon"
COMMA = "a comma stands in this number"


@pytest.mark.parametrize(
    ("text", "sentence", "hint"),
    [
        ("{b, 7}", f"1:5: error: a.b: {NO_COLON}", "write `b: 7`"),
        ("{b; 7, c: 1}", f"1:5: error: a.b: {NO_COLON}", "write `b: 7`"),
        ("{c: 1, b 7.5}", f"1:11: error: a.b: {NO_COLON}", "write `b: 7.5`"),
        ("{b:7}", f"1:6: error: a.b: {NO_SPACE}", "write `b: 7`"),
        ("{b:x y, c: 1}", f"1:6: error: a.b: {NO_SPACE}", "write `b: ...`"),
        ("{b: 1,234}", f"1:8: error: a.b: {COMMA}", "write 1234, without separators"),
        ("{b: 12,345,678, c: 1}", f"1:8: error: a.b: {COMMA}", "write 12345678, without"),
        ("{b: 45,5}", f"1:8: error: a.b: {COMMA}", "write 45.5"),
        ("{b: 0,0}", f"1:8: error: a.b: {COMMA}", "write 0.0"),
        ("{b: 1,2,3}", f"1:8: error: a.b: {COMMA}", "write it without commas"),
        ("\n  b: #N/A", '2:5: error: a.b: "#" begins a comment', "write the value"),
        ("{b: 1, b:2}", f"1:12: error: a.b: {NO_SPACE}", "write `b: 2`"),
        ("{b:7, c; 8, d: 1,234}", f"1:6: error: a.b: {NO_SPACE}", "write `b: 7`"),
    ],
)
def test_a_slip_is_explained_and_nothing_of_the_file_is_guessed(
    text: str, sentence: str, hint: str
) -> None:
    result = parse("f.yaml", f"a: {text}\n")

    [problem] = result.problems
    assert str(problem).removeprefix("f.yaml:").startswith(sentence)
    assert hint in problem.hint
    assert problem.code == "yaml-syntax"
    assert result.value is None


def test_what_was_found_before_a_slip_is_told_too() -> None:
    result = parse("f.yaml", "a: {b: 1, b: 2}\nc: {d:7}\ne: {f:8}\n")

    assert [(problem.place.line, problem.code) for problem in result.problems] == [
        (1, "duplicate-key"),
        (2, "yaml-syntax"),
    ]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("a: {b: 1, b: *}", ["duplicate-key", "yaml-syntax"]),
        ("a: {b: 1, b: 1,234}", ["duplicate-key", "yaml-syntax"]),
        ("&x [a]: 1", ["yaml-anchor", "key-not-a-word"]),
        ("a: {b: 1, b: 2}\nc: *x", ["duplicate-key", "yaml-alias"]),
        ("*x : 1", ["yaml-alias"]),
    ],
)
def test_what_was_found_before_reading_ends_is_told_too(text: str, codes: list[str]) -> None:
    assert [problem.code for problem in parse("f.yaml", text).problems] == codes


def test_the_entry_of_a_list_is_no_authority() -> None:
    [problem] = parse("statistics.yaml", "- &x 1\n", by_authority=True).problems

    assert (problem.field, problem.authority) == ("1", "")


def test_a_source_that_cannot_be_read_knows_its_authorities_too(tmp_path: Path) -> None:
    unreadable = [
        parse("statistics.yaml", text, by_authority=True)
        for text in ("camden: {upheld:7}", "camden: \0", "camden:\n\tupheld: 7")
    ]

    for source in (*unreadable, read(tmp_path, "statistics.yaml", by_authority=True)):
        assert source.value is None
        assert source.error("no-such-key", ("camden",), "none").authority == "camden"


def test_problems_of_a_file_with_slugs_name_the_authority() -> None:
    text = "camden: {upheld: 1, upheld: 2}\nmaidstone: {upheld:7}\n"
    problems = parse("statistics.yaml", text, by_authority=True).problems

    assert [problem.authority for problem in problems] == ["camden", "maidstone"]
    assert [problem.authority for problem in parse("letter.yaml", text).problems] == ["", ""]


def test_a_source_makes_problems_of_its_keys_and_values() -> None:
    source = parse("statistics.yaml", "camden: {upheld: 7}\n", by_authority=True)

    assert source.error("upheld-over-all", ("camden", "upheld"), "too many") == Problem(
        Place("statistics.yaml", 1, 18),
        Severity.ERROR,
        "upheld-over-all",
        "too many",
        field="camden.upheld",
        authority="camden",
        value="7",
    )
    assert source.warning("no-contact", ("camden",), "no contact", at="key").place.column == 1
    assert source.notice("all", (), "all alike").authority == ""


@pytest.mark.parametrize(
    "text",
    [
        "a: {b: [1,234]}",
        "a: {b: '1,234'}",
        "a: {b: , c: 1}",
        "a: 1,2",
        "{b:c: 1}",
        "Chair, 7, x: 1",
    ],
)
def test_what_only_looks_like_a_slip_is_none(text: str) -> None:
    assert parse("f.yaml", text).problems == ()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "a: {x: 1}\nb:{x: 1, y: 2}\n",
            '2:2: error: a colon and a space are wanted before the "{"',
        ),
        (
            "a: {x: 1}\nb, {x: 1, y: 2}\n",
            '2:2: error: a colon and a space are wanted before the "{"',
        ),
        (
            "a: {x: 1}\nb {x: 1, y: 2}\n",
            '2:2: error: a colon and a space are wanted before the "{"',
        ),
        ("a: {x: 1}\nb:{x: 1}\n", '2:2: error: a colon and a space are wanted before the "{"'),
        ("a: {x: 1}\nb: x: 1, y: 2}\n", '2:4: error: a "{" is missing here'),
        ("a: {x: 1}\nb: x: 1, y: 2\n", '2:4: error: a "{" is missing here'),
        ("a:\n  b:7\n  c: 1\n", "2:4: error: a space is missing after the colon"),
        ("a:\n  c: 1\n  b:7\n  d: 1\n", "3:4: error: a space is missing after the colon"),
        ("a:\n  c: D: E\n", '2:7: error: a ":" stands where no key can be'),
        ("a: {b: C: D}", '1:9: error: a second ":" stands in this entry'),
        ("a: {b: 1 c: 2}", '1:11: error: a second ":" stands in this entry'),
        (
            "a: {b: 'O'Brien', c: 1}",
            "1:10: error: the text in quotes ends here, but more of it follows",
        ),
        ("a: {b: 'O'Brien'}", "1:10: error: the text in quotes ends here, but more of it follows"),
        (
            'a:\n  b: "C "D" E"\n',
            "2:9: error: the text in quotes ends here, but more of it follows",
        ),
        (
            "a: {b: 1, c: #N/A}\nd: {b: 1}\n",
            '1:14: error: "#" begins a comment, so what follows is not read',
        ),
        ("a: {b: #REF!, c: 1}\n", '1:8: error: "#" begins a comment, so what follows is not read'),
    ],
)
def test_a_slip_that_leaves_no_yaml_is_placed_where_it_was_made(text: str, sentence: str) -> None:
    assert said(text) == [f"f.yaml:{sentence}"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("\u00a0a: 1", "1:1: error: the character U+00A0 (no-break space) may not stand here"),
        (
            "a: 1\n\u00a0\u00a0b: 1",
            "2:1: error: the character U+00A0 (no-break space) may not stand here",
        ),
        ("a: 1\u2009000", "1:5: error: the character U+2009 (thin space) may not stand here"),
        ("a: C\u00adD", "1:5: error: the character U+00AD (soft hyphen) may not stand here"),
        (
            "a: 'C\u202eD'",
            "1:6: error: the character U+202E (right-to-left override) may not stand here",
        ),
        ("a: C#\u200bD", "1:6: error: the character U+200B (zero width space) may not stand here"),
    ],
)
def test_a_character_that_nobody_sees_is_named_at_its_place(text: str, sentence: str) -> None:
    assert said(text) == [f"f.yaml:{sentence}"]


def test_what_looks_like_a_space_is_to_be_typed_again_and_the_rest_deleted() -> None:
    hints = [problem.hint for problem in parse("f.yaml", "a: b\u00a0c\u200bd").problems]

    assert hints == [
        "type an ordinary space in its place",
        "delete it; many editors do not show it",
    ]


def test_characters_that_nobody_sees_may_stand_in_comments_and_as_escapes() -> None:
    result = parse("f.yaml", '# a\u00a0b\na: "\\u00A0"  # c\u200bd\nÉ: Ďğ\n')

    assert (result.value, result.problems) == ({"a": "\u00a0", "É": "Ďğ"}, ())


def test_faults_that_leave_the_rest_readable_are_all_listed() -> None:
    result = parse("f.yaml", "a: &x 1\na: 2\nb: 2020-13-45\nc: 3\n")

    assert [problem.place.line for problem in result.problems] == [1, 2, 3]
    assert result.value == {"a": 1, "b": None, "c": 3}


def test_a_repeated_entry_changes_neither_value_nor_places() -> None:
    result = parse("f.yaml", "a: {b: 1}\na: {b: 2, c: [3]}\n")

    assert result.value == {"a": {"b": 1}}
    assert str(result.places.value("a", "b")) == "f.yaml:1:8"
    assert str(result.places.value("a", "c")) == "f.yaml:1:1"


def test_reading_stops_after_many_problems_and_says_so() -> None:
    *_, last = said("a: 1\n" * 1000)

    place = f"f.yaml:{MOST_PROBLEMS + 1}:1"
    assert last == f"{place}: error: reading stops here, after {MOST_PROBLEMS} problems"


def test_the_deepest_nesting_is_read_and_one_level_more_is_refused() -> None:
    assert parse("f.yaml", "[" * DEEPEST + "]" * DEEPEST).problems == ()
    assert said("[" * (DEEPEST + 1)) == [
        f"f.yaml:1:{DEEPEST + 1}: error: nested deeper than {DEEPEST} levels"
    ]


@pytest.mark.parametrize(
    "part",
    [
        "[",
        "{a: ",
        "- ",
        "? ",
        "{a: [",
        "a: &a [*a, *a]\n",
        "&a [",
        "*a ",
        "!a ",
        "%TAG !a! b\n",
        "a: 1\n---\n",
    ],
)
@pytest.mark.parametrize("loader", ["CSafeLoader", "SafeLoader"])
def test_a_file_full_of_nesting_or_aliases_is_refused_at_its_beginning(
    part: str, loader: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not hasattr(yaml, loader):
        pytest.skip("PyYAML without libyaml")
    monkeypatch.setattr(reader, "_LOADER", getattr(yaml, loader))
    text = part * (LARGEST // len(part))

    result = parse("f.yaml", text)

    assert result.value is None
    *_, last = result.problems
    assert last.place.line <= 60
    assert last.place.column <= 200


def test_a_file_of_10_mb_is_refused_unread(tmp_path: Path) -> None:
    (tmp_path / "f.yaml").write_text("[" * 10_000_000)

    assert [str(problem) for problem in read(tmp_path, "f.yaml").problems] == [
        "f.yaml:1:1: error: the file is larger than 8 MB, too large for a file of a campaign\n"
        "    hint: a year of 343 authorities takes a hundredth of that; is this the right file?"
    ]


def test_a_list_of_a_million_values_is_refused(tmp_path: Path) -> None:
    [sentence] = said("[" + "a," * (LARGEST // 2 - 10) + "]")

    assert sentence.endswith("the file holds too many values")


def test_a_byte_that_is_not_utf_8_has_its_line_and_column(tmp_path: Path) -> None:
    (tmp_path / "f.yaml").write_bytes("ä: 1\r\nß: caf\xe9".encode()[:-2] + b"\xe9\n")

    assert [str(problem) for problem in read(tmp_path, "f.yaml").problems] == [
        "f.yaml:2:7: error: the byte 0xE9 is not UTF-8\n"
        '    hint: save the file with the encoding "UTF-8"; in Windows-1252 this byte is "é"'
    ]


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "f.yaml").write_bytes(b"\xef\xbb\xbfa: 1\n")

    result = read(tmp_path, "f.yaml")

    assert (result.value, result.problems) == ({"a": 1}, ())
    assert str(result.places.key("a")) == "f.yaml:1:1"


def test_utf_16_is_named(tmp_path: Path) -> None:
    (tmp_path / "f.yaml").write_bytes("a: 1".encode("utf-16"))

    [problem] = read(tmp_path, "f.yaml").problems

    assert problem.sentence == "the file is UTF-16; UTF-8 is wanted"


def test_a_folder_in_place_of_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "f.yaml").mkdir()

    assert [str(problem) for problem in read(tmp_path, "f.yaml").problems] == [
        "f.yaml:1:1: error: this is a folder; a file is wanted"
    ]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert [str(problem) for problem in read(tmp_path, "data/f.yaml").problems] == [
        "data/f.yaml:1:1: error: there is no such file"
    ]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="this user may read everything")
def test_an_unreadable_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "f.yaml").touch(mode=0)

    assert [str(problem).split("\n")[0] for problem in read(tmp_path, "f.yaml").problems] == [
        "f.yaml:1:1: error: the file cannot be read: permission denied"
    ]


def test_a_pipe_is_no_file_to_wait_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "f.yaml")

    [problem] = read(tmp_path, "f.yaml").problems

    assert problem.sentence == "this is no ordinary file"


@pytest.mark.parametrize(
    "text", ["a: {b: 2020-01-01, c: [1, 'x', ~]}\n", "a: 1\na: 2\n", "a: 'b\n", "{a: 1} b", *SLIPS]
)
def test_without_libyaml_everything_reads_the_same(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = parse("f.yaml", text)
    monkeypatch.setattr(reader, "_LOADER", yaml.SafeLoader)

    assert parse("f.yaml", text) == expected
