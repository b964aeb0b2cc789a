"""From logs to a plan: every source asked, everything tried on the same labelled ads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from shroff.advise.advice_bench import Bench, bench_of
from shroff.advise.advice_deck import read_deck
from shroff.advise.advice_from_cascade import cascades
from shroff.advise.advice_from_labels import more_labels
from shroff.advise.advice_from_leads import (
    drifted,
    misread_guidelines,
    new_terms,
    open_incidents,
    running_campaigns,
)
from shroff.advise.advice_from_lines import best_lines, sure_lines
from shroff.advise.advice_from_models import better_models
from shroff.advise.advice_from_rules import faulty_packs, new_rules, weak_rules
from shroff.advise.advice_from_work import automation, slow_queues
from shroff.advise.advice_plan import Plan
from shroff.advise.advice_ranking import Ranked, ranked
from shroff.advise.goal_closing import closing_of
from shroff.advise.outcome_ledger import ledger
from shroff.advise.recommendation import Placed, Recommendation
from shroff.domain.messages import Message
from shroff.domain.metrics import Weight
from shroff.errors import ConfigError, ShroffError
from shroff.measure.brief import Brief
from shroff.measure.frame import build_frames
from shroff.measure.population import build_population
from shroff.measure.tasks import build_tasks
from shroff.store.catalog import Catalog
from shroff.store.catalog_advice import Advice
from shroff.store.engine import Engine
from shroff.store.settings import Settings

__all__ = ["SOURCES", "Asked", "advise", "chosen_sources"]

SOURCES: dict[str, Callable[[Bench], Iterator[Recommendation]]] = {
    "thresholds": best_lines,
    "guarantee": sure_lines,
    "growth": automation,
    "models": better_models,
    "cascade": cascades,
    "mine": new_rules,
    "rules": weak_rules,
    "lint": faulty_packs,
    "campaigns": running_campaigns,
    "terms": new_terms,
    "incidents": open_incidents,
    "drift": drifted,
    "guidelines": misread_guidelines,
    "staffing": slow_queues,
}
"""Where recommendations come from; more labels come after all of them."""

_OWNERS = {
    "thresholds": "strategy",
    "guarantee": "strategy",
    "model": "models",
    "cascade": "strategy",
    "rule_new": "rules",
    "rule_retire": "rules",
    "rule_queue": "rules",
    "lint": "rules",
    "labels": "labelling",
    "guideline": "policy",
    "campaign": "review",
    "term": "review",
    "incident": "analysis",
    "drift": "analysis",
    "staffing": "review",
    "automate": "strategy",
    "review_again": "strategy",
}
_SOON, _LATER = timedelta(days=7), timedelta(days=28)
_CHECK = timedelta(days=28)
_LONG_HOURS = 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which advice is wanted.

    Parameters
    ----------
    sources : tuple of str
        Names of `SOURCES` and ``labels``; all when empty.
    root, lake : Path
        Folders of the workspace and of the lake.
    """

    sources: tuple[str, ...]
    root: Path
    lake: Path


def chosen_sources(names: Sequence[str]) -> tuple[str, ...]:
    """Check which sources are wanted.

    Parameters
    ----------
    names : sequence of str
        As given; all when empty.

    Returns
    -------
    tuple of str
        Their names.

    Raises
    ------
    ConfigError
        If there is no such source.
    """
    every = (*SOURCES, "labels")
    for name in names:
        if name not in every:
            raise ConfigError(
                f"there is no source of advice {name!r}", hint="there are " + ", ".join(every)
            )
    return tuple(names) or every


def advise(
    engine: Engine, brief: Brief, asked: Asked, *, settings: Settings, catalog: Catalog
) -> Plan:
    """Collect recommendations, try them on the same ads, and put them in order.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    brief : Brief
        Period, designs, goals.
    asked : Asked
        Sources, and folders of the workspace and the lake.
    settings : Settings
        What shroff.toml says.
    catalog : Catalog
        What was found, decided and observed before.

    Returns
    -------
    Plan
        The plan.
    """
    sources = chosen_sources(asked.sources)
    bench = _bench(engine, brief, asked, settings=settings, catalog=catalog)
    found, notes = _collected(bench, sources)
    known = {each.id: each for each in catalog.advice.advice()}
    live = [each for each in found if _state(known, each) not in {"rejected", "done"}]
    if len(live) < len(found):
        notes.append(Message("advice.decided", {"left": len(found) - len(live)}))
    today = brief.as_of.date()
    accepted = {each.id for each in live if _state(known, each) == "accepted"}
    order = ranked(live, bench.trial, first=accepted)
    steps = tuple(_placed(each, known, today) for each in order)
    closings = [
        closing_of(goal, brief.metrics[goal.metric], steps=steps, effects=bench.effects)
        for goal in brief.goals
    ]
    notes += [
        Message("advice.goal.untold", {"goal": goal.known_as})
        for goal, closing in zip(brief.goals, closings, strict=True)
        if closing is None
    ]
    return Plan(
        period=brief.period,
        unit=bench.prices.unit,
        labels=len(bench.deck),
        steps=steps,
        closing=tuple(each for each in closings if each is not None),
        ledger=ledger(catalog.advice, today=today),
        notes=(*bench.prices.notes, *notes),
    )


def _bench(
    engine: Engine, brief: Brief, asked: Asked, *, settings: Settings, catalog: Catalog
) -> Bench:
    build_population(engine, brief.period, derived=brief.derived, week_starts=brief.week_starts)
    build_tasks(engine, brief.period, as_of=brief.as_of, week_starts=brief.week_starts)
    frame = build_frames(engine, brief.designs, weights=[Weight.ADS])[Weight.ADS]
    deck = read_deck(engine, frame, days=brief.period.days)
    return bench_of(
        engine,
        brief,
        deck,
        settings=settings,
        catalog=catalog,
        folders=(asked.root, asked.lake),
        minutes=_minutes(engine),
    )


def _minutes(engine: Engine) -> float | None:
    """Ask how many minutes a review takes."""
    found = engine.query(
        "SELECT AVG(CAST(active_ms AS DOUBLE)) / 60000 AS minutes FROM reviews"
        " WHERE active_ms > 0 AND verdict IS NOT NULL"
    )
    minutes = found.column("minutes")[0].as_py()
    return None if minutes is None else float(minutes)


def _collected(bench: Bench, sources: Sequence[str]) -> tuple[list[Recommendation], list[Message]]:
    """Ask every source; one that cannot tell says why, and the others go on."""
    found: dict[str, Recommendation] = {}
    notes: list[Message] = []
    for name in sources:
        try:
            made = (
                more_labels(bench, list(found.values()))
                if name == "labels"
                else SOURCES[name](bench)
            )
            found |= {each.id: each for each in made}
        except ShroffError as error:
            notes.append(Message("advice.silent", {"source": name, "cause": error.cause}))
    return list(found.values()), notes


def _state(known: dict[str, Advice], what: Recommendation) -> str:
    return known[what.id].state if what.id in known else "open"


def _placed(each: Ranked, known: dict[str, Advice], today: date) -> Placed:
    what = each.what
    before = known.get(what.id)
    due = today + (_LATER if what.hours > _LONG_HOURS else _SOON)
    owner = _OWNERS[what.kind]
    if before is not None:
        # once said, a date stays: asking again does not put it off
        due = date.fromisoformat(before.detail.get("due", str(due)))
        owner = before.detail.get("owner") or owner
    return Placed(
        what=what,
        adds=each.adds,
        shared=each.shared,
        instead_of=each.instead_of,
        owner=owner,
        due=due,
        check=due + _CHECK,
        state=before.state if before else "open",
    )
