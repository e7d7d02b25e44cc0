"""Typst, kept open, typesetting a comparable letter one by one: the same words, panels and figures (letter.typ)."""

from __future__ import annotations

from pathlib import Path

from benchmarks.one_by_one import one_by_one, skip
from benchmarks.year import ROOT

try:
    import typst  # type: ignore[import-not-found, unused-ignore]  # only `make bench` installs it
except ModuleNotFoundError:
    skip("typst is not installed")

COMPILER = typst.Compiler(
    Path(__file__).with_name("letter.typ"),
    font_paths=[ROOT / "templates/base/fonts"],
    ignore_system_fonts=True,
)


def make(page: Path) -> bytes:
    """The PDF of one letter, PDF/A-3a with its figures attached."""
    figures = page.with_suffix(".json").read_text()
    pdf = COMPILER.compile(format="pdf", sys_inputs={"figures": figures}, pdf_standards=["a-3a"])
    assert isinstance(pdf, bytes)
    return pdf


if __name__ == "__main__":
    one_by_one(make)
