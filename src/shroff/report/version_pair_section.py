"""The sections that hold two versions of a model beside each other: verdict, curves, calibration, shadow."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from shroff.domain.messages import Message, count
from shroff.measure.calibrated import Calibrated, Calibrations
from shroff.measure.curves import Curve, Curves
from shroff.measure.model_verdict import ModelComparison
from shroff.models.shadow_run import ShadowRun, ShadowSlice
from shroff.report.document import (
    Align,
    Block,
    Charts,
    Column,
    Paragraph,
    Row,
    Section,
    Table,
    Tone,
)
from shroff.report.figures import Figure, Form
from shroff.report.line_charts import Line, LineChart, LinePoint
from shroff.report.model_compare_section import comparison_blocks, verdict_of
from shroff.report.wording import Plain, Sayable
from shroff.stats.score_cells import BINS

__all__ = ["pair_sections", "shadow_section"]

_RECALLS = 41
_STEP = 25
_MOST_SLICES = 14


def pair_sections(
    found: ModelComparison, curves: Curves, calibrations: Calibrations
) -> tuple[Section, ...]:
    """Tell which of two versions is better, and draw both.

    Parameters
    ----------
    found : ModelComparison
        The comparison.
    curves : Curves
        Curves of the model's versions.
    calibrations : Calibrations
        How far their scores are from what they say.

    Returns
    -------
    tuple of Section
        The verdict with its figures and slices; curves and calibration of the versions that
        enough labels tell of.
    """
    names = (found.pair.champion.version, found.pair.challenger.version)
    policy = found.pair.champion.policy or None
    both = [_curve_of(curves, name, policy) for name in names]
    told = [_told_of(calibrations, name, policy) for name in names]
    title = Message("models.compare.title")
    made = [Section("pair", title, verdict_of(found), tuple(comparison_blocks(found)))]
    drawn = [curve for curve in both if curve is not None]
    if drawn:
        made.append(_curves(drawn))
    known = [each for each in told if each is not None]
    if known:
        made.append(_calibration(known))
    return tuple(made)


def _curve_of(curves: Curves, version: str, policy: str | None) -> Curve | None:
    for each in curves:
        if (each.key.version, each.key.policy) == (version, policy) and each.violating:
            return each
    return None


def _told_of(found: Calibrations, version: str, policy: str | None) -> Calibrated | None:
    for each in found:
        same = (each.key.version, each.key.policy) == (version, policy)
        if same and each.found is not None:
            return each
    return None


def _curves(drawn: Sequence[Curve]) -> Section:
    charts = (
        LineChart(
            id="pair-pr",
            title=Message("models.pair.pr"),
            across=Message("curves.metric.recall"),
            lines=_against_recall(drawn),
        ),
        *(_by_threshold(each, place) for place, each in enumerate(drawn)),
    )
    names = ("version", "labels", "violating", "auc", "average_precision")
    columns = tuple(
        Column(Message(f"models.pair.{name}"), Align.END if at else Align.START)
        for at, name in enumerate(names)
    )
    rows = tuple(
        Row(
            (
                _named(each),
                Plain(count(each.labels)),
                Plain(count(each.violating)),
                Figure(each.ranking.auc, Form.NUMBER),
                Figure(each.ranking.average_precision, Form.NUMBER),
            )
        )
        for each in drawn
    )
    notes = dict.fromkeys(note for each in drawn for note in each.notes)
    blocks: list[Block] = [Charts(charts[:1]), Charts(charts[1:]), Table(columns, rows)]
    blocks += [Paragraph(note, Tone.QUIET) for note in notes]
    return Section(
        "pair-curves",
        Message("models.pair.curves"),
        Message("models.pair.curves_lead"),
        tuple(blocks),
    )


def _against_recall(drawn: Sequence[Curve]) -> tuple[Line, ...]:
    """Read precision off at even recalls that all versions have, so that they stand above each other."""
    recalls = np.linspace(0, 1, _RECALLS)
    read: list[list[Figure]] = []
    for each in drawn:
        values = each.thresholds.metric("recall").value
        places = np.interp(recalls, values[::-1], np.arange(BINS)[::-1]).round().astype(int)
        precision = each.thresholds.metric("precision")
        read.append([Figure(precision.at(int(place))) for place in places])
    both = [at for at in range(_RECALLS) if all(f[at].estimate.value is not None for f in read)]
    return tuple(
        Line(_named(each), tuple(LinePoint(float(recalls[at]), figures[at]) for at in both))
        for each, figures in zip(drawn, read, strict=True)
    )


def _by_threshold(curve: Curve, place: int) -> LineChart:
    return LineChart(
        id=f"pair-thresholds-{place}",
        title=_named(curve),
        across=Message("curves.column.threshold"),
        across_form=Form.NUMBER,
        lines=tuple(
            Line(
                Message(f"curves.metric.{name}"),
                tuple(
                    LinePoint(at / BINS, Figure(curve.thresholds.metric(name).at(at)))
                    for at in range(0, BINS, _STEP)
                ),
            )
            for name in ("precision", "recall")
        ),
    )


def _named(each: Curve | Calibrated) -> Sayable:
    return Plain(each.key.version)


def _calibration(known: Sequence[Calibrated]) -> Section:
    charts: list[LineChart] = []
    rows: list[Row] = []
    for place, each in enumerate(known):
        if each.found is None:
            continue
        bins = each.found.reliability
        points = tuple(
            LinePoint(float(bins.mean_score[at]), Figure(bins.share.at(at)))
            for at in range(len(bins.low))
        )
        charts.append(
            LineChart(
                id=f"pair-calibration-{place}",
                title=_named(each),
                across=Message("calibration.column.mean"),
                across_form=Form.NUMBER,
                lines=(Line(Message("calibration.share"), points),),
                diagonal=Message("calibration.true"),
            )
        )
        told = (_named(each), Plain(count(each.labels)), Figure(each.found.ece, Form.NUMBER))
        rows.append(Row(told))
    names = ("version", "labels", "ece")
    columns = tuple(
        Column(Message(f"models.pair.{name}"), Align.END if at else Align.START)
        for at, name in enumerate(names)
    )
    return Section(
        "pair-calibration",
        Message("calibration.title"),
        Message("models.pair.calibration_lead"),
        (Charts(tuple(charts)), Table(columns, tuple(rows))),
    )


def shadow_section(found: ShadowRun) -> Section:
    """Tell how a version that runs in shadow stands to the one that decides.

    Parameters
    ----------
    found : ShadowRun
        Both on the same ads.

    Returns
    -------
    Section
        How often they agree, by slice, and who is right where labels tell.
    """
    lead, *more = found.told()
    names = ("slice", "ads", "agree", "up", "down", "right")
    columns = tuple(
        Column(Message(f"shadow.column.{name}"), Align.END if at else Align.START)
        for at, name in enumerate(names)
    )
    cut = sorted(found.slices, key=lambda each: -(each.up + each.down))[:_MOST_SLICES]
    rows = tuple(_shadow_row(each) for each in (found.whole, *cut))
    blocks: list[Block] = [*(Paragraph(each) for each in more), Table(columns, rows)]
    return Section("shadow", Message("models.pair.shadow"), lead, tuple(blocks))


def _shadow_row(each: ShadowSlice) -> Row:
    name: Sayable = Message("shadow.all")
    if each.cut:
        name = Plain(f"{each.cut} = {each.value or '–'}")
    return Row(
        (
            name,
            Plain(count(each.agree.n)),
            Figure(each.agree),
            Plain(count(each.up)),
            Plain(count(each.down)),
            Plain("–") if each.right is None else Figure(each.right),
        )
    )
