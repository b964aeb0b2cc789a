"""What a workspace remembers of what was found: findings, each with its evidence."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeAlias

from shroff.errors import ConfigError

__all__ = ["Finding", "FindingBook", "finding_id"]

_Row: TypeAlias = tuple[Any, ...]
_DIGITS = 12


def finding_id(kind: str, subject: str, *, onset: str = "") -> str:
    """Name a finding, so that the same one found again has the same name.

    Parameters
    ----------
    kind : str
        What kind of finding, such as ``new_term``.
    subject : str
        What it is about.
    onset : str
        Since when, ISO date; empty where it has no beginning.

    Returns
    -------
    str
        Twelve hexadecimal digits.
    """
    told = json.dumps([kind, subject, onset], ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()[:_DIGITS]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that changed or is wrong, with its evidence.

    Parameters
    ----------
    id : str
        As `finding_id` names it.
    kind : str
        What kind of finding.
    subject : str
        What it is about.
    detail : mapping
        The evidence, JSON-ready.
    at : str
        When it was first found, ISO 8601 in UTC; empty means now.
    """

    id: str
    kind: str
    subject: str
    detail: Mapping[str, Any] = field(default_factory=dict[str, Any])
    at: str = ""


@dataclass(frozen=True, slots=True)
class FindingBook:
    """The part of the catalog that is about findings.

    Parameters
    ----------
    change : callable
        Opens the catalog for a short change.
    read : callable
        Gives the rows of a query.
    """

    change: Callable[[], AbstractContextManager[sqlite3.Connection]]
    read: Callable[[str, Sequence[object]], list[_Row]]

    def keep(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """Keep findings; of one that is kept already, the evidence is renewed.

        Parameters
        ----------
        findings : iterable of Finding
            What was found.

        Returns
        -------
        tuple of Finding
            Those that were not known.
        """
        now = datetime.now(UTC).isoformat(timespec="seconds")
        new: list[Finding] = []
        with self.change() as connection:
            connection.execute("BEGIN IMMEDIATE")
            for one in findings:
                known = connection.execute(
                    "UPDATE findings SET detail = ? WHERE finding_id = ?",
                    (_json(one.detail), one.id),
                ).rowcount
                if not known:
                    new.append(one)
                    connection.execute(
                        "INSERT INTO findings VALUES (?,?,?,?,?)",
                        (one.id, one.at or now, one.kind, one.subject, _json(one.detail)),
                    )
        return tuple(new)

    def findings(self, kind: str = "") -> tuple[Finding, ...]:
        """List findings, oldest first; of one kind where it is named."""
        rows = self.read(
            "SELECT finding_id, at, kind, subject, detail FROM findings"
            " WHERE ? IN ('', kind) ORDER BY at, rowid",
            (kind,),
        )
        return tuple(
            Finding(id=row[0], at=row[1], kind=row[2], subject=row[3], detail=json.loads(row[4]))
            for row in rows
        )

    def finding(self, name: str) -> Finding:
        """Find a finding.

        Parameters
        ----------
        name : str
            Its id.

        Returns
        -------
        Finding
            The finding.

        Raises
        ------
        ConfigError
            If there is none of that id.
        """
        for each in self.findings():
            if each.id == name:
                return each
        raise ConfigError(f"there is no finding {name!r}", hint="shroff watch changes finds some")

    def forget(self, ids: Sequence[str]) -> int:
        """Remove findings that name somebody who is forgotten.

        Parameters
        ----------
        ids : sequence of str
            Ids of advertisers or ads, as the logs hold them.

        Returns
        -------
        int
            Findings removed.
        """
        wanted = frozenset(ids)
        named = [
            (each.id,)
            for each in self.findings()
            if each.subject in wanted or not wanted.isdisjoint(_strings(each.detail))
        ]
        if named:
            with self.change() as connection:
                connection.executemany("DELETE FROM findings WHERE finding_id = ?", named)
        return len(named)


def _strings(value: object) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, part in value.items():
            yield str(name)
            yield from _strings(part)
    elif isinstance(value, Sequence):
        for part in value:
            yield from _strings(part)


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(dict(value), ensure_ascii=False, sort_keys=True, default=str)
