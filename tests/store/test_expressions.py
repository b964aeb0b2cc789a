"""SQL that settings give is one expression over a row, and reaches for nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from shroff.errors import ConfigError, EngineError
from shroff.store.expressions import expression_fault, require_expression
from shroff.store.sql import literal

if TYPE_CHECKING:
    from conftest import Bench

LOG = b"change_id,at,what\nc1,2026-01-01,x\n"


@pytest.mark.parametrize(
    "sql",
    [
        "action = 'approve' AND violating",
        "CASE WHEN score > 0.5 THEN 'high; or so' ELSE '-- low' END",
        "policy_id IN ('a', 'b') -- what we rule on\n  AND market <> 'US'",
        "list_transform(policies, lambda each: upper(each))",
        "CAST(seconds AS DOUBLE) * 1000",
        "(market, language) IN (('US', 'en'))",
    ],
)
def test_an_expression_over_columns_is_taken_as_it_is(sql: str) -> None:
    assert require_expression(sql, where="here") == sql


@pytest.mark.parametrize(
    ("sql", "fault"),
    [
        ("1); COPY (SELECT 42) TO 'written.csv'; --", "not one SQL expression"),
        ("1); DROP TABLE decisions; --", "not one SQL expression"),
        ("1) FROM decisions --", "not one SQL expression"),
        ("1 --", "not one SQL expression"),
        ("1 /*", "not one SQL expression"),
        ("1) AS VARCHAR); DROP TABLE decisions; SELECT CAST((1", "not one SQL expression"),
        ("1) AS VARCHAR), CAST((2", "more than one"),
        ("1) AS VARCHAR) UNION SELECT CAST((2", "more than one"),
        ("1) AS VARCHAR) || CAST((2", "more than one"),
        ("1, 2", "one value"),
        ("unnest([1, 2])", "one value"),
        ("(SELECT COUNT(*) FROM read_text('/etc/passwd')) > 0", "no query"),
        ("EXISTS (FROM decisions)", "no query"),
        ("score > ?", "no placeholder"),
        ("*", "no query"),
        ("COLUMNS('s.*') > 0", "no query"),
        ("'HOME'.GetEnv() = ''", "cannot call getenv"),
        ("getvariable('inner_key')", "cannot call getvariable"),
        ("read_text('/etc/passwd')", "cannot call read_text"),
        (" ", "no SQL expression"),
        ("1\0); DROP TABLE decisions", "no SQL expression"),
    ],
)
def test_anything_else_is_refused_in_words(sql: str, fault: str) -> None:
    assert fault in expression_fault(sql)


def test_the_refusal_names_the_setting() -> None:
    with pytest.raises(ConfigError) as caught:
        require_expression("1; SELECT 2", where="shroff.toml [metrics.mine] numerator")
    assert caught.value.where == "shroff.toml [metrics.mine] numerator"
    assert caught.value.hint


def test_a_mapping_tells_all_its_expressions_that_are_none(bench: Bench) -> None:
    target = bench.folder / "written.csv"
    with pytest.raises(ConfigError) as caught:
        bench.take(
            LOG,
            expressions={
                "what": f"1); COPY (SELECT 42) TO {literal(str(target))}; --",
                "scope": "(SELECT content FROM read_text('/etc/passwd'))",
            },
        )
    for word in ("expressions.what", "expressions.scope"):
        assert word in caught.value.cause
    assert caught.value.where == "[mapping.changes]"
    assert not target.exists()
    assert bench.lake.snapshot() == {}


def test_an_engine_reads_and_writes_no_file_beside_the_lake(bench: Bench, tmp_path: Path) -> None:
    bench.take(LOG)
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.csv").write_text("a\n1\n", encoding="utf-8")
    read = f"SELECT * FROM read_csv({literal(str(outside / 'secret.csv'))})"
    with bench.engine() as engine:
        assert engine.query("SELECT * FROM changes").num_rows == 1
        with pytest.raises(EngineError, match="Permission"):
            engine.query(read)
        with pytest.raises(EngineError, match="Permission"):
            engine.execute(f"COPY (SELECT 42) TO {literal(str(outside / 'written.csv'))}")
        with pytest.raises(EngineError, match="locked"):
            engine.execute("SET enable_external_access = true")
    assert [path.name for path in outside.iterdir()] == ["secret.csv"]
