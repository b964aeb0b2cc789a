"""How often groups of reviewers are right: on known truth, and by what they say of the same ads."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from shroff.domain.labels import DesignKind
from shroff.domain.messages import Message
from shroff.measure.blocks import Block
from shroff.measure.label_quality_agreement import chosen, slices_of
from shroff.measure.label_quality_answers import Answers, Named
from shroff.stats.clusters import LabelRows, clustered_ratios_many
from shroff.stats.dawid_skene import UNKNOWN, Fit, Votes, dawid_skene
from shroff.stats.dawid_skene_doubt import correct_rates, draws, told
from shroff.stats.estimate import Estimates, Status
from shroff.stats.linearise import Flags, Ints, add_up
from shroff.stats.proportions import Floats
from shroff.stats.sampling import Ratio, Strata, kind_codes

__all__ = ["Model", "fit_model", "gold_blocks", "gold_rates", "model_blocks", "votes_of"]

_RATES = ("specificity", "sensitivity")
_SEED = 20


def gold_rates(
    answers: Answers, kept: Flags, column: Named, *, level: float
) -> dict[str, Estimates]:
    """Count how often answers were right where truth was known before.

    Parameters
    ----------
    answers : Answers
        Answers.
    kept : array of bool
        Answers to count.
    column : Named
        What to count them by.
    level : float
        Coverage wanted, in (0, 1).

    Returns
    -------
    dict of Estimates
        ``sensitivity`` and ``specificity``, one figure for each name of the column. An ad that
        several people answered is one cluster: its difficulty is theirs together.
    """
    rows = np.flatnonzero(kept & answers.known & (column.codes >= 0))
    truth, said = answers.gold[rows], answers.violating[rows].astype(np.intp)
    labels = LabelRows(
        group=column.codes[rows],
        stratum=np.zeros(len(rows), dtype=np.intp),
        cluster=answers.item[rows],
        cell=(2 * truth + said).astype(np.intp),
        w=np.ones(len(rows)),
    )
    strata = Strata(
        kind=kind_codes([DesignKind.PPS]),
        population=np.array([np.nan]),
        labels=np.array([float(len(rows))]),
    )
    cell = np.arange(4)
    metrics = [
        Ratio(numerator=cell == 0, denominator=cell < 2),
        Ratio(numerator=cell == 3, denominator=cell >= 2),
    ]
    found = clustered_ratios_many(
        labels, strata, metrics=metrics, groups=len(column.names), level=level
    )
    return dict(zip(_RATES, found, strict=True))


def gold_blocks(answers: Answers, *, level: float) -> list[Block]:
    """Say how often queues and groups are right on test items and on ads settled before.

    Parameters
    ----------
    answers : Answers
        Answers.
    level : float
        Coverage wanted, in (0, 1).

    Returns
    -------
    list of Block
        Over all, by queue, group, week and guideline; none where no truth was known before.
    """
    if not np.any(answers.known & answers.inside):
        return []
    every = Named(np.zeros(len(answers), dtype=np.intp), ("",))
    columns = (
        ("", every),
        ("queue", answers.queue),
        ("group", answers.group),
        ("week", answers.week),
        ("guideline", answers.guideline),
    )
    return [
        _kept_block(f"gold_{rate}", dimension, column, figures=figures)
        for dimension, column in columns
        if len(column.names) > 1 or not dimension
        for rate, figures in gold_rates(answers, answers.inside, column, level=level).items()
    ]


def _kept_block(metric: str, dimension: str, column: Named, *, figures: Estimates) -> Block:
    kept = np.flatnonzero(figures.n > 0)
    slices = slices_of(dimension, column)
    return Block(
        metric=metric,
        dimensions=(dimension,) if dimension else (),
        slices=tuple(slices[place] for place in kept),
        estimates=chosen(figures, kept),
        status=(Status.ESTIMATE,) * len(kept),
        design="answers on seeded items and on ads an expert had settled before",
        caveats=(Message("labels.quality.gold_mix"),),
    )


@dataclass(frozen=True, slots=True)
class Model:
    """Groups of reviewers fitted together.

    Parameters
    ----------
    name : str
        ``audit`` for the ads of the label frame, ``queue`` for queued ads answered again.
    votes : Votes
        Answers by group; parts are machine actions, or queues.
    fit : Fit
        The fit.
    told : bool
        Whether the answers can tell truth and errors apart.
    groups : Named
        The groups, coded as the raters of ``votes``.
    parts : tuple of str
        Names of the parts.
    ads : int
        Ads that the model rests on.
    """

    name: str
    votes: Votes
    fit: Fit
    told: bool
    groups: Named
    parts: tuple[str, ...]
    ads: int


def votes_of(answers: Answers, rows: Ints, *, part: Named, weight: Floats, rater: Named) -> Votes:
    """Count answers by ad, ads answered alike told as one.

    Parameters
    ----------
    answers : Answers
        Answers.
    rows : array of int
        Answers to count.
    part : Named
        Part of each answer's ad; that of its first answer counts.
    weight : array of shape (k,)
        Weight of each answer's ad.
    rater : Named
        Who answered.

    Returns
    -------
    Votes
        The answers; class 1 is violating, and what an expert said is taken as true.
    """
    items, first, where = np.unique(answers.item[rows], return_index=True, return_inverse=True)
    column = 2 * rater.codes[rows] + answers.violating[rows]
    tallies = np.zeros((len(items), 2 * len(rater.names)), dtype=np.intp)
    np.add.at(tallies, (where, column), 1)
    lead = rows[first]
    keys = np.column_stack([tallies, part.codes[lead], answers.gold[lead]])
    ways, way = np.unique(keys, axis=0, return_inverse=True)
    way = way.reshape(-1)
    weights = weight[lead]
    place, said = np.nonzero(ways[:, :-2])
    times = ways[place, said]
    return Votes(
        item=np.repeat(place, times),
        rater=np.repeat(said // 2, times),
        label=np.repeat(said % 2, times),
        items=len(ways),
        raters=len(rater.names),
        classes=2,
        count=np.bincount(way, minlength=len(ways)).astype(np.float64),
        weight=add_up(way, weights, size=len(ways)),
        spread=add_up(way, weights**2, size=len(ways)),
        population=ways[:, -2].astype(np.intp),
        truth=np.where(ways[:, -1] < 0, UNKNOWN, ways[:, -1]).astype(np.intp),
    )


def fit_model(answers: Answers, name: str) -> Model | None:
    """Fit truth and errors of groups to what they say of the same ads.

    Parameters
    ----------
    answers : Answers
        Answers.
    name : str
        ``audit`` or ``queue``.

    Returns
    -------
    Model or None
        The fit; None where no ad has two answers.
    """
    if name == "audit":
        kept = answers.independent & (answers.weight > 0) & (answers.action.codes >= 0)
        part, weight = answers.action, answers.weight
    else:
        kept = answers.inside & ~(answers.known & answers.is_(answers.reason, "seeded"))
        kept &= _again(answers, kept)
        part, weight = _first_queue(answers), np.ones(len(answers))
    rows = np.flatnonzero(kept)
    counts = np.bincount(answers.item[rows]) if len(rows) else np.zeros(0)
    if not np.any(counts >= 2):
        return None
    groups = _present(answers.group, rows)
    parts = _present(part, rows)
    votes = votes_of(answers, rows, part=parts, weight=weight, rater=groups)
    fit = dawid_skene(votes)
    return Model(
        name,
        votes,
        fit,
        fit.settled and told(votes, fit),
        groups,
        parts.names,
        int(np.count_nonzero(counts)),
    )


def _again(answers: Answers, kept: Flags) -> Flags:
    """Tell which answers are on ads of a queue that have two answers or more."""
    size = int(answers.item.max(initial=-1)) + 1
    counts = np.bincount(answers.item[kept], minlength=size)
    queued = np.zeros(size, dtype=np.bool_)
    queued[answers.item[kept & answers.is_(answers.reason, "model", "rule")]] = True
    found: Flags = ((counts >= 2) & queued)[answers.item]
    return found


def _first_queue(answers: Answers) -> Named:
    """Give each answer the queue in which its ad was first answered."""
    first = np.full(int(answers.item.max(initial=-1)) + 1, -1, dtype=np.intp)
    work = np.flatnonzero(answers.is_(answers.reason, "model", "rule"))
    first[answers.item[work][::-1]] = answers.queue.codes[work][::-1]
    return Named(first[answers.item], answers.queue.names)


def _present(column: Named, rows: Ints) -> Named:
    """Keep the names that some answers have."""
    used = np.unique(column.codes[rows])
    place = np.full(len(column.names), -1, dtype=np.intp)
    place[used[used >= 0]] = np.arange(np.count_nonzero(used >= 0))
    names = tuple(column.names[code] for code in used if code >= 0)
    return Named(np.where(column.codes >= 0, place[column.codes], -1), names)


def model_blocks(model: Model, *, level: float) -> list[Block]:
    """Say how often each group is right, by what is said of the same ads.

    Parameters
    ----------
    model : Model
        The fit.
    level : float
        Coverage wanted, in (0, 1).

    Returns
    -------
    list of Block
        Sensitivity and specificity by group; unknown where the answers cannot tell.
    """
    rng = np.random.default_rng(_SEED)
    if model.told:
        again = draws(model.votes, model.fit, rng=rng)
        rates = correct_rates(model.votes, model.fit, again, level=level)
        caveats = (Message("labels.quality.independent"),)
    else:
        rates = _untold(model, level=level)
        caveats = (Message("labels.quality.not_told"),)
    size = len(model.groups.names)
    slices = slices_of("group", model.groups)
    return [
        Block(
            metric=f"{model.name}_{rate}",
            dimensions=("group",),
            slices=slices,
            estimates=chosen(rates, 2 * np.arange(size) + place),
            status=(Status.ESTIMATE,) * size,
            design="ads with two answers or more",
            caveats=caveats,
        )
        for place, rate in enumerate(_RATES)
    ]


def _untold(model: Model, *, level: float) -> Estimates:
    size = 2 * len(model.groups.names)
    nothing = np.full(size, np.nan)
    blank = Estimates(
        value=nothing,
        low=nothing,
        high=nothing,
        n=np.zeros(size, dtype=np.int64),
        n_effective=nothing,
        design_effect=nothing,
        numerator=nothing,
        denominator=nothing,
        level=level,
        method="dawid-skene",
    )
    return replace(blank, n=np.round(model.fit.seen.reshape(-1)).astype(np.int64))
