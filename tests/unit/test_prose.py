"""What is told of a bespoke paragraph, and what is not: officers write prose, and prose is no slip."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from letters.campaign.markdown import markdown
from letters.campaign.prose import Names, slips
from letters.errors import Problem, Severity

WORDS = st.text("abcdefghijklmnopqrstuvwxyzéŵñß", min_size=1, max_size=6)
SIGNS = st.sampled_from(["*", "**", "_"])


def told(text: str) -> list[Problem]:
    return sorted(slips("p.md", text), key=lambda problem: problem.place)


def said(text: str) -> list[str]:
    """Line, column and sentence of each problem."""
    return [
        f"{one.place.line}:{one.place.column}: {one.severity}: {one.sentence}" for one in told(text)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "It said that “[the Council] had no [written] policy”, and that [it] did [sic] …",
        "R (Smith) v Kent County Council [2020] EWHC 1 (Admin) [12]",
        "Member[s] of the Council; [s]he; [...] and […]; [Mr Y]; [Case 19 012 345]",
        "5 * 3 = 15, 2*3, 2 < 3 > 1, < 5 and ~ 6, 7 = 7, +44 300 061 0614",
        "the column snake_case_name of the file a_b",
        "It paid £1,250.50 (£600 + £650.50), €5 or $6; 100%, 0.5%, 50p.",
        "Mr O'Brien, Ms O’Neill, d'Arcy and the councils' officers",
        "Dún Laoghaire; Siân Ŵyn of Ynys Môn and Llŷn; Łódź, Zoë, Åse, Ñuñoa, Þór, Straße, İzmir",
        "20 µg, 20 \u03bcg, 10 Ω, 10 k\u03a9, 37 °C, 5 m², ½ a day, r²π, 5′ 3″, №5, 1⁄4",
        "ann_lee@kent.example, <ann_lee_b@kent.example> and first.last+tag@kent.example",
        "<https://www.lgo.org.uk/a_b_c/_d_> [guide](https://www.lgo.org.uk/our_work/_a) https://lgo.example/a_b",
        "[the figures](https://www.lgo.org.uk), [Name](https://www.lgo.org.uk/a) and [date](mailto:a@b.example)",
        '[guide](https://www.lgo.org.uk "Our guide"), [**all** of it](https://www.lgo.org.uk)',
        "It must: (a) pay; (b) apologise; (i) at once, (ii) in writing.",
        "2019 - 2020, 2019-20, 2019–2020 — and – so on -- or --- as typed",
        "1. One\n2. Two:\n   - three\n   - *four*\n\n3. Five",
        "1) One\n2) Two\n\n* three\n* four\n\n+ five",
        "- One\n\n  with more\n- Two\n    - Three",
        "**Bold**, *slanted*, ***both***, __bold__, _slanted_, *a **b** c*, **a *b* c**",
        "(*in brackets*), “*quoted*”, *over\ntwo lines*, *comma*, **Note:** the *Council*'s",
        r"\*as written\*, snake\_, \# 5, 5\*, \[the name\], \`a\`, \<b\>, \~~a~~, \![a](b), \[^1]",
        "A&B, R&D; Q&A; AT&T, &c., S&P500, B & B & co",
        "Why? Really?! No?? #1, # 1 of 5 is not at the beginning: # 2",
        "1 | 2, a || b, ^ and ~, $5, @home, 5\\6, e.g. a/b, semi;colon",
        "To do this, a to-do list was kept; extras: XL, XX, Xmas, tabs, ABC, TBCs",
        "&amp; &pound;5 &ndash; &eacute; &#163; &#xA3; &lt;b&gt; &euro; &hellip;",
        "‘Single’, “double”, «guillemets», „low“; bullets • · ‣; dagger † ‡ § ¶",
        "Two spaces  end a line  \nand a backslash\\\ntoo",
        "",
    ],
)  # fmt: skip
def test_prose_as_officers_write_it_is_not_told(text: str) -> None:
    assert said(text) == []


PRINTED = "is printed as it is written"


@pytest.mark.parametrize(
    ("text", "place", "kind"),
    [
        ("# Heading", "1:1", "a heading"),
        ("One.\n\n  ### Three", "3:3", "a heading"),
        ("Heading\n=======", "2:1", "a line of signs"),
        ("One.\n\n---\n", "3:1", "a line of signs"),
        ("***", "1:1", "a line of signs"),
        ("| a | b |", "1:1", "a table"),
        ("a | b\n--|--", "2:1", "a table"),
        ("  > quoted", "1:3", "a block quote"),
        ("See ![map](map.png)", "1:5", "a picture"),
        ("```\na", "1:1", "code"),
        ("type `make`", "1:6", "code"),
        ("a <b>c</b>", "1:3", "HTML"),
        ("a <br/> b", "1:3", "HTML"),
        ("a <!-- b -->", "1:3", "HTML"),
        ("found[^1].\n\n[^1]: May.", "1:6", "a footnote"),
        ("see [it][1]", "1:8", "a link by reference"),
        ("[it]: https://lgo.example", "1:1", "a link by reference"),
        ("see [it] (https://lgo.example)", "1:8", "a link with a space in it"),
        ("see [it](https://lgo.example/a b)", "1:8", "a link with a space in it"),
        ("~~no~~", "1:1", "struck text"),
        ("a {name} b", "1:3", "a brace"),
        ("a name} b", "1:7", "a brace"),
    ],
)
def test_what_a_letter_does_not_know_is_told_where_it_begins(
    text: str, place: str, kind: str
) -> None:
    assert said(text) == [f"{place}: warning: {kind} {PRINTED}"]


def test_each_kind_of_sign_is_told_once_and_with_its_line_as_value() -> None:
    [heading, table] = told("## One\n## Two\n\n| a |\n| b |")

    assert (heading.place.line, heading.value) == (1, "## One")
    assert (table.place.line, table.value) == (4, "| a |")


UNCLOSED = f"{PRINTED}: no second one closes it"


@pytest.mark.parametrize(
    ("text", "place", "signs"),
    [
        ("We said *so", "1:9", "*"),
        ("We said so*", "1:11", "*"),
        ("We said **so", "1:9", "**"),
        ("We said**so", "1:8", "**"),
        ("One **two** and **three", "1:17", "**"),
        ("One.\nA _word here", "2:3", "_"),
        ("One *two* three\n\nfour* five", "3:5", "*"),
        ("*One *two*", "1:1", "*"),
        ("Dún *Laoghaire*.\n\nSiân *Ŵyn", "3:6", "*"),
    ],
)
def test_emphasis_that_is_not_closed_is_told_at_its_sign(text: str, place: str, signs: str) -> None:
    assert said(text) == [f'{place}: warning: "{signs}" {UNCLOSED}']


def test_emphasis_does_not_reach_over_a_blank_line() -> None:
    assert said("One *two\n\nthree* four") == [
        f'1:5: warning: "*" {UNCLOSED}',
        f'3:6: warning: "*" {UNCLOSED}',
    ]


def test_two_signs_that_both_close_are_both_told() -> None:
    assert said("One* and two*") == [
        f'1:4: warning: "*" {UNCLOSED}',
        f'1:13: warning: "*" {UNCLOSED}',
    ]


@pytest.mark.parametrize("text", ["**One* two", "*One** two", "_One* two", "**One__ two"])
def test_another_sign_closes_nothing(text: str) -> None:
    assert {problem.code for problem in told(text)} == {"emphasis-unclosed"}


@given(st.lists(st.tuples(WORDS, st.sampled_from(["", "*", "**", "_"])), min_size=1))
def test_emphasis_that_is_closed_around_words_is_never_told(words: list[tuple[str, str]]) -> None:
    text = " ".join(f"{signs}{word}{signs}" for word, signs in words)

    assert said(text) == []
    assert "*" not in markdown(text)


@given(st.lists(WORDS, max_size=5), WORDS, SIGNS, st.lists(WORDS, max_size=5))
def test_one_sign_that_is_left_open_is_told_in_its_very_column(
    before: list[str], word: str, signs: str, after: list[str]
) -> None:
    text = " ".join([*before, f"{signs}{word}", *after])

    column = len(" ".join([*before, ""])) + 1
    assert said(text) == [f'1:{column}: warning: "{signs}" {UNCLOSED}']
    assert f"{signs}{word}" in markdown(text)


@given(st.text("abcé 0123456789.,;:!?()'’“”–—%£/\n"))
def test_words_figures_and_punctuation_are_never_told(text: str) -> None:
    assume(
        not re.search(r"^\s*[0-9]+[.)]|[?]{3}|[.]{5}", text, re.MULTILINE)
    )  # lists; left to fill in

    assert said(text) == []


@pytest.mark.parametrize(
    ("text", "place", "sentence"),
    [
        ("We are ** glad ** of it", "1:8", f'"**" {UNCLOSED}'),
        ("**Note:**text", "1:1", f'"**" {UNCLOSED}'),
        ("- *one\n- two*", "1:3", f'"*" {UNCLOSED}'),
        ("007. one", "1:1", '"007." is printed as 7.'),
        (
            "rooms of 3*4 and 5*6 m",
            "1:10",
            'the signs in "3*4" are taken for emphasis, and not printed',
        ),
        ("a) one\nb) two", "1:1", f"a list's mark {PRINTED}"),
        ("2019. That was the year.", "1:1", '"2019." begins a numbered list here'),
        ("so:\n2. two\n3. three", "2:1", f"a list's mark {PRINTED}"),
        ("• one\n• two", "1:1", f"a list's mark {PRINTED}"),
        ("so:\n-one\n-two", "2:1", f"a list's mark {PRINTED}"),
        ("1.One", "1:1", f"a list's mark {PRINTED}"),
        ("see <www.lgo.example>", "1:5", f"a link without https:// {PRINTED}"),
        ("see <https://lgo.example/a b>", "1:5", f"a link with a space in it {PRINTED}"),
        ("see [it](https://lgo.example/a for more", "1:8", f"a link that is not closed {PRINTED}"),
    ],
)
def test_what_comes_out_otherwise_than_it_was_meant_is_told(
    text: str, place: str, sentence: str
) -> None:
    assert said(text)[0] == f"{place}: warning: {sentence}"


@pytest.mark.parametrize(
    "text",
    [
        "[a](https://lgo.example/?id=1&lang=en&copy=2), <https://lgo.example/?a&copy=2>",
        "https://lgo.example/?a=1&section=3, our T&Cs; two B&Bs;",
        "[*a*](https://lgo.example), *Council*s, *one **two***",
        "[w](https://lgo.example/a_(b)), http://lgo.example/_d, a_@b.example",
        r"\{a\}, \&nbsp; and \[name\]",
        "[g](<https://lgo.example/a b>), [2019] [3], if x <y and z> w",
        "[The number of complaints] rose, [figures for 2019], [date redacted], [here]",
        "12&nbsp;km, 5&thinsp;%",
    ],
)
def test_what_comes_out_as_it_was_meant_is_not_told(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize("entity", ["&#150;", "&#146;", "&#0;", "&#x110000;", "&#x2028;"])
def test_a_number_that_is_no_character_is_an_error(entity: str) -> None:
    assert said(f"a {entity} b") == [f'1:3: error: "{entity}" is no character that can be printed']


@pytest.mark.parametrize(
    "text",
    [
        "[month]", "[address of the Council]", "[●]", "«Name»", "<<name>>", "£xx", "xx%", "dd/mm/yyyy",
        "Error! Reference source not found.", "#REF!", "........", "[TBC]", "[insert figure here]",
    ],
)  # fmt: skip
def test_a_place_that_was_to_be_filled_in_is_told_once(text: str) -> None:
    assert [one.code for one in told(f"On {text} of it")] == ["placeholder"]


@pytest.mark.parametrize(
    ("text", "place", "sign"),
    [
        ("Dear {{ name }},", "1:6", "{{"),
        ("One.\n{% if upheld %}two{% endif %}", "2:1", "{%"),
        ("a {# note #}", "1:3", "{#"),
        ("name }} here", "1:6", "}}"),
        ("if %} here", "1:4", "%}"),
    ],
)
def test_the_signs_of_a_template_are_an_error(text: str, place: str, sign: str) -> None:
    sentence = f'"{sign}" belongs in a template: a paragraph is printed as it is'
    assert said(text) == [f"{place}: error: {sentence}"]


@pytest.mark.parametrize(
    ("text", "place", "found"),
    [
        ("TODO: ask Ann", "1:1", "TODO"),
        ("One.\nPaid on TBC.", "2:9", "TBC"),
        ("a FIXME b", "1:3", "FIXME"),
        ("XXX complaints", "1:1", "XXX"),
        ("XXXX complaints", "1:1", "XXXX"),
        ("on ??? it", "1:4", "???"),
        ("Lorem ipsum dolor", "1:1", "Lorem ipsum"),
        ("To [insert name],", "1:4", "[insert name]"),
        ("Dear [Name]", "1:6", "[Name]"),
        ("paid [£ amount]", "1:6", "[£ amount]"),
        ("on [enter the date here]", "1:4", "[enter the date here]"),
        ("paid [ ] to", "1:6", "[ ]"),
        ("paid [X] to", "1:6", "[X]"),
        ("paid [] to", "1:6", "[]"),
    ],
)
def test_a_place_that_was_to_be_filled_in_is_told_with_its_words(
    text: str, place: str, found: str
) -> None:
    assert said(text) == [
        f'{place}: warning: "{found}" looks like a place that was to be filled in'
    ]
    assert told(text)[0].value == found


@pytest.mark.parametrize(
    ("text", "place", "sentence"),
    [
        ("a &pound 5", "1:3", f'"&pound" has no semicolon, so it {PRINTED}'),
        ("a\n&copy council", "2:1", f'"&copy" has no semicolon, so it {PRINTED}'),
        ("&hellipp; b", "1:1", f'there is no entity "&hellipp;"; it {PRINTED}'),
    ],
)
def test_an_entity_that_is_none_is_told(text: str, place: str, sentence: str) -> None:
    assert said(text) == [f"{place}: warning: {sentence}"]


@pytest.mark.parametrize(
    ("entity", "named"),
    [
        ("&shy;", "U+00AD (soft hyphen)"),
        ("&zwj;", "U+200D (zero width joiner)"),
        ("&#x202E;", "U+202E (right-to-left override)"),
    ],
)
def test_an_entity_is_no_way_around_what_may_not_stand_here(entity: str, named: str) -> None:
    assert said(f"Siân {entity}b") == [f"1:6: error: the character {named} may not stand here"]


def test_an_entity_that_only_looks_like_one_of_our_letters_is_an_error() -> None:
    [problem] = told("The &#x410;lder Council")

    assert (problem.place.column, problem.code) == (5, "look-alike")
    assert problem.severity is Severity.ERROR


@pytest.mark.parametrize(
    ("text", "place", "code"),
    [
        ("The Coun\u00adcil", "1:9", "invisible-character"),
        ("One.\nTwo\u00a0three # four", "2:4", "invisible-character"),
        ("One # two\u200b", "1:10", "invisible-character"),
        ("The C\u043euncil", "1:6", "look-alike"),
        ("in \u0662\u0660 days", "1:4", "look-alike"),
    ],
)
def test_characters_that_are_not_what_they_look_like_are_errors(
    text: str, place: str, code: str
) -> None:
    [problem] = told(text)

    assert f"{problem.place.line}:{problem.place.column}" == place
    assert (problem.severity, problem.code) == (Severity.ERROR, code)


@pytest.mark.parametrize(
    ("text", "place"), [("- one\n-\n- two", "2:1"), ("* * *", "1:1"), ("1.", "1:1")]
)
def test_an_entry_of_a_list_that_says_nothing_is_an_error(text: str, place: str) -> None:
    assert said(text)[0] == f"{place}: error: this entry of a list says nothing"


NAMES = Names(["Ashby", "Ashby Town Council", "Straße", "King's Lynn", "(The) Vale"])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ashby\n  town council and Ashby.", ["ashby\n  town council", "Ashby"]),
        ("Ashby Town", ["Ashby"]),
        ("Mid-Ashby, Ashby-on-Sea, Ashbys, Council Town", []),
        ("from Straße to Strasse", ["Straße"]),
        ("King's Lynn, Kings Lynn, (the) vale", ["King's Lynn", "(the) vale"]),
        ("Ashby Town Councıl, KİNG'S LYNN", ["Ashby Town Councıl", "KİNG'S LYNN"]),
        ("", []),
    ],
)
def test_names_are_found_whole_however_they_are_spaced(text: str, found: list[str]) -> None:
    assert [match[0] for match in NAMES.found(text)] == found
