"""The oracle on what is large, broken or real: 10,000 rules, a megabyte, bad bytes, labelled sets."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.rules.disguise_layings import Read, how
from tests.rules.disguise_oracle import places_of
from tests.rules.disguised_texts import NOISE, TERMS, disguised, terms_in_ways
from tests.rules.rule_oracle import fired
from tests.rules.test_disguise_oracle import by_oracle, scanner_of, usual

from shroff.rules import atom_scan, batch_texts
from shroff.rules.clauses import Atom, Regex, Term
from shroff.rules.compile import compiled
from shroff.rules.expression_text import expression_of
from shroff.rules.match import Scanner
from shroff.rules.plain_folding import plain_folding
from shroff.rules.rule import Pack, Rule
from shroff.rules.starter import starter_packs
from shroff.text.common_han import COMMON
from shroff.text.evasion import DEFAULT, Evasion

pytestmark = pytest.mark.slow

SYLLABLES = ("ba", "ki", "lo", "ne", "sta", "ret", "um", "fri", "ous", "ing", "cas", "ho")
HAN = sorted(COMMON)[:150] + list("减肥微信赌博彩票加薇贷款裸聊赢钱药胖瘦股")


def word(rng: Random) -> str:
    if rng.random() < 0.5:
        return "".join(rng.choices(HAN, k=rng.randint(2, 4)))
    return "".join(rng.choices(SYLLABLES, k=rng.randint(2, 3)))


def text_of(rng: Random, words: Sequence[str], size: int) -> str:
    """Words, disguised or not, between noise; of about so many characters."""
    parts, length = list[str](), 0
    while length < size:
        times = rng.choice((0, 0, 1, 2))
        made = disguised(rng.choice(words), rng.randrange(10**9), times)
        parts += [
            made,
            "".join(rng.choices(NOISE, k=rng.randint(0, 4))),
            rng.choice((" ", "，", "")),
        ]
        length += sum(map(len, parts[-3:]))
    return "".join(parts)


def assert_same(terms: list[Term], scanner: Scanner, texts: pa.Array, rows: list[str]) -> int:
    found = scanner.texts(texts).select(["row", "rule_id", "start", "end", "evasion"]).to_pylist()
    told = sorted(
        (h["row"], h["rule_id"], h["start"], h["end"], tuple(h["evasion"])) for h in found
    )
    wanted = by_oracle(terms, rows)
    assert set(told) ^ set(wanted) == set()
    assert told == wanted
    return len(told)


@pytest.mark.parametrize("count", [0, 1, 300, 10_000])
def test_many_rules_are_found_as_the_oracle_finds_them(count: int) -> None:
    rng = Random(count)
    words = list(dict.fromkeys(word(rng) for _ in range(count * 2)))[:count]
    terms = [Term(one, evasion=DEFAULT) for one in words]
    rows = [text_of(rng, words or ["free"], 60) for _ in range(30)]
    hits = assert_same(terms, scanner_of(terms), pa.array(rows), rows)
    assert hits > 60 or count < 300


def test_a_text_of_a_megabyte_is_found_as_the_oracle_finds_it() -> None:
    rng = Random(5)
    parts = [text_of(rng, TERMS, 40) for _ in range(200)]
    text = "".join(rng.choices(parts, k=13_000))
    assert len(text.encode()) > 1_000_000
    terms = terms_in_ways()[::11]
    assert (
        assert_same(terms, scanner_of(terms), pa.array(["", text, "减肥"]), ["", text, "减肥"])
        > 10_000
    )


@pytest.mark.parametrize(
    ("piece", "most"), [(1, 1), (64, 200), (1 << 10, 1 << 11), (1 << 18, 4 << 20)]
)
def test_where_columns_are_cut_changes_nothing(
    piece: int, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = Random(piece)
    monkeypatch.setattr(atom_scan, "_PIECE", piece)
    monkeypatch.setattr(batch_texts, "MOST_BYTES", most)
    terms, scanner = usual()
    sizes = [0, 1, piece // 3 - 1, piece // 3, piece // 3 + 1, 30, 0]
    rows = [text_of(rng, TERMS, size)[:size] for size in sizes * 2 if size < 4_000]
    rows += (
        ["x" * (piece - 6) + "减肥", "x" * (piece - 5) + "减肥", "减肥" + "x" * piece]
        if piece > 10
        else []
    )
    chunks = pa.chunked_array(
        [rows[low:high] for low, high in pairwise((0, 3, 3, len(rows)))], pa.string()
    )
    assert assert_same(terms, scanner, chunks, rows)


def test_bad_bytes_are_found_as_python_decodes_them() -> None:
    rng = Random(9)
    terms, scanner = usual()
    rows: list[bytes] = []
    for _ in range(80):
        content = bytearray(text_of(rng, TERMS, 25).encode())
        for _ in range(rng.randint(0, 3)):
            content.insert(
                rng.randint(0, len(content)), rng.choice(b"\xff\xc0\xe5\x80\xf0\xed\xa0\x00")
            )
        if rng.random() < 0.3:
            del content[rng.randrange(len(content))]
        rows.append(bytes(content))
    decoded = [row.decode("utf-8", "replace") for row in rows]
    assert assert_same(terms, scanner, pa.array(rows, pa.binary()), decoded)


DATA = Path(os.environ.get("SHROFF_DATA", "."))
SETS = {
    "cold_zh/comments.parquet": ("text", 400),
    "sms_spam_en/messages.parquet": ("text", 400),
    "hatecheck_zh/cases.parquet": ("text", 300),
}


def sample(path: Path, column: str, count: int) -> list[str]:
    texts = pq.read_table(path).column(column).to_pylist()
    return [one or "" for one in Random(1).sample(texts, min(count, len(texts)))]


def mined_like(texts: Sequence[str], count: int) -> tuple[Rule, ...]:
    """Rules of stretches of the texts themselves, as mining proposes them."""
    rng, rules = Random(3), list[Rule]()
    while len(rules) < count:
        text = rng.choice(texts)
        at = rng.randrange(max(len(text), 1))
        own = text[at : at + rng.randint(2, 8)].strip()
        if own:
            rules.append(Rule(f"M-{len(rules)}", Term(own, evasion=DEFAULT), fields=("text",)))
    return tuple(rules)


@lru_cache(maxsize=2_000)
def read(text: str) -> Read:
    return Read(text)


@lru_cache(maxsize=2_000)
def python_of(pattern: str) -> re.Pattern[str]:
    return re.compile(expression_of(pattern, folding=plain_folding()).python, re.ASCII)


def spans(text: str, atom: Atom) -> list[tuple[int, int]]:
    seen = read(text)
    if isinstance(atom, Term):
        return [(found.start, found.end) for found in places_of(atom, seen)]
    return list(regex_spans(seen, atom))


def regex_spans(seen: Read, atom: Regex) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for match in python_of(atom.pattern).finditer(seen.plain):
        if match.start() == match.end():
            continue
        start, end = seen.source[match.start()], seen.source[match.end() - 1] + 1
        bits = Evasion.NONE
        for letter in seen.text[start:end]:
            bits |= how(letter)
        if not bits & ~(atom.evasion | Evasion.CASE):
            found.append((start, end))
    return found


@pytest.mark.skipif(not (DATA / "cold_zh").exists(), reason="needs SHROFF_DATA")
@pytest.mark.parametrize("name", SETS)
def test_real_texts_are_judged_as_the_oracle_judges_them(name: str) -> None:
    texts = sample(DATA / name, *SETS[name])
    packs = [*starter_packs(), Pack("mined", rules=mined_like(texts, 150))]
    rules = {rule.id: rule for pack in packs for rule in pack.rules}
    found = Scanner(compiled(packs)).texts(texts).to_pylist()
    told: dict[tuple[int, str], set[tuple[int, int]]] = {}
    for hit in found:
        place = {(hit["start"], hit["end"])} if hit["field"] else set[tuple[int, int]]()
        told.setdefault((hit["row"], hit["rule_id"]), set()).update(place)
    wanted = {
        (row, rule.id): {place[1:] for place in places}
        for row, text in enumerate(texts)
        for rule in rules.values()
        if (places := fired(rule, {"text": text}, {}, spans=memo(spans))) is not None
    }
    assert told.keys() ^ wanted.keys() == set()
    assert told == wanted
    assert len(told) > 100


@lru_cache(maxsize=8)
def memo(
    function: Callable[[str, Atom], list[tuple[int, int]]],
) -> Callable[[str, Atom], list[tuple[int, int]]]:
    return lru_cache(maxsize=200_000)(function)
