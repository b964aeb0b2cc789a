"""What an LLM would say of ads it was not asked about, and how likely ads violate given its answer.

The answers on unjudged ads follow those on judged ads of like scores. How much an answer speaks for a
violation is learnt from labels of judged ads, with a curve of its own for each answer; then the
chances of all answers are shifted together so that they agree with what all labels, those of unjudged
ads too, say of the cell and score.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shroff.advise.cascade_answers import ANSWERS
from shroff.advise.cascade_reading import LlmReading
from shroff.advise.decision_cells import DecisionCells
from shroff.advise.decision_queries import BINS
from shroff.advise.violation_curves import ViolationCurves, fit_curves
from shroff.errors import DesignError

__all__ = ["CascadeChances", "CascadeWorld", "learn_chances"]

Floats = npt.NDArray[np.float64]

_BANDS = 10
_LIKE = 5.0  # judged ads that the answers of all cells in a band of scores count as
_HALF = 0.5
_FEWEST_LABELS = 30.0
_STEPS = 12


@dataclass(frozen=True, slots=True)
class CascadeWorld:
    """What may be true: ads by answer, and how many of them violate.

    Parameters
    ----------
    ads, chances : array of shape (`ANSWERS` + 1, cells, bins)
        Ads by answer, chance of violating.
    """

    ads: Floats
    chances: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class CascadeChances:
    """What labels and judgements say together.

    Parameters
    ----------
    curves : ViolationCurves
        Chance of violating by cell and score, whatever the LLM says.
    answers : ViolationCurves
        The same by answer; answers come before cells.
    judged : array of shape (`ANSWERS` + 1, cells, bins)
        Judged ads by answer.
    unjudged : array of shape (cells, bins)
        The others.
    told : array of shape (`ANSWERS` + 1, cells, bands)
        Pseudo-counts of answers by band of scores.
    """

    curves: ViolationCurves
    answers: ViolationCurves
    judged: Floats
    unjudged: Floats
    told: Floats

    def expected(self) -> CascadeWorld:
        """Give the mean world."""
        shares = np.repeat(self.told / self.told.sum(axis=0), BINS // _BANDS, axis=2)
        return self._world(
            self.judged + self.unjudged * shares, self.curves.mean, self.answers.mean
        )

    def draws(self, count: int, *, rng: np.random.Generator) -> Iterator[CascadeWorld]:
        """Draw worlds that labels and judgements allow.

        Parameters
        ----------
        count : int
            How many.
        rng : Generator
            Chance.

        Yields
        ------
        CascadeWorld
            One world.
        """
        pairs = zip(
            self.curves.draws(count, rng=rng), self.answers.draws(count, rng=rng), strict=True
        )
        whole = np.rint(self.unjudged).astype(np.int64)
        for overall, by_answer in pairs:
            shares = rng.standard_gamma(self.told)
            shares = np.repeat(shares / shares.sum(axis=0), BINS // _BANDS, axis=2)
            more = rng.multinomial(whole, np.moveaxis(shares, 0, -1))
            yield self._world(self.judged + np.moveaxis(more, -1, 0), overall, by_answer)

    def _world(self, ads: Floats, overall: Floats, by_answer: Floats) -> CascadeWorld:
        chances = by_answer.reshape(ads.shape)
        return CascadeWorld(ads, _agreeing(chances, ads, overall))


def learn_chances(cells: DecisionCells, reading: LlmReading) -> CascadeChances:
    """Learn what the LLM would say, and what its answers are worth.

    Parameters
    ----------
    cells : DecisionCells
        Ads and labels by cell and score.
    reading : LlmReading
        Judgements.

    Returns
    -------
    CascadeChances
        Chances with draws.

    Raises
    ------
    DesignError
        If too few judged ads have labels.

    Notes
    -----
    Judged ads stand for unjudged ones of the same cell and score; the LLM may be asked about
    scores in any proportion, but among equal scores by chance.
    """
    known = float(reading.labels.n.sum())
    if known < _FEWEST_LABELS:
        raise DesignError(
            f"{known:.0f} labels of ads that {reading.model} {reading.version} judged: too few",
            hint="judge the labelled ads in shadow, or label some of the judged ones",
        )
    factors = cells.factors()
    answer = np.repeat(np.arange(ANSWERS + 1), len(cells))[:, None]
    wide = np.hstack([np.tile(factors, (ANSWERS + 1, 1)), answer])
    unjudged = np.maximum(cells.ads.sum(axis=0) - reading.judged.sum(axis=0), 0.0)
    return CascadeChances(
        curves=fit_curves(cells.labels, factors, bins=BINS, errors=cells.errors),
        answers=fit_curves(reading.labels, wide, bins=BINS),
        judged=reading.judged,
        unjudged=unjudged,
        told=_told(reading.judged),
    )


def _told(judged: Floats) -> Floats:
    """Count answers by band of scores, those of all cells mixed in."""
    answers, cells, bins = judged.shape
    banded = judged.reshape(answers, cells, _BANDS, bins // _BANDS).sum(axis=3)
    whole = banded.sum(axis=1)
    near = (whole + _HALF * (whole.sum(axis=1, keepdims=True) + _HALF) / (whole.sum() + 1)) / (
        whole.sum(axis=0) + _HALF
    )
    near = near / near.sum(axis=0)
    told: Floats = banded + _LIKE * near[:, None, :]
    return told


def _agreeing(chances: Floats, ads: Floats, overall: Floats) -> Floats:
    """Shift the log odds of all answers together until they agree with the whole."""
    sure = np.clip(chances, 1e-9, 1 - 1e-9)
    odds = np.log(sure / (1 - sure))
    size = np.maximum(ads.sum(axis=0), 1e-12)
    share = ads / size
    aim = np.clip(overall, 1e-9, 1 - 1e-9)
    shift = np.zeros(overall.shape)
    for _ in range(_STEPS):
        now = 1 / (1 + np.exp(-(odds + shift)))
        rest = aim - (share * now).sum(axis=0)
        slope = (share * now * (1 - now)).sum(axis=0)
        step = rest / np.maximum(slope, 1e-9)
        shift = np.clip(shift + np.clip(step, -2.0, 2.0), -12.0, 12.0)
        if float(np.abs(rest).max(initial=0.0)) < 1e-7:
            break
    agreed: Floats = 1 / (1 + np.exp(-(odds + shift)))
    return agreed
