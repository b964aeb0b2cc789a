"""Names and values inside SQL."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shroff.errors import EngineError
from shroff.store.connection import connect, records
from shroff.store.sql import ident, idents, literal, literals

ANY_TEXT = st.text(st.characters(blacklist_characters="\0", blacklist_categories=("Cs",)))


def _back(sql: str) -> object:
    connection = connect(spill=Path("unused-spill"))
    (row,) = records(connection, sql)
    connection.close()
    return row


@given(ANY_TEXT)
def test_any_text_comes_back_from_the_engine_as_it_was(text: str) -> None:
    assert _back(f"SELECT {literal(text)} AS x") == {"x": text}


@given(ANY_TEXT.filter(bool))
def test_any_text_can_be_the_name_of_a_column(name: str) -> None:
    assert _back(f"SELECT 1 AS {ident(name)}") == {name: 1}


@pytest.mark.parametrize("value", [0, -7, 0.5, 1e300, True, False, None, date(2026, 2, 1)])
def test_a_value_comes_back_as_it_was(value: float | bool | date | None) -> None:
    assert _back(f"SELECT {literal(value)} AS x") == {"x": value}


def test_a_time_without_zone_is_utc() -> None:
    moment = datetime(2026, 1, 1, 12)  # noqa: DTZ001 - the case in question
    (text,) = _back(f"SELECT CAST({literal(moment)} AS VARCHAR) AS x").values()  # type: ignore[attr-defined]
    assert text == "2026-01-01 12:00:00+00"


def test_infinity_is_a_number() -> None:
    assert _back(f"SELECT {literal(float('inf'))} AS x") == {"x": float("inf")}


def test_lists_are_joined_with_commas() -> None:
    assert idents(["a", "b"]) == '"a", "b"'
    assert literals(["a", 1]) == "'a', 1"


@pytest.mark.parametrize("name", ["", "a\0b"])
def test_what_cannot_be_a_name_is_refused(name: str) -> None:
    with pytest.raises(EngineError):
        ident(name)


def test_a_text_with_a_nul_is_refused() -> None:
    with pytest.raises(EngineError):
        literal("a\0b")
