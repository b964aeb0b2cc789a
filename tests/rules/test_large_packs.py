"""Packs, patterns and ads at the limits: a clear answer, or a slower way that is told."""

from __future__ import annotations

from collections.abc import Mapping
from time import process_time

import pyarrow as pa
import pytest

from shroff.errors import RuleError
from shroff.rules.clauses import AnyOf, Regex, Term
from shroff.rules.compile import compiled
from shroff.rules.lint_regexes import regex_findings
from shroff.rules.match import Scanner
from shroff.rules.pack_file import inspect, read_pack
from shroff.rules.rule import Pack, Rule

MOST_CPU = 60.0  # s, for 100,000 terms; 6 where it was measured


def numbered(count: int) -> list[str]:
    """Words of letters and of Han characters, all different, none within another."""
    letters = "bcdfghjklmnpqrtvwxyz"
    made = [""] * count
    for number in range(count):
        rest, word = number, ""
        for _ in range(4):
            rest, digit = divmod(rest, 20)
            word += letters[digit] + "aeiou"[digit % 5]
        made[number] = (
            f"q{word}"
            if number % 2
            else chr(0x5000 + number % 9000) + chr(0x6000 + number // 9000) + "药"
        )
    return made


@pytest.mark.slow
def test_a_hundred_thousand_terms_are_compiled_and_all_found() -> None:
    words = numbered(100_000)
    rules = [
        Rule(str(n), AnyOf(tuple(map(Term, words[n::1000]))), fields=("text",))
        for n in range(1000)
    ]
    start = process_time()
    made = compiled([Pack("large", rules=tuple(rules))])
    spent = process_time() - start
    print(f"100,000 terms compiled in {spent:.1f} CPU s")  # noqa: T201  what the run is for
    assert spent < MOST_CPU
    found = Scanner(made).texts([f"see {word} here" for word in words])
    told = set(
        zip(found.column("row").to_pylist(), found.column("rule_id").to_pylist(), strict=True)
    )
    assert {(row, str(row % 1000)) for row in range(len(words))} <= told


def pattern_of(length: int) -> str:
    body = "|".join(f"word{number}" for number in range(length))
    return body[: body.rindex("|", 0, length)].ljust(length, "x")


@pytest.mark.parametrize("length", [4_999, 5_000])
def test_a_pattern_of_five_thousand_characters_is_matched(length: int) -> None:
    pattern = pattern_of(length)
    assert len(pattern) == length
    scanner = Scanner(compiled([Pack("p", rules=(Rule("R", Regex(pattern), fields=("text",)),))]))
    found = scanner.texts(["a word17 b", "nothing", "x" * 3_000 + "word300"])
    assert found.column("row").to_pylist() == [0, 2]


def test_a_longer_pattern_is_refused_with_its_place_and_the_limit() -> None:
    text = f"pack: p\nrules:\n  - id: R\n    match: {{regex: '{pattern_of(5_001)}'}}\n"
    pack, faults = inspect(text, path="long.yaml")
    assert faults
    assert pack is None or not pack.rules or faults[0].where.line == 4
    assert "5,000" in faults[0].message.text()
    with pytest.raises(RuleError, match="5,000"):
        read_pack(text, path="long.yaml")


@pytest.mark.slow  # Hyperscan takes its time to refuse
def test_a_pattern_that_the_fast_engine_refuses_is_matched_slowly_and_told() -> None:
    pattern = r"\p{L}{900}q"
    made = compiled([Pack("p", rules=(Rule("R", Regex(pattern), fields=("text",)),))])
    found = list(regex_findings(Regex(pattern), rule="R", lines=()))
    slow = {number for number, _ in made.regexes.refused} | set(made.regexes.prefiltered)
    assert slow == {0}
    assert "R108" in {one.code for one in found}
    assert len(Scanner(made).texts(["天" * 900 + "q", "天" * 899 + "q", "天q"])) == 1


@pytest.mark.parametrize(
    ("batch", "said"),
    [
        ({"url": pa.array(["减肥"])}, "reads headline"),
        ({"title": pa.array(["减肥"])}, "reads headline"),
        ({}, "reads headline"),
    ],
)
def test_a_field_that_no_ad_has_is_told_with_the_rule_and_the_columns_there_are(
    batch: Mapping[str, pa.Array], said: str
) -> None:
    pack = read_pack(
        "pack: p\nrules:\n  - id: R-7\n    fields: [headline]\n    match: 减肥\n", path="p.yaml"
    )
    with pytest.raises(RuleError, match=said) as raised:
        Scanner(compiled([pack])).scan(batch)
    assert "R-7" in str(raised.value)
    assert "p.yaml:3" in str(raised.value.where)
