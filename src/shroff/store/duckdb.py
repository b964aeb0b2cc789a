"""The default engine: DuckDB over the Parquet files of a pinned state of the lake."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Self

import pyarrow as pa

from shroff.domain.detectors import Detector
from shroff.errors import EngineError, TakenBackError
from shroff.store import views
from shroff.store.connection import connect, interrupt, lock_to, table_of, translated
from shroff.store.detecting import detected_here
from shroff.store.hiding import with_hidden
from shroff.store.lake import Lake
from shroff.store.pseudonyms import give_key
from shroff.store.schema import TABLES
from shroff.store.snapshot import DataFile, scan
from shroff.store.sql import ident, literal

__all__ = ["DuckDBEngine"]

_PACKED = "packed"
_STOPPING, _STOPPING_SECONDS = 100, 0.05
_WIDE = frozenset({"ads"})
"""Tables whose rows are looked for each time: few questions need their texts."""


class DuckDBEngine:
    """DuckDB, one view a canonical table, pinned when opened.

    Parameters
    ----------
    lake : Lake
        Logs.
    snapshot : mapping, optional
        Version of the lake to pin each table at; the latest when absent. With a mapping, a table
        it does not name is empty.
    memory_gb : float
        Memory DuckDB may use before it spills.
    threads : int, optional
        Threads; one a core when absent.
    spill : Path
        Folder to spill to.
    readable : sequence of Path
        Folders that queries may read beside the lake; whatever SQL a setting gives, no other file
        can be read or written.
    hidden : collection of str
        Columns, or table.column, that are read as pseudonyms.
    """

    name = "duckdb"

    def __init__(
        self,
        lake: Lake,
        *,
        snapshot: Mapping[str, int] | None = None,
        memory_gb: float = 1.0,
        threads: int | None = None,
        spill: Path,
        readable: Sequence[Path] = (),
        hidden: Collection[str] = (),
    ) -> None:
        pinned: dict[str, int] = {}
        self._columns: dict[str, dict[str, str]] = {}
        self._spill = spill
        self._packed: bool | None = None
        self._unsettled: set[str] = set()
        self._stopped = False
        self._asking = 0
        self._connection = connect(spill=spill, memory_gb=memory_gb, threads=threads)
        if hidden:
            give_key(self._connection, lake.root)
        for name, contract in TABLES.items():
            state = None
            if snapshot is None or name in snapshot:
                state = lake.state(name, version=snapshot[name] if snapshot else None)
            query = views.latest(contract, state) if state else views.empty(contract)
            shown = self._columns[name] = views.visible(contract, state)
            query = with_hidden(query, table=name, columns=shown, hidden=hidden)
            self._connection.execute(f"CREATE VIEW {ident(name)} AS {query}")
            if state is not None:
                pinned[name] = state.version
        lock_to(self._connection, [lake.root, spill, *readable])
        self.snapshot: Mapping[str, int] = MappingProxyType(pinned)

    def query(self, sql: str) -> pa.Table:
        """Run a query whose result fits in memory."""
        self._settle(sql)
        with self._asked():
            return table_of(self._connection, sql)

    def stream(self, sql: str, *, rows: int = 65536) -> Iterator[pa.RecordBatch]:
        """Run a query and give its result batch by batch."""
        self._settle(sql)
        with self._asked():
            for batch in self._connection.sql(sql).to_arrow_reader(rows):
                yield batch
                self._go_on()

    def materialise(self, name: str, sql: str, *, compact: bool = False) -> None:
        """Keep the result of a query as a table of this session, replacing one of that name."""
        self._settle(sql)
        self._columns.pop(name, None)
        if not (compact and self._has_file()):
            self.execute(f"CREATE OR REPLACE TEMP TABLE {ident(name)} AS {sql}")
            return
        kept = f"{_PACKED}.main.{ident(name)}"
        self.execute(f"CREATE OR REPLACE TABLE {kept} AS {sql}")
        self.execute(f"CREATE OR REPLACE TEMP VIEW {ident(name)} AS SELECT * FROM {kept}")

    def _has_file(self) -> bool:
        """Tell whether tables can go to a file of this session, which DuckDB compresses."""
        if self._packed is None:
            path = self._spill / f"session-{secrets.token_hex(8)}.duckdb"
            try:
                self._spill.mkdir(parents=True, exist_ok=True)
                self.execute(
                    f"ATTACH {literal(str(path))} AS {_PACKED} (RECOVERY_MODE no_wal_writes)"
                )
                path.unlink()  # so that nothing is left of it however this process ends
            except (OSError, EngineError):
                self._packed = False
            else:
                self._packed = True
        return self._packed

    def attach(self, name: str, files: Sequence[str], columns: Mapping[str, str]) -> None:
        """Read Parquet files as a view of this session, replacing a view of that name."""
        rows = scan(dict(columns), tuple(DataFile(path, 0, 1) for path in files))
        typed = ", ".join(
            f"CAST({ident(column)} AS {kind}) AS {ident(column)}"
            for column, kind in columns.items()
        )
        self.execute(
            f"CREATE OR REPLACE TEMP VIEW {ident(name)} AS SELECT {typed} FROM ({rows}) AS files"
        )
        self._columns[name] = {column: _short(kind) for column, kind in columns.items()}

    def restrict(self, table: str, condition: str) -> None:
        """Show only rows of a canonical table that meet a condition."""
        self.execute(
            f"CREATE OR REPLACE TEMP VIEW {ident(table)} AS "
            f"SELECT * FROM memory.main.{ident(table)} WHERE {condition}"
        )
        if table not in _WIDE:
            self._unsettled.add(table)

    def _settle(self, sql: str) -> None:
        """Look for the rows of restricted tables once, when a query first asks for them."""
        for table in sorted(each for each in self._unsettled if re.search(rf"\b{each}\b", sql)):
            self._unsettled.discard(table)
            rows = f"settled_{table}"
            self.materialise(rows, f"SELECT * FROM {ident(table)}", compact=True)
            self.execute(
                f"CREATE OR REPLACE TEMP VIEW {ident(table)} AS SELECT * FROM {ident(rows)}"
            )

    def detect(
        self, sql: str, detector: Detector, *, rows: int = 65536
    ) -> Iterator[pa.RecordBatch]:
        """Run a detector over the rows of a query, in this process."""
        return detected_here(self.stream(sql, rows=rows), detector)

    def execute(self, statement: str) -> None:
        """Run a statement of DuckDB's own that gives no rows."""
        with self._asked():
            self._connection.execute(statement)

    def text(self, sql: str) -> str:
        """Give a query in the words this engine runs: those it was written in."""
        return sql

    def columns(self, table: str) -> dict[str, str]:
        """Name the columns of a table, view or temporary table, with their SQL types."""
        if table in self._columns:  # asking DuckDB would open every file of the log
            return dict(self._columns[table])
        with translated():
            described = table_of(self._connection, f"DESCRIBE {ident(table)}").to_pylist()
        return {row["column_name"]: _short(row["column_type"]) for row in described}

    def stop(self) -> None:
        """Give up what is asked of it now, and refuse what is asked later; from any thread."""
        self._stopped = True
        for _ in range(_STOPPING):  # a query that is about to begin does not heed the first time
            interrupt(self._connection)
            if not self._asking:
                return
            time.sleep(_STOPPING_SECONDS)

    @contextmanager
    def _asked(self) -> Generator[None]:
        self._asking += 1
        try:
            self._go_on()
            with translated():
                yield
        except KeyboardInterrupt:
            self._go_on()
            raise
        finally:
            self._asking -= 1

    def _go_on(self) -> None:
        if self._stopped:
            raise TakenBackError("this question was taken back")

    def close(self) -> None:
        """Let go of memory and files."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _short(kind: str) -> str:
    return kind.replace("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ")
