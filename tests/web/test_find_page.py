"""Searches from a page find what the command finds, can be narrowed, kept as files and made rules."""

from __future__ import annotations

import csv
import io
import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from tests.web.conftest import Served
from tests.web.loopback import Loopback, loopback

from shroff.rules.find import Search, find
from shroff.rules.pack_file import load_pack
from shroff.workspace import Workspace

pytestmark = pytest.mark.xdist_group("web")

QUERY = "money OR 减肥"


@pytest.fixture(scope="module")
def own(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loopback]:
    """A dashboard over a copy of the demo, in which drafts may be kept."""
    root = tmp_path_factory.mktemp("finding") / "demo"
    shutil.copytree(served.root, root, ignore=shutil.ignore_patterns("logs", "tmp"))
    with loopback(Workspace.open(root)) as found:
        yield found


def done(client: Loopback, path: str, given: Any) -> Any:
    """Start a job and wait for what came of it."""
    told = client.post(path, given).json()
    assert "id" in told, told
    while told["state"] in {"waiting", "working"}:
        time.sleep(0.05)
        told = client.get(f"/api/v1/jobs/{told['id']}").json()
    return told


def test_a_query_is_checked_as_it_is_typed(own: Loopback) -> None:
    assert own.post("/api/v1/find/check", {"q": QUERY}).json()["ok"]
    for language, word in (("en", "parenthesis"), ("zh", "括号")):
        told = own.post(f"/api/v1/find/check?lang={language}", {"q": "减肥 OR (a b"}).json()
        assert not told["ok"]
        assert (told["start"], told["end"]) == (6, 7)
        assert word in told["message"]
    assert own.post("/api/v1/find/check", {"q": "x" * 20_000}).status == 422


def test_a_search_finds_what_the_command_finds(own: Loopback, served: Served) -> None:
    told = done(own, "/api/v1/find?period=all", {"q": QUERY})
    assert told["state"] == "done", told
    same = Workspace.open(served.root).rules.find(QUERY, period="all").record()
    for name in ("scanned", "ads", "advertisers", "caught", "missed", "hidden", "disguises"):
        assert told["result"][name] == same[name]
    assert told["result"]["ads"] > 3
    for ad in told["result"]["shown"]:
        for span in ad["spans"]:
            text = ad["texts"][span["field"]]["text"]
            assert text[span["start"] : span["end"]] == span["matched"]
    page = own.get(f"/part/jobs/{told['id']}?lang=zh").data.decode()
    assert f"{same['ads']:,}" in page


def test_filters_narrow_a_search(own: Loopback, served: Served) -> None:
    told = done(own, "/api/v1/find?period=all&by.language=zh", {"q": QUERY})["result"]
    every = Workspace.open(served.root).rules.find(QUERY)
    zh = {part.name: part.ads for part in every.languages}["zh"]
    assert told["ads"] == zh < every.ads
    assert {part["name"] for part in told["languages"]} == {"zh"}


def test_ads_behind_a_figure_are_listed_without_a_search(own: Loopback, served: Served) -> None:
    told = done(own, "/api/v1/find?period=all&by.action=reject", {"q": "", "limit": 7})["result"]
    rows = Workspace.open(served.root).sql(
        "SELECT COUNT(DISTINCT (ad_id, COALESCE(ad_version, 1))) AS n FROM decisions"
        " WHERE action = 'reject' AND source <> 'human' AND NOT COALESCE(shadow, FALSE)"
    )
    assert 0 < told["ads"] <= rows.column("n")[0].as_py()
    assert {part["name"] for part in told["actions"]} == {"reject"}
    assert len(told["shown"]) == 7
    assert all(any(text["text"] for text in ad["texts"].values()) for ad in told["shown"])


def test_a_fault_of_a_search_is_told(own: Loopback) -> None:
    told = done(own, "/api/v1/find", {"q": "-gym"})
    assert told["state"] == "failed"
    assert told["error"]["hint"]
    assert own.post("/api/v1/find?period=never", {"q": "a"}).status in {202, 422}
    assert own.post("/api/v1/find", {"q": "x" * 20_000}).status == 422


def test_what_a_search_found_is_a_file_that_no_spreadsheet_runs(own: Loopback) -> None:
    reply = own.get(f"/api/v1/find.csv?period=all&q={quote('减肥')}")
    assert reply.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(reply.data.decode("utf-8-sig"))))
    found = done(own, "/api/v1/find?period=all", {"q": "减肥"})["result"]
    assert len({(row["ad_id"], row["ad_version"]) for row in rows}) == found["ads"]
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row.values())


def test_a_search_becomes_a_rule_with_the_ads_as_its_tests(own: Loopback) -> None:
    told = done(own, "/api/v1/find?period=all", {"q": QUERY})
    path = f"/api/v1/find/{told['id']}/rule"
    reply = own.post(path, {"rule_id": "FOUND-1", "draft": "found"})
    assert reply.status == 201, reply.data
    text = own.get("/api/v1/rules/packs/found").json()
    assert text["draft"]
    linted = own.post("/api/v1/rules/lint", {"name": "found", "text": text["text"]}).json()
    assert linted["rules"] == ["FOUND-1"]
    assert not linted["errors"], linted
    again = own.post(path, {"rule_id": "FOUND-1", "draft": "found"})
    assert again.status == 422
    assert own.post(path, {"rule_id": "X", "draft": "../../etc"}).status == 422
    assert own.post("/api/v1/find/none/rule", {"rule_id": "X", "draft": "d"}).status == 404


def test_a_search_that_is_taken_back_stops_and_leaves_nothing(
    served: Served, tmp_path: Path
) -> None:
    class Enough(Exception):  # noqa: N818
        pass

    told: list[tuple[int, int]] = []

    def reads(done: int, total: int) -> None:
        told.append((done, total))
        if done:
            raise Enough

    here = Workspace.open(served.root)
    with here.engine() as engine, pytest.raises(Enough):
        find(engine, Search(query="a", reads=reads), lake=tmp_path)
    assert told[0][0] == 0 < told[0][1] == told[-1][1]
    assert not list((tmp_path / "_scratch").glob("*"))


def test_pages_of_searches_and_ads_open(own: Loopback) -> None:
    for path in (
        "/find",
        f"/find?q={quote('<script>alert(1)</script>')}",
        "/ad",
        "/ad?id=%3Cb%3E",
    ):
        reply = own.get(path)
        assert reply.status == 200
        assert b"<script>alert" not in reply.data
        assert b"<b>" not in reply.data.replace(b"<b>policy", b"")


def test_what_is_kept_can_be_read_as_a_pack(own: Loopback, tmp_path: Path) -> None:
    text = own.get("/api/v1/rules/packs/found").json()["text"]
    file = tmp_path / "found.yaml"
    file.write_text(text, encoding="utf-8")
    assert [rule.id for rule in load_pack(file).rules] == ["FOUND-1"]
    assert json.dumps(text)
