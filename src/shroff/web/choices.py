"""What logs can be narrowed by: columns, their values, and how many ads have each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel

from shroff.domain.messages import Language, say
from shroff.domain.phrasebook import PHRASEBOOK
from shroff.errors import ConfigError
from shroff.report.changelog import policy_names
from shroff.report.wording import Bilingual
from shroff.store.engine import Engine
from shroff.store.narrowing import POLICY, narrowing_columns
from shroff.store.narrowing_values import Counted, values_of
from shroff.web.shelf import Shelf
from shroff.workspace import Workspace

__all__ = ["COMMON", "Choice", "ChoiceColumn", "Choices", "column_label"]

COMMON = (POLICY, "market", "language", "action", "detector", "version", "industry", "format")
"""Columns that are offered first, with their values."""

_MOST, _KEPT = 300, 64


class Choice(BaseModel):
    """One value of a column."""

    value: str
    """As it stands in the logs; empty for none."""
    label: str
    """What it is called."""
    ads: int
    """How many ads have it; for a policy, how many decisions cite it."""


class ChoiceColumn(BaseModel):
    """A column by which logs can be narrowed."""

    name: str
    label: str
    values: list[Choice]
    """The most common ones first; empty where they were not asked for."""


@dataclass(frozen=True, slots=True)
class _Known:
    columns: tuple[str, ...]
    values: Mapping[str, tuple[Counted, ...]]
    policies: Mapping[str, Bilingual]


@dataclass(frozen=True, slots=True)
class Choices:
    """Columns and values, read once for each state of the logs."""

    _shelf: Shelf[_Known] = field(default_factory=lambda: Shelf[_Known](_KEPT))

    def common(self, workspace: Workspace, language: Language) -> list[ChoiceColumn]:
        """List every column, those that are common first and with their values.

        Parameters
        ----------
        workspace : Workspace
            The logs.
        language : Language
            Language of the labels.

        Returns
        -------
        list of ChoiceColumn
            What can be chosen.
        """
        known = self._known(workspace, "")
        first = [name for name in COMMON if name in known.columns]
        names = dict.fromkeys((*first, *known.columns))
        return [_column(known, name, language) for name in names]

    def of(self, workspace: Workspace, column: str, language: Language) -> ChoiceColumn:
        """List the values of one column.

        Parameters
        ----------
        workspace : Workspace
            The logs.
        column : str
            The column.
        language : Language
            Language of the labels.

        Returns
        -------
        ChoiceColumn
            Its values, the most common ones first.

        Raises
        ------
        ConfigError
            If logs cannot be narrowed by it.
        """
        return _column(self._known(workspace, column), column, language)

    def _known(self, workspace: Workspace, column: str) -> _Known:
        state = sorted(workspace.lake.snapshot().items())
        name = f"{state} {sorted(workspace.hidden)} {column}"
        kept = self._shelf.get(name)
        if kept is None:
            with workspace.engine() as engine:
                kept = _read(engine, column)
            self._shelf.put(name, kept)
        return kept


def _read(engine: Engine, column: str) -> _Known:
    columns = narrowing_columns(engine)
    if column and column not in columns:
        raise ConfigError(
            f"logs cannot be narrowed by {column!r}", where="column", hint=", ".join(columns)
        )
    wanted = [column] if column else [name for name in COMMON if name in columns]
    values = {name: values_of(engine, name, most=_MOST) for name in wanted}
    return _Known(columns, values, policy_names(engine))


def _column(known: _Known, name: str, language: Language) -> ChoiceColumn:
    values = [
        Choice(value=value, label=_value(known, name, value, language), ads=ads)
        for value, ads in known.values.get(name, ())
    ]
    return ChoiceColumn(name=name, label=column_label(name, language), values=values)


def column_label(name: str, language: Language) -> str:
    """Say what a column is called; its own name where it has no other."""
    for key in (f"web.habits.column.{name}", f"report.dimension.{name}"):
        if key in PHRASEBOOK:
            return say(key, language)
    return name


def _value(known: _Known, name: str, value: str, language: Language) -> str:
    if not value:
        return say("web.no_value", language)
    if name in {POLICY, "policy_id"} and value in known.policies:
        return f"{value} {known.policies[value].text(language)}"
    if name == "action" and f"action.{value}" in PHRASEBOOK:
        return say(f"action.{value}", language)
    return value
