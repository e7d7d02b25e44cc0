"""Rows in columns."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from letters.cli.columns import columns, heads, named

ROWS = [
    ("accepted", "a-council", "250 Taken"),
    ("refused", "longer-council", "550 No such mailbox"),
]
words = st.text(st.sampled_from("ab 漢"), max_size=60)


def test_each_column_stands_below_itself() -> None:
    assert list(columns(ROWS)) == [
        "accepted  a-council       250 Taken",
        "refused   longer-council  550 No such mailbox",
    ]


def test_words_are_wrapped_below_their_own_column() -> None:
    assert list(columns([("new", "the words of a mail server, and many of them")], 32)) == [
        "new  the words of a mail server,",
        "     and many of them",
    ]


def test_where_there_is_little_room_words_stand_below_their_row() -> None:
    assert list(columns([("accepted", "a-long-name-of-a-council", "250 2.0.0 Taken")], 40)) == [
        "accepted  a-long-name-of-a-council",
        "    250 2.0.0 Taken",
    ]


def test_there_are_no_lines_of_no_rows() -> None:
    assert not list(columns([]))


def test_names_with_what_is_said_of_them_are_columns_on_a_terminal_alone() -> None:
    rows = [("ashby", "new"), ("birch-council", "changed")]
    assert list(named(rows)) == ["ashby: new", "birch-council: changed"]
    assert list(named(rows, 80)) == ["ashby:          new", "birch-council:  changed"]


def test_lines_told_one_by_one_begin_in_one_column_on_a_terminal_alone() -> None:
    names = ["ashby", "birch-council"]
    assert [heads(names)(name) for name in names] == ["ashby:", "birch-council:"]
    assert [heads(names, 80)(name) for name in names] == ["ashby:        ", "birch-council:"]


@given(
    st.lists(st.tuples(st.text(st.sampled_from("ab漢"), max_size=9), words)), st.integers(40, 90)
)
def test_no_line_is_wider_than_the_terminal_and_no_word_is_lost(
    rows: list[tuple[str, str]], cells: int
) -> None:
    lines = list(columns(rows, cells))
    assert all(cell_len(line) <= cells for line in lines)
    told = "".join("".join(lines).split())
    assert told == "".join("".join(f"{name}{said}" for name, said in rows).split())


@given(st.lists(st.tuples(words, words), min_size=1))
def test_in_a_pipe_a_row_is_a_line_and_its_words_are_whole(rows: list[tuple[str, str]]) -> None:
    lines = list(columns(rows))
    assert all(line.endswith(said.rstrip()) for line, (_, said) in zip(lines, rows, strict=True))
    wide = max(cell_len(name) for name, _ in rows)
    for line, (name, said) in zip(lines, rows, strict=True):
        if said.strip():
            assert cell_len(line) == wide + 2 + cell_len(said.rstrip())
            assert line.startswith(name)
