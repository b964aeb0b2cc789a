"""A cascade as a problem of lines: where the cheap score hands over to the LLM, and the LLM to people.

Under fixed edges of the LLM's answers, what the middle stage costs and uses is known bin by bin, so
the two lines of the score are found as without an LLM. The edges are shared by a group of cells and
are searched over all of them, see `cascade_search`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from shroff.advise.cascade_answers import ANSWERS
from shroff.advise.decision_worth import DecisionWorth
from shroff.advise.line_problem import APPROVE, REJECT, REVIEW, Limit, LineProblem

__all__ = [
    "PEOPLE",
    "CascadeLimits",
    "CascadeRoom",
    "Edges",
    "all_edges",
    "flows_of",
    "problem_under",
]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, order=True)
class Edges:
    """What is done with the LLM's answers.

    Parameters
    ----------
    people : int
        First answer that goes to people; those under it are approved.
    reject : int
        First answer that is rejected.
    asked : bool
        Whether the LLM is asked at all; where it is not, people get the middle.
    """

    people: int
    reject: int
    asked: bool = True

    def action(self) -> Ints:
        """Give what is done with each answer; the last one is no verdict and goes to people."""
        place = np.arange(ANSWERS + 1)
        done = np.where(
            place < self.people, APPROVE, np.where(place < self.reject, REVIEW, REJECT)
        )
        done[ANSWERS] = REVIEW
        return done


PEOPLE = Edges(0, ANSWERS, asked=False)
"""No LLM: people get the middle, as today."""


def all_edges() -> tuple[Edges, ...]:
    """List every way to deal with the LLM's answers."""
    places = range(ANSWERS + 1)
    return (PEOPLE, *(Edges(low, high) for low in places for high in places if low <= high))


@dataclass(frozen=True, slots=True, kw_only=True)
class CascadeLimits:
    """What a cascade may use over the period; infinite where nothing is asked.

    Parameters
    ----------
    money : float
        For LLM calls.
    llm_hours : float
        Time that the LLM is busy.
    hours : float
        Of review.
    precision : float
        Least precision of what the score and the LLM reject.
    """

    money: float
    llm_hours: float
    hours: float
    precision: float

    def with_money(self, money: float) -> CascadeLimits:
        """Give the same with other money."""
        return replace(self, money=money)


@dataclass(frozen=True, slots=True, kw_only=True)
class CascadeRoom:
    """Everything a cascade is chosen by.

    Parameters
    ----------
    worth : DecisionWorth
        What ads show and take, by cell and bin.
    ads, chances : array of shape (`ANSWERS` + 1, cells, bins)
        Ads by what the LLM answers or would, and how likely those violate.
    calls : array of shape (cells, bins)
        Calls that the bin's ads take: equal wordings are asked about once.
    price, seconds : array of shape (cells,)
        Of a call.
    group : array of int, shape (cells,)
        Cells that share edges.
    review, reject : array of int, shape (cells,)
        Today's lines.
    """

    worth: DecisionWorth
    ads: Floats
    chances: Floats
    calls: Floats
    price: Floats
    seconds: Floats
    group: Ints
    review: Ints
    reject: Ints

    def slips(self) -> Floats:
        """Give the share of a reviewed violating ad's exposure that is not prevented."""
        worth = self.worth
        part = worth.queued_shown[:, None] / np.maximum(worth.violating_shown, 1e-12)
        slips: Floats = 1 - worth.caught + worth.caught * np.minimum(part, 1.0)
        return slips

    def overall(self) -> Floats:
        """Give the chance of violating by cell and bin, whatever the LLM says."""
        whole = self.ads.sum(axis=0)
        bad = (self.ads * self.chances).sum(axis=0)
        chance: Floats = np.divide(bad, whole, out=np.zeros(whole.shape), where=whole > 0)
        return chance


def flows_of(room: CascadeRoom, edges: Edges) -> tuple[Floats, Floats]:
    """Give the ads of the middle that are approved, reviewed, rejected, and how many violate."""
    done = edges.action()
    ads = np.stack([room.ads[done == action].sum(axis=0) for action in range(3)])
    bad = room.ads * room.chances
    return ads, np.stack([bad[done == action].sum(axis=0) for action in range(3)])


def problem_under(room: CascadeRoom, edges: Edges, limits: CascadeLimits) -> LineProblem:
    """Write the problem of lines under given edges.

    Parameters
    ----------
    room : CascadeRoom
        Counts, chances, prices.
    edges : Edges
        What is done with answers.
    limits : CascadeLimits
        Limits; those that are infinite are left out.

    Returns
    -------
    LineProblem
        Approve below the first line, the middle stage between, reject from the second.
    """
    worth, overall = room.worth, room.overall()
    middle, bad = flows_of(room, edges)
    whole, shown = room.ads.sum(axis=0), worth.violating_shown
    calls = room.calls if edges.asked else np.zeros(room.calls.shape)
    hour = worth.hours.sum(axis=1)[:, None]
    cost = np.stack(
        [
            whole * overall * shown,
            (bad[APPROVE] + bad[REVIEW] * room.slips()) * shown,
            np.zeros(whole.shape),
        ]
    )
    told = [
        _middle("money", limits.money, calls * room.price[:, None]),
        _middle("llm_hours", limits.llm_hours, calls * room.seconds[:, None] / 3600),
        _middle("hours", limits.hours, middle[REVIEW] * hour),
        Limit(
            name="precision",
            top=0.0,
            action=REJECT,
            unit=whole * (limits.precision - overall),
            middle=middle[REJECT] * limits.precision - bad[REJECT],
        ),
    ]
    return LineProblem(
        cost=cost,
        limits=tuple(limit for limit in told if np.isfinite(limit.top)),
        allowed=np.ones((len(whole), whole.shape[1] + 1), dtype=np.bool_),
        review=room.review,
        reject=room.reject,
    )


def _middle(name: str, top: float, unit: Floats) -> Limit:
    # sums in another order must not make a plan too dear by a rounding
    return Limit(name=name, top=top * (1 + 1e-9), action=REVIEW, unit=unit)
