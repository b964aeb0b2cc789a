"""Growth is told with the doubt it has; nothing rises where nothing rose."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom, binomtest

from shroff.watch.term_growth import (
    Rise,
    adjusted_phrases,
    growth_of,
    least_growth,
    rises,
    root_g2,
)


def rise_of(here: list[float], there: list[float], *, share: float, effect: float = 1.0) -> Rise:
    counts = np.array(here, float), np.array(there, float)
    return Rise(
        here=counts[0],
        there=counts[1],
        expected=share * (counts[0] + counts[1]),
        effect=np.full(len(here), effect),
    )


def test_the_p_value_is_that_of_a_binomial_beyond_where_one_looked() -> None:
    rise = rise_of([9], [3], share=0.4)
    wanted = binom.sf(8, 12, 0.4) / binom.sf(2, 12, 0.4)
    assert rises(rise, least=3)[0] == pytest.approx(wanted)
    assert rises(rise, least=0)[0] == pytest.approx(binom.sf(8, 12, 0.4))


def test_ads_of_one_advertiser_weigh_less() -> None:
    alone = rises(rise_of([20], [2], share=0.5), least=3)
    copies = rises(rise_of([20], [2], share=0.5, effect=5.0), least=3)
    assert alone[0] < 1e-4
    assert copies[0] > 0.01


def test_the_interval_is_that_of_clopper_and_pearson_as_odds() -> None:
    rise = rise_of([15], [20], share=0.25)
    exact = binomtest(15, 35).proportion_ci(method="exact")
    found = growth_of(rise, level=0.95)
    assert found.low[0] == pytest.approx(exact.low / (1 - exact.low) * 3)
    assert found.high[0] == pytest.approx(exact.high / (1 - exact.high) * 3)
    assert found.value[0] == pytest.approx(15 / 20 * 3)


def test_what_the_background_has_not_has_a_lower_end_only() -> None:
    found = growth_of(rise_of([12], [0], share=0.2), level=0.95)
    assert np.isinf(found.value[0])
    assert np.isinf(found.high[0])
    assert found.low[0] > 5


def test_scores_order_what_doubles_before_what_drifts() -> None:
    rise = rise_of([15, 1300, 3], [0, 4000, 0], share=0.2)
    new, drifted, rare = least_growth(rise)
    assert new > drifted
    assert new > rare
    assert root_g2(rise)[1] > root_g2(rise)[0]  # which is why it is not the score


def test_a_score_of_what_fell_is_negative() -> None:
    rise = rise_of([5], [100], share=0.5)
    assert root_g2(rise)[0] < 0
    assert least_growth(rise)[0] < 0


def test_nothing_rises_where_both_groups_are_drawn_alike() -> None:
    """Counts of phrases, looked at because there are three in the first group."""
    rng = np.random.default_rng(3)
    wrong, runs = 0, 200
    for _ in range(runs):
        many = rng.zipf(1.6, 6_000).clip(max=4_000)
        here = rng.binomial(many, 0.2)
        seen = here >= 3
        rise = rise_of(here[seen].tolist(), (many - here)[seen].tolist(), share=0.2)
        p = rises(rise, least=3)
        wrong += bool((adjusted_phrases(p, looked_at=len(p)) <= 0.05).any())
    assert wrong <= 17  # 5% of 200 and two and a half standard errors


def test_intervals_cover_the_growth() -> None:
    rng = np.random.default_rng(4)
    here, there = rng.poisson(24, 4_000), rng.poisson(32, 4_000)
    found = growth_of(rise_of(here.tolist(), there.tolist(), share=0.2), level=0.95)
    held = (found.low <= 3.0) & (found.high >= 3.0)
    assert held.mean() >= 0.945


def test_phrases_answer_for_all_pieces_that_were_looked_at() -> None:
    p = np.array([1e-6, 0.02, 1e-4])
    assert adjusted_phrases(p, looked_at=1_000) == pytest.approx([0.001, 1.0, 0.05])
    assert len(adjusted_phrases(np.zeros(0), looked_at=5)) == 0
