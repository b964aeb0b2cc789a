"""Values by which logs can be narrowed, and how many ads have each."""

from __future__ import annotations

from typing import TypeAlias

from shroff.store.engine import Engine
from shroff.store.narrowing import POLICY, table_of_column
from shroff.store.sql import ident

__all__ = ["Counted", "values_of"]

Counted: TypeAlias = tuple[str, int]
"""A value, empty for none, and how many ads have it."""

_MACHINE = "decisions WHERE NOT COALESCE(shadow, FALSE) AND source <> 'human'"
_POLICIES = f"""
SELECT policy_id AS value, SUM(ads) AS ads FROM (
  SELECT policy_id, COUNT(*) AS ads FROM {_MACHINE} AND policy_id IS NOT NULL GROUP BY policy_id
  UNION ALL
  SELECT policy_id, 0 AS ads FROM policies WHERE policy_id NOT IN
    (SELECT parent FROM policies WHERE parent IS NOT NULL)
) AS named
GROUP BY policy_id ORDER BY ads DESC, value LIMIT"""


def values_of(engine: Engine, column: str, *, most: int) -> tuple[Counted, ...]:
    """List the values of a column that logs can be narrowed by, the most common ones first.

    Parameters
    ----------
    engine : Engine
        The logs.
    column : str
        One of `narrowing_columns`.
    most : int
        How many at most.

    Returns
    -------
    tuple of (str, int)
        Each value with how many ads, or decisions of the machine, have it.
    """
    if column == POLICY:
        sql = f"{_POLICIES} {most}"
    else:
        source = "ads" if table_of_column(engine, column) == "ads" else _MACHINE
        sql = (
            f"SELECT COALESCE(CAST({ident(column)} AS VARCHAR), '') AS value, COUNT(*) AS ads"
            f" FROM {source} GROUP BY 1 ORDER BY ads DESC, value LIMIT {most}"
        )
    rows = engine.query(sql).to_pylist()
    return tuple((str(row["value"]), int(row["ads"])) for row in rows)
