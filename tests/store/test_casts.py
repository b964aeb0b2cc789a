"""Values as they come, and what they are read as."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shroff.store.casts import missing, refused, value
from shroff.store.connection import Connection, connect, records
from shroff.store.mapping import MappingSpec
from shroff.store.schema import Column, Kind
from shroff.store.sql import literal

DB: Connection = connect(spill=Path("unused-spill"), threads=1)


def _read(kind: Kind, raw: str, *, values: tuple[str, ...] = (), **mapping: object) -> str | None:
    column = Column("x", kind, "", values=values)
    sql = value(column, MappingSpec.model_validate(mapping), raw="r", kind="VARCHAR")
    query = f"SELECT CAST({sql} AS VARCHAR) AS x FROM (SELECT {literal(raw)} AS r)"
    (row,) = records(DB, query)
    found = row["x"]
    assert found is None or isinstance(found, str)
    return found


@pytest.mark.parametrize(
    ("raw", "utc"),
    [
        ("2026-01-01T00:00:00Z", "2026-01-01 00:00:00+00"),
        ("2026-01-01T00:00Z", "2026-01-01 00:00:00+00"),
        ("2026-01-01 00:00:00.123456", "2026-01-01 00:00:00.123456+00"),
        ("2026-01-01T00:00:00+08:00", "2025-12-31 16:00:00+00"),
        ("2026-01-01T00:00:00+0800", "2025-12-31 16:00:00+00"),
        ("2026-01-01 00:00:00 -05", "2026-01-01 05:00:00+00"),
        ("2026-01-01T00:00:00.5+05:30", "2025-12-31 18:30:00.5+00"),
        ("2026-01-01 10:00:00 Asia/Shanghai", "2026-01-01 02:00:00+00"),
        ("2026-01-01 10:00 UTC", "2026-01-01 10:00:00+00"),
        ("2026-01-01T10:00:00,5Z", "2026-01-01 10:00:00.5+00"),
        ("2026-01-01", "2026-01-01 00:00:00+00"),
        ("2026/1/2 3:04", "2026-01-02 03:04:00+00"),
        (" 2026-03-08 ", "2026-03-08 00:00:00+00"),
        ("20260101", "2026-01-01 00:00:00+00"),
        ("20260101T101112Z", "2026-01-01 10:11:12+00"),
        ("20260101101112", "2026-01-01 10:11:12+00"),
        ("1767225600", "2026-01-01 00:00:00+00"),
        ("1767225600.25", "2026-01-01 00:00:00.25+00"),
        ("1767225600123", "2026-01-01 00:00:00.123+00"),
        ("1767225600123456", "2026-01-01 00:00:00.123456+00"),
        ("1767225600123456789", "2026-01-01 00:00:00.123456+00"),
    ],
)
def test_a_time_is_understood_however_it_is_written(raw: str, utc: str) -> None:
    assert _read(Kind.TIME, raw) == utc


@pytest.mark.parametrize(
    "raw",
    ["2026-02-30", "01/02/2026", "infinity", "2026-01-01 10:00:00 foo", "never", "2026-01-01T25:00Z",
     "fooZ", "2026-01-01T00:00:00 fooZ", "12", "1e9"],
)  # fmt: skip
def test_what_is_no_time_is_not_guessed_at(raw: str) -> None:
    assert _read(Kind.TIME, raw) is None


@pytest.mark.parametrize(
    ("raw", "utc"),
    [
        ("2026-01-15 12:00:00", "2026-01-15 17:00:00+00"),
        ("2026-07-15 12:00:00", "2026-07-15 16:00:00+00"),
        ("2026-01-15T12:00:00Z", "2026-01-15 12:00:00+00"),
        ("2026-03-08 02:30:00", "2026-03-08 07:30:00+00"),  # skipped: read as 03:30 summer time
        ("2026-11-01 01:30:00", "2026-11-01 06:30:00+00"),  # twice: the second, standard time
        ("1767225600", "2026-01-01 00:00:00+00"),
    ],
)
def test_a_time_without_zone_is_in_the_zone_of_the_mapping(raw: str, utc: str) -> None:
    assert _read(Kind.TIME, raw, time_zone="America/New_York") == utc


def test_formats_are_tried_in_order_then_the_usual_ones() -> None:
    formats = ["%d/%m/%Y", "%m/%d/%Y", "%d %b %Y %H:%M %z"]
    assert _read(Kind.TIME, "01/02/2026", time_formats=formats) == "2026-02-01 00:00:00+00"
    assert _read(Kind.TIME, "01/13/2026", time_formats=formats) == "2026-01-13 00:00:00+00"
    zoned = _read(Kind.TIME, "01 Feb 2026 08:00 +0800", time_formats=formats)
    assert zoned == "2026-02-01 00:00:00+00"
    assert _read(Kind.TIME, "2026-01-01", time_formats=formats) == "2026-01-01 00:00:00+00"


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        ("2026-01-01", "2026-01-01"),
        ("2026-01-01 00:00:00", "2026-01-01"),
        ("20260101", "2026-01-01"),
        ("2026-01-01T01:00:00+08:00", "2025-12-31"),
        ("1767225600", "2026-01-01"),
        ("2026-02-30", None),
        ("soon", None),
    ],
)
def test_a_day_without_zone_is_that_day_everywhere(raw: str, day: str | None) -> None:
    assert _read(Kind.DAY, raw, time_zone="Asia/Shanghai") == day


@pytest.mark.parametrize(
    ("raw", "number"),
    [("1", "1"), ("1.0", "1"), ("+5", "5"), (" 7 ", "7"), ("-0", "0"), ("1.6", None), ("1e3", None),
     ("0x10", None), ("99999999999999999999", None), ("one", None)],
)  # fmt: skip
def test_a_whole_number_is_whole(raw: str, number: str | None) -> None:
    assert _read(Kind.INTEGER, raw) == number


@pytest.mark.parametrize(
    ("raw", "number"),
    [("0.5", "0.5"), ("1e-3", "0.001"), ("nan", None), ("inf", None), ("1,000", None)],
)
def test_a_number_is_finite(raw: str, number: str | None) -> None:
    assert _read(Kind.NUMBER, raw) == number


@pytest.mark.parametrize(
    ("raw", "flag"),
    [("true", "true"), ("FALSE", "false"), ("1", "true"), ("no", "false"), ("是", "true"),
     ("否", "false"), ("2", None), ("maybe", None)],
)  # fmt: skip
def test_a_flag_is_yes_or_no(raw: str, flag: str | None) -> None:
    assert _read(Kind.FLAG, raw) == flag


@pytest.mark.parametrize(
    ("raw", "items"),
    [("a,b", "[a, b]"), ('["a","b"]', "[a, b]"), ("['a', 'b']", "[a, b]"), ("a, ,b", "[a, b]"),
     ("[]", "[]"), ("[", None), ("", None)],
)  # fmt: skip
def test_a_list_is_read_from_text_or_json(raw: str, items: str | None) -> None:
    assert _read(Kind.TEXTS, raw) == items


def test_a_list_may_have_its_own_separator() -> None:
    assert _read(Kind.TEXTS, "a;b", list_separator=";") == "[a, b]"


@given(st.sampled_from(["approve", " Approve", "APPROVE "]))
def test_case_and_space_of_a_known_value_do_not_matter(raw: str) -> None:
    assert _read(Kind.TEXT, raw, values=("approve", "review")) == "approve"


def test_a_value_that_is_not_allowed_is_not_read() -> None:
    assert _read(Kind.TEXT, "aprove", values=("approve", "review")) is None


@given(st.text(st.characters(blacklist_characters="\0", blacklist_categories=("Cs",))))
def test_any_text_breaks_no_reader(raw: str) -> None:
    for kind in Kind:
        _read(kind, raw, time_zone="Asia/Shanghai", time_formats=["%d/%m/%y"])
    assert _read(Kind.TEXT, raw) == (raw or None)


@pytest.mark.parametrize(
    ("kind", "sql", "utc"),
    [
        ("TIMESTAMP", "TIMESTAMP '2026-01-01 08:00:00'", "2026-01-01 00:00:00+00"),
        ("TIMESTAMPTZ", "TIMESTAMPTZ '2026-01-01 08:00:00+00'", "2026-01-01 08:00:00+00"),
        ("DATE", "DATE '2026-01-01'", "2025-12-31 16:00:00+00"),
        ("BIGINT", "1767225600000", "2026-01-01 00:00:00+00"),
        ("DOUBLE", "CAST(1767225600.5 AS DOUBLE)", "2026-01-01 00:00:00.5+00"),
    ],
)
def test_typed_times_are_times(kind: str, sql: str, utc: str) -> None:
    column = Column("x", Kind.TIME, "")
    read = value(column, MappingSpec(time_zone="Asia/Shanghai"), raw="r", kind=kind)
    (row,) = records(DB, f"SELECT CAST({read} AS VARCHAR) AS x FROM (SELECT {sql} AS r)")
    assert row == {"x": utc}


@pytest.mark.parametrize(
    ("kind", "raw", "expected"),
    [(Kind.NUMBER, "'NaN'", True), (Kind.TIME, "' '", True), (Kind.TEXT, "'NA'", False),
     (Kind.INTEGER, "NULL", True), (Kind.INTEGER, "'5'", False)],
)  # fmt: skip
def test_words_for_nothing_are_nothing_except_in_text(
    kind: Kind, raw: str, expected: bool
) -> None:
    condition = missing(Column("x", kind, ""), "r", kind="VARCHAR")
    (row,) = records(DB, f"SELECT {condition} AS x FROM (SELECT CAST({raw} AS VARCHAR) AS r)")
    assert row == {"x": expected}


def test_ranges_include_their_ends() -> None:
    condition = refused(Column("x", Kind.INTEGER, "", low=1, high=5), "r")
    found = records(DB, f"SELECT {condition} AS x FROM (SELECT unnest([0, 1, 5, 6]) AS r)")
    assert [row["x"] for row in found] == [True, False, False, True]
    assert refused(Column("x", Kind.TEXT, ""), "r") == ""
