"""Is the cascade that is found the best there is, and is its bound one?"""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from shroff.advise.cascade_answers import ANSWERS
from shroff.advise.cascade_problem import (
    PEOPLE,
    CascadeLimits,
    CascadeRoom,
    Edges,
    all_edges,
    problem_under,
)
from shroff.advise.cascade_search import find_cascade
from shroff.advise.decision_worth import DecisionWorth
from shroff.advise.line_problem import APPROVE, REJECT, REVIEW

BINS = 4


def room_of(seed: int, *, cells: int = 2, groups: int = 2) -> CascadeRoom:
    rng = np.random.default_rng(seed)
    size = (cells, BINS)
    ads = rng.integers(20, 200, size).astype(float)
    bad = np.sort(rng.beta(0.6, 1.0, size), axis=1)
    told = np.linspace(-2.5, 2.5, ANSWERS + 1)
    share = np.exp(-0.5 * (told[:, None, None] - 3 * (bad - 0.5)) ** 2) + 0.05
    share /= share.sum(axis=0)
    odds = np.log(np.maximum(bad, 1e-6) / np.maximum(1 - bad, 1e-6)) + 1.5 * told[:, None, None]
    return CascadeRoom(
        worth=DecisionWorth(
            ads=ads,
            shown=np.ones(size),
            spend=np.ones(size),
            violating_shown=rng.uniform(50, 200, size),
            queued_shown=np.full(cells, 5.0),
            hours=np.full((cells, 1), 0.02),
            spread=1.0,
            doubt=np.full(cells, 0.01),
            ratio=1.0,
            catches=(90.0, 10.0),
            passes=(95.0, 5.0),
            imputed=0.0,
        ),
        ads=ads * share,
        chances=1 / (1 + np.exp(-odds)),
        calls=ads * rng.uniform(0.7, 1.0, size),
        price=rng.uniform(0.002, 0.006, cells),
        seconds=np.full(cells, 1.2),
        group=np.arange(cells) % groups,
        review=np.full(cells, 2),
        reject=np.full(cells, 3),
    )


def limits_of(seed: int) -> CascadeLimits:
    rng = np.random.default_rng(seed + 1000)
    return CascadeLimits(
        money=float(rng.choice([0.0, 0.5, 1.5, 10.0])),
        llm_hours=float(rng.choice([0.02, np.inf])),
        hours=float(rng.choice([0.5, 2.0, 6.0])),
        precision=float(rng.uniform(0.6, 0.95)),
    )


def row_of(
    room: CascadeRoom, limits: CascadeLimits, *, cell: int, edges: Edges, pair: tuple[int, int]
) -> np.ndarray:
    """Add up by hand what one cell costs and uses, ad by ad."""
    row, done = np.zeros(5), edges.action()
    for b in range(BINS):
        shown, slips = room.worth.violating_shown[cell, b], room.slips()[cell, b]
        if pair[0] <= b < pair[1]:
            row[1] += edges.asked * room.calls[cell, b] * room.price[cell]
            row[2] += edges.asked * room.calls[cell, b] * room.seconds[cell] / 3600
        for k in range(ANSWERS + 1):
            n, p = room.ads[k, cell, b], room.chances[k, cell, b]
            action = done[k] if b < pair[1] else REJECT
            action = APPROVE if b < pair[0] else action
            if action == APPROVE:
                row[0] += n * p * shown
            elif action == REVIEW:
                row[0] += n * p * shown * slips
                row[3] += n * room.worth.hours[cell].sum()
            else:
                row[4] += n * (limits.precision - p)
    return row


def table(room: CascadeRoom, limits: CascadeLimits) -> list[np.ndarray]:
    """Give for each cell what all edges and pairs of lines cost and use."""
    pairs = [(r, j) for j in range(BINS + 1) for r in range(j + 1)]
    return [
        np.array(
            [
                [row_of(room, limits, cell=cell, edges=edges, pair=pair) for pair in pairs]
                for edges in all_edges()
            ]
        )
        for cell in range(len(room.group))
    ]


def by_hand(room: CascadeRoom, limits: CascadeLimits) -> float:
    """Try every cascade of two cells."""
    one, two = table(room, limits)
    tops = np.array([limits.money, limits.llm_hours, limits.hours, 0.0]) + 1e-9
    best = np.inf
    same = room.group[0] == room.group[1]
    for first, second in product(range(len(one)), repeat=2):
        if same and first != second:
            continue
        both = one[first][:, None, :] + two[second][None, :, :]
        kept = (both[..., 1:] <= tops).all(axis=-1)
        if kept.any():
            best = min(best, float(both[..., 0][kept].min()))
    return best


@pytest.mark.parametrize(("seed", "groups"), [(0, 1), (1, 1), (2, 1), (3, 1), (0, 2), (1, 2)])
def test_the_best_of_all_cascades_is_found(seed: int, groups: int) -> None:
    room, limits = room_of(seed, groups=groups), limits_of(seed)
    best = by_hand(room, limits)
    found = find_cascade(room, limits, most=1000, good=2e-4)  # four bins are lumpy
    assert found is not None
    assert found.lines.cost == pytest.approx(best, rel=5e-4)
    assert found.bound <= best * (1 + 1e-9) + 1e-9


def test_limits_are_kept_and_more_money_never_does_worse() -> None:
    room = room_of(3, cells=6)
    before = np.inf
    for money in (0.0, 0.2, 1.0, 5.0):
        limits = CascadeLimits(money=money, llm_hours=np.inf, hours=2.0, precision=0.8)
        found = find_cascade(room, limits)
        assert found is not None
        assert found.used["money"] <= money + 1e-6
        assert found.used["hours"] <= 2.0 + 1e-6
        assert found.used["precision"] <= 1e-6
        assert found.lines.cost <= before * (1 + 2e-3)
        before = found.lines.cost


def test_without_money_nobody_asks_the_llm() -> None:
    room = room_of(5)
    found = find_cascade(
        room, CascadeLimits(money=0.0, llm_hours=np.inf, hours=3.0, precision=0.8)
    )
    assert found is not None
    alone = find_cascade(
        room,
        CascadeLimits(money=np.inf, llm_hours=np.inf, hours=3.0, precision=0.8),
        options=[PEOPLE],
    )
    assert alone is not None
    assert found.lines.cost == pytest.approx(alone.lines.cost, rel=2e-3)


def test_limits_that_cannot_be_kept_give_no_cascade() -> None:
    room = room_of(1)
    asked = CascadeLimits(money=-1.0, llm_hours=np.inf, hours=-1.0, precision=0.8)
    assert find_cascade(room, asked) is None


def test_a_middle_stage_is_left_out_of_lines_that_have_none() -> None:
    room = room_of(2)
    limits = CascadeLimits(money=np.inf, llm_hours=np.inf, hours=1.0, precision=0.9)
    problem = problem_under(room, PEOPLE, limits)
    assert [limit.name for limit in problem.limits] == ["hours", "precision"]
    assert not problem.limits[1].middle.any()
