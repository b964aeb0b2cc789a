"""What a workspace remembers of advice: what was recommended, decided, done, and what came of it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeAlias

from shroff.errors import ConfigError

__all__ = ["Advice", "AdviceBook", "AdviceStep", "KeptOutcome"]

_Row: TypeAlias = tuple[Any, ...]
_HINT = "shroff advise plan lists them"
_NEXT: Mapping[str, tuple[str, ...]] = {
    "open": ("waiting",),
    "waiting": ("open", "rejected", "done"),
    "accepted": ("open", "waiting", "rejected", "done"),
    "rejected": ("open", "waiting", "accepted"),
    "done": ("open", "accepted", "done"),
}
"""From which states each state may come."""

_PLANNED = ("owner", "due")
"""What a decision may change of what was said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """One recommendation as it is remembered.

    Parameters
    ----------
    id : str
        Its name.
    kind : str
        ``thresholds``, ``rule``, ``label`` and so on.
    subject : str
        What it is about.
    detail : mapping
        Everything that was said of it when it was last recommended, JSON-ready.
    state : str
        ``open``, ``waiting`` (for a second person), ``accepted``, ``rejected`` or ``done``.
    first_at, last_at : str
        When it was first and last recommended, ISO 8601 in UTC; empty means now.
    who, why : str
        Who last changed its state, and the reason given.
    """

    id: str
    kind: str
    subject: str
    detail: Mapping[str, Any] = field(default_factory=dict[str, Any])
    state: str = "open"
    first_at: str = ""
    last_at: str = ""
    who: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceStep:
    """A decision on a recommendation.

    Parameters
    ----------
    at : str
        When, ISO 8601 in UTC.
    advice_id : str
        The recommendation.
    state : str
        The state it came into.
    who, why : str
        Who decided, and the reason given.
    detail : mapping
        What was said with it: the day and the way of a roll-out.
    """

    at: str
    advice_id: str
    state: str
    who: str
    why: str
    detail: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptOutcome:
    """What came of a change, beside its forecast.

    Parameters
    ----------
    id : str
        Stays the same when the same change is looked at again.
    at : str
        When it was last looked at, ISO 8601 in UTC; empty means now.
    advice_id : str
        The recommendation; empty for a change that was not recommended here.
    detail : mapping
        Question, forecast and what was observed, JSON-ready.
    """

    id: str
    at: str = ""
    advice_id: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class AdviceBook:
    """The part of the catalog that is about advice.

    Parameters
    ----------
    change : callable
        Opens the catalog for a short change.
    read : callable
        Gives the rows of a query.
    """

    change: Callable[[], AbstractContextManager[sqlite3.Connection]]
    read: Callable[[str, Sequence[object]], list[_Row]]

    def keep(self, recommended: Sequence[Advice]) -> None:
        """Keep what is recommended now; of what is known, what is said is renewed, not its state.

        Parameters
        ----------
        recommended : sequence of Advice
            The recommendations.
        """
        now = _now()
        with self.change() as connection:
            connection.execute("BEGIN IMMEDIATE")
            for each in recommended:
                connection.execute(
                    "INSERT INTO advice VALUES (?,?,?,?,?,?,?,?,?) ON CONFLICT (advice_id) DO"
                    " UPDATE SET last_at = excluded.last_at, detail = CASE WHEN advice.state"
                    " IN ('waiting', 'accepted', 'done') THEN advice.detail ELSE excluded.detail END",
                    (
                        each.id,
                        each.first_at or now,
                        each.last_at or now,
                        each.kind,
                        each.subject,
                        _json(each.detail),
                        each.state,
                        "",
                        "",
                    ),
                )

    def move(self, step: AdviceStep) -> None:
        """Record a decision on a recommendation.

        Parameters
        ----------
        step : AdviceStep
            Who decided what, and why; when is now where it is empty.

        Raises
        ------
        ConfigError
            If there is no such recommendation, or it cannot come into that state.
        """
        now = step.at or _now()
        with self.change() as connection:
            connection.execute("BEGIN IMMEDIATE")
            row = connection.execute(
                "SELECT state, detail FROM advice WHERE advice_id = ?", (step.advice_id,)
            ).fetchone()
            if row is None:
                raise ConfigError(_unknown(step.advice_id), hint=_HINT)
            if row[0] not in _NEXT[step.state]:
                raise ConfigError(
                    f"{step.advice_id} is {row[0]} and cannot become {step.state}",
                    hint="accept it first" if row[0] == "rejected" else "nothing was changed",
                )
            told = {name: step.detail[name] for name in _PLANNED if step.detail.get(name)}
            connection.execute(
                "UPDATE advice SET state = ?, who = ?, why = ?, detail = ? WHERE advice_id = ?",
                (step.state, step.who, step.why, _json(json.loads(row[1]) | told), step.advice_id),
            )
            connection.execute(
                "INSERT INTO advice_states (at, advice_id, state, who, why, detail)"
                " VALUES (?,?,?,?,?,?)",
                (now, step.advice_id, step.state, step.who, step.why, _json(step.detail)),
            )

    def advice(self, *states: str) -> tuple[Advice, ...]:
        """List what was ever recommended, newest first; only some states where they are named."""
        rows = self.read(
            "SELECT advice_id, first_at, last_at, kind, subject, detail, state, who, why"
            " FROM advice ORDER BY first_at DESC, advice_id",
            (),
        )
        return tuple(
            Advice(
                id=row[0],
                first_at=row[1],
                last_at=row[2],
                kind=row[3],
                subject=row[4],
                detail=json.loads(row[5]),
                state=row[6],
                who=row[7],
                why=row[8],
            )
            for row in rows
            if not states or row[6] in states
        )

    def find(self, advice_id: str) -> Advice:
        """Find a recommendation by its name, or by a beginning of it that only one has.

        Parameters
        ----------
        advice_id : str
            Its name.

        Returns
        -------
        Advice
            The recommendation.

        Raises
        ------
        ConfigError
            If there is none, or more than one.
        """
        found = [each for each in self.advice() if each.id.startswith(advice_id)]
        if len(found) != 1 or not advice_id:
            raise ConfigError(_unknown(advice_id), hint=_HINT)
        return found[0]

    def steps(self, advice_id: str = "") -> tuple[AdviceStep, ...]:
        """List decisions, oldest first; only those on one recommendation where it is named."""
        rows = self.read(
            "SELECT at, advice_id, state, who, why, detail FROM advice_states"
            " WHERE ? IN ('', advice_id) ORDER BY id",
            (advice_id,),
        )
        return tuple(
            AdviceStep(
                at=row[0],
                advice_id=row[1],
                state=row[2],
                who=row[3],
                why=row[4],
                detail=json.loads(row[5]),
            )
            for row in rows
        )

    def keep_outcome(self, outcome: KeptOutcome) -> None:
        """Keep what came of a change; a later look replaces an earlier one."""
        with self.change() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO advice_outcomes VALUES (?,?,?,?)",
                (outcome.id, outcome.at or _now(), outcome.advice_id, _json(outcome.detail)),
            )

    def outcomes(self) -> tuple[KeptOutcome, ...]:
        """List what came of changes, oldest first."""
        rows = self.read(
            "SELECT outcome_id, at, advice_id, detail FROM advice_outcomes ORDER BY at, outcome_id",
            (),
        )
        return tuple(
            KeptOutcome(id=row[0], at=row[1], advice_id=row[2], detail=json.loads(row[3]))
            for row in rows
        )


def _unknown(advice_id: str) -> str:
    return f"there is no one recommendation {advice_id!r}"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(dict(value), ensure_ascii=False, sort_keys=True, default=str)
