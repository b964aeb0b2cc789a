"""Which advertisers drive what goes wrong, are new ones worse, and do they do it again?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from shroff.domain.messages import Message
from shroff.domain.slices import Period
from shroff.errors import DesignError
from shroff.measure.families import Query
from shroff.measure.periods import covered
from shroff.measure.scorecard import Scorecard
from shroff.stats.estimate import Estimate, Status
from shroff.store.catalog_findings import Finding, finding_id
from shroff.store.engine import Engine
from shroff.watch.account_counts import AccountCounts, count_accounts, stand_accounts
from shroff.watch.account_standing import Drive, Driven, Order, Standing, standings
from shroff.watch.account_survival import Repeats, read_repeats, repeats_of
from shroff.watch.account_tenure import Tenure, tenures

__all__ = ["AdvertiserQuestion", "AdvertiserRow", "Advertisers", "advertisers"]

_TOP = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvertiserQuestion:
    """What accounts are ranked by.

    Parameters
    ----------
    by : Drive
        What they drive.
    order : Order
        By how much of it is expected of them, or by how often.
    most : int
        Most accounts told.
    """

    by: Drive = Drive.VIOLATIONS
    order: Order = Order.TOTAL
    most: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvertiserRow:
    """One account.

    Parameters
    ----------
    advertiser_id : str
        The account.
    ads, rejected, reviewed : int
        Its ads of the period, and what the machine did with them.
    labels : int
        Labels, or cases, that its share rests on.
    raw : float or None
        Its share by these alone.
    share : Estimate
        Its share, drawn towards those of all accounts: what to expect of its next ads.
    total : Estimate
        How many of its ads of the period are to be expected, or were counted.
    of_all : float
        Its part in that of all accounts.
    lost, settled : int
        Appeals of its that the machine lost, of those settled.
    tasks, hours : float
        Review tasks on its ads and time worked on them.
    """

    advertiser_id: str
    ads: int
    rejected: int
    reviewed: int
    labels: int
    raw: float | None
    share: Estimate
    total: Estimate
    of_all: float
    lost: int
    settled: int
    tasks: int
    hours: float

    def record(self) -> dict[str, object]:
        """Give it as JSON does."""
        return {
            "advertiser_id": self.advertiser_id,
            "ads": self.ads,
            "rejected": self.rejected,
            "reviewed": self.reviewed,
            "labels": self.labels,
            "raw_share": self.raw,
            "share": self.share.value,
            "low": self.share.low,
            "high": self.share.high,
            "expected": self.total.value,
            "expected_low": self.total.low,
            "expected_high": self.total.high,
            "of_all": self.of_all,
            "appeals_lost": self.lost,
            "appeals_settled": self.settled,
            "review_tasks": self.tasks,
            "review_hours": self.hours,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Advertisers:
    """What was found of accounts; leads, not verdicts.

    Parameters
    ----------
    period : Period
        Days counted.
    question : AdvertiserQuestion
        What they are ranked by.
    accounts : int
        Accounts with an ad in the period.
    rows : tuple of AdvertiserRow
        Those that drive most, the first first.
    usual : float
        Share of all accounts together.
    prior : tuple of float
        For each part of the share, labels that the knowledge of all accounts is worth.
    held : Mapping
        For each thing that can be told, which part of it the ten accounts with most of it hold.
    missing : tuple of Drive
        What cannot be told for want of labels or logs.
    tenures : tuple of Tenure
        New accounts against old ones.
    repeats : Repeats
        How long accounts stay clean.
    queries : tuple of Query
        The SQL that was run.
    snapshot : mapping
        Version of the lake each table was read at.
    """

    period: Period
    question: AdvertiserQuestion
    accounts: int
    rows: tuple[AdvertiserRow, ...]
    usual: float
    prior: tuple[float, ...]
    held: Mapping[Drive, float | None]
    missing: tuple[Drive, ...]
    tenures: tuple[Tenure, ...]
    repeats: Repeats
    queries: tuple[Query, ...]
    snapshot: Mapping[str, int]

    def lead(self) -> Message:
        """Say what these are: leads, not verdicts."""
        return Message("advertisers.leads")

    def summary(self) -> Message:
        """Say who holds how much."""
        return Message(
            f"advertisers.summary_{self.question.by}",
            {
                "accounts": self.accounts,
                "top": min(_TOP, self.accounts),
                "held": self.held.get(self.question.by),
                "usual": self.usual,
                "period": self.period.label(),
            },
        )

    def findings(self) -> tuple[Finding, ...]:
        """Give the accounts told that are worse than all together beyond doubt, as findings.

        Returns
        -------
        tuple of Finding
            One an account whose interval lies above the share of all accounts; its subject is the
            account, so that forgetting the account removes it.
        """
        kind = f"advertiser_{self.question.by}"
        days = {"first": str(self.period.start), "last": str(self.period.end)}
        return tuple(
            Finding(
                id=finding_id(kind, each.advertiser_id),
                kind=kind,
                subject=each.advertiser_id,
                detail={**each.record(), **days, "usual_share": self.usual},
            )
            for each in self.rows
            if each.share.low is not None and each.share.low > self.usual
        )

    def to_arrow(self) -> pa.Table:
        """Give one row an account."""
        lead = {"lead": "lead, not verdict"}
        told = [{**each.record(), **lead} for each in self.rows]
        return (
            pa.Table.from_pylist(told)
            if told
            else pa.table({"advertiser_id": pa.array([], pa.string())})
        )

    def record(self) -> dict[str, object]:
        """Give everything as a JSON-ready record."""
        return {
            "period": {"start": str(self.period.start), "end": str(self.period.end)},
            "note": self.lead().text(),
            "by": str(self.question.by),
            "order": str(self.question.order),
            "accounts": self.accounts,
            "usual_share": self.usual,
            "prior_labels": list(self.prior),
            "held_by_ten": {str(drive): held for drive, held in self.held.items()},
            "missing": [str(drive) for drive in self.missing],
            "advertisers": [each.record() for each in self.rows],
            "tenures": [each.record() for each in self.tenures],
            "repeats": self.repeats.record(),
            "snapshot": dict(self.snapshot),
            "queries": [{"title": q.title, "sql": q.sql} for q in self.queries],
        }


def advertisers(engine: Engine, card: Scorecard, question: AdvertiserQuestion) -> Advertisers:
    """Rank accounts by what they drive; the scorecard's session tables must stand.

    Parameters
    ----------
    engine : Engine
        Where the logs and the scorecard's session tables are.
    card : Scorecard
        The scorecard of the period.
    question : AdvertiserQuestion
        What they are ranked by.

    Returns
    -------
    Advertisers
        The accounts, new against old, and how long accounts stay clean.

    Raises
    ------
    DesignError
        If no ad names its account, or nothing can be told of what was asked for.
    """
    first = covered(engine).first
    began = stand_accounts(engine, until=card.brief.period.end)
    counts = count_accounts(engine, card, first=first)
    if not len(counts):
        raise DesignError(
            "no ad of the period names its account",
            where="ads.advertiser_id",
            hint="map the column of the account to advertiser_id: shroff check tells what is there",
        )
    standing = standings(counts, level=card.brief.level)
    driven = _asked(standing, question.by)
    told, more = tenures(engine, card, first=first)
    waits, waits_sql = read_repeats(engine, first=first)
    queries = (
        Query("accounts since the logs begin", engine.text(began)),
        *counts.queries,
        *more,
        Query("days to a violation", waits_sql),
    )
    return Advertisers(
        period=card.brief.period,
        question=question,
        accounts=len(counts),
        rows=_rows(counts, driven, question, level=card.brief.level),
        usual=driven.usual,
        prior=tuple(prior.strength for prior in driven.priors),
        held={drive: each.held_by(_TOP) for drive, each in standing.driven.items()},
        missing=standing.missing,
        tenures=told,
        repeats=repeats_of(waits, level=card.brief.level),
        queries=queries,
        snapshot=dict(engine.snapshot),
    )


def _asked(standing: Standing, by: Drive) -> Driven:
    if by in standing.driven:
        return standing.driven[by]
    hints = {
        Drive.OVERTURNS: "ingest appeals: shroff ingest appeals FILES",
        Drive.REVIEWS: "ingest decisions",
    }
    raise DesignError(
        f"{by} of accounts cannot be told: no label, or case, of the period tells of them",
        where="by",
        hint=hints.get(by, "draw labels at random: shroff labels plan; --by reviews needs none"),
    )


def _rows(
    counts: AccountCounts, driven: Driven, question: AdvertiserQuestion, *, level: float
) -> tuple[AdvertiserRow, ...]:
    whole = float(driven.total.sum())
    told = []
    for at in driven.order(question.order)[: question.most].tolist():
        raw = float(driven.raw[at])
        share = Estimate(
            value=float(driven.share[at]),
            low=float(driven.low[at]),
            high=float(driven.high[at]),
            level=level,
            status=Status.ESTIMATE,
            method="beta-binomial, shrunken",
            n=int(driven.labels[at]),
            denominator=float(driven.base[at]),
        )
        told.append(
            AdvertiserRow(
                advertiser_id=str(counts.names[at].as_py()),
                ads=int(counts.ads[at].sum()),
                rejected=int(counts.ads[at, 2]),
                reviewed=int(counts.ads[at, 1]),
                labels=int(driven.labels[at]),
                raw=None if np.isnan(raw) else raw,
                share=share,
                total=_total(driven, at, level=level),
                of_all=float(driven.total[at]) / whole if whole > 0 else 0.0,
                lost=int(counts.lost[at]),
                settled=int(counts.settled[at]),
                tasks=int(counts.tasks[at]),
                hours=float(counts.hours[at]),
            )
        )
    return tuple(told)


def _total(driven: Driven, at: int, *, level: float) -> Estimate:
    counted = driven.total_low is driven.total_high
    return Estimate(
        value=float(driven.total[at]),
        low=float(driven.total_low[at]),
        high=float(driven.total_high[at]),
        level=level,
        status=Status.COUNT if counted else Status.ESTIMATE,
        method="count" if counted else "beta-binomial, shrunken",
        n=int(driven.labels[at]),
    )
