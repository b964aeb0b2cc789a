"""Populations with known truth and the designs that draw labels from them, for coverage runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from shroff.domain.labels import DesignKind
from shroff.stats.clusters import LabelRows
from shroff.stats.linearise import Ints
from shroff.stats.proportions import Floats
from shroff.stats.sampling import Cells, ExposureSums, Ratio, Strata, kind_codes

APPROVE, REVIEW, REJECT = range(3)
COMPLIANT, WRONG_POLICY, RIGHT_POLICY = range(3)
KNOWN = np.repeat(np.arange(3), 3)
SLICES = ("everything", "a market of 30%", "a market of 8%")


def _metric(above: Sequence[tuple[int, int]], below: Sequence[tuple[int, int]]) -> Ratio:
    numerator, denominator = np.zeros(9, bool), np.zeros(9, bool)
    for action, label in above:
        numerator[3 * action + label] = True
    for action, label in below:
        denominator[3 * action + label] = True
    return Ratio(numerator=numerator, denominator=denominator)


def _outcomes(actions: Sequence[int], labels: Sequence[int]) -> list[tuple[int, int]]:
    return [(action, label) for action in actions for label in labels]


_ALL, _BAD, _GOOD = (APPROVE, REVIEW, REJECT), (WRONG_POLICY, RIGHT_POLICY), (COMPLIANT,)
_ANY = (COMPLIANT, WRONG_POLICY, RIGHT_POLICY)
METRICS: dict[str, Ratio] = {
    "prevalence": _metric(_outcomes(_ALL, _BAD), _outcomes(_ALL, _ANY)),
    "leakage": _metric(_outcomes([APPROVE], _BAD), _outcomes([APPROVE], _ANY)),
    "reject precision": _metric(_outcomes([REJECT], _BAD), _outcomes([REJECT], _ANY)),
    "right-policy precision": _metric(
        _outcomes([REJECT], [RIGHT_POLICY]), _outcomes([REJECT], _ANY)
    ),
    "queue-in precision": _metric(_outcomes([REVIEW], _BAD), _outcomes([REVIEW], _ANY)),
    "false-positive rate": _metric(_outcomes([REJECT], _GOOD), _outcomes(_ALL, _GOOD)),
    "false-discovery rate": _metric(_outcomes([REJECT], _GOOD), _outcomes([REJECT], _ANY)),
    "recall (any)": _metric(_outcomes([REVIEW, REJECT], _BAD), _outcomes(_ALL, _BAD)),
    "recall (reject)": _metric(_outcomes([REJECT], _BAD), _outcomes(_ALL, _BAD)),
    "miss rate": _metric(_outcomes([APPROVE], _BAD), _outcomes(_ALL, _BAD)),
    "specificity": _metric(_outcomes([APPROVE], _GOOD), _outcomes(_ALL, _GOOD)),
    "approve NPV": _metric(_outcomes([APPROVE], _GOOD), _outcomes([APPROVE], _ANY)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """Every ad, with what nobody knows in practice."""

    stratum: Ints
    cell: Ints
    slice: Ints  # 0 neither market, 1 the large, 2 the small
    exposure: Floats
    size: Floats  # what unequal probabilities go by: a score
    cluster: Ints

    def truth(self, metric: Ratio, *, part: int, exposed: bool) -> float:
        inside = np.ones(len(self.cell), bool) if part == 0 else self.slice == part
        weight = (self.exposure if exposed else np.ones(len(self.cell))) * inside
        below = float(weight[metric.denominator[self.cell]].sum())
        return float(weight[metric.numerator[self.cell]].sum()) / below


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Labels of many repetitions, drawn from one population by one design."""

    repetition: Ints
    ad: Ints
    weight: Floats
    strata: Strata


@dataclass(frozen=True, slots=True)
class Draw:
    """How one stratum is labelled; ``labels`` is an expected number for Poisson."""

    kind: DesignKind
    labels: int


def platform(
    *, prevalence: float, rng: np.random.Generator, ads: int = 200_000, pure: bool = True
) -> Population:
    """A machine's decisions on ads of four score bands; strata are bands by action, or bands."""
    band = rng.choice(4, ads, p=[0.70, 0.20, 0.07, 0.03])
    risk = prevalence / 0.05 * np.array([0.008, 0.05, 0.25, 0.60])[band]
    if prevalence < 0.05:  # the same model on a rarer violation: its top band is still right
        risk = prevalence * np.array([0.16, 0.6, 3.0, 18.0])[band]
    bad = rng.random(ads) < np.minimum(risk, 0.95)
    chance = np.array([[1, 0, 0], [0.95, 0.05, 0], [0.3, 0.6, 0.1], [0, 0.15, 0.85]])[band]
    action = (rng.random(ads)[:, None] > chance.cumsum(axis=1)).sum(axis=1)
    action = np.minimum(action, REJECT)
    label = np.where(bad, np.where(rng.random(ads) < 0.85, RIGHT_POLICY, WRONG_POLICY), COMPLIANT)
    strata = np.unique(3 * band + action, return_inverse=True)[1] if pure else band
    return Population(
        stratum=strata.astype(np.intp),
        cell=(3 * action + label).astype(np.intp),
        slice=rng.choice(3, ads, p=[0.62, 0.30, 0.08]),
        exposure=np.ceil(rng.lognormal(4.0, 1.3, ads) * np.where(bad, 0.7, 1.0)),
        size=0.05 + 0.3 * band + 0.3 * rng.random(ads),
        cluster=np.arange(ads, dtype=np.intp),
    )


def bought(population: Population, *, rng: np.random.Generator, by_views: bool) -> Population:
    """Weigh ads by spend, which few ads have most of; draw by score or by views, from one stratum."""
    ads = len(population.cell)
    views = np.ceil(rng.lognormal(4.0, 1.4, ads))
    size = views if by_views else population.size
    return replace(
        population,
        exposure=np.round(views * 4.0 * np.exp(0.6 * rng.standard_normal(ads)) / 1000, 4),
        stratum=np.zeros(ads, np.intp) if by_views else population.stratum,
        size=size,
    )


def advertisers(*, prevalence: float, rng: np.random.Generator, firms: int = 20_000) -> Population:
    """Ads of advertisers of very unequal size, a few of them abusive; strata are size tiers."""
    size = np.minimum(np.ceil(rng.pareto(1.2, firms) * 3), 300).astype(np.intp)
    abusive = rng.random(firms) < 0.08
    firm = np.repeat(np.arange(firms), size)
    risk = np.where(abusive, 8.0, 0.4) * prevalence * rng.gamma(4, 0.25, firms)
    bad = rng.random(len(firm)) < np.minimum(risk[firm], 0.9)
    score = np.where(bad, rng.beta(4, 3, len(firm)), rng.beta(2, 6, len(firm)))
    action = np.where(score > 0.6, REJECT, np.where(score > 0.45, REVIEW, APPROVE))
    right = rng.random(len(firm)) < 0.85
    label = np.where(bad, np.where(right, RIGHT_POLICY, WRONG_POLICY), COMPLIANT)
    return Population(
        stratum=np.digitize(size, [5, 30])[firm].astype(np.intp),
        cell=(3 * action + label).astype(np.intp),
        slice=rng.choice(3, firms, p=[0.62, 0.30, 0.08])[firm],
        exposure=np.ceil(rng.lognormal(4.0, 1.0, len(firm))),
        size=np.ones(len(firm)),
        cluster=firm,
    )


def draw_clusters(
    population: Population, clusters: int, *, repetitions: int, rng: np.random.Generator
) -> tuple[LabelRows, Strata]:
    """Draw advertisers from each tier and label all their ads; each repetition is a group."""
    starts = np.concatenate([[0], np.flatnonzero(np.diff(population.cluster)) + 1])
    lengths = np.diff(np.append(starts, len(population.cluster)))
    tier = population.stratum[starts]
    tiers = int(tier.max()) + 1
    pools = [np.flatnonzero(tier == number) for number in range(tiers)]
    taken = [min(clusters, len(pool)) for pool in pools]
    firms = np.concatenate(
        [
            rng.choice(pool, take, replace=False)
            for _ in range(repetitions)
            for pool, take in zip(pools, taken, strict=True)
        ]
    )
    repetition = np.repeat(np.arange(repetitions), sum(taken))
    inverse = np.array([len(pool) / take for pool, take in zip(pools, taken, strict=True)])
    count = lengths[firms]
    first = np.repeat(starts[firms] - np.append(0, count.cumsum()[:-1]), count)
    ad = first + np.arange(int(count.sum()))
    of = np.repeat(repetition, count)
    part = population.slice[ad]
    inside = part > 0
    # a repetition has strata of its own, so that its clusters are counted alone
    stratum = of * tiers + population.stratum[ad]

    def twice(values: Floats) -> Floats:
        return np.concatenate([values, values[inside]])

    group = len(SLICES) * twice(of) + np.concatenate([np.zeros(len(ad), np.intp), part[inside]])
    rows = LabelRows(
        group=group,
        stratum=twice(stratum),
        cluster=twice(population.cluster[ad]),
        cell=twice(population.cell[ad]),
        w=twice(inverse[population.stratum[ad]]),
        m=twice(population.exposure[ad]),
        known=KNOWN,
    )
    sizes = np.tile([float(len(pool)) for pool in pools], repetitions)
    kinds = kind_codes([DesignKind.STRATIFIED] * len(sizes))
    return rows, Strata(kind=kinds, population=sizes, labels=sizes)


def draw(
    population: Population,
    design: Sequence[Draw],
    *,
    repetitions: int,
    rng: np.random.Generator,
) -> Sample:
    """Label every stratum ``repetitions`` times over."""
    parts = [
        _draw_stratum(
            np.flatnonzero(population.stratum == number),
            plan,
            size=population.size,
            repetitions=repetitions,
            rng=rng,
        )
        for number, plan in enumerate(design)
    ]
    held = np.bincount(population.stratum, minlength=len(design)).astype(float)
    taken = [
        size if plan.kind is DesignKind.CENSUS else _at_most(plan, size)
        for plan, size in zip(design, held, strict=True)
    ]
    return Sample(
        repetition=np.concatenate([part[0] for part in parts]),
        ad=np.concatenate([part[1] for part in parts]),
        weight=np.concatenate([part[2] for part in parts]),
        strata=Strata(
            kind=kind_codes([plan.kind for plan in design]),
            population=held,
            labels=np.array(taken, dtype=float),
        ),
    )


def _at_most(plan: Draw, size: float) -> float:
    return plan.labels if plan.kind is DesignKind.PPS else min(plan.labels, size)


def _draw_stratum(
    ads: Ints, plan: Draw, *, size: Floats, repetitions: int, rng: np.random.Generator
) -> tuple[Ints, Ints, Floats]:
    if plan.kind is DesignKind.CENSUS:
        drawn = [ads] * repetitions
        weights = [np.ones(len(ads))] * repetitions
    elif plan.kind is DesignKind.STRATIFIED:
        take = min(plan.labels, len(ads))
        drawn = [rng.choice(ads, take, replace=False, shuffle=False) for _ in range(repetitions)]
        weights = [np.full(take, len(ads) / take)] * repetitions
    elif plan.kind is DesignKind.PPS:
        chance = size[ads] / size[ads].sum()
        ends = chance.cumsum()
        picks = np.searchsorted(ends, rng.random((repetitions, plan.labels)) * ends[-1])
        drawn = list(ads[picks])
        weights = list(1 / (plan.labels * chance[picks]))
    else:
        chance = np.minimum(plan.labels * size[ads] / size[ads].sum(), 1.0)
        draws = [np.flatnonzero(rng.random(len(ads)) < chance) for _ in range(repetitions)]
        drawn = [ads[picks] for picks in draws]
        weights = [1 / chance[picks] for picks in draws]
    counts = [len(part) for part in drawn]
    return (
        np.repeat(np.arange(repetitions), counts),
        np.concatenate(drawn),
        np.concatenate(weights),
    )


def cube(population: Population, sample: Sample) -> Cells:
    """Count labels by (repetition, slice), stratum and outcome: every repetition is a group."""
    part = population.slice[sample.ad]
    inside = part > 0
    ad = np.concatenate([sample.ad, sample.ad[inside]])
    weight = np.concatenate([sample.weight, sample.weight[inside]])
    group = len(SLICES) * np.concatenate([sample.repetition, sample.repetition[inside]])
    group += np.concatenate([np.zeros(len(part), np.intp), part[inside]])
    strata = len(sample.strata.labels)
    key = (group * strata + population.stratum[ad]) * 9 + population.cell[ad]
    keys, where = np.unique(key, return_inverse=True)

    def add(values: Floats) -> Floats:
        return np.bincount(where, weights=values).astype(float)

    seen = population.exposure[ad]
    return Cells(
        group=keys // 9 // strata,
        stratum=keys // 9 % strata,
        cell=keys % 9,
        n=add(np.ones(len(ad))),
        w=add(weight),
        w2=add(weight**2),
        known=KNOWN,
        exposure=ExposureSums(
            wm=add(weight * seen), wm2=add(weight * seen**2), w2m2=add((weight * seen) ** 2)
        ),
    )
