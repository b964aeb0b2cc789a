"""What every estimator refuses: indices out of range, sums that are negative or missing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shroff.errors import DesignError

__all__ = ["require_index", "require_sums", "require_within"]


def require_index(name: str, index: NDArray[np.intp], *, size: int, where: str) -> None:
    """Refuse an index outside ``0..size-1``.

    Parameters
    ----------
    name : str
        What it counts.
    index : array of int
        The index.
    size : int
        How many there are.
    where : str
        Which argument it is part of.

    Raises
    ------
    DesignError
        If any is outside.
    """
    if np.any((index < 0) | (index >= size)):
        raise DesignError(f"a {name} outside 0..{size - 1}", where=where)


def require_sums(name: str, values: NDArray[np.float64], *, where: str, hint: str) -> None:
    """Refuse a number that is negative or missing.

    Parameters
    ----------
    name : str
        What is counted or added up.
    values : array
        The numbers.
    where : str
        Which argument they are part of.
    hint : str
        What to do about it.

    Raises
    ------
    DesignError
        If any is negative, infinite or NaN.
    """
    if not np.all(np.isfinite(values) & (values >= 0)):
        raise DesignError(f"a {name} that is negative or missing", where=where, hint=hint)


def require_within(labels: NDArray[np.float64], drawn: NDArray[np.float64]) -> None:
    """Refuse slices that claim more labels of a stratum than were drawn from it."""
    if np.any(labels > drawn + 0.5):
        raise DesignError(
            "a slice with more labels of a stratum than the stratum has",
            where="strata.labels",
            hint="count all the labels of the stratum, each once",
        )
