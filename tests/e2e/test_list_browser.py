"""The list of letters as a workplace, in a browser."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from tests.doing import edit, wait_for
from tests.e2e.browser import ARTEFACTS, Preview, Scheme, page, preview, until

pytestmark = pytest.mark.no_cover  # counting lines would take a third longer

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}


SPILT = """all => all.filter((one) => one.scrollWidth > one.clientWidth)
  .map((one) => `${one.outerHTML}: ${one.scrollWidth} in ${one.clientWidth}`)"""


def live(tab: Page) -> Page:
    """The list once it follows the files and all letters have been looked through."""
    expect(tab.locator("#live")).to_have_text("Live")
    expect(tab.locator("td.state .dot").first).to_be_attached()
    return tab


def rows_in_sight(tab: Page) -> int:
    """How many rows are whole between the heads and the lower edge of the window."""
    found: int = tab.evaluate("""() => {
      const top = document.querySelector("thead th").getBoundingClientRect().bottom;
      return [...document.querySelectorAll("tbody tr")].filter((row) => {
        const box = row.getBoundingClientRect();
        return box.height && box.top >= top - 1 && box.bottom <= innerHeight;
      }).length;
    }""")
    return found


def test_sixteen_councils_are_in_sight_on_a_small_desktop_and_after_scrolling_too(
    chromium: Browser, unbuilt_specimen: Preview
) -> None:
    with page(chromium, unbuilt_specimen.address) as tab:
        tab.set_viewport_size({"width": 1280, "height": 860})
        live(tab)
        assert rows_in_sight(tab) >= 16
        assert tab.locator(".top").bounding_box()["height"] <= 115  # type: ignore[index]
        tab.evaluate("scrollTo(0, 3000)")
        assert rows_in_sight(tab) >= 15
        head = tab.locator("thead th").nth(1)
        expect(head).to_be_in_viewport()
        expect(head).to_have_text("Uphold rate · similar")


@pytest.mark.parametrize("width", [1280, 390])
def test_every_council_is_heard_in_a_table_also_out_of_sight(
    chromium: Browser, unbuilt_specimen: Preview, width: int
) -> None:
    def heard() -> Counter[str]:
        tree = tab.context.new_cdp_session(tab).send("Accessibility.getFullAXTree")["nodes"]
        return Counter(node["role"]["value"] for node in tree if not node["ignored"])

    with page(chromium, unbuilt_specimen.address, width=width) as tab:
        live(tab)
        expect(tab.locator(":is(table, thead, tbody, tr, th, td):not([role])")).to_have_count(0)
        wait_for(lambda: heard()["rowheader"] == 343)
        roles = heard()
        assert (roles["table"], roles["row"], roles["columnheader"]) == (1, 344, 6)
        assert roles["cell"] >= 3 * 343  # the figures; a card has no empty cells


@pytest.mark.parametrize("width", [1280, 900, 390])
def test_who_reads_far_down_stays_there_when_the_list_is_refreshed_or_loaded_again(
    chromium: Browser, unbuilt_specimen: Preview, width: int
) -> None:
    first_in_sight = """[...document.querySelectorAll("tbody tr")]
      .find((row) => row.getBoundingClientRect().top >= 199)?.dataset.slug"""
    with page(chromium, unbuilt_specimen.address, width=width) as tab:
        live(tab)
        until(tab, "document.documentElement.matches('.laid-out')")
        row = tab.locator("tbody tr").nth(250)
        slug = row.get_attribute("data-slug")
        row.evaluate("row => scrollTo(0, row.getBoundingClientRect().top + scrollY - 200)")
        assert tab.evaluate(first_in_sight) == slug
        row.evaluate("row => row.marked = true")
        tab.route("**/specimen/", _renamed_first)
        tab.evaluate("import('/static/preview.js').then((page) => page.refresh())")
        expect(tab.locator("tbody tr").first).to_contain_text("Renamed")
        assert not tab.locator("tbody tr").nth(250).evaluate("row => row.marked"), "a row anew"
        assert tab.evaluate(first_in_sight) == slug
        tab.unroute("**/specimen/")
        tab.reload()
        until(tab, f"({first_in_sight}) === '{slug}'")
        until(tab, "performance.getEntriesByName('usable').length === 1")
        assert tab.evaluate(first_in_sight) == slug


def _renamed_first(route: Route) -> None:
    """Answer with the list as it is, but for the name of its first letter."""
    text = route.fetch().text()
    route.fulfill(body=re.sub("(?s)(<tr .*?data-letter>)", r"\1Renamed ", text, count=1))


@pytest.mark.parametrize("width", [1280, 900, 390])
def test_the_page_keeps_its_length_when_rows_out_of_sight_are_laid_out(
    chromium: Browser, unbuilt_specimen: Preview, width: int
) -> None:
    with page(chromium, unbuilt_specimen.address, width=width) as tab:
        until(tab, "document.documentElement.matches('.laid-out')")
        true = tab.evaluate("document.documentElement.scrollHeight")
        tab.evaluate("document.documentElement.classList.remove('laid-out')")
        tab.evaluate(
            "document.querySelectorAll('tbody tr').forEach((row) => row.replaceWith(row.cloneNode(true)))"
        )
        guessed = tab.evaluate("document.documentElement.scrollHeight")
        assert guessed == pytest.approx(true, rel=0.1)


def test_the_strip_filters_at_once_and_again_shows_all(
    chromium: Browser, unbuilt_specimen: Preview
) -> None:
    with page(chromium, unbuilt_specimen.address) as tab:
        live(tab).evaluate("window.kept = true")
        build = tab.locator(".strip a.to-build")
        tab.locator(".strip a.ready").click()
        expect(tab.locator("tbody tr:visible")).to_have_count(0)
        assert tab.url.endswith("?stage=ready")
        build.click()
        expect(build).to_have_attribute("aria-current", "true")
        expect(tab.locator("[data-count]")).to_have_text("All 343")
        build.click()
        assert tab.url == unbuilt_specimen.address
        assert tab.evaluate("window.kept")
        tab.goto(f"{unbuilt_specimen.address}letters/hart-district-council")
        tab.locator(".strip a.ready").click()
        expect(tab).to_have_url(f"{unbuilt_specimen.address}?stage=ready")
        expect(tab.locator("tbody tr:visible")).to_have_count(0)


def test_the_heads_of_columns_sort_by_the_figure_and_by_its_distance_from_the_average(
    chromium: Browser, unbuilt_specimen: Preview
) -> None:
    with page(chromium, f"{unbuilt_specimen.address}?group=london") as tab:
        live(tab)
        head = tab.locator("thead th").nth(1)
        head.get_by_role("link", name="similar").click()
        expect(head).to_have_attribute("aria-sort", "ascending")
        expect(tab.locator("[name=order]")).to_have_value("below:uphold_rate")
        assert tab.url.endswith("?group=london&order=below%3Auphold_rate")
        head.get_by_role("link", name="Uphold rate").click()
        expect(head).to_have_attribute("aria-sort", "descending")
        shown = tab.locator("tbody tr:visible td:nth-child(2) b").all_inner_texts()
        values = [int(value.rstrip("%")) for value in shown if value != "none"]
        assert values == sorted(values, reverse=True)


def test_marks_that_were_unfolded_stay_so_in_their_row_when_the_order_changes(
    chromium: Browser, unbuilt_specimen: Preview
) -> None:
    with page(chromium, f"{unbuilt_specimen.address}?order=name") as tab:
        row = live(tab).locator("tbody tr:has(.look details)").nth(1)
        slug = row.get_attribute("data-slug")
        row.locator("summary").click()
        tab.locator("thead th").nth(1).get_by_role("link", name="Uphold rate").click()
        expect(tab.locator("thead th").nth(1)).to_have_attribute("aria-sort", "descending")
        opened = tab.locator("tbody tr:has(.look details[open])")
        expect(opened).to_have_count(1)
        expect(opened).to_have_attribute("data-slug", slug or "")


def test_a_click_anywhere_in_a_row_opens_its_letter_and_selecting_words_does_not(
    chromium: Browser, unbuilt_specimen: Preview
) -> None:
    with page(chromium, f"{unbuilt_specimen.address}?order=name") as tab:
        row = live(tab).locator("tbody tr").nth(2)
        name = row.locator("th a").inner_text()
        average = row.locator(".figure small").first.bounding_box()
        assert average
        middle = average["y"] + average["height"] / 2
        tab.mouse.move(average["x"] + 1, middle)
        tab.mouse.down()
        tab.mouse.move(average["x"] + average["width"] - 1, middle, steps=4)
        tab.mouse.up()
        assert "%" in tab.evaluate("String(getSelection())")
        assert tab.url.endswith("?order=name")
        tab.evaluate("getSelection().removeAllRanges()")
        with tab.context.expect_page() as opened:
            row.locator("td.state").click(modifiers=["Control"])
        expect(opened.value.get_by_role("heading", level=1)).to_have_text(name)
        opened.value.close()
        row.locator("td.state").click()
        expect(tab.get_by_role("heading", level=1)).to_have_text(name)
        assert tab.url.endswith("?order=name")


def test_enter_opens_the_only_hit_and_goes_to_the_first_of_several(
    chromium: Browser, unbuilt_specimen: Preview
) -> None:
    with page(chromium, unbuilt_specimen.address) as tab:
        live(tab).get_by_label("Search").fill("north")
        tab.keyboard.press("Enter")
        first, second = (tab.locator("tbody tr:visible th a").nth(number) for number in (0, 1))
        expect(first).to_be_focused()
        tab.keyboard.press("j")
        expect(second).to_be_focused()
        tab.keyboard.press("k")
        expect(first).to_be_focused()
        tab.get_by_label("Search").fill("kings lynn")
        tab.keyboard.press("Enter")
        expect(tab.get_by_role("heading", level=1)).to_contain_text("Kings Lynn")


def test_marks_are_told_in_full_where_somebody_asks(
    chromium: Browser, unbuilt_specimen: Preview
) -> None:
    with page(chromium, f"{unbuilt_specimen.address}?q=cumbria") as tab:
        row = live(tab).locator("tbody tr:visible")
        reason = row.get_by_text("compliance rate 0%, below 100")
        expect(row.locator(".mark").first).to_have_text("0% complied")
        expect(reason).to_be_hidden()
        row.locator("summary").focus()
        tab.keyboard.press("Enter")
        expect(reason).to_be_visible()
        assert "?q=cumbria" in tab.url, "it opens here, and no letter"


def mark(tab: Page, slug: str, version: str) -> None:
    """Mark a letter as looked at, as its page does."""
    tab.evaluate(
        """async ([slug, version]) => {
          const { setLookedAt } = await import("/static/looked-at.js");
          setLookedAt(slug, version, true);
        }""",
        [slug, version],
    )


def test_what_was_looked_at_is_ticked_and_can_be_left_out_until_it_changes(
    chromium: Browser, small_year: Path
) -> None:
    slug = "ashby-district-council"
    with preview(small_year, "2024") as running, page(chromium, running.address) as tab:
        row = live(tab).locator(f"tr[data-slug={slug}]")
        mark(tab, slug, row.get_attribute("data-version") or "")
        kept = json.loads(tab.evaluate("localStorage.getItem('looked-at:2024')"))
        assert kept == {slug: row.get_attribute("data-version")}
        tab.reload()
        expect(tab.locator("[data-count]")).to_have_text("All 3, 1 looked at")
        tab.get_by_label("not looked at").check()
        expect(row).to_be_hidden()
        expect(tab.locator("[data-count]")).to_have_text("2 of 3")
        tab.reload()
        expect(row).to_be_hidden()
        edit(small_year / "data/2024/statistics.yaml", "upheld: 5", "upheld: 6")
        expect(row).to_be_visible()


def test_what_another_tab_marks_shows_here(chromium: Browser, unbuilt_specimen: Preview) -> None:
    with page(chromium, unbuilt_specimen.address) as tab:
        row = live(tab).locator("tbody tr").nth(3)
        other = tab.context.new_page()
        other.goto(f"{unbuilt_specimen.address}sheet")
        slug, version = (row.get_attribute(f"data-{name}") or "" for name in ("slug", "version"))
        mark(other, slug, version)
        expect(row).to_have_class("looked-at")


def test_a_browser_that_keeps_nothing_has_a_list_all_the_same(
    chromium: Browser, unbuilt_specimen: Preview
) -> None:
    context = chromium.new_context()
    context.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('denied'); } })"
    )
    tab = context.new_page()
    errors: list[str] = []
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.goto(unbuilt_specimen.address)
    live(tab)
    mark(tab, "hart-district-council", "0123456789abcdef")
    expect(tab.locator("[data-count]")).to_have_text("All 343")
    assert errors == []
    context.close()


def test_without_scripts_the_list_is_filtered_by_a_button_and_knows_of_no_looks(
    chromium: Browser, unbuilt_specimen: Preview
) -> None:
    context = chromium.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(f"{unbuilt_specimen.address}?stage=to-build")
    expect(tab.get_by_label("not looked at")).to_be_hidden()
    tab.get_by_label("Search").fill("kings lynn")
    tab.get_by_role("button", name="Show").click()
    expect(tab.locator("tbody tr:visible")).to_have_count(1)
    assert "stage=to-build" in tab.url
    context.close()


def test_the_tick_of_an_average_is_whole_at_both_ends_of_its_bar(
    chromium: Browser, unbuilt_specimen: Preview
) -> None:
    with page(chromium, f"{unbuilt_specimen.address}?q=salford") as tab:
        bar = live(tab).locator("tbody tr:visible .bar").nth(1)  # an average of 100%
        tick, whole = bar.locator(".peers").bounding_box(), bar.bounding_box()
        assert tick and whole
        assert tick["width"] >= 2 and tick["height"] > whole["height"]
        assert abs(tick["x"] + tick["width"] / 2 - whole["x"] - whole["width"]) < 1
        assert bar.evaluate("one => getComputedStyle(one).overflow") == "visible"


def with_measures(root: Path, number: int) -> Path:
    """The small year, which has three measures, with so many."""
    more = "".join(
        f"  another_rate_{one}: {{count: upheld, of: investigations, undefined: None.}}\n"
        for one in range(number - 3)
    )
    edit(root / "data/2024/letter.yaml", "measures:\n", f"measures:\n{more}")
    return root


@pytest.mark.parametrize("width", [1152, 1280])
def test_figures_keep_to_their_columns_on_small_desktops(
    chromium: Browser, unbuilt_specimen: Preview, width: int
) -> None:
    with page(chromium, unbuilt_specimen.address, width=width) as tab:
        live(tab)
        assert tab.locator("tbody tr:nth-child(-n+60) .figure").evaluate_all(SPILT) == []


def test_many_figures_scroll_in_a_box_of_their_own_whose_columns_stay_where_they_are(
    chromium: Browser, small_year: Path
) -> None:
    with_measures(small_year, 7)
    with preview(small_year, "2024") as running, page(chromium, running.address) as tab:
        live(tab)
        box = tab.get_by_role("region", name="Letters")
        assert tab.evaluate("document.documentElement.scrollWidth") == 1280
        assert box.evaluate("one => one.scrollWidth > one.clientWidth")
        columns = """row => [...row.cells].map((one) => {
          const { x, width } = one.getBoundingClientRect();
          return [Math.round(x), Math.round(width)];
        })"""
        places = tab.locator("thead tr").evaluate(columns)
        tab.locator("tbody .look li").first.evaluate(
            "one => { one.textContent = 'no name known '.repeat(20); one.closest('details').open = true; }"
        )
        for row in tab.locator("tr").all():
            assert row.evaluate(columns) == places
        box.evaluate("one => one.scrollTo(400, 0)")
        expect(tab.locator("tbody th").first).to_be_in_viewport(ratio=0.9)


@pytest.mark.parametrize("measures", [3, 5, 8])
def test_a_printed_list_shows_every_column_whole(
    chromium: Browser, small_year: Path, measures: int
) -> None:
    with_measures(small_year, measures)
    with preview(small_year, "2024") as running, page(chromium, running.address) as tab:
        live(tab)
        tab.emulate_media(media="print")
        cells = tab.locator(".letters :is(th, td):not(:empty)")
        assert cells.count() >= 4 * (measures + 2)
        for width in (718, 640):  # of A4, with the browser's margins and with wide ones
            tab.set_viewport_size({"width": width, "height": 900})
            assert cells.evaluate_all(SPILT) == []
            assert tab.locator("thead .look").evaluate("one => one.clientWidth") > 80
            assert tab.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
def test_marks_opened_ticks_and_a_chosen_stage_are_accessible(
    chromium: Browser, unbuilt_specimen: Preview, scheme: Scheme
) -> None:
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    with page(chromium, f"{unbuilt_specimen.address}?stage=to-build", scheme) as tab:
        row = live(tab).locator("tbody tr").first
        mark(tab, row.get_attribute("data-slug") or "", row.get_attribute("data-version") or "")
        tab.reload()
        row.locator("summary").click()
        tab.screenshot(path=ARTEFACTS / f"preview-list-at-work-{scheme}.png")
        tab.evaluate(
            "document.querySelectorAll('tbody tr:nth-child(n+40)').forEach((one) => one.remove())"
        )
        result = Axe().run(tab, options=RULES)
        assert not result.response["violations"], result.generate_report()


@pytest.mark.parametrize("width", [320, pytest.param(390, marks=pytest.mark.slow)])
def test_on_a_phone_the_head_scrolls_away_and_the_choices_are_folded(
    chromium: Browser, unbuilt_specimen: Preview, width: int
) -> None:
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    with page(chromium, unbuilt_specimen.address, width=width) as tab:
        live(tab)
        order = tab.locator("[name=order]")
        expect(order).to_be_hidden()
        expect(tab.locator("tbody tr").first).to_be_in_viewport(ratio=0.9)
        tab.screenshot(path=ARTEFACTS / f"preview-list-phone-{width}.png")
        tab.get_by_text("Filter and order").click()
        expect(order).to_be_visible()
        tab.evaluate("scrollTo(0, 2000)")
        expect(tab.locator(".top")).not_to_be_in_viewport()
        assert tab.evaluate("document.documentElement.scrollWidth") == width


def test_the_list_can_be_searched_as_soon_as_it_says_that_it_is_usable(
    chromium: Browser, unbuilt_specimen: Preview
) -> None:
    with page(chromium, unbuilt_specimen.address) as tab:
        until(tab, "performance.getEntriesByName('usable').length === 1")
        tab.get_by_label("Search").fill("maidstone")
        expect(tab.locator("[data-count]")).to_have_text("1 of 343")
