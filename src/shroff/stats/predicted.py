"""Shares from few labels and the scores of all ads: prediction-powered, or difference, estimates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import ndtri

from shroff.errors import DesignError
from shroff.stats.checks import require_index, require_sums
from shroff.stats.clusters import LabelRows, clustered_linearised
from shroff.stats.crossfit import ScoredLabels, ScoreTotals, Shape, chances
from shroff.stats.dense import Flags, Ints, add_up, divide
from shroff.stats.estimate import Estimates
from shroff.stats.intervals import korn_graubard
from shroff.stats.label_cells import Cells, ExposureSums, Strata
from shroff.stats.linearise import Linearised
from shroff.stats.proportions import Floats, require_level
from shroff.stats.residuals import Residuals, Spread, spread_of
from shroff.stats.sampling import Ratio, linearised_ratios

__all__ = ["METHOD", "Predicted", "Sides", "modelled_ratios", "predicted_ratios"]

METHOD = "prediction-powered, korn-graubard"
_FEWEST = 5  # labels on each side of a ratio: with fewer, scores are not asked
_MANY = 0.05  # share of ads from which a class needs as many labels of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """One metric: which (known class, label) counts above the line, and which else below it.

    Parameters
    ----------
    above, rest : array of bool, shape (classes, 2)
        By class and by whether the ad violates (0 compliant, 1 violating); no pair is in both.
    """

    above: Flags
    rest: Flags


@dataclass(frozen=True, slots=True, kw_only=True)
class Predicted:
    """One metric in every slice, from labels alone and from labels and scores.

    Parameters
    ----------
    plain : Estimates
        From labels alone.
    figures : Estimates
        From labels and scores; the plain figures where scores were not used.
    used : array of bool, shape (groups,)
        Where scores were used.
    gain : array of shape (groups,)
        Variance with scores over variance without; 1 where they were not used.
    worth, worth_low, worth_high : array of shape (groups,)
        Labels that would tell as much without scores: as the variances have it, or as the widths
        of the two intervals do where that is fewer; with an interval.
    trust : array of shape (folds, classes)
        How far each class's scores were followed in each fold: 0 not at all, 1 in full.
    """

    plain: Estimates
    figures: Estimates
    used: Flags
    gain: Floats
    worth: Floats
    worth_low: Floats
    worth_high: Floats
    trust: Floats


def predicted_ratios(
    labels: ScoredLabels,
    totals: ScoreTotals,
    strata: Strata,
    *,
    shape: Shape,
    metrics: Sequence[Sides],
    groups: int,
    level: float = 0.95,
) -> tuple[Predicted, ...]:
    """Say which share of ads, from few labels and the scores of all.

    Parameters
    ----------
    labels : ScoredLabels
        The labels.
    totals : ScoreTotals
        All ads by slice, class, fold and bin of the score.
    strata : Strata
        How labels were drawn.
    shape : Shape
        How labels and totals are numbered.
    metrics : sequence of Sides
        What to compute.
    groups : int
        Number of slices.
    level : float
        Coverage wanted, in (0, 1).

    Returns
    -------
    tuple of Predicted
        One for each metric.

    Raises
    ------
    DesignError
        If all labels weigh nothing, or a number is out of its range.

    Notes
    -----
    A total is what the scores predict of all ads, plus what the labels say the prediction missed:
    ``sum_U t f + sum_s w (a - t f)``. Here f is the chance that an ad counts, learnt from the labels
    of other folds (`shroff.stats.crossfit.chances`), and t in [0, 1] how far it is followed, chosen
    from other folds too, for each known class, so that the variance is least: a useless score is
    not followed. So each total is unbiased under the design whatever the scores are worth, as long
    as folds are drawn independently.

    The interval is that of the plain figure (`shroff.stats.sampling.ratios`) with the variance of
    the residuals instead: both sides' effective labels grow by the same factor, and the label that
    was not drawn still weighs as much as a whole label, since what scores did not foresee does.
    Variances get half a violating and half a compliant label, at the prediction's mean, in each
    stratum and class, so that a miss that did not turn up is not taken to be impossible. Where the
    interval would not narrow, or fewer than five labels are on a side of the ratio, the plain figure
    is given; also where a class of ads that is a twentieth of all or more has fewer than five labels
    on a side. Labels in strata or classes that are labelled in full speak for themselves.

    References
    ----------
    Sarndal, Swensson and Wretman (1992), ch. 6; Angelopoulos et al., Science 382 (2023);
    Angelopoulos, Duchi and Zrnic, PPI++ (2023); Zrnic and Candes, PNAS 121 (2024), cross-fitting.
    """
    require_level(level)
    _require_totals(totals, shape, groups=groups)
    table = chances(labels, shape)
    plain = _plain(labels, strata, shape=shape, metrics=metrics, groups=groups)
    spread = spread_of(labels, strata, groups=groups)
    return tuple(
        _predict(
            labels,
            totals,
            table=table,
            shape=shape,
            sides=sides,
            parts=parts,
            spread=spread,
            level=level,
        )
        for sides, parts in zip(metrics, plain, strict=True)
    )


def modelled_ratios(
    totals: ScoreTotals, table: Floats, *, sides: Sides, groups: int
) -> tuple[Floats, Floats]:
    """Say which share of ads the scores alone expect, without asking whether they are right.

    Parameters
    ----------
    totals : ScoreTotals
        All ads by slice, class, fold and bin of the score.
    table : array of shape (folds, classes, bins + 1)
        Chances that an ad violates; NaN where nothing is known.
    sides : Sides
        What to compute.
    groups : int
        Number of slices.

    Returns
    -------
    numerator, denominator : array of shape (groups,)
        Expected totals; ads of unknown chance are in neither.
    """
    chance = table[totals.fold, totals.known, totals.bin]
    known = np.isfinite(chance)
    weight = np.where(known, totals.total, 0.0)
    above, rest = _expected(sides, totals.known, np.nan_to_num(chance))
    hits = add_up(totals.group, weight * above, size=groups)
    return hits, hits + add_up(totals.group, weight * rest, size=groups)


def _plain(
    labels: ScoredLabels, strata: Strata, *, shape: Shape, metrics: Sequence[Sides], groups: int
) -> tuple[Linearised, ...]:
    cell = 2 * labels.known + labels.violating
    ratios = [
        Ratio(numerator=s.above.ravel(), denominator=(s.above | s.rest).ravel()) for s in metrics
    ]
    known = np.repeat(np.arange(shape.classes), 2)
    if labels.cluster is not None:
        rows = LabelRows(
            group=labels.group,
            stratum=labels.stratum,
            cluster=labels.cluster,
            cell=cell,
            w=labels.w,
            m=labels.m,
            known=known,
        )
        return clustered_linearised(rows, strata, metrics=ratios, groups=groups)
    inside = labels.group >= 0
    w = labels.w[inside]
    exposure = None
    if labels.m is not None:
        m = labels.m[inside]
        exposure = ExposureSums(wm=w * m, wm2=w * m * m, w2m2=(w * m) ** 2)
    cells = Cells(
        group=labels.group[inside],
        stratum=labels.stratum[inside],
        cell=cell[inside],
        n=np.ones(len(w)),
        w=w,
        w2=w * w,
        known=known,
        exposure=exposure,
    )
    return linearised_ratios(cells, strata, metrics=ratios, groups=groups)


def _expected(sides: Sides, known: Ints, chance: Floats) -> tuple[Floats, Floats]:
    """Give how much of an ad is expected above the line, and how much else below it."""
    above = np.where(sides.above[known, 1], chance, 0.0)
    above = above + np.where(sides.above[known, 0], 1 - chance, 0.0)
    rest = np.where(sides.rest[known, 1], chance, 0.0)
    return above, rest + np.where(sides.rest[known, 0], 1 - chance, 0.0)


def _predict(
    labels: ScoredLabels,
    totals: ScoreTotals,
    *,
    table: Floats,
    shape: Shape,
    sides: Sides,
    parts: Linearised,
    spread: Spread,
    level: float,
) -> Predicted:
    residuals = _residuals(
        labels, table=table, shape=shape, sides=sides, parts=parts, spread=spread
    )
    trust = residuals.trust()
    gain, doubt = residuals.gain(trust)
    moved = _moved(residuals, totals, table=table, sides=sides, trust=trust)
    hits, misses = parts.hits.total + moved[0], parts.misses.total + moved[1]
    plain = korn_graubard(parts, level=level)
    used = np.min([residuals.counts(each) for each in residuals.seen], axis=0) >= _FEWEST
    used &= (gain < 1) & (gain > 0) & (hits > 0) & (misses > 0)
    used &= not _told_by_few(labels, totals, sides, shape)
    tried = _narrowed(parts, used=used, gain=gain, hits=hits, misses=misses)
    used &= _width(korn_graubard(tried, level=level)) < _width(plain)
    figures = korn_graubard(
        _narrowed(parts, used=used, gain=gain, hits=hits, misses=misses), level=level
    )
    gain = np.where(used, gain, 1.0)
    worth = parts.n / np.fmax(gain, divide(_width(figures), _width(plain)) ** 2)
    reach = np.exp(float(ndtri(0.5 + level / 2)) * np.where(used, doubt, 0.0))
    return Predicted(
        plain=plain,
        figures=replace(figures, method=METHOD),
        used=used,
        gain=gain,
        worth=worth,
        worth_low=np.maximum(worth / reach, parts.n),
        worth_high=worth * reach,
        trust=trust,
    )


def _told_by_few(labels: ScoredLabels, totals: ScoreTotals, sides: Sides, shape: Shape) -> bool:
    """Tell whether a class that many ads are of has fewer than a handful of labels on a side."""
    # where no approved ad that was labelled violates, by chance, what remains looks well foreseen,
    # and the doubt is about what was not drawn
    seen = np.bincount(2 * labels.known + labels.violating, minlength=2 * shape.classes)
    counts = (sides.above | sides.rest) & ~shape.silent[:, None]
    ads = add_up(totals.known, totals.total, size=shape.classes) * counts.any(axis=1)
    many = ads > _MANY * ads.sum()
    return bool(np.any((seen.reshape(-1, 2) < _FEWEST) & counts & many[:, None]))


def _width(figures: Estimates) -> Floats:
    width: Floats = figures.high - figures.low
    return width


def _residuals(
    labels: ScoredLabels,
    *,
    table: Floats,
    shape: Shape,
    sides: Sides,
    parts: Linearised,
    spread: Spread,
) -> Residuals:
    heard = ~shape.silent[labels.known]
    chance = table[labels.fold, labels.known, labels.bin]
    above, rest = _expected(sides, labels.known, chance)
    return Residuals(
        labels=labels,
        shape=shape,
        spread=spread,
        share=np.nan_to_num(divide(parts.hits.total, parts.hits.total + parts.misses.total)),
        seen=_seen(sides, labels),
        told=(above * heard, rest * heard),
        chance=chance,
        able=(sides.above, sides.rest),
    )


def _seen(sides: Sides, labels: ScoredLabels) -> tuple[Floats, Floats]:
    said = labels.violating.astype(np.intp)
    return (
        sides.above[labels.known, said].astype(float),
        sides.rest[labels.known, said].astype(float),
    )


def _moved(
    residuals: Residuals, totals: ScoreTotals, *, table: Floats, sides: Sides, trust: Floats
) -> tuple[Floats, Floats]:
    """Say by how much scores move the totals above the line and else below it."""
    labels, groups = residuals.labels, len(residuals.share)
    followed = trust[totals.fold, totals.known] * totals.total
    chance = table[totals.fold, totals.known, totals.bin]
    inside = labels.group >= 0
    weight = (trust[labels.fold, labels.known] * labels.total)[inside]
    above, rest = (
        add_up(totals.group, followed * expected, size=groups)
        - add_up(labels.group[inside], weight * mine[inside], size=groups)
        for expected, mine in zip(
            _expected(sides, totals.known, chance), residuals.told, strict=True
        )
    )
    return above, rest


def _narrowed(
    parts: Linearised, *, used: Flags, gain: Floats, hits: Floats, misses: Floats
) -> Linearised:
    """Put the totals and variances with scores into what the plain interval is made from."""
    gain = np.where(used, gain, 1.0)
    more = 1 / gain - 1  # the label that was not drawn is as large as before, units are smaller
    above, below = (
        replace(
            side,
            total=np.where(used, total, side.total),
            unit=side.unit * gain,
            more=side.more + more,
        )
        for side, total in ((parts.hits, hits), (parts.misses, misses))
    )
    return replace(parts, hits=above, misses=below, variance=parts.variance * gain)


def _require_totals(totals: ScoreTotals, shape: Shape, *, groups: int) -> None:
    require_index("group", totals.group, size=groups, where="totals")
    require_index("known", totals.known, size=shape.classes, where="totals")
    require_index("fold", totals.fold, size=shape.folds, where="totals")
    require_index("bin", totals.bin, size=shape.bins + 1, where="totals")
    require_sums("total", totals.total, where="totals", hint="count each ad once")
    if not len(totals.total) or totals.total.max() <= 0:
        raise DesignError("no ad to predict for", hint="choose a period with decisions")
