"""The recipes of docs/recipes.md, done as they are written in a year 2021 that was copied from 2020."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from letters.campaign.load import load
from letters.check import gather
from letters.errors import Severity
from tests.conftest import PROJECT
from tests.doing import edit, run
from tests.press import MadeLetter, Press
from tests.reading import pdf_pages, words_of_html

pytestmark = pytest.mark.no_cover

PAGE = (PROJECT / "docs" / "recipes.md").read_text(encoding="utf-8")
LOOKS = PROJECT / "tests" / "many_panels" / "templates" / "2025"
MAIDSTONE = "maidstone-borough-council"
CALDERDALE = "calderdale-metropolitan-borough-council"
WORDS, PANELS = "templates/2021/letter.html.jinja", "templates/2021/statistics.html.jinja"
LETTER = "data/2021/letter.yaml"


def blocks(heading: str) -> list[str]:
    """The blocks of code of one recipe, in their order."""
    recipe = re.split(r"^## ", PAGE, flags=re.MULTILINE)
    (text,) = (one for one in recipe if one.startswith(heading))
    return re.findall(r"^```[a-z]*\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)


@pytest.fixture
def year(tmp_path: Path) -> Path:
    """A root folder with the year 2021, copied as docs/templates.md says."""
    for folder in ("data", "templates"):
        shutil.copytree(PROJECT / folder / "2020", tmp_path / folder / "2021")
    shutil.copytree(PROJECT / "templates/base", tmp_path / "templates/base")
    for name in ("authorities", "peer_groups", "accepted", "office"):
        shutil.copy(PROJECT / f"data/{name}.yaml", tmp_path / "data")
    for template in (tmp_path / "templates/2021").glob("*.jinja"):
        template.write_text(template.read_text("utf-8").replace("2020/", "2021/"), "utf-8")
    edit(tmp_path / LETTER, 'templates: "2020"', 'templates: "2021"')
    for old, new in (("2020-07-", "2021-07-"), ("2020-03-31", "2021-03-31"), ("2019-", "2020-")):
        edit(tmp_path / LETTER, old, new, -1)
    shutil.copytree(LOOKS / "pictures", tmp_path / "templates/2021/pictures")
    return tmp_path


def made(root: Path, slug: str = MAIDSTONE) -> MadeLetter:
    """A letter, once all is checked."""
    problems = gather(root, "2021").problems
    assert [str(one) for one in problems if one.severity is Severity.ERROR] == []
    return Press(root, load(root, "2021")).make(slug)


def said(root: Path, slug: str = MAIDSTONE) -> str:
    """What a letter says, once all is checked; its pages are not made."""
    gathering = gather(root, "2021")
    assert [str(one) for one in gathering.problems if one.severity is Severity.ERROR] == []
    return " ".join(words_of_html(gathering.sound().draft(slug).html.decode()))


def before(root: Path, file: str, place: str, text: str) -> None:
    edit(root / file, place, f"{text}\n{place}")


def panel(root: Path, text: str, more: str = "") -> None:
    """Write a panel below the last one, and import what it uses."""
    end = "{% endcall %}\n{% endcall %}\n{% endmacro %}"
    edit(root / PANELS, end, f"{{% endcall %}}\n\n{text}\n{{% endcall %}}\n{{% endmacro %}}")
    if more:
        edit(root / PANELS, "ring_chart, tally", f"ring_chart, tally, {more}")


def test_a_paragraph_only_if(year: Path) -> None:
    first, other = blocks("A paragraph only if")
    before(year, WORDS, "<h2>Resources", first)
    before(year, WORDS, "<h2>Resources", other)
    edit(
        year / "data/2021/statistics.yaml",
        "compliance_outcomes: 9, complied: 9",
        "compliance_outcomes: 200, complied: 199",
    )
    one, two = said(year, CALDERDALE), said(year, MAIDSTONE)
    assert "Not all of our recommendations were carried out in time." in one
    assert "In 100% of cases" in one, "though it prints as all"
    assert "Not all of our recommendations" not in two
    assert "We upheld more of the complaints" in one and "We thank your authority" not in one
    assert "We upheld more of the complaints" in two, "64% beside 45%"


def test_each_condition_is_one_that_a_template_may_ask(year: Path) -> None:
    asked = re.findall(r"`(\{% if .*?%\})`", PAGE)
    assert sorted(asked) == sorted(EXPECTED)
    for number, condition in enumerate(EXPECTED):
        paragraph = f"{condition}\n<p>Of number {number} it is so.</p>\n{{% endif %}}"
        before(year, WORDS, "<h2>Resources", paragraph)
    for index, words in enumerate((said(year, MAIDSTONE), said(year, CALDERDALE))):
        for number, (condition, truth) in enumerate(EXPECTED.items()):
            assert (f"Of number {number} it is so." in words) == truth[index], condition


#: For each condition of the table, whether it is so of Maidstone (64% of 11) and of Calderdale (74% of 19).
EXPECTED = {
    "{% if letter.figures.uphold_rate.below(50) %}": (False, False),
    "{% if letter.figures.uphold_rate.above(50) %}": (True, True),
    "{% if letter.figures.uphold_rate.value and not letter.figures.uphold_rate.below(50) %}": (
        True,
        True,
    ),
    "{% if letter.figures.uphold_rate.below_average %}": (False, False),
    "{% if letter.figures.uphold_rate.above_average %}": (True, True),
    "{% if not letter.figures.uphold_rate.value %}": (False, False),
    "{% if letter.counts.upheld.value == 0 %}": (False, False),
    "{% if letter.counts.upheld.value > 10 %}": (False, True),
    '{% if letter.authority.peer_group == "county" %}': (False, False),
    "{% if letter.counts.upheld.value > 10 and letter.figures.uphold_rate.above_average %}": (
        False,
        True,
    ),
}


def test_a_panel_only_in_some_letters(year: Path) -> None:
    (text,) = blocks("A panel only in some letters")
    (line,) = re.findall(r"`(\{% from .*?%\})`", PAGE)
    panel(year, text)
    first = (year / PANELS).read_text("utf-8").partition("\n")[0]
    edit(year / PANELS, first, line)
    assert "Remedies offered early 1 satisfactory remedy decision" in said(year, MAIDSTONE)
    assert "Remedies offered early" not in said(year, CALDERDALE)


def test_another_panel(year: Path) -> None:
    count, measure, text = blocks("Another panel")
    edit(year / LETTER, "counts:\n", f"counts:\n{count}")
    edit(year / LETTER, "measures:\n", f"measures:\n{measure}")
    edit(year / LETTER, "district: {uphold_rate", "district: {upheld_per_100000: 4.5, uphold_rate")
    edit(year / "data/2021/statistics.yaml", "}", ", population: 175000}", -1)
    panel(year, text, "bar_chart")
    letter = made(year)
    assert (
        "We upheld 4.0 complaints for every 100,000 residents. This compares to an average of 4.5"
        in said(year)
    )
    *_, page = pdf_pages(letter.pdf)
    *_, bar = page.all("Figure")
    assert bar.alt == (
        "Bar chart: 4.0 upheld decisions for every 100,000 residents."
        " A mark shows the average of similar authorities, 4.5."
    )


def test_a_rate_in_the_years_own_macro_for_rings_is_read_aloud_as_the_bar_that_it_is(
    year: Path,
) -> None:
    count, measure, _ = blocks("Another panel")
    edit(year / LETTER, "counts:\n", f"counts:\n{count}")
    edit(year / LETTER, "measures:\n", f"measures:\n{measure}")
    edit(year / LETTER, "district: {uphold_rate", "district: {upheld_per_100000: 4.5, uphold_rate")
    edit(year / "data/2021/statistics.yaml", "}", ", population: 175000}", -1)
    what = "upheld decisions for every 100,000 residents"
    call = f'{{% call panel("Rate") %}}\n{{{{ ring(figures.upheld_per_100000, "{what}") }}}}'
    panel(year, call + "\n{% endcall %}")
    *_, page = pdf_pages(made(year).pdf)
    *_, bar = page.all("Figure")
    assert bar.alt == (
        f"Bar chart: 4.0 {what}. A mark shows the average of similar authorities, 4.5."
    )


def test_a_table(year: Path) -> None:
    (text,) = blocks("A table")
    panel(year, text, "table")
    letter = made(year)
    assert "Detailed investigations 11 Upheld 7 Compliance outcomes 6" in said(year)
    *_, page = pdf_pages(letter.pdf)
    assert len(list(page.all("TR"))) == 4


def test_another_greeting(year: Path) -> None:
    (line,) = blocks("Another greeting")
    old = '<p class="greeting" data-private>Dear {{ letter.addressee.greeting }}</p>'
    edit(year / WORDS, old, line.strip())
    for name in ("email.text.jinja", "email.html.jinja"):
        greeted = "Good morning {{ letter.addressee.greeting }},"
        edit(year / "templates/2021" / name, "Dear {{ letter.addressee.greeting }}", greeted)
    assert "Good morning Ms Broom, Annual Review letter 2021" in said(year)


def test_colours_a_font_and_a_logo(year: Path) -> None:
    colours, logo, fonts = blocks("Colours, a font, a logo")
    (year / "templates/2021/fonts").mkdir()
    for face in ("Regular", "Bold", "Italic", "BoldItalic"):
        source = PROJECT / f"templates/base/fonts/LiberationSans-{face}.ttf"
        shutil.copy(source, year / f"templates/2021/fonts/{face}.ttf")
    (year / "templates/2021/brand.yaml").write_text(colours + logo + fonts, encoding="utf-8")
    letter = made(year)
    assert "#17524a" in letter.html and "#3d2059" not in letter.html
    assert 'font-family: "Year Sans"' in letter.html
    first, *_ = pdf_pages(letter.pdf)
    assert next(iter(first.all("Figure"))).alt == "Local Government and Social Care Ombudsman"
    assert "Local Government & Social Care Ombudsman" not in said(year).split("22 July")[0]


def test_a_signature_and_a_picture(year: Path) -> None:
    signatory, signature, style, picture = blocks("A signature, a picture")
    letter = (year / LETTER).read_text("utf-8")
    old = re.search(r"^signatory:\n.*?(?=\n\n)", letter, flags=re.MULTILINE | re.DOTALL)
    assert old
    (year / LETTER).write_text(letter.replace(old[0], signatory.rstrip()), encoding="utf-8")
    before(year, WORDS, '<p class="signatory">', signature)
    before(year, WORDS, "<h2>Resources", picture)
    shutil.copy(LOOKS / "pictures/logo.svg", year / "templates/2021/pictures/map.svg")
    (year / "templates/2021/print.css").write_text(style, encoding="utf-8")
    pages = pdf_pages(made(year).pdf)
    alts = [figure.alt for page in pages for figure in page.all("Figure")]
    assert alts[:2] == ["A map of the districts of the county", "Signature of Michael King"]


def test_a_letter_that_fails(year: Path) -> None:
    (command,) = blocks("A letter that fails")
    for heading in ("One", "Two", "Three", "Four"):
        panel(
            year,
            f'{{% call panel("{heading}") %}}<p class="note">{"word " * 400}</p>{{% endcall %}}',
        )
    name, *arguments = command.split()
    assert name.endswith("/letters")
    done = run(*arguments, "--root", year)
    assert done.exit_code == 1
    assert "2 drafts of what failed" in done.output
    drafts = year / "build/2021/failed"
    assert sorted(path.stem for path in drafts.iterdir()) == [CALDERDALE, MAIDSTONE]
    assert not list((year / "build/2021/letters").iterdir())
