"""WeasyPrint as its documentation shows it, in a loop: the same HTML, style sheets and PDF options as ours."""

from __future__ import annotations

from pathlib import Path

from weasyprint import HTML, Attachment

from benchmarks.one_by_one import one_by_one, style_sheets


def make(page: Path) -> bytes:
    """The PDF of one letter, PDF/A-3a with its figures attached."""
    figures = Attachment(
        string=page.with_suffix(".json").read_text(),
        name="statistics.json",
        description="The counts and figures of this letter",
        relationship="Data",
    )
    pdf: bytes = HTML(string=page.read_text()).write_pdf(
        stylesheets=style_sheets(), pdf_variant="pdf/a-3a", attachments=[figures]
    )
    return pdf


if __name__ == "__main__":
    one_by_one(make)
