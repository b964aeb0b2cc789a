"""Do bands hold at all thresholds at once, and do areas under curves cover the truth?

::

    python -m benchmarks.curves                    # writes the table, some five minutes
    python -m benchmarks.curves --repetitions 50   # a look

Each repetition draws labels from one fixed population under a design, and draws the curve. A band
holds when the true figure is inside at each of the 1,000 thresholds.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from shroff.domain.labels import DesignKind
from shroff.stats.sampling import Strata, kind_codes
from shroff.stats.score_cells import PLACES, ScoreCells, cells_of_scores, place_of
from shroff.stats.score_curves import METRICS, thresholds
from shroff.stats.score_ranking import ranking

__all__ = ["CASES", "Case", "Outcome", "Population", "labelled", "population", "run"]

RESULTS = Path(__file__).parent / "results" / "curves.md"
Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """Ads whose truth is known.

    Parameters
    ----------
    score, chance : array of shape (N,)
        Score, and chance of being labelled.
    violating : array of bool, shape (N,)
        Truth.
    stratum, cluster : array of int, shape (N,)
        Stratum, and advertiser.
    """

    score: Floats
    violating: NDArray[np.bool_]
    stratum: Ints
    chance: Floats
    cluster: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One way to score and to label.

    Parameters
    ----------
    name : str
        What it is.
    kind : DesignKind
        Kind of its strata; ``PPS`` for clusters drawn with replacement.
    share : float
        Share of violating ads.
    labels : int
        Labels expected.
    skill : float
        How far scores of violating ads lie above others, on the logit scale.
    uneven : float
        Spread of the chances of being labelled, on the log scale.
    banded : bool
        Whether chances rise with the score, by band.
    clusters : int
        Advertisers drawn; 0 for ads drawn one by one.
    """

    name: str
    kind: DesignKind = DesignKind.POISSON
    share: float = 0.05
    labels: int = 1500
    skill: float = 2.0
    uneven: float = 0.0
    banded: bool = False
    clusters: int = 0


CASES = (
    Case(name="evenly drawn"),
    Case(name="by score band, weights 2 to 200", banded=True),
    Case(name="heavy-tailed weights", uneven=1.2),
    Case(name="stratified by band, fixed numbers", kind=DesignKind.STRATIFIED, banded=True),
    Case(name="rare: 0.5% violating, by band", banded=True, share=0.005),
    Case(name="rare and evenly drawn: 8 violating labels", share=0.005),
    Case(name="advertisers drawn, labels alike within", kind=DesignKind.PPS, clusters=120),
    Case(name="useless score, by band", banded=True, skill=0.0),
)
_ADS = 200_000
_BANDS = np.array([0.1, 0.3, 0.6])


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the repetitions of a case found.

    Parameters
    ----------
    case : Case
        The case.
    repetitions : int
        How many.
    held : mapping
        For each figure, the repetitions in which it held.
    width : mapping
        Median width at the threshold 0.5.
    seconds : float
        CPU seconds.
    """

    case: Case
    repetitions: int
    held: dict[str, int]
    width: dict[str, float]
    seconds: float


def population(case: Case, rng: np.random.Generator) -> Population:
    """Make the ads of a case."""
    cluster = rng.integers(0, 6000, _ADS) if case.clusters else np.arange(_ADS)
    habit = rng.normal(0, 1.2, cluster.max() + 1)[cluster] if case.clusters else np.zeros(_ADS)
    odds = np.log(case.share / (1 - case.share)) + habit
    violating = rng.random(_ADS) < 1 / (1 + np.exp(-odds))
    raw = rng.normal(-2.0, 1.3, _ADS) + case.skill * violating + 0.5 * habit
    score = 1 / (1 + np.exp(-raw))
    band = np.searchsorted(_BANDS, score)
    chance = np.full(_ADS, case.labels / _ADS)
    stratum = np.zeros(_ADS, dtype=np.intp)
    if case.banded:
        size = np.bincount(band, minlength=4)
        wanted = case.labels * np.array([0.3, 0.25, 0.2, 0.25])
        chance, stratum = np.minimum(wanted / size, 0.5)[band], band
    if case.uneven:
        chance = chance * np.exp(rng.normal(0, case.uneven, _ADS) - case.uneven**2 / 2)
    return Population(
        score=score,
        violating=violating,
        stratum=stratum,
        chance=np.minimum(chance, 1.0),
        cluster=cluster,
    )


def _truth(ads: Population) -> dict[str, Floats]:
    place = place_of(ads.score)
    counts = np.zeros((2, PLACES))
    for side in (0, 1):
        counts[side] = np.bincount(place[ads.violating == side], minlength=PLACES)
    up = np.cumsum(counts[:, ::-1], axis=1)[:, ::-1][:, 1 : PLACES - 1]
    with np.errstate(invalid="ignore"):
        precision = up[1] / up.sum(axis=0)
    whole = counts.sum(axis=1)
    lower = np.cumsum(counts[0]) - counts[0] / 2
    area = counts[1] @ lower / whole.prod()
    every = np.cumsum(counts[:, ::-1], axis=1)[:, ::-1]
    both = np.maximum(every.sum(axis=0), 1)
    average = counts[1] @ (every[1] / both) / whole[1]
    return {
        "precision": precision,
        "recall": up[1] / whole[1],
        "fpr": up[0] / whole[0],
        "auc": np.array(area),
        "average_precision": np.array(average),
    }


def _drawn(ads: Population, case: Case, rng: np.random.Generator) -> tuple[Ints, Floats]:
    """Draw labels: their ads and weights."""
    if case.clusters:
        size = int(ads.cluster.max()) + 1
        wanted = rng.choice(size, case.clusters, replace=False)
        chosen = np.flatnonzero(np.isin(ads.cluster, wanted))
        return chosen, np.full(len(chosen), size / case.clusters)
    if case.kind is DesignKind.STRATIFIED:
        parts = [np.flatnonzero(ads.stratum == each) for each in range(4)]
        takes = [round(float(ads.chance[part[0]]) * len(part)) for part in parts]
        picked = [rng.choice(p, t, replace=False) for p, t in zip(parts, takes, strict=True)]
        weights = [np.full(t, len(p) / t) for p, t in zip(parts, takes, strict=True)]
        return np.concatenate(picked), np.concatenate(weights)
    chosen = np.flatnonzero(rng.random(len(ads.score)) < ads.chance)
    return chosen, 1 / ads.chance[chosen]


def labelled(ads: Population, case: Case, rng: np.random.Generator) -> tuple[ScoreCells, Strata]:
    """Draw labels, and say how."""
    chosen, weights = _drawn(ads, case, rng)
    cells = cells_of_scores(
        ads.score[chosen],
        ads.violating[chosen],
        weights=weights,
        stratum=ads.stratum[chosen],
        cluster=ads.cluster[chosen] if case.clusters else None,
    )
    size = int(ads.stratum.max()) + 1
    strata = Strata(
        kind=kind_codes([case.kind] * size),
        population=np.bincount(ads.stratum, minlength=size).astype(float)
        if case.kind is DesignKind.STRATIFIED
        else np.full(size, np.nan),
        labels=np.bincount(cells.stratum, minlength=size).astype(float),
    )
    return cells, strata


def run(case: Case, *, repetitions: int, seed: int = 20261122) -> Outcome:
    """Draw labels again and again.

    Parameters
    ----------
    case : Case
        How.
    repetitions : int
        How often.
    seed : int
        Where chance starts.

    Returns
    -------
    Outcome
        How often each figure held.
    """
    rng = np.random.default_rng(seed)
    ads = population(case, rng)
    truth = _truth(ads)
    held = dict.fromkeys(truth, 0)
    widths: dict[str, list[float]] = {name: [] for name in truth}
    began = time.process_time()
    for _ in range(repetitions):
        cells, strata = labelled(ads, case, rng)
        curve = thresholds(cells, strata, rng=rng)
        for name in METRICS:
            found = curve.metric(name)
            missed = (truth[name] < found.low - 1e-12) | (truth[name] > found.high + 1e-12)
            held[name] += not missed.any()
            widths[name].append(float(found.high[500] - found.low[500]))
        ranks = ranking(cells, strata)
        for name, area in (("auc", ranks.auc), ("average_precision", ranks.average_precision)):
            low, high = (area.low or 0.0), (1.0 if area.high is None else area.high)
            held[name] += low <= float(truth[name]) <= high
            widths[name].append(high - low)
    return Outcome(
        case,
        repetitions,
        held,
        {name: float(np.nanmedian(each)) for name, each in widths.items()},
        time.process_time() - began,
    )


HEAD = """# Do bands hold at all thresholds at once?

`python -m benchmarks.curves`: {repetitions} repetitions a case, 200,000 ads, some 1,500 labels of
which 5% violate unless the name says otherwise. *Held* is the share of repetitions in which the
true figure was inside the band at each of 1,000 thresholds, or the true area inside its interval;
95% is meant, and its standard error is {error:.1f} points. Widths are medians, of bands at the
threshold 0.5.

| case | precision | recall | false-positive rate | AUC | average precision | widths: precision, recall, AUC |
|---|---|---|---|---|---|---|
"""


def _row(found: Outcome) -> str:
    shares = " | ".join(f"{100 * n / found.repetitions:.1f}%" for n in found.held.values())
    widths = ", ".join(f"{found.width[name]:.3f}" for name in ("precision", "recall", "auc"))
    return f"| {found.case.name} | {shares} | {widths} |\n"


def main(run_one: Callable[..., Outcome] = run) -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repetitions", type=int, default=400)
    parser.add_argument("--case", type=int, help="one case only; prints")
    chosen = parser.parse_args()
    cases = CASES if chosen.case is None else (CASES[chosen.case],)
    rows: list[str] = []
    for case in cases:
        found = run_one(case, repetitions=chosen.repetitions)
        rows.append(_row(found))
        print(rows[-1].strip(), f"{found.seconds:.0f} s", flush=True)
    if chosen.case is None:
        error = 100 * (0.95 * 0.05 / chosen.repetitions) ** 0.5
        head = HEAD.format(repetitions=chosen.repetitions, error=error)
        RESULTS.write_text(head + "".join(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
