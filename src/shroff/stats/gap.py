"""How far a published proxy stands from what random labels say."""

from __future__ import annotations

from shroff.stats.estimate import Estimate, Status

__all__ = ["METHOD", "gap"]

METHOD = "proxy less interval"


def gap(proxy: Estimate, figure: Estimate) -> Estimate:
    """Say by how much a proxy overstates a figure.

    Parameters
    ----------
    proxy : Estimate
        A share counted in full by a rule of thumb: it has no sampling error.
    figure : Estimate
        What random labels say of the same thing, or bounds.

    Returns
    -------
    Estimate
        Proxy minus figure, in [-1, 1]; BOUNDS where the figure is bounds, UNKNOWN where either
        is not known or the figure does not rest on random labels.

    Notes
    -----
    The proxy is a number of the logs and not an estimate of anything, so all doubt is the
    figure's: its interval, turned around. The interval of the gap covers as often as the figure's.

    Examples
    --------
    >>> from shroff.stats.proportions import wilson
    >>> counted = Estimate(
    ...     value=0.97, low=None, high=None, level=0.95, status=Status.PROXY, method="count", n=100
    ... )
    >>> found = gap(counted, wilson(90, 100))
    >>> f"{found.value:.2f} ({found.low:.3f} to {found.high:.3f})"
    '0.07 (0.025 to 0.144)'
    """
    known = figure.status in {Status.ESTIMATE, Status.BOUNDS, Status.COUNT}
    value = proxy.value
    if value is None or not known or figure.low is None or figure.high is None:
        return _between(figure, value=None, low=None, high=None, status=Status.UNKNOWN)
    middle = None if figure.value is None else value - figure.value
    status = Status.BOUNDS if middle is None else Status.ESTIMATE
    low, high = value - figure.high, value - figure.low
    return _between(figure, value=middle, low=low, high=high, status=status)


def _between(
    figure: Estimate,
    *,
    value: float | None,
    low: float | None,
    high: float | None,
    status: Status,
) -> Estimate:
    return Estimate(
        value=value,
        low=low,
        high=high,
        level=figure.level,
        status=status,
        method=METHOD,
        n=figure.n,
        n_effective=figure.n_effective,
        design=figure.design,
    )
