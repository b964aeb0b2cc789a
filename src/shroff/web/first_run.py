"""The page of a folder without a workspace: it makes the demo, or maps your files."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import uvicorn
from fastapi import FastAPI, HTTPException, Query, Request, Response
from fastapi import Path as InPath
from fastapi.responses import HTMLResponse, PlainTextResponse
from fastapi.staticfiles import StaticFiles
from starlette.concurrency import run_in_threadpool

from shroff.domain.messages import Language
from shroff.errors import ConfigError
from shroff.web.first_requests import (
    DemoAsked,
    FileFound,
    FolderTold,
    LookAsked,
    MakeAsked,
    Mapped,
    TrialTold,
    trial_told,
)
from shroff.web.first_steps import FirstSteps
from shroff.web.guard import HEADERS, is_loopback
from shroff.web.job_records import JobTold, job_told
from shroff.web.jobs import Job, Jobs
from shroff.web.painting import paint
from shroff.web.refusals import add_refusals
from shroff.web.server import STATIC
from shroff.web.serving import Listening, bound
from shroff.web.viewing import view_of
from shroff.workspace import Workspace

__all__ = ["first_run", "first_run_application"]

_WHO = "first run"
_SAFE = frozenset({"GET", "HEAD"})


def first_run(
    root: Path, listening: Listening, *, ready: Callable[[str], None]
) -> tuple[Workspace, Listening] | None:
    """Serve the first-run page until a workspace is made.

    Parameters
    ----------
    root : Path
        The folder.
    listening : Listening
        Where to listen: on this machine only.
    ready : callable
        Told the address, once it answers there.

    Returns
    -------
    (Workspace, Listening) or None
        The workspace, and where its dashboard is expected; None where it was stopped before.

    Raises
    ------
    ConfigError
        If others could reach it, or the port is taken.
    """
    if not is_loopback(listening.host) or listening.names:
        raise ConfigError(
            "there is no workspace here, and one is made from this machine only",
            where=str(root),
            hint="leave --host and --name out, or make it with shroff init --from FILES",
        )
    server: uvicorn.Server | None = None
    going_on = False

    def opened() -> None:
        nonlocal going_on
        going_on = True
        if server is not None:
            server.should_exit = True

    app = first_run_application(root, opened=opened)
    config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False)
    server, taken = uvicorn.Server(config), bound(listening)
    port = int(taken.getsockname()[1])
    named = f"[{listening.host}]" if ":" in listening.host else listening.host
    ready(f"http://{named}:{port}/")
    server.run(sockets=[taken])
    taken.close()
    return (Workspace.open(root), replace(listening, port=port)) if going_on else None


def _made(root: Path) -> bool:
    return (root / "shroff.toml").is_file()


def first_run_application(root: Path, *, opened: Callable[[], None]) -> FastAPI:
    """Make the application of a folder without a workspace.

    Parameters
    ----------
    root : Path
        The folder; nothing outside of it is read or written.
    opened : callable
        Called when the dashboard is to take over.

    Returns
    -------
    FastAPI
        The application, for this machine only.
    """
    steps, jobs = FirstSteps(root), Jobs()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        yield
        jobs.close()

    app = FastAPI(
        title="Shroff", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None
    )
    app.middleware("http")(_guarded)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    _add_page(app, root, opened)
    _add_files(app, steps)
    _add_work(app, steps, jobs)
    add_refusals(app)
    return app


async def _guarded(
    request: Request, call_next: Callable[[Request], Awaitable[Response]]
) -> Response:
    """Let only this machine's own page ask."""
    host = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    origin = request.headers.get("origin")
    site = request.headers.get("sec-fetch-site", "same-origin")
    answer: Response
    if not is_loopback(host):
        answer = PlainTextResponse("This name does not lead here.", status_code=421)
    elif request.method not in _SAFE and (
        site not in {"same-origin", "none"}
        or (origin is not None and urlsplit(origin).netloc != request.headers.get("host"))
    ):
        answer = PlainTextResponse("Another site asked for this.", status_code=403)
    else:
        answer = await call_next(request)
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
    answer.headers.setdefault("Cache-Control", "no-store")
    return answer


def _add_page(app: FastAPI, root: Path, opened: Callable[[], None]) -> None:
    @app.get("/", response_class=HTMLResponse)
    def page(request: Request) -> HTMLResponse:
        view = view_of(request.query_params.multi_items(), default=Language.EN)
        empty = not any(not each.name.startswith(".") for each in root.iterdir())
        text = paint(
            "first_run.html.j2", view, folder=str(root), empty=empty, version=version("shroff")
        )
        return HTMLResponse(text)

    @app.post("/api/v1/first/open")
    def open_dashboard() -> dict[str, bool]:
        """Have the dashboard take over, once there is a workspace."""
        made = _made(root)
        if made:
            opened()
        return {"opened": made}


def _add_files(app: FastAPI, steps: FirstSteps) -> None:
    @app.get("/api/v1/first/files")
    def files(folder: Annotated[str, Query(max_length=1000)] = "") -> FolderTold:
        """List what is in a folder below the one that is served."""
        return steps.listing(folder)

    @app.put("/api/v1/first/files/{name}")
    async def upload(request: Request, name: Annotated[str, InPath(max_length=200)]) -> FileFound:
        """Keep a file that is sent."""
        return await steps.keep(name, request.stream())

    @app.post("/api/v1/first/try")
    async def tried(mapped: Mapped) -> TrialTold:
        """Try a mapping on the first rows of a table's first file."""
        return trial_told(await run_in_threadpool(steps.tried, mapped))


def _add_work(app: FastAPI, steps: FirstSteps, jobs: Jobs) -> None:
    @app.post("/api/v1/first/look")
    def look(asked: LookAsked) -> JobTold:
        """Look at files, and propose how to read them."""
        return job_told(jobs.start("look", lambda _: steps.look(asked.files), who=_WHO))

    @app.post("/api/v1/first/make")
    def make(asked: MakeAsked) -> JobTold:
        """Make the workspace, and read the files into it."""
        return job_told(jobs.start("make", lambda job: steps.make(asked, job), who=_WHO))

    @app.post("/api/v1/first/demo")
    def demo(asked: DemoAsked) -> JobTold:
        """Make the demo."""
        return job_told(jobs.start("demo", lambda job: steps.demo(asked.ads, job), who=_WHO))

    @app.get("/api/v1/jobs/{job_id}")
    def job_state(job_id: Annotated[str, InPath(max_length=40)]) -> JobTold:
        """Tell how far something is."""
        return job_told(_found(jobs, job_id))

    @app.delete("/api/v1/jobs/{job_id}")
    def cancel(job_id: Annotated[str, InPath(max_length=40)]) -> JobTold:
        """Take something back."""
        job = _found(jobs, job_id)
        job.cancel()
        return job_told(job)


def _found(jobs: Jobs, job_id: str) -> Job:
    job = jobs.find(job_id, who=_WHO)
    if job is None:
        raise HTTPException(404, "there is no such job")
    return job
