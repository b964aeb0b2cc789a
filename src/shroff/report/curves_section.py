"""The section that answers: what would each threshold catch, and what would it take?"""

from __future__ import annotations

import numpy as np

from shroff.domain.messages import Message, Value, count
from shroff.errors import ConfigError
from shroff.measure.curve_points import Point
from shroff.measure.curves import Curve, Curves, curves_of
from shroff.measure.scorecard import Scorecard
from shroff.report.abridging import Value as Shown
from shroff.report.document import (
    Align,
    Block,
    Charts,
    Column,
    Details,
    Paragraph,
    Row,
    Section,
    Table,
    Tone,
)
from shroff.report.figures import Figure, Form
from shroff.report.line_charts import Line, LineChart, LinePoint
from shroff.report.wording import Plain, Sayable, Sentence, Sentences
from shroff.stats.estimate import Status
from shroff.stats.score_cells import BINS
from shroff.store.engine import Engine

__all__ = ["curves_section", "section_of"]

_MOST = 12
_FEWEST = 10  # violating labels of a curve that is drawn
_STEP = 25
_DRAWN = 2


def curves_section(engine: Engine, card: Scorecard) -> Section | None:
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
        None where no scored ad is labelled.
    """
    try:
        return section_of(curves_of(engine, card))
    except ConfigError:
        return None  # nothing was scored


def section_of(found: Curves) -> Section | None:
    """Tell what was found.

    Parameters
    ----------
    found : Curves
        The curves of all scores.

    Returns
    -------
    Section or None
        None where no curve rests on violating labels.
    """
    told = [curve for curve in found if curve.violating >= _FEWEST]
    if not told:
        return None
    told.sort(key=lambda curve: curve.key.policy is not None)
    first = told[0]
    level = f"{100 * found.brief.level:.4g}%"
    blocks: list[Block] = [*_pictures(first), _summary(found), _points(first)]
    blocks += [
        Details(Sentence("curves.more", {"score": _name(curve)}), (_points(curve),))
        for curve in told[1:_DRAWN]
    ]
    said = (Message("curves.how", {"level": level}), Message("curves.scope"))
    blocks += [Paragraph(each, Tone.QUIET) for each in (*said, *first.notes)]
    lead = _lead(first)
    return Section("thresholds", Message("curves.title"), lead, tuple(blocks))


def _name(curve: Curve) -> Sayable:
    return Shown(Plain(curve.key.text()))


def _lead(curve: Curve) -> Sayable:
    """Say the most that can be flagged at the highest precision that is met."""
    met = [p for p in curve.points if p.name.id.endswith("precision") and p.threshold is not None]
    if not met:
        bar = curve.points[0].name.params["bar"]
        return Sentence("curves.lead_none", {"score": _name(curve), "bar": bar})
    best = met[min(1, len(met) - 1)]
    told: dict[str, Value | Sayable] = {
        "score": _name(curve),
        "threshold": f"{best.threshold:.3f}",
        "ads": best.ads,
    }
    figures = {"precision": best.precision, "recall": best.recall}
    told |= {name: Figure(each) for name, each in figures.items() if each is not None}
    return Sentence("curves.lead", told)


def _pictures(curve: Curve) -> list[Block]:
    places = [*range(0, BINS, _STEP), 990]
    across = Message("curves.column.threshold")
    by_threshold = LineChart(
        id="curve-thresholds",
        title=Sentence("curves.chart", {"score": _name(curve)}),
        across=across,
        across_form=Form.NUMBER,
        lines=tuple(
            Line(
                Message(f"curves.metric.{name}"),
                tuple(LinePoint(at / BINS, _at(curve, name, at)) for at in places),
            )
            for name in ("precision", "recall")
        ),
    )
    return [Charts((by_threshold,)), Charts((_against(curve, "pr"), _against(curve, "roc")))]


def _at(curve: Curve, name: str, at: int) -> Figure:
    status = curve.ranking.auc.status
    return Figure(curve.thresholds.metric(name).at(at, status=_worth(status)))


def _worth(status: Status) -> Status:
    return Status.PROXY if status is Status.PROXY else Status.ESTIMATE


def _against(curve: Curve, kind: str) -> LineChart:
    """Draw one figure against another: every threshold is a point of the line."""
    across, up = ("recall", "precision") if kind == "pr" else ("fpr", "recall")
    area = curve.ranking.average_precision if kind == "pr" else curve.ranking.auc
    values = curve.thresholds.metric(across).value
    ends = np.interp(np.linspace(0, 1, 41), values[::-1], np.arange(BINS)[::-1])
    places = sorted({int(each) for each in ends.round()}, reverse=True)
    points = tuple(
        LinePoint(float(values[at]), _at(curve, up, at))
        for at in places
        if np.isfinite(values[at])
    )
    return LineChart(
        id=f"curve-{kind}",
        title=Sentence(
            f"curves.chart_{kind}",
            {"score": _name(curve), "area": Figure(area, Form.NUMBER)},
        ),
        across=Message(f"curves.metric.{across}"),
        lines=(Line(Message(f"curves.metric.{up}"), points),),
        diagonal=Message("curves.guessing") if kind == "roc" else None,
    )


def _summary(found: Curves) -> Table:
    names = ("score", "scored", "labels", "violating")
    columns = (
        Column(Message("curves.column.score")),
        *(Column(Message(f"curves.column.{name}"), Align.END) for name in names[1:]),
        *(
            Column(Message(f"curves.metric.{name}"), Align.END)
            for name in ("auc", "average_precision")
        ),
    )
    shown = sorted(found, key=lambda curve: (curve.key.policy is not None, -curve.labels))[:_MOST]
    rows = tuple(
        Row(
            (
                _name(curve),
                Plain(count(curve.scored)),
                Plain(count(curve.labels)),
                Plain(count(curve.violating)),
                Figure(curve.ranking.auc, Form.NUMBER),
                Figure(curve.ranking.average_precision, Form.NUMBER),
            )
        )
        for curve in shown
    )
    left = len(found) - len(shown)
    return Table(columns, rows, Message("curves.left", {"scores": left}) if left else Plain(""))


def _points(curve: Curve) -> Table:
    columns = (
        Column(Message("curves.column.point")),
        *(
            Column(Message(f"curves.column.{name}"), Align.END)
            for name in ("threshold", "sure_at")
        ),
        *(
            Column(Message(f"curves.metric.{name}"), Align.END)
            for name in ("precision", "recall", "fpr")
        ),
        *(
            Column(Message(f"curves.column.{name}"), Align.END)
            for name in ("ads_per_day", "review", "reject")
        ),
    )
    note: list[Sayable] = [Sentence("curves.points_of", {"score": _name(curve)})]
    if curve.reject_at is not None:
        note.append(Message("curves.line", {"threshold": f"{curve.reject_at:.3f}"}))
    return Table(columns, tuple(map(_row, curve.points)), Sentences(tuple(note)))


def _row(point: Point) -> Row:
    if point.threshold is None:
        return Row((point.name, Message("curves.none"), *([None] * 7)))
    figures = (point.precision, point.recall, point.fpr)
    return Row(
        (
            point.name,
            Plain(f"{point.threshold:.3f}"),
            Plain("–" if point.sure_at is None else f"{point.sure_at:.3f}"),
            *(None if each is None else Figure(each) for each in figures),
            Plain(f"{point.ads_per_day:,.1f}"),
            Plain(count(point.review)),
            Plain(count(point.reject)),
        )
    )
