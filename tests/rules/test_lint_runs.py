"""What running rules tells: examples that do not hold, rules that hit too much or cost too much."""

from __future__ import annotations

from datetime import date

import pytest

from shroff.domain.findings import Finding
from shroff.rules import lint_runs
from shroff.rules.lint import Source, lint
from shroff.rules.lint_runs import run_findings

PACK = """\
pack: p
defaults: {fields: [title, body], policy: E4}
rules:
  - id: R-1
    markets: [CN]
    expires: 2020-01-01
    match: {all: [减肥, {column: age, below: 3}]}
    examples:
      match:
        - {text: 快速減肥, span: [2, 4], columns: {age: 1}}
        - {text: 快速减肥, span: [0, 2], columns: {age: 1}}
        - {title: 快速, body: 减 肥, spans: {body: [[0, 3]]}, columns: {age: 1}}
        - {text: 减肥, columns: {age: 5}}
        - {text: 苹果, columns: {age: 1}}
      no_match:
        - 减肥
        - {text: 健身 减肥, columns: {age: 2}}
  - id: R-2
    match: [苹果, 香蕉, {regex: 'a*'}]
    examples: {match: [nothing]}
"""


def told(text: str, texts: list[str] | None = None, most: float = 0.1) -> list[Finding]:
    linted = lint([Source("p", text)], today=date(2026, 11, 23))
    return run_findings(linted, texts=texts or [], most=most)


def test_examples_are_run_and_those_of_broken_rules_are_not() -> None:
    found = [(one.code, one.where.line, one.rule) for one in told(PACK)]
    assert found == [
        ("R307", 11, "R-1"), ("R305", 13, "R-1"), ("R305", 14, "R-1"), ("R306", 17, "R-1"),
    ]  # fmt: skip


def test_what_was_found_is_said() -> None:
    elsewhere, *_, hit = told(PACK)
    assert elsewhere.message.text() == "the rule matches, but at title 2-4, not at title 0-2"
    assert "'减肥'" in hit.message.text()


def test_a_rule_that_hits_too_much_is_told_with_the_word_that_does() -> None:
    text = "pack: p\nrules:\n  - id: R\n    match: [苹果, 香蕉]\n  - id: S\n    match: 香蕉\n"
    corpus = ["苹果便宜", "好苹果", "香蕉", "梨", "桃", "李", "杏", "枣", "柿", "瓜"]
    found = told(text, corpus)
    assert [(one.code, one.where.line, one.params.get("share")) for one in found] == [
        ("R315", 3, 0.3), ("R315", 4, 0.2),
    ]  # fmt: skip
    assert "hits 20.0% of the 10 texts" in found[1].message.text()


def test_a_corpus_that_a_rule_seldom_hits_is_no_finding() -> None:
    text = "pack: p\nrules:\n  - id: R\n    match: [苹果]\n"
    assert told(text, ["梨"] * 20 + ["苹果"]) == []


SLOW = """\
pack: p
rules:
  - {id: R-1, match: [{regex: 'a1'}]}
  - {id: R-2, match: [{regex: 'b2'}]}
  - {id: R-3, match: [{regex: '(c|d)+3'}]}
  - {id: R-4, match: [苹果]}
"""


@pytest.mark.parametrize(
    ("costs", "slow"),
    [
        ({"R-1": 1.0, "R-2": 1.5, "R-3": 30.0}, [("R314", 5, "R-3")]),
        ({"R-1": 1.0, "R-2": 1.5, "R-3": 9.0}, []),
        ({"R-1": 0.01, "R-2": 0.01, "R-3": 1.9}, []),
    ],
)
def test_a_rule_that_costs_much_more_than_the_others_is_told(
    costs: dict[str, float], slow: list[tuple[str, int, str]]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lint_runs, "_cost", lambda rule, _: costs[rule.id])
        found = told(SLOW, ["x"] * 20)
    assert [(one.code, one.where.line, one.rule) for one in found] == slow


def test_a_slow_rule_is_told_where_it_is_the_only_one() -> None:
    text = "pack: p\nrules:\n  - {id: R-1, match: [{regex: 'a1'}]}\n"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lint_runs, "_cost", lambda *_: 60.0)
        assert [one.code for one in told(text, ["x"] * 20)] == ["R314"]


def test_what_a_rule_costs_is_measured() -> None:
    rule = lint([Source("p", SLOW)], today=date(2026, 11, 23)).packs[0].rules[2]
    assert 0 < lint_runs._cost(rule, ["cdcd3 and more"] * 2_000) < 1_000
