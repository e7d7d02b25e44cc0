"""The page for template authors lists what there is, neither less nor more."""

import re
from dataclasses import fields
from pathlib import Path

from letters.campaign.records import Authority, Period, Signatory
from letters.typesetting.context import Addressee, LetterContext, PrintedFigure, Quantity
from letters.typesetting.language import FILTERS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "templates.md").read_text(encoding="utf-8")


def section(heading: str) -> str:
    return re.split(r"^#+ ", PAGE.split(f"# {heading}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


def names_in(heading: str) -> set[str]:
    """What stands in the first column of a section's table."""
    rows = re.findall(r"^\| (`.*?`) \|", section(heading), flags=re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`(.*?)`", row)}


def public(kind: type) -> set[str]:
    names = {field.name for field in fields(kind)}
    return names | {name for name, value in vars(kind).items() if isinstance(value, property)}


def test_every_name_of_a_letter_is_listed() -> None:
    listed = names_in("The names")
    parts = {
        "authority": set(Authority.model_fields),
        "period": set(Period.model_fields),
        "signatory": set(Signatory.model_fields),
        "addressee": public(Addressee),
    }
    expected = {f"letter.{name}" for name in public(LetterContext) - set(parts)}
    expected |= {f"letter.{part}.{name}" for part, names in parts.items() for name in names}
    assert listed == expected


def test_every_name_of_a_count_and_of_a_figure_is_listed() -> None:
    assert names_in("A count") == public(Quantity)
    assert names_in("A figure") == public(PrintedFigure)


def test_every_filter_is_listed() -> None:
    assert names_in("The filters") == set(FILTERS)


def test_every_block_and_macro_is_listed() -> None:
    base = ROOT / "templates" / "base"
    blocks = re.findall(
        r"{% block (\w+)", (base / "skeleton.html.jinja").read_text(encoding="utf-8")
    )
    assert names_in("The blocks of the skeleton") == set(blocks)
    macros = re.findall(
        r"{% macro (\w+\(.*?\)) %}", (base / "panels.html.jinja").read_text(encoding="utf-8")
    )
    assert names_in("The macros of `base/panels.html.jinja`") == set(macros)
