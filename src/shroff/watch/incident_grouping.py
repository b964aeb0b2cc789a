"""Many series show one event: which changes belong together, and which slice tells it best?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import log

from shroff.domain.slices import Slice
from shroff.watch.change_candidates import Candidate
from shroff.watch.holidays import Holiday
from shroff.watch.watched_metrics import (
    ADS,
    APPEALS_FILED,
    APPEALS_WON,
    FIRST_REVIEWED,
    HITS,
    INFLOW,
    OVERTURNED,
    TRAFFIC,
)

__all__ = ["Event", "grouped", "is_over_a_holiday", "same_event"]

_NEAR = timedelta(days=3)
_VOLUME = frozenset({ADS, TRAFFIC, INFLOW, APPEALS_FILED})
_PEOPLE = frozenset({FIRST_REVIEWED, OVERTURNED, APPEALS_WON})
_TOLD = 0.9
"""Share of the clearest deviate that a wider slice must reach to tell an event instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event, however many series show it.

    Parameters
    ----------
    head : Candidate
        The widest slice that shows it about as clearly as the clearest.
    members : tuple of Candidate
        All changes that belong to it, the clearest first.
    """

    head: Candidate
    members: tuple[Candidate, ...]


def _family(metric: str) -> str:
    if metric in _VOLUME:
        return "volume"
    return "people" if metric in _PEOPLE else "machine"


def _nested(one: Slice, other: Slice) -> bool:
    """Tell whether one slice holds the other."""
    first, second = set(one.terms), set(other.terms)
    return first <= second or second <= first


def _may_meet(one: Slice, other: Slice) -> bool:
    """Tell whether an ad can be in both: no column asks for two values."""
    known = dict(one.terms)
    return all(known.get(name, value) == value for name, value in other.terms)


def _near(one: Candidate, other: Candidate) -> bool:
    if abs(one.onset - other.onset) <= _NEAR:
        return True
    low, high = max(one.onset_low, other.onset_low), min(one.onset_high, other.onset_high)
    return low <= high


def same_event(one: Candidate, other: Candidate) -> bool:
    """Tell whether two changes are one event.

    Parameters
    ----------
    one, other : Candidate
        Changes.

    Returns
    -------
    bool
        Whether they began within three days of each other, or may have, and their slices may share
        ads: in metrics of one family (volume, machine, people) any that meet, otherwise one must
        hold the other. What parted on the very day of a logged change is one event in one family.
        Where one value of a column gains traffic, or parts from the others that it is held
        against, the others lose: these are one event too.
    """
    if not _near(one, other):
        return False
    family = _family(one.metric) == _family(other.metric)
    if family and one.marked and other.marked and one.onset == other.onset:
        return True
    if family and _may_meet(one.slice, other.slice):
        return True
    if _nested(one.slice, other.slice):
        return True
    opposite = (one.z > 0) != (other.z > 0)
    return one.metric == other.metric and opposite and _are_each_others_rest(one, other)


def _are_each_others_rest(one: Candidate, other: Candidate) -> bool:
    """Tell whether what one slice gains the other loses: they differ in one column's value."""
    if one.slice.dimensions != other.slice.dimensions:
        return False
    if one.metric == TRAFFIC:
        return True
    known = dict(one.slice.terms)
    apart = [name for name, value in other.slice.terms if known[name] != value]
    return one.against == other.against == "rest" and len(apart) == 1 and apart != ["policy"]


def grouped(found: Sequence[Candidate]) -> tuple[Event, ...]:
    """Put changes together that are one event.

    Parameters
    ----------
    found : sequence of Candidate
        Changes of series.

    Returns
    -------
    tuple of Event
        Clearest first. A change joins the clearest event it belongs to; of two ways of finding the
        same change of the same series, the clearer one is kept.
    """
    left = sorted(_distinct(found), key=_clearness)
    events: list[Event] = []
    while left:
        first = left[0]
        members = [each for each in left if each is first or same_event(first, each)]
        left = [each for each in left if all(each is not member for member in members)]
        events.append(Event(head=_head(members), members=tuple(members)))
    return tuple(events)


def _clearness(each: Candidate) -> tuple[float, int, str, str]:
    return -abs(each.z), len(each.slice.terms), each.metric, str(each.slice.terms)


def _distinct(found: Sequence[Candidate]) -> list[Candidate]:
    kept: list[Candidate] = []
    for each in sorted(found, key=_clearness):
        if not any(
            k.metric == each.metric and k.slice == each.slice and _near(k, each) for k in kept
        ):
            kept.append(each)
    return kept


def _head(members: Sequence[Candidate]) -> Candidate:
    """Choose the widest slice that shows it about as clearly as the clearest, or its moving part."""
    same = [each for each in members if (each.z > 0) == (members[0].z > 0)]
    # what a rule hits is no slice of ads: it is named where no slice shows the event
    same = [each for each in same if each.metric != HITS] or same
    most = max(abs(each.z) for each in same)
    clear = [each for each in same if abs(each.z) >= _TOLD * most]
    head = min(clear, key=lambda each: (len(each.slice.terms), -abs(each.z)))
    parts = [(gain, each) for each in same if (gain := _gain(head, each)) is not None]
    return max(parts, key=lambda each: each[0])[1] if parts else head


def _gain(whole: Candidate, part: Candidate) -> float | None:
    """Tell how well a part explains that a slice moved; None where the rest of it moved too."""
    if whole.metric != part.metric or whole.metric == HITS or whole.by != part.by:
        return None
    if not set(whole.slice.terms) < set(part.slice.terms) or not _over_the_same_days(whole, part):
        return None
    seen, usual = whole.observed - part.observed, whole.expected - part.expected
    if seen < 0 or usual <= 0 or part.ratio <= 0:
        return None
    # Poisson log likelihoods of the rest's events: with the part's ratio, and with none
    if seen * log(part.ratio) - usual * (part.ratio - 1) >= 0:
        return None
    moved = (seen * log(seen / usual) if seen else 0.0) - (seen - usual)
    return part.z**2 - 2 * moved


def _over_the_same_days(one: Candidate, other: Candidate) -> bool:
    if abs(one.onset - other.onset) > _NEAR:
        return False
    if one.last is None or other.last is None:
        return one.last == other.last
    return abs(one.last - other.last) <= 2 * _NEAR


def is_over_a_holiday(found: Candidate, holidays: Sequence[Holiday], *, until: date) -> bool:
    """Tell whether a change came and went with a holiday of its market.

    Parameters
    ----------
    found : Candidate
        The change.
    holidays : sequence of Holiday
        Holidays.
    until : date
        Last day known: a change that goes on is over a holiday as long as the holiday goes on.

    Returns
    -------
    bool
        Whether all its days are holidays, or the days next to them.
    """
    market = dict(found.slice.terms).get("market")
    last = found.last or until
    day = timedelta(days=1)
    return any(
        each.first - day <= found.onset and last <= each.last + day
        for each in holidays
        if market is None or not each.markets or market in each.markets
    )
