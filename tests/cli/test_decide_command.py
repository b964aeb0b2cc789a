"""`shroff decide` and `shroff strategy`: files become decisions, and lines go live and back."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from shroff.cli.decide_command import command
from shroff.store.catalog_rules import RuleEvent
from shroff.workspace import Workspace

Cli = Callable[..., Any]

PACK = """
pack: tests
version: 1
rules:
  - id: cure
    action: reject
    policy: E1
    match: miracle cure
"""
LINES = {"thresholds": [{"model": "risk", "review_from": 0.4, "reject_from": 0.9}]}
ADS = [
    {"ad_id": "a1", "title": "miracle cure", "market": "US", "scores": {"risk": 0.1}},
    {"ad_id": "a2", "title": "shoes", "market": "US", "scores": {"risk": 0.5}},
]


@pytest.fixture
def here(tmp_path: Path) -> Workspace:
    made = Workspace.create(tmp_path / "here")
    (made.root / "packs").mkdir()
    (made.root / "packs" / "tests.yaml").write_text(PACK, encoding="utf-8")
    made.catalog.rules.note(
        RuleEvent(
            at="2026-06-01", rule_id="cure", version=1, state="live", share=None, who="t", why="t"
        )
    )
    return made


@pytest.fixture
def ads(tmp_path: Path) -> Path:
    file = tmp_path / "ads.jsonl"
    file.write_text("".join(f"{json.dumps(each)}\n" for each in ADS), encoding="utf-8")
    return file


def test_files_are_decided_and_rows_that_are_no_ads_are_told(
    cli: Cli, here: Workspace, ads: Path
) -> None:
    found = json.loads(cli("decide", str(ads), "-w", str(here.root), "--json").out)
    assert [each["action"] for each in found["decisions"]] == ["reject", "approve"]
    assert found["decisions"][0]["decided_by"]["detector"] == "cure"
    assert found["strategy"]["id"] == found["decisions"][0]["strategy"]
    with ads.open("a", encoding="utf-8") as file:
        file.write("nothing\n" + '{"ad_version": "x"}\n')
    done = cli("decide", str(ads), "-w", str(here.root), "--json")
    assert done.code == 1
    assert json.loads(done.out)["unread"]["count"] == 2


def test_lines_go_live_and_come_back(cli: Cli, here: Workspace, ads: Path, tmp_path: Path) -> None:
    def action() -> str:
        told = json.loads(cli("decide", str(ads), "-w", str(here.root), "--json").out)
        return str(told["decisions"][1]["action"])

    lines = tmp_path / "lines.json"
    lines.write_text(json.dumps(LINES), encoding="utf-8")
    at = ("-w", str(here.root), "--json")
    adopted = json.loads(
        cli("strategy", "adopt", str(lines), "--why", "a test", "--who", "lin", *at).out
    )
    assert action() == "review"
    shown = json.loads(cli("strategy", "show", *at).out)
    assert shown["lines"]["proposal_id"] == adopted["proposal_id"]
    assert shown["warnings"][0]["id"] == "decide.unregistered"
    assert "lin" in cli("strategy", "show", "-w", str(here.root)).out
    assert json.loads(cli("strategy", "drop", "--why", "a test", *at).out)["proposal"] is None
    assert action() == "approve"
    history = json.loads(cli("strategy", "show", *at).out)["history"]
    assert [each["proposal_id"] for each in history] == [adopted["proposal_id"], None]
    assert cli("strategy", "drop", "--why", "again", *at).code == 2


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet"])
def test_decisions_are_written_as_a_log(
    cli: Cli, here: Workspace, ads: Path, tmp_path: Path, form: str
) -> None:
    out = tmp_path / f"decisions.{form}"
    assert cli("decide", str(ads), "-w", str(here.root), "--out", str(out)).code == 0
    if form == "parquet":
        assert pq.read_table(out).column("action").to_pylist() == ["reject", "approve"]
    assert here.ingest("decisions", [out]).inserted == 2
    assert cli("decide", str(ads), "-w", str(here.root), "--out", "x.pdf").code == 2


def test_a_stream_is_decided_line_by_line(
    cli: Cli, here: Workspace, ads: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(ads.read_text(encoding="utf-8") + "{\n"))
    done = cli("decide", "-", "-w", str(here.root))
    told = [json.loads(line) for line in done.out.splitlines()]
    assert [each.get("action", "error") for each in told] == ["reject", "approve", "error"]
    assert (told[2]["error"]["row"], done.code) == (3, 1)
    assert command.help
