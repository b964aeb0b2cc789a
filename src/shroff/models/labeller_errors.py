"""How often does a judge err, held against people, by policy and language?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from shroff.domain.labels import DesignKind
from shroff.domain.messages import Message
from shroff.domain.slices import Slice
from shroff.errors import DesignError
from shroff.measure.blocks import Figure
from shroff.measure.frame import Frame
from shroff.models.gold_labels import NOT_JUDGED, Gold, SlicedGold
from shroff.models.judge_answers import Answer, Judge
from shroff.stats.dense import divide
from shroff.stats.estimate import Estimate, Estimates, Status
from shroff.stats.proportions import Floats, beta_ends
from shroff.stats.said_shares import said_shares
from shroff.stats.sampling import kind_codes
from shroff.stats.shrinkage import beta_prior, posterior
from shroff.store.engine import Engine
from shroff.store.rows import rows

__all__ = ["ERRORS", "FEWEST", "SMALL", "errors_of", "gold_of_frame", "shrunken"]

ERRORS = {"sensitivity": "recall", "specificity": "specificity", "no_answer": "no_answer"}
"""What is told of a judge's errors, and what it is called of a version that is judged."""

FEWEST = 5
"""Labels with fewer of which a cell's rate is not told at all."""

SMALL = 30
"""Labels with fewer of which a cell's rate is drawn towards the others'."""

_LEAST_CELLS = 3


def gold_of_frame(engine: Engine, frame: Frame) -> Gold:
    """Read the labelled ads of a period as gold.

    Parameters
    ----------
    engine : Engine
        Where the frame is.
    frame : Frame
        The label frame.

    Returns
    -------
    Gold
        Its ads whose labels were drawn with a chance.

    Raises
    ------
    DesignError
        If there is none.
    """
    if not frame.any_probability():
        raise DesignError(
            "no label of the period was drawn with a known chance",
            hint="shroff labels plan draws some; a golden set does too: shroff models golden draw",
        )
    found = list(
        rows(
            engine,
            "SELECT ad_id, ad_version, any_violating, truth_policies, language, stratum_code, w"
            f" FROM {frame.table} WHERE in_period ORDER BY ad_id, ad_version, decision_id",
        )
    )
    table = pa.Table.from_batches(found).to_pylist() if found else []
    if not table:
        raise DesignError("no ad of the period has a label", hint="shroff labels plan")
    kinds = {stratum.code: stratum.kind for stratum in frame.strata}
    stratum = np.array([int(row["stratum_code"]) for row in table], dtype=np.intp)
    size = int(stratum.max()) + 1
    return Gold(
        keys=tuple((str(row["ad_id"]), int(row["ad_version"])) for row in table),
        violating=np.array([bool(row["any_violating"]) for row in table]),
        policies=tuple(
            frozenset(str(each) for each in row["truth_policies"] or ()) for row in table
        ),
        language=tuple(str(row["language"] or "") for row in table),
        stratum=stratum,
        w=np.array([float(row["w"]) for row in table]),
        kind=kind_codes([kinds.get(code, DesignKind.POISSON) for code in range(size)]),
        design=frame.text(),
    )


def errors_of(
    cut: SlicedGold,
    answers: Mapping[tuple[str, int], Sequence[Answer]],
    judge: Judge,
    *,
    level: float = 0.95,
) -> tuple[Figure, ...]:
    """Say how often a judge errs on the ads that it judged.

    Parameters
    ----------
    cut : SlicedGold
        Ads whose truth people settled, slice by slice.
    answers : mapping
        What the judge said.
    judge : Judge
        The judge.
    level : float
        Coverage wanted, in (0, 1).

    Returns
    -------
    tuple of Figure
        Sensitivity, specificity and share without an answer, all ads first. Of slicings with
        several cells, those with few labels are drawn towards the others, and those with nearly
        none are withheld.

    Raises
    ------
    DesignError
        If it judged none of the ads.
    """
    said = cut.said(answers, judge)
    kept = said != NOT_JUDGED
    if not kept.any():
        raise DesignError(
            f"{judge.label} judged no ad that people labelled",
            hint="have it judge the labelled ads: shroff models judge",
        )
    found = said_shares(cut.labels(said, kept=kept), groups=len(cut.slices), level=level)
    figures: list[Figure] = []
    slicings = list(dict.fromkeys(part.dimensions for part in cut.slices))
    for slicing in slicings:
        places = [at for at, part in enumerate(cut.slices) if part.dimensions == slicing]
        for name, metric in ERRORS.items():
            if name == "specificity" and "policy" in slicing and not judge.policies:
                continue  # who names no policy wrongs none in particular
            mine = found[metric].taken(np.array(places))
            told = shrunken(mine) if slicing else [mine.at(0)]
            figures += _named(name, [cut.slices[at] for at in places], told, cut.gold.design)
    return tuple(figures)


def _named(
    name: str, slices: Sequence[Slice], estimates: Sequence[Estimate], design: str
) -> list[Figure]:
    return [
        Figure(name, part, replace(estimate, design=design))
        for part, estimate in zip(slices, estimates, strict=True)
        if estimate.n
    ]


def shrunken(rates: Estimates) -> list[Estimate]:
    """Draw the rates of cells with few labels towards those of the others.

    Parameters
    ----------
    rates : Estimates
        One rate a cell.

    Returns
    -------
    list of Estimate
        Rates of `SMALL` labels or more as they are; smaller ones with the mean and the spread
        that all cells together leave them (an interval that holds for the cells on average);
        with fewer than `FEWEST` labels status SUPPRESSED.

    Notes
    -----
    `shroff.stats.shrinkage` on effective labels. With fewer than three cells there is nothing to
    learn from, and small cells keep their own wide interval.
    """
    trials = np.where(np.isnan(rates.value), 0.0, np.minimum(rates.n_effective, rates.n))
    trials = np.nan_to_num(trials)
    hits = np.nan_to_num(rates.value) * trials
    learnt = int((trials > 0).sum()) >= _LEAST_CELLS
    low, high, middle = (np.asarray(each) for each in (rates.low, rates.high, rates.value))
    if learnt:
        mix = posterior(beta_prior(hits, trials), hits, trials)
        middle = mix.mean
        low, high = _ends(mix.mean, mix.variance, level=rates.level)
    told: list[Estimate] = []
    for at in range(len(rates)):
        own = rates.at(at)
        if own.n < FEWEST:
            status = Status.SUPPRESSED if own.n else Status.UNKNOWN
            note = (Message("labeller.refused", {"labels": own.n}),) if own.n else ()
            own = replace(own, value=None, low=None, high=None, status=status, caveats=note)
        elif own.n < SMALL and learnt:
            own = replace(
                own,
                value=float(middle[at]),
                low=float(low[at]),
                high=float(high[at]),
                method="korn-graubard, shrunk",
                caveats=(Message("labeller.shrunk", {"labels": own.n}),),
            )
        told.append(own)
    return told


def _ends(mean: Floats, variance: Floats, *, level: float) -> tuple[Floats, Floats]:
    """Give the ends of a beta distribution of some mean and variance, a label wider each way."""
    strength = np.maximum(divide(mean * (1 - mean), variance) - 1, 1.0)
    low, high = beta_ends(mean * strength, strength, level=level)
    return low, high
