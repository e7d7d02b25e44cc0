"""Two letters held against each other, block by block and word by word."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from letters.compare.blocks import Block
from letters.compare.change import Change, Mark, What
from letters.compare.masks import Masks
from letters.compare.words import changes
from letters.typesetting.markup import Link

MASKS = Masks(("Hart Council",))
FIRST, SECOND = "The first paragraph stands here.", "The second one is another text altogether."


def paragraphs(*texts: str, panel: str = "") -> tuple[Block, ...]:
    return tuple(Block(text, "paragraph", number, panel) for number, text in enumerate(texts, 1))


def between(before: str, now: str) -> Change:
    (change,) = changes(paragraphs(before), paragraphs(now), MASKS)
    return change


def test_letters_that_say_the_same_have_no_changes() -> None:
    assert changes(paragraphs(FIRST, SECOND), paragraphs(FIRST, SECOND), MASKS) == ()


def test_a_word_that_changed_is_told_with_the_words_around_it() -> None:
    change = between("The council has done well so far.", "The council have done well so far.")
    (hunk,) = change.hunks
    assert (change.place, change.what) == ("paragraph 1", What.CHANGED)
    assert (hunk.was, hunk.now) == ("has", "have")
    assert (hunk.before, hunk.after) == ("The council", "done well")
    assert [(one.text, one.mark) for one in change.pieces] == [
        ("The council ", Mark.EQUAL),
        ("has", Mark.GONE),
        ("have", Mark.NEW),
        (" done well so far.", Mark.EQUAL),
    ]


def test_figures_are_whole_words() -> None:
    change = between("In 64% of 1,400 cases so.", "In 63% of 1,401 cases so.")
    assert [(one.was, one.now) for one in change.hunks] == [("64%", "63%"), ("1,400", "1,401")]
    assert all(one.is_masked for one in change.hunks)


def test_a_figure_that_becomes_words_is_no_change_of_numbers_alone() -> None:
    change = between("64% of complaints were upheld.", "No percentage of complaints were upheld.")
    assert [(one.was, one.now, one.is_masked) for one in change.hunks] == [
        ("64%", "No percentage", False)
    ]


def test_a_change_of_words_has_one_class_whatever_the_numbers_beside_it() -> None:
    here = between("Hart Council has 64% now.", "Hart Council have 63% now.")
    there = changes(
        paragraphs("York Council has 5% now."),
        paragraphs("York Council have 5% now."),
        Masks(("York Council",)),
    )
    (other,) = there[0].hunks
    assert [one.id for one in here.hunks if not one.is_masked] == [other.id]


def test_the_same_change_elsewhere_is_another_class() -> None:
    here = between("The council has done well.", "The council have done well.")
    there = between("The person has gone away.", "The person have gone away.")
    assert here.hunks[0].id != there.hunks[0].id


def test_the_class_of_a_change_does_not_depend_on_paragraphs_before_it() -> None:
    was, now = "The council has done well so far.", "The council have done well so far."
    plain = between(was, now).hunks[0].id
    before, after = paragraphs(FIRST, was), paragraphs(FIRST, SECOND, now)
    new, changed = changes(before, after, MASKS)
    assert (new.what, new.place) == (What.NEW, "paragraph 2")
    assert (changed.place, changed.hunks[0].id) == ("paragraph 3", plain)


def test_a_paragraph_that_went_is_told_where_it_stood() -> None:
    (gone,) = changes(paragraphs(FIRST, SECOND), paragraphs(FIRST), MASKS)
    assert (gone.what, gone.place, gone.was, gone.now) == (What.GONE, "paragraph 2", SECOND, "")


def test_a_number_of_one_kind_is_not_taken_for_one_of_another() -> None:
    chart = Block("a: 62% b: 56%", "words of the chart")
    finding, beside = Block("56%", "finding"), Block("a: 62%", "comparison")
    told = changes((chart, finding, beside), (chart._replace(text="56%"), finding), MASKS)
    assert [(one.kind, str(one.what)) for one in told] == [
        ("words of the chart", "changed"), ("comparison", "gone"),
    ]  # fmt: skip
    (moved,) = changes((finding, beside), (beside, finding._replace(kind="result")), MASKS)
    assert (moved.what, moved.now) == (What.MOVED, "56%")


def test_a_paragraph_that_moved_is_not_told_as_gone_and_new() -> None:
    third = "And a third paragraph ends it."
    (moved,) = changes(paragraphs(FIRST, SECOND, third), paragraphs(third, FIRST, SECOND), MASKS)
    assert (moved.what, moved.now) == (What.MOVED, third)


def test_a_number_that_changed_in_a_paragraph_that_moved_is_told_besides() -> None:
    old, new = "There were 12 cases in Hart Council.", "There were 19 cases in Hart Council."
    told = changes(paragraphs(old, FIRST, SECOND), paragraphs(FIRST, SECOND, new), MASKS)
    (moved,) = told
    assert (moved.what, moved.was, moved.now) == (What.MOVED, old, new)
    assert [(one.what, one.was, one.now) for one in moved.hunks] == [
        (What.MOVED, old, new),
        (What.CHANGED, "12", "19"),
    ]


def linked(target: str, words: str = "our page", text: str = FIRST) -> tuple[Block, ...]:
    return (Block(text, "paragraph", links=(Link(words, target),)),)


GOOD, BAD = "https://www.example.org/good", "https://www.example.org/bad"


def test_a_link_that_leads_elsewhere_is_told_with_both_addresses() -> None:
    (change,) = changes(linked(GOOD), linked(BAD), MASKS)
    assert (change.what, change.place) == (What.CHANGED, 'paragraph: link "our page"')
    assert (change.was, change.now) == (GOOD, BAD)


def test_a_link_that_leads_elsewhere_is_told_beside_words_that_changed() -> None:
    told = changes(linked(GOOD), linked(BAD, text=FIRST.replace("first", "last")), MASKS)
    assert [(one.kind, one.hunks[0].was) for one in told] == [
        ("paragraph", "first"),
        ("link", GOOD),
    ]


def test_a_link_that_is_new_or_gone_is_told_and_other_words_of_the_same_link_are_not() -> None:
    without = paragraphs(FIRST)[0]._replace(number=0)
    (new,), (gone,) = (
        changes((without,), linked(GOOD), MASKS),
        changes(linked(GOOD), (without,), MASKS),
    )
    assert (new.what, new.was, new.now) == (What.NEW, "", GOOD)
    assert (gone.what, gone.was, gone.now) == (What.GONE, GOOD, "")
    assert changes(linked(GOOD), linked(GOOD, "this page"), MASKS) == ()


def test_links_to_an_authoritys_own_page_that_changed_alike_are_one_class() -> None:
    ids = set()
    for slug, number in (("hart", "1204"), ("york", "777")):
        sides = (
            linked(f"https://{host}.example/{slug}/{number}/2020", f"Page {number}")
            for host in ("old", "new")
        )
        was, now = sides
        (change,) = changes(was, now, Masks(slugs=(slug,)))
        ids.add(change.hunks[0].id)
    assert len(ids) == 1


def test_a_sentence_with_nothing_in_common_is_shown_as_replaced_as_a_whole() -> None:
    before = (Block("64% of complaints were upheld.", "finding", panel="panel Upheld"),)
    now = (Block("We did not look into any.", "finding", panel="panel Upheld"),)
    (change,) = changes(before, now, MASKS)
    assert [one.mark for one in change.pieces] == [Mark.GONE, Mark.NEW]
    assert change.place == 'panel "Upheld": finding'


def test_a_panel_that_is_new_is_one_change_whatever_it_says() -> None:
    ours, theirs = (paragraphs(FIRST, text, panel="panel New") for text in ("64%", "none"))
    one, other = (changes((), panel, MASKS) for panel in (ours, theirs))
    assert [(change.what, change.place) for change in one] == [(What.NEW, 'panel "New"')]
    assert one[0].hunks[0].id == other[0].hunks[0].id


def test_a_panel_with_much_the_same_heading_is_the_same_panel() -> None:
    before = paragraphs("64% were.", panel="panel Complaints upheld")
    now = paragraphs("64% are.", panel="panel All complaints upheld")
    (change,) = changes(before, now, MASKS)
    assert (change.hunks[0].was, change.hunks[0].now) == ("were", "are")


def test_a_panel_that_is_named_after_the_authority_is_the_same_in_all_letters() -> None:
    ids = set()
    for name in ("Hart Council", "York Council"):
        was, now = (paragraphs(text, panel=f"panel About {name}") for text in ("It is.", "It was."))
        ids.add(changes(was, now, Masks((name,)))[0].hunks[0].id)
    assert len(ids) == 1


def test_panels_in_another_order_are_told_once() -> None:
    one, two = paragraphs(FIRST, panel="panel First"), paragraphs(SECOND, panel="panel Last")
    (change,) = changes((*one, *two), (*two, *one), MASKS)
    assert (change.what, change.place) == (What.MOVED, 'panel "Last"')
    assert change.now == 'before panel "First"'


def test_a_paragraph_that_moved_past_a_panel_is_told_as_moved() -> None:
    panel = paragraphs("64% were.", panel="panel Upheld")
    first, note, last = paragraphs(FIRST, "A note.", SECOND)
    (moved,) = changes((first, note, *panel, last), (first, *panel, note, last), MASKS)
    assert (moved.what, moved.now) == (What.MOVED, "A note.")
    other = paragraphs("New.", panel="panel Other")
    told = changes((first, *panel, last), (first, *panel, *other, last), MASKS)
    assert [one.what for one in told] == [What.NEW]


def test_only_a_space_or_a_line_break_is_a_change_too() -> None:
    assert between("Ms Oak Chief", "Ms Oak\nChief").hunks
    assert between("of 5 , say", "of 5, say").hunks


def test_another_name_of_the_authority_is_masked_on_both_sides() -> None:
    masks = Masks(("Hart Borough Council", "Hart Council"))
    was, now = paragraphs("To Hart Borough Council."), paragraphs("To Hart Council.")
    (hunk,) = changes(was, now, masks)[0].hunks
    assert (hunk.masked_was, hunk.masked_now) == ("‹authority›", "‹authority›")


WORDS = st.lists(
    st.sampled_from("a the council has 64% 1,400 Hart Council , . upheld\n ’s (b)".split(" ")),
    max_size=12,
).map(" ".join)


@given(WORDS, WORDS)
def test_the_marks_give_the_old_text_and_the_new_one(before: str, now: str) -> None:
    before, now = before.strip(), now.strip()
    for change in changes(paragraphs(before), paragraphs(now), MASKS):
        assert change.was in (before, "")
        assert change.now in (now, "")


@given(st.lists(WORDS, max_size=5), st.lists(WORDS, max_size=5))
def test_every_block_that_is_otherwise_is_told_and_no_other(
    before: list[str], now: list[str]
) -> None:
    old, new = (paragraphs(*(text.strip() for text in side)) for side in (before, now))
    told = changes(old, new, MASKS)
    came = sum(one.what is What.NEW for one in told)
    went = sum(one.what is What.GONE for one in told)
    assert len(old) - went + came == len(new)
    assert bool(told) == ([one.text for one in old] != [one.text for one in new])
    assert {one.was for one in told} <= {"", *(one.text for one in old)}
    assert {one.now for one in told} <= {"", *(one.text for one in new)}
