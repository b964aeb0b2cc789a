"""How often the labels behind chances are right, by how they came about."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shroff.advise.label_sums import LabelErrors
from shroff.measure.brief import Brief
from shroff.measure.frame import Frame
from shroff.measure.label_quality_answers import Answers, Named, read_answers
from shroff.measure.label_quality_rates import Model, fit_model, gold_rates
from shroff.stats.dawid_skene_doubt import draws
from shroff.store.engine import Engine

__all__ = ["KINDS", "LabelTrust", "errors_of", "kinds_of", "trust_of"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_SETTLED, _AGREED, _SINGLE, _QUEUED = range(4)
KINDS = 4
"""Kinds of labels: an expert's, one that blind reviewers agree on, one person's, a queue's."""

_EXPERT, _SEEN = 1, 4  # tiers of truth
_FEWEST_KNOWN = 20
_SEED = 22
_Z = 1.959964


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelTrust:
    """How often one person who labels on their own is right.

    Parameters
    ----------
    how : str
        What tells it: ads judged ``twice``, ads of ``known`` truth, or ``nothing``.
    caught, passed : float
        Share of violating ads found, and of compliant ads passed; 1 where nothing tells.
    caught_doubt, passed_doubt : float
        Their standard errors.
    ads : int
        Ads that tell it.
    """

    how: str = "nothing"
    caught: float = 1.0
    passed: float = 1.0
    caught_doubt: float = 0.0
    passed_doubt: float = 0.0
    ads: int = 0


def trust_of(engine: Engine, brief: Brief, frame: Frame) -> LabelTrust:
    """Say how often one label is right, by what is said of the same ads.

    Parameters
    ----------
    engine : Engine
        Where the logs and the label frame are.
    brief : Brief
        Period, level.
    frame : Frame
        The label frame.

    Returns
    -------
    LabelTrust
        As `shroff labels quality` tells it: from ads that two judged without seeing each other's
        answer, an expert's word being true; else from ads whose truth was known before.
    """
    answers = read_answers(engine, brief.period, frame=frame.table, week_starts=brief.week_starts)
    model = fit_model(answers, "audit")
    if model is not None and model.told:
        return _twice(model)
    return _known(answers, level=brief.level)


def _twice(model: Model) -> LabelTrust:
    """Take all groups together, each as often as it answered."""
    again = draws(model.votes, model.fit, rng=np.random.default_rng(_SEED))
    seen = model.fit.seen  # (groups, classes)
    part = seen / np.maximum(seen.sum(axis=0), 1e-12)
    right = np.diagonal(model.fit.confusion, axis1=1, axis2=2)
    rates = (part * right).sum(axis=0)
    drawn = np.diagonal(again.confusion, axis1=2, axis2=3)  # (groups, draws, classes)
    spread = (part[:, None, :] * drawn).sum(axis=0).std(axis=0, ddof=1)
    doubt = np.maximum(spread, _least_doubt(rates, seen.sum(axis=0)))
    return LabelTrust(
        how="twice",
        caught=float(rates[1]),
        passed=float(rates[0]),
        caught_doubt=float(doubt[1]),
        passed_doubt=float(doubt[0]),
        ads=model.ads,
    )


def _least_doubt(rates: Floats, count: Floats) -> Floats:
    """Give the doubt of as many known answers, one more of each kind lent."""
    base = (rates * count + 1) / (count + 2)
    found: Floats = np.sqrt(base * (1 - base) / (count + 2))
    return found


def _known(answers: Answers, *, level: float) -> LabelTrust:
    audit = answers.independent & (answers.weight > 0) & (answers.action.codes >= 0)
    auditors = np.isin(answers.group.codes, np.unique(answers.group.codes[audit]))
    if not np.any(audit) or not np.any(answers.known & auditors):
        return LabelTrust()
    every = Named(np.zeros(len(answers), dtype=np.intp), ("",))
    rates = gold_rates(answers, auditors, every, level=level)
    if min(int(each.n[0]) for each in rates.values()) < _FEWEST_KNOWN:
        return LabelTrust()
    caught, passed = (rates[name] for name in ("sensitivity", "specificity"))
    wide = [float(each.high[0] - each.low[0]) / (2 * _Z) for each in (caught, passed)]
    return LabelTrust(
        how="known",
        caught=float(caught.value[0]),
        passed=float(passed.value[0]),
        caught_doubt=wide[0],
        passed_doubt=wide[1],
        ads=int(caught.n[0] + passed.n[0]),
    )


def kinds_of(tier: Ints, reviewed: npt.NDArray[np.bool_]) -> Ints:
    """Give the kind of labels.

    Parameters
    ----------
    tier : array of int
        Tier of truth, as in `shroff.measure.truth`.
    reviewed : array of bool
        Whether the ads were queued in.

    Returns
    -------
    array of int
        An expert's, one that blind reviewers agree on, one person's, or a queue's verdict.
    """
    kind = np.where(tier <= _EXPERT, _SETTLED, np.where(tier == _EXPERT + 1, _AGREED, _SINGLE))
    return np.where((tier >= _SEEN) & reviewed, _QUEUED, kind).astype(np.int64)


def errors_of(kind: Ints, trust: LabelTrust, checked: Floats) -> LabelErrors:
    """Give how often labels of each kind are right.

    Parameters
    ----------
    kind : array of int, shape (k,)
        As `kinds_of` gives them.
    trust : LabelTrust
        How often one label is.
    checked : array of shape (2, 2)
        Queued ads known better: compliant or violating, by what the queue said.

    Returns
    -------
    LabelErrors
        An expert's word is true; two who agree are wrong where both err; the queue is held
        against what is known better of its ads, and taken to be right where nothing is.
    """
    caught, caught_doubt = _agreed(trust.caught, trust.caught_doubt)
    passed, passed_doubt = _agreed(trust.passed, trust.passed_doubt)
    found, missed, alarms, clear = checked[1, 1], checked[1, 0], checked[0, 1], checked[0, 0]
    queue = [_share(found, missed), _share(clear, alarms)]
    return LabelErrors(
        kind=kind,
        sensitivity=np.array([1.0, caught, trust.caught, queue[0][0]]),
        specificity=np.array([1.0, passed, trust.passed, queue[1][0]]),
        sensitivity_doubt=np.array([0.0, caught_doubt, trust.caught_doubt, queue[0][1]]),
        specificity_doubt=np.array([0.0, passed_doubt, trust.passed_doubt, queue[1][1]]),
    )


def _agreed(rate: float, doubt: float) -> tuple[float, float]:
    """Give how often two who agree are right, if they err apart from each other."""
    whole = rate**2 + (1 - rate) ** 2
    return rate**2 / whole, doubt * 2 * rate * (1 - rate) / whole**2


def _share(yes: float, no: float) -> tuple[float, float]:
    """Give a share and its standard error, one of each kind lent; 1 where nothing is known."""
    if not yes + no:
        return 1.0, 0.0
    size = yes + no + 2
    share = (yes + 1) / size
    return share, float(np.sqrt(share * (1 - share) / (size + 1)))
