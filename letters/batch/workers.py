"""Typesetting by workers: bundles of manuscripts go out by value, PDFs come back.

Any `concurrent.futures.Executor` will do. A worker keeps the stationery that it has made ready; one
that lacks it says so and is sent the bundle again with it, so that it travels rarely.
"""

from __future__ import annotations

import atexit
import errno
import gc
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, field, replace
from itertools import count, islice
from typing import TYPE_CHECKING, TypeVar

from letters.batch.pool import WorkerLost
from letters.errors import BuildError, LetterError, LettersError, RenderingError
from letters.typesetting.engine import engine_versions
from letters.typesetting.manuscript import Manuscript
from letters.typesetting.stationery import Stationery

if TYPE_CHECKING:
    from letters.typesetting.pdf import Typesetter

BUNDLE = 4  #: letters that go to a worker at a time
AHEAD = 3  #: bundles under way for each worker, so that none waits
CLEARED = 100  #: letters after which a worker looks for garbage in all that it has

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Bundle:
    """Some manuscripts and the digest of their stationery; itself for who asked for it."""

    manuscripts: tuple[Manuscript, ...]
    digest: str
    stationery: Stationery | None = None
    #: that the letters are meant to be made by
    engine: Mapping[str, str] = field(default_factory=engine_versions)


@dataclass(frozen=True, slots=True)
class Typeset:
    """What became of one manuscript: a PDF, or the error that stopped it."""

    slug: str
    pdf: bytes = b""
    pages: int = 0
    error: LetterError | None = None
    draft: bytes = b""  #: of one that failed: its pages as they came out, and so many they are
    seconds: float = 0.0  #: that the renderer took, with clearing up after it


def typeset_all(
    executor: Executor, workers: int, stationery: Stationery, manuscripts: Iterable[Manuscript]
) -> Iterator[Typeset]:
    """The outcome of each manuscript as they are done; as many are under way as keeps all busy.

    Raises CampaignError for bad stationery, BuildError when a worker cannot work or is gone.
    """
    bundles = _bundles(stationery.digest, manuscripts)
    under_way: dict[Future[tuple[Typeset, ...] | None], Bundle] = {}

    def submit(bundle: Bundle) -> None:
        under_way[executor.submit(typeset, bundle)] = bundle

    for bundle in islice(bundles, AHEAD * workers):
        submit(bundle)
    while under_way:
        for future in wait(under_way, return_when=FIRST_COMPLETED).done:
            bundle = under_way.pop(future)
            try:
                outcomes = _result(future)
            except WorkerLost as lost:
                if not lost.silent:
                    raise
                if len(bundle.manuscripts) == 1:
                    yield _took_too_long(bundle.manuscripts[0], lost)
                else:
                    for manuscript in bundle.manuscripts:
                        submit(replace(bundle, manuscripts=(manuscript,)))
                continue
            if outcomes is None:
                submit(replace(bundle, stationery=stationery))
                continue
            for following in islice(bundles, 1):
                submit(following)
            yield from outcomes


def _took_too_long(manuscript: Manuscript, lost: WorkerLost) -> Typeset:
    sentence = f"its pages are not made within {lost.silent:g} seconds"
    return Typeset(manuscript.slug, error=RenderingError(manuscript.slug, sentence))


def _result(future: Future[T]) -> T:
    try:
        return future.result()
    except LettersError:
        raise
    except Exception as error:
        raise BuildError(
            f"the workers failed ({_reason(error)}); what is done is kept: build again to carry on"
        ) from error


def _reason(error: Exception) -> str:
    """What befell a worker that is no fault of a letter, on one line."""
    if isinstance(error, OSError) and error.strerror:
        named = f"{error.filename}: " if error.filename else ""
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        where = "; the temporary folder of the workers may be full" if full else ""
        return f"{named}{error.strerror}{where}"
    kind, said = type(error).__name__, str(error).partition("\n")[0]
    return f"{kind}: {said}" if said else kind


def typeset(bundle: Bundle) -> tuple[Typeset, ...] | None:
    """In a worker: each manuscript's outcome, or None to ask for the stationery.

    Raises CampaignError for bad stationery, BuildError for a worker that would make other pages.
    """
    for name, wanted in bundle.engine.items():
        if wanted != (here := engine_versions().get(name)):
            has = f"a worker has {name} {here or 'missing'}"
            raise BuildError(f"{has}, and {wanted or 'none'} is wanted, as here")
    with _one_at_a_time:
        typesetter = _typesetter(bundle)
        if typesetter is None:
            return None
        return tuple(_typeset(typesetter, manuscript) for manuscript in bundle.manuscripts)


# the renderer cannot be shared by threads, which some executors' workers have
_one_at_a_time = threading.Lock()
_made = count(1)  # letters, in a worker
_ready: dict[str, Typesetter] = {}  # in a worker: the stationery last used, by its digest
atexit.register(_ready.clear)  # while the renderer can still remove its folder of fonts


def _typesetter(bundle: Bundle) -> Typesetter | None:
    from letters.typesetting.pdf import Typesetter

    if bundle.digest not in _ready:
        if bundle.stationery is None:
            return None
        _ready.clear()
        _ready[bundle.digest] = Typesetter(bundle.stationery)
        gc.collect()
        gc.freeze()  # what stays need not be looked at again
    return _ready[bundle.digest]


def _typeset(typesetter: Typesetter, manuscript: Manuscript) -> Typeset:
    """One letter, without the garbage collector running in the middle of it.

    Then it looks at what is new only: what is kept for the next letter becomes more and more, and
    would take longer to look through each time.
    """
    start = time.perf_counter()
    gc.disable()
    try:
        pdf = typesetter.pdf(manuscript)
        outcome = Typeset(manuscript.slug, pdf.content, pdf.pages)
    except RenderingError as error:
        error.__traceback__ = error.__context__ = error.__cause__ = None  # they hold its pages
        outcome = Typeset(manuscript.slug, pages=error.pages, error=error, draft=error.draft)
        error.draft = b""
    finally:
        gc.enable()
    gc.collect(2 if outcome.error or not next(_made) % CLEARED else 0)
    return replace(outcome, seconds=time.perf_counter() - start)


def _bundles(digest: str, manuscripts: Iterable[Manuscript]) -> Iterator[Bundle]:
    rest = iter(manuscripts)
    while some := tuple(islice(rest, BUNDLE)):
        yield Bundle(some, digest)
