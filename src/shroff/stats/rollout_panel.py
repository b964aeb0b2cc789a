"""Markets where something changed, held against markets where nothing did."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

from shroff.errors import DesignError
from shroff.stats.proportions import Floats
from shroff.stats.step_series import Step, StepSeries, step_of

__all__ = ["Panel", "Versus", "difference_in_differences", "synthetic_control"]

_FOLDS = 4
_PENALTIES = (0.3, 1.0, 3.0, 10.0, 100.0)
_FIRM = 1e3
_FORGETS, _LINGERS = 3.0, 1.8
_CALM = 0.1  # variance of single values, of their level squared: below it logarithms are fair


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One figure of several markets over time.

    Parameters
    ----------
    value : array, shape (markets, T)
        The figure; NaN where nothing is known.
    variance : array, shape (markets, T)
        Variance of each by its labels alone.
    size : array, shape (markets,)
        How much each market weighs when several are pooled.
    treated : array of bool, shape (markets,)
        Where the change was made.
    start : int
        First place in time at which it held.
    season : int
        Length of the season, 1 for none.
    """

    value: Floats
    variance: Floats
    size: Floats
    treated: NDArray[np.bool_]
    start: int
    season: int = 1

    def among(self, treated: NDArray[np.bool_], kept: NDArray[np.bool_]) -> Panel:
        """Give some of the markets, with others taken for the treated ones."""
        return replace(
            self,
            value=self.value[kept],
            variance=self.variance[kept],
            size=self.size[kept],
            treated=treated[kept],
        )

    def until(self, end: int, *, start: int) -> Panel:
        """Give the time before a place, with another start."""
        return replace(
            self, value=self.value[:, :end], variance=self.variance[:, :end], start=start
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Versus:
    """Treated markets beside what they would have been.

    Parameters
    ----------
    step : Step
        The effect; ``after`` is what the treated markets were.
    treated, expected : array, shape (T,)
        The treated markets together, and what the others say they would have been.
    weight : array, shape (markets,)
        What each market without the change counts for; 0 for the treated ones.
    fit : float
        How much of the treated markets' variation before the start the others follow, at most 1;
        may be negative.
    method : str
        ``difference in differences`` or ``synthetic control``.
    """

    step: Step
    treated: Floats
    expected: Floats
    weight: Floats
    fit: float
    method: str


def difference_in_differences(panel: Panel, *, level: float = 0.95) -> Versus:
    """Say how far treated markets moved beyond the others.

    Parameters
    ----------
    panel : Panel
        The markets.
    level : float
        Coverage of the interval.

    Returns
    -------
    Versus
        The effect. Rests on this: without the change all would have moved by the same factor.

    Raises
    ------
    DesignError
        If there is nothing to compare with.

    Notes
    -----
    The factor between the treated markets and the others is a series with noise that remembers
    (`shroff.stats.step_series`): days of a market are not taken for independent. Markets that do
    not move by the same factor leave noise with a long memory in it, so that memory is believed in
    more readily than in a series by itself. Where little is counted a day, the difference from the
    others, scaled to the treated markets, takes the place of the factor.
    """
    _require(panel)
    target, noise = _pooled(panel, panel.treated)
    share = np.where(panel.treated, 0.0, panel.size)
    share = share / share.sum()
    other, others_noise = _pooled(panel, ~panel.treated)
    base = _before(panel, target) / _before(panel, other)
    return _versus(
        panel,
        target=target,
        expected=base * other,
        variance=noise + base**2 * others_noise,
        weight=share,
        method="difference in differences",
        level=level,
    )


def synthetic_control(panel: Panel, *, level: float = 0.95) -> Versus:
    """Say how far treated markets moved beyond that mix of the others that followed them before.

    Parameters
    ----------
    panel : Panel
        The markets.
    level : float
        Coverage of the interval.

    Returns
    -------
    Versus
        The effect, and which markets it was held against.

    Raises
    ------
    DesignError
        If there is nothing to compare with, or too little before the start.

    Notes
    -----
    Weights are not negative, add up to one, and are drawn towards the markets' sizes, the more
    the less the days before the start ask for anything else (chosen by leaving out a quarter of
    them at a time). What the mix says of a day before the start comes from weights that did not
    see it: the fit before is as honest as the forecast after, and so is the interval.

    References
    ----------
    Abadie, Diamond and Hainmueller, Journal of the American Statistical Association 105 (2010).
    """
    _require(panel)
    if panel.start < 2 * _FOLDS:
        raise DesignError(
            f"{panel.start} values before the change are too few to weigh markets by",
            hint="difference in differences asks for less",
        )
    target, noise = _pooled(panel, panel.treated)
    mine = np.flatnonzero(~panel.treated)
    scale = panel.value[mine, : panel.start].mean(axis=1)
    mine, scale = mine[scale > 0], scale[scale > 0]
    if not len(mine):
        raise DesignError("no market without the change had anything to count before it")
    base = _before(panel, target)
    others = panel.value[mine] / scale[:, None]
    prior = panel.size[mine] / panel.size[mine].sum()
    weight, mixed = _cross_fitted(target / base, others, prior=prior, start=panel.start)
    variance = (weight**2 / scale**2) @ panel.variance[mine]
    full = np.zeros(len(panel.size))
    full[mine] = weight
    return _versus(
        panel,
        target=target,
        expected=base * mixed,
        variance=noise + base**2 * variance,
        weight=full,
        method="synthetic control",
        level=level,
    )


def _require(panel: Panel) -> None:
    if not panel.treated.any():
        raise DesignError("no market is named where the change was made")
    if panel.treated.all():
        raise DesignError(
            "the change was made in every market: there is nothing to compare with",
            hint="judge it as made everywhere at once",
        )
    if not np.all(np.isfinite(panel.value)):
        raise DesignError("a market without a figure at some time", hint="leave it out")


def _pooled(panel: Panel, mine: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    share = panel.size[mine] / panel.size[mine].sum()
    return share @ panel.value[mine], share**2 @ panel.variance[mine]


def _before(panel: Panel, series: Floats) -> float:
    level = float(np.mean(series[: panel.start])) if panel.start else 0.0
    if level <= 0:
        raise DesignError("nothing was counted before the change: no factor can be told")
    return level


def _versus(
    panel: Panel,
    *,
    target: Floats,
    expected: Floats,
    variance: Floats,
    weight: Floats,
    method: str,
    level: float,
) -> Versus:
    step = _step(panel, target, expected, variance=np.maximum(variance, 1e-300), level=level)
    before = slice(None, panel.start)
    spread = float(np.var(target[before]))
    left = float(np.mean((target - expected)[before] ** 2))
    return Versus(
        step=step,
        treated=target,
        expected=expected,
        weight=weight,
        fit=1 - left / spread if spread > 0 else 0.0,
        method=method,
    )


def _step(
    panel: Panel, target: Floats, expected: Floats, *, variance: Floats, level: float
) -> Step:
    """Judge the factor between two series, or their difference where there is little to count."""
    after = float(np.mean(target[panel.start :]))
    series = StepSeries(
        value=target - expected,
        variance=variance,
        start=panel.start,
        season=panel.season,
        forgets=_FORGETS,
        lingers=_LINGERS,
    )
    least = min(float(target.min()), float(expected.min()))
    if least <= 0 or float(variance.mean()) > _CALM * float(target.mean()) ** 2:
        return replace(step_of(series, level=level), after=after)
    ratio = replace(series, value=np.log(target / expected), variance=variance / expected**2)
    step = step_of(ratio, level=level)
    effect, low, high = (
        -after * float(np.expm1(-each)) for each in (step.effect, step.low, step.high)
    )
    sd = step.sd * (after - effect)
    return replace(step, effect=effect, low=low, high=high, sd=sd, after=after)


def _cross_fitted(
    target: Floats, others: Floats, *, prior: Floats, start: int
) -> tuple[Floats, Floats]:
    """Weigh the markets, and give the mix; before the start by weights that did not see the day."""
    folds = np.array_split(np.arange(start), _FOLDS)
    noise = float(np.mean(np.var(np.diff(others[:, :start], axis=1), axis=1))) / 2
    best: tuple[float, float, Floats] | None = None
    for penalty in _PENALTIES:
        mixed = prior @ others
        for fold in folds:
            seen = np.setdiff1d(np.arange(start), fold)
            found = _weights(target[seen], others[:, seen], prior=prior, penalty=penalty * noise)
            mixed[fold] = found @ others[:, fold]
        error = float(np.mean((target - mixed)[:start] ** 2))
        if best is None or error < best[0]:
            best = (error, penalty, mixed)
    assert best is not None  # noqa: S101 - there are penalties
    _, penalty, mixed = best
    weight = _weights(target[:start], others[:, :start], prior=prior, penalty=penalty * noise)
    mixed[start:] = weight @ others[:, start:]
    return weight, mixed


def _weights(target: Floats, others: Floats, *, prior: Floats, penalty: float) -> Floats:
    """Solve for weights on the simplex, drawn towards the prior."""
    count, time = others.shape
    drawn = np.sqrt(penalty * time)
    firm = _FIRM * max(float(np.abs(others).max()), 1.0)
    rows = np.vstack([others.T, drawn * np.eye(count), firm * np.ones((1, count))])
    found, _ = nnls(rows, np.concatenate([target, drawn * prior, [firm]]))
    return found / found.sum() if found.sum() > 0 else prior
