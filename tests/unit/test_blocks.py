"""A letter by its blocks, each with its place in words."""

from __future__ import annotations

from letters.compare.blocks import addressee_in, blocks_of
from letters.typesetting.markup import read_markup

LETTER = """<html><head><title>Letter to X</title></head><body>
<header><p>The Office<br>of Letters</p></header>
<address>Ms Oak<br>Chief Executive<br>X</address>
<p class="greeting">Dear Ms Oak,</p><h1>Review</h1>
<p>You had <b>9</b> cases, <a href="https://x.example">listed</a> .</p><p>More.</p>
<ul><li>one</li><li>two</li></ul>
<section data-whole="panel Upheld"><h3>Upheld</h3>
<svg><title>Ring chart: 64%</title><text>64%</text></svg><p class="big-number">64%</p>
<table><caption>By kind</caption><tr><th>Kind</th><td>5</td></tr></table></section>
</body></html>"""


def test_each_block_is_named_as_a_reader_would_find_it() -> None:
    assert [(one.place, one.text) for one in blocks_of(read_markup(LETTER))] == [
        ("title of the file", "Letter to X"),
        ("letterhead", "The Office\nof Letters"),
        ("address", "Ms Oak\nChief Executive\nX"),
        ("greeting", "Dear Ms Oak,"),
        ("heading", "Review"),
        ("paragraph 1", "You had 9 cases, listed."),
        ("paragraph 2", "More."),
        ("list item 1", "one"),
        ("list item 2", "two"),
        ('panel "Upheld": heading', "Upheld"),
        ('panel "Upheld": description of the chart', "Ring chart: 64%"),
        ('panel "Upheld": words of the chart', "64%"),
        ('panel "Upheld": big number', "64%"),
        ('panel "Upheld": table\'s title', "By kind"),
        ('panel "Upheld": table row', "Kind | 5"),
    ]


def test_whom_a_letter_addresses_is_known_by_its_greeting() -> None:
    assert addressee_in(blocks_of(read_markup(LETTER))) == "Ms Oak"
    assert addressee_in(blocks_of(read_markup("<p>Dear Ms Oak</p>"))) == ""


def test_html_without_any_element_of_its_own_is_a_block_all_the_same() -> None:
    assert [one.text for one in blocks_of(read_markup("only words"))] == ["only words"]
