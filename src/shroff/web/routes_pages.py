"""The addresses of pages: each page, its inside once it is worked out, and its data."""

from __future__ import annotations

import json
from importlib.metadata import version
from typing import Annotated

from fastapi import FastAPI, HTTPException, Query, Request, Response
from fastapi import Path as InPath
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool

from shroff.domain.messages import Language
from shroff.store.view_book import Note, ViewBook
from shroff.web.answers import Answer, Asking
from shroff.web.desk import Desk
from shroff.web.marking import annotated
from shroff.web.page_records import page_record
from shroff.web.pages import Page, page_of
from shroff.web.painting import Shown, WebWords, chart_program, paint, width_drawn
from shroff.web.people import person_of
from shroff.web.shelf import Shelf
from shroff.web.viewing import View, is_ours

__all__ = ["add"]

_SOON = 0.25
"""Seconds a page waits for its answer before it is shown without."""

_TYPED = frozenset({"add", "vs_add", "from", "to"})
_LONGEST, _MOST, _READER = 4000, 20, 40

_PageName = Annotated[str, InPath(max_length=40)]


def add(app: FastAPI, desk: Desk) -> None:
    """Add the addresses of pages; last, as ``/{name}`` is any."""
    _add_api(app, desk)
    _add_pages(app, desk)


def _page(name: str) -> Page:
    page = page_of(name)
    if page is None:
        raise HTTPException(404, f"there is no page {name!r}")
    return page


def _answered(name: str) -> Page:
    page = _page(name)
    if page.build is None:
        raise HTTPException(404, f"the page {name!r} is a tool: its data has addresses of its own")
    return page


def _add_pages(app: FastAPI, desk: Desk) -> None:
    @app.get("/", response_class=HTMLResponse, include_in_schema=False)
    async def overview(request: Request) -> Response:
        return await _shown(request, desk, _page("overview"))

    @app.get("/{name}", response_class=HTMLResponse, include_in_schema=False)
    async def page(request: Request, name: _PageName) -> Response:
        if name == "overview":
            return RedirectResponse(f"/?{request.url.query}")
        return await _shown(request, desk, _page(name))

    @app.get("/part/{name}", response_class=HTMLResponse, include_in_schema=False)
    async def part(request: Request, name: _PageName) -> Response:
        """Give the inside of a page, once it is worked out; 202 while it is not."""
        view, found = desk.view(request), _page(name)
        if found.build is None:
            raise HTTPException(404, f"the page {name!r} has no answer to wait for")
        asking = await run_in_threadpool(desk.answers.ask, found, view)
        reader = request.query_params.get("reader", "")[:_READER]
        answer = await run_in_threadpool(desk.answers.wait, asking, seconds=10.0, reader=reader)
        if answer is None:
            told = {"seconds": round(asking.seconds, 1), "usual": desk.answers.usual(found)}
            return JSONResponse(told, status_code=202)
        return HTMLResponse(await run_in_threadpool(_inside, desk, found, view, answer))


def _tools(request: Request) -> list[tuple[str, str]]:
    """List what stands in an address for the tool of a page, such as what is searched for."""
    pairs = [pair for pair in request.query_params.multi_items() if not is_ours(pair[0])]
    return [(name, value) for name, value in pairs if len(name) + len(value) <= _LONGEST][:_MOST]


async def _shown(request: Request, desk: Desk, page: Page) -> Response:
    view = desk.view(request)
    tools = _tools(request)
    if _TYPED & set(request.query_params):  # typed into a form: the address says it as links do
        typed = WebWords(view, asked="").here(view, tools)
        return RedirectResponse(f"{page.path}{typed}", status_code=303)
    answer = None
    if page.build is not None:
        asking = await run_in_threadpool(desk.answers.ask, page, view)
        answer = await run_in_threadpool(desk.answers.wait, asking, seconds=_SOON)
    inside = "" if answer is None else await run_in_threadpool(_inside, desk, page, view, answer)
    text = await run_in_threadpool(
        paint,
        "frame.html.j2",
        view,
        page=page,
        person=person_of(request),
        inside=inside,
        tools=tools,
        columns=() if answer is None else answer.columns,
        workspace=desk.answers.workspace.name,
        version=version("shroff"),
    )
    shown = HTMLResponse(text)
    if "lang" in request.query_params:
        shown.set_cookie(
            "shroff_lang", str(view.language), max_age=31_536_000, httponly=True, samesite="strict"
        )
    return shown


_PAINTED: Shelf[str] = Shelf(200)
_PROGRAMS: Shelf[bytes] = Shelf(400)


def _notes(desk: Desk) -> tuple[Note, ...]:
    return tuple(ViewBook(desk.answers.workspace.root).notes())


def _inside(desk: Desk, page: Page, view: View, answer: Answer) -> str:
    """Paint an answer, unless it was painted for the same view and notes."""
    notes = _notes(desk)
    name = f"{answer.id}?{view.query()}#{answer.before}{notes}"
    found = _PAINTED.get(name)
    if found is None:
        shown = Shown(answer.sections, answer.columns, notes)
        found = paint("inside.html.j2", view, asked=page.id, shown=shown, page=page, answer=answer)
        _PAINTED.put(name, found)
    return found


async def _answer_of(desk: Desk, asking: Asking) -> Answer:
    """Wait for the answer that its page shows."""
    found = await run_in_threadpool(desk.answers.wait, asking, seconds=_SOON)
    return found if found is not None else await run_in_threadpool(asking.future.result)


def _program(desk: Desk, answer: Answer, chart: str, *, language: Language, width: int) -> bytes:
    """Give what draws a chart, worked out once for each width that is drawn."""
    drawn = answer.chart(chart)
    if drawn is None:
        raise HTTPException(404, f"the page has no chart {chart!r}")
    notes = _notes(desk)
    name = f"{answer.id}/{chart}/{language}/{width_drawn(width)}{notes}"
    found = _PROGRAMS.get(name)
    if found is None:
        program = chart_program(annotated(drawn, notes), language=language, width=width)
        found = json.dumps(program, ensure_ascii=False, separators=(",", ":")).encode()
        _PROGRAMS.put(name, found)
    return found


def _add_api(app: FastAPI, desk: Desk) -> None:
    @app.get("/api/v1/pages/{name}", tags=["pages"])
    async def page_data(request: Request, name: _PageName) -> JSONResponse:
        """Give everything a page shows: figures with intervals and counts, tables, charts, SQL."""
        view = desk.view(request)
        asking = await run_in_threadpool(desk.answers.ask, _answered(name), view)
        answer = await run_in_threadpool(asking.future.result)
        return JSONResponse(page_record(answer, view.language))

    @app.get("/api/v1/pages/{name}/charts/{chart}", tags=["pages"])
    async def chart_data(
        request: Request,
        name: _PageName,
        chart: Annotated[str, InPath(max_length=200)],
        *,
        width: Annotated[int, Query(ge=100, le=4000)] = 620,
    ) -> Response:
        """Give the Vega specification of a chart of a page, data included."""
        view = desk.view(request)
        asking = await run_in_threadpool(desk.answers.ask, _answered(name), view)
        answer = await _answer_of(desk, asking)
        program = await run_in_threadpool(
            _program, desk, answer, chart, language=view.language, width=width
        )
        return Response(program, media_type="application/json")
