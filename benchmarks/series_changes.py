"""False changes, delays, errors and cost of the detector of changes, on series of known truth.

    python -m benchmarks.series_changes [--years 5000] [--write]

Quiet series of two years by how their days vary, series that change on a known day, and the CPU
time of 10,000 series; statsmodels' robust STL with a median deviate and ruptures' KernelCPD on a part
of the same series in the same run (``pip install statsmodels ruptures``; the benchmark's only).
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
from benchmarks.series_designs import CHANGES, DAYS, FIRST, NULLS, WEEK, Change, Null, made

from shroff.watch.change_detection import Detected, Detection, detect

__all__ = ["change_row", "false_changes", "main"]

RESULTS = Path(__file__).parent / "results" / "series_changes.md"
SEED = 20261123
YEAR = 365.25
HISTORY = Detection().history


def false_changes(null: Null, many: int, seed: int) -> tuple[int, float]:
    """Count what is found in series that never change, and their years after the first history."""
    rng = np.random.default_rng(seed)
    found = detect(made(null.draw(rng, many)), holidays=null.holidays)
    return len(found), many * (DAYS - HISTORY) / YEAR


def null_rows(years: int) -> list[str]:
    many = round(years * YEAR / (DAYS - HISTORY))
    rows = [
        "| null | series vary by | false changes | series-years | per 100 series-years | MC error |",
        "|---|---|---|---|---|---|",
    ]
    for number, null in enumerate(NULLS):
        count, spent = false_changes(null, many, SEED + number)
        rate, error = 100 * count / spent, 100 * np.sqrt(max(count, 1)) / spent
        kind = null.kind if null.asked else f"{null.kind} what is asked"
        rows.append(
            f"| {kind} | {null.name} | {count} | {spent:,.0f} | {rate:.2f} | {error:.2f} |"
        )
    return rows


def _factor(change: Change, onset: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    days = np.arange(DAYS)
    inside = (days >= onset[:, None]) & (days < onset[:, None] + change.days)
    return np.where(inside, change.factor, 1.0)


def first_after(
    found: tuple[Detected, ...], onset: npt.NDArray[np.int64]
) -> dict[int, tuple[int, Detected]]:
    """Take for each series the first change found from its true onset on, with the delay."""
    first: dict[int, tuple[int, Detected]] = {}
    for each in found:
        delay = (each.found - FIRST).days - int(onset[each.series])
        if delay >= 0 and each.series not in first:
            first[each.series] = (delay, each)
    return first


def change_row(change: Change, many: int, seed: int) -> dict[str, float]:
    """Tell how soon and how well a change is found."""
    rng = np.random.default_rng(seed)
    onset = rng.integers(200, 600, many)
    found = detect(made(change.draw(rng, _factor(change, onset))))
    first = first_after(found, onset)
    errors = np.array([(each.onset - FIRST).days - onset[row] for row, (_, each) in first.items()])
    onsets = [
        each.onset_low <= day_of(int(onset[row])) <= each.onset_high
        for row, (_, each) in first.items()
    ]
    sizes = [
        (each.size.ratio_low or 0) <= change.factor <= (each.size.ratio_high or 0)
        for _, each in first.values()
    ]
    delays = np.array([delay for delay, _ in first.values()])
    return {
        "three": float((delays <= 2).sum() / many),
        "third": float((delays <= 3).sum() / many),
        "ever": len(first) / many,
        "exact": float((errors == 0).mean()),
        "near": float((abs(errors) <= 2).mean()),
        "onset": float(np.mean(onsets)),
        "size": float(np.mean(sizes)),
    }


def day_of(column: int) -> date:
    return date.fromordinal(FIRST.toordinal() + column)


def change_rows(many: int) -> list[str]:
    rows = [
        "| change | on its first three days | within three days of its first | ever | onset exact "
        "| within 2 days | 95% interval of onset holds it | 95% interval of size holds it |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for number, change in enumerate(CHANGES):
        told = change_row(change, many, SEED + 100 + number)
        name = change.name if change.asked else f"{change.name} (not asked)"
        rows.append(
            f"| {name} | " + " | ".join(f"{100 * each:.1f}%" for each in told.values()) + " |"
        )
    return rows


def cost_of(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def stl_alarms(row: npt.NDArray[np.float64], limit: float) -> npt.NDArray[np.int64]:
    from statsmodels.tsa.seasonal import STL

    rest = STL(row, period=7, robust=True).fit().resid
    middle = np.median(rest)
    spread = 1.4826 * np.median(abs(rest - middle))
    return np.flatnonzero(abs(rest - middle) > limit * spread)


def kernel_breaks(row: npt.NDArray[np.float64], penalty: float) -> list[int]:
    import ruptures

    flat = row / WEEK[np.arange(len(row)) % 7]
    scaled = (flat - np.median(flat)) / (1.4826 * np.median(abs(np.diff(flat))) / np.sqrt(2))
    found = ruptures.KernelCPD(kernel="linear", min_size=2).fit(scaled).predict(pen=penalty)
    return [int(each) for each in found[:-1]]


def peer_rows(many: int) -> list[str]:
    """Put three ways side by side on Poisson series of a known week, half of which rise by half."""
    rng = np.random.default_rng(SEED + 500)
    quiet = rng.poisson(50 * WEEK[np.arange(DAYS) % 7], (many, DAYS)).astype(np.float64)
    onset = rng.integers(200, 600, many)
    risen = rng.poisson(
        50 * WEEK[np.arange(DAYS) % 7] * np.where(np.arange(DAYS) >= onset[:, None], 1.5, 1)
    ).astype(np.float64)

    def ours(rows: npt.NDArray[np.float64]) -> list[list[int]]:
        found: list[list[int]] = [[] for _ in rows]
        for each in detect(made((rows, None))):
            found[each.series].append((each.onset - FIRST).days)
        return found

    ways: dict[str, Callable[[npt.NDArray[np.float64]], list[list[int]]]] = {
        "ours (online)": ours,
        "robust STL, deviate over 6": lambda rows: [stl_alarms(r, 6).tolist() for r in rows],
        "robust STL, deviate over 4": lambda rows: [stl_alarms(r, 4).tolist() for r in rows],
        "ruptures KernelCPD, penalty 20": lambda rows: [kernel_breaks(r, 20) for r in rows],
        "ruptures KernelCPD, penalty 30": lambda rows: [kernel_breaks(r, 30) for r in rows],
    }
    table = [
        "| way | CPU ms a series | alarms per 100 quiet series-years | x1.5 found within 3 days of its onset |",
        "|---|---|---|---|",
    ]
    for name, way in ways.items():
        began = time.process_time()
        calm = sum(len(each) for each in way(quiet))
        spent = (time.process_time() - began) / many * 1000
        hits = np.mean(
            [
                any(abs(day - at) <= 3 for day in days)
                for days, at in zip(way(risen), onset, strict=True)
            ]
        )
        years = many * DAYS / YEAR
        table.append(f"| {name} | {spent:.2f} | {100 * calm / years:.1f} | {100 * hits:.0f}% |")
    return table


def cost_rows() -> list[str]:
    rng = np.random.default_rng(SEED + 900)
    rows = ["| 10,000 series of two years | CPU s |", "|---|---|"]
    for number in (0, 2, 11, 17, 21):
        null = NULLS[number]
        batch = made(null.draw(rng, 10_000))
        rows.append(f"| {null.name} | {cost_of(lambda batch=batch: detect(batch)):.1f} |")
    return rows


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--years", type=int, default=5000)
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args()
    warnings.simplefilter("ignore")
    detect(made(NULLS[0].draw(np.random.default_rng(1), 2)))  # compiled before it is timed
    text = "\n".join(
        [
            "# Changes in daily series",
            "",
            f"`python -m benchmarks.series_changes --years {chosen.years}`, one thread. Every limit is"
            " the detector's default, for all rows alike.",
            "",
            "## False changes in series that never change",
            "",
            *null_rows(chosen.years),
            "",
            "## Changes of known day and size, 2,000 series each",
            "",
            "A change on day 0 is seen *on its first three days* by the evening of day 2, *by the third"
            " day after its first* by the evening of day 3.",
            "",
            *change_rows(2000),
            "",
            "## Cost",
            "",
            *cost_rows(),
            "",
            "## Beside other tools",
            "",
            "100 Poisson series of 50 a day and a week, with and without a rise by half. The others"
            " look back over the whole series and are told the week; ours knows each day only the days"
            " before it.",
            "",
            *peer_rows(100),
            "",
        ]
    )
    print(text)
    if chosen.write:
        RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
