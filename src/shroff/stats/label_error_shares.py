"""What share of each part is truly violating, from answers that err: corrected within the model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shroff.stats.dawid_skene import UNKNOWN, Fit, Votes
from shroff.stats.dawid_skene_doubt import Draws
from shroff.stats.estimate import Estimates
from shroff.stats.linearise import HALF, Ints, add_up, divide
from shroff.stats.proportions import Floats, beta_ends, require_level

__all__ = ["PartRatio", "lent", "true_shares"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRatio:
    """A metric as a ratio of violating ads of some parts to ads, or violating ads, of some.

    Parameters
    ----------
    above : array of shape (S,)
        Ads of each part that count above the line where they violate, in the whole population.
    below_violating, below_compliant : array of shape (S,)
        Ads of each part that count below the line where they violate, and where they do not.
    """

    above: Floats
    below_violating: Floats
    below_compliant: Floats


def lent(votes: Votes) -> Votes:
    """Lend each part half a violating and half a compliant item that all who judge it agree on.

    Parameters
    ----------
    votes : Votes
        Answers in two classes.

    Returns
    -------
    Votes
        The answers with those items behind them, each of the usual weight of its part, judged by
        the rater who gave most answers in it, and known to be what he says: two who err alike are
        no explanation of it. What by chance did not turn up in a part is then not taken to be
        impossible.
    """
    parts = int(votes.parts.max(initial=0)) + 1
    n, weight = _by_part(votes, votes.counts), _by_part(votes, votes.weights)
    usual = np.nan_to_num(divide(_by_part(votes, votes.spreads), weight))
    part = np.repeat(np.arange(parts, dtype=np.intp), 2)
    half = np.where(n > 0, HALF, 0.0)[part]
    rater = _busiest(votes, parts)[part]
    item = np.repeat(votes.items + np.arange(2 * parts, dtype=np.intp), 2)
    said = np.repeat(np.tile(np.arange(2, dtype=np.intp), parts), 2)
    return Votes(
        item=np.concatenate([votes.item, item]),
        rater=np.concatenate([votes.rater, np.repeat(rater, 2)]),
        label=np.concatenate([votes.label, said]),
        items=votes.items + 2 * parts,
        raters=votes.raters,
        classes=votes.classes,
        count=np.concatenate([votes.counts, half]),
        weight=np.concatenate([votes.weights, half * usual[part]]),
        spread=np.concatenate([votes.spreads, half * usual[part] ** 2]),
        population=np.concatenate([votes.parts, part]),
        truth=np.concatenate([_known(votes), np.tile(np.arange(2, dtype=np.intp), parts)]),
    )


def _known(votes: Votes) -> Ints:
    return np.full(votes.items, UNKNOWN) if votes.truth is None else votes.truth


def _busiest(votes: Votes, parts: int) -> Ints:
    place = votes.parts[votes.item] * votes.raters + votes.rater
    counts = np.bincount(place, weights=votes.counts[votes.item], minlength=parts * votes.raters)
    busiest: Ints = counts.reshape(parts, votes.raters).argmax(axis=1)
    return busiest


def true_shares(
    votes: Votes, fit: Fit, again: Draws, *, metrics: tuple[PartRatio, ...], level: float = 0.95
) -> Estimates:
    """Say what metrics would be if nobody erred.

    Parameters
    ----------
    votes : Votes
        Answers in two classes, the second violating; parts are e.g. the machine's actions.
    fit : Fit
        The fit.
    again : Draws
        Fits to the items of `lent`, drawn again.
    metrics : tuple of PartRatio
        What to compute.
    level : float
        Coverage wanted, in (0, 1).

    Returns
    -------
    Estimates
        One figure for each metric; ``n`` counts the items of the parts in its denominator.

    Notes
    -----
    Shares of violating items by part are found together with the raters' errors, so their doubt
    is in them and what they have in common is counted once. The spread over draws becomes
    effective items, for Korn and Graubard's interval. It takes
    raters to err alike in all parts, and independently of each other given the truth.
    """
    require_level(level)
    value = np.array([_ratio(each, fit.prior[:, 1]) for each in metrics])
    found = np.array([_ratio(each, again.prior[:, :, 1].T) for each in metrics])
    used = np.array([(m.below_violating + m.below_compliant) > 0 for m in metrics])
    n = used @ _by_part(votes, votes.counts)
    base = np.clip(np.nan_to_num(np.nanmean(found, axis=1), nan=0.5), 1e-9, 1 - 1e-9)
    effective = divide(base * (1 - base), np.nanvar(found, axis=1, ddof=1))
    # parts of known size may tell more than as many items drawn from all
    effective = np.where(np.isfinite(effective), effective, n)
    known = np.isfinite(value) & (n > 0)
    effective = np.where(known, effective, 0.0)
    low, high = beta_ends(np.where(known, value * effective, np.nan), effective, level=level)
    return Estimates(
        value=np.where(known, value, np.nan),
        low=low,
        high=high,
        n=np.round(n).astype(np.int64),
        n_effective=np.where(known, effective, np.nan),
        design_effect=divide(n, effective),
        numerator=np.array([np.sum(m.above * fit.prior[:, 1]) for m in metrics]),
        denominator=np.array([_below(m, fit.prior[:, 1]) for m in metrics]).astype(np.float64),
        level=level,
        method="dawid-skene",
    )


def _ratio(metric: PartRatio, violating: Floats) -> Floats:
    return divide(np.asarray(violating @ metric.above), np.asarray(_below(metric, violating)))


def _below(metric: PartRatio, violating: Floats) -> Floats:
    below: Floats = violating @ metric.below_violating + (1 - violating) @ metric.below_compliant
    return below


def _by_part(votes: Votes, values: Floats) -> Floats:
    return add_up(votes.parts, values, size=int(votes.parts.max(initial=0)) + 1)
