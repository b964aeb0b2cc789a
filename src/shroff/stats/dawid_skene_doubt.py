"""How far a fit of true classes and error rates can be believed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shroff.stats.dawid_skene import Fit, State, Votes, climb, majority
from shroff.stats.estimate import Estimates
from shroff.stats.linearise import divide
from shroff.stats.proportions import Floats, beta_ends, require_level

__all__ = ["Draws", "correct_rates", "draws", "told"]

_LARGEST = 400  # parameters whose information is looked at as a whole
_FLAT = 1e-5
_EDGE = 0.002
_PIECE = 4_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Draws:
    """Fits to items drawn again, B of them.

    Parameters
    ----------
    prior : array of shape (S, B, C)
        Share of each class, by part.
    confusion : array of shape (R, B, C, C)
        Chance that a rater says column of an item that is row.
    weight : array of shape (I, B)
        What each item counted for.
    """

    prior: Floats
    confusion: Floats
    weight: Floats


def told(votes: Votes, fit: Fit) -> bool:
    """Tell whether the answers can tell error rates and true shares apart at all.

    Parameters
    ----------
    votes : Votes
        Answers.
    fit : Fit
        The fit.

    Returns
    -------
    bool
        False where other rates would explain the answers as well, as for two answers an item by
        raters who err alike: three unknowns, two knowns. A third answer, parts in which
        violations are of different frequency, or known truth for some items resolve it.

    Notes
    -----
    Looks for a direction in which the likelihood is flat at the fit: the information of the
    items' scores has an eigenvalue near zero. With more than 400 unknowns, or where no two
    answers on an item differ, only the count of answers, parts and known truths is looked at.

    References
    ----------
    Hui and Walter, Biometrics 36 (1980).
    """
    answers = np.asarray(votes.table.sum(axis=1)).ravel()
    many = votes.raters * votes.classes * (votes.classes - 1) > _LARGEST
    if many or _unanimous(votes):
        parts = int(votes.parts.max(initial=0)) + 1
        return bool(np.any(answers >= 3) or parts > 1 or np.any(votes.known))
    scores = _scores(votes, fit)
    information = scores.T @ (scores * votes.weights[:, None])
    size = np.sqrt(np.maximum(np.diag(information), 0.0))
    if np.any(size <= 0):
        return False
    values = np.linalg.eigvalsh(information / np.outer(size, size))
    return bool(values[0] > _FLAT)


def _unanimous(votes: Votes) -> bool:
    """Tell whether no two answers on an item differ: then no slope shows any error."""
    tallies = majority(votes)
    return bool(np.all(tallies.max(axis=1) > 1 - _EDGE))


def _scores(votes: Votes, fit: Fit) -> Floats:
    """Give how each item pulls at each unknown, (I, unknowns)."""
    chance = fit.posterior
    prior = np.clip(fit.prior, _EDGE, 1)[votes.parts]
    pulls: list[Floats] = []
    for part in range(int(votes.parts.max(initial=0)) + 1):
        inside = (votes.parts == part)[:, None]
        slope = chance[:, :-1] / prior[:, :-1] - chance[:, -1:] / prior[:, -1:]
        pulls.append(inside * slope)
    counts = votes.table.toarray().reshape(votes.items, votes.raters, votes.classes)
    share = np.clip(fit.confusion, _EDGE, 1)
    for rater in np.flatnonzero(counts.sum(axis=(0, 2)) > 0):
        said = counts[:, rater]
        for true in range(votes.classes):
            slope = said[:, :-1] / share[rater, true, :-1] - said[:, -1:] / share[rater, true, -1]
            pulls.append(chance[:, true : true + 1] * slope)
    return np.concatenate(pulls, axis=1)


def draws(
    votes: Votes,
    fit: Fit,
    *,
    rng: np.random.Generator,
    times: int = 200,
    pooled: float = 0.0,
    rounds: int = 500,
    tolerance: float = 1e-8,
) -> Draws:
    """Fit again to items drawn again: what the doubt of everything that follows is made of.

    Parameters
    ----------
    votes : Votes
        Answers.
    fit : Fit
        The fit; each new one starts from it, so that classes keep their names.
    rng : Generator
        Source of chance.
    times : int
        How often.
    pooled, rounds, tolerance
        As in `shroff.stats.dawid_skene.dawid_skene`.

    Returns
    -------
    Draws
        The fits.

    Notes
    -----
    A smooth bootstrap over items: each item, or row of items answered alike, gets a weight from a
    gamma distribution with its own weight as mean and its squared weights as variance. Answers
    stay with their item.
    """
    shape = divide(votes.weights**2, votes.spreads)
    scale = divide(votes.spreads, votes.weights)
    known = np.isfinite(shape)
    gamma = rng.gamma(np.where(known, shape, 0.0)[:, None], size=(votes.items, times))
    weight = gamma * np.where(known, scale, 0.0)[:, None]
    step = max(1, _PIECE // (votes.items * votes.classes + votes.raters * votes.classes**2))
    done: list[State] = []
    for start in range(0, times, step):
        piece = weight[:, start : start + step]
        chance = np.repeat(fit.posterior[:, None, :], piece.shape[1], axis=1)
        state = State.begin(votes, chance, piece, pooled=pooled)
        done.append(climb(votes, state, rounds=rounds, tolerance=tolerance, pooled=pooled))
    return Draws(
        prior=np.concatenate([state.prior for state in done], axis=1),
        confusion=np.concatenate([state.confusion for state in done], axis=1),
        weight=weight,
    )


def correct_rates(votes: Votes, fit: Fit, again: Draws, *, level: float = 0.95) -> Estimates:
    """Say how often each rater is right on items of each class.

    Parameters
    ----------
    votes : Votes
        Answers.
    fit : Fit
        The fit.
    again : Draws
        Fits to items drawn again.
    level : float
        Coverage wanted, in (0, 1).

    Returns
    -------
    Estimates
        R * C figures, the classes of a rater beside each other. ``n`` counts the rater's answers
        on items that seem to be of the class; NaN where there is less than half an answer.

    Notes
    -----
    The spread over draws becomes a number of effective answers, never more than were given: a
    truth that is only inferred tells less than a known one. They make Korn and Graubard's
    interval, so that a rater who never erred yet is not said to be faultless.
    """
    require_level(level)
    rates = np.diagonal(fit.confusion, axis1=1, axis2=2).reshape(-1)
    spread = np.diagonal(again.confusion, axis1=2, axis2=3).var(axis=1, ddof=1).reshape(-1)
    seen = fit.seen.reshape(-1)
    some = seen >= 0.5
    base = (rates * seen + 0.5) / (seen + 1)
    effective = np.minimum(divide(base * (1 - base), spread), _independent(votes, fit))
    effective = np.where(some, np.nan_to_num(effective, nan=np.inf), 0.0)
    effective = np.minimum(effective, seen)
    value = np.where(some, rates, np.nan)
    low, high = beta_ends(np.where(some, value * effective, np.nan), effective, level=level)
    return Estimates(
        value=value,
        low=low,
        high=high,
        n=np.round(seen).astype(np.int64),
        n_effective=np.where(some, effective, np.nan),
        design_effect=divide(seen, effective),
        numerator=np.where(some, value * seen, np.nan),
        denominator=np.where(some, seen, np.nan),
        level=level,
        method="dawid-skene",
    )


def _independent(votes: Votes, fit: Fit) -> Floats:
    """Count the answers of each rater and class that weights leave, as Kish counts."""
    table = votes.table
    first = table.T @ (fit.posterior * votes.weights[:, None])
    second = table.T @ (fit.posterior * votes.spreads[:, None])
    shape = (votes.raters, votes.classes, -1)
    total, squares = (each.reshape(shape).sum(axis=1).reshape(-1) for each in (first, second))
    return np.nan_to_num(divide(total**2, squares), nan=0.0)
