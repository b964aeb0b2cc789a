"""What an ad would show, spend and take to review, in every cell, whatever was decided on it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shroff.advise.decision_cells import DecisionCells
from shroff.stats.dense import add_up

__all__ = ["DecisionWorth", "worth_of"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_LEAST_ALIKE, _MOST_ALIKE = 10.0, 20_000.0  # ads of its like that a cell is mixed with
_USUAL_SPREAD = 4.0
_ALIKE_TASKS = 10.0
_BAND = 10  # bins
_BAND_ADS = 100.0
_RATIO_DOUBT, _RATIO_NOISE = 0.25, 4.0  # variances of the log of the ratio: before labels, of one
_MINUTES = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionWorth:
    """What one ad of a cell is worth to each action.

    Parameters
    ----------
    ads : array of shape (cells, bins)
        Ads that lines decide.
    shown, spend : array of shape (cells, bins)
        Impressions and spend that an approved ad has.
    violating_shown : array of shape (cells, bins)
        Impressions that an approved ad has if it violates.
    queued_shown : array of shape (cells,)
        Impressions that a violating ad has had when a reviewer takes it down.
    hours : array of shape (cells, queues)
        Hours of review that an ad takes in each queue.
    spread : float
        Variance of the impressions of one ad over the square of their mean, within cells.
    doubt : array of shape (cells,)
        The same of the mean of a cell.
    ratio, ratio_doubt : float
        Impressions of violating ads over those of others like them, and the standard error of its
        log.
    catches, passes : tuple of (float, float)
        Beta posterior, as yes and no, of a reviewer finding a violating ad, and of passing a
        compliant one. With nobody looking again they are taken to be right.
    imputed : float
        Share of ads whose exposure is taken from like ads, as they were not approved.
    """

    ads: Floats
    shown: Floats
    spend: Floats
    violating_shown: Floats
    queued_shown: Floats
    hours: Floats
    spread: float
    doubt: Floats
    ratio: float
    catches: tuple[float, float]
    passes: tuple[float, float]
    imputed: float
    ratio_doubt: float = 0.0

    @property
    def caught(self) -> float:
        """Give the chance that a reviewer finds a violating ad."""
        return self.catches[0] / sum(self.catches)

    @property
    def passed(self) -> float:
        """Give the chance that a reviewer passes a compliant ad."""
        return self.passes[0] / sum(self.passes)

    @property
    def checked(self) -> bool:
        """Whether anybody looked at reviewed ads again."""
        return self.catches[1] > 0


def worth_of(cells: DecisionCells, chances: Floats) -> DecisionWorth:
    """Work out what ads would show, spend and take, from like ads where they were not approved.

    Parameters
    ----------
    cells : DecisionCells
        Counts.
    chances : array of shape (cells, bins)
        Chance of violating.

    Returns
    -------
    DecisionWorth
        By cell, with few ads near the mean of its like: cells that agree in all columns but the
        first, and those near that of all.
    """
    ads = cells.ads.sum(axis=0)
    alike = _alike(cells)
    spread, like = _differing(cells)
    shown = _each(cells.shown, cells.ads[0], alike=alike, strength=like)
    spend = _each(cells.spend, cells.ads[0], alike=alike, strength=like)
    ratio, ratio_doubt = _ratio(cells, chances, shown=shown, spread=spread)
    violating = ratio * shown
    found = cells.found.sum(axis=1)
    queued = _mixed(cells.found_shown.sum(axis=1), found, alike=alike, strength=like)
    again = cells.checked
    known = again.sum() > 0
    return DecisionWorth(
        ads=ads,
        shown=shown,
        spend=spend,
        violating_shown=violating,
        queued_shown=np.minimum(queued, violating.max(axis=1)),
        hours=_hours(cells, alike),
        spread=spread,
        doubt=spread / (cells.ads[0].sum(axis=1) + like),
        ratio=ratio,
        ratio_doubt=ratio_doubt,
        catches=(again[1, 1] + 1.0, again[1, 0] + 1.0) if known else (1.0, 0.0),
        passes=(again[0, 0] + 1.0, again[0, 1] + 1.0) if known else (1.0, 0.0),
        imputed=1 - float(cells.ads[0].sum() / max(ads.sum(), 1.0)),
    )


def _alike(cells: DecisionCells) -> Ints:
    """Give the group of each cell: all that agree in every column but the first."""
    names: dict[tuple[str, ...], int] = {}
    return np.array([names.setdefault(key[1:], len(names)) for key in cells.keys], dtype=np.int64)


def _mixed(total: Floats, count: Floats, *, alike: Ints, strength: float) -> Floats:
    """Give each cell's mean, mixed with that of its like and of all."""
    size = int(alike.max(initial=-1)) + 1
    overall = total.sum() / count.sum() if count.sum() > 0 else 0.0
    groups = add_up(alike, total, size=size) + strength * overall
    near = groups / (add_up(alike, count, size=size) + strength)
    mixed: Floats = (total + strength * near[alike]) / (count + strength)
    return mixed


def _differing(cells: DecisionCells) -> tuple[float, float]:
    """Tell how much ads of a cell differ in impressions, and how many say as much as their like."""
    count, total = cells.ads[0].sum(axis=1), cells.shown.sum(axis=1)
    ads, free = float(count.sum()), float(count.sum() - (count > 0).sum())
    if total.sum() <= 0 or free < 1:
        return _USUAL_SPREAD, _MOST_ALIKE
    mean = float(total.sum()) / ads
    own = np.divide(total, count, out=np.zeros(len(count)), where=count > 0)
    within = max(float((cells.squares - count * own**2).sum()) / free / mean**2, 1e-6)
    between = float((count * (own / mean - 1) ** 2).sum()) - within * float((count > 0).sum() - 1)
    base = ads - float((count**2).sum()) / ads
    differ = between / base if base > 0 else 0.0
    return within, float(np.clip(within / max(differ, 1e-12), _LEAST_ALIKE, _MOST_ALIKE))


def _each(total: Floats, count: Floats, *, alike: Ints, strength: float) -> Floats:
    """Give the mean of an approved ad by cell and score."""
    mean = _mixed(total.sum(axis=1), count.sum(axis=1), alike=alike, strength=strength)
    factor, steps = 1.0, []
    for first in range(0, count.shape[1], _BAND):
        band = slice(first, first + _BAND)
        usual = float((count[:, band].sum(axis=1) * mean).sum())
        each = usual / max(float(count[:, band].sum()), 1e-12)
        before = _BAND_ADS * (each if each > 0 else float(mean.mean()))
        factor = (float(total[:, band].sum()) + factor * before) / (usual + before or 1.0)
        steps += [factor] * (min(first + _BAND, count.shape[1]) - first)
    by_bin: Floats = mean[:, None] * np.array(steps)[None, :]
    return by_bin


def _ratio(
    cells: DecisionCells, chances: Floats, *, shown: Floats, spread: float
) -> tuple[float, float]:
    """Hold the exposure of violating approved ads against that of ads like them."""
    approved = cells.ads[0] * shown
    whole, bad = cells.told.sum(axis=(1, 2))
    expected = float((approved * chances).sum() / max(approved.sum(), 1e-12))
    if whole <= 0 or bad <= 0 or expected <= 0:
        return 1.0, float(np.sqrt(_RATIO_DOUBT))
    seen = float(np.log(bad / whole / expected))
    noise = max(_RATIO_NOISE, 1 + spread) / cells.told_by
    part = _RATIO_DOUBT / (_RATIO_DOUBT + noise)
    return float(np.exp(seen * part)), float(np.sqrt(part * noise))


def _hours(cells: DecisionCells, alike: Ints) -> Floats:
    """Give the hours that an ad takes in each queue: a second review takes some of another."""
    reviewed = cells.ads[1].sum(axis=1)
    # ads whose work was timed stand for those whose work was not
    timed = cells.worked.sum(axis=0) if cells.worked.size else np.zeros(0)
    whole = np.maximum(reviewed, cells.worked.max(axis=1, initial=0.0))
    found = np.zeros(cells.minutes.shape)
    for queue in range(len(timed)):
        found[:, queue] = _mixed(
            cells.minutes[:, queue], whole, alike=alike, strength=_ALIKE_TASKS
        )
    return found / _MINUTES
