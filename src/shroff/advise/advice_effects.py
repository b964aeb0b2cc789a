"""What changing actions would do to metrics, on the labelled ads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from shroff.advise.advice_deck import Deck, Floats, Ints
from shroff.advise.outcome_question import Forecast
from shroff.advise.proposal import Terms
from shroff.advise.recommendation import Foreseen
from shroff.domain.metrics import Weight
from shroff.stats.sampling import Ratio

__all__ = ["Counted", "Effects"]


@dataclass(frozen=True, slots=True)
class Counted:
    """How a metric counts labelled ads: outcomes above and below the line, and by what weight."""

    ratio: Ratio
    weight: Weight


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """What moves metrics.

    Parameters
    ----------
    deck : Deck
        Labelled ads.
    chances : array, shape (draws, advertisers)
        Weights of advertisers by draw.
    counted : mapping
        How each metric counts.
    seen : float
        Impressions of a violating ad that nobody stops: those of ads that were not approved.
    """

    deck: Deck
    chances: Floats
    counted: Mapping[str, Counted]
    seen: float

    def values(
        self, metric: str, actions: Ints, *, where: Terms = ()
    ) -> tuple[float, Floats] | None:
        """Give a metric under some actions, and its draws; None where nothing is counted.

        Parameters
        ----------
        metric : str
            Id of the metric.
        actions : array of int
            Action on each ad.
        where : tuple of (str, str)
            Column and value: of these ads only.

        Returns
        -------
        (float, array) or None
            The figure, and the figure of each draw.
        """
        known, deck = self.counted.get(metric), self.deck
        if known is None:
            return None
        outcome = actions * 16 + (deck.outcome & 15)
        weight = deck.weight
        if known.weight is Weight.IMPRESSIONS:
            weight = weight * np.where(deck.action == actions, deck.shown, self.seen)
        for name, value in where:
            weight = weight * (deck.texts(name) == value)
        many = self.chances.shape[1]
        above, below = (
            np.bincount(deck.cluster, weights=weight * flags[outcome], minlength=many)
            for flags in (known.ratio.numerator, known.ratio.denominator)
        )
        if below.sum() <= 0:
            return None
        drawn = (self.chances @ above) / np.maximum(self.chances @ below, 1e-12)
        return float(above.sum() / below.sum()), drawn

    def change(self, metric: str, actions: Ints, *, before: Ints | None = None) -> Foreseen | None:
        """Forecast the relative change of a metric.

        Parameters
        ----------
        metric : str
            Id of the metric.
        actions : array of int
            Actions as they would be.
        before : array of int, optional
            Actions as they are; those of the log when None.

        Returns
        -------
        Foreseen or None
            The change with its interval; None where the metric is zero or cannot be told.
        """
        now = self.values(metric, self.deck.action if before is None else before)
        then = self.values(metric, actions)
        if now is None or then is None or now[0] <= 0:
            return None
        drawn = then[1] / np.maximum(now[1], 1e-12) - 1
        low, high = np.quantile(drawn, [0.025, 0.975])
        value = then[0] / now[0] - 1
        return Foreseen(
            metric=metric,
            change=Forecast(value=value, low=min(float(low), value), high=max(float(high), value)),
            now=now[0],
            then=then[0],
        )

    def largest(self, actions: Ints) -> Foreseen | None:
        """Forecast the metric that moves most, leakage and reject precision first."""
        found = [self.change(name, actions) for name in ("leakage", "reject_precision")]
        known = [each for each in found if each is not None and each.change.value]
        return max(known, key=lambda each: abs(each.change.value), default=None)
