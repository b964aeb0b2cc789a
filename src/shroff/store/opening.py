"""Which engine answers: the one the settings name, opened over a workspace."""

from __future__ import annotations

from collections.abc import Collection, Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from shroff.errors import ConfigError
from shroff.store.lake import Lake
from shroff.store.settings import Settings

if TYPE_CHECKING:
    from shroff.store.engine import Engine
    from shroff.store.spark import SparkEngine

__all__ = ["open_engine", "refuse_mapped"]


@contextmanager
def open_engine(
    lake: Lake,
    settings: Settings,
    *,
    folder: Path,
    snapshot: Mapping[str, int] | None = None,
    readable: Sequence[Path] = (),
    hidden: Collection[str] = (),
) -> Generator[Engine]:
    """Open the engine that the settings name.

    Parameters
    ----------
    lake : Lake
        Logs.
    settings : Settings
        Of the workspace.
    folder : Path
        Folder of the workspace: what is spilled and what Java says goes there.
    snapshot : mapping, optional
        Version of the lake to pin each table at; the latest when absent.
    readable : sequence of Path
        Folders that queries may read beside the lake; of duckdb.
    hidden : collection of str
        Columns, or table.column, that are read as pseudonyms; of duckdb.

    Yields
    ------
    Engine
        The engine, open.

    Raises
    ------
    ConfigError
        If tables are mapped and the engine cannot read them, or it cannot hide columns.
    """
    if settings.engine.name == "spark" and hidden:
        raise ConfigError(
            "your role does not see all columns, and Spark cannot hide them",
            where="[web.hide]",
            hint="an admin may serve the dashboard with --engine duckdb",
        )
    if settings.engine.name == "spark":
        with _spark(lake, settings, folder, snapshot) as engine:
            yield engine
        return
    if settings.engine.tables:
        raise ConfigError(
            f"{next(iter(settings.engine.tables))} is mapped onto a table of Spark, "
            "which duckdb does not read",
            where="[engine.tables]",
            hint='set [engine] name = "spark", or ask with --engine spark',
        )
    from shroff.store.duckdb import DuckDBEngine  # noqa: PLC0415 - only the engine asked for

    with DuckDBEngine(
        lake,
        snapshot=snapshot,
        memory_gb=settings.engine.memory_gb,
        threads=settings.engine.threads,
        spill=folder / "tmp",
        readable=readable,
        hidden=hidden,
    ) as engine:
        yield engine


def _spark(
    lake: Lake, settings: Settings, folder: Path, snapshot: Mapping[str, int] | None
) -> SparkEngine:
    from shroff.store.spark import MappedTable, SparkEngine, SparkOptions  # noqa: PLC0415

    wanted = settings.engine
    options = SparkOptions(
        master=wanted.master,
        app_name=wanted.app_name,
        conf={name: _conf_value(value) for name, value in wanted.conf.items()},
        python=wanted.python,
        scratch=wanted.scratch,
        wait_seconds=wanted.wait_seconds,
        log=folder / "logs" / "spark.log",
    )
    tables = {
        name: MappedTable(place, settings.mapping_of(name))
        for name, place in wanted.tables.items()
    }
    return SparkEngine(lake, options, snapshot=snapshot, tables=tables)


def _conf_value(value: str | bool | float) -> str:  # noqa: FBT001 - a value, not a switch
    return str(value).lower() if isinstance(value, bool) else str(value)


def refuse_mapped(settings: Settings, table: str) -> None:
    """Refuse to ingest into a table that is read from elsewhere.

    Parameters
    ----------
    settings : Settings
        Of the workspace.
    table : str
        Canonical table.

    Raises
    ------
    ConfigError
        If the settings map it onto a table of Spark.
    """
    if table in settings.engine.tables:
        raise ConfigError(
            f"{table} is read from {settings.engine.tables[table]}: nothing is ingested into it",
            where=f"[engine.tables] {table}",
            hint="leave the line out to ingest files, or load them into that table",
        )
