"""Are the starter packs there, whole, tested by themselves, and copied with care?"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from shroff.domain.places import NOWHERE
from shroff.errors import RuleError
from shroff.rules.clauses import Term, atoms
from shroff.rules.lint import Source, lint
from shroff.rules.pack_file import inspect
from shroff.rules.rule import Pack, Rule, RuleAction
from shroff.rules.starter import (
    FAMILIES,
    NOT_BY_TEXT,
    OPT_IN,
    Outcome,
    copy_packs,
    starter_pack,
    starter_packs,
    starter_text,
)
from shroff.synthetic.taxonomy import families, policies

EVERY = (*FAMILIES, *OPT_IN)


def every_rule() -> list[tuple[Pack, Rule]]:
    return [(pack, rule) for name in EVERY for pack in [starter_pack(name)] for rule in pack.rules]


@pytest.mark.parametrize("name", EVERY)
def test_a_pack_is_read_without_a_finding(name: str) -> None:
    pack, findings = inspect(starter_text(name), path=name)
    assert findings == ()
    assert pack is not None
    assert pack.id == f"starter.{name}"
    assert pack.owner.startswith("policy-")
    assert len(pack.description.en) > 100
    assert len(pack.description.zh) > 50


def test_lint_has_nothing_to_say_of_the_packs() -> None:
    sources = [Source(name, starter_text(name)) for name in EVERY]
    assert not list(lint(sources, today=date(2026, 11, 23)).shown())


def test_there_is_a_pack_for_each_family() -> None:
    assert list(FAMILIES.values()) == [family.id for family in families()]


def test_each_policy_has_a_rule_or_a_reason_why_text_cannot_decide_it() -> None:
    covered = {rule.policy for pack in starter_packs() for rule in pack.rules}
    assert covered.isdisjoint(NOT_BY_TEXT)
    assert covered | set(NOT_BY_TEXT) == {policy.id for policy in policies()}


@pytest.mark.parametrize("name", FAMILIES)
def test_rules_of_a_pack_are_about_its_family(name: str) -> None:
    assert {rule.policy[0] for rule in starter_pack(name).rules} == {FAMILIES[name]}


def test_what_text_cannot_decide_is_said_in_the_pack() -> None:
    said = starter_pack("circumvent").description
    assert all(policy in said.en and policy in said.zh for policy in NOT_BY_TEXT)


def test_ids_are_unique_over_all_packs() -> None:
    ids = [rule.id for _, rule in every_rule()]
    assert len(ids) == len(set(ids))


def test_each_rule_has_names_examples_and_near_misses() -> None:
    for _, rule in every_rule():
        assert rule.name.en, rule.id
        assert rule.name.zh, rule.id
        assert len(rule.must_match) >= 3, rule.id
        assert len(rule.must_not_match) >= 3, rule.id
        assert 1 <= rule.severity <= 5


def test_only_few_rules_reject() -> None:
    rejecting = [rule for _, rule in every_rule() if rule.action is RuleAction.REJECT]
    assert 0 < len(rejecting) < 0.06 * len(every_rule())
    assert all(rule.severity == 5 for rule in rejecting)


def test_a_rule_for_one_country_says_on_which_clause_it_rests() -> None:
    assert [rule.id for _, rule in every_rule() if rule.markets and not rule.legal] == []


def test_only_the_packs_to_opt_in_to_are_blurred() -> None:
    for pack, rule in every_rule():
        assert rule.offensive == (pack.id.removeprefix("starter.") in OPT_IN)


def test_no_term_is_one_han_character() -> None:
    terms = [atom for _, rule in every_rule() for atom in atoms(rule.match)]
    short = [atom.text for atom in terms if isinstance(atom, Term) and len(atom.text) < 2]
    assert set(short) <= set("加约聊陪茶酒鞋")


def test_an_unknown_pack_is_refused_with_those_there_are() -> None:
    with pytest.raises(RuleError, match="there is no starter pack 'helth'") as caught:
        starter_text("helth")
    assert "health" in caught.value.hint


def test_packs_are_copied_and_own_changes_are_kept(tmp_path: Path) -> None:
    first = copy_packs(tmp_path / "packs", ["health", "claims"])
    assert [copy.outcome for copy in first] == [Outcome.WRITTEN] * 2
    mine = first[0].path
    mine.write_text("pack: mine\n", encoding="utf-8")
    again = copy_packs(tmp_path / "packs", ["health", "claims"])
    assert [copy.outcome for copy in again] == [Outcome.KEPT, Outcome.SAME]
    assert mine.read_text(encoding="utf-8") == "pack: mine\n"


def test_own_changes_are_overwritten_only_when_asked(tmp_path: Path) -> None:
    (tmp_path / "health.yaml").write_text("pack: mine\n", encoding="utf-8")
    copied = copy_packs(tmp_path, ["health", "claims"], replacing=["health", "claims"])
    assert [copy.outcome for copy in copied] == [Outcome.REPLACED, Outcome.WRITTEN]
    assert (tmp_path / "health.yaml").read_text(encoding="utf-8") == starter_text("health")


def test_nothing_is_copied_when_one_of_the_names_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(RuleError):
        copy_packs(tmp_path / "packs", ["health", "nothing"])
    assert not (tmp_path / "packs").exists()


def test_places_of_rules_name_the_file() -> None:
    rule = starter_pack("health").rules[0]
    assert rule.where is not NOWHERE
    assert rule.where.path == "health.yaml"
