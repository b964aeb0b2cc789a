"""The page on rule packs says what is so."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from shroff.rules.clauses import walk
from shroff.rules.finding_catalogue import CATALOGUE
from shroff.rules.lint import Source, lint
from shroff.rules.pack_conditions import HEADS
from shroff.rules.pack_file import read_pack
from shroff.rules.pack_rules import RULE_KEYS
from shroff.rules.query import parse_query
from shroff.rules.written import write_rule

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "concepts" / "rule-packs.md").read_text(encoding="utf-8")
FINDINGS = (DOCS / "reference" / "rule-findings.md").read_text(encoding="utf-8")
(PACK,) = re.findall(r"```yaml\n(.+?)```", PAGE, re.DOTALL)
QUERIES = PAGE.partition("## The same on one line")[2]
PAIRS = re.findall(r"^\| (`.+`) \| (`.+`).* \|$", QUERIES, re.MULTILINE)


def quoted(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_the_pack_shown_has_no_finding() -> None:
    assert lint([Source("page", PACK)], today=date(2026, 11, 23)).findings == ()


def test_each_key_of_a_rule_and_each_condition_is_told() -> None:
    rules = PAGE.partition("## A rule")[2].partition("## Conditions")[0]
    assert set(RULE_KEYS) <= set(quoted(rules))
    told = PAGE.partition("## Conditions")[2].partition("## Regular")[0]
    assert all(f"{head}:" in told for head in HEADS)


@pytest.mark.parametrize(
    "written", [one for cell in re.findall(r"^\| (`[{\[$].+?) \|", PAGE, re.MULTILINE)
                for one in quoted(cell)]
)  # fmt: skip
def test_a_condition_shown_is_read(written: str) -> None:
    if written.startswith(("{", "$")):
        text = f"pack: p\nlists: {{weight: [a b]}}\nrules: [{{id: R, match: {written}}}]"
        assert list(walk(read_pack(text).rules[0].match))


@pytest.mark.parametrize(("queries", "packs"), PAIRS)
def test_a_query_says_what_the_pack_beside_it_says(queries: str, packs: str) -> None:
    one, two = quoted(queries), quoted(packs)
    for place, query in enumerate(one):
        rule = parse_query(query)
        said = two[min(place, len(two) - 1)]
        if "market" in query or "field:" in query:
            assert all(key.split(": ")[0] in write_rule(rule) for key in two)
        else:
            text = f"pack: p\nrules: [{{id: query, match: {said}}}]"
            assert read_pack(text).rules[0].match == rule.match


@pytest.mark.parametrize("code", CATALOGUE)
def test_a_finding_is_documented(code: str) -> None:
    section = FINDINGS.partition(f"\n## {code}\n")[2].partition("\n## ")[0]
    assert CATALOGUE[code].why in section
    assert section.count("\n| ") >= 2
