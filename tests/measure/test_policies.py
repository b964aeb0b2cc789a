"""One policy in scope after the other, and every other slicing, against counting row by row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from shroff.domain.metric_catalogue import CATALOGUE
from shroff.domain.metrics import Needs, Weight
from shroff.measure.brief import Brief, Design
from shroff.measure.scorecard import Scorecard, scorecard
from shroff.stats.estimate import Estimate, Status

if TYPE_CHECKING:
    from conftest import Story

Ask = Callable[..., Brief]
AUDIT = Design(id="audit")


def _figure(card: Scorecard, metric: str) -> Estimate:
    figure = card.figure(metric)
    assert figure is not None, metric
    return figure.estimate


POLICIES = ("drugs", "weapons", "gambling", "赌博'\"")
MARKETS = ("US", "JP", "中国'\"", None)
ACTIONS = ("approve", "review", "reject", "restrict")


class Rows:
    """Random logs, and what each ad is, row by row."""

    def __init__(self, story: Story, *, seed: int, ads: int = 400) -> None:
        rng = np.random.default_rng(seed)
        self.action = rng.choice(ACTIONS, ads, p=[0.5, 0.2, 0.2, 0.1])
        self.market = rng.choice(np.array(MARKETS, dtype=object), ads)
        self.cited = np.where(self.action == "approve", None, rng.choice(POLICIES, ads))
        self.violates = rng.random((ads, len(POLICIES))) < 0.15
        self.bad = self.violates.any(axis=1)
        self.chance = np.where(self.bad | (self.action == "reject"), 0.6, 0.3)
        self.labelled = rng.random(ads) < self.chance
        self.impressions = np.floor(rng.pareto(1.2, ads) * 100)
        self.week = rng.choice(["2026-05-04", "2026-05-11"], ads)
        for i in range(ads):
            self._tell(story, i, advertiser=int(rng.integers(0, 60)))
        self.engine = story.opened()

    def _tell(self, story: Story, i: int, *, advertiser: int) -> None:
        name = f"a{i:03d}"
        story.ad(name, market=self.market[i], advertiser_id=f"v{advertiser}")
        day = f"{self.week[i]} 10:00:00"
        story.decided(name, str(self.action[i]), policy_id=self.cited[i], decided_at=day)
        story.shown(name, "2026-05-20", int(self.impressions[i]), spend=float(i % 7))
        if self.labelled[i]:
            story.reviewed(
                name,
                "violating" if self.bad[i] else "compliant",
                policies=[p for p, hit in zip(POLICIES, self.violates[i], strict=True) if hit],
                sampling_prob=float(self.chance[i]),
                stratum=f"{self.action[i]}-{self.chance[i]}",
                design_id="audit",
            )

    def share(self, metric: str, where: dict[str, str | None]) -> tuple[float, float, int]:
        """Give numerator, denominator and labels in it."""
        policy = where.get("policy")
        inside = self.labelled.copy()
        if "market" in where:
            inside &= self.market == where["market"]
        if "week" in where:
            inside &= self.week == where["week"]
        bad, good = self.bad, ~self.bad
        violating = bad if policy is None else self.violates[:, POLICIES.index(policy)]
        cited = (self.cited == policy) if policy else np.ones(len(bad), dtype=bool)
        right = np.array(
            [
                c is not None and bool(v[POLICIES.index(c)])
                for c, v in zip(self.cited, self.violates, strict=True)
            ]
        )
        approve, reject = self.action == "approve", self.action == "reject"
        taken = reject | (self.action == "restrict")
        rejected = reject & cited
        above, below = {
            "reject_precision": (bad, rejected),
            "right_policy_precision": (right, rejected),
            "leakage": (violating, approve),
            "recall_any": (~approve, violating),
            "recall_reject": (reject, violating),
            "miss_rate": (approve, violating),
            "fpr": (cited & taken, good),
            "fdr": (good, rejected),
            "specificity": (approve, good),
            "npv": (~violating, approve),
            "violating_ad_share": (violating, approve | ~approve),
            "violating_impression_share": (violating, approve | ~approve),
            "leaked_impression_share": (violating, approve),
        }[metric]
        m = self.impressions if "impression" in metric else np.ones(len(bad))
        w = inside * m / self.chance
        counted = inside & below & (m > 0)
        return float((w * below * above).sum()), float((w * below).sum()), int(counted.sum())


BY = (
    ("market",),
    ("week",),
    ("policy",),
    ("market", "week"),
    ("policy", "market"),
    ("week", "policy"),
)
SAMPLED = [
    metric.id
    for metric in CATALOGUE.values()
    if metric.needs is Needs.TRUTH and metric.weight is not Weight.SPEND
]


@pytest.fixture(scope="module", params=[1, 2])
def rows(request: pytest.FixtureRequest, tell: Callable[[], Story]) -> Rows:
    return Rows(tell(), seed=request.param)


def test_every_sliced_figure_equals_counting_row_by_row(rows: Rows, ask_may: Ask) -> None:
    card = scorecard(rows.engine, ask_may(by=BY, designs=(AUDIT,)))
    compared = 0
    for metric in SAMPLED:
        for slicing in ((), *BY):
            block = card.block(metric, *slicing)
            assert block is not None, (metric, slicing)
            for figure in block:
                above, below, labels = rows.share(metric, figure.slice.record())
                found = figure.estimate
                assert found.n == labels, (metric, figure.slice)
                if labels == 0:
                    assert found.status is Status.UNKNOWN
                    continue
                assert found.numerator == pytest.approx(above, abs=1e-6), (metric, figure.slice)
                assert found.denominator == pytest.approx(below, abs=1e-6), (metric, figure.slice)
                assert found.value == pytest.approx(above / below, abs=1e-9)
                assert found.low <= found.value + 1e-12
                assert found.high >= found.value - 1e-12
                compared += 1
    assert compared > 500


def test_drawing_by_advertiser_changes_the_doubt_and_not_the_figure(
    rows: Rows, ask_may: Ask
) -> None:
    plain = scorecard(rows.engine, ask_may(by=BY, designs=(AUDIT,)))
    together = replace(AUDIT, cluster="advertiser_id")
    clustered = scorecard(rows.engine, ask_may(by=BY, designs=(together,)))
    wider = 0
    for metric in SAMPLED:
        for slicing in ((), *BY):
            one, other = plain.block(metric, *slicing), clustered.block(metric, *slicing)
            assert one is not None
            assert other is not None
            assert one.slices == other.slices
            for name in ("value", "numerator", "denominator", "n"):
                assert getattr(one.estimates, name) == pytest.approx(
                    getattr(other.estimates, name), abs=1e-6, nan_ok=True
                ), (metric, slicing, name)
            wider += int(
                np.any(
                    one.estimates.high - one.estimates.low
                    != other.estimates.high - other.estimates.low
                )
            )
    assert wider > 0


def test_the_order_of_dimensions_does_not_matter(rows: Rows, ask_may: Ask) -> None:
    card = scorecard(
        rows.engine, ask_may(by=(("policy", "market"), ("market",)), designs=(AUDIT,))
    )
    block = card.block("recall_any", "market", "policy")
    assert block is not None
    assert block.dimensions == ("policy", "market")
    assert {part.dimensions for part in block.slices} == {("policy", "market")}


def test_a_higher_level_gives_wider_intervals(rows: Rows, ask_may: Ask) -> None:
    usual = scorecard(rows.engine, ask_may(designs=(AUDIT,), wanted=("leakage",)))
    strict = scorecard(rows.engine, ask_may(designs=(AUDIT,), wanted=("leakage",), level=0.99))
    assert _figure(strict, "leakage").width > _figure(usual, "leakage").width
    assert _figure(strict, "leakage").level == 0.99
