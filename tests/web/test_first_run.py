"""A folder without a workspace: files are looked over, faults told cell by cell, then read."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import urllib3
import uvicorn

from shroff.web.first_run import first_run_application
from shroff.workspace import Workspace

pytestmark = pytest.mark.xdist_group("web")

ROWS = """单号,广告ID,处理时间,结果,来源,市场
1,a1,2026-05-01 10:00:00,通过,机审,US
2,a2,2026-05-01 11:00:00,拒绝,机审,BR
3,a3,not a time,通过,机审,US
4,a4,2026-05-02 11:00:00,奇怪,机审,US
"""


@dataclass
class Folder:
    """A folder, and the page that is served for it."""

    root: Path
    address: str
    pool: urllib3.PoolManager
    opened: list[bool]

    def ask(
        self, path: str, body: object = None, *, method: str = "", **headers: str
    ) -> tuple[int, Any]:
        """Ask; give the status, and what was answered where it is JSON."""
        if isinstance(body, bytes | None):
            sent = body
        else:
            sent, headers = (
                json.dumps(body).encode(),
                {"Content-Type": "application/json", **headers},
            )
        how = method or ("GET" if body is None else "POST")
        reply = self.pool.request(how, self.address + path, body=sent, headers=headers)
        told = reply.data.decode()
        return reply.status, json.loads(told) if told.startswith(("{", "[")) else told

    def done(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Start work, and give the job once it is over."""
        _, job = self.ask(f"/api/v1/first/{path}", body)
        while job["state"] in {"waiting", "working"}:
            time.sleep(0.05)
            _, job = self.ask(f"/api/v1/jobs/{job['id']}")
        return dict(job)


@contextmanager
def served_folder(root: Path) -> Iterator[Folder]:
    """Serve a folder without a workspace."""
    listening = socket.create_server(("127.0.0.1", 0))
    opened: list[bool] = []
    app = first_run_application(root, opened=lambda: opened.append(True))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    with urllib3.PoolManager(retries=False, timeout=120.0) as pool:
        yield Folder(root, address, pool, opened)
    server.should_exit = True
    thread.join(timeout=30)
    listening.close()


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    root = tmp_path / "place"
    (root / "export").mkdir(parents=True)
    (root / "export" / "decisions.csv").write_text(ROWS, encoding="utf-8")
    with served_folder(root) as made:
        yield made


def _mapped(folder: Folder) -> dict[str, Any]:
    found = folder.done("look", {"files": ["export/decisions.csv"]})["result"]
    (table,) = found["tables"]
    assert table["table"] == "decisions"
    return dict(table["mapping"])


def test_files_of_the_folder_are_listed_and_nothing_outside(folder: Folder) -> None:
    _, listed = folder.ask("/api/v1/first/files")
    assert listed["folders"] == ["export"]
    _, inner = folder.ask("/api/v1/first/files?folder=export")
    assert [each["path"] for each in inner["files"]] == ["export/decisions.csv"]
    (folder.root / "way-out").symlink_to(folder.root.parent)
    for outside in ("..", "/etc", "export/../..", "way-out"):
        assert folder.ask(f"/api/v1/first/files?folder={quote(outside)}")[0] == 422, outside
    fault = folder.done("look", {"files": ["../../etc/passwd"]})["error"]
    assert "outside" in fault["cause"]


def test_faults_are_told_cell_by_cell_and_answers_mend_them(folder: Folder) -> None:
    mapped = _mapped(folder)
    trial = folder.ask("/api/v1/first/try", mapped)[1]
    assert trial["missing"] == ["decision_id"]
    assert trial["refused"] == trial["looked_at"] == 4
    mapped["columns"]["decision_id"] = "单号"
    trial = folder.ask("/api/v1/first/try", mapped)[1]
    assert trial["missing"] == []
    assert {(row["line"], row["fault"]["column"]) for row in trial["rows"] if row["fault"]} == {
        (3, "decided_at"),
        (4, "action"),
    }
    mapped["values"]["action"]["奇怪"] = "review"
    trial = folder.ask("/api/v1/first/try", mapped)[1]
    assert trial["refused"] == 1
    assert not (folder.root / "shroff.toml").exists()


def test_what_was_answered_is_what_is_read(folder: Folder) -> None:
    mapped = _mapped(folder)
    mapped["columns"] |= {"decision_id": "单号"}
    mapped["columns"].pop("source", None)
    mapped["constants"]["source"] = "model"
    mapped["values"]["action"]["奇怪"] = "review"
    mapped["time_zone"] = "Asia/Shanghai"
    made = folder.done("make", {"name": "Ours", "language": "zh", "tables": [mapped]})
    assert made["state"] == "done", made
    (told,) = made["result"]["ingests"]
    assert (told["read"], told["inserted"], told["quarantined"]) == (4, 3, 1)
    workspace = Workspace.open(folder.root)
    assert workspace.name == "Ours"
    rows = workspace.sql("SELECT action, source, decided_at FROM decisions ORDER BY decision_id")
    assert rows.column("action").to_pylist() == ["approve", "reject", "review"]
    assert set(rows.column("source").to_pylist()) == {"model"}
    assert rows.column("decided_at")[0].as_py().hour == 2
    assert folder.ask("/api/v1/first/open", method="POST") == (200, {"opened": True})
    assert folder.opened == [True]


def test_a_mapping_that_does_not_fit_writes_nothing(folder: Folder) -> None:
    mapped = _mapped(folder)
    mapped["columns"]["decision_id"] = "no such column"
    assert folder.ask("/api/v1/first/try", mapped)[0] == 422
    made = folder.done("make", {"tables": [mapped]})
    assert made["error"]["cause"]
    assert not (folder.root / "shroff.toml").exists()
    assert folder.ask("/api/v1/first/open", method="POST") == (200, {"opened": False})


def test_a_file_that_is_sent_is_kept_in_the_folder(folder: Folder) -> None:
    rows = b"a,b\n1,2\n"
    assert folder.ask("/api/v1/first/files/..%2F..%2Fads.csv", rows, method="PUT")[0] in {200, 404}
    _, kept = folder.ask("/api/v1/first/files/ads.csv", rows, method="PUT")
    assert kept["path"] == "uploads/ads.csv"
    assert (folder.root / "uploads" / "ads.csv").read_bytes() == rows
    assert folder.ask("/api/v1/first/files/run.sh", rows, method="PUT")[0] == 422
    assert sorted(each.name for each in folder.root.parent.iterdir()) == ["place"]


def test_other_sites_and_names_are_refused(folder: Folder) -> None:
    evil = {"Origin": "http://evil.example"}
    assert folder.ask("/api/v1/first/open", method="POST", **evil)[0] == 403
    assert folder.ask("/", Host="evil.example")[0] == 421


def test_the_demo_wants_an_empty_folder(folder: Folder, tmp_path: Path) -> None:
    assert "not empty" in folder.done("demo", {"ads": 1000})["error"]["cause"]
    empty = tmp_path / "empty"
    empty.mkdir()
    with served_folder(empty) as other:
        made = other.done("demo", {"ads": 1000})
        assert made["state"] == "done", made
        assert {each["table"] for each in made["result"]["ingests"]} >= {"ads", "decisions"}
