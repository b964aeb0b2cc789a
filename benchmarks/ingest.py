"""Ingest of decisions against plain DuckDB loading: CPU and memory, one run.

::

    python -m benchmarks.ingest                  # 10 million rows, writes the table
    python -m benchmarks.ingest --rows 1000000   # a look, writes nothing

Plain loading is ``CREATE TABLE … AS SELECT`` with typed columns into a DuckDB database on disk, as
our rows are on disk afterwards; a table in memory only is shown beside it. Every measurement is a
process of its own: user and system CPU of it and its threads, and its peak resident memory.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import deltalake
import duckdb

RESULTS = Path(__file__).parent / "results" / "ingest.md"
FULL = 10_000_000
TYPES = {
    "decision_id": "VARCHAR", "ad_id": "VARCHAR", "ad_version": "BIGINT", "market": "VARCHAR",
    "decided_at": "TIMESTAMPTZ", "action": "VARCHAR", "policy_id": "VARCHAR", "source": "VARCHAR",
    "detector": "VARCHAR", "version": "VARCHAR", "flow_mode": "VARCHAR", "shadow": "BOOLEAN",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cost:
    cpu: float
    peak_gb: float


def make(file: Path, rows: int) -> None:
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    clock = "make_timestamptz(1767225600000000 + i * 700000)"
    written = f"strftime(timezone('UTC', {clock}), '%Y-%m-%dT%H:%M:%S.%gZ')"
    connection.execute(
        f"""COPY (SELECT 'd' || lpad(CAST(i AS VARCHAR), 12, '0') AS decision_id,
        'ad' || lpad(CAST(hash(i) % {rows} AS VARCHAR), 12, '0') AS ad_id, 1 AS ad_version,
        ['US', 'BR', 'ID', 'JP', 'DE', 'VN', 'MX', 'TH'][CAST(1 + hash(i, 1) % 8 AS BIGINT)] AS market,
        {written if file.suffix == ".csv" else clock} AS decided_at,
        ['approve', 'review', 'reject'][CAST(1 + hash(i, 2) % 3 AS BIGINT)] AS action,
        CASE WHEN hash(i, 2) % 3 > 0 THEN 'p' || (hash(i, 3) % 40) END AS policy_id,
        ['model', 'rule'][CAST(1 + hash(i, 4) % 2 AS BIGINT)] AS source, 'det' || (hash(i, 5) % 50) AS detector,
        'v' || (hash(i, 6) % 4) AS version, 'review_then_serve' AS flow_mode, false AS shadow
        FROM range({rows}) AS t(i)) TO '{file}'"""
    )


def plain(file: Path, database: str) -> None:
    connection = duckdb.connect(database)
    connection.execute("SET TimeZone = 'UTC'")
    types = ", ".join(f"'{name}': '{kind}'" for name, kind in TYPES.items())
    typed = f"read_csv('{file}', header=true, columns={{{types}}})"
    source = typed if file.suffix == ".csv" else f"read_parquet('{file}')"
    connection.execute(f"CREATE TABLE decisions AS SELECT * FROM {source}")
    connection.close()


def shroff(file: Path, lake: Path) -> None:
    from shroff.store.ingest import ingest
    from shroff.store.lake import Lake

    report = ingest(Lake(lake), "decisions", [file])
    print(report.summary().text(), file=sys.stderr)


def work(name: str, file: Path, rows: int) -> None:
    if name == "make":
        make(file, rows)
    elif name == "memory":
        plain(file, ":memory:")
    elif name == "plain":
        plain(file, str(file.with_name(f"{file.suffix[1:]}.db")))
    else:
        shroff(file, file.with_name(f"lake-{file.suffix[1:]}"))


def measured(name: str, file: Path, rows: int) -> Cost:
    command = [sys.executable, "-m", "benchmarks.ingest", "--work", name, str(file), str(rows)]
    process = subprocess.Popen(command)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{name} failed")
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1e6)


def measure(folder: Path, rows: int) -> list[str]:
    lines: list[str] = []
    for ending in ("csv", "parquet"):
        file = folder / f"decisions.{ending}"
        measured("make", file, rows)
        size = file.stat().st_size / 1e6
        base = measured("plain", file, rows)
        shown = {
            "plain DuckDB, table on disk": base,
            "plain DuckDB, table in memory": measured("memory", file, rows),
            "shroff ingest": measured("shroff", file, rows),
            "shroff ingest, the same file again": measured("again", file, rows),
        }
        lines += [
            f"| {ending} ({size:,.0f} MB) | {name} | {cost.cpu:.1f} | {cost.cpu / base.cpu:.2f} "
            f"| {cost.peak_gb:.2f} |"
            for name, cost in shown.items()
        ]
        for left in folder.glob("*.db"):
            left.unlink()
        file.unlink()
    return lines


def table(rows: int) -> str:
    with tempfile.TemporaryDirectory() as folder:
        lines = measure(Path(folder), rows)
    versions = f"Python {platform.python_version()}, DuckDB {duckdb.__version__}"
    return "\n".join([
        f"# Ingest of {rows:,} decisions",
        "",
        f"{datetime.now(UTC):%Y-%m-%d}, {versions}, deltalake {deltalake.__version__}, "
        f"{os.cpu_count()} cores. `python -m benchmarks.ingest --rows {rows}`",
        "",
        "| file | work | CPU s | ratio | peak GB |",
        "|---|---|---:|---:|---:|",
        *lines,
        "",
        "CPU is user and system time of the process, start of Python included; the ratio is to "
        "the table on disk. Limits: ratio 2 and 1.5 GB.",
        "",
    ])  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=FULL)
    parser.add_argument("--work", nargs=3, metavar=("NAME", "FILE", "ROWS"))
    options = parser.parse_args()
    if options.work:
        name, file, rows = options.work
        work(name, Path(file), int(rows))
        return
    text = table(options.rows)
    print(text)
    if options.rows >= FULL:
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
