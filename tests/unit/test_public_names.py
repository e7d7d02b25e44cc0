"""The package for those who use it without the commands."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

import letters
from letters.campaign.load import Campaign
from tests.conftest import PROJECT
from tests.press import MadeLetter

MAIDSTONE = "maidstone-borough-council"
LATE = {"jinja2", "markdown_it", "pikepdf", "pydantic", "starlette", "weasyprint", "yaml"}


def in_a_python_of_its_own(code: str) -> str:
    """What the code prints, run in the project's folder by a new interpreter."""
    command = [sys.executable, "-c", f"import sys, letters\n{code}"]
    return subprocess.run(command, capture_output=True, text=True, check=True, cwd=PROJECT).stdout


def test_the_package_alone_imports_no_library() -> None:
    printed = in_a_python_of_its_own("print(*(name.partition('.')[0] for name in sys.modules))")
    assert "letters" in printed.split()
    assert LATE & set(printed.split()) == set()


def test_exceptions_can_be_named_without_any_library() -> None:
    code = "letters.LettersError, letters.CampaignError, letters.TemplateError\nprint(*sys.modules)"
    assert LATE & set(in_a_python_of_its_own(code).split()) == set()


def test_figures_need_no_renderer() -> None:
    code = "letters.load, letters.figures_for, letters.Campaign\nprint(*sys.modules)"
    modules = set(in_a_python_of_its_own(code).split())
    assert "pydantic" in modules
    assert "weasyprint" not in modules


def test_a_campaign_is_loaded_and_its_figures_are_worked_out(campaign_2020: Campaign) -> None:
    campaign = letters.load(PROJECT, "2020")
    figures = letters.figures_for(campaign, MAIDSTONE)
    assert campaign == campaign_2020
    assert isinstance(campaign, letters.Campaign)
    assert [figure.printed for figure in figures.values()] == [64, 100, 14]


def test_a_letter_has_the_same_html_as_in_the_build(
    campaign_2020: Campaign, letters_2020: Mapping[str, MadeLetter]
) -> None:
    html = letters.letter_html(PROJECT, campaign_2020, MAIDSTONE)
    assert html == letters_2020[MAIDSTONE].html


def test_a_letter_has_the_same_pdf_as_in_the_build(
    campaign_2020: Campaign, letters_2020: Mapping[str, MadeLetter], tmp_path: Path
) -> None:
    target = tmp_path / "maidstone.pdf"
    target.write_bytes(b"one of before")
    letters.write_pdf(PROJECT, campaign_2020, MAIDSTONE, target)
    assert target.read_bytes() == letters_2020[MAIDSTONE].pdf


def test_an_authority_without_statistics_has_neither_figures_nor_a_letter(
    campaign_2020: Campaign, tmp_path: Path
) -> None:
    leeds = "leeds-city-council"
    assert leeds in campaign_2020.register
    with pytest.raises(KeyError, match=leeds):
        letters.figures_for(campaign_2020, leeds)
    with pytest.raises(KeyError, match=leeds):
        letters.letter_html(PROJECT, campaign_2020, leeds)
    with pytest.raises(KeyError, match=leeds):
        letters.write_pdf(PROJECT, campaign_2020, leeds, tmp_path / "none.pdf")
    assert list(tmp_path.iterdir()) == []


def test_a_campaign_that_does_not_exist_is_an_exception_of_ours() -> None:
    with pytest.raises(letters.UnknownCampaign, match='there is no campaign "1999"') as raised:
        letters.load(PROJECT, "1999")
    assert isinstance(raised.value, letters.LettersError)


def test_every_exception_is_a_letters_error() -> None:
    kinds = (letters.CampaignError, letters.LetterError, letters.UnknownCampaign)
    assert all(issubclass(kind, letters.LettersError) for kind in kinds)
    assert issubclass(letters.TemplateError, letters.LetterError)
    assert issubclass(letters.RenderingError, letters.LetterError)


def test_problems_have_a_place_and_a_severity(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "2020"
    folder.mkdir(parents=True)
    (folder / "letter.yaml").write_text("pages: many\n")
    with pytest.raises(letters.CampaignError) as raised:
        letters.load(tmp_path, "2020")
    problem = next(one for one in raised.value.problems if one.field == "pages")
    assert isinstance(problem, letters.Problem)
    assert problem.place == letters.Place("data/2020/letter.yaml", 1, 8)
    assert problem.severity is letters.Severity.ERROR


def test_a_name_that_does_not_exist_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="module 'letters' has no attribute 'lod'"):
        letters.lod  # noqa: B018
    assert not hasattr(letters, "HOMES")


def test_the_version_is_three_numbers_and_needs_no_library() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", letters.__version__)
    code = "letters.__version__\nprint(*sys.modules)"
    assert LATE & set(in_a_python_of_its_own(code).split()) == set()
