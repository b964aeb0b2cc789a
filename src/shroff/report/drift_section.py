"""The section that answers: did what comes in change?"""

from __future__ import annotations

from dataclasses import replace

from shroff.domain.messages import Message, percent
from shroff.domain.slices import Period
from shroff.errors import ConfigError, DesignError
from shroff.measure.scorecard import Scorecard
from shroff.report.abridging import Value
from shroff.report.document import (
    Align,
    Block,
    Column,
    Mark,
    Paragraph,
    Row,
    Section,
    Table,
    Tone,
)
from shroff.report.wording import Bilingual, Plain, Sayable
from shroff.store.engine import Engine
from shroff.watch.drift import drift
from shroff.watch.drift_findings import Drift, Shift, Size

__all__ = ["drift_of", "drift_section"]

_COLUMNS = ("name", "kind", "effect", "size", "moved")
_NOT_INPUTS = frozenset({"week", "policy", "action"})
_TONES = {
    Size.STEADY: Tone.QUIET,
    Size.SMALL: Tone.QUIET,
    Size.MODERATE: Tone.UNSURE,
    Size.LARGE: Tone.BAD,
}


def drift_section(engine: Engine, card: Scorecard) -> Section | None:
    """Build the section: the report's period against the one before it.

    Parameters
    ----------
    engine : Engine
        Where the logs are; the scorecard's session tables are replaced.
    card : Scorecard
        The scorecard of the report's period.

    Returns
    -------
    Section or None
        None where the period is not sliced, or there are too few days to compare.
    """
    brief, earlier = card.brief, card.brief.period.before()
    columns = tuple(
        dict.fromkeys(name for names in brief.by for name in names if name not in _NOT_INPUTS)
    )
    whole = replace(brief, period=Period(earlier.start, brief.period.end))
    try:
        return drift_of(drift(engine, whole, background=earlier, columns=columns))
    except (ConfigError, DesignError):  # the logs cannot tell: other sections say why
        return None


def drift_of(found: Drift) -> Section:
    """Tell what moved.

    Parameters
    ----------
    found : Drift
        Two periods compared.

    Returns
    -------
    Section
        A table of effects, and what they do to shares.
    """
    rows = tuple(map(_row, found.shifts))
    blocks: list[Block] = [Table(_columns(), rows)]
    blocks += [Paragraph(link.sentence()) for link in found.told()]
    blocks += [Paragraph(note, Tone.QUIET) for note in found.notes]
    return Section("drift", Message("drift.title"), found.summary(), tuple(blocks))


def _columns() -> tuple[Column, ...]:
    return tuple(
        Column(Message(f"drift.column.{name}"), Align.END if name == "effect" else Align.START)
        for name in _COLUMNS
    )


def _row(each: Shift) -> Row:
    effect = each.effect
    told: Sayable = Plain("–")
    if effect.value is not None and effect.low is not None and effect.high is not None:
        value, low, high = (f"{each:.3f}" for each in (effect.value, effect.low, effect.high))
        told = Bilingual(f"{value} ({low} to {high})", f"{value}（{low} 至 {high}）")
    moved = ", ".join(
        f"{value} {percent(before)} → {percent(after)}" for value, before, after in each.moved[:1]
    )
    return Row(
        (
            Value(Plain(each.name)),
            Message(f"drift.kind.{each.kind}"),
            told,
            Mark(Message(f"drift.size.{each.size}"), _TONES[each.size]),
            Value(Plain(moved)),
        )
    )
