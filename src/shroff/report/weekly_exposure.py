"""Sections on exposure: what leaks, who sees it, and where it is worst."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

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
    Paragraph,
    Row,
    Section,
    Table,
    Tone,
)
from shroff.report.figures import Figure, Form, Part
from shroff.report.grounds import basis, reason
from shroff.report.judging import form_of, widened, worst_first
from shroff.report.publication import MayShow
from shroff.report.weekly_results import Measured, WeeklyResults
from shroff.report.wording import Sayable, Sentence
from shroff.stats.estimate import Estimate, Status

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


def exposure_section(results: WeeklyResults, *, may_show: MayShow) -> Section | None:
    """Answer: what leaks past auto-approve, and who saw it?

    Parameters
    ----------
    results : WeeklyResults
        What was measured.
    may_show : callable
        Whether a figure may be shown.

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
                reason(results, metric, results.now[metric]),
                _change(results, metric),
                compared=results.compared,
            )
            for metric in known
            if metric != "leakage"
        )
    )
    return Section(
        "exposure",
        Message("report.exposure.title"),
        _exposure_lead(results, may_show=may_show),
        (cards, *_policy_blocks(results, may_show=may_show)),
    )


def _change(results: WeeklyResults, metric: str) -> Figure | None:
    change = results.change.get(metric)
    return Figure(change, Form.POINTS) if change else None


def _exposure_lead(results: WeeklyResults, *, may_show: MayShow) -> Sayable:
    leak = results.now.get("leakage")
    seen = results.now.get("violating_impression_share")
    if leak is None or leak.status in {Status.UNKNOWN, Status.PROXY}:
        return Message("report.exposure.lead_unknown")
    said = Figure(leak, part=Part.INTERVAL)
    if not may_show(said):
        return Message("report.exposure.lead_vague")
    first = Sentence("report.exposure.lead", {"leak": said, "n": leak.n})
    if seen is None or seen.low is None or not may_show(Figure(seen)):
        return first
    second = Sentence("report.exposure.seen", {"seen": Figure(seen, part=Part.INTERVAL)})
    return Sentence("report.two", {"first": first, "second": second})


def _policy_blocks(results: WeeklyResults, *, may_show: MayShow) -> tuple[Block, ...]:
    parts = [part for part in results.of("leakage", _POLICY) if part.estimate.low is not None]
    shown_parts = [part for part in parts if may_show(_cell(results, part))]
    ranked = worst_first(shown_parts, metric=results.metrics.get("leakage"))
    if not ranked:
        return (Paragraph(Message("report.exposure.vague"), Tone.QUIET),) if parts else ()
    shown = [m for m in _BY_POLICY if results.of(m, _POLICY)]
    by_slice = {m: {p.slice: p for p in results.of(m, _POLICY)} for m in shown}
    rows = tuple(
        Row(
            (_value(results, part), *[_found(results, by_slice[m], part) for m in shown]),
            part=part.slice,
        )
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
    rows = tuple(DotRow(_value(results, part), _cell(results, part), part.slice) for part in parts)
    return DotChart("policy-leakage", results.name("leakage"), rows)


def _slice_dots(results: WeeklyResults, metric: str, parts: tuple[Measured, ...]) -> DotChart:
    form = form_of(results.metrics.get(metric))
    whole, target = results.now.get(metric), results.targets.get(metric)
    return DotChart(
        id=f"slices-{metric.replace('_', '-')}",
        title=results.name(metric),
        rows=tuple(
            DotRow(results.label(part.slice), _cell(results, part), part.slice) for part in parts
        ),
        form=form,
        reference=Figure(whole, form) if whole else None,
        goal=target.bar if target else None,
    )


def slices_section(results: WeeklyResults, *, may_show: MayShow) -> Section | None:
    """Answer: where is it worst?

    Parameters
    ----------
    results : WeeklyResults
        What was measured.
    may_show : callable
        Whether a figure may be shown.

    Returns
    -------
    Section or None
        For each ranked metric the slices that are surely worst; None when nothing is sliced.
    """
    rankings = [found for metric in _RANKED if (found := _ranking(results, metric))]
    if not rankings:
        return None
    title = Message("report.slices.title")
    clear = [
        (found.metric, part)
        for found in rankings
        for part in found.parts
        if _is_worse(results, part, looks=found.looks)
        if may_show(_cell(results, part)) and may_show(Figure(results.now[found.metric]))
    ]
    blocks = tuple(
        block for found in rankings for block in _ranked_blocks(results, found, may_show=may_show)
    )
    if not blocks:
        vague = any(_worse_looking(results, found) for found in rankings)
        lead_key = "vague" if vague else "none_worse"
        return Section("slices", title, Message(f"report.slices.{lead_key}"))
    lead: Sayable = Message("report.slices.lead_none")
    if clear:
        worst = _named(results, clear[0][1])
        lead = Sentence("report.slices.lead", {"worst": worst, "count": len(clear)})
    return Section("slices", title, lead, blocks)


@dataclass(frozen=True, slots=True)
class _Ranking:
    """Slices of one metric, worst first; how many were looked at, and how many left out."""

    metric: str
    parts: tuple[Measured, ...]
    few: int

    @property
    def looks(self) -> int:
        """Count the slices looked at."""
        return len(self.parts)


def _ranking(results: WeeklyResults, metric: str) -> _Ranking | None:
    whole = results.now.get(metric)
    parts = [p for p in results.parts if p.metric == metric and _is_slice(p)]
    enough = [part for part in parts if part.estimate.n >= _LEAST_LABELS]
    ranked = worst_first(enough, metric=results.metrics.get(metric))
    if whole is None or whole.value is None or len(ranked) < 2:
        return None
    return _Ranking(metric, ranked, len(parts) - len(enough))


def _named(results: WeeklyResults, part: Measured) -> Sayable:
    return Sentence(
        "report.slices.named",
        {
            "metric": results.name(part.metric),
            "slice": results.label(part.slice),
            "figure": _cell(results, part),
            "whole": Figure(results.now[part.metric], part=Part.VALUE),
        },
    )


def _ranked_blocks(
    results: WeeklyResults, found: _Ranking, *, may_show: MayShow
) -> tuple[Block, ...]:
    worse = _worse_looking(results, found)
    shown = tuple(part for part in worse if may_show(_cell(results, part)))[:_SHOWN]
    if not shown:
        return ()
    slots = {
        "looked": found.looks,
        "shown": len(shown),
        "few": found.few,
        "least": _LEAST_LABELS,
    }
    note = Message("report.slices.note", slots)
    table = _slice_table(results, shown, looks=found.looks, note=note)
    return Charts((_slice_dots(results, found.metric, shown),)), table


def _worse_looking(results: WeeklyResults, found: _Ranking) -> tuple[Measured, ...]:
    """Leave out slices whose figure is better than the whole, or whose every possible one is."""
    whole, record = results.now[found.metric].value or 0.0, results.metrics.get(found.metric)
    up = record is not None and record.direction == "up_good"

    def is_better(estimate: Estimate) -> bool:
        worst = estimate.low if up else estimate.high
        likely = worst if estimate.value is None else estimate.value
        return likely is not None and (likely > whole if up else likely < whole)

    return tuple(part for part in found.parts if not is_better(part.estimate))


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
    results: WeeklyResults, parts: tuple[Measured, ...], *, looks: int, note: Sayable
) -> Table:
    metric = parts[0].metric
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
            ),
            part=part.slice,
        )
        for part in parts
    )
    return Table(columns, rows, note)


def _reading(results: WeeklyResults, part: Measured, *, looks: int) -> Mark:
    if _is_worse(results, part, looks=looks):
        return Mark(Message("report.reading.worse_than_whole"), Tone.BAD)
    return Mark(Message("report.reading.chance"), Tone.QUIET)
