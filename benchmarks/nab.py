"""The detector of changes on the Numenta anomaly benchmark, beside five detectors' own scores.

    SHROFF_DATA=... python -m benchmarks.nab [--write]

The folder ``nab_timeseries`` holds 39 series (every five minutes to every hour), the windows of
their anomalies and the scores of five detectors. All are scored by the same code: the scoring of
Lavin and Ahmad (2015), standard profile, the first 15% of a series (at most 750 points) left out.
The threshold of each of the five is the one that suits it best on these very series, one for all
series, as the benchmark does it; ours is given at one threshold that suits it best too, and at the
one that the detector has by default, which has never seen these series. A false alarm is a point
above the threshold outside all windows; an episode of them is a run with less than a day between.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from shroff.watch.change_detection import Detection, Family, SeriesBatch, detect

__all__ = ["Line", "main", "nab_score"]

RESULTS = Path(__file__).parent / "results" / "nab.md"
DETECTORS = ("numenta", "windowedGaussian", "bayesChangePt", "expose", "randomCutForest")
FALSE_WEIGHT = 0.11
DAY = np.timedelta64(1, "D")
START = date(1, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One series: its times and values, where its windows begin and end, scores of detectors."""

    name: str
    at: np.ndarray
    values: np.ndarray
    windows: tuple[tuple[int, int], ...]
    scores: dict[str, np.ndarray]

    @property
    def probation(self) -> int:
        """Points that are not scored."""
        return int(0.15 * min(len(self.at), 5000))

    @property
    def steps_a_day(self) -> int:
        """Points of a day."""
        return round(float(DAY / np.median(np.diff(self.at))))


def read(folder: Path) -> list[Line]:
    points = pq.read_table(folder / "points.parquet").to_pandas()
    windows = pq.read_table(folder / "windows.parquet").to_pandas()
    lines = []
    for name, frame in points.groupby("series", sort=True):
        at = frame["timestamp"].to_numpy("datetime64[us]")
        mine = windows[windows["series"] == name]
        ends = tuple(
            (
                int(np.searchsorted(at, row.window_start.to_datetime64())),
                int(np.searchsorted(at, row.window_end.to_datetime64(), side="right")) - 1,
            )
            for row in mine.itertuples()
        )
        lines.append(
            Line(
                name=str(name),
                at=at,
                values=frame["value"].to_numpy(np.float64),
                windows=tuple(sorted(ends)),
                scores={each: frame[f"score_{each}"].to_numpy(np.float64) for each in DETECTORS},
            )
        )
    return lines


def _sigmoid(place: float) -> float:
    return -1.0 if place > 3 else 2 / (1 + float(np.exp(5 * place))) - 1


def nab_score(line: Line, alarms: np.ndarray) -> tuple[float, int]:
    """Give the score of the standard profile before it is normalised, and the windows found."""
    total, found = 0.0, 0
    alarms = alarms[alarms >= line.probation]
    inside = np.zeros(len(alarms), np.bool_)
    windows = [(low, high) for low, high in line.windows if high >= line.probation]
    for low, high in windows:
        within = (alarms >= low) & (alarms <= high)
        inside |= within
        if within.any():
            first = int(alarms[within][0])
            total += _sigmoid(-(high - first + 1) / (high - low + 1)) / _sigmoid(-1.0)
            found += 1
        else:
            total -= 1
    for alarm in alarms[~inside]:
        before = [(low, high) for low, high in windows if high < alarm]
        if before:
            low, high = before[-1]
            total += FALSE_WEIGHT * _sigmoid((int(alarm) - high) / max(high - low, 1))
        else:
            total -= FALSE_WEIGHT
    return total, found


def false_alarms(line: Line, alarms: np.ndarray) -> tuple[int, int]:
    """Count the points outside all windows, and the episodes of them."""
    outside = [
        int(each)
        for each in alarms
        if each >= line.probation and not any(low <= each <= high for low, high in line.windows)
    ]
    if not outside:
        return 0, 0
    apart = np.diff(line.at[outside]) > DAY
    return len(outside), 1 + int(apart.sum())


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What one detector got at one threshold."""

    score: float
    found: int
    windows: int
    false_points: int
    false_episodes: int


def marked(lines: list[Line], alarms: list[np.ndarray]) -> Mark:
    scores = [nab_score(line, each) for line, each in zip(lines, alarms, strict=True)]
    wrong = [false_alarms(line, each) for line, each in zip(lines, alarms, strict=True)]
    windows = sum(sum(high >= line.probation for _, high in line.windows) for line in lines)
    total = sum(score for score, _ in scores)
    return Mark(
        score=100 * (total + windows) / (2 * windows),
        found=sum(found for _, found in scores),
        windows=windows,
        false_points=sum(points for points, _ in wrong),
        false_episodes=sum(episodes for _, episodes in wrong),
    )


def joined(line: Line, alarms: np.ndarray) -> np.ndarray:
    """Leave out alarms within a day of the one before: one incident."""
    kept: list[int] = []
    last = None
    for each in alarms:
        if last is None or line.at[each] - line.at[last] > DAY:
            kept.append(int(each))
        last = each
    return np.array(kept, np.int64)


def both(lines: list[Line], alarms: list[np.ndarray]) -> tuple[Mark, Mark]:
    """Mark alarms as they are, and with those of one incident as one."""
    once = [joined(line, each) for line, each in zip(lines, alarms, strict=True)]
    return marked(lines, alarms), marked(lines, once)


def theirs(lines: list[Line], detector: str) -> list[tuple[str, tuple[Mark, Mark]]]:
    """Mark a detector at many thresholds."""
    whole = np.concatenate([line.scores[detector] for line in lines])
    cuts = np.unique(np.quantile(whole, 1 - np.geomspace(1e-5, 0.03, 50)))
    return [
        (
            f"{cut:.5f}",
            both(lines, [np.flatnonzero(line.scores[detector] >= cut) for line in lines]),
        )
        for cut in cuts
    ]


def settings_for(line: Line, false_per_year: float) -> Detection:
    """Carry the settings for days over to the step of a series: its season is a day."""
    period = line.steps_a_day
    return Detection(
        false_per_series_year=false_per_year,
        history=2 * period,
        period=period,
        phases=min(24, period),
        horizon=3 * period,
        memory=7 * period,
        settle=period,
        widths=tuple(
            sorted({1, 2, 4, *(max(1, round(period * x)) for x in (1 / 24, 1 / 8, 1 / 3, 1))})
        ),
    )


def ours(lines: list[Line], false_per_year: float) -> list[np.ndarray]:
    return [
        np.array(
            [
                (each.found - START).days
                for each in detect(
                    SeriesBatch(
                        numerator=line.values[None, :],
                        denominator=None,
                        first_day=START,
                        complete=np.ones((1, len(line.values)), np.bool_),
                        family=Family.VALUE,
                    ),
                    settings=settings_for(line, false_per_year),
                )
            ],
            np.int64,
        )
        for line in lines
    ]


RATES = (0.1, 0.01, 1e-4, 1e-8, 1e-12, 1e-20, 1e-50)


def table(rows: list[tuple[str, str, Mark]]) -> list[str]:
    return [
        "| detector | threshold | score | windows found | false alarms | false episodes |",
        "|---|---|---|---|---|---|",
        *(
            f"| {name} | {cut} | {mark.score:.1f} | {mark.found} of {mark.windows} "
            f"| {mark.false_points} | {mark.false_episodes} |"
            for name, cut, mark in sorted(rows, key=lambda row: -row[2].score)
        ),
    ]


def report(lines: list[Line]) -> str:
    began = time.process_time()
    default = both(lines, ours(lines, 0.01))
    spent = time.process_time() - began
    marks = {
        "ours, best threshold": [(f"{r:g} a year", both(lines, ours(lines, r))) for r in RATES]
    }
    marks |= {name: theirs(lines, name) for name in DETECTORS}
    parts: list[str] = []
    for place, title in enumerate(("Every alarm counts", "Alarms within a day are one")):
        rows = [("ours, default", "0.01 a year", default[place])]
        for name, ways in marks.items():
            cut, pair = max(ways, key=lambda way: way[1][place].score)
            rows.append((name, cut, pair[place]))
        parts += [f"## {title}", "", *table(rows), ""]
    points = sum(len(line.at) for line in lines)
    parts.append(f"{len(lines)} series, {points:,} points; ours took {spent:.1f} CPU s for all.")
    return "\n".join(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args()
    if "SHROFF_DATA" not in os.environ:
        sys.exit("SHROFF_DATA names no folder")
    lines = read(Path(os.environ["SHROFF_DATA"]) / "nab_timeseries")
    text = report(lines)
    print(text)
    if chosen.write:
        RESULTS.write_text(
            f"# Changes on the Numenta anomaly benchmark\n\n{__doc__.split('    SHROFF')[0]}\n{__doc__.split('--write]')[1].strip()}\n\n{text}\n"
        )


if __name__ == "__main__":
    main()
