"""Are planned thresholds better than today's on platforms whose truth is known, and as sure as said?

For each seed a platform is written, ingested and read as `shroff advise thresholds` does, by policy,
market and language over its last four weeks. Every strategy is then judged by the truth: who violates,
and what each ad would have been shown had it been approved, which no log tells. Beside the best and the
careful lines stand what was done, the best single pair of lines for all cells, and cells that each get
hours in proportion to their ads and keep the precision on their own.

    python -m benchmarks.thresholds [--seeds 24] [--ads 24000] [--write]
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

import numpy as np
import pyarrow.parquet as pq

from shroff.advise.decision_cells import DecisionCells, read_cells
from shroff.advise.decision_costs import PolicyCosts, Revealed, costs_of
from shroff.advise.decision_queries import BINS
from shroff.advise.decision_worth import worth_of
from shroff.advise.line_limits import LineRoom, LinesAsked, problem_of, todays_lines
from shroff.advise.strategy_outcome import shares_of_lines
from shroff.advise.threshold_plan import Strategy, ThresholdPlan
from shroff.advise.thresholds import plan_of
from shroff.advise.violation_curves import fit_curves
from shroff.measure.brief import Brief
from shroff.measure.briefing import brief_of
from shroff.stats.proportions import wilson
from shroff.synthetic.exposure import NEVER, Serving, serve
from shroff.synthetic.log_tables import ids
from shroff.synthetic.platform import DEFAULT_END, write_platform
from shroff.synthetic.submissions import submit
from shroff.synthetic.world import create
from shroff.workspace import Workspace

__all__ = ["main"]

RESULTS = Path(__file__).parent / "results" / "thresholds.md"
DAYS = 56
OTHERS = ("today", "one pair", "equal hours")
MISSED, WRONG, HOUR = 40.0, 12.0, 14.0


@dataclass(frozen=True, slots=True)
class Truth:
    """What is true of ads by cell and bin: how many, how many violate, what those would show."""

    ads: np.ndarray
    bad: np.ndarray
    bad_shown: np.ndarray
    caught: float
    seen: float

    def judge(self, shares: np.ndarray, hours: np.ndarray) -> dict[str, float]:
        """Add up what a strategy really does."""
        slips = 1 - self.caught + self.caught * self.seen
        shown = (shares[0] + slips * shares[1]) * self.bad_shown
        rejected = float((shares[2] * self.ads).sum())
        wrong = float((shares[2] * (self.ads - self.bad)).sum())
        worked = float(((shares[1] * self.ads).sum(axis=1) * hours.sum(axis=1)).sum())
        usual = float(self.bad_shown.sum() / max(self.bad.sum(), 1))
        return {
            "shown": float(shown.sum()),
            "precision": 1 - wrong / rejected if rejected else 1.0,
            "hours": worked,
            "cost": MISSED * float(shown.sum()) / usual + WRONG * wrong + HOUR * worked,
        }


def potential(*, ads: int, seed: int, brief: Brief) -> dict[str, float]:
    """Give the impressions that every ad would have had in the period, had it been approved."""
    world = create(ads=ads, seed=seed, days=DAYS, end=DEFAULT_END)
    all_ads = submit(world, first_day=0, last_day=DAYS - 1)
    never = np.full(len(all_ads), NEVER)
    served = serve(
        world, all_ads, Serving(all_ads.at, never), restricted=np.zeros(len(never), dtype=bool)
    )
    inside = served.day >= DAYS - (brief.period.end - brief.period.start).days
    shown = np.bincount(served.row[inside], served.impressions[inside], minlength=len(all_ads))
    return dict(zip(ids(world, all_ads.number).to_pylist(), shown.tolist(), strict=True))


def truth_of(
    rows: list[dict], cells: DecisionCells, root: Path, shown: Mapping[str, float]
) -> Truth:
    """Sort what is true into cells and bins."""
    table = pq.read_table(
        root / "truth" / "ads.parquet", columns=["ad_id", "ad_version", "violating"]
    )
    violating = {(r["ad_id"], r["ad_version"]): r["violating"] for r in table.to_pylist()}
    places = {key: place for place, key in enumerate(cells.keys)}
    found = np.zeros((3, len(cells), BINS))
    caught, seen = [], []
    for row in rows:
        at = places[tuple(row["_" + name] for name in cells.by)], row["bin"]
        bad = violating[row["ad_id"], row["ad_version"]]
        worth = shown.get(row["ad_id"], 0.0)
        found[(0, *at)] += 1
        if bad:
            found[(1, *at)] += 1
            found[(2, *at)] += worth
            if row["action"] == "review" and row["queue_verdict"] is not None:
                caught.append(row["queue_verdict"] == "violating")
                if caught[-1] and worth:
                    seen.append((row["impressions"], worth))
    part = sum(a for a, _ in seen) / max(sum(b for _, b in seen), 1.0)
    return Truth(*found, mean(caught), min(part, 1.0))


def one_pair(room: LineRoom, limit: Mapping[str, float]) -> np.ndarray:
    """Find the best pair of lines that all cells share."""
    problem = problem_of(room, room.bars(LinesAsked()))
    best, chosen = np.inf, np.zeros((3, len(room.worth.ads), BINS))
    hours = room.worth.ads * room.worth.hours.sum(axis=1)[:, None]
    lacking = (room.worth.ads * (limit["precision"] - room.chances)).sum(axis=0)
    cost, work = problem.cost.sum(axis=1), hours.sum(axis=0)
    for high in range(BINS + 1):
        for low in range(high + 1):
            value = cost[0, :low].sum() + cost[1, low:high].sum() + cost[2, high:].sum()
            kept = work[low:high].sum() <= limit["hours"] * (1 + 1e-9)
            if value < best and kept and lacking[high:].sum() <= 1e-9:
                best = value
                lines = np.full((2, len(room.worth.ads)), [[low], [high]])
                chosen = shares_of_lines(lines[0], lines[1], bins=BINS)
    return chosen


def equal_hours(room: LineRoom, limit: Mapping[str, float]) -> np.ndarray:
    """Give every cell hours by its ads; each keeps the precision on its own."""
    problem = problem_of(room, room.bars(LinesAsked()))
    ads = room.worth.ads
    part = limit["hours"] * ads.sum(axis=1) / ads.sum()
    lines = np.full((2, len(ads)), BINS)
    for cell in range(len(ads)):
        cost = np.cumsum(np.pad(problem.cost[:, cell], ((0, 0), (1, 0))), axis=1)
        work = np.cumsum(np.pad(ads[cell] * room.worth.hours[cell].sum(), (1, 0)))
        up = np.cumsum(np.pad(ads[cell] * (limit["precision"] - room.chances[cell]), (1, 0)))
        low, high = np.meshgrid(np.arange(BINS + 1), np.arange(BINS + 1), indexing="ij")
        value = cost[0][low] + cost[1][high] - cost[1][low] + cost[2][-1] - cost[2][high]
        fits = (low <= high) & (work[high] - work[low] <= part[cell]) & (up[-1] - up[high] <= 1e-9)
        at = np.argmin(np.where(fits, value, np.inf))
        lines[:, cell] = np.unravel_index(at, value.shape)
    return shares_of_lines(lines[0], lines[1], bins=BINS)


def planned(plan: Strategy | None, cells: DecisionCells) -> np.ndarray | None:
    """Give the shares of a plan's lines."""
    if plan is None:
        return None
    lines = {tuple(each.where.values()): each for each in plan.lines}
    pairs = [(lines[key].review_from, lines[key].reject_from) for key in cells.keys]
    low, high = np.round(np.minimum(np.array(pairs), 1.0) * BINS).astype(np.int64).T
    return shares_of_lines(low, high, bins=BINS)


def run(seed: int, *, ads: int) -> dict[str, object]:
    """Judge all strategies on one platform."""
    started = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "demo"
        write_platform(root, ads=ads, seed=seed, days=DAYS)
        workspace = Workspace.open(root)
        for table, files in workspace.sources().items():
            workspace.ingest(table, files)
        with workspace.engine() as engine:
            brief = brief_of(workspace.settings, engine, by=())
            cells = read_cells(engine, brief)
            rows = engine.query("SELECT * FROM advised WHERE lane = 'model'").to_pylist()
        shown = potential(ads=ads, seed=seed, brief=brief)
        truth = truth_of(rows, cells, root, shown)
        costs = workspace.settings.costs
    made = time.process_time() - started
    best = plan_of(cells, brief, LinesAsked(), costs=costs)
    took = time.process_time() - started - made
    cheap = plan_of(cells, brief, LinesAsked(by_cost=True), costs=costs, policies=PolicyCosts())
    curves = fit_curves(cells.labels, cells.factors(), bins=BINS, errors=cells.errors)
    worth = worth_of(cells, curves.mean)
    review, reject = todays_lines(cells)
    room = LineRoom(
        cells=cells, worth=worth, chances=curves.mean, costs=None, each_cell=False,
        review=review, reject=reject,
    )  # fmt: skip
    bars = room.bars(LinesAsked())
    limit = {"hours": bars.hours, "precision": bars.precision}
    told, _ = costs_of(
        cells, worth, costs, policies=PolicyCosts(), revealed=Revealed(hour=1.0, wrong=1.0)
    )
    found: dict[str, np.ndarray | None] = {
        "today": room.today(),
        "one pair": one_pair(room, limit),
        "equal hours": equal_hours(room, limit),
        "best": planned(best.plan, cells),
        "careful": planned(best.careful, cells),
    }
    dear = LineRoom(
        cells=cells, worth=worth, chances=curves.mean, costs=told, each_cell=False,
        review=review, reject=reject,
    )  # fmt: skip
    by_cost = {
        "today": room.today(),
        "one pair": one_pair(dear, limit),
        "equal hours": equal_hours(dear, limit),
        "best": planned(cheap.plan, cells),
        "careful": planned(cheap.careful, cells),
    }
    judge = {
        name: truth.judge(each, worth.hours) for name, each in found.items() if each is not None
    }
    cost = {
        name: truth.judge(each, worth.hours) for name, each in by_cost.items() if each is not None
    }
    return {
        "seed": seed,
        "cells": len(cells),
        "ads": int(cells.ads.sum()),
        "labels": best.labels,
        "made": made,
        "took": took,
        "shown": judge,
        "cost": cost,
        "told": _told(best),
        "gap": best.plan.gap if best.plan else None,
    }


def _told(plan: ThresholdPlan) -> dict[str, object]:
    """Keep what the plan said of itself."""
    return {
        each.name: {
            "less": [each.less.value, each.less.low, each.less.high],
            "kept": each.kept["precision"],
            "precision": [
                getattr(each.outcome.figures["reject_precision"], end)
                for end in ("value", "low", "high")
            ],
        }
        for each in plan.strategies()
    }


def summary(runs: list[dict]) -> str:
    """Write what all seeds say."""
    lines = [
        "# Planned thresholds against the truth",
        "",
        f"{len(runs)} demo platforms (`python -m benchmarks.thresholds`), each with"
        f" {mean(r['ads'] for r in runs):,.0f} ads that lines decide in {mean(r['cells'] for r in runs):.0f}"
        f" cells and {mean(r['labels'] for r in runs):,.0f} labels. Truth: who violates, and what each"
        " ad would have been shown had it been approved.",
        "",
    ]
    for aim, title in (("shown", "Violating impressions"), ("cost", "Cost")):
        lines += [
            f"## {title}",
            "",
            "| strategy | of today's, mean | best lines do better, seeds | hours of today's |"
            " precision kept, seeds |",
            "|---|---:|---:|---:|---:|",
        ]
        for name in ("today", "one pair", "equal hours", "best", "careful"):
            mine = [r for r in runs if name in r[aim] and "best" in r[aim]]
            ratio = mean(r[aim][name][aim] / r[aim]["today"][aim] for r in mine)
            wins = sum(r[aim]["best"][aim] < r[aim][name][aim] for r in mine)
            hours = mean(r[aim][name]["hours"] / r[aim]["today"]["hours"] for r in mine)
            kept = sum(
                r[aim][name]["precision"] >= r[aim]["today"]["precision"] - 1e-12 for r in mine
            )
            beaten = "–" if name == "best" else f"{wins} of {len(mine)}"
            lines.append(
                f"| {name} | {ratio:.3f} | {beaten} | {hours:.3f} | {kept} of {len(mine)} |"
            )
        lines.append("")
    lines += _sureness(runs)
    return "\n".join(lines) + "\n"


def _sureness(runs: list[dict]) -> list[str]:
    found = ["## Is it as sure as it says?", ""]
    for name in ("best", "careful"):
        mine = [
            r for r in runs if name.replace("best", "plan") in r["told"] and name in r["shown"]
        ]
        told = [r["told"][name.replace("best", "plan")] for r in mine]
        less = [1 - r["shown"][name]["shown"] / r["shown"]["today"]["shown"] for r in mine]
        held = sum(t["less"][1] <= x <= t["less"][2] for t, x in zip(told, less, strict=True))
        kept = sum(r["shown"][name]["precision"] >= r["shown"]["today"]["precision"] for r in mine)
        precise = sum(
            t["precision"][1] <= r["shown"][name]["precision"] <= t["precision"][2]
            for t, r in zip(told, mine, strict=True)
        )
        sure = wilson(held, len(mine))
        found += [
            f"- {name}: precision at least today's was stated with probability"
            f" {mean(t['kept'] for t in told):.2f} and held on {kept} of {len(mine)} platforms;"
            f" 95% intervals held for what violating impressions fell by on {held} of {len(mine)}"
            f" ({sure.low:.2f} to {sure.high:.2f}), for precision on {precise}; forecast"
            f" {mean(t['less'][0] for t in told):.3f}, realised {mean(less):.3f} less."
        ]
    gaps = [r["gap"] for r in runs if r["gap"] is not None]
    found += [
        "",
        f"The lines are proven to be within {max(gaps):.4%} of the best on every platform; a plan took"
        f" {mean(r['took'] for r in runs):.1f} CPU s.",
    ]
    return found


def main(arguments: list[str]) -> int:
    """Run the seeds asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=24)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--ads", type=int, default=24_000)
    parser.add_argument("--keep", type=Path, help="a file of results to add to")
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args(arguments)
    runs = []
    if asked.keep and asked.keep.exists():
        runs = [json.loads(line) for line in asked.keep.read_text().splitlines()]
    known = {run_["seed"] for run_ in runs}
    for seed in range(asked.first, asked.first + asked.seeds):
        if seed in known:
            continue
        runs.append(run(seed, ads=asked.ads))
        if asked.keep:
            with asked.keep.open("a") as file:
                file.write(json.dumps(runs[-1]) + "\n")
    text = summary(runs)
    sys.stdout.write(text)
    if asked.write:
        RESULTS.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
