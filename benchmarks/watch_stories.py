"""Says which planted stories `shroff watch changes` finds on demo platforms, and what else it raises.

For each seed a platform with its five stories and one without any (`shroff demo --stories none`) is
written, ingested and counted by day; then changes are looked for as `shroff watch changes` does.
A story is found when an incident shows it: a series of its slice, or of a column of it, that moves
the right way and began within two weeks of it. It is dated when that series began within two days,
and attributed when the incident is told by the planted slice itself. What else is raised is counted,
on both kinds of platform; rises that the truth bears out (the policy's violating ads, the ads of an
advertiser that came and went) are real but nobody's story, and the count does not forgive them.

    python -m benchmarks.watch_stories [--seeds 12] [--ads 200000] [--keep DIR] [--write]

``--keep`` keeps the series of each platform in a folder, so that a second run need not make them.
"""

from __future__ import annotations

import argparse
import json
import pickle
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from shroff.domain.slices import Period, Slice
from shroff.measure.briefing import brief_of
from shroff.measure.periods import covered
from shroff.stats.proportions import wilson
from shroff.synthetic.platform import write_platform
from shroff.watch.change_candidates import Candidate
from shroff.watch.changes_watch import events_in
from shroff.watch.daily_gathering import Daily, gather_daily
from shroff.watch.daily_series import DailyBlock
from shroff.watch.incident_grouping import Event
from shroff.watch.logged_changes import LoggedChange, logged_changes
from shroff.watch.watched_slices import asked_for_changes
from shroff.workspace import Workspace

__all__ = ["Judged", "judge", "main"]

RESULTS = Path(__file__).parent / "results" / "watch_stories.md"
STORIES = ("wave", "launch", "misread", "campaign", "shift")
LOOSE, STRICT = 14, 2
FALSE_A_HUNDRED_YEARS = 1.0


@dataclass
class Judged:
    """What came of one platform."""

    found: dict[str, tuple[bool, bool]]
    others: int
    series: int
    years: float
    cpu: float


def counted(folder: Path) -> dict[str, Any]:
    """Ingest a platform and count what is watched, as plain values that can be kept."""
    workspace = Workspace.open(folder)
    for table, files in workspace.sources().items():
        workspace.ingest(table, files)
    with workspace.engine() as engine:
        brief = brief_of(workspace.settings, engine, period="all")
        asked = asked_for_changes(engine, brief)
        daily = gather_daily(engine, brief, asked, known=covered(engine))
        logged = logged_changes(engine, brief.period)
    return {
        "period": (daily.period.start, daily.period.end),
        "blocks": [
            {
                "metric": block.metric,
                "dimensions": block.dimensions,
                "slices": [part.terms for part in block.slices],
                "first": block.first,
                "above": block.above.astype("f4"),
                "below": None if block.below is None else block.below.astype("f4"),
                "complete": block.complete,
            }
            for block in daily.blocks
        ],
        "log": [{"d": each.day, "kind": each.kind, "what": each.what} for each in logged],
        "truth": json.loads((folder / "truth" / "stories.json").read_text(encoding="utf-8")),
    }


def platform(seed: int, stories: str, *, ads: int, keep: Path) -> dict[str, Any]:
    """Give what is watched on a platform: kept, or made now."""
    kept = keep / f"{stories}-{seed}-{ads}.pkl"
    if not kept.exists():
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch) / "demo"
            write_platform(folder, ads=ads, seed=seed, stories=stories)
            kept.write_bytes(pickle.dumps(counted(folder)))
    told: dict[str, Any] = pickle.loads(kept.read_bytes())  # noqa: S301 - our own file
    return told


def series_of(told: dict[str, Any]) -> tuple[Daily, list[LoggedChange]]:
    """Make series of what was kept."""
    blocks = tuple(
        DailyBlock(
            metric=each["metric"],
            dimensions=each["dimensions"],
            slices=tuple(Slice(terms) for terms in each["slices"]),
            first=each["first"],
            above=each["above"].astype(float),
            below=None if each["below"] is None else each["below"].astype(float),
            complete=each["complete"],
        )
        for each in told["blocks"]
    )
    logged = [
        LoggedChange(id=str(n), day=each["d"], kind=each["kind"], what=each["what"])
        for n, each in enumerate(told["log"])
    ]
    return Daily(period=Period(*told["period"]), blocks=blocks, queries=()), logged


def shows(story: dict[str, Any], change: Candidate) -> tuple[bool, bool]:
    """Tell whether a change is of a story's slice or a column of it, and whether exactly of it."""
    where, planted = dict(change.slice.terms), dict(story["slice"])
    if story["id"] == "misread":
        return where.get("reviewer_group") == planted["reviewer_group"], True
    if story["id"] in {"launch", "shift"}:
        return where.get("market") == planted["market"] and "policy" not in where, True
    wanted = {name: value for name, value in planted.items() if name != "policy_id"}
    wanted["policy"] = planted["policy_id"]
    of_it = where.get("policy") == wanted["policy"] and where.items() <= wanted.items()
    return of_it and change.z > 0, where == wanted


def judge(told: dict[str, Any]) -> Judged:
    """Look for changes on a platform and hold them against its stories."""
    daily, logged = series_of(told)
    began = time.process_time()
    events, series, _ = events_in(daily, logged=logged)
    cpu = time.process_time() - began
    found: dict[str, tuple[bool, bool]] = {}
    used: set[int] = set()
    for story in told["truth"]:
        best = _best(story, events)
        if best is not None:
            found[story["id"]] = best[1:]
            used.add(best[0])
    years = series * daily.period.days / 365.25
    return Judged(found, len(events) - len(used), series, years, cpu)


def _best(story: dict[str, Any], events: tuple[Event, ...]) -> tuple[int, bool, bool] | None:
    first = date.fromisoformat(story["first_day"])
    best: tuple[tuple[bool, int], int, bool, bool] | None = None
    for place, event in enumerate(events):
        for change in event.members:
            of_it, exact = shows(story, change)
            gap = abs((change.onset - first).days)
            if not of_it or gap > LOOSE:
                continue
            told = exact and change is event.head
            rank = (gap <= STRICT, -gap)
            if best is None or rank > best[0]:
                best = (rank, place, gap <= STRICT, told)
    return None if best is None else best[1:]


def share(hits: int, out_of: int) -> str:
    """Write a share with its interval."""
    if not out_of:
        return "–"
    known = wilson(hits, out_of)
    return f"{hits} of {out_of} ({100 * (known.low or 0):.0f}–{100 * (known.high or 1):.0f}%)"


def table(judged: dict[str, list[Judged]], *, ads: int) -> str:
    """Write the results."""
    planted, quiet = judged["all"], judged["none"]
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for each in planted:
        for name, (dated, attributed) in each.found.items():
            counts[name][0] += 1
            counts[name][1] += dated
            counts[name][2] += attributed
    size = len(planted)
    rows = [
        f"| {name} | {share(counts[name][0], size)} | {share(counts[name][1], size)}"
        f" | {share(counts[name][2], size)} |"
        for name in STORIES
    ]
    both = [*planted, *quiet]
    lines = [
        "| story | found | dated within two days | told by the planted slice |",
        "|---|---|---|---|",
        *rows,
        "",
        f"{size} platforms with stories and {len(quiet)} without, {ads:,} ads each;"
        f" {sum(e.series for e in both) / len(both):,.0f} series a platform.",
        "",
        "| platforms | other incidents a platform | allowed at one in a hundred series-years |",
        "|---|---|---|",
        *(
            f"| {name} | {sum(e.others for e in group) / len(group):.1f}"
            f" | {sum(e.years for e in group) / len(group) / 100 * FALSE_A_HUNDRED_YEARS:.1f} |"
            for name, group in (("with stories", planted), ("without", quiet))
            if group
        ),
        "",
        f"Looking for changes took {sum(e.cpu for e in both) / len(both):.1f} CPU s a platform.",
    ]
    return "\n".join(lines)


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=12)
    parser.add_argument("--ads", type=int, default=200_000)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        keep = asked.keep or Path(scratch)
        judged: dict[str, list[Judged]] = {"all": [], "none": []}
        for seed in range(1, asked.seeds + 1):
            for stories, group in judged.items():
                told = platform(seed, stories, ads=asked.ads, keep=keep)
                group.append(judge(told))
                sys.stderr.write(f"{seed} {stories}: {group[-1]}\n")
    text = table(judged, ads=asked.ads)
    sys.stdout.write(text + "\n")
    if asked.write:
        about = (__doc__ or "").split("    python -m", maxsplit=1)[0].strip()
        RESULTS.write_text(f"# Planted stories found\n\n{about}\n\n{text}\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
