"""The section that answers: how do the rules do, and which ask for a look?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, TypeAlias

from shroff.domain.messages import Message, count, number
from shroff.domain.slices import Slice
from shroff.measure.brief import Brief
from shroff.report.abridging import Value
from shroff.report.document import (
    Align,
    Block,
    Cell,
    Charts,
    Column,
    DotChart,
    DotRow,
    Mark,
    Paragraph,
    Row,
    Section,
    Table,
    Tone,
)
from shroff.report.figures import Figure
from shroff.report.wording import Bilingual, Plain, Sayable, Sentence, Sentences
from shroff.stats.estimate import Status
from shroff.store.engine import Engine

if TYPE_CHECKING:  # numba is slow, and not every workspace has rules
    from shroff.rules.rule_watch import Watched, WatchedRules

__all__ = ["RULES", "Watches", "rules_section"]

RULES = "rules"
"""Id of the section."""

Watches: TypeAlias = "Callable[[Engine, Brief], WatchedRules | Message | None]"
"""Watches the rules of a workspace; why it could not, or nothing where there are none."""

_SHOWN, _TOLD, _DRAWN = 15, 10, 8
_FEWEST = 5  # labels of a precision that is drawn
_SOON = timedelta(days=30)
_COLUMNS = (
    "rule", "state", "per_day", "forecast", "precision", "expected", "labels", "recall", "new",
    "hours",
)  # fmt: skip
_FORECAST = {"forecast", "expected"}
_WORDS = {"rule", "state"}


def rules_section(found: WatchedRules | Message | None, brief: Brief) -> Section | None:
    """Build the section from rules that were watched.

    Parameters
    ----------
    found : WatchedRules, Message or None
        The league table, or why there is none.
    brief : Brief
        Goals, and the instant as of which the logs are read.

    Returns
    -------
    Section or None
        None where the workspace has no rules.
    """
    if found is None:
        return None
    title = Message("league.title")
    if isinstance(found, Message):
        return Section(RULES, title, found)
    concerns = _concerns(found, brief)
    ranked = sorted(found.rules, key=lambda each: (-each.result.counts.hits, each.result.id))
    shown = [each for place, each in enumerate(ranked) if place < _SHOWN or each.alarms]
    blocks: list[Block] = [Paragraph(text, tone) for text, tone in concerns[:_TOLD]]
    blocks.append(_table(found, shown))
    hidden = len(ranked) - len(shown)
    if hidden:
        blocks.append(Paragraph(Message("league.more", {"count": hidden}), Tone.QUIET))
    blocks += _chart(ranked, brief)
    blocks.append(Paragraph(Message("league.how"), Tone.QUIET))
    kept = [note for note in found.logged.notes if note.id.startswith("backtest.")]
    blocks += [Paragraph(note, Tone.QUIET) for note in kept]
    return Section(RULES, title, _lead(found, len(concerns)), tuple(blocks))


def _lead(found: WatchedRules, concerns: int) -> Sayable:
    whole = found.logged.whole.counts
    told = {"rules": len(found.rules), "hits": whole.hits, "ads": found.logged.ads}
    said: list[Sayable] = [Message("league.lead", {**told, "new": whole.new})]
    forecast = sum(each.forecast is not None for each in found.rules)
    if concerns:
        said.append(Message("league.look", {"look": concerns}))
    elif forecast:
        said.append(Message("league.fine", {"forecast": forecast}))
    unnoted = sum(each.unnoted for each in found.rules)
    if unnoted:
        said.append(Message("league.unnoted", {"unnoted": unnoted}))
    if not forecast:
        said.append(Message("league.none_forecast"))
    return Sentences(tuple(said))


def _concerns(found: WatchedRules, brief: Brief) -> list[tuple[Sayable, Tone]]:
    """Say which rules ask for a look, those to be stopped first, each rule once."""
    today = brief.as_of.date()
    stop: list[tuple[Sayable, Tone]] = []
    other: list[tuple[Sayable, Tone]] = []
    for each in found.rules:
        rule = each.result.rule
        if each.alarms:
            told = (Sentences(each.alarms), Tone.BAD if each.trips else Tone.UNSURE)
            (stop if each.trips else other).append(told)
        elif rule is not None and rule.expires and today <= rule.expires < today + _SOON:
            soon = Message("league.expires", {"rule": rule.id, "day": str(rule.expires)})
            other.append((soon, Tone.UNSURE))
    return stop + other


def _table(found: WatchedRules, shown: Sequence[Watched]) -> Table:
    any_forecast = any(each.forecast is not None for each in shown)
    names = [name for name in _COLUMNS if any_forecast or name not in _FORECAST]
    columns = tuple(
        Column(Message(f"league.column.{name}"), Align.START if name in _WORDS else Align.END)
        for name in names
    )
    rows: list[Row] = []
    for each in shown:
        cells = _cells(found, each)
        decided = Slice((("detector", each.result.id),))
        rows.append(Row(tuple(cells[name] for name in names), part=decided))
    return Table(columns, tuple(rows))


def _cells(found: WatchedRules, each: Watched) -> dict[str, Cell]:
    result, forecast = each.result, each.forecast
    hours = found.review_hours(result).value
    cells: dict[str, Cell] = {
        "rule": _name(each),
        "state": _state(each),
        "per_day": Plain(number(result.counts.hits / found.logged.days)),
        "forecast": None,
        "precision": Figure(result.precision),
        "expected": None,
        "labels": Plain(count(result.precision.n)),
        "recall": Figure(result.recall),
        "new": Plain(count(result.counts.new)),
        "hours": None if hours is None else Plain(_hours(hours)),
    }
    if forecast is not None:
        ends = {"low": forecast.hits_low, "high": forecast.hits_high}
        cells["forecast"] = Message("league.range", ends)
        if forecast.precision_low is not None and forecast.precision_high is not None:
            reach = f"{100 * forecast.precision_low:.0f}–{forecast.precision_high:.0%}"
            cells["expected"] = Plain(reach)
    return cells


def _hours(hours: float) -> str:
    """Write hours to their hundredths; more would be seconds."""
    return "<0.01" if 0 < hours < 0.01 else f"{hours:,.2f}"


def _name(each: Watched) -> Sayable:
    rule = each.result.rule
    name = rule.name if rule is not None else None
    if name is None or not (name.en or name.zh):
        return Value(Plain(each.result.id))
    said = Bilingual(name.en or name.zh, name.zh or name.en)
    return Value(Sentence("league.named", {"rule": each.result.id, "name": said}))


def _state(each: Watched) -> Mark:
    standing = each.standing
    if each.trips:
        return Mark(Message("league.stop"), Tone.BAD)
    if each.alarms:
        return Mark(Message("league.alarm"), Tone.UNSURE)
    if standing.share is not None:
        return Mark(Message("league.canary", {"share": standing.share}))
    acting = str(standing.state) == "live"
    state = "unnoted" if each.unnoted else str(standing.state)
    told = Message(f"league.state.{state}")
    return Mark(told, Tone.GOOD if acting else Tone.QUIET)


def _chart(ranked: Sequence[Watched], brief: Brief) -> list[Block]:
    """Draw the precision of the rules with most labels, where there are some to compare."""
    drawn = [
        each
        for each in sorted(ranked, key=lambda each: -each.result.precision.n)
        if each.result.precision.status is Status.ESTIMATE and each.result.precision.n >= _FEWEST
    ][:_DRAWN]
    if len(drawn) < 2:
        return []
    goals = [goal.at_least for goal in brief.goals if goal.metric == "reject_precision"]
    chart = DotChart(
        id="rules-precision",
        title=Message("league.chart"),
        rows=tuple(DotRow(_name(each), Figure(each.result.precision)) for each in drawn),
        goal=goals[0] if goals else None,
    )
    return [Charts((chart,))]
