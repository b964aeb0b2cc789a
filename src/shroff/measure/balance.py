"""Is a draw that somebody declares to be random like what it was drawn from?"""

from __future__ import annotations

from collections.abc import Sequence

from shroff.domain.labels import Basis
from shroff.domain.messages import Message
from shroff.measure.brief import Design
from shroff.measure.ground import ROWS, Ground
from shroff.store.engine import Engine
from shroff.store.sql import literal

__all__ = ["declared_balance"]

_ERRORS_OFF = 4.0
_SHARE_OFF = 0.2
_LEAST_DRAWN = 30

_SQL = """
SELECT p.market, p.ads, COALESCE(d.drawn, 0) AS drawn, COALESCE(d.weight, 0) AS weight,
       COALESCE(d.spread, 0) AS spread
FROM (SELECT COALESCE(market, '') AS market, CAST(SUM(ads) AS BIGINT) AS ads FROM population
      WHERE {within} GROUP BY COALESCE(market, '')) AS p
LEFT JOIN (
  SELECT COALESCE(market, '') AS market, COUNT(*) AS drawn, SUM(1 / chance) AS weight,
         SUM((1 - chance) / (chance * chance)) AS spread
  FROM drawn_labels
  WHERE in_period AND action = {action} AND design = {design} AND chance > 0
  GROUP BY COALESCE(market, '')
) AS d ON p.market = d.market
ORDER BY p.market
"""


def declared_balance(
    engine: Engine, chosen: Sequence[tuple[str, Design]], *, ground: Ground = ROWS
) -> tuple[Message, ...]:
    """Compare, market by market, what declared draws weigh up to with what there was.

    Parameters
    ----------
    engine : Engine
        Where ``population`` and ``drawn_labels`` are.
    chosen : sequence of (action, Design)
        The design each machine action takes its labels from.
    ground : Ground
        What the population is counted on.

    Returns
    -------
    tuple of Message
        For each declared draw that is out of balance, the market where it is most so.
    """
    found = [
        _worst(engine, action, design, ground=ground)
        for action, design in chosen
        if design.basis is Basis.DECLARED
    ]
    return tuple(message for message in found if message is not None)


def _worst(engine: Engine, action: str, design: Design, *, ground: Ground) -> Message | None:
    within = ground.within(f"in_period AND action = {literal(action)}", ("market",))
    query = _SQL.format(action=literal(action), design=literal(design.id), within=within)
    rows = engine.query(query).to_pylist()
    if sum(row["drawn"] for row in rows) < _LEAST_DRAWN:
        return None
    worst, off = None, 0.0
    for row in rows:
        # a market of which nothing was drawn has no spread of its own: compare with one label
        error = max(float(row["spread"]) ** 0.5, _typical(rows))
        gap = abs(float(row["weight"]) - row["ads"])
        if gap > max(_ERRORS_OFF * error, _SHARE_OFF * row["ads"]) and gap / error > off:
            worst, off = row, gap / error
    if worst is None:
        return None
    return Message(
        "scorecard.lopsided",
        {
            "action": action,
            "design": design.id,
            "market": worst["market"] or "–",
            "share": float(worst["weight"]) / worst["ads"],
        },
    )


def _typical(rows: Sequence[dict[str, float]]) -> float:
    return sum(row["weight"] for row in rows) / max(sum(row["drawn"] for row in rows), 1)
