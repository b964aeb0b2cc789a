"""What a query engine must do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

import pyarrow as pa

from shroff.domain.detectors import Detector

__all__ = ["Engine"]


class Engine(Protocol):
    """Runs SQL over the canonical tables, pinned at one state of the lake.

    Each canonical table is there, empty and typed when no log came in yet; readers see the latest
    version of each row, all canonical columns, then the extra ones.
    """

    @property
    def name(self) -> str:
        """Name of the engine, e.g. ``duckdb``."""
        ...

    @property
    def snapshot(self) -> Mapping[str, int]:
        """Version of the lake each table is pinned at; a table without logs is absent."""
        ...

    def query(self, sql: str) -> pa.Table:
        """Run a query whose result fits in memory."""
        ...

    def stream(self, sql: str, *, rows: int = 65536) -> Iterator[pa.RecordBatch]:
        """Run a query and give its result batch by batch."""
        ...

    def materialise(self, name: str, sql: str, *, compact: bool = False) -> None:
        """Keep the result of a query as a table of this session, replacing one of that name.

        Parameters
        ----------
        name : str
            The table.
        sql : str
            Query.
        compact : bool
            Whether it is worth compressing: many rows, read a few times. An engine may do as it
            likes.
        """
        ...

    def attach(self, name: str, files: Sequence[str], columns: Mapping[str, str]) -> None:
        """Read Parquet files as a view of this session, replacing a view of that name.

        Parameters
        ----------
        name : str
            The view.
        files : sequence of str
            Absolute paths in the lake; none for an empty view.
        columns : mapping
            Type of each column of the view, as DuckDB names types; one that a file lacks reads as
            NULL.
        """
        ...

    def restrict(self, table: str, condition: str) -> None:
        """Show, for the rest of this session, only rows of a canonical table that meet a condition.

        Parameters
        ----------
        table : str
            The table.
        condition : str
            SQL over its columns; it may ask other tables, not this one.
        """
        ...

    def detect(
        self, sql: str, detector: Detector, *, rows: int = 65536
    ) -> Iterator[pa.RecordBatch]:
        """Run a detector over the rows of a query, in the workers where the engine has some.

        Parameters
        ----------
        sql : str
            Query.
        detector : Detector
            What reads its rows; set up once in each process.
        rows : int
            Most rows in a batch.

        Yields
        ------
        RecordBatch
            Findings, in no particular order.

        Raises
        ------
        EngineError
            If the query or the detector fails.
        """
        ...

    def text(self, sql: str) -> str:
        """Give a query in the words this engine runs."""
        ...

    def columns(self, table: str) -> dict[str, str]:
        """Name the columns of a table, view or temporary table, with their SQL types."""
        ...

    def close(self) -> None:
        """Let go of memory and files."""
        ...
