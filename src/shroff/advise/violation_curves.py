"""How likely ads violate by score, in every cell: one curve that cells depart from, with draws.

The log odds are a smooth curve of the score, plus a departure and a tilt of each value of each
column, plus a departure of each cell. How far values and cells depart is learnt from the labels, so
a cell without labels has the curve of its like, and more doubt. Labels may be wrong at rates that are
known with doubt: the curve is that of the truth, and their doubt is in its draws.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from shroff.advise.curve_rows import (
    coefficient_kinds,
    design_rows,
    log_odds,
    logit_of,
    rising,
    root_of,
)
from shroff.advise.label_sums import LEAST_POWER, LabelErrors, LabelSums
from shroff.errors import DesignError
from shroff.stats.dense import add_up

__all__ = ["LabelSums", "ViolationCurves", "fit_curves", "learn_again"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_KNOTS = 7
_ROUNDS, _STEPS = 12, 8
_ROUNDS_AGAIN = 2
_LEAST, _MOST = 1e-3, 4.0  # variances of departures
_BEND = 0.5  # variance of the curve's bends
_MOST_SPREAD = 4.0
_FORM = 1.25  # doubt is as much wider, for what the curve's form leaves out
_MOST_LIFT = 3.0  # log odds
_MEAN_OF, _ROUNDS_TO_CENTRE = 60, 2
_SEED = 20261124


@dataclass(frozen=True, slots=True, kw_only=True)
class ViolationCurves:
    """Chances of violating by cell and bin, as the labels tell them.

    Parameters
    ----------
    mean : array of shape (cells, bins)
        The chance at the mode; draws have it as their mean.
    labels : float
        Labels that it was learnt from.
    departures : tuple of float
        Standard deviation, in log odds, of the departures of each column's values, their tilts,
        and of cells.
    spread : float
        How much more labels vary than independent ones; doubt is widened by it.
    """

    mean: Floats
    labels: float
    departures: tuple[float, ...]
    spread: float
    _common: Floats
    _factors: Ints
    _tilt: Floats
    _middle: Floats
    _root: Floats
    _pull: Floats
    _own: Floats
    _own_doubt: Floats
    _wrong: Floats
    _own_wrong: Floats
    _lift: Floats

    def draws(self, count: int, *, rng: np.random.Generator) -> Iterator[Floats]:
        """Draw curves of all cells from what is known.

        Parameters
        ----------
        count : int
            How many.
        rng : Generator
            Chance.

        Yields
        ------
        array of shape (cells, bins)
            Chances.
        """
        shift, own = self._middle, self._own
        for place in range(count):
            if place % 2 == 0:
                shift = self._root @ rng.standard_normal(len(self._middle))
                own = self._own_doubt * rng.standard_normal(len(self._own)) - self._pull @ shift
                if len(self._wrong):  # labels may be wrong more or less often than is thought
                    off = rng.standard_normal(len(self._wrong))
                    shift, own = shift + off @ self._wrong, own + off @ self._own_wrong
            else:  # the mirror image, so that means need fewer draws
                shift, own = -shift, -own
            yield rising(self._odds(self._middle + shift, self._own + own) + self._lift)

    def mode(self) -> tuple[Floats, Floats]:
        """Give the coefficients at the mode, and the departures of cells."""
        return self._middle.copy(), self._own.copy()

    def centred(self) -> ViolationCurves:
        """Move draws so that their mean is the curve at the mode, which adds up to the labels."""
        mean, lift = rising(self._odds(self._middle, self._own)), self._lift
        found = self
        for _ in range(_ROUNDS_TO_CENTRE):
            drawn = found.draws(_MEAN_OF, rng=np.random.default_rng(_SEED))
            now = sum(drawn, np.zeros(mean.shape)) / _MEAN_OF
            lift = np.clip(lift + logit_of(mean) - logit_of(now), -_MOST_LIFT, _MOST_LIFT)
            found = replace(found, _lift=lift)
        return replace(found, mean=mean)

    def _odds(self, common: Floats, own: Floats) -> Floats:
        return log_odds(self._common, self._factors, tilt=self._tilt, values=common, own=own)


def fit_curves(
    sums: LabelSums, factors: Ints, *, bins: int, errors: LabelErrors | None = None
) -> ViolationCurves:
    """Learn the chance of violating by cell and score.

    Parameters
    ----------
    sums : LabelSums
        Labels, with their design weights.
    factors : array of int, shape (cells, columns)
        Value of each column in each cell, counted from 0.
    bins : int
        Bins of the score, even ones from 0 to 1.
    errors : LabelErrors, optional
        How often labels are right; always without it.

    Returns
    -------
    ViolationCurves
        Chances with doubt.

    Raises
    ------
    DesignError
        If there is no label.

    Notes
    -----
    Labels of a cell and bin count as many as their weights are worth (Kish), at their weighted
    share. Variances of departures follow MacKay's fixed point; doubt is the normal approximation
    at the mode, widened by the spread of cells' shares about the curve, and by a quarter for what
    the form leaves out: on 56 platforms of known truth forecasts strayed by so much more than the
    approximation had them. The curves never fall.
    Where labels err, the share labelled violating is ``1 - Sp + (Se + Sp - 1) * chance``; how far
    the mode moves with sensitivity and specificity is linear in their standard errors. Labels no
    better than chance are left out.

    References
    ----------
    MacKay, Neural Computation 4 (1992); Gelman and Hill (2007), ch. 14; Rogan and Gladen, American
    Journal of Epidemiology 107 (1978).
    """
    size, hits = sums.effective()
    rates = errors or LabelErrors.none(len(sums.cell))
    telling = rates.power[rates.kind] >= LEAST_POWER
    size, hits = size * telling, hits * telling
    if not size.sum():
        raise DesignError(
            "no label has a score of this model", hint="shroff labels plan draws some"
        )
    work = _Fit(sums, factors, bins=bins, size=size, hits=hits, errors=rates)
    work.run()
    return work.told()


def learn_again(
    curves: ViolationCurves, sums: LabelSums, factors: Ints, *, errors: LabelErrors
) -> Floats:
    """Give the chances that other labels of the same ads would tell, from where curves stand.

    Parameters
    ----------
    curves : ViolationCurves
        Where to start.
    sums : LabelSums
        The other labels.
    factors, errors
        As for `fit_curves`.

    Returns
    -------
    array of shape (cells, bins)
        Chances at the mode.
    """
    size, hits = sums.effective()
    telling = errors.power[errors.kind] >= LEAST_POWER
    size, hits = size * telling, hits * telling
    bins = curves.mean.shape[1]
    work = _Fit(sums, factors, bins=bins, size=size, hits=hits, errors=errors)
    work.start_at(curves)
    work.run(_ROUNDS_AGAIN)
    return work.chances()


class _Fit:
    """One fit under way: departures of cells are eliminated, so that many cells cost little."""

    def __init__(
        self,
        sums: LabelSums,
        factors: Ints,
        *,
        bins: int,
        size: Floats,
        hits: Floats,
        errors: LabelErrors,
    ) -> None:
        self.sums, self.factors, self.size, self.hits = sums, factors, size, hits
        self.errors = errors
        self.floor = (1 - errors.specificity)[errors.kind]
        self.power = np.maximum(errors.power, LEAST_POWER)[errors.kind]
        middle = (np.arange(bins) + 0.5) / bins
        self.tilt = np.log(middle / (1 - middle)) / 2
        knots = np.linspace(-2.0, 2.0, _KNOTS)
        bends = np.maximum(0.0, 1 - np.abs(self.tilt[:, None] - knots) / (knots[1] - knots[0]))
        self.common = np.hstack([np.ones((bins, 1)), self.tilt[:, None], bends])
        self.levels = factors.max(axis=0) + 1 if factors.size else np.zeros(0, dtype=np.int64)
        self.kinds = coefficient_kinds(self.common.shape[1], self.levels)
        self.variances = np.full(2 * len(self.levels) + 1, 0.25)
        self.rows = design_rows(
            self.common, factors[sums.cell], levels=self.levels, bin=sums.bin, tilt=self.tilt
        )
        self.middle = np.zeros(self.rows.shape[1])
        self.own = np.zeros(len(factors))
        share = (hits.sum() + 0.5) / (size.sum() + 1)
        self.middle[0] = np.log(share / (1 - share))
        self.spread = 1.0

    def start_at(self, curves: ViolationCurves) -> None:
        """Start where other curves stand."""
        self.variances = np.clip(np.array(curves.departures) ** 2, _LEAST, _MOST)
        self.middle, self.own = curves.mode()

    def run(self, rounds: int = _ROUNDS) -> None:
        """Find the mode, and how far values and cells depart."""
        for _ in range(rounds):
            before = self.variances.copy()
            for _ in range(_STEPS):
                if self._step() < 1e-6:
                    break
            self._learn()
            if np.allclose(self.variances, before, rtol=0.02):
                break
        self._step()
        self.spread = self._spread()

    def _penalty(self) -> Floats:
        ridge = np.full(len(self.kinds), 1e-4)
        ridge[self.kinds == 1] = 1 / _BEND
        for place, variance in enumerate(self.variances[:-1]):
            ridge[self.kinds == 2 + place] = 1 / variance
        return ridge

    def _step(self) -> float:
        """Take one step of Newton's method; keep what doubt needs."""
        cell, cells = self.sums.cell, len(self.own)
        weight, rest = self._weighed()
        ridge, own_ridge = self._penalty(), 1 / self.variances[-1]
        weighted = self.rows * weight[:, None]
        both = np.zeros((cells, self.rows.shape[1]))
        np.add.at(both, cell, weighted)
        own = add_up(cell, weight, size=cells) + own_ridge
        self.pull = both / own[:, None]
        inside = self.rows.T @ weighted + np.diag(ridge) - both.T @ self.pull
        up = self.rows.T @ rest - ridge * self.middle
        own_up = add_up(cell, rest, size=cells) - own_ridge * self.own
        step = np.linalg.solve(inside, up - self.pull.T @ own_up)
        own_step = own_up / own - self.pull @ step
        most = max(np.abs(step).max(initial=0.0), np.abs(own_step).max(initial=0.0))
        self.middle, self.own = (
            self.middle + step * min(1.0, 2 / most) if most > 0 else self.middle,
            self.own + own_step * min(1.0, 2 / most) if most > 0 else self.own,
        )
        self.covariance, self.precision = np.linalg.inv(inside), own
        return float(most)

    def _weighed(self) -> tuple[Floats, Floats]:
        """Give what labels tell of the odds, and how they pull at them."""
        _, said, slope = self._said()
        pull = slope / (said * (1 - said))
        return self.size * slope * pull, (self.hits - self.size * said) * pull

    def _said(self) -> tuple[Floats, Floats, Floats]:
        """Give the chance of violating, that of being labelled so, and how the odds move it."""
        chance = 1 / (1 + np.exp(-(self.rows @ self.middle + self.own[self.sums.cell])))
        said = np.clip(self.floor + self.power * chance, 1e-9, 1 - 1e-9)
        return chance, said, np.maximum(self.power * chance * (1 - chance), 1e-12)

    def _moved_by_errors(self) -> tuple[Floats, Floats]:
        """Give how far the mode moves where labels are right one standard error less often."""
        chance, said, slope = self._said()
        each = self.size * slope / (said * (1 - said))
        moved, own_moved = [], []
        for part, doubts in (
            (-each * chance, self.errors.sensitivity_doubt),
            (each * (1 - chance), self.errors.specificity_doubt),
        ):
            for kind in np.flatnonzero(doubts > 0):
                rest = np.where(self.errors.kind == kind, part, 0.0) * doubts[kind]
                own_up = add_up(self.sums.cell, rest, size=len(self.own))
                step = self.covariance @ (self.rows.T @ rest - self.pull.T @ own_up)
                moved.append(step)
                own_moved.append(own_up / self.precision - self.pull @ step)
        shapes = (len(moved), len(self.middle)), (len(moved), len(self.own))
        return np.reshape(moved, shapes[0]), np.reshape(own_moved, shapes[1])

    def _learn(self) -> None:
        """Learn how far departures go."""
        doubt = np.diag(self.covariance)
        for place in range(len(self.variances) - 1):
            mine = self.kinds == 2 + place
            found = (np.sum(self.middle[mine] ** 2) + doubt[mine].sum()) / max(mine.sum(), 1)
            self.variances[place] = np.clip(found, _LEAST, _MOST)
        doubt = 1 / self.precision + np.einsum(
            "cg,gh,ch->c", self.pull, self.covariance, self.pull
        )
        found = float(np.mean(self.own**2 + doubt))
        self.variances[-1] = np.clip(found, _LEAST, _MOST)

    def _spread(self) -> float:
        """Hold the shares of parts of cells against the curve."""
        _, said, _ = self._said()
        part = self.sums.cell * 5 + self.sums.bin * 5 // len(self.tilt)
        places = int(part.max()) + 1
        size = add_up(part, self.size * said * (1 - said), size=places)
        rest = add_up(part, self.hits - self.size * said, size=places)
        told = size > 1
        free = told.sum() - len(self.levels) - 2
        if free < 10:
            return 1.0
        return float(np.clip((rest[told] ** 2 / size[told]).sum() / free, 1.0, _MOST_SPREAD))

    def chances(self) -> Floats:
        """Give the chances at the mode."""
        odds = log_odds(
            self.common, self.factors, tilt=self.tilt, values=self.middle, own=self.own
        )
        return rising(odds)

    def told(self) -> ViolationCurves:
        """Give the curves."""
        wide = _FORM * np.sqrt(self.spread)
        wrong, own_wrong = self._moved_by_errors()
        found = ViolationCurves(
            mean=np.zeros((len(self.factors), len(self.tilt))),
            labels=float(self.sums.n.sum()),
            departures=tuple(float(v) for v in np.sqrt(self.variances)),
            spread=self.spread,
            _common=self.common,
            _factors=self.factors,
            _tilt=self.tilt,
            _middle=self.middle,
            _root=wide * root_of(self.covariance),
            _pull=self.pull,
            _own=self.own,
            _own_doubt=wide / np.sqrt(self.precision),
            _wrong=wrong,
            _own_wrong=own_wrong,
            _lift=np.zeros((len(self.factors), len(self.tilt))),
        )
        return found.centred()
