"""One list: what two catch is counted once, conflicts are named, what is decided comes first."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from shroff.advise.advice_deck import APPROVE, REJECT, REVIEW, Deck
from shroff.advise.advice_effects import Counted, Effects
from shroff.advise.advice_prices import Prices, changed, costs_table, prices_of
from shroff.advise.advice_ranking import Trial, merged, opposed, ranked
from shroff.advise.goal_closing import closing_of
from shroff.advise.proposal import Proposal, ThresholdChange
from shroff.advise.recommendation import Placed, Recommendation, Worth
from shroff.domain.metric_catalogue import CATALOGUE
from shroff.domain.metrics import Weight
from shroff.measure.brief import Goal
from shroff.stats.sampling import Ratio
from shroff.store.settings import CostSettings

ADS = 200


@pytest.fixture
def deck() -> Deck:
    """The first 40 of 160 approved ads violate; 40 rejected ads, ten of them wrongly."""
    action = np.where(np.arange(ADS) < 160, APPROVE, REJECT).astype(np.int64)
    place = np.arange(ADS)
    violating = (place < 40) | (place >= 170)
    return Deck(
        table=pa.table(
            {
                "source": ["model"] * ADS,
                "score": np.where(violating, 0.7, 0.2),
                "market": np.where(place % 2 == 0, "US", "ID"),
            }
        ),
        action=action,
        outcome=action * 16 + 14 * violating.astype(np.int64),
        violating=violating,
        weight=np.full(ADS, 10.0),
        shown=np.where(action == APPROVE, 100.0, 0.0),
        cluster=np.arange(ADS, dtype=np.int64),
        days=28,
    )


@pytest.fixture
def trial(deck: Deck) -> Trial:
    prices = Prices(unit="impressions", view=1.0, wrong=300.0, hour=30.0, minutes=2.0, seen=100.0)
    return Trial(deck=deck, costs=costs_table(deck, prices), chances=deck.chances())


def catching(trial: Trial, ads: slice, *, target: str = "", name: str = "") -> Recommendation:
    actions = trial.deck.action.copy()
    actions[ads] = REVIEW
    return Recommendation(
        kind="rule_new",
        subject=name or str(ads),
        worth=trial.worth(trial.deck.action, actions),
        hours=1.0,
        target=target,
        actions=actions,
    )


def test_worth_is_what_changes_a_week_and_its_draws_have_that_mean(trial: Trial) -> None:
    found = catching(trial, slice(0, 10))
    # ten labels of weight ten, a hundred impressions each, less a review, a quarter of four weeks
    assert found.worth.mean == pytest.approx(10 * 10 * (100 - 1) / 4, rel=0.1)
    assert found.worth.sure == 1.0
    assert found.worth.ends[0] < found.worth.mean < found.worth.ends[1]


def test_what_two_catch_is_counted_once(trial: Trial) -> None:
    large = catching(trial, slice(0, 30))
    inside = catching(trial, slice(5, 25))
    half = catching(trial, slice(20, 40))
    order = ranked([inside, half, large], trial)
    assert [each.what.id for each in order[:2]] == [large.id, half.id]
    assert order[1].shared == pytest.approx(0.5, abs=0.1)
    assert order[2].adds.mean == pytest.approx(0, abs=1e-6)
    assert order[2].shared == pytest.approx(1)
    together = trial.worth(trial.deck.action, catching(trial, slice(0, 40)).actions)  # type: ignore[arg-type] # it has some
    assert sum(each.adds.mean for each in order) == pytest.approx(together.mean, rel=0.02)


def test_apart_they_add_up(trial: Trial) -> None:
    order = ranked([catching(trial, slice(0, 10)), catching(trial, slice(10, 20))], trial)
    assert [each.shared for each in order] == pytest.approx([0, 0], abs=1e-9)


def test_of_two_that_change_the_same_thing_only_one_counts(trial: Trial) -> None:
    better = catching(trial, slice(0, 30), target="lines")
    worse = catching(trial, slice(30, 40), target="lines")
    order = ranked([worse, better], trial)
    assert order[0].what.id == better.id
    assert order[0].instead_of == (worse.id,)
    assert order[1].adds.mean == 0


def test_what_is_decided_comes_first_and_takes_its_ads(trial: Trial) -> None:
    large, small = catching(trial, slice(0, 30)), catching(trial, slice(0, 5))
    order = ranked([large, small], trial, first={small.id})
    assert order[0].what.id == small.id
    assert order[1].shared == pytest.approx(5 / 30, abs=0.03)


def test_what_cannot_be_told_comes_last_by_work(trial: Trial) -> None:
    unknown = [
        Recommendation(kind="incident", subject=str(n), worth=Worth(np.zeros(0)), hours=h)
        for n, h in enumerate((3.0, 1.0))
    ]
    order = ranked([*unknown, catching(trial, slice(0, 5))], trial)
    assert [each.what.hours for each in order[1:]] == [1.0, 3.0]


def test_a_change_that_hits_compliant_ads_loses(trial: Trial) -> None:
    found = catching(trial, slice(40, 160))
    assert found.worth.mean < 0
    assert found.worth.sure == 0


def test_few_ads_without_a_mistake_are_no_proof(trial: Trial) -> None:
    actions = trial.deck.action.copy()
    actions[:2] = REJECT
    worth = trial.worth(trial.deck.action, actions)
    assert worth.mean < 2 * 10 * 100 / 4  # half an ad rejected wrongly is allowed for


def test_the_stricter_of_two_holds_where_both_change_an_ad() -> None:
    first = np.array([APPROVE, APPROVE, REJECT])
    state = np.array([REVIEW, APPROVE, REVIEW])
    asked = np.array([REJECT, REVIEW, APPROVE])
    assert merged(first, state, asked).tolist() == [REJECT, REVIEW, REVIEW]


def test_opposite_ways_are_seen(trial: Trial) -> None:
    one = catching(trial, slice(0, 10))
    assert opposed(one, one, trial.deck) == 0


def test_lines_decide_ads_of_the_model_by_slice(deck: Deck) -> None:
    proposal = Proposal(
        thresholds=(
            ThresholdChange(
                model="m", where=(("market", "US"),), review_from=0.5, reject_from=0.6
            ),
        )
    )
    found = deck.under(proposal)
    assert found is not None
    assert np.all(found[deck.texts("market") == "ID"] == deck.action[1::2])
    mine = (deck.texts("market") == "US") & deck.violating
    assert np.all(found[mine] == REJECT)


def test_scores_of_single_policies_are_not_guessed(deck: Deck) -> None:
    proposal = Proposal(
        thresholds=(ThresholdChange(model="m", policy="A1", review_from=0.9, reject_from=0.9),)
    )
    assert deck.under(proposal) is None


def test_prices_come_from_todays_machine_where_none_is_set(deck: Deck) -> None:
    prices = prices_of(deck, CostSettings(), minutes=None)
    assert prices.unit == "impressions"
    assert prices.seen == pytest.approx(100)
    assert prices.wrong == pytest.approx(100 * 0.75 / 0.25)
    assert {note.id for note in prices.notes} == {
        "advice.price.minutes",
        "advice.price.wrong",
        "advice.price.hour",
    }


def test_prices_in_money_are_the_users(deck: Deck) -> None:
    costs = CostSettings(currency="CNY", missed_violation=50, wrong_reject=8, reviewer_hour=90)
    prices = prices_of(deck, costs, minutes=3.0)
    assert (prices.unit, prices.wrong, prices.hour) == ("CNY", 8, 90)
    assert prices.view == pytest.approx(0.5)
    assert prices.review == pytest.approx(4.5)
    assert not prices.notes


def test_changing_nothing_costs_nothing(trial: Trial) -> None:
    assert np.all(changed(trial.costs, trial.deck.action, trial.deck.action) == 0)


def leakage() -> Counted:
    codes = np.arange(64)
    approved = codes // 16 == APPROVE
    return Counted(Ratio(numerator=approved & (codes & 4 > 0), denominator=approved), Weight.ADS)


def effects(trial: Trial) -> Effects:
    return Effects(
        deck=trial.deck, chances=trial.chances, counted={"leakage": leakage()}, seen=100.0
    )


def test_a_forecast_is_the_relative_change_of_the_metric(trial: Trial) -> None:
    found = effects(trial).change("leakage", catching(trial, slice(0, 20)).actions)  # type: ignore[arg-type] # it has some
    assert found is not None
    assert found.now == pytest.approx(0.25)
    assert found.then == pytest.approx(20 / 140)
    assert found.change.value == pytest.approx(20 / 140 / 0.25 - 1)
    assert found.change.low is not None
    assert found.change.low < found.change.value < (found.change.high or 0) < 0


@pytest.mark.parametrize(
    ("bar", "steps", "key"), [(0.3, 0, "met"), (0.2, 1, "closed"), (0.01, 2, "nearer")]
)
def test_the_steps_that_close_a_gap_are_named(
    trial: Trial, bar: float, steps: int, key: str
) -> None:
    from datetime import date

    found = [catching(trial, slice(0, 20)), catching(trial, slice(20, 30))]
    day = date(2026, 1, 1)
    placed = [Placed(what=w, adds=w.worth, due=day, check=day) for w in found]
    closing = closing_of(
        Goal("leakage", at_most=bar),
        CATALOGUE["leakage"],
        steps=placed,
        effects=effects(trial),
    )
    assert closing is not None
    assert len(closing.steps) == steps
    assert closing.text().id == f"advice.goal.{key}"
    if steps:
        assert closing.steps[0] == found[0].id


def test_the_plan_names_things_the_same_in_every_run(trial: Trial) -> None:
    assert (
        catching(trial, slice(0, 5)).id
        == catching(trial, slice(0, 9), name="slice(0, 5, None)").id
    )


def test_ads_that_would_be_seen_again_are_not_counted_twice(trial: Trial) -> None:
    rule = catching(trial, slice(0, 20))
    draws = np.full(len(trial.chances), 500.0)
    campaigns = [
        Recommendation(
            kind="campaign",
            subject=f"campaign/{name}",
            worth=Worth(draws),
            hours=1.0,
            reach=reach,
        )
        for name, reach in (("all", np.arange(20)), ("half", np.arange(10, 30)), ("none", None))
    ]
    order = {each.what.subject: each for each in ranked([rule, *campaigns], trial)}
    assert order["campaign/all"].adds.mean == 0.0
    assert order["campaign/half"].adds.mean == pytest.approx(250.0)
    assert order["campaign/half"].shared == pytest.approx(0.5)
    assert order["campaign/none"].adds.mean == 500.0


def test_two_campaigns_of_the_same_ads_count_once(trial: Trial) -> None:
    draws = np.full(len(trial.chances), 500.0)
    pair = [
        Recommendation(
            kind="campaign", subject=name, worth=Worth(k * draws), hours=1.0, reach=np.arange(5)
        )
        for k, name in ((2, "one"), (1, "other"))
    ]
    first, then = ranked(pair, trial)
    assert (first.what.subject, first.adds.mean) == ("one", 1000.0)
    assert then.adds.mean == 0.0
