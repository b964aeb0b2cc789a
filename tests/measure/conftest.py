"""Small stories of a platform, put through the real ingest into a real lake."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path

import pytest

from shroff.domain.slices import Period
from shroff.measure.brief import Brief
from shroff.store.duckdb import DuckDBEngine
from shroff.store.ingest import ingest
from shroff.store.lake import Lake
from shroff.store.mapping import MappingSpec

MAY = Period(date(2026, 5, 1), date(2026, 6, 1))
AS_OF = datetime(2026, 6, 20, tzinfo=UTC)
MONDAY = "2026-05-04 10:00:00"


@dataclass
class Story:
    """Rows told one by one; ``opened`` writes them as JSON lines, ingests and opens them."""

    folder: Path
    rows: dict[str, list[dict[str, object]]] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    engines: list[DuckDBEngine] = field(default_factory=list)

    def put(self, table: str, **row: object) -> None:
        self.rows.setdefault(table, []).append(row)

    def ad(self, ad_id: str, **more: object) -> None:
        self.put("ads", **{"ad_id": ad_id, "created_at": MONDAY, **more})

    def decided(self, ad_id: str, action: str, **more: object) -> str:
        decision_id = str(more.pop("decision_id", f"d{next(self.numbers):05d}"))
        row = {"ad_id": ad_id, "action": action, "decided_at": MONDAY, "source": "model", **more}
        self.put("decisions", decision_id=decision_id, **row)
        return decision_id

    def reviewed(self, ad_id: str, verdict: str | None, **more: object) -> None:
        """Add a review: blind, for an audit, unless told otherwise."""
        usual = {
            "review_id": f"r{next(self.numbers):05d}",
            "queue": "audit",
            "queue_reason": "random",
            "role": "L1",
            "blind": True,
            "seen_machine": False,
            "enqueued_at": "2026-05-05 10:00:00",
            "decided_at": "2026-05-05 12:00:00" if verdict else None,
        }
        self.put("reviews", **{**usual, "ad_id": ad_id, "verdict": verdict, **more})

    def queued(self, ad_id: str, verdict: str | None, **more: object) -> None:
        """Add the review of an ad that the machine queued."""
        seen = {"queue": "live", "queue_reason": "model", "blind": False, "seen_machine": True}
        self.reviewed(ad_id, verdict, **{**seen, **more})

    def shown(self, ad_id: str, day: str, impressions: int, spend: float = 0.0) -> None:
        self.put("impressions", ad_id=ad_id, day=day, impressions=impressions, spend=spend)

    def appealed(self, ad_id: str, outcome: str | None, **more: object) -> None:
        usual = {"filed_at": "2026-05-07 10:00:00", "appeal_id": f"p{next(self.numbers):05d}"}
        self.put("appeals", **{**usual, "ad_id": ad_id, "outcome": outcome, **more})

    def opened(self) -> DuckDBEngine:
        lake = Lake(self.folder / "lake")
        for table, rows in self.rows.items():
            path = self.folder / f"{table}.jsonl"
            lines = [json.dumps(row, ensure_ascii=False) for row in rows]
            path.write_text("\n".join(lines), encoding="utf-8")
            report = ingest(lake, table, [path], mapping=MappingSpec(), threads=1)
            assert report.inserted == len(rows), (table, report.reasons)
        engine = DuckDBEngine(lake, spill=self.folder / "spill", threads=1)
        self.engines.append(engine)
        return engine


@pytest.fixture(scope="module")
def tell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Story]]:
    """Give a way to begin a story; engines are closed after the module."""
    told: list[Story] = []

    def begin() -> Story:
        told.append(Story(tmp_path_factory.mktemp("story")))
        return told[-1]

    yield begin
    for story in told:
        for engine in story.engines:
            engine.close()


@pytest.fixture(scope="session")
def ask_may() -> Callable[..., Brief]:
    """Give a way to ask for May 2026, the logs ending on 20 June."""

    def asked(**more: object) -> Brief:
        return Brief(**{"period": MAY, "as_of": AS_OF, **more})  # type: ignore[arg-type]

    return asked


@pytest.fixture(scope="module")
def biased_review_sample(tell: Callable[[], Story]) -> DuckDBEngine:
    """1,000 ads, of which 20 in 940 approved violate; every tenth approved ad is audited.

    20 of 20 queued ads are violating and were worked; 30 of 40 rejects are right, all audited.
    """
    story = tell()
    for number in range(940):
        name, bad = f"a{number:04d}", number % 47 == 0
        story.ad(name, market="US" if number % 2 else "JP")
        story.decided(name, "approve")
        if number % 10 == 0:
            story.reviewed(
                name,
                "violating" if bad else "compliant",
                policies=["drugs"] if bad else [],
                sampling_prob=0.1,
                stratum="approve",
                design_id="audit",
            )
    for number in range(20):
        story.ad(f"q{number:04d}", market="US")
        story.decided(f"q{number:04d}", "review", policy_id="drugs")
        story.queued(f"q{number:04d}", "violating", policies=["drugs"])
    for number in range(40):
        name = f"x{number:04d}"
        story.ad(name, market="JP")
        story.decided(name, "reject", policy_id="drugs")
        right = number < 30
        story.reviewed(
            name,
            "violating" if right else "compliant",
            policies=["drugs" if number < 20 else "weapons"] if right else [],
            sampling_prob=1.0,
            stratum="reject",
            design_id="audit",
        )
    return story.opened()


@pytest.fixture(scope="module")
def worked_queue(tell: Callable[[], Story]) -> DuckDBEngine:
    """Ten queued ads, six found violating, two compliant, two still open; ten approved, unlabelled."""
    story = tell()
    verdicts = ["violating"] * 6 + ["compliant"] * 2 + [None] * 2
    for number, verdict in enumerate(verdicts):
        story.ad(f"q{number}", market="US")
        story.decided(f"q{number}", "review", policy_id="drugs")
        story.queued(f"q{number}", verdict)
        story.ad(f"a{number}", market="US")
        story.decided(f"a{number}", "approve")
    return story.opened()


@pytest.fixture(scope="module")
def no_probability(tell: Callable[[], Story]) -> DuckDBEngine:
    """Forty ads, labels only where people happened to look, none with a probability."""
    story = tell()
    for number in range(40):
        action = "approve" if number < 30 else "reject"
        story.ad(f"a{number:02d}", market="US")
        story.decided(f"a{number:02d}", action, policy_id="drugs" if number >= 30 else None)
    for number in (0, 1, 30, 31, 32, 33):
        bad = number in {0, 30, 31, 32}
        story.queued(f"a{number:02d}", "violating" if bad else "compliant", policies=["drugs"])
    return story.opened()


@pytest.fixture(scope="module")
def two_markets(tell: Callable[[], Story]) -> DuckDBEngine:
    """One ad in two markets: approved in one, rejected in the other, shown 1,000 times in all."""
    story = tell()
    story.ad("both", market="US")
    story.decided("both", "approve", market="US", decided_at="2026-05-04 10:00:00")
    story.decided(
        "both", "reject", market="JP", decided_at="2026-05-04 11:00:00", policy_id="drugs"
    )
    story.shown("both", "2026-05-06", 1000, spend=5.0)
    story.reviewed("both", "violating", policies=["drugs"], sampling_prob=0.5)
    return story.opened()
