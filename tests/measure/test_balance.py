"""Declared draws are held against what they were drawn from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

import pytest

from shroff.domain.labels import Basis
from shroff.domain.metrics import Weight
from shroff.domain.slices import Period
from shroff.measure.balance import declared_balance
from shroff.measure.brief import Design
from shroff.measure.frame import build_frames
from shroff.measure.population import build_population

if TYPE_CHECKING:
    from conftest import Story

TOLD = Design(id="told", basis=Basis.DECLARED, by="Li", reasons=("random",), sampling_prob=0.25)


@pytest.mark.parametrize(("from_us", "from_jp"), [(50, 50), (100, 0), (90, 10)])
def test_a_draw_from_one_market_only_is_not_taken_for_random(
    from_us: int, from_jp: int, tell: Callable[[], Story]
) -> None:
    story = tell()
    for market, drawn in (("US", from_us), ("JP", from_jp)):
        for number in range(200):
            name = f"{market}{number}"
            story.ad(name, market=market)
            story.decided(name, "approve")
            if number < drawn:
                story.reviewed(name, "compliant")
    engine = story.opened()
    build_population(engine, Period(date(2026, 5, 1), date(2026, 6, 1)), derived={})
    frame = build_frames(engine, (TOLD,), weights=(Weight.ADS,))[Weight.ADS]
    found = declared_balance(engine, (("approve", TOLD),))
    assert len(found) == (from_us != from_jp)
    assert [note for note in frame.caveats() if note in found] == list(found)
    for message in found:
        shares = {"US": from_us * 4 / 200, "JP": from_jp * 4 / 200}
        assert message.params["share"] == pytest.approx(shares[str(message.params["market"])])
