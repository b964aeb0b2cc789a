"""How long accounts stay clean: as counted by hand, with accounts not followed long enough."""

from __future__ import annotations

import pyarrow as pa
import pytest

from shroff.stats.estimate import Status
from shroff.watch.account_survival import repeats_of


def waits(*rows: tuple[int, int, int, int]) -> pa.Table:
    names = ("origin", "waited", "ended", "censored")
    kinds = (pa.int32(), pa.int64(), pa.float64(), pa.float64())
    columns = list(zip(*rows, strict=True)) or [()] * 4
    return pa.table({n: pa.array(c, k) for n, c, k in zip(names, columns, kinds, strict=True)})


def test_shares_within_a_time_count_accounts_for_as_long_as_they_were_followed() -> None:
    table = waits((0, 3, 2, 0), (0, 20, 1, 5), (0, 40, 0, 2), (1, 1, 4, 0), (1, 50, 0, 4))
    found = repeats_of(table)
    assert (found.accounts, found.repeaters) == (10, 8)
    week, month, quarter = found.first
    assert week.value == pytest.approx(0.2)
    assert month.value == pytest.approx(1 - 0.8 * 7 / 8)
    assert quarter.value is None
    assert found.again[0].value == pytest.approx(0.5)
    assert found.again_median.value == 1
    assert week.status is Status.PROXY
    assert week.low is not None
    assert week.high is not None
    assert week.low < 0.2 < week.high


def test_without_accounts_nothing_is_known() -> None:
    found = repeats_of(waits())
    assert (found.accounts, found.repeaters) == (0, 0)
    assert all(each.status is Status.UNKNOWN for each in (*found.first, *found.again))
    assert found.record()["accounts"] == 0


def test_clocks_that_run_backwards_do_not_break_it() -> None:
    assert repeats_of(waits((0, -2, 1, 0), (0, 9, 0, 1))).first[0].value == pytest.approx(0.5)
