"""Recommendations about people's work: slices to automate or not to, queues to staff."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from shroff.advise.advice_bench import Bench
from shroff.advise.grow import GrowAsked, grow
from shroff.advise.grow_result import Candidate
from shroff.advise.queue_need import Need
from shroff.advise.queue_worth import read_exposure
from shroff.advise.recommendation import Recommendation, Worth
from shroff.advise.staffing import need_in, queue_loads
from shroff.errors import DesignError
from shroff.measure.frame import ACTIONS

__all__ = ["automation", "slow_queues"]

_SHARE, _WITHIN = 0.9, 24.0
_MOST_QUEUES = 20
_THOUSAND = 1000
_WEEK = 7
_SEED = 20261125


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
        One a queue in which fewer than nine of ten tasks are done within a day. Speed is valued
        where verdicts of the queue end what violating ads are shown meanwhile.

    Raises
    ------
    DesignError
        If hours would help none of the slow queues.
    """
    loads = queue_loads(bench.engine, bench.brief, lake=bench.lake)
    told = 0
    faults: list[DesignError] = []
    for load in loads[:_MOST_QUEUES]:
        if not len(load.arrival_after):
            continue
        try:
            need = need_in(load, share=_SHARE, within=_WITHIN)
        except DesignError as fault:
            faults.append(fault)
            continue
        if need.reached < _SHARE and need.needed > need.now:
            told += 1
            yield _faster(bench, need)
    if faults and not told:
        raise faults[0]


def _faster(bench: Bench, need: Need) -> Recommendation:
    more = need.needed - need.now
    return Recommendation(
        kind="staffing",
        subject=f"staffing/{need.queue}",
        params={
            "queue": need.queue,
            "more": more,
            "reached": need.reached,
            "share": _SHARE,
        },
        worth=_worth_of_speed(bench, need),
        hours=_WEEK * more,
        evidence=f"shroff advise staff {need.queue}",
    )


def _worth_of_speed(bench: Bench, need: Need) -> Worth:
    """Value violating impressions that come to an end earlier, less the hours it takes."""
    shown = read_exposure(bench.engine, need.queue, as_of=bench.brief.as_of)
    saved = max(1 - need.wait_then / need.wait_now, 0.0) if need.wait_now > 0 else 0.0
    dice = np.random.default_rng(_SEED)
    draws = shown.prevented(saved, draws=len(bench.trial.chances), dice=dice)
    if not len(draws):
        return Worth(draws)
    prices = bench.prices
    hours = _WEEK * (need.needed - need.now)
    return Worth(draws * prices.view / max(bench.weeks, 1e-9) - hours * prices.hour)
