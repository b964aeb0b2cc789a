from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Cli = Callable[..., Any]


def test_a_query_runs_on_the_canonical_tables(demo: Path, cli: Cli) -> None:
    query = "SELECT action, COUNT(*) AS n FROM decisions GROUP BY action ORDER BY action"
    record = cli("sql", query, "-w", demo, "--json").record()
    assert record["columns"] == ["action", "n"]
    assert {row["action"] for row in record["rows"]} >= {"approve", "reject"}
    assert "approve" in cli("sql", query, "-w", demo).out


def test_rows_are_limited_and_written_as_csv(demo: Path, cli: Cli) -> None:
    outcome = cli(
        "sql", "SELECT 1 AS a, 2 AS a FROM ads;", "-w", demo, "--limit", "2", "--csv", "-"
    )
    assert outcome.out == "a,a_1\n1,2\n1,2\n"


def test_a_csv_file_holds_nothing_that_a_spreadsheet_would_run(demo: Path, cli: Cli) -> None:
    query = "SELECT '=cmd()' AS a, '-1.5' AS b, -2 AS c, '@x' AS d, 'a=b' AS e, '+1 off' AS f"
    outcome = cli("sql", query, "-w", demo, "--csv", "-")
    assert outcome.out == "a,b,c,d,e,f\n'=cmd(),-1.5,-2,'@x,a=b,'+1 off\n"


@pytest.mark.parametrize(
    "query",
    [
        "DROP TABLE ads",
        "SELECT 1; SELECT 2",
        "COPY (SELECT 1) TO 'x.csv'",
        "SET threads = 1",
        "",
        "INSERT INTO ads SELECT * FROM ads",
    ],
)
def test_anything_but_one_select_is_refused(query: str, demo: Path, cli: Cli) -> None:
    outcome = cli("sql", query, "-w", demo, "--json")
    assert outcome.code == 2
    assert "only one SELECT" in outcome.fault()["cause"]


@pytest.mark.parametrize(
    "query",
    ["SELECT * FROM read_text('/etc/hostname')", "SELECT * FROM '/etc/hostname'", "SELEC 1"],
)
def test_other_files_and_what_is_no_sql_are_refused(query: str, demo: Path, cli: Cli) -> None:
    outcome = cli("sql", query, "-w", demo)
    assert outcome.code == 2
    assert "Traceback" not in outcome.err


def test_a_metric_gives_the_query_that_measures_it(demo: Path, cli: Cli) -> None:
    outcome = cli("sql", "leakage", "--by", "market", "-w", demo)
    assert outcome.code == 0
    assert "-- population\n" in outcome.out
    assert cli("sql", "leakage", "-w", demo, "--json").record()["sql"]
