"""What takes too long ends, and nothing else does."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from letters.errors import TemplateError
from letters.typesetting import html
from letters.typesetting.patience import TookTooLong, patience


def test_an_endless_loop_is_ended() -> None:
    with pytest.raises(TookTooLong), patience(0.05):
        while True:
            pass


def test_what_is_quick_is_left_alone() -> None:
    for _ in range(50):
        with patience(0.001):
            pass
    time.sleep(0.01)


def test_an_endless_template_is_told_with_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html, "LONGEST", 0.1)
    (tmp_path / "2024").mkdir()
    loop = "{% for x in 'x' * 9999 %}" * 3 + "{% endfor %}" * 3
    (tmp_path / "2024" / "letter.html.jinja").write_text(f"<p>one</p>\n{loop}")

    class Context:
        slug = "camden"

    with pytest.raises(TemplateError, match=r"letter\.html\.jinja:2:1: camden: the template takes longer"):
        html.letter_html(Context(), html.environment(tmp_path), "2024")  # type: ignore[arg-type]
