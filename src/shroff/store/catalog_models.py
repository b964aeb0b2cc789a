"""What a workspace remembers of models: what was registered, each step of its life, each run."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeAlias

from shroff.domain.registered import ModelKind, ModelState
from shroff.errors import ConfigError
from shroff.store.model_records import ModelRecord, ModelRun, ModelStep

__all__ = ["ModelBook"]

_Row: TypeAlias = tuple[Any, ...]
_HINT = "shroff models list shows them"
_COLUMNS = "name, version, kind, state, owner, at, policies, thresholds, source, note"


@dataclass(frozen=True, slots=True)
class ModelBook:
    """The part of the catalog that is about models.

    Parameters
    ----------
    change : callable
        Opens the catalog for a short change.
    read : callable
        Gives the rows of a query.
    """

    change: Callable[[], AbstractContextManager[sqlite3.Connection]]
    read: Callable[[str, Sequence[object]], list[_Row]]

    def keep(self, record: ModelRecord, *, who: str = "", why: str = "") -> ModelRecord:
        """Keep a version; of one that is known, all but where it comes from is renewed.

        Parameters
        ----------
        record : ModelRecord
            The version. Its state counts only where it is new.
        who, why : str
            Who registered it, and the reason given; noted where it is new.

        Returns
        -------
        ModelRecord
            As it is kept.

        Raises
        ------
        ConfigError
            If the version is known and comes from elsewhere: a version never changes.
        """
        now = record.at or _now()
        with self.change() as connection:
            connection.execute("BEGIN IMMEDIATE")
            row = connection.execute(
                "SELECT kind, source FROM models WHERE name = ? AND version = ?",
                (record.name, record.version),
            ).fetchone()
            if row is None:
                _insert(connection, record, now=now)
                _note(connection, _first(record, at=now, who=who, why=why))
            elif row[0] != str(record.kind) or json.loads(row[1]) != _plain(record.source):
                raise ConfigError(
                    f"{record.name} {record.version} is registered from another source",
                    hint="a version never changes: register this one as another --version",
                )
            else:
                connection.execute(
                    "UPDATE models SET owner = ?, policies = ?, thresholds = ?, note = ?"
                    " WHERE name = ? AND version = ?",
                    (
                        record.owner,
                        json.dumps(record.policies),
                        _json(record.thresholds),
                        record.note,
                        record.name,
                        record.version,
                    ),
                )
        return self.find(record.name, record.version)

    def move(
        self, step: ModelStep, *, demoted: ModelState = ModelState.CHALLENGER
    ) -> tuple[ModelRecord, ...]:
        """Record a step; of one policy there is at most one champion.

        Parameters
        ----------
        step : ModelStep
            Which version comes into which state, who says so and why.
        demoted : ModelState
            State that champions of the same policies come into, where the step makes one.

        Returns
        -------
        tuple of ModelRecord
            Champions that this step took down, as they were.

        Raises
        ------
        ConfigError
            If the version is not registered, is in that state, or is retired and should act.
        """
        here = self.find(step.name, step.version)
        _allow(here, step.state)
        now = step.at or _now()
        fallen: list[ModelRecord] = []
        with self.change() as connection:
            connection.execute("BEGIN IMMEDIATE")
            if step.state is ModelState.CHAMPION:
                rows = connection.execute(
                    f"SELECT {_COLUMNS} FROM models WHERE state = 'champion'"
                )
                fallen = [each for each in map(_record, rows.fetchall()) if each.meets(here)]
            for each in fallen:
                why = f"{here.name} {here.version}: {step.why}"
                _set(connection, ModelStep(
                    name=each.name, version=each.version, state=demoted, at=now, who=step.who,
                    why=why,
                ))  # fmt: skip
            _set(connection, ModelStep(
                name=here.name, version=here.version, state=step.state, at=now, who=step.who,
                why=step.why,
            ))  # fmt: skip
        return tuple(fallen)

    def models(self, name: str = "") -> tuple[ModelRecord, ...]:
        """List what is registered, by name and time; only versions of one model if it is named."""
        rows = self.read(
            f"SELECT {_COLUMNS} FROM models WHERE ? IN ('', name) ORDER BY name, at, version",
            (name,),
        )
        return tuple(_record(row) for row in rows)

    def find(self, name: str, version: str = "") -> ModelRecord:
        """Find a version that is registered.

        Parameters
        ----------
        name : str
            The model.
        version : str
            Its version, or a beginning of it that only one has; when empty, the champion or else
            the newest.

        Returns
        -------
        ModelRecord
            The version.

        Raises
        ------
        ConfigError
            If there is none, or several.
        """
        known = self.models(name)
        exact = [each for each in known if each.version == version]
        found = exact or [each for each in known if each.version.startswith(version)]
        if not version and found:
            return next((e for e in found if e.state is ModelState.CHAMPION), found[-1])
        if len(found) == 1:
            return found[0]
        raise ConfigError(
            f"there is no one version {version!r} of {name!r} in the registry"
            if known
            else f"no model {name!r} is registered",
            hint=_HINT,
        )

    def steps(self, name: str = "", version: str = "") -> tuple[ModelStep, ...]:
        """List steps, oldest first; only those of one model or version where it is named."""
        rows = self.read(
            "SELECT at, name, version, state, who, why FROM model_states"
            " WHERE ? IN ('', name) AND ? IN ('', version) ORDER BY id",
            (name, version),
        )
        return tuple(
            ModelStep(
                at=row[0],
                name=row[1],
                version=row[2],
                state=ModelState(row[3]),
                who=row[4],
                why=row[5],
            )
            for row in rows
        )

    def keep_run(self, run: ModelRun) -> None:
        """Keep how a run over ads went."""
        with self.change() as connection:
            connection.execute(
                "INSERT INTO model_runs (at, name, version, what, ads, seconds, detail)"
                " VALUES (?,?,?,?,?,?,?)",
                (
                    run.at or _now(),
                    run.name,
                    run.version,
                    run.what,
                    run.ads,
                    run.seconds,
                    _json(run.detail),
                ),
            )

    def runs(self, name: str = "", version: str = "") -> tuple[ModelRun, ...]:
        """List runs, oldest first; only those of one model or version where it is named."""
        rows = self.read(
            "SELECT at, name, version, what, ads, seconds, detail FROM model_runs"
            " WHERE ? IN ('', name) AND ? IN ('', version) ORDER BY id",
            (name, version),
        )
        return tuple(
            ModelRun(
                at=row[0],
                name=row[1],
                version=row[2],
                what=row[3],
                ads=row[4],
                seconds=row[5],
                detail=json.loads(row[6]),
            )
            for row in rows
        )


def _allow(here: ModelRecord, state: ModelState) -> None:
    if here.state is state:
        raise ConfigError(
            f"{here.name} {here.version} is {state} already", hint="nothing was changed"
        )
    if here.state is ModelState.RETIRED and state is not ModelState.SHADOW:
        raise ConfigError(
            f"{here.name} {here.version} is retired and cannot become {state}",
            hint="let it run in shadow first",
        )


def _insert(connection: sqlite3.Connection, record: ModelRecord, *, now: str) -> None:
    connection.execute(
        f"INSERT INTO models ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?)",
        (
            record.name,
            record.version,
            str(record.kind),
            str(record.state),
            record.owner,
            now,
            json.dumps(record.policies),
            _json(record.thresholds),
            _json(record.source),
            record.note,
        ),
    )


def _first(record: ModelRecord, *, at: str, who: str, why: str) -> ModelStep:
    return ModelStep(
        name=record.name, version=record.version, state=record.state, at=at, who=who, why=why
    )


def _set(connection: sqlite3.Connection, step: ModelStep) -> None:
    connection.execute(
        "UPDATE models SET state = ? WHERE name = ? AND version = ?",
        (str(step.state), step.name, step.version),
    )
    _note(connection, step)


def _note(connection: sqlite3.Connection, step: ModelStep) -> None:
    connection.execute(
        "INSERT INTO model_states (at, name, version, state, who, why) VALUES (?,?,?,?,?,?)",
        (step.at, step.name, step.version, str(step.state), step.who, step.why),
    )


def _record(row: _Row) -> ModelRecord:
    return ModelRecord(
        name=row[0],
        version=row[1],
        kind=ModelKind(row[2]),
        state=ModelState(row[3]),
        owner=row[4],
        at=row[5],
        policies=tuple(json.loads(row[6])),
        thresholds=json.loads(row[7]),
        source=json.loads(row[8]),
        note=row[9],
    )


def _plain(value: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON of any form
    return json.loads(_json(value))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(dict(value), ensure_ascii=False, sort_keys=True, default=str)
