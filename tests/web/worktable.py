"""A dashboard over a workspace that a test may change, and what it answers."""

from __future__ import annotations

import json
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import urllib3
import uvicorn
from tests.models.gold_scene import build

from shroff.web.server import application
from shroff.workspace import Workspace

__all__ = ["Worktable", "scene", "table", "worktable"]


@dataclass(frozen=True, slots=True)
class Worktable:
    """A dashboard, and its workspace.

    Attributes
    ----------
    root : Path
        Folder of the workspace.
    address : str
        Where the dashboard is.
    pool : PoolManager
        Asks it.
    """

    root: Path
    address: str
    pool: urllib3.PoolManager

    @property
    def workspace(self) -> Workspace:
        """Open the workspace as it is now."""
        return Workspace.open(self.root)

    def ask(self, path: str, body: object = None, *, method: str = "") -> tuple[int, Any]:
        """Ask for JSON: POST where there is a body."""
        chosen = method or ("GET" if body is None else "POST")
        sent = None if body is None else json.dumps(body).encode()
        headers = {"content-type": "application/json"} if sent else {}
        reply = self.pool.request(
            chosen, f"{self.address}/api/v1/{path}", body=sent, headers=headers
        )
        return reply.status, json.loads(reply.data or b"null")

    def get(self, path: str, body: object = None) -> Any:
        """Ask for JSON that must be there."""
        status, told = self.ask(path, body)
        assert status == 200, told
        return told

    def done(self, path: str, body: object) -> dict[str, Any]:
        """Start a job and wait for its result."""
        return self.ended(self.get(path, body))

    def ended(self, job: dict[str, Any]) -> dict[str, Any]:
        """Wait for a job."""
        while job["state"] in {"waiting", "working"}:
            time.sleep(0.05)
            job = self.get(f"jobs/{job['id']}")
        assert job["state"] == "done", job
        return job


@contextmanager
def worktable(root: Path) -> Iterator[Worktable]:
    """Serve a workspace."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(application(Workspace.open(root)), log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    with urllib3.PoolManager(retries=False, timeout=300.0) as pool:
        yield Worktable(root, address, pool)
    server.should_exit = True
    thread.join(timeout=30)
    listening.close()


@pytest.fixture(scope="session")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the logs of 400 ads whose truth is known, once."""
    root = tmp_path_factory.mktemp("worktable") / "scene"
    build(root)
    return root


@pytest.fixture
def table(scene: Path, tmp_path: Path) -> Iterator[Worktable]:
    """Serve a copy of those logs, to be changed."""
    shutil.copytree(scene, tmp_path / "scene")
    with worktable(tmp_path / "scene") as found:
        yield found
