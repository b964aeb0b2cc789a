"""Our SQL in the words of Spark: what differs is rewritten, and what may differ is refused."""

from __future__ import annotations

import re

import pytest

from shroff.errors import EngineError
from shroff.store.dialect import to_spark, to_spark_expression
from shroff.store.dialect_kinds import Sort

COLUMNS = {
    "n": frozenset([Sort.INTEGER]),
    "x": frozenset([Sort.FLOAT]),
    "s": frozenset([Sort.TEXT]),
    "d": frozenset([Sort.DAY]),
    "t": frozenset([Sort.TIME]),
    "u": frozenset([Sort.TIME]),
    "l": frozenset([Sort.LIST]),
    "mixed": frozenset([Sort.FLOAT, Sort.TEXT]),
}


def spark(sql: str) -> str:
    return re.sub(r"\s+", " ", to_spark_expression(sql, columns=COLUMNS))


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("AVG(0.1)", "AVG(CAST(0.1 AS DOUBLE))"),
        ("x / NULLIF(n, 0)", "x / NULLIF(n, 0)"),
        ("n / 2", "n / 2"),
        ("x / n", "(CASE WHEN n = 0 THEN x * POWER(n, -1) ELSE x / n END)"),
        ("CAST(n AS BIGINT)", "CAST(n AS BIGINT)"),
        ("CAST(x AS BIGINT)", "CAST(RINT(x) AS BIGINT)"),
        ("CAST(0.5 * n AS BIGINT)", "CAST(ROUND(CAST(0.5 AS DOUBLE) * n) AS BIGINT)"),
        ("CAST(s AS VARCHAR)", "CAST(s AS STRING)"),
        ("CAST(t AS VARCHAR)", "(CAST(t AS STRING) || '+00')"),
        ("CAST(DATE_TRUNC('week', d) AS VARCHAR)", "CAST(DATE_TRUNC('WEEK', d) AS STRING)"),
        ("d - d", "CAST(DATE_DIFF(d, d) AS BIGINT)"),
        ("MEDIAN(x)", "MEDIAN(x)"),
        ("QUANTILE_CONT(x, 0.9)", "PERCENTILE(x, 0.9)"),
        ("PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY x)", "PERCENTILE(x, 0.9)"),
        ("s LIKE 'a%'", "s LIKE 'a%'"),
        ("s = 'it''s a\\b'", r"s = 'it\'s a\\b'"),
        ("s IS NOT DISTINCT FROM s", "s IS NOT DISTINCT FROM s"),
        ('"we""ird`名"', '`we"ird``名`'),
        ("len(l)", "CAST(SIZE(l) AS BIGINT)"),
    ],
)
def test_what_differs_is_written_in_another_way(ours: str, theirs: str) -> None:
    assert spark(ours) == theirs


def test_minutes_are_counted_by_the_borders_between_two_times() -> None:
    written = spark("DATE_DIFF('minute', t, u)")
    assert "DATE_TRUNC('MINUTE', u)" in written
    assert "DIV 60" in written


def test_a_backslash_in_a_pattern_is_a_character() -> None:
    assert "ESCAPE" in spark("s LIKE 'a\\%'")
    assert "ESCAPE" in spark("s LIKE s")


def test_a_value_of_unknown_type_is_written_by_the_type_it_turns_out_to_have() -> None:
    for name in ("mixed", "unheard_of"):
        written = spark(f"CAST({name} AS VARCHAR)")
        assert f"TYPEOF({name}) = 'double'" in written


def test_nulls_come_last_unless_asked_for_first() -> None:
    assert "NULLS LAST" in to_spark("SELECT n FROM t ORDER BY n")
    assert "NULLS LAST" in to_spark("SELECT ROW_NUMBER() OVER (ORDER BY n) AS r FROM t")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT APPROX_COUNT_DISTINCT(n) FROM t",
        "SELECT APPROX_QUANTILE(n, 0.5) FROM t",
        "SELECT HASH(s) FROM t",
        "SELECT n // x FROM t",
        "SELECT s SIMILAR TO 'a' FROM t",
        "SELECT REGEXP_MATCHES(s, 'a', 'i') FROM t",
        "SELECT UNNEST(l) FROM t",
        "SELECT l[1] FROM t",
        "SELECT MODE(n) FROM t",
        "SELECT CAST(n AS DECIMAL(10, 2)) FROM t",
        "SELECT LOG(n) FROM t",
        "SELECT DISTINCT ON (n) n, s FROM t",
        "SELECT n FROM t UNION ALL BY NAME SELECT n FROM t",
        "SELECT n FROM t ASOF JOIN u ON t.n = u.n AND t.t >= u.t",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM t USING SAMPLE 10",
        "SELECT java_method('java.lang.System', 'exit')",
        "PIVOT t ON s USING SUM(n)",
    ],
)
def test_what_may_give_another_number_is_refused_and_shown(query: str) -> None:
    with pytest.raises(EngineError) as caught:
        to_spark(query, columns=COLUMNS)
    assert caught.value.cause
    assert caught.value.hint


def test_only_tables_that_are_there_are_read() -> None:
    tables = ("ads", "Decisions")
    with_own = "WITH w AS (SELECT 1 AS n) SELECT * FROM w, ADS, decisions"
    assert "w" in to_spark(with_own, tables=tables)
    for place in ('parquet."/etc/passwd"', "prod.ads", "other"):
        with pytest.raises(EngineError) as caught:
            to_spark(f"SELECT * FROM {place}", tables=tables)
        assert "ads" in caught.value.hint


def test_what_is_no_sql_is_told() -> None:
    with pytest.raises(EngineError) as caught:
        to_spark("SELECT FROM WHERE )")
    assert "cannot be read as SQL" in caught.value.cause


def test_names_that_mean_different_things_are_never_taken_for_one() -> None:
    query = "SELECT CAST(y AS VARCHAR) AS z FROM (SELECT n AS y FROM t UNION ALL SELECT x FROM t)"
    assert "TYPEOF" in to_spark(query, columns=COLUMNS)
    known = "SELECT CAST(y AS VARCHAR) AS z FROM (SELECT n AS y FROM t)"
    assert "TYPEOF" not in to_spark(known, columns=COLUMNS)
