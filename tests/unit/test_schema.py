"""The JSON Schemas that help editors: they are current, and they accept and refuse what we do."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from letters.campaign.schema import schemas
from letters.source.reader import read

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT / "data" / "schema"
FILES = sorted(
    str(path.relative_to(ROOT))
    for path in (*(ROOT / "data").rglob("*.yaml"), *(ROOT / "templates").rglob("*.yaml"))
    if path.stem in schemas()
)


def as_json(value: Any) -> Any:
    """The value as an editor sees it: dates are texts, decimals are numbers."""
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value


def faults(name: str, value: Any) -> list[str]:
    return [
        error.json_path for error in Draft7Validator(schemas()[name]).iter_errors(as_json(value))
    ]


@pytest.mark.parametrize("name", sorted(schemas()))
def test_the_schema_on_disk_is_current(name: str) -> None:
    written = (SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8")

    assert json.loads(written) == schemas()[name], "run: make schema"


@pytest.mark.parametrize("name", sorted(schemas()))
def test_each_schema_is_valid_and_explains_every_field(name: str) -> None:
    schema = schemas()[name]
    Draft7Validator.check_schema(schema)

    for record in [schema, *schema.get("$defs", {}).values()]:
        for field in record.get("properties", {}).values():
            assert "description" in field or "$ref" in field


@pytest.mark.parametrize("file", FILES)
def test_every_file_under_data_fits_its_schema(file: str) -> None:
    assert faults(Path(file).stem, read(ROOT, file).value) == []


@pytest.mark.parametrize("file", FILES)
def test_every_file_under_data_names_its_schema_for_editors(file: str) -> None:
    first, _ = (ROOT / file).read_text(encoding="utf-8").split("\n", 1)
    schema = first.removeprefix("# yaml-language-server: $schema=")

    assert ((ROOT / file).parent / schema).resolve() == (
        SCHEMAS / f"{Path(file).stem}.schema.json"
    ).resolve()


@pytest.mark.parametrize(
    ("name", "value", "place"),
    [
        ("authorities", {"camden": {}}, "$.camden"),
        ("authorities", {"Camden": {"name": "Camden"}}, "$"),
        (
            "authorities",
            {"camden": {"name": "Camden", "peer_group": "Shire"}},
            "$.camden.peer_group",
        ),
        ("authorities", {"camden": {"name": "Camden", "gss": "E07000001"}}, "$.camden"),
        ("statistics", {"camden": {"upheld": "12"}}, "$.camden.upheld"),
        ("statistics", {"camden": {"upheld": -1}}, "$.camden.upheld"),
        ("statistics", {"camden": {"Upheld": 1}}, "$.camden"),
        ("contacts", {"camden": {"copies": {}}}, "$.camden.copies"),
        ("contacts", {"camden": {"chief_executive": {"name": "x"}}}, "$.camden.chief_executive"),
    ],
)
def test_the_schema_refuses_what_we_refuse(name: str, value: Any, place: str) -> None:
    assert faults(name, value) == [place]
