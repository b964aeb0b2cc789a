"""Is the planted campaign of the demo platform found, at its market and policy, and dated?

    python -m benchmarks.planted_campaigns [--seeds 8] [--ads 60000] [--write]

For each seed a platform is written and ingested, `shroff watch campaigns --period all` is asked,
and its waves are held against the story of near-duplicates: a wave tells of it when its market is
the story's and the policy that it is mostly rejected for is too. Other stories, such as a wave of
disguised copies, make true waves of their own; what is left are waves nobody planted: accounts of
one brand that use one template, and the like.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

from shroff.measure.briefing import brief_of
from shroff.synthetic.platform import write_platform
from shroff.watch.campaigns import CampaignQuestion, campaigns
from shroff.workspace import Workspace

__all__ = ["main"]

RESULTS = Path(__file__).parent / "results" / "planted_campaigns.md"
TABLES = ("ads", "decisions", "reviews", "impressions")
WITHIN_DAYS = 2


def one_seed(seed: int, *, ads: int, folder: Path) -> dict[str, object]:
    write_platform(folder, ads=ads, seed=seed)
    workspace = Workspace.open(folder)
    for table, files in workspace.sources().items():
        if table in TABLES:
            workspace.ingest(table, files)
    told = json.loads((folder / "truth" / "stories.json").read_text(encoding="utf-8"))
    story = next(each for each in told if each["kind"] == "near_duplicates")
    with workspace.engine() as engine:
        period = brief_of(workspace.settings, engine, by=(), period="all").period
        started = time.process_time()
        found = campaigns(engine, period, CampaignQuestion())
        cpu = time.process_time() - started
    waves = [each for each in found.campaigns if each.wave is not None]
    answer: dict[str, object] = {"seed": seed, "waves": len(waves), "cpu": cpu, "rank": None}
    for rank, each in enumerate(waves, start=1):
        wave = each.wave
        assert wave is not None
        policy = wave.by_policy[0].name if wave.by_policy else ""
        if wave.market == story["slice"]["market"] and policy == story["slice"]["policy_id"]:
            first, last = (date.fromisoformat(story[name]) for name in ("first_day", "last_day"))
            answer |= {
                "rank": rank,
                "first": (wave.first - first).days,
                "last": (wave.last - last).days,
                "ads": wave.ads,
                "accounts": wave.accounts,
            }
            break
    return {**answer, "where": f"{story['slice']['market']} {story['slice']['policy_id']}"}


def table(found: list[dict[str, object]], ads: int) -> str:
    hits = [each for each in found if each["rank"]]
    dated = [each for each in hits if abs(int(str(each["first"]))) <= WITHIN_DAYS]
    lines = [
        f"# The planted campaign, {ads:,} ads, {len(found)} seeds",
        "",
        f"`python -m benchmarks.planted_campaigns --seeds {len(found)} --ads {ads} --write`,"
        f" {datetime.now(UTC):%Y-%m-%d}.",
        "",
        f"Found at its market and policy: {len(hits)} of {len(found)}; begun within"
        f" {WITHIN_DAYS} days of the truth: {len(dated)}.",
        "",
        "| seed | story | place among waves | waves | begins, days off | ends, days off | ads | accounts |"
        " CPU s |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for each in found:
        cells = [each.get(name, "–") for name in ("first", "last", "ads", "accounts")]
        told = " | ".join(str(cell) for cell in cells)
        lines.append(
            f"| {each['seed']} | {each['where']} | {each['rank'] or 'not found'} |"
            f" {each['waves']} | {told} | {each['cpu']:.1f} |"
        )
    return "\n".join([*lines, ""])


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--ads", type=int, default=60_000)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args(arguments)
    found = []
    for seed in range(1, asked.seeds + 1):
        with tempfile.TemporaryDirectory() as folder:
            found.append(one_seed(seed, ads=asked.ads, folder=Path(folder) / "demo"))
        sys.stdout.write(json.dumps(found[-1]) + "\n")
        sys.stdout.flush()
    told = table(found, asked.ads)
    sys.stdout.write(told)
    if asked.write:
        RESULTS.write_text(told, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
