"""Rows that were refused: kept with file, line, column, value and reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from shroff.store.connection import Connection
from shroff.store.lake import QUARANTINE, Lake
from shroff.store.opened import Fault
from shroff.store.parquet import write_one
from shroff.store.snapshot import scan
from shroff.store.sql import ident, literal

__all__ = ["QUARANTINE_COLUMNS", "Refusals"]

QUARANTINE_COLUMNS = {
    "table": "VARCHAR",
    "ingest_id": "VARCHAR",
    "file": "VARCHAR",
    "line": "BIGINT",
    "column": "VARCHAR",
    "value": "VARCHAR",
    "reason": "VARCHAR",
    "raw": "VARCHAR",
    "at": "TIMESTAMPTZ",
}

_SAME = ("table", "file", "line", "column", "value", "reason", "raw")


@dataclass(slots=True)
class Refusals:
    """Collects the refused rows of one ingest, on disk.

    Parameters
    ----------
    table : str
        Canonical table.
    ingest : str
        Id of the ingest.
    at : str
        Its time, ISO 8601.
    folder : Path
        Staging folder.
    reasons : Counter
        Rows refused by reason.
    pieces : list of Path
        Files written so far.
    faults : int
        Faults of whole files among them.
    """

    table: str
    ingest: str
    at: str
    folder: Path
    reasons: Counter[str] = field(default_factory=Counter[str])
    pieces: list[Path] = field(default_factory=list[Path])
    faults: int = 0

    @property
    def total(self) -> int:
        """Rows refused."""
        return self.reasons.total()

    def add_rows(self, connection: Connection, diagnosis: str, *, file: str) -> int:
        """Keep the rows that a diagnosis explains.

        Parameters
        ----------
        connection : DuckDBPyConnection
            Where to run it.
        diagnosis : str
            Query giving line, column, value, reason and raw.
        file : str
            File they come from.

        Returns
        -------
        int
            Rows kept.
        """
        constants = {"table": self.table, "ingest_id": self.ingest, "file": file}
        shown = ", ".join(
            f"{literal(constants[name])} AS {ident(name)}"
            if name in constants
            else f"CAST({literal(self.at)} AS TIMESTAMPTZ) AS {ident(name)}"
            if name == "at"
            else f"CAST({ident(name)} AS {kind}) AS {ident(name)}"
            for name, kind in QUARANTINE_COLUMNS.items()
        )
        target = self._next()
        written = write_one(connection, f"SELECT {shown} FROM ({diagnosis})", target=target)
        for batch in pq.ParquetFile(target).iter_batches(columns=["reason"]):
            self.reasons.update(batch.column(0).to_pylist())
        return written.rows

    def add_faults(self, faults: Sequence[Fault], *, file: str) -> None:
        """Keep what is wrong with a file as a whole; each counts as one row."""
        if not faults:
            return
        rows = pa.table(
            {
                "table": [self.table] * len(faults),
                "ingest_id": [self.ingest] * len(faults),
                "file": [file] * len(faults),
                "line": [fault.line for fault in faults],
                "column": [fault.column for fault in faults],
                "value": pa.array([fault.value or None for fault in faults], pa.string()),
                "reason": [str(fault.reason) for fault in faults],
                "raw": pa.array([fault.raw or None for fault in faults], pa.string()),
                "at": pa.array([self.at] * len(faults)).cast(pa.timestamp("us", "UTC")),
            }
        )
        pq.write_table(rows, self._next())
        self.faults += len(faults)
        self.reasons.update(str(fault.reason) for fault in faults)

    def publish(self, connection: Connection, lake: Lake) -> None:
        """Add them to the lake, except those that it has from an earlier ingest of the file."""
        if not self.total:
            return
        columns = ", ".join(map(ident, QUARANTINE_COLUMNS))
        paths = ", ".join(literal(str(piece)) for piece in self.pieces)
        query = f"SELECT {columns} FROM read_parquet([{paths}]) AS fresh"
        known = lake.state(QUARANTINE)
        if known is not None:
            same = " AND ".join(
                f"known.{ident(name)} IS NOT DISTINCT FROM fresh.{ident(name)}" for name in _SAME
            )
            old = scan(QUARANTINE_COLUMNS, known.files)
            query += f" WHERE NOT EXISTS (SELECT 1 FROM ({old}) AS known WHERE {same})"
        file = write_one(connection, query, target=self.folder / "quarantine.parquet")
        if file.rows:
            lake.publish(QUARANTINE, [file], columns=QUARANTINE_COLUMNS, work=self.ingest)

    def _next(self) -> Path:
        path = self.folder / f"refused-{len(self.pieces):05}.parquet"
        self.pieces.append(path)
        return path
