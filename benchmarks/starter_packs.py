"""How often do the starter packs hit texts that are no ads, or no violations?

::

    SHROFF_DATA=/data python -m benchmarks.starter_packs    # writes the table

Texts are messages, headlines, comments and ads of public data sets. Most have nothing to do with ad
policies, so nearly every hit on them is a false one; spam is there to see that the packs are not merely
silent. Counts only: no text is shown.
"""

from __future__ import annotations

import os
import textwrap
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from shroff.rules.compile import compiled
from shroff.rules.match import Scanner
from shroff.rules.rule import Pack
from shroff.rules.starter import FAMILIES, starter_packs
from shroff.rules.trial import try_packs
from shroff.text.evasion import kinds_in

__all__ = ["main"]

RESULTS = Path(__file__).parent / "results" / "starter_packs.md"
Wanted = Callable[[Mapping[str, Any]], bool]
SETS: dict[str, tuple[str, Wanted]] = {
    "messages, not spam (EN)": (
        "sms_spam_en/messages.parquet",
        lambda row: row["label"] == "ham",
    ),
    "messages, spam (EN)": ("sms_spam_en/messages.parquet", lambda row: row["label"] == "spam"),
    "headlines of news (EN)": (
        "clickbait_headlines/headlines.parquet",
        lambda row: row["label_clickbait"] == 0,
    ),
    "headlines, clickbait (EN)": (
        "clickbait_headlines/headlines.parquet",
        lambda row: row["label_clickbait"] == 1,
    ),
    "comments, not offensive (ZH)": (
        "cold_zh/comments.parquet",
        lambda row: row["label_offensive"] == 0,
    ),
    "political ads (EN)": ("ira_facebook_ads/ads.parquet", lambda _: True),
}
SHOWN = 3


def _texts(folder: Path, name: str) -> list[str]:
    path, wanted = SETS[name]
    return [row["text"] or "" for row in pq.read_table(folder / path).to_pylist() if wanted(row)]


def _row(scanner: Scanner, texts: list[str], *, name: str) -> str:
    hits = scanner.texts(texts).to_pylist()
    ads_of = Counter(rule for _, rule in {(hit["row"], hit["rule_id"]) for hit in hits})
    any_hit = {hit["row"] for hit in hits}
    seen = {hit["row"] for hit in hits if hit["action"] != "tag"}
    disguised = {hit["row"] for hit in hits if hit["evasion"] and hit["evasion"] != ["case"]}
    most = ", ".join(f"{rule} {count}" for rule, count in ads_of.most_common(SHOWN)) or "none"
    share = 100 * len(seen) / len(texts)
    return (
        f"| {name} | {len(texts):,} | {len(any_hit):,} | {len(seen):,} | {share:.2f}% |"
        f" {len(disguised):,} | {most} |"
    )


def _survived(packs: Sequence[Pack]) -> list[str]:
    """Say which disguises of their own examples the rules see through."""
    trials = try_packs(packs)
    about = (
        f"`shroff rules test`: {trials.summary().text()} What a rule matches in its examples is written"
        " in every kind of disguise that its switches name, by lists that share nothing with the engine."
        " *Rules*: those that see through every one made of theirs. What is not caught: signs for letters"
        " between digits, two terms run together as one word of pinyin, phrases beside each other that"
        " are both spaced out, and a common character for another in a word of two or three."
    )
    rows = []
    for kind in trials.kinds():
        mine = [
            s for each in trials.rules for s in each.survivals if s.kind == kind.kind and s.asked
        ]
        whole = sum(s.caught == s.made for s in mine)
        name = kinds_in(kind.kind)[0].names[0]
        share = kind.caught / kind.made
        rows.append(
            f"| {name} | {kind.made} | {kind.caught} | {share:.1%} | {whole} of {len(mine)} |"
        )
    return [
        "",
        "## Which disguises the rules survive",
        "",
        textwrap.fill(about, 104),
        "",
        "| disguise | made | caught | share | rules |",
        "|---|---:|---:|---:|---:|",
        *rows,
    ]


def main() -> None:
    """Scan every set and write the tables."""
    folder = Path(os.environ["SHROFF_DATA"])
    packs = starter_packs()
    scanner = Scanner(compiled(packs))
    rules = sum(len(pack.rules) for pack in packs)
    about = (
        f"`python -m benchmarks.starter_packs`: {rules} rules of {len(FAMILIES)} packs, all markets and"
        " languages at once. *Queued*: hit by a rule that asks for review or rejection, not only a tag."
        " *Disguised*: hit through a disguise other than letter case, full-width signs of Chinese texts"
        " among them."
    )
    caution = (
        "Nothing here is a precision: these are not ads, and their labels are about spam, clickbait or"
        " offence, not about these policies. Chinese comments hit superlatives most, which are lawful"
        " in a comment and a question only in an ad."
    )
    lines = [
        "# Starter packs on texts of other kinds",
        "",
        textwrap.fill(about, 104),
        "",
        "| texts | rows | hit | queued | queued, share | disguised | rules that hit most |",
        "|---|---:|---:|---:|---:|---:|---|",
        *(_row(scanner, _texts(folder, name), name=name) for name in SETS),
        "",
        textwrap.fill(caution, 104),
        *_survived(packs),
    ]
    RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(RESULTS.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
