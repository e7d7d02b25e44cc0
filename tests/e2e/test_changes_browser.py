"""Proof-reading what changed, in a browser: by classes, by letter, by pictures of pages."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.conftest import put_small_year
from tests.doing import edit, run
from tests.e2e.browser import ARTEFACTS, Preview, Scheme, page, preview, until

pytestmark = pytest.mark.no_cover  # counting lines would take a third longer

TEMPLATE, STATISTICS = "templates/2024/letter.html.jinja", "data/2024/statistics.yaml"
ASHBY, CEDAR = "letters/ashby-district-council", "letters/cedar-fire-authority"


@pytest.fixture(scope="module")
def approved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small year, built, and all its letters approved by Ada."""
    root = put_small_year(tmp_path_factory.mktemp("approved"))
    assert run("build", "2024", "--root", root, "--jobs", "1").exit_code == 0
    done = run("approve", "2024", "--all", "--by", "Ada Shore", "--root", root)
    assert done.exit_code == 0, done.output
    return root


@pytest.fixture
def year(approved: Path, tmp_path: Path) -> Path:
    """The same, for one test alone."""
    return Path(shutil.copytree(approved, tmp_path / "year"))


@pytest.fixture
def changed(year: Path) -> Path:
    """The same, with other words in all letters, and a figure in one."""
    change(year)
    return year


@pytest.fixture(scope="module")
def running(
    chromium: Browser, approved: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Preview]:
    """The preview of such a year, for tests that change nothing."""
    root = Path(shutil.copytree(approved, tmp_path_factory.mktemp("changed") / "year"))
    change(root)
    with preview(root, "2024") as started:
        yield started


def change(root: Path) -> None:
    edit(root / TEMPLATE, "complaints came back to us", "complaints returned to us")
    edit(root / STATISTICS, "investigations: 1, upheld: 0", "investigations: 2, upheld: 0")


def heading(tab: Page, text: str) -> None:
    expect(tab.get_by_role("heading", level=1)).to_have_text(text)


def test_which_letters_changed_since_ada_approved_them_and_how_is_told_first(
    chromium: Browser, year: Path
) -> None:
    with preview(year, "2024") as started, page(chromium, started.address) as tab:
        tab.get_by_role("navigation", name="Campaign").get_by_role("link", name="Changes").click()
        heading(tab, "No letter changed since they were approved")
        expect(tab.locator("#live")).to_have_text("Live")
        change(year)
        heading(tab, "All 3 letters changed since they were approved")
        expect(tab.locator("#changes")).to_contain_text("Approved by Ada Shore")
        outlier = tab.locator(".outliers > li")
        expect(outlier.get_by_role("link")).to_have_text("Cedar Fire Authority")
        expect(outlier).to_contain_text("Investigations")
        shared = tab.locator(".classes > li").first
        expect(shared.get_by_role("heading")).to_contain_text("Paragraph 1")
        expect(shared.locator("del")).to_have_text("gone: came back")
        expect(shared.locator("ins")).to_have_text("new: returned")
        expect(shared).to_contain_text("all 3 letters")
        for element in (outlier, shared):  # on the first screen
            box = element.bounding_box()
            assert box
            assert box["y"] + box["height"] < 860
        tab.get_by_role("link", name="Last build").click()
        heading(tab, "All 3 letters changed since the last build")
        tab.get_by_role("link", name="Sent", exact=True).click()
        expect(tab.locator(".warning-line")).to_contain_text(
            "nothing of 2024 is sent yet", ignore_case=True
        )


def test_a_class_leads_to_its_letters_and_they_to_one_another(
    chromium: Browser, running: Preview
) -> None:
    with page(chromium, f"{running.address}changes") as tab:
        tab.get_by_role("link", name="all 3 letters").click()
        rows = tab.locator(".rows tbody tr")
        expect(rows).to_have_count(3)
        expect(rows.first.locator("ins")).to_have_text("new: returned")
        tab.get_by_role("link", name="Ashby District Council").click()
        expect(tab.locator("#heading")).to_contain_text("Letter 1 of 3 of this change.")
        expect(tab.locator("#live")).to_have_text("Live")
        tab.keyboard.press("j")
        heading(tab, "Birch District Council")
        tab.get_by_role("link", name="All letters of this change").click()
        expect(rows).to_have_count(3)


def test_a_class_is_marked_as_seen_in_this_browser_and_stays_so(
    chromium: Browser, running: Preview
) -> None:
    with page(chromium, f"{running.address}changes") as tab:
        shared = tab.locator(".classes > li").first
        expect(shared.locator(".samples")).to_be_visible()
        shared.get_by_label("Seen").check()
        expect(shared.locator(".samples")).to_be_hidden()
        expect(tab.locator("[data-progress]")).to_contain_text(re.compile("not seen, in 1 letter$"))
        tab.reload()
        expect(shared.get_by_label("Seen")).to_be_checked()
        expect(tab.locator(".names .is-seen")).to_have_count(2)
        tab.goto(f"{running.address}{ASHBY}/changes")
        expect(tab.locator(".blocks .is-seen")).to_have_count(1)
        tab.go_back()
        shared.get_by_label("Seen").uncheck()
        expect(shared.locator(".samples")).to_be_visible()


def test_what_was_seen_is_to_be_looked_at_again_once_it_says_something_else(
    chromium: Browser, changed: Path
) -> None:
    with preview(changed, "2024") as started, page(chromium, f"{started.address}changes") as tab:
        tab.locator(".outliers > li").get_by_label("Seen").check()
        words = tab.locator("section > .classes > li").first
        words.get_by_label("Seen").check()
        expect(tab.locator("[data-class].is-seen")).to_have_count(2)
        expect(tab.locator("[data-progress]")).to_have_text("all seen")
        edit(changed / STATISTICS, "investigations: 2, upheld: 0", "investigations: 3, upheld: 0")
        expect(tab.locator("#changes")).to_contain_text(re.compile(r"Investigations.{0,20}3"))
        expect(tab.locator("[data-class].is-seen")).to_have_count(1)
        expect(words.get_by_label("Seen")).to_be_checked()


def test_a_letter_shows_its_words_and_its_figures_with_their_causes(
    chromium: Browser, running: Preview
) -> None:
    with page(chromium, f"{running.address}{CEDAR}/changes") as tab:
        words = tab.locator(".blocks > li").first
        expect(words.get_by_role("heading")).to_have_text("Paragraph 1")
        expect(words).to_contain_text("1,203 complaints")
        expect(words.locator("ins")).to_have_text("new: returned")
        row = tab.get_by_role("row", name="Investigations")
        for text in ("1", "2", "+1", "its data line", "data/2024/statistics.yaml:3:"):
            expect(row).to_contain_text(text)
        tab.get_by_role("link", name="Last build").click()
        expect(tab.locator(".told")).to_contain_text("changed since the last build.")


def drawn(tab: Page, side: str) -> None:
    """Until the pictures of one side have been drawn."""
    images = f"[...document.querySelectorAll('.look.{side} img')]"
    tab.evaluate(f"{images}[0].scrollIntoView()")
    until(tab, f"{images}[0].complete && {images}[0].naturalWidth === 1000")


def test_pages_are_looked_at_side_by_side_by_swiping_and_by_their_difference(
    chromium: Browser, running: Preview
) -> None:
    before, now, both = (f".look.{side}" for side in ("before", "now", "difference"))
    with page(chromium, f"{running.address}{CEDAR}/changes") as tab:
        one = tab.locator(".compared-page:not(.same)").first
        for side in ("before", "now"):
            expect(one.locator(f".look.{side}")).to_be_visible()
            drawn(tab, side)
        expect(one.locator(both)).to_be_hidden()
        left, right = one.locator(before).bounding_box(), one.locator(now).bounding_box()
        assert left and right
        assert left["x"] + left["width"] < right["x"]

        tab.keyboard.press("w")
        slider = one.get_by_role("slider")
        expect(slider).to_be_visible()
        left, right = one.locator(before).bounding_box(), one.locator(now).bounding_box()
        assert left == right
        paper = one.locator(f"{now} .sheet-of-paper")
        expect(paper).to_have_css("clip-path", "inset(0px 0px 0px 50%)")
        slider.press("ArrowRight")
        expect(paper).to_have_css("clip-path", "inset(0px 0px 0px 51%)")
        slider.scroll_into_view_if_needed()
        box = paper.bounding_box()
        assert box
        y = max(box["y"], 200) + 100
        tab.mouse.move(box["x"] + box["width"] * 0.8, y)
        tab.mouse.down()
        tab.mouse.move(box["x"] + box["width"] * 0.25, y)
        tab.mouse.up()
        expect(paper).to_have_css("clip-path", "inset(0px 0px 0px 25%)")

        slider.blur()
        tab.keyboard.press("d")
        expect(one.locator(both)).to_be_visible()
        expect(one.locator(now)).to_be_hidden()
        expect(tab.locator(".legend")).to_be_visible()
        drawn(tab, "difference")
        tab.reload()  # the way to look stays, while the next letters are looked at
        expect(one.locator(both)).to_be_visible()
        tab.keyboard.press("s")
        expect(one.locator(now)).to_be_visible()
        tab.get_by_role("button", name="Difference").click()
        expect(one.locator(now)).to_be_hidden()
        expect(tab.get_by_role("button", name="Difference")).to_have_attribute(
            "aria-pressed", "true"
        )


def test_each_place_that_changed_is_listed_and_leads_to_its_box(
    chromium: Browser, running: Preview
) -> None:
    with page(chromium, f"{running.address}{CEDAR}/changes") as tab:
        places = tab.locator("[data-goes-to]")
        expect(places.first).to_contain_text("returned")
        tab.keyboard.press("r")
        expect(places.first).to_have_class("here")
        boxes = tab.locator(".look.now [data-region].here")
        expect(boxes).to_have_count(1)
        expect(boxes).to_be_in_viewport()
        tab.keyboard.press("R")
        expect(places.last).to_have_class("here")
        expect(boxes).to_be_in_viewport()
        places.first.click()
        expect(places.first).to_have_attribute("aria-current", "")
        expect(boxes).to_be_in_viewport()
        tab.locator(".look.now [data-region]").nth(1).click()
        expect(places.nth(1)).to_have_class("here")


def test_a_change_that_is_saved_shows_where_it_is_and_the_way_to_look_stays(
    chromium: Browser, changed: Path
) -> None:
    with (
        preview(changed, "2024") as started,
        page(chromium, f"{started.address}{CEDAR}/changes") as tab,
    ):
        expect(tab.locator("#live")).to_have_text("Live")
        expect(tab.locator(".modes")).to_be_visible()
        tab.keyboard.press("d")
        edit(changed / TEMPLATE, "complaints returned to us", "complaints went back to us")
        expect(tab.locator(".blocks ins").first).to_have_text("new: went")
        expect(tab.locator(".look.difference").first).to_be_visible()
        edit(changed / TEMPLATE, "complaints went back to us", "complaints came back to us")
        edit(changed / STATISTICS, "investigations: 2, upheld: 0", "investigations: 1, upheld: 0")
        expect(tab.locator("#changes")).to_contain_text(
            "Nothing that it says changed since it was approved."
        )
        expect(tab.locator("#changes")).to_contain_text("The pages are the same, to the byte.")


def test_without_scripts_all_of_it_is_there_and_pages_stand_side_by_side(
    chromium: Browser, running: Preview
) -> None:
    context = chromium.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(f"{running.address}changes")
    expect(tab.locator(".classes > li").first.locator("ins")).to_have_text("new: returned")
    expect(tab.get_by_label("Seen").first).to_be_hidden()
    tab.goto(f"{running.address}{CEDAR}/changes")
    for side in ("before", "now"):
        expect(tab.locator(f".look.{side}").first).to_be_visible()
    expect(tab.locator(".look.difference").first).to_be_hidden()
    expect(tab.locator(".modes")).to_be_hidden()
    tab.locator("[data-goes-to]").last.click()
    assert "#p" in tab.url
    context.close()


def test_only_what_belongs_to_the_year_is_shown(chromium: Browser, running: Preview) -> None:
    with page(chromium, f"{running.address}changes?with=../../etc") as tab:
        heading(tab, "All 3 letters changed since they were approved")
        get = tab.request.get
        pictures = f"{running.address}{CEDAR}/changes"
        for address in ("before/9.png", "elsewhere/1.png", "before/0.png", "..%2f/1.png"):
            assert get(f"{pictures}/{address}").status == 404
        kept = tab.request.get(f"{pictures}/before/1.png")
        assert kept.headers["cache-control"] == "no-store"
        assert kept.headers["content-security-policy"].startswith("default-src 'none'")
        tab.goto(pictures)
        source = tab.locator(".look.before img").first.get_attribute("src")
        assert source
        named = get(f"http://127.0.0.1:{running.port}{source}")
        assert "immutable" in named.headers["cache-control"]


VIEWS = ("changes", "changes?with=sent", f"{CEDAR}/changes")


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
def test_the_pages_of_changes_are_accessible_and_can_be_looked_at(
    chromium: Browser, running: Preview, scheme: Scheme
) -> None:
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    found = {}
    for view in VIEWS:
        for mode in ("", "w", "d") if view.startswith(CEDAR) else ("",):
            with page(chromium, running.address + view, scheme) as tab:
                expect(tab.locator("#live")).to_have_text("Live")
                expect(tab.locator("#changes")).to_be_visible()
                if mode:
                    tab.keyboard.press(mode)
                    tab.keyboard.press("r")
                if view.startswith(CEDAR):
                    drawn(tab, "difference" if mode == "d" else "now")
                name = re.sub(r"\W+", "-", view)
                tab.screenshot(path=ARTEFACTS / f"preview-{name}{mode and '-'}{mode}-{scheme}.png")
                rules = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
                result = Axe().run(tab, options={"runOnly": rules})
                if result.response["violations"]:
                    found[view + mode] = result.generate_report()
    assert found == {}


@pytest.mark.parametrize(
    "width", [320, *(pytest.param(width, marks=pytest.mark.slow) for width in (768, 3840))]
)
def test_no_page_of_changes_is_wider_than_its_window(
    chromium: Browser, running: Preview, width: int
) -> None:
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    for view in VIEWS:
        with page(chromium, running.address + view, width=width) as tab:
            expect(tab.locator("#live")).to_have_text("Live")
            name = re.sub(r"\W+", "-", view)
            tab.screenshot(path=ARTEFACTS / f"preview-{name}-{width}.png", full_page=True)
            assert tab.evaluate("document.documentElement.scrollWidth") <= width, view
