"""Which ads are near-copies of one ad, whoever runs them, whatever their disguises and numbers?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import pyarrow as pa

from shroff.errors import DataError
from shroff.measure.decided import record_sql
from shroff.store.engine import Engine
from shroff.store.rows import rows
from shroff.store.sql import ident, literals
from shroff.watch.campaign_ads import TEXTS, texts_of
from shroff.watch.near_copies import CopyIndex

__all__ = ["AdCopies", "CopyReads", "NearCopy", "ad_copies"]

CopyReads: TypeAlias = Callable[[int, int], None]
"""Told how many ads were read, of how many; what it raises ends the search."""

_AT_ONCE = 16_384


@dataclass(frozen=True, slots=True, kw_only=True)
class NearCopy:
    """An ad that says nearly the same.

    Parameters
    ----------
    ad_id : str
        The ad.
    advertiser, market : str or None
        Whose it is, and where.
    action : str or None
        What the machine first did with it.
    day : str
        When it was submitted.
    """

    ad_id: str
    advertiser: str | None
    market: str | None
    action: str | None
    day: str

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "ad_id": self.ad_id,
            "advertiser_id": self.advertiser,
            "market": self.market,
            "action": self.action,
            "day": self.day,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class AdCopies:
    """The near-copies of an ad.

    Parameters
    ----------
    ads : int
        Ads that say nearly the same, itself left out.
    advertisers : int
        Accounts that run them, and it.
    scanned : int
        Ads that were read, an edited ad once for each version.
    shown : tuple of NearCopy
        Some of them, newest first.
    """

    ads: int
    advertisers: int
    scanned: int
    shown: tuple[NearCopy, ...]

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "ads": self.ads,
            "advertisers": self.advertisers,
            "scanned": self.scanned,
            "shown": [each.record() for each in self.shown],
        }


def ad_copies(engine: Engine, ad_id: str, *, reads: CopyReads, most: int = 100) -> AdCopies:
    """Find the near-copies of an ad among all ads.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    ad_id : str
        The ad.
    reads : CopyReads
        Told how far it is.
    most : int
        Ads to show.

    Returns
    -------
    AdCopies
        How many there are, of how many accounts, and some of them.

    Raises
    ------
    DataError
        If the log of ads does not hold it.
    """
    total = int(engine.query("SELECT COUNT(*) AS n FROM ads").column("n")[0].as_py())
    index, names, done = CopyIndex(), list[pa.Array](), 0
    texts = ", ".join(map(ident, TEXTS))
    for batch in rows(engine, f"SELECT ad_id, advertiser_id, {texts} FROM ads", batch=_AT_ONCE):
        reads(done, total)
        index.add(texts_of(batch))
        names.append(
            pa.table({"ad_id": batch.column("ad_id"), "by": batch.column("advertiser_id")})
        )
        done += batch.num_rows
    reads(done, total)
    every = pa.concat_tables(names) if names else pa.table({"ad_id": [], "by": []})
    found = index.copies()
    mine = {row for row, name in enumerate(every.column("ad_id").to_pylist()) if name == ad_id}
    if not mine:
        raise DataError(f"the log of ads does not hold {ad_id!r}", where="ads")
    groups = {int(group) for row, group in zip(found.row, found.group, strict=True) if row in mine}
    alike = [
        int(row) for row, group in zip(found.row, found.group, strict=True) if group in groups
    ]
    kept = every.take(pa.array(sorted({*alike, *mine}), pa.int64()))
    others = sorted({name for name in kept.column("ad_id").to_pylist() if name != ad_id})
    accounts = {name for name in kept.column("by").to_pylist() if name}
    shown = _told(engine, others, most=most)
    return AdCopies(ads=len(others), advertisers=len(accounts), scanned=total, shown=shown)


def _told(engine: Engine, ads: list[str], *, most: int) -> tuple[NearCopy, ...]:
    if not ads:
        return ()
    found = engine.query(
        f"WITH {record_sql([])}"
        " SELECT a.ad_id, MAX(a.advertiser_id) AS advertiser_id, MAX(a.market) AS market,"
        " MAX(d.action) AS action, CAST(MAX(a.created_at) AS DATE) AS day FROM ads AS a"
        " LEFT JOIN (SELECT ad_id, action FROM record WHERE _first = 1) AS d ON a.ad_id = d.ad_id"
        f" WHERE a.ad_id IN ({literals(ads[:_AT_ONCE])})"
        f" GROUP BY a.ad_id ORDER BY day DESC, ad_id LIMIT {most}"
    )
    return tuple(
        NearCopy(
            ad_id=str(row["ad_id"]),
            advertiser=row["advertiser_id"],
            market=row["market"],
            action=row["action"],
            day=str(row["day"]),
        )
        for row in found.to_pylist()
    )
