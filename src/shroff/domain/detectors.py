"""Detectors: what reads ads and says something of each, a batch at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Detector"]


class Detector(Protocol):
    """Reads batches of rows and gives batches of findings.

    A detector travels: it is pickled, sent to each worker of an engine once, set up there once and
    then given batch after batch. What is heavy belongs into `set_up`, not into what is pickled.
    """

    @property
    def kind(self) -> str:
        """What it is: ``rule``, ``model``, ..."""
        ...

    @property
    def id(self) -> str:
        """Its name, as in the logs' column ``detector``."""
        ...

    @property
    def version(self) -> str:
        """Its version, as in the logs."""
        ...

    @property
    def deterministic(self) -> bool:
        """Whether the same batch always gives the same findings."""
        ...

    @property
    def columns(self) -> Mapping[str, str]:
        """Columns of its findings with their types, as DuckDB names types."""
        ...

    def set_up(self) -> None:
        """Build what reading needs: once in each process, before the first batch."""
        ...

    def run(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Read one batch and give its findings, as many rows as it likes.

        Parameters
        ----------
        batch : RecordBatch
            Rows; which ones come together means nothing.

        Returns
        -------
        RecordBatch
            Findings, with exactly `columns`.
        """
        ...
