"""Forgetting that lasts: what is removed is remembered by hash, and kept out afterwards."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from shroff.errors import ConfigError
from shroff.store.retention import (
    Erasure,
    forget_advertiser,
    forget_reviewer,
    remove_expired,
    remove_returned,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from shroff.store.catalog import Catalog
    from shroff.store.ingest_report import IngestReport
    from shroff.store.lake import Lake

__all__ = ["forget", "kept_out", "retain"]


def forget(lake: Lake, catalog: Catalog, *, kind: str, identity: str) -> Erasure:
    """Remove somebody for good, and remember the hashes that keep them out.

    Parameters
    ----------
    lake : Lake
        The logs.
    catalog : Catalog
        What remembers it.
    kind : str
        ``advertiser`` or ``reviewer``.
    identity : str
        The id of the user's files.

    Returns
    -------
    Erasure
        What was removed.

    Raises
    ------
    ConfigError
        If nobody is named.
    EngineError
        If the workspace cannot be written.
    """
    remove = {"advertiser": forget_advertiser, "reviewer": forget_reviewer}.get(kind)
    if remove is None or not identity.strip():
        raise ConfigError("say whom to forget", hint="shroff forget advertiser|reviewer ID")
    catalog.writable()
    erasure = remove(lake, identity, remember=catalog.add_tombstones)
    catalog.add_audit(f"forget {kind}", subject=erasure.subject, detail=dict(erasure.removed))
    return erasure


def kept_out(lake: Lake, catalog: Catalog, report: IngestReport) -> IngestReport:
    """Remove again what an ingest brought back of the forgotten.

    Parameters
    ----------
    lake : Lake
        The logs.
    catalog : Catalog
        What remembers the forgotten; told of the ads that are found to be theirs.
    report : IngestReport
        The ingest.

    Returns
    -------
    IngestReport
        The same, with the rows removed again.
    """
    tombstones = catalog.tombstones()
    if not tombstones:
        return report
    removed = remove_returned(
        lake,
        report.table,
        tombstones=tombstones,
        settled=catalog.ingests(),
        remember=catalog.add_tombstones,
    )
    return replace(report, forgotten=removed)


def retain(
    lake: Lake, catalog: Catalog, days: Mapping[str, int], *, now: datetime
) -> dict[str, int]:
    """Remove rows that are older than they may be, and remember that it was done.

    Parameters
    ----------
    lake : Lake
        The logs.
    catalog : Catalog
        What remembers it.
    days : mapping
        Days each table is kept.
    now : datetime
        The clock, UTC.

    Returns
    -------
    dict of int
        Rows removed, by table.
    """
    removed = remove_expired(lake, days, now=now)
    for table, rows in removed.items():
        catalog.add_audit("retention", subject=table, detail={"rows": rows})
    return removed
