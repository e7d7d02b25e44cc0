"""A letter's PDF: both PDF/UA-1 and PDF/A-3a, its pages checked; only user of weasyprint.

Whatever WeasyPrint only logs (a missing image, an unknown style, a glyph in no font) is an error.
"""

from __future__ import annotations

import ctypes.util
import logging
import os
import re
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import partial
from mimetypes import guess_type
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

from letters.errors import BuildError, CampaignError, Place, Problem, RenderingError, Severity
from letters.typesetting.engine import engine_versions
from letters.typesetting.finished import (
    as_draft,
    letters_at,
    pages_as_seen,
    texts_as_drawn,
    words_at,
)
from letters.typesetting.fonts import FONT
from letters.typesetting.lists import keep_order, number_lists
from letters.typesetting.manuscript import STATISTICS, Manuscript, Note
from letters.typesetting.page_faults import PageFault, margins_of, marks_of, page_faults
from letters.typesetting.pictures import SCHEME
from letters.typesetting.proofread import Added, proofread
from letters.typesetting.stationery import Stationery
from letters.typesetting.tagging import mend_tags
from letters.wording import did_you_mean, quoted


@contextmanager
def _own_fonts_only() -> Iterator[None]:
    """Hide the machine's fonts, so that a letter looks the same, or fails the same, everywhere."""
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(Path(__file__).with_name("fonts.conf"))
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="No fonts configured")
            yield
    finally:
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before


@contextmanager
def _libraries_by_full_name() -> Iterator[None]:
    """On Linux, find no library by a part of its name, which the renderer tries first.

    For each of them a compiler and a linker would run, and the import take half as long again.
    """

    def found_nowhere(name: str) -> str | None:
        return None

    search = ctypes.util.find_library
    if sys.platform == "linux":
        ctypes.util.find_library = found_nowhere
    try:
        yield
    finally:
        ctypes.util.find_library = search


try:
    with _own_fonts_only(), _libraries_by_full_name():
        from weasyprint import CSS, HTML, Attachment, Document
        from weasyprint.css.properties import KNOWN_PROPERTIES
        from weasyprint.layout.replaced import replacedbox_layout
        from weasyprint.logger import LOGGER
        from weasyprint.pdf.metadata import DocumentMetadata
        from weasyprint.svg.utils import color
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import URLFetcher, URLFetcherResponse
except OSError as error:
    raise BuildError(
        "Pango, which typesets the letters, is missing. Debian, Ubuntu: sudo apt install"
        " libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0; Fedora: sudo dnf install pango;"
        " macOS: brew install pango"
    ) from error

#: The versions of the renderer whose inside `sharing` was tested with.
SHARES_WITH = {"WeasyPrint": "70.0", "pydyf": "0.13.0"}
_TEMPLATES = (
    "file:///templates/"  # what names in templates are relative to; no such folder is ever read
)
_AT = re.compile(r" at ([0-9]+):([0-9]+)")
_SELECTOR = re.compile(r"selector,? '(.*)'", re.DOTALL)
#: What the renderer says of styles that drawings alone understand.
_OF_DRAWINGS = re.compile(
    r"Ignored `(?:fill|stroke|stop-|marker|paint-order|text-anchor|dominant-baseline"
    r"|alignment-baseline|shape-rendering|text-rendering|clip-rule|vector-effect)[\w-]*:"
)
_IGNORED = re.compile(r"Ignored `(?P<style>.*)` at [0-9:]+, (?P<why>.*)", re.DOTALL)

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_UA = "http://www.aiim.org/pdfua/ns/id/"
#: PDF/A allows `pdfuaid` only with this description (ISO 19005-3, 6.6.2.3; ISO 14289-1, 5).
_UA_METADATA = f"""
<rdf:RDF xmlns:rdf="{_RDF}" xmlns:pdfuaid="{_UA}"
    xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
    xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
    xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
  <rdf:Description rdf:about="" pdfuaid:part="1"/>
  <rdf:Description rdf:about="">
    <pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
      <pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
      <pdfaSchema:namespaceURI>{_UA}</pdfaSchema:namespaceURI>
      <pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
      <pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
        <pdfaProperty:name>part</pdfaProperty:name>
        <pdfaProperty:valueType>Integer</pdfaProperty:valueType>
        <pdfaProperty:category>internal</pdfaProperty:category>
        <pdfaProperty:description>Part of ISO 14289 that the document conforms to</pdfaProperty:description>
      </rdf:li></rdf:Seq></pdfaSchema:property>
    </rdf:li></rdf:Bag></pdfaExtension:schemas>
  </rdf:Description>
</rdf:RDF>"""
for _prefix, _uri in {
    "pdfuaid": _UA,
    "pdfaExtension": "http://www.aiim.org/pdfa/ns/extension/",
    "pdfaSchema": "http://www.aiim.org/pdfa/ns/schema#",
    "pdfaProperty": "http://www.aiim.org/pdfa/ns/property#",
}.items():
    ElementTree.register_namespace(_prefix, _uri)


@dataclass(frozen=True, slots=True)
class Pdf:
    """A finished PDF and how many pages it has."""

    content: bytes
    pages: int


class Typesetter:
    """Stationery made ready once, sheets parsed and fonts loaded, for any number of letters."""

    def __init__(self, stationery: Stationery) -> None:
        """Make it ready. Raises CampaignError with all that is wrong with its style sheets."""
        self._stationery, self._fetcher = stationery, _StationeryOnly(stationery)
        self._prepare()

    def _prepare(self) -> None:
        stationery = self._stationery
        with _own_fonts_only():
            self._fonts = _fonts()
        problems: list[Problem] = []
        self._stylesheets = [
            self._stylesheet(stationery, name, problems) for name in stationery.stylesheets
        ]
        # where it keeps fonts; without any, drawing text crashes the process
        if self._fonts._folder is None and not problems:
            sentence = "the style sheets bring no font: an @font-face rule is needed"
            place = Place(f"templates/{stationery.stylesheets[-1]}")
            problems.append(Problem(place, Severity.ERROR, FONT, sentence))
        if problems:
            raise CampaignError(tuple(sorted(problems, key=lambda problem: problem.place)))

    def pdf(self, manuscript: Manuscript) -> Pdf:
        """The PDF of a letter, its statistics embedded: the same input gives the same bytes.

        Raises RenderingError when the renderer warns of anything, when it has a number of pages
        that it may not have, or when a line, a panel or a page overflows.
        """
        try:
            return self._pdf(manuscript)
        except RenderingError:
            self._prepare()  # of some faults of a style sheet the renderer warns once only
            raise

    def _pdf(self, manuscript: Manuscript) -> Pdf:
        found: list[PageFault] = []
        drawn = _Drawn()
        with _faults_of(manuscript, found, drawn):
            html = HTML(string=manuscript.html, base_url=_TEMPLATES, url_fetcher=self._fetcher)
            number_lists(html.etree_element)
            keep_order(html.etree_element)
            document = drawn.document = html.render(
                font_config=self._fonts, stylesheets=self._stylesheets, pdf_variant="pdf/a-3a"
            )
            document.metadata = _AccessibleMetadata(**vars(document.metadata))
            content = drawn.content = document.write_pdf(
                finisher=lambda document, pdf: found.extend(_finish(document, pdf)),
                pdf_variant="pdf/a-3a",
                attachments=[_attachment(manuscript, self._fetcher)],
            )
            found += page_faults(document.pages, manuscript.pages, replacedbox_layout, color)
            found += proofread(
                manuscript.html,
                pages_as_seen(content),
                [
                    Added(margins_of(page), marks)
                    for page, marks in zip(document.pages, marks_of(document.pages), strict=True)
                ],
                partial(texts_as_drawn, content),
                partial(words_at, content),
                partial(letters_at, content),
            )
        return Pdf(content, len(document.pages))

    def _stylesheet(self, stationery: Stationery, name: str, problems: list[Problem]) -> CSS:
        with _logged() as faults:
            sheet = CSS(
                string=stationery.text(name),
                base_url=_TEMPLATES + name,
                url_fetcher=self._fetcher,
                font_config=self._fonts,
            )
        text = stationery.text(name)
        problems += (_style_problem(name, text, fault) for fault in dict.fromkeys(faults))
        return sheet


def _fonts() -> FontConfiguration:
    """Fonts for a stationery; with the renderer it was tested with, its letters share what they can.

    LETTERS_WITHOUT_SHARING does without, for comparing, or should a letter look odd one day.
    """
    here = engine_versions()
    if os.environ.get("LETTERS_WITHOUT_SHARING") or SHARES_WITH.items() - here.items():
        return FontConfiguration()
    from letters.typesetting.sharing import Shared

    return Shared()


def _style_problem(name: str, text: str, said: str) -> Problem:
    """What the renderer says of a style sheet, as a problem at its line."""
    at, selector = _AT.search(said), _SELECTOR.search(said)
    place = Place(f"templates/{name}", *(int(at[1]), int(at[2])) if at else ())
    if selector and (start := text.find(selector[1])) >= 0:
        before = text[:start]
        line, column = before.count("\n") + 1, start - before.rfind("\n")
        place = Place(f"templates/{name}", line, column)
    sentence, hint = said.replace(at[0], "", 1) if at else said, ""
    if ignored := _IGNORED.match(said):
        style, why = " ".join(ignored["style"].split()), ignored["why"].rstrip(".")
        sentence = f"{quoted(style)} has no effect on paper: {why}"
        if why == "unknown property":
            hint = did_you_mean(style.partition(":")[0], sorted(KNOWN_PROPERTIES))
    code = FONT if said.startswith("Font-face") else "style"
    return Problem(place, Severity.ERROR, code, " ".join(sentence.split()).strip(" ,."), hint)


class _StationeryOnly(URLFetcher):  # type: ignore[misc]
    """Fetches what the stationery holds and nothing else: no network, no file of the machine."""

    def __init__(self, stationery: Stationery) -> None:
        super().__init__(allowed_protocols=("file", "data"))
        self._files = stationery.files

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        if url.startswith("data:"):  # it brings what it names
            return super().fetch(url, headers)
        address = unquote(url)
        name = address.removeprefix(SCHEME).removeprefix(_TEMPLATES)
        if name == address:
            raise ValueError("only files below templates/ may be used")
        if name not in self._files:
            raise ValueError(f"there is no templates/{name}")
        return URLFetcherResponse(
            url, self._files[name], {"Content-Type": guess_type(name)[0] or ""}
        )


class _AccessibleMetadata(DocumentMetadata):  # type: ignore[misc]
    """PDF/A metadata that says PDF/UA-1 too; the renderer knows one variant a file."""

    def generate_rdf_metadata(self, *arguments: Any) -> bytes:
        rdf = ElementTree.fromstring(super().generate_rdf_metadata(*arguments))
        rdf.extend(ElementTree.fromstring(_UA_METADATA))
        return bytes(ElementTree.tostring(rdf, encoding="utf-8"))


class _Listener(logging.Handler):
    """Adds what the renderer logs, from warnings up, to a list of faults."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(logging.WARNING)
        self._faults = faults

    def emit(self, record: logging.LogRecord) -> None:
        self._faults.append(record.getMessage())


@contextmanager
def _logged() -> Iterator[list[str]]:
    """A list that what the renderer logs is added to."""
    faults: list[str] = []
    listener = _Listener(faults)
    LOGGER.addHandler(listener)
    try:
        yield faults
    finally:
        LOGGER.removeHandler(listener)


@dataclass(slots=True)
class _Drawn:
    """What there is of a letter's pages so far."""

    document: Document | None = None
    content: bytes = b""

    def pages(self) -> bytes:
        """The pages as they came out; without tags where those cannot be made, "" for none."""
        if not self.content and self.document is not None:
            with suppress(Exception):  # what hinders it is told
                self.content = self.document.write_pdf()
        return self.content


@contextmanager
def _faults_of(manuscript: Manuscript, found: list[PageFault], drawn: _Drawn) -> Iterator[None]:
    """Make one error of what is found, and of what the renderer logs or raises.

    With it go the pages as they came out, what is wrong outlined. A full disk or want of memory is
    no fault of the letter: it is raised as it is.
    """
    said: list[str] = []
    try:
        with _logged() as said:
            yield
    except (OSError, MemoryError, RenderingError):
        raise
    except Exception as error:
        sentence = f"the renderer failed: {type(error).__name__}: {error}"
        if isinstance(error, KeyError) and "Box" in str(error):  # it has words that it did not draw
            sentence = (
                "some words are not drawn at all: look for a transform that scales to nothing"
            )
        raise _failed(manuscript, [PageFault(RenderingError.code, sentence)], drawn) from error
    heard = (one for one in said if not _OF_DRAWINGS.match(one))
    faults = dict.fromkeys((*(PageFault(RenderingError.code, one) for one in heard), *found))
    if faults or manuscript.faults:
        raise _failed(manuscript, list(faults), drawn)


def _failed(manuscript: Manuscript, faults: Sequence[PageFault], drawn: _Drawn) -> RenderingError:
    """The error of a letter's pages; of one whose words are wrong, these and what else there is."""
    slug, place = manuscript.slug, Place("templates")
    problems = tuple(
        Problem(place, Severity.ERROR, one.code, one.sentence, one.hint, authority=slug)
        for one in faults
    )
    before = (note.sentence for note in manuscript.faults)
    sentences = "; ".join((*before, *(fault.sentence for fault in faults)))
    failed = RenderingError(slug, sentences, problems=problems)
    failed.texts = tuple(fault.text for fault in faults)
    notes = (*manuscript.faults, *(Note(one.sentence, one.text, one.spots) for one in faults))
    if pages := drawn.pages():
        failed.draft, failed.pages = as_draft(pages, notes)
    return failed


def _finish(document: Document, pdf: Any) -> Iterator[PageFault]:
    """Mend what the renderer gets wrong: attachments listed twice, the tags, streams pressed twice."""
    pdf.catalog["AF"][:] = dict.fromkeys(pdf.catalog["AF"])
    yield from mend_tags(document, pdf)
    if compress_once := getattr(document.font_config, "compress_once", None):
        compress_once(pdf)


def _attachment(manuscript: Manuscript, fetcher: URLFetcher) -> Attachment:
    at = datetime.combine(manuscript.dated, time(), UTC)
    return Attachment(
        string=manuscript.statistics_json,
        name=STATISTICS,
        description="The counts and figures of this letter",
        created=at,
        modified=at,
        relationship="Data",
        url_fetcher=fetcher,
    )
