"""Whatever somebody writes into a letter is refused with its place, or comes out of the PDF as it went in."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from unicodedata import normalize

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from letters.check import Edition, gather
from letters.errors import CampaignError, LetterError, Problem
from letters.typesetting.finished import read_back
from letters.typesetting.pdf import Typesetter
from tests.conftest import SMALL_YEAR, put_small_year

pytestmark = pytest.mark.no_cover  # counting lines would take a third longer

ASHBY, BIRCH, CEDAR = "ashby-district-council", "birch-district-council", "cedar-fire-authority"


class Field(NamedTuple):
    """A text of the small year, by the file and the words that it stands in for, and whose letter shows it."""

    file: str
    words: str
    slug: str


FIELDS = {
    "authority": Field("authorities.yaml", "Ashby District Council", ASHBY),
    "title": Field("2024/contacts.yaml", "Mr", ASHBY),
    "surname": Field("2024/contacts.yaml", "Oak", ASHBY),
    "post": Field("2024/contacts.yaml", "Managing Director", BIRCH),
    "signatory": Field("2024/letter.yaml", "Dana Example", ASHBY),
    "fact": Field("2024/letter.yaml", "March", ASHBY),
    "noun": Field("2024/letter.yaml", "upheld decisions", ASHBY),
    "undefined": Field("2024/letter.yaml", "We upheld no complaints.", CEDAR),
}
#: Letters of Europe, signs that YAML, Markdown, HTML, templates and PDFs take for their own, and what nobody sees.
LETTERS = "abcdefgilnoTWÀÅßéøŁőŠž0123456789"
SIGNS = "\"'`*_#&<>{}[]()|\\/%$~^@!?.,:;-–—’“”£€½…+= "
UNSEEN = "\t\n\u00a0\u00ad\u200b\u200d\u202e\u2060\u0301\ufb01\ufeff"
PIECES = (
    "&amp;", "&lt", "{{ 1 }}", "{%", "#}", "<b>", "</p>", "<!--", "-->", "http://x.example", "fi", "ffl",
    "null", "NO", "01", "1.10", "- ", ": ", " #", "''", "1. ", "2) ", "**", "\\*", "--", "...", "İ", "ŉ",
)  # fmt: skip
LINES = st.lists(
    st.one_of(
        st.text(LETTERS, min_size=1, max_size=8),
        st.text(LETTERS + SIGNS, min_size=1, max_size=5),
        st.sampled_from(PIECES),
        st.sampled_from(UNSEEN),
        st.just(" "),
    ),
    min_size=1,
    max_size=6,
).map("".join)
PARAGRAPHS = st.lists(LINES, min_size=1, max_size=4).map("\n".join)


class Refused(NamedTuple):
    """What was said of a year or of one letter."""

    problems: tuple[Problem, ...]


Made = Callable[[Path, str], "str | Refused"]


@pytest.fixture(scope="module")
def made() -> Made:
    """The words of a letter's PDF, or what was said instead."""
    typesetters: dict[str, Typesetter] = {}

    def typeset(edition: Edition, slug: str) -> bytes:
        stationery = edition.stationery
        if stationery.digest not in typesetters:
            typesetters[stationery.digest] = Typesetter(stationery)
        manuscript = edition.draft(slug).manuscript
        return typesetters[stationery.digest].pdf(manuscript).content

    def made(root: Path, slug: str) -> str | Refused:
        gathering = gather(root, "2024", mail=False)
        try:
            edition = gathering.sound()
        except CampaignError as error:
            return Refused(error.problems)
        try:
            return read_back(typeset(edition, slug)).text
        except LetterError as error:
            return Refused(edition.drafts.placed(error).problems)

    return made


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small year, its letters with a place for a bespoke paragraph."""
    root = put_small_year(tmp_path_factory.mktemp("year"))
    template = root / "templates" / "2024" / "letter.html.jinja"
    close = '<div class="close">'
    bespoke = "{% if letter.paragraph %}{{ letter.paragraph | markdown }}{% endif %}\n" + close
    template.write_text(template.read_text().replace(close, bespoke))
    return root


def squeezed(text: str) -> str:
    """Without spaces and hyphens, of which a PDF has others where a line ends, and without ligatures."""
    return re.sub(r"[\s\x02\xad\u2010\ufffe-]+", "", normalize("NFKC", text))


def put(root: Path, field: Field, text: str) -> None:
    """Write a text in place of a field's words, as YAML has any text: in quotes."""
    original = (SMALL_YEAR / "data" / field.file).read_text()
    word = re.compile(rf"(?<![\w\"]){re.escape(field.words)}(?=[,}}\]\n])")
    quoted = json.dumps(text, ensure_ascii=False)
    changed, times = word.subn(lambda _: quoted, original)
    assert times == 1
    (root / "data" / field.file).write_text(changed)


def accept_name(root: Path, name: str) -> None:
    """Let the authority have any name, whatever its slug is."""
    accepted = {
        "code": "name-of-another-slug",
        "authority": ASHBY,
        "value": name,
        "because": "a test",
    }
    (root / "data" / "accepted.yaml").write_text(json.dumps({"accepted": [accepted]}))


def restore(root: Path, field: Field) -> None:
    shutil.copy(SMALL_YEAR / "data" / field.file, root / "data" / field.file)


#: What nobody could object to in a name or a sentence.
PLAIN = st.lists(
    st.text("abcdefghijTWÀÅßéøŁőŠž0123456789,'’&–().", min_size=3, max_size=9),
    min_size=1,
    max_size=5,
)


@pytest.mark.parametrize("name", sorted(FIELDS))
@settings(max_examples=7, derandomize=True)
@given(LINES)
@example("Ashby & <b>District</b> 'Council'")
@example("O'Neill-Šimůnek 1.10")
def test_any_text_of_the_data_comes_out_as_it_went_in_or_is_refused_with_its_place(
    root: Path, made: Made, name: str, text: str
) -> None:
    field = FIELDS[name]
    put(root, field, text)
    accept_name(root, text)
    try:
        said = made(root, field.slug)
    finally:
        restore(root, field)
    if isinstance(said, Refused):
        files = {problem.place.file for problem in said.problems}
        assert f"data/{field.file}" in files, said.problems
    else:
        assert squeezed(text) in squeezed(said)


@pytest.mark.parametrize("name", ["fact", "undefined", "signatory"])
@settings(max_examples=7, derandomize=True)
@given(PLAIN.map(" ".join))
@example("Siân O’Brien & Sons (Łódź), 2019–20")
def test_plain_words_are_refused_nowhere(root: Path, made: Made, name: str, text: str) -> None:
    field = FIELDS[name]
    put(root, field, text)
    try:
        said = made(root, field.slug)
    finally:
        restore(root, field)
    assert isinstance(said, str), said.problems
    assert squeezed(text) in squeezed(said)


@settings(max_examples=15, derandomize=True)
@given(PARAGRAPHS)
@example("We were *pleased*.\n\n1. one\n3. three")
def test_the_words_of_any_paragraph_come_out_in_their_order_or_are_refused_with_their_place(
    root: Path, made: Made, text: str
) -> None:
    file = root / "data" / "2024" / "paragraphs" / f"{ASHBY}.md"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    try:
        said = made(root, ASHBY)
    finally:
        shutil.rmtree(file.parent)
    if isinstance(said, Refused):
        files = {problem.place.file for problem in said.problems}
        assert f"data/2024/paragraphs/{ASHBY}.md" in files, said.problems
    else:
        assert in_order(words_of(normalize("NFKC", text)), squeezed(said))


def words_of(text: str) -> list[str]:
    """The words of Markdown, but for entities and the addresses of links."""
    bare = re.sub(r"&#?\w+;|\]\([^()\n]*\)", " ", text)
    return re.findall(r"[^\W_]+", bare)


def in_order(words: list[str], text: str) -> bool:
    at = 0
    for word in words:
        at = text.find(word, at) + len(word)
        if at < len(word):
            return False
    return True
