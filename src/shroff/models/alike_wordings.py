"""Ads that say nearly the same: one of them is asked about, and the others take its answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from shroff.models.judgement_rows import AdRef
from shroff.stats.dense import Ints

__all__ = ["Alike", "Grouping", "Key", "alike_of", "key_of"]

Key = tuple[str, int]
"""An ad and its version."""

Grouping = Callable[[Iterable[Sequence[str]]], Ints]
"""Gives the set of near-copies of each text, batch after batch; -1 of a text that says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Which ads are asked about, and who takes their answers.

    Parameters
    ----------
    asked : mapping of Key to tuple of AdRef
        The ads that questions are made of, each with those that its answer is written for: itself
        unless it was judged before, and its near-copies that were not.
    wanted : int
        Ads that are to be judged.
    """

    asked: Mapping[Key, tuple[AdRef, ...]]
    wanted: int


def key_of(row: Mapping[str, object]) -> Key:
    """Name an ad of the logs."""
    version = row.get("ad_version")
    return str(row["ad_id"]), int(version) if isinstance(version, int) else 1


def alike_of(
    batches: Iterable[pa.RecordBatch],
    wanted: frozenset[Key],
    *,
    fields: Sequence[str],
    grouping: Grouping,
) -> Alike:
    """Find near-copies among ads, judged or not.

    Parameters
    ----------
    batches : iterable of RecordBatch
        All ads: ``ad_id``, ``ad_version``, ``market`` and texts.
    wanted : frozenset of Key
        Those that are to be judged.
    fields : sequence of str
        Columns that hold texts.
    grouping : callable
        Tells near-copies.

    Returns
    -------
    Alike
        Of each set of near-copies the same ad is asked about in every run, so that what was paid for
        is found again.
    """
    ads: list[AdRef] = []

    def texts() -> Iterator[Sequence[str]]:
        for batch in batches:
            ids, versions, markets = (
                batch.column(name).to_pylist() for name in ("ad_id", "ad_version", "market")
            )
            ads.extend(
                AdRef(str(ad), version or 1, market)
                for ad, version, market in zip(ids, versions, markets, strict=True)
            )
            columns = [batch.column(name).to_pylist() for name in fields]
            yield ["\n".join(part for part in each if part) for each in zip(*columns, strict=True)]

    group = grouping(texts())
    return Alike(asked=_asked(ads, group, wanted), wanted=len(wanted))


def _asked(
    ads: Sequence[AdRef], group: Ints, wanted: frozenset[Key]
) -> Mapping[Key, tuple[AdRef, ...]]:
    alone = group < 0
    sets = np.where(alone, group.max(initial=-1) + 1 + np.cumsum(alone), group)
    order = sorted(range(len(ads)), key=lambda at: (sets[at], ads[at].ad_id, ads[at].ad_version))
    found: dict[Key, tuple[AdRef, ...]] = {}
    ends = [*np.flatnonzero(np.diff(sets[order])) + 1, len(order)] if order else []
    for begin, end in zip([0, *ends[:-1]], ends, strict=False):
        first, *others = (ads[at] for at in order[begin:end])
        mine = [first] if (first.ad_id, first.ad_version) in wanted else []
        mine += [
            AdRef(each.ad_id, each.ad_version, each.market, near=True)
            for each in others
            if (each.ad_id, each.ad_version) in wanted
        ]
        if mine:
            found[first.ad_id, first.ad_version] = tuple(mine)
    return found
