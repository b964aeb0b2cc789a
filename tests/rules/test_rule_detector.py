"""Rules run by an engine find what they find by themselves."""

from __future__ import annotations

import pickle

import pyarrow as pa

from shroff.rules.clauses import AllOf, AnyOf, Condition, Not, Regex, Term
from shroff.rules.compile import compiled
from shroff.rules.rule import Pack, Rule
from shroff.rules.rule_detector import RuleDetector
from shroff.store.arrow_types import arrow_schema
from shroff.store.detecting import detected_here

CONDITIONS: tuple[Condition, ...] = (
    AnyOf((Term("减肥"), Term("free"))),
    AllOf((Regex(r"\d天"), Not(Term("健身")))),
)
PACK = Pack("p", rules=tuple(Rule(f"R{n}", one) for n, one in enumerate(CONDITIONS)))
KEYS = {"ad_id": "VARCHAR", "ad_version": "BIGINT"}
ADS = pa.table(
    {
        "ad_id": ["a", "b", "c", "d"],
        "ad_version": pa.array([1, 1, 2, 1], pa.int64()),
        "title": ["减肥", "x", None, "f.r.e.e"],
        "body": ["7天", "free", "健身7天", ""],
    }
)


def found(detector: RuleDetector, rows: int) -> list[dict[str, object]]:
    batches = iter(ADS.to_batches(max_chunksize=rows))
    return pa.Table.from_batches(list(detected_here(batches, detector))).to_pylist()


def test_findings_name_the_ad_and_keep_to_their_schema() -> None:
    detector = RuleDetector(compiled([PACK]), KEYS)
    told = found(detector, 4)
    assert [(one["ad_id"], one["rule_id"], one["field"]) for one in told] == [
        ("a", "R0", "title"), ("a", "R1", "body"), ("b", "R0", "body"), ("d", "R0", "title"),
    ]  # fmt: skip
    assert arrow_schema(detector.columns).names[:2] == ["ad_id", "ad_version"]


def test_which_rows_come_together_means_nothing() -> None:
    detector = RuleDetector(compiled([PACK]), KEYS)
    assert found(detector, 1) == found(detector, 4)


def test_a_detector_travels() -> None:
    detector = RuleDetector(compiled([PACK]), KEYS)
    again: RuleDetector = pickle.loads(pickle.dumps(detector))  # noqa: S301
    assert found(again, 2) == found(detector, 4)
    assert (again.kind, again.version, again.deterministic) == ("rule", detector.version, True)
