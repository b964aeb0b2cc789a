"""A dashboard over any workspace, on a port of this machine, for as long as a test needs it."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import urllib3
import uvicorn

from shroff.web.server import application
from shroff.workspace import Workspace

__all__ = ["Loopback", "loopback"]


@dataclass(frozen=True, slots=True)
class Loopback:
    """Where a dashboard listens, and what asks it."""

    address: str
    pool: urllib3.PoolManager

    def get(self, path: str, **headers: str) -> urllib3.BaseHTTPResponse:
        """Ask for an address."""
        return self.pool.request("GET", self.address + path, headers=headers)

    def post(self, path: str, given: Any, **headers: str) -> urllib3.BaseHTTPResponse:
        """Post an object as JSON, or bytes as they are."""
        body = given if isinstance(given, bytes) else json.dumps(given).encode()
        told = {"content-type": "application/json", **headers}
        return self.pool.request("POST", self.address + path, body=body, headers=told)


@contextmanager
def loopback(workspace: Workspace) -> Iterator[Loopback]:
    """Serve a workspace."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(application(workspace), log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        with urllib3.PoolManager(retries=False, timeout=120.0) as pool:
            yield Loopback(f"http://127.0.0.1:{listening.getsockname()[1]}", pool)
    finally:
        server.should_exit = True
        thread.join(timeout=30)
        listening.close()
