"""The one door by which single rows enter Python: as Arrow batches, never as objects."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from shroff.store.engine import Engine

__all__ = ["rows", "rows_table"]


def rows(engine: Engine, sql: str, *, batch: int = 65536) -> Iterator[pa.RecordBatch]:
    """Give the rows of a query, batch by batch, in memory that does not grow with their number.

    Parameters
    ----------
    engine : Engine
        Engine to ask.
    sql : str
        Query.
    batch : int
        Most rows in a batch.

    Yields
    ------
    RecordBatch
        Rows; an empty result gives no batch.
    """
    for piece in engine.stream(sql, rows=batch):
        if piece.num_rows:
            yield piece


def rows_table(engine: Engine, sql: str) -> pa.Table:
    """Give all rows of a query at once; where there are none, its columns still.

    Parameters
    ----------
    engine : Engine
        Engine to ask.
    sql : str
        Query.

    Returns
    -------
    Table
        Rows, which must fit in memory.
    """
    batches = list(rows(engine, sql))
    if batches:
        return pa.Table.from_batches(batches)
    return engine.query(f"SELECT * FROM ({sql}) AS nothing LIMIT 0")
