"""Logs taken in, and what is remembered of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path

from shroff.store.catalog import Catalog
from shroff.store.forgetting import kept_out
from shroff.store.ingest import IngestProgress, IngestReport, ingest
from shroff.store.lake import Lake
from shroff.store.opening import refuse_mapped
from shroff.store.settings import Settings

__all__ = ["take_in"]


def take_in(
    lake: Lake,
    catalog: Catalog,
    settings: Settings,
    *,
    table: str,
    files: Iterable[str | Path],
    progress: Callable[[IngestProgress], None] | None = None,
) -> IngestReport:
    """Read log files into a table; who was forgotten stays forgotten.

    Parameters
    ----------
    lake : Lake
        Where to.
    catalog : Catalog
        Remembers it.
    settings : Settings
        How files become tables.
    table : str
        Canonical table.
    files : iterable of str or Path
        Files, folders and globs.
    progress : callable, optional
        Told how far it is.

    Returns
    -------
    IngestReport
        How many rows went where.
    """
    refuse_mapped(settings, table)
    places = [Path(each) for each in files]
    args = {"table": table, "files": [str(place) for place in places]}
    with catalog.run("ingest", args=args, snapshot=lake.snapshot()) as run:
        report = ingest(
            lake,
            table,
            places,
            mapping=settings.mapping_of(table),
            progress=progress,
            memory_gb=0.7 * settings.engine.memory_gb,  # the reader itself needs some
            threads=settings.engine.threads,
        )
        report = kept_out(lake, catalog, report)
        catalog.add_ingest(report.ingest_id, table=table, summary=asdict(report), run=run)
    return report
