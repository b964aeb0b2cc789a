"""What is written reads back as the same, and as people would write it."""

from __future__ import annotations

from hypothesis import given
from tests.rules.packs import conditions, packs, rules
from tests.rules.test_pack_file import WHOLE

from shroff.rules.clauses import Condition
from shroff.rules.pack_file import read_pack
from shroff.rules.query import parse_query
from shroff.rules.rule import Pack, Rule
from shroff.rules.written import condition_text, write_pack, write_rule


@given(packs())
def test_a_written_pack_reads_back_as_the_same(pack: Pack) -> None:
    assert read_pack(write_pack(pack)) == pack


@given(rules())
def test_a_written_rule_reads_back_in_another_pack(rule: Rule) -> None:
    text = f"pack: p\nrules:\n{write_rule(rule)}"
    assert read_pack(text).rules == (rule,)


@given(conditions)
def test_a_condition_on_one_line_reads_back_as_the_same(condition: Condition) -> None:
    line = condition_text(condition)
    assert read_pack(f"pack: p\nrules: [{{id: R, match: {line}}}]").rules[0].match == condition


def test_a_pack_keeps_its_shared_lists() -> None:
    pack = read_pack(WHOLE)
    written = write_pack(pack)
    assert "$weight" in written
    assert read_pack(written) == pack


def test_a_query_becomes_a_rule_that_people_can_read() -> None:
    rule = parse_query('减肥 AND ("7天" NEAR/20 瘦) -健身房 field:title market:CN')
    assert write_rule(rule) == (
        "  - id: query\n"
        "    markets: [CN]\n"
        "    severity: 3\n"
        "    fields: [title]\n"
        "    match: {all: [减肥, {near: ['7天', 瘦], within: 20}, {not: 健身房}]}\n"
    )
