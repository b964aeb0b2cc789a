"""A DuckDB connection as we want it: UTC, bounded memory, faults in our words."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb
import pyarrow as pa

from shroff.errors import EngineError
from shroff.store.sql import literal, literals

__all__ = [
    "Connection",
    "connect",
    "first_value",
    "interrupt",
    "lock_to",
    "records",
    "table_of",
    "translated",
]

Connection = duckdb.DuckDBPyConnection


def connect(*, spill: Path, memory_gb: float = 1.0, threads: int | None = None) -> Connection:
    """Open an in-memory DuckDB that spills to disk.

    Parameters
    ----------
    spill : Path
        Folder for what does not fit in memory; made when needed.
    memory_gb : float
        Memory it may use, in GB.
    threads : int, optional
        Threads; one a core when absent.

    Returns
    -------
    DuckDBPyConnection
        The connection.
    """
    connection = duckdb.connect(":memory:")
    settings = [
        "SET TimeZone = 'UTC'",
        f"SET memory_limit = {literal(f'{int(memory_gb * 1000)}MB')}",
        f"SET temp_directory = {literal(str(spill))}",
        "SET async_threads = 2",  # each reads ahead into memory of its own
        "SET write_buffer_row_group_count = 1",  # a table is written as it is made
        "SET streaming_buffer_size = '1MB'",  # 10 at first
        "SET allocator_background_threads = true",  # else memory that is let go stays ours
        "SET autoinstall_known_extensions = false",
        "SET autoload_known_extensions = false",
        "SET enable_progress_bar = false",
    ]
    if threads is not None:
        settings.append(f"SET threads = {int(threads)}")
    for setting in settings:
        connection.execute(setting)
    return connection


def lock_to(connection: Connection, folders: Iterable[Path]) -> None:
    """Let a connection read and write in some folders only, whatever it is asked later.

    Parameters
    ----------
    connection : DuckDBPyConnection
        The connection; its settings cannot be changed afterwards.
    folders : iterable of Path
        Folders it may use.
    """
    known = {str(path) for folder in folders for path in (folder, folder.resolve())}
    connection.execute(f"SET allowed_directories = [{literals(sorted(known))}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def table_of(connection: Connection, sql: str) -> pa.Table:
    """Run a query and give all its rows as an Arrow table."""
    result: pa.Table = connection.sql(sql).to_arrow_table()
    return result


def records(connection: Connection, sql: str) -> list[dict[str, object]]:
    """Run a query with few rows and give them as records."""
    rows: list[dict[str, object]] = table_of(connection, sql).to_pylist()
    return rows


def first_value(connection: Connection, sql: str) -> int:
    """Run a query that gives one count."""
    (record,) = records(connection, sql)
    (value,) = record.values()
    return int(str(value)) if value is not None else 0


def interrupt(connection: Connection) -> None:
    """Stop what a connection works on, from any thread; nothing where it is closed already."""
    with suppress(duckdb.ConnectionException):
        connection.interrupt()


@contextmanager
def translated(*, where: str = "", hint: str = "") -> Generator[None]:
    """Turn a fault of DuckDB into an `EngineError`.

    Parameters
    ----------
    where : str
        Place to name.
    hint : str
        Advice to give; when empty, DuckDB's own second line is used.

    Raises
    ------
    EngineError
        If DuckDB refuses.
    KeyboardInterrupt
        If the user stopped it.
    """
    try:
        yield
    except duckdb.InterruptException as error:
        raise KeyboardInterrupt from error
    except duckdb.Error as error:
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        advice = hint or next((line for line in lines[1:] if "andidate" in line), "")
        raise EngineError(
            lines[0] if lines else "query failed", where=where, hint=advice
        ) from error
