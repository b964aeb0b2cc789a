"""Tells one state of a workspace from any other, in a few milliseconds."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing, suppress
from hashlib import blake2b
from pathlib import Path

from shroff.errors import EngineError
from shroff.store.catalog_watch import CatalogWatch
from shroff.store.lake import Lake
from shroff.store.settings import SETTINGS_FILE

__all__ = ["WorkspaceState"]

_CATALOG = "catalog.sqlite"
_NOISE = frozenset(
    {"runs", "ingests", "reports", "findings", "endpoint_probes", "sqlite_sequence", "saved_views"}
)
"""Tables that no page shows, or that pages write themselves."""
_SMALL = 2000


class WorkspaceState:
    """Names the state of the logs, and of all that pages rest on.

    Parameters
    ----------
    root : Path
        Folder of the workspace.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._lake = Lake(root / "lake")
        self._lock = threading.Lock()
        self._watch: CatalogWatch | None = None
        self._catalog = ""

    def close(self) -> None:
        """Let go of the catalog."""
        with self._lock:
            if self._watch is not None:
                self._watch.close()
                self._watch = None

    def logs(self) -> str:
        """Name the state of the logs and of the settings they are read by.

        Returns
        -------
        str
            The version of each table, and the stamp of the settings.
        """
        with self._lock:
            versions = sorted(self._lake.snapshot().items())
        parts = [f"{table}@{version}" for table, version in versions]
        return " ".join([*parts, _stamp(self.root / SETTINGS_FILE)])

    def everything(self) -> str:
        """Name the state of logs, settings, packs and what people did.

        Returns
        -------
        str
            `logs`, the stamps of the packs, and a digest of the catalog; what the catalog notes of
            commands that only read is left out.
        """
        folder = self.root / "packs"
        packs = sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")])
        return " ".join([self.logs(), *map(_stamp, packs), self._of_catalog()])

    def _of_catalog(self) -> str:
        path = self.root / _CATALOG
        if not path.exists():
            return ""
        with self._lock:
            try:
                if self._watch is None:
                    self._watch = CatalogWatch(path)
                if self._watch.moved():
                    self._catalog = _digest(path)
            except (EngineError, sqlite3.Error):  # read-only, or being made: its stamp must do
                return _stamp(path)
            return self._catalog


def _stamp(path: Path) -> str:
    with suppress(OSError):
        found = path.stat()
        return f"{path.name}:{found.st_mtime_ns}:{found.st_size}"
    return ""


def _digest(path: Path) -> str:
    hashed = blake2b(digest_size=12)
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        for (name,) in sorted(names.fetchall()):
            if name in _NOISE:
                continue
            count, last = connection.execute(
                f'SELECT COUNT(*), MAX(rowid) FROM "{name}"'
            ).fetchone()
            hashed.update(repr((name, count, last)).encode())
            if count <= _SMALL:
                rows = connection.execute(f'SELECT * FROM "{name}" ORDER BY rowid')
                hashed.update(repr(rows.fetchall()).encode())
    return hashed.hexdigest()
