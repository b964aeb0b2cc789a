"""What all sources of recommendations share: logs, labelled ads, prices, what was found before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from shroff.advise.advice_deck import Deck, Ints
from shroff.advise.advice_effects import Counted, Effects
from shroff.advise.advice_prices import Prices, costs_table, prices_of
from shroff.advise.advice_ranking import Trial
from shroff.advise.recommendation import Foreseen, Worth
from shroff.domain.metrics import Metric, Weight
from shroff.measure.brief import Brief
from shroff.measure.quality import outcomes_of
from shroff.store.catalog import Catalog
from shroff.store.engine import Engine
from shroff.store.settings import Settings

__all__ = ["Bench", "bench_of"]

_WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """Where recommendations are made.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    brief : Brief
        Period, designs, goals.
    settings : Settings
        What shroff.toml says.
    catalog : Catalog
        What was found before.
    root : Path
        Folder of the workspace.
    lake : Path
        Folder of the lake.
    deck : Deck
        Labelled ads.
    prices : Prices
        What one of each is worth.
    trial : Trial
        What changes of actions are tried on.
    effects : Effects
        What they do to metrics.
    """

    engine: Engine
    brief: Brief
    settings: Settings
    catalog: Catalog
    root: Path
    lake: Path
    deck: Deck
    prices: Prices
    trial: Trial
    effects: Effects

    @property
    def weeks(self) -> float:
        """Give the weeks of the period."""
        return self.brief.period.days / _WEEK

    def worth(self, actions: Ints, *, scale: float = 1.0) -> Worth:
        """Say what changing actions is worth a week."""
        return self.trial.worth(self.deck.action, actions, scale=scale)

    def foreseen(self, actions: Ints) -> Foreseen | None:
        """Forecast the metric that changing actions moves most."""
        return self.effects.largest(actions)

    def drawn(self, value: float, low: float, high: float, *, seed: int) -> Worth:
        """Draw a value that is known by an interval of 95%, as a normal one."""
        sd = max(high - low, 0.0) / 3.92
        dice = np.random.default_rng(seed)
        return Worth(value + sd * dice.standard_normal(len(self.trial.chances)))


def bench_of(
    engine: Engine,
    brief: Brief,
    deck: Deck,
    *,
    settings: Settings,
    catalog: Catalog,
    folders: tuple[Path, Path],
    minutes: float | None,
) -> Bench:
    """Put together what all sources share.

    Parameters
    ----------
    engine, brief, deck, settings, catalog
        As of `Bench`.
    folders : (Path, Path)
        Workspace and lake.
    minutes : float or None
        Minutes of a review, as logged.

    Returns
    -------
    Bench
        Where recommendations are made.
    """
    prices = prices_of(deck, settings.costs, minutes=minutes)
    chances = deck.chances()
    metrics = _counted(brief)
    ratios = outcomes_of(engine, metrics).ratios
    counted = {each.id: Counted(ratios[each.id], each.weight) for each in metrics}
    return Bench(
        engine=engine,
        brief=brief,
        settings=settings,
        catalog=catalog,
        root=folders[0],
        lake=folders[1],
        deck=deck,
        prices=prices,
        trial=Trial(deck=deck, costs=costs_table(deck, prices), chances=chances),
        effects=Effects(deck=deck, chances=chances, counted=counted, seen=prices.seen),
    )


def _counted(brief: Brief) -> Sequence[Metric]:
    """List the metrics that labelled ads tell: leakage, reject precision and the goals'."""
    names = dict.fromkeys(("leakage", "reject_precision", *(goal.metric for goal in brief.goals)))
    found = [brief.metrics[name] for name in names if name in brief.metrics]
    return [
        each
        for each in found
        if each.needs.value == "truth" and not each.custom and each.weight is not Weight.SPEND
    ]
