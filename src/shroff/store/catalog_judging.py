"""What a workspace remembers of endpoints: what each honours, and every batch that was sent."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, TypeAlias

__all__ = ["JudgingBook", "SentBatch"]

_Row: TypeAlias = tuple[Any, ...]
_COLUMNS = (
    "id, at, run, what, endpoint, host, model, policy, version, masked, ads, requests, tokens,"
    " cost, currency, state"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SentBatch:
    """Something that left the machine, or was made to leave it.

    Parameters
    ----------
    run : str
        Run that sent it.
    what : str
        ``judge``, ``probe`` or ``batch file``.
    endpoint, host, model : str
        Where to, and which model was asked for.
    policy, version : str
        Policy asked about, and version of the judge; empty for a probe.
    masked : bool
        Whether contact details were masked.
    ads, requests, tokens : int
        How much, so far.
    cost : float or None
        What it cost; None where no price is known.
    currency : str
        Currency of the cost.
    state : str
        ``under way``, ``done``, ``stopped`` or ``failed``; one that stays under way was killed.
    at : str
        When it began, ISO 8601 in UTC; empty means now.
    id : int
        Its number; 0 when it is not kept yet.
    """

    run: str
    what: str
    endpoint: str
    host: str
    model: str
    policy: str = ""
    version: str = ""
    masked: bool = True
    ads: int = 0
    requests: int = 0
    tokens: int = 0
    cost: float | None = None
    currency: str = ""
    state: str = "under way"
    at: str = ""
    id: int = 0

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class JudgingBook:
    """The part of the catalog that is about endpoints.

    Parameters
    ----------
    change : callable
        Opens the catalog for a short change.
    read : callable
        Gives the rows of a query.
    """

    change: Callable[[], AbstractContextManager[sqlite3.Connection]]
    read: Callable[[str, Sequence[object]], list[_Row]]

    def keep_probe(self, endpoint: str, told: Mapping[str, object]) -> None:
        """Remember what an endpoint honours; what was known before stays in the history."""
        with self.change() as connection:
            connection.execute(
                "INSERT INTO endpoint_probes (at, endpoint, detail) VALUES (?,?,?)",
                (_now(), endpoint, json.dumps(dict(told), ensure_ascii=False)),
            )

    def probe(self, endpoint: str) -> dict[str, Any] | None:
        """Give what was found last of an endpoint; None when it was never probed."""
        rows = self.read(
            "SELECT detail FROM endpoint_probes WHERE endpoint = ? ORDER BY id DESC LIMIT 1",
            (endpoint,),
        )
        return dict(json.loads(rows[0][0])) if rows else None

    def open(self, batch: SentBatch) -> int:
        """Remember that something is sent, before it is; gives its number."""
        with self.change() as connection:
            cursor = connection.execute(
                "INSERT INTO sent_batches (at, run, what, endpoint, host, model, policy, version,"
                " masked, ads, requests, tokens, cost, currency, state)"
                " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
                (
                    batch.at or _now(), batch.run, batch.what, batch.endpoint, batch.host,
                    batch.model, batch.policy, batch.version, int(batch.masked), batch.ads,
                    batch.requests, batch.tokens, batch.cost, batch.currency, batch.state,
                ),
            )  # fmt: skip
            return int(cursor.lastrowid or 0)

    def update(self, batch: SentBatch) -> None:
        """Remember how much was sent so far, and how it ended."""
        with self.change() as connection:
            connection.execute(
                "UPDATE sent_batches SET ads = ?, requests = ?, tokens = ?, cost = ?,"
                " currency = ?, state = ? WHERE id = ?",
                (
                    batch.ads, batch.requests, batch.tokens, batch.cost, batch.currency,
                    batch.state, batch.id,
                ),
            )  # fmt: skip

    def sent(self, endpoint: str = "") -> tuple[SentBatch, ...]:
        """List what was sent, the newest first; to one endpoint where it is named."""
        rows = self.read(
            f"SELECT {_COLUMNS} FROM sent_batches WHERE ? IN ('', endpoint) ORDER BY id DESC",
            (endpoint,),
        )
        names = [name.strip() for name in _COLUMNS.split(",")]
        return tuple(_batch(dict(zip(names, row, strict=True))) for row in rows)


def _batch(told: dict[str, Any]) -> SentBatch:
    told["masked"] = bool(told["masked"])
    return SentBatch(**told)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
