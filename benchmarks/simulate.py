"""Simulated against realised effect: platforms with known truth, run again with other thresholds.

    python -m benchmarks.simulate --keep rows.jsonl --write

Each seed is a platform of its own. Its logs are ingested, proposals are replayed on them, and the
platform is run again with those thresholds: same ads, same people, same chance. What then happened to
the ads of history, by the truth, is held against the intervals of the simulation. Queues of the demo
platform do not slow down under load, so turnaround is proven in tests/advise against formulas.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import inf
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from shroff.advise.proposal import Proposal, ThresholdChange, terms_of
from shroff.advise.simulation import Simulation
from shroff.synthetic import moderation, platform, reviewing
from shroff.synthetic.copywriting import Copy
from shroff.synthetic.demo_pack import Hits
from shroff.synthetic.markets import MARKETS
from shroff.synthetic.platform import DEFAULT_END, write_platform
from shroff.synthetic.review_tasks import TEAMS
from shroff.synthetic.scoring import Scores
from shroff.synthetic.submissions import Ads
from shroff.synthetic.world import World, create
from shroff.workspace import Workspace

RESULTS = Path(__file__).parent / "results" / "simulate.md"
ADS, DAYS = 12_000, 42
_FIGURES = (
    "reject_precision", "leakage", "queue_yield", "recall_any", "wrong_rejects", "missed",
    "violating_impressions", "overturns", "review_hours",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tried:
    """One proposal, by market; the empty market stands for all others."""

    name: str
    lines: dict[str, tuple[float, float]]
    version: str = ""

    def proposal(self) -> Proposal:
        changes = [
            ThresholdChange(
                model="ads_risk",
                where=terms_of({"market": market} if market else {}),
                review_from=review,
                reject_from=reject,
            )
            for market, (review, reject) in self.lines.items()
        ]
        versions = terms_of({"ads_risk": self.version} if self.version else {})
        return Proposal(thresholds=tuple(changes), versions=versions, name=self.name)


TRIED = (
    Tried("reject from 0.7", {"": (0.5, 0.7)}),
    Tried("reject from 0.9, review from 0.4", {"": (0.4, 0.9)}),
    Tried("by market", {"US": (0.6, 0.75), "ID": (0.3, 0.65), "": (0.45, 0.85)}),
    Tried("no review", {"": (0.65, 0.65)}),
    Tried("no reject by model", {"": (0.5, inf)}),
    Tried("the second version", {}, version="v2"),
)


@contextmanager
def decided_by(tried: Tried | None) -> Iterator[None]:
    """Let the platform decide by other lines; ads that rules decided stay with them."""
    before = {name: getattr(moderation, name) for name in ("judge", "_by_model", "_by_rules")}
    live, said = moderation.live_version, {}
    if tried is not None:
        _patch(tried, before, said)
    try:
        yield
    finally:
        for name, function in before.items():
            setattr(moderation, name, function)
        moderation.live_version = live
        platform.judge = before["judge"]


def _patch(tried: Tried, before: dict[str, Callable[..., Any]], said: dict[str, Any]) -> None:
    review, reject = _lines(tried)

    def judge(world: World, ads: Ads, texts: Copy) -> moderation.Rulings:
        said["market"] = ads.market
        return before["judge"](world, ads, texts)

    def by_model(scores: Scores) -> np.ndarray:
        old = before["_by_model"](scores)
        if not tried.lines:
            return old
        low, high = review[said["market"]], reject[said["market"]]
        if len(low) != len(old):  # a sample in shadow, which decides nothing
            return old
        between = np.where(old == moderation.RESTRICT, moderation.RESTRICT, moderation.REVIEW)
        new = np.where(scores.risk >= low, between, moderation.APPROVE)
        said["old"] = old
        said["new"] = np.where(scores.risk >= high, moderation.REJECT, new)
        return said["new"]

    def by_rules(world: World, hits: Hits, *, ads: int) -> tuple[np.ndarray, np.ndarray]:
        ruled, rule = before["_by_rules"](world, hits, ads=ads)
        if "old" in said:
            stays = ruled > said["old"]
            said["new"][stays] = np.minimum(said["new"][stays], ruled[stays] - 1)
        return ruled, rule

    if tried.version:
        later = tried.version == "v2"
        _swap((moderation, "live_version"), lambda _, at: np.full(len(at), later))
    _swap((moderation, "_by_model"), by_model)
    _swap((moderation, "_by_rules"), by_rules)
    _swap((moderation, "judge"), judge)
    _swap((platform, "judge"), judge)


def _swap(place: tuple[Any, str], function: Callable[..., Any]) -> None:
    """Put a function in the place of another."""
    setattr(*place, function)


def _lines(tried: Tried) -> tuple[np.ndarray, np.ndarray]:
    usual = tried.lines.get("", (0.5, 0.8))
    pairs = np.array([tried.lines.get(market.code, usual) for market in MARKETS])
    return pairs[:, 0], pairs[:, 1]


@contextmanager
def same_texts() -> Iterator[None]:
    """Write the texts of a platform's first versions once, however often it is run."""
    written: dict[bytes, Copy] = {}
    before = vars(platform)["write"]

    def write(world: World, ads: Ads) -> Copy:
        if ads.version.max(initial=0) > 1:
            return before(world, ads)
        key = ads.unit.tobytes()
        if key not in written:
            written[key] = before(world, ads)
        return written[key]

    _swap((platform, "write"), write)
    try:
        yield
    finally:
        _swap((platform, "write"), before)


def run_again(seed: int, tried: Tried | None) -> dict[str, pa.Table]:
    """Run the platform, in memory."""
    world = create(ads=ADS, seed=seed, days=DAYS, end=DEFAULT_END)
    parts: dict[str, list[pa.Table]] = {}
    with decided_by(tried):
        for _, tables in vars(platform)["_batches"](world, chunk=25_000):
            for name, table in tables.items():
                parts.setdefault(name, []).append(table)
    wanted = ("decisions", "truth", "impressions", "reviews", "appeals")
    return {name: pa.concat_tables(parts[name], promote_options="default") for name in wanted}


def ingested(folder: Path, seed: int) -> Workspace:
    """Write a platform's logs and take them in."""
    summary = write_platform(folder, ads=ADS, seed=seed, days=DAYS)
    workspace = Workspace.open(folder)
    for table, files in summary.logs.items():
        workspace.ingest(table, files)
    return workspace


@dataclass(frozen=True, slots=True)
class Happened:
    """What became of the ads of history, by the truth."""

    figures: dict[str, float]
    moved: int


_ACTIONS = {
    "机审通过": "approve",
    "召回进审": "review",
    "限制投放": "restrict",
    "机审拒绝": "reject",
}


def _machine(decisions: pa.Table) -> dict[tuple[str, int], tuple[str, str, date]]:
    """Give action, market and day (UTC) of every ad version, by the machine."""
    found = {}
    names = ["creative_id", "creative_version", "result", "region", "log_only", "event_time"]
    for row in decisions.select(names).to_pylist():
        if row["result"] in _ACTIONS and not row["log_only"]:
            at = datetime.fromisoformat(row["event_time"]) - timedelta(hours=8)
            told = _ACTIONS[row["result"]], row["region"], at.date()
            found[row["creative_id"], row["creative_version"]] = told
    return found


_HISTORY = """
SELECT d.ad_id, COALESCE(d.ad_version, 1) AS ad_version, d.action, d.market, d.source, d.score
FROM decisions AS d
WHERE d.source <> 'human' AND NOT COALESCE(d.shadow, FALSE)
  AND d.decided_at >= TIMESTAMPTZ '{start} 00:00:00+00:00'
  AND d.decided_at < TIMESTAMPTZ '{end} 00:00:00+00:00'
"""


def _history(workspace: Workspace, found: Simulation) -> list[dict[str, Any]]:
    period = found.period
    with workspace.engine() as engine:
        return engine.query(_HISTORY.format(start=period.start, end=period.end)).to_pylist()


def _truth(run: dict[str, pa.Table]) -> dict[tuple[str, int], bool]:
    return {
        (row["ad_id"], row["ad_version"]): row["violating"]
        for row in run["truth"].select(["ad_id", "ad_version", "violating"]).to_pylist()
    }


def happened(
    history: list[dict[str, Any]],
    run: dict[str, pa.Table],
    tried: Tried | None,
    found: Simulation,
    bad: dict[tuple[str, int], bool],
) -> Happened:
    """Sum up what a run of the platform did with the ads of history."""
    machine = _machine(run["decisions"])
    keys = [(row["ad_id"], row["ad_version"]) for row in history]
    actions = [machine[key][0] if key in machine else _by_lines(row, tried)
               for key, row in zip(keys, history, strict=True)]  # fmt: skip
    violating = np.array([bad[key] for key in keys])
    action = np.array(actions)
    if tried is not None and tried.version:  # ads that rules decided stay with the rules
        ruled = np.array([row["source"] == "rule" for row in history])
        action = np.where(ruled, [row["action"] for row in history], action)
    figures = _shares(action, violating)
    figures["violating_impressions"] = _exposed(run, keys, violating, found)
    figures["review_hours"] = _hours(run, set(keys), found)
    figures["overturns"] = _overturned(run, action, keys)
    was = np.array([row["action"] for row in history])
    return Happened(figures, int((was != action).sum()))


def _by_lines(row: dict[str, Any], tried: Tried | None) -> str:
    """Decide an ad that was resubmitted in history only."""
    if tried is None or row["source"] != "model" or not tried.lines or row["score"] is None:
        return str(row["action"])
    review, reject = tried.lines.get(row["market"], tried.lines.get("", (0.5, 0.8)))
    if row["score"] >= reject:
        return "reject"
    between = "restrict" if row["action"] == "restrict" else "review"
    return between if row["score"] >= review else "approve"


def _shares(action: np.ndarray, violating: np.ndarray) -> dict[str, float]:
    by = {name: action == name for name in ("approve", "review", "reject")}
    return {
        "reject_precision": float(violating[by["reject"]].mean()),
        "leakage": float(violating[by["approve"]].mean()),
        "queue_yield": float(violating[by["review"]].mean()) if by["review"].any() else np.nan,
        "recall_any": 1 - float((violating & by["approve"]).sum() / violating.sum()),
        "wrong_rejects": float((~violating & by["reject"]).sum()),
        "missed": float((violating & by["approve"]).sum()),
    }


def _exposed(
    run: dict[str, pa.Table], keys: list[tuple[str, int]], violating: np.ndarray, found: Simulation
) -> float:
    """Add up what violating ads of history were shown, by the version that ran on the day."""
    bad = {key for key, is_bad in zip(keys, violating, strict=True) if is_bad}
    start, end = found.period.start, found.period.end
    since: dict[str, list[tuple[date, int]]] = {}
    for (ad, version), (_, _, day) in sorted(_machine(run["decisions"]).items()):
        since.setdefault(ad, []).append((day, version))
    total = 0.0
    for row in run["impressions"].select(["ad_id", "day", "impressions"]).to_pylist():
        if not start <= row["day"] < end:
            continue
        versions = since.get(row["ad_id"], [])
        ran = [version for place, (day, version) in enumerate(versions)
               if day <= row["day"] or not place]  # fmt: skip
        if ran and (row["ad_id"], ran[-1]) in bad:
            total += row["impressions"]
    return total


def _hours(run: dict[str, pa.Table], keys: set[tuple[str, int]], found: Simulation) -> float:
    start, end = str(found.period.start), str(found.period.end)
    return float(
        sum(
            min(row["active_ms"] or 0, 1_800_000) / 3.6e6
            for row in run["reviews"]
            .select(["ad_id", "ad_version", "queue_reason", "enqueued_at", "active_ms"])
            .to_pylist()
            if row["queue_reason"] in {"model", "rule"}
            and (row["ad_id"], row["ad_version"]) in keys
            and start <= str(row["enqueued_at"])[:10] < end
        )
    )


def _overturned(
    run: dict[str, pa.Table],
    action: np.ndarray,
    order: list[tuple[str, int]],
) -> float:
    rejected = {key for key, what in zip(order, action, strict=True) if what == "reject"}
    return float(
        sum(
            (row["ad_id"], row["ad_version"]) in rejected
            and row["outcome"] in {"reversed", "partly_reversed"}
            and not row["edited_resubmit"]
            for row in run["appeals"].to_pylist()
        )
    )


@contextmanager
def audited(*, right: bool) -> Iterator[None]:
    """Let the desks that label for the audit make no mistake, or those they usually make."""
    before = {name: getattr(reviewing, name) for name in ("_MISSES", "_ALARMS")}
    desks = {TEAMS.index("audit_desk"), TEAMS.index("experts")}
    try:
        if right:
            for name, rates in before.items():
                kept = tuple(0.0 if at in desks else rate for at, rate in enumerate(rates))
                setattr(reviewing, name, kept)
        yield
    finally:
        for name, rates in before.items():
            setattr(reviewing, name, rates)


def judged(seed: int, chosen: tuple[Tried, ...], *, right: bool) -> list[dict[str, Any]]:
    """Hold simulations of one platform against what happened."""
    rows = []
    with audited(right=right), same_texts(), tempfile.TemporaryDirectory() as scratch:
        workspace = ingested(Path(scratch) / "demo", seed)
        base, history, bad = None, [], {}
        for tried in chosen:
            began = time.process_time()
            found = workspace.adviser.simulate(tried.proposal())
            spent = time.process_time() - began
            if base is None:
                history = _history(workspace, found)
                usual = run_again(seed, None)
                bad = _truth(usual)
                base = happened(history, usual, None, found, bad)
            after = happened(history, run_again(seed, tried), tried, found, bad)
            told = _rows(seed, tried, found, base=base, after=after, spent=spent)
            rows += [{**row, "right": right} for row in told]
    return rows


def _rows(
    seed: int, tried: Tried, found: Simulation, *, base: Happened, after: Happened, spent: float
) -> Iterator[dict[str, Any]]:
    for name in _FIGURES:
        figure = found.figure(name)
        if figure is None:
            continue
        pairs = (
            ("after", figure.after, after.figures[name]),
            ("change", figure.change, after.figures[name] - base.figures[name]),
        )
        for what, told, real in pairs:
            if told.low is None or told.low == told.high or not np.isfinite(real):
                continue
            if (name, what) == ("review_hours", "after"):
                continue  # history holds audits, appeals and rechecks too
            if tried.version and name == "queue_yield":
                continue  # restricted ads of another version cannot be told from reviewed ones
            low, high = told.low, np.inf if told.high is None else told.high
            yield {
                "seed": seed, "tried": tried.name, "figure": name, "what": what, "real": real,
                "value": told.value, "low": low, "high": high,
                "held": bool(low - 1e-9 <= real <= high + 1e-9), "spent": spent,
                "flipped": found.flipped, "moved": after.moved,
            }  # fmt: skip


def _chosen(seed: int, *, each: int) -> tuple[Tried, ...]:
    """Try some proposals on each platform, all of them in turn."""
    return tuple(TRIED[(each * seed + place) % len(TRIED)] for place in range(each))


def _page(rows: list[dict[str, Any]]) -> str:
    right = [row for row in rows if row["right"]]
    usual = [row for row in rows if not row["right"]]
    spent = np.mean([row["spent"] for row in rows])
    lines = [
        "# Simulated against realised effect",
        "",
        "`python -m benchmarks.simulate --write`",
        "",
        f"Platforms of {ADS:,} ads over {DAYS} days, a seed each, six proposals in turn. The",
        "platform is run again with the proposal: same ads, people and chance. 95% intervals of the",
        "simulation, which saw the logs only, are held against what happened to the ads of history, by the",
        "truth. What is counted in full has no interval; the last table",
        "holds it against the second run.",
        "",
        *_table("Audit labels that are right", right),
        *_table("Audit labels with the usual mistakes", usual),
        "In the second table labels miss a violation of twenty and more of hard ones; the simulation corrects for",
        "what ads judged twice tell of it. An expert errs too, and two miss the same hard ads: that it cannot know.",
        "",
        "| proposal | intervals held, labels right | ads moved, simulated | ads moved, realised |",
        "|---|---|---|---|",
    ]
    for tried in TRIED:
        mine = [r for r in right if r["tried"] == tried.name]
        if mine:
            moved = [float(np.mean([r[key] for r in mine])) for key in ("flipped", "moved")]
            share = np.mean([r["held"] for r in mine])
            lines.append(
                f"| {tried.name} | {share:.1%} of {len(mine)} | {moved[0]:,.0f} | {moved[1]:,.0f} |"
            )
    return "\n".join([*lines, "", f"One simulation takes {spent:.1f} CPU seconds.", ""])


def _table(title: str, rows: list[dict[str, Any]]) -> list[str]:
    if not rows:
        return []
    seeds = len({row["seed"] for row in rows})
    held = np.array([row["held"] for row in rows])
    lines = [
        f"## {title}", "", f"**{held.mean():.1%}** of {len(held):,} intervals held, on {seeds} platforms.",
        "", "| figure | what | intervals | held | mean realised | mean simulated | median half width |",
        "|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    for name in _FIGURES:
        for what in ("after", "change"):
            mine = [r for r in rows if (r["figure"], r["what"]) == (name, what)]
            if mine:
                lines.append(_line(name, what, mine))
    return [*lines, ""]


def _line(name: str, what: str, mine: list[dict[str, Any]]) -> str:
    share = np.mean([r["held"] for r in mine])
    real, value = (np.mean([r[key] for r in mine]) for key in ("real", "value"))
    half = np.median([(r["high"] - r["low"]) / 2 for r in mine])
    form = ".3f" if abs(real) < 1 and half < 1 else ",.0f"
    return (
        f"| {name} | {what} | {len(mine)} | {share:.1%} | {real:{form}} | {value:{form}} |"
        f" {half:{form}} |"
    )


def main(words: list[str]) -> int:
    """Run the proof."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=110)
    parser.add_argument("--first", type=int, default=7000)
    parser.add_argument(
        "--usual", type=int, default=10, help="platforms with usual labels, of them"
    )
    parser.add_argument("--each", type=int, default=1, help="proposals tried on each platform")
    parser.add_argument("--keep", type=Path, help="file that rows are added to, to go on later")
    parser.add_argument("--note", default="", help="what else to know of these rows")
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args(words)
    rows: list[dict[str, Any]] = []
    if asked.keep and asked.keep.exists():
        rows = [json.loads(line) for line in asked.keep.read_text("utf-8").splitlines()]
    done = {row["seed"] for row in rows}
    for seed in range(asked.first, asked.first + asked.seeds):
        if seed in done:
            continue
        chosen = _chosen(seed, each=asked.each)
        new = judged(seed, chosen, right=seed >= asked.first + asked.usual)
        rows += new
        sys.stdout.write(f"{seed}: {np.mean([r['held'] for r in new]):.2f} of {len(new)}\n")
        sys.stdout.flush()
        if asked.keep:
            with asked.keep.open("a", encoding="utf-8") as file:
                file.writelines(json.dumps(row) + "\n" for row in new)
    page = _page(rows) + (f"\n{asked.note}\n" if asked.note else "")
    sys.stdout.write(page)
    if asked.write:
        RESULTS.write_text(page, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
