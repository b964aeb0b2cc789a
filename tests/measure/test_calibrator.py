"""A calibration as a detector: what it gives, and that it travels."""

from __future__ import annotations

import pickle

import pyarrow as pa
import pytest

from shroff.measure.calibrator import Calibrator
from shroff.store.arrow_types import arrow_schema

CURVE = Calibrator("m/v1", "3", (0.2, 0.6), (0.1, 0.5))


@pytest.mark.parametrize(
    ("score", "chance"),
    [(-9.0, 0.1), (0.0, 0.1), (0.2, 0.1), (0.3, 0.2), (0.6, 0.5), (1.0, 0.5), (None, None), (float("nan"), None)],
)  # fmt: skip
def test_a_score_has_the_chance_of_the_curve(score: float | None, chance: float | None) -> None:
    assert CURVE.chance(score) == (None if chance is None else pytest.approx(chance))


def test_a_curve_of_one_corner_is_level() -> None:
    assert Calibrator("m", "1", (0.3,), (0.7,)).chance(0.9) == 0.7


def test_it_gives_the_columns_it_says_after_a_journey() -> None:
    batch = pa.RecordBatch.from_pydict(
        {"ad_id": ["a", "b"], "ad_version": pa.array([1, None], pa.int32()), "score": [0.3, None]}
    )
    sent: Calibrator = pickle.loads(pickle.dumps(CURVE))  # noqa: S301 - our own
    sent.set_up()
    found = sent.run(batch)
    assert found.schema == arrow_schema(CURVE.columns)
    assert found.column("calibrated").to_pylist() == [pytest.approx(0.2), None]
    assert (CURVE.kind, CURVE.deterministic) == ("calibration", True)
