"""Times the search over slices against divexplorer, in one run on one machine.

One million labelled ads, six columns (50, 40, 12, 5, 8 and 20 values), slices of up to three
columns, a few of them planted. Each way runs in a process of its own; CPU is user plus system time
of that process with its threads, memory its peak resident size.

    python -m benchmarks.slices [--rows 1000000] [--write]

``divexplorer`` (``pip install divexplorer``; a benchmark's dependency only) looks for slices with at
least a hundredth of the labels, ours with at least a thousandth.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shroff.store.duckdb import DuckDBEngine

__all__ = ["COLUMNS", "PLANTED", "main"]

COLUMNS = {"market": 50, "industry": 40, "language": 12, "format": 5, "tenure": 8, "detector": 20}
PLANTED: tuple[Mapping[str, int], ...] = (
    {"language": 5},
    {"market": 3, "format": 2},
    {"industry": 9, "format": 1, "tenure": 4},
    {"industry": 11, "detector": 3},
)
RESULTS = Path(__file__).parent / "results" / "slices.md"
STRATA, DAYS, SHARE, TIMES = 9, 84, 0.02, 3.0
SUPPORT = 0.01
WAYS = ("lake", "frame", "divexplorer")


def make_frame(folder: Path, rows: int) -> None:
    """Write labels of approved ads as a lake holds them: Parquet, zstd, text columns."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    rng = np.random.default_rng(11)
    first = date(2026, 1, 5)
    step = 500_000
    for number, start in enumerate(range(0, rows, step)):
        size = min(step, rows - start)
        codes = {name: rng.integers(0, levels, size) for name, levels in COLUMNS.items()}
        stratum = rng.integers(0, STRATA, size)
        share = np.full(size, SHARE)
        for planted in PLANTED:
            share[np.logical_and.reduce([codes[n] == v for n, v in planted.items()])] *= TIMES
        bad = rng.random(size) < share
        columns = {
            **{
                name: pa.DictionaryArray.from_arrays(
                    pa.array(values, pa.int32()),
                    pa.array([f"{name}-{i:02d}" for i in range(COLUMNS[name])]),
                ).cast(pa.string())
                for name, values in codes.items()
            },
            "stratum_code": pa.array(stratum.astype("int32")),
            "outcome": pa.array((bad * 12 + 2).astype("int32")),
            "bad": pa.array(bad),
            "w": pa.array(np.array([5.0, 20.0, 100.0])[stratum % 3]),
            "decision_day": pa.array(
                [first + timedelta(days=day) for day in range(DAYS)], pa.date32()
            ).take(pa.array(rng.integers(0, DAYS, size))),
            "in_period": pa.array(np.ones(size, bool)),
        }
        pq.write_table(pa.table(columns), folder / f"part-{number}.parquet", compression="zstd")


def engine_over(folder: Path) -> DuckDBEngine:
    from shroff.store.duckdb import DuckDBEngine
    from shroff.store.lake import Lake

    engine = DuckDBEngine(
        Lake(folder / "lake"), memory_gb=1.0, spill=folder / "spill", readable=[folder]
    )
    engine.execute(
        f"CREATE OR REPLACE VIEW files AS SELECT * FROM read_parquet('{folder}/*.parquet')"
    )
    return engine


def ours(folder: Path, table: str) -> dict[str, object]:
    """Read the labels, search, thin out, confirm and estimate."""
    from shroff.domain.labels import DesignKind
    from shroff.domain.metric_catalogue import CATALOGUE
    from shroff.domain.metrics import Weight
    from shroff.measure.quality import outcomes_of
    from shroff.measure.slice_hunt import hunt
    from shroff.measure.slice_labels import HeldOut, Source, read_labels, split_of
    from shroff.measure.slice_windows import Reading

    engine = engine_over(folder)
    if table == "frame":
        engine.materialise("frame", "SELECT * FROM files", compact=True)
    ratio = outcomes_of(engine, [CATALOGUE["leakage"]]).ratios["leakage"]
    source = Source(
        table=table, outcome="outcome", where="in_period", kinds=(DesignKind.STRATIFIED,) * STRATA
    )
    reading = Reading(ratio=ratio, error=ratio.numerator, weight=Weight.ADS, known=True)
    started = time.process_time()
    split = split_of(engine, source, wanted=HeldOut.LATER)
    labels = read_labels(engine, source, columns=list(COLUMNS), split=split)
    read = time.process_time()
    found = hunt(labels, reading, depth=3, false_share=0.05, level=0.95)
    searched = time.process_time()
    caught = found.caught
    names = list(COLUMNS)
    return {
        "search": searched - started,
        "reading": read - started,
        "slices": found.looked_at,
        "found": found.found,
        "listed": [
            f"{' and '.join(f'{names[c]}={labels.words[c][v]}' for c, v in terms)}: {standing}"
            for terms, standing in zip(caught.terms, caught.standing, strict=True)
        ]
        if caught
        else [],
    }


def divexplorer(folder: Path) -> dict[str, object]:
    """Look for slices with at least a hundredth of the labels; no weights, no correction."""
    import pandas as pd
    from divexplorer import DivergenceExplorer

    frame = pd.read_parquet(folder, columns=[*COLUMNS, "bad"])
    frame = frame.astype(dict.fromkeys(COLUMNS, "str"))
    started = time.process_time()
    found = DivergenceExplorer(frame).get_pattern_divergence(
        min_support=SUPPORT, boolean_outcomes=["bad"]
    )
    return {"search": time.process_time() - started, "slices": len(found) - 1}


def run_way(way: str, folder: Path) -> dict[str, object]:
    if way != "divexplorer":
        sys.modules["pandas"] = None  # type: ignore[assignment]  # ours does not need it
    before = time.process_time()
    found = divexplorer(folder) if way == "divexplorer" else ours(folder, _table(way))
    return {
        **found,
        "cpu": time.process_time() - before,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _table(way: str) -> str:
    return "files" if way == "lake" else way


def measure(way: str, folder: Path) -> dict[str, object]:
    command = [sys.executable, "-m", "benchmarks.slices", "--way", way, "--folder", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return {"failed": done.stderr.strip().splitlines()[-1]}
    return json.loads(done.stdout.splitlines()[-1])


def table(found: Mapping[str, Mapping[str, object]], rows: int) -> str:
    lines = [
        f"# Search over slices, {rows:,} labelled ads, 6 columns, to depth 3",
        "",
        f"`python -m benchmarks.slices --rows {rows} --write`, {datetime.now(UTC):%Y-%m-%d},"
        f" Python {sys.version.split()[0]}. CPU seconds (user + system, all threads).",
        "",
        "| way | fewest labels | slices looked at | search, CPU s | divexplorer is slower |"
        " whole process, CPU s | peak MB |",
        "|---|---|---|---|---|---|---|",
    ]
    base = found["divexplorer"].get("search")
    for way, got in found.items():
        if "failed" in got:
            lines.append(f"| {way} | failed: {got['failed']} | | | | | |")
            continue
        least = "1%" if way == "divexplorer" else "0.1%"
        ratio = f"{float(str(base)) / float(str(got['search'])):.0f} times" if base else "?"
        lines.append(
            f"| {way} | {least} | {got['slices']:,} | {got['search']:.2f} | {ratio} |"
            f" {got['cpu']:.2f} | {got['peak_mb']:.0f} |"
        )
    first = found["lake"]
    listed = first.get("listed") or []
    assert isinstance(listed, list)
    lines += [
        "",
        "`lake` reads the labels from Parquet files, `frame` from a table of the session as"
        " `shroff slices` keeps the label frame. Both read"
        " all labels, search two thirds of them, thin out what is found, confirm it with the last"
        " third and give every figure an interval; divexplorer gives divergences and t values of"
        " all labels, unweighted, after pandas has read them.",
        "",
        f"Planted were {len(PLANTED)} slices with {TIMES:g} times the share of errors; found were"
        f" {first.get('found')} slices, listed:",
        "",
        *(f"- {each}" for each in listed),
        "",
        "A slice of three columns that was planted has a few hundred labels, fewer than are looked"
        " at here.",
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--way", choices=WAYS)
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    if asked.way:
        print(json.dumps(run_way(asked.way, asked.folder)))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_frame(folder, asked.rows)
        found = {way: measure(way, folder) for way in WAYS}
    text = table(found, asked.rows)
    print(text)
    if asked.write:
        RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
