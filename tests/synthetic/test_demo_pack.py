"""Is the rule pack readable, and does it find what it says?"""

from __future__ import annotations

from collections.abc import Sequence

from shroff.rules.pack_file import inspect
from shroff.rules.rule import RuleAction
from shroff.synthetic.demo_pack import FIELDS, REJECT, Hits, Rule, find, pack_yaml, rules
from shroff.synthetic.dice import Dice
from shroff.synthetic.disguises import disguised
from shroff.synthetic.grammar import grammar
from shroff.synthetic.taxonomy import policies

Spot = tuple[int, int, int, int, int]


def spots(hits: Hits) -> list[Spot]:
    columns = (hits.row, hits.rule, hits.field, hits.start, hits.end)
    return [tuple(map(int, one)) for one in zip(*columns, strict=True)]  # type: ignore[misc]


def searched(fields: Sequence[Sequence[str]], pack: Sequence[Rule]) -> list[Spot]:
    """Find the first phrase of each rule in each ad, one by one."""
    found: list[Spot] = []
    for place, rule in enumerate(pack):
        known: set[int] = set()
        for phrase in rule.phrases:
            for row, texts in enumerate(zip(*fields, strict=True)):
                at = [(field, text.lower().find(phrase)) for field, text in enumerate(texts)]
                hit = [(field, start) for field, start in at if start >= 0]
                if hit and row not in known:
                    field, start = hit[0]
                    found.append((row, place, field, start, start + len(phrase)))
                    known.add(row)
    return found


def test_a_hit_names_rule_field_and_characters() -> None:
    pack = (Rule("r1", "1", 0, REJECT, ("free phone",)), Rule("r2", "1", 1, REJECT, ("领手机",)))
    fields = [["Nothing", "x"], ["Take a FREE Phone now", "y"], ["", "来领手机"], ["", ""]]
    assert sorted(spots(find(fields, pack))) == [(0, 0, 1, 7, 17), (1, 1, 2, 1, 4)]


def test_no_text_gives_no_hits() -> None:
    assert len(find([[""]] * 4, rules(Dice(1))).row) == 0


def test_hits_and_their_order_are_those_of_a_plain_search() -> None:
    pack = rules(Dice(1))
    seeds = [
        seed
        for language in ("en", "zh")
        for wording in grammar(language).wordings
        for seed in wording.seeds
    ]
    titles = [f"x{seed.upper()}y, {seeds[-place]}" for place, seed in enumerate(seeds)]
    bodies = [f"{seeds[place // 2]} {seed} {seed}" for place, seed in enumerate(seeds)]
    fields = [titles, bodies, [""] * len(seeds), seeds]
    assert spots(find(fields, pack)) == searched(fields, pack)


def test_a_phrase_in_disguise_gets_through() -> None:
    pack = rules(Dice(1))
    hidden = [
        disguised(phrase, bits, language=rule.id.split("-")[1])
        for rule in pack
        for phrase in rule.phrases
        for bits in range(6)
    ]
    fields = [hidden, *([[""] * len(hidden)] * 3)]
    assert spots(find(fields, pack)) == searched(fields, pack)
    assert len(find(fields, pack).row) < len(hidden) / 4


def test_the_pack_has_a_rule_for_each_policy_and_language_and_leaves_phrases_out() -> None:
    pack = rules(Dice(1))
    narrow = [rule for rule in pack if not rule.id.endswith("broad")]
    assert len({rule.id for rule in pack}) == len(pack)
    assert len(narrow) == 2 * 63
    assert all(len(rule.phrases) == 2 for rule in narrow)
    assert {rule.action for rule in pack} == {0, 1, 2}


def test_the_yaml_is_a_pack_that_says_the_same() -> None:
    pack = rules(Dice(1))
    read, findings = inspect(pack_yaml(pack))
    assert findings == ()
    assert read is not None
    assert [rule.id for rule in read.rules] == [rule.id for rule in pack]
    assert [str(rule.version) for rule in read.rules] == [rule.version for rule in pack]
    assert [rule.policy for rule in read.rules] == [policies()[rule.policy].id for rule in pack]
    assert {rule.action for rule in read.rules} == set(RuleAction)
    assert {rule.fields for rule in read.rules} == {FIELDS}
