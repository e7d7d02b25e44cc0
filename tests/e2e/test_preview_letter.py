"""The page of one letter as a proof-reader works at it: in a real browser, by mouse and by keys."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.conftest import PROJECT, put_small_year
from tests.doing import edit
from tests.e2e.browser import ARTEFACTS, Preview, Scheme, page, preview, until
from tests.unit.test_imported import Imported

pytestmark = pytest.mark.no_cover  # counting lines would take a third longer

ASHBY, BIRCH, CEDAR = (
    f"letters/{slug}"
    for slug in ("ashby-district-council", "birch-district-council", "cedar-fire-authority")
)
MAIDSTONE = "letters/maidstone-borough-council"
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
HIGHEST = 260  #: pixels from the window's top within which the first page begins


@pytest.fixture
def small(chromium: Browser, tmp_path: Path) -> Iterator[tuple[Path, Preview]]:
    """The small year, to edit, and its preview."""
    root = put_small_year(tmp_path)
    with preview(root, "2024") as running:
        yield root, running


@pytest.fixture(scope="module")
def year_2020(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """The real year 2020, which has published averages and SOURCES.md."""
    root = tmp_path_factory.mktemp("2020")
    shutil.copytree(PROJECT / "data" / "2020", root / "data" / "2020")
    for name in ("authorities.yaml", "peer_groups.yaml", "office.yaml", "SOURCES.md"):
        shutil.copy(PROJECT / "data" / name, root / "data")
    shutil.copytree(PROJECT / "templates", root / "templates")
    with preview(root, "2020") as running:
        yield running


def live(tab: Page) -> None:
    """Wait until the page follows the files, and its keys act."""
    expect(tab.locator("#live")).to_have_text("Live")
    if tab.locator("button[data-looked-at]").count():
        expect(tab.locator("button[data-looked-at]")).to_be_visible()


def width_of(tab: Page) -> float:
    """How many pixels wide the first page is on the screen."""
    found: float = tab.evaluate(
        "document.querySelector('.pages img').getBoundingClientRect().width"
    )
    return found


def points_are(tab: Page, width: int) -> None:
    until(tab, f"[...document.images].every((one) => one.complete && one.naturalWidth === {width})")


def test_the_first_tab_is_what_is_sent_and_begins_high_on_the_screen(
    chromium: Browser, year_2020: Preview
) -> None:
    with page(chromium, year_2020.address) as tab:
        tab.set_viewport_size({"width": 1280, "height": 860})
        tab.get_by_role("link", name="Maidstone Borough Council").click()
        expect(tab).to_have_url(re.compile(f"{MAIDSTONE}$"))
        live(tab)
        expect(tab.locator(".tabs [aria-current]")).to_have_text("Pages")
        first = tab.get_by_alt_text("Page 1 of 3")
        expect(first).to_be_visible()
        box = first.bounding_box()
        assert box and box["y"] < HIGHEST
        expect(tab.get_by_role("link", name="Open the PDF")).to_be_visible()


def test_pages_are_shown_in_any_size_and_stay_sharp_and_the_size_is_remembered(
    chromium: Browser, year_2020: Preview
) -> None:
    with page(chromium, year_2020.address + MAIDSTONE) as tab:
        live(tab)
        points_are(tab, 1000)
        fitting = width_of(tab)
        tab.get_by_role("button", name="100%").click()
        assert round(width_of(tab)) == 794
        for _ in range(3):
            tab.keyboard.press("+")
        assert round(width_of(tab)) == round(2 * 793.7)
        points_are(tab, 1600)
        tab.keyboard.press("+")
        points_are(tab, 2400)
        assert tab.evaluate("document.documentElement.scrollWidth") == 1280
        tab.keyboard.press("-")
        tab.reload()
        live(tab)
        assert round(width_of(tab)) == round(2 * 793.7)
        tab.keyboard.press("0")
        assert width_of(tab) == fitting
        expect(tab.get_by_role("button", name="Fit width")).to_have_attribute(
            "aria-pressed", "true"
        )
        tab.get_by_role("button", name="Whole page").click()
        box = tab.get_by_alt_text("Page 1 of 3").bounding_box()
        assert box and box["height"] < 900


def test_large_pages_scroll_by_keys_in_their_own_frame(
    chromium: Browser, year_2020: Preview
) -> None:
    with page(chromium, year_2020.address + MAIDSTONE) as tab:
        live(tab)
        for _ in range(6):
            tab.keyboard.press("+")
        table = tab.get_by_role("group", name="Pages", exact=True)
        expect(table).to_be_focused()
        until(tab, "((one) => one.scrollWidth > one.clientWidth)(document.querySelector('.table'))")
        tab.keyboard.press("ArrowRight")
        until(tab, "document.querySelector('.table').scrollLeft > 0")
        tab.keyboard.press("PageDown")
        until(tab, "document.querySelector('.table').scrollTop > 0")
        expect(tab.get_by_role("heading", level=1)).to_have_text("Maidstone Borough Council")


def test_without_scripts_the_pages_are_there_and_nothing_that_needs_them(
    chromium: Browser, year_2020: Preview
) -> None:
    context = chromium.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(year_2020.address + MAIDSTONE)
    expect(tab.get_by_alt_text("Page 3 of 3")).to_be_visible()
    for name in ("Whole page", "Looked at", "keys"):
        expect(tab.get_by_role("button", name=name)).to_have_count(0)
    tab.get_by_role("link", name="Figures").click()
    tab.locator(".working .lines summary").nth(0).click()
    expect(tab.locator(".line.here mark").nth(0)).to_be_visible()
    context.close()


def test_the_keys_of_a_page_are_told_and_escape_closes_them(
    chromium: Browser, small: tuple[Path, Preview]
) -> None:
    _, running = small
    with page(chromium, running.address) as tab:
        live(tab)
        tab.keyboard.press("?")
        expect(tab.get_by_role("dialog", name="Keys")).to_contain_text("search")
        tab.keyboard.press("Escape")
        expect(tab.get_by_role("dialog")).to_have_count(0)
        tab.goto(running.address + BIRCH)
        live(tab)
        tab.get_by_role("button", name="? keys").click()
        keys = tab.get_by_role("dialog", name="Keys")
        for what in ("next letter", "previous letter", "looked at", "larger pages", "Figures"):
            expect(keys).to_contain_text(what)
        expect(keys).not_to_contain_text("search")
        result = Axe().run(tab, options={"runOnly": RULES})
        assert not result.response["violations"], result.generate_report()
        tab.keyboard.press("j")  # nothing acts behind it
        keys.get_by_role("button", name="Close").click()
        expect(tab).to_have_url(re.compile(f"{BIRCH}$"))
        tab.keyboard.press("4")
        expect(tab).to_have_url(re.compile(f"{BIRCH}/figures$"))
        live(tab)
        tab.keyboard.press("g")
        expect(tab).to_have_url(running.address)


def test_what_was_looked_at_is_remembered_until_the_letter_changes(
    chromium: Browser, small: tuple[Path, Preview]
) -> None:
    root, running = small
    with page(chromium, f"{running.address}{ASHBY}?order=name") as tab:
        live(tab)
        looked_at = tab.get_by_role("button", name="Looked at")
        expect(looked_at).to_have_attribute("aria-pressed", "false")
        tab.keyboard.press("l")
        expect(looked_at).to_have_attribute("aria-pressed", "true")
        tab.keyboard.press("n")
        expect(tab).to_have_url(re.compile(rf"{BIRCH}\?order=name$"))
        live(tab)
        looked_at.click()
        expect(looked_at).to_have_attribute("aria-pressed", "true")
        tab.get_by_role("link", name="Next not looked at").click()
        expect(tab).to_have_url(re.compile(rf"{CEDAR}\?order=name$"))
        live(tab)
        tab.keyboard.press("l")
        expect(tab.get_by_text("All looked at", exact=True)).to_be_visible()
        edit(root / "data/2024/contacts.yaml", "surname: Oak", "surname: Ash")
        tab.get_by_role("link", name="Next not looked at").click()
        expect(tab).to_have_url(re.compile(rf"{ASHBY}\?order=name$"))
        expect(looked_at).to_have_attribute("aria-pressed", "false")


def test_the_next_that_was_not_looked_at_is_one_of_the_selection(
    chromium: Browser, small: tuple[Path, Preview]
) -> None:
    _, running = small
    with page(chromium, f"{running.address}{ASHBY}/figures?group=district&order=name") as tab:
        live(tab)
        tab.keyboard.press("n")
        expect(tab).to_have_url(re.compile(rf"{BIRCH}/figures\?group=district&order=name$"))
        live(tab)
        tab.keyboard.press("l")
        tab.keyboard.press("n")
        expect(tab).to_have_url(re.compile(rf"{ASHBY}/figures\?group=district&order=name$"))


def test_a_figure_opens_its_lines_and_its_source_in_place(
    chromium: Browser, year_2020: Preview
) -> None:
    with page(chromium, f"{year_2020.address}{MAIDSTONE}/figures") as tab:
        live(tab)
        rate = tab.locator(".workings > li").nth(0)
        rate.get_by_text("data/2020/statistics.yaml:5").click()
        line = rate.locator(".line.here").nth(0)
        expect(line).to_contain_text("maidstone-borough-council")
        assert line.locator("mark").all_inner_texts() == ["11", "7"]
        rate.get_by_text("data/2020/SOURCES.md").click()
        expect(rate.locator(".document")).to_contain_text("the letter to Maidstone")
        expect(rate.locator(".document")).not_to_contain_text("metropolitan")
        fact = tab.locator(".facts b", has_text="178")
        expect(fact).to_be_hidden()  # what all letters say is folded
        tab.get_by_role("heading", name="In all letters").click()
        expect(fact).to_be_visible()
        tab.get_by_role("link", name="Where the figures of 2020 come from").click()
        expect(tab.get_by_role("heading", level=1)).to_have_text("Sources")
        expect(tab.locator("main")).to_contain_text("The base of the remedies panel.")


def test_the_wrong_word_is_marked_and_what_was_opened_stays_open(
    chromium: Browser, small: tuple[Path, Preview]
) -> None:
    root, running = small
    statistics = root / "data/2024/statistics.yaml"
    with page(chromium, running.address + ASHBY) as tab:
        live(tab)
        for count in ("investigations: 9", "upheld: 5", "remedied: 2", "population: 147000"):
            edit(statistics, count, f"{count}x")
        problems = tab.locator("#problems")
        expect(problems.locator("h2")).to_contain_text("4 errors")
        assert problems.locator("mark:visible").all_inner_texts() == ["9x"]
        expect(problems.get_by_text("1 more")).to_be_visible()
        problems.locator("summary").nth(1).click()
        assert problems.locator("mark:visible").all_inner_texts() == ["9x", "5x"]
        (root / "data/2024/notes.txt").write_text("nothing that a page shows")
        edit(statistics, "population: 147000x", "population: 147000")
        expect(problems.locator("h2")).to_contain_text("3 errors")
        assert problems.locator("mark:visible").all_inner_texts() == ["9x", "5x"]


@pytest.mark.parametrize(
    ("scheme", "widths"),
    [
        ("light", (320, 1280)),
        pytest.param("light", (390, 3840), marks=pytest.mark.slow),
        pytest.param("dark", (320, 390, 1280, 3840), marks=pytest.mark.slow),
    ],
)
def test_a_letter_that_fails_is_told_accessibly_and_fits_every_window(
    chromium: Browser, small: tuple[Path, Preview], scheme: Scheme, widths: tuple[int, ...]
) -> None:
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    root, running = small
    basis = '<p class="basis">Out of'
    edit(
        root / "templates/2024/letter.html.jinja", basis, f'<p class="note">{"x" * 120}</p>{basis}'
    )
    found = {}
    with page(chromium, running.address + ASHBY, scheme) as tab:
        expect(tab.locator("#remarks")).to_contain_text("overflows")
        for view in ("", "/html", "/email", "/figures"):
            tab.goto(running.address + ASHBY + view)
            live(tab)
            result = Axe().run(tab, options={"runOnly": RULES})
            if result.response["violations"]:
                found[view] = result.generate_report()
            tab.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
            for width in widths:
                tab.set_viewport_size({"width": width, "height": 860})
                name = f"preview-failing{view.replace('/', '-')}-{width}-{scheme}"
                tab.screenshot(path=ARTEFACTS / f"{name}.png")
                assert tab.evaluate("document.documentElement.scrollWidth") <= width, name
            tab.set_viewport_size({"width": 1280, "height": 860})
    assert found == {}


def test_the_cell_of_an_imported_number_opens_in_place_and_scrolls_in_a_frame_of_its_own(
    chromium: Browser, tmp_path: Path
) -> None:
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    Imported(tmp_path)
    arun = "letters/arun-district-council/figures"
    with (
        preview(tmp_path, "2021") as running,
        page(chromium, running.address + arun, width=320) as tab,
    ):
        live(tab)
        tab.get_by_text("The cell in the workbook").nth(1).click()
        cells = tab.get_by_role("region", name="Around cell C3 of Figures.xlsx")
        assert cells.locator("mark").all_inner_texts() == ["2"]
        expect(cells).to_contain_text("Arun District Council")
        tab.screenshot(path=ARTEFACTS / "preview-cells-320.png")
        assert tab.evaluate("document.documentElement.scrollWidth") == 320
        result = Axe().run(tab, options={"runOnly": RULES})
        assert not result.response["violations"], result.generate_report()
