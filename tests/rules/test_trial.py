"""Rules tested by their examples and by disguises of them."""

from __future__ import annotations

from shroff.rules.pack_file import read_pack
from shroff.rules.trial import Trials, try_packs

PACK = """
pack: p
version: 1
owner: tests
rules:
  - id: GOOD
    name: {en: Good}
    match: [casino]
    examples:
      match: ["a casino", {text: "casino", span: [0, 6]}]
      no_match: ["bread"]
  - id: STRICT
    name: {en: Strict}
    match: [减肥]
    evasion: none
    examples:
      match: ["七天减肥"]
      no_match: ["健身"]
  - id: WRONG
    name: {en: Wrong}
    match: [poker]
    examples:
      match: ["roulette", {text: "play poker", span: [0, 4]}]
      no_match: ["poker face"]
"""


def tried() -> Trials:
    return try_packs([read_pack(PACK, path="p.yaml")])


def test_an_example_that_does_not_come_out_is_told_with_its_place() -> None:
    found = tried()
    assert [each.rule.id for each in found.failed] == ["WRONG"]
    failures = found.failed[0].failures
    assert [each.why for each in failures] == ["missed", "elsewhere", "hit"]
    assert "p.yaml" in failures[0].text().text()
    assert [(s.start, s.end) for s in failures[1].found] == [(5, 10)]


def test_disguises_of_what_was_matched_are_counted_by_kind() -> None:
    good = tried().rules[0]
    kinds = {s.record()["kind"]: s for s in good.survivals}
    assert kinds["case"].made == 2
    assert kinds["case"].caught == 2
    assert kinds["width"].asked


def test_a_rule_that_sees_through_nothing_is_not_asked_to() -> None:
    strict = tried().rules[1]
    assert strict.survivals
    assert not any(s.asked for s in strict.survivals)
    separated = next(s for s in strict.survivals if s.record()["kind"] == "separator")
    assert (separated.caught, separated.made) == (0, 1)
    assert separated.lost


def test_the_sum_over_rules_counts_only_what_they_are_asked() -> None:
    by_kind = {each.kind: each for each in tried().kinds()}
    strict = {s.kind for s in tried().rules[1].survivals}
    assert strict
    assert all(each.asked for each in by_kind.values())


def test_the_same_seed_makes_the_same_disguises() -> None:
    assert tried().record() == tried().record()


MIXED = """
pack: p
version: 1
owner: tests
rules:
  - id: WORN
    name: {en: Worn}
    match: [casino]
    examples:
      match: ["a casino", "a cas1no", "a CASINO"]
  - id: ONLY
    name: {en: Only}
    match: [casino]
    examples:
      match: ["a cas1no"]
  - id: PATTERN
    name: {en: Pattern}
    match: {all: [{regex: 'day \\d+'}, casino]}
    examples:
      match: ["day 7 at the casino"]
"""


def test_examples_in_disguise_are_left_alone_where_there_are_others() -> None:
    worn, only, _ = try_packs([read_pack(MIXED, path="p.yaml")]).rules
    assert {s.record()["kind"]: s.made for s in worn.survivals}["marks"] == 2
    assert {s.record()["kind"]: s.made for s in only.survivals}["marks"] == 1


def test_a_pattern_is_disguised_only_in_ways_that_patterns_see_through() -> None:
    pattern = try_packs([read_pack(MIXED, path="p.yaml")]).rules[2]
    asked = [s for s in pattern.survivals if s.asked]
    assert asked
    assert all(s.caught == s.made for s in asked)
