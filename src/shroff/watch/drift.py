"""Did what comes in change, and what does that do to precision and recall? Two periods compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches

import numpy as np
from numpy.typing import NDArray

from shroff.domain.messages import Message
from shroff.domain.slices import Period
from shroff.errors import ConfigError, DesignError
from shroff.measure.brief import Brief
from shroff.measure.briefing import brief_of
from shroff.measure.model_compare import stand_for_models
from shroff.measure.population import dimensions
from shroff.stats.day_jackknife import Jackknifed, jackknifed
from shroff.stats.estimate import Estimate, Status
from shroff.stats.proportions import Floats
from shroff.store.engine import Engine
from shroff.store.settings import Settings
from shroff.watch.drift_findings import LINKED, Drift, Link, PartKind, Shift, Size
from shroff.watch.drift_logs import (
    DayTable,
    LabelColumns,
    read_labels_of_days,
    read_reviewers,
    read_scores_of_days,
    read_values,
    read_words,
    scorer_of,
    table_of,
)
from shroff.watch.drift_measures import cohens_h, distances, ordered_distances, rate_and_mix

__all__ = ["compared", "drift"]

_METHOD = "jackknife by day"
_MOVED = 3
_FEWEST = 20  # labels of a share in each period
_SIZES = list(Size)


def drift(engine: Engine, brief: Brief, *, background: Period, columns: Sequence[str]) -> Drift:
    """Compare two periods.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    brief : Brief
        What to measure, from the first day of the earlier period to the last of the later.
    background : Period
        The earlier period; the later one is the rest of the brief's after it.
    columns : sequence of str
        Columns whose values are compared.

    Returns
    -------
    Drift
        How far inputs, scores and reviewers moved, and what mix and rate do to shares.

    Raises
    ------
    ConfigError
        If a column is not known.
    DesignError
        If a period has fewer than five days with ads.
    """
    later = Period(background.end, brief.period.end)
    periods = (background, later)
    frame = stand_for_models(engine, brief)
    _require(engine, brief, columns)
    shifts = [
        found
        for name in columns
        if (table := read_values(engine, name, periods=periods)) is not None
        for found in [_shift(table, name, PartKind.COLUMN, level=brief.level)]
    ]
    if not shifts:
        raise DesignError("no ad was decided in these periods", hint="take longer periods")
    scorer = scorer_of(engine)
    if scorer is not None and (scores := read_scores_of_days(engine, scorer, periods=periods)):
        shifts += _some(scores, scorer.model, PartKind.SCORE, level=brief.level)
    if (words := read_words(engine, periods=periods)) is not None:
        shifts += _some(words, "text", PartKind.TEXT, level=brief.level)
    if (reviewers := read_reviewers(engine, periods=periods)) is not None:
        shifts += _reviewers(reviewers, level=brief.level)
    labels = read_labels_of_days(engine, frame, columns, scorer=scorer)
    links = [] if labels is None else _links(labels, periods, level=brief.level)
    return Drift(
        period=later,
        background=background,
        level=brief.level,
        shifts=tuple(sorted(shifts, key=_far, reverse=True)),
        links=tuple(links),
        notes=(Message("drift.by_day"), *([] if links else [Message("drift.no_labels")])),
        snapshot=engine.snapshot,
    )


def compared(
    engine: Engine,
    settings: Settings,
    *,
    by: Sequence[str] = (),
    period: str | Period = "",
    background: str | Period = "",
    level: float = 0.95,
) -> Drift:
    """Compare two periods of a workspace; as `drift` otherwise.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    settings : Settings
        What shroff.toml says.
    by : sequence of str
        Columns; those of the settings when empty.
    period, background : str or Period
        The later and the earlier period, which ends where the later begins.
    level : float
        Coverage of the intervals, in (0, 1).

    Returns
    -------
    Drift
        What moved.

    Raises
    ------
    ConfigError
        If the earlier period does not end where the later one begins.
    """
    later = brief_of(settings, engine, by=(), period=period, level=level)
    earlier = later.period.before()
    if background:
        earlier = brief_of(settings, engine, by=(), period=background).period
    if earlier.end != later.period.start:
        raise ConfigError(
            f"{earlier.label()} does not end where {later.period.label()} begins",
            where="--background",
            hint="give the days just before the period",
        )
    whole = replace(later, period=Period(earlier.start, later.period.end))
    columns = tuple(by) or tuple(settings.slices.columns)
    return drift(engine, whole, background=earlier, columns=columns)


def _require(engine: Engine, brief: Brief, columns: Sequence[str]) -> None:
    known = dimensions(engine, brief.derived)
    for name in columns:
        if name not in known:
            close = get_close_matches(name, known, n=1)
            raise ConfigError(
                f"there is no column {name!r}",
                where="--by",
                hint=f"did you mean {close[0]!r}?" if close else "known: " + ", ".join(known),
            )


def _far(shift: Shift) -> tuple[int, float]:
    return _SIZES.index(shift.size), abs(shift.effect.value or 0.0)


def _estimate(found: Jackknifed, at: int, *, n: float, corrected: bool = True) -> Estimate:
    value = float(found.corrected[at] if corrected else found.value[at])
    off = value - float(found.corrected[at])
    return Estimate(
        value=value,
        low=float(found.low[at]) + off,
        high=float(found.high[at]) + off,
        level=found.level,
        status=Status.ESTIMATE,
        method=_METHOD,
        n=int(n),
    )


def _shift(table: DayTable, name: str, kind: PartKind, *, level: float) -> Shift:
    measure = ordered_distances if kind is PartKind.SCORE else distances
    names = ("wasserstein", "mean", "ks") if kind is PartKind.SCORE else ("total_variation",)
    found = jackknifed(measure, table.before, table.after, level=level)
    n = float(table.before.sum() + table.after.sum())
    return Shift(
        name=name,
        kind=kind,
        effect=_estimate(found, 0, n=n),
        others={each: _estimate(found, at, n=n) for at, each in enumerate(names, 1)},
        moved=() if kind is PartKind.TEXT else _moved(table),
    )


def _some(table: DayTable, name: str, kind: PartKind, *, level: float) -> list[Shift]:
    """Compare where both periods have days enough."""
    try:
        return [_shift(table, name, kind, level=level)]
    except DesignError:
        return []


def _moved(table: DayTable) -> tuple[tuple[str, float, float], ...]:
    before, after = (
        side.sum(axis=0) / max(float(side.sum()), 1.0) for side in (table.before, table.after)
    )
    order = np.argsort(-np.abs(after - before), kind="stable")[:_MOVED]
    return tuple((table.values[at], float(before[at]), float(after[at])) for at in order)


def _reviewers(table: DayTable, *, level: float) -> list[Shift]:
    """Compare the share that each group of reviewers finds violating."""
    shifts = []
    for at, name in enumerate(table.values):
        before, after = table.before[:, at], table.after[:, at]
        try:
            found = jackknifed(cohens_h, before, after, level=level)
        except DesignError:
            continue
        ends = [side.sum(axis=0) for side in (before, after)]
        shares = [float(above / max(below, 1.0)) for above, below in ends]
        shifts.append(
            Shift(
                name=name,
                kind=PartKind.REVIEWERS,
                effect=_estimate(found, 0, n=float(ends[0][1] + ends[1][1])),
                others={},
                moved=(("violating", shares[0], shares[1]),),
            )
        )
    return shifts


def _links(labels: LabelColumns, periods: tuple[Period, Period], *, level: float) -> list[Link]:
    groups: dict[str, Sequence[str]] = dict(labels.columns)
    if (labels.bin >= 0).any():
        groups = {"score": [str(each) for each in labels.bin.tolist()], **groups}
    acted = labels.action != "approve"
    sides: dict[str, tuple[NDArray[np.bool_], NDArray[np.bool_]]] = {
        "violating_share": (np.ones(len(labels.day), bool), labels.violating),
        "reject_precision": (labels.action == "reject", labels.violating),
        "machine_recall": (labels.violating, acted),
    }
    return [
        link
        for share in LINKED
        for by, value in groups.items()
        if (
            link := _link(
                labels, share, by, value, side=sides[share], periods=periods, level=level
            )
        )
    ]


def _link(
    labels: LabelColumns,
    share: str,
    by: str,
    value: Sequence[str],
    *,
    side: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    periods: tuple[Period, Period],
    level: float,
) -> Link | None:
    below, above = side
    sums: Floats = np.stack([labels.weight * (below & above), labels.weight * below], axis=1)
    rows = np.flatnonzero(below)
    names = np.asarray(value, np.str_)[rows].tolist()
    table = table_of(labels.day[rows], names, sums[rows], periods=periods)
    many = table_of(labels.day[rows], names, np.ones(len(rows)), periods=periods)
    count = [int(each.sum()) for each in (many.before, many.after)]
    if min(count) < _FEWEST:
        return None
    try:
        found = jackknifed(rate_and_mix, table.before, table.after, level=level)
    except DesignError:
        return None
    change, rate, mix = (_estimate(found, at, n=sum(count), corrected=False) for at in (2, 3, 4))
    return Link(
        share=share,
        by=by,
        before=float(found.value[0]),
        after=float(found.value[1]),
        change=change,
        mix=mix,
        rate=rate,
        labels=sum(count),
    )
