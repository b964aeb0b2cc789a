"""Which score finds terms that rise? Planted in real text, brand new or with a background, EN and ZH.

Texts of a set are drawn into a first group and a background; terms are planted in some of the first
group's, and, where they have a background, at a lower rate in the background's. In the drifted
setting the two groups also differ in what they talk about, mildly, as two months do. Every score
ranks the same pieces, and the same steps make phrases of them; K is the number of terms planted.

    SHROFF_DATA=... python -m benchmarks.keyness [--seeds 5] [--write]
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from scipy.special import betaincinv

from shroff.watch.gram_table import gram_table, occurrences
from shroff.watch.term_growth import Rise, adjusted_phrases, least_growth, rises, root_g2
from shroff.watch.term_phrases import Pieces, phrases_of, standing_pieces
from shroff.watch.token_stream import TokenReader, TokenStream

__all__ = ["main"]

RESULTS = Path(__file__).parent / "results" / "keyness.md"
SETS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "ZH comments": (("cold_zh/comments.parquet", "text", "topic"),),
    "EN headlines": (("clickbait_headlines/headlines.parquet", "text", "label_clickbait"),),
    "EN tweets": (("davidson_tweets/tweets.parquet", "text", "class_majority"),),
}
TERMS, LEAST, FIRST, THERE = 30, 3, 2_000, 8_000
POOL = 1_500
Floats = np.ndarray
Score = Callable[[Rise], Floats]


def _monroe(prior: float, *, informative: bool) -> Score:
    """Log-odds over its standard error, with a Dirichlet prior (Monroe et al. 2008)."""

    def score(rise: Rise) -> Floats:
        total = (rise.here + rise.there) / (FIRST + THERE)
        alpha = prior * total if informative else np.full(len(total), prior)
        here, there = rise.here + alpha, rise.there + alpha
        delta = np.log(here / (FIRST + prior)) - np.log(there / (THERE + prior))
        return np.asarray(delta / np.sqrt(1 / here + 1 / there))

    return score


def _ratio(extra: float) -> Score:
    """Simple growth with shrinkage: both counts with something added."""

    def score(rise: Rise) -> Floats:
        usual = rise.share / (1 - rise.share)
        return np.asarray(np.log((rise.here + extra * usual) / (rise.there + extra) / usual))

    return score


def _lower(quantile: float, weight: float) -> Score:
    """Lower end of the growth, shrunk towards none by so many ads."""

    def score(rise: Rise) -> Floats:
        here = rise.here + weight * rise.share
        there = rise.there + weight * (1 - rise.share)
        low = betaincinv(here, there, quantile)
        return np.asarray(np.log(low / (1 - low)) - np.log(rise.share / (1 - rise.share)))

    return score


def _chi(rise: Rise) -> Floats:
    usual = (rise.here + rise.there) * rise.share
    return np.asarray((rise.here - usual) / np.sqrt(np.maximum(usual * (1 - rise.share), 1e-12)))


SCORES: dict[str, Score] = {
    "least growth, 5 ads of prior (used)": least_growth,
    "least growth, 10 ads of prior": _lower(0.025, 10.0),
    "least growth, 1 ad of prior": _lower(0.025, 1.0),
    "signed root G2": root_g2,
    "chi": _chi,
    "log-odds, prior 0.01 of the background": _monroe(0.01 * (FIRST + THERE), informative=True),
    "log-odds, prior worth 500 ads": _monroe(500.0, informative=True),
    "log-odds, prior worth all ads": _monroe(float(FIRST + THERE), informative=True),
    "log-odds, 0.5 added to each": _monroe(0.5, informative=False),
    "growth, 0.5 added": _ratio(0.5),
    "growth, 5 added": _ratio(5.0),
}
SEED = 10  # those below were used to choose


@dataclass(frozen=True, slots=True)
class Trial:
    """Texts with terms planted."""

    texts: list[str]
    group: np.ndarray
    planted: list[str]


def _read(name: str) -> tuple[list[str], np.ndarray]:
    texts: list[str] = []
    topics: list[str] = []
    for file, column, topic in SETS[name]:
        table = pq.read_table(Path(os.environ["SHROFF_DATA"]) / file, columns=[column, topic])
        texts += table.column(column).to_pylist()
        topics += [str(one) for one in table.column(topic).to_pylist()]
    return texts, np.unique(topics, return_inverse=True)[1]


def _drawn(
    rng: np.random.Generator, topics: np.ndarray, *, drifted: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Draw both groups; in the drifted setting topics come 1.5 times or 0.67 times as often."""
    weight = np.ones(len(topics))
    if drifted:
        weight = np.where(topics == topics.max(), 1.5, 0.67)
    first = rng.choice(len(topics), FIRST, replace=False, p=weight / weight.sum())
    rest = np.setdiff1d(np.arange(len(topics)), first)
    return first, rng.choice(rest, min(THERE, len(rest)), replace=False)


def _names(rng: np.random.Generator, texts: list[str], *, han: bool) -> list[str]:
    """Make up terms of 2 to 4 characters, or of one or two words."""
    if han:
        letters, counts = np.unique(list("".join(texts[:3000])), return_counts=True)
        common = [one for one in letters[np.argsort(-counts)] if "\u4e00" <= one <= "\u9fff"][
            :POOL
        ]
        return ["".join(rng.choice(common, rng.integers(2, 5))) for _ in range(TERMS)]
    parts = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "ar", "en")]
    words = sorted(
        {word.lower() for text in texts[:3000] for word in text.split() if word.isalpha()}
    )
    made = ["".join(rng.choice(parts, 3)) for _ in range(TERMS // 2)]
    return made + [" ".join(rng.choice(words, 2)) for _ in range(TERMS - len(made))]


def _put(rng: np.random.Generator, text: str, term: str, *, han: bool) -> str:
    if han:
        place = int(rng.integers(len(text) + 1))
        return text[:place] + term + text[place:]
    words = text.split()
    words.insert(int(rng.integers(len(words) + 1)), term)
    return " ".join(words)


def trial(name: str, *, seed: int, known: bool, drifted: bool) -> Trial:
    """Draw texts and plant terms: 5 to 40 ads each, of growth 3 to 10 where they were known."""
    rng = np.random.default_rng(seed)
    all_texts, topics = _read(name)
    han = name.startswith("ZH")
    first, rest = _drawn(rng, topics, drifted=drifted)
    texts = [all_texts[row] for row in (*first, *rest)]
    planted = _names(rng, texts, han=han)
    for term in planted:
        many = round(float(np.exp(rng.uniform(np.log(5), np.log(40)))))
        if known:
            many = max(many, 10)
        for row in rng.choice(len(first), many, replace=False):
            texts[row] = _put(rng, texts[row], term, han=han)
        if known:
            growth = rng.uniform(3, 10)
            before = max(1, round(many / growth * len(rest) / len(first)))
            for row in len(first) + rng.choice(len(rest), before, replace=False):
                texts[row] = _put(rng, texts[row], term, han=han)
    return Trial(texts, (np.arange(len(texts)) >= len(first)).astype(np.uint8), planted)


def stream_of(texts: list[str]) -> TokenStream:
    """Cut texts into tokens."""
    reader = TokenReader()
    reader.add(pa.array(texts))
    return reader.stream()


def listed(
    stream: TokenStream, group: np.ndarray, score: Score, *, pieces: int = 600
) -> tuple[list[set[tuple[int, ...]]], np.ndarray]:
    """List phrases, best first, each as the pieces it is made of; and their p-values."""
    texts = len(group)
    first = float((group == 0).mean())
    table = gram_table(
        stream,
        group=group,
        owner=np.arange(texts, dtype=np.int32),
        chance=np.full((texts, 1), first),
        least=LEAST,
    )
    rise = Rise(
        here=table.texts[:, 0].astype(float),
        there=table.texts[:, 1].astype(float),
        expected=table.expected[:, 0],
        effect=np.ones(len(table)),
    )
    values = score(rise)
    best = np.argsort(-values, kind="stable")[:pieces]
    found = occurrences(stream, table, best, rows=np.flatnonzero(group == 0))
    once = np.unique(found.gram, return_index=True)[1]
    words = [
        tuple((stream.tokens[begin : begin + found.size[at]] & ~np.uint64(1)).tolist())
        for at in once
        for begin in [stream.at[found.text[at]] + found.first[at]]
    ]
    part = Pieces(words=words, rise=rise.taken(best), score=values[best])
    stands = np.flatnonzero(standing_pieces(part))
    again = occurrences(stream, table, best[stands], rows=np.flatnonzero(group == 0))
    phrase = phrases_of(again, pieces=len(stands))
    p = rises(rise, least=LEAST)
    shown: list[set[tuple[int, ...]]] = []
    seen: dict[int, int] = {}
    certain = adjusted_phrases(p, looked_at=len(p))[best] <= 0.05
    sure: list[bool] = []
    for place, number in zip(stands, phrase, strict=True):
        if number in seen:
            shown[seen[number]].add(words[place])
            continue
        seen[int(number)] = len(shown)
        shown.append({words[place]})
        sure.append(bool(certain[place]))
    return shown, np.array(sure, bool)


def _alike(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Tell whether one holds the other, of at least half its size."""
    small, large = sorted((one, other), key=len)
    inside = any(large[at : at + len(small)] == small for at in range(len(large) - len(small) + 1))
    return inside and 2 * len(small) >= len(large)


def judged(run: Trial, stream: TokenStream, score: Score) -> tuple[float, float, float, float]:
    """Share of terms found in the first K, found exactly; discoveries that are false, and terms found."""
    shown, sure = listed(stream, run.group, score)
    planted = [tuple((stream_of([term]).tokens & ~np.uint64(1)).tolist()) for term in run.planted]
    hits = [
        any(_alike(term, piece) for each in shown[:TERMS] for piece in each) for term in planted
    ]
    exact = [any(term in each for each in shown[:TERMS]) for term in planted]
    true = np.array([any(_alike(t, p) for t in planted for p in each) for each in shown])
    false = float((~true & sure).sum() / max(1, sure.sum()))
    told = [
        any(_alike(t, p) for e, s in zip(shown, sure, strict=True) if s for p in e)
        for t in planted
    ]
    return float(np.mean(hits)), float(np.mean(exact)), false, float(np.mean(told))


def rows(seeds: int) -> Iterator[tuple[str, str, np.ndarray]]:
    """Judge every score in every setting, over all sets and seeds."""
    for known in (False, True):
        for drifted in (False, True):
            setting = f"{'known' if known else 'new'}, {'drifted' if drifted else 'alike'}"
            found: dict[str, list[tuple[float, ...]]] = {score: [] for score in SCORES}
            for name in SETS:
                for seed in range(SEED, SEED + seeds):
                    run = trial(name, seed=seed, known=known, drifted=drifted)
                    stream = stream_of(run.texts)
                    for label, score in SCORES.items():
                        found[label].append(judged(run, stream, score))
            for label, values in found.items():
                yield setting, label, np.mean(values, axis=0)


def null_row(name: str, *, first: float, advertisers: bool, runs: int) -> str:
    """Split texts in two at random and look for terms: none has risen."""
    rng = np.random.default_rng(5)
    stream = stream_of(_read(name)[0][:10_000])
    many, wrong, looked = len(stream), 0, 0
    for _ in range(runs):
        part, owner = stream, np.arange(many, dtype=np.int32)
        group = (rng.random(many) > first).astype(np.uint8)
        if advertisers:
            part, owner, group = _of_advertisers(rng, stream, first=first)
        p = _p_values(part, owner=owner, group=group)
        looked += len(p)
        wrong += bool(len(p) and adjusted_phrases(p, looked_at=len(p)).min() <= 0.05)
    whose = (
        "advertisers that repeat themselves" if advertisers else "every ad another advertiser's"
    )
    return f"| {name} | {first:.0%} | {whose} | {looked // runs:,} | {wrong} of {runs} |"


def _of_advertisers(
    rng: np.random.Generator, stream: TokenStream, *, first: float
) -> tuple[TokenStream, np.ndarray, np.ndarray]:
    """Make advertisers of one to fifty ads, half of them the same text, each mostly in one group."""
    many = len(stream)
    sizes = np.minimum(rng.zipf(1.8, many), 50)
    owner = np.repeat(np.arange(many), sizes)[:many].astype(np.int32)
    own = rng.permutation(many)
    row = np.where(rng.random(many) < 0.5, own[owner], rng.permutation(many))
    leaning = rng.beta(2 * first, 2 * (1 - first), many)[owner]
    length = np.diff(stream.at)[row]
    at = np.concatenate([[0], np.cumsum(length)]).astype(np.int64)
    places = np.repeat(stream.at[row] - at[:-1], length) + np.arange(at[-1])
    group = (rng.random(many) > leaning).astype(np.uint8)
    return TokenStream(tokens=stream.tokens[places], at=at), owner, group


def _p_values(stream: TokenStream, *, owner: np.ndarray, group: np.ndarray) -> Floats:
    here = float((group == 0).mean())
    chance = np.full((len(group), 1), here)
    table = gram_table(stream, group=group, owner=owner, chance=chance, least=LEAST)
    total = table.texts.sum(axis=1)
    rise = Rise(
        here=table.texts[:, 0].astype(float),
        there=table.texts[:, 1].astype(float),
        expected=table.expected[:, 0],
        effect=np.maximum(table.squares.sum(axis=1) / np.maximum(total, 1), 1.0),
    )
    return np.asarray(rises(rise, least=LEAST))


def main() -> None:
    """Judge and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--runs", type=int, default=40)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    begun = time.process_time()
    table = list(rows(asked.seeds))
    settings = list(dict.fromkeys(setting for setting, _, _ in table))
    lines = [
        "# Which score finds terms that rise?",
        "",
        f"`python -m benchmarks.keyness --seeds {asked.seeds} --write`, {datetime.now(UTC):%Y-%m-%d}.",
        "",
        " ".join((__doc__ or "").split("\n\n")[1].split()),
        "",
        f"Share of {TERMS} terms planted that are among the first {TERMS} phrases (in brackets: found"
        " as they were planted, not longer or shorter), over three sets and"
        f" {asked.seeds} seeds that were not used to choose the score.",
        "",
        "| score | " + " | ".join(settings) + " | mean |",
        "|---|" + "---|" * (len(settings) + 1),
    ]
    for label in SCORES:
        values = [value for _, score, value in table if score == label]
        cells = [f"{value[0]:.2f} ({value[1]:.2f})" for value in values]
        mean = np.mean(values, axis=0)
        lines.append(f"| {label} | " + " | ".join(cells) + f" | {mean[0]:.3f} ({mean[1]:.3f}) |")
    sure = [value[3] for _, score, value in table if score == next(iter(SCORES))]
    told = ", ".join(f"{name}: {each:.2f}" for name, each in zip(settings, sure, strict=True))
    lines += ["", f"Found with at most one in twenty false, however many: {told}.", ""]
    lines += [
        "Nothing has risen: real texts split in two at random. Runs in which any phrase was found at 5%.",
        "",
        "| texts | first group | advertisers | pieces looked at | runs with a false one |",
        "|---|---|---|---|---|",
    ]
    for advertisers, runs in ((False, asked.runs), (True, asked.runs // 2)):
        for name, first in zip(SETS, (0.2, 0.5, 0.1), strict=True):
            lines.append(null_row(name, first=first, advertisers=advertisers, runs=runs))
    lines += ["", f"{time.process_time() - begun:.0f} CPU s.", ""]
    print("\n".join(lines))
    if asked.write:
        RESULTS.write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
