"""Numbers and dates as a spreadsheet shows them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from letters.intake.number_formats import shown_date, shown_number

ACCOUNTS = '_-* #,##0_-;\\-* #,##0_-;_-* "-"_-;_-@_-'


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (7, "", "7"),
        (7, "General", "7"),
        (Decimal("63.6363636363636"), "", "63.636363636"),
        (1234567, "#,##0", "1,234,567"),
        (5, "0.00", "5.00"),
        (Decimal("12.5"), "0", "13"),
        (Decimal("0.005"), "0.00", "0.01"),
        (Decimal("1.50"), "0.0##", "1.5"),
        (5, "000", "005"),
        (1234, "0,", "1"),
        (Decimal("0.636363"), "0%", "64%"),
        (Decimal("0.636363"), "0.0%", "63.6%"),
        (Decimal("0.145"), "0 %", "15 %"),
        (-3, "0", "-3"),
        (-3, "0;(0)", "(3)"),
        (0, ACCOUNTS, "-"),
        (5, ACCOUNTS, "5"),
        (-5, ACCOUNTS, "-5"),
        (3, '[<5]"*";0', "*"),
        (7, '[<5]"*";0', "7"),
        (3, '[<5]"[c]";General', "[c]"),
        (12, '[<=5]"low";[>10]"many";0', "many"),
        (7, '[<=5]"low";[>10]"many";0', "7"),
        (7, '[<5]"*"', "#####"),
        (0, "#", ""),
        (10**40, "#,##0", "#####"),
        (3, ";;;", ""),
        (5, '"£"#,##0', "£5"),
        (5, "[$£-809]#,##0.00", "£5.00"),
        (-5, "[$£-809]0", "-£5"),
        (5, "[Red]0", "5"),
        (5, '0" cases"', "5 cases"),
        (5, '0"³"', "5³"),
        (5, "0\\r", "5r"),
        (20001230, "00 000 000", "20 001 230"),
        (7, "000-00-0000", "000-00-0007"),
        (1234, "# ##0", "1 234"),
        (123, "@", "123"),
        (Decimal("0.0000000001"), "", "0"),
        (1234, "0.00E+00", None),
        (Decimal("0.5"), "# ?/?", None),
    ],
)
def test_a_number_is_shown_as_its_format_says(
    value: int | Decimal, number_format: str, shown: str | None
) -> None:
    assert shown_number(value, number_format) == shown


@pytest.mark.parametrize(
    ("number_format", "shown"),
    [
        ("dd/mm/yyyy", "31/03/2020"),
        ("mm-dd-yy", "31/03/2020"),
        ("d mmm yyyy", "31 Mar 2020"),
        ("[$-809]dddd d mmmm yyyy;@", "Tuesday 31 March 2020"),
        ('d"th of" mmmm yy', "31th of March 20"),
        ("d/m/yy h:mm AM/PM", "31/3/20 9:05 AM"),
        ("mmmmm", "M"),
        ("yyyy-mm-dd", "2020-03-31"),
        ("dd/mm/yyyy hh:mm", "31/03/2020 09:05"),
    ],
)
def test_a_date_is_shown_as_in_britain(number_format: str, shown: str) -> None:
    assert shown_date(datetime(2020, 3, 31, 9, 5), number_format) == shown  # noqa: DTZ001


def test_a_date_without_a_time_is_at_midnight() -> None:
    assert shown_date(date(2020, 3, 31), "dd/mm/yyyy hh:mm") == "31/03/2020 00:00"
