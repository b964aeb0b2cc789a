"""A dashboard that listens on this machine, over a small demo."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import urllib3
import uvicorn
from playwright.sync_api import Browser
from tests.web.browser import CHROMIUM, LAPTOP, Reader, chromium

from shroff.cli.app import run
from shroff.web.server import application
from shroff.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Reply:
    """What the dashboard answered."""

    status: int
    headers: dict[str, str]
    text: str

    def json(self) -> Any:
        return json.loads(self.text)


@dataclass(frozen=True, slots=True)
class Served:
    """A dashboard and where it is."""

    root: Path
    address: str
    ask: Callable[..., Reply]


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A dashboard over a small demo; its workspace is not to be changed."""
    root = tmp_path_factory.mktemp("served") / "demo"
    assert run(["demo", str(root), "--ads", "1500", "--days", "35", "--json"]) == 0
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(application(Workspace.open(root)), log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    with urllib3.PoolManager(retries=False, timeout=300.0) as pool:

        def ask(path: str, *, method: str = "GET", **headers: str) -> Reply:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            reply = pool.request(method, address + path, headers=named, redirect=False)
            told = {name.lower(): value for name, value in reply.headers.items()}
            return Reply(reply.status, told, reply.data.decode())

        yield Served(root, address, ask)
    server.should_exit = True
    thread.join(timeout=30)
    listening.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium of this machine."""
    if not CHROMIUM:
        pytest.skip("no chromium on this machine")
    with chromium() as found:
        yield found


@pytest.fixture
def reader(served: Served, browser: Browser) -> Iterator[Reader]:
    """Somebody who looks at the dashboard, with a browser of their own."""
    context = browser.new_context(viewport={"width": LAPTOP[0], "height": LAPTOP[1]})
    yield Reader(context.new_page(), served.address)
    context.close()
