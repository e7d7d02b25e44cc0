"""Values kept for later in little memory."""

from __future__ import annotations

import pytest

from letters.batch.shelf import Shelf


def test_a_value_comes_back_as_it_was() -> None:
    shelf: Shelf[tuple[str, int]] = Shelf()
    for number in range(50):
        shelf.put(f"letter {number}", (f"Dear {number}" * number, number))
    assert shelf.get("letter 7") == ("Dear 7" * 7, 7)
    shelf.put("letter 7", ("another", 0))
    assert shelf.get("letter 7") == ("another", 0)
    assert "letter 8" in shelf
    with pytest.raises(KeyError):
        shelf.get("letter 50")


def test_much_alike_takes_little() -> None:
    shelf: Shelf[str] = Shelf()
    text = "".join(f"{number * number % 7919} " for number in range(4000))
    for number in range(10):
        shelf.put(str(number), f"{number}{text}")
    assert shelf.size < 2 * len(text)
