"""The dashboard as an application: addresses, and what each answers."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

from fastapi import FastAPI, HTTPException, Query, Request, Response
from fastapi import Path as InPath
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.concurrency import run_in_threadpool

from shroff.domain.messages import Language
from shroff.errors import ShroffError
from shroff.web.answers import Answer, Answers
from shroff.web.guard import Guard
from shroff.web.page_records import page_record
from shroff.web.pages import Page, page_of
from shroff.web.painting import chart_program, paint
from shroff.web.viewing import View, view_of
from shroff.workspace import Workspace

__all__ = ["application"]

STATIC = Path(__file__).parent / "static"
_SOON = 0.25
"""Seconds a page waits for its answer before it is shown without."""

_PageName = Annotated[str, InPath(max_length=40)]


def application(workspace: Workspace, *, hosts: frozenset[str] = frozenset()) -> FastAPI:
    """Make the dashboard of a workspace.

    Parameters
    ----------
    workspace : Workspace
        The logs.
    hosts : frozenset of str
        Names under which it is reached, beside those of this machine.

    Returns
    -------
    FastAPI
        The application; its API is described at ``/api/v1/openapi.json``.
    """
    answers = Answers(workspace)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        yield
        answers.close()

    app = FastAPI(
        title="Shroff", version=version("shroff"), lifespan=lifespan, docs_url=None,
        redoc_url=None, openapi_url="/api/v1/openapi.json",
    )  # fmt: skip
    app.state.answers = answers
    app.middleware("http")(Guard(hosts))
    app.add_middleware(GZipMiddleware, minimum_size=1000)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    _add_pages(app, answers)
    _add_api(app, answers)
    app.add_exception_handler(ShroffError, _told)
    return app


def _view(request: Request, answers: Answers) -> View:
    default = answers.workspace.settings.workspace.language
    cookie = request.cookies.get("shroff_lang", "")
    if cookie in {each.value for each in Language}:
        default = Language(cookie)
    return view_of(request.query_params.multi_items(), default=default)


def _page(name: str) -> Page:
    page = page_of(name)
    if page is None:
        raise HTTPException(404, f"there is no page {name!r}")
    return page


def _add_pages(app: FastAPI, answers: Answers) -> None:
    @app.get("/", response_class=HTMLResponse, include_in_schema=False)
    async def overview(request: Request) -> Response:
        return await _shown(request, answers, _page("overview"))

    @app.get("/{name}", response_class=HTMLResponse, include_in_schema=False)
    async def page(request: Request, name: _PageName) -> Response:
        if name == "overview":
            return RedirectResponse(f"/?{request.url.query}")
        return await _shown(request, answers, _page(name))

    @app.get("/part/{name}", response_class=HTMLResponse, include_in_schema=False)
    async def part(request: Request, name: _PageName) -> Response:
        """Give the inside of a page, once it is worked out; 202 while it is not."""
        view, found = _view(request, answers), _page(name)
        asking = await run_in_threadpool(answers.ask, found, view)
        answer = await run_in_threadpool(answers.wait, asking, seconds=10.0)
        if answer is None:
            return JSONResponse({"seconds": round(asking.seconds, 1)}, status_code=202)
        return HTMLResponse(_inside(found, view, answer))


async def _shown(request: Request, answers: Answers, page: Page) -> Response:
    view = _view(request, answers)
    asking = await run_in_threadpool(answers.ask, page, view)
    answer = await run_in_threadpool(answers.wait, asking, seconds=_SOON)
    inside = "" if answer is None else _inside(page, view, answer)
    text = paint(
        "frame.html.j2",
        view,
        page=page,
        inside=inside,
        columns=() if answer is None else answer.columns,
        workspace=answers.workspace.name,
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


def _add_api(app: FastAPI, answers: Answers) -> None:
    @app.get("/api/v1/pages/{name}", tags=["pages"])
    async def page_data(request: Request, name: _PageName) -> JSONResponse:
        """Give everything a page shows: figures with intervals and counts, tables, charts, SQL."""
        view = _view(request, answers)
        asking = await run_in_threadpool(answers.ask, _page(name), view)
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
        view = _view(request, answers)
        asking = await run_in_threadpool(answers.ask, _page(name), view)
        answer = await run_in_threadpool(asking.future.result)
        found = answer.chart(chart)
        if found is None:
            raise HTTPException(404, f"the page has no chart {chart!r}")
        program = await run_in_threadpool(
            chart_program, found, language=view.language, width=width
        )
        return JSONResponse(program)


async def _told(_: Request, fault: Exception) -> Response:
    if not isinstance(fault, ShroffError):
        raise fault
    record = {"cause": fault.cause, "where": fault.where, "hint": fault.hint}
    return JSONResponse({"error": record}, status_code=422)
