"""Do the starter packs hit what they say, where they say, and spare their near misses?"""

from __future__ import annotations

from collections import defaultdict
from functools import cache

import pyarrow as pa
import pytest

from shroff.rules.compile import compiled
from shroff.rules.match import Scanner
from shroff.rules.rule import FIELDS, Example, Rule
from shroff.rules.starter import FAMILIES, OPT_IN, starter_pack
from shroff.text.evasion import Evasion

EVERY = (*FAMILIES, *OPT_IN)
RULES = [rule for name in EVERY for rule in starter_pack(name).rules]
TRIALS = [
    (rule, example, wanted)
    for rule in RULES
    for wanted, examples in ((True, rule.must_match), (False, rule.must_not_match))
    for example in examples
]


@cache
def findings() -> dict[tuple[int, str], list[dict[str, object]]]:
    """Give the hits of all rules on all examples, by place of the trial and rule."""
    scanner = Scanner(compiled([starter_pack(name) for name in EVERY]))
    texts = [dict(example.texts) for _, example, _ in TRIALS]
    batch = pa.table({field: [text.get(field, "") for text in texts] for field in FIELDS})
    found: dict[tuple[int, str], list[dict[str, object]]] = defaultdict(list)
    for hit in scanner.scan(batch).to_pylist():
        found[hit["row"], hit["rule_id"]].append(hit)
    return found


def wrong(*, wanted: bool) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    return [
        (rule.id, example.texts)
        for place, (rule, example, expected) in enumerate(TRIALS)
        if expected is wanted and bool(findings().get((place, rule.id))) is not wanted
    ]


def test_each_example_is_hit_by_its_rule() -> None:
    assert wrong(wanted=True) == []


def test_no_near_miss_is_hit_by_its_rule() -> None:
    assert wrong(wanted=False) == []


def spans(example: Example) -> set[tuple[str, int, int]]:
    return {(span.field, span.start, span.end) for span in example.spans}


def test_hits_stand_where_the_examples_say() -> None:
    told = [(place, rule, spans(example)) for place, (rule, example, _) in enumerate(TRIALS)]
    missing = [
        (rule.id, wanted - found)
        for place, rule, wanted in told
        if wanted
        for found in [
            {(hit["field"], hit["start"], hit["end"]) for hit in findings()[place, rule.id]}
        ]
        if not wanted <= found
    ]
    assert sum(bool(wanted) for *_, wanted in told) >= 8
    assert missing == []


def disguised(rule: Rule) -> bool:
    """Say whether one of the examples of a rule is hit through a disguise."""
    return any(
        hit["evasion"]
        for place, (other, _, wanted) in enumerate(TRIALS)
        if other is rule and wanted
        for hit in findings().get((place, rule.id), [])
    )


def test_each_rule_has_an_example_in_disguise() -> None:
    bare = [rule.id for rule in RULES if not disguised(rule)]
    assert bare == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("包裹已签收，元旦快乐", "K1-guarantee-zh"),
        ("广场舞大妈现货音响", "F1-drugs-zh"),
        ("特工电影，妇科门诊", "J2-symbols-zh"),
        ("元旦鞋子促销", "H1-replica-zh"),
    ],
)
def test_everyday_words_of_the_same_sound_are_spared(text: str, rule: str) -> None:
    pack = next(name for name in EVERY if rule in {one.id for one in starter_pack(name).rules})
    hits = Scanner(compiled([starter_pack(pack)])).texts([text]).to_pylist()
    assert rule not in {hit["rule_id"] for hit in hits}


def test_rules_that_spare_sounds_see_through_other_disguises() -> None:
    rule = next(rule for rule in RULES if rule.id == "K1-guarantee-zh")
    assert not rule.evasion & Evasion.HOMOPHONE
    assert rule.evasion & Evasion.SPLIT
