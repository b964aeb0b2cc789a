"""Kept results: Parquet files that one small file names, replaced whole or not at all.

A state names every file that belongs to it and the versions of the logs it was counted from. It
is replaced by a rename, so that a reader sees the old state or the new one, whatever is killed.
Files that no state names are swept by the next writer.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import time
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from shroff.errors import EngineError
from shroff.store.lock import only_writer

__all__ = ["KEPT", "KeptFile", "KeptState", "KeptStore"]

KEPT = "_cubes"
"""Folder of kept results, in the lake."""
_STATE = "state.json"
_STAGING = "staging-"
_GRACE_SECONDS = 24 * 3600
"""How long files of an older state stay for readers that opened it."""


@dataclass(frozen=True, slots=True)
class KeptFile:
    """One Parquet file of a kept table.

    Parameters
    ----------
    name : str
        File name.
    rows : int
        Rows in it.
    """

    name: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptState:
    """One state of what is kept.

    Parameters
    ----------
    definition : str
        Fingerprint of what is counted.
    sources : mapping
        Version of the lake of each log it was counted from.
    number : int
        Updates since it was counted in full, from 1.
    files : mapping
        For each kept table, its files.
    columns : mapping
        For each kept table, the type of each column.
    facts : mapping
        Whatever else is to be known, by name.
    """

    definition: str
    sources: Mapping[str, int]
    number: int
    files: Mapping[str, tuple[KeptFile, ...]]
    columns: Mapping[str, Mapping[str, str]]
    facts: Mapping[str, str] = field(default_factory=dict[str, str])

    def rows(self, table: str) -> int:
        """Count the rows of a kept table."""
        return sum(file.rows for file in self.files.get(table, ()))


class KeptStore:
    """The kept results of one lake.

    Parameters
    ----------
    lake : Path
        Folder of the lake.
    """

    def __init__(self, lake: Path) -> None:
        self.root = lake / KEPT

    def state(self) -> KeptState | None:
        """Read the present state; None when there is none that this version understands."""
        try:
            told = json.loads((self.root / _STATE).read_text(encoding="utf-8"))
            files = {
                table: tuple(KeptFile(**file) for file in files)
                for table, files in told.pop("files").items()
            }
            state = KeptState(files=files, **told)
        except (OSError, ValueError, TypeError, KeyError):
            return None
        present = all((self.root / f.name).is_file() for each in files.values() for f in each)
        return state if present else None

    def paths(self, state: KeptState, table: str) -> list[str]:
        """List the files of a kept table, as paths that any engine can read."""
        return [str(self.root / file.name) for file in state.files.get(table, ())]

    def size(self, state: KeptState) -> int:
        """Count the bytes a state takes on disk."""
        names = (file.name for files in state.files.values() for file in files)
        return sum((self.root / name).stat().st_size for name in names)

    @contextmanager
    def writer(self) -> Generator[KeptWriter]:
        """Be the only writer.

        Yields
        ------
        KeptWriter
            To write files and publish a state.

        Raises
        ------
        EngineError
            If another process is counting, or the folder cannot be written.
        """
        try:
            with only_writer(self.root):
                self._sweep()
                folder = self.root / f"{_STAGING}{secrets.token_hex(4)}"
                folder.mkdir()
                try:
                    yield KeptWriter(self, folder)
                finally:
                    shutil.rmtree(folder, ignore_errors=True)
        except OSError as error:
            raise EngineError(
                f"the cubes cannot be kept: {error.strerror}",
                where=str(error.filename or self.root),
                hint="free some disk, or keep none: [cubes] keep = false",
            ) from error

    @contextmanager
    def closed(self) -> Generator[None]:
        """Let nobody count meanwhile: what is read now must not be kept."""
        with only_writer(self.root):
            yield

    def tidy(self) -> None:
        """Remove what a writer left that was killed once it had published; not while one works."""
        if not any(self.root.glob(f"{_STAGING}*")):
            return
        with suppress(EngineError, OSError), only_writer(self.root):
            self._sweep()

    def drop(self) -> None:
        """Remove everything that is kept, for good; hold it `closed`."""
        (self.root / _STATE).unlink(missing_ok=True)
        for path in self.root.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            elif path.name != ".lock":
                path.unlink(missing_ok=True)

    def _sweep(self) -> None:
        """Remove what killed writers left, and files that no reader can need any more."""
        state = self.state()
        named = {f.name for files in state.files.values() for f in files} if state else set[str]()
        for path in self.root.iterdir():
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            elif path.suffix == ".parquet" and path.name not in named and _is_old(path):
                path.unlink(missing_ok=True)


class KeptWriter:
    """Writes files that become part of the next state.

    Parameters
    ----------
    store : KeptStore
        Where they go.
    folder : Path
        Where they wait.
    """

    def __init__(self, store: KeptStore, folder: Path) -> None:
        self._store = store
        self._folder = folder

    def path(self, name: str) -> Path:
        """Give a place for a file that is needed meanwhile."""
        return self._folder / name

    def write(self, batches: Iterable[pa.RecordBatch]) -> KeptFile | None:
        """Write rows to a file that waits; None when there are none."""
        name = f"{time.strftime('%Y%m%dT%H%M%S', time.gmtime())}-{secrets.token_hex(4)}.parquet"
        writer: pq.ParquetWriter | None = None
        rows = 0
        try:
            for batch in batches:
                if batch.num_rows:
                    writer = writer or pq.ParquetWriter(
                        self._folder / name, batch.schema, compression="zstd"
                    )
                    writer.write_batch(batch)
                    rows += batch.num_rows
        finally:
            if writer is not None:
                writer.close()
        return KeptFile(name, rows) if rows else None

    def holds(self, file: KeptFile) -> bool:
        """Tell whether a file waits here, and is not part of a state yet."""
        return (self._folder / file.name).exists()

    def waiting(self, file: KeptFile) -> str:
        """Give the path of a file that waits."""
        return str(self._folder / file.name)

    def publish(self, state: KeptState) -> None:
        """Make a state the present one; its new files are among those that wait.

        Parameters
        ----------
        state : KeptState
            The state.
        """
        root = self._store.root
        for file in (file for files in state.files.values() for file in files):
            waiting = self._folder / file.name
            if waiting.exists():
                _settle(waiting)
                waiting.rename(root / file.name)
        fresh = root / f"{_STATE}.new"
        fresh.write_text(json.dumps(asdict(state)), encoding="utf-8")
        _settle(fresh)
        fresh.replace(root / _STATE)
        _settle(root)


def _is_old(path: Path) -> bool:
    return time.time() - path.stat().st_mtime > _GRACE_SECONDS


def _settle(path: Path) -> None:
    """Make sure that a file, or the names in a folder, are on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
