"""Labels of a replay that err: shares are those of the truth, with the doubt of how often they err."""

from __future__ import annotations

import numpy as np
import pytest

from shroff.advise.decision_errors import KINDS
from shroff.advise.label_sums import LabelErrors
from shroff.advise.replay_errors import ErrorDraws, draw_errors

_SINGLE = 2


def _errors(*, caught: float, passed: float, doubt: float = 0.0) -> LabelErrors:
    """Let only what one person says alone be wrong."""
    sensitivity, specificity, doubts = np.ones(KINDS), np.ones(KINDS), np.zeros(KINDS)
    sensitivity[_SINGLE], specificity[_SINGLE], doubts[_SINGLE] = caught, passed, doubt
    return LabelErrors(
        kind=np.zeros(0, dtype=np.int64),
        sensitivity=sensitivity,
        specificity=specificity,
        sensitivity_doubt=doubts,
        specificity_doubt=doubts,
    )


def _drawn(errors: LabelErrors, *, single: float, draws: int = 400) -> ErrorDraws:
    kinds = np.zeros((KINDS, 2))
    kinds[0], kinds[_SINGLE] = 1 - single, single
    rng = np.random.default_rng(5)
    return draw_errors(errors, kinds, curve=np.zeros(2, dtype=np.intp), draws=draws, rng=rng)


def test_shares_are_those_of_the_truth() -> None:
    drawn = _drawn(_errors(caught=0.9, passed=0.95), single=1.0)
    true = np.array([0.8, 0.1])
    said = 0.05 + 0.85 * true
    found = drawn.right(np.tile(said, (400, 1)), size=np.array([10.0, 30.0]))
    assert found == pytest.approx(np.tile(true, (400, 1)))


def test_experts_are_right() -> None:
    said = np.tile([0.7, 0.2], (400, 1))
    found = _drawn(_errors(caught=0.6, passed=0.7), single=0.0).right(said, size=np.ones(2))
    assert found == pytest.approx(said)


def test_what_one_cell_has_no_room_for_others_of_its_curve_take() -> None:
    drawn = _drawn(_errors(caught=0.9, passed=1.0), single=1.0)
    size = np.array([100.0, 50.0])
    found = drawn.right(np.tile([1.0, 0.45], (400, 1)), size=size)
    assert np.all((found >= 0) & (found <= 1))
    assert found[0] @ size == pytest.approx((100 + 22.5) / 0.9)
    low = _drawn(_errors(caught=1.0, passed=0.9), single=1.0)
    found = low.right(np.tile([0.02, 0.55], (400, 1)), size=size)
    assert np.all((found >= 0) & (found <= 1))
    assert found[0] @ size == pytest.approx((2 + 27.5 - 15) / 0.9)


def test_doubt_about_mistakes_is_doubt_about_shares() -> None:
    said = np.tile([0.5, 0.5], (400, 1))
    sure = _drawn(_errors(caught=0.9, passed=0.9), single=1.0).right(said, size=np.ones(2))
    unsure = _drawn(_errors(caught=0.9, passed=0.9, doubt=0.03), single=1.0)
    spread = unsure.right(said, size=np.ones(2)).std(axis=0)
    assert np.all(sure.std(axis=0) < 1e-9)
    assert np.all(spread > 0.01)


def test_one_labelled_ad_is_in_doubt_where_labels_err() -> None:
    drawn = _drawn(_errors(caught=0.9, passed=0.95), single=1.0)
    assert drawn.doubt(np.array([1.0, 0.0]))[0] == pytest.approx([0.1, 0.05])
