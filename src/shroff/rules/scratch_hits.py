"""Hits of a scan as a table of an engine's session, for as long as it is needed."""

from __future__ import annotations

import secrets
import shutil
import time
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from shroff.errors import EngineError
from shroff.store.arrow_types import arrow_schema
from shroff.store.engine import Engine

__all__ = ["SCRATCH", "attached"]

SCRATCH = "_scratch"
"""Folder of what a session leaves while it runs, in the lake."""

_FORSAKEN_SECONDS = 24 * 3600
_MOST_ROWS = 1 << 18


@contextmanager
def attached(
    engine: Engine,
    name: str,
    batches: Iterable[pa.RecordBatch],
    *,
    columns: Mapping[str, str],
    lake: Path,
) -> Generator[int]:
    """Give an engine a table of rows that were computed here.

    Parameters
    ----------
    engine : Engine
        Where the table is wanted.
    name : str
        The table.
    batches : iterable of RecordBatch
        Its rows, read once.
    columns : mapping
        Type of each column, as DuckDB names types.
    lake : Path
        Folder of the lake, which every worker of an engine can read.

    Yields
    ------
    int
        Rows.

    Raises
    ------
    EngineError
        If nothing can be written beside the logs.

    Notes
    -----
    The rows are in a file for as long as the table is needed; what a killed session left is
    removed by the next one, a day later.
    """
    folder = lake / SCRATCH / secrets.token_hex(8)
    try:
        _sweep(lake / SCRATCH)
        folder.mkdir(parents=True)
    except OSError as fault:
        raise EngineError(
            f"hits cannot be written beside the logs: {fault.strerror}",
            where=str(folder.parent),
            hint="see that the disk has room and that you may write there",
        ) from fault
    try:
        rows = _written(folder / "rows.parquet", batches, schema=arrow_schema(columns))
        engine.attach(name, [str(folder / "rows.parquet")] if rows else [], columns)
        yield rows
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _written(path: Path, batches: Iterable[pa.RecordBatch], *, schema: pa.Schema) -> int:
    rows = 0
    waiting: list[pa.RecordBatch] = []
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in batches:
            if not batch.num_rows:
                continue
            waiting.append(batch)
            rows += batch.num_rows
            if sum(each.num_rows for each in waiting) >= _MOST_ROWS:
                writer.write_table(pa.Table.from_batches(waiting, schema))
                waiting.clear()
        if waiting:
            writer.write_table(pa.Table.from_batches(waiting, schema))
    return rows


def _sweep(place: Path) -> None:
    for folder in place.glob("*") if place.is_dir() else ():
        if time.time() - folder.stat().st_mtime > _FORSAKEN_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)
