"""Populations with known truth, scores of known worth, and designs that draw few labels from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shroff.domain.labels import DesignKind
from shroff.stats.crossfit import FOLDS, ScoredLabels, ScoreTotals, Shape
from shroff.stats.dense import Flags, Ints
from shroff.stats.label_cells import Strata, kind_codes
from shroff.stats.predicted import Sides
from shroff.stats.proportions import Floats

APPROVE, REVIEW, REJECT = range(3)
BINS = 1000
BANDS = (0.1, 0.3, 0.6)


def _sides(above: list[tuple[int, int]], rest: list[tuple[int, int]]) -> Sides:
    found = np.zeros((2, 3, 2), dtype=bool)
    for place, pairs in enumerate((above, rest)):
        for known, said in pairs:
            found[place, known, said] = True
    return Sides(above=found[0], rest=found[1])


METRICS: dict[str, Sides] = {
    "leakage": _sides([(APPROVE, 1)], [(APPROVE, 0)]),
    "reject precision": _sides([(REJECT, 1)], [(REJECT, 0)]),
    "recall (any)": _sides([(REVIEW, 1), (REJECT, 1)], [(APPROVE, 1)]),
    "violating share": _sides([(c, 1) for c in range(3)], [(c, 0) for c in range(3)]),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One population and one design.

    Parameters
    ----------
    name : str
        What it is, for the table.
    scorer : str
        ``good``, ``weak``, ``useless``, ``constant``, ``perfect``, ``backwards``, ``machine`` (the
        score that strata were cut by) or ``blind`` (right but for every fifth violation, which it
        takes for harmless).
    prevalence : float
        Violating share, about.
    labels : int
        Labels drawn, about.
    kind : DesignKind
        How.
    heavy : float
        Spread of the chances of being drawn within a stratum: standard deviation of their log.
    cluster : int
        Ads of an advertiser, about; 1 for ads drawn one by one.
    exposed : bool
        Whether ads count by exposure, which is heavy-tailed.
    market : float
        Share of ads in the market that is asked for; 1 for all.
    ads : int
        Size of the population.
    """

    name: str
    scorer: str
    prevalence: float = 0.05
    labels: int = 1500
    kind: DesignKind = DesignKind.POISSON
    heavy: float = 0.0
    cluster: int = 1
    exposed: bool = False
    market: float = 1.0
    ads: int = 60_000


SCENARIOS = (
    Scenario(name="good scorer", scorer="good"),
    Scenario(name="weak scorer", scorer="weak"),
    Scenario(name="useless scorer", scorer="useless"),
    Scenario(name="constant score", scorer="constant"),
    Scenario(name="perfect scorer", scorer="perfect"),
    Scenario(name="backwards scorer", scorer="backwards"),
    Scenario(name="the score strata are cut by", scorer="machine"),
    Scenario(name="blind to every fifth", scorer="blind"),
    Scenario(name="blind to every fifth, 0.5% violate", scorer="blind", prevalence=0.005),
    Scenario(name="good, a market of 10%", scorer="good", market=0.1),
    Scenario(name="useless, a market of 10%", scorer="useless", market=0.1),
    Scenario(name="good, strata of fixed size", scorer="good", kind=DesignKind.STRATIFIED),
    Scenario(name="useless, strata of fixed size", scorer="useless", kind=DesignKind.STRATIFIED),
    Scenario(name="good, heavy-tailed weights", scorer="good", heavy=1.0),
    Scenario(name="useless, heavy-tailed weights", scorer="useless", heavy=1.0),
    Scenario(name="good, advertisers drawn whole", scorer="good", cluster=8),
    Scenario(name="useless, advertisers drawn whole", scorer="useless", cluster=8),
    Scenario(name="good, 0.5% violate", scorer="good", prevalence=0.005),
    Scenario(name="useless, 0.5% violate", scorer="useless", prevalence=0.005),
    Scenario(
        name="good, 0.5% violate, 5,000 labels", scorer="good", prevalence=0.005, labels=5000
    ),
    Scenario(
        name="blind, 0.5% violate, 5,000 labels", scorer="blind", prevalence=0.005, labels=5000
    ),
    Scenario(name="good, 200 labels", scorer="good", labels=200),
    Scenario(name="useless, 200 labels", scorer="useless", labels=200),
    Scenario(name="good, by impressions", scorer="good", exposed=True),
    Scenario(name="useless, by impressions", scorer="useless", exposed=True),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Every ad, with what nobody knows in practice.

    Parameters
    ----------
    known, bin, fold, stratum, cluster : array of int, shape (ads,)
        Action, bin of the score, fold, stratum, advertiser.
    violating : array of bool, shape (ads,)
        The truth.
    chance : array of shape (ads,)
        Chance of being drawn.
    m : array of shape (ads,)
        Exposure.
    inside : array of bool, shape (ads,)
        In the market asked for.
    """

    known: Ints
    bin: Ints
    fold: Ints
    stratum: Ints
    cluster: Ints
    violating: Flags
    chance: Floats
    m: Floats
    inside: Flags

    def truth(self, sides: Sides) -> float:
        said = self.violating.astype(np.intp)
        m = self.m * self.inside
        above = (m * sides.above[self.known, said]).sum()
        return float(above / (above + (m * sides.rest[self.known, said]).sum()))

    def totals(self) -> ScoreTotals:
        shape = (2, 3, FOLDS, BINS + 1)
        outside = (~self.inside).astype(np.intp)
        flat = np.ravel_multi_index((outside, self.known, self.fold, self.bin), shape)
        total = np.bincount(flat, weights=self.m, minlength=int(np.prod(shape)))
        there = np.flatnonzero(total)
        group, known, fold, place = np.unravel_index(there, shape)
        return ScoreTotals(
            group=group.astype(np.intp),
            known=known.astype(np.intp),
            fold=fold.astype(np.intp),
            bin=place.astype(np.intp),
            total=total[there],
        )


SHAPE = Shape(classes=3, bins=BINS, folds=FOLDS, silent=np.zeros(3, dtype=bool))


def build(scenario: Scenario, rng: np.random.Generator) -> World:
    """Make every ad: risk, truth, the machine's action, the score given to us, the design."""
    ads = scenario.ads
    cluster = rng.integers(0, max(ads // scenario.cluster, 1), ads)
    leaning = rng.normal(size=ads // scenario.cluster + 1)[cluster]
    own = rng.normal(size=ads)
    mixed = 0.7 * leaning + 0.7 * own if scenario.cluster > 1 else own
    level = np.log(scenario.prevalence / (1 - scenario.prevalence)) - 2.0
    risk = 1 / (1 + np.exp(-(level + 2.5 * mixed)))
    violating = rng.random(ads) < risk
    machine = _squash(np.log(risk / (1 - risk)) + rng.normal(size=ads))
    edges = np.quantile(machine, [0.9, 0.96])
    known = np.searchsorted(edges, machine).astype(np.intp)
    score = _score(scenario.scorer, risk, violating, machine=machine, rng=rng)
    m = np.exp(1.2 * rng.normal(size=ads)) if scenario.exposed else np.ones(ads)
    band = np.searchsorted(np.quantile(machine, BANDS), machine)
    stratum = np.where(known == APPROVE, band, 3 + known).astype(np.intp)
    fold_key = cluster if scenario.cluster > 1 else np.arange(ads)
    return World(
        known=known,
        bin=np.minimum((score * BINS).astype(np.intp), BINS - 1),
        fold=rng.permutation(int(fold_key.max()) + 1)[fold_key] % FOLDS,
        stratum=stratum,
        cluster=cluster,
        violating=violating,
        chance=_chances(scenario, stratum, m=m, rng=rng),
        m=m,
        inside=rng.random(ads) < scenario.market,
    )


def _squash(x: Floats) -> Floats:
    return 1 / (1 + np.exp(-x))


def _score(
    kind: str, risk: Floats, violating: Flags, *, machine: Floats, rng: np.random.Generator
) -> Floats:
    noise = rng.normal(size=len(risk))
    logit = np.log(risk / (1 - risk))
    return {
        "good": _squash(logit + 3.5 * violating + 0.7 * noise),
        "weak": _squash(0.5 * logit + noise),
        "useless": rng.random(len(risk)),
        "constant": np.full(len(risk), 0.5),
        "perfect": np.where(violating, 0.9, 0.1),
        "machine": machine,
        "backwards": _squash(-logit - 3.5 * violating),
        "blind": np.where(violating & (rng.random(len(risk)) < 0.8), 0.9, 0.1 * machine),
    }[kind]


def _chances(scenario: Scenario, stratum: Ints, *, m: Floats, rng: np.random.Generator) -> Floats:
    """Draw equally many from each stratum; within one, unequally where asked."""
    if scenario.cluster > 1:
        return np.full(len(stratum), scenario.labels / len(stratum))
    size = np.bincount(stratum)
    wanted = scenario.labels / np.count_nonzero(size)
    chance = np.minimum(wanted / size[stratum], 1.0)
    if scenario.exposed:
        mean = np.bincount(stratum, weights=np.sqrt(m)) / size
        return np.clip(chance * np.sqrt(m) / mean[stratum], 1e-4, 1.0)
    spread = np.exp(scenario.heavy * rng.normal(size=len(stratum)))
    return np.clip(chance * spread / np.exp(scenario.heavy**2 / 2), 1e-4, 1.0)


def draw(
    world: World, scenario: Scenario, rng: np.random.Generator
) -> tuple[ScoredLabels, Strata]:
    """Draw labels once."""
    if scenario.cluster > 1:
        return _draw_clusters(world, scenario, rng)
    if scenario.kind is DesignKind.STRATIFIED:
        drawn = _draw_fixed(world, rng)
    else:
        drawn = np.flatnonzero(rng.random(len(world.chance)) < world.chance)
    size = np.bincount(world.stratum).astype(float)
    labels = np.bincount(world.stratum[drawn], minlength=len(size)).astype(float)
    fixed = scenario.kind is DesignKind.STRATIFIED
    weight = (
        (size / np.maximum(labels, 1))[world.stratum[drawn]] if fixed else 1 / world.chance[drawn]
    )
    strata = Strata(
        kind=kind_codes([scenario.kind] * len(size)),
        population=size if fixed else np.full(len(size), np.nan),
        labels=labels,
    )
    return _labels(world, scenario, drawn, weight=weight), strata


def _draw_fixed(world: World, rng: np.random.Generator) -> Ints:
    parts = []
    for stratum in np.unique(world.stratum):
        mine = np.flatnonzero(world.stratum == stratum)
        n = round(float(world.chance[mine].sum()))
        parts.append(rng.choice(mine, size=n, replace=False))
    found: Ints = np.concatenate(parts)
    return found


def _draw_clusters(
    world: World, scenario: Scenario, rng: np.random.Generator
) -> tuple[ScoredLabels, Strata]:
    share = scenario.labels / len(world.known)
    taken = rng.random(int(world.cluster.max()) + 1) < share
    drawn = np.flatnonzero(taken[world.cluster])
    strata = Strata(
        kind=kind_codes([DesignKind.POISSON]),
        population=np.array([np.nan]),
        labels=np.array([float(len(drawn))]),
    )
    labels = _labels(world, scenario, drawn, weight=np.full(len(drawn), 1 / share))
    return labels, strata


def _labels(world: World, scenario: Scenario, drawn: Ints, *, weight: Floats) -> ScoredLabels:
    whole = scenario.cluster > 1
    return ScoredLabels(
        group=np.where(world.inside[drawn], 0, 1),
        stratum=np.zeros(len(drawn), np.intp) if whole else world.stratum[drawn],
        known=world.known[drawn],
        bin=world.bin[drawn],
        fold=world.fold[drawn],
        violating=world.violating[drawn],
        w=weight,
        m=world.m[drawn] if scenario.exposed else None,
        cluster=world.cluster[drawn] if whole else None,
    )
