"""What is kept, for people to see: how much, how fresh, and how scores are distributed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np
import pyarrow as pa

from shroff.domain.messages import Message
from shroff.measure.celling import SCORE_BINS
from shroff.measure.keeping import Refreshed
from shroff.measure.merging import attach
from shroff.measure.upkeep import Upkeep, cubes_told
from shroff.store.kept import KeptState

__all__ = ["Ledger", "ScoreSpread", "ledger_of"]

_TABLES = ("cells", "scores", "frame", "shown")
_SHARES = (0.1, 0.5, 0.9)
_SCORES = """
SELECT model, version, COALESCE(policy_id, '') AS policy, COALESCE(action, '') AS action, bin,
       CAST(SUM(n) AS BIGINT) AS n
FROM kept_scores
WHERE NOT shadow
GROUP BY model, version, COALESCE(policy_id, ''), COALESCE(action, ''), bin
HAVING SUM(n) > 0
ORDER BY model, version, policy, action, bin
"""


@dataclass(frozen=True, slots=True)
class ScoreSpread:
    """How the scores of one model are distributed over ads with one machine action.

    Parameters
    ----------
    model, version, policy, action : str
        Which scores; the policy is empty for one score over all.
    scores : int
        Scores on ads decided by the machine.
    quantiles : tuple of float or None
        Score under which a tenth, half and nine tenths are, to a thousandth.
    outside : int
        Scores below 0, above 1, missing or not a number.
    """

    model: str
    version: str
    policy: str
    action: str
    scores: int
    quantiles: tuple[float | None, ...]
    outside: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """What is kept.

    Parameters
    ----------
    state : KeptState or None
        Its state; None when nothing is.
    refreshed : Refreshed or None
        What was counted just now, if it was asked for.
    current : bool
        Whether it is what the logs and settings say now.
    size : int
        Bytes on disk.
    spreads : tuple of ScoreSpread
        Distributions of scores.
    """

    state: KeptState | None
    refreshed: Refreshed | None = None
    current: bool = False
    size: int = 0
    spreads: tuple[ScoreSpread, ...] = ()

    @property
    def tables(self) -> Mapping[str, int]:
        """Count the rows of each kept table."""
        state = self.state
        return {name: state.rows(name) for name in _TABLES} if state is not None else {}

    def lines(self) -> list[Message]:
        """Say what was done, and how things stand."""
        if self.refreshed is not None:
            return [cubes_told(self.refreshed)]
        if self.state is None:
            return [Message("cubes.none")]
        return [Message("cubes.fresh" if self.current else "cubes.stale")]

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        found, state = self.refreshed, self.state
        return {
            "current": self.current,
            "bytes": self.size,
            "definition": state.definition if state else None,
            "sources": dict(state.sources) if state else {},
            "updates": state.number if state else 0,
            "tables": dict(self.tables),
            "refreshed": {
                "why": str(found.why),
                "ads": found.ads,
                "days": found.days,
                "all_days": found.all_days,
            }
            if found
            else None,
            "scores": [asdict(spread) for spread in self.spreads],
        }


def ledger_of(upkeep: Upkeep, *, refreshed: Refreshed | None = None) -> Ledger:
    """Look at what is kept; at scores only where nothing was to be counted.

    Parameters
    ----------
    upkeep : Upkeep
        What keeps it.
    refreshed : Refreshed or None
        What was counted just now.

    Returns
    -------
    Ledger
        What there is.
    """
    state = upkeep.store.state()
    if state is None:
        return Ledger(state=None)
    attach(upkeep.engine, upkeep.store, state)
    return Ledger(
        state=state,
        refreshed=refreshed,
        current=upkeep.current() is not None,
        size=upkeep.store.size(state),
        spreads=() if refreshed else _spreads(upkeep.engine.query(_SCORES)),
    )


def _spreads(counts: pa.Table) -> tuple[ScoreSpread, ...]:
    found: dict[tuple[str, str, str, str], list[tuple[int, int]]] = {}
    for row in counts.to_pylist():
        key = (row["model"], row["version"] or "", row["policy"], row["action"])
        found.setdefault(key, []).append((int(row["bin"]), int(row["n"])))
    return tuple(_spread(key, bins) for key, bins in found.items())


def _spread(key: tuple[str, str, str, str], bins: list[tuple[int, int]]) -> ScoreSpread:
    inside = [(place, n) for place, n in bins if 0 <= place < SCORE_BINS]
    total = sum(n for _, n in bins)
    heights = np.cumsum([n for _, n in inside])
    quantiles: list[float | None] = []
    for share in _SHARES:
        place = int(np.searchsorted(heights, share * heights[-1])) if inside else -1
        quantiles.append(inside[place][0] / SCORE_BINS if inside else None)
    return ScoreSpread(
        *key, scores=total, quantiles=tuple(quantiles), outside=total - sum(n for _, n in inside)
    )
