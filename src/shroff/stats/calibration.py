"""Do scores mean what they say? Reliability by bin, calibration error and Brier score."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, stdtrit

from shroff.errors import DesignError
from shroff.stats.calibration_figures import Calibration, Reliability
from shroff.stats.dense import Ints, add_up
from shroff.stats.estimate import Estimate, Status
from shroff.stats.proportions import Floats, require_level
from shroff.stats.sampling import Strata
from shroff.stats.score_cells import BINS, PLACES, ScoreCells
from shroff.stats.score_ranking import design_squares, design_variance
from shroff.stats.score_shares import bins_of, shares_of_parts

__all__ = ["calibration", "middles"]

_DRAWS = 2000
_LEAST_FREEDOM = 4.0
_MORE = 8.0  # found by benchmarks/calibration.py


def middles(places: Ints) -> Floats:
    """Give the score at the middle of each place."""
    return (places - 0.5) / BINS


def calibration(
    cells: ScoreCells,
    strata: Strata,
    *,
    bins: int = 10,
    score: Floats | None = None,
    level: float = 0.95,
    rng: np.random.Generator,
) -> Calibration:
    """Say how far scores are from the share that violates.

    Parameters
    ----------
    cells : ScoreCells
        Labels by score and truth.
    strata : Strata
        How they were drawn.
    bins : int
        Most bins; each has about as many labels as any other, and 20 at least.
    score : array of shape (k,), optional
        What each row's score is taken to say; the middle of its thousandth without it.
    level : float
        Coverage wanted, in (0, 1).
    rng : Generator
        Chance for the draws behind intervals and the test.

    Returns
    -------
    Calibration
        Reliability, calibration error, Brier score.

    Raises
    ------
    DesignError
        If there is no label, a score lies outside 0 to 1, or no weight is above zero.

    Notes
    -----
    The calibration error is the weighted mean distance of share and mean score over bins. Chance
    alone makes it larger than zero: with d the distance of a bin and V its variance under the
    design, ``E|N(d, V)|`` exceeds ``|d|``. The bias is that excess, added up, and is taken off.
    Its interval comes from draws of all distances, and reaches zero unless the test refutes that
    scores are true chances; the test draws each label anew with its score as the chance. The parts
    of the Brier score are freed of V in the same way.

    References
    ----------
    Kumar, Liang and Ma, NeurIPS 2019; Brocker, Quarterly Journal 135 (2009); Ferro and Fricker,
    Quarterly Journal 138 (2012); Stephenson et al., Weather and Forecasting 23 (2008).
    """
    require_level(level)
    cells.require(strata=len(strata.kind))
    if np.any((cells.place < 1) | (cells.place >= PLACES - 1)):
        raise DesignError(
            "scores outside 0 to 1 are no chances",
            hint="map them, e.g. 1 / (1 + EXP(-score)) under [mapping.scores] expressions",
        )
    said = middles(cells.place) if score is None else score
    work = _Work.of(cells, strata, said=said, bins=bins, level=level, rng=rng)
    ece, plain, p = work.error()
    brier, skill = work.brier()
    off, apart, base = work.parts()
    return Calibration(
        reliability=work.reliability(),
        gap=work.gap(),
        ece=ece,
        ece_plain=plain,
        p_calibrated=p,
        brier=brier,
        skill=skill,
        miscalibration=off,
        discrimination=apart,
        uncertainty=base,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    cells: ScoreCells
    strata: Strata
    said: Floats
    part: Ints  # bin of each row
    size: int
    mass: Floats  # weight of each bin
    mean: Floats  # mean score of each
    share: Floats  # violating share of each
    variance: Floats  # of the distance of each
    level: float
    rng: np.random.Generator

    @staticmethod
    def of(
        cells: ScoreCells,
        strata: Strata,
        *,
        said: Floats,
        bins: int,
        level: float,
        rng: np.random.Generator,
    ) -> _Work:
        cells, said = _weighed(cells, said)
        part = bins_of(said, cells.n, bins=bins)
        size = int(part.max()) + 1
        mass = add_up(part, cells.w, size=size)
        mean = add_up(part, cells.w * said, size=size) / mass
        share = add_up(part, cells.w * cells.violating, size=size) / mass
        squares = design_squares(cells, strata)
        variance = np.zeros(size)
        for number in range(size):
            mine = part == number
            off = (cells.violating - said - (share - mean)[number]) / mass[number]
            found = design_variance(cells, strata, residuals=np.where(mine, off, 0.0))
            # of few labels none may violate: as if half a one more of each kind did
            labels = cells.n[mine].sum()
            even = (share[number] * labels + 0.5) / (labels + 1)
            least = even * (1 - even) * squares[mine].sum() / mass[number] ** 2
            variance[number] = max(found, least) if found > 0 or least > 0 else 0.0
        return _Work(
            cells=cells,
            strata=strata,
            said=said,
            part=part,
            size=size,
            mass=mass / mass.sum(),
            mean=mean,
            share=share,
            variance=variance,
            level=level,
            rng=rng,
        )

    @property
    def labels(self) -> int:
        """Count the labels."""
        return round(float(self.cells.n.sum()))

    def reliability(self) -> Reliability:
        """Give the share of each bin with its interval."""
        low, high = np.full((2, self.size), np.nan)
        for number in range(self.size):
            mine = self.said[self.part == number]
            low[number], high[number] = mine.min(), mine.max()
        share = shares_of_parts(
            self.cells, self.strata, part=self.part, parts=self.size, level=self.level
        )
        return Reliability(low=low, high=high, mean_score=self.mean, share=share, weight=self.mass)

    def gap(self) -> Estimate:
        """Give the distance of share and mean score over all."""
        total = self.cells.w.sum()
        value = float(self.mass @ (self.share - self.mean))
        off = (self.cells.violating - self.said - value) / total
        spread = max(
            design_variance(self.cells, self.strata, residuals=off),
            float(self.mass**2 @ self.variance) if self.size == 1 else 0.0,
        )
        reach = self._reach() * spread**0.5
        return self._estimate(value, (value - reach, value + reach), method="linearised")

    def error(self) -> tuple[Estimate, float, float]:
        """Give the calibration error without bias, with it, and the chance of so large a one."""
        off = self.share - self.mean
        plain = float(self.mass @ np.abs(off))
        value = self._unbiased_error(off[None, :])[0]
        p = self._p_calibrated(plain)
        sign = np.sign(off)
        told = sign[self.part] * (self.cells.violating - self.said)
        more = self._more(told - float(self.cells.w @ told / self.cells.w.sum()), slope=sign)
        low, high = self._drawn_ends(value, self._unbiased_error, more=more)
        if p > (1 - self.level) / 2:
            low = 0.0
        low, high = min(max(low, 0.0), value), min(max(high, value), 1.0)
        return self._estimate(value, (low, high), method="debiased, drawn"), plain, p

    def _unbiased_error(self, off: Floats) -> Floats:
        """Take off what chance adds, for rows of distances by bin."""
        spread = np.sqrt(np.maximum(self.variance, 1e-300))
        ratio = off / spread
        folded = spread * (
            np.sqrt(2 / np.pi) * np.exp(-(ratio**2) / 2) + ratio * (1 - 2 * ndtr(-ratio))
        )
        plain = np.abs(off)
        excess = (folded - plain) * (self.variance > 0)
        freed: Floats = np.maximum((plain - excess) @ self.mass, 0.0)
        return freed

    def _drawn_ends(
        self, value: float, figure: Callable[[Floats], Floats], *, more: float
    ) -> tuple[float, float]:
        """Turn draws of all distances into ends for a figure of them."""
        off = self.share - self.mean
        noise = self.rng.standard_normal((_DRAWS, self.size)) * np.sqrt(self.variance)
        drawn = figure(off + noise) + self.rng.standard_normal(_DRAWS) * more
        tail = (1 - self.level) / 2
        below, above = np.quantile(drawn, [tail, 1 - tail])
        # the wider of the draws' own ends and of those turned about the value
        return float(min(below, 2 * value - above)), float(max(above, 2 * value - below))

    def _more(self, residuals: Floats, *, slope: Floats) -> float:
        """Give the doubt that distances by bin leave out: the bins' weights, and what they share."""
        whole = design_variance(self.cells, self.strata, residuals=residuals / self.cells.w.sum())
        within = float((self.mass * slope) ** 2 @ self.variance)
        return float(max(whole - within, 0.0) ** 0.5)

    def _p_calibrated(self, plain: float) -> float:
        """Draw every label anew with its score as the chance."""
        cells = self.cells
        # engines add weights up in orders of their own: the last digits are no weights of their own
        mean = (cells.w / cells.n).astype(np.float32)
        key, place = np.unique(
            np.stack([self.part.astype(float), self.said, mean]), axis=1, return_inverse=True
        )
        labels = np.rint(add_up(place.reshape(-1), cells.n, size=key.shape[1])).astype(int)
        chance = np.clip(key[1], 0, 1)
        (drawing,) = self.rng.spawn(1)
        hits = drawing.binomial(labels, chance, size=(_DRAWS, len(labels)))
        excess = (hits - labels * chance) * key[2]
        by_bin = np.zeros((_DRAWS, self.size))
        for number in range(self.size):
            by_bin[:, number] = excess[:, key[0] == number].sum(axis=1)
        drawn = np.abs(by_bin).sum(axis=1) / cells.w.sum()
        drawn *= self._lump() ** 0.5
        return float((1 + np.count_nonzero(drawn >= plain - 1e-12)) / (1 + _DRAWS))

    def _lump(self) -> float:
        """Say how much more clusters vary than their labels would."""
        if self.cells.cluster is None:
            return 1.0
        off = self.cells.violating - self.said
        plain = float(design_squares(self.cells, self.strata) @ off**2)
        together = design_variance(self.cells, self.strata, residuals=off)
        return max(1.0, together / plain) if plain > 0 else 1.0

    def brier(self) -> tuple[Estimate, Estimate]:
        """Give the Brier score, and how much better it is than no score."""
        cells, total = self.cells, self.cells.w.sum()
        squares = (self.said - cells.violating) ** 2
        value = float(cells.w @ squares / total)
        base = float(cells.w @ cells.violating / total)
        plain = base * (1 - base)
        reach = self._reach()
        spread = reach * self._doubt((squares - value) / total)
        score = self._estimate(
            value, (max(value - spread, 0.0), min(value + spread, 1.0)), method="linearised"
        )
        if plain <= 0:
            return score, self._unknown()
        slope = (1 - 2 * base) * (cells.violating - base)
        skill = 1 - value / plain
        off = -(squares - value) / plain + value / plain**2 * slope
        wide = reach * self._doubt(off / total)
        return score, self._estimate(
            skill, (skill - wide, min(skill + wide, 1.0)), method="linearised"
        )

    def _reach(self) -> float:
        """Give Student's quantile for the violating labels there are; few tell little of spread."""
        mine = self.cells.where(self.cells.violating)
        squares = float(mine.w2.sum())
        alike = float(mine.w.sum()) ** 2 / squares if squares > 0 else 0.0
        free = max(alike - 1, _LEAST_FREEDOM)
        student = -stdtrit(free, (1 - self.level) / 2)
        return float(student * (1 + _MORE / free) ** 0.5)

    def _doubt(self, residuals: Floats) -> float:
        return float(design_variance(self.cells, self.strata, residuals=residuals) ** 0.5)

    def parts(self) -> tuple[Estimate, Estimate, Estimate]:
        """Give the parts of the Brier score, freed of what chance adds to each."""
        whole = float(self.mass @ self.share)
        total = self.cells.w.sum()
        base = self._doubt((self.cells.violating - whole) / total) ** 2

        def off(distance: Floats) -> Floats:
            return np.maximum((distance**2 - self.variance) @ self.mass, 0.0)

        def apart(distance: Floats) -> Floats:
            share = distance + self.mean
            about = share - (share @ self.mass)[:, None]
            return np.maximum(about**2 @ self.mass - self.mass @ self.variance + base, 0.0)

        found = []
        away = (self.share - self.mean, self.share - whole)
        rests = (self.cells.violating - self.said, self.cells.violating - whole)
        for figure, slope, rest in zip((off, apart), away, rests, strict=True):
            value = float(figure((self.share - self.mean)[None, :])[0])
            told = slope[self.part] * (2 * rest - slope[self.part])
            told -= float(self.cells.w @ told / self.cells.w.sum())
            more = self._more(told, slope=2 * slope)
            low, high = self._drawn_ends(value, figure, more=more)
            found.append(
                self._estimate(value, (max(low, 0.0), min(high, 1.0)), method="debiased, drawn")
            )
        plain = whole * (1 - whole)
        reach = self._reach() * abs(1 - 2 * whole) * base**0.5
        middle = min(plain + base, 0.25)
        doubt = self._estimate(
            middle, (max(middle - reach, 0.0), min(middle + reach, 0.25)), method="linearised"
        )
        return found[0], found[1], doubt

    def _estimate(self, value: float, ends: tuple[float, float], *, method: str) -> Estimate:
        return Estimate(
            value=value,
            low=min(ends[0], value),
            high=max(ends[1], value),
            level=self.level,
            status=Status.ESTIMATE,
            method=method,
            n=self.labels,
        )

    def _unknown(self) -> Estimate:
        return Estimate(
            value=None,
            low=None,
            high=None,
            level=self.level,
            status=Status.UNKNOWN,
            method="linearised",
            n=self.labels,
        )


def _weighed(cells: ScoreCells, said: Floats) -> tuple[ScoreCells, Floats]:
    """Leave out rows that weigh nothing."""
    some = (cells.w > 0) & (cells.n > 0)
    return cells.where(some), said[some]
