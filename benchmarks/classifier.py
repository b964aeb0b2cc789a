"""The built-in classifier beside tuned TF-IDF with logistic regression, on sets of labelled texts.

Three tenths of each set are drawn at random and kept unseen; both ways learn on the rest and score
the unseen once. Each tunes itself by five folds and average precision in one fixed grid, then fits
all of the rest: the classifier its own grid of 15 places, scikit-learn four costs of errors (C) over
TF-IDF of words (one and two in a row) and of n-grams of characters, logarithmic counts, features of
at least two texts. Its features are read once, outside the folds, and liblinear fits it: both make
it faster. Each way runs in a process of its own with one thread: CPU is user and system time,
without starting up (imports, machine code of kernels); memory its peak resident size.

    SHROFF_DATA=... python -m benchmarks.classifier [--write] [--keep FOLDER]

Texts are not written anywhere; results hold figures only.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

__all__ = ["SETS", "main", "parted", "read"]

RESULTS = Path(__file__).parent / "results" / "classifier.md"
SETS: dict[str, tuple[str, str, tuple[object, ...]]] = {
    "cold_zh": ("comments", "label_offensive", (1,)),
    "sms_spam_en": ("messages", "label", ("spam",)),
    "clickbait_headlines": ("headlines", "label_clickbait", (1,)),
    "edos_sexism": ("posts", "label_sexist", (1,)),
    "davidson_tweets": ("tweets", "class_majority", ("hate",)),
}
WAYS = ("classifier", "scikit-learn")
COSTS = (0.3, 1.0, 3.0, 10.0)
HAN = r"(?u)[\u3400-\u9fff]|[^\W\u3400-\u9fff]+"
UNSEEN, SEED, DRAWS = 0.3, 20261123, 1000


def read(name: str) -> tuple[list[str], np.ndarray]:
    """Read a set: texts, and which of them violate."""
    import pyarrow.parquet as pq

    file, column, yes = SETS[name]
    table = pq.read_table(Path(os.environ["SHROFF_DATA"]) / name / f"{file}.parquet")
    truth = np.array([value in yes for value in table.column(column).to_pylist()])
    texts = [text or "" for text in table.column("text").to_pylist()]
    return texts, truth


def parted(truth: np.ndarray) -> np.ndarray:
    """Tell which texts are kept unseen."""
    drawn: np.ndarray = np.random.default_rng(SEED).random(len(truth)) < UNSEEN
    return drawn


def own(texts: Sequence[str], truth: np.ndarray, unseen: Sequence[str]) -> dict[str, object]:
    """Learn and score with the built-in classifier."""
    from shroff.models.classifier_training import LabelledTexts, train

    warm = LabelledTexts.simple([f"word{n % 7} {n}" for n in range(80)], np.arange(80) % 7 < 2)
    train(warm).classifier.scores(["word"])  # machine code of the kernels is read here
    start = time.process_time()
    found = train(LabelledTexts.simple(texts, truth))
    trained = time.process_time()
    found.classifier.scores(unseen[:1])  # the table of weights is laid out here
    ready = time.process_time()
    scores = found.classifier.scores(unseen)
    done = time.process_time()
    return {
        "train": trained - start + ready - trained,
        "score": done - ready,
        "chosen": f"C {found.setting.cost:g}, stretch {found.setting.stretch:g}",
        "scores": scores.tolist(),
    }


def peer(
    texts: Sequence[str], truth: np.ndarray, unseen: Sequence[str], *, chinese: bool
) -> dict[str, object]:
    """Learn and score with scikit-learn."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GridSearchCV, StratifiedKFold
    from sklearn.pipeline import FeatureUnion

    how = {"min_df": 2, "sublinear_tf": True}
    word = {"token_pattern": HAN} if chinese else {}
    words = TfidfVectorizer(analyzer="word", ngram_range=(1, 2), **word, **how)
    signs = TfidfVectorizer(
        analyzer="char" if chinese else "char_wb", ngram_range=(1, 4) if chinese else (2, 5), **how
    )
    reader = FeatureUnion([("words", words), ("signs", signs)])
    start = time.process_time()
    rows = reader.fit_transform(texts)
    search = GridSearchCV(
        LogisticRegression(solver="liblinear"),
        {"C": list(COSTS)},
        scoring="average_precision",
        cv=StratifiedKFold(5, shuffle=True, random_state=0),
    ).fit(rows, truth)
    trained = time.process_time()
    scores = search.decision_function(reader.transform(unseen))
    done = time.process_time()
    return {
        "train": trained - start,
        "score": done - trained,
        "chosen": f"C {search.best_params_['C']:g}",
        "scores": np.asarray(scores).tolist(),
    }


def one(name: str, way: str) -> dict[str, object]:
    """Run one way on one set, in this process."""
    texts, truth = read(name)
    held = parted(truth)
    known = [text for text, kept in zip(texts, held, strict=True) if not kept]
    unseen = [text for text, kept in zip(texts, held, strict=True) if kept]
    if way == "classifier":
        told = own(known, truth[~held], unseen)
    else:
        told = peer(known, truth[~held], unseen, chinese=name.endswith("_zh"))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {**told, "memory": memory, "known": len(known)}


def compare(name: str, both: dict[str, dict[str, object]]) -> list[str]:
    """Write the rows of one set."""
    from sklearn.metrics import average_precision_score

    _, truth = read(name)
    unseen = truth[parted(truth)]
    scores = {way: np.array(told["scores"]) for way, told in both.items()}
    area = {way: average_precision_score(unseen, each) for way, each in scores.items()}
    rng = np.random.default_rng(1)
    gaps = []
    for _ in range(DRAWS):
        rows = rng.integers(0, len(unseen), len(unseen))
        mine, theirs = (average_precision_score(unseen[rows], scores[w][rows]) for w in WAYS)
        gaps.append(mine - theirs)
    low, high = np.quantile(gaps, [0.025, 0.975])
    gap = area[WAYS[0]] - area[WAYS[1]]
    rows_out = []
    for way in WAYS:
        told = both[way]
        train, score = float(str(told["train"])), float(str(told["score"]))
        beside = f"{gap:+.4f} ({low:+.4f} to {high:+.4f})" if way == WAYS[0] else ""
        rows_out.append(
            f"| {name if way == WAYS[0] else ''} | {way} | {told['chosen']} | {area[way]:.4f} |"
            f" {beside} | {train:.1f} | {len(unseen) / score:,.0f} | {told['memory']:,.0f} |"
        )
    times = float(str(both[WAYS[1]]["train"])) / float(str(both[WAYS[0]]["train"]))
    faster = float(str(both[WAYS[1]]["score"])) / float(str(both[WAYS[0]]["score"]))
    said = f"{both[WAYS[0]]['known']:,} seen, {len(unseen):,} unseen, {unseen.sum():,} violating"
    rows_out.append(f"| | ratio ({said}) | | | | {times:.1f} | {faster:.1f} | |")
    return rows_out


def measured(name: str, way: str, folder: Path) -> dict[str, object]:
    """Run one way on one set in a process of its own."""
    out = folder / f"{name}-{way}.json"
    if out.exists():  # of a run that was stopped
        return dict(json.loads(out.read_text(encoding="utf-8")))
    alone = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}
    subprocess.run(
        [sys.executable, "-m", "benchmarks.classifier", "--one", name, way, str(out)],
        check=True,
        env={**os.environ, **alone},
    )
    told: dict[str, object] = json.loads(out.read_text(encoding="utf-8"))
    return told


def report(lines: Sequence[str]) -> str:
    """Write the page."""
    head = (__doc__ or "").strip().split("\n    SHROFF_DATA")[0].strip()
    return "\n".join([
        "# " + head.split("\n\n", 1)[0],
        "",
        head.split("\n\n", 1)[1],
        "",
        "Average precision is that of the unseen texts; the gap has a 95% interval from 1,000 paired"
        " redraws of them. Train: CPU seconds for reading features, the whole grid and the last fit.",
        "",
        "| Set | Way | Chosen | Average precision | Gap | Train, s | Texts/s | Memory, MB |",
        "|---|---|---|--:|--:|--:|--:|--:|",
        *lines,
        "",
    ])  # fmt: skip


def main() -> int:
    """Compare both ways on all sets."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--sets", nargs="*", default=list(SETS))
    parser.add_argument("--keep", type=Path, help="keep results here, and go on where it stopped")
    parser.add_argument("--one", nargs=3)
    asked = parser.parse_args()
    if asked.keep:
        asked.keep.mkdir(parents=True, exist_ok=True)
    if asked.one:
        name, way, out = asked.one
        Path(out).write_text(json.dumps(one(name, way)), encoding="utf-8")
        return 0
    lines: list[str] = []
    with TemporaryDirectory() as scratch:
        for name in asked.sets:
            both = {way: measured(name, way, asked.keep or Path(scratch)) for way in WAYS}
            lines += compare(name, both)
            sys.stdout.write("\n".join(lines[-3:]) + "\n")
            sys.stdout.flush()
    if asked.write:
        RESULTS.write_text(report(lines), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
