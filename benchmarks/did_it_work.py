"""Does "did it work?" find true effects, reject placebos as often as said, and cover the truth?

Simulated roll-outs whose effect is known: series whose noise remembers, markets that move together,
advertisers of very different size and honesty. Beside each method stands what is often done instead.

Run: python benchmarks/did_it_work.py [--write]
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from tests.stats.rollout_worlds import markets, stepping, two_sides

from shroff.stats.rollout_panel import Panel, difference_in_differences, synthetic_control
from shroff.stats.step_series import step_of
from shroff.stats.two_arms import ArmRows, compare_arms

RUNS, MARKETS = 400, 1000
RESULTS = Path(__file__).parent / "results" / "did_it_work.md"
Ends = tuple[float, float]
Line = tuple[str, float, float, float, float]


def naive_step(value: np.ndarray, start: int) -> Ends:
    """Two means, days taken for independent."""
    before, after = value[:start], value[start:]
    sd = np.hypot(before.std(ddof=1) / len(before) ** 0.5, after.std(ddof=1) / len(after) ** 0.5)
    effect = float(after.mean() - before.mean())
    return effect - 1.96 * float(sd), effect + 1.96 * float(sd)


def naive_markets(panel: Panel) -> Ends:
    """Difference in differences of days, taken for independent, as a share."""
    treated, others = panel.value[panel.treated].mean(0), panel.value[~panel.treated].mean(0)
    ratio = np.log(np.maximum(treated, 1e-9) / np.maximum(others, 1e-9))
    low, high = naive_step(ratio, panel.start)
    return float(np.expm1(low)), float(np.expm1(high))


def naive_sides(rows: ArmRows) -> Ends:
    """Two shares of ads, taken for independent."""
    low, high = [], []
    for side in (True, False):
        mine = rows.treated == side
        share = float(np.average(rows.above[mine], weights=rows.weight[mine]))
        low.append(share)
        high.append(share * (1 - share) / mine.sum())
    sd = (high[0] / low[0] ** 2 + high[1] / low[1] ** 2) ** 0.5
    middle = np.log(low[0] / low[1])
    return float(np.expm1(middle - 1.96 * sd)), float(np.expm1(middle + 1.96 * sd))


def tried(
    name: str, once: Callable[[np.random.Generator], Ends], *, effect: float, runs: int = RUNS
) -> Line:
    dice = np.random.default_rng(20261123)
    begin = time.process_time()
    ends = np.array([once(dice) for _ in range(runs)])
    spent = 1000 * (time.process_time() - begin) / runs
    covered = np.mean((ends[:, 0] <= effect) & (effect <= ends[:, 1]))
    found = np.mean((ends[:, 0] > 0) | (ends[:, 1] < 0))
    return name, float(covered), float(found), float(np.mean(ends[:, 1] - ends[:, 0])), spent


def series(effect: float, memory: float) -> list[Line]:
    def ours(dice: np.random.Generator) -> Ends:
        found = step_of(stepping(dice, effect=effect, memory=memory))
        return found.low, found.high

    def naive(dice: np.random.Generator) -> Ends:
        drawn = stepping(dice, effect=effect, memory=memory)
        return naive_step(drawn.value, drawn.start)

    told = f"one series, memory {memory:g}, effect {effect:g}"
    return [
        tried(told, ours, effect=effect),
        tried(f"{told}; two means", naive, effect=effect),
    ]


def rollout(effect: float, loads: float) -> list[Line]:
    world = {"effect": effect, "loads": loads, "treated": 2}
    runs = MARKETS if loads else RUNS

    def by(method: Callable[[Panel], object]) -> Callable[[np.random.Generator], Ends]:
        def once(dice: np.random.Generator) -> Ends:
            found = method(markets(dice, **world))  # type: ignore[arg-type] # by name
            relative = found.step.relative  # type: ignore[attr-defined] # a comparison
            return relative[1], relative[2]

        return once

    told = f"12 markets{', unlike factors' if loads else ''}, effect {effect:g}"
    return [
        tried(f"{told}: differences", by(difference_in_differences), effect=effect, runs=runs),
        tried(f"{told}: synthetic", by(synthetic_control), effect=effect, runs=runs),
        tried(
            f"{told}; days as if independent",
            lambda dice: naive_markets(markets(dice, **world)),  # type: ignore[arg-type] # by name
            effect=effect,
        ),
    ]


def hashed(effect: float, *, by_advertiser: bool) -> list[Line]:
    def ours(dice: np.random.Generator) -> Ends:
        found = compare_arms(two_sides(dice, effect=effect, by_advertiser=by_advertiser))
        assert found.relative is not None
        return found.relative[1], found.relative[2]

    def naive(dice: np.random.Generator) -> Ends:
        return naive_sides(two_sides(dice, effect=effect, by_advertiser=by_advertiser))

    told = f"hash of {'advertisers' if by_advertiser else 'ads'}, effect {effect:g}"
    return [tried(told, ours, effect=effect), tried(f"{told}; ads alone", naive, effect=effect)]


def main() -> None:
    lines: list[Line] = []
    for memory in (0.0, 0.3, 0.6, 0.85):
        lines += series(-1.0, memory)
    lines += series(0.0, 0.6)
    for effect, loads in ((-0.2, 0.0), (0.0, 0.0), (-0.2, 2.0)):
        lines += rollout(effect, loads)
    for effect in (0.0, -0.4):
        lines += [*hashed(effect, by_advertiser=False), *hashed(effect, by_advertiser=True)]
    told = [
        "# Did it work?",
        "",
        f"{RUNS} simulated roll-outs a line (standard error of a coverage of 95%: 1.1 points),"
        f" {MARKETS:,} where factors are unlike (0.7);",
        "behind a semicolon, what is often done instead. Worlds: `tests/stats/rollout_worlds.py`.",
        "",
        "| world | covers the truth | tells an effect | mean width | CPU ms |",
        "|---|---|---|---|---|",
        *(f"| {n} | {c:.1%} | {f:.1%} | {w:.3g} | {ms:.3g} |" for n, c, f, w, ms in lines),
        "",
        f"Peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB.",
        "",
    ]
    print("\n".join(told))
    if "--write" in sys.argv:
        RESULTS.write_text("\n".join(told), encoding="utf-8")


if __name__ == "__main__":
    main()
