"""Times counting phrases of two groups of texts against scikit-learn's vectoriser, same table, one run.

Texts are halves of two real ones ($SHROFF_DATA: Chinese comments, English headlines and tweets) put
together, so that phrases recur and new ones come; signs are dropped and letters folded before, as
both ways then cut them alike. The table is every phrase of one to four words (or of one to six Han
characters) in at least five texts of the first fifth, with its number of texts there and in the
rest. Each way runs in a process of its own; CPU is user plus system time of that process, memory its
peak resident size, texts and libraries included. Both give the same table, or it fails.

    SHROFF_DATA=... python -m benchmarks.keyness_speed [--texts 200000] [--growth] [--write]
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

__all__ = ["main"]

RESULTS = Path(__file__).parent / "results" / "keyness_speed.md"
LEAST = 5
SETS = {
    "zh": ("cold_zh/comments.parquet",),
    "en": ("clickbait_headlines/headlines.parquet", "davidson_tweets/tweets.parquet"),
}
KEPT = {"zh": re.compile("[^\u4e00-\u9fff]"), "en": re.compile("[^a-z ]")}
LONGEST = {"zh": 6, "en": 4}
PATTERN = {"zh": "[\u4e00-\u9fff]", "en": "[a-z]+"}


def write_texts(file: Path, texts: int, language: str) -> None:
    """Draw texts: two halves of real ones, so that phrases recur and new ones come."""
    rng = np.random.default_rng(7)
    data = Path(os.environ["SHROFF_DATA"])
    real: list[str] = []
    for name in SETS[language]:
        real += pq.read_table(data / name, columns=["text"]).column(0).to_pylist()
    clean = [" ".join(KEPT[language].sub("", text).split()) for text in _plain(real)]
    parts = [_split(text, language) for text in clean if text]
    first, second = rng.integers(0, len(parts), (2, texts))
    between = "" if language == "zh" else " "
    made = [
        f"{parts[one][0]}{between}{parts[other][1]}"
        for one, other in zip(first, second, strict=True)
    ]
    pq.write_table(pa.table({"text": pa.array(made, pa.large_string())}), file)


def _plain(texts: list[str]) -> list[str]:
    """Fold texts as the product does, so that both ways count the same characters."""
    from shroff.text.text_views import views_of_texts

    views = views_of_texts(texts)
    codes = views.plain.astype("<u4")
    bounds = zip(views.plain_at[:-1], views.plain_at[1:], strict=True)
    return [codes[first:last].tobytes().decode("utf-32-le") for first, last in bounds]


def _split(text: str, language: str) -> tuple[str, str]:
    if language == "zh":
        return text[: len(text) // 2], text[len(text) // 2 :]
    words = text.split()
    return " ".join(words[: len(words) // 2]), " ".join(words[len(words) // 2 :])


def ours(texts: pa.ChunkedArray, group: np.ndarray) -> dict[str, object]:
    """Count as the product does."""
    from shroff.watch.gram_table import gram_table
    from shroff.watch.token_stream import TokenReader

    reader = TokenReader()
    reader.add(texts)
    many = len(group)
    table = gram_table(
        reader.stream(),
        group=group,
        owner=np.arange(many, dtype=np.int32),
        chance=np.full((many, 1), 0.2),
        least=LEAST,
    )
    return _told(table.texts[:, 0], table.texts[:, 1])


def theirs(texts: pa.ChunkedArray, group: np.ndarray, language: str) -> dict[str, object]:
    """Count with scikit-learn: one vocabulary over all texts, then two sums."""
    from sklearn.feature_extraction.text import CountVectorizer

    vectoriser = CountVectorizer(
        binary=True, ngram_range=(1, LONGEST[language]), token_pattern=PATTERN[language],
        min_df=LEAST, dtype=np.int32,
    )  # fmt: skip
    counts = vectoriser.fit_transform(texts.to_pylist())
    here = np.asarray(counts[group == 0].sum(axis=0)).ravel()
    there = np.asarray(counts[group == 1].sum(axis=0)).ravel()
    kept = here >= LEAST
    return _told(here[kept], there[kept])


def _told(here: np.ndarray, there: np.ndarray) -> dict[str, object]:
    """Sum up a table so that two can be compared: its size and the counts in it."""
    pairs = np.unique(np.stack([here, there]).astype(np.int64), axis=1, return_counts=True)
    digest = int(np.sum((pairs[0][0] * 1_000_003 + pairs[0][1]) * pairs[1]))
    return {"phrases": len(here), "digest": digest}


def run(way: str, file: Path, language: str) -> dict[str, object]:
    """Do one way in this process; numba is compiled on a few texts before."""
    texts = pq.read_table(file).column("text")
    group = (np.arange(len(texts)) % 5 > 0).astype(np.uint8)
    if way == "ours":
        ours(texts.slice(0, 500), group[:500])
    else:
        theirs(texts.slice(0, 500), group[:500], language)
    begun = time.process_time()
    told = ours(texts, group) if way == "ours" else theirs(texts, group, language)
    cpu = time.process_time() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {**told, "cpu": cpu, "mb": peak / 1024, "texts": len(texts)}


def measured(way: str, file: Path, language: str) -> dict[str, float]:
    """Do one way in a process of its own."""
    call = [sys.executable, "-m", "benchmarks.keyness_speed", "--way", way]
    call += ["--file", str(file), "--language", language]
    found: dict[str, float] = json.loads(subprocess.check_output(call, text=True))
    return found


def written(file: Path, texts: int, language: str) -> None:
    """Write texts in a process of its own, whose memory would count for those it starts."""
    call = [sys.executable, "-m", "benchmarks.keyness_speed", "--way", "texts"]
    call += ["--file", str(file), "--language", language, "--texts", str(texts)]
    subprocess.check_call(call)


def _row(language: str, way: str, found: dict[str, float]) -> str:
    return (
        f"| {language} | {way} | {found['texts']:,} | {found['phrases']:,} | {found['cpu']:.1f} |"
        f" {found['mb']:,.0f} |"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--texts", type=int, default=200_000)
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--way")
    parser.add_argument("--file", type=Path)
    parser.add_argument("--language")
    asked = parser.parse_args()
    if asked.way == "texts":
        write_texts(asked.file, asked.texts, asked.language)
        return
    if asked.way:
        print(json.dumps(run(asked.way, asked.file, asked.language)))
        return
    lines = [
        "# Counting phrases, beside scikit-learn's vectoriser",
        "",
        f"`python -m benchmarks.keyness_speed --growth --write`, {datetime.now(UTC):%Y-%m-%d}.",
        "",
        (__doc__ or "").split("\n\n")[1].replace("\n", " "),
        "",
        "| texts are | way | texts | phrases | CPU s | MB |",
        "|---|---|---|---|---|---|",
    ]
    ratios = []
    with tempfile.TemporaryDirectory() as folder:
        for language in SETS:
            file = Path(folder) / f"{language}.parquet"
            written(file, asked.texts, language)
            found = {way: measured(way, file, language) for way in ("ours", "scikit-learn")}
            same = [(each["phrases"], each["digest"]) for each in found.values()]
            if same[0] != same[1]:
                raise SystemExit(f"the tables differ: {same}")
            lines += [_row(language, way, each) for way, each in found.items()]
            ratios.append(
                f"{language}: {found['scikit-learn']['cpu'] / found['ours']['cpu']:.1f} times"
            )
            if asked.growth:
                written(file, 10 * asked.texts, language)
                lines.append(_row(language, "ours", measured("ours", file, language)))
    lines += ["", "CPU of scikit-learn over ours: " + ", ".join(ratios) + ".", ""]
    print("\n".join(lines))
    if asked.write:
        RESULTS.write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
