"""The breakers of all rules that act, run by a clock: who is taken out, and what to see again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias

import pyarrow as pa

from shroff.domain.messages import Language, Message, Value
from shroff.domain.slices import Period
from shroff.rules.lifecycle import RuleState, standing_of
from shroff.rules.rule import Pack, Rule
from shroff.rules.rule_steps import Ask, acting_since, rule_in, stop
from shroff.rules.rule_watch import Watched, WatchedRules, acted_on
from shroff.rules.rule_watching import latest_forecasts
from shroff.store.catalog_rules import RuleBook, RuleEvent
from shroff.store.engine import Engine

__all__ = [
    "BREAKER",
    "Clock",
    "Keeps",
    "Round",
    "Sentinel",
    "Tripped",
    "run_breakers",
    "sentinels",
]

Keeps: TypeAlias = Callable[[str, pa.Table], str]
"""Writes the ads of a rule that are to be looked at again; gives the file."""

BREAKER = "breaker"
"""Who takes a rule out where no person does."""

_ACTING = {RuleState.CANARY, RuleState.LIVE}
_FEW = 5


@dataclass(frozen=True, slots=True)
class Sentinel:
    """Rules that are watched over the same days.

    Parameters
    ----------
    packs : tuple of Pack
        Packs with these rules alone.
    period : Period
        From the start of their watch to the last complete day of the logs.
    """

    packs: tuple[Pack, ...]
    period: Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Tripped:
    """A rule whose breaker tripped.

    Parameters
    ----------
    watched : Watched
        What it did, and why it tripped.
    event : RuleEvent or None
        What was noted; None where nothing was to be changed.
    again : Table
        Ads that it decided, to be looked at again.
    file : str
        Where they were written.
    """

    watched: Watched
    event: RuleEvent | None
    again: pa.Table
    file: str = ""

    @property
    def id(self) -> str:
        """The rule's id."""
        return self.watched.result.id

    def why(self, language: Language = Language.EN) -> str:
        """Say what was not as forecast."""
        return "; ".join(each.text(language) for each in self.watched.alarms)

    def text(self, language: Language = Language.EN) -> str:
        """Say what became of the rule."""
        told = {"rule": self.id, "why": self.why(language), "count": self.again.num_rows}
        if self.event is None:
            return Message("life.would", told).text(language)
        return Message("life.stopped", {**told, "file": self.file or "–"}).text(language)

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "rule": self.id,
            "alarms": [each.record() for each in self.watched.alarms],
            "event": asdict(self.event) if self.event else None,
            "again": self.again.num_rows,
            "file": self.file or None,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One round of the breakers.

    Parameters
    ----------
    until : date
        Day after the last one of the logs that is complete.
    watched : tuple of Watched
        Rules that act and were held against their forecasts.
    unwatched : tuple of str
        Rules that act and could not be.
    tripped : tuple of Tripped
        Rules whose breakers tripped.
    held : bool
        Whether none was taken out because too many tripped at once.
    """

    until: date
    watched: tuple[Watched, ...]
    unwatched: tuple[str, ...]
    tripped: tuple[Tripped, ...]
    held: bool = False

    def texts(self, language: Language = Language.EN) -> list[str]:
        """Say what the round came to, in lines."""
        said = [each.text(language) for each in self.tripped]
        if self.held:
            told: dict[str, Value] = {"tripped": len(self.tripped), "rules": len(self.watched)}
            said.insert(0, Message("life.held", told).text(language))
        stopped = {each.id for each in self.tripped}
        others = [each for each in self.watched if each.result.id not in stopped]
        said += [alarm.text(language) for each in others for alarm in each.alarms]
        fine = sum(not each.alarms for each in others)
        if fine:
            last = str(self.until - timedelta(days=1))
            said.append(Message("life.quiet", {"rules": fine, "until": last}).text(language))
        if self.unwatched:
            few = ", ".join(self.unwatched[:_FEW])
            blind: dict[str, Value] = {"count": len(self.unwatched), "rules": few}
            said.append(Message("life.unwatched", blind).text(language))
        if not (self.watched or self.unwatched):
            said.append(Message("life.nothing_acts").text(language))
        return said

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "until": str(self.until),
            "watched": [each.record() for each in self.watched],
            "unwatched": list(self.unwatched),
            "tripped": [each.record() for each in self.tripped],
            "held": self.held,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """What a round of the breakers is told.

    Parameters
    ----------
    now : datetime
        Now.
    first, until : date
        First day of the logs, and the day after their last complete one.
    most : int
        Rules that are taken out at once; where more trip, none is.
    keeps : callable or None
        Writes the ads to look at again, before a rule is noted as stopped; None to change nothing.
    """

    now: datetime
    first: date
    until: date
    most: int
    keeps: Keeps | None


def run_breakers(
    engine: Engine,
    packs: Sequence[Pack],
    clock: Clock,
    *,
    book: RuleBook,
    watched: Callable[[Sentinel, int], WatchedRules],
) -> Round:
    """Watch the rules that act, and take those out whose breakers trip.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    packs : sequence of Pack
        The rules.
    clock : Clock
        When, and what may be done.
    book : RuleBook
        Forecasts and states.
    watched : callable
        Watches the rules of a sentinel, which share the chance of a false alarm with so many.

    Returns
    -------
    Round
        What it came to.
    """
    found, blind = sentinels(
        packs, book, first=clock.first, until=clock.until, today=clock.now.date()
    )
    among = sum(len(pack.rules) for each in found for pack in each.packs)
    seen = [(each, rule) for each in found for rule in watched(each, among).rules]
    tripped = [(each, rule) for each, rule in seen if rule.trips]
    held = len(tripped) > clock.most
    return Round(
        until=clock.until,
        watched=tuple(rule for _, rule in seen),
        unwatched=blind,
        tripped=_taken_out(
            engine, tripped, book=book, now=clock.now, keeps=None if held else clock.keeps
        ),
        held=held,
    )


def _taken_out(
    engine: Engine,
    found: Sequence[tuple[Sentinel, Watched]],
    *,
    book: RuleBook,
    now: datetime,
    keeps: Keeps | None,
) -> tuple[Tripped, ...]:
    """Take rules out; the ads are those decided since a rule acted, or was watched if longer ago."""
    done: list[Tripped] = []
    for sentinel, each in found:
        rule = rule_in(sentinel.packs, each.result.id)
        start = datetime.combine(sentinel.period.start, time(), UTC).isoformat()
        noted = acting_since(book.events(rule.id))
        since = min(start, noted, key=datetime.fromisoformat) if noted else start
        again = acted_on(engine, rule.id, since=since)
        tripped = Tripped(watched=each, event=None, again=again)
        if keeps is not None:
            file = keeps(rule.id, again)
            ask = Ask(rule_id=rule.id, to="stopped", who=BREAKER, why=tripped.why())
            event, _ = stop(ask, rule, book=book, now=now)
            tripped = replace(tripped, event=event, file=file)
        done.append(tripped)
    return tuple(done)


def sentinels(
    packs: Sequence[Pack], book: RuleBook, *, first: date, until: date, today: date
) -> tuple[tuple[Sentinel, ...], tuple[str, ...]]:
    """Say which rules are watched from when.

    Parameters
    ----------
    packs : sequence of Pack
        The rules.
    book : RuleBook
        Forecasts and states.
    first, until : date
        First day of the logs, and the day after their last complete one.
    today : date
        Today.

    Returns
    -------
    tuple of Sentinel, tuple of str
        Rules that act by the days on which they are watched: from the end of what their forecast
        was made from, the quarter's first day, or the first day after they were last taken out,
        whichever is latest. And the ids of rules that act and cannot be watched.
    """
    last = until - timedelta(days=1)
    quarter = date(last.year, 3 * ((last.month - 1) // 3) + 1, 1)
    events, forecasts, ends = book.events(), latest_forecasts(book), _ends(book)
    starts: dict[date, set[str]] = {}
    blind: list[str] = []
    for rule in (each for pack in packs for each in pack.rules):
        if standing_of(rule, events, today=today).state not in _ACTING:
            continue
        forecast = forecasts.get(rule.id)
        stopped = _stopped(rule, events)
        start = max(first, quarter, ends.get(rule.id, first), stopped or first)
        if forecast is None or forecast.version != rule.version or start >= until:
            blind.append(rule.id)
        else:
            starts.setdefault(start, set()).add(rule.id)
    found = (
        Sentinel(_only(packs, ids), Period(start, until)) for start, ids in sorted(starts.items())
    )
    return tuple(found), tuple(blind)


def _ends(book: RuleBook) -> dict[str, date]:
    """Say until when the logs were used for the newest forecast of each rule."""
    found: dict[str, date] = {}
    for kept in book.forecasts():
        end = date.fromisoformat(kept.forecast["period"]["end"])
        found |= {each["rule"]: end for each in kept.forecast["rules"]}
    return found


def _stopped(rule: Rule, events: Sequence[RuleEvent]) -> date | None:
    """Give the first day after a rule was last taken out, if it ever was."""
    found = [each.at for each in events if each.rule_id == rule.id and each.state == "stopped"]
    return datetime.fromisoformat(found[-1]).date() + timedelta(days=1) if found else None


def _only(packs: Sequence[Pack], ids: set[str]) -> tuple[Pack, ...]:
    kept = (replace(pack, rules=tuple(r for r in pack.rules if r.id in ids)) for pack in packs)
    return tuple(pack for pack in kept if pack.rules)
