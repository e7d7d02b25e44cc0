"""Proofs: a letter's true PDF and pictures of its pages, made when looked at."""

from __future__ import annotations

import asyncio
import errno
import io
import os
import signal
from collections.abc import Coroutine, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from hashlib import sha256
from multiprocessing import active_children, parent_process
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, TypeVar, cast

import pypdfium2
import pytest
from PIL import Image

from letters.batch.draft import Draft, Drafts
from letters.batch.manifest import Manifest, write_manifest
from letters.batch.store import letter_paths, letters_folder, year_folder
from letters.batch.workers import Typeset
from letters.campaign.load import Campaign, load
from letters.check import Edition, Findings, Gathering
from letters.errors import RenderingError
from letters.mail.mentions import Mentions
from letters.preview import list_values
from letters.preview.desk import View
from letters.preview.edition import survey
from letters.preview.proofs import PAGE_WIDTH, SMALL_WIDTH, WORKERS, Misfortune, Proofs
from letters.typesetting.engine import engine_versions
from letters.typesetting.finished import Picture, picture, read_back
from letters.typesetting.stationery import Stationery
from tests.conftest import PROJECT, put_small_year
from tests.doing import edit, over_and_over, wait_for
from tests.press import Press

ASHBY, BIRCH, CEDAR = ("ashby-district-council", "birch-district-council", "cedar-fire-authority")
TOO_LONG = "word " * 1500  #: more pages than a letter may have

T = TypeVar("T")


@dataclass(frozen=True)
class Bench:
    """One preview's proofs at work, on letters of the small year with other paragraphs."""

    root: Path
    proofs: Proofs
    runner: asyncio.Runner
    not_ours: list[BaseProcess]  #: processes that were there before

    @property
    def workers(self) -> tuple[BaseProcess, ...]:
        return tuple(child for child in active_children() if child not in self.not_ours)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    def drafts(self, **paragraphs: str) -> Drafts:
        """The drafts of all letters, those of ashby, birch and cedar with a paragraph."""
        return Drafts(self.root, campaign_with(self.root, **paragraphs))

    def pdf(self, drafts: Drafts, slug: str) -> Typeset:
        return self.run(self.proofs.pdf(drafts.draft(slug)))

    def page(self, drafts: Drafts, slug: str, number: int) -> Picture:
        return self.run(self.proofs.page(drafts.draft(slug), number))


def campaign_with(root: Path, **paragraphs: str) -> Campaign:
    campaign = load(root, "2024")
    slugs = {slug.partition("-")[0]: slug for slug in campaign.statistics}
    return replace(campaign, paragraphs={slugs[name]: text for name, text in paragraphs.items()})


def dressed(draft: Draft, stationery: Stationery) -> Draft:
    return replace(draft, dress=replace(draft.dress, stationery=stationery))


def with_paragraphs(root: Path) -> Path:
    """The small year's template does not print bespoke paragraphs; this one does."""
    paragraph = "{% if letter.paragraph %}<p>{{ letter.paragraph }}</p>{% endif %}"
    edit(root / "templates/2024/letter.html.jinja", "<h1>", f"{paragraph}<h1>")
    return root


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    root = put_small_year(tmp_path_factory.mktemp("bench"))
    proofs, not_ours = Proofs(with_paragraphs(root), "2024"), active_children()
    with proofs.open(), asyncio.Runner() as runner:
        yield Bench(root, proofs, runner, not_ours)


def build(root: Path, drafts: Drafts, slug: str, pdf: bytes, pages: int = 7) -> None:
    """Put a letter into the build folder, alone, as a build of these drafts would say of it."""
    letters_folder(root, "2024").mkdir(parents=True, exist_ok=True)
    letter_paths(letters_folder(root, "2024"), slug)[0].write_bytes(pdf)
    digest = sha256(pdf).hexdigest()
    entry = replace(drafts.draft(slug).entry, sha256=digest, pages=pages, bytes=len(pdf))
    manifest = Manifest({slug: entry}, {drafts.digest: drafts.setting})
    write_manifest(year_folder(root, "2024"), "2024", manifest, (slug,))


def fingerprint(draft: Draft) -> str:
    return draft.entry.fingerprint


def size(picture: Picture) -> tuple[int, int]:
    """Of the picture itself."""
    with Image.open(io.BytesIO(picture.png)) as image:
        assert image.format == "PNG"
        return image.size


def test_a_letter_in_the_build_folder_that_would_be_made_again_is_taken(small_year: Path) -> None:
    proofs, drafts = Proofs(small_year, "2024"), Drafts(small_year, load(small_year, "2024"))
    build(small_year, drafts, ASHBY, b"the PDF that was built", pages=7)
    draft = drafts.draft(ASHBY)
    done = asyncio.run(proofs.pdf(draft))  # there are no workers
    assert done == Typeset(ASHBY, b"the PDF that was built", 7)
    assert proofs.pages == {fingerprint(draft): 7}
    assert proofs.errors == {}
    assert proofs.last_good(ASHBY) == draft


def test_a_build_while_the_preview_runs_is_noticed(small_year: Path) -> None:
    proofs = Proofs(with_paragraphs(small_year), "2024")
    for text in ("One.", "Another."):
        drafts = Drafts(small_year, campaign_with(small_year, ashby=text))
        build(small_year, drafts, ASHBY, text.encode())
        done = asyncio.run(proofs.pdf(drafts.draft(ASHBY)))
        assert done.pdf == text.encode()


def test_a_letter_that_is_not_built_is_typeset_as_a_build_would_make_it(bench: Bench) -> None:
    drafts = bench.drafts()
    done = bench.pdf(drafts, ASHBY)
    assert done.error is None
    assert done.pdf == Press(bench.root, load(bench.root, "2024")).make(ASHBY).pdf
    assert (done.slug, done.pages) == (ASHBY, 2)
    assert bench.proofs.pages[fingerprint(drafts.draft(ASHBY))] == 2


def test_pictures_that_will_be_asked_for_are_begun_and_made_once(bench: Bench) -> None:
    drafts = bench.drafts(cedar="To be looked at.")
    draft, before = drafts.draft(CEDAR), bench.proofs._pages.made

    async def look() -> list[Picture]:
        done = await bench.proofs.pdf(draft)
        bench.proofs.draw_ahead(draft, done)
        bench.proofs.draw_ahead(draft, done)
        pages = (bench.proofs.page(draft, number) for number in (1, 2))
        return await asyncio.gather(*pages)

    assert [size(made)[0] for made in bench.run(look())] == [PAGE_WIDTH, PAGE_WIDTH]
    assert bench.proofs._pages.made - before == 2


def test_what_is_in_the_making_when_the_preview_ends_is_dropped(small_year: Path) -> None:
    drafts = Drafts(small_year, load(small_year, "2024"))
    draft, proofs, misfortunes = drafts.draft(ASHBY), Proofs(small_year, "2024"), list[object]()

    async def look_and_leave() -> list[asyncio.Task[Picture]]:
        asyncio.get_running_loop().set_exception_handler(lambda _, told: misfortunes.append(told))
        with proofs.open():
            proofs.draw_ahead(draft, await proofs.pdf(draft))
            await asyncio.sleep(0)
            begun = list(proofs._pages._tasks.values())
        await asyncio.sleep(0.1)
        return begun

    assert [task.cancelled() for task in asyncio.run(look_and_leave())] == [True, True]
    assert misfortunes == []


def test_a_built_letter_that_is_another_version_is_not_taken(bench: Bench) -> None:
    build(bench.root, bench.drafts(birch="As built."), BIRCH, b"the PDF that was built")
    done = bench.pdf(bench.drafts(birch="As it is."), BIRCH)
    assert "As it is." in read_back(done.pdf).text


def test_a_built_letter_that_is_not_what_the_build_made_is_not_taken(bench: Bench) -> None:
    drafts = bench.drafts(birch="Tampered with.")
    build(bench.root, drafts, BIRCH, b"the PDF that was built")
    letter_paths(letters_folder(bench.root, "2024"), BIRCH)[0].write_bytes(b"something else")
    assert "Tampered with." in read_back(bench.pdf(drafts, BIRCH).pdf).text


def test_a_manifest_that_cannot_be_read_hinders_nobody(bench: Bench) -> None:
    manifest = year_folder(bench.root, "2024") / "manifest.json"
    manifest.parent.mkdir(parents=True, exist_ok=True)
    manifest.write_text("{")
    try:
        assert bench.pdf(bench.drafts(birch="No manifest."), BIRCH).error is None
    finally:
        manifest.unlink()


def test_what_is_asked_for_twice_is_made_once(bench: Bench) -> None:
    drafts = bench.drafts(ashby="Made once.")
    made = bench.proofs.made

    async def both() -> list[Typeset]:
        draft = drafts.draft(ASHBY)
        asked = (bench.proofs.pdf(draft) for _ in range(2))
        return await asyncio.gather(*asked)

    one, other = bench.run(both())
    assert one is other is bench.pdf(drafts, ASHBY)
    assert bench.proofs.made == made + 1


def test_a_letter_that_cannot_be_typeset_says_why_and_keeps_its_last_good_pages(
    bench: Bench,
) -> None:
    good, bad = bench.drafts(cedar="All is well."), bench.drafts(cedar=TOO_LONG)
    assert bench.pdf(good, CEDAR).error is None
    failed = bench.pdf(bad, CEDAR)
    key = fingerprint(bad.draft(CEDAR))
    assert (failed.pdf, failed.pages) == (b"", len(pypdfium2.PdfDocument(failed.draft)))
    assert isinstance(failed.error, RenderingError)
    assert (failed.error.authority, bench.proofs.errors[key]) == (CEDAR, failed.error)
    assert "pages, but 2 or 3 are allowed" in failed.error.sentence
    assert key not in bench.proofs.pages
    assert bench.proofs.last_good(CEDAR) == good.draft(CEDAR)
    assert bench.page(bad, CEDAR, failed.pages).png != bench.page(bad, CEDAR, 1).png
    with pytest.raises(IndexError):
        bench.page(bad, CEDAR, failed.pages + 1)


def test_a_letter_that_never_had_pages_has_no_last_good_ones(bench: Bench) -> None:
    proofs = Proofs(bench.root, "2024")
    assert proofs.last_good(ASHBY) is None
    assert (proofs.made, proofs.pages, proofs.errors) == (0, {}, {})


def test_a_stationery_that_cannot_be_used_stops_the_letter_and_not_the_next_one(
    bench: Bench,
) -> None:
    drafts = bench.drafts(cedar="Without fonts.")
    files = {name: b"" for name in drafts.stationery.files if "font" not in name}
    draft = dressed(drafts.draft(CEDAR), replace(drafts.stationery, files=files))
    failed = bench.run(
        bench.proofs.pdf(replace(draft, entry=replace(draft.entry, fingerprint="bare")))
    )
    assert failed.error is not None
    assert "bring no font" in failed.error.sentence
    assert bench.pdf(drafts, CEDAR).error is None


def test_a_page_is_a_picture_of_its_own(bench: Bench) -> None:
    drafts = bench.drafts()
    first, second = (bench.page(drafts, ASHBY, number) for number in (1, 2))
    assert size(first) == size(second) == (first.width, first.height) == (PAGE_WIDTH, 1415)
    assert first.png != second.png
    assert bench.page(drafts, ASHBY, 1) is first, "made once"


@pytest.mark.parametrize("number", [0, 3])
def test_a_page_that_there_is_not_is_an_index_error(bench: Bench, number: int) -> None:
    with pytest.raises(IndexError, match="the PDF has 2 pages"):
        bench.page(bench.drafts(), ASHBY, number)


def test_the_small_picture_is_of_the_last_page(bench: Bench) -> None:
    drafts = bench.drafts()
    small = bench.run(bench.proofs.small(drafts.draft(ASHBY)))
    assert size(small) == (small.width, small.height) == (SMALL_WIDTH, 453)
    assert likeness(small, bench.page(drafts, ASHBY, 2)) > likeness(
        small, bench.page(drafts, ASHBY, 1)
    )


def likeness(one: Picture, other: Picture) -> int:
    """How like two pictures are when both are made very small; 0 at the most."""

    def greys(picture: Picture) -> bytes:
        with Image.open(io.BytesIO(picture.png)) as image:
            return image.convert("L").resize((30, 42)).tobytes()

    return -sum(abs(a - b) for a, b in zip(greys(one), greys(other), strict=True))


def test_making_the_workers_ready_makes_no_proof(bench: Bench) -> None:
    drafts, made = bench.drafts(ashby="To warm up."), bench.proofs.made
    bench.run(bench.proofs.warm_up(drafts.draft(ASHBY)))
    assert bench.proofs.made == made


def test_letters_whose_pages_fail_come_first_and_the_others_keep_their_order(bench: Bench) -> None:
    campaign = campaign_with(bench.root, ashby=TOO_LONG, birch=f"{TOO_LONG}more")
    drafts = Drafts(bench.root, campaign)
    edition = Edition(campaign, drafts, None, {}, folders={}, mentions=Mentions.of({}))
    now = Gathering(edition, Findings())
    view = View("1", now, survey=survey(now))
    before = list_values.listed(view, bench.proofs, "oddest")
    failed, long = bench.pdf(drafts, ASHBY), bench.pdf(drafts, BIRCH)
    after = list_values.listed(view, bench.proofs, "oddest")
    marks = {row.slug: row.marks for row in after}
    assert failed.error is not None and long.error is not None
    assert marks[ASHBY][0].key == marks[BIRCH][0].key == "problem"
    assert marks[ASHBY][0].reason == failed.error.problems[0].sentence
    names = [row.slug for row in before]
    assert [row.slug for row in after] == sorted(names, key=lambda slug: slug == CEDAR)
    by_name = list_values.listed(view, bench.proofs, "name")
    assert [row.slug for row in by_name] == sorted(names)


def kill(workers: tuple[BaseProcess, ...]) -> None:
    """End our workers, and see them ended."""
    for worker in workers:
        worker.kill()
    for worker in workers:
        wait([worker.sentinel])


def worked(worker: BaseProcess) -> int:
    """The hundredths of a second that a process has worked; one that waits works no longer."""
    times = Path(f"/proc/{worker.pid}/stat").read_text().rpartition(")")[2].split()
    return int(times[11])


def test_a_worker_that_is_killed_at_its_work_is_replaced_and_the_letter_made(bench: Bench) -> None:
    campaign = campaign_with(bench.root, ashby="A long letter takes its time. " * 3000)
    letter = campaign.letter.model_copy(update={"pages": None})
    drafts = Drafts(bench.root, replace(campaign, letter=letter))
    bench.run(bench.proofs.warm_up(drafts.draft(CEDAR)))
    before = {worker: worked(worker) for worker in bench.workers}
    assert len(before) == WORKERS

    async def killed_at_work() -> Typeset:
        asked = asyncio.ensure_future(bench.proofs.pdf(drafts.draft(ASHBY)))
        await asyncio.to_thread(
            wait_for, lambda: any(worked(worker) > then + 4 for worker, then in before.items())
        )
        assert not asked.done()
        kill(tuple(before))
        return await asked

    done = bench.run(killed_at_work())
    assert done.error is None
    assert done.pages > 20
    assert not set(bench.workers) & set(before)


def test_workers_that_are_killed_while_they_wait_are_replaced(bench: Bench) -> None:
    before = bench.workers
    kill(before)
    assert bench.pdf(bench.drafts(birch="After that."), BIRCH).error is None
    assert bench.workers
    assert not set(bench.workers) & set(before)


def killing(bench: Bench) -> AbstractContextManager[None]:
    """No worker lives long enough to make anything."""

    def kill_all() -> None:
        for worker in bench.workers:
            worker.kill()

    kill_all()  # those that are warm would be quick enough
    return over_and_over(kill_all)


def looked_at_again(bench: Bench, drafts: Drafts, slug: str) -> None:
    """What hindered it is over, and was not kept."""
    assert fingerprint(drafts.draft(slug)) not in bench.proofs.errors
    assert bench.pdf(drafts, slug).error is None
    assert bench.page(drafts, slug, 1).png


def test_a_letter_whose_workers_are_killed_is_made_when_it_is_looked_at_again(bench: Bench) -> None:
    drafts, made = bench.drafts(ashby="Killed."), bench.proofs.made
    with killing(bench), pytest.raises(Misfortune, match="was killed, perhaps for want of memory"):
        bench.pdf(drafts, ASHBY)
    assert bench.proofs.made == made
    looked_at_again(bench, drafts, ASHBY)


def test_a_letter_that_takes_too_long_is_made_when_it_is_looked_at_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    drafts = bench.drafts(ashby="Stopped.")
    bench.run(bench.proofs.warm_up(drafts.draft(CEDAR)))
    for worker in bench.workers:
        os.kill(worker.pid or 0, signal.SIGSTOP)
    with monkeypatch.context() as patch:
        patch.setattr("letters.preview.proofs.LONGEST", 0.2)
        for _ in range(WORKERS):  # each of them is given up, and another started
            with pytest.raises(Misfortune, match=r"took longer than 0\.2 seconds"):
                bench.pdf(drafts, ASHBY)
    looked_at_again(bench, drafts, ASHBY)


def test_workers_that_would_make_other_pages_are_a_misfortune(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    drafts = bench.drafts(ashby="Another engine.")
    draft = drafts.draft(ASHBY)
    with monkeypatch.context() as patch:  # as when the engine's files change on disk
        patch.setitem(cast(dict[str, str], engine_versions()), "letters", "0+before")
        with pytest.raises(Misfortune, match=r"a worker has letters .*start it again"):
            bench.run(bench.proofs.pdf(draft))
        with pytest.raises(Misfortune, match="a worker has letters"):
            bench.run(bench.proofs.small(draft))
    looked_at_again(bench, drafts, ASHBY)


class Refused(tuple[str, ...]):
    """Names of style sheets that the machine will not let a worker read."""

    __slots__ = ()
    error: Exception = OSError(errno.ENOSPC, "No space left on device")

    def __iter__(self) -> Iterator[str]:
        if parent_process():
            raise self.error
        return super().__iter__()


class NoMemory(Refused):
    error = MemoryError()


@pytest.mark.parametrize(
    ("kind", "reason"), [(Refused, "no space left on device"), (NoMemory, "not enough memory")]
)
def test_what_the_machine_refuses_to_a_worker_is_a_misfortune(
    bench: Bench, kind: type[Refused], reason: str
) -> None:
    drafts = bench.drafts(ashby=f"On a machine with {reason}.")
    sound = drafts.stationery
    files = {**sound.files, "new": reason.encode()}  # which no worker has at hand
    refused = replace(sound, files=files, stylesheets=kind(sound.stylesheets))
    with pytest.raises(Misfortune, match=f"failed: .*{reason}"):
        bench.run(bench.proofs.pdf(dressed(drafts.draft(ASHBY), refused)))
    looked_at_again(bench, drafts, ASHBY)


def test_a_picture_that_a_misfortune_hinders_is_made_when_it_is_looked_at_again(
    bench: Bench,
) -> None:
    drafts = bench.drafts(birch="Seen, but not drawn.")
    assert bench.pdf(drafts, BIRCH).error is None
    with killing(bench), pytest.raises(Misfortune):
        bench.page(drafts, BIRCH, 1)
    looked_at_again(bench, drafts, BIRCH)


def test_a_misfortune_that_nobody_waited_for_is_not_told_to_the_next_one(bench: Bench) -> None:
    drafts = bench.drafts(cedar="Nobody waited.", ashby="Somebody did.")

    async def left() -> None:
        asked = asyncio.ensure_future(bench.proofs.pdf(drafts.draft(CEDAR)))
        await asyncio.sleep(0)
        asked.cancel()
        with pytest.raises(Misfortune):  # made behind the other, or beside it
            await bench.proofs.pdf(drafts.draft(ASHBY))

    with killing(bench):
        bench.run(left())
        bench.run(settled(bench))
    looked_at_again(bench, drafts, CEDAR)


async def settled(bench: Bench) -> None:
    """Until nothing is under way any more."""
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(others)


@pytest.mark.parametrize("width", [1000, 333, 101])  # in memory, a row of 101 pixels is padded
def test_a_picture_is_what_the_pdf_looks_like(width: int) -> None:
    campaign = load(PROJECT, "2020")
    pdf = Press(PROJECT, campaign).make(next(iter(campaign.statistics))).pdf
    made = picture(pdf, 3, width)
    page = pypdfium2.PdfDocument(pdf)[2]
    drawn = page.render(scale=width / page.get_width(), rev_byteorder=True).to_pil().convert("RGB")
    shown = Image.open(io.BytesIO(made.png))
    assert shown.format == "PNG"
    assert shown.size == drawn.size == (made.width, made.height)
    assert shown.tobytes() == drawn.tobytes()
