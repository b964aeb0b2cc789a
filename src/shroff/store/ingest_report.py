"""How far an ingest is, and what became of the rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shroff.domain.messages import Message

__all__ = ["IngestProgress", "IngestReport"]


@dataclass(frozen=True, slots=True)
class IngestProgress:
    """How far an ingest is.

    Parameters
    ----------
    step : str
        ``reading``, ``comparing`` or ``writing``.
    file : str
        File being read, "" in the other steps.
    files_done, files : int
        Files read, files in all.
    bytes_done, bytes : int
        Bytes of the files read, bytes in all.
    rows : int
        Rows read so far.
    """

    step: str
    file: str
    files_done: int
    files: int
    bytes_done: int
    bytes: int
    rows: int


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What became of the rows: ``read == inserted + unchanged + corrected + quarantined``.

    Parameters
    ----------
    table : str
        Canonical table.
    ingest_id : str
        Id of the ingest; kept with every row it wrote.
    files : int
        Files read.
    read : int
        Rows read; a fault of a file as a whole counts as one.
    inserted : int
        Rows with a key that was new.
    unchanged : int
        Rows that were there already.
    corrected : int
        Rows that replaced an older version of themselves.
    quarantined : int
        Rows refused.
    reasons : mapping
        Rows refused by reason.
    seconds : float
        Time it took.
    notes : tuple of str
        Optional columns of the mapping that some file does not have.
    forgotten : int
        Rows removed again afterwards: they are of somebody who was forgotten.
    """

    table: str
    ingest_id: str
    files: int
    read: int
    inserted: int
    unchanged: int
    corrected: int
    quarantined: int
    reasons: Mapping[str, int]
    seconds: float
    notes: tuple[str, ...] = ()
    forgotten: int = 0

    def summary(self) -> Message:
        """Say it in one sentence."""
        counts = ("table", "read", "inserted", "corrected", "unchanged", "quarantined")
        return Message("ingest.summary", {name: getattr(self, name) for name in counts})
