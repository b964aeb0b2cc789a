"""Do figures from few labels and all scores cover, whatever the scores are worth?

``python -m benchmarks.fewer_labels [ROUNDS [PART PARTS]]`` prints a table and writes it to
``benchmarks/results/fewer_labels.md``. With PART of PARTS only some situations are run, and the
table is completed by the other parts.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from benchmarks.fewer_labels_designs import (
    METRICS,
    SCENARIOS,
    SHAPE,
    Scenario,
    build,
    draw,
)

from shroff.stats.predicted import predicted_ratios

__all__ = ["Line", "main", "run"]

RESULT = Path(__file__).parent / "results" / "fewer_labels.md"
SEED = 20261122
HEAD = """# Figures from few labels and the scores of all ads

`python -m benchmarks.fewer_labels`: populations of 60,000 ads whose truth is known, {labels} labels
unless said, drawn by stratum. 95% intervals; a coverage of {rounds} rounds is known to about
{error} points. *Alone* is the scorecard's figure, *scores* the same with scores; *width* is the
mean width with scores over that without. *Worth* is how many labels the product says each label
is worth, the median; *truly* is the variance of the figure without scores over that with them.
*Used* is how often scores were used at all.

A constant or useless score still knows how many ads had each action: that is where its gain on
shares over several actions comes from.

| situation | metric | covers alone | covers with scores | width | bias in standard errors | worth | truly | used |
|---|---|---|---|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Line:
    """One metric in one situation, with and without scores."""

    situation: str
    metric: str
    alone: float
    scored: float
    width: float
    bias: float
    worth: float
    truly: float
    used: float

    def text(self) -> str:
        """Write a row of the table."""
        truly = f"{self.truly:.2f}" if self.truly < 1000 else "over 1,000"
        numbers = f"{self.alone:.3f} | {self.scored:.3f} | {self.width:.2f} | {self.bias:+.2f}"
        return (
            f"| {self.situation} | {self.metric} | {numbers} | {self.worth:.2f} | {truly}"
            f" | {self.used:.2f} |"
        )


def run(scenario: Scenario, *, rounds: int, seed: int = SEED) -> list[Line]:
    """Draw labels again and again from one population.

    Parameters
    ----------
    scenario : Scenario
        Population, scores and design.
    rounds : int
        Draws.
    seed : int
        Seed.

    Returns
    -------
    list of Line
        One a metric.
    """
    rng = np.random.default_rng(seed)
    world = build(scenario, rng)
    totals = world.totals()
    rows: list[list[tuple[float, ...]]] = [[] for _ in METRICS]
    for _ in range(rounds):
        labels, strata = draw(world, scenario, rng)
        found = predicted_ratios(
            labels, totals, strata, shape=SHAPE, metrics=list(METRICS.values()), groups=2
        )
        for row, each in zip(rows, found, strict=True):
            ends = [(e.value[0], e.low[0], e.high[0]) for e in (each.plain, each.figures)]
            row.append((*ends[0], *ends[1], each.worth[0] / each.plain.n[0], float(each.used[0])))
    return [
        _line(scenario.name, name, np.array(row), world.truth(sides))
        for (name, sides), row in zip(METRICS.items(), rows, strict=True)
    ]


def _line(situation: str, metric: str, found: np.ndarray, truth: float) -> Line:
    alone, scored = found[:, :3], found[:, 3:6]
    spread = scored[:, 0].std()
    # a score that knows everything leaves nothing to chance but how floats are rounded
    still = spread < 1e-9
    return Line(
        situation=situation,
        metric=metric,
        alone=_covered(alone, truth),
        scored=_covered(scored, truth),
        width=float((scored[:, 2] - scored[:, 1]).mean() / (alone[:, 2] - alone[:, 1]).mean()),
        bias=0.0 if still else float((scored[:, 0].mean() - truth) / spread),
        worth=float(np.median(found[:, 6])),
        truly=float("inf") if still else float((alone[:, 0].std() / spread) ** 2),
        used=float(found[:, 7].mean()),
    )


def _covered(ends: np.ndarray, truth: float) -> float:
    slack = 1e-12
    return float(((ends[:, 1] <= truth + slack) & (truth <= ends[:, 2] + slack)).mean())


def main(arguments: Sequence[str]) -> int:
    """Run the situations and write the table."""
    rounds = int(arguments[0]) if arguments else 400
    part, parts = (int(each) for each in arguments[1:3]) if len(arguments) > 2 else (1, 1)
    done = {} if part == 1 else _known()
    for number, scenario in enumerate(SCENARIOS):
        if number % parts == part - 1:
            done[scenario.name] = [line.text() for line in run(scenario, rounds=rounds)]
            sys.stdout.write("\n".join(done[scenario.name]) + "\n")
    error = f"{100 * (0.95 * 0.05 / rounds) ** 0.5:.1f}"
    rows = [row for each in SCENARIOS for row in done.get(each.name, [])]
    head = HEAD.format(rounds=rounds, error=error, labels=f"{SCENARIOS[0].labels:,}")
    RESULT.write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
    return 0


def _known() -> dict[str, list[str]]:
    """Read what other parts found."""
    found: dict[str, list[str]] = {}
    for row in RESULT.read_text(encoding="utf-8").splitlines() if RESULT.exists() else []:
        name = row.removeprefix("| ").split(" | ")[0]
        if any(name == each.name for each in SCENARIOS):
            found.setdefault(name, []).append(row)
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
