"""What does a curve of 1,000 thresholds over five million labels cost, beside scikit-learn's?

::

    python -m benchmarks.curve_speed                  # five runs, writes the table
    python -m benchmarks.curve_speed --rows 500000    # a look

Each tool runs in a process of its own on the same arrays, read from one Parquet file: single
precision scores, truth, weights. CPU seconds are those of the process beyond loading and importing;
memory is the peak of the process, less that after loading. Runs take turns.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

__all__ = ["main"]

RESULTS = Path(__file__).parent / "results" / "curve_speed.md"
TOOLS = ("shroff", "shroff without bands", "scikit-learn")


def _write(path: Path, rows: int) -> None:
    rng = np.random.default_rng(20261122)
    truth = rng.random(rows) < 0.05
    score = rng.beta(1 + 3 * truth, 4 - 1.5 * truth).astype(np.float32)
    weight = rng.choice([1.0, 5.0, 20.0], rows)
    pq.write_table(pa.table({"score": score, "truth": truth, "weight": weight}), path)


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _one(tool: str, path: Path) -> None:
    """Draw one curve in this process and print what it cost."""
    if tool == "scikit-learn":
        from sklearn.metrics import precision_recall_curve, roc_curve
    else:
        from shroff.domain.labels import DesignKind
        from shroff.stats.sampling import Strata, kind_codes
        from shroff.stats.score_cells import binned
        from shroff.stats.score_curves import thresholds
        from shroff.stats.score_ranking import ranking
    table = pq.read_table(path)
    score, truth, weight = (table.column(n).to_numpy() for n in ("score", "truth", "weight"))
    del table
    before, held = _cpu(), _peak_mb()
    began = time.perf_counter()
    if tool == "scikit-learn":
        precision, recall, at = precision_recall_curve(truth, score, sample_weight=weight)
        curve_cpu = _cpu() - before
        roc_curve(truth, score, sample_weight=weight)
        place = int(np.searchsorted(at, 0.5))
        told = [float(precision[place]), float(recall[place])]
    else:
        cells = binned(score, truth, weights=weight)
        if tool == "shroff":
            strata = Strata(
                kind=kind_codes([DesignKind.PPS]),
                population=np.array([np.nan]),
                labels=np.array([float(len(score))]),
            )
            found = thresholds(cells, strata, rng=np.random.default_rng(1))
            ranking(cells, strata)
            told = [float(found.precision.value[500]), float(found.recall.value[500])]
        else:
            up = np.cumsum(cells.weights()[:, ::-1], axis=1)[:, ::-1]
            told = [float(up[1, 501] / up[:, 501].sum()), float(up[1, 501] / up[1, 0])]
        curve_cpu = _cpu() - before
    print(
        json.dumps(
            {
                "cpu": _cpu() - before,
                "curve_cpu": curve_cpu,
                "wall": time.perf_counter() - began,
                "memory_mb": _peak_mb() - held,
                "told": told,
            }
        )
    )


def _run(tool: str, path: Path) -> dict[str, object]:
    command = [sys.executable, "-m", "benchmarks.curve_speed", "--one", tool, "--file", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    told: dict[str, object] = json.loads(done.stdout)
    return told


HEAD = """# What a curve of 1,000 thresholds costs

`python -m benchmarks.curve_speed`: {rows:,} labels (single precision scores, truth, unequal weights)
read from Parquet; each tool in a process of its own, {runs} runs taking turns, medians (least to most).
CPU seconds beyond importing and loading; memory beyond what the loaded arrays take. *shroff* gives
precision, recall and false-positive rate at 1,000 thresholds with simultaneous bands, AUC and average
precision with intervals; *without bands* the weighted counts and curve alone. *scikit-learn* gives
`precision_recall_curve` with sample weights, points only; its `roc_curve` comes on top. Both agree at
the threshold 0.5: precision {precision:.6f}, recall {recall:.6f}.

| tool | CPU s, precision and recall | CPU s, all | memory, MB | times shroff |
|---|---|---|---|---|
"""


def _spread(values: list[float]) -> str:
    return f"{statistics.median(values):.3f} ({min(values):.3f}–{max(values):.3f})"


def main() -> None:
    """Run all tools in turn and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--one", default="")
    parser.add_argument("--file", type=Path)
    asked = parser.parse_args()
    if asked.one:
        _one(asked.one, asked.file)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "labels.parquet"
        _write(path, asked.rows)
        found = {tool: [] for tool in TOOLS}
        for _ in range(asked.runs):
            for tool in TOOLS:
                found[tool].append(_run(tool, path))
    ours = statistics.median(float(run["cpu"]) for run in found["shroff"])
    precision, recall = found["shroff"][0]["told"]
    theirs = found["scikit-learn"][0]["told"]
    assert np.allclose([precision, recall], theirs, rtol=1e-6), (precision, recall, theirs)
    text = HEAD.format(rows=asked.rows, runs=asked.runs, precision=precision, recall=recall)
    for tool, runs in found.items():
        curve = [float(run["curve_cpu"]) for run in runs]
        whole = [float(run["cpu"]) for run in runs]
        memory = statistics.median(float(run["memory_mb"]) for run in runs)
        ratio = statistics.median(curve) / ours
        text += f"| {tool} | {_spread(curve)} | {_spread(whole)} | {memory:.0f} | {ratio:.1f} |\n"
    print(text)
    if asked.rows >= 5_000_000:
        RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
