"""Whose a row of a table is, and whether that authority is still there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from letters.campaign.check_register import did_not_exist
from letters.campaign.mapping import AuthorityColumns
from letters.campaign.records import Authority
from letters.errors import Problem
from letters.intake.cells import without_notes
from letters.intake.numbers import unreadable
from letters.intake.tables import Table
from letters.wording import series


def gone(body: Authority, day: date | None, register: Mapping[str, Authority]) -> str:
    """Why an authority gets no letter of a day, and who took its place; "" when it existed then."""
    reason = did_not_exist(body, day) if day else ""
    others = [register[slug].name for slug in body.succeeded_by if slug in register]
    if reason and others and body.ended and day and body.ended < day:
        return f"{reason}; its place was taken by {series(others)}"
    return reason


def name_and_code(table: Table, row: int, columns: AuthorityColumns) -> tuple[str, str]:
    """What a row says of its authority, without notes."""
    name = without_notes(table.cell(row, columns.name).words) if columns.name else ""
    code = without_notes(table.cell(row, columns.code).words) if columns.code else ""
    return name, code


def unusable(table: Table, row: int, columns: AuthorityColumns) -> Problem | None:
    """An error for a row whose authority is an error, or was never worked out; None for none."""
    for heading in columns.headings:
        cell = table.cell(row, heading)
        if problem := unreadable(cell, "a name or code"):
            return problem
    return None
