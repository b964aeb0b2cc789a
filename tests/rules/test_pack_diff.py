"""Two versions of a pack, compared in words."""

from __future__ import annotations

from shroff.rules.pack_diff import diff_packs
from shroff.rules.pack_file import read_pack

OLD = """
pack: p
version: 1
owner: tests
rules:
  - {id: A, name: {en: A}, match: [casino], examples: {match: [casino], no_match: [bread]}}
  - {id: B, name: {en: B}, match: [poker], examples: {match: [poker], no_match: [bread]}}
  - {id: C, name: {en: C}, match: [dice], examples: {match: [dice], no_match: [bread]}}
"""
NEW = """
pack: p
version: 2
owner: tests
rules:
  - {id: A, name: {en: A}, match: [casino], examples: {match: [a casino], no_match: [bread]}}
  - id: B
    name: {en: B}
    match: [poker, roulette]
    action: reject
    markets: [US]
    examples: {match: [poker], no_match: [bread]}
  - {id: D, name: {en: D}, match: [slots], examples: {match: [slots], no_match: [bread]}}
"""


def test_rules_added_removed_and_changed_are_told() -> None:
    found = diff_packs([read_pack(OLD)], [read_pack(NEW)])
    assert [rule.id for rule in found.added] == ["D"]
    assert [rule.id for rule in found.removed] == ["C"]
    assert found.same == 1  # another example is no change of a rule
    ((name, changes),) = found.changed
    assert name == "B"
    told = {each.what: (each.before, each.after) for each in changes}
    assert told["action"] == ("review", "reject")
    assert told["markets"] == ("", "US")
    assert told["match"] == ("", "roulette")  # what both have is not said
    assert set(told) == {"match", "action", "markets"}


def test_a_pack_does_not_differ_from_itself() -> None:
    found = diff_packs([read_pack(OLD)], [read_pack(OLD)])
    assert (found.added, found.removed, found.changed, found.same) == ((), (), (), 3)


def test_switches_that_change_are_told_once_and_not_with_each_term() -> None:
    seen = OLD.replace("match: [poker]", "evasion: none, match: [poker]", 1)
    ((name, changes),) = diff_packs([read_pack(OLD)], [read_pack(seen)]).changed
    assert name == "B"
    assert [each.what for each in changes] == ["evasion"]
