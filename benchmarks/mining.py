"""How much of what violates a mined pack catches on unseen rows, beside two learners without such limits.

Sets of labelled texts are parted by near-copies into seven tenths to learn on and three to try on.
Every way learns on the first and is tried once on the second: rules mined at precision 0.9, at most
10, 30 and 100; a decision list (the strongest n-gram that is there decides); logistic regression on
tf-idf of n-grams. The learners get their threshold by cross-validation at the same precision, three
folds by near-copies, mining by its own of the same kind. Slurs were allowed, words for who people are
were not; "no identity" learns without them too. Each way runs in a process of its own: CPU is its
user and system time, memory its peak resident size.

    SHROFF_DATA=... python -m benchmarks.mining [--write] [--ads 1000000]

Texts and terms of the sets are not written anywhere; results hold figures only.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from shroff.rules.mine_ads import LabelledAds, Parts
    from shroff.stats.estimate import Estimate

__all__ = ["main"]

RESULTS = Path(__file__).parent / "results" / "mining.md"
SETS = {
    "sms_spam_en": ("messages", "label", "spam"),
    "cold_zh": ("comments", "label_offensive", 1),
}
WAYS = ("mined 10", "mined 30", "mined 100", "decision list", "linear", "linear, no identity")
BAR = 0.9
GRAMS = {"sms_spam_en": ("char_wb", (2, 5)), "cold_zh": ("char", (1, 3))}
LIST_GRAMS = {"sms_spam_en": ("word", (1, 3)), "cold_zh": ("char", (1, 4))}
Scores = Callable[[Sequence[str], np.ndarray, Sequence[str]], np.ndarray]


def read(name: str) -> LabelledAds:
    """Read a set as ads."""
    import pyarrow.parquet as pq

    from shroff.rules.mine_ads import LabelledAds

    file, column, yes = SETS[name]
    table = pq.read_table(Path(os.environ["SHROFF_DATA"]) / name / f"{file}.parquet")
    truth = np.array([value == yes for value in table.column(column).to_pylist()])
    return LabelledAds.simple(table.column("text").to_pylist(), truth)


def linear(name: str) -> Scores:
    """Score with logistic regression on n-grams."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    def scores(texts: Sequence[str], truth: np.ndarray, unseen: Sequence[str]) -> np.ndarray:
        analyzer, grams = GRAMS[name]
        reader = TfidfVectorizer(analyzer=analyzer, ngram_range=grams, min_df=2, sublinear_tf=True)
        model = LogisticRegression(C=10, max_iter=300).fit(reader.fit_transform(texts), truth)
        found: np.ndarray = model.decision_function(reader.transform(unseen))
        return found

    return scores


def decision_list(name: str) -> Scores:
    """Score with the strongest n-gram that is there (Yarowsky, ACL 1994)."""
    from sklearn.feature_extraction.text import CountVectorizer

    def scores(texts: Sequence[str], truth: np.ndarray, unseen: Sequence[str]) -> np.ndarray:
        analyzer, grams = LIST_GRAMS[name]
        reader = CountVectorizer(analyzer=analyzer, ngram_range=grams, min_df=3, binary=True)
        there = reader.fit_transform(texts)
        hits, others = (np.asarray(there[truth == side].sum(axis=0)).ravel() for side in (1, 0))
        strength = np.log((hits + 0.1) / (others + 0.1))
        low = float(strength.min()) - 1
        weighed = reader.transform(unseen).multiply(strength - low).tocsr()
        found: np.ndarray = np.asarray(weighed.max(axis=1).todense()).ravel() + low
        return found

    return scores


def threshold(scores: Scores, ads: LabelledAds, copy: np.ndarray) -> float:
    """Choose the lowest threshold that keeps the bar on folds that were not learnt on."""
    dealt = np.random.default_rng(3).integers(0, 3, int(copy.max()) + 1)[copy]
    out = np.empty(len(ads))
    for fold in range(3):
        known, unseen = np.flatnonzero(dealt != fold), np.flatnonzero(dealt == fold)
        out[unseen] = scores(
            [ads.texts[at] for at in known],
            ads.violating[known],
            [ads.texts[at] for at in unseen],
        )
    return lowest(out, ads.violating)


def lowest(scores: np.ndarray, truth: np.ndarray) -> float:
    """Find the lowest score from which the share that violates is at least the bar."""
    order = np.argsort(-scores, kind="stable")
    share = np.cumsum(truth[order]) / np.arange(1, len(order) + 1)
    last = np.append(scores[order][1:] < scores[order][:-1], True)
    good = np.flatnonzero((share >= BAR) & last)
    return float(scores[order][good[-1]]) if len(good) else float("inf")


def without_identity(texts: Sequence[str]) -> list[str]:
    """Take out the words that mining leaves out."""
    from shroff.rules.mine_identity import _terms

    found = list(texts)
    for kind, pattern in _terms().items():
        if kind != "slur":
            found = [pattern.sub(" ", text) for text in found]
    return found


def learnt(
    name: str, way: str, ads: LabelledAds, parts: Parts
) -> tuple[np.ndarray, dict[str, object]]:
    """Learn a threshold and scores, and tell what is caught of the unseen."""
    known, unseen = ads.taken(parts.found_on), ads.taken(parts.checked_on)
    texts, others = list(known.texts), list(unseen.texts)
    if way.endswith("no identity"):
        texts, others = without_identity(texts), without_identity(others)
        from dataclasses import replace

        known = replace(known, texts=texts)
    scores = (decision_list if way == "decision list" else linear)(name)
    at = threshold(scores, known, parts.copy[parts.found_on])
    found = scores(texts, known.violating, others)
    best = lowest(found, unseen.violating)
    hindsight = float((found >= best)[unseen.violating].mean())
    return found >= at, {"rules": None, "hindsight": hindsight}


def mined(way: str, ads: LabelledAds, parts: Parts) -> tuple[np.ndarray, dict[str, object]]:
    """Mine a pack, and tell what it catches of the unseen."""
    from shroff.rules.clauses import atoms
    from shroff.rules.mine import mine
    from shroff.rules.mine_figures import caught_by_any
    from shroff.rules.mine_proposals import Wanted
    from shroff.rules.mine_rules import fired

    wanted = Wanted(precision=BAR, most=int(way.split()[1]), slurs=True)
    found = mine(ads, wanted)  # finds on the same rows, and only measures on the others
    rules = found.pack.rules
    flags = caught_by_any(fired(rules, [ads.texts[at] for at in parts.checked_on]))
    terms = sum(1 for rule in rules for _ in atoms(rule.match))
    told = found.together
    return flags, {
        "rules": len(rules),
        "terms": terms,
        "said": None if told.value is None else [told.value, told.low, told.high],
    }


def tried(name: str, way: str) -> dict[str, object]:
    """Run one way on one set, in this process."""
    from shroff.rules.mine_ads import parted
    from shroff.rules.mine_figures import precision_of, recall_of

    ads = read(name)
    parts = parted(ads)
    started = time.process_time()
    flags, more = (
        mined(way, ads, parts) if way.startswith("mined") else learnt(name, way, ads, parts)
    )
    cpu = time.process_time() - started
    unseen, unit = ads.taken(parts.checked_on), parts.unit[parts.checked_on]
    return {
        **more,
        "precision": _ends(precision_of(unseen, flags[:, None], unit=unit).at(0)),
        "recall": _ends(recall_of(unseen, flags, unit=unit)),
        "cpu": cpu,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "known": len(parts.found_on),
        "unseen": len(unseen),
        "violating": int(unseen.violating.sum()),
    }


def _ends(estimate: Estimate) -> list[float | None]:
    return [estimate.value, estimate.low, estimate.high]


def speed(rows: int) -> dict[str, object]:
    """Mine many made-up ads: where the time goes does not hang on what they say."""
    from shroff.rules.mine import mine
    from shroff.rules.mine_ads import LabelledAds
    from shroff.rules.mine_proposals import Wanted

    rng = np.random.default_rng(4)
    words = np.array(["".join(rng.choice(list("abdeghiklmnoprstu"), 6)) for _ in range(20_000)])
    common = rng.zipf(1.3, (rows, 18)) % len(words)
    truth = rng.random(rows) < 0.1
    planted = [f"{a} {b}" for a, b in zip(words[:200], words[200:400], strict=True)]
    texts = [
        " ".join(words[row]) + (f" {planted[at % 200]}" if bad else "")
        for at, (row, bad) in enumerate(zip(common, truth, strict=True))
    ]
    ads = LabelledAds.simple(texts, truth, group=rng.integers(0, rows // 20, rows))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    started = time.process_time()
    found = mine(ads, Wanted(precision=BAR))
    return {
        "rows": rows,
        "cpu": time.process_time() - started,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "texts": before,
        "rules": len(found.proposals),
    }


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--ads", type=int, default=0)
    parser.add_argument("--sets", nargs="*", default=list(SETS))
    parser.add_argument("--ways", nargs="*", default=list(WAYS))
    parser.add_argument("--one", nargs="*")
    arguments = parser.parse_args()
    if arguments.one:
        name, way = arguments.one
        print(json.dumps(speed(int(way)) if name == "speed" else tried(name, way)))
        return
    found = {(name, way): _apart(name, way) for name in arguments.sets for way in arguments.ways}
    quick = _apart("speed", str(arguments.ads)) if arguments.ads else None
    page = report(found, quick)
    print(page)
    if arguments.write:
        RESULTS.write_text(page, encoding="utf-8")


def _apart(name: str, way: str) -> dict[str, object]:
    command = [sys.executable, "-m", "benchmarks.mining", "--one", name, way]
    ran = subprocess.run(command, check=True, capture_output=True, text=True)
    told: dict[str, object] = json.loads(ran.stdout.splitlines()[-1])
    print(name, way, told, file=sys.stderr)
    return told


def _told(ends: object) -> str:
    assert isinstance(ends, list)
    return "–" if ends[0] is None else "{:.3f} [{:.3f}, {:.3f}]".format(*ends)


def report(
    found: dict[tuple[str, str], dict[str, object]], quick: dict[str, object] | None
) -> str:
    """Write the page of results."""
    lines = [
        "# Rules mined from labels, beside two learners",
        "",
        (__doc__ or "").split("\n\n")[1],
        "",
    ]
    for name in dict.fromkeys(name for name, _ in found):
        first = next(told for (of, _), told in found.items() if of == name)
        lines += [
            f"## {name}",
            "",
            f"{first['known']:,} rows to learn on, {first['unseen']:,} unseen, of which"
            f" {first['violating']:,} violate.",
            "",
            "| way | rules (terms) | precision on unseen | recall on unseen | recall at 0.9 with hindsight | CPU s | MB |",
            "|---|---|---|---|---|---|---|",
        ]
        for (of, way), told in found.items():
            if of != name:
                continue
            rules = f"{told['rules']} ({told['terms']})" if told["rules"] is not None else "–"
            hindsight = f"{told['hindsight']:.3f}" if "hindsight" in told else "–"
            lines.append(
                f"| {way} | {rules} | {_told(told['precision'])} | {_told(told['recall'])}"
                f" | {hindsight} | {told['cpu']:.1f} | {told['memory']:.0f} |"
            )
        lines.append("")
    if quick:
        lines += [
            "## Speed",
            "",
            f"{quick['rows']:,} made-up ads of 20 words: {quick['cpu']:.0f} CPU s, peak"
            f" {quick['memory']:,.0f} MB, of which the ads themselves {quick['texts']:,.0f} MB.",
            "",
        ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
