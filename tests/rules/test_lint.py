"""Each planted fault is reported, at its place, and nothing else is."""

from __future__ import annotations

from datetime import date

import pytest

from shroff.domain.findings import Level
from shroff.domain.messages import Language
from shroff.rules.lint import Source, lint, mended

TODAY = date(2026, 11, 23)
GOOD = "    policy: E4\n    examples: {match: [good text], no_match: [other]}\n"


def pack(*matches: str, head: str = "", more: str = GOOD) -> str:
    """Write a pack with one rule for each match, without faults of its own."""
    rules = "".join(
        f"  - id: R-{place}\n{more}    match: {match}\n" for place, match in enumerate(matches)
    )
    return f"pack: p\n{head}rules:\n{rules}"


def found(text: str, policies: set[str] | None = None) -> list[tuple[str, str]]:
    """Give codes, each with what stands at its place."""
    lines = text.split("\n")
    linted = lint([Source("p.yaml", text)], today=TODAY, policies=policies)
    return [
        (one.code, lines[one.where.line - 1][one.where.column - 1 : one.where.end_column - 1])
        for one in linted.findings
    ]


def test_a_good_pack_is_left_alone() -> None:
    assert found(pack("[减肥, weight loss, {regex: '\\d{1,2}天瘦'}]")) == []


PLANTED = [
    ("[减肥, {regex: 'a*'}]", [("R102", "a*")]),
    ("[减肥, {regex: '\\w'}]", [("R103", "\\w")]),
    ("[减肥, {regex: '[^a]'}]", [("R103", "[^a]")]),
    ("[减肥, {regex: '\\bab\\bc'}]", [("R104", "\\bab\\bc")]),
    ("[减肥, {regex: 'x[^\\s\\S]'}]", [("R104", "[^\\s\\S]")]),
    ("[减肥, {regex: 'a\\p{Lu}b'}]", [("R104", "\\p{Lu}")]),
    ("[减肥, {regex: 'ab\\x{200b}c'}]", [("R105", "\\x{200b}")]),
    ("[减肥, {regex: 'ab[а-я]'}]", [("R106", "[а-я]")]),
    ("[减肥, {regex: '(a+b?)+c'}]", [("R107", "(a+b?)+")]),
    ("[减肥, {regex: 'a.*b.*c.*d'}]", [("R107", ".*")]),
    ("[减肥, '***']", [("R201", "'***'")]),
    ("[减肥, 快速减肥]", [("R202", "快速减肥")]),
    ("[减肥, 減肥茶]", [("R202", "減肥茶")]),
    ("[vip, vip deal]", [("R202", "vip deal")]),
    ("[减肥, 减肥]", [("R205", "减肥")]),
    ("[减肥, 減肥]", [("R205", "減肥")]),
    ("[casino, ＣＡＳＩＮＯ]", [("R205", "ＣＡＳＩＮＯ")]),
    ("[减肥, 瘦]", [("R206", "瘦")]),
    ("[减肥, vx]", [("R206", "vx")]),
    ("{not: 减肥}", [("R312", "{not: 减肥}")]),
    ("{any: [{not: 减肥}, 瘦身]}", [("R312", "{any: [{not: 减肥}, 瘦身]}")]),
    ("{column: age, below: 3}", [("R312", "{column: age, below: 3}")]),
    ("{all: [减肥, {not: [减肥, ab c]}]}", [("R313", "{all: [减肥, {not: [减肥, ab c]}]}")]),
    ("[减肥, {regex: '(?i)减'}]", [("R101", "(?i)")]),
]


@pytest.mark.parametrize(("match", "expected"), PLANTED)
def test_a_planted_fault_is_reported_exactly(match: str, expected: list[tuple[str, str]]) -> None:
    assert sorted(found(pack(match))) == sorted(expected)


@pytest.mark.parametrize(
    "match",
    [
        "[vip, vipers]",
        "[{term: vip, evasion: none}, vip deal]",
        "{near: [[减肥, 快速减肥], 瘦], within: 5}",
        "{all: [瘦, 快速减肥]}",
        "{all: [减肥, {not: 健身房}]}",
        "{all: [减肥, {column: age, below: 3}]}",
        "[{term: ab c, word: whole}, 天ab c天]",
    ],
)
def test_what_only_looks_like_a_fault_is_not_reported(match: str) -> None:
    assert found(pack(match)) == []


def test_a_rule_says_whose_policy_until_when_and_with_which_tests() -> None:
    text = pack("减肥", more="    expires: 2026-11-01\n")
    assert [code for code, _ in found(text)] == ["R303", "R304", "R308", "R311"]
    soon = pack("减肥", more=f"{GOOD}    expires: 2026-12-01\n")
    assert found(soon) == [("R309", "R-0")]


def test_a_policy_that_is_not_in_the_list_is_an_error_with_the_closest() -> None:
    text = pack("减肥")
    assert found(text, {"E4"}) == []
    linted = lint([Source("p", text)], today=TODAY, policies={"E5"})
    assert [(one.code, one.level) for one in linted.findings] == [("R310", Level.ERROR)]
    assert "did you mean 'E5'" in linted.findings[0].message.text()


def test_allow_phrases_are_held_against_the_terms_they_win_over() -> None:
    more = f"{GOOD}    allow: [瘦 身, 路口交通, 纯棉]\n"
    assert found(pack("[瘦身, 口交]", more=more)) == [("R204", "纯棉")]
    always = f"{GOOD}    allow: [減肥]\n"
    assert found(pack("[减肥, 瘦身]", more=always)) == [("R203", "减肥")]


def test_an_allow_phrase_that_only_a_disguise_can_reach_has_its_use() -> None:
    assert found(pack("[微信号]", more=f"{GOOD}    allow: [威信号]\n")) == []


def test_shared_lists_are_looked_at_once_and_must_be_used() -> None:
    head = "lists:\n  used: [减肥, 快速减肥]\n  idle: [ab c]\n"
    text = pack("$used", "{all: [$used, 瘦身]}", head=head)
    assert sorted(found(text)) == [("R202", "快速减肥"), ("R207", "idle")]


def test_a_list_of_allow_phrases_may_hold_a_longer_one() -> None:
    head = "lists:\n  safe: [减肥课, 减肥课程]\n"
    assert found(pack("减肥", head=head, more=f"{GOOD}    allow: $safe\n")) == []


def test_rules_are_compared_over_packs() -> None:
    one = pack("[减肥, 瘦身茶, 燃脂丸, 甩肉]")
    two = pack("[甩肉, 燃脂丸, 瘦身茶, 減肥]").replace("R-0", "S-0")
    three = pack("[甩肉, 燃脂丸, 瘦身茶, 减肥, 溶脂]").replace("R-0", "T-0")
    linted = lint([Source("a", one), Source("b", two), Source("c", three)], today=TODAY)
    assert [(one.code, one.rule) for one in linted.findings] == [("R301", "S-0"), ("R302", "T-0")]


def test_the_same_words_in_other_markets_are_not_the_same_rule() -> None:
    one = pack("[减肥, 瘦身]", more=f"{GOOD}    markets: CN\n")
    two = pack("[减肥, 瘦身]", more=f"{GOOD}    markets: SG\n").replace("R-0", "S-0")
    assert lint([Source("a", one), Source("b", two)], today=TODAY).findings == ()


def test_an_id_is_unique_over_packs() -> None:
    linted = lint([Source("a", pack("减肥")), Source("b", pack("瘦身"))], today=TODAY)
    assert [(one.code, one.where.path) for one in linted.findings] == [("R010", "b")]


def test_what_can_be_mended_is_mended_and_nothing_else() -> None:
    text = pack("[减肥, 減肥, 快速减肥, {regex: '(?i)[[(]x\\x{200b}y'}] # why").replace(
        "match: [", "macth: ["
    )
    now, count = mended([Source("p", text)], today=TODAY)
    assert now[0].text == pack("[减肥, {regex: '[\\[(]xy'}] # why")
    assert count == 8
    assert found(now[0].text) == []


def test_a_term_on_a_line_of_its_own_is_mended_away_with_its_line() -> None:
    text = pack("\n      - 减肥 # first\n      - 快速减肥\n      - 瘦身")
    now, _ = mended([Source("p", text)], today=TODAY)
    assert now[0].text == pack("\n      - 减肥 # first\n      - 瘦身")


def test_a_pattern_is_put_right_as_a_whole_where_a_part_cannot_be() -> None:
    now, count = mended([Source("p", pack(r"{regex: 'it''s[[]\d++x'}"))], today=TODAY)
    assert now[0].text == pack(r"{regex: 'it''s[\[]\d+x'}")
    assert count == 1


def test_findings_are_said_in_both_languages_with_carets() -> None:
    linted = lint([Source("p.yaml", pack("[减肥, 瘦]"))], today=TODAY)
    english, chinese = (next(iter(linted.shown(language))) for language in Language)
    assert english.splitlines()[0].startswith("p.yaml:6:17: warning R206: '瘦' is so short")
    assert english.splitlines()[2] == " " * (4 + 18) + "^^"
    assert "过短" in chinese


def test_rules_with_errors_are_left_out_of_what_can_run() -> None:
    linted = lint([Source("p", pack("减肥", "[瘦身, {regex: 'a*'}]"))], today=TODAY)
    assert [rule.id for rule in linted.sound()[0].rules] == ["R-0"]
