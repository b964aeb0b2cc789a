"""What is known of an ad as a page shows it: texts bounded, contact details masked, events in order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from shroff.advise.live_ads import LiveAd
from shroff.advise.live_rules import LiveRules
from shroff.measure.ad_file import AD_LOGS, AdFile, LogRow
from shroff.rules.masking import masked
from shroff.rules.rule import FIELDS
from shroff.store.schema import TABLES
from shroff.web.find_requests import LONGEST_TEXT, shown_text

__all__ = ["ad_record"]

_TEXTS = tuple(name for name in FIELDS if name != "landing_url")
_REFS = ("landing_url", "landing_final_url", "media_ref", "thumbnail_ref")
_TOLD_APART = frozenset({*_TEXTS, *_REFS, "ad_id", "ad_version"})
_TIMES: Mapping[str, tuple[str, ...]] = {
    "decisions": ("decided_at",),
    "scores": ("scored_at",),
    "judgements": ("judged_at",),
    "hits": ("hit_at",),
    "reviews": ("enqueued_at", "decided_at"),
    "appeals": ("filed_at", "decided_at"),
    "reports": ("filed_at",),
}


def ad_record(file: AdFile, rules: LiveRules) -> dict[str, Any]:
    """Give what is known of an ad as a JSON-ready record.

    Parameters
    ----------
    file : AdFile
        What the logs say.
    rules : LiveRules
        Rules of the workspace, to be tried on each version.

    Returns
    -------
    dict
        Versions with their texts, links, columns and the rules that fire on them; the rows of each
        log; what was served; other ads with the same creative or landing page; what happened when.
    """
    return {
        "ad_id": file.ad_id,
        "versions": [_version(row, file, rules) for row in file.versions],
        "logs": {
            name: [_row(row) for row in file.logs[name]]
            for name in AD_LOGS
            if name != "impressions"
        },
        "cut": list(file.cut),
        "served": _served(file.logs["impressions"]),
        "alike": {name: [_row(row) for row in rows] for name, rows in file.alike.items()},
        "timeline": sorted(_events(file), key=lambda event: str(event["at"])),
        "snapshot": dict(file.snapshot),
    }


def _version(row: LogRow, file: AdFile, rules: LiveRules) -> dict[str, Any]:
    number = int(row["ad_version"] or 1)
    values = {name: _value(value) for name, value in row.items()}
    ad = LiveAd(file.ad_id, number, {n: v for n, v in values.items() if not isinstance(v, list)})
    truth = file.truth.get(number)
    return {
        "version": number,
        "texts": {name: shown_text(masked(str(row[name]))) for name in _TEXTS if row.get(name)},
        "links": {name: str(row[name])[:LONGEST_TEXT] for name in _REFS if row.get(name)},
        "columns": {
            name: value
            for name, value in values.items()
            if name not in _TOLD_APART and value is not None
        },
        "rules": [fired.record() for fired in rules.on([ad])[0]],
        "truth": _row(truth) if truth else None,
    }


def _row(row: LogRow) -> dict[str, Any]:
    return {
        name: masked(value[:LONGEST_TEXT]) if isinstance(value := _value(each), str) else value
        for name, each in row.items()
        if each is not None and name != "ad_id"
    } | ({"ad_id": str(row["ad_id"])} if "ad_id" in row else {})


def _value(value: object) -> Any:  # noqa: ANN401 - whatever JSON holds
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str | int | float | bool | list) or value is None:
        return value
    return str(value)


def _served(rows: Sequence[LogRow]) -> dict[str, Any]:
    days = [{"day": str(row["day"]), "impressions": int(row["impressions"] or 0)} for row in rows]
    return {
        "impressions": sum(int(row["impressions"] or 0) for row in rows),
        "clicks": sum(int(row["clicks"] or 0) for row in rows),
        "spend": sum(float(row["spend"] or 0) for row in rows),
        "days": sorted(days, key=lambda each: str(each["day"])),
    }


def _events(file: AdFile) -> Iterator[dict[str, Any]]:
    """List what happened to the ad, each with its log and the row there."""
    for row in file.versions:
        yield _event("ads", row, column=TABLES["ads"].time, place=0)
    for log, columns in _TIMES.items():
        for place, row in enumerate(file.logs[log]):
            for column in columns:
                if row.get(column) is not None:
                    yield _event(log, row, column=column, place=place)
    days = [row["day"] for row in file.logs["impressions"]]
    if days:
        for name, day in (("first", min(days)), ("last", max(days))):
            yield {"at": f"{day}T00:00:00+00:00", "log": "impressions", "what": name, "row": 0}


def _event(log: str, row: LogRow, *, column: str, place: int) -> dict[str, Any]:
    version = row.get("ad_version")
    return {
        "at": _value(row[column]),
        "log": log,
        "what": column,
        "row": place,
        "version": None if version is None else int(version),
    }
