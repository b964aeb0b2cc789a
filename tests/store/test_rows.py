"""The one door for rows."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from shroff.store.rows import rows


class _Three:
    """Gives an empty batch between full ones, as engines do."""

    name = "three"
    snapshot: dict[str, int] = {}  # noqa: RUF012 - the protocol's field

    def stream(self, sql: str, *, rows: int = 65536) -> Iterator[pa.RecordBatch]:
        assert (sql, rows) == ("SELECT 1", 10)
        for size in (2, 0, 1):
            yield pa.RecordBatch.from_pydict({"x": list(range(size))})


def test_empty_batches_are_left_out() -> None:
    found = list(rows(_Three(), "SELECT 1", batch=10))  # type: ignore[arg-type]
    assert [batch.num_rows for batch in found] == [2, 1]
