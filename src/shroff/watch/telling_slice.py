"""Slices overlap, and one change shows in many: which of them did change, and which only hold it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from shroff.domain.metrics import Needs
from shroff.measure.brief import Brief
from shroff.measure.families import Query
from shroff.measure.flow import scoped_source
from shroff.measure.ground import Ground
from shroff.measure.population import build_population
from shroff.store.engine import Engine
from shroff.store.sql import ident, literal
from shroff.watch.change_candidates import Candidate
from shroff.watch.daily_series import Floats
from shroff.watch.daily_work import reviewed_source
from shroff.watch.incident_grouping import Event
from shroff.watch.watched_metrics import ACTED, FIRST_REVIEWED, OVERTURNED, WATCHED

__all__ = ["SURE", "retold", "told_by_best"]

SURE = 3.0
"""Log odds from which on another slice tells an event better: twenty to one."""
_ALIKE = 1e-6
_MOST = 5
_STEPS, _FURTHEST = 60, 12.0
_PEOPLE = (FIRST_REVIEWED, OVERTURNED)


def retold(
    engine: Engine, brief: Brief, events: Sequence[Event], *, ground: Ground
) -> tuple[tuple[Event, ...], tuple[Query, ...]]:
    """Tell each event by the slice that changed, not by one that shares ads with it.

    Parameters
    ----------
    engine : Engine
        Where the logs are; ``population`` and ``tasks`` must stand.
    brief : Brief
        Period, metrics, derived columns.
    events : sequence of Event
        Events, each told by its widest clear slice.
    ground : Ground
        What the population was counted on; rows are made where cells stand.

    Returns
    -------
    tuple of Event, tuple of Query
        The same events, some with another of their members as head; the SQL that was run. Volumes,
        what rules hit and what rests on labels is left as it is, and so is what is of one policy.

    Notes
    -----
    What happened is counted in each overlap of the slices that show an event, before it and since.
    If one slice changed and others only share its ads, the overlaps inside it changed by one factor
    and all others by another (a Poisson likelihood with a base rate for each overlap). The
    slice with the largest likelihood tells the event, over-dispersion taken off as far as the
    event's own deviate has it off. Of a slice and its complement, which say the same, that is named
    which itself changed more.
    """
    asked = {n: slices for n, each in enumerate(events) if (slices := _rivals(each, brief))}
    if not asked:
        return tuple(events), ()
    if ground.cuts:
        build_population(
            engine, brief.period, derived=brief.derived, week_starts=brief.week_starts
        )
    query = "\nUNION ALL\n".join(
        _part(n, events[n].head, slices, brief=brief) for n, slices in asked.items()
    )
    rows = engine.query(query).to_pylist()
    told = [
        told_by_best(each, asked[n], [row for row in rows if row["place"] == n])
        if n in asked
        else each
        for n, each in enumerate(events)
    ]
    return tuple(told), (Query("what happened where slices overlap", engine.text(query)),)


def _rivals(event: Event, brief: Brief) -> list[Candidate]:
    """Give the head and the clearest members of other slices, as far as they can be counted."""
    people = event.head.metric in _PEOPLE
    if not event.head.slice.terms or not (people or _is_of_ads(event.head, brief)):
        return []
    found = [event.head]
    for each in sorted(event.members, key=lambda one: -abs(one.z)):
        known = any(each.slice == one.slice for one in found)
        same = each.metric in _PEOPLE if people else _is_of_ads(each, brief)
        if same and each.slice.terms and not known and "policy" not in each.slice.dimensions:
            found.append(each)
    return found[:_MOST] if len(found) > 1 else []


def _is_of_ads(change: Candidate, brief: Brief) -> bool:
    metric = brief.metrics.get(change.metric)
    known = change.metric == ACTED or (metric is not None and metric.needs is Needs.POPULATION)
    return known and "policy" not in change.slice.dimensions


def _part(place: int, head: Candidate, rivals: Sequence[Candidate], *, brief: Brief) -> str:
    """Count an event's metric by which slices hold an ad, before it and since."""
    if head.metric in _PEOPLE:
        source, day, within = reviewed_source(head.metric), "decided_at", "TRUE"
        happened = "changed = 1" if head.metric == OVERTURNED else "verdict = 'violating'"
        of = "TRUE"
    else:
        metric = {**brief.metrics, **WATCHED}[head.metric]
        source, day, within = scoped_source(cited="TRUE"), "decision_day", "in_period"
        happened, of = metric.numerator, metric.denominator
    holds = " + ".join(
        f"CASE WHEN {_holds(each)} THEN {2**n} ELSE 0 END" for n, each in enumerate(rivals)
    )
    day = f"CAST({day} AS DATE)"
    last = head.last or brief.period.end
    since = f"{day} >= {literal(head.onset)} AND {day} <= {literal(last)}"
    bounds = f"{day} >= {literal(brief.period.start)} AND {day} < {literal(brief.period.end)}"
    return (
        f"SELECT {place} AS place, t.held, t.since,"
        " CAST(SUM(t.happened) AS DOUBLE) AS above, CAST(COUNT(*) AS DOUBLE) AS below"
        f" FROM (SELECT {holds} AS held, CASE WHEN {since} THEN 1 ELSE 0 END AS since,"
        f" CASE WHEN {happened} THEN 1 ELSE 0 END AS happened"
        f" FROM {source} WHERE {within} AND ({of}) AND {bounds}) AS t GROUP BY t.held, t.since"
    )


def _holds(change: Candidate) -> str:
    """Say in SQL whether an ad or a review is in a slice; several families are written as one."""
    parts = []
    for name, value in change.slice.terms:
        values = str(value).split(", ") if name == "policy_family" else [str(value)]
        listed = ", ".join(literal(each) for each in values)
        parts.append(f"CAST({ident(name)} AS VARCHAR) IN ({listed})")
    return " AND ".join(parts)


def told_by_best(
    event: Event, rivals: Sequence[Candidate], rows: Sequence[Mapping[str, Any]]
) -> Event:
    """Give an event the head whose slice changed.

    Parameters
    ----------
    event : Event
        The event.
    rivals : sequence of Candidate
        Its head first, then a member of each other slice.
    rows : sequence of mapping
        What happened (``above``) out of how many (``below``), ``since`` and before, by ``held``: the
        sum of two to the power of the place of each rival that holds it.

    Returns
    -------
    Event
        The event, told by the rival that explains the overlaps best.
    """
    held = sorted({int(row["held"]) for row in rows})
    tables = np.zeros((4, len(held)))  # events and all of them, since and before
    for row in rows:
        side = 0 if row["since"] else 2
        tables[side : side + 2, held.index(int(row["held"]))] = row["above"], row["below"]
    known = (tables[1] > 0) & (tables[3] > 0)
    tables, codes = tables[:, known], np.array(held, dtype=np.int64)[known]
    inside = [codes >> n & 1 > 0 for n in range(len(rivals))]
    fits = [(_fit(tables[:, here]), _fit(tables[:, ~here])) for here in inside]
    likelihoods = np.array([one[0] + other[0] for one, other in fits])
    gained = 2 * (likelihoods[0] - _fit(tables)[0])
    spread = max(gained / rivals[0].z ** 2, 1.0)
    best = int(np.argmax(likelihoods))
    if likelihoods[best] - likelihoods[0] <= SURE * spread:
        best = 0
    same = [n for n, each in enumerate(likelihoods) if abs(each - likelihoods[best]) < _ALIKE]
    best = max(same, key=lambda n: (abs(fits[n][0][1]), -n))
    if best == 0:
        return event
    slice_ = rivals[best].slice
    members = [each for each in event.members if each.slice == slice_]
    members.sort(key=lambda each: (each.metric != event.head.metric, -abs(each.z)))
    return replace(event, head=members[0])


def _fit(tables: Floats) -> tuple[float, float]:
    """Fit one factor on the rates of all cells since: log likelihood, log of the factor."""
    since, now, before, then = tables
    events = since + before
    if not events.sum():
        return 0.0, 0.0
    low, high = -_FURTHEST, _FURTHEST
    for _ in range(_STEPS):
        middle = (low + high) / 2
        odds = now * np.exp(middle) / then
        if since.sum() > float((events * odds / (1 + odds)).sum()):
            low = middle
        else:
            high = middle
    factor = (low + high) / 2
    odds = now * np.exp(factor) / then
    shares = odds / (1 + odds)
    return float((since * np.log(shares) + before * np.log(1 - shares)).sum()), factor
