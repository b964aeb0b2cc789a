"""The dashboard as an application: addresses, and what each answers."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.staticfiles import StaticFiles

from shroff.web.answers import Answers
from shroff.web.api_document import add_document
from shroff.web.desk import Desk
from shroff.web.entrance import Entrance
from shroff.web.guard import Guard
from shroff.web.refusals import add_refusals
from shroff.workspace import Workspace

__all__ = ["application"]

STATIC = Path(__file__).parent / "static"

ROUTES = (
    "routes_sign_in",
    "routes_oidc",
    "routes_people",
    "routes_approvals",
    "routes_settings",
    "routes_jobs",
    "routes_advise",
    "routes_label",
    "routes_labels",
    "routes_models",
    "routes_live",
    "routes_habits",
    "routes_incidents",
    "routes_reports",
    "routes_find",
    "routes_ads",
    "routes_rules",
    "routes_pages",
)
"""Modules of this room that add addresses, each by its ``add(app, desk)``; pages, which take any
name, come last."""


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
    desk = Desk(answers)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        for begin in desk.opening:
            begin()
        yield
        answers.close()
        desk.jobs.close()
        for close in desk.closing:
            close()

    app = FastAPI(
        title="Shroff", version=version("shroff"), lifespan=lifespan, docs_url=None,
        redoc_url=None, openapi_url="/api/v1/openapi.json",
    )  # fmt: skip
    app.state.answers = answers
    app.middleware("http")(Guard(Entrance(workspace.root), hosts))
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    for name in ROUTES:
        import_module(f"shroff.web.{name}").add(app, desk)
    add_refusals(app)
    add_document(app)
    return app
