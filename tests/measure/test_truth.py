"""Which review is believed, in every combination."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pytest

from shroff.measure.truth import TRUTH_SQL

if TYPE_CHECKING:
    from conftest import Story

Says = tuple[str, Mapping[str, object]]

BAD, FINE, UNCLEAR = "violating", "compliant", "unclear"
SME = {"role": "SME", "seen_machine": True, "blind": False}
BLIND: dict[str, object] = {}
SEEN = {"seen_machine": True}
NOT_BLIND = {"blind": False}
LLM = {"role": "LLM"}
APPEAL = {"queue_reason": "appeal"}
REPORT = {"queue_reason": "report"}
EARLY = {"decided_at": "2026-05-05 11:00:00"}
LATE = {"decided_at": "2026-05-05 13:00:00"}

CASES: dict[str, tuple[list[Says], tuple[bool, int] | None]] = {
    "an expert overrules everybody": (
        [(FINE, SME), (BAD, BLIND), (BAD, BLIND), (BAD, SEEN)],
        (False, 1),
    ),
    "an expert decides where blind reviewers differ": (
        [(BAD, BLIND), (FINE, BLIND), (BAD, SME)],
        (True, 1),
    ),
    "the later of two experts is believed": ([(BAD, {**SME, **EARLY}), (FINE, SME)], (False, 1)),
    "two blind reviewers who agree": ([(BAD, BLIND), (BAD, BLIND)], (True, 2)),
    "most of three blind reviewers": ([(BAD, BLIND), (FINE, BLIND), (BAD, BLIND)], (True, 2)),
    "three blind reviewers who agree": ([(FINE, BLIND)] * 3, (False, 2)),
    "agreement outweighs later reviewers who saw the machine": (
        [(FINE, BLIND), (FINE, BLIND), (BAD, {**SEEN, **LATE})],
        (False, 2),
    ),
    "blind reviewers who differ leave it open": ([(BAD, BLIND), (FINE, BLIND)], None),
    "who saw the machine does not settle a difference": (
        [(BAD, BLIND), (FINE, BLIND), (BAD, SEEN)],
        None,
    ),
    "one blind reviewer": ([(BAD, BLIND)], (True, 3)),
    "one blind reviewer outweighs one who saw the machine": (
        [(FINE, BLIND), (BAD, {**SEEN, **LATE})],
        (False, 3),
    ),
    "an unclear second opinion does not count": ([(BAD, BLIND), (UNCLEAR, BLIND)], (True, 3)),
    "a reviewer who saw the machine": ([(BAD, SEEN)], (True, 4)),
    "a reviewer who saw another's answer": ([(FINE, NOT_BLIND)], (False, 4)),
    "a reviewer of whom nothing is known": (
        [(BAD, {"blind": None, "seen_machine": None, "role": None, "queue_reason": None})],
        (True, 4),
    ),
    "the later of two who saw the machine is believed": (
        [(BAD, {**SEEN, **EARLY}), (FINE, SEEN)],
        (False, 4),
    ),
    "a senior reviewer is no expert": ([(BAD, {"role": "L2", **SEEN})], (True, 4)),
    "a language model is never believed": ([(BAD, LLM)], None),
    "a language model is no second opinion": ([(BAD, BLIND), (FINE, LLM)], (True, 3)),
    "an appeal is never truth": ([(FINE, APPEAL)], None),
    "an appeal decided by an expert is never truth": ([(FINE, {**SME, **APPEAL})], None),
    "a report is never truth": ([(BAD, REPORT)], None),
    "unclear alone says nothing": ([(UNCLEAR, BLIND)], None),
    "an unclear expert leaves it to the others": ([(UNCLEAR, SME), (BAD, BLIND)], (True, 3)),
    "a verdict of a task still open does not count": ([(BAD, {"decided_at": None})], None),
    "another version's review does not count": ([(BAD, {"ad_version": 2})], None),
}


@pytest.fixture(scope="module")
def believed(tell: Callable[[], Story]) -> dict[str, tuple[bool, int]]:
    story = tell()
    for name, (reviews, _) in CASES.items():
        for verdict, how in reviews:
            story.reviewed(name, verdict, **how)
    rows = story.opened().query(f"SELECT * FROM ({TRUTH_SQL}) AS t WHERE ad_version = 1")
    return {row["ad_id"]: (row["violating"], row["tier"]) for row in rows.to_pylist()}


@pytest.mark.parametrize("case", CASES)
def test_one_review_is_believed_by_precedence(
    case: str, believed: dict[str, tuple[bool, int]]
) -> None:
    assert believed.get(case) == CASES[case][1]


def test_only_violations_have_policies(tell: Callable[[], Story]) -> None:
    story = tell()
    story.reviewed("bad", BAD, policies=["drugs", "weapons"])
    story.reviewed("fine", FINE, policies=["drugs"])
    rows = story.opened().query(TRUTH_SQL).to_pylist()
    assert {row["ad_id"]: row["policies"] for row in rows} == {
        "bad": ["drugs", "weapons"],
        "fine": None,
    }
