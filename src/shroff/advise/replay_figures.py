"""What a proposal would do to each figure: before, after, change, from draws of what is not known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from shroff.advise.replay import Replay
from shroff.advise.replay_draws import Draws
from shroff.domain.messages import Message
from shroff.measure.frame import ACTIONS
from shroff.stats.dense import Flags
from shroff.stats.estimate import Estimate, Status
from shroff.stats.proportions import Floats

__all__ = ["AMOUNT", "ANY", "SHARE", "Compared", "Told", "figures", "friction"]

ANY, SHARE, AMOUNT = (-np.inf, np.inf), (0.0, 1.0), (0.0, np.inf)
"""Between which ends a figure lies."""

_ADVERTISER_DRAWS = 100
_FORM = 1.25  # intervals are as much wider than draws, for what curves and label errors leave out


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One figure without and with a proposal.

    Parameters
    ----------
    name : str
        Name of the figure.
    unit : str
        ``share``, ``count``, ``hours`` or ``money``.
    before, after, change : Estimate
        As it was, as it would have been, and the difference.
    """

    name: str
    unit: str
    before: Estimate
    after: Estimate
    change: Estimate

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        parts = {"before": self.before, "after": self.after, "change": self.change}
        return {
            "figure": self.name,
            "unit": self.unit,
            **{
                f"{part}{end}": getattr(estimate, attribute)
                for part, estimate in parts.items()
                for end, attribute in (("", "value"), ("_low", "low"), ("_high", "high"))
            },
            "status": str(self.after.status),
            "n": self.after.n,
        }


@dataclass(frozen=True, slots=True)
class Told:
    """How figures are told.

    Parameters
    ----------
    level : float
        Coverage of the intervals.
    status : Status
        What figures on these labels are worth.
    design : str
        How they were drawn.
    """

    level: float
    status: Status
    design: str

    def estimate(
        self,
        draws: Floats,
        *,
        n: int,
        caveats: tuple[Message, ...] = (),
        grain: float = 0.0,
        ends: tuple[float, float] = ANY,
    ) -> Estimate:
        """Sum draws up; unknown without a denominator; ``grain`` is the smallest step there is."""
        some = draws[np.isfinite(draws)]
        if not len(some):
            return Estimate(
                value=None,
                low=None,
                high=None,
                level=self.level,
                status=Status.UNKNOWN,
                method="none",
                n=0,
            )
        tail = (1 - self.level) / 2
        low, high = np.quantile(some, [tail, 1 - tail])
        if high > low:
            middle = some.mean()
            low = middle - _FORM * (middle - low) - grain / 2
            high = middle + _FORM * (high - middle) + grain / 2
        low, high = np.clip([low, high], *ends)
        return Estimate(
            value=float(np.clip(some.mean(), low, high)), low=float(low), high=float(high),
            level=self.level, status=self.status, method="replay-draws", n=n, design=self.design,
            caveats=caveats,
        )  # fmt: skip

    def counted(self, value: float, *, n: int = 0) -> Estimate:
        """Tell what was counted in full."""
        return Estimate(
            value=value, low=value, high=value, level=self.level, status=Status.COUNT,
            method="count", n=n,
        )  # fmt: skip


def figures(
    replay: Replay, draws: Draws, told: Told, *, rng: np.random.Generator
) -> list[Compared]:
    """Tell each figure without and with the proposal.

    Parameters
    ----------
    replay : Replay
        What was counted.
    draws : Draws
        What is not known.
    told : Told
        How figures are told.
    rng : Generator
        Chance.

    Returns
    -------
    list of Compared
        The figures.
    """
    found = [_actions(replay, told, name) for name in ACTIONS]
    states = [("was", replay.was), ("becomes", replay.becomes)]
    masks = {state: {a: codes == ACTIONS.index(a) for a in ACTIONS} for state, codes in states}
    labels = replay.labels.counted
    bad, good, ads = draws.bad, replay.ads - draws.bad, replay.ads

    def over(
        name: str, unit: str, of: Callable[[dict[str, Flags]], Floats], *, count: str
    ) -> None:
        before, after = (of(masks[state]) for state, _ in states)
        some = [masks[state][count] if count else np.ones(len(ads), bool) for state, _ in states]
        n = [int(labels[each].sum()) for each in some]
        grain = 1.0 if unit == "count" else 1 / max(float(ads[some[1]].sum()), 1.0)
        ends = SHARE if unit == "share" else AMOUNT
        found.append(
            Compared(
                name=name,
                unit=unit,
                before=told.estimate(before, n=n[0], grain=grain, ends=ends),
                after=told.estimate(after, n=n[1], grain=grain, ends=ends),
                change=told.estimate(after - before, n=n[1], grain=grain),
            )
        )

    over("reject_precision", "share", lambda m: _over(bad, m["reject"], ads), count="reject")
    over("leakage", "share", lambda m: _over(bad, m["approve"], ads), count="approve")
    over("queue_yield", "share", lambda m: _over(bad, m["review"], ads), count="review")
    over("recall_any", "share", lambda m: 1 - _part(bad, m["approve"]), count="")
    over("wrong_rejects", "count", lambda m: good[:, m["reject"]].sum(axis=1), count="reject")
    over("missed", "count", lambda m: bad[:, m["approve"]].sum(axis=1), count="approve")
    found.append(_exposure(replay, draws, told))
    found += _appeals(replay, draws, told, rng=rng)
    return found


def _over(bad: Floats, mask: Flags, ads: Floats) -> Floats:
    total = ads[mask].sum()
    shares: Floats = bad[:, mask].sum(axis=1) / total if total > 0 else np.full(len(bad), np.nan)
    return shares


def _part(bad: Floats, mask: Flags) -> Floats:
    whole = bad.sum(axis=1)
    shares: Floats = np.divide(
        bad[:, mask].sum(axis=1), whole, out=np.full(len(bad), np.nan), where=whole > 0
    )
    return shares


def _actions(replay: Replay, told: Told, name: str) -> Compared:
    before = float(replay.ads[replay.cells(was=(name,))].sum())
    after = float(replay.ads[replay.cells(becomes=(name,))].sum())
    return Compared(
        name=f"ads_{name}", unit="count", before=told.counted(before), after=told.counted(after),
        change=told.counted(after - before),
    )  # fmt: skip


def _exposure(replay: Replay, draws: Draws, told: Told) -> Compared:
    before, after = draws.shown_before.sum(axis=1), draws.shown_after.sum(axis=1)
    n = int(replay.viewed.counted.sum())
    unseen = float(replay.ads[replay.cells(was=("reject",)) & replay.flips].sum())
    caveats = (Message("simulate.imputed", {"ads": unseen}),) if unseen else ()
    return Compared(
        name="violating_impressions", unit="count", before=told.estimate(before, n=n, ends=AMOUNT),
        after=told.estimate(after, n=n, caveats=caveats, ends=AMOUNT),
        change=told.estimate(after - before, n=n, caveats=caveats),
    )  # fmt: skip


def _appeals(
    replay: Replay, draws: Draws, told: Told, *, rng: np.random.Generator
) -> list[Compared]:
    """Tell appeals and overturns: as many as there are for each wrong and each right reject."""
    was, then = replay.cells(was=("reject",)), replay.cells(becomes=("reject",))
    if not replay.filed or not was.any():
        return []
    wrong = [(replay.ads - draws.bad)[:, each].sum(axis=1) for each in (was, then)]
    right = [draws.bad[:, each].sum(axis=1) for each in (was, then)]
    won = rng.gamma(replay.reversed + 0.5, size=len(wrong[0])) / np.maximum(wrong[0], 1.0)
    lost = rng.gamma(replay.filed - replay.reversed + 0.5, size=len(wrong[0]))
    lost = lost / np.maximum(right[0], 1.0)
    overturned = rng.poisson(won * wrong[1]).astype(np.float64)
    filed = overturned + rng.poisson(lost * right[1])
    pairs = (("overturns", replay.reversed, overturned), ("appeals", replay.filed, filed))
    if np.array_equal(was, then):  # nothing is rejected otherwise: appeals stay as they are
        return [
            _unmoved(name, told.counted(float(before), n=replay.filed), told)
            for name, before, _ in pairs
        ]
    return [
        Compared(
            name=name,
            unit="count",
            before=told.counted(float(before), n=replay.filed),
            after=told.estimate(after, n=replay.filed, ends=AMOUNT),
            change=told.estimate(after - before, n=replay.filed),
        )
        for name, before, after in pairs
    ]


def _unmoved(name: str, figure: Estimate, told: Told) -> Compared:
    return Compared(
        name=name, unit="count", before=figure, after=figure, change=told.counted(0.0, n=figure.n)
    )


def friction(replay: Replay, draws: Draws, told: Told) -> Compared | None:
    """Tell how many advertisers have a good ad rejected: bounds, as their ads are alike.

    Parameters
    ----------
    replay : Replay
        What was counted.
    draws : Draws
        What is not known.
    told : Told
        How figures are told.

    Returns
    -------
    Compared or None
        Low where all rejected ads of an advertiser are good or none is, high where each is so by
        itself; None where no advertiser is logged.
    """
    if not replay.members.shape[1]:
        return None
    ends = [_advertisers(replay, draws, told, codes) for codes in (replay.was, replay.becomes)]
    before, after = (_bounds(end, told) for end in ends)
    low, high = ends[1][0] - ends[0][0], ends[1][1] - ends[0][1]
    return Compared(
        name="advertisers_wronged", unit="count", before=before, after=after,
        change=_bounds((min(low, high), max(low, high)), told),
    )  # fmt: skip


def _advertisers(
    replay: Replay, draws: Draws, told: Told, codes: np.ndarray
) -> tuple[float, float]:
    cell, advertiser, ads = replay.members
    mine = codes[cell] == ACTIONS.index("reject")
    cell, advertiser, ads = cell[mine], advertiser[mine], ads[mine].astype(np.float64)
    if not len(cell):
        return 0.0, 0.0
    shape = int(advertiser.max()) + 1, len(replay.ads)
    table = sparse.csr_matrix((ads, (advertiser, cell)), shape=shape)
    whole = np.maximum(np.asarray(table.sum(axis=1)).reshape(-1), 1e-9)
    some = draws.shares[:_ADVERTISER_DRAWS].T
    apart = np.exp(table @ np.log(np.clip(some, 1e-9, 1.0)))
    together = np.asarray(table @ some) / whole[:, None]
    seen = np.asarray(table.sum(axis=1)).reshape(-1) > 0
    tail = (1 - told.level) / 2
    low = float(np.quantile((1 - together)[seen].sum(axis=0), tail))
    high = float(np.quantile((1 - apart)[seen].sum(axis=0), 1 - tail))
    return low, high


def _bounds(ends: tuple[float, float], told: Told) -> Estimate:
    return Estimate(
        value=None, low=ends[0], high=ends[1], level=told.level, status=Status.BOUNDS,
        method="replay-bounds", n=0, design=told.design,
    )  # fmt: skip
