"""How much disguise do rules see through, and what does each switch cost in false positives?

::

    SHROFF_DATA=... python -m benchmarks.evasion

Pairs of a plain text and the same text in disguise come from labelled test sets that others wrote.
*Their words*: the rule of a pair is the words of the plain text that the disguised one does not hold as
they are (words next to each other are one phrase; of Chinese, the longest word of pypinyin's dictionary
around what changed, up to four characters, or the character with a neighbour). Pairs that differ in more than a disguise, as some references
do, are left out. *A word list*: every pair has the same rules, the terms of LDNOOBW, which knows
nothing of the pairs. In both a pair counts for a rule if that rule, with every switch off, hits the plain
text and not the disguised one; it is *caught* if one such rule hits the disguised text with the default
switches, those of `benchmarks/rules.py`. *With all*: with the switches on that are off by default too.

What a switch costs is measured by turning it on alone: texts that break no rule and that some term hits
now, and none did with every switch off, per 10,000. The last rows turn on all default switches, and all
there are. Three sets of terms: the words of the pairs (most of them everyday words: identities, verbs), the
word list, and the terms of the starter packs, which are nearest to what rules hold.

`masked` and `typo` are off by default for speed, as each adds forms of every English word: with `masked` on,
a scan took 7% longer at 2,000 rules of `benchmarks/rules.py` and 20% longer at 10,000. An emoji in place of
a whole word is no disguise of a term but another term: write it into the rule.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from benchmarks.evasion_pairs import Disguised, disguised_pairs, is_loose, words_of

from shroff.rules.clauses import AnyOf, Term, atoms
from shroff.rules.compile import compiled
from shroff.rules.match import Scanner
from shroff.rules.rule import Pack, Rule
from shroff.rules.starter import starter_packs
from shroff.text.evasion import DEFAULT, KINDS, Evasion

__all__ = ["main"]

RESULTS = Path(__file__).parent / "results" / "evasion.md"
EVERY = Evasion(sum(kind.flag for kind in KINDS if kind.flag != Evasion.ACROSS_FIELDS))
Hits = set[tuple[int, int]]


def _scanner(rules: Sequence[Sequence[str]], evasion: Evasion) -> Scanner:
    made = tuple(
        Rule(
            str(number),
            AnyOf(tuple(Term(word, evasion=evasion) for word in words)),
            fields=("text",),
            evasion=evasion,
        )
        for number, words in enumerate(rules)
    )
    return Scanner(compiled([Pack("evasion", rules=made)]))


def _hits(scanner: Scanner, texts: Sequence[str]) -> Hits:
    """Say which rule hits which text."""
    found = scanner.texts(pa.array(texts))
    rows, rules = found.column("row").to_pylist(), found.column("rule_id").to_pylist()
    return {(row, int(rule)) for row, rule in zip(rows, rules, strict=True)}


def _scanners(rules: Sequence[Sequence[str]]) -> tuple[Scanner, Scanner, Scanner]:
    none, default, every = (_scanner(rules, each) for each in (Evasion.NONE, DEFAULT, EVERY))
    return none, default, every


class _Share:
    """Pairs of one kind, and how many of them were caught."""

    def __init__(self) -> None:
        self.pairs = self.caught = self.every = 0

    def row(self, kind: str) -> str:
        if not self.pairs:
            return f"| {kind} | 0 | - | - | - |\n"
        share, most = self.caught / self.pairs, self.every / self.pairs
        return f"| {kind} | {self.pairs:,} | {self.caught:,} | {share:.1%} | {most:.1%} |\n"


def _shares(
    pairs: Sequence[Disguised], rules: Sequence[Sequence[str]], *, own: bool
) -> tuple[Mapping[str, _Share], list[int]]:
    """Count by kind the pairs that a rule is put to the test by; which of them are missed."""
    scanners = _scanners(rules)
    plain = _hits(scanners[0], [pair.plain for pair in pairs])
    seen = [_hits(scanner, [pair.disguised for pair in pairs]) for scanner in scanners]
    if own:
        plain = {hit for hit in plain if hit[0] == hit[1]}
    shares: dict[str, _Share] = defaultdict(_Share)
    missed: list[int] = []
    asked: dict[int, set[int]] = defaultdict(set)
    for row, rule in plain - seen[0]:
        asked[row].add(rule)
    for row in sorted(asked):
        share = shares[pairs[row].kind]
        caught, every = (any((row, rule) in hits for rule in asked[row]) for hits in seen[1:])
        share.pairs += 1
        share.caught += caught
        share.every += every
        if not caught:
            missed.append(row)
    return shares, missed


def _share_table(title: str, shares: Mapping[str, _Share]) -> str:
    text = f"\n## {title}\n\n| disguise | pairs | caught | share | with all |\n|---|---|---|---|---|\n"
    return text + "".join(shares[kind].row(kind) for kind in sorted(shares))


def _clean(data: Path) -> dict[str, list[str]]:
    """Read texts that break no rule."""
    cold = pq.read_table(data / "cold_zh" / "comments.parquet")
    sms = pq.read_table(data / "sms_spam_en" / "messages.parquet")
    headlines = pq.read_table(data / "clickbait_headlines" / "headlines.parquet")
    ham = pc.equal(pc.cast(sms.column("label"), pa.string()), "ham")
    harmless = pc.equal(pc.cast(cold.column("label_offensive"), pa.string()), "0")
    return {
        "cold_zh, not offensive": cold.filter(harmless).column("text").to_pylist(),
        "sms_spam_en, ham": sms.filter(ham).column("text").to_pylist(),
        "clickbait_headlines": headlines.column("text").to_pylist(),
    }


def _cost_table(clean: Mapping[str, list[str]], title: str, words: Sequence[str]) -> str:
    rules = [[word] for word in words]
    text = f"\n## Texts newly hit, per 10,000: {title} ({len(words):,} terms)\n\n"
    text += "| switch | " + " | ".join(f"{n} ({len(t):,})" for n, t in clean.items()) + " |\n"
    text += "|---|" + "---|" * len(clean) + "\n"
    before: dict[str, set[int]] = {}
    switches = [(kind.id, kind.flag) for kind in KINDS if kind.flag != Evasion.ACROSS_FIELDS]
    switches = [(name if flag & DEFAULT else f"{name} (off)", flag) for name, flag in switches]
    for name, evasion in (
        ("none: hit as written", Evasion.NONE),
        *switches,
        ("**all default ones**", DEFAULT),
        ("**all**", EVERY),
    ):
        scanner = _scanner(rules, evasion)
        rates = []
        for corpus, texts in clean.items():
            rows = {row for row, _ in _hits(scanner, texts)}
            before.setdefault(corpus, rows)
            new = rows - before[corpus] if evasion else rows
            rates.append(f"{len(new) / len(texts) * 1e4:.1f}")
        text += f"| {name} | " + " | ".join(rates) + " |\n"
    return text


def _report(data: Path) -> tuple[str, str]:
    """Make the tables, and list what is missed, for those who mend the engine."""
    every = list(disguised_pairs(data))
    pairs = [pair for pair in every if not is_loose(pair) and words_of(pair)]
    rules = [words_of(pair) for pair in pairs]
    text = "# Evasion: what is seen through, and at what cost\n\n"
    text += "\n".join((__doc__ or "").splitlines()[6:]) + "\n"
    shares, missed = _shares(pairs, rules, own=True)
    text += _share_table("Their words", shares)
    listed = pq.read_table(data / "wordlists" / "ldnoobw.parquet").column("term").to_pylist()
    known = [[term] for term in dict.fromkeys(listed)]
    by_list, _ = _shares(pairs, known, own=False)
    text += _share_table(f"A word list ({len(known):,} terms)", by_list)
    words = list(dict.fromkeys(word for group in rules for word in group))
    lost = "\n".join(
        f"{pairs[row].kind}\t{rules[row]}\t{pairs[row].plain}\t{pairs[row].disguised}"
        for row in missed
    )
    clean = _clean(data)
    for title, terms in (
        ("words of the pairs", words),
        ("the word list", [term for (term,) in known]),
        ("starter packs", _starter_terms()),
    ):
        text += _cost_table(clean, title, terms)
    return text, lost


def _starter_terms() -> list[str]:
    """List the terms of the starter packs, whatever rules do with them."""
    found = (
        atom.text
        for pack in starter_packs()
        for rule in pack.rules
        for atom in atoms(rule.match)
        if isinstance(atom, Term)
    )
    return list(dict.fromkeys(found))


def main() -> None:
    """Measure, and write the tables."""
    text, missed = _report(Path(os.environ["SHROFF_DATA"]))
    RESULTS.write_text(text, encoding="utf-8")
    print(text)
    if os.environ.get("SHROFF_MISSED"):
        Path(os.environ["SHROFF_MISSED"]).write_text(missed, encoding="utf-8")


if __name__ == "__main__":
    main()
