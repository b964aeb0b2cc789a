"""From kept cubes to the tables a measurement counts on: the cells and labels of a period."""

from __future__ import annotations

from dataclasses import dataclass

from shroff.measure.brief import Brief
from shroff.measure.cubing import Cubing
from shroff.measure.decided import FACTS
from shroff.measure.ground import Ground
from shroff.measure.merging import attach, live_sql
from shroff.store.engine import Engine
from shroff.store.kept import KeptState, KeptStore
from shroff.store.sql import ident, idents, literal

__all__ = ["Kept"]

_CELLS = """
SELECT _cut, decision_day, CAST(decision_day AS TIMESTAMPTZ) AS decided_at, in_period, {columns},
       CAST(SUM(ads) AS BIGINT) AS ads, SUM(impressions) AS impressions,
       CASE WHEN SUM(pays) = 0 THEN 0 ELSE SUM(spend) END AS spend
FROM (
  SELECT _cut, CASE WHEN shown THEN NULL ELSE day END AS decision_day, NOT shown AS in_period,
         {columns}, ads, shows, impressions, pays, spend
  FROM kept_cells
  WHERE day >= {start} AND since < {end}
) AS cells
GROUP BY _cut, decision_day, in_period, {columns}
HAVING SUM(ads) > 0 OR SUM(shows) > 0 OR SUM(pays) > 0
"""

_FRAME = """
SELECT joined.*{derived}
FROM (
  SELECT {columns}, f.decision_day >= {start} AS in_period,
         CASE WHEN f.decision_day >= {start} THEN 1 ELSE 0 END AS ads,
         CASE WHEN f._first = 1 THEN COALESCE(e.impressions, 0) ELSE 0 END AS impressions,
         CASE WHEN f._first = 1 THEN COALESCE(e.spend, 0) ELSE 0 END AS spend
  FROM ({frame}) AS f
  LEFT JOIN (
    SELECT ad_id, ad_version, SUM(impressions) AS impressions, SUM(spend) AS spend
    FROM ({shown}) AS shown
    WHERE day >= {start} AND day < {end}
    GROUP BY ad_id, ad_version
  ) AS e ON f.ad_id = e.ad_id AND f.ad_version = e.ad_version
  WHERE f.decision_day < {end}
) AS joined
WHERE in_period OR impressions > 0 OR spend > 0
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """Kept cubes that are up to date.

    Parameters
    ----------
    cubing : Cubing
        What they hold.
    store : KeptStore
        Where they are.
    state : KeptState
        Their state.
    """

    cubing: Cubing
    store: KeptStore
    state: KeptState

    def stand(self, engine: Engine, brief: Brief) -> tuple[Ground, str] | None:
        """Make the table ``population`` of cells, and that of single ads, for this session.

        Parameters
        ----------
        engine : Engine
            The logs.
        brief : Brief
            The question.

        Returns
        -------
        (Ground, str) or None
            What to count on and the query that made it; None when the question asks for more than
            is kept.
        """
        if not self.cubing.answers(engine, brief):
            return None
        attach(engine, self.store, self.state)
        start, end = literal(brief.period.start), literal(brief.period.end)
        columns = idents(self.cubing.columns)
        cells = _CELLS.format(columns=columns, start=start, end=end)
        engine.materialise("population", cells)
        engine.materialise("looked_at", self._frame(brief, start=start, end=end))
        cuts = {cut: number for number, cut in enumerate(self.cubing.cuts)}
        own = {metric: reading for metric, (_, _, reading) in self.cubing.own.items()}
        return Ground(rows="looked_at", cuts=cuts, own=own), cells

    def _frame(self, brief: Brief, *, start: str, end: str) -> str:
        own = [name for name in self.cubing.decisions if name != "market"]
        own += [name for name in self.cubing.ads if name not in {*own, "market"}]
        columns = ["ad_id", "ad_version", "market", *own, "week", "decision_day", *FACTS]
        derived = [f", ({sql}) AS {ident(name)}" for name, sql in brief.derived.items()]
        return _FRAME.format(
            columns=", ".join(f"f.{ident(name)}" for name in columns),
            derived="".join(derived),
            frame=live_sql("kept_frame_rows"),
            shown=live_sql("kept_shown"),
            start=start,
            end=end,
        )
