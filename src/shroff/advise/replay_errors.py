"""Labels of a replay may be wrong: what they say, corrected by how often they are right, with doubt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shroff.advise.label_sums import LEAST_POWER, LabelErrors
from shroff.stats.dense import Ints, add_up
from shroff.stats.proportions import Floats

__all__ = ["ErrorDraws", "draw_errors"]

_TINY = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorDraws:
    """How labels of cells may err, one row a draw.

    Parameters
    ----------
    floor : array of shape (draws, cells)
        Share of compliant ads that is labelled violating.
    power : array of shape (draws, cells)
        What labels tell: share of violating ads that is labelled so, less ``floor``.
    curve : array of int, shape (cells,)
        Cells of a curve are corrected together.
    """

    floor: Floats
    power: Floats
    curve: Ints

    def right(self, said: Floats, *, size: Floats) -> Floats:
        """Turn shares that labels would show into shares that are true.

        Parameters
        ----------
        said : array of shape (draws, cells)
            Shares labelled violating.
        size : array of shape (cells,)
            What each cell counts for.

        Returns
        -------
        array of shape (draws, cells)
            True shares, in [0, 1]. Where a cell has no room for its part of the correction, the
            other cells of its curve take it: mistakes are made on ads that are in doubt.
        """
        raw = (said - self.floor) / self.power
        found: Floats = np.clip(raw, 0.0, 1.0)
        count = int(self.curve.max(initial=-1)) + 1
        for mine in (self.curve == each for each in range(count)):
            part = found[:, mine]
            gap = ((raw[:, mine] - part) @ size[mine])[:, None]
            room = ((1 - part) @ size[mine])[:, None]
            whole = (part @ size[mine])[:, None]
            up = np.clip(gap / np.maximum(room, _TINY), 0.0, 1.0)
            down = np.clip(-gap / np.maximum(whole, _TINY), 0.0, 1.0)
            found[:, mine] = (part + (1 - part) * up) * (1 - down)
        return found

    def doubt(self, share: Floats) -> Floats:
        """Give the variance that mistakes leave in what one labelled ad is."""
        wrong = share * (1 - self.floor - self.power) + (1 - share) * self.floor
        found: Floats = np.clip(wrong, 0.0, 0.25)
        return found


def draw_errors(
    errors: LabelErrors,
    kinds: Floats,
    *,
    curve: Ints,
    draws: int,
    rng: np.random.Generator,
) -> ErrorDraws:
    """Draw how often labels are right.

    Parameters
    ----------
    errors : LabelErrors
        How often labels of each kind are, with doubt.
    kinds : array of shape (kinds, cells)
        Weight of the labels of each kind; a cell without labels is as all are.
    curve : array of int, shape (cells,)
        Cells of a curve are corrected together.
    draws : int
        How many.
    rng : Generator
        Chance.

    Returns
    -------
    ErrorDraws
        Draws.
    """
    caught, passed = (
        np.clip(rate + doubt * rng.standard_normal((draws, len(rate))), 0.0, 1.0)
        for rate, doubt in (
            (errors.sensitivity, errors.sensitivity_doubt),
            (errors.specificity, errors.specificity_doubt),
        )
    )
    part = _parts(kinds, curve)
    floor = (1 - passed) @ part
    return ErrorDraws(
        floor=floor, power=np.maximum(caught @ part - floor, LEAST_POWER), curve=curve
    )


def _parts(kinds: Floats, curve: Ints) -> Floats:
    """Give the kinds of the labels of each cell, as those of its curve are."""
    count = int(curve.max(initial=-1)) + 1
    by_curve = np.stack([add_up(curve, each, size=count) for each in kinds])
    whole = by_curve.sum(axis=0)
    usual = kinds.sum(axis=1) / max(float(kinds.sum()), _TINY)
    shares = np.where(whole > 0, by_curve / np.maximum(whole, _TINY), usual[:, None])
    found: Floats = shares[:, curve]
    return found
