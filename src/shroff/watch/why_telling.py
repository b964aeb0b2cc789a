"""Why a figure changed, in sentences and as a table."""

from __future__ import annotations

import pyarrow as pa

from shroff.domain.messages import Message, number, percent, points
from shroff.measure.slice_findings import named
from shroff.store.catalog_findings import Finding, finding_id
from shroff.watch.logged_changes import LoggedChange
from shroff.watch.why_findings import Cause, Contribution, Moved, Split, SplitPart, Why

__all__ = [
    "added",
    "cause_sentences",
    "change_sentence",
    "end",
    "figure",
    "findings_of",
    "remarks",
    "split_sentence",
    "to_arrow",
    "with_interval",
]


def figure(why: Why, value: float | None) -> str:
    """Write a figure: a share, or a count a day.

    Parameters
    ----------
    why : Why
        What it belongs to.
    value : float or None
        The figure; None where there is none.

    Returns
    -------
    str
        The same in every language.
    """
    if value is None:
        return "–"
    return number(value / why.period.days) if why.is_count else percent(value)


def added(why: Why, value: float) -> str:
    """Write what something adds, in both languages: percentage points, or a count a day."""
    shown = end(why, value)
    return shown if why.is_count else f"{shown} points|{shown} 个百分点"


def end(why: Why, value: float) -> str:
    """Write an end of an interval of what something adds, without its unit."""
    return f"{value / why.period.days:+,.4g}" if why.is_count else points(value)


def with_interval(why: Why, told: Contribution) -> str:
    """Write a contribution with its interval, in both languages."""
    value, low, high = (end(why, each) for each in (told.value, told.low, told.high))
    unit = ("", "") if why.is_count else (" points", " 个百分点")
    return f"{value}{unit[0]} ({low} to {high})|{value}{unit[1]}（{low} 至 {high}）"


def change_sentence(why: Why) -> Message:
    """Say what changed.

    Parameters
    ----------
    why : Why
        The answer.

    Returns
    -------
    Message
        Both figures, and the change with its interval.
    """
    return Message(
        "why.change",
        {
            "metric": f"{why.metric.name_en}|{why.metric.name_zh}",
            "before": figure(why, why.before),
            "after": figure(why, why.after),
            "against": why.against.label(),
            "period": why.period.label(),
            "change": added(why, why.change.value),
            "low": end(why, why.change.low),
            "high": end(why, why.change.high),
            "level": f"{100 * why.level:g}%",
        },
    )


def cause_sentences(why: Why, cause: Cause) -> tuple[Message, ...]:
    """Say what a slice adds, since when, and what was done about then.

    Parameters
    ----------
    why : Why
        The answer.
    cause : Cause
        One of its causes.

    Returns
    -------
    tuple of Message
        One to four sentences.
    """
    shares = _shares(cause)
    told = [
        Message(
            f"why.cause.{cause.moved}",
            {
                "slice": named(cause.slice),
                "before": figure(why, cause.before),
                "after": figure(why, cause.after),
                "total": added(why, cause.total.value),
                "low": end(why, cause.total.low),
                "high": end(why, cause.total.high),
                **shares,
            },
        )
    ]
    if why.change.sure:
        told.append(Message("why.share", {"share": f"{100 * cause.share:.0f}%"}))
    if cause.since is not None:
        told.append(Message("why.since", {"day": str(cause.since)}))
    if cause.suspect is not None:
        told.append(suspect_sentence(cause.suspect))
    return tuple(told)


def _shares(cause: Cause) -> dict[str, str]:
    if cause.moved not in {Moved.VOLUME, Moved.BOTH}:
        return {}
    return {"share_before": percent(cause.share_before), "share_after": percent(cause.share_after)}


def suspect_sentence(logged: LoggedChange) -> Message:
    """Name an entry of the log of changes as a suspect."""
    return Message("why.suspect", {"day": str(logged.day), "what": logged.text})


def split_sentence(why: Why, split: Split) -> Message:
    """Say how a dimension splits the change into rate and mix.

    Parameters
    ----------
    why : Why
        The answer.
    split : Split
        One of its splits.

    Returns
    -------
    Message
        A Simpson case says so.
    """
    if split.within is None:
        return Message("why.split_count", {"dimension": split.dimension})
    return Message(
        "why.reversed" if split.reversed else "why.split",
        {
            "dimension": split.dimension,
            "within": added(why, split.within.value),
            "low": end(why, split.within.low),
            "high": end(why, split.within.high),
            "mix": added(why, why.change.value - split.within.value),
            "change": added(why, why.change.value),
        },
    )


def remarks(why: Why) -> tuple[Message, ...]:
    """Say what was searched and found, and what to know of it.

    Parameters
    ----------
    why : Why
        The answer.

    Returns
    -------
    tuple of Message
        In the order in which they are read.
    """
    told = []
    if why.factor != 1.0:
        told.append(Message("why.everywhere", {"factor": f"{why.factor:.3g}"}))
    if why.causes:
        explained = f"{100 * why.explained:.0f}%"
        told.append(
            Message(
                "why.found" if why.change.sure else "why.found_alone",
                {"slices": why.slices, "listed": len(why.causes), "explained": explained},
            )
        )
    else:
        if not why.unlisted:
            told.append(Message("why.none", {"slices": why.slices}))
        if why.suspect is not None and why.change.sure:
            told.append(suspect_sentence(why.suspect))
    if why.unlisted:
        told.append(Message("why.unlisted", {"count": why.unlisted}))
    return (*told, *why.notes)


def findings_of(why: Why) -> tuple[Finding, ...]:
    """Give each cause as a finding to keep.

    Parameters
    ----------
    why : Why
        The answer.

    Returns
    -------
    tuple of Finding
        Slices may have moved though the whole stayed.
    """
    return tuple(
        Finding(
            id=finding_id("cause", subject, onset=str(cause.since or why.period.start)),
            kind="cause",
            subject=subject,
            detail={
                "metric": why.metric.id,
                "period": why.period.label(),
                "against": why.against.label(),
                "change": why.change.record(),
                **cause.record(),
            },
        )
        for cause in why.causes
        for subject in [f"{why.metric.id}: {named(cause.slice)}"]
    )


def to_arrow(why: Why) -> pa.Table:
    """Give causes and splits as one table: a row each.

    Parameters
    ----------
    why : Why
        The answer.

    Returns
    -------
    Table
        Columns ``kind`` (``cause`` or ``split``), ``dimension``, ``slice``, figures and
        contributions with their intervals.
    """
    rows = [_cause_row(cause) for cause in why.causes]
    rows += [_part_row(split, part) for split in why.splits for part in split.parts]
    texts = {"metric", "kind", "dimension", "slice", "moved", "since", "suspect"}
    whole = {"n_before", "n_after"}
    schema = pa.schema(
        [
            (n, pa.string() if n in texts else pa.int64() if n in whole else pa.float64())
            for n in _NAMES
        ]
    )
    return pa.Table.from_pylist([{"metric": why.metric.id, **row} for row in rows], schema=schema)


_NAMES = (
    "metric", "kind", "dimension", "slice", "moved", "before", "after", "n_before", "n_after",
    "rate", "rate_low", "rate_high", "mix", "mix_low", "mix_high", "total", "total_low",
    "total_high", "share_of_change", "since", "suspect",
)  # fmt: skip


def _figures(told: Cause | SplitPart) -> dict[str, object]:
    row: dict[str, object] = {
        "before": told.before,
        "after": told.after,
        "n_before": told.n_before,
        "n_after": told.n_after,
    }
    for name, each in (("rate", told.rate), ("mix", told.mix), ("total", told.total)):
        if each is not None:
            row |= {name: each.value, f"{name}_low": each.low, f"{name}_high": each.high}
    return row


def _cause_row(cause: Cause) -> dict[str, object]:
    return {
        "kind": "cause",
        "slice": named(cause.slice),
        "moved": cause.moved.value,
        "share_of_change": cause.share,
        "since": str(cause.since) if cause.since else None,
        "suspect": cause.suspect.text if cause.suspect else None,
        **_figures(cause),
    }


def _part_row(split: Split, part: SplitPart) -> dict[str, object]:
    value = f"({part.others})" if part.others else part.value
    return {"kind": "split", "dimension": split.dimension, "slice": value, **_figures(part)}
