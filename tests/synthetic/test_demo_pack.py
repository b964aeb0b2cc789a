"""Is the rule pack readable, and does it find what it says?"""

from __future__ import annotations

from shroff.synthetic.demo_pack import REJECT, Rule, find, pack_yaml, rules
from shroff.synthetic.dice import Dice


def test_a_hit_names_rule_field_and_characters() -> None:
    pack = (Rule("r1", "1", 0, REJECT, ("free phone",)), Rule("r2", "1", 1, REJECT, ("领手机",)))
    fields = [["Nothing", "x"], ["Take a FREE Phone now", "y"], ["", "来领手机"], ["", ""]]
    hits = find(fields, pack)
    found = sorted(zip(hits.row, hits.rule, hits.field, hits.start, hits.end, strict=True))
    assert found == [(0, 0, 1, 7, 17), (1, 1, 2, 1, 4)]


def test_no_text_gives_no_hits() -> None:
    assert len(find([[""]] * 4, rules(Dice(1))).row) == 0


def test_the_pack_has_a_rule_for_each_policy_and_language_and_leaves_phrases_out() -> None:
    pack = rules(Dice(1))
    narrow = [rule for rule in pack if not rule.id.endswith("broad")]
    assert len({rule.id for rule in pack}) == len(pack)
    assert len(narrow) == 2 * 63
    assert all(len(rule.phrases) == 2 for rule in narrow)
    assert {rule.action for rule in pack} == {0, 1, 2}


def test_the_yaml_lists_every_rule_with_its_phrases() -> None:
    pack = rules(Dice(1))
    text = pack_yaml(pack)
    assert text.count("  - id: ") == len(pack)
    assert all(f'      - "{phrase}"' in text for rule in pack for phrase in rule.phrases)
