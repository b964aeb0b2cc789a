"""Which files a user means: names, folders and globs."""

from __future__ import annotations

import glob
from collections.abc import Iterable, Mapping
from pathlib import Path

from shroff.errors import DataError
from shroff.store.schema import TABLES

__all__ = ["SUFFIXES", "files_of", "sources_of"]

SUFFIXES = (".csv", ".tsv", ".txt", ".jsonl", ".ndjson", ".json", ".parquet")
"""Kinds of files, each also with .gz or .zst behind it."""

_PACKED = (".gz", ".zst")


def _is_log(path: Path) -> bool:
    name = path.name.lower()
    for packed in _PACKED:
        name = name.removesuffix(packed)
    return name.endswith(SUFFIXES) and not path.name.startswith((".", "_"))


def files_of(patterns: Iterable[str | Path], *, root: Path = Path()) -> list[Path]:
    """Find the files that are meant.

    Parameters
    ----------
    patterns : iterable of str or Path
        Files, folders (all log files below them) and globs.
    root : Path
        Folder that relative patterns start from.

    Returns
    -------
    list of Path
        Each file once, in order of the patterns, then by name.

    Raises
    ------
    DataError
        If a pattern means no file at all.
    """
    found: dict[Path, None] = {}
    for pattern in patterns:
        here = _matches(root / pattern)
        if not here:
            raise DataError(
                "no such file, or no log file in it",
                where=str(pattern),
                hint="log files end in " + ", ".join(SUFFIXES) + ", maybe .gz or .zst",
            )
        found.update(dict.fromkeys(here))
    return list(found)


def _matches(pattern: Path) -> list[Path]:
    if pattern.is_dir():
        return sorted(path for path in pattern.rglob("*") if path.is_file() and _is_log(path))
    if pattern.is_file():
        return [pattern]
    hits = sorted(Path(hit) for hit in glob.glob(str(pattern), recursive=True))  # noqa: PTH207 - takes absolute patterns
    return [path for hit in hits for path in ([hit] if hit.is_file() else _matches(hit))]


def sources_of(given: Mapping[str, Iterable[str]], *, root: Path) -> dict[str, list[Path]]:
    """Find the files of every table: those the settings name, else those in ``logs/TABLE/``.

    Parameters
    ----------
    given : mapping
        Patterns by table.
    root : Path
        The workspace.

    Returns
    -------
    dict of (str, list of Path)
        Files by table, in the order in which tables are ingested.

    Raises
    ------
    DataError
        If there is none.
    """
    if given:
        return {table: files_of(given[table], root=root) for table in TABLES if table in given}
    folders = {table: root / "logs" / table for table in TABLES}
    found = {table: _matches(folder) for table, folder in folders.items() if folder.is_dir()}
    found = {table: files for table, files in found.items() if files}
    if not found:
        raise DataError(
            "there is nothing to ingest",
            where=str(root / "logs"),
            hint="name files under [sources] in shroff.toml, or put them in logs/TABLE/",
        )
    return found
