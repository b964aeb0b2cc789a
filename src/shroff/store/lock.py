"""One writer at a time: a lock that the operating system lets go of when its holder dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from shroff.errors import EngineError

__all__ = ["only_writer"]


@contextmanager
def only_writer(folder: Path) -> Generator[None]:
    """Hold the write lock of a folder.

    The lock is the kernel's, so that a killed writer leaves none behind; the file only names who
    holds it.

    Parameters
    ----------
    folder : Path
        Folder to lock; made when absent.

    Raises
    ------
    EngineError
        If another process (or another thread of this one) is writing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip() or "unknown"
            raise EngineError(
                f"another process is writing to this workspace (pid {holder})",
                where=str(folder),
                hint="wait until it ends; reading is possible meanwhile",
            ) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)
