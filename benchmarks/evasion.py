"""How much disguise do rules see through, and what does each switch cost in false positives?

::

    SHROFF_DATA=... python -m benchmarks.evasion

Pairs of a plain text and the same text in disguise come from labelled test sets that others wrote. The
rules of a pair are the words of the plain text that the disguised one does not hold as they are (words
next to each other are one phrase; of Chinese, the changed characters with one neighbour where there is
only one). A pair counts if it has such words; it is *caught* if one of them is found in the disguised
text. False positives are counted on texts that break no rule, with all
words of all pairs as rules: texts that a rule hits only by a disguise of the kind, per 10,000 texts.
"""

from __future__ import annotations

import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from shroff.rules.clauses import AnyOf, Term
from shroff.rules.compile import compiled
from shroff.rules.match import Scanner
from shroff.rules.rule import Pack, Rule
from shroff.text.evasion import KINDS

__all__ = ["main"]

RESULTS = Path(__file__).parent / "results" / "evasion.md"
Pair = tuple[str, str, str]
_WORD = re.compile(r"[A-Za-z0-9']+")
_HAN = re.compile(r"[\u3400-\u9fff]")


def _table(data: Path, name: str) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = pq.read_table(data / f"{name}.parquet").to_pylist()
    return rows


def _pairs(data: Path) -> Iterator[Pair]:
    """Give (kind, plain, disguised)."""
    for language in ("en", "zh"):
        rows = _table(data, f"hatecheck_{language}/cases")
        texts = {row["case_id"]: row["text"] for row in rows}
        for row in rows:
            plain = texts.get(row["ref_case_id"])
            if row["functionality"].startswith("spell_") and plain and plain != row["text"]:
                yield f"{language} {row['functionality'][6:-2]}", plain, row["text"]
    yield from _emoji_pairs(data)


def _emoji_pairs(data: Path) -> Iterator[Pair]:
    groups: dict[str, dict[str, str]] = defaultdict(dict)
    for row in _table(data, "hatemoji/check_cases"):
        if row["functionality"] == "emoji_leetspeak":
            groups[f"{row['test_group_id']} {row['target']}"][row["set"]] = row["text"]
    for group in groups.values():
        plain = group.get("text_perturb") or group.get("text_perturb_no_emoji")
        if plain and "orig" in group and plain != group["orig"]:
            yield "en emoji letters", plain, group["orig"]


def _words(plain: str, disguised: str) -> list[str]:
    """Give the words of the plain text that the disguised one lacks."""
    if _HAN.search(plain):
        return _han_words(plain, disguised)
    held = Counter(word.lower() for word in _WORD.findall(disguised))
    phrases: list[str] = []
    last = -1
    for found in _WORD.finditer(plain):
        word = found.group()
        if held[word.lower()] > 0:
            held[word.lower()] -= 1
            continue
        if phrases and plain[last : found.start()] == " ":
            phrases[-1] += " " + word
        else:
            phrases.append(word)
        last = found.end()
    return [phrase for phrase in phrases if len(phrase) > 2]


def _han_words(plain: str, disguised: str) -> list[str]:
    blocks = SequenceMatcher(None, plain, disguised, autojunk=False).get_opcodes()
    words: list[str] = []
    for tag, start, end, _, _ in blocks:
        if tag in {"equal", "insert"}:
            continue
        low, high = start, end
        if high - low < 2:
            if low and _HAN.match(plain[low - 1]):
                low -= 1
            elif high < len(plain) and _HAN.match(plain[high]):
                high += 1
        if all(_HAN.match(one) for one in plain[low:high]) and high - low >= 2:
            words.append(plain[low:high])
    return words


def _scanner(rules: Sequence[Sequence[str]]) -> Scanner:
    made = tuple(
        Rule(str(number), AnyOf(tuple(Term(word) for word in words)), fields=("text",))
        for number, words in enumerate(rules)
    )
    return Scanner(compiled([Pack("evasion", rules=made)]))


def _caught(pairs: Sequence[Pair], rules: Sequence[Sequence[str]]) -> list[bool]:
    """Say which disguised texts are hit by a rule of their own pair."""
    found = _scanner(rules).texts(pa.array([disguised for _, _, disguised in pairs]))
    own = {
        row
        for row, rule in zip(
            found.column("row").to_pylist(), found.column("rule_id").to_pylist(), strict=True
        )
        if int(rule) == row
    }
    return [row in own for row in range(len(pairs))]


def _clean(data: Path) -> dict[str, pa.Array]:
    cold = pq.read_table(data / "cold_zh" / "comments.parquet")
    sms = pq.read_table(data / "sms_spam_en" / "messages.parquet")
    headlines = pq.read_table(data / "clickbait_headlines" / "headlines.parquet")
    ham = pc.equal(pc.cast(sms.column("label"), pa.string()), "ham")
    harmless = pc.equal(pc.cast(cold.column("label_offensive"), pa.string()), "0")
    return {
        "cold_zh, not offensive": cold.filter(harmless).column("text").combine_chunks(),
        "sms_spam_en, ham": sms.filter(ham).column("text").combine_chunks(),
        "clickbait_headlines": headlines.column("text").combine_chunks(),
    }


def _costs(scanner: Scanner, texts: pa.Array) -> Counter[str]:
    """Count texts that some rule hits only by a disguise of a kind; ``plain`` for the others."""
    found = scanner.texts(texts)
    columns = (found.column(name).to_pylist() for name in ("row", "rule_id", "evasion"))
    ways: dict[tuple[int, str], list[frozenset[str]]] = defaultdict(list)
    for row, rule, kinds in zip(*columns, strict=True):
        ways[row, rule].append(frozenset(kinds))
    rows: dict[str, set[int]] = defaultdict(set)
    for (row, _), each in ways.items():
        always = frozenset.intersection(*each)
        for kind in always or ("plain",):
            rows[kind].add(row)
    return Counter({kind: len(where) for kind, where in rows.items()})


def _report(data: Path) -> str:
    pairs, rules = [], []
    for pair in _pairs(data):
        words = _words(pair[1], pair[2])
        if words:
            pairs.append(pair)
            rules.append(words)
    caught = _caught(pairs, rules)
    total, right = Counter(kind for kind, *_ in pairs), Counter[str]()
    for (kind, *_), was in zip(pairs, caught, strict=True):
        right[kind] += was
    text = f"# Evasion: what is seen through, and at what cost\n\n{_told()}\n\n"
    text += "| disguise | pairs | caught | share |\n|---|---|---|---|\n"
    for kind in sorted(total):
        share = right[kind] / total[kind]
        text += f"| {kind} | {total[kind]:,} | {right[kind]:,} | {share:.1%} |\n"
    words = list(dict.fromkeys(word for group in rules for word in group))
    return text + _cost_table(data, words)


def _told() -> str:
    return "\n".join((__doc__ or "").splitlines()[6:])


def _cost_table(data: Path, words: Sequence[str]) -> str:
    scanner, clean = _scanner([[word] for word in words]), _clean(data)
    costs = {name: _costs(scanner, texts) for name, texts in clean.items()}
    text = f"\n## Texts hit only by a disguise, per 10,000 ({len(words):,} words)\n\n"
    text += "| switch | " + " | ".join(f"{n} ({len(t):,})" for n, t in clean.items()) + " |\n"
    text += "|---|" + "---|" * len(clean) + "\n"
    for kind in ("plain", *(kind.id for kind in KINDS if kind.default)):
        rates = [costs[name][kind] / len(texts) * 1e4 for name, texts in clean.items()]
        text += f"| {kind} | " + " | ".join(f"{rate:.1f}" for rate in rates) + " |\n"
    return text


def main() -> None:
    """Measure, and write the tables."""
    text = _report(Path(os.environ["SHROFF_DATA"]))
    RESULTS.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
