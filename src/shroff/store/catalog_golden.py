"""What a workspace remembers of golden sets: each revision, with its items."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any, TypeAlias

from shroff.errors import ConfigError, DesignError
from shroff.store.golden_records import GoldenItem, GoldenSet, content_hash

__all__ = ["GoldenBook"]

_Row: TypeAlias = tuple[Any, ...]
_ITEM = (
    "ad_id, ad_version, market, language, policy, stratum, sampling_prob, verdict, policies,"
    " settled, labels, labelled_at, policy_versions"
)


@dataclass(frozen=True, slots=True)
class GoldenBook:
    """The part of the catalog that is about golden sets.

    Parameters
    ----------
    change : callable
        Opens the catalog for a short change.
    read : callable
        Gives the rows of a query.
    """

    change: Callable[[], AbstractContextManager[sqlite3.Connection]]
    read: Callable[[str, Sequence[object]], list[_Row]]

    def keep(self, golden: GoldenSet) -> GoldenSet:
        """Keep a revision; one that says the same as the newest is not kept twice.

        Parameters
        ----------
        golden : GoldenSet
            The set. Its number and its hash are worked out here.

        Returns
        -------
        GoldenSet
            As it is kept.
        """
        digests = [item.digest for item in golden.items]
        made = replace(golden, hash=content_hash(digests))
        with self.change() as connection:
            connection.execute("BEGIN IMMEDIATE")
            last = connection.execute(
                "SELECT revision, hash FROM golden_sets WHERE name = ?"
                " ORDER BY revision DESC LIMIT 1",
                (made.name,),
            ).fetchone()
            if last is not None and last[1] == made.hash:
                connection.execute(
                    "UPDATE golden_sets SET detail = ? WHERE name = ? AND revision = ?",
                    (_json(made.detail), made.name, last[0]),
                )
                return replace(made, revision=int(last[0]))
            made = replace(made, revision=0 if last is None else int(last[0]) + 1)
            connection.execute(
                "INSERT INTO golden_sets (name, revision, at, design_id, hash, detail)"
                " VALUES (?,?,?,?,?,?)",
                (made.name, made.revision, made.at, made.design_id, made.hash, _json(made.detail)),
            )
            connection.executemany(
                f"INSERT INTO golden_items (name, revision, digest, {_ITEM})"
                " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
                [
                    (made.name, made.revision, digest, *_row(item))
                    for digest, item in zip(digests, made.items, strict=True)
                ],
            )
        return made

    def sets(self) -> tuple[GoldenSet, ...]:
        """List the newest revision of each set, the set that was changed last at the end."""
        rows = self.read(
            "SELECT name, MAX(revision) FROM golden_sets GROUP BY name ORDER BY MAX(rowid)", ()
        )
        return tuple(self._load(str(name), int(revision)) for name, revision in rows)

    def find(self, name: str = "", *, revision: int | None = None) -> GoldenSet:
        """Find a set.

        Parameters
        ----------
        name : str
            Its name; the set that was changed last when empty.
        revision : int, optional
            Its revision; the newest when absent.

        Returns
        -------
        GoldenSet
            The set.

        Raises
        ------
        ConfigError
            If there is none of that name, or no such revision.
        """
        found = self.read("SELECT name, revision FROM golden_sets ORDER BY rowid", ())
        names = list(dict.fromkeys(str(row[0]) for row in found))
        if not found or (name and name not in names):
            close = get_close_matches(name, names, n=1)
            known = (
                f"known: {', '.join(names)}" if names else "shroff models golden draw makes one"
            )
            hint = f"did you mean {close[0]!r}? {known}" if close else known
            raise ConfigError(
                f"there is no golden set {name!r}" if name else "there is no golden set yet",
                hint=hint,
            )
        wanted = name or str(found[-1][0])
        there = [int(row[1]) for row in found if row[0] == wanted]
        if revision is not None and revision not in there:
            raise ConfigError(
                f"golden set {wanted!r} has no revision {revision}",
                hint=f"revisions: 0 to {max(there)}",
            )
        return self._load(wanted, max(there) if revision is None else revision)

    def _load(self, name: str, revision: int) -> GoldenSet:
        head = self.read(
            "SELECT at, design_id, hash, detail FROM golden_sets WHERE name = ? AND revision = ?",
            (name, revision),
        )[0]
        rows = self.read(
            f"SELECT digest, {_ITEM} FROM golden_items WHERE name = ? AND revision = ?"
            " ORDER BY rowid",
            (name, revision),
        )
        items = tuple(_item(row[1:]) for row in rows)
        whole = all(
            item.ad_id is None or item.digest == row[0]
            for item, row in zip(items, rows, strict=True)
        )
        if not whole or content_hash(str(row[0]) for row in rows) != head[2]:
            raise DesignError(
                f"what the catalog holds of golden set {name} is not what was kept",
                where="catalog.sqlite",
                hint="restore the catalog from a copy, or take the labels again",
            )
        detail: Mapping[str, Any] = json.loads(head[3])
        return GoldenSet(
            name=name,
            revision=revision,
            at=str(head[0]),
            design_id=str(head[1]),
            hash=str(head[2]),
            detail=detail,
            items=items,
        )

    def forget(self, ads: Sequence[str]) -> int:
        """Remove ids of ads from every revision; digests stay, so that the rest can be checked.

        Parameters
        ----------
        ads : sequence of str
            Ids.

        Returns
        -------
        int
            Rows changed.
        """
        with self.change() as connection:
            return sum(
                connection.execute(
                    "UPDATE golden_items SET ad_id = NULL WHERE ad_id = ?", (ad,)
                ).rowcount
                for ad in ads
            )


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(dict(value), ensure_ascii=False)


def _row(item: GoldenItem) -> tuple[object, ...]:
    return (
        item.ad_id,
        item.ad_version,
        item.market,
        item.language,
        item.policy,
        item.stratum,
        item.sampling_prob,
        item.verdict,
        json.dumps(list(item.policies), ensure_ascii=False),
        item.settled,
        item.labels,
        item.labelled_at,
        _json(item.policy_versions),
    )


def _item(row: _Row) -> GoldenItem:
    return GoldenItem(
        ad_id=None if row[0] is None else str(row[0]),
        ad_version=int(row[1]),
        market=str(row[2]),
        language=str(row[3]),
        policy=str(row[4]),
        stratum=str(row[5]),
        sampling_prob=float(row[6]),
        verdict=str(row[7]),
        policies=tuple(json.loads(row[8])),
        settled=str(row[9]),
        labels=int(row[10]),
        labelled_at=str(row[11]),
        policy_versions=json.loads(row[12]),
    )
