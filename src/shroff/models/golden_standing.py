"""What a golden set is worth today: which items are stale, and which cells are too thin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from shroff.domain.messages import Message
from shroff.models.golden_policies import PolicyBook
from shroff.store.engine import Engine
from shroff.store.golden_records import GoldenItem, GoldenSet
from shroff.store.sql import literal

__all__ = ["FEWEST", "CoverageCell", "GoldenStanding", "StaleItem", "newest_versions", "standing"]

FEWEST = 20
"""Violating ads that a cell needs to tell much of a judge's recall."""

_POLICY, _AGE, _EDITED = "policy", "age", "edited"


@dataclass(frozen=True, slots=True, kw_only=True)
class StaleItem:
    """An item that may not say today what it said when it was labelled.

    Parameters
    ----------
    ad_id : str
        The ad.
    ad_version : int
        Its version.
    reasons : tuple of str
        ``policy``: a policy it speaks of has a newer version; ``age``: labelled too long ago;
        ``edited``: the ad has a newer version.
    policies : tuple of str
        Policies that changed since.
    """

    ad_id: str
    ad_version: int
    reasons: tuple[str, ...]
    policies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageCell:
    """What a set holds of one policy in one language.

    Parameters
    ----------
    policy, language : str
        The cell; the policy is one at the top of the tree.
    violating : int
        Items that violate it.
    compliant : int
        Compliant items that were drawn for it.
    stale : int
        Items of both that are stale.
    thin : bool
        Whether it has too few violating items to tell much.
    """

    policy: str
    language: str
    violating: int
    compliant: int
    stale: int
    thin: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldenStanding:
    """What a golden set is worth today.

    Parameters
    ----------
    golden : GoldenSet
        The set.
    days : int
        Days after which a label is old.
    fewest : int
        Violating ads that a cell needs.
    stale : tuple of StaleItem
        Stale items.
    cells : tuple of CoverageCell
        Coverage, policy by language.
    open : mapping
        Items that are not settled, by why.
    names : mapping
        Names of the policies, in English and Chinese.
    """

    golden: GoldenSet
    days: int
    fewest: int
    stale: tuple[StaleItem, ...]
    cells: tuple[CoverageCell, ...]
    open: Mapping[str, int]
    names: Mapping[str, tuple[str, str]]

    @property
    def thin(self) -> tuple[CoverageCell, ...]:
        """List the cells that are too thin."""
        return tuple(cell for cell in self.cells if cell.thin)

    def stale_by(self, reason: str) -> int:
        """Count the items that are stale for a reason."""
        return sum(reason in item.reasons for item in self.stale)

    def text(self) -> Message:
        """Sum it up."""
        golden = self.golden
        return Message(
            "golden.standing",
            {
                "name": golden.name,
                "revision": golden.revision,
                "ads": len(golden.items),
                "settled": len(golden.settled),
                "violating": sum(item.verdict == "violating" for item in golden.settled),
                "stale": len(self.stale),
                "thin": len(self.thin),
                "cells": len(self.cells),
            },
        )

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            **self.golden.record(),
            "open": dict(self.open),
            "days": self.days,
            "fewest": self.fewest,
            "stale": [asdict(each) for each in self.stale],
            "coverage": [asdict(each) for each in self.cells],
            "text": self.text().record(),
        }


def newest_versions(engine: Engine, golden: GoldenSet) -> dict[str, int]:
    """Read the newest version of each ad of a set that was edited.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    golden : GoldenSet
        The set.

    Returns
    -------
    dict
        Newest version by ad.
    """
    found = engine.query(
        "SELECT a.ad_id, MAX(a.ad_version) AS newest FROM ads AS a"
        " JOIN (SELECT DISTINCT ad_id FROM reviews"
        f" WHERE design_id = {literal(golden.design_id)}) AS g ON a.ad_id = g.ad_id"
        " GROUP BY a.ad_id HAVING MAX(a.ad_version) > 1 ORDER BY a.ad_id"
    )
    return {str(row["ad_id"]): int(row["newest"]) for row in found.to_pylist()}


def standing(
    golden: GoldenSet,
    *,
    book: PolicyBook,
    newest: Mapping[str, int],
    now: str,
    days: int = 180,
    fewest: int = FEWEST,
) -> GoldenStanding:
    """Say what a golden set is worth.

    Parameters
    ----------
    golden : GoldenSet
        The set.
    book : PolicyBook
        Policies and their versions.
    newest : mapping
        Newest version of ads that were edited.
    now : str
        Until when the logs go, as `shroff.models.golden_policies.iso` writes it.
    days : int
        Days after which a label is old.
    fewest : int
        Violating ads that a cell needs.

    Returns
    -------
    GoldenStanding
        Stale items, and coverage of policies by language.
    """
    before = (datetime.fromisoformat(now) - timedelta(days=days)).isoformat(sep=" ")
    stale = tuple(
        found
        for item in golden.settled
        if (found := _stale(item, book=book, newest=newest, now=now, before=before)) is not None
    )
    return GoldenStanding(
        golden=golden,
        days=days,
        fewest=fewest,
        stale=stale,
        cells=_cells(golden, book, stale=stale, fewest=fewest),
        open=dict(Counter(item.settled for item in golden.items if not item.is_settled)),
        names=book.names,
    )


def _stale(
    item: GoldenItem, *, book: PolicyBook, newest: Mapping[str, int], now: str, before: str
) -> StaleItem | None:
    changed = tuple(
        policy
        for policy, version in item.policy_versions.items()
        if (held := book.in_force(policy, now)) and held != version
    )
    ad = str(item.ad_id)
    reasons = [_POLICY] * bool(changed)
    reasons += [_AGE] * (item.labelled_at < before)
    reasons += [_EDITED] * (newest.get(ad, 0) > item.ad_version)
    if not reasons:
        return None
    return StaleItem(
        ad_id=ad, ad_version=item.ad_version, reasons=tuple(reasons), policies=changed
    )


def _cells(
    golden: GoldenSet, book: PolicyBook, *, stale: Sequence[StaleItem], fewest: int
) -> tuple[CoverageCell, ...]:
    old = {(each.ad_id, each.ad_version) for each in stale}
    bad: Counter[tuple[str, str]] = Counter()
    good: Counter[tuple[str, str]] = Counter()
    aged: Counter[tuple[str, str]] = Counter()
    for item in golden.settled:
        violating = item.verdict == "violating"
        named = item.policies if violating else (item.policy,)
        for policy in book.tops(each for each in named if each):
            cell = (policy, item.language)
            (bad if violating else good)[cell] += 1
            aged[cell] += (item.ad_id, item.ad_version) in old
    cells = sorted({*bad, *good, *_wanted(golden)})
    return tuple(
        CoverageCell(
            policy=policy,
            language=language,
            violating=bad[policy, language],
            compliant=good[policy, language],
            stale=aged[policy, language],
            thin=bad[policy, language] < fewest,
        )
        for policy, language in cells
    )


def _wanted(golden: GoldenSet) -> list[tuple[str, str]]:
    """List the cells that ads were drawn from, with labels or without."""
    strata = golden.detail.get("strata", ())
    return [
        (str(each["policy"]), str(each["language"])) for each in strata if each.get("policy", "")
    ]
