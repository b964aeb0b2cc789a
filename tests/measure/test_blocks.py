"""Figures kept column by column."""

from __future__ import annotations

import json
import math

import pytest

from shroff.domain.messages import Message
from shroff.domain.slices import EVERYTHING, Slice
from shroff.measure.blocks import Block, blocks_to_arrow, pack, record_of, unknown
from shroff.stats.estimate import Estimate, Status


def _estimate(
    value: float | None, *, status: Status = Status.ESTIMATE, **more: object
) -> Estimate:
    usual: dict[str, object] = {
        "value": value,
        "low": 0.1,
        "high": 0.9,
        "level": 0.95,
        "status": status,
        "method": "by hand",
        "n": 3,
        "design": "audit",
    }
    return Estimate(**{**usual, **more})  # type: ignore[arg-type]


def _block(name: str, *figures: Estimate) -> Block:
    parts = [(Slice(((name, f"v{i}"),)), figure) for i, figure in enumerate(figures)]
    return pack("leakage", parts, dimensions=(name,), level=0.95)


def test_what_is_packed_comes_out_again() -> None:
    figures = [
        _estimate(0.5, numerator=1.0, denominator=2.0, n_effective=2.5, design_effect=1.2),
        _estimate(None, status=Status.UNKNOWN, low=None, high=None, n=0),
        _estimate(0.25, caveats=(Message("scorecard.found"),)),
    ]
    assert [figure.estimate for figure in _block("market", *figures)] == figures


def test_bounds_have_ends_and_no_value() -> None:
    (figure,) = _block("market", _estimate(None, status=Status.BOUNDS, method="bounds"))
    assert (figure.estimate.value, figure.estimate.low, figure.estimate.high) == (None, 0.1, 0.9)
    assert figure.estimate.status is Status.BOUNDS


def test_a_figure_is_found_by_its_slice() -> None:
    block = _block("market", _estimate(0.5), _estimate(0.25))
    found = block.find(Slice((("market", "v1"),)))
    assert found is not None
    assert found.estimate.value == 0.25
    assert block.find(Slice((("market", "elsewhere"),))) is None


def test_a_table_has_a_row_a_figure_and_a_column_a_dimension() -> None:
    blocks = [
        _block("market", _estimate(0.5), _estimate(None, status=Status.BOUNDS)),
        pack("fdr", [(EVERYTHING, _estimate(0.25))], dimensions=(), level=0.95),
    ]
    rows = blocks_to_arrow(blocks).to_pylist()
    assert [row["metric"] for row in rows] == ["leakage", "leakage", "fdr"]
    assert [row["slicing"] for row in rows] == ["market", "market", ""]
    assert [row["market"] for row in rows] == ["v0", "v1", None]
    assert [row["value"] for row in rows] == [0.5, None, 0.25]
    assert [row["status"] for row in rows] == ["estimate", "bounds", "estimate"]


@pytest.mark.parametrize("name", ["status", "value", "n", "metric", "design", "level", "slicing"])
def test_a_dimension_named_like_a_column_of_the_table_is_kept_beside_it(name: str) -> None:
    (row,) = blocks_to_arrow([_block(name, _estimate(0.5))]).to_pylist()
    assert (row["metric"], row["value"], row["n"], row["status"]) == (
        "leakage",
        0.5,
        3,
        "estimate",
    )
    assert row[f"{name}_"] == "v0"


def test_a_record_is_json_without_numbers_that_are_none() -> None:
    block = _block(
        "market",
        _estimate(0.5, high=math.inf),
        _estimate(None, status=Status.UNKNOWN, low=None, high=None),
    )
    for figure in block:
        record = json.loads(json.dumps(record_of(figure)))
        assert record["metric"] == "leakage"
        assert list(record["slice"]) == ["market"]


def test_an_unknown_figure_says_why() -> None:
    (figure,) = unknown("appeal_rate", Message("scorecard.no_log", {"table": "appeals"}))
    assert (figure.slice, figure.estimate.status) == (EVERYTHING, Status.UNKNOWN)
    assert "appeals" in figure.estimate.caveats[0].text()


def test_figures_without_a_slice_go_into_the_same_table() -> None:
    table = blocks_to_arrow([_block("market", _estimate(0.5)), _block("language")])
    assert table.num_rows == 1
    assert str(table.schema.field("status").type) == "string"
