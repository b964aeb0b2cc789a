"""Do reviewers agree, beyond what chance would give? The item is the unit."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from shroff.errors import DesignError
from shroff.stats.agreement_intervals import MOST, Items, Parts, coefficient, require_items
from shroff.stats.estimate import Estimates
from shroff.stats.linearise import HALF, Ints, add_up, divide
from shroff.stats.proportions import Floats

__all__ = ["Coefficient", "Tallies", "agreement", "cohen"]


class Coefficient(StrEnum):
    """How agreement is counted.

    ``SHARE`` is the plain share of pairs of answers that agree. The others take off what chance
    would give, and differ in what they call chance: ``KAPPA`` (Fleiss; Scott's pi for two answers
    an item) and ``ALPHA`` (Krippendorff) the mix of all answers, ``AC1`` (Gwet) only the part of
    answers that may be guesses. Where violations are rare kappa and alpha can be low though
    reviewers almost always agree; AC1 does not fall with them. Read all of them.
    """

    SHARE = "agreement"
    KAPPA = "fleiss-kappa"
    ALPHA = "krippendorff-alpha"
    AC1 = "gwet-ac1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tallies:
    """Items by how many reviewers gave each answer.

    Parameters
    ----------
    items : Items
        Items, counted by slice and tally.
    votes : array of shape (k, C)
        Answers of each category on one item of the row. Items with one answer tell only how
        often a category is used, and `Coefficient.KAPPA` and `Coefficient.AC1` use them for that.
    """

    items: Items
    votes: Floats


def agreement(
    tallies: Tallies, *, kind: Coefficient, groups: int, level: float = 0.95
) -> Estimates:
    """Say how far reviewers agree, by slice.

    Parameters
    ----------
    tallies : Tallies
        Items by answers.
    kind : Coefficient
        How agreement is counted.
    groups : int
        Number of slices.
    level : float
        Coverage wanted, in (0, 1).

    Returns
    -------
    Estimates
        One figure per slice; ``n`` counts items with two answers or more. NaN where there is
        none, or where all answers are one category and chance would agree as well.

    Raises
    ------
    DesignError
        If there are fewer than two categories, or counts that make no sense.

    Notes
    -----
    All four are ``1 - observed / expected`` disagreement, pairs of answers counted within items,
    so any number of answers an item is fine. The variance is linearised over items and their
    weights; answers on one item are never counted as if they were independent. Reviewers are
    taken as they are: for other reviewers the doubt is larger.

    References
    ----------
    Fleiss, Psychological Bulletin 76 (1971); Krippendorff, Content Analysis (2004), ch. 11;
    Gwet, British Journal of Mathematical and Statistical Psychology 61 (2008).

    Examples
    --------
    Of 100 ads judged twice, 5 were called violating by both and 4 by one of the two.

    >>> votes = np.array([[2.0, 0.0], [1.0, 1.0], [0.0, 2.0]])
    >>> n = np.array([5.0, 4.0, 91.0])
    >>> items = Items(group=np.zeros(3, dtype=np.intp), n=n, w=n, w2=n)
    >>> tallies = Tallies(items=items, votes=votes)
    >>> [round(float(agreement(tallies, kind=kind, groups=1).value[0]), 3) for kind in Coefficient]
    [0.96, 0.693, 0.694, 0.954]
    """
    _require_votes(tallies.votes, rows=len(tallies.items))
    require_items(tallies.items, groups=groups)
    kept = _judged(tallies, kind=kind)
    ghosts = _with_ghosts(kept, kind=kind, groups=groups)
    smooth = _parts(ghosts, kind=kind, groups=groups, sample=_ratings(kept, groups=groups))
    pairs = kept.votes.sum(axis=1) >= 2
    return coefficient(
        _where(kept.items, pairs),
        _parts(kept, kind=kind, groups=groups, sample=_ratings(kept, groups=groups)),
        smooth=_variances(ghosts.items, smooth, groups=groups),
        groups=groups,
        level=level,
        method=str(kind),
    )


def cohen(
    items: Items, first: Ints, second: Ints, *, classes: int, groups: int, level: float = 0.95
) -> Estimates:
    """Say how far two given reviewers, or two roles, agree: Cohen's kappa.

    Parameters
    ----------
    items : Items
        Items that both judged, by slice and pair of answers.
    first, second : array of int, shape (k,)
        What the one and the other said, 0..classes-1.
    classes : int
        Number of categories.
    groups : int
        Number of slices.
    level : float
        Coverage wanted, in (0, 1).

    Returns
    -------
    Estimates
        One figure per slice; NaN where both always gave one and the same answer.

    Raises
    ------
    DesignError
        If the answers do not match the items.

    Notes
    -----
    Chance is the product of how often each of the two uses a category. Who is first matters: the
    reviewer and the checker, not two of a pool, for whom `agreement` is right.

    References
    ----------
    Cohen, Educational and Psychological Measurement 20 (1960).
    """
    require_items(items, groups=groups)
    if len(first) != len(items) or len(second) != len(items):
        raise DesignError("answers that do not match the items", where="cohen")
    said = np.eye(classes)
    parts = _cohen_parts(items, said[first], said[second], groups=groups)
    every = np.arange(classes)
    ghosts = _ghost_items(items, size=classes**2, groups=groups, part=np.ones(groups))
    one = np.concatenate([said[first], np.tile(said[np.repeat(every, classes)], (groups, 1))])
    two = np.concatenate([said[second], np.tile(said[np.tile(every, classes)], (groups, 1))])
    smooth = _cohen_parts(ghosts, one, two, groups=groups)
    return coefficient(
        items,
        parts,
        smooth=_variances(ghosts, smooth, groups=groups),
        groups=groups,
        level=level,
        method="cohen-kappa",
    )


def _cohen_parts(items: Items, first: Floats, second: Floats, *, groups: int) -> Parts:
    group, total = items.group, add_up(items.group, items.w, size=groups)
    one, two = _mix(items, first, groups=groups), _mix(items, second, groups=groups)
    differ = 1 - np.sum(first * second, axis=1)
    observed = divide(add_up(group, items.w * differ, size=groups), total)
    expected = 1 - np.sum(one * two, axis=1)
    pull = -np.sum(two[group] * (first - one[group]) + one[group] * (second - two[group]), axis=1)
    ratio = divide(observed, expected)[group]
    moved = differ - observed[group] - ratio * pull
    influence = divide(moved, expected[group] * total[group])
    return Parts(observed=observed, expected=expected, influence=influence)


def _judged(tallies: Tallies, *, kind: Coefficient) -> Tallies:
    """Leave out what tells nothing: items without an answer, and single answers for some."""
    least = 1 if kind in {Coefficient.KAPPA, Coefficient.AC1} else 2
    kept = tallies.votes.sum(axis=1) >= least
    return Tallies(items=_where(tallies.items, kept), votes=tallies.votes[kept])


def _where(items: Items, kept: np.ndarray) -> Items:
    return Items(group=items.group[kept], n=items.n[kept], w=items.w[kept], w2=items.w2[kept])


def _ratings(tallies: Tallies, *, groups: int) -> Floats:
    counts = tallies.items.n * tallies.votes.sum(axis=1)
    return add_up(tallies.items.group, counts, size=groups)


def _parts(tallies: Tallies, *, kind: Coefficient, groups: int, sample: Floats) -> Parts:
    """Compute observed and expected disagreement, and how much one item moves their ratio."""
    items, votes = tallies.items, tallies.votes
    answers = votes.sum(axis=1)
    pairs = answers * (answers - 1)
    differ = np.divide(
        pairs - np.sum(votes * (votes - 1), axis=1),
        pairs,
        out=np.zeros(len(pairs)),
        where=pairs > 0,
    )
    each = answers if kind is Coefficient.ALPHA else np.ones(len(answers))
    paired = np.where(pairs > 0, each, 0.0)
    total = add_up(items.group, items.w * paired, size=groups)
    observed = divide(add_up(items.group, items.w * paired * differ, size=groups), total)
    expected, pull = _chance(tallies, kind=kind, each=each, groups=groups, sample=sample)
    ratio = divide(observed, expected)[items.group]
    moved = divide(paired * (differ - observed[items.group]), total[items.group]) - ratio * pull
    return Parts(
        observed=observed,
        expected=expected,
        influence=np.nan_to_num(divide(moved, expected[items.group])),
        most=1.0 if kind is Coefficient.SHARE else MOST,
    )


def _chance(
    tallies: Tallies, *, kind: Coefficient, each: Floats, groups: int, sample: Floats
) -> tuple[Floats, Floats]:
    """Give the disagreement that chance would give, and how one item moves it."""
    items, classes = tallies.items, tallies.votes.shape[1]
    if kind is Coefficient.SHARE:
        return np.ones(groups), np.zeros(len(items))
    shares = tallies.votes / tallies.votes.sum(axis=1, keepdims=True)
    weighed = Items(group=items.group, n=items.n, w=items.w * each, w2=items.w2)
    mix = _mix(weighed, shares, groups=groups)
    total = add_up(items.group, weighed.w, size=groups)[items.group]
    off = divide(each, total)[:, None] * (shares - mix[items.group])
    if kind is Coefficient.AC1:
        slope = -(1 - 2 * mix) / (classes - 1)
        return 1 - np.sum(mix * (1 - mix), axis=1) / (classes - 1), np.sum(
            slope[items.group] * off, axis=1
        )
    more = divide(sample, sample - 1) if kind is Coefficient.ALPHA else np.ones(groups)
    pull = -2 * more[items.group] * np.sum(mix[items.group] * off, axis=1)
    spread = more * (1 - np.sum(mix**2, axis=1))
    return np.where(spread > 1e-12, spread, 0.0), pull


def _mix(items: Items, shares: Floats, *, groups: int) -> Floats:
    """Average shares of categories over the items of each slice, shape (groups, C)."""
    total = add_up(items.group, items.w, size=groups)
    columns = [add_up(items.group, items.w * share, size=groups) for share in shares.T]
    return np.stack([divide(column, total) for column in columns], axis=1)


def _variances(items: Items, parts: Parts, *, groups: int) -> Parts:
    """Put the variance of the ratio in the place of the influences."""
    n = add_up(items.group, items.n, size=groups)
    squares = add_up(items.group, items.w2 * parts.influence**2, size=groups)
    return Parts(
        observed=parts.observed,
        expected=parts.expected,
        influence=squares * divide(n, np.maximum(n - 1, 1)),
    )


def _with_ghosts(tallies: Tallies, *, kind: Coefficient, groups: int) -> Tallies:
    """Add half an item of each way in which two reviewers can answer, as what two say counts."""
    classes = tallies.votes.shape[1]
    alike = 2 * np.eye(classes)
    apart = [alike[a] / 2 + alike[b] / 2 for a in range(classes) for b in range(a)]
    ways = np.array([*alike, *apart])
    n = add_up(tallies.items.group, tallies.items.n, size=groups)
    usual = divide(_ratings(tallies, groups=groups), n)
    # an item of dozens of answers is not undone by one of two; alpha weighs by answers as it is
    part = (
        np.ones(groups)
        if kind is Coefficient.ALPHA
        else np.fmin(divide(np.full(groups, 2.0), usual), 1.0)
    )
    items = _ghost_items(tallies.items, size=len(ways), groups=groups, part=part)
    return Tallies(items=items, votes=np.concatenate([tallies.votes, np.tile(ways, (groups, 1))]))


def _ghost_items(items: Items, *, size: int, groups: int, part: Floats) -> Items:
    """Add to each slice half an item, of a part of its usual weight, for each of so many ways."""
    n = add_up(items.group, items.n, size=groups)
    usual = np.nan_to_num(divide(add_up(items.group, items.w, size=groups), n), nan=1.0)
    weight = np.repeat(usual * np.nan_to_num(part, nan=1.0), size)
    half = np.full(groups * size, HALF)
    return Items(
        group=np.concatenate([items.group, np.repeat(np.arange(groups, dtype=np.intp), size)]),
        n=np.concatenate([items.n, half]),
        w=np.concatenate([items.w, half * weight]),
        w2=np.concatenate([items.w2, half * weight**2]),
    )


def _require_votes(votes: Floats, *, rows: int) -> None:
    if votes.ndim != 2 or votes.shape[1] < 2:
        raise DesignError("agreement needs two categories or more", where="tallies.votes")
    if len(votes) != rows or not np.all(np.isfinite(votes) & (votes >= 0)):
        raise DesignError("answers that do not match the items", where="tallies.votes")
