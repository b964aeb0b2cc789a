"""What a workspace remembers of verdicts that people give ad by ad: each step, as it was taken."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeAlias

__all__ = ["VerdictBook", "VerdictStep", "given"]

_Row: TypeAlias = tuple[Any, ...]
_COLUMNS = "at, batch_id, place, who, what, verdict, detail, seconds"


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictStep:
    """One step of a person on one ad of a batch.

    Parameters
    ----------
    batch_id : str
        The batch.
    place : int
        The ad's row in it.
    who : str
        The person.
    what : str
        ``opened``, ``given``, ``skipped`` or ``undone``; ``sent``, of place 0, when what was given
        so far went into the logs.
    verdict : str
        What was said, of a step ``given``: ``violating``, ``compliant`` or ``unclear``.
    detail : mapping
        Policies, severity, note, evidence; JSON-ready.
    seconds : float
        Time the person spent on the ad.
    at : str
        When, ISO 8601 in UTC; empty means now.
    """

    batch_id: str
    place: int
    who: str
    what: str
    verdict: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict[str, Any])
    seconds: float = 0.0
    at: str = ""


def given(steps: Iterable[VerdictStep]) -> dict[int, VerdictStep]:
    """Tell which verdicts stand.

    Parameters
    ----------
    steps : iterable of VerdictStep
        Steps on one batch, oldest first.

    Returns
    -------
    dict
        The verdict that stands on each place that has one.
    """
    found: dict[int, VerdictStep] = {}
    for step in steps:
        if step.what == "given":
            found[step.place] = step
        elif step.what == "undone":
            found.pop(step.place, None)
    return found


@dataclass(frozen=True, slots=True)
class VerdictBook:
    """The part of the catalog that is about verdicts.

    Parameters
    ----------
    change : callable
        Opens the catalog for a short change.
    read : callable
        Gives the rows of a query.
    """

    change: Callable[[], AbstractContextManager[sqlite3.Connection]]
    read: Callable[[str, Sequence[object]], list[_Row]]

    def take(
        self, batch_id: str, choose: Callable[[Sequence[VerdictStep]], VerdictStep | None]
    ) -> VerdictStep | None:
        """Take a step that depends on those before it, with nobody's step between.

        Parameters
        ----------
        batch_id : str
            The batch.
        choose : callable
            Given the steps so far, oldest first, says which to take; None for none. What it
            raises leaves everything as it was.

        Returns
        -------
        VerdictStep or None
            The step that was taken.
        """
        with self.change() as connection:
            connection.execute("BEGIN IMMEDIATE")
            rows = connection.execute(
                f"SELECT {_COLUMNS} FROM verdict_steps WHERE batch_id = ? ORDER BY id", (batch_id,)
            ).fetchall()
            step = choose([_step(row) for row in rows])
            if step is not None:
                connection.execute(
                    f"INSERT INTO verdict_steps ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?)", _row(step)
                )
        return step

    def steps(self, batch_id: str) -> tuple[VerdictStep, ...]:
        """List the steps on a batch, oldest first."""
        rows = self.read(
            f"SELECT {_COLUMNS} FROM verdict_steps WHERE batch_id = ? ORDER BY id", (batch_id,)
        )
        return tuple(_step(row) for row in rows)

    def set_round(self, batch_id: str, *, first: str, part: str) -> None:
        """Remember that a batch holds ads of another one, for another person."""
        with self.change() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO verdict_rounds (batch_id, first_batch, part)"
                " VALUES (?,?,?)",
                (batch_id, first, part),
            )

    def rounds(self) -> dict[str, tuple[str, str]]:
        """Tell of each such batch which it goes with, and whether it is the second or the third."""
        rows = self.read("SELECT batch_id, first_batch, part FROM verdict_rounds", ())
        return {str(batch): (str(first), str(part)) for batch, first, part in rows}

    def forget(self, ads: Sequence[str]) -> int:
        """Remove what people wrote about ads; the verdicts stay, of nobody's ad.

        Parameters
        ----------
        ads : sequence of str
            Ids; batches must still name them.

        Returns
        -------
        int
            Rows changed.
        """
        with self.change() as connection:
            return sum(
                connection.execute(
                    "UPDATE verdict_steps SET detail = '{}' WHERE EXISTS (SELECT 1 FROM label_rows"
                    " AS r WHERE r.batch_id = verdict_steps.batch_id"
                    " AND r.place = verdict_steps.place AND r.ad_id = ?)",
                    (ad,),
                ).rowcount
                for ad in ads
            )


def _row(step: VerdictStep) -> tuple[object, ...]:
    return (
        step.at or datetime.now(UTC).isoformat(timespec="milliseconds"),
        step.batch_id,
        step.place,
        step.who,
        step.what,
        step.verdict,
        json.dumps(dict(step.detail), ensure_ascii=False),
        step.seconds,
    )


def _step(row: _Row) -> VerdictStep:
    return VerdictStep(
        at=str(row[0]),
        batch_id=str(row[1]),
        place=int(row[2]),
        who=str(row[3]),
        what=str(row[4]),
        verdict=str(row[5]),
        detail=json.loads(row[6]),
        seconds=float(row[7]),
    )
