"""Equal changes of many letters, and the letters unlike all others."""

from __future__ import annotations

from letters.compare.blocks import Block
from letters.compare.change import Change
from letters.compare.classes import classes_of, outliers_of
from letters.compare.masks import Masks
from letters.compare.words import changes

BEFORE = "The council has done well in 64% of cases."


def letters(**now: str) -> dict[str, tuple[Change, ...]]:
    """By slug, the changes of a letter that says this now."""
    return {
        slug: changes((Block(BEFORE, "paragraph", 3),), (Block(text, "paragraph", 3),), Masks())
        for slug, text in now.items()
    }


HAVE = BEFORE.replace("has", "have")


def test_equal_changes_are_one_class_those_of_most_letters_first() -> None:
    found = classes_of(letters(a=HAVE, b=BEFORE.replace("well", "badly"), c=HAVE, d=HAVE))
    assert [(one.place, one.was, one.now, one.letters) for one in found] == [
        ("paragraph 3", "has", "have", ("a", "c", "d")),
        ("paragraph 3", "well", "badly", ("b",)),
    ]


def test_a_class_shows_three_letters_first_those_that_differ_in_what_is_masked() -> None:
    texts = {
        slug: BEFORE.replace("64", number) for slug, number in zip("abcdef", "111234", strict=True)
    }
    (one,) = classes_of(letters(**texts))
    assert one.numbers_only
    assert [sample.slug for sample in one.samples] == ["a", "d", "e"]


def test_a_class_counts_a_letter_once_however_often_it_has_the_change() -> None:
    twice = "He has come. She has come."
    blocks = [(Block(text, "paragraph"),) for text in (twice, twice.replace("has", "had"))]
    found = classes_of({"a": changes(blocks[0], blocks[1], Masks())})
    assert all(one.letters == ("a",) for one in found)


def test_a_letter_that_changed_as_no_other_did_is_an_outlier() -> None:
    said = letters(a=HAVE, b=HAVE, c=HAVE.replace("cases", "complaints"), d=HAVE)
    classes = classes_of(said)
    (one,) = outliers_of(said, classes)
    by_id = {one.id: one for one in classes}
    assert one.slug == "c"
    assert [by_id[name].now for name in one.classes] == ["complaints", "have"]


def test_the_letter_that_alone_lacks_a_change_is_an_outlier() -> None:
    said = letters(a=HAVE, b=HAVE, c=BEFORE, d=HAVE)
    (one,) = outliers_of(said, classes_of(said))
    assert (one.slug, one.classes, len(one.lacks)) == ("c", (), 1)


def test_among_many_the_letter_whose_numbers_alone_stayed_is_an_outlier() -> None:
    texts = {f"a{number}": BEFORE.replace("64", str(number)) for number in range(9)}
    said = letters(**texts, other=BEFORE)
    assert [one.slug for one in outliers_of(said, classes_of(said))] == ["other"]
    few = {slug: said[slug] for slug in ("a1", "a2", "other")}
    assert outliers_of(few, classes_of(few)) == ()


def test_letters_in_which_any_numbers_changed_are_not_unlike_for_that() -> None:
    said = letters(a=HAVE, b=HAVE, c=HAVE.replace("64", "65"), d=HAVE.replace("64", "66"))
    assert outliers_of(said, classes_of(said)) == ()


def test_the_letter_whose_own_counts_changed_is_unlike_those_whose_averages_followed() -> None:
    said = letters(**{slug: BEFORE.replace("64", "65") for slug in "abcd"})
    assert outliers_of(said, classes_of(said)) == ()
    (one,) = outliers_of(said, classes_of(said), counted={"b"})
    assert one.slug == "b"


def test_one_letter_alone_is_unlike_nobody() -> None:
    said = letters(a=HAVE)
    assert outliers_of(said, classes_of(said)) == ()


def test_nothing_changed_has_no_classes() -> None:
    said = letters(a=BEFORE, b=BEFORE)
    assert (classes_of(said), outliers_of(said, ())) == ((), ())


MANY = [f"a{number:02}" for number in range(13)]


def test_where_nearly_all_letters_say_the_same_number_one_with_another_is_an_outlier() -> None:
    said = letters(
        **dict.fromkeys(MANY, BEFORE.replace("64", "65")), wrong=BEFORE.replace("64", "95")
    )
    ((one,), (odd,)) = classes_of(said), outliers_of(said, classes_of(said))
    assert one.usual == ("64%", "65%")
    assert (odd.slug, odd.odd) == ("wrong", (one.id,))
    assert [sample.slug for sample in one.samples][:2] == ["a00", "wrong"]
    assert outliers_of(said, classes_of(said), is_told=lambda slug, hunk: True) == ()


def test_equal_changes_of_one_letter_stay_apart_where_what_they_say_is_masked() -> None:
    def row(number: int, text: str) -> Block:
        return Block(text, "table row", number)

    before = (row(1, "2022 | 5"), row(2, "2023 | 9"))
    now = (row(1, "2022 | 6"), row(2, "2023 | 90"))
    found = classes_of({slug: changes(before, now, Masks()) for slug in "abc"})
    assert [(one.place, one.samples[0].said, len(one.letters)) for one in found] == [
        ("table row 1", ("5", "6"), 3),
        ("table row 2", ("9", "90"), 3),
    ]


def test_what_a_new_panel_says_is_told_and_one_that_says_something_else_is_an_outlier() -> None:
    def panel(text: str) -> tuple[Block, ...]:
        return (Block(text, "finding", panel="panel Learning"),)

    said = {slug: changes((), panel("You were excellent."), Masks()) for slug in "abcd"}
    said["bad"] = changes((), panel("You failed us badly."), Masks())
    found = classes_of(said)
    assert [(one.kind, one.now, len(one.letters)) for one in found] == [
        ("panel", 'panel "Learning"', 5),
        ("finding", "You were excellent.", 4),
        ("finding", "You failed us badly.", 1),
    ]
    assert [one.slug for one in outliers_of(said, found)] == ["bad"]
