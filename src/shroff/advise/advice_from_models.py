"""Recommendations about models: versions in shadow that are better than the ones that decide."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from shroff.advise.advice_bench import Bench
from shroff.advise.recommendation import Recommendation
from shroff.errors import ConfigError, DesignError
from shroff.measure.model_compare import Asked, Basis, compare_models, stand_for_models

__all__ = ["better_models"]

_LAUNCH_HOURS = 8.0


def better_models(bench: Bench) -> Iterator[Recommendation]:
    """Recommend a version that finds more than the one that decides, at as many ads acted on.

    Parameters
    ----------
    bench : Bench
        Logs and labelled ads.

    Yields
    ------
    Recommendation
        At most one. It is worth the violations that it finds and the other does not, where they
        are shown as violating ads are that nobody stops.
    """
    brief = replace(bench.brief, by=((),))
    frame = stand_for_models(bench.engine, brief)
    try:
        found = compare_models(bench.engine, brief, frame=frame, asked=Asked(basis=Basis.VOLUME))
    except (ConfigError, DesignError):
        return  # no other version has scored these ads
    recall = found.chosen.figure("recall")
    more = None if recall is None else recall.difference
    if more is None or more.value is None or more.low is None or more.high is None:
        return
    if more.value <= 0:
        return
    deck, pair = bench.deck, found.pair
    bad = float(deck.weight[deck.violating].sum()) / max(bench.weeks, 1e-9)
    each = bad * bench.prices.seen * bench.prices.view
    yield Recommendation(
        kind="model",
        subject=f"model/{pair.challenger.model}/{pair.challenger.version}",
        params={
            "model": pair.challenger.model,
            "version": pair.challenger.version,
            "before": pair.champion.version,
            "more": more.value,
            "labels": found.labels,
        },
        worth=bench.drawn(more.value * each, more.low * each, more.high * each, seed=70),
        hours=_LAUNCH_HOURS,
        risk="medium",
        target="lines",
        evidence=f"shroff models compare --model {pair.challenger.model}",
    )
