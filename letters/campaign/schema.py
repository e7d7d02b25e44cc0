"""The JSON Schemas of the data files, which help editors."""

from __future__ import annotations

from typing import Any

from letters.campaign.corrections import CORRECTIONS
from letters.campaign.lock import LOCK
from letters.campaign.mapping import IMPORT
from letters.campaign.records import (
    ACCEPTED,
    APPROVALS,
    BRAND,
    CONTACTS,
    LETTER,
    OFFICE,
    PEER_GROUPS,
    REGISTER,
    STATISTICS,
    Shape,
)
from letters.campaign.sent import SENT


def schemas() -> dict[str, dict[str, Any]]:
    """The JSON Schemas (draft 7, as YAML editors know): `data/schema/<name>.schema.json`."""
    return {
        "authorities": _schema("authorities", REGISTER),
        "peer_groups": _schema("peer_groups", PEER_GROUPS),
        "letter": _schema("letter", LETTER),
        "statistics": _schema("statistics", STATISTICS),
        "contacts": _schema("contacts", CONTACTS),
        "accepted": _schema("accepted", ACCEPTED),
        "office": _schema("office", OFFICE),
        "approvals": _schema("approvals", APPROVALS),
        "sent": _schema("sent", SENT),
        "corrections": _schema("corrections", CORRECTIONS),
        "brand": _schema("brand", BRAND),
        "import": _schema("import", IMPORT),
        "import.lock": _schema("import.lock", LOCK),
    }


def _schema(name: str, shape: Shape[Any]) -> dict[str, Any]:
    heading = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": f"{name}.yaml",
        "description": shape.description,
    }
    return {**_adapted(shape.json_schema()), **heading}


def _adapted(schema: Any) -> Any:
    """The schema for an editor: no titles that repeat a name, and closed to misspelt keys."""
    if isinstance(schema, list):
        return [_adapted(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    adapted = {
        key: _adapted(part)
        for key, part in schema.items()
        if key != "title" or not isinstance(part, str)
    }
    return adapted | {"additionalProperties": False} if "patternProperties" in schema else adapted
