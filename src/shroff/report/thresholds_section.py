"""The section that answers: which thresholds would do better?"""

from __future__ import annotations

from shroff.advise.line_limits import LinesAsked
from shroff.advise.threshold_plan import CellLines, ThresholdPlan
from shroff.advise.threshold_words import cell_words, figure_words
from shroff.advise.thresholds import thresholds
from shroff.domain.messages import Language, Message, count
from shroff.errors import ShroffError
from shroff.measure.scorecard import Scorecard
from shroff.report.abridging import Value
from shroff.report.document import Align, Block, Column, Paragraph, Row, Section, Table, Tone
from shroff.report.wording import Bilingual, Plain, Sayable
from shroff.store.engine import Engine
from shroff.store.settings import CostSettings

__all__ = ["THRESHOLDS", "lines_section", "thresholds_section"]

THRESHOLDS = "thresholds"
"""Name of the section; it does not leave the team."""

_FIGURES = ("less", "reject_precision", "kept", "review_hours", "reject_ads")
_CELLS = ("cell", "ads", "labels", "review", "reject", "moved")
_SHOWN = 8
_LANGUAGES = (Language.EN, Language.ZH)


def thresholds_section(engine: Engine, card: Scorecard) -> Section | None:
    """Build the section: fewest violating impressions within today's hours and precision.

    Parameters
    ----------
    engine : Engine
        Where the logs are; the scorecard's session tables are made anew.
    card : Scorecard
        The scorecard of the report's period.

    Returns
    -------
    Section or None
        None where scores or labels cannot tell.
    """
    try:
        plan = thresholds(engine, card.brief, LinesAsked(), costs=CostSettings())
    except ShroffError:  # no scores or no labels: other sections say so
        return None
    return lines_section(plan)


def lines_section(plan: ThresholdPlan) -> Section:
    """Tell a plan of thresholds.

    Parameters
    ----------
    plan : ThresholdPlan
        The plan.

    Returns
    -------
    Section
        Strategies beside each other, prices, and the cells with most to gain.
    """
    blocks: list[Block] = [_strategies(plan)]
    blocks += [Paragraph(sentence) for sentence in plan.told()]
    moved = [each for each in plan.plan.lines if each.changed] if plan.plan is not None else []
    if moved:
        columns = _columns(_CELLS, left=("cell",))
        blocks.append(Table(columns, tuple(map(_cell, moved[:_SHOWN]))))
    blocks += [Paragraph(note, Tone.QUIET) for note in plan.notes]
    return Section(THRESHOLDS, Message("lines.title"), plan.summary(), tuple(blocks))


def _columns(names: tuple[str, ...], *, left: tuple[str, ...]) -> tuple[Column, ...]:
    return tuple(
        Column(Message(f"lines.column.{name}"), Align.START if name in left else Align.END)
        for name in names
    )


def _strategies(plan: ThresholdPlan) -> Table:
    rows = []
    for each in plan.strategies():
        told = figure_words(plan, each)
        figures = (Plain(told[name]) for name in (plan.aim, *_FIGURES))
        rows.append(Row((Message(f"lines.strategy.{each.name}"), *figures)))
    columns = _columns(("strategy", plan.aim, *_FIGURES), left=("strategy",))
    return Table(columns, tuple(rows))


def _cell(each: CellLines) -> Row:
    english, chinese = (
        cell_words(each, never=Message("lines.never").text(language)) for language in _LANGUAGES
    )
    lines = [_moved(en, zh) for en, zh in zip(english, chinese, strict=True)]
    where = " · ".join(value or "–" for value in each.where.values()) or "–"
    counts = Plain(count(each.ads)), Plain(count(each.labels))
    return Row((Value(Plain(where)), *counts, *lines, Plain(count(each.moved))))


def _moved(english: tuple[str, str], chinese: tuple[str, str]) -> Sayable:
    return Bilingual(*(f"{a} → {b}" if a != b else a for a, b in (english, chinese)))
