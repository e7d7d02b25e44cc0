"""Characters that are not what they look like, and files that are no text: told, each at its place."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import sys
import unicodedata
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.campaign.paragraphs import read_paragraphs
from letters.campaign.prose import slips
from letters.errors import Problem
from letters.source.reader import parse
from letters.source.text import decode, odd_characters, odd_in, read_text

LATIN = "".join(map(chr, (*range(0xC0, 0xD7), *range(0xD8, 0xF7), *range(0xF8, 0x180))))
LATIN = LATIN.translate(dict.fromkeys(map(ord, "ÂÃâ")))  # with a sign behind them: see below
ACCENTED = LATIN + "ȘșȚțẀẁẂẃẄẅỲỳẞǺǻǾǿ"
PUNCTUATION = "‘’‚“”„‹›«»–—‑−…•·†‡§¶°′″©®™£€¥¢½¼¾⅓²³¹ªº×÷±≤≥≠¿¡µ№⁄"
ASCII = "".join(map(chr, range(0x20, 0x7F)))
#: Of Europe's words in Latin letters, with the figures and signs that stand among them.
ORDINARY = st.text(ASCII + ACCENTED + PUNCTUATION)
LINES = st.lists(st.text((ASCII + ACCENTED + PUNCTUATION).replace("#", "")))

ALL = [*map(chr, range(0x80, 0x20000)), *map(chr, range(0xE0000, 0xE0200))]
SPACES = [one for one in ALL if unicodedata.category(one) == "Zs"]
MARKS = [
    one
    for one in ALL
    if unicodedata.category(one) == "Cf" and unicodedata.bidirectional(one) != "AN"
    if one in "\xad\u061c\u180e" or "\u2000" <= one <= "\u206f" or one >= "\U000e0000"
]
SELECTORS = [one for one in ALL if unicodedata.name(one, "").startswith("VARIATION SELECTOR-")]
#: letters and signs that show nothing
FILLERS = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufff0\ufff8\ufffc\U0001bca0\U0001d159\U000e0fff"
INVISIBLE = st.sampled_from([*SPACES, *MARKS, *SELECTORS, *FILLERS])

DIGITS = [chr(code) for code in range(0x80, sys.maxunicode) if chr(code).isdecimal()]
CYRILLIC = [chr(code) for code in range(0x400, 0x460)]
GREEK = [
    chr(code) for code in range(0x391, 0x3CA) if chr(code).isalpha() and chr(code) not in "Ωμπ"
]
PLAIN = st.text("abcdefghijklmnopqrstuvwxyzABCXYZéŵß")


@given(ORDINARY)
def test_ordinary_letters_digits_and_punctuation_are_never_told(text: str) -> None:
    assert odd_in(text) == ()


@given(ORDINARY, INVISIBLE, ORDINARY)
def test_one_invisible_character_is_told_at_its_very_offset(
    before: str, one: str, after: str
) -> None:
    [odd] = odd_in(before + one + after)

    assert (odd.offset, odd.code) == (len(before), "invisible-character")
    assert f"U+{ord(one):04X}" in odd.sentence


def test_each_of_them_is_told() -> None:
    every = (*SPACES, *MARKS, *SELECTORS, *FILLERS)

    assert [f"U+{ord(one):04X}" for one in every if not odd_in(one)] == []


@given(LINES, INVISIBLE, LINES)
def test_its_line_and_column_are_those_that_an_editor_shows(
    before: list[str], one: str, after: list[str]
) -> None:
    text = "\n".join([*before, f"é{one}", *after])

    [problem] = odd_characters("f.yaml", text)
    assert (problem.place.line, problem.place.column) == (len(before) + 1, 2)


@given(st.sampled_from([*MARKS, *SELECTORS]), st.integers(2, 5))
def test_a_run_of_one_invisible_character_is_told_once(one: str, number: int) -> None:
    assert [odd.offset for odd in odd_in(f"é{one * number}b")] == [1]


@given(st.text("0123456789"), st.sampled_from(DIGITS), st.text("0123456789"))
def test_one_foreign_digit_in_a_number_is_told_at_its_offset(
    before: str, digit: str, after: str
) -> None:
    [odd] = odd_in(before + digit + after)

    assert (odd.offset, odd.code) == (len(before), "look-alike")


@given(PLAIN, st.sampled_from([*CYRILLIC, *GREEK]), PLAIN.filter(bool))
def test_one_letter_of_another_script_in_a_latin_word_is_told_at_its_offset(
    before: str, letter: str, after: str
) -> None:
    [odd] = odd_in(f"{before}{letter}{after} and more")

    assert (odd.offset, odd.code) == (len(before), "look-alike")
    assert odd.hint == "type the word again"


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("\u0421\u043e", 0),  # Cyrillic through and through, to be read as "Co"
        ("of \u0391\u0392\u0395", 3),  # Greek, as "ABE"
        ("1\u041e", 1),  # the letter O for a nought, and not even ours
        ("\u0410-road", 0),
        ("the \uff21\uff22", 4),
        ("\U0001d400\U0001d401", 0),
        ("Ms \u0405mith and Mr \u0408ones", 3),
    ],
)
def test_words_that_only_look_latin_are_told(text: str, offset: int) -> None:
    first, *_ = odd_in(text)

    assert (first.offset, first.code) == (offset, "look-alike")


@pytest.mark.parametrize(
    "text",
    [
        "Москва, Київ, Ελλάδα, Αθήνα, София",
        "20 µg, 20 \u03bcg, 10 Ω, 10 k\u03a9, 10 k\u2126, r²π, 5 \u212b",
        "e\u0301, w\u0302 and n\u0303",
        "x², H₂O, 1⁄4, ½, ①, Ⅳ, №5, ﬁrst, ª, º",
        "日本, العربية, עברית",
        "\u2011 and \u2010, \u02bb and \u02bc",
    ],
)
def test_words_of_other_scripts_and_signs_of_units_are_not_told(text: str) -> None:
    assert odd_in(text) == ()


def test_only_the_first_foreign_letter_of_a_word_is_told_and_each_word_by_itself() -> None:
    assert [odd.offset for odd in odd_in("C\u043eun\u0441il and C\u043eunty")] == [1, 13]


def test_odd_characters_of_all_kinds_come_in_their_order() -> None:
    assert [odd.offset for odd in odd_in("C\u043eun\u00adcil\u200b \u0661")] == [1, 4, 8, 10]


def test_a_comment_may_hold_them_but_what_stands_before_it_may_not() -> None:
    [problem] = parse("f.yaml", "a: b\u00a0c  # d\u00a0e\n# f\u200bg\n").problems

    assert str(problem.place) == "f.yaml:1:5"


def test_a_paragraph_has_no_comments() -> None:
    problems = slips("p.md", "One # two\u200b\n#3\u00a0")

    assert [str(problem.place) for problem in problems] == ["p.md:1:10", "p.md:2:3"]


@given(ORDINARY)
def test_ordinary_text_in_utf_8_is_itself_with_and_without_a_mark(text: str) -> None:
    assert decode("f.yaml", text.encode()) == text
    assert decode("f.yaml", text.encode("utf-8-sig")) == text


PACKED = "this is a workbook, a document or another packed file, and no text"
COMPRESSED = "this is a compressed file, and no text"
OTHER = "this is a document, a picture or a data base, and no text"


def code_of(data: bytes) -> str:
    """The code of the problem with the bytes as a file, which is one of the whole file."""
    problem = decode("f.yaml", data)
    assert isinstance(problem, Problem)
    assert str(problem.place) == "f.yaml:1:1"
    return problem.code


@given(ORDINARY.filter(lambda text: len(text) > 1))
@pytest.mark.parametrize("width", ["16", "32"])
def test_wide_text_with_a_mark_is_named(width: str, text: str) -> None:
    assert code_of(text.encode(f"utf-{width}")) == f"utf-{width}"


@given(st.text(ASCII, min_size=2))
@pytest.mark.parametrize("order", ["le", "be"])
@pytest.mark.parametrize("width", ["16", "32"])
def test_wide_text_without_a_mark_is_named_when_it_begins_with_ascii(
    width: str, order: str, text: str
) -> None:
    assert code_of(text.encode(f"utf-{width}-{order}")) == f"utf-{width}"


def zipped(name: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as file:
        file.writestr(zipfile.ZipInfo(name), "a: 1\n")
    return held.getvalue()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (gzip.compress(b"a: 1\n", mtime=0), COMPRESSED),
        (bz2.compress(b"a: 1\n"), COMPRESSED),
        (lzma.compress(b"a: 1\n"), COMPRESSED),
        (zipped("xl/workbook.xml"), PACKED),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", OTHER),
        (b"{\\rtf1\\ansi a}", OTHER),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", OTHER),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", OTHER),
    ],
)
def test_a_file_that_is_no_text_is_named(data: bytes, sentence: str) -> None:
    problem = decode("statistics.yaml", data)

    assert isinstance(problem, Problem)
    assert (problem.code, problem.sentence) == ("no-text", sentence)
    assert problem.hint


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ("We welcome it.".encode("utf-16"), "1:1: error: the file is UTF-16; UTF-8 is wanted"),
        ("One.\nA café".encode("cp1252"), "2:6: error: the byte 0xE9 is not UTF-8"),
        (zipped("word/document.xml"), f"1:1: error: {PACKED}"),
        (b"We\0lcome", "1:3: error: the character U+0000 may not stand in a file"),
    ],
)
def test_a_paragraph_that_is_no_text_of_ours_is_told_and_left_out(
    tmp_path: Path, data: bytes, sentence: str
) -> None:
    (tmp_path / "paragraphs").mkdir()
    (tmp_path / "paragraphs/alder-council.md").write_bytes(data)

    texts, [problem] = read_paragraphs(tmp_path, "paragraphs")

    assert texts == {}
    assert str(problem).split("\n")[0] == f"paragraphs/alder-council.md:{sentence}"
    assert problem.authority == "alder-council"


@pytest.mark.parametrize("text", ["%, PDF and RTF", "PK: 1", "{a: 1}", "GIF, PNG: 1", "Rar: 1"])
def test_text_that_begins_nearly_as_another_file_is_text(text: str) -> None:
    assert decode("f.yaml", text.encode()) == text


@pytest.mark.parametrize("target", ["gone.yaml", "f.yaml"])
def test_a_link_that_leads_nowhere_is_named(tmp_path: Path, target: str) -> None:
    (tmp_path / "f.yaml").symlink_to(tmp_path / target)

    problem = read_text(tmp_path, "f.yaml")

    assert isinstance(problem, Problem)
    assert problem.code == "no-such-file"
    assert problem.sentence == "this is a link, and what it leads to is not there"
    assert problem.hint == "mend the link"


def test_a_link_to_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "there.yaml").write_text("é: 1\n", encoding="utf-8")
    (tmp_path / "f.yaml").symlink_to("there.yaml")

    assert read_text(tmp_path, "f.yaml") == "é: 1\n"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("the councilâ€™s", "’"),
        ("Â£5", "£"),
        ("SiÃ¢n", "â"),
        ("â€œyes", "“"),
        ("2019â€“20", "–"),
        ("âˆ’5", None),
    ],
)
def test_utf_8_that_was_read_as_windows_1252_is_told(text: str, meant: str | None) -> None:
    sentences = [odd.sentence for odd in odd_in(text)]

    assert [one.rpartition(" after")[0][-1] for one in sentences] == ([meant] if meant else [])


def test_french_and_portuguese_words_are_not_taken_for_it() -> None:
    assert odd_in("un château, l’âge, ÂGE, São, SÃO PAULO, maçã") == ()
