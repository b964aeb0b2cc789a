"""Do intervals of calibration cover the truth, and is the test of true chances what it says?

::

    python -m benchmarks.calibration                    # writes the table
    python -m benchmarks.calibration --repetitions 20   # a look

Designs and scores are those of `benchmarks.curves`. Each repetition draws labels from one population.
Truth is taken over the same bins. In the cases *true chances* each ad violates with its score as the
chance, drawn anew each time, so the test must not say otherwise more often than its level.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from benchmarks.curves import CASES, Case, Population, labelled, population

from shroff.stats.calibration import calibration, middles
from shroff.stats.calibration_figures import Calibration
from shroff.stats.estimate import Estimate
from shroff.stats.score_cells import place_of

__all__ = ["PLANS", "Outcome", "Plan", "run"]

RESULTS = Path(__file__).parent / "results" / "calibration.md"
FIGURES = ("gap", "ece", "brier", "skill", "miscalibration", "discrimination", "uncertainty")


@dataclass(frozen=True, slots=True)
class Plan:
    """A case, with scores as they are or as true chances."""

    case: Case
    true: bool

    @property
    def name(self) -> str:
        """Name it."""
        return f"{self.case.name}{', true chances' if self.true else ''}"


PLANS = tuple(
    Plan(CASES[place], true)
    for place, true in (
        (0, False), (0, True), (1, False), (1, True), (2, True), (3, False), (4, False), (6, False),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the repetitions found.

    Parameters
    ----------
    plan : Plan
        What was done.
    repetitions : int
        How many.
    held : mapping
        For each figure, the repetitions whose interval held the truth; for ``bins`` the mean share
        of bins.
    refuted : int
        Repetitions in which the test refuted true chances at 5%.
    error, plain, truth : float
        Mean calibration error without its bias, with it, and true.
    seconds : float
        CPU seconds.
    """

    plan: Plan
    repetitions: int
    held: dict[str, float]
    refuted: int
    error: float
    plain: float
    truth: float
    seconds: float


def _true_chances(ads: Population, rng: np.random.Generator) -> Population:
    chance = middles(place_of(ads.score))
    return replace(ads, violating=rng.random(len(chance)) < chance)


def _truth(found: Calibration, said: np.ndarray, violating: np.ndarray) -> dict[str, object]:
    edges = found.reliability.high
    part = np.minimum(np.searchsorted(edges, said - 1e-9), len(edges) - 1)
    n = np.maximum(np.bincount(part, minlength=len(edges)), 1)
    mean, share = (np.bincount(part, each, len(edges)) / n for each in (said, violating))
    weight, base = n / n.sum(), violating.mean()
    brier = ((said - violating) ** 2).mean()
    return {
        "gap": (violating - said).mean(),
        "ece": weight @ np.abs(share - mean),
        "brier": brier,
        "skill": 1 - brier / (base * (1 - base)),
        "miscalibration": weight @ (share - mean) ** 2,
        "discrimination": weight @ (share - base) ** 2,
        "uncertainty": base * (1 - base),
        "bins": share,
    }


def _holds(figure: Estimate, truth: object) -> bool:
    low, high = (figure.low, figure.high)
    value = float(truth)  # type: ignore[arg-type]  # a number, or bins which are not asked
    return low is None or high is None or low - 1e-12 <= value <= high + 1e-12


def run(plan: Plan, *, repetitions: int, seed: int = 20261122) -> Outcome:
    """Draw labels again and again."""
    rng = np.random.default_rng(seed)
    ads = population(plan.case, rng)
    said = middles(place_of(ads.score))
    held: dict[str, float] = dict.fromkeys((*FIGURES, "bins"), 0.0)
    refuted, errors = 0, np.zeros((repetitions, 3))
    began = time.process_time()
    for number in range(repetitions):
        ads = _true_chances(ads, rng) if plan.true else ads
        cells, strata = labelled(ads, plan.case, rng)
        found = calibration(cells, strata, rng=rng)
        truth = _truth(found, said, ads.violating)
        for name in FIGURES:
            held[name] += _holds(getattr(found, name), truth[name])
        share = found.reliability.share
        held["bins"] += float(
            np.mean((truth["bins"] >= share.low) & (truth["bins"] <= share.high))
        )
        refuted += found.p_calibrated < 0.05
        errors[number] = found.ece.value or 0.0, found.ece_plain, float(truth["ece"])  # type: ignore[arg-type]
    error, plain, true = errors.mean(axis=0)
    seconds = time.process_time() - began
    return Outcome(plan, repetitions, held, refuted, error, plain, true, seconds)


HEAD = """# Do intervals of calibration cover the truth?

`python -m benchmarks.calibration`: {repetitions} repetitions a case, 200,000 ads, some 1,500 labels;
the designs of `benchmarks/results/curves.md`. Columns of per cent count the 95% intervals that hold
the truth over the same bins (standard error {error:.1f} points); *bins* is the mean over the bins of
the reliability table. *Refuted* is how often the test says at 5% that scores are no true chances: it
should in all cases but those named *true chances*, and there in 5% at most. *Error* is the mean
calibration error: true, without its bias, and as it is plainly computed.

| case | gap | error | Brier | skill | miscalibration | discrimination | uncertainty | bins | refuted | error: true, freed of bias, plain |
|---|---|---|---|---|---|---|---|---|---|---|
"""


def _row(found: Outcome) -> str:
    shares = " | ".join(f"{100 * n / found.repetitions:.1f}%" for n in found.held.values())
    refuted = f"{100 * found.refuted / found.repetitions:.1f}%"
    errors = f"{found.truth:.4f}, {found.error:.4f}, {found.plain:.4f}"
    return f"| {found.plan.name} | {shares} | {refuted} | {errors} |\n"


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repetitions", type=int, default=200)
    parser.add_argument("--plan", type=int, help="one case only; prints")
    chosen = parser.parse_args()
    plans = PLANS if chosen.plan is None else (PLANS[chosen.plan],)
    rows: list[str] = []
    for plan in plans:
        found = run(plan, repetitions=chosen.repetitions)
        rows.append(_row(found))
        print(rows[-1].strip(), f"{found.seconds:.0f} s", flush=True)
    if chosen.plan is None and chosen.repetitions >= 100:
        error = 100 * (0.95 * 0.05 / chosen.repetitions) ** 0.5
        head = HEAD.format(repetitions=chosen.repetitions, error=error)
        RESULTS.write_text(head + "".join(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
