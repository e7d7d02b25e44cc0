"""What takes too long ends, and nothing else does."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from letters.errors import TemplateError
from letters.typesetting import templates
from letters.typesetting.patience import TookTooLong, patience
from letters.typesetting.templates import Templates


@pytest.fixture(autouse=True)
def nothing_is_traced() -> Iterator[None]:
    """A block may be ended in the midst of who traces it, who then holds his lock for ever."""
    tracer = sys.gettrace()
    sys.settrace(None)
    yield
    sys.settrace(tracer)


def test_an_endless_loop_is_ended() -> None:
    with pytest.raises(TookTooLong), patience(0.05):
        while True:
            pass


def test_what_is_quick_is_left_alone() -> None:
    for _ in range(20):
        with patience(0.5):
            pass
    time.sleep(0.6)  # nothing comes later either


def test_nothing_is_raised_after_the_block_however_close_it_was() -> None:
    ended = 0
    for number in range(300):
        try:
            with patience(0.002):
                begun = time.perf_counter()
                while time.perf_counter() < begun + number / 40_000:  # up to 7.5 ms
                    pass
        except TookTooLong:
            ended += 1
        sum(range(5000))  # here nothing may be raised
    assert 0 < ended < 300  # both happen, or this would prove nothing


def test_an_endless_template_is_told_with_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(templates, "LONGEST", 0.1)
    (tmp_path / "2024").mkdir()
    loop = "{% for x in 'x' * 9999 %}" * 3 + "{% endfor %}" * 3
    (tmp_path / "2024" / "letter.html.jinja").write_text(f"<p>one</p>\n{loop}")

    with pytest.raises(
        TemplateError, match=r"letter\.html\.jinja:2:1: camden: the template takes longer"
    ):
        Templates(tmp_path).written("2024/letter.html.jinja", "camden")


def test_blocks_that_end_close_to_their_time_leave_the_watch_as_it_was() -> None:
    for number in range(200):
        with suppress(TookTooLong), patience(0.001):
            end = time.perf_counter() + 0.0008 + number * 0.000002
            while time.perf_counter() < end:
                pass
    in_another_thread = threading.Thread(target=endless, daemon=True)
    in_another_thread.start()
    in_another_thread.join(10)
    assert not in_another_thread.is_alive()
    endless()


def endless() -> None:
    with pytest.raises(TookTooLong), patience(0.05):
        while True:
            pass
