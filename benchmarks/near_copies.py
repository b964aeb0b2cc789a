"""Times near-copies of ads against rensa with its own index, in one run on the same texts.

Short texts in English and Chinese, half of them alone, the others in families: a text and what
becomes of it when numbers and words are changed and words are disguised. Each way runs in a process
of its own; CPU is user plus system time of that process, memory its peak resident size.

    python -m benchmarks.near_copies [--sizes 20000,200000,2000000] [--write]

``rensa`` (``pip install rensa``; a benchmark's dependency only) gets the same settings: shingles of
four characters (two, where they are Chinese), 63 hashes, similarity from 0.5. Its index gives
candidates, which are joined as ours are; it is told shingles made in Python from the text as it is
(``rensa``), or the hashes of our folded shingles (``rensa, our shingles``), so that its part alone
is seen. Pairs are judged by the planted families: precision is the share of joined pairs that are
of one family, recall the share of a family's exact pairs (Jaccard 0.5 or more of folded shingles,
counted by a plain loop over 20,000 texts) that are joined.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

__all__ = ["main", "make_texts"]

RESULTS = Path(__file__).parent / "results" / "near_copies.md"
WAYS = ("ours", "ours, signatures", "rensa", "rensa, our shingles")
HASHES, BANDS, LEAST = 63, 21, 0.5
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_HOMOGLYPHS = str.maketrans("aeopcx", "аеорсх")
_ORACLE = 20_000


def make_texts(size: int, *, seed: int = 5) -> tuple[list[str], np.ndarray]:
    """Write texts of 10 to 200 characters, and the family of each; -1 for those alone."""
    rng = np.random.default_rng(seed)
    words = [
        "".join(rng.choice(list(_LETTERS), rng.integers(3, 10)).tolist()) for _ in range(4_000)
    ]
    han = [chr(point) for point in rng.permutation(np.arange(0x4E00, 0x4E00 + 3_000)).tolist()]
    texts: list[str] = []
    family: list[int] = []
    while len(texts) < size:
        chinese = rng.random() < 0.4
        base = _base(rng, han if chinese else words, chinese=chinese)
        many = 1 if rng.random() < 0.85 else int(rng.integers(2, 21))
        for member in range(min(many, size - len(texts))):
            own = base if member == 0 else _edited(rng, base, han if chinese else words)
            texts.append(_said(rng, own, chinese=chinese, disguised=member > 0))
            family.append(len(texts) - 1 - member if many > 1 else -1)
    return texts, np.array(family)


def _base(rng: np.random.Generator, stock: Sequence[str], *, chinese: bool) -> list[str]:
    long = int(rng.integers(10, 80)) if chinese else int(rng.integers(3, 28))
    parts = [stock[at] for at in rng.integers(0, len(stock), long).tolist()]
    if rng.random() < 0.5:
        parts.insert(int(rng.integers(0, len(parts))), "#")
    return parts


def _edited(rng: np.random.Generator, base: Sequence[str], stock: Sequence[str]) -> list[str]:
    own = list(base)
    for _ in range(int(rng.integers(0, max(1, len(own) // 8) + 1))):
        own[int(rng.integers(0, len(own)))] = stock[int(rng.integers(0, len(stock)))]
    return own


def _said(
    rng: np.random.Generator, parts: Sequence[str], *, chinese: bool, disguised: bool
) -> str:
    said = ["$" + str(int(rng.integers(2, 2_000))) if each == "#" else each for each in parts]
    if disguised and rng.random() < 0.3:
        at = int(rng.integers(0, len(said)))
        for place in range(at, min(at + 4, len(said))):
            hidden = said[place] + "\u200b"
            said[place] = hidden if chinese else said[place].translate(_HOMOGLYPHS)
    return ("" if chinese else " ").join(said)


def _joined(groups: np.ndarray, family: np.ndarray) -> dict[str, float]:
    """Judge the pairs of the groups."""

    def pairs(keys: np.ndarray) -> float:
        counts = np.unique(keys, return_counts=True)[1].astype(np.float64)
        return float((counts * (counts - 1) / 2).sum())

    inside = family >= 0
    together = pairs(groups)
    right = pairs(groups[inside].astype(np.int64) * (len(family) + 1) + family[inside])
    return {"pairs": together, "right": right, "family_pairs": pairs(family[inside])}


def ours(texts: pa.ChunkedArray) -> dict[str, object]:
    from shroff.watch.near_copies import near_copies

    near_copies([pa.array(["to compile the kernels", "to compile the kernel"])])
    started = time.process_time()
    found = near_copies(texts.chunks)
    return {"cpu": time.process_time() - started, "groups": found.group}


def signatures(texts: pa.ChunkedArray) -> dict[str, object]:
    """Time our signatures of shingles alone."""
    from shroff.watch.copies_kernel import write_signatures
    from shroff.watch.near_copies import _FACTORS, _SHIFTS

    books = _books(texts)
    signature = np.empty((len(books.begin), HASHES), np.uint32)
    write_signatures(books, _FACTORS, _SHIFTS, signature[:0])
    started = time.process_time()
    write_signatures(books, _FACTORS, _SHIFTS, signature)
    return {"cpu": time.process_time() - started}


def _books(texts: pa.ChunkedArray):  # noqa: ANN202  a private of the index
    from shroff.watch.near_copies import CopyIndex, _books

    index = CopyIndex()
    for chunk in texts.chunks:
        index.add(chunk)
    keys = np.concatenate([part.keys for part in index._parts])  # noqa: SLF001
    kept = np.unique(keys, return_index=True)[1]
    return _books(index._parts, index._shingles, kept)  # noqa: SLF001


def rensa(texts: pa.ChunkedArray) -> dict[str, object]:
    """Shingle in Python, sign and index in rensa."""
    from rensa import RMinHash

    started = time.process_time()
    sets = [_shingles(text) for text in texts.to_pylist()]
    shingled = time.process_time()
    signed = RMinHash.from_token_sets(sets, HASHES, 1)
    return {**_indexed(signed, started=started), "shingling": shingled - started}


def rensa_ours(texts: pa.ChunkedArray) -> dict[str, object]:
    """Sign hashes of our shingles in rensa, nothing else: its bulk way of signing."""
    from rensa import RMinHash

    books = _books(texts)
    sizes = books.end - books.begin
    at = np.concatenate([[0], np.cumsum(sizes)]).astype(np.uint64)
    places = np.arange(int(at[-1])) + np.repeat(books.begin - at[:-1].astype(np.int64), sizes)
    tokens = books.shingle[places].astype(np.uint64)
    started = time.process_time()
    RMinHash.digest_matrix_from_flat_token_hashes(tokens, at, HASHES, 1)
    return {"cpu": time.process_time() - started}


def _shingles(text: str) -> list[str]:
    wide = sum(each >= "\u2e80" for each in text) * 2 > len(text)
    size = 2 if wide else 4
    return [text[at : at + size] for at in range(max(len(text) - size + 1, 1))]


def _indexed(signed: list[object], *, started: float) -> dict[str, object]:
    from rensa import RMinHashLSH
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    index = RMinHashLSH(LEAST, HASHES, BANDS)
    index.insert_many(signed)
    ends: list[np.ndarray] = [np.zeros((0, 2), np.int64)]
    for at, found in enumerate(index.query_all(signed)):
        later = [one for one in found if one > at and signed[at].jaccard(signed[one]) >= LEAST]  # type: ignore[attr-defined]
        if later:
            ends.append(np.column_stack([np.full(len(later), at), later]))
    pairs = np.concatenate(ends)
    ones = np.ones(len(pairs), np.bool_)
    graph = coo_array((ones, (pairs[:, 0], pairs[:, 1])), shape=(len(signed), len(signed)))
    groups = connected_components(graph, directed=False)[1]
    return {"cpu": time.process_time() - started, "groups": groups}


_DONE = {
    "ours": ours,
    "ours, signatures": signatures,
    "rensa": rensa,
    "rensa, our shingles": rensa_ours,
}


def run_way(way: str, file: Path) -> dict[str, object]:
    table = pq.read_table(file)
    found = _DONE[way](table.column("text"))
    groups = found.pop("groups", None)
    if groups is not None:
        family = table.column("family").to_numpy()
        found |= _joined(np.asarray(groups), family)
        head = min(len(family), _ORACLE)
        found |= _exact(
            table.column("text").slice(0, head), np.asarray(groups)[:head], family[:head]
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {**found, "peak_mb": peak}


def _exact(texts: pa.ChunkedArray, groups: np.ndarray, family: np.ndarray) -> dict[str, float]:
    """Find the exact near-copies within families by a plain loop, and how many were joined."""
    from shroff.text.text_views import views_of

    views = views_of(texts.combine_chunks())
    folded = [
        "".join(map(chr, views.folded[a:b]))
        for a, b in zip(views.folded_at[:-1], views.folded_at[1:], strict=True)
    ]
    members: dict[int, list[int]] = {}
    for at in np.flatnonzero(family >= 0).tolist():
        members.setdefault(int(family[at]), []).append(at)
    exact = joined = 0
    for rows in members.values():
        sets = [set(_shingles(folded[row])) for row in rows]
        for one in range(len(rows)):
            for other in range(one):
                both = len(sets[one] & sets[other])
                if both >= LEAST * len(sets[one] | sets[other]):
                    exact += 1
                    joined += int(groups[rows[one]] == groups[rows[other]])
    return {"exact": exact, "joined": joined}


def measure(way: str, file: Path) -> dict[str, object]:
    command = [sys.executable, "-m", "benchmarks.near_copies", "--way", way, "--file", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return {"failed": done.stderr.strip().splitlines()[-1]}
    return json.loads(done.stdout.splitlines()[-1])


def table(found: Mapping[int, Mapping[str, Mapping[str, object]]]) -> str:
    lines = [
        "# Near-copies among short texts, beside rensa",
        "",
        f"`python -m benchmarks.near_copies --write`, {datetime.now(UTC):%Y-%m-%d}, Python"
        f" {sys.version.split()[0]}. CPU seconds (user + system), one thread.",
        "",
        "| texts | way | CPU s | against ours | µs a text | peak MB | pair precision |"
        " recall of exact pairs |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for size, ways in found.items():
        for way, got in ways.items():
            if "failed" in got:
                lines.append(f"| {size:,} | {way} | failed: {got['failed']} | | | | | |")
                continue
            cpu, base = (
                float(str(got["cpu"])),
                "ours" if "groups" in way or way in {"ours", "rensa"} else "ours, signatures",
            )
            ratio = cpu / float(str(ways[base]["cpu"]))
            judged = "pairs" in got
            right = f"{got['right'] / got['pairs']:.4f}" if judged else ""  # type: ignore[operator]
            recall = f"{got['joined'] / got['exact']:.4f}" if judged else ""  # type: ignore[operator]
            lines.append(
                f"| {size:,} | {way} | {cpu:.2f} | {ratio:.1f} | {1e6 * cpu / size:.1f} |"
                f" {got['peak_mb']:.0f} | {right} | {recall} |"
            )
    lines += ["", *_notes(found), ""]
    return "\n".join(lines)


def _notes(found: Mapping[int, Mapping[str, Mapping[str, object]]]) -> list[str]:
    biggest = max(found)
    shingling = found[min(found)].get("rensa", {}).get("shingling", 0)
    return [
        "`ours` reads the texts through the folded view, hashes shingles, signs, bands, computes the"
        " exact similarity of every pair that meets, and joins. `rensa` is its objects, its index"
        " and its estimate of similarity; shingles are made in Python before"
        f" ({shingling:.2f} CPU s of the first line's total). `ours, signatures` and `rensa, our"
        " shingles` sign the same hashed shingles and do nothing else.",
        "",
        f"Peak memory at {biggest:,} texts includes the texts themselves as Arrow arrays.",
    ]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", default="20000,200000,2000000")
    parser.add_argument("--ways", default="|".join(WAYS))
    parser.add_argument("--rensa-most", type=int, default=200_000)
    parser.add_argument("--way", default="")
    parser.add_argument("--file", type=Path)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args(arguments)
    if asked.way:
        sys.stdout.write(json.dumps(run_way(asked.way, asked.file)) + "\n")
        return 0
    found: dict[int, dict[str, Mapping[str, object]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for size in map(int, asked.sizes.split(",")):
            texts, family = make_texts(size)
            file = Path(folder) / f"{size}.parquet"
            rows = pa.table({"text": texts, "family": family})
            pq.write_table(rows, file, row_group_size=65_536)
            del texts, rows
            ways = [w for w in asked.ways.split("|") if size <= asked.rensa_most or w == "ours"]
            found[size] = {way: measure(way, file) for way in ways}
            sys.stdout.write(json.dumps({size: found[size]}) + "\n")
    told = table(found)
    sys.stdout.write(told)
    if asked.write:
        RESULTS.write_text(told, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
