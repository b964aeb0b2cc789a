"""Reports are written as a job, listed, fetched and scheduled; only by who may, and of what they may see."""

from __future__ import annotations

import json
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import urllib3
import uvicorn
from tests.web.browser import Reader, needs_chromium
from tests.web.conftest import Served

from shroff.store.catalog_incidents import Incident
from shroff.web.server import application
from shroff.workspace import Workspace

pytestmark = pytest.mark.xdist_group("web")

Ask = Callable[..., tuple[int, Any]]


@pytest.fixture(scope="module")
def own(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A dashboard over a workspace of its own."""
    root = tmp_path_factory.mktemp("reports") / "demo"
    shutil.copytree(served.root, root)
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(application(Workspace.open(root)), log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}", root
    server.should_exit = True
    thread.join(timeout=60)
    listening.close()


@pytest.fixture(scope="module")
def ask(own: tuple[str, Path]) -> Iterator[Ask]:
    with urllib3.PoolManager(retries=False, timeout=300.0) as pool:

        def asked(path: str, body: object = None, *, method: str = "") -> tuple[int, Any]:
            how = method or ("GET" if body is None else "POST")
            sent = None if body is None else json.dumps(body).encode()
            headers = {"Content-Type": "application/json"}
            reply = pool.request(how, f"{own[0]}/api/v1/{path}", body=sent, headers=headers)
            told = reply.data
            return reply.status, json.loads(told) if told[:1] in {b"{", b"["} else told

        yield asked


def _done(ask: Ask, path: str, body: object) -> dict[str, Any]:
    status, job = ask(path, body)
    assert status == 200, job
    while job["state"] in {"waiting", "working"}:
        time.sleep(0.1)
        _, job = ask(f"jobs/{job['id']}")
    return dict(job)


def test_a_report_is_written_listed_and_fetched(ask: Ask) -> None:
    body = {"audience": "sales", "languages": ["en"], "kinds": ["html", "xlsx"]}
    job = _done(ask, "reports?period=all&by.market=US", body)
    assert job["state"] == "done", job
    assert job["of"] > 0
    _, told = ask("reports")
    newest = told["reports"][0]
    assert newest["audience"] == "sales"
    assert {each["name"] for each in newest["files"]} == {"sales.en.html", "sales.en.xlsx"}
    for file in newest["files"]:
        status, content = ask(f"reports/{newest['run']}/files/{file['name']}")
        assert status == 200
        assert len(content) == file["bytes"]
    assert ask(f"reports/{newest['run']}/files/shroff.toml")[0] == 422
    assert ask("reports/999999/files/x.html")[0] == 422


@pytest.mark.parametrize(
    "body",
    [
        {"audience": "nobody"},
        {"kinds": []},
        {"kinds": ["exe"]},
        {"languages": ["fr"]},
        {"languages": []},
    ],
)
def test_what_cannot_be_ordered_is_refused(ask: Ask, body: dict[str, Any]) -> None:
    assert ask("reports", body)[0] == 422


def test_a_schedule_is_kept_and_taken_back(ask: Ask) -> None:
    body = {"audience": "ml", "kinds": ["md"], "cron": "0 8 * * 1", "zone": "Asia/Shanghai"}
    status, made = ask("reports/schedules?by.market=US", body)
    assert status == 200, made
    assert made["next"].endswith("+08:00")
    assert [each["id"] for each in ask("reports")[1]["schedules"]] == [made["id"]]
    assert ask(f"reports/schedules/{made['id']}", method="DELETE")[0] == 200
    assert ask("reports")[1]["schedules"] == []
    assert ask("reports/schedules", {**body, "cron": "99 8 * * 1"})[0] == 422
    assert ask("reports/schedules", {**body, "sends": True})[0] == 422


def test_who_must_not_see_something_gets_no_report_that_shows_it(own: tuple[str, Path]) -> None:
    workspace = Workspace.open(own[1])
    full = workspace.reporter.written()[0]
    assert workspace.reporter.may_see(full)
    narrow = replace(workspace, hidden=frozenset({"advertiser_id"}))
    assert not narrow.reporter.may_see(full)
    assert narrow.reporter.may_see(replace(full, args={**full.args, "hidden": ["advertiser_id"]}))


def test_an_incident_is_acknowledged_with_who_and_closed_with_why(
    ask: Ask, own: tuple[str, Path]
) -> None:
    told = {
        "metric": "leakage", "where": "", "shape": "level", "onset": "2026-05-01",
        "onset_low": "2026-04-30", "onset_high": "2026-05-02", "last": "", "ratio": 2.0,
        "ratio_low": 1.5, "ratio_high": 2.5, "count": 1, "suspects": [], "z": 5.0,
    }  # fmt: skip
    book = Workspace.open(own[1]).catalog.incidents
    book.open(Incident(id="i1", kind="level", subject="leakage", onset="2026-05-01", detail=told))
    assert [each["id"] for each in ask("incidents?state=open")[1]].count("i1") == 1
    status, moved = ask("incidents/i1", {"state": "acknowledged"})
    assert (status, moved["state"]) == (200, "acknowledged")
    assert moved["who"]
    assert ask("incidents/i1", {"state": "closed"})[0] == 422
    assert ask("incidents/i1", {"state": "closed", "why": "ours"})[1]["why"] == "ours"
    assert ask("incidents/none", {"state": "acknowledged"})[0] == 422


@needs_chromium
def test_the_page_writes_a_report(own: tuple[str, Path], reader: Reader) -> None:
    reader.address = own[0]
    reader.open("/reports", language="zh")
    reader.page.get_by_label("管理层").check()
    reader.page.get_by_label("Markdown").check()
    reader.page.get_by_role("button", name="生成报告").click()
    reader.page.locator("[data-outcome] .note.good").wait_for(timeout=300_000)
    row = reader.page.locator("[data-written] tbody tr", has_text="管理层").first
    row.wait_for()
    with reader.page.expect_download() as fetched:
        row.get_by_role("link", name="MD 中文").click()
    assert fetched.value.suggested_filename.endswith("executive.zh.md")
    assert reader.complaints() == []
