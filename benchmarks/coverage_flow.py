"""Coverage of what is counted of reviewing and appeals: re-checks, and times not yet at an end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from benchmarks.coverage_designs import SLICES, Draw, Population, cube, draw
from benchmarks.coverage_rows import Row, row
from scipy.special import ndtri

from shroff.domain.labels import DesignKind
from shroff.stats.estimate import Estimates
from shroff.stats.linearise import Flags, Ints
from shroff.stats.proportions import Floats
from shroff.stats.sampling import Ratio, ratios_many
from shroff.stats.survival import Durations, cumulative_incidence, percentile

UPHELD, OVERTURNED = 1, 3  # the codes of the scorecard's own query
OVERTURNS = Ratio(
    numerator=np.array([False, False, False, True]),
    denominator=np.array([False, True, False, True]),
)
WINDOW_DAYS = 30
PERCENTILES = {"turnaround P50": 0.5, "turnaround P90": 0.9, "turnaround P95": 0.95}
_PARTS = (1.0, 0.30, 0.08)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rechecks:
    """First reviews, of which some are drawn to be reviewed again."""

    labels: int
    overturned: float
    even: bool  # one chance for all, or more for the verdicts in doubt

    @property
    def title(self) -> str:
        chance = "one chance" if self.even else "chance by doubt"
        return f"re-checks, poisson, {chance}, {self.labels} expected, {self.overturned:.1%}"


def run_rechecks(case: Rechecks, *, repetitions: int, seed: int = 20261122) -> list[Row]:
    """Draw re-checks many times and count how often the overturn rate's interval covers."""
    rng = np.random.default_rng([seed, case.labels, int(1e4 * case.overturned), case.even])
    tasks = _reviewed(case, rng)
    chance = np.minimum(case.labels * tasks.size / tasks.size.sum(), 1.0)[tasks.cell == OVERTURNED]
    thick = chance.sum() * np.array(_PARTS)
    worth = len(chance) ** 2 / (1 / chance).sum() * np.array(_PARTS)
    found = []
    for size in batches(repetitions):
        plan = [Draw(DesignKind.POISSON, case.labels)]
        sample = draw(tasks, plan, repetitions=size, rng=rng)
        cells = replace(cube(tasks, sample), known=None)
        groups = len(SLICES) * size
        found.append(ratios_many(cells, sample.strata, metrics=[OVERTURNS], groups=groups)[0])
    figures = joined(found)
    return [
        row(
            every(figures, part),
            case=case.title,
            metric="first-review overturn rate",
            part=name,
            truth=tasks.truth(_nine(OVERTURNS), part=part, exposed=False),
            thinnest=float(thick[part]),
            effective=float(worth[part]),
        )
        for part, name in enumerate(SLICES)
    ]


def _reviewed(case: Rechecks, rng: np.random.Generator, tasks: int = 60_000) -> Population:
    doubt = rng.beta(1, 6, tasks)
    overturned = rng.random(tasks) < np.minimum(7 * doubt * case.overturned, 1.0)
    return Population(
        stratum=np.zeros(tasks, np.intp),
        cell=np.where(overturned, OVERTURNED, UPHELD).astype(np.intp),
        slice=rng.choice(3, tasks, p=[0.62, 0.30, 0.08]),
        exposure=np.ones(tasks),
        size=np.ones(tasks) if case.even else 0.05 + doubt,
        cluster=np.arange(tasks, dtype=np.intp),
    )


def _nine(metric: Ratio) -> Ratio:
    def padded(flags: Flags) -> Flags:
        return np.concatenate([flags, np.zeros(5, bool)])

    return Ratio(numerator=padded(metric.numerator), denominator=padded(metric.denominator))


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeals:
    """Actions of the last weeks, some of them appealed, the youngest still to be judged."""

    actions: int
    appealed: float

    @property
    def title(self) -> str:
        return f"appeals, {self.actions} actions of 60 days, window of 30, {self.appealed:.1%}"


def run_appeals(case: Appeals, *, repetitions: int, seed: int = 20261122) -> list[Row]:
    """Let actions be appealed many times and count how often the appeal rate's interval covers."""
    rng = np.random.default_rng([seed, case.actions, int(1e4 * case.appealed)])
    share = _delays(WINDOW_DAYS)
    found = []
    for size in batches(repetitions):
        times = _filed(case, rng, size=size)
        groups = len(SLICES) * size
        found.append(cumulative_incidence(times, horizon=float(WINDOW_DAYS), groups=groups))
    figures = joined(found)
    return [
        row(
            every(figures, part),
            case=case.title,
            metric="appeal rate",
            part=name,
            truth=case.appealed * share,
            thinnest=case.actions * _PARTS[part] * case.appealed * share * 0.6,
            effective=case.actions * _PARTS[part] * case.appealed * share * 0.6,
        )
        for part, name in enumerate(SLICES)
    ]


def _delays(days: int) -> float:
    return float(1 - np.exp(-(days + 1) / 8))


def _filed(case: Appeals, rng: np.random.Generator, *, size: int) -> Durations:
    """Count days by repetition and slice, as the appeals query does."""
    shape = size * case.actions
    delay = np.floor(rng.exponential(8.0, shape))
    delay[rng.random(shape) >= case.appealed] = np.inf
    seen = np.minimum(np.floor(rng.uniform(0, 60, shape)), WINDOW_DAYS)
    return _times(
        np.repeat(np.arange(size), case.actions),
        np.minimum(delay, seen),
        event=delay <= seen,
        rng=rng,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Turnaround:
    """A week's review tasks, some of them open when the week is measured."""

    tasks: int
    spread: float

    @property
    def title(self) -> str:
        return f"turnaround, {self.tasks} tasks of a week, lognormal sigma {self.spread}"


def run_turnaround(case: Turnaround, *, repetitions: int, seed: int = 20261122) -> list[Row]:
    """Let tasks wait many times and count how often the percentiles' intervals cover."""
    rng = np.random.default_rng([seed, case.tasks, int(10 * case.spread)])
    found: dict[str, list[Estimates]] = {name: [] for name in PERCENTILES}
    for size in batches(repetitions):
        times = _waited(case, rng, size=size)
        for name, share in PERCENTILES.items():
            found[name].append(percentile(times, share=share, groups=len(SLICES) * size))
    return [
        row(
            every(joined(found[metric]), part),
            case=case.title,
            metric=metric,
            part=name,
            truth=_lognormal(case, share),
            thinnest=case.tasks * _PARTS[part] * (1 - share),
            effective=case.tasks * _PARTS[part] * (1 - share),
        )
        for part, name in enumerate(SLICES)
        for metric, share in PERCENTILES.items()
    ]


def _lognormal(case: Turnaround, share: float) -> float:
    return float(8 * np.exp(case.spread * ndtri(share)))


def _waited(case: Turnaround, rng: np.random.Generator, *, size: int) -> Durations:
    shape = size * case.tasks
    wait = 8 * np.exp(case.spread * rng.standard_normal(shape))
    seen = rng.uniform(0, 168, shape)
    who = np.repeat(np.arange(size), case.tasks)
    return _times(who, np.minimum(wait, seen), event=wait <= seen, rng=rng)


def _times(who: Ints, value: Floats, *, event: Flags, rng: np.random.Generator) -> Durations:
    part = rng.choice(3, len(who), p=[0.62, 0.30, 0.08])
    inside = part > 0

    def twice(values: Floats) -> Floats:
        return np.concatenate([values, values[inside]]).astype(float)

    group = np.concatenate([len(SLICES) * who, (len(SLICES) * who + part)[inside]])
    return Durations(group=group, value=twice(value), ended=twice(event), censored=twice(~event))


def every(figures: Estimates, part: int) -> Estimates:
    """Take one slice's figure of each repetition."""
    return replace(
        figures,
        value=figures.value[part :: len(SLICES)],
        low=figures.low[part :: len(SLICES)],
        high=figures.high[part :: len(SLICES)],
    )


def joined(parts: list[Estimates]) -> Estimates:
    """Put the figures of batches of repetitions one after another."""
    return replace(
        parts[0],
        value=np.concatenate([part.value for part in parts]),
        low=np.concatenate([part.low for part in parts]),
        high=np.concatenate([part.high for part in parts]),
    )


def batches(repetitions: int, *, batch: int = 100) -> list[int]:
    """Split repetitions so that what a batch draws fits in memory."""
    return [min(batch, repetitions - done) for done in range(0, repetitions, batch)]


def flow_cases() -> Iterator[Callable[[int], list[Row]]]:
    """List what is to be run, each waiting for its number of repetitions."""
    for overturned in (0.05, 0.005):
        for labels in (300, 1200):
            for even in (True, False):
                rechecks = Rechecks(labels=labels, overturned=overturned, even=even)
                yield lambda n, case=rechecks: run_rechecks(case, repetitions=n)
    for appealed in (0.05, 0.005):
        appeals = Appeals(actions=2000, appealed=appealed)
        yield lambda n, case=appeals: run_appeals(case, repetitions=n)
    for spread in (0.8, 1.6):
        waits = Turnaround(tasks=600, spread=spread)
        yield lambda n, case=waits: run_turnaround(case, repetitions=n)
