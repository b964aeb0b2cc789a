"""What the machine's figures would be if nobody who labels erred."""

from __future__ import annotations

import numpy as np

from shroff.domain.labels import DesignKind
from shroff.domain.messages import Message
from shroff.domain.slices import EVERYTHING
from shroff.measure.blocks import Block
from shroff.measure.frame import Frame
from shroff.measure.label_quality_agreement import chosen
from shroff.measure.label_quality_answers import Answers, Named
from shroff.measure.label_quality_rates import Model, gold_rates
from shroff.stats.dawid_skene import dawid_skene
from shroff.stats.dawid_skene_doubt import draws
from shroff.stats.estimate import Estimates, Status
from shroff.stats.label_error import Accuracy, rogan_gladen
from shroff.stats.label_error_shares import PartRatio, lent, true_shares
from shroff.stats.proportions import Floats
from shroff.stats.sampling import Cells, Ratio, Strata, kind_codes, ratios_many

__all__ = ["CORRECTED", "corrected_blocks", "gold_corrected_blocks"]

CORRECTED = ("leakage", "reject_precision", "violating_share", "recall_any")
"""Metrics that are corrected, by the names of the catalogue where it has them."""

_SEED = 21
_FEWEST_GOLD = 20


def corrected_blocks(model: Model, frame: Frame, *, level: float) -> list[Block]:
    """Correct metrics within the model of who errs how often.

    Parameters
    ----------
    model : Model
        Fit of the audit, parts being the machine's actions.
    frame : Frame
        The label frame: how many ads each action has.
    level : float
        Coverage wanted, in (0, 1).

    Returns
    -------
    list of Block
        One figure for each metric; none where the answers cannot tell, or an action was never
        audited.
    """
    ads = {source.action: float(source.ads) for source in frame.sources if source.ads}
    if not model.told or set(ads) - set(model.parts):
        return []
    size = np.array([ads.get(name, 0.0) for name in model.parts])
    metrics = _metrics(model.parts, size)
    larger = lent(model.votes)
    rng = np.random.default_rng(_SEED)
    again = draws(larger, dawid_skene(larger), rng=rng)
    figures = true_shares(
        model.votes, model.fit, again, metrics=tuple(metrics.values()), level=level
    )
    caveats = (Message("labels.quality.corrected"), Message("labels.quality.independent"))
    return [
        _block(f"corrected_{name}", figures, place, caveats=caveats, frame=frame)
        for place, name in enumerate(metrics)
    ]


def _metrics(actions: tuple[str, ...], size: Floats) -> dict[str, PartRatio]:
    approved = np.array([name == "approve" for name in actions])
    rejected = np.array([name == "reject" for name in actions])
    wanted = {
        "leakage": _share(size * approved),
        "reject_precision": _share(size * rejected),
        "violating_share": _share(size),
        "recall_any": PartRatio(
            above=size * ~approved, below_violating=size, below_compliant=np.zeros(len(size))
        ),
    }
    return {
        name: metric
        for name, metric in wanted.items()
        if np.any(metric.below_violating > 0) and np.any(metric.above > 0)
    }


def _share(size: Floats) -> PartRatio:
    return PartRatio(above=size, below_violating=size, below_compliant=size)


def _block(
    metric: str, figures: Estimates, place: int, *, caveats: tuple[Message, ...], frame: Frame
) -> Block:
    return Block(
        metric=metric,
        dimensions=(),
        slices=(EVERYTHING,),
        estimates=chosen(figures, np.array([place])),
        status=(Status.ESTIMATE,),
        design=frame.text(),
        caveats=caveats,
    )


def gold_corrected_blocks(answers: Answers, frame: Frame, *, level: float) -> list[Block]:
    """Correct leakage and reject precision by how often auditors are right on known truth.

    Parameters
    ----------
    answers : Answers
        Answers.
    frame : Frame
        The label frame.
    level : float
        Coverage wanted, in (0, 1).

    Returns
    -------
    list of Block
        One figure for each metric; none where the auditors' groups answered fewer than 20
        violating or 20 compliant ads of known truth.
    """
    audit = answers.independent & (answers.weight > 0) & (answers.action.codes >= 0)
    auditors = np.isin(answers.group.codes, np.unique(answers.group.codes[audit]))
    every = Named(np.zeros(len(answers), dtype=np.intp), ("",))
    if not np.any(audit) or not np.any(answers.known & auditors):
        return []
    rates = gold_rates(answers, auditors, every, level=level)
    if min(int(each.n[0]) for each in rates.values()) < _FEWEST_GOLD:
        return []
    observed = _observed(answers, np.flatnonzero(audit), level=level)
    accuracy = Accuracy(sensitivity=rates["sensitivity"], specificity=rates["specificity"])
    figures = rogan_gladen(observed, accuracy)
    caveats = (Message("labels.quality.corrected"), Message("labels.quality.gold_mix"))
    names = answers.action.names
    asked = {"approve": "leakage", "reject": "reject_precision"}
    return [
        _block(f"gold_corrected_{asked[name]}", figures, place, caveats=caveats, frame=frame)
        for place, name in enumerate(names)
        if name in asked and observed.n[place]
    ]


def _observed(answers: Answers, rows: np.ndarray, *, level: float) -> Estimates:
    """Estimate which share of each action's ads its first auditor calls violating."""
    _, first = np.unique(answers.item[rows], return_index=True)
    lead = rows[first]
    action, weight = answers.action.codes[lead], answers.weight[lead]
    cells = Cells(
        group=action,
        stratum=action,
        cell=answers.violating[lead].astype(np.intp),
        n=np.ones(len(lead)),
        w=weight,
        w2=weight**2,
    )
    size = len(answers.action.names)
    strata = Strata(
        kind=kind_codes([DesignKind.PPS] * size),
        population=np.full(size, np.nan),
        labels=np.bincount(action, minlength=size).astype(np.float64),
    )
    metric = Ratio(numerator=np.array([False, True]), denominator=np.array([True, True]))
    return ratios_many(cells, strata, metrics=(metric,), groups=size, level=level)[0]
