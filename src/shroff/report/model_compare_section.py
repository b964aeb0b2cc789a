"""The section that answers: which model version is better?"""

from __future__ import annotations

from collections.abc import Sequence

from shroff.domain.messages import Language, Message, count
from shroff.domain.metrics import Weight
from shroff.errors import ConfigError, DesignError
from shroff.measure.ground import ROWS
from shroff.measure.label_plan_work import stand
from shroff.measure.model_compare import compare_models
from shroff.measure.model_figures import Operating, SliceGap, Versus
from shroff.measure.model_verdict import ModelComparison
from shroff.measure.model_work import Asked
from shroff.measure.scorecard import Scorecard
from shroff.report.document import (
    Align,
    Block,
    Charts,
    Column,
    Details,
    DotChart,
    DotRow,
    Mark,
    Paragraph,
    Row,
    Section,
    Table,
    Tone,
)
from shroff.report.figures import Figure, Form, Part
from shroff.report.left_out import Heavy
from shroff.report.wording import Bilingual, Plain, Sayable, Sentence
from shroff.store.engine import Engine

__all__ = [
    "comparison_blocks", "model_compare_section", "operating_table", "p_text", "verdict_of",
]  # fmt: skip

_HEAVY = Heavy(
    id="models",
    title=Message("models.compare.title"),
    command="shroff models compare",
    most=5_000_000,
)
_FEWEST, _MOST_DOTS = 10, 12


def model_compare_section(engine: Engine, card: Scorecard) -> Section | None:
    """Build the section.

    Parameters
    ----------
    engine : Engine
        Where the logs and the scorecard's session tables are.
    card : Scorecard
        The scorecard of the report's period.

    Returns
    -------
    Section or None
        None where no two versions scored the same ads, or no labelled ad.
    """
    if "scores" not in engine.snapshot:
        return None
    if (left_out := _HEAVY.left_out(card)) is not None:
        return left_out
    frame = card.frames[Weight.ADS] if card.ground == ROWS else stand(engine, card.brief)
    try:
        found = compare_models(engine, card.brief, frame=frame, asked=Asked())
    except (ConfigError, DesignError):  # one version, no shadow scores, or no threshold to see
        return None
    if not found.labels:
        return None
    return Section(_HEAVY.id, _HEAVY.title, verdict_of(found), tuple(comparison_blocks(found)))


def verdict_of(found: ModelComparison) -> Sayable:
    """Say the verdict as one sentence in each language."""
    return Bilingual(found.verdict_text(Language.EN), found.verdict_text(Language.ZH))


def comparison_blocks(found: ModelComparison) -> list[Block]:
    """Build what a verdict rests on: figures on each basis, slices, and what would be found.

    Parameters
    ----------
    found : ModelComparison
        The comparison.

    Returns
    -------
    list of Block
        Paragraphs, a table and a chart.
    """
    blocks: list[Block] = [Paragraph(each) for each in found.supply()]
    blocks.append(operating_table(found, found.operating))
    dots = _dots(found)
    if dots:
        blocks.append(Charts((dots,), Message("models.adjusted")))
    told = _slice_rows(found)
    if told:
        names = ("slice", "metric", "difference", "p_adjusted")
        blocks.append(Details(Message("models.by_slice"), (Table(_columns(names), told),)))
    reach = tuple(Row((each.text(),)) for each in found.detectable)
    blocks.append(
        Details(
            Message("models.reach_title"),
            (Table((Column(Message("models.reach_title")),), reach),),
        )
    )
    notes = {note.text(): note for note in found.notes}
    return [*blocks, *(Paragraph(note, Tone.QUIET) for note in notes.values())]


def _columns(names: tuple[str, ...]) -> tuple[Column, ...]:
    left = {"slice", "metric", "held"}
    return tuple(
        Column(Message(f"models.column.{name}"), Align.START if name in left else Align.END)
        for name in names
    )


def operating_table(found: ModelComparison, shown: Sequence[Operating]) -> Table:
    """Set both versions side by side.

    Parameters
    ----------
    found : ModelComparison
        The comparison.
    shown : sequence of Operating
        On which basis.

    Returns
    -------
    Table
        Thresholds, volumes and figures of each, and the areas under the ROC curve.
    """
    versions = (found.pair.champion.version, found.pair.challenger.version)
    columns = (
        Column(Message("models.column.metric")),
        *(Column(Plain(name), Align.END) for name in versions),
        *_columns(("difference", "p")),
    )
    rows: list[Row] = []
    for each in shown:
        ends = (Plain(f"{each.champion_at:.4g}"), Plain(f"{each.challenger_at:.4g}"))
        volume = (Plain(count(each.acts.champion)), Plain(count(each.acts.challenger)))
        rows.append(Row((Message(f"models.held.{each.basis}"),) + (None,) * 4, group=True))
        rows.append(Row((Message("models.column.at"), *ends, None, None)))
        rows.append(Row((Message("models.column.acts"), *volume, None, None)))
        rows += [_row(versus) for versus in each.figures]
    if found.ranking is not None:
        rows.append(Row((Message("models.held.none"),) + (None,) * 4, group=True))
        rows.append(_row(found.ranking))
    return Table(columns, tuple(rows))


def _row(versus: Versus) -> Row:
    form = Form.NUMBER if versus.metric == "auc" else Form.SHARE
    return Row(
        (
            Message(f"models.metric.{versus.metric}"),
            Figure(versus.champion, form, Part.VALUE),
            Figure(versus.challenger, form, Part.VALUE),
            Figure(versus.difference, Form.POINTS),
            Plain(p_text(versus.p)),
        )
    )


def p_text(p: float | None) -> str:
    """Write a p-value."""
    if p is None:
        return "–"
    return "<0.001" if p < 0.001 else f"{p:.3f}"


def _dots(found: ModelComparison) -> DotChart | None:
    """Draw the difference of recall in the slices with most labels that differ."""
    mine = [gap for gap in found.slices if gap.versus.metric == "recall"]
    told = sorted(mine, key=lambda gap: -gap.versus.difference.n)[:_MOST_DOTS]
    drawn = [gap for gap in told if gap.versus.difference.n >= _FEWEST]
    if len(drawn) < 2:
        return None
    drawn.sort(key=lambda gap: gap.versus.difference.value or 0.0)
    names = {
        "champion": Plain(found.pair.champion.version),
        "challenger": Plain(found.pair.challenger.version),
    }
    recall = found.chosen.figure("recall")
    return DotChart(
        id="model-recall-by-slice",
        title=Sentence("models.chart", names),
        rows=tuple(
            DotRow(Plain(gap.label), Figure(gap.versus.difference, Form.POINTS)) for gap in drawn
        ),
        form=Form.POINTS,
        reference=Figure(recall.difference, Form.POINTS) if recall else None,
    )


def _slice_rows(found: ModelComparison) -> tuple[Row, ...]:
    surest = sorted(found.slices, key=lambda gap: gap.p_adjusted)[:_MOST_DOTS]
    return tuple(_slice_row(gap, sure=gap.p_adjusted <= 1 - found.brief.level) for gap in surest)


def _slice_row(gap: SliceGap, *, sure: bool) -> Row:
    worse = (gap.versus.difference.value or 0.0) < 0
    tone = Tone.QUIET if not sure else (Tone.BAD if worse else Tone.GOOD)
    return Row(
        (
            Mark(Plain(gap.label), tone) if sure else Plain(gap.label),
            Message(f"models.metric.{gap.versus.metric}"),
            Figure(gap.versus.difference, Form.POINTS),
            Plain(p_text(gap.p_adjusted)),
        )
    )
