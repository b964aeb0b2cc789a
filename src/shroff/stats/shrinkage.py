"""Shares of many small groups at once: each drawn towards the others by how little is known of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betaincinv, betaln

from shroff.errors import DesignError
from shroff.stats.checks import require_sums
from shroff.stats.proportions import Floats, require_level

__all__ = ["BetaMix", "BetaPrior", "beta_prior", "of_finite", "posterior", "sums_of_betas"]

_MEANS, _STRENGTHS = 15, 25
_WEAKEST, _STRONGEST = 0.2, 20_000.0
_ROUNDS = 2
_REACH = 4.0
_TINY = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class BetaPrior:
    """What all groups together say of a group nothing is known of.

    Parameters
    ----------
    mean : float
        Mean share of a group, in [0, 1].
    strength : float
        Labels that this knowledge is worth: how alike the groups are.
    groups : int
        Groups with labels that it was learnt from.
    means, strengths, weights : arrays of shape (points,)
        How well each pair fits; ``weights`` sum to 1. Doubt about the prior is in their spread.
    """

    mean: float
    strength: float
    groups: int
    means: Floats
    strengths: Floats
    weights: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class BetaMix:
    """Mean and variance of each group's share, after its own labels.

    Parameters
    ----------
    mean, variance : arrays of shape (groups,)
        Posterior moments, with the doubt about the prior in them.
    """

    mean: Floats
    variance: Floats


def beta_prior(hits: Floats, trials: Floats) -> BetaPrior:
    """Learn from many groups how much groups differ.

    Parameters
    ----------
    hits, trials : array of shape (groups,)
        Labels that say yes, and labels, of each group; not whole where labels were weighted (then
        effective numbers). Groups without labels add nothing.

    Returns
    -------
    BetaPrior
        The prior.

    Raises
    ------
    DesignError
        If no group has a label, or hits exceed trials.

    Notes
    -----
    The share of a group is taken as drawn from a beta distribution; the hits of a group given its
    share are binomial. The two parameters, mean and strength, are averaged over a grid by their
    likelihood, with a flat prior on the logit of the mean and on one over the root of the strength
    (how far groups differ), from 0.2 to 20,000 labels, so that few groups, or groups that are all alike, give no false certainty.

    References
    ----------
    Skellam, JRSS B 10 (1948); Efron and Morris, JASA 70 (1975); Kass and Steffey, JASA 84 (1989).
    """
    _require(hits, trials)
    seen = trials > 0
    if not seen.any():
        raise DesignError("no group has a label", hint="label ads of some accounts")
    hits, trials, many = _alike(hits[seen], trials[seen])
    share = float((hits * many).sum() / (trials * many).sum())
    middle = np.log((share + _TINY) / (1 - share + _TINY))
    reach = 2.0 + _REACH / np.sqrt(max((hits * many).sum(), 0.5))
    logits = np.linspace(middle - reach, middle + reach, _MEANS)
    strengths = np.linspace(np.log(_WEAKEST), np.log(_STRONGEST), _STRENGTHS)
    for _ in range(_ROUNDS):
        grid_m, grid_s, weights = _weighed(hits, trials, many, logits=logits, strengths=strengths)
        logits = _around(grid_m, weights, logits)
        strengths = _around(grid_s, weights, strengths)
    grid_m, grid_s, weights = _weighed(hits, trials, many, logits=logits, strengths=strengths)
    means, points = _expit(grid_m), np.exp(grid_s)
    return BetaPrior(
        mean=float((weights * means).sum()),
        strength=float(np.exp((weights * grid_s).sum())),
        groups=int(many.sum()),
        means=means,
        strengths=points,
        weights=weights,
    )


def posterior(prior: BetaPrior, hits: Floats, trials: Floats) -> BetaMix:
    """Say what is known of each group, of its own labels and of those of all.

    Parameters
    ----------
    prior : BetaPrior
        What all groups say.
    hits, trials : array of shape (groups,)
        As for `beta_prior`; a group without labels gets the prior.

    Returns
    -------
    BetaMix
        Mean and variance of each group's share.
    """
    _require(hits, trials)
    first: Floats = np.zeros(len(hits))
    second: Floats = np.zeros(len(hits))
    kept = np.flatnonzero(prior.weights > prior.weights.max() * 1e-4)
    scale = prior.weights[kept].sum()
    for at in kept:
        strength = prior.strengths[at]
        size = strength + trials
        mean = (prior.means[at] * strength + hits) / size
        weight = prior.weights[at] / scale
        first += weight * mean
        second += weight * (mean * (1 - mean) / (size + 1) + mean * mean)
    return BetaMix(mean=first, variance=np.maximum(second - first * first, 0.0))


def of_finite(mix: BetaMix, *, size: Floats, seen: Floats, hits: Floats) -> BetaMix:
    """Say which share of a finite group has a property, some of its members being seen.

    Parameters
    ----------
    mix : BetaMix
        Posterior of the chance that a member has it.
    size, seen, hits : array of shape (groups,)
        Members, those seen, and those seen to have it.

    Returns
    -------
    BetaMix
        Mean and variance of the share of all members: what was seen is known, the rest is drawn.
    """
    size = np.maximum(size, 1.0)
    rest = np.clip(1 - seen / size, 0.0, 1.0)
    drawn = np.maximum(mix.mean * (1 - mix.mean) - mix.variance, 0.0)
    return BetaMix(
        mean=np.clip(hits / size + rest * mix.mean, 0.0, 1.0),
        variance=rest**2 * mix.variance + rest * drawn / size,
    )


def sums_of_betas(
    parts: list[BetaMix], shares: list[Floats], *, level: float = 0.95
) -> tuple[Floats, Floats, Floats]:
    """Put together the share of a group from those of its parts.

    Parameters
    ----------
    parts : list of BetaMix
        Each part's share, e.g. of violating ads among approved and among rejected ones.
    shares : list of array of shape (groups,)
        Which share of the group is in each part; they sum to 1 where the group has anything.
    level : float
        Probability that the interval is to hold, in (0, 1).

    Returns
    -------
    tuple of three arrays of shape (groups,)
        Posterior mean, and both ends of the interval that has equal chances outside.

    Notes
    -----
    Parts are taken as independent, and the sum as a beta distribution of the same mean and variance.
    """
    tail = (1 - require_level(level)) / 2
    mean = sum((share * part.mean for part, share in zip(parts, shares, strict=True)), np.zeros(1))
    spread = sum(
        (share**2 * part.variance for part, share in zip(parts, shares, strict=True)), np.zeros(1)
    )
    inside = np.clip(mean, _TINY, 1 - _TINY)
    size = np.maximum(inside * (1 - inside) / np.maximum(spread, 1e-12) - 1, 1e-3)
    low = betaincinv(inside * size, (1 - inside) * size, tail)
    high = betaincinv(inside * size, (1 - inside) * size, 1 - tail)
    return mean, np.minimum(low, mean), np.maximum(high, mean)


def _alike(hits: Floats, trials: Floats) -> tuple[Floats, Floats, Floats]:
    """Count groups that have the same numbers once: most of a million have one label or two."""
    pairs, many = np.unique(np.stack([hits, trials], axis=1), axis=0, return_counts=True)
    return pairs[:, 0], pairs[:, 1], many.astype(np.float64)


def _likelihood(
    hits: Floats, trials: Floats, many: Floats, *, means: Floats, strengths: Floats
) -> Floats:
    """Give the log likelihood of each pair of mean and strength."""
    found = np.empty(len(means))
    for at, (mean, strength) in enumerate(zip(means, strengths, strict=True)):
        a, b = mean * strength + _TINY, (1 - mean) * strength + _TINY
        each = betaln(hits + a, trials - hits + b) - betaln(a, b)
        found[at] = float((many * each).sum())
    return found


def _weighed(
    hits: Floats, trials: Floats, many: Floats, *, logits: Floats, strengths: Floats
) -> tuple[Floats, Floats, Floats]:
    """Weigh each pair of mean and strength, on their own scales, by how well it fits."""
    grid_m, grid_s = (one.ravel() for one in np.meshgrid(logits, strengths, indexing="ij"))
    fits = _likelihood(hits, trials, many, means=_expit(grid_m), strengths=np.exp(grid_s))
    fits -= grid_s / 2  # flat in how far groups differ: one over the root of the strength
    weights = np.exp(fits - fits.max())
    return grid_m, grid_s, weights / weights.sum()


def _around(grid: Floats, weights: Floats, line: Floats) -> Floats:
    """Lay a finer line where the weight is, within the one before."""
    low, high = float(line[0]), float(line[-1])
    middle = float((weights * grid).sum())
    spread = float(np.sqrt(max((weights * (grid - middle) ** 2).sum(), 0.0)))
    reach = max(_REACH * spread, (high - low) / (2 * len(line)))
    return np.linspace(max(middle - reach, low), min(middle + reach, high), len(line))


def _expit(logit: Floats) -> Floats:
    return 1 / (1 + np.exp(-logit))


def _require(hits: Floats, trials: Floats) -> None:
    require_sums("hits", hits, where="shrinkage", hint="count labels that say yes")
    require_sums("labels", trials, where="shrinkage", hint="count labels")
    if (hits > trials * (1 + 1e-9) + 1e-9).any():
        raise DesignError("more hits than labels", where="shrinkage", hint="count each ad once")
