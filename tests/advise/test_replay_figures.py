"""Figures of a replay: from cells and draws, without a database."""

from __future__ import annotations

import numpy as np
import pytest

from shroff.advise.decision_errors import KINDS
from shroff.advise.label_sums import LabelErrors
from shroff.advise.replay import Replay, Seen, Shown
from shroff.advise.replay_draws import draw
from shroff.advise.replay_figures import Told, figures, friction
from shroff.stats.estimate import Status
from shroff.stats.share_draws import Along, CellLabels

_TOLD = Told(0.95, Status.ESTIMATE, "audit")
_APPROVE, _REVIEW, _REJECT = 0, 1, 2
_RIGHT = LabelErrors(
    kind=np.zeros(0, dtype=np.int64), sensitivity=np.ones(KINDS), specificity=np.ones(KINDS),
    sensitivity_doubt=np.zeros(KINDS), specificity_doubt=np.zeros(KINDS),
)  # fmt: skip


def _replay(*, members: np.ndarray | None = None) -> Replay:
    """Approve 1,000, approve 200 that would be rejected, reject 300, reject 100 to be approved."""
    labels = CellLabels(
        n=np.array([500.0, 100.0, 150.0, 50.0]),
        share=np.array([0.05, 0.6, 0.9, 0.4]),
        along=Along(curve=np.arange(4), at=np.zeros(4), side=np.zeros(4, dtype=np.intp)),
    )
    kinds = np.zeros((KINDS, 4))
    kinds[0] = labels.n
    seen = Seen(cells=labels, counted=labels.n, kinds=kinds)
    return Replay(
        was=np.array([_APPROVE, _APPROVE, _REJECT, _REJECT]),
        becomes=np.array([_APPROVE, _REJECT, _REJECT, _APPROVE]),
        reviewed=np.zeros(4, dtype=bool),
        ads=np.array([1000.0, 200.0, 300.0, 100.0]),
        impressions=np.array([100_000.0, 20_000.0, 0.0, 0.0]),
        squares=np.array([2e7, 4e6, 0.0, 0.0]),
        usual=np.array([100_000.0, 20_000.0, 30_000.0, 10_000.0]),
        labels=seen,
        viewed=seen,
        shown=(Shown(action="approve", n=1200, total=120_000, squares=24e6),),
        members=np.zeros((3, 0), dtype=np.intp) if members is None else members,
        filed=60,
        reversed=30,
        queries=(),
    )


def _figures(replay: Replay) -> dict[str, tuple[float, float, float]]:
    rng = np.random.default_rng(1)
    drawn = draw(replay, _RIGHT, draws=500, rng=rng)
    found = figures(replay, drawn, _TOLD, rng=rng)
    return {
        each.name: (each.before.value or 0.0, each.after.value or 0.0, each.change.value or 0.0)
        for each in found
    }


def test_shares_are_of_the_ads_that_are_treated_so() -> None:
    found = _figures(_replay())
    assert found["ads_reject"] == (400, 500, 100)
    assert found["reject_precision"][0] == pytest.approx((270 + 40) / 400, abs=0.02)
    assert found["reject_precision"][1] == pytest.approx((270 + 120) / 500, abs=0.02)
    assert found["leakage"][0] == pytest.approx((50 + 120) / 1200, abs=0.02)
    assert found["missed"][2] == pytest.approx(40 - 120, abs=15)
    assert found["wrong_rejects"][2] == pytest.approx(80 - 60, abs=15)


def test_what_was_not_shown_is_imputed_and_what_would_not_be_shown_is_saved() -> None:
    before, after, _ = _figures(_replay())["violating_impressions"]
    assert before == pytest.approx(100_000 * 0.05 + 20_000 * 0.6, rel=0.1)
    assert after == pytest.approx(100_000 * 0.05 + 100 * 40, rel=0.25)


def test_overturns_follow_wrong_rejects() -> None:
    before, after, _ = _figures(_replay())["overturns"]
    assert before == 30
    assert after == pytest.approx(30 * 110 / 90, rel=0.15)


def test_appeals_stay_as_they_are_where_nothing_is_rejected_otherwise() -> None:
    replay = _replay()
    same = Replay(
        **{
            **{name: getattr(replay, name) for name in Replay.__slots__},
            "becomes": replay.was.copy(),
        }
    )
    assert _figures(same)["overturns"] == (30, 30, 0)
    assert _figures(same)["appeals"] == (60, 60, 0)


def test_nothing_rejected_has_no_precision() -> None:
    replay = _replay()
    none = Replay(
        **{
            **{name: getattr(replay, name) for name in Replay.__slots__},
            "becomes": np.zeros(4, dtype=np.intp),
        }
    )
    rng = np.random.default_rng(2)
    found = {
        each.name: each
        for each in figures(none, draw(none, _RIGHT, draws=50, rng=rng), _TOLD, rng=rng)
    }
    assert found["reject_precision"].after.status is Status.UNKNOWN
    assert found["reject_precision"].before.status is Status.ESTIMATE


def test_advertisers_are_bounds_that_hold_both_extremes() -> None:
    # 40 advertisers with ten rejected ads each, of the cell that stays rejected
    members = np.stack([np.full(40, 2), np.arange(40), np.full(40, 10)])
    replay = _replay(members=members)
    drawn = draw(replay, _RIGHT, draws=300, rng=np.random.default_rng(3))
    found = friction(replay, drawn, _TOLD)
    assert found is not None
    assert found.before.status is Status.BOUNDS
    assert found.before.low is not None
    assert found.before.high is not None
    assert found.before.low <= 40 * 0.1
    assert found.before.high >= 40 * (1 - 0.9**10)
    assert friction(_replay(), drawn, _TOLD) is None
