"""What a workspace remembers of plans of labels, and of the batches that were drawn."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import astuple, dataclass
from typing import Any, TypeAlias

from shroff.errors import ConfigError

__all__ = ["BatchBook", "BatchRecord", "BatchRow"]

Row: TypeAlias = tuple[Any, ...]
"""A row of SQLite, whose columns are of any type."""


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One ad of a batch, as drawn.

    Parameters
    ----------
    place : int
        Its row in the file, from 1; 0 for an ad that has its label already.
    ad_id : str or None
        The ad; None when its advertiser was forgotten.
    ad_version : int
        Its version.
    design_id, stratum : str
        What drew it.
    sampling_prob : float
        With what chance.
    digest : str
        Digest of all this.
    """

    place: int
    ad_id: str | None
    ad_version: int
    design_id: str
    stratum: str
    sampling_prob: float
    digest: str


@dataclass(frozen=True, slots=True)
class BatchRecord:
    """One batch, as drawn.

    Parameters
    ----------
    id : str
        Its name.
    at : str
        When it was drawn, in the time of the logs: ISO 8601, UTC.
    signature : str
        Over the digests of its rows.
    file : str
        Where it was written.
    taken : str
        When labels were first taken back; empty before.
    rows : tuple of BatchRow
        Its ads.
    """

    id: str
    at: str
    signature: str
    file: str
    taken: str
    rows: tuple[BatchRow, ...] = ()


@dataclass(frozen=True, slots=True)
class BatchBook:
    """The part of the catalog that is about labels.

    Parameters
    ----------
    change : callable
        Opens the catalog for a short change.
    read : callable
        Gives the rows of a query.
    """

    change: Callable[[], AbstractContextManager[sqlite3.Connection]]
    read: Callable[[str, Sequence[object]], list[Row]]

    def add_plan(self, plan_id: str, *, at: str, plan: Mapping[str, object]) -> None:
        """Remember a plan; the newest of one name stays.

        Parameters
        ----------
        plan_id : str
            Its name.
        at : str
            When it was made, ISO 8601.
        plan : mapping
            The plan, JSON-ready.
        """
        with self.change() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO label_plans (plan_id, at, plan) VALUES (?,?,?)",
                (plan_id, at, json.dumps(dict(plan), ensure_ascii=False)),
            )

    def plan(self, plan_id: str = "") -> dict[str, Any]:
        """Find a plan; the newest when none is named.

        Parameters
        ----------
        plan_id : str
            Its name.

        Returns
        -------
        dict
            The plan.

        Raises
        ------
        ConfigError
            If there is none.
        """
        where = "WHERE plan_id = ?" if plan_id else ""
        found = self.read(
            f"SELECT plan FROM label_plans {where} ORDER BY rowid DESC LIMIT 1",
            (plan_id,) if plan_id else (),
        )
        if not found:
            raise ConfigError(
                f"there is no plan {plan_id!r}" if plan_id else "no labels have been planned yet",
                hint="shroff labels plan --goal leakage:half makes one",
            )
        plan: dict[str, Any] = json.loads(found[0][0])
        return plan

    def add(self, batch: BatchRecord) -> None:
        """Remember a batch; one that is known already stays as it is.

        Parameters
        ----------
        batch : BatchRecord
            The batch.
        """
        with self.change() as connection:
            connection.execute("BEGIN IMMEDIATE")
            known = connection.execute(
                "SELECT 1 FROM label_batches WHERE batch_id = ?", (batch.id,)
            ).fetchone()
            if known:
                return
            connection.execute(
                "INSERT INTO label_batches (batch_id, at, signature, file) VALUES (?,?,?,?)",
                (batch.id, batch.at, batch.signature, batch.file),
            )
            connection.executemany(
                "INSERT INTO label_rows VALUES (?,?,?,?,?,?,?,?)",
                [(batch.id, *astuple(row)) for row in batch.rows],
            )

    def batch(self, batch_id: str) -> BatchRecord:
        """Find a batch with its rows.

        Parameters
        ----------
        batch_id : str
            Its name.

        Returns
        -------
        BatchRecord
            The batch.

        Raises
        ------
        ConfigError
            If none of that name was drawn here.
        """
        known = {batch.id: batch for batch in self.batches()}
        if batch_id not in known:
            listed = ", ".join(list(known)[-5:]) or "none was drawn yet"
            raise ConfigError(
                f"no batch {batch_id!r} was drawn in this workspace", hint=f"drawn: {listed}"
            )
        rows = self.read(
            "SELECT place, ad_id, ad_version, design_id, stratum, sampling_prob, digest"
            " FROM label_rows WHERE batch_id = ? ORDER BY place, design_id, ad_id, ad_version",
            (batch_id,),
        )
        found = known[batch_id]
        return BatchRecord(
            found.id,
            found.at,
            found.signature,
            found.file,
            found.taken,
            tuple(BatchRow(*row) for row in rows),
        )

    def batches(self) -> tuple[BatchRecord, ...]:
        """List the batches, oldest first, without their rows."""
        rows = self.read(
            "SELECT batch_id, at, signature, file, COALESCE(taken, '') FROM label_batches"
            " ORDER BY rowid",
            (),
        )
        return tuple(BatchRecord(*row) for row in rows)

    def mark_taken(self, batch_id: str, *, at: str) -> None:
        """Remember that labels of a batch came back, the first time.

        Parameters
        ----------
        batch_id : str
            The batch.
        at : str
            When, ISO 8601.
        """
        with self.change() as connection:
            connection.execute(
                "UPDATE label_batches SET taken = ? WHERE batch_id = ? AND taken IS NULL",
                (at, batch_id),
            )

    def files_with(self, ads: Sequence[str]) -> tuple[str, ...]:
        """Name the files of batches that hold one of some ads.

        Parameters
        ----------
        ads : sequence of str
            Ids.

        Returns
        -------
        tuple of str
            The files.
        """
        query = (
            "SELECT DISTINCT b.file FROM label_rows AS r"
            " JOIN label_batches AS b ON r.batch_id = b.batch_id WHERE r.ad_id = ?"
        )
        return tuple(dict.fromkeys(str(f) for ad in ads for (f,) in self.read(query, (ad,))))

    def forget(self, ads: Sequence[str]) -> int:
        """Remove ids of ads; the rows stay as digests, so that the rest can still be checked.

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
                    "UPDATE label_rows SET ad_id = NULL WHERE ad_id = ?", (ad,)
                ).rowcount
                for ad in ads
            )
