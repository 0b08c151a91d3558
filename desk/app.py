"""The desk as a web application: addresses to pages. Pages are made in a few threads; no request waits for another's."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from importlib.resources import files
from urllib.parse import parse_qsl, quote, urlencode

import anyio.to_thread
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from desk.filters import EventFilter, FilterError, read_filter
from desk.i18n import negotiate, tongue
from desk.labels import N_
from desk.links import LiveLinks
from desk.pages import Page, View, company, event, events, flow, review, runs
from desk.render import html
from desk.review import QUEUES
from desk.security import COOKIE, LOOPBACK, Guard, Tokens, same_site
from desk.state import Desk
from models.errors import DealwireError

_THREADS = 3
"""Pages made at a time: more would only take turns"""
_LARGEST_FORM = 65_536
STATIC = ("desk.css", "desk.js", "icon.svg")


def create_app(desk: Desk, hosts: Collection[str] = LOOPBACK) -> Starlette:
    """The application over a desk; it answers to `hosts` only."""
    tokens = Tokens()

    def shown(make: Callable[[View, Request], Page]) -> Callable[[Request], Response]:
        def endpoint(request: Request) -> Response:
            view = view_of(desk, request)
            if desk.reviewer is not None:
                return _respond(desk, tokens, request, view, make(view, request))
            version, key = desk.version(), (request.url.path, request.url.query, view.tongue.tag)
            body = desk.answers.get(version, key)
            if body is not None:
                return HTMLResponse(body)
            response = _respond(desk, tokens, request, view, make(view, request))
            if response.status_code == 200:
                desk.answers.keep(version, key, bytes(response.body))
            return response

        return endpoint

    def failed(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        view = view_of(desk, request)
        words = {404: N_("There is no such page."), 405: N_("That cannot be done here."), 500: N_("Something went wrong.")}
        if isinstance(error, DealwireError):
            status, message = 400, str(error)
        else:
            detail = error.detail if isinstance(error, HTTPException) else ""
            message = view.tongue.text(words.get(status, detail or words[500]))
        return _respond(desk, tokens, request, view, Page("error.html", {"message": message, "what": "", "tab": ""}, status))

    async def form_of(request: Request) -> dict[str, str]:
        """The fields of a form of ours; refuses one that anybody else has made."""
        if desk.reviewer is None or not await run_in_threadpool(lambda: desk.may_decide):
            raise HTTPException(403, N_("This desk only shows. Start it with --reviewer NAME to decide."))
        form = read_form(await _body(request))
        if not same_site(request.headers) or not tokens.good(request.cookies.get(COOKIE), form.get("token")):
            raise HTTPException(403, N_("This form is not from a page of this desk. Load the page again."))
        return form

    async def decided(request: Request) -> Response:
        form = await form_of(request)
        await run_in_threadpool(review.decide, desk, form)
        return RedirectResponse(_then(form), 303)

    async def dismissed(request: Request) -> Response:
        form = await form_of(request)
        await run_in_threadpool(desk.store.settle_quarantine, None, [form.get("item", "")], "dismissed")
        return RedirectResponse(_then(form), 303)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = _THREADS
        await anyio.to_thread.run_sync(desk.prepare)
        yield

    app = Starlette(
        routes=[
            Route("/", lambda request: RedirectResponse(view_of(desk, request).links.events(EventFilter()))),
            Route("/events", shown(lambda view, request: events.events_page(view, request.query_params.multi_items()))),
            Route("/events.csv", _csv(desk)),
            Route("/events.parquet", _parquet(desk)),
            Route("/event/{name}", shown(lambda view, request: event.event_page(view, request.path_params["name"]))),
            Route(
                "/article/{version_id}",
                shown(lambda view, request: event.article_page(view, request.path_params["version_id"], page_of(request))),
            ),
            Route("/flow", shown(lambda view, request: flow.flow_page(view, request.query_params.multi_items()))),
            Route("/flow.svg", _flow_svg(desk)),
            Route("/flow.graphml", _flow_graphml(desk)),
            Route(
                "/companies",
                shown(lambda view, request: company.companies_page(view, request.query_params.get("q", ""), page_of(request))),
            ),
            Route("/company", shown(lambda view, request: company.company_page(view, request.query_params.get("name", "")))),
            Route("/runs", shown(lambda view, request: runs.runs_page(view, page_of(request)))),
            Route("/run/{run_id}", shown(lambda view, request: runs.run_page(view, request.path_params["run_id"]))),
            Route(
                "/quarantine/{item_id}", shown(lambda view, request: runs.quarantine_page(view, request.path_params["item_id"]))
            ),
            Route("/review", lambda request: RedirectResponse(view_of(desk, request).links.review(QUEUES[0]))),
            Route(
                "/review/{queue}",
                shown(lambda view, request: review.review_page(view, request.path_params["queue"], page_of(request))),
            ),
            Route("/decide", decided, methods=["POST"]),
            Route("/dismiss", dismissed, methods=["POST"]),
            Route("/static/{name}", _static),
        ],
        exception_handlers={HTTPException: failed, DealwireError: failed, 500: failed},
        lifespan=lifespan,
    )  # fmt: skip
    app.add_middleware(Guard, hosts=hosts)
    return app


def view_of(desk: Desk, request: Request) -> View:
    """Who asks, in which language, and where the links of the page lead."""
    asked = request.query_params.get("ui")
    tag = negotiate(asked, request.headers.get("accept-language", ""))
    links = LiveLinks(request.url.path, tuple(request.query_params.multi_items()), tag if asked else None)
    return View(desk, tongue(tag), links)


def page_of(request: Request) -> int:
    """The number of the page asked for; 1 where none is, or it is no number."""
    text = request.query_params.get("page", "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 1


def _respond(desk: Desk, tokens: Tokens, request: Request, view: View, page: Page) -> Response:
    """A page as an answer. A reviewer's pages carry the token of their forms, and set the cookie it belongs to."""
    if desk.reviewer is None:
        return HTMLResponse(html(view, page), page.status)
    query = urlencode([pair for pair in request.query_params.multi_items() if pair[0] != "done"])
    here = f"{quote(request.url.path)}?{query}" if query else quote(request.url.path)
    done = (
        view.tongue.text(N_("The decision is kept, and the events are up to date.")) if "done" in request.query_params else None
    )
    visitor = request.cookies.get(COOKIE) or tokens.visitor()
    response = HTMLResponse(html(view, page, token=tokens.token(visitor), here=here, notice=done), page.status)
    response.set_cookie(COOKIE, visitor, httponly=True, samesite="strict")
    return response


async def _body(request: Request) -> bytes:
    """The body of a form, which is never large."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LARGEST_FORM:
            raise HTTPException(413)
    return body


def read_form(body: bytes) -> dict[str, str]:
    """The fields of a form; of several with one name the last."""
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=50))


def _then(form: Mapping[str, str]) -> str:
    """Where to go after a decision: back to the page of the form, never to another site."""
    address = form.get("next", "")
    if not re.fullmatch(r"/(?!/)[\x21-\x5b\x5d-\x7e]*", address):
        return "/review/conflicts"
    path, _, query = address.partition("?")
    pairs = [pair for pair in parse_qsl(query) if pair[0] != "done"]
    return f"{path}?{urlencode([*pairs, ('done', '1')])}"


def _static(request: Request) -> Response:
    """One of our own files. Only names of `STATIC` are looked for: no path of a visitor's reaches the disk."""
    name = request.path_params["name"]
    if name not in STATIC:
        raise HTTPException(404)
    kind, _ = mimetypes.guess_type(name)
    body = (files("desk") / "static" / name).read_bytes()
    return Response(body, media_type=kind, headers={"Cache-Control": "no-cache"})


def _asked(desk: Desk, request: Request) -> EventFilter:
    try:
        return read_filter(request.query_params.multi_items(), desk.schema.kinds)
    except FilterError as error:
        raise HTTPException(400) from error


def _csv(desk: Desk) -> Callable[[Request], Response]:
    def endpoint(request: Request) -> Response:
        ids = events.found_ids(desk, _asked(desk, request))
        return StreamingResponse(
            events.csv_lines(desk, ids), media_type="text/csv; charset=utf-8", headers=_attached("events.csv")
        )

    return endpoint


def _parquet(desk: Desk) -> Callable[[Request], Response]:
    def endpoint(request: Request) -> Response:
        body = events.parquet(desk, events.found_ids(desk, _asked(desk, request)))
        return Response(body, media_type="application/vnd.apache.parquet", headers=_attached("events.parquet"))

    return endpoint


def _flow_svg(desk: Desk) -> Callable[[Request], Response]:
    def endpoint(request: Request) -> Response:
        try:
            body = flow.flow_svg(view_of(desk, request), request.query_params.multi_items())
        except FilterError as error:
            raise HTTPException(400) from error
        return Response(body, media_type="image/svg+xml", headers=_attached("money-flow.svg"))

    return endpoint


def _flow_graphml(desk: Desk) -> Callable[[Request], Response]:
    def endpoint(request: Request) -> Response:
        try:
            body = flow.flow_graphml(view_of(desk, request), request.query_params.multi_items())
        except FilterError as error:
            raise HTTPException(400) from error
        return Response(body, media_type="application/xml", headers=_attached("money-flow.graphml"))

    return endpoint


def _attached(name: str) -> dict[str, str]:
    return {"Content-Disposition": f"attachment; filename={name}"}
