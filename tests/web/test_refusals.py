"""A fault of our own is told without its inside, under the headers of every answer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import anyio
import pytest
from fastapi import FastAPI, Request

from shroff.web.headers import HEADERS
from shroff.web.refusals import add_refusals


@pytest.mark.parametrize(("accept", "kind"), [("text/html", "text/html"), ("*/*", "application")])
def test_what_breaks_is_told_without_its_inside(accept: str, kind: str) -> None:
    app = FastAPI()
    add_refusals(app)

    @app.get("/breaks")
    async def breaks() -> None:
        raise KeyError("a secret")

    scope = {
        "type": "http", "method": "GET", "path": "/breaks", "query_string": b"lang=zh",
        "headers": [(b"accept", accept.encode())], "app": app, "state": {},
    }  # fmt: skip
    handler = app.exception_handlers[Exception]

    async def ask() -> object:
        return await handler(Request(scope), KeyError("a secret"))  # type: ignore[misc]

    with ThreadPoolExecutor(1) as apart:  # a browser of other tests keeps a loop in this thread
        reply = apart.submit(anyio.run, ask).result()
    assert reply.status_code == 500  # type: ignore[attr-defined]
    assert reply.headers["content-type"].startswith(kind)  # type: ignore[attr-defined]
    assert b"secret" not in reply.body  # type: ignore[attr-defined]
    for name, value in HEADERS.items():
        assert reply.headers[name] == value  # type: ignore[attr-defined]
