"""Results kept as files in a folder that Spark's workers share, for as long as a session."""

from __future__ import annotations

import shutil
import uuid
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

__all__ = ["Scratch"]


class Scratch:
    """A folder of one session inside the folder that is shared.

    Parameters
    ----------
    session : SparkSession
        The session.
    shared : str
        Path of the shared folder, as this machine and every worker see it.
    """

    def __init__(self, session: SparkSession, shared: str) -> None:
        self._session = session
        self._folder = f"{shared.rstrip('/')}/shroff-{uuid.uuid4().hex}"
        self._written = 0

    def keep(self, frame: DataFrame) -> DataFrame:
        """Compute a relation once, write it and read it from there.

        Parameters
        ----------
        frame : DataFrame
            The relation.

        Returns
        -------
        DataFrame
            The same rows, from files.
        """
        self._written += 1
        place = f"{self._folder}/{self._written}"
        frame.write.parquet(place)
        return self._session.read.schema(frame.schema).parquet(place)

    def clear(self) -> None:
        """Remove what was written."""
        shutil.rmtree(self._folder, ignore_errors=True)
