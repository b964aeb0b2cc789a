"""Simulated labellers of any quality, corrected by what people said of public texts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from benchmarks.labeller import JUDGES, judged, real, rounds_of

pytestmark = pytest.mark.realdata

ROUNDS = 60
SLACK = 2.5 * float(np.sqrt(0.05 * 0.95 / ROUNDS))


@pytest.mark.parametrize("judge", JUDGES)
def test_corrected_figures_hold_whatever_the_labeller_is_worth(
    data: Path, judge: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHROFF_DATA", str(data))
    rng = np.random.default_rng(3)
    populations = list(real(rng))
    assert [items.name for items in populations] == ["openai_rbr_gold", "dices_990"]
    for items in populations:
        assert 0.05 < items.violating.mean() < 0.5
        found = rounds_of(items, judged(items, judge, rng), rounds=ROUNDS, rng=rng)
        for way in ("people", "helped", "corrected", "sens", "spec"):
            assert found[way].held / ROUNDS >= 0.95 - SLACK, (items.name, way)
        assert found["helped"].width <= found["people"].width + 1e-9
        if judge in {"random", "inverted", "constant"}:
            assert found["corrected"].given == 0
        if judge == "perfect":
            assert found["saved"].width / ROUNDS > 5
