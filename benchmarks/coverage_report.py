"""The coverage table as Markdown: what was asked, what came out, and what chance leaves open."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

import numpy as np
from benchmarks.coverage_rows import ENOUGH, LEAST, MOST, Row

AGAIN = 8000
SURE = 2  # standard errors

LIMIT = """\
**Where to be careful.** Ten violating ads drawn with equal chance from one large stratum seldom
hold the one that has most of the impressions. As many labels as `effective` says, of ads of equal
exposure, would leave as much doubt: often one or two for ten, and their intervals are as wide as
that. Draw more, in finer strata, or in proportion to exposure.

Counts come whole, so that no interval covers exactly 95% of them. Clopper and Pearson's, which
these are where weights are equal, leans to the safe side: with five or six labels expected it may
cover 98%."""

COLUMNS = """\
`below` and `above` are the shares of intervals that lie wholly below or above the truth.
`width` is the mean of those with two ends: few tasks set no upper end to a P95. Widths of
turnaround are hours. `thinnest` is the number of labels expected of the rarer outcome in the
stratum with fewest: of turnaround the slower tasks, of appeals those to be seen. `effective` is
the squared sum of their weighted exposures over the sum of the squares (Kish), each expected over
all draws: the labels of equal weight with as much doubt, the same as `thinnest` where weights are
equal. Of clusters it counts advertisers by their totals."""


def table(rows: Sequence[Row], *, doubted: Sequence[Row], repetitions: int, seconds: float) -> str:
    """Write the result as Markdown."""
    enough = [one for one in rows if one.enough]
    thin = [one for one in rows if one.effective < ENOUGH]
    raw = [one for one in rows if ENOUGH <= one.thinnest < np.inf]
    head = [
        "# Coverage of 95% intervals",
        "",
        f"`python -m benchmarks.coverage --repetitions {repetitions}`, "
        f"{datetime.now(UTC):%Y-%m-%d}, {seconds:.0f} CPU s.",
        "",
        f"{len(rows)} intervals (design x metric x slice), {repetitions:,} repetitions each: a "
        "standard error of 0.5 points at 95%. What fell outside 93-97% (93-100% where labels are "
        f"few) was drawn {AGAIN:,} times more and is given as that says, with a standard error of "
        f"0.2 points at 97% ({len(doubted)} intervals).",
        "",
        f"* At least {ENOUGH:.0f} effective labels of the rarer outcome expected in the thinnest "
        f"stratum: {_span(enough)} (asked: 93-97%).",
        "* Fewer: " + _span(thin) + " (asked: at least 93%; wide is the price of few labels).",
        "* " + _under(rows),
        "* " + _over(enough, name="effective labels"),
        "* By the plain count of labels, whatever their weights: " + _over(raw, name="labels"),
        "",
        LIMIT,
        "",
        COLUMNS,
        "",
    ]
    return "\n".join(head + _tables(rows)) + "\n"


def _under(rows: Sequence[Row]) -> str:
    short = [one for one in rows if round(one.coverage, 3) < LEAST]
    sure = [one for one in short if one.coverage + SURE * one.error < LEAST]
    return f"Below 93%: {len(short)}, by more than chance {len(sure)}{_by_case(short, worst=min)}."


def _over(enough: Sequence[Row], *, name: str) -> str:
    over = [one for one in enough if round(one.coverage, 3) > MOST]
    sure = [one for one in over if one.coverage - SURE * one.error > MOST]
    return (
        f"Above 97% in spite of {ENOUGH:.0f} {name}: {len(over)} of {len(enough)}, by more than "
        f"chance (two standard errors) {len(sure)}{_by_case(over, worst=max)}."
    )


def _by_case(rows: Sequence[Row], *, worst: Callable[[Iterable[float]], float]) -> str:
    """Say how many rows of each design, and the furthest out."""
    found = [
        (case, [one.coverage for one in rows if one.case == case])
        for case in dict.fromkeys(one.case for one in rows)
    ]
    return "".join(f"; {case}: {len(mine)}, to {worst(mine):.3f}" for case, mine in found)


def _span(rows: Sequence[Row]) -> str:
    if not rows:
        return "none"
    found = [one.coverage for one in rows]
    return f"{len(rows)} intervals cover {min(found):.1%} to {max(found):.1%}, mean {np.mean(found):.1%}"


def _tables(rows: Sequence[Row]) -> list[str]:
    lines: list[str] = []
    for case in dict.fromkeys(one.case for one in rows):
        lines += [f"## {case}", ""]
        lines += [
            "| metric | slice | truth | coverage | below | above | width | thinnest | effective |"
        ]
        lines += ["|---|---|---|---|---|---|---|---|---|"]
        lines += [
            f"| {one.metric} | {one.part} | {one.truth:.4f} | {one.coverage:.3f} | {one.below:.3f} "
            f"| {one.above:.3f} | {one.width:.4f} | {one.thinnest:.1f} "
            f"| {one.effective:.1f} |"
            for one in rows
            if one.case == case
        ]
        lines.append("")
    return lines
