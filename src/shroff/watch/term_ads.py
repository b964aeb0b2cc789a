"""Ads whose words are compared: a period's against an earlier one's, or against compliant ads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from shroff.domain.slices import Period
from shroff.errors import ConfigError, DesignError
from shroff.measure.decided import record_sql
from shroff.measure.families import Query
from shroff.measure.truth import TRUTH_SQL
from shroff.store.engine import Engine
from shroff.store.rows import rows
from shroff.store.sql import ident, literal

__all__ = ["BEFORE", "HERE", "OTHER", "Against", "Among", "TermAds", "day_of", "read_term_ads"]

HERE, BEFORE, OTHER = 0, 1, 2
"""Groups of ads: those asked for, in the period and before it, and the other ads of the period."""

_TEXTS = ("title", "body", "ocr_text", "asr_text")
_ALONE = "no advertiser: "


class Among(StrEnum):
    """Whose terms are sought.

    ``VIOLATING`` ads that people found to violate, against compliant ones; ``LEAKED`` those of them
    that the machine approved, against compliant ads it approved; ``REJECTED`` ads the machine
    rejected, against others; ``APPEALED`` ads it did not approve and the advertiser appealed for,
    against those nobody appealed for; ``OVERTURNED`` ads whose appeal won, against those whose
    appeal lost.
    """

    VIOLATING = "violating"
    LEAKED = "leaked"
    REJECTED = "rejected"
    APPEALED = "appealed"
    OVERTURNED = "overturned"


class Against(StrEnum):
    """What terms are held against.

    ``EARLIER`` the same kind of ads before the period; ``OTHERS`` other ads of the same period;
    ``BOTH``: they must rise against both.
    """

    EARLIER = "earlier"
    OTHERS = "others"
    BOTH = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class TermAds:
    """Ads to compare, one after the other.

    Parameters
    ----------
    ids : ChunkedArray of string
        Their ids.
    texts : ChunkedArray of string
        Their texts, fields parted by line breaks.
    group : array of uint8
        0: asked for, in the period; 1: asked for, before it; 2: other ads of the period.
    owner : array of int32
        Advertiser; an ad without one is its own.
    owners_known : bool
        Whether advertisers were logged.
    stratum : array of int32
        What is held equal, e.g. the language.
    day : array of int32
        When it was submitted, in days since 1970.
    policies : ChunkedArray of list of string
        Policies it violates, or was rejected for.
    queries : tuple of Query
        The SQL that was run.
    """

    ids: pa.ChunkedArray
    texts: pa.ChunkedArray
    group: NDArray[np.uint8]
    owner: NDArray[np.int32]
    owners_known: bool
    stratum: NDArray[np.int32]
    day: NDArray[np.int32]
    policies: pa.ChunkedArray
    queries: tuple[Query, ...] = ()

    def __len__(self) -> int:
        """Count the ads."""
        return len(self.group)

    def sizes(self) -> tuple[int, int, int]:
        """Count the ads of each group."""
        here, before, other = np.bincount(self.group, minlength=3)[:3].tolist()
        return here, before, other


_TRUTH = f"""
SELECT t.ad_id, t.ad_version, CASE WHEN t.violating THEN 1 ELSE 0 END AS hit, t.policies
FROM ({TRUTH_SQL}) AS t
"""

_APPROVED = """
WITH {record}
SELECT t.ad_id, t.ad_version, t.hit, t.policies
FROM ({truth}) AS t
JOIN record AS r ON t.ad_id = r.ad_id AND t.ad_version = COALESCE(r.ad_version, 1)
WHERE r._first = 1 AND r.action = 'approve'
"""

_REJECTED = """
WITH {record}
SELECT r.ad_id, COALESCE(r.ad_version, 1) AS ad_version,
       CASE WHEN r.action = 'reject' THEN 1 ELSE 0 END AS hit, r.policy_id AS policy
FROM record AS r
WHERE r._first = 1
"""

_APPEALED = """
WITH {record},
asked AS (SELECT DISTINCT ad_id, COALESCE(ad_version, 1) AS ad_version FROM appeals)
SELECT r.ad_id, COALESCE(r.ad_version, 1) AS ad_version,
       CASE WHEN q.ad_id IS NULL THEN 0 ELSE 1 END AS hit, r.policy_id AS policy
FROM record AS r
LEFT JOIN asked AS q ON r.ad_id = q.ad_id AND COALESCE(r.ad_version, 1) = q.ad_version
WHERE r._first = 1 AND r.action <> 'approve'
"""

_OVERTURNED = """
WITH {record},
ended AS (
  SELECT ad_id, COALESCE(ad_version, 1) AS ad_version,
         MAX(CASE WHEN outcome IN ('reversed', 'partly_reversed') THEN 1 ELSE 0 END) AS hit
  FROM appeals
  WHERE outcome IN ('reversed', 'partly_reversed', 'upheld')
    AND NOT COALESCE(edited_resubmit, FALSE)
  GROUP BY ad_id, COALESCE(ad_version, 1)
)
SELECT e.ad_id, e.ad_version, e.hit, r.policy_id AS policy
FROM ended AS e
JOIN record AS r ON e.ad_id = r.ad_id AND e.ad_version = COALESCE(r.ad_version, 1)
WHERE r._first = 1
"""


def _kind_sql(among: Among) -> str:
    """Write which ads are of the kind (``hit``), which are not, and their policies."""
    if among is Among.VIOLATING:
        return _TRUTH
    record = record_sql(["policy_id"])
    template = {
        Among.LEAKED: _APPROVED,
        Among.REJECTED: _REJECTED,
        Among.APPEALED: _APPEALED,
        Among.OVERTURNED: _OVERTURNED,
    }[among]
    return template.format(record=record, truth=_TRUTH)


def read_term_ads(
    engine: Engine,
    period: Period,
    *,
    among: Among = Among.VIOLATING,
    background: Period | None = None,
    equal: Sequence[str] = ("language",),
) -> TermAds:
    """Read the ads of a kind, of a period and before it, and the other ads of the period.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    period : Period
        Days whose ads are asked for.
    among : Among
        Which kind.
    background : Period, optional
        Earlier days; as many as the period has, just before it, if none are given.
    equal : sequence of str
        Columns of ads whose mix is held equal; those that are not there are left out.

    Returns
    -------
    TermAds
        Ads that have a text.

    Raises
    ------
    ConfigError
        If the logs have no texts, or the background does not end before the period.
    DesignError
        If no ad of the kind was submitted in the period.
    """
    earlier = background or period.before()
    if earlier.end > period.start:
        raise ConfigError(
            f"the background {earlier.label()} does not end before {period.start}",
            where="--background",
            hint="give days before the period",
        )
    sql = _sql(engine, period, earlier, among=among, equal=equal)
    batches = list(rows(engine, sql))
    found = _of_batches(batches, known="advertiser_id" in engine.columns("ads"))
    if found is None or not found.sizes()[0]:
        raise DesignError(
            f"no {among} ad with a text was submitted in {period.label()}",
            hint="take a longer period, or another kind of ads: --of",
        )
    return replace(found, queries=(Query("ads and their texts", engine.text(sql)),))


def _sql(
    engine: Engine, period: Period, earlier: Period, *, among: Among, equal: Sequence[str]
) -> str:
    known = engine.columns("ads")
    texts = [name for name in _TEXTS if name in known]
    if not texts:
        raise ConfigError(
            "the ads have no text",
            where="ads",
            hint="map at least one of " + ", ".join(_TEXTS) + ": shroff check",
        )
    owner = "CAST(a.advertiser_id AS VARCHAR)" if "advertiser_id" in known else "NULL"
    strata = [f"COALESCE(CAST(a.{ident(name)} AS VARCHAR), '')" for name in equal if name in known]
    named = " || '|' || ".join(strata) or "''"
    lists = among in {Among.VIOLATING, Among.LEAKED}
    return f"""
SELECT a.ad_id, {", ".join(f"a.{ident(name)}" for name in texts)},
       {owner} AS owner, {named} AS stratum,
       CAST(CAST(a.created_at AS DATE) AS VARCHAR) AS day,
       CASE WHEN k.hit = 0 THEN {OTHER} WHEN {_within(period)} THEN {HERE} ELSE {BEFORE} END AS side,
       {"k.policies" if lists else "k.policy"} AS cited
FROM ({_kind_sql(among)}) AS k
JOIN ads AS a ON k.ad_id = a.ad_id AND k.ad_version = COALESCE(a.ad_version, 1)
WHERE {_within(period)} OR (k.hit = 1 AND {_within(earlier)})
ORDER BY a.ad_id, k.ad_version"""


def _within(period: Period) -> str:
    day = "CAST(a.created_at AS DATE)"
    return f"({day} >= {literal(period.start)} AND {day} < {literal(period.end)})"


def _of_batches(batches: Sequence[pa.RecordBatch], *, known: bool) -> TermAds | None:
    if not any(batch.num_rows for batch in batches):
        return None
    table = pa.Table.from_batches(batches)
    names = table.schema.names
    first = names.index("ad_id") + 1
    columns = [
        table.column(at).cast(pa.large_string()) for at in range(first, names.index("owner"))
    ]
    if all(column.null_count == len(column) for column in columns):
        return None
    texts = _joined(*columns, pa.scalar("\n", pa.large_string()))
    kept = pc.call_function("utf8_length", [pc.call_function("utf8_trim_whitespace", [texts])])
    kept = pc.call_function("greater", [kept, pa.scalar(0)])
    table, texts = table.filter(kept), texts.filter(kept)
    alone = _joined(pa.scalar(_ALONE), table.column("ad_id").cast(pa.string()), pa.scalar(""))
    whose = pc.call_function("coalesce", [table.column("owner").cast(pa.string()), alone])
    cited = table.column("cited")
    if not pa.types.is_list(cited.type):
        cited = pa.chunked_array([[[one] if one else [] for one in cited.to_pylist()]], _LISTS)
    days = pc.cast(pc.cast(table.column("day").cast(pa.string()), pa.date32()), pa.int32())
    return TermAds(
        ids=table.column("ad_id"),
        texts=texts,
        group=np.asarray(table.column("side").to_numpy(), np.uint8),
        owner=_codes(whose),
        owners_known=known,
        stratum=_codes(table.column("stratum")),
        day=np.asarray(days.to_numpy(), np.int32),
        policies=cited,
    )


def _joined(*parts: pa.ChunkedArray | pa.Scalar) -> pa.ChunkedArray:
    """Put texts together, the last being what stands between; missing ones are left out."""
    options = pc.JoinOptions(null_handling="skip")
    return pc.call_function("binary_join_element_wise", list(parts), options)


_LISTS = pa.list_(pa.string())


def _codes(column: pa.ChunkedArray) -> NDArray[np.int32]:
    coded = column.cast(pa.string()).combine_chunks().dictionary_encode()
    return np.asarray(coded.indices.to_numpy(zero_copy_only=False), np.int32)


def day_of(number: int) -> date:
    """Give the day of a number of days since 1970."""
    return date.fromordinal(date(1970, 1, 1).toordinal() + int(number))
