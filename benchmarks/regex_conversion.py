"""How many regular expressions of a production spam filter does our dialect take?

::

    SHROFF_DATA=... python -m benchmarks.regex_conversion    # writes the table, under a minute

Each pattern is read as it is, then rewritten, then given to Hyperscan alone. Whether the rewritten
one means the same is tried on texts made from the pattern: parts of it, joined, cut and mixed up.
No pattern is shown: counts and reasons only.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import time
import warnings
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow.parquet as pq

from shroff.rules.lint_regexes import refusal
from shroff.rules.plain_folding import plain_folding
from shroff.rules.regex_ambiguity import ambiguity
from shroff.rules.regex_convert import Conversion, convert
from shroff.rules.regex_facts import regex_facts
from shroff.rules.regex_folding import fold, spelled
from shroff.rules.regex_tree import Choice, Literal, Node, OneOf, Repeat, Sequence
from shroff.rules.regex_writers import python_text
from shroff.rules.syntax import inspect_regex, parse_regex

__all__ = ["Tally", "made_texts", "tally"]

RESULTS = Path(__file__).parent / "results" / "regex_conversion.md"
TEXTS = 12


@dataclass(slots=True)
class Tally:
    """What became of the patterns."""

    patterns: int = 0
    as_they_are: int = 0
    rewritten: int = 0
    wider: int = 0
    left: int = 0
    changes: Counter[str] = field(default_factory=Counter[str])
    reasons: Counter[str] = field(default_factory=Counter[str])
    refused: Counter[str] = field(default_factory=Counter[str])
    findings: Counter[str] = field(default_factory=Counter[str])
    compared: int = 0
    different: int = 0
    not_python: int = 0
    seconds: float = 0.0


def made_texts(tree: Node, rng: random.Random) -> list[str]:
    """Make texts that a pattern has a chance with: some match, some nearly do."""
    texts: list[str] = []
    for _ in range(TEXTS // 3):
        text = _made(tree, rng)[:300]
        cut = rng.randrange(len(text) + 1)
        texts += [text, f"x{text} y", text[:cut] + rng.choice(" .x") + text[cut + 1 :]]
    return texts


def _made(node: Node, rng: random.Random) -> str:
    if isinstance(node, Literal):
        return node.character
    if isinstance(node, OneOf):
        return rng.choice(node.chars.first(60) or "x")
    if isinstance(node, Sequence):
        return "".join(_made(part, rng) for part in node.parts)
    if isinstance(node, Choice):
        return _made(rng.choice(node.parts), rng) if node.parts else ""
    if isinstance(node, Repeat):
        high = node.low + 2 if node.high is None else min(node.high, node.low + 2)
        return "".join(_made(node.part, rng) for _ in range(rng.randint(node.low, high)))
    return ""


def tally(patterns: list[str], *, seed: int = 7) -> Tally:
    """Put patterns through reading, rewriting, lint and comparison."""
    told, rng, start = Tally(patterns=len(patterns)), random.Random(seed), time.process_time()
    for pattern in patterns:
        _count(told, pattern, rng)
    told.seconds = time.process_time() - start
    return told


def _count(told: Tally, pattern: str, rng: random.Random) -> None:
    if not inspect_regex(pattern)[1]:
        told.as_they_are += 1
        found = Conversion(pattern)
    else:
        found = convert(pattern)
        told.changes.update(found.changes)
        if found.left:
            told.left += 1
            told.reasons.update({fault.kind for fault in found.left})
            return
        told.rewritten += 1
        told.wider += found.wider
    _lint(told, found.pattern)
    _compare(told, pattern, found, rng)


def _lint(told: Tally, pattern: str) -> None:
    read = parse_regex(pattern)
    folded = fold(read, plain_folding())
    facts = regex_facts(folded.tree)
    loops = ambiguity(read)
    told.findings.update(
        {
            "R102 can match nothing": facts.empty,
            "R103 matches nearly everything": facts.universal,
            "R104 can never match": facts.never or bool(folded.emptied),
            "R105 has parts that folding drops": bool(folded.dropped),
            "R107 exponential in a backtracking engine": bool(loops and loops.degree is None),
            "R107 cubic or worse in a backtracking engine": bool(loops and loops.degree),
        }
    )
    if not facts.empty and not facts.never and (reason := refusal(folded.tree)):
        told.refused[reason] += 1


def _compare(told: Tally, pattern: str, found: Conversion, rng: random.Random) -> None:
    tree = spelled(parse_regex(found.pattern))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            original = re.compile(pattern, re.ASCII)
    except re.error:
        told.not_python += 1
        return
    ours = re.compile(python_text(tree))
    for text in made_texts(tree, rng):
        told.compared += 1
        if found.wider:
            told.different += bool(ours.search(text)) != bool(original.search(text))
        else:
            spans = [[match.span() for match in each.finditer(text)] for each in (ours, original)]
            told.different += spans[0] != spans[1]


def _page(told: Tally) -> str:
    works = told.as_they_are + told.rewritten
    lines = [
        "# Regular expressions of a production spam filter in our dialect", "",
        f"{told.patterns:,} patterns; written by `python -m benchmarks.regex_conversion`, "
        f"{told.seconds:.0f} s of CPU. Counts only.", "",
        "| what became of them | patterns |", "|---|---|",
        f"| taken as they are | {told.as_they_are:,} |",
        f"| taken after an automatic rewrite | {told.rewritten:,} |",
        f"| of these hit at a wider place (what was only looked at is part of the hit) | {told.wider:,} |",
        f"| not taken | {told.left:,} |", "",
        *_counts("rewritten", told.changes), *_counts("not taken, because", told.reasons),
        *_counts("refused by Hyperscan alone, so matched by RE2", told.refused),
        *_counts("told by lint", told.findings),
        f"Of {works:,} patterns that are taken, {told.not_python:,} are no patterns to Python's `re` "
        f"(3.11); the others were compared with it on {told.compared:,} texts made from them (case as "
        f"written, ASCII classes): {told.different:,} texts with other spans, or, for those at a "
        "wider place, another answer.", "",
    ]  # fmt: skip
    return "\n".join(lines)


def _counts(title: str, counted: Counter[str]) -> list[str]:
    rows = [f"| {name.replace('_', ' ')} | {count:,} |" for name, count in counted.most_common()]
    return [f"| {title} | patterns |", "|---|---|", *(rows or ["| none | 0 |"]), ""]


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default=os.environ.get("SHROFF_DATA", ""))
    folder = Path(parser.parse_args().data) / "smokedetector_rules"
    patterns = pq.read_table(folder / "patterns.parquet").column("pattern").to_pylist()
    page = _page(tally(patterns))
    RESULTS.write_text(page, encoding="utf-8")
    print(page)


if __name__ == "__main__":
    main()
