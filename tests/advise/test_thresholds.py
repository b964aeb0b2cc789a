from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from math import inf
from typing import Any

import numpy as np
import pytest

from shroff.advise.decision_cells import DecisionCells
from shroff.advise.decision_costs import HOURS, AppealLog, PolicyCosts, Revealed, costs_of
from shroff.advise.decision_errors import LabelTrust, errors_of, kinds_of
from shroff.advise.decision_queries import BINS
from shroff.advise.decision_worth import worth_of
from shroff.advise.label_sums import LabelSums
from shroff.advise.line_limits import LinesAsked, todays_lines
from shroff.advise.threshold_plan import ThresholdPlan
from shroff.advise.thresholds import plan_of
from shroff.domain.messages import Language
from shroff.domain.metrics import Weight
from shroff.domain.slices import Period
from shroff.errors import ConfigError, DesignError
from shroff.measure.brief import Brief
from shroff.measure.frame import Frame
from shroff.measure.score_queries import Chosen
from shroff.store.settings import CostSettings

PERIOD = Period(date(2026, 6, 1), date(2026, 6, 29))
BRIEF = Brief(period=PERIOD, as_of=datetime(2026, 6, 30, tzinfo=UTC))
AT = (np.arange(BINS) + 0.5) / BINS


def made(
    seed: int = 1, *, cells: int = 12, lines: tuple[int, int] = (50, 80), labels: int = 60
) -> DecisionCells:
    """Make cells that differ in how a score speaks, decided by the same lines in all of them."""
    rng = np.random.default_rng(seed)
    odds = rng.normal(0, 0.8, (cells, 1)) + 7 * (AT - 0.6)
    chance = 1 / (1 + np.exp(-odds))
    ads = rng.poisson(rng.gamma(2, 8, (cells, 1)) * (1.3 - AT)[None, :]).astype(float)
    shares = np.stack([np.where(lines[0] > AT * BINS, 1.0, 0.0)] * cells)
    high = np.stack([np.where(lines[1] < AT * BINS, 1.0, 0.0)] * cells)
    by = np.stack([shares, 1 - shares - high, high]) * ads
    cell, place = (
        each.ravel() for each in np.meshgrid(np.arange(cells), np.arange(BINS), indexing="ij")
    )
    n = np.minimum(ads.ravel(), rng.poisson(labels / BINS, cell.size)).astype(float)
    some = n > 0
    hits = rng.binomial(n.astype(int), chance.ravel()).astype(float)
    found = rng.binomial(by[1].astype(int), chance * 0.9).astype(float)
    shown = by[0] * rng.lognormal(7, 0.2, (cells, 1))
    worked = by[1].sum(axis=1)
    return DecisionCells(
        chosen=Chosen(model="risk", version="v1", policy="-"),
        days=28,
        by=("scored_policy", "market"),
        keys=tuple((f"p{c // 4}", f"m{c % 4}") for c in range(cells)),
        ads=by,
        shown=shown,
        spend=shown / 1000,
        squares=(shown.sum(axis=1) ** 2) * 3 / np.maximum(by[0].sum(axis=1), 1),
        found=found,
        found_shown=found * 100,
        labels=LabelSums(
            cell=cell[some], bin=place[some], n=n[some], w=n[some], w2=n[some], hits=hits[some]
        ),
        told=np.zeros((2, cells, BINS)),
        told_by=0.0,
        queues=("west", "east"),
        minutes=np.stack([np.where(np.arange(cells) % 2, 0.0, 1.5), np.where(np.arange(cells) % 2, 1.0, 0.0)], axis=1) * worked[:, None],
        worked=np.stack([np.where(np.arange(cells) % 2, 0.0, 1.0), np.where(np.arange(cells) % 2, 1.0, 0.0)], axis=1) * worked[:, None],
        checked=np.array([[95.0, 5.0], [10.0, 90.0]]),
        ruled=3,
        other=0,
        unscored=0,
        frame=Frame("frame_ads", Weight.ADS, (), (), False, ""),
    )  # fmt: skip


def planned(cells: DecisionCells | None = None, **asked: Any) -> ThresholdPlan:
    return plan_of(cells or made(), BRIEF, LinesAsked(**asked), costs=CostSettings())


def test_without_costs_fewer_violations_are_shown_within_todays_hours_and_precision() -> None:
    plan = planned()
    assert plan.plan is not None
    today, best = plan.today.outcome, plan.plan.outcome
    assert best.value("violating_impressions") < 0.97 * today.value("violating_impressions")
    assert best.value("review_hours") <= today.value("review_hours") * (1 + 1e-6)
    assert best.value("reject_precision") >= today.value("reject_precision") - 1e-6
    assert plan.plan.gap < 2e-3
    assert plan.plan.better > 0.9
    low, value, high = plan.plan.less.low, plan.plan.less.value, plan.plan.less.high
    assert low is not None
    assert value is not None
    assert high is not None
    assert low < value < high
    for language in Language:
        assert plan.summary().text(language)
        assert all(each.text(language) for each in (*plan.told(), *plan.notes))


def test_lines_are_where_the_figures_say() -> None:
    cells = made()
    plan = planned(cells)
    assert plan.plan is not None
    ads = cells.ads.sum(axis=0)
    reviewed = 0.0
    for each in plan.plan.lines:
        at = cells.keys.index(tuple(each.where.values()))
        inside = (each.review_from <= AT) & (each.reject_from > AT)
        reviewed += float(ads[at, inside].sum())
        assert each.ads == ads[at].sum()
    assert reviewed == plan.plan.outcome.value("review_ads")
    assert sum(each.gain for each in plan.plan.lines) == pytest.approx(
        plan.today.outcome.value("violating_impressions")
        - plan.plan.outcome.value("violating_impressions"),
        rel=1e-6,
    )


def test_todays_lines_are_read_from_what_was_done() -> None:
    review, reject = todays_lines(made(lines=(40, 90)))
    assert set(review.tolist()) == {40}
    assert set(reject.tolist()) == {90}
    never = made()
    ads = never.ads.copy()
    ads[1] += ads[2]
    ads[2] = 0
    review, reject = todays_lines(replace(never, ads=ads))
    assert set(reject.tolist()) == {BINS}


def test_the_careful_lines_keep_precision_with_the_chance_asked_for() -> None:
    plan = planned(sure=0.9)
    assert plan.plan is not None
    assert plan.careful is not None
    assert plan.careful.kept["precision"] >= 0.9 > plan.plan.kept["precision"]
    best, careful = plan.plan.outcome, plan.careful.outcome
    assert careful.value("violating_impressions") >= best.value("violating_impressions") - 1e-6


def test_prices_tell_what_one_step_of_a_limit_saves() -> None:
    plan = planned(hours=0.3)
    (hours,) = [each for each in plan.prices if each.limit == "hours"]
    more = planned(hours=1.3)
    assert plan.plan is not None
    assert more.plan is not None
    saved = plan.plan.outcome.value("violating_impressions") - more.plan.outcome.value(
        "violating_impressions"
    )
    assert hours.gain == pytest.approx(saved, rel=0.02)
    assert "more review hour a day prevents" in hours.sentence.text()


def test_queues_volumes_leakage_and_changes_are_kept() -> None:
    plan = planned(
        queues=(("west", 0.1),), rejects=20.0, reviews=4.0, changes=6, leakage=0.3, precision=0.7
    )
    assert plan.plan is not None
    best = plan.plan.outcome
    assert best.value("reject_ads") >= 20 * 28
    assert best.value("review_ads") >= 4 * 28
    assert best.value("leakage") <= 0.3
    assert best.value("reject_precision") >= 0.7 - 1e-9
    lines = plan.plan.lines
    moved = sum((a.review_now != a.review_from) + (a.reject_now != a.reject_from) for a in lines)
    assert 0 < moved <= 6


def test_every_cell_can_be_held_to_the_precision() -> None:
    together, each = planned(precision=0.9), planned(precision=0.9, each_cell=True)
    assert together.plan is not None
    assert each.plan is not None
    assert each.plan.outcome.value("violating_impressions") >= together.plan.outcome.value(
        "violating_impressions"
    )
    assert each.plan.outcome.value("reject_precision") >= 0.9


def test_limits_that_cannot_all_be_kept_are_told_with_what_would_help() -> None:
    asked = {"hours": 0.1, "precision": 0.97, "leakage": 0.1}
    plan = planned(**asked)
    assert plan.plan is None
    assert plan.careful is None
    assert "would make them possible" in plan.summary().text()
    assert plan.relaxations
    for each in plan.relaxations:
        if not each.together:
            name = {"hours": "hours", "precision": "precision", "leakage": "leakage"}[each.limit]
            assert planned(**{**asked, name: each.possible}).plan is not None
    with pytest.raises(ConfigError, match="nothing"):
        plan.proposal()


def test_costs_that_are_not_set_are_taken_from_todays_limits() -> None:
    cells = made()
    told = CostSettings(missed_violation=40.0, wrong_reject=12.0, reviewer_hour=14.0)
    plan = plan_of(cells, BRIEF, LinesAsked(by_cost=True), costs=told)
    guessed = planned(cells, by_cost=True)
    assert plan.currency == "USD"
    assert guessed.currency == HOURS
    assert "lines.guessed" in {note.id for note in guessed.notes}
    assert "lines.guessed" not in {note.id for note in plan.notes}
    for each in (plan, guessed):
        assert each.plan is not None
        assert each.plan.outcome.value("cost") <= each.today.outcome.value("cost")


def test_appeals_cost_what_they_take_and_are_likelier_against_wrong_rejects() -> None:
    cells = made()
    told = CostSettings(missed_violation=40.0, wrong_reject=12.0, reviewer_hour=30.0)
    appeals = PolicyCosts(appeals=AppealLog(filed=60, won=40, minutes=4.0))
    chances = np.full((len(cells), BINS), 0.75)
    worth = worth_of(cells, chances)
    asked = {"policies": appeals, "revealed": Revealed(hour=1.0, wrong=1.0), "chances": chances}
    costs, _ = costs_of(cells, worth, told, **asked)
    without, _ = costs_of(cells, worth, told, **{**asked, "policies": PolicyCosts()})
    rejected = float(cells.ads[2].sum())
    assert costs.appeal == pytest.approx(2.0)
    assert costs.appealed == pytest.approx((40 / (0.25 * rejected), 20 / (0.75 * rejected)))
    assert costs.wrong - without.wrong == pytest.approx(2 * costs.appealed[0])
    assert costs.right == pytest.approx(2 * costs.appealed[1])
    dear, _ = costs_of(cells, worth, told.model_copy(update={"appeal": 9.0}), **asked)
    assert dear.appeal == 9.0
    plan = plan_of(cells, BRIEF, LinesAsked(by_cost=True), costs=told, policies=appeals)
    plain = plan_of(cells, BRIEF, LinesAsked(by_cost=True), costs=told)
    assert plan.today.outcome.value("cost") > plain.today.outcome.value("cost")
    assert "lines.appeals" in {note.id for note in plan.notes}
    assert "lines.appeals" not in {note.id for note in plain.notes}


def test_what_is_known_of_labels_is_said() -> None:
    for how in ("nothing", "twice", "known"):
        trust = LabelTrust(how=how, caught=0.93, passed=0.98, ads=400)
        notes = {note.id: note for note in planned(replace(made(), trust=trust)).notes}
        assert f"lines.trust.{how}" in notes
        assert all(notes[f"lines.trust.{how}"].text(language) for language in Language)


def test_two_who_agree_are_right_more_often_than_one() -> None:
    kind = kinds_of(np.array([1, 2, 3, 4, 4]), np.array([False] * 3 + [True, False]))
    assert kind.tolist() == [0, 1, 2, 3, 2]
    trust = LabelTrust(how="twice", caught=0.9, passed=0.95, caught_doubt=0.02, ads=300)
    errors = errors_of(kind, trust, np.array([[90.0, 10.0], [30.0, 70.0]]))
    assert errors.sensitivity == pytest.approx([1.0, 81 / 82, 0.9, 71 / 102])
    assert errors.specificity[3] == pytest.approx(91 / 102)
    assert errors.sensitivity_doubt[0] == 0.0
    assert 0 < errors.sensitivity_doubt[1] < errors.sensitivity_doubt[2]
    unknown = errors_of(kind, LabelTrust(), np.zeros((2, 2)))
    assert np.all(unknown.power == 1)


def test_severe_policies_and_costs_of_their_own_weigh_more() -> None:
    cells = made()
    chances = np.full((len(cells), BINS), 0.3)
    worth = worth_of(cells, chances)
    rows = (
        {"policy_id": "p0", "severity": 5, "cost_missed": None, "cost_wrong_reject": None},
        {"policy_id": "p1", "severity": 1, "cost_missed": None, "cost_wrong_reject": 99.0},
    )
    costs, _ = costs_of(
        cells,
        worth,
        CostSettings(missed_violation=10.0, wrong_reject=1.0, reviewer_hour=2.0),
        policies=PolicyCosts(rows),
        revealed=Revealed(hour=1.0, wrong=1.0),
    )
    each = costs.missed / worth.violating_shown
    assert each[0, 0] == pytest.approx(5 * each[4, 0])
    assert costs.wrong[4].mean() > 20 * costs.wrong[0].mean()


def test_exposure_of_ads_that_were_not_approved_is_that_of_their_like() -> None:
    cells = made()
    worth = worth_of(cells, np.full((len(cells), BINS), 0.3))
    approved = cells.shown.sum(axis=1) / cells.ads[0].sum(axis=1)
    assert worth.shown[:, 90] == pytest.approx(approved, rel=0.3)
    assert worth.imputed == pytest.approx(1 - cells.ads[0].sum() / cells.ads.sum())
    assert worth.caught == pytest.approx(91 / 102)


def test_the_proposal_holds_the_lines_that_change() -> None:
    plan = planned()
    assert plan.plan is not None
    proposal = plan.proposal()
    changed = [each for each in plan.plan.lines if each.changed]
    assert len(proposal.thresholds) == len(changed)
    first = proposal.thresholds[0]
    assert first.model == "risk"
    assert first.policy is None
    assert dict(first.where) == dict(changed[0].where)
    assert first.reject_from == changed[0].reject_from


def test_odd_platforms_get_a_stated_answer() -> None:
    one = planned(made(cells=1))
    assert one.plan is not None
    cells = made()
    approved = cells.ads.sum(axis=0)
    zeros = np.zeros_like(approved)
    nothing = replace(
        cells,
        ads=np.stack([approved, zeros, zeros]),
        minutes=np.zeros((len(cells), 0)),
        worked=np.zeros((len(cells), 0)),
        queues=(),
        checked=np.zeros((2, 2)),
    )
    plan = planned(nothing)
    assert plan.plan is not None
    assert {"lines.no_rejects", "lines.unchecked"} <= {note.id for note in plan.notes}
    assert plan.today.outcome.figures["reject_precision"].value is None
    assert all(each.review_now == inf for each in plan.plan.lines)
    none = np.zeros(0)
    index = np.zeros(0, dtype=np.int64)
    unlabelled = LabelSums(cell=index, bin=index, n=none, w=none, w2=none, hits=none)
    with pytest.raises(DesignError, match="no label"):
        planned(replace(cells, labels=unlabelled))
    with pytest.raises(ConfigError, match="queue"):
        planned(queues=(("nowhere", 3.0),))
    for wrong in ({"precision": 1.5}, {"sure": 0.4}, {"hours": -1.0}, {"changes": -1}):
        with pytest.raises(ConfigError):
            LinesAsked(**wrong)


def test_no_change_allowed_means_today() -> None:
    plan = planned(changes=0)
    assert plan.plan is not None
    assert not any(each.changed for each in plan.plan.lines)
    assert plan.summary().id == "lines.summary.none"
