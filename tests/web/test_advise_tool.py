"""Advice is decided on, and lines are moved, from the page."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.web.conftest import Served
from tests.web.worktable import Worktable, scene, table, worktable

from shroff.advise.line_limits import LinesAsked
from shroff.advise.proposal_file import read_proposal
from shroff.store.catalog_advice import Advice

__all__ = ["scene", "table"]

pytestmark = pytest.mark.xdist_group("web")


def recommended(table: Worktable, kind: str = "labels") -> str:
    detail = {"do": {"en": "Do it", "zh": "做"}, "owner": "ops", "due": "2026-07-05"}
    advice = Advice(id="abc123def456", kind=kind, subject="x", detail=detail)
    table.workspace.catalog.advice.keep([advice])
    return advice.id


def test_a_recommendation_is_accepted_with_a_reason_an_owner_and_a_day(table: Worktable) -> None:
    name = recommended(table)
    body = {"state": "accepted", "reason": "pays", "owner": "ana", "due": "2026-08-01"}
    told = table.get(f"advise/plan/{name}", body)
    assert (told["state"], told["why"]) == ("accepted", "pays")
    assert (told["detail"]["owner"], told["detail"]["due"]) == ("ana", "2026-08-01")
    listed = table.get("advise/plan")
    assert [each["state"] for each in listed] == ["accepted"]
    assert [step["state"] for step in listed[0]["history"]] == ["accepted"]


def test_what_acts_on_ads_says_that_nobody_else_approved_it(table: Worktable) -> None:
    name = recommended(table, "thresholds")
    told = table.get(f"advise/plan/{name}", {"state": "accepted", "reason": "pays"})
    assert told["history"][-1]["told"]["approved"] == "self"


def test_a_decision_without_a_reason_or_out_of_turn_is_refused(table: Worktable) -> None:
    name = recommended(table)
    assert table.ask(f"advise/plan/{name}", {"state": "rejected", "reason": ""})[0] == 422
    table.get(f"advise/plan/{name}", {"state": "done", "reason": "was done", "on": "2026-06-01"})
    status, told = table.ask(f"advise/plan/{name}", {"state": "rejected", "reason": "no"})
    assert status == 422
    assert "done" in told["error"]["cause"]
    assert table.ask("advise/plan/nothing", {"state": "rejected", "reason": "no"})[0] == 422


@pytest.fixture(scope="module")
def room(served: Served) -> Any:
    """Lines of the shared demo, read once."""
    with worktable(served.root) as found:
        yield found, found.done("advise/lines", {})


def test_lines_moved_on_the_page_have_the_figures_of_planned_ones(room: Any) -> None:
    table, job = room
    plan = table.workspace.adviser.thresholds(LinesAsked())
    assert plan.plan is not None
    moves = [
        {key: each[key] for key in ("where", "review_from", "reject_from")}
        for each in plan.plan.record()["lines"]  # type: ignore[union-attr]
    ]
    told = table.get("advise/lines/try", {"room": job["id"], "moves": moves})
    expected = plan.plan.outcome.record()
    for name, figure in told["figures"].items():
        after = {key: figure["after"][key] for key in ("value", "low", "high")}
        assert after == pytest.approx(expected[name], rel=1e-9), name


def test_a_replay_counts_the_same_ads_and_its_intervals_meet_those_of_the_sliders(
    room: Any,
) -> None:
    table, job = room
    body = {"room": job["id"], "moves": [{"review_from": 0.4, "reject_from": 0.7}]}
    told = table.get("advise/lines/try", body)["figures"]
    replayed = table.done("advise/lines/replay", body)
    figures = {each["figure"]: each for each in replayed["result"]["figures"]}
    flips = [each for each in replayed["result"]["flips"] if each["was"] != "restrict"]
    for action in ("approve", "review", "reject"):  # lines leave alone what was restricted
        gained = sum(each["ads"] for each in flips if each["becomes"] == action)
        lost = sum(each["ads"] for each in flips if each["was"] == action)
        assert told[f"{action}_ads"]["change"]["value"] == gained - lost, action
    for name in ("leakage", "violating_impressions"):
        mine, theirs = told[name]["change"], figures[name]
        assert mine["low"] <= theirs["change_high"]
        assert theirs["change_low"] <= mine["high"]
    reply = table.pool.request("GET", f"{table.address}/part/jobs/{replayed['id']}")
    assert b"<table>" in reply.data


def test_lines_that_cannot_be_are_refused(room: Any) -> None:
    table, job = room
    for move in (
        {"review_from": 0.8, "reject_from": 0.4},
        {"review_from": 2},
        {"where": {"colour": "red"}, "review_from": 0.4, "reject_from": 0.5},
    ):
        assert table.ask("advise/lines/try", {"room": job["id"], "moves": [move]})[0] == 422
    status, told = table.ask("advise/lines/try", {"room": "gone", "moves": []})
    assert status == 422
    assert "too long ago" in told["error"]["cause"]


def test_lines_are_kept_as_a_proposal_under_their_name(table: Worktable) -> None:
    job = table.done("advise/lines?period=all", {})
    body = {
        "room": job["id"],
        "moves": [{"review_from": 0.4, "reject_from": 0.7}],
        "name": "../Bolder: 更严",
    }
    kept = table.get("advise/proposals", body)
    file = table.root / kept["file"]
    assert file.parent == table.root / "proposals"
    assert read_proposal(file).id == kept["id"]
    assert json.loads(file.read_text(encoding="utf-8"))["name"] == "../Bolder: 更严"
    assert table.get("advise/proposals", body)["id"] == kept["id"]
    other = {**body, "moves": [{"review_from": 0.3, "reject_from": 0.7}]}
    status, told = table.ask("advise/proposals", other)
    assert status == 422
    assert "another proposal" in told["error"]["cause"]
