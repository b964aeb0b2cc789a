"""What a plan chosen by labels promises beyond what it keeps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.advise.test_thresholds import BRIEF, made

from shroff.advise.decision_cells import DecisionCells
from shroff.advise.decision_queries import BINS
from shroff.advise.decision_worth import worth_of
from shroff.advise.line_limits import LineRoom, LinesAsked, todays_lines
from shroff.advise.plan_optimism import Optimism, optimism_of
from shroff.advise.thresholds import plan_of
from shroff.advise.violation_curves import fit_curves
from shroff.store.settings import CostSettings

_AIM = "violating_impressions"


def _optimism(cells: DecisionCells, asked: LinesAsked | None = None) -> Optimism:
    curves = fit_curves(cells.labels, cells.factors(), bins=BINS)
    review, reject = todays_lines(cells)
    room = LineRoom(
        cells=cells, worth=worth_of(cells, curves.mean), chances=curves.mean, costs=None,
        each_cell=False, review=review, reject=reject,
    )  # fmt: skip
    return optimism_of(room, curves, asked or LinesAsked(), aim=_AIM)


def test_few_labels_promise_more_than_they_keep() -> None:
    few = [_optimism(made(seed, labels=15)) for seed in range(3)]
    many = [_optimism(made(seed, labels=3_000)) for seed in range(3)]
    for name in ("precision", "less"):
        little, much = (np.mean([getattr(x, name) for x in each]) for each in (many, few))
        assert 0 <= little < much
    assert np.mean([each.less for each in few]) < 0.5


def test_what_is_told_of_a_plan_is_less_by_what_is_promised_too_much() -> None:
    cells = made(2, labels=15)
    found = plan_of(cells, BRIEF, LinesAsked(), costs=CostSettings())
    assert found.plan is not None
    left = found.plan.outcome.value(_AIM) / found.today.outcome.value(_AIM)
    assert found.plan.less.value == pytest.approx(1 - left - _optimism(cells).less)


def test_lines_that_cannot_be_are_not_optimistic() -> None:
    cells = replace(made(1), checked=np.zeros((2, 2)))
    told = _optimism(cells, LinesAsked(precision=0.999_999, rejects=1e9))
    assert told == Optimism(precision=0.0, leakage=0.0, less=0.0)
