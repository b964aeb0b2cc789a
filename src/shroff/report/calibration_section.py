"""The section that answers: do scores mean what they say?"""

from __future__ import annotations

from datetime import timedelta

from shroff.domain.messages import Message, Value, count
from shroff.measure.calibrated import Calibrated, Calibrations, calibrations_of
from shroff.measure.scorecard import Scorecard
from shroff.report.abridging import Value as Shown
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
    TrendChart,
    TrendPoint,
)
from shroff.report.figures import Figure, Form
from shroff.report.line_charts import Line, LineChart, LinePoint
from shroff.report.wording import Plain, Sayable, Sentence, Sentences
from shroff.stats.calibration_figures import Calibration
from shroff.stats.estimate import Estimate
from shroff.store.engine import Engine

__all__ = ["calibration_section", "section_of"]

_MOST = 12
_FEWEST = 10  # violating labels of a score that is drawn
_CLEAR = 0.05
_WEEK = timedelta(days=7)


def calibration_section(engine: Engine, card: Scorecard) -> Section | None:
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
    return section_of(calibrations_of(engine, card))


def section_of(found: Calibrations) -> Section | None:
    """Tell what was found.

    Parameters
    ----------
    found : Calibrations
        Calibration of all scores.

    Returns
    -------
    Section or None
        None where nothing rests on violating labels.
    """
    told = [each for each in found if each.found is not None and each.violating >= _FEWEST]
    if not told:
        return None
    told.sort(key=lambda each: each.key.policy is not None)
    first = told[0]
    blocks: list[Block] = []
    if first.found is not None:
        blocks += [_picture(first, first.found), *_weeks(first, found), _table(found)]
        plain = f"{first.found.ece_plain:.3f}"
        blocks.append(Paragraph(Message("calibration.how", {"plain": plain}), Tone.QUIET))
    blocks += [Paragraph(note, Tone.QUIET) for note in first.notes]
    return Section("calibration", Message("calibration.title"), _lead(first), tuple(blocks))


def _name(each: Calibrated) -> Sayable:
    return Shown(Plain(each.key.text()))


def _lead(each: Calibrated) -> Sayable:
    found = each.found
    if found is None:
        return Plain("")
    bins = found.reliability
    mean = float(bins.weight @ bins.mean_score)
    told: dict[str, Value | Sayable] = {
        "score": _name(each),
        "mean": f"{mean:.1%}",
        "share": f"{float(bins.weight @ bins.share.value):.1%}",
        "ece": Figure(found.ece, Form.NUMBER),
    }
    word = "other" if found.p_calibrated < _CLEAR else "true"
    said: list[Sayable] = [
        Sentence("calibration.lead", told),
        Message(f"calibration.says_{word}"),
    ]
    if each.p_steady is not None:
        drift = "drifted" if each.p_steady < _CLEAR else "steady"
        said.append(Message(f"calibration.{drift}", {"p": f"{each.p_steady:.3f}"}))
    return Sentences(tuple(said))


def _picture(each: Calibrated, found: Calibration) -> Charts:
    bins = found.reliability
    points = tuple(
        LinePoint(float(bins.mean_score[place]), Figure(bins.share.at(place)))
        for place in range(len(bins.low))
    )
    chart = LineChart(
        id="calibration-reliability",
        title=Sentence("calibration.chart", {"score": _name(each)}),
        across=Message("calibration.column.mean"),
        across_form=Form.NUMBER,
        lines=(Line(Message("calibration.share"), points),),
        diagonal=Message("calibration.true"),
    )
    return Charts((chart,))


def _weeks(each: Calibrated, found: Calibrations) -> list[Block]:
    if len(each.weeks) < 2:
        return []
    period = found.brief.period
    points = tuple(
        TrendPoint(
            week.start,
            Figure(week.gap, Form.POINTS),
            week.start >= period.start and week.start + _WEEK <= period.end,
        )
        for week in each.weeks
    )
    title = Sentence("calibration.weeks", {"score": _name(each)})
    return [Charts((TrendChart("calibration-weeks", title, points, form=Form.POINTS),))]


def _table(found: Calibrations) -> Table:
    names = ("gap", "ece", "brier", "miscalibration", "discrimination")
    columns = (
        Column(Message("calibration.column.score")),
        Column(Message("calibration.column.labels"), Align.END),
        *(Column(Message(f"calibration.column.{name}"), Align.END) for name in names),
    )
    shown = sorted(found, key=lambda each: (each.key.policy is not None, -each.labels))[:_MOST]
    return Table(columns, tuple(map(_row, shown)))


def _row(each: Calibrated) -> Row:
    found = each.found
    if found is None:
        return Row((_name(each), Plain(count(each.labels)), *([None] * 5)))
    return Row(
        (
            _name(each),
            Plain(count(each.labels)),
            Figure(found.gap, Form.POINTS),
            *map(
                _number,
                (
                    found.ece,
                    found.brier,
                    found.miscalibration,
                    found.discrimination,
                ),
            ),
        )
    )


def _number(estimate: Estimate) -> Figure:
    return Figure(estimate, Form.NUMBER)
