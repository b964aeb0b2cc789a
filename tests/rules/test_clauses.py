"""Conditions compare by what they say, travel, and can be walked."""

from __future__ import annotations

import pickle

from hypothesis import given
from tests.rules.packs import conditions, rules

from shroff.domain.places import Where
from shroff.rules.clauses import (
    AllOf,
    AnyOf,
    Column,
    ColumnTest,
    Condition,
    InFields,
    Not,
    Regex,
    Term,
    atoms,
    columns,
    parts_of,
    walk,
)
from shroff.rules.rule import Rule

TREE = AllOf((
    AnyOf((Term("a"), Regex("b"))),
    Not(InFields(Term("c"), ("title",))),
    Column("age", ColumnTest.BELOW, (3,)),
))  # fmt: skip


def test_atoms_and_columns_come_in_the_order_of_the_file() -> None:
    assert list(atoms(TREE)) == [Term("a"), Regex("b"), Term("c")]
    assert list(columns(TREE)) == [TREE.parts[2]]


def test_a_place_is_no_part_of_what_is_said() -> None:
    assert Term("a", where=Where("f", 1, 2, 1, 3)) == Term("a")
    assert str(Where("f", 1, 2, 1, 3)) == "f:1:2"


@given(conditions)
def test_walking_meets_each_part_once(condition: Condition) -> None:
    below = [inner for part in parts_of(condition) for inner in walk(part)]
    assert list(walk(condition)) == [condition, *below]


@given(rules())
def test_a_rule_travels(rule: Rule) -> None:
    assert pickle.loads(pickle.dumps(rule)) == rule  # noqa: S301 - our own bytes
    assert hash(rule.match) == hash(pickle.loads(pickle.dumps(rule.match)))  # noqa: S301
