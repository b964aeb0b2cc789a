"""Are the logs fit to be measured?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from shroff.store.health_days import missing_days, missing_tables
from shroff.store.health_findings import Examined, Finding, Health
from shroff.store.health_labels import labelling
from shroff.store.health_lateness import late_rows, rejected_rows
from shroff.store.health_links import duplicates, links
from shroff.store.health_times import clock_skew, impossible_times
from shroff.store.health_values import spellings, values
from shroff.store.schema import TABLES

if TYPE_CHECKING:
    from shroff.store.engine import Engine
    from shroff.store.lake import Lake
    from shroff.store.settings import Settings

__all__ = ["check_health"]

_PROBES: tuple[Callable[[Examined], Iterator[Finding]], ...] = (
    missing_tables,
    missing_days,
    late_rows,
    rejected_rows,
    duplicates,
    links,
    impossible_times,
    clock_skew,
    labelling,
    values,
    spellings,
)


def check_health(
    engine: Engine, *, settings: Settings, lake: Lake, now: datetime | None = None
) -> Health:
    """Tell what is wrong with the logs, and what it does to which metrics.

    Parameters
    ----------
    engine : Engine
        The logs.
    settings : Settings
        What the workspace says of them.
    lake : Lake
        Their files, for when rows came in and which were rejected.
    now : datetime, optional
        The clock, UTC; the system's when absent.

    Returns
    -------
    Health
        The findings, worst first, without those that the settings ignore.
    """
    counts = " UNION ALL ".join(
        f"SELECT '{name}' AS name, COUNT(*) AS n FROM {name}" for name in TABLES
    )
    rows = {row["name"]: row["n"] for row in engine.query(counts).to_pylist()}
    examined = Examined(
        engine=engine, lake=lake, settings=settings, now=now or datetime.now(UTC), rows=rows
    )
    found = [each for probe in _PROBES for each in probe(examined)]
    shown = [each for each in found if each.code not in settings.check.ignore]
    return Health(
        findings=tuple(sorted(shown, key=Health.order)), rows=rows, snapshot=dict(engine.snapshot)
    )
