"""How much wider must intervals be to hold at all thresholds at once?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtri, ndtr

from shroff.domain.labels import DesignKind
from shroff.stats.dense import Ints, add_up
from shroff.stats.proportions import Floats
from shroff.stats.sampling import Strata, kind_codes
from shroff.stats.score_cells import ScoreCells

_Draws: TypeAlias = NDArray[np.float32]

__all__ = ["Noise", "band_levels", "design_factors", "noise_of"]

_CENSUS, _STRATIFIED, _POISSON, _PPS = kind_codes(
    [DesignKind.CENSUS, DesignKind.STRATIFIED, DesignKind.POISSON, DesignKind.PPS]
)
_DRAWS = 1_000_000
_FEWEST, _MOST = 400, 1000


def design_factors(strata: Strata, *, drawn: Floats) -> tuple[Floats, Floats]:
    """Say what squares of a stratum are multiplied by, and whether its mean is taken off.

    Parameters
    ----------
    strata : Strata
        How labels, or clusters, were drawn.
    drawn : array of shape (S,)
        Labels, or clusters, drawn from each.

    Returns
    -------
    factor : array of shape (S,)
        0 for a census.
    centred : array of shape (S,)
        1 where squares are taken about the stratum's mean, else 0.
    """
    centred = np.isin(strata.kind, (_STRATIFIED, _PPS)) & (drawn > 1)
    share = np.zeros(len(drawn))
    known = (strata.kind == _STRATIFIED) & np.isfinite(strata.population) & (strata.population > 0)
    np.divide(drawn, strata.population, out=share, where=known)
    left = np.where(strata.kind == _CENSUS, 0.0, 1 - np.minimum(share, 1.0))
    return left * np.where(centred, drawn / np.maximum(drawn - 1, 1), 1.0), centred.astype(float)


@dataclass(frozen=True, slots=True)
class Noise:
    """Draws of what chance does to weighted totals.

    Parameters
    ----------
    above : array of shape (draws, 2, T)
        Noise of the total of compliant and of violating ads from each threshold up.
    whole : array of shape (draws, 2)
        Noise of the totals over all scores.
    """

    above: _Draws
    whole: _Draws


def noise_of(
    cells: ScoreCells, strata: Strata, *, starts: Ints, rng: np.random.Generator
) -> Noise:
    """Draw what chance does to totals from each threshold up.

    Parameters
    ----------
    cells : ScoreCells
        Labels.
    strata : Strata
        How they were drawn.
    starts : array of int, shape (T,)
        First place above each threshold, ascending.
    rng : Generator
        Chance.

    Returns
    -------
    Noise
        Normal draws with the covariance that the design gives the totals.
    """
    part = np.searchsorted(starts, cells.place, side="right")
    if cells.cluster is None:
        cells, part = _merged(cells, part, parts=len(starts) + 1)
    draws = int(np.clip(_DRAWS / max(len(cells), 1), _FEWEST, _MOST))
    draw = _drawn_one_by_one if cells.cluster is None else _drawn_together
    noise = draw(cells, strata, draws=draws, rng=rng)
    size = len(starts) + 1
    slot = cells.violating * size + part
    order = np.argsort(slot, kind="stable")
    slots, first = np.unique(slot[order], return_index=True)
    sums = np.zeros((draws, 2 * size), dtype=np.float32)
    sums[:, slots] = np.add.reduceat(noise[:, order], first, axis=1)
    by_part = sums.reshape(draws, 2, size)
    upward = np.cumsum(by_part[:, :, ::-1], axis=2)[:, :, ::-1]
    return Noise(upward[:, :, 1:], upward[:, :, 0])


def _merged(cells: ScoreCells, part: Ints, *, parts: int) -> tuple[ScoreCells, Ints]:
    """Add up rows that no threshold tells apart."""
    key = (cells.stratum * 2 + cells.violating) * parts + part
    keys, which = np.unique(key, return_inverse=True)
    size = len(keys)
    merged = ScoreCells(
        stratum=keys // (2 * parts),
        place=keys % parts,
        violating=keys // parts % 2 == 1,
        n=add_up(which, cells.n, size=size),
        w=add_up(which, cells.w, size=size),
        w2=add_up(which, cells.w2, size=size),
    )
    return merged, merged.place


def _drawn_one_by_one(
    cells: ScoreCells, strata: Strata, *, draws: int, rng: np.random.Generator
) -> _Draws:
    """Draw a noise for each row: that of the sum of its labels' weights."""
    labels = strata.labels
    factor, centred = design_factors(strata, drawn=labels)
    stratum, mean = cells.stratum, cells.w / np.maximum(cells.n, 1)
    poisson = strata.kind[stratum] == _POISSON
    # within a row weights differ from their mean; of that part no stratum's mean knows
    rest = np.where(poisson, cells.w2 - cells.w, cells.w2 - cells.w * mean)
    rest = np.sqrt(np.maximum(rest, 0.0) * factor[stratum]).astype(np.float32)
    own = np.zeros((draws, len(cells)), dtype=np.float32)
    if rest.any():
        own = rng.standard_normal((draws, len(cells)), dtype=np.float32) * rest
    if not np.any(factor[stratum][~poisson] > 0):
        return own
    chance = rng.standard_normal((draws, len(cells)), dtype=np.float32)
    chance *= np.sqrt(cells.n).astype(np.float32)
    unscored = np.maximum(labels - add_up(stratum, cells.n, size=len(labels)), 0)
    mean_noise = rng.standard_normal((draws, len(labels))) * np.sqrt(unscored)
    for number in np.unique(stratum[~poisson]):
        mean_noise[:, number] += chance[:, stratum == number].sum(axis=1)
    mean_noise *= centred / np.maximum(labels, 1)
    chance -= (mean_noise[:, stratum] * cells.n).astype(np.float32)
    chance *= np.where(poisson, 0.0, mean * np.sqrt(factor[stratum])).astype(np.float32)
    return own + chance


def _drawn_together(
    cells: ScoreCells, strata: Strata, *, draws: int, rng: np.random.Generator
) -> _Draws:
    """Draw one noise for each cluster of a stratum; its labels share it."""
    size = len(strata.labels)
    width = 1 + int(np.max(cells.cluster if cells.cluster is not None else 0))
    key = cells.stratum * width + (0 if cells.cluster is None else cells.cluster)
    keys, which = np.unique(key, return_inverse=True)
    home = keys // width
    drawn = np.bincount(home, minlength=size).astype(float)
    census = strata.kind == _CENSUS
    scale = np.sqrt(np.where(census, 0.0, drawn / np.maximum(drawn - 1, 1)))
    noise = rng.standard_normal((draws, len(keys)), dtype=np.float32)
    for number in np.flatnonzero(drawn > 1):
        mine = home == number
        noise[:, mine] -= noise[:, mine].mean(axis=1, keepdims=True)
    noise *= scale[home].astype(np.float32)
    return noise[:, which] * cells.w.astype(np.float32)


def band_levels(
    noise: Noise,
    *,
    ups: Floats,
    downs: Floats,
    wholes: Floats,
    freedom: float,
    level: float,
) -> float:
    """Find the level that intervals at single thresholds need so that all hold together.

    Parameters
    ----------
    noise : Noise
        Draws.
    ups, downs : array of shape (T,)
        What the total of violating and of compliant ads above a threshold adds to the error of
        the figure there.
    wholes : array of shape (2, T)
        What the totals over all scores, compliant and violating, add.
    freedom : float
        Labels that tell how large the errors are; fewer make them Student's.
    level : float
        Chance that all hold, in (0, 1).

    Returns
    -------
    float
        Level of each, at least ``level``.
    """
    error = noise.above[:, 1] * ups.astype(np.float32)
    error += noise.above[:, 0] * downs.astype(np.float32)
    if wholes.any():
        error += noise.whole @ wholes.astype(np.float32)
    spread = error.std(axis=0)
    some = spread > 1e-6 * spread.max(initial=0.0)
    if not some.any():
        return level
    largest = np.max(np.abs(error[:, some]) / spread[some], axis=1)
    # the same quantiles of chi-squared for every caller: no chance is needed for them
    ranks = (np.arange(len(largest)) + 0.5) / len(largest)
    told = np.sqrt(chdtri(freedom, 1 - ranks) / freedom)
    mixed = (largest[:, None] / told[None, :: max(1, len(told) // 50)]).reshape(-1)
    return max(level, float(2 * ndtr(np.quantile(mixed, level)) - 1))
