"""In what unit recommendations are weighed: violating impressions, or money where costs are set."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shroff.advise.advice_deck import APPROVE, REJECT, REVIEW, Deck, Floats, Ints
from shroff.domain.messages import Message
from shroff.store.settings import CostSettings

__all__ = ["Prices", "changed", "costs_table", "prices_of"]

_WEEK = 7
_MINUTES = 60.0
_USUAL_MINUTES = 2.0
_LIKELY = (0.5, 0.98)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """What one of each is worth.

    Parameters
    ----------
    unit : str
        ``impressions`` (violating ones prevented), or a currency.
    view : float
        One violating impression.
    wrong : float
        One wrong reject.
    hour : float
        One hour of review.
    minutes : float
        Minutes that a review takes.
    seen : float
        Impressions that a violating ad has if nobody stops it.
    notes : tuple of Message
        Which of them were read off the log.
    """

    unit: str
    view: float
    wrong: float
    hour: float
    minutes: float
    seen: float
    notes: tuple[Message, ...] = ()

    @property
    def review(self) -> float:
        """Give the price of one review."""
        return self.hour * self.minutes / _MINUTES


def prices_of(deck: Deck, settings: CostSettings, *, minutes: float | None) -> Prices:
    """Take prices from the settings, and those that are missing from how the machine runs today.

    Parameters
    ----------
    deck : Deck
        Labelled ads.
    settings : CostSettings
        What the user says.
    minutes : float or None
        Minutes of a review, as logged.

    Returns
    -------
    Prices
        An hour of review is worth what it prevents today; a wrong reject so much that today's
        reject precision breaks even.
    """
    seen = _seen(deck)
    money = settings.missed_violation is not None
    view = (settings.missed_violation or 0.0) / seen if money else 1.0
    taken = minutes or _USUAL_MINUTES
    precision = float(np.clip(_share(deck, REJECT, usual=0.9), *_LIKELY))
    wrong = settings.wrong_reject if money and settings.wrong_reject is not None else None
    hour = settings.reviewer_hour if money and settings.reviewer_hour is not None else None
    told = [Message("advice.price.minutes", {"minutes": taken})] if not minutes else []
    if wrong is None:
        wrong = view * seen * precision / (1 - precision)
        told.append(Message("advice.price.wrong", {"precision": precision}))
    if hour is None:
        share = float(np.clip(_share(deck, REVIEW, usual=0.2), 0.01, 1.0))
        hour = view * seen * share * _MINUTES / taken
        told.append(Message("advice.price.hour", {"share": share}))
    return Prices(
        unit=settings.currency if money else "impressions",
        view=view,
        wrong=wrong,
        hour=hour,
        minutes=taken,
        seen=seen,
        notes=tuple(told),
    )


def _seen(deck: Deck) -> float:
    """Give the impressions of an approved violating ad, or of any approved one."""
    approved = deck.action == APPROVE
    for mine in (approved & deck.violating, approved):
        total = float(deck.weight[mine].sum())
        found = float((deck.weight * deck.shown)[mine].sum()) / total if total else 0.0
        if found > 0:
            return found
    return 1.0


def _share(deck: Deck, action: int, *, usual: float) -> float:
    """Give the share of violating ads among those with an action; what is usual without any."""
    mine = deck.action == action
    total = float(deck.weight[mine].sum())
    return float(deck.weight[mine & deck.violating].sum()) / total if total else usual


def costs_table(deck: Deck, prices: Prices) -> Floats:
    """Give what each action on each ad of the deck costs a week, shape (n, actions).

    Parameters
    ----------
    deck : Deck
        Labelled ads.
    prices : Prices
        Prices.

    Returns
    -------
    array
        A violating ad that is approved (or restricted) costs the impressions it had; one that was
        not approved those that approved violating ads have on average. A wrong reject costs its
        price, a review its time.
    """
    usual = np.where(deck.action == APPROVE, deck.shown, prices.seen)
    found: Floats = np.zeros((len(deck), 4))
    found[:, APPROVE] = np.where(deck.violating, usual * prices.view, 0.0)
    found[:, REVIEW] = prices.review
    found[:, REJECT] = np.where(deck.violating, 0.0, prices.wrong)
    found[:, 3] = np.where(deck.violating, deck.shown * prices.view, 0.0)
    found *= deck.weight[:, None] * _WEEK / deck.days
    return found


def changed(table: Floats, before: Ints, after: Ints) -> Floats:
    """Give what each ad costs less a week when actions change."""
    place = np.arange(len(before))
    less: Floats = table[place, before] - table[place, after]
    return less
