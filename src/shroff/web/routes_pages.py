"""The addresses of pages: each page, its inside once it is worked out, and its data."""

from __future__ import annotations

from importlib.metadata import version
from typing import Annotated

from fastapi import FastAPI, HTTPException, Query, Request, Response
from fastapi import Path as InPath
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool

from shroff.web.answers import Answer
from shroff.web.desk import Desk
from shroff.web.page_records import page_record
from shroff.web.pages import Page, page_of
from shroff.web.painting import chart_program, paint
from shroff.web.people import person_of
from shroff.web.viewing import View

__all__ = ["add"]

_SOON = 0.25
"""Seconds a page waits for its answer before it is shown without."""

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
        answer = await run_in_threadpool(desk.answers.wait, asking, seconds=10.0)
        if answer is None:
            return JSONResponse({"seconds": round(asking.seconds, 1)}, status_code=202)
        return HTMLResponse(_inside(found, view, answer))


async def _shown(request: Request, desk: Desk, page: Page) -> Response:
    view = desk.view(request)
    answer = None
    if page.build is not None:
        asking = await run_in_threadpool(desk.answers.ask, page, view)
        answer = await run_in_threadpool(desk.answers.wait, asking, seconds=_SOON)
    inside = "" if answer is None else _inside(page, view, answer)
    text = paint(
        "frame.html.j2",
        view,
        page=page,
        person=person_of(request),
        inside=inside,
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


def _inside(page: Page, view: View, answer: Answer) -> str:
    return paint("inside.html.j2", view, asked=page.id, page=page, answer=answer)


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
    ) -> JSONResponse:
        """Give the Vega specification of a chart of a page, data included."""
        view = desk.view(request)
        asking = await run_in_threadpool(desk.answers.ask, _answered(name), view)
        answer = await run_in_threadpool(asking.future.result)
        found = answer.chart(chart)
        if found is None:
            raise HTTPException(404, f"the page has no chart {chart!r}")
        program = await run_in_threadpool(
            chart_program, found, language=view.language, width=width
        )
        return JSONResponse(program)
