"""Precision, recall and false-positive rate at every threshold, with bands that hold together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from shroff.domain.labels import DesignKind
from shroff.errors import DesignError
from shroff.stats.clusters import LabelRows, clustered_ratios_many
from shroff.stats.dense import Ints, add_up
from shroff.stats.estimate import Estimates
from shroff.stats.proportions import Floats, require_level
from shroff.stats.sampling import (
    Cells,
    ExposureSums,
    Ratio,
    Strata,
    exposure_ratios_many,
    kind_codes,
)
from shroff.stats.score_bands import Noise, band_levels, noise_of
from shroff.stats.score_cells import BINS, PLACES, ScoreCells

__all__ = ["METRICS", "Thresholds", "thresholds"]

METRICS = ("precision", "recall", "fpr")
"""Violating among ads from the threshold up; ads from it up among the violating; among the
compliant."""

_CAUGHT, _WRONG, _MISSED, _RIGHT = range(4)
_KNOWN = np.array([1, 1, 0, 0])
_CENSUS = kind_codes([DesignKind.CENSUS])[0]
_MOST_STRATA = 200
_MOST_PICKED = 300
_LEAST_FREEDOM = 30.0  # below it intervals for few labels are wide enough: benchmarks/curves.py
_MOST_ROWS = 400_000


def _ratio(above: Sequence[int], below: Sequence[int]) -> Ratio:
    codes = np.arange(4)
    return Ratio(numerator=np.isin(codes, above), denominator=np.isin(codes, below))


_RATIOS = {
    "precision": _ratio([_CAUGHT], [_CAUGHT, _WRONG]),
    "recall": _ratio([_CAUGHT], [_CAUGHT, _MISSED]),
    "fpr": _ratio([_WRONG], [_WRONG, _RIGHT]),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """The three figures at each of 1,000 thresholds, 0 to 0.999.

    Parameters
    ----------
    precision, recall, fpr : Estimates
        A figure for each threshold; its ends hold at all thresholds at once. NaN where no label
        is in the denominator.
    each : mapping of str to float
        For each, the level that the ends would have at one threshold alone.
    """

    precision: Estimates
    recall: Estimates
    fpr: Estimates
    each: dict[str, float]

    def metric(self, name: str) -> Estimates:
        """Give one of `METRICS`."""
        return {"precision": self.precision, "recall": self.recall, "fpr": self.fpr}[name]


def thresholds(
    cells: ScoreCells, strata: Strata, *, level: float = 0.95, rng: np.random.Generator
) -> Thresholds:
    """Say what each threshold would catch, and how sure that is at all of them together.

    Parameters
    ----------
    cells : ScoreCells
        Labels by score and truth.
    strata : Strata
        How they were drawn; ``labels`` counts all labels of a stratum, scored or not.
    level : float
        Chance that a band holds at all thresholds, in (0, 1).
    rng : Generator
        Chance for the draws that find how wide is wide enough.

    Returns
    -------
    Thresholds
        Precision, recall and false-positive rate.

    Raises
    ------
    DesignError
        If there is no label, or no weight is above zero.

    Notes
    -----
    Values are Hajek ratios over the design. Draws from the normal distribution that the design
    gives the weighted totals tell how far the largest of the standardised errors goes; that
    quantile is the level at which the interval of `shroff.stats.sampling.ratios`, which also
    holds for few labels, is taken at every threshold. An ad at the threshold is flagged. More
    than 200 strata are taken together as drawn ad by ad, which is wider.
    Where labels lie in more than 300 of the thousandths, intervals are computed at 300 thresholds
    (fewer for very many clustered labels), and between two of them the wider one is taken.

    References
    ----------
    Montiel Olea and Plagborg-Moller, Journal of Applied Econometrics 34 (2019): sup-t bands.
    """
    require_level(level)
    cells.require(strata=len(strata.kind))
    cells, strata = _few_strata(cells, strata)
    starts = _picked(cells)
    noise = noise_of(cells, strata, starts=starts, rng=rng)
    above, weights = _upward(cells.labels()), _upward(cells.weights())
    parts = [(name, above[:, starts], weights[:, starts]) for name in METRICS]
    freedom = _freedom(cells)
    each = {
        name: _level(name, noise, *sums, freedom=freedom, level=level) for name, *sums in parts
    }
    work = _plainly if cells.cluster is None else _clustered
    found = {
        name: _everywhere(
            work(name, cells, strata, starts=starts, level=each[name]),
            starts,
            exact=_exact(name, above, weights),
            labels=above.sum(axis=0),
            level=level,
        )
        for name in METRICS
    }
    if np.any(strata.kind[cells.stratum] != _CENSUS):
        found |= {name: _falling(found[name]) for name in ("recall", "fpr")}
    return Thresholds(**found, each=each)


def _falling(found: Estimates) -> Estimates:
    """Let a figure that cannot rise with the threshold have a band that does not rise either."""
    sure = found.low == found.high
    # nothing seen above, or below, a threshold does not show that nothing is there
    high = np.where(sure & (found.value < 0.5), 1.0, found.high)
    low = np.where(sure & (found.value > 0.5), 0.0, found.low)
    return replace(
        found,
        low=np.maximum.accumulate(low[::-1])[::-1],
        high=np.minimum.accumulate(high),
    )


def _upward(by_place: Floats) -> Floats:
    """Add up from each place to the last."""
    up: Floats = np.cumsum(by_place[..., ::-1], axis=-1)[..., ::-1]
    return up


def _picked(cells: ScoreCells) -> Ints:
    """Give the first flagged places of the thresholds that intervals are computed at, ascending."""
    held = cells.labels().sum(axis=0)[: BINS + 1] > 0
    held[BINS] = True  # stands for all thresholds that flag nothing but scores over 1
    changes = np.flatnonzero(held[1:]) + 1
    most = _MOST_PICKED
    if cells.cluster is not None:
        most = max(20, min(most, _MOST_ROWS // len(cells)))
    if len(changes) <= most:
        return changes
    # half of them evenly, half by how many labels are left: the ends move fastest
    even = np.linspace(0, len(changes) - 1, most // 2)
    flagged = np.log1p(_upward(cells.labels().sum(axis=0))[changes])
    close = np.interp(
        np.linspace(flagged[-1], flagged[0], most // 2),
        flagged[::-1],
        np.arange(len(changes))[::-1],
    )
    return changes[np.unique(np.concatenate([even, close]).round().astype(np.intp))]


def _exact(name: str, above: Floats, weights: Floats) -> dict[str, Floats]:
    """Compute a figure at every threshold."""
    side = 0 if name == "fpr" else 1
    up, labels = weights[:, 1 : BINS + 1], above[:, 1 : BINS + 1]
    below = up.sum(axis=0) if name == "precision" else np.full(BINS, weights[side, 0])
    n = labels.sum(axis=0) if name == "precision" else np.full(BINS, above[side, 0])
    value = np.divide(up[side], below, out=np.full(BINS, np.nan), where=below > 0)
    return {"value": value, "numerator": up[side], "denominator": below, "n": n}


def _everywhere(
    found: Estimates, starts: Ints, *, exact: dict[str, Floats], labels: Floats, level: float
) -> Estimates:
    """Give every threshold its value, and the wider distance of the two nearest intervals."""
    places = np.arange(1, BINS + 1)
    after = np.searchsorted(starts, places)
    nearest = np.maximum(np.searchsorted(starts, places, side="right") - 1, 0)
    # thresholds without a label between them and the next have that one's figures
    before = np.where(labels[places] == labels[starts[after]], after, nearest)
    drop = np.fmax((found.value - found.low)[before], (found.value - found.low)[after])
    rise = np.fmax((found.high - found.value)[before], (found.high - found.value)[after])
    value = exact["value"]
    low = np.minimum(np.maximum(value - drop, 0.0), value)
    high = np.maximum(np.minimum(value + rise, 1.0), value)
    return Estimates(
        **exact,
        low=low,
        high=high,
        n_effective=found.n_effective[after],
        design_effect=found.design_effect[after],
        level=level,
        method="korn-graubard, sup-t",
    )


def _freedom(cells: ScoreCells) -> float:
    """Count the violating labels, or clusters, that tell as much if alike; not too few of them."""
    mine = cells.where(cells.violating)
    totals, squares = mine.w, mine.w2
    if mine.cluster is not None:
        _, which = np.unique(mine.cluster, return_inverse=True)
        totals = add_up(which, mine.w, size=int(which.max(initial=-1)) + 1)
        squares = totals**2
    spread = float(squares.sum())
    return max(_LEAST_FREEDOM, float(totals.sum()) ** 2 / spread if spread > 0 else 0.0)


def _level(
    name: str, noise: Noise, above: Floats, weights: Floats, *, freedom: float, level: float
) -> float:
    """Find the level that one figure needs at each threshold."""
    size = above.shape[1]
    wholes = np.zeros((2, size))
    if name == "precision":
        share = _inside(weights[1], weights.sum(axis=0), labels=above.sum(axis=0))
        return band_levels(
            noise, ups=1 - share, downs=-share, wholes=wholes, freedom=freedom, level=level
        )
    side = 1 if name == "recall" else 0
    total = weights[side, 0]
    share = _inside(weights[side], np.full(size, total), labels=np.full(size, above[side, 0]))
    wholes[side] = -share
    ones, zeros = np.ones(size), np.zeros(size)
    ups, downs = (ones, zeros) if side else (zeros, ones)
    return band_levels(noise, ups=ups, downs=downs, wholes=wholes, freedom=freedom, level=level)


def _inside(part: Floats, whole: Floats, *, labels: Floats) -> Floats:
    """Give a share that is kept half a label away from 0 and 1."""
    share: Floats = np.divide(part, whole, out=np.full(len(part), 0.5), where=whole > 0)
    edge = 0.5 / (labels + 1)
    return np.minimum(np.maximum(share, edge), 1 - edge)


def _plainly(
    name: str, cells: ScoreCells, strata: Strata, *, starts: Ints, level: float
) -> Estimates:
    """Take the wider of the intervals that strata give, one by one and all as one."""
    # within a stratum weights are alike, and do not tell that the violating ad which was not drawn
    # may come from a stratum of far larger weights
    found = _plain(name, cells, strata, starts=starts, level=level)
    if np.count_nonzero(strata.kind[np.unique(cells.stratum)] != _CENSUS) < 2:
        return found
    other = _plain(name, *_one_stratum(cells, strata), starts=starts, level=level)
    return replace(found, low=np.fmin(found.low, other.low), high=np.fmax(found.high, other.high))


def _plain(
    name: str, cells: ScoreCells, strata: Strata, *, starts: Ints, level: float
) -> Estimates:
    size, count = len(strata.kind), len(starts)
    slot = (cells.stratum * 2 + cells.violating) * PLACES + cells.place
    shape = (size, 2, PLACES)
    columns: dict[str, Floats] = {}
    for key, values in (("n", cells.n), ("w", cells.w), ("w2", cells.w2)):
        dense = add_up(slot, values, size=2 * size * PLACES).reshape(shape)
        up = _upward(dense)
        flagged = up[:, :, starts]
        left = up[:, :, :1] - flagged
        columns[key] = np.stack([flagged[:, 1], flagged[:, 0], left[:, 1], left[:, 0]]).reshape(-1)
    wanted = _RATIOS[name].denominator
    some = (columns["n"] > 0.5) & (np.repeat(wanted, size * count) | (name == "precision"))
    index = np.flatnonzero(some)
    w, w2 = (np.maximum(columns[key][index], 0.0) for key in ("w", "w2"))
    made = Cells(
        group=index % count,
        stratum=index // count % size,
        cell=index // (count * size),
        n=columns["n"][index],
        w=w,
        w2=w2,
        known=_KNOWN,
        # weights are as uneven as exposures can be, and are heeded in the same way
        exposure=ExposureSums(wm=w, wm2=w, w2m2=w2),
    )
    metrics = (_RATIOS[name],)
    return exposure_ratios_many(made, strata, metrics=metrics, groups=count, level=level)[0]


def _clustered(
    name: str, cells: ScoreCells, strata: Strata, *, starts: Ints, level: float
) -> Estimates:
    count = len(starts)
    cluster = np.zeros(len(cells), dtype=np.intp) if cells.cluster is None else cells.cluster
    flagged = (cells.place[None, :] >= starts[:, None]).reshape(-1)
    truth = np.tile(cells.violating, count)
    rows = LabelRows(
        group=np.repeat(np.arange(count), len(cells)),
        stratum=np.tile(cells.stratum, count),
        cluster=np.tile(cluster, count),
        cell=np.where(flagged, np.where(truth, 0, 1), np.where(truth, 2, 3)),
        w=np.tile(cells.w, count),
        known=_KNOWN,
    )
    metrics = (_RATIOS[name],)
    return clustered_ratios_many(rows, strata, metrics=metrics, groups=count, level=level)[0]


def _few_strata(cells: ScoreCells, strata: Strata) -> tuple[ScoreCells, Strata]:
    """Take very many strata together, as if ads had been drawn one by one."""
    if len(strata.kind) <= _MOST_STRATA:
        return cells, strata
    if cells.cluster is not None:
        raise DesignError(
            f"{len(strata.kind):,} strata of clusters are too many for a curve",
            hint="draw from fewer strata, or declare a coarser stratum",
        )
    return _one_stratum(cells, strata)


def _one_stratum(cells: ScoreCells, strata: Strata) -> tuple[ScoreCells, Strata]:
    """Put what was left to chance into one stratum, ads drawn one by one."""
    (poisson,) = kind_codes([DesignKind.POISSON])
    full = strata.kind == _CENSUS
    merged = replace(cells, stratum=np.where(full[cells.stratum], 0, 1))
    labels = np.array([strata.labels[full].sum(), strata.labels[~full].sum()])
    unknown = np.full(2, np.nan)
    return merged, Strata(kind=np.array([_CENSUS, poisson]), population=unknown, labels=labels)
