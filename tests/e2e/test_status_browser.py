"""The strip on every page follows the letters from the build to what came back, by itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.doing import edit, run
from tests.e2e.browser import ARTEFACTS, page, preview
from tests.e2e.post_office import opens

pytestmark = pytest.mark.no_cover

ASHBY, BIRCH, CEDAR = "ashby-district-council", "birch-district-council", "cedar-fire-authority"


def counts(tab: Page) -> dict[str, str]:
    """What the strip says, by stage."""
    shown = tab.locator(".strip a").evaluate_all(
        "links => links.map((link) => [link.dataset.value, link.querySelector('b').textContent])"
    )
    return dict(shown)


def becomes(tab: Page, next_command: str, **stages: int) -> None:
    """Wait until the strip and the next command say this, with nothing loaded anew."""
    for stage, count in stages.items():
        cell = tab.locator(f'.strip a[data-value="{stage.replace("_", "-")}"] b')
        expect(cell).to_have_text(str(count))
    expect(tab.locator("#next code")).to_contain_text(next_command)
    assert tab.evaluate("window.kept")


def test_the_strip_and_the_next_command_follow_a_build_an_approval_a_sending_and_what_comes_back(
    chromium: Browser, small_year: Path, tmp_path: Path
) -> None:
    def command(*words: str) -> None:
        assert run(*words, "--root", small_year).exit_code == 0

    command("check", "2024")
    with (
        opens(small_year, tmp_path / "post")() as here,
        preview(here.root, "2024") as running,
        page(chromium, f"{running.address}letters/{BIRCH}/html") as tab,
    ):
        small_year = here.root
        tab.evaluate("window.kept = true")
        becomes(tab, "build 2024", to_build=3, to_approve=0, ready=0, sent=0)
        command("build", "2024", "--jobs", "1")
        becomes(tab, "approve 2024", to_approve=3)
        command("approve", "2024", "--all", "--by", "Ada")
        becomes(tab, "send 2024", to_approve=0, ready=3)
        here.send("--really-send", ASHBY, BIRCH)
        becomes(tab, "send 2024", ready=1, sent=2)
        command("ledger", "note", "2024", BIRCH, "--bounced", "--by", "Ada")
        becomes(tab, "send 2024", ready=1, sent=1, bounced=1)
        expect(tab.locator(".stage")).to_contain_text("bounced")
        edit(small_year / "data/2024/statistics.yaml", "upheld: 5", "upheld: 4")
        becomes(tab, "compare 2024 --with sent", changed_since_sent=2)
        assert counts(tab) == {
            "to-mend": "0",
            "to-approve": "0",
            "ready": "1",
            "sent": "1",
            "bounced": "1",
            "changed-since-sent": "2",
            "published": "1",
        }
        ARTEFACTS.mkdir(parents=True, exist_ok=True)
        tab.screenshot(path=ARTEFACTS / "strip-after-a-bounce.png")
        tab.locator('.strip a[data-value="bounced"]').click()
        expect(tab.locator("tr[data-item]:visible")).to_have_count(1)
        expect(tab.locator("tr[data-item]:visible th")).to_contain_text("Birch")
