"""Ads with their texts read once: what a search for campaigns keeps of each, in a few bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from shroff.domain.slices import Period
from shroff.measure.decided import facts_sql, record_sql
from shroff.measure.truth import TRUTH_SQL
from shroff.store.engine import Engine
from shroff.store.rows import rows
from shroff.store.sql import ident, literal, literals
from shroff.watch.near_copies import CopyIndex, NearCopies

__all__ = ["TEXTS", "CampaignAds", "Codes", "read_ads", "read_texts", "texts_of"]

TEXTS = ("title", "body", "ocr_text", "asr_text")
"""Fields that are read, in this order, each on lines of its own."""

_NAMES = ("ad_id", "advertiser_id", "market", "language", "policy_id")
_ACTIONS = ("approve", "review", "reject", "restrict")
_AT_ONCE = 500

_SQL = """
WITH {record},
{facts},
truth_of AS ({truth}),
shown AS (
  SELECT ad_id, SUM(CAST(impressions AS DOUBLE)) AS impressions
  FROM impressions WHERE day >= {first} AND day < {end} GROUP BY ad_id
)
SELECT r.ad_id, r.ad_version, r.decided_at,
       COALESCE(a.advertiser_id, '') AS advertiser_id,
       COALESCE(r.market, a.market, '') AS market,
       COALESCE(a.language, '') AS language,
       COALESCE(r.policy_id, '') AS policy_id,
       CASE r.action WHEN 'approve' THEN 0 WHEN 'review' THEN 1 WHEN 'reject' THEN 2
            ELSE 3 END AS action,
       CASE q.verdict WHEN 'violating' THEN 1 WHEN 'compliant' THEN 0 ELSE -1 END AS reviewed,
       CASE WHEN t.violating THEN 1 WHEN NOT t.violating THEN 0 ELSE -1 END AS truth,
       CASE WHEN r._first = 1 THEN COALESCE(s.impressions, 0) ELSE 0 END AS impressions,
       {texts}
FROM record AS r
JOIN ads AS a ON r.ad_id = a.ad_id AND r.ad_version = a.ad_version
LEFT JOIN queue_outcome AS q
  ON r.ad_id = q.ad_id AND r.ad_version = q.ad_version AND q._last = 1
LEFT JOIN truth_of AS t ON r.ad_id = t.ad_id AND r.ad_version = t.ad_version
LEFT JOIN shown AS s ON r.ad_id = s.ad_id
WHERE r.decided_at >= {start}
"""


@dataclass(frozen=True, slots=True)
class Codes:
    """A column of texts as numbers.

    Parameters
    ----------
    code : array of int32, shape (ads,)
        Place in ``words``.
    words : pyarrow.StringArray
        Each value once.
    """

    code: NDArray[np.int32]
    words: pa.StringArray

    def __len__(self) -> int:
        """Count the different values."""
        return len(self.words)

    def word(self, code: int | np.int32) -> str:
        """Give the value of a code."""
        return str(self.words[int(code)].as_py())

    def named(self, codes: NDArray[np.int32]) -> list[str]:
        """Give the values of codes."""
        found: list[str] = self.words.take(pa.array(codes, pa.int64())).to_pylist()
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignAds:
    """Decisions of record of a period, arrays of shape (ads,); an ad in two markets is there twice.

    Parameters
    ----------
    period : Period
        The period.
    ad, advertiser, market, language, policy : Codes
        Ad, account ("" where not logged), market, language, policy the machine cites.
    version : array of int32
        Version of the ad.
    day : array of int32
        Day of the decision, from the first of the period.
    at : array of int64
        Time of the decision, in seconds.
    action : array of int8
        0 approve, 1 review, 2 reject, 3 restrict: what the machine did.
    reviewed : array of int8
        What people in the queue said: 1 violating, 0 compliant, -1 nothing.
    truth : array of int8
        What independent labels say: 1 violating, 0 compliant, -1 nothing.
    impressions : array of float
        Impressions in the period.
    """

    period: Period
    ad: Codes
    advertiser: Codes
    market: Codes
    language: Codes
    policy: Codes
    version: NDArray[np.int32]
    day: NDArray[np.int32]
    at: NDArray[np.int64]
    action: NDArray[np.int8]
    reviewed: NDArray[np.int8]
    truth: NDArray[np.int8]
    impressions: NDArray[np.float64]

    def __len__(self) -> int:
        """Count the decisions."""
        return len(self.day)

    @property
    def rejected(self) -> NDArray[np.bool_]:
        """Tell which were rejected, by the machine or by people in its queue."""
        found: NDArray[np.bool_] = (self.action == 2) | ((self.action == 1) & (self.reviewed == 1))
        return found

    @property
    def approved(self) -> NDArray[np.bool_]:
        """Tell which were approved, by the machine or by people in its queue."""
        found: NDArray[np.bool_] = (self.action == 0) | ((self.action == 1) & (self.reviewed == 0))
        return found

    @property
    def flagged(self) -> NDArray[np.bool_]:
        """Tell which were rejected, or are labelled as violating."""
        found: NDArray[np.bool_] = self.rejected | (self.truth == 1)
        return found


def read_ads(
    engine: Engine, period: Period, *, index: CopyIndex
) -> tuple[CampaignAds, NearCopies, str]:
    """Read the ads of a period, batch by batch, and find the near-copies among their passages.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    period : Period
        Days of the decisions.
    index : CopyIndex
        Takes the texts.

    Returns
    -------
    CampaignAds, NearCopies, str
        The ads, the near-copies, the query.
    """
    sql = _query(period)
    kept: list[pa.Table] = []
    for batch in rows(engine, sql):
        index.add(texts_of(batch))
        kept.append(_narrow(batch))
    ads = _ads(kept, period)
    return ads, index.copies(), engine.text(sql)


def _query(period: Period) -> str:
    return _SQL.format(
        record=record_sql(["policy_id"], until=_instant(period.end)),
        facts=facts_sql(),
        truth=TRUTH_SQL,
        first=literal(period.start),
        end=literal(period.end),
        start=_instant(period.start),
        texts=", ".join(f"a.{ident(name)}" for name in TEXTS),
    )


def _instant(day: date) -> str:
    return f"TIMESTAMPTZ '{day.isoformat()} 00:00:00+00:00'"


def texts_of(batch: pa.RecordBatch | pa.Table) -> pa.Array:
    """Put the fields of each ad one under the other.

    Parameters
    ----------
    batch : pyarrow.RecordBatch or Table
        Has the columns `TEXTS`.

    Returns
    -------
    pyarrow.Array
        One text an ad; fields that are missing are left out.
    """
    columns = [batch.column(name).cast(pa.large_string()) for name in TEXTS]
    line = pa.scalar("\n", pa.large_string())
    return pc.call_function(
        "binary_join_element_wise", [*columns, line], pc.JoinOptions(null_handling="skip")
    )


def _narrow(batch: pa.RecordBatch) -> pa.Table:
    """Keep of a batch what is not text."""
    seconds = pc.cast(batch.column("decided_at"), pa.timestamp("s", "UTC"), safe=False)
    own = {
        "ad_version": pa.int32(), "action": pa.int8(), "reviewed": pa.int8(), "truth": pa.int8(),
        "impressions": pa.float64(),
    }  # fmt: skip
    columns = {name: batch.column(name).cast(kind) for name, kind in own.items()}
    names = {name: batch.column(name).cast(pa.string()) for name in _NAMES}
    return pa.table({**columns, **names, "at": seconds.cast(pa.int64())})


def _ads(kept: Sequence[pa.Table], period: Period) -> CampaignAds:
    table = pa.concat_tables(kept) if kept else _empty()
    first = int(np.datetime64(period.start, "s").astype(np.int64))
    at = table.column("at").to_numpy()
    names = {name: _codes(table.column(name)) for name in _NAMES}
    return CampaignAds(
        period=period,
        ad=names["ad_id"],
        advertiser=names["advertiser_id"],
        market=names["market"],
        language=names["language"],
        policy=names["policy_id"],
        version=table.column("ad_version").to_numpy(),
        day=((at - first) // 86_400).astype(np.int32),
        at=at,
        action=table.column("action").to_numpy(),
        reviewed=table.column("reviewed").to_numpy(),
        truth=table.column("truth").to_numpy(),
        impressions=table.column("impressions").to_numpy(),
    )


def _empty() -> pa.Table:
    kinds = {
        "ad_version": pa.int32(), "action": pa.int8(), "reviewed": pa.int8(), "truth": pa.int8(),
        "impressions": pa.float64(), **dict.fromkeys(_NAMES, pa.string()), "at": pa.int64(),
    }  # fmt: skip
    return pa.table({name: pa.array([], kind) for name, kind in kinds.items()})


def _codes(column: pa.ChunkedArray) -> Codes:
    coded = column.dictionary_encode().combine_chunks()
    if isinstance(coded, pa.ChunkedArray):
        coded = (
            coded.chunk(0) if coded.num_chunks else pa.array([], pa.string()).dictionary_encode()
        )
    return Codes(coded.indices.to_numpy().astype(np.int32), coded.dictionary)


def read_texts(engine: Engine, wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """Read the texts of some ad versions.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    wanted : iterable of (str, int)
        Ad and version.

    Returns
    -------
    dict
        Text by ad and version, fields one under the other.
    """
    keys = sorted(set(wanted))
    found: dict[tuple[str, int], str] = {}
    for part in _parts([name for name, _ in keys]):
        sql = (
            f"SELECT ad_id, ad_version, {', '.join(map(ident, TEXTS))} FROM ads"
            f" WHERE ad_id IN ({literals(part)}) ORDER BY ad_id, ad_version"
        )
        table = engine.query(sql)
        ids, versions = table.column("ad_id").to_pylist(), table.column("ad_version").to_pylist()
        texts = texts_of(table)
        for name, version, text in zip(ids, versions, texts.to_pylist(), strict=True):
            found[name, int(version)] = text or ""
    return found


def _parts(names: list[str]) -> Iterator[list[str]]:
    each = list(dict.fromkeys(names))
    return (each[at : at + _AT_ONCE] for at in range(0, len(each), _AT_ONCE))
