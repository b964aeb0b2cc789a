"""The document of the API: every address, what it takes, what it answers, how it refuses."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from shroff.web.refusals import Refused

__all__ = ["TAGS", "add_document"]

TAGS = {
    "live": "Ads decided by what is live: rules, lines and models of the workspace.",
    "pages": "What pages show, as data: figures with intervals and counts, tables, charts, SQL.",
    "jobs": "Work that takes longer than a request may wait: how far it is, its result.",
    "advise": "Recommendations, what became of them, and lines tried by hand.",
    "people": "Who signs in, with which rights; sessions, tokens, what was done.",
}
"""Groups of addresses; those of others come in the order they are added."""

_ABOUT = """
The JSON behind the dashboard, and an engine for pipelines. Addresses begin with `/api/v1`: what is
there keeps its name and meaning; a change that breaks them will be `/api/v2`.

A dashboard without accounts answers this machine only, and needs no token. With accounts, send
`Authorization: Bearer TOKEN`. A refusal is `{"error": {"cause", "where", "hint"}}`, whatever its
status. Times are ISO 8601 in UTC; shares are numbers from 0 to 1.
""".strip()

_REFUSALS = {
    "400": "The request cannot be read.",
    "401": "Nobody has signed in, or the token is not valid.",
    "403": "Who asks may not do this, or another site asked.",
    "404": "There is no such thing.",
    "409": "It is not in a state in which this can be done.",
    "411": "The request does not say how long it is.",
    "413": "The request is too long.",
    "421": "The dashboard is not reached under this name.",
    "422": "What is asked for cannot be answered: the error says why, and what to do.",
    "429": "Too many at once, or too often.",
    "503": "Something it needs cannot be used now.",
}


def add_document(app: FastAPI) -> None:
    """Have an application describe itself in full."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _completed(
                get_openapi(
                    title="Shroff",
                    version=app.version,
                    summary="How good automatic moderation of ads is, and what to do about it.",
                    description=_ABOUT,
                    routes=app.routes,
                    tags=[{"name": name, "description": it} for name, it in TAGS.items()],
                    separate_input_output_schemas=False,
                )
            )
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign] # as FastAPI's own documentation has it


def _completed(made: dict[str, Any]) -> dict[str, Any]:
    """Add how requests are refused and signed, which holds for every address."""
    parts = made.setdefault("components", {})
    schemas = parts.setdefault("schemas", {})
    told = Refused.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= told.pop("$defs", {})
    schemas["Refused"] = told
    for gone in ("HTTPValidationError", "ValidationError"):
        schemas.pop(gone, None)
    parts["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "A token of yours."},
        "session": {
            "type": "apiKey", "in": "cookie", "name": "shroff_session",
            "description": "What signing in at the dashboard sets.",
        },
    }  # fmt: skip
    made["security"] = [{}, {"token": []}, {"session": []}]
    for path in made["paths"].values():
        for operation in path.values():
            _refuse(operation)
    return made


def _refuse(operation: dict[str, Any]) -> None:
    schema = {"$ref": "#/components/schemas/Refused"}
    for status, what in _REFUSALS.items():
        operation["responses"][status] = {
            "description": what,
            "content": {"application/json": {"schema": schema}},
        }
