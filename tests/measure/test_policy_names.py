"""Labels that say "violating" without saying which policy."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from shroff.measure.brief import Brief
from shroff.measure.scorecard import Scorecard, scorecard
from shroff.stats.estimate import Status

if TYPE_CHECKING:
    from conftest import Story

METRICS = ("reject_precision", "right_policy_precision", "leakage")


@pytest.fixture(scope="module")
def measured(
    tell: Callable[[], Story], ask_may: Callable[..., Brief]
) -> Callable[[int], Scorecard]:
    """Measure 20 rejects, 12 of them right, and 20 approvals, 4 of them leaks."""

    def measure(named: int) -> Scorecard:
        story = tell()
        for number in range(40):
            name, action = f"a{number:02d}", "reject" if number < 20 else "approve"
            bad = number < 12 or number >= 36
            policies = ["drugs"] if bad and number < named else []
            cited = "drugs" if action == "reject" else None
            story.decided(name, action, policy_id=cited)
            verdict = "violating" if bad else "compliant"
            story.reviewed(name, verdict, policies=policies, sampling_prob=1.0, design_id="all")
        brief = ask_may(by=(("policy",),), wanted=METRICS)
        return scorecard(story.opened(), brief)

    return measure


def test_no_policy_named_is_not_the_wrong_policy(measured: Callable[[int], Scorecard]) -> None:
    card = measured(0)
    right = card.figure("right_policy_precision").estimate
    assert (right.value, right.low, right.high, right.status) == (None, None, None, Status.UNKNOWN)
    assert [caveat.id for caveat in right.caveats] == ["scorecard.no_policies"]
    leak = card.figure("leakage", policy="drugs").estimate
    assert (leak.value, leak.status) == (None, Status.UNKNOWN)


def test_figures_that_need_no_policy_stay(measured: Callable[[int], Scorecard]) -> None:
    card = measured(0)
    assert card.figure("reject_precision").estimate.value == pytest.approx(12 / 20)
    assert card.figure("leakage").estimate.value == pytest.approx(4 / 20)
    assert card.figure("leakage").estimate.caveats == ()


def test_some_policies_missing_is_said_beside_the_figures(
    measured: Callable[[int], Scorecard],
) -> None:
    card = measured(9)
    right = card.figure("right_policy_precision").estimate
    assert right.value == pytest.approx(9 / 20)
    (caveat,) = right.caveats
    assert caveat.params == {"unnamed": 7, "violating": 16}
    assert "7 of 16 violating labels name no policy" in caveat.text()


def test_nothing_is_said_when_every_label_names_its_policy(
    measured: Callable[[int], Scorecard],
) -> None:
    card = measured(40)
    assert card.figure("right_policy_precision").estimate.value == pytest.approx(12 / 20)
    assert card.figure("leakage", policy="drugs").estimate.value == pytest.approx(4 / 20)
    assert card.figure("leakage", policy="drugs").estimate.caveats == ()
