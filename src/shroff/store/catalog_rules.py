"""What a workspace remembers of rules: forecasts that were kept, and the life of each rule."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from shroff.errors import ConfigError

__all__ = ["KeptForecast", "RuleBook", "RuleEvent"]

_Row: TypeAlias = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class KeptForecast:
    """A forecast that was kept before rules went live.

    Parameters
    ----------
    id : str
        Its name.
    at : str
        When it was kept, ISO 8601 in UTC.
    digest : str
        Names the rules by what they say.
    forecast : mapping
        The forecast, JSON-ready.
    """

    id: str
    at: str
    digest: str
    forecast: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleEvent:
    """A step in the life of a rule.

    Parameters
    ----------
    at : str
        When, ISO 8601 in UTC.
    rule_id : str
        The rule.
    version : int
        Its version.
    state : str
        The state it came into.
    share : float or None
        Share of ads it acts on, of a canary.
    who, why : str
        Who did it, and the reason given.
    detail : mapping
        What was known then, JSON-ready.
    """

    at: str
    rule_id: str
    version: int
    state: str
    share: float | None
    who: str
    why: str
    detail: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class RuleBook:
    """The part of the catalog that is about rules.

    Parameters
    ----------
    change : callable
        Opens the catalog for a short change.
    read : callable
        Gives the rows of a query.
    """

    change: Callable[[], AbstractContextManager[sqlite3.Connection]]
    read: Callable[[str, Sequence[object]], list[_Row]]

    def keep(self, kept: KeptForecast) -> None:
        """Keep a forecast; one that is kept already stays as it is."""
        with self.change() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO rule_forecasts VALUES (?,?,?,?)",
                (kept.id, kept.at, kept.digest, _json(kept.forecast)),
            )

    def forecasts(self) -> tuple[KeptForecast, ...]:
        """List the forecasts, oldest first."""
        rows = self.read(
            "SELECT forecast_id, at, digest, forecast FROM rule_forecasts ORDER BY at, rowid", ()
        )
        return tuple(
            KeptForecast(str(one), str(at), str(digest), json.loads(told))
            for one, at, digest, told in rows
        )

    def forecast(self, name: str) -> KeptForecast:
        """Find a forecast.

        Parameters
        ----------
        name : str
            Its name.

        Returns
        -------
        KeptForecast
            The forecast.

        Raises
        ------
        ConfigError
            If there is none of that name.
        """
        for kept in self.forecasts():
            if kept.id == name:
                return kept
        raise ConfigError(
            f"there is no forecast {name!r}",
            hint="shroff rules backtest PACK --freeze keeps one",
        )

    def note(self, event: RuleEvent) -> None:
        """Note a step in the life of a rule."""
        with self.change() as connection:
            connection.execute(
                "INSERT INTO rule_states (at, rule_id, version, state, share, who, why, detail)"
                " VALUES (?,?,?,?,?,?,?,?)",
                (
                    event.at,
                    event.rule_id,
                    event.version,
                    event.state,
                    event.share,
                    event.who,
                    event.why,
                    _json(event.detail),
                ),
            )

    def events(self, rule_id: str = "") -> tuple[RuleEvent, ...]:
        """List what became of rules, oldest first; of one rule where it is named."""
        rows = self.read(
            "SELECT at, rule_id, version, state, share, who, why, detail FROM rule_states"
            " WHERE ? IN ('', rule_id) ORDER BY id",
            (rule_id,),
        )
        return tuple(
            RuleEvent(
                at=row[0],
                rule_id=row[1],
                version=row[2],
                state=row[3],
                share=row[4],
                who=row[5],
                why=row[6],
                detail=json.loads(row[7]),
            )
            for row in rows
        )


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(dict(value), ensure_ascii=False, sort_keys=True, default=str)
