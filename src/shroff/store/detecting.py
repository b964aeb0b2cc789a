"""Running a detector over rows, here or in a worker: one way to set it up, check it and blame it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pyarrow as pa

from shroff.errors import EngineError
from shroff.store.arrow_types import arrow_schema

if TYPE_CHECKING:
    from shroff.domain.detectors import Detector

__all__ = ["detected_here", "named"]


def named(detector: Detector) -> str:
    """Name a detector in a sentence.

    Parameters
    ----------
    detector : Detector
        The detector.

    Returns
    -------
    str
        Kind, id and version.
    """
    return f"{detector.kind} {detector.id} {detector.version}"


def detected_here(
    batches: Iterator[pa.RecordBatch], detector: Detector
) -> Iterator[pa.RecordBatch]:
    """Run a detector over batches in this process.

    Parameters
    ----------
    batches : iterator of RecordBatch
        Rows.
    detector : Detector
        What reads them; set up once.

    Yields
    ------
    RecordBatch
        Findings.

    Raises
    ------
    EngineError
        If the detector fails, or gives other columns than it says.
    """
    schema = arrow_schema(detector.columns)
    ready = False
    for batch in batches:
        try:
            if not ready:
                detector.set_up()
                ready = True
            findings = detector.run(batch)
        except Exception as error:
            raise EngineError(
                f"the {named(detector)} failed: {type(error).__name__}: {error}"
            ) from error
        if findings.schema != schema:
            raise EngineError(
                f"the {named(detector)} gives {findings.schema.names}, not what it says",
                hint=f"it says {', '.join(f'{name} {kind}' for name, kind in detector.columns.items())}",
            )
        yield findings
