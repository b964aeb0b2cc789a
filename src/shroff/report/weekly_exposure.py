"""Sections on exposure: what leaks, who sees it, and where it is worst."""

from __future__ import annotations

from collections.abc import Mapping

from shroff.domain.messages import Message
from shroff.domain.slices import Slice
from shroff.report.document import (
    Align,
    Block,
    Cards,
    Charts,
    Column,
    Details,
    DotChart,
    DotRow,
    FigureCard,
    Mark,
    Row,
    Section,
    Table,
    Tone,
)
from shroff.report.figures import Figure, Form, Part
from shroff.report.judging import form_of, widened, worst_first
from shroff.report.weekly_quality import basis
from shroff.report.weekly_results import Measured, WeeklyResults
from shroff.report.wording import Sayable, Sentence
from shroff.stats.estimate import Status

__all__ = ["exposure_section", "slices_section"]

_EXPOSURE = (
    "violating_ad_share",
    "leakage",
    "violating_impression_share",
    "violating_spend_share",
    "leaked_impression_share",
)
_BY_POLICY = ("leakage", "violating_impression_share", "reject_precision", "recall_any")
_RANKED = ("leakage", "reject_precision")
_SHOWN, _SHOWN_POLICIES, _LEAST_LABELS = 8, 12, 10
_POLICY = ("policy",)


def exposure_section(results: WeeklyResults) -> Section | None:
    """Answer: what leaks past auto-approve, and who saw it?

    Parameters
    ----------
    results : WeeklyResults
        What was measured.

    Returns
    -------
    Section or None
        Shares of ads, impressions and spend, then each policy; None when nothing is measured.
    """
    known = tuple(metric for metric in _EXPOSURE if metric in results.now)
    if not known:
        return None
    cards = Cards(
        tuple(
            FigureCard(
                results.name(metric),
                Figure(results.now[metric], form_of(results.metrics.get(metric))),
                basis(results, metric, results.now[metric]),
                _change(results, metric),
            )
            for metric in known
            if metric != "leakage"
        )
    )
    return Section(
        "exposure",
        Message("report.exposure.title"),
        _exposure_lead(results),
        (cards, *_policy_blocks(results)),
    )


def _change(results: WeeklyResults, metric: str) -> Figure | None:
    change = results.change.get(metric)
    return Figure(change, Form.POINTS) if change else None


def _exposure_lead(results: WeeklyResults) -> Sayable:
    leak = results.now.get("leakage")
    seen = results.now.get("violating_impression_share")
    if leak is None or leak.status in {Status.UNKNOWN, Status.PROXY}:
        return Message("report.exposure.lead_unknown")
    first = Sentence(
        "report.exposure.lead", {"leak": Figure(leak, part=Part.INTERVAL), "n": leak.n}
    )
    if seen is None or seen.low is None:
        return first
    second = Sentence("report.exposure.seen", {"seen": Figure(seen, part=Part.INTERVAL)})
    return Sentence("report.two", {"first": first, "second": second})


def _policy_blocks(results: WeeklyResults) -> tuple[Block, ...]:
    ranked = worst_first(results.of("leakage", _POLICY), metric=results.metrics.get("leakage"))
    if not ranked:
        return ()
    shown = [m for m in _BY_POLICY if results.of(m, _POLICY)]
    by_slice = {m: {p.slice: p for p in results.of(m, _POLICY)} for m in shown}
    rows = tuple(
        Row((_value(results, part), *[_found(results, by_slice[m], part) for m in shown]))
        for part in ranked
    )
    columns = (
        Column(Message("report.dimension.policy")),
        *[Column(results.name(metric), Align.END) for metric in shown],
    )
    first, rest = rows[:_SHOWN_POLICIES], rows[_SHOWN_POLICIES:]
    slots = {"shown": len(first), "policies": len(rows)}
    table = Table(columns, first, Message("report.exposure.policy_note", slots))
    chart = Charts((_policy_dots(results, ranked[:_SHOWN_POLICIES]),))
    if not rest:
        return chart, table
    others = Message("report.exposure.other_policies", {"policies": len(rest)})
    return chart, table, Details(others, (Table(columns, rest),))


def _value(results: WeeklyResults, part: Measured) -> Sayable:
    dimension, value = part.slice.terms[0]
    return results.value(dimension, value)


def _cell(results: WeeklyResults, part: Measured) -> Figure:
    return Figure(part.estimate, form_of(results.metrics.get(part.metric)))


def _found(
    results: WeeklyResults, parts: Mapping[Slice, Measured], like: Measured
) -> Figure | None:
    part = parts.get(like.slice)
    return _cell(results, part) if part else None


def _policy_dots(results: WeeklyResults, parts: tuple[Measured, ...]) -> DotChart:
    rows = tuple(DotRow(_value(results, part), _cell(results, part)) for part in parts)
    return DotChart("policy-leakage", results.name("leakage"), rows)


def _slice_dots(results: WeeklyResults, metric: str, parts: tuple[Measured, ...]) -> DotChart:
    form = form_of(results.metrics.get(metric))
    whole, target = results.now.get(metric), results.targets.get(metric)
    return DotChart(
        id=f"slices-{metric.replace('_', '-')}",
        title=results.name(metric),
        rows=tuple(DotRow(results.label(part.slice), _cell(results, part)) for part in parts),
        form=form,
        reference=Figure(whole, form) if whole else None,
        goal=target.bar if target else None,
    )


def slices_section(results: WeeklyResults) -> Section | None:
    """Answer: where is it worst?

    Parameters
    ----------
    results : WeeklyResults
        What was measured.

    Returns
    -------
    Section or None
        For each ranked metric the slices that are surely worst; None when nothing is sliced.
    """
    blocks: list[Block] = []
    clear: list[Sayable] = []
    for metric in _RANKED:
        found, worse = _ranking(results, metric)
        blocks += found
        clear += worse
    if not blocks:
        return None
    lead: Sayable = Message("report.slices.lead_none")
    if clear:
        lead = Sentence("report.slices.lead", {"worst": clear[0], "count": len(clear)})
    return Section("slices", Message("report.slices.title"), lead, tuple(blocks))


def _ranking(results: WeeklyResults, metric: str) -> tuple[list[Block], list[Sayable]]:
    whole = results.now.get(metric)
    parts = [p for p in results.parts if p.metric == metric and _is_slice(p)]
    enough = [part for part in parts if part.estimate.n >= _LEAST_LABELS]
    ranked = worst_first(enough, metric=results.metrics.get(metric))
    if whole is None or whole.value is None or len(ranked) < 2:
        return [], []
    chart = _slice_dots(results, metric, ranked[:_SHOWN])
    looks, few = len(ranked), len(parts) - len(enough)
    slots = {"looked": looks, "shown": min(looks, _SHOWN), "few": few, "least": _LEAST_LABELS}
    worse = [part for part in ranked if _is_worse(results, part, looks=looks)]
    note = Message("report.slices.note", slots)
    names: list[Sayable] = [
        Sentence(
            "report.slices.named",
            {
                "metric": results.name(metric),
                "slice": results.label(part.slice),
                "figure": Figure(part.estimate),
                "whole": Figure(whole, part=Part.VALUE),
            },
        )
        for part in worse
    ]
    return [Charts((chart,)), _slice_table(results, metric, ranked[:_SHOWN], looks, note)], names


def _is_slice(part: Measured) -> bool:
    dimensions = part.slice.dimensions
    return bool(dimensions) and not {"week", "policy", "action"} & set(dimensions)


def _is_worse(results: WeeklyResults, part: Measured, *, looks: int) -> bool:
    whole, ends = results.now[part.metric].value, widened(part.estimate, looks=looks)
    if whole is None or ends is None:
        return False
    record = results.metrics.get(part.metric)
    if record is not None and record.direction == "up_good":
        return ends[1] < whole
    return ends[0] > whole


def _slice_table(
    results: WeeklyResults, metric: str, parts: tuple[Measured, ...], looks: int, note: Sayable
) -> Table:
    columns = (
        Column(Message("report.chart.slice")),
        Column(results.name(metric), Align.END),
        Column(Message("report.column.basis"), Align.END),
        Column(Message("report.column.reading")),
    )
    rows = tuple(
        Row(
            (
                results.label(part.slice),
                _cell(results, part),
                basis(results, metric, part.estimate),
                _reading(results, part, looks=looks),
            )
        )
        for part in parts
    )
    return Table(columns, rows, note)


def _reading(results: WeeklyResults, part: Measured, *, looks: int) -> Mark:
    if _is_worse(results, part, looks=looks):
        return Mark(Message("report.reading.worse_than_whole"), Tone.BAD)
    return Mark(Message("report.reading.chance"), Tone.QUIET)
