"""`shroff advise plan`, `accept`, `reject`, `done`: from a list to what came of it."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Cli

FAST = ("--from", "rules", "--from", "guarantee")


@pytest.fixture
def plan(cli: Cli, own_demo: Path) -> list[dict[str, object]]:
    record = cli("advise", "plan", *FAST, "-w", own_demo, "--json").record()
    found: list[dict[str, object]] = record["recommendations"]  # type: ignore[assignment]
    assert found
    return found


def test_a_plan_is_one_list_with_worth_and_reasons(cli: Cli, own_demo: Path) -> None:
    told = cli("advise", "plan", *FAST, "-w", own_demo)
    assert told.code == 0, told.err
    assert "recommendations from" in told.out
    assert "Why: shroff" in told.out
    assert "Goal Reject precision" in told.out


def test_names_and_dates_stay_when_asked_again(
    cli: Cli, own_demo: Path, plan: list[dict[str, object]]
) -> None:
    again = cli("advise", "plan", *FAST, "-w", own_demo, "--json").record()["recommendations"]
    assert [(r["id"], r["due"]) for r in again] == [(r["id"], r["due"]) for r in plan]  # type: ignore[index,union-attr]
    adds = [r["adds"]["value"] for r in plan if r["adds"]]  # type: ignore[index]
    kept = [value for value in adds if value > 0]
    assert kept == sorted(kept, reverse=True)


def test_csv_has_a_row_a_recommendation(
    cli: Cli, own_demo: Path, plan: list[dict[str, object]]
) -> None:
    told = cli("advise", "plan", *FAST, "-w", own_demo, "--csv", "-")
    found = list(csv.DictReader(io.StringIO(told.out)))
    assert {row["id"] for row in found} == {each["id"] for each in plan}


def test_decisions_are_kept_and_done_ones_are_looked_at(
    cli: Cli, own_demo: Path, plan: list[dict[str, object]]
) -> None:
    first, second = str(plan[0]["id"]), str(plan[1]["id"])
    said = ("--reason", "worth a try", "--who", "Lin", "-w", own_demo)
    told = cli("advise", "accept", first[:6], *said, "--owner", "Mei", "--due", "2026-07-01")
    assert told.code == 0, told.err
    assert "is accepted" in told.out
    assert cli("advise", "reject", second, *said).code == 0
    done = cli("advise", "done", first, *said, "--on", "2026-06-12", "--json").record()
    history = done["history"]
    assert [(s["state"], s["who"], s["why"]) for s in history] == [  # type: ignore[union-attr,index]
        ("accepted", "Lin", "worth a try"),
        ("done", "Lin", "worth a try"),
    ]
    left = cli("advise", "plan", *FAST, "-w", own_demo, "--json").record()["recommendations"]
    assert not {first, second} & {r["id"] for r in left}  # type: ignore[union-attr,index]
    looked = cli("advise", "outcome", first, "-w", own_demo)
    assert looked.code == 0, looked.err
    assert "forecast" in looked.out


def test_what_is_accepted_comes_first_with_its_owner(
    cli: Cli, own_demo: Path, plan: list[dict[str, object]]
) -> None:
    last = str(plan[-1]["id"])
    words = ("--reason", "agreed", "--owner", "Mei", "--due", "2026-08-01", "-w", own_demo)
    assert cli("advise", "accept", last, *words).code == 0
    again = cli("advise", "plan", *FAST, "-w", own_demo, "--json").record()["recommendations"]
    head = again[0]  # type: ignore[index]
    assert (head["id"], head["state"]) == (last, "accepted")
    assert (head["owner"], head["due"]) == ("Mei", "2026-08-01")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("plan", "--from", "stars"), "no source of advice 'stars'"),
        (("accept", "zzz", "--reason", "x"), "no one recommendation"),
        (("accept", "zzz"), "--reason"),
        (("done", "zzz", "--reason", "x", "--rollout", "hash"), "key of the hash"),
        (("done", "zzz", "--reason", "x", "--on", "soon"), "no day"),
    ],
)
def test_a_mistake_is_told_in_words(
    cli: Cli, demo: Path, words: tuple[str, ...], said: str
) -> None:
    told = cli("advise", *words, "-w", demo)
    assert told.code == 2
    assert said in told.err
