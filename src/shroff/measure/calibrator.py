"""A detector that turns a model's scores into chances."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["CALIBRATION", "Calibrator"]

CALIBRATION = "calibration"
"""Kind of these detectors."""


@dataclass(frozen=True, slots=True)
class Calibrator:
    """Reads rows with ``ad_id``, ``ad_version`` and ``score``; gives the chance of each.

    It travels to workers that have pyarrow and nothing of ours, so it needs nothing else.

    Parameters
    ----------
    id, version : str
        Its name, such as ``ads_risk/v2``, and its own version.
    at, value : tuple of float
        Corners of the curve from scores to chances, ascending; level beyond its ends.
    """

    id: str
    version: str
    at: tuple[float, ...]
    value: tuple[float, ...]

    @property
    def kind(self) -> str:
        """What it is."""
        return CALIBRATION

    @property
    def deterministic(self) -> bool:
        """The same score always has the same chance."""
        return True

    @property
    def columns(self) -> Mapping[str, str]:
        """Columns of its findings."""
        return {
            "ad_id": "VARCHAR",
            "ad_version": "BIGINT",
            "score": "DOUBLE",
            "calibrated": "DOUBLE",
        }

    def set_up(self) -> None:
        """Need nothing."""

    def chance(self, score: float | None) -> float | None:
        """Give the chance of one score; None where there is none or it is no number."""
        if score is None or score != score:  # noqa: PLR0124 - not a number
            return None
        above = bisect_right(self.at, score)
        if above == 0:
            return self.value[0]
        if above == len(self.at):
            return self.value[-1]
        left, right = self.at[above - 1], self.at[above]
        part = (score - left) / (right - left)
        return self.value[above - 1] + part * (self.value[above] - self.value[above - 1])

    def run(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Give the chance of each row's score."""
        import pyarrow  # noqa: ICN001, PLC0415 - this runs in a worker

        scores = batch.column("score").cast(pyarrow.float64())
        chances = pyarrow.array(map(self.chance, scores.to_pylist()), pyarrow.float64())
        columns = [
            batch.column("ad_id").cast(pyarrow.string()),
            batch.column("ad_version").cast(pyarrow.int64()),
            scores,
            chances,
        ]
        return pyarrow.RecordBatch.from_arrays(columns, names=list(self.columns))
