"""Who said what of which ad: the answers that can be held against each other, or against truth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shroff.domain.slices import Period
from shroff.measure.population import week_sql
from shroff.stats.linearise import Flags, Ints
from shroff.stats.proportions import Floats
from shroff.store.engine import Engine
from shroff.store.rows import rows
from shroff.store.sql import literal

__all__ = ["Answers", "Named", "answers_sql", "read_answers"]

_SLASH = pa.scalar("/")

_TEXTS = ("ad_id", "reviewer_id", "reviewer_group", "queue", "role", "reason", "guideline")
_NOBODY = pa.schema(
    [
        *((name, pa.string()) for name in (*_TEXTS, "week", "action", "policy")),
        *((name, pa.bool_()) for name in ("independent", "violating", "inside", "gold")),
        ("gold_before", pa.bool_()),
        ("ad_version", pa.int64()),
        ("chance", pa.float64()),
        ("w", pa.float64()),
    ]
).empty_table()
"""What is read where nobody answered."""

_SQL = """
WITH gold AS (
  SELECT ad_id, ad_version, verdict = 'violating' AS violating, decided_at
  FROM (
    SELECT ad_id, COALESCE(ad_version, 1) AS ad_version, verdict, decided_at,
           ROW_NUMBER() OVER (PARTITION BY ad_id, COALESCE(ad_version, 1)
                              ORDER BY decided_at DESC, review_id DESC) AS _last
    FROM reviews
    WHERE role = 'SME' AND verdict IN ('violating', 'compliant') AND decided_at IS NOT NULL
  ) AS settled
  WHERE _last = 1
),
framed AS (
  SELECT ad_id, ad_version, MIN(action) AS action, MAX(w) AS w
  FROM {frame} WHERE in_period GROUP BY ad_id, ad_version
),
cited AS (
  SELECT ad_id, COALESCE(ad_version, 1) AS ad_version, MIN(policy_id) AS policy
  FROM decisions
  WHERE NOT COALESCE(shadow, FALSE) AND source <> 'human'
  GROUP BY ad_id, COALESCE(ad_version, 1)
),
said AS (
  SELECT r.*,
         COUNT(*) OVER (PARTITION BY ad_id, ad_version) AS answers
  FROM (
    SELECT review_id, ad_id, COALESCE(ad_version, 1) AS ad_version, reviewer_id,
           COALESCE(reviewer_group, '') AS reviewer_group, COALESCE(queue, '') AS queue,
           COALESCE(role, 'L1') AS role, COALESCE(queue_reason, 'model') AS reason,
           COALESCE(blind, FALSE) AND NOT COALESCE(seen_machine, FALSE) AS independent,
           verdict = 'violating' AS violating, COALESCE(guideline_version, '') AS guideline,
           {week} AS week, sampling_prob AS chance, decided_at,
           decided_at >= {start} AND decided_at < {end} AS inside
    FROM reviews
    WHERE verdict IN ('violating', 'compliant') AND decided_at IS NOT NULL
      AND COALESCE(role, 'L1') NOT IN ('LLM', 'SME')
      AND COALESCE(queue_reason, 'model') NOT IN ('appeal', 'report')
  ) AS r
)
SELECT s.ad_id, s.ad_version, s.reviewer_id, s.reviewer_group, s.queue, s.role, s.reason,
       s.independent, s.violating, s.guideline, CAST(s.week AS VARCHAR) AS week, s.chance,
       s.inside, g.violating AS gold, COALESCE(g.decided_at < s.decided_at, FALSE) AS gold_before,
       f.action, f.w, COALESCE(c.policy, '') AS policy
FROM said AS s
LEFT JOIN gold AS g ON s.ad_id = g.ad_id AND s.ad_version = g.ad_version
LEFT JOIN framed AS f ON s.ad_id = f.ad_id AND s.ad_version = f.ad_version
LEFT JOIN cited AS c ON s.ad_id = c.ad_id AND s.ad_version = c.ad_version
WHERE (s.inside OR f.w IS NOT NULL) AND (s.answers >= 2 OR g.violating IS NOT NULL)
ORDER BY s.ad_id, s.ad_version, s.decided_at, s.review_id
"""


@dataclass(frozen=True, slots=True)
class Named:
    """A column of names as codes.

    Parameters
    ----------
    codes : array of int, shape (k,)
        Place of each name; -1 where it is missing.
    names : tuple of str
        The names.
    """

    codes: Ints
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Answers of people other than experts, by ad and time, arrays of shape (k,).

    Parameters
    ----------
    item : array of int
        Ad version.
    person, group, queue, role, reason, guideline, week, policy : Named
        Who, and where; ``policy`` is what the machine cited.
    action : Named
        The machine's action on ads of the label frame; missing for others.
    independent : array of bool
        The reviewer saw neither the machine's answer nor another's.
    violating : array of bool
        What was said.
    chance : array
        Probability with which the ad was drawn for this answer; NaN where none is logged.
    inside : array of bool
        Decided within the period.
    gold : array of int
        What an expert said last: 1 violating, 0 compliant, -1 nothing.
    gold_before : array of bool
        The expert said so before this answer.
    weight : array
        Weight of the ad in the label frame; NaN outside it.
    query : str
        The query that gave them.
    """

    item: Ints
    person: Named
    group: Named
    queue: Named
    role: Named
    reason: Named
    guideline: Named
    week: Named
    policy: Named
    action: Named
    independent: Flags
    violating: Flags
    chance: Floats
    inside: Flags
    gold: Ints
    gold_before: Flags
    weight: Floats
    query: str

    def __len__(self) -> int:
        """Count the answers."""
        return len(self.item)

    def is_(self, column: Named, *names: str) -> Flags:
        """Tell where a column holds one of some names."""
        wanted = [place for place, name in enumerate(column.names) if name in names]
        return np.isin(column.codes, wanted)

    @property
    def known(self) -> Flags:
        """Where truth was known without this answer: a seeded test item, or settled before.

        Ads that an expert settled because reviewers had differed are the hard ones: they are no
        test items unless somebody seeds them.
        """
        seeded = self.is_(self.reason, "seeded")
        return (self.gold >= 0) & (seeded | (self.gold_before & ~self._disputed))

    @property
    def _disputed(self) -> Flags:
        """Where answers on the ad differed before an expert settled it."""
        size = int(self.item.max(initial=-1)) + 1
        before = (self.gold >= 0) & ~self.gold_before
        said = [
            np.bincount(self.item[before & (self.violating == bad)], minlength=size)
            for bad in (False, True)
        ]
        found: Flags = ((said[0] > 0) & (said[1] > 0))[self.item]
        return found


def answers_sql(period: Period, *, frame: str, week_starts: str) -> str:
    """Write the query for the answers; the label frame must stand.

    Parameters
    ----------
    period : Period
        Days of the answers.
    frame : str
        Table of the label frame.
    week_starts : str
        First day of a week.

    Returns
    -------
    str
        A SELECT with one row an answer on an ad that has another answer or known truth.
    """
    return _SQL.format(
        frame=frame,
        week=week_sql("decided_at", week_starts),
        start=literal(datetime.combine(period.start, time(), UTC)),
        end=literal(datetime.combine(period.end, time(), UTC)),
    )


def read_answers(engine: Engine, period: Period, *, frame: str, week_starts: str) -> Answers:
    """Read the answers of a period, and those on ads of the label frame.

    Parameters
    ----------
    engine : Engine
        Where the logs and the label frame are.
    period, frame, week_starts
        As in `answers_sql`.

    Returns
    -------
    Answers
        The answers; none is not a fault.
    """
    query = answers_sql(period, frame=frame, week_starts=week_starts)
    batches = list(rows(engine, query))
    table = pa.Table.from_batches(batches) if batches else _NOBODY
    version = table.column("ad_version").cast(pa.string())
    named = {
        name: _named(table, name)
        for name in ("queue", "role", "reason", "guideline", "week", "policy", "action")
    }
    return Answers(
        item=_codes(
            pc.call_function("binary_join_element_wise", [table.column("ad_id"), version, _SLASH])
        ).codes,
        person=_named(table, "reviewer_id"),
        group=_named(table, "reviewer_group"),
        **named,
        independent=_flags(table, "independent"),
        violating=_flags(table, "violating"),
        chance=_numbers(table, "chance"),
        inside=_flags(table, "inside"),
        gold=_numbers_of(pc.fill_null(table.column("gold").cast(pa.int8()), -1)),
        gold_before=_flags(table, "gold_before"),
        weight=_numbers(table, "w"),
        query=query,
    )


def _named(table: pa.Table, name: str) -> Named:
    return _codes(table.column(name).cast(pa.string()))


def _codes(column: pa.ChunkedArray) -> Named:
    """Code names by their order, so that the same logs give the same codes on every engine."""
    coded = column.combine_chunks().dictionary_encode()
    found: list[str] = coded.dictionary.to_pylist()
    names = sorted(found)
    place = {name: code for code, name in enumerate(names)}
    order = np.array([*(place[name] for name in found), -1], dtype=np.intp)
    codes = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False)
    return Named(order[codes], tuple(names))


def _flags(table: pa.Table, name: str) -> Flags:
    filled = pc.fill_null(table.column(name), False)  # noqa: FBT003 - a value, not a switch
    found: Flags = filled.to_numpy().astype(np.bool_)
    return found


def _numbers(table: pa.Table, name: str) -> Floats:
    found: Floats = table.column(name).cast(pa.float64()).to_numpy().astype(np.float64)
    return found


def _numbers_of(column: pa.ChunkedArray) -> Ints:
    found: Ints = column.to_numpy().astype(np.intp)
    return found
