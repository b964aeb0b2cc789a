"""How strongly each phrase speaks for a violation when all speak at once."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_array
from scipy.special import expit

__all__ = ["weights_of"]

_ROUNDS = 60


def weights_of(
    there: csr_array,
    violating: NDArray[np.bool_],
    *,
    weight: NDArray[np.float64],
    penalty: float = 1.0,
) -> NDArray[np.float64]:
    """Fit a logistic regression with a squared penalty.

    Parameters
    ----------
    there : csr_array of shape (ads, phrases)
        Which phrases stand in each ad, as 0 and 1.
    violating : array of bool, shape (ads,)
        Whether each violates.
    weight : array of float, shape (ads,)
        What each stands for; means 1.
    penalty : float
        Half of it is what a squared weight costs.

    Returns
    -------
    array of float, shape (phrases,)
        Weight of each phrase.
    """
    signs = np.where(violating, 1.0, -1.0)
    turned = there.T.tocsr()

    def cost(vector: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        slopes, level = vector[:-1], vector[-1]
        margin = signs * (there @ slopes + level)
        pull = -signs * expit(-margin) * weight
        loss = weight @ np.logaddexp(0.0, -margin) + 0.5 * penalty * slopes @ slopes
        return float(loss), np.concatenate([turned @ pull + penalty * slopes, [pull.sum()]])

    shape: Any = there.shape
    start = np.zeros(shape[1] + 1)
    found = minimize(cost, start, jac=True, method="L-BFGS-B", options={"maxiter": _ROUNDS})
    slopes: NDArray[np.float64] = found.x[:-1]
    return slopes
