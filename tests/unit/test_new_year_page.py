"""docs/new-year.md says what the commands say, and its YAML is understood."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from letters.campaign.load import examine
from tests.conftest import PROJECT
from tests.doing import edit, run
from tests.second_year import begin_2021, project_of_2020, to_confirm

PAGE = (PROJECT / "docs/new-year.md").read_text(encoding="utf-8")


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^ *```{kind}\n(.*?)^ *```", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return project_of_2020(tmp_path)


def test_what_it_shows_is_what_the_commands_print(root: Path) -> None:
    made = run("new", "2021", "--from", "2020", "--root", root).output
    letter = root / "data/2021/letter.yaml"
    edit(letter, "letter_date:", "letter_date: 2021-07-21")
    edit(letter, "publication_date:", "publication_date: 2021-07-28")
    rates = "uphold_rate: 51, compliance_rate: 98, satisfactory_remedy_rate: 13"
    edit(letter, "uphold_rate: , compliance_rate: , satisfactory_remedy_rate: ", rates, -1)
    edit(letter, "  unitary: {uphold_rate: }\n", "")
    told = made + run("check", "2021", "--root", root).output

    shown = [line for block in blocks("text") for line in block.splitlines()]
    assert len(shown) > 10
    lines = [" ".join(line.split()) for line in told.splitlines()]
    for line in shown:
        text = " ".join(line.split())
        if not text.startswith("2021: 23 things"):  # its warnings are counted with other averages
            assert text in lines
    assert "2021: 23 things of 2020 to confirm, 1 error" in told


def test_its_confirmations_confirm(root: Path) -> None:
    begin_2021(root)
    [confirmed] = [block for block in blocks("yaml") if block.startswith("confirmed:")]
    with (root / "data/2021/letter.yaml").open("a", encoding="utf-8") as file:
        file.write(confirmed.replace("contacts: 333", "contacts: 2"))

    left = {one.value if one.field == "sentences" else one.field for one in to_confirm(root)}
    assert len(to_confirm(root)) == 20
    assert not left & {
        "contacts", "facts.links.map", "We focus our statistics on these three key areas:"
    }  # fmt: skip


def test_every_name_of_what_is_asked_about_is_on_it(root: Path) -> None:
    begin_2021(root)
    kinds = {one.field.partition(".")[0] for one in to_confirm(root)}

    assert {one for one in kinds if f"`{one}" not in PAGE} == set()
    assert examine(root, "2021").campaign is None  # its dates are empty
