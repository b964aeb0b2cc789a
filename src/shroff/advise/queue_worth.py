"""What is a faster queue worth, where its ads are shown while they wait?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from shroff.stats.proportions import Floats
from shroff.store.engine import Engine
from shroff.store.sql import literal

__all__ = ["Exposure", "read_exposure"]

_LEAST = 5
_CHUNK = 2_000_000
_DAY = 1440
_EXPOSURE = """
WITH judged AS (
  SELECT t.ad_id, COALESCE(MIN(t.advertiser_id), t.ad_id) AS advertiser, MAX(t.verdict) AS verdict,
         MIN(t.enqueued_at) AS since, MAX(t.decided_at) AS until
  FROM tasks AS t
  WHERE t.queue = {queue} AND t.entered AND t.done AND t.verdict IN ('violating', 'compliant')
  GROUP BY t.ad_id
),
waited AS (
  SELECT ad_id, advertiser, verdict, CAST(since AS DATE) AS day,
         DATE_DIFF('minute', DATE_TRUNC('day', since), since) AS began,
         DATE_DIFF('minute', since, until) AS minutes
  FROM judged WHERE DATE_DIFF('minute', since, until) > 0
    AND DATE_DIFF('minute', until, {now}) >= DATE_DIFF('minute', since, until)
),
shown AS (
  SELECT w.advertiser, w.verdict, w.minutes,
         CAST(COALESCE(i.impressions, 0) AS DOUBLE) AS impressions,
         w.began - {day} * DATE_DIFF('day', w.day, i.day) AS began
  FROM waited AS w JOIN impressions AS i ON w.ad_id = i.ad_id AND i.day >= w.day
)
SELECT advertiser,
       SUM(CASE WHEN verdict = 'violating' THEN impressions * {before} ELSE 0 END) AS bad_before,
       SUM(CASE WHEN verdict = 'violating' THEN impressions * {after} ELSE 0 END) AS bad_after,
       SUM(CASE WHEN verdict = 'compliant' THEN impressions * {before} ELSE 0 END) AS good_before,
       SUM(CASE WHEN verdict = 'compliant' THEN impressions * {after} ELSE 0 END) AS good_after
FROM shown GROUP BY advertiser ORDER BY advertiser
"""
_PART = "CAST(GREATEST(LEAST({until}, {day}) - GREATEST({since}, 0), 0) AS DOUBLE) / {day}"


@dataclass(frozen=True, slots=True)
class Exposure:
    """Impressions of the ads of a queue while they waited, and in as long a time afterwards.

    Parameters
    ----------
    bad_before, bad_after : array of shape (advertisers,)
        Of ads that were found violating.
    good_before, good_after : array of shape (advertisers,)
        Of ads that were found compliant.
    """

    bad_before: Floats
    bad_after: Floats
    good_before: Floats
    good_after: Floats

    def columns(self) -> tuple[Floats, Floats, Floats, Floats]:
        """Give the four of them."""
        return self.bad_before, self.bad_after, self.good_before, self.good_after

    def prevented(self, saved: float, *, draws: int, dice: np.random.Generator) -> Floats:
        """Draw the violating impressions that a faster queue would have prevented.

        A verdict ends what a violating ad is shown, as far as such ads are shown less after it
        than compliant ads of the same queue are: for these nothing but time has passed. With waits
        shorter by a share, that comes earlier by as much.

        Parameters
        ----------
        saved : float
            Share of the waits that would be saved, in [0, 1].
        draws : int
            How many; advertisers are drawn again, each with an exponential weight.
        dice : Generator
            Chance.

        Returns
        -------
        array of shape (draws,)
            Impressions over the period; empty where the log does not show that verdicts end
            anything: ads that are not shown while they wait, verdicts that only measure, or fewer
            than five advertisers with violating ads that were shown.
        """
        if np.count_nonzero(self.bad_before) < _LEAST:
            return np.zeros(0)
        table = np.column_stack(self.columns())
        step = max(_CHUNK // len(table), 1)
        sums = np.concatenate(
            [
                dice.exponential(size=(min(step, draws - place), len(table))) @ table
                for place in range(0, draws, step)
            ]
        )
        before, after, usual, usual_after = sums.T
        pace = np.divide(usual_after, usual, out=np.ones(draws), where=usual > 0)
        goes_on = np.divide(after, before * pace, out=np.ones(draws), where=before * pace > 0)
        ended = 1 - goes_on
        if np.quantile(ended, 0.025) <= 0:
            return np.zeros(0)
        found: Floats = saved * before * np.maximum(ended, 0.0)
        return found


def read_exposure(engine: Engine, queue: str, *, as_of: datetime) -> Exposure:
    """Count impressions of the ads that waited in a queue; the table ``tasks`` stands.

    Parameters
    ----------
    engine : Engine
        Where it stands.
    queue : str
        The queue.
    as_of : datetime
        When the logs end: ads whose verdict came too late to be followed as long as they waited are
        left out.

    Returns
    -------
    Exposure
        By advertiser. A day's impressions are spread evenly over its minutes.
    """
    sql = _EXPOSURE.format(
        queue=literal(queue),
        now=literal(as_of),
        day=_DAY,
        before=_PART.format(since="began", until="began + minutes", day=_DAY),
        after=_PART.format(since="began + minutes", until="began + 2 * minutes", day=_DAY),
    )
    table = engine.query(sql)
    columns = [
        np.asarray(table.column(name).to_numpy(zero_copy_only=False), dtype=np.float64)
        for name in ("bad_before", "bad_after", "good_before", "good_after")
    ]
    return Exposure(*columns)
