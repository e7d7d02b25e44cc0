"""The preview as its users have it: in a browser, while they edit files."""

from __future__ import annotations

import os
import re
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, suppress
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.conftest import PROJECT
from tests.doing import edit, over_and_over, run
from tests.e2e.browser import ARTEFACTS, Preview, Scheme, page, preview, until
from tests.e2e.postfix import free_ports

pytestmark = pytest.mark.no_cover  # counting lines would take a third longer

MAIDSTONE = "letters/maidstone-borough-council"
SCREEN = f"{MAIDSTONE}/html"


@pytest.fixture
def year(tmp_path: Path) -> Path:
    """A folder with the real year 2020, to edit."""
    shutil.copytree(PROJECT / "data" / "2020", tmp_path / "data" / "2020")
    shutil.copy(PROJECT / "data" / "authorities.yaml", tmp_path / "data")
    shutil.copy(PROJECT / "data" / "peer_groups.yaml", tmp_path / "data")
    shutil.copytree(PROJECT / "templates", tmp_path / "templates")
    return tmp_path


@pytest.fixture
def year_preview(chromium: Browser, year: Path) -> Iterator[Preview]:
    with preview(year, "2020") as running:
        yield running


def paragraph(root: Path, text: str) -> Path:
    path = root / "data/2020/paragraphs/maidstone-borough-council.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def shown_rows(tab: Page) -> list[str]:
    names: list[str] = tab.locator("tbody tr:visible th a").all_inner_texts()
    return names


def test_search_and_filters_narrow_the_list_and_the_address_keeps_them(
    chromium: Browser, unbuilt_specimen: Preview
) -> None:
    with page(chromium, unbuilt_specimen.address) as tab:
        expect(tab.get_by_text("All 343")).to_be_visible()
        tab.get_by_label("Search").fill("king's lynn")
        assert shown_rows(tab) == ["Borough Council of Kings Lynn and West Norfolk"]
        tab.get_by_label("Search").fill("")
        tab.locator("[name=mark]").select_option("paragraph")
        tab.locator("[name=group]").select_option("county")
        expect(tab.get_by_text("2 of 343")).to_be_visible()
        assert tab.url.endswith("/specimen/?mark=paragraph&group=county")
        tab.reload()
        assert sorted(shown_rows(tab)) == [
            "Cumbria County Council",
            "North Yorkshire County Council",
        ]
        tab.locator("[name=order]").select_option("-uphold_rate")
        expect(tab).to_have_url(re.compile("order=-uphold_rate"))
        assert len(shown_rows(tab)) == 2


def test_the_oddest_letters_come_first_with_the_reason(
    chromium: Browser, unbuilt_specimen: Preview
) -> None:
    with page(chromium, unbuilt_specimen.address) as tab:
        first = tab.locator("tbody tr").nth(0)
        expect(first).to_contain_text("no detailed investigations")
        # all letters have been looked through
        expect(tab.locator("tbody")).to_contain_text("full pages")
        reasons = " ".join(tab.locator("tbody tr .look").all_text_contents()[:20])
        for reason in (
            "own paragraph",
            "below 100",
            "long name",
            "full pages",
            "highest",
            "lowest",
            "no address",
        ):
            assert reason in reasons


def test_keys_turn_the_letters_in_the_order_of_the_list(
    chromium: Browser, unbuilt_specimen: Preview
) -> None:
    with page(chromium, f"{unbuilt_specimen.address}?mark=paragraph&order=name") as tab:
        tab.keyboard.press("/")
        expect(tab.get_by_label("Search")).to_be_focused()
        names = shown_rows(tab)
        tab.get_by_role("link", name=names[0]).click()
        for key, name in (
            ("j", names[1]),
            ("ArrowRight", names[2]),
            ("k", names[1]),
            ("ArrowLeft", names[0]),
        ):
            expect(tab.locator("#live")).to_have_text("Live")
            tab.keyboard.press(key)
            expect(tab.get_by_role("heading", level=1)).to_have_text(name)
        expect(tab.locator("#live")).to_have_text("Live")
        tab.keyboard.press("2")
        tab.frame_locator("iframe").locator("h1").click()  # keys typed in the letter count too
        tab.keyboard.press("j")
        expect(tab.get_by_role("heading", level=1)).to_have_text(names[1])
        tab.get_by_role("link", name="Figures").click()
        expect(tab.locator("#live")).to_have_text("Live")
        tab.keyboard.press("j")
        expect(tab.get_by_role("heading", level=1)).to_have_text(names[2])
        assert "/figures?" in tab.url


def test_a_paragraph_saved_on_disk_shows_in_the_page_where_it_is(
    chromium: Browser, year_preview: Preview, year: Path
) -> None:
    with page(chromium, year_preview.address + SCREEN) as tab:
        letter = tab.frame_locator("iframe")
        expect(letter.locator("h1")).to_be_visible()
        expect(tab.locator("#live")).to_have_text("Live")
        tab.evaluate("window.kept = true; scrollTo(0, 700)")
        path = paragraph(year, "I am *concerned* about late replies.")
        expect(letter.locator(".bespoke em")).to_have_text("concerned")
        expect(tab.locator(".mark.paragraph")).to_be_visible()
        edit(path, "concerned", "pleased")
        expect(letter.locator(".bespoke em")).to_have_text("pleased")
        kept, scrolled = tab.evaluate("[window.kept, scrollY]")
        assert kept
        assert (
            700 <= scrolled <= 760
        )  # by what has grown above, so that the words stay where they are


def test_a_broken_template_shows_its_place_above_the_last_good_letter_until_it_is_mended(
    chromium: Browser, year_preview: Preview, year: Path
) -> None:
    template = year / "templates/2020/letter.html.jinja"
    with page(chromium, year_preview.address + SCREEN) as tab:
        expect(tab.locator("#live")).to_have_text("Live")
        edit(template, "letter.facts.training.courses", "letter.facts.training.coarses")
        problem = tab.locator("#problems")
        expect(problem).to_contain_text('there is no "coarses"; did you mean "courses"?')
        expect(problem).to_contain_text("templates/2020/letter.html.jinja:")
        expect(problem.locator(".line.here")).to_contain_text("letter.facts.training.coarses")
        expect(tab.frame_locator("iframe").locator("body")).to_contain_text("delivered 118 courses")
        edit(template, "coarses | number }} courses", "courses | number }} lessons")
        expect(problem).to_be_empty()
        expect(tab.frame_locator("iframe").locator("body")).to_contain_text("delivered 118 lessons")


def test_broken_data_shows_every_problem_in_each_view(
    chromium: Browser, year_preview: Preview, year: Path
) -> None:
    statistics = year / "data/2020/statistics.yaml"
    with page(chromium, year_preview.address) as tab:
        expect(tab.locator("#live")).to_have_text("Live")
        edit(statistics, "upheld: 7", "upheld: 17")
        expect(tab.locator("#problems")).to_contain_text("17 upheld decisions, but only 11")
        assert "Maidstone Borough Council" in shown_rows(tab)
        for view in ("", "/html", "/figures", "/email"):
            tab.goto(year_preview.address + MAIDSTONE + view)
            expect(tab.locator("#problems")).to_contain_text("data/2020/statistics.yaml:5:")
            expect(tab.get_by_role("heading", level=1)).to_have_text("Maidstone Borough Council")
        edit(statistics, "upheld: 17", "upheld: 6")
        expect(tab.locator("#problems")).to_be_empty()


@pytest.mark.slow
def test_files_and_folders_may_come_and_go(
    chromium: Browser, year_preview: Preview, year: Path
) -> None:
    with page(chromium, year_preview.address + SCREEN) as tab:
        expect(tab.locator("#live")).to_have_text("Live")
        problems = tab.locator("#problems")
        for path in (
            year / "data/2020/letter.yaml",
            year / "data/2020",
            year / "templates",
            year / "data",
        ):
            path.rename(path.with_name("elsewhere"))
            expect(problems).not_to_be_empty()
            expect(tab.frame_locator("iframe").locator("h1")).to_have_text(
                "Annual Review letter 2020"
            )
            path.with_name("elsewhere").rename(path)
            expect(problems).to_be_empty()
        statistics = year / "data/2020/statistics.yaml"
        whole = statistics.read_bytes()
        statistics.write_bytes(whole[:-40])  # half-saved
        expect(problems).not_to_be_empty()
        statistics.write_bytes(whole)
        expect(problems).to_be_empty()


@pytest.mark.slow
def test_folders_that_are_put_in_the_place_of_others_are_followed(
    chromium: Browser, year_preview: Preview, year: Path, tmp_path: Path
) -> None:
    for name in ("data", "templates"):
        shutil.copytree(year / name, tmp_path / "copy" / name)
    with page(chromium, year_preview.address + MAIDSTONE) as tab:
        expect(tab.locator("#live")).to_have_text("Live")
        for name in ("data", "templates"):
            shutil.rmtree(year / name)
        for name in ("data", "templates"):
            shutil.copytree(tmp_path / "copy" / name, year / name)
        tab.wait_for_timeout(2500)  # both are watched again
        edit(year / "data/2020/statistics.yaml", "upheld: 7", "upheld: 12")
        expect(tab.locator("#problems")).to_contain_text("but only 11")


@pytest.mark.slow
def test_two_tabs_are_live_at_once(chromium: Browser, year_preview: Preview, year: Path) -> None:
    figures = f"{year_preview.address}{MAIDSTONE}/figures"
    with page(chromium, year_preview.address + SCREEN) as one, page(chromium, figures) as other:
        for tab in (one, other):
            expect(tab.locator("#live")).to_have_text("Live")
        edit(year / "data/2020/statistics.yaml", "upheld: 7", "upheld: 8")
        expect(one.frame_locator("iframe").locator(".finding").nth(0)).to_contain_text("73%")
        expect(other.locator("#figures")).to_contain_text("8 ÷ 11 × 100 = 72.727272…")


@pytest.mark.slow
def test_a_tab_outlives_the_server(chromium: Browser, year: Path) -> None:
    [port] = free_ports(1)  # which no other preview takes in between
    at = ("--port", str(port))
    with preview(year, "2020", *at) as first, page(chromium, first.address + SCREEN) as tab:
        expect(tab.locator("#live")).to_have_text("Live")
        assert first.stop() == ""
        expect(tab.locator("#live")).to_have_text("Waiting for the preview")
        paragraph(year, "Written in between.")
        with preview(year, "2020", *at):
            expect(tab.locator("#live")).to_have_text("Live")
            expect(tab.frame_locator("iframe").locator(".bespoke")).to_have_text(
                "Written in between."
            )


def test_pages_are_pictures_of_the_true_pdf_and_change_with_it(
    chromium: Browser, year_preview: Preview, year: Path
) -> None:
    with page(chromium, year_preview.address + MAIDSTONE) as tab:
        expect(tab.get_by_alt_text("Page 3 of 3")).to_be_visible()
        drawn = (
            "document.images.length && [...document.images]"
            ".every((one) => one.complete && one.naturalWidth === 1000)"
        )
        until(tab, drawn)
        before = tab.get_by_alt_text("Page 3 of 3").get_attribute("src")
        assert tab.get_by_role("link", name="Open the PDF").get_attribute("href")
        paragraph(
            year,
            "\n\n".join(
                ["I write to you about several things that went well and some that did not. " * 3]
                * 9
            ),
        )
        expect(tab.get_by_alt_text("Page 4 of 4")).to_be_visible()
        until(tab, drawn)
        assert tab.get_by_alt_text("Page 3 of 4").get_attribute("src") != before
        paragraph(year, "\n\n".join(["Much too long. " * 40] * 20))
        expect(tab.locator(".remarks")).to_contain_text("pages, but 3 or 4 are allowed")


def test_the_contact_sheet_shows_every_statistics_page(
    chromium: Browser, year_preview: Preview
) -> None:
    with page(chromium, f"{year_preview.address}sheet") as tab:
        until(tab, "[...document.images].filter((one) => one.naturalWidth === 320).length === 2")
        tab.get_by_label("Search").fill("calder")
        expect(tab.locator(".sheet li:visible")).to_have_count(1)
        tab.locator(".sheet li:visible a").click()
        expect(tab).to_have_url(
            f"{year_preview.address}letters/calderdale-metropolitan-borough-council?q=calder"
        )


def test_ctrl_c_ends_it_at_once_even_with_tabs_open(
    chromium: Browser, year_preview: Preview
) -> None:
    with page(chromium, year_preview.address) as tab:
        expect(tab.locator("#live")).to_have_text("Live")
        start = time.monotonic()
        assert year_preview.stop() == ""
        assert year_preview.process.returncode == 0
        assert time.monotonic() - start < 5


@pytest.mark.slow
def test_more_tabs_than_a_browser_keeps_connections_are_live(
    chromium: Browser, year_preview: Preview, year: Path
) -> None:
    context = chromium.new_context()
    tabs = [context.new_page() for _ in range(9)]
    for tab in tabs:
        tab.goto(year_preview.address + SCREEN)
        expect(tab.locator("#live")).to_have_text("Live")
    tabs[0].close()  # the one that listened for the others
    paragraph(year, "Seen everywhere.")
    for tab in tabs[1:]:
        expect(tab.frame_locator("iframe").locator(".bespoke")).to_have_text("Seen everywhere.")
    context.close()


@pytest.mark.slow
def test_a_page_that_could_not_be_shown_comes_by_itself_once_it_can(
    chromium: Browser, year: Path
) -> None:
    statistics, template = (
        year / "data/2020/statistics.yaml",
        year / "templates/2020/letter.html.jinja",
    )
    edit(statistics, "upheld: 7", "upheld: 17")
    with preview(year, "2020") as running:
        context = chromium.new_context()
        tab = context.new_page()
        tab.goto(running.address + SCREEN)
        expect(tab.get_by_role("heading", level=1)).to_have_text("No letter can be shown yet")
        edit(statistics, "upheld: 17", "upheld: 7")
        expect(tab.frame_locator("iframe").locator("h1")).to_have_text("Annual Review letter 2020")
        edit(template, "{% extends", "{% exten")
        expect(tab.locator("#live")).to_have_text("1 error")
        context.close()
    with preview(year, "2020") as running:
        context = chromium.new_context()
        tab = context.new_page()
        tab.goto(running.address + SCREEN)
        expect(tab.locator("#live")).to_have_text("1 error")
        edit(template, "{% exten", "{% extends")
        expect(tab.frame_locator("iframe").locator("h1")).to_have_text("Annual Review letter 2020")
        expect(tab.locator("#live")).to_have_text("Live")
        context.close()


@pytest.mark.slow
def test_a_template_without_end_is_told_and_everything_goes_on(
    chromium: Browser, year_preview: Preview, year: Path
) -> None:
    template = year / "templates/2020/letter.html.jinja"
    loop = "{% for a in letter.facts.seminars.places %}" * 9 + "a" + "{% endfor %}" * 9
    with page(chromium, year_preview.address + SCREEN) as tab:
        expect(tab.locator("#live")).to_have_text("Live")
        edit(template, "<h1>", f"{loop}<h1>")
        expect(tab.locator("body")).to_contain_text("this takes more than 100,000 rounds")
        expect(tab.frame_locator("iframe").locator("h1")).to_have_text("Annual Review letter 2020")
        edit(template, f"{loop}<h1>", "<h1>")
        expect(tab.locator("#problems")).to_be_empty()


def test_a_link_in_the_letter_leaves_the_preview_as_it_is(
    chromium: Browser, year_preview: Preview, year: Path
) -> None:
    with page(chromium, year_preview.address + SCREEN) as tab:
        expect(tab.locator("#live")).to_have_text("Live")
        with tab.context.expect_page() as opened:
            tab.frame_locator("iframe").get_by_role("link", name="website").click()
        opened.value.close()
        paragraph(year, "Still live.")
        expect(tab.frame_locator("iframe").locator(".bespoke")).to_have_text("Still live.")


@pytest.mark.slow
def test_a_style_sheet_that_the_pages_cannot_use_leaves_the_last_good_pages(
    chromium: Browser, year_preview: Preview, year: Path
) -> None:
    with page(chromium, year_preview.address + MAIDSTONE) as tab:
        expect(tab.get_by_alt_text("Page 3 of 3")).to_be_visible()
        edit(
            year / "templates/base/print.css", "body { margin: 0;", "body { colour: red; margin: 0;"
        )
        expect(tab.locator("body")).to_contain_text('"colour: red" has no effect on paper')
        expect(tab.locator(".line.here").nth(0)).to_contain_text("colour: red")
        until(tab, "[...document.images].every((one) => one.complete && one.naturalWidth === 1000)")
        expect(tab.get_by_alt_text("Page 3 of 3")).to_be_visible()


def test_the_order_can_be_chosen_by_keyboard(chromium: Browser, unbuilt_specimen: Preview) -> None:
    with page(chromium, unbuilt_specimen.address) as tab:
        expect(tab.locator("#live")).to_have_text("Live")
        tab.locator("[name=order]").focus()
        for _ in range(3):
            tab.keyboard.press("ArrowDown")
        expect(tab.locator("[name=order]")).to_be_focused()
        expect(tab.locator("[name=order]")).to_have_value("-uphold_rate")
        expect(tab.locator("tbody tr").nth(0)).to_contain_text("100%")


def test_the_letter_itself_is_accessible_fits_a_phone_and_is_used_by_keyboard(
    chromium: Browser, year_preview: Preview
) -> None:
    with page(chromium, f"{year_preview.address}{MAIDSTONE}/letter.html", width=320) as tab:
        assert tab.evaluate("document.documentElement.scrollWidth") == 320
        tab.keyboard.press("Tab")
        assert tab.evaluate("document.activeElement.tagName") == "A"
        result = Axe().run(tab, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
        assert not result.response["violations"], result.generate_report()


VIEWS = ["?mark=paragraph", "sheet?mark=paragraph", "letters/hart-district-council"]
VIEWS += [f"letters/corby-borough-council/{view}" for view in ("html", "figures", "email")]


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
def test_every_page_is_accessible_and_can_be_looked_at(
    chromium: Browser, unbuilt_specimen: Preview, scheme: Scheme
) -> None:
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    found = {}
    for view in VIEWS:
        with page(chromium, unbuilt_specimen.address + view, scheme) as tab:
            expect(tab.locator("#live")).to_have_text("Live")
            name = view.partition("?")[0].replace("/", "-") or "list"
            tab.screenshot(path=ARTEFACTS / f"preview-{name}-{scheme}.png")
            result = Axe().run(
                tab,
                options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]},
            )
            if result.response["violations"]:
                found[view] = result.generate_report()
    assert found == {}


@pytest.mark.parametrize(
    "width", [320, *(pytest.param(width, marks=pytest.mark.slow) for width in (768, 3840))]
)
def test_no_page_is_wider_than_its_window(
    chromium: Browser, unbuilt_specimen: Preview, width: int
) -> None:
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    for view in ("", "sheet", *VIEWS[2:]):
        with page(chromium, unbuilt_specimen.address + view, width=width) as tab:
            expect(tab.locator("#live")).to_have_text("Live")
            name = view.partition("?")[0].replace("/", "-") or "list"
            tab.screenshot(path=ARTEFACTS / f"preview-{name}-{width}.png")
            assert tab.evaluate("document.documentElement.scrollWidth") <= width, view


def test_an_address_that_does_not_exist_leads_back(
    chromium: Browser, unbuilt_specimen: Preview
) -> None:
    context = chromium.new_context()
    tab = context.new_page()
    response = tab.goto(unbuilt_specimen.address + "letters/hart-distrct-council")
    assert response and response.status == 404
    tab.get_by_role("link", name="Was the letter to hart-district-council meant?").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Hart District Council")
    context.close()


@pytest.mark.slow  # the strip is followed through a whole year by test_status_browser.py
def test_builds_and_approvals_show_in_the_list_by_themselves(
    chromium: Browser, small_year: Path
) -> None:
    def command(*arguments: str) -> None:
        assert run(*arguments, "--root", small_year).exit_code == 0

    with preview(small_year, "2024") as running, page(chromium, running.address) as tab:
        expect(tab.locator("#live")).to_have_text("Live")
        tab.evaluate("window.kept = true")
        approved = tab.locator("td.state.ready")
        changed = tab.locator("td.state.to-build")
        command("build", "2024", "--jobs", "1")
        command("approve", "2024", "--all", "--by", "Ada")
        expect(approved).to_have_count(3)
        edit(small_year / "data/2024/statistics.yaml", "upheld: 5", "upheld: 6")
        expect(changed).to_have_count(2)  # and one that it is averaged with
        edit(small_year / "data/2024/statistics.yaml", "upheld: 6", "upheld: 5")
        expect(approved).to_have_count(3)
        shutil.rmtree(small_year / "build")
        expect(changed).to_have_count(3)
        command("build", "2024", "--jobs", "1")
        expect(approved).to_have_count(3)
        assert tab.evaluate("window.kept")


def killing_workers(running: Preview) -> AbstractContextManager[None]:
    """No process that the preview starts lives long."""

    def kill() -> None:
        for children in Path(f"/proc/{running.process.pid}/task").glob("*/children"):
            for number in children.read_text().split():
                with suppress(ProcessLookupError):
                    os.kill(int(number), signal.SIGKILL)

    return over_and_over(kill)


@pytest.mark.slow
def test_a_passing_misfortune_stands_above_the_last_pages_until_the_page_is_loaded_again(
    chromium: Browser, year_preview: Preview, year: Path
) -> None:
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    told = "The pages could not be made: the process that makes them was killed"
    drawn = "[...document.images].every((one) => one.complete && one.naturalWidth === 1000)"
    # a worker may live just long enough for the PDF, and not for its pictures
    with page(chromium, year_preview.address + MAIDSTONE, allowed=("503",)) as tab:
        expect(tab.get_by_alt_text("Page 3 of 3")).to_be_visible()
        until(tab, drawn)
        with killing_workers(year_preview):
            paragraph(year, "Typeset by nobody.")
            expect(tab.locator("#pages .warning-line")).to_contain_text(told)
            expect(tab.get_by_alt_text("Page 3 of 3")).to_be_visible()
            until(tab, drawn)
            tab.screenshot(path=ARTEFACTS / "preview-misfortune.png")
            council = "calderdale-metropolitan-borough-council"
            other = f"letters/{council}"
            (year / f"data/2020/paragraphs/{council}.md").write_text("By nobody, too.\n")
            tab.goto(year_preview.address + other)
            expect(tab.locator("#pages")).to_contain_text(told)
            tab.screenshot(path=ARTEFACTS / "preview-misfortune-without-pages.png")
        tab.goto(year_preview.address + MAIDSTONE)
        expect(tab.get_by_alt_text("Page 3 of 3")).to_be_visible()
        expect(tab.locator(".warning-line")).to_have_count(0)
        until(tab, drawn)


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
def test_a_preview_with_a_token_is_whole_for_who_has_it_and_nothing_for_others(
    chromium: Browser, year: Path, scheme: Scheme
) -> None:
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    with preview(year, "2020", "--token") as running:
        bare = running.address.partition("?")[0]
        with page(chromium, running.address, scheme) as tab:
            expect(tab).to_have_url(bare)
            expect(tab.locator("#live")).to_have_text("Live")
            tab.goto(bare + SCREEN)
            paragraph(year, "For you alone.")
            expect(tab.frame_locator("iframe").locator(".bespoke")).to_have_text("For you alone.")
            tab.goto(bare + MAIDSTONE)
            until(tab, "[...document.images].every((one) => one.naturalWidth === 1000)")
        context = chromium.new_context(color_scheme=scheme)
        tab = context.new_page()
        response = tab.goto(bare + MAIDSTONE)
        assert response and response.status == 403
        expect(tab.get_by_role("heading", level=1)).to_have_text("This preview is locked")
        tab.screenshot(path=ARTEFACTS / f"preview-locked-{scheme}.png")
        result = Axe().run(tab, options={"runOnly": ["wcag2a", "wcag2aa", "best-practice"]})
        assert not result.response["violations"], result.generate_report()
        context.close()
