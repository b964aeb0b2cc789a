"""What changed on which day, and what policies are called: read from the logs."""

from __future__ import annotations

from datetime import datetime

from shroff.domain.messages import Message
from shroff.domain.phrasebook import PHRASEBOOK
from shroff.domain.slices import Period
from shroff.report.document import Event
from shroff.report.wording import Bilingual, Plain, Sayable, Sentence
from shroff.store.engine import Engine
from shroff.store.sql import literal

__all__ = ["events", "policy_names"]


def events(engine: Engine, period: Period) -> tuple[Event, ...]:
    """Read the change log.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    period : Period
        Days wanted.

    Returns
    -------
    tuple of Event
        In order of time, days in UTC.
    """
    start, end = (
        literal(datetime(day.year, day.month, day.day))  # noqa: DTZ001 - literal() reads it as UTC
        for day in (period.start, period.end)
    )
    rows = engine.query(
        "SELECT CAST(c.at AS DATE) AS day, kind, what, scope, note FROM changes AS c"
        f" WHERE c.at >= {start} AND c.at < {end} ORDER BY c.at, change_id"
    ).to_pylist()
    return tuple(Event(row["day"], _sentence(row)) for row in rows)


def _sentence(row: dict[str, str | None]) -> Sayable:
    key = f"report.event.{row['kind']}"
    kind = Message(key) if key in PHRASEBOOK else Plain(row["kind"] or "")
    said = [text for name in ("what", "scope", "note") if (text := row[name])]
    return Sentence("report.event", {"kind": kind, "what": " · ".join(said)})


def policy_names(engine: Engine) -> dict[str, Bilingual]:
    """Read what policies are called now.

    Parameters
    ----------
    engine : Engine
        Where the logs are.

    Returns
    -------
    dict of str to Bilingual
        Names by id; the id where a name is missing.
    """
    rows = engine.query(
        "SELECT policy_id, name_en, name_zh FROM policies ORDER BY policy_id, effective_from, version"
    ).to_pylist()
    return {row["policy_id"]: _name(row) for row in rows}


def _name(row: dict[str, str]) -> Bilingual:
    english = row["name_en"] or row["name_zh"] or row["policy_id"]
    return Bilingual(english, row["name_zh"] or english)
