"""The section that answers: why did the figures change?"""

from __future__ import annotations

from dataclasses import dataclass, replace

from shroff.domain.messages import Message
from shroff.domain.slices import Slice
from shroff.errors import ConfigError, DesignError
from shroff.measure.brief import Brief
from shroff.measure.ground import ROWS, Ground
from shroff.measure.population import build_population
from shroff.measure.scorecard import Scorecard
from shroff.measure.slice_findings import NO_VALUE
from shroff.report.abridging import Value
from shroff.report.document import (
    Align,
    Block,
    Callout,
    Column,
    Paragraph,
    Row,
    Section,
    Table,
    Tone,
)
from shroff.report.wording import Bilingual, Plain, Sayable, Sentences
from shroff.store.engine import Engine
from shroff.watch.why import why
from shroff.watch.why_findings import Split, SplitPart, Why, WhyQuestion
from shroff.watch.why_sources import Windows
from shroff.watch.why_telling import (
    added,
    cause_sentences,
    change_sentence,
    figure,
    remarks,
    split_sentence,
    with_interval,
)

__all__ = ["why_of", "why_section"]

_METRICS = ("ads_decided", "reject_rate", "queue_in_rate")
_COLUMNS = ("value", "before", "after", "rate", "mix", "total")
_PARTS = 4
_DEPTH = 3


def why_section(engine: Engine, card: Scorecard) -> Section | None:
    """Build the section: volume, rejects and queue-ins against the period before.

    Parameters
    ----------
    engine : Engine
        Where the logs are; the scorecard's session tables are replaced.
    card : Scorecard
        The scorecard of the report's period.

    Returns
    -------
    Section or None
        None where the logs hold no period before.
    """
    after = card.brief
    before = replace(after, period=after.period.before())
    ground = _Once()
    windows = Windows(before=before, after=after, kept=lambda _brief: ground)
    found: list[Why] = []
    for metric in _METRICS:
        question = WhyQuestion(metric=metric, depth=_DEPTH, level=after.level)
        try:
            found.append(why(engine, windows, question))
        except (ConfigError, DesignError):  # the logs cannot tell: other sections say why
            continue
    return why_of(found)


@dataclass(slots=True)
class _Once:
    """Makes the population of both periods once, for all metrics."""

    query: str = ""

    def stand(self, engine: Engine, brief: Brief) -> tuple[Ground, str]:
        if not self.query:
            self.query = build_population(
                engine, brief.period, derived=brief.derived, week_starts=brief.week_starts
            )
        return ROWS, self.query


def why_of(found: list[Why]) -> Section | None:
    """Tell what was found.

    Parameters
    ----------
    found : list of Why
        One a metric.

    Returns
    -------
    Section or None
        None where there is none.
    """
    if not found:
        return None
    blocks: list[Block] = []
    for each in found:
        blocks += [Paragraph(change_sentence(each))] if each is not found[0] else []
        blocks += _told(each)
    notes = {note.text(): note for each in found for note in each.notes if each.change.sure}
    notes |= {note.text(): note for each in found for note in each.notes[:1]}
    blocks += [Paragraph(note, Tone.QUIET) for note in notes.values()]
    return Section("why", Message("why.title"), change_sentence(found[0]), tuple(blocks))


def _told(found: Why) -> list[Block]:
    """Tell causes, Simpson cases, and the parts of the dimension that says most."""
    blocks: list[Block] = [
        Paragraph(Sentences((_name(found), *cause_sentences(found, cause))))
        for cause in found.causes
    ]
    blocks += [
        Callout(_name(found), split_sentence(found, split), Tone.UNSURE)
        for split in found.splits
        if split.reversed
    ]
    said = [each for each in remarks(found) if each not in found.notes]
    blocks.append(Paragraph(Sentences((_name(found), *said)), Tone.QUIET))
    if found.change.sure and found.splits:
        split = max(found.splits, key=lambda each: abs(each.parts[0].total.value))
        blocks.append(Paragraph(split_sentence(found, split)))
        blocks.append(_table(found, split))
    return blocks


def _name(found: Why) -> Sayable:
    return Bilingual(f"{found.metric.name_en}:", f"{found.metric.name_zh}：")


def _table(found: Why, split: Split) -> Table:
    names = [n for n in _COLUMNS if not (found.is_count and n in {"rate", "mix"})]
    columns = tuple(
        Column(Message(f"why.column.{name}"), Align.END if place else Align.START)
        for place, name in enumerate(names)
    )
    rows = tuple(
        replace(_row(found, part, names), part=None if part.others else _part(split, part))
        for part in split.parts[:_PARTS]
    )
    return Table(columns, rows)


def _part(split: Split, part: SplitPart) -> Slice:
    return Slice(((split.dimension, part.value),))


def _row(found: Why, part: SplitPart, names: list[str]) -> Row:
    told: dict[str, Sayable] = {
        "value": Message("why.others", {"count": part.others})
        if part.others
        else Value(Plain(part.value or NO_VALUE)),
        "before": Plain(figure(found, part.before)),
        "after": Plain(figure(found, part.after)),
        "rate": _both(added(found, part.rate.value) if part.rate else ""),
        "mix": _both(added(found, part.mix.value) if part.mix else ""),
        "total": _both(with_interval(found, part.total)),
    }
    return Row(tuple(told[name] for name in names))


def _both(text: str) -> Bilingual:
    english, _, chinese = text.partition("|")
    return Bilingual(english, chinese or english)
