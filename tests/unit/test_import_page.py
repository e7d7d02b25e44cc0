"""docs/import.md says what the command says, and its YAML is understood."""

from __future__ import annotations

import re
from pathlib import Path

from letters.campaign.mapping import IMPORT
from letters.source.reader import parse
from tests.books import SAMPLES
from tests.conftest import PROJECT
from tests.doing import run
from tests.whole_office import CASES, CONTACTS, FIGURES, whole_office

PAGE = (PROJECT / "docs/import.md").read_text(encoding="utf-8")


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def test_its_mapping_is_the_one_that_is_tried() -> None:
    (shown,) = blocks("yaml")
    value = parse("import.yaml", shown).value

    assert IMPORT.read(value)[0] is not None
    value["figures"][0].pop("suppressed")
    assert value == parse("import.yaml", "".join((FIGURES, CASES, CONTACTS))).value


def test_its_keys_are_all_there_are() -> None:
    defined = IMPORT.json_schema()["$defs"]
    names = {
        name for record in ("Figures", "Cases", "People") for name in defined[record]["properties"]
    }
    table = "\n".join(line for line in PAGE.splitlines() if line.startswith("| `"))

    assert {name for name in names if f"`{name}`" not in table} == set()


def test_what_it_shows_is_what_the_command_prints(tmp_path: Path) -> None:
    root = whole_office(tmp_path)
    path = SAMPLES / "Authority figures 2020-21.xlsx"
    told = run("import", "2021", path, "--root", root).output.splitlines()

    first = next(block for block in blocks("text") if "workbook read" in block)
    shown = [" ".join(line.split()) for line in first.splitlines() if line.strip() != "..."]
    assert len(shown) > 15
    assert set(shown) <= {" ".join(line.split()) for line in told}
