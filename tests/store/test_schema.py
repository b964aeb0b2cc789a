"""The canonical tables are sound: keys and times are columns, names are found."""

from __future__ import annotations

import pytest

from shroff.errors import ConfigError
from shroff.store.schema import BOOKKEEPING, TABLES, Kind, Table, table


@pytest.mark.parametrize("entry", TABLES.values(), ids=lambda entry: entry.name)
def test_the_key_and_the_time_of_a_table_are_columns_of_it(entry: Table) -> None:
    assert all(entry.column(name) for name in entry.key)
    dated = entry.column(entry.time)
    assert dated is not None
    assert dated.kind in {Kind.TIME, Kind.DAY}


@pytest.mark.parametrize("entry", TABLES.values(), ids=lambda entry: entry.name)
def test_columns_are_lower_case_and_named_once(entry: Table) -> None:
    names = [column.name for column in entry.columns]
    assert len(set(names)) == len(names)
    assert names == [name.lower() for name in names]
    assert not set(names) & set(BOOKKEEPING)


@pytest.mark.parametrize("entry", TABLES.values(), ids=lambda entry: entry.name)
def test_only_text_has_a_list_of_values_and_only_numbers_a_range(entry: Table) -> None:
    for column in entry.columns:
        assert not column.values or column.kind is Kind.TEXT
        assert column.low is None or column.kind in {Kind.INTEGER, Kind.NUMBER}


def test_a_table_is_found_by_name_and_an_unknown_one_is_refused_with_those_there_are() -> None:
    assert table("ads").name == "ads"
    with pytest.raises(ConfigError, match="decisions"):
        table("advert")
