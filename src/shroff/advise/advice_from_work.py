"""Recommendations about people's work: slices to automate or not to, queues to staff."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from shroff.advise.advice_bench import Bench
from shroff.advise.grow import GrowAsked, grow
from shroff.advise.grow_result import Candidate
from shroff.advise.recommendation import Recommendation, Worth
from shroff.advise.staffing import staff
from shroff.measure.frame import ACTIONS
from shroff.measure.tasks import build_tasks

__all__ = ["automation", "slow_queues"]

_SHARE, _WITHIN = 0.9, 24.0
_MOST_QUEUES = 5
_THOUSAND = 1000
_QUEUES = """
SELECT t.queue, COUNT(*) AS waiting
FROM tasks AS t WHERE t.entered AND t.queue IS NOT NULL
GROUP BY t.queue ORDER BY waiting DESC, t.queue
"""


def automation(bench: Bench) -> Iterator[Recommendation]:
    """Recommend slices that are safe to automate, and those that should not be automated.

    Parameters
    ----------
    bench : Bench
        Logs and labelled ads.

    Yields
    ------
    Recommendation
        One a slice.
    """
    found = grow(bench.engine, bench.brief, GrowAsked())
    for kind, every in (("automate", found.safe), ("review_again", found.unsafe)):
        for each in every:
            made = _slice(bench, each, kind=kind)
            if made is not None:
                yield made


def _slice(bench: Bench, each: Candidate, *, kind: str) -> Recommendation | None:
    deck, part = bench.deck, each.slice
    score = deck.score()
    place = np.floor(score * _THOUSAND)
    mine = (deck.action == ACTIONS.index(part.action)) & (deck.texts("source") == "model")
    mine &= (place >= part.band[0]) & (place < part.band[1])
    for name, value in part.terms:
        mine &= deck.texts(name) == value
    if not mine.any():
        return None
    actions = np.where(mine, ACTIONS.index(each.then), deck.action).astype(np.int64)
    band = f"{part.band[0] / _THOUSAND:g}–{part.band[1] / _THOUSAND:g}"
    return Recommendation(
        kind=kind,
        subject=f"{kind}/{part.where}/{band}",
        params={
            "where": part.where or "all|全部",
            "band": band,
            "then": each.then,
            "hours": abs(each.hours) / max(bench.weeks, 1e-9),
        },
        worth=bench.worth(actions),
        hours=1.0,
        risk="medium",
        evidence="shroff advise grow",
        actions=actions,
        foreseen=bench.foreseen(actions),
    )


def slow_queues(bench: Bench) -> Iterator[Recommendation]:
    """Recommend reviewer hours for queues that are too slow.

    Parameters
    ----------
    bench : Bench
        Logs and labelled ads.

    Yields
    ------
    Recommendation
        One a queue in which fewer than nine of ten tasks are done within a day; what speed is
        worth is not told.
    """
    build_tasks(
        bench.engine,
        bench.brief.period,
        as_of=bench.brief.as_of,
        week_starts=bench.brief.week_starts,
    )
    names = bench.engine.query(_QUEUES).column("queue").to_pylist()
    for name in names[:_MOST_QUEUES]:
        need = staff(
            bench.engine, bench.brief, name, share=_SHARE, within=_WITHIN, lake=bench.lake
        )
        if need.reached >= _SHARE or need.needed <= need.now:
            continue
        yield Recommendation(
            kind="staffing",
            subject=f"staffing/{name}",
            params={
                "queue": name,
                "more": need.needed - need.now,
                "reached": need.reached,
                "share": _SHARE,
            },
            worth=Worth(np.zeros(0)),
            hours=7 * (need.needed - need.now),
            evidence=f"shroff advise staff {name}",
        )
