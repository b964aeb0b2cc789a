"""The three largest changes of two public histories, and what plain SQL counts on the same days.

`ira_facebook_ads`: political ads that a troll factory ran, by the day each was made.
`smokedetector_rules`: patterns that volunteers added to a spam filter, by the day each was added.
Each row is read as one decision; `shroff watch trends ads_decided` names the stretches of days that
stand out most; SQL over the same table counts events a day within each stretch and on the other days
that it is held against.
No text of either is shown. Needs the folder of labelled data, named by SHROFF_DATA.

    SHROFF_DATA=DIR python -m benchmarks.watch_history [--write]
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from shroff.watch.largest_changes import LargeChange
from shroff.watch.trend_lines import TrendQuestion
from shroff.workspace import Workspace

__all__ = ["HISTORIES", "by_sql", "largest", "main", "opened"]

RESULTS = Path(__file__).parent / "results" / "watch_history.md"

HISTORIES = {
    "ira_facebook_ads/ads.parquet": """
[mapping.decisions]
columns = { decision_id = "ad_id", decided_at = "created" }
expressions = { ad_id = "CAST(ad_id AS VARCHAR)", action = "'approve'", source = "'model'" }
""",
    "smokedetector_rules/patterns.parquet": """
[mapping.decisions]
expressions = { decision_id = "list || '/' || pattern", ad_id = "list || '/' || pattern", decided_at = "make_timestamp(added_at_unix * 1000000)", action = "'approve'", source = "'model'" }
""",
}  # fmt: skip
"""Files, and how each becomes decisions."""


def opened(file: str, *, data: Path, folder: Path) -> Workspace:
    """Ingest a history into a workspace of its own."""
    workspace = Workspace.create(folder / Path(file).parent, mapping=HISTORIES[file])
    workspace.ingest("decisions", [data / file])
    return workspace


def largest(workspace: Workspace) -> tuple[LargeChange, ...]:
    """Name the stretches of days that stand out."""
    question = TrendQuestion(metrics=("ads_decided",), within={}, ahead=0)
    (line,) = workspace.lookout.trends(question, period="all").lines
    return line.largest


def by_sql(workspace: Workspace, change: LargeChange) -> tuple[float, float]:
    """Count events a day within a stretch, and on the other complete days that it is held against."""
    within = f"day BETWEEN DATE '{change.first}' AND DATE '{change.last}'"
    days = "SELECT CAST(decided_at AS DATE) AS day FROM decisions"
    if change.of is not None:
        days += f" WHERE CAST(decided_at AS DATE) BETWEEN DATE '{change.of[0]}' AND DATE '{change.of[1]}'"
    row = workspace.sql(
        f"SELECT SUM(CASE WHEN {within} THEN 1 ELSE 0 END) AS inside, COUNT(*) AS n,"
        f" DATE_DIFF('day', MIN(day), MAX(day)) + 1 AS days FROM ({days}) AS d"
    ).to_pylist()[0]
    span = (change.last - change.first).days + 1
    inside, every, days_of_all = (float(row[name]) for name in ("inside", "n", "days"))
    return inside / span, (every - inside) / (days_of_all - span)


def table(data: Path) -> str:
    """Write what stands out in each history."""
    lines = [
        "| history | no. | from (95%) | to | held against the rest of | times as many a day (95%)"
        " | a day then: told, by SQL | a day else: told, by SQL |",
        "|---|---|---|---|---|---|---|---|",
    ]
    with tempfile.TemporaryDirectory() as scratch:
        for file in HISTORIES:
            workspace = opened(file, data=data, folder=Path(scratch))
            for place, each in enumerate(largest(workspace)):
                inside, outside = by_sql(workspace, each)
                whole = "all its days" if each.of is None else f"{each.of[0]} to {each.of[1]}"
                lines.append(
                    f"| {Path(file).parent} | {place + 1} | {each.first} ({each.first_low} to"
                    f" {each.first_high}) | {each.last} | {whole} | {each.ratio:.2f}"
                    f" ({each.ratio_low:.2f}–{each.ratio_high:.2f})"
                    f" | {each.inside:.2f}, {inside:.2f} | {each.outside:.2f}, {outside:.2f} |"
                )
    return "\n".join(lines)


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    text = table(Path(os.environ["SHROFF_DATA"]))
    sys.stdout.write(text + "\n")
    if asked.write:
        about = (__doc__ or "").split("    SHROFF_DATA=", maxsplit=1)[0].strip()
        RESULTS.write_text(f"# What stands out in two histories\n\n{about}\n\n{text}\n", "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
