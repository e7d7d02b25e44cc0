"""Changes in the preview: compared when somebody looks, made once, and told where they cannot be."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Coroutine, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PIL import Image

from letters.batch.store import letter_paths, letters_folder
from letters.errors import LettersError, Place, Problem, Severity
from letters.preview import changes
from letters.preview.changes import Changes
from letters.preview.desk import Desk, Shown
from letters.preview.page_values import Values, shown_problem
from letters.preview.proofs import Proofs
from letters.typed import Typing
from tests.conftest import put_small_year
from tests.doing import edit
from tests.paper import put_on_paper

ASHBY, CEDAR = "ashby-district-council", "cedar-fire-authority"
LAST_BUILD = {"with": "last-build"}

T = TypeVar("T")


@dataclass(frozen=True)
class Bench:
    """The small year, built on blank paper, one word of its letters changed since."""

    root: Path
    desk: Desk
    changes: Changes
    runner: asyncio.Runner

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    def shown(self, slug: str) -> Shown:
        found = self.run(self.desk.letter(slug))
        assert found is not None
        return found

    def letter(self, slug: str, **query: str) -> Values:
        return self.run(self.changes.one_letter(self.shown(slug), slug, LAST_BUILD | query))

    def picture(self, side: str, number: int) -> tuple[bytes, str]:
        shown = self.shown(ASHBY)
        return self.run(self.changes.picture(shown, ASHBY, side, number, LAST_BUILD))


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    root = put_small_year(tmp_path_factory.mktemp("bench"))
    put_on_paper(root)
    edit(root / "templates/2024/letter.html.jinja", "complaints came back", "complaints returned")
    desk, proofs = Desk(root, "2024", "start"), Proofs(root, "2024")
    with proofs.open(), asyncio.Runner() as runner:
        made = Changes(desk, proofs)
        runner.run(desk.refresh())
        runner.run(desk.settled(30))
        yield Bench(root, desk, made, runner)
        made.end()


def test_all_letters_are_compared_with_the_last_build_where_none_is_approved(bench: Bench) -> None:
    values = bench.run(bench.changes.all_letters({}))
    assert values["heading"] == "All 3 letters changed since the last build"
    assert [one["here"] for one in values["choices"]] == [False, False, True]
    assert (values["waiting"], values["hindrance"], values["class"]) == (False, "", None)
    (one,) = values["found"]["words"]
    alone = bench.run(bench.changes.all_letters(LAST_BUILD | {"class": one["id"]}))
    assert len(alone["class"]["letters"]) == 3


def test_a_comparison_that_takes_long_is_told_and_pages_hear_when_it_is_there(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(bench.root / "templates/2024/letter.html.jinja", "<h1>Annual", "<h1>Yearly")
    bench.run(bench.desk.refresh())
    bench.run(bench.desk.settled(30))
    monkeypatch.setattr(changes, "_PATIENCE", 0)
    build = bench.desk.view.build

    async def look_and_wait() -> tuple[Values, Values]:
        first = await bench.changes.all_letters(LAST_BUILD)
        async for one in bench.desk.builds():
            if one != build:
                break
        monkeypatch.setattr(changes, "_PATIENCE", 10)
        return first, await bench.changes.all_letters(LAST_BUILD)

    first, then = bench.run(look_and_wait())
    assert (first["waiting"], first["found"]) == (True, None)
    assert (then["waiting"], then["heading"][:13]) == (False, "All 3 letters")


def test_pages_that_wait_together_are_told_once(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(bench.root / "templates/2024/letter.html.jinja", "complaints returned", "complaints went")
    bench.run(bench.desk.refresh())
    bench.run(bench.desk.settled(30))
    monkeypatch.setattr(changes, "_PATIENCE", 0)

    async def look_and_wait() -> list[str]:
        told, first = list[str](), bench.desk.view.build
        looks = [bench.changes.all_letters(LAST_BUILD) for _ in range(3)]
        assert all(one["waiting"] for one in await asyncio.gather(*looks))
        with suppress(TimeoutError):
            async with asyncio.timeout(5):
                async for build in bench.desk.builds():
                    if build != first:
                        told.append(build)
                        monkeypatch.setattr(changes, "_PATIENCE", 10)
                        await bench.changes.all_letters(LAST_BUILD)
                        bench.desk.close()
        return told

    assert len(bench.run(look_and_wait())) == 1
    edit(bench.root / "templates/2024/letter.html.jinja", "complaints went", "complaints returned")
    bench.run(bench.desk.refresh())
    bench.run(bench.desk.settled(30))


def test_what_cannot_be_compared_is_told_and_the_choices_stay(bench: Bench) -> None:
    for wanted in ("approved", "sent"):
        values = bench.run(bench.changes.all_letters({"with": wanted}))
        assert f"nothing of 2024 is {wanted}" in values["hindrance"].lower()
        assert len(values["choices"]) == 3
        one = bench.run(bench.changes.one_letter(bench.shown(ASHBY), ASHBY, {"with": wanted}))
        assert (one["hindrance"], one["change"]) == (values["hindrance"], None)


def test_commands_are_told_as_they_are_typed_here(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench.desk, "typing", Typing("our/letters", root="x"))
    told = bench.run(bench.changes.all_letters({"with": "sent"}))["hindrance"]
    assert told == "Nothing of 2024 is sent yet: our/letters ledger 2024 --root x shows what is."
    one = bench.run(bench.changes.one_letter(bench.shown(ASHBY), ASHBY, {"with": "sent"}))
    assert one["hindrance"] == told
    problem = Problem(Place("a"), Severity.ERROR, "code", "A sentence", "letters build 2024")
    assert shown_problem(bench.desk, problem, 0)["hint"] == "our/letters build 2024 --root x"
    built = letter_paths(letters_folder(bench.root, "2024"), CEDAR)[0]
    pdf = built.read_bytes()
    built.unlink()
    edit(bench.root / "data/2024/contacts.yaml", "\n", "\n\n", 1)
    bench.run(bench.desk.refresh())
    bench.run(bench.desk.settled(30))
    changes_of = Changes(bench.desk, Proofs(bench.root, "2024"))
    (missing,) = bench.run(changes_of.all_letters(LAST_BUILD))["found"]["missing"]
    built.write_bytes(pdf)
    assert missing["why"].endswith(": our/letters build 2024 --root x")


def test_nothing_is_compared_before_a_year_can_be_shown(tmp_path: Path) -> None:
    desk = Desk(tmp_path, "2024", "start")
    values = asyncio.run(Changes(desk, Proofs(tmp_path, "2024")).all_letters({}))
    assert values["hindrance"].startswith("Nothing can be compared before the errors above")


def test_a_letter_has_its_words_its_pages_and_the_letters_beside_it(bench: Bench) -> None:
    values = bench.letter(CEDAR)
    assert values["change"]["told"].endswith("changed since the last build.")
    assert values["previous"].endswith("/changes?with=last-build")
    assert values["next"] == ""
    assert values["no_pictures"] == ""
    first, second, third = values["pictures"]["pages"]  # of blank paper there were three
    assert (first["changed"], first["regions"] != []) == (True, True)
    assert second["before"].startswith(
        f"/2024/letters/{CEDAR}/changes/before/2.png?with=last-build"
    )
    assert (third["told"], third["now"]) == ("this page is gone", "")


def test_a_picture_is_a_page_as_it_was_or_its_difference_and_has_a_version(bench: Bench) -> None:
    before, version = bench.picture("before", 1)
    both, versions = bench.picture("difference", 1)
    assert versions.startswith(f"{version}-")
    assert version in bench.letter(ASHBY)["pictures"]["pages"][0]["before"]
    for png in (before, both):
        with Image.open(io.BytesIO(png)) as image:
            assert (image.format, image.width) == ("PNG", 1000)
    assert bench.picture("before", 1) == (before, version)
    with pytest.raises(IndexError, match="the PDF has 1 pages"):
        bench.picture("before", 9)
    with pytest.raises(IndexError, match="no picture elsewhere"):
        bench.picture("elsewhere", 1)


def test_a_pdf_that_is_not_the_one_that_was_built_shows_no_pages(bench: Bench) -> None:
    built = letter_paths(letters_folder(bench.root, "2024"), ASHBY)[0]
    pdf = built.read_bytes()
    built.write_bytes(bytes(len(pdf)))
    told = bench.letter(ASHBY)["no_pictures"]
    assert told == (
        f"The pages cannot be compared now: build/2024/letters/{ASHBY}.pdf is not what it was when"
        " it was made: bring it back, or build again."
    )
    with pytest.raises(LettersError):
        bench.picture("before", 1)
    built.write_bytes(pdf)


def test_a_letter_whose_pages_fail_is_compared_by_its_words(bench: Bench) -> None:
    text = (bench.root / "templates/2024/letter.html.jinja").read_text()
    edit(bench.root / "templates/2024/letter.html.jinja", "<h1>", f"<p>{'word ' * 3000}</p><h1>")
    bench.run(bench.desk.refresh())
    values = bench.letter(ASHBY)
    (bench.root / "templates/2024/letter.html.jinja").write_text(text)
    bench.run(bench.desk.refresh())
    assert values["no_pictures"] == "One of the two has no pages, so they cannot be compared."
