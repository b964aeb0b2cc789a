"""Times the sliced scorecard against hand-written SQL, pandas and fairlearn, in one run.

Five million labelled ads, six columns (50, 40, 12, 5, 8 and 20 values), every column and all
fifteen pairs, fifteen strata, thirteen metrics. Each way runs in a process of its own; CPU is user
plus system time of that process with its threads, memory its peak resident size.

    python benchmarks/scorecard.py [--rows 5000000] [--write]
"""

from __future__ import annotations

import argparse
import itertools
import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shroff.store.duckdb import DuckDBEngine

COLUMNS = {"market": 50, "industry": 40, "language": 12, "format": 5, "tenure": 8, "detector": 20}
STRATA = 15
SLICINGS = [(name,) for name in COLUMNS] + list(itertools.combinations(COLUMNS, 2))
RESULTS = Path(__file__).parent / "results" / "scorecard.md"
FAIRLEARN_ROWS = 200_000


def make_frame(folder: Path, rows: int) -> None:
    """Write a label frame as a lake holds it: Parquet, zstd, text columns."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    rng = np.random.default_rng(5)
    step = 500_000
    for number, start in enumerate(range(0, rows, step)):
        size = min(step, rows - start)
        table = {
            name: pa.DictionaryArray.from_arrays(
                pa.array(rng.integers(0, levels, size), pa.int32()),
                pa.array([f"{name}-{i:02d}" for i in range(levels)]),
            ).cast(pa.string())
            for name, levels in COLUMNS.items()
        }
        stratum = rng.integers(0, STRATA, size)
        action = np.where(stratum < 9, 0, np.where(stratum < 12, 1, 2))
        true = rng.random(size) < np.array([0.02, 0.35, 0.9])[action]
        right = true & (rng.random(size) < 0.9)
        outcome = action * 16 + true * 12 + 2 + right
        columns = {
            **table,
            "stratum_code": pa.array(stratum.astype("int32")),
            "outcome": pa.array(outcome.astype("int32")),
            "y": pa.array(true),
            "d": pa.array(action.astype("int32")),
            "w": pa.array(np.array([40.0, 8.0, 4.0])[action]),
            "advertiser": pa.array((rng.pareto(1.1, size) * 50).astype("int64") % 60_000),
            "in_period": pa.array(np.ones(size, bool)),
        }
        pq.write_table(pa.table(columns), folder / f"part-{number}.parquet", compression="zstd")


def engine_over(folder: Path) -> DuckDBEngine:
    from shroff.store.duckdb import DuckDBEngine
    from shroff.store.lake import Lake

    engine = DuckDBEngine(
        Lake(folder / "lake"), memory_gb=2.0, spill=folder / "spill", readable=[folder]
    )
    engine.execute(
        f"CREATE OR REPLACE VIEW frame AS SELECT * FROM read_parquet('{folder}/*.parquet')"
    )
    return engine


def ours(folder: Path) -> dict[str, float]:
    """Count and judge as the scorecard does."""
    from shroff.domain.labels import DesignKind
    from shroff.domain.metric_catalogue import CATALOGUE
    from shroff.domain.metrics import Needs, Weight
    from shroff.measure.counts import count
    from shroff.measure.frame import Frame, Stratum
    from shroff.measure.quality import (
        cells_of,
        estimate_figures,
        label_sums,
        outcomes_of,
        strata_of_cube,
    )

    engine = engine_over(folder)
    metrics = [m for m in CATALOGUE.values() if m.needs is Needs.TRUTH and m.weight is Weight.ADS]
    outcomes = outcomes_of(engine, metrics)
    started = time.process_time()
    cube = count(
        engine,
        "frame",
        slicings=[(), *SLICINGS],
        keys=("stratum_code", "outcome"),
        sums=label_sums(Weight.ADS),
        where="in_period",
    )
    counted = time.process_time()
    strata = tuple(Stratum(i, "audit", str(i), DesignKind.STRATIFIED, 1) for i in range(STRATA))
    frame = Frame("frame", Weight.ADS, (), strata, clustered=False, query="")
    figures = estimate_figures(
        cells_of(cube.columns, cube.group),
        strata_of_cube(frame, cube),
        weight=Weight.ADS,
        chosen=[outcomes.ratios[m.id] for m in metrics],
        groups=len(cube.slices),
        level=0.95,
    )
    judged = time.process_time()
    return {
        "count": counted - started,
        "intervals": judged - counted,
        "figures": float(len(cube.slices) * len(figures)),
    }


def clustered(folder: Path) -> dict[str, float]:
    """Judge the six columns as a design drawn by advertiser: labels one by one, no cube."""
    from shroff.domain.labels import DesignKind
    from shroff.domain.metric_catalogue import CATALOGUE
    from shroff.domain.metrics import Needs, Weight
    from shroff.measure.brief import Design
    from shroff.measure.clustered import clustered_blocks
    from shroff.measure.counts import count
    from shroff.measure.frame import Frame, Source, Stratum
    from shroff.measure.quality import outcomes_of

    engine = engine_over(folder)
    engine.execute(
        "CREATE OR REPLACE TEMP VIEW labels AS SELECT *, 'audit' AS design,"
        " CAST(NULL AS VARCHAR) AS policy_id, CAST(NULL AS VARCHAR[]) AS truth_policies,"
        " 'x' AS ad_id FROM frame"
    )
    metrics = [m for m in CATALOGUE.values() if m.needs is Needs.TRUTH and m.weight is Weight.ADS]
    design = Design(id="audit", kind=DesignKind.STRATIFIED, cluster="advertiser")
    source = Source("approve", design, 1, 1.0, 1, 1, 1.0, 0.0)
    strata = tuple(Stratum(i, "audit", str(i), DesignKind.STRATIFIED, 1) for i in range(STRATA))
    frame = Frame("labels", Weight.ADS, (source,), strata, clustered=True, query="")
    started = time.process_time()
    slicings = [(), *((name,) for name in COLUMNS)]
    cube = count(engine, "labels", slicings=slicings, sums={"n": "COUNT(*)"})
    slices = {slicing: cube.slices[a:b] for slicing, (a, b) in cube.spans.items()}
    counted = time.process_time()
    blocks, _ = clustered_blocks(
        engine, frame, outcomes_of(engine, metrics), metrics=metrics, slices=slices, level=0.95
    )
    return {
        "count": counted - started,
        "intervals": time.process_time() - counted,
        "figures": float(sum(len(block) for block in blocks)),
    }


def sql(folder: Path) -> dict[str, float]:
    """Count with the plainest SQL: GROUP BY slice, stratum, y, d."""
    import duckdb

    connection = duckdb.connect(config={"memory_limit": "2GB"})
    connection.execute(f"CREATE VIEW frame AS SELECT * FROM read_parquet('{folder}/*.parquet')")
    started = time.process_time()
    rows = 0
    for slicing in SLICINGS:
        names = ", ".join(slicing)
        query = (
            f"SELECT {names}, stratum_code, y, d, COUNT(*), SUM(w), SUM(w * w)"
            f" FROM frame GROUP BY {names}, stratum_code, y, d"
        )
        rows += connection.sql(query).to_arrow_table().num_rows
    return {"count": time.process_time() - started, "figures": 0.0, "rows": float(rows)}


def pandas(folder: Path) -> dict[str, float]:
    """Count with pandas and category columns; no interval."""
    import pandas as pd

    frame = pd.read_parquet(folder, columns=[*COLUMNS, "stratum_code", "y", "d", "w"])
    for name in COLUMNS:
        frame[name] = frame[name].astype("category")
    frame["w2"] = frame["w"] ** 2
    started = time.process_time()
    for slicing in SLICINGS:
        keys = [*slicing, "stratum_code", "y", "d"]
        frame.groupby(keys, observed=True).agg(n=("w", "size"), w=("w", "sum"), w2=("w2", "sum"))
    return {"count": time.process_time() - started, "figures": 0.0}


def fairlearn(folder: Path) -> dict[str, float]:
    """Compute three weighted metrics on the six columns, no pairs, no interval, 200,000 rows."""
    import pandas as pd
    from fairlearn.metrics import MetricFrame
    from sklearn.metrics import precision_score, recall_score

    frame = pd.read_parquet(folder, columns=[*COLUMNS, "y", "d", "w"]).head(FAIRLEARN_ROWS)
    acted = frame["d"] > 0
    metrics = {"precision": precision_score, "recall": recall_score}
    started = time.process_time()
    for name, levels in COLUMNS.items():
        weights = {metric: {"sample_weight": frame["w"]} for metric in metrics}
        found = MetricFrame(
            metrics=metrics,
            y_true=frame["y"],
            y_pred=acted,
            sensitive_features=frame[name],
            sample_params=weights,
        )
        assert len(found.by_group) == levels  # computed when read
    return {"count": time.process_time() - started, "figures": 0.0}


TASKS = {
    "ours": ours,
    "clustered": clustered,
    "sql": sql,
    "pandas": pandas,
    "fairlearn": fairlearn,
}


def run_task(task: str, folder: Path) -> dict[str, float]:
    before = time.process_time()
    found = TASKS[task](folder)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return {
        **found,
        "cpu": time.process_time() - before,
        "peak_mb": usage.ru_maxrss / 1024,
    }


def measure(task: str, folder: Path) -> dict[str, float]:
    command = [sys.executable, __file__, "--task", task, "--folder", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return {"failed": 1.0, "note": done.stderr.strip().splitlines()[-1]}  # type: ignore[dict-item]
    return json.loads(done.stdout.splitlines()[-1])


def table(found: dict[str, dict[str, float]], rows: int) -> str:
    base = found["sql"]["count"]
    lines = [
        f"# Sliced scorecard, {rows:,} labelled ads, 6 columns and 15 pairs",
        "",
        f"`python benchmarks/scorecard.py --rows {rows} --write`, {datetime.now(UTC):%Y-%m-%d},"
        f" Python {sys.version.split()[0]}. CPU seconds (user + system, all threads).",
        "",
        "| way | counting, CPU s | ratio to SQL | intervals, CPU s | whole process, CPU s | peak MB |",
        "|---|---|---|---|---|---|",
    ]
    for name, got in found.items():
        if "failed" in got:
            lines.append(f"| {name} | failed: {got['note']} | | | | |")
            continue
        intervals = f"{got['intervals']:.2f}" if "intervals" in got else "none"
        lines.append(
            f"| {name} | {got['count']:.2f} | {got['count'] / base:.2f} | {intervals} |"
            f" {got['cpu']:.2f} | {got['peak_mb']:.0f} |"
        )
    lines += [
        "",
        f"`ours` gives {found['ours'].get('figures', 0):,.0f} figures with intervals. `clustered`"
        " is the six columns, no pairs, for a design drawn by advertiser (60,000 of them): it reads"
        " the labels one by one. `fairlearn`"
        f" is run on {FAIRLEARN_ROWS:,} rows, six columns, two metrics, no pair and no interval.",
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--task", choices=[*TASKS])
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    if asked.task:
        print(json.dumps(run_task(asked.task, asked.folder)))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_frame(folder, asked.rows)
        found = {task: measure(task, folder) for task in TASKS}
    text = table(found, asked.rows)
    print(text)
    if asked.write:
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
