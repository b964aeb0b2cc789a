"""Drawing ads: each on its own, for good, and never twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shroff.errors import DesignError
from shroff.measure.brief import Brief
from shroff.measure.label_batch import Batch, Drawing, DrawStratum, draw, is_drawn
from shroff.measure.label_plan_strata import Key
from shroff.measure.population import build_population
from shroff.store.duckdb import DuckDBEngine

if TYPE_CHECKING:
    from conftest import Story

ACTION = (Key("action", "CAST(action AS VARCHAR)"),)
CHANCE = st.floats(0, 1)


def by_action(design: str = "audit", base: float = 0.0, **chances: float) -> Drawing:
    strata = tuple(
        DrawStratum((action,), f"z{action[:2]}", design, chance, base)
        for action, chance in chances.items()
    )
    return Drawing("2026-05-01/2026-06-01", ACTION, strata)


@pytest.fixture(scope="module")
def engine(tell: Callable[[], Story], ask_may: Callable[..., Brief]) -> DuckDBEngine:
    """2,000 approved and 300 rejected ads, with content, some in two markets."""
    story = tell()
    for number in range(2300):
        name = f"a{number}" if number else "甲 / 'quoted'"
        story.ad(name, title=f"ad {number}", market="ID", language="id")
        story.decided(name, "approve" if number < 2000 else "reject", policy_id="drugs")
    story.decided("a1", "reject", market="US")
    engine = story.opened()
    build_population(engine, ask_may().period, derived={})
    return engine


@pytest.mark.parametrize("chance", [0.01, 0.1, 0.5, 0.9])
def test_ads_are_drawn_as_often_as_the_plan_says(chance: float) -> None:
    many = 20_000
    drawn = sum(is_drawn(f"ad{number}/1", "audit", chance) for number in range(many))
    spread = (many * chance * (1 - chance)) ** 0.5
    assert abs(drawn - many * chance) < 4 * spread


def test_two_designs_draw_independently() -> None:
    many = 20_000
    both = Counter(
        (is_drawn(f"ad{n}/1", "one", 0.3), is_drawn(f"ad{n}/1", "other", 0.3)) for n in range(many)
    )
    assert abs(both[True, True] / many - 0.09) < 4 * (0.09 * 0.91 / many) ** 0.5


@given(st.text(), st.text(), CHANCE, CHANCE)
def test_a_higher_chance_draws_all_that_a_lower_one_draws(
    key: str, design: str, one: float, other: float
) -> None:
    low, high = sorted((one, other))
    assert is_drawn(key, design, high) or not is_drawn(key, design, low)
    assert is_drawn(key, design, 1.0)
    assert not is_drawn(key, design, 0.0)


@given(chance=st.floats(0.01, 1), base=st.floats(0, 0.99))
def test_what_others_drew_and_the_hash_make_up_the_chance(chance: float, base: float) -> None:
    threshold = DrawStratum(("x",), "z", "d", max(chance, base), base).threshold
    assert 1 - (1 - base) * (1 - threshold) == pytest.approx(max(chance, base))


def test_the_engine_draws_what_the_hash_says(
    engine: DuckDBEngine, ask_may: Callable[..., Brief]
) -> None:
    batch = draw(engine, ask_may(), by_action(approve=0.2, reject=0.6))
    expected = {
        f"a{n}" for n in range(1, 2300) if is_drawn(f"a{n}/1", "audit", 0.2 if n < 2000 else 0.6)
    }
    if is_drawn("甲 / 'quoted'/1", "audit", 0.2):
        expected.add("甲 / 'quoted'")
    # an ad decided in two markets has the higher of its chances
    expected -= {"a1"}
    expected |= {"a1"} if is_drawn("a1/1", "audit", 0.6) else set()
    assert {ad.ad_id for ad in batch.asked} == expected
    assert [ad.place for ad in batch.asked] == list(range(1, len(expected) + 1))


def test_a_reviewer_sees_the_ad_and_nothing_of_the_machine(
    engine: DuckDBEngine, ask_may: Callable[..., Brief]
) -> None:
    batch = draw(engine, ask_may(), by_action(approve=0.1))
    assert batch.content[1].keys() == {"market", "language", "title"}


def again(tell: Callable[[], Story], batch: Batch, ask: Callable[..., Brief]) -> DuckDBEngine:
    """Label a batch of 400 ads and open the logs."""
    story = tell()
    for number in range(400):
        story.decided(f"a{number}", "approve")
    for ad in batch.drawn:
        story.reviewed(
            ad.ad_id,
            "compliant" if ad.place else None,
            review_id=f"shroff/b/{ad.ad_id}",
            design_id=ad.design_id,
            stratum=ad.stratum,
            sampling_prob=ad.sampling_prob,
        )
    engine = story.opened()
    build_population(engine, ask().period, derived={})
    return engine


def test_a_second_batch_draws_only_what_is_new(
    tell: Callable[[], Story], ask_may: Callable[..., Brief]
) -> None:
    story = tell()
    for number in range(400):
        story.decided(f"a{number}", "approve")
    build_population(engine := story.opened(), ask_may().period, derived={})
    first = draw(engine, ask_may(), by_action(approve=0.2))
    whole = {ad.ad_id for ad in draw(engine, ask_may(), by_action(approve=0.5)).asked}
    labelled = again(tell, first, ask_may)
    second = draw(labelled, ask_may(), by_action(approve=0.5))
    old = {ad.ad_id for ad in first.asked}
    assert old < whole
    assert {ad.ad_id for ad in second.asked} == whole - old
    # those with a label are told their higher chance
    assert {ad.ad_id for ad in second.drawn if not ad.place} == old
    assert {ad.sampling_prob for ad in second.drawn} == {0.5}
    # a smaller batch has nothing to ask and nothing to tell
    assert draw(labelled, ask_may(), by_action(approve=0.1)).drawn == ()


def test_what_others_drew_is_not_asked_for_again(
    tell: Callable[[], Story], ask_may: Callable[..., Brief]
) -> None:
    story = tell()
    for number in range(1000):
        story.decided(f"a{number}", "approve")
        if number % 4 == 0:
            story.reviewed(f"a{number}", "compliant", design_id="audit", sampling_prob=0.25)
    build_population(engine := story.opened(), ask_may().period, derived={})
    batch = draw(engine, ask_may(), by_action(base=0.25, approve=0.5))
    asked = [int(ad.ad_id[1:]) for ad in batch.asked]
    assert not [number for number in asked if number % 4 == 0]
    assert len(batch.drawn) - len(asked) == 250
    # a third of those left make it half of all
    assert abs(len(asked) - 250) < 4 * (750 * 2 / 9) ** 0.5


def test_a_plan_without_strata_draws_nothing(
    engine: DuckDBEngine, ask_may: Callable[..., Brief]
) -> None:
    with pytest.raises(DesignError, match="nothing to draw"):
        draw(engine, ask_may(), Drawing("2026-05-01/2026-06-01", ACTION, ()))


def test_any_change_changes_the_signature(
    engine: DuckDBEngine, ask_may: Callable[..., Brief]
) -> None:
    batch = draw(engine, ask_may(), by_action(approve=0.1))
    other = draw(engine, ask_may(), by_action(approve=0.1000001))
    assert {ad.ad_id for ad in batch.asked} == {ad.ad_id for ad in other.asked}
    assert batch.signature != other.signature
    assert Batch(batch.drawn[1:]).signature != batch.signature
    assert Batch(tuple(reversed(batch.drawn))).signature == batch.signature
