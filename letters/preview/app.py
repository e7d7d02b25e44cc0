"""The web application: addresses to pages, files and events; only user of starlette.

It answers GET requests from this machine and changes nothing. Every page is worked out from the
desk's view; what belongs to one version of a letter has it in its address, and may be kept.
"""

from __future__ import annotations

import asyncio
import hmac
import re
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from letters.batch.draft import Draft
from letters.errors import LetterError, LettersError
from letters.preview import letter_values, list_values, page_values, sources
from letters.preview.ahead import Ahead
from letters.preview.changes import Changes
from letters.preview.desk import Desk, Shown
from letters.preview.page_values import version_of
from letters.preview.proofs import PAGE_WIDTH, PAGE_WIDTHS, Misfortune, Proofs
from letters.typed import Typing
from letters.typesetting.finished import Picture
from letters.typesetting.templates import Templates
from letters.wording import nearest_authority

HERE = Path(__file__).parent
#: names by which this machine may be called; others are somebody's trick
HOSTS = ["127.0.0.1", "localhost"]

_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
    " frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
#: A letter has its styles inside it, runs nothing, and is shown inside our pages only.
_LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'self'"
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Content-Security-Policy": _PAGE_POLICY,
    "Cache-Control": "no-store",
}
_LINKS_OUTSIDE = (
    b'<head><base target="_blank">'  # links in a letter open beside the preview, which goes on
)
_FOR_EVER = {"Cache-Control": "private, max-age=31536000, immutable"}
_STILL_HERE = 15  #: seconds between signs of life on a stream of events


def preview(
    root: Path,
    year: str,
    ready: Callable[[], None] = lambda: None,
    token: str = "",
    typing: Typing | None = None,
) -> tuple[ASGIApp, Callable[[], None]]:
    """One year's application, and what ends its events; `ready` is called once it can answer.

    With a token it answers nobody who does not bring it. `typing` is how commands are typed where it
    was started.
    """
    desk = Desk(root, year, secrets.token_hex(4), typing or Typing())
    site = _Site(desk, Proofs(root, year))
    loop: list[asyncio.AbstractEventLoop] = []

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        loop.append(asyncio.get_running_loop())
        async with site.at_work():
            ready()
            yield

    def close() -> None:
        loop[0].call_soon_threadsafe(site.desk.close)

    middleware = [Middleware(TrustedHostMiddleware, allowed_hosts=HOSTS, www_redirect=False)]
    if token:
        middleware.append(Middleware(_Lock, token=token, refusal=site.refusal()))
    handlers: dict[Any, Any] = {404: site.missing, 405: site.missing, 500: site.failed}
    handlers[Misfortune] = site.unlucky
    app = Starlette(
        routes=site.routes(), middleware=middleware, exception_handlers=handlers, lifespan=lifespan
    )
    return _Headers(app), close


class _Site:
    """The pages of one year's preview."""

    def __init__(self, desk: Desk, proofs: Proofs) -> None:
        self.desk, self.proofs = desk, proofs
        desk.failures = lambda: proofs.errors
        self._templates = Templates(HERE / "templates")
        self._changes = Changes(desk, proofs)
        self._ahead = Ahead(desk, proofs)

    def routes(self) -> list[Route | Mount]:
        year = f"/{self.desk.year}"
        letter = f"{year}/letters/{{slug}}"
        return [
            Route("/", self.home),
            Route("/events", self.events),
            Route(f"{year}/", self.campaign),
            Route(f"{year}/sheet", self.sheet),
            Route(f"{year}/sources", self.sources),
            Route(letter, self.pages),
            Route(f"{letter}/pages", self.pages_before),
            Route(f"{letter}/html", self.html),
            Route(f"{letter}/figures", self.figures),
            Route(f"{letter}/email", self.email),
            Route(f"{letter}/letter.html", self.letter_html),
            Route(f"{letter}/letter.pdf", self.letter_pdf),
            Route(f"{letter}/email.html", self.email_html),
            Route(f"{letter}/pages/{{number}}.png", self.page_picture),
            Route(f"{letter}/small.png", self.small_picture),
            Route(f"{year}/changes", self.changes),
            Route(f"{letter}/changes", self.letter_changes),
            Route(f"{letter}/changes/{{side}}/{{number}}.png", self.changed_picture),
            Mount("/static", StaticFiles(directory=HERE / "static")),
        ]

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Watch the files, read them, keep workers."""
        with self.proofs.open() as self.desk.executor:
            async with self._ahead.at_work():
                try:
                    yield
                finally:
                    self._changes.end()

    async def home(self, request: Request) -> Response:
        return RedirectResponse(page_values.address_of_list(self.desk.year))

    async def campaign(self, request: Request) -> Response:
        await self._settled()
        wanted = page_values.wanted_from(request.query_params)
        return self._page("campaign", list_values.campaign(self.desk, self.proofs, wanted))

    async def sheet(self, request: Request) -> Response:
        await self.desk.settled(5.0)
        wanted = page_values.wanted_from(request.query_params)
        values = list_values.sheet(self.desk, self.proofs, wanted)
        self._ahead.make_sheet([row["slug"] for row in values["rows"]])
        return self._page("sheet", values)

    async def sources(self, request: Request) -> Response:
        wanted = page_values.wanted_from(request.query_params)
        values = {"sources": sources.sources_of(self.desk.root, self.desk.year)}
        return self._page("sources", {**page_values.frame(self.desk, wanted, ""), **values})

    async def html(self, request: Request) -> Response:
        shown = await self._shown(request)
        values = {"is_written": shown.draft is not None}
        return self._page("letter_html", {**self._letter(request, shown, "html"), **values})

    async def pages_before(self, request: Request) -> Response:
        """Where the pages are now: they had an address of their own, which somebody may have kept."""
        slug = request.path_params["slug"]
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(page_values.address_of_letter(self.desk.year, slug) + query)

    async def pages(self, request: Request) -> Response:
        """The pages as they are, as a draft where they fail, or as they last were, and why."""
        shown = await self._shown(request)
        draft, misfortune, is_draft = shown.newest, "", False
        good = draft
        if draft:
            made = self.proofs.made
            try:
                done = await self.proofs.pdf(draft)
            except Misfortune as error:
                misfortune, good = _told(error), self.proofs.last_good(request.path_params["slug"])
            else:
                if self.proofs.made != made and (done.error or self._is_long(done.pages)):
                    self.desk.tell()
                self.proofs.draw_ahead(draft, done)
                is_draft = bool(done.draft)
                if done.error and not shown.failed:
                    placed = shown.edition.drafts.placed(done.error)
                    shown = replace(shown, faults=placed.problems)
                if done.error and not is_draft:
                    good = self.proofs.last_good(request.path_params["slug"])
        pages = await self._pages(good) if good else 0
        values = {
            "misfortune": misfortune,
            "is_draft": is_draft,
            "pages": list(range(1, pages + 1)),
            "pages_of": version_of(good.entry.fingerprint) if good else "",
            "widths": PAGE_WIDTHS,
        }
        return self._page("letter_pages", {**self._letter(request, shown, ""), **values})

    async def _pages(self, draft: Draft) -> int:
        """How many pages a draft has that had some; 0 when they cannot be had again now."""
        with suppress(Misfortune):
            return (await self.proofs.pdf(draft)).pages
        return 0

    async def figures(self, request: Request) -> Response:
        shown = await self._shown(request)
        slug = request.path_params["slug"]
        values = await asyncio.to_thread(letter_values.figures, self.desk, shown, slug)
        return self._page("letter_figures", {**self._letter(request, shown, "figures"), **values})

    async def email(self, request: Request) -> Response:
        shown = await self._shown(request)
        slug = request.path_params["slug"]
        values = await asyncio.to_thread(letter_values.email, shown, slug)
        return self._page("letter_email", {**self._letter(request, shown, "email"), **values})

    async def changes(self, request: Request) -> Response:
        """Which letters changed since they were approved, sent, built, or since another year."""
        values = await self._changes.all_letters(request.query_params)
        frame = page_values.frame(self.desk, page_values.wanted_from({}), "changes")
        return self._page("changes", {**frame, **values})

    async def letter_changes(self, request: Request) -> Response:
        """The words, figures and pages of one letter that changed."""
        shown, slug = await self._shown(request), request.path_params["slug"]
        values = await self._changes.one_letter(shown, slug, request.query_params)
        return self._page("letter_changes", {**self._letter(request, shown, "changes"), **values})

    async def changed_picture(self, request: Request) -> Response:
        """A page as it was, or its difference; kept by browsers where the address has its version."""
        number, query = _number(request), request.query_params
        shown, slug = await self._shown(request), request.path_params["slug"]
        try:
            png, version = await self._changes.picture(
                shown, slug, request.path_params["side"], number, query
            )
        except Misfortune:
            raise
        except (LettersError, OSError, IndexError) as error:
            raise HTTPException(404) from error
        headers = _FOR_EVER if query.get("v") == version else {}
        return Response(png, media_type="image/png", headers=headers)

    async def letter_html(self, request: Request) -> Response:
        draft = (await self._shown(request)).draft
        headers = {"Content-Security-Policy": _LETTER_POLICY}
        if draft is None:
            return HTMLResponse("<p>There is no letter to show.</p>", 404, headers)
        return HTMLResponse(draft.html.replace(b"<head>", _LINKS_OUTSIDE, 1), headers=headers)

    async def email_html(self, request: Request) -> Response:
        shown, slug = await self._shown(request), request.path_params["slug"]
        words = await asyncio.to_thread(letter_values.shown_mail, shown, slug)
        if words is None:
            raise HTTPException(404)
        html = words.html.replace("<head>", _LINKS_OUTSIDE.decode(), 1)
        return HTMLResponse(html, headers={"Content-Security-Policy": _LETTER_POLICY})

    async def letter_pdf(self, request: Request) -> Response:
        draft = (await self._shown(request)).newest
        if draft is None:
            raise HTTPException(404)
        done = await self.proofs.pdf(draft)
        self._must_be_there(request)
        content = done.pdf or done.draft
        if not content:
            raise HTTPException(404)
        ending = "-DRAFT" if done.error else ""
        name = f'inline; filename="{draft.manuscript.slug}{ending}.pdf"'
        return Response(
            content, media_type="application/pdf", headers={"Content-Disposition": name}
        )

    async def page_picture(self, request: Request) -> Response:
        number = _number(request)
        width = request.query_params.get("width", str(PAGE_WIDTH))
        if width not in map(str, PAGE_WIDTHS):
            raise HTTPException(404)
        return await self._picture(
            request, lambda draft: self.proofs.page(draft, number, int(width))
        )

    async def small_picture(self, request: Request) -> Response:
        return await self._picture(request, self.proofs.small)

    async def _picture(
        self, request: Request, make: Callable[[Draft], Awaitable[Picture]]
    ) -> Response:
        """A picture of the version in the address, which may be kept, or of the present one."""
        shown, wanted = await self._shown(request), request.query_params.get("v", "")
        good = self.proofs.last_good(request.path_params["slug"])
        present = shown.newest
        found = next(
            (one for one in (present, good) if one and version_of(one.entry.fingerprint) == wanted),
            present,
        )
        if found is None:
            raise HTTPException(404)
        try:
            made = await make(found)
        except (LetterError, IndexError) as error:
            raise HTTPException(404) from error
        self._must_be_there(request)
        headers = _FOR_EVER if version_of(found.entry.fingerprint) == wanted else {}
        return Response(made.png, media_type="image/png", headers=headers)

    async def events(self, request: Request) -> Response:
        return StreamingResponse(_stream(self.desk), media_type="text/event-stream")

    async def missing(self, request: Request, error: Exception) -> Response:
        """A page that says what is not there and leads back."""
        if request.url.path.endswith((".png", ".pdf", ".html")) or not isinstance(
            error, HTTPException
        ):
            return Response("There is no such thing.", 404, media_type="text/plain")
        slug, slugs = request.url.path.split("/")[-1], self._slugs()
        near = nearest_authority(slug, slugs) if "/letters/" in request.url.path else ""
        values = {
            **page_values.frame(self.desk, page_values.wanted_from({}), ""),
            "heading": "There is no such page" if slugs else "No letter can be shown yet",
            "sentence": f"The letters of {self.desk.year} have none of this address."
            if slugs
            else "What stands above must be mended first; this page then comes by itself.",
            "way_back": page_values.address_of_letter(self.desk.year, near)
            if near
            else page_values.address_of_list(self.desk.year),
            "way_back_label": f"Was the letter to {near} meant?"
            if near
            else "To the list of letters",
        }
        return self._page("missing", values, 405 if error.status_code == 405 else 404)

    async def failed(self, request: Request, error: Exception) -> Response:
        """What to say of a fault of our own; the server writes its details to the terminal."""
        advice = "Reload the page; if it stays, the terminal tells more."
        values = {
            **page_values.frame(self.desk, page_values.wanted_from({}), ""),
            "heading": "The preview has failed here",
            "sentence": f"{type(error).__name__}: {error}. {advice}",
            "way_back": page_values.address_of_list(self.desk.year),
            "way_back_label": "To the list of letters",
        }
        return self._page("missing", values, 500)

    async def unlucky(self, request: Request, error: Exception) -> Response:
        """What there is instead of a PDF or a picture that cannot be made just now."""
        return Response(_told(error), 503, media_type="text/plain")

    def refusal(self) -> str:
        """The page for those who do not bring the token; it says nothing of the letters."""
        return self._templates.page("locked.html.jinja", {})

    def _slugs(self) -> tuple[str, ...]:
        shown = self.desk.view.shown
        return tuple(shown.campaign.statistics) if shown else ()

    async def _shown(self, request: Request) -> Shown:
        shown = await self.desk.letter(request.path_params["slug"])
        if shown is None:
            raise HTTPException(404)
        self._must_be_there(request)
        return shown

    def _must_be_there(self, request: Request) -> None:
        """Raise HTTPException when the authority has left the campaign while something was made."""
        if request.path_params["slug"] not in self._slugs():
            raise HTTPException(404)

    def _letter(self, request: Request, shown: Shown, tab: str) -> page_values.Values:
        self._must_be_there(request)
        wanted = page_values.wanted_from(request.query_params)
        return letter_values.letter(
            self.desk, self.proofs, wanted, request.path_params["slug"], shown, tab
        )

    def _page(self, name: str, values: page_values.Values, status: int = 200) -> Response:
        return HTMLResponse(self._templates.page(f"{name}.html.jinja", values), status)

    async def _settled(self) -> None:
        """At first wait a moment for what all letters tell; the page comes again with it."""
        if self.desk.view.survey is None:
            await self.desk.settled(0.5)

    def _is_long(self, pages: int) -> bool:
        shown = self.desk.view.shown
        return bool(shown and shown.campaign.letter.pages and pages > shown.campaign.letter.pages)


def _number(request: Request) -> int:
    """Which page an address names. Raises HTTPException for what is none."""
    number = request.path_params["number"]
    if not re.fullmatch("[1-9][0-9]{0,3}", number):
        raise HTTPException(404)
    return int(number)


def _told(misfortune: Exception) -> str:
    return (
        f"The pages could not be made: {misfortune}."
        " That is tried again when this page is loaded again."
    )


async def _stream(desk: Desk) -> AsyncIterator[str]:
    """Builds as events, with signs of life between them so that a lost browser is noticed."""
    builds = aiter(desk.builds())
    following = asyncio.ensure_future(anext(builds, None))
    try:
        while True:
            done, _ = await asyncio.wait({following}, timeout=_STILL_HERE)
            if not done:
                yield ": still here\n\n"
                continue
            build = following.result()
            if build is None:
                return
            yield f"data: {build}\n\n"
            following = asyncio.ensure_future(anext(builds, None))
    finally:
        following.cancel()


class _Headers:
    """Adds the headers of safety to every answer that does not bring its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name.lower() for name, _ in message["headers"]}
                more = [(name.lower().encode(), value.encode()) for name, value in _HEADERS.items()]
                message["headers"] = [
                    *message["headers"],
                    *(pair for pair in more if pair[0] not in given),
                ]
            await send(message)

        await self._app(scope, receive, send_with_headers)


class _Lock:
    """Answers only those who bring the token: at first in the address, from then on in a cookie."""

    def __init__(self, app: ASGIApp, token: str, refusal: str) -> None:
        self._app, self._token, self._refusal = app, token, refusal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        # Browsers bring a cookie to every port of a machine: another preview's has another name.
        port = re.search(r":([0-9]+)$", request.headers.get("host", ""))
        name = f"letters-preview-{port[1] if port else 80}"
        response: ASGIApp
        if self._is_right(request.query_params.get("token", "")):
            response = RedirectResponse(_without_token(request))
            response.set_cookie(name, self._token, httponly=True, samesite="strict")
        elif self._is_right(request.cookies.get(name, "")):
            response = self._app
        else:
            response = HTMLResponse(self._refusal, 403)
        await response(scope, receive, send)

    def _is_right(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), self._token.encode())


def _without_token(request: Request) -> str:
    """The same address as it is from then on; two slashes at its start would be another machine."""
    query = [(key, value) for key, value in request.query_params.multi_items() if key != "token"]
    ending = f"?{urlencode(query)}" if query else ""
    return f"/{quote(request.url.path.lstrip('/'))}{ending}"
