"""Batches go out as files and come back; a file with faults takes nothing and names each row."""

from __future__ import annotations

import base64
import csv
from io import StringIO
from typing import Any

import pytest
from tests.models.gold_scene import truth_of
from tests.web.worktable import Worktable, scene, table

__all__ = ["scene", "table"]

pytestmark = pytest.mark.xdist_group("web")


def planned(table: Worktable) -> str:
    body = {"goals": ["leakage:half"], "budget": 25}
    plan = table.done("labels/plan?period=all", body)["result"]
    assert plan["labels"] > 0
    assert plan["lead"]["zh"]
    made = table.done("labels/draw", {"plan": plan["plan_id"]})["result"]
    assert made["asked"] > 0
    return str(made["id"])


def sheet(table: Worktable, batch: str) -> list[dict[str, str]]:
    reply = table.pool.request("GET", f"{table.address}/api/v1/labels/batches/{batch}/file")
    assert reply.headers["content-disposition"] == f'attachment; filename="{batch}.csv"'
    return list(csv.DictReader(StringIO(reply.data.decode("utf-8-sig"))))


def sent(rows: list[dict[str, str]]) -> dict[str, Any]:
    out = StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return {"form": "csv", "content": base64.b64encode(out.getvalue().encode()).decode()}


def held(table: Worktable, batch: str) -> list[dict[str, Any]]:
    with table.workspace.engine() as engine:
        return engine.query(
            "SELECT ad_id, verdict, sampling_prob FROM reviews WHERE verdict IS NOT NULL"
            f" AND review_id LIKE '%{batch}/%' ORDER BY ad_id"
        ).to_pylist()


def test_a_planned_batch_goes_out_and_its_labels_come_back_with_their_chances(
    table: Worktable,
) -> None:
    batch = planned(table)
    rows = sheet(table, batch)
    assert {row["batch_id"] for row in rows} == {batch}
    assert not {"stratum", "sampling_prob", "design_id", "action"} & set(rows[0])
    for row in rows:
        row["verdict"] = truth_of(row["ad_id"])
    told = table.get(f"labels/batches/{batch}/upload", sent(rows))
    assert (told["rows"], told["labelled"], told["faults"]) == (len(rows), len(rows), [])
    table.ended(told["job"])
    drawn = {
        row.ad_id: row.sampling_prob
        for row in table.workspace.catalog.labels.batch(batch).rows
        if row.place
    }
    assert {r["ad_id"]: r["sampling_prob"] for r in held(table, batch)} == pytest.approx(drawn)
    state = next(each for each in table.get("labels/batches") if each["batch"] == batch)
    assert state["taken"]
    assert state["given"] == state["asked"]


def test_every_wrong_row_is_named_and_nothing_is_taken(table: Worktable) -> None:
    batch = planned(table)
    rows = sheet(table, batch)
    rows[0]["verdict"] = "probably"
    rows[1].update(verdict="violating", severity="9")
    rows[2]["ad_id"] = "stranger"
    rows[4] = dict(rows[3])
    told = table.get(f"labels/batches/{batch}/upload", sent(rows))
    assert told["job"] is None
    kinds = [(each["row"], each["kind"]) for each in told["faults"]]
    assert {(1, "label"), (2, "label"), (3, "changed"), (4, "doubled"), (5, "missing")} <= set(
        kinds
    )
    assert not held(table, batch)


@pytest.mark.parametrize(
    "content", ["not base64!", base64.b64encode(b"\xff\xfe\x00nonsense").decode(), ""]
)
def test_what_is_no_batch_is_refused_with_a_cause(table: Worktable, content: str) -> None:
    batch = planned(table)
    body = {"form": "csv", "content": content}
    status, told = table.ask(f"labels/batches/{batch}/upload", body)
    assert status in {200, 422}
    if status == 422:
        assert told["error"]["cause"]
    else:
        assert told["faults"]
        assert told["job"] is None


def test_a_goal_that_cannot_be_read_fails_the_plan_with_its_cause(table: Worktable) -> None:
    status, job = table.ask("labels/plan", {"goals": ["beauty:half"]})
    assert status == 200
    while job["state"] in {"waiting", "working"}:
        job = table.get(f"jobs/{job['id']}")
    assert job["state"] == "failed"
    assert "beauty" in job["error"]["cause"] + job["error"]["hint"]
    assert table.ask("labels/plan", {"goals": []})[0] == 422
