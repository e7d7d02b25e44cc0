"""A year's letters, built where they must be: the plan, the workers, the files, the manifest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from hashlib import sha256

from letters.batch.draft import Drafts
from letters.batch.failures import Failure, read_failures, write_failures
from letters.batch.manifest import Entry, Journal, read_manifest, write_manifest
from letters.batch.plan import Plan, reasons
from letters.batch.store import (
    failed_folder,
    letter_paths,
    letters_folder,
    remove_pack,
    year_folder,
)
from letters.batch.verify import look_at
from letters.batch.workers import Typeset, typeset_all
from letters.campaign.same import SENTENCES
from letters.errors import LetterError, Problem
from letters.files import digest_of, remove_parts, write_whole
from letters.typesetting.manuscript import Manuscript, Note


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one letter that was due."""

    slug: str
    error: LetterError | None = None
    seconds: float = 0.0  #: that the renderer took, with clearing up after it


class Build:
    """One build of a year, made by who holds its folder (`files.only_one`) or only looks."""

    def __init__(
        self,
        drafts: Drafts,
        slugs: Sequence[str] = (),
        force: bool = False,
        show_failed: bool = False,
        unfinished: Sequence[Problem] = (),
    ) -> None:
        """Plan the build of the authorities named, or of all. Raises BuildError, OSError.

        A letter whose words cannot be written is due, too: it fails when its turn comes. With
        `show_failed` the pages of letters that fail are kept as drafts, as they came out. Of a year
        that is `unfinished` there are drafts only, and the letters that are there stay as they are.
        """
        root, campaign = drafts.root, drafts.campaign
        self._year, self._statistics = campaign.year, campaign.statistics
        self._register = campaign.register.keys()
        self._folder, self.show_failed = year_folder(root, campaign.year), show_failed
        self.failed = failed_folder(root, campaign.year)
        self.letters = letters_folder(root, campaign.year)
        self._manifest = read_manifest(self._folder)
        self._failures = dict[str, Failure]()  # of this run
        self._drafts = drafts
        self._looked_at = frozenset(slugs)  # none for all
        self.unfinished = tuple(unfinished)
        self.plan = self._planned(
            slugs or tuple(campaign.statistics), whole_year=not slugs, force=force
        )

    def run(self, executor: Executor, workers: int) -> Iterator[Outcome]:
        """Carry out the plan, telling the outcome of each due letter as it comes.

        A letter that fails leaves no files and does not stop the others. At any moment there are
        whole files only, and manifest and journal say what they are. Raises OSError, LetterError
        when the stationery cannot be used, BuildError when the workers are gone.
        """
        if self.unfinished:
            self._remove_drafts()
            yield from self._typeset_drafts(executor, workers)
            return
        self.letters.mkdir(parents=True, exist_ok=True)
        remove_parts(self.letters)
        remove_parts(self._folder)
        if self.plan.due or self.plan.left:
            remove_pack(self._folder)
        for slug in (*self.plan.left, *self.plan.due):
            self._manifest.letters.pop(slug, None)
        self._write_manifest()
        for slug in self.plan.left:
            self._remove(slug)
        self._remove_drafts()
        if not (self.plan.due or self.plan.html_only):
            return
        self._manifest.settings[self._drafts.digest] = self._drafts.setting
        with Journal(self._folder, self._drafts.digest, self._drafts.setting) as journal:
            for slug in self.plan.html_only:
                self._write_page(slug, journal)
            yield from self._typeset(executor, workers, journal)
        before = read_failures(self._folder)
        kept = {slug: one for slug, one in before.items() if slug not in self.plan.due}
        write_failures(self._folder, {**kept, **self._failures})
        self._write_manifest()

    def _planned(self, slugs: Sequence[str], whole_year: bool, force: bool) -> Plan:
        if self.unfinished:
            return Plan(dict.fromkeys(slugs, ("the year is not finished",)), (), (), 0)
        due: dict[str, tuple[str, ...]] = {}
        html_only = []
        for slug in slugs:
            try:
                draft = self._drafts.draft(slug)
            except LetterError:
                due[slug] = ("its words cannot be written",)
                continue
            pdf = look_at(letter_paths(self.letters, slug)[0])
            why = reasons(draft, self._manifest, self._drafts.setting, pdf)
            if why or force:
                due[slug] = why or ("asked for",)
            elif not self._has_page(draft.entry):
                html_only.append(slug)
        left: tuple[str, ...] = ()
        if whole_year or self._manifest.outdated:
            left = tuple(slug for slug in self._there() if slug not in self._statistics)
        unchanged = len(slugs) - len(due) - len(html_only)
        return Plan(due, tuple(html_only), left, unchanged, self._manifest.misstated)

    def _has_page(self, entry: Entry) -> bool:
        """Whether a letter's HTML page is there as it would be made, and the manifest says so."""
        noted = self._manifest.letters[entry.slug].html_sha256
        return noted == entry.html_sha256 == digest_of(letter_paths(self.letters, entry.slug)[1])

    def _there(self) -> tuple[str, ...]:
        """The letters that the manifest names, and files there of other known authorities."""
        endings = (path.suffix for path in letter_paths(self.letters, "letter"))
        there = (path.stem for ending in endings for path in self.letters.glob(f"*{ending}"))
        files = self._register & set(there)
        noted = (*self._manifest.letters, *self._manifest.outdated)
        return tuple(dict.fromkeys((*noted, *sorted(files))))

    def _typeset(self, executor: Executor, workers: int, journal: Journal) -> Iterator[Outcome]:
        failures: dict[str, LetterError] = {}

        def manuscripts() -> Iterator[Manuscript]:
            for slug in self.plan.due:
                try:
                    yield self._drafts.draft(slug).manuscript
                except LetterError as error:
                    failures[slug] = error
                    if self.show_failed and (failed := self._drafts.failed(slug)):
                        yield failed.manuscript

        for typeset in typeset_all(executor, workers, self._drafts.stationery, manuscripts()):
            if typeset.slug in failures:
                self._write_draft(typeset)
            else:
                yield self._finish(typeset, journal)
        for slug, error in failures.items():
            self._remove(slug)
            yield Outcome(slug, error)

    def _typeset_drafts(self, executor: Executor, workers: int) -> Iterator[Outcome]:
        """Draw each letter as a draft with what is unfinished about it, and nothing else."""
        unwritten: dict[str, LetterError] = {}

        def manuscripts() -> Iterator[Manuscript]:
            for slug in self.plan.due:
                notes = tuple(
                    Note(str(one).partition("\n")[0], one.value if one.field == SENTENCES else "")
                    for one in self.unfinished
                    if one.concerns((slug,))
                )
                try:
                    manuscript = self._drafts.draft(slug).manuscript
                except LetterError as error:
                    failed = self._drafts.failed(slug)
                    if failed is None:
                        unwritten[slug] = error
                        continue
                    manuscript = failed.manuscript
                notes = notes or (Note("other letters of the year are not finished"),)
                yield replace(manuscript, faults=(*manuscript.faults, *notes))

        for typeset in typeset_all(executor, workers, self._drafts.stationery, manuscripts()):
            self._write_draft(typeset)
            yield Outcome(typeset.slug, typeset.error)
        yield from (Outcome(slug, error) for slug, error in unwritten.items())

    def _finish(self, typeset: Typeset, journal: Journal) -> Outcome:
        draft = self._drafts.draft(typeset.slug)
        if typeset.error:
            self._remove(typeset.slug)
            self._write_draft(typeset)
            error = self._drafts.placed(typeset.error)
            self._failures[typeset.slug] = Failure(draft.entry.fingerprint, error.sentence)
            return Outcome(typeset.slug, error)
        pdf, page = letter_paths(self.letters, typeset.slug)
        write_whole({pdf: typeset.pdf, page: draft.html})
        digest = sha256(typeset.pdf).hexdigest()
        entry = replace(draft.entry, sha256=digest, pages=typeset.pages, bytes=len(typeset.pdf))
        self._note(entry, journal)
        return Outcome(typeset.slug, seconds=typeset.seconds)

    def _write_page(self, slug: str, journal: Journal) -> None:
        """Write a letter's HTML page again; what it says is what the PDF was made from."""
        draft, old = self._drafts.draft(slug), self._manifest.letters[slug]
        write_whole({letter_paths(self.letters, slug)[1]: draft.html})
        self._note(
            replace(draft.entry, sha256=old.sha256, pages=old.pages, bytes=old.bytes), journal
        )

    def _note(self, entry: Entry, journal: Journal) -> None:
        journal.add(entry)
        self._manifest.letters[entry.slug] = entry

    def _remove(self, slug: str) -> None:
        for path in letter_paths(self.letters, slug):
            path.unlink(missing_ok=True)

    def _write_draft(self, typeset: Typeset) -> None:
        """Keep the pages of a letter that failed, as they came out."""
        if self.show_failed and typeset.draft:
            self.failed.mkdir(parents=True, exist_ok=True)
            write_whole({self.failed / f"{typeset.slug}.pdf": typeset.draft})

    def _remove_drafts(self) -> None:
        """Remove drafts of an earlier build, but for those of letters that are not looked at now."""
        if self.failed.is_dir():
            remove_parts(self.failed)
        for path in self.failed.glob("*.pdf"):
            if not self._looked_at or path.stem in self._looked_at:
                path.unlink(missing_ok=True)

    def _write_manifest(self) -> None:
        write_manifest(self._folder, self._year, self._manifest, self._statistics)
