"""Are the goals met? What the labels of every day so far say, looked at together."""

from __future__ import annotations

from shroff.domain.messages import Language, Message, percent
from shroff.measure.brief import Brief
from shroff.measure.monitoring import Progress, Verdict, monitor
from shroff.measure.periods import covered
from shroff.measure.recalling import Kept
from shroff.report.document import (
    Align,
    Block,
    Charts,
    Column,
    Mark,
    Paragraph,
    Row,
    Section,
    Table,
    Tone,
    TrendChart,
    TrendPoint,
)
from shroff.report.figures import Figure, Part
from shroff.report.judging import form_of
from shroff.report.wording import Bilingual, Plain, Sayable, Sentence
from shroff.store.engine import Engine

__all__ = ["bar_of", "goals_section", "named", "outlook_text"]

_MOST_POINTS = 32
_TONES = {Verdict.MET: Tone.GOOD, Verdict.MISSED: Tone.BAD, Verdict.UNKNOWN: Tone.UNSURE}


def goals_section(engine: Engine, brief: Brief, *, kept: Kept | None = None) -> Section | None:
    """Build the section on goals, each judged from its own start as ``shroff goals`` does.

    Parameters
    ----------
    engine : Engine
        Where the logs are; the session tables of a scorecard are replaced.
    brief : Brief
        Goals and designs.
    kept : Kept or None
        Cubes that are up to date.

    Returns
    -------
    Section or None
        None when no goal is set, or none has begun.
    """
    if not brief.goals:
        return None
    known = covered(engine)
    until = min(brief.period.end, known.complete_until)
    found = monitor(engine, brief, first=known.first, until=until, kept=kept)
    if not found:
        return None
    verdicts = [each.verdict for each in found]
    lead = Message(
        "goals.lead",
        {
            "goals": len(found),
            "met": verdicts.count(Verdict.MET),
            "missed": verdicts.count(Verdict.MISSED),
            "unknown": verdicts.count(Verdict.UNKNOWN),
        },
    )
    blocks: list[Block] = [_table(found)]
    charts = tuple(_chart(each) for each in found if each.looks)
    if charts:
        blocks.append(Charts(charts))
        miss = f"{1 - brief.level:.0%}"
        blocks.append(Paragraph(Message("goals.how", {"miss": miss}), Tone.QUIET))
    return Section("goals", Message("goals.title"), lead, tuple(blocks))


def bar_of(progress: Progress) -> Sayable:
    """Write what a goal asks for, e.g. ≤ 1%."""
    goal = progress.goal
    bar = goal.at_most if goal.at_most is not None else goal.at_least
    sign = "≤" if goal.at_most is not None else "≥"
    shown = f"{100 * (bar or 0):.4g}%" if progress.metric.unit == "share" else f"{bar:g}"
    return Plain(f"{sign} {shown}")


def _table(found: tuple[Progress, ...]) -> Table:
    names = ["goal", "verdict", "known", "now", "always", "labels"]
    # dates and owners are shown once somebody sets them
    told = any(each.goal.due or each.goal.owner for each in found)
    names += ["due", "outlook"] if told else []
    right = {"now", "always", "labels"}
    columns = tuple(
        Column(
            Message(f"goals.column.{name}"),
            Align.END if name in right else Align.START,
        )
        for name in names
    )
    return Table(columns, tuple(_row(each, len(names)) for each in found))


def _row(each: Progress, cells: int) -> Row:
    form = form_of(each.metric)
    last = each.looks[-1].estimate if each.looks else None
    always: Sayable = Plain("–")
    if last is not None:
        always = Figure(last, form, Part.INTERVAL)
    elif each.note is not None:
        always = each.note
    return Row(
        (
            Sentence("goals.named", {"metric": _name(each), "bar": bar_of(each)}),
            Mark(Message(f"goals.verdict.{each.verdict}"), _TONES[each.verdict]),
            Plain(str(each.known_since or "–")),
            Figure(each.figure, form, Part.VALUE),
            always,
            Plain(f"{(last or each.figure).n:,}"),
            Plain(" · ".join(p for p in (str(each.goal.due or ""), each.goal.owner) if p) or "–"),
            outlook_text(each),
        )[:cells]
    )


def named(each: Progress, language: Language) -> str:
    """Name a goal: metric, of which ads, bar."""
    return f"{_name(each).text(language)} {bar_of(each).text(language)}"


def outlook_text(each: Progress) -> Sayable:
    """Say where the metric will be on the day its goal is due."""
    seen = each.outlook
    if seen is None:
        return Plain("–")
    shown = {
        name: percent(getattr(seen, name))
        if each.metric.unit == "share"
        else f"{getattr(seen, name):.3g}"
        for name in ("value", "low", "high")
    }
    return Message("goals.outlook", {**shown, "due": str(seen.due), "chance": seen.chance})


def _name(each: Progress) -> Sayable:
    inside = ", ".join(value for _, value in each.goal.where)
    names = (each.metric.name_en, each.metric.name_zh)
    return Bilingual(*(f"{name} ({inside})" if inside else name for name in names))


def _chart(each: Progress) -> TrendChart:
    form = form_of(each.metric)
    known = [look for look in each.looks if look.estimate.value is not None]
    step = max(1, -(-len(known) // _MOST_POINTS))
    drawn = known[::-1][::step][::-1]
    goal = each.goal
    return TrendChart(
        id=f"goal-{goal.known_as.replace('_', '-')}",
        title=Sentence(
            "goals.chart", {"metric": _name(each), "start": Plain(str(each.period.start))}
        ),
        points=tuple(TrendPoint(look.day, Figure(look.estimate, form)) for look in drawn),
        form=form,
        goal=goal.at_most if goal.at_most is not None else goal.at_least,
    )
