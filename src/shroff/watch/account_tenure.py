"""New accounts against old ones: how often their ads violate, and leak."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from shroff.domain.metrics import Weight
from shroff.domain.slices import Period
from shroff.measure.decided import record_sql
from shroff.measure.families import Query
from shroff.measure.population import dimensions
from shroff.measure.scorecard import Scorecard
from shroff.stats.clusters import LabelRows, clustered_ratios_many
from shroff.stats.estimate import Estimate, Status
from shroff.stats.sampling import Ratio, Strata, kind_codes
from shroff.store.engine import Engine
from shroff.store.rows import rows
from shroff.watch.account_counts import instant, tenure_sql

__all__ = ["TENURES", "Tenure", "tenures"]

TENURES = ("new", "old", "unknown")
"""New: in the first 30 days after its first ad. Unknown: the logs begin too late to tell."""

_APPROVED, _BAD = 2, 1
_VIOLATES = Ratio(numerator=np.array([False, True, False, True]), denominator=np.ones(4, np.bool_))
_LEAKS = Ratio(
    numerator=np.array([False, False, False, True]),
    denominator=np.array([False, False, True, True]),
)
_LABELS_SQL = """
SELECT {tenure} AS tenure, f.stratum_code, CAST(f.advertiser_id AS VARCHAR) AS advertiser_id,
       CASE WHEN f.action = 'approve' THEN 2 ELSE 0 END
         + CASE WHEN f.any_violating THEN 1 ELSE 0 END AS outcome,
       f.w
FROM {frame} AS f
JOIN account_began AS b ON f.advertiser_id = b.advertiser_id
WHERE f.in_period
"""
_ADS_SQL = """
WITH {record}
SELECT {tenure} AS tenure, CAST(COUNT(*) AS BIGINT) AS ads,
       CAST(COUNT(DISTINCT a.advertiser_id) AS BIGINT) AS accounts,
       CAST(SUM(CASE WHEN r.action = 'review' THEN 1 ELSE 0 END) AS BIGINT) AS reviewed,
       CAST(SUM(CASE WHEN r.action = 'reject' THEN 1 ELSE 0 END) AS BIGINT) AS rejected
FROM record AS r
JOIN ads AS a ON r.ad_id = a.ad_id AND r.ad_version = a.ad_version
JOIN account_began AS b ON a.advertiser_id = b.advertiser_id
WHERE r.decided_at >= {start}
GROUP BY {tenure}
ORDER BY tenure
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenure:
    """Ads of accounts of one tenure.

    Parameters
    ----------
    name : str
        One of `TENURES`.
    ads, accounts, rejected, reviewed : int
        Counted.
    violating, leaking : Estimate
        Share of its ads that violate, and of its approved ones, by weighted labels.
    """

    name: str
    ads: int
    accounts: int
    rejected: int
    reviewed: int
    violating: Estimate
    leaking: Estimate

    def record(self) -> dict[str, object]:
        """Give it as JSON does."""
        return {
            "tenure": self.name,
            "ads": self.ads,
            "accounts": self.accounts,
            "rejected": self.rejected,
            "reviewed": self.reviewed,
            "violating": _ends(self.violating),
            "leaking": _ends(self.leaking),
        }


def _ends(figure: Estimate) -> dict[str, object]:
    told = {"value": figure.value, "low": figure.low, "high": figure.high}
    return {**told, "labels": figure.n, "status": str(figure.status)}


def tenures(
    engine: Engine, card: Scorecard, *, first: date
) -> tuple[tuple[Tenure, ...], tuple[Query, ...]]:
    """Compare new accounts with old ones; the table ``account_began`` must stand.

    Parameters
    ----------
    engine : Engine
        Where the logs and the scorecard's session tables are.
    card : Scorecard
        The scorecard of the period.
    first : date
        First day of the logs.

    Returns
    -------
    tuple of Tenure, tuple of Query
        Those that occur, and the SQL.

    Notes
    -----
    Labels count by their weight; the variance is that of the totals of accounts within strata,
    since an account's ads are alike.
    """
    ads_sql = _counts_sql(card.brief.period, first)
    found = {row["tenure"]: row for row in engine.query(ads_sql).to_pylist()}
    names = [name for name in TENURES if name in found]
    queries = [Query("ads by tenure", engine.text(ads_sql))]
    violating: list[Estimate | None] = [None] * len(names)
    leaking: list[Estimate | None] = [None] * len(names)
    if "advertiser_id" in dimensions(engine, card.brief.derived) and names:
        sql = _LABELS_SQL.format(
            frame=card.frame.table, tenure=tenure_sql("f.decided_at", first=first)
        )
        table = pa.Table.from_batches(list(rows(engine, sql)) or [_no_labels()])
        queries.append(Query("labels by tenure", engine.text(sql)))
        violating, leaking = _shares(card, table, names)
    return tuple(
        _told(name, found[name], violating[at] or _unknown(card), leaking[at] or _unknown(card))
        for at, name in enumerate(names)
    ), tuple(queries)


def _counts_sql(period: Period, first: date) -> str:
    return _ADS_SQL.format(
        record=record_sql([], until=instant(period.end)),
        tenure=tenure_sql("r.decided_at", first=first),
        start=instant(period.start),
    )


def _no_labels() -> pa.RecordBatch:
    kinds = {
        "tenure": pa.string(), "stratum_code": pa.int32(), "advertiser_id": pa.string(),
        "outcome": pa.int32(), "w": pa.float64(),
    }  # fmt: skip
    return pa.RecordBatch.from_pydict({n: pa.array([], k) for n, k in kinds.items()})


def _shares(
    card: Scorecard, table: pa.Table, names: list[str]
) -> tuple[list[Estimate | None], list[Estimate | None]]:
    frame = card.frames[Weight.ADS]
    place = {name: at for at, name in enumerate(names)}
    group = [place.get(name, -1) for name in table.column("tenure").to_pylist()]
    account = table.column("advertiser_id").dictionary_encode().combine_chunks()
    strata = Strata(
        kind=kind_codes([stratum.kind for stratum in frame.strata]),
        population=np.full(len(frame.strata), np.nan),
        labels=np.array([float(stratum.labels) for stratum in frame.strata]),
    )
    labels = LabelRows(
        group=np.array(group, np.intp),
        stratum=table.column("stratum_code").to_numpy().astype(np.intp),
        cluster=_indices(account),
        cell=table.column("outcome").to_numpy().astype(np.intp),
        w=table.column("w").to_numpy().astype(np.float64),
    )
    if not len(labels.w):
        return [None] * len(names), [None] * len(names)
    found = clustered_ratios_many(
        labels, strata, metrics=(_VIOLATES, _LEAKS), groups=len(names), level=card.brief.level
    )
    status = Status.ESTIMATE if frame.any_probability() else Status.PROXY
    told = [
        [one.at(at, status=status, design=frame.text()) for at in range(len(names))]
        for one in found
    ]
    return list(told[0]), list(told[1])


def _indices(account: pa.DictionaryArray | pa.ChunkedArray) -> np.ndarray:
    if isinstance(account, pa.ChunkedArray):
        account = (
            account.chunk(0)
            if account.num_chunks
            else pa.array([], pa.string()).dictionary_encode()
        )
    found: np.ndarray = account.indices.to_numpy().astype(np.intp)
    return found


def _unknown(card: Scorecard) -> Estimate:
    return Estimate(
        value=None, low=None, high=None, level=card.brief.level, status=Status.UNKNOWN,
        method="none", n=0,
    )  # fmt: skip


def _told(name: str, row: dict[str, int], violating: Estimate, leaking: Estimate) -> Tenure:
    return Tenure(
        name=name,
        ads=int(row["ads"]),
        accounts=int(row["accounts"]),
        rejected=int(row["rejected"]),
        reviewed=int(row["reviewed"]),
        violating=violating,
        leaking=leaking,
    )
