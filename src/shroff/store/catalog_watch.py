"""Whether the catalog changed since one last looked, told within microseconds."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

from shroff.errors import EngineError

__all__ = ["CatalogWatch"]

_PATIENCE_SECONDS = 30.0


class CatalogWatch:
    """An open eye on the catalog, for any number of threads.

    Parameters
    ----------
    path : Path
        The catalog's file, which is there.

    Notes
    -----
    SQLite counts the commits of *other* connections for each that is open. So changes that this
    process makes through `Catalog`, which opens a connection for each, are seen as well.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._seen = -1
        self._connection = sqlite3.connect(
            path, timeout=_PATIENCE_SECONDS, check_same_thread=False, isolation_level=None
        )

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def moved(self) -> bool:
        """Tell whether anything was written since the last call; the first time, always.

        Returns
        -------
        bool
            Whether it has to be read again.

        Raises
        ------
        EngineError
            If the catalog cannot be read any more.
        """
        try:
            with self._lock:
                now = int(self._connection.execute("PRAGMA data_version").fetchone()[0])
                moved, self._seen = now != self._seen, now
        except sqlite3.Error as error:
            raise EngineError(
                f"the catalog cannot be read: {error}", where=str(self.path)
            ) from error
        return moved
