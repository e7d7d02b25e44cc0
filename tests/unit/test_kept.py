"""What was made is kept: so many, and so much of it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.preview.kept import Kept


def kept_of(sizes: Iterable[int], most: int = 100, heaviest: int = 100) -> list[int]:
    """The sizes of what is still there once all of it was made, one after the other."""
    kept: Kept[bytes] = Kept(most, heaviest, len)

    async def make_all() -> None:
        for index, size in enumerate(sizes):
            await kept.get(str(index), lambda size=size: made(size))  # type: ignore[misc]

    asyncio.run(make_all())
    return [len(value) for _, value in kept.items()]


async def made(size: int) -> bytes:
    return bytes(size)


@pytest.mark.parametrize(
    ("sizes", "left"),
    [
        ([40, 40], [40, 40]),
        ([40, 40, 40], [40, 40]),
        ([90, 5, 10], [5, 10]),
        ([10, 10, 300], [300]),  # whoever asked for it is given it, and asks for it again
        ([300, 10], [10]),
    ],
)
def test_what_was_asked_for_longest_ago_makes_room(sizes: list[int], left: list[int]) -> None:
    assert kept_of(sizes) == left


@given(st.lists(st.integers(0, 150), max_size=30))
def test_what_is_kept_is_never_heavier_than_is_allowed_but_for_one_alone(sizes: list[int]) -> None:
    left = kept_of(sizes, most=10)
    assert sizes[len(sizes) - len(left) :] == left
    assert sum(left) <= 100 or len(left) == 1
    assert len(left) <= 10


def test_without_a_weight_only_the_number_counts() -> None:
    kept: Kept[bytes] = Kept(2)

    async def make_all() -> None:
        for name in "abc":
            await kept.get(name, lambda: made(10**6))

    asyncio.run(make_all())
    assert [key for key, _ in kept.items()] == ["b", "c"]
