"""Which files belong to which table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from shroff.errors import ConfigError
from shroff.store.readers import discover
from shroff.store.schema import TABLES

__all__ = ["sources_of"]


def sources_of(given: Mapping[str, Iterable[str]], *, root: Path) -> dict[str, list[Path]]:
    """Find the files of every table: those the settings name, else those in ``logs/TABLE/``.

    Parameters
    ----------
    given : mapping
        Files, folders and globs by table, relative to the workspace.
    root : Path
        The workspace.

    Returns
    -------
    dict of (str, list of Path)
        Files by table, in the order in which tables are ingested.

    Raises
    ------
    ConfigError
        If there is none.
    """
    if given:
        named = {
            table: [root / each for each in given[table]] for table in TABLES if table in given
        }
    else:
        folders = {table: root / "logs" / table for table in TABLES}
        named = {
            table: [folder]
            for table, folder in folders.items()
            if folder.is_dir() and any(folder.iterdir())
        }
    if not named:
        raise ConfigError(
            "there is nothing to ingest",
            where=str(root / "logs"),
            hint="name files under [sources] in shroff.toml, or put them in logs/TABLE/",
        )
    return {table: [path for path, _ in discover(places)] for table, places in named.items()}
