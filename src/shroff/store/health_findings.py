"""What can be wrong with logs, as values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from shroff.domain.messages import Message

if TYPE_CHECKING:
    from shroff.store.engine import Engine
    from shroff.store.lake import Lake
    from shroff.store.settings import Settings

__all__ = ["Condition", "Examined", "Finding", "Health", "Severity", "conditions_met", "finding"]


class Severity(StrEnum):
    """How much a finding matters.

    ``BROKEN`` makes figures wrong and stops a pipeline, ``WARN`` makes some of them less certain
    or narrower in what they say, ``INFO`` is good to know.
    """

    BROKEN = "broken"
    WARN = "warn"
    INFO = "info"


_ORDER = tuple(Severity)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong with the logs.

    Parameters
    ----------
    code : str
        Stable name, e.g. ``orphan_reviews``.
    severity : Severity
        How much it matters.
    table, column : str
        Where; the column is empty when the whole row is meant.
    count : int
        How many rows (or days, or strata).
    out_of : int
        Among how many.
    examples : tuple of str
        Keys of a few of them.
    what, effect, fix : Message
        What it is, what it does to which metrics, what to do.
    """

    code: str
    severity: Severity
    table: str
    column: str
    count: int
    out_of: int
    examples: tuple[str, ...]
    what: Message
    effect: Message
    fix: Message

    @property
    def share(self) -> float:
        """Share of ``out_of``; 0 when there is nothing."""
        return self.count / self.out_of if self.out_of else 0.0

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record, both languages spelled out."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "table": self.table,
            "column": self.column,
            "count": self.count,
            "out_of": self.out_of,
            "share": self.share,
            "examples": list(self.examples),
            "what": self.what.record(),
            "effect": self.effect.record(),
            "fix": self.fix.record(),
        }


def finding(  # noqa: PLR0913 - one record, its sentences and where they stand
    code: str,
    severity: Severity,
    *,
    table: str,
    column: str = "",
    count: int,
    out_of: int,
    examples: tuple[str, ...] = (),
    params: Mapping[str, str | int | float | None] | None = None,
    effect: str = "",
) -> Finding:
    """Make a finding whose sentences are those of its code.

    Parameters
    ----------
    code : str
        Name; the phrasebook has ``health.CODE.what``, ``.effect`` and ``.fix``.
    severity : Severity
        How much it matters.
    table, column : str
        Where.
    count, out_of : int
        How many among how many.
    examples : tuple of str
        Keys of a few.
    params : mapping, optional
        Further slots of the sentences.
    effect : str
        Key of another effect sentence, when it depends on more than the code.

    Returns
    -------
    Finding
        The finding.
    """
    slots = {
        "table": table,
        "column": column,
        "count": count,
        "total": out_of,
        "share": count / out_of if out_of else 0.0,
        **(params or {}),
    }
    return Finding(
        code=code,
        severity=severity,
        table=table,
        column=column,
        count=count,
        out_of=out_of,
        examples=examples,
        what=Message(f"health.{code}.what", slots),
        effect=Message(effect or f"health.{code}.effect", slots),
        fix=Message(f"health.{code}.fix", slots),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What is wrong with the logs of a workspace.

    Parameters
    ----------
    findings : tuple of Finding
        Worst first.
    rows : mapping
        Rows of each table.
    snapshot : mapping
        Version of the lake of each table.
    """

    findings: tuple[Finding, ...]
    rows: Mapping[str, int]
    snapshot: Mapping[str, int]

    @property
    def broken(self) -> bool:
        """Whether a pipeline should stop."""
        return any(each.severity is Severity.BROKEN for each in self.findings)

    def count(self, severity: Severity) -> int:
        """Count the findings of one severity."""
        return sum(each.severity is severity for each in self.findings)

    def summary(self) -> Message:
        """Say it in one sentence."""
        slots = {severity.value: self.count(severity) for severity in Severity}
        slots["tables"] = sum(1 for rows in self.rows.values() if rows)
        return Message("health.summary" if self.findings else "health.nothing", slots)

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "broken": self.broken,
            "summary": self.summary().record(),
            "rows": dict(self.rows),
            "snapshot": dict(self.snapshot),
            "findings": [each.record() for each in self.findings],
        }

    @staticmethod
    def order(each: Finding) -> tuple[int, str, str]:
        """Sort key: worst first, then by code and table."""
        return _ORDER.index(each.severity), each.code, each.table


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """The logs under examination.

    Parameters
    ----------
    engine : Engine
        Their tables.
    lake : Lake
        Their files.
    settings : Settings
        What the workspace says of them.
    now : datetime
        The clock, UTC.
    rows : mapping
        Rows of each table.
    """

    engine: Engine
    lake: Lake
    settings: Settings
    now: datetime
    rows: Mapping[str, int]

    def many(self, sql: str) -> list[dict[str, object]]:
        """Run a query that gives few rows."""
        records: list[dict[str, object]] = self.engine.query(sql).to_pylist()
        return records

    def one(self, sql: str) -> dict[str, object]:
        """Run a query that gives one row."""
        (record,) = self.many(sql)
        return record

    def has(self, *tables: str) -> bool:
        """Tell whether all tables have rows."""
        return all(self.rows.get(table) for table in tables)


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Rows that should not be.

    Parameters
    ----------
    code : str
        Code of the finding.
    fault : str
        SQL condition that a bad row meets.
    among : str
        SQL condition of the rows that could be bad.
    severity : Severity
        How much it matters.
    broken_from : float
        Share from which it makes figures wrong.
    at_least : float
        Share below which it is no finding.
    column : str
        Column at fault.
    key : str
        SQL expression for examples; the relation's key when empty.
    """

    code: str
    fault: str
    among: str = "TRUE"
    severity: Severity = Severity.WARN
    broken_from: float = 2.0
    at_least: float = 0.0
    column: str = ""
    key: str = ""


def conditions_met(
    examined: Examined, relation: str, conditions: tuple[Condition, ...], *, table: str, key: str
) -> Iterator[Finding]:
    """Find the conditions that some rows meet, in one pass over a relation.

    Parameters
    ----------
    examined : Examined
        The logs.
    relation : str
        What follows ``FROM``.
    conditions : tuple of Condition
        What to look for.
    table : str
        Table the findings are about.
    key : str
        SQL expression that names a row in examples.

    Yields
    ------
    Finding
        One for each condition met.
    """
    counts = ",\n".join(
        f"SUM(CASE WHEN {each.among} THEN 1 ELSE 0 END) AS total_{index},"
        f" SUM(CASE WHEN ({each.among}) AND ({each.fault}) THEN 1 ELSE 0 END) AS bad_{index},"
        f" MIN(CASE WHEN ({each.among}) AND ({each.fault}) THEN {each.key or key} END)"
        f" AS first_{index},"
        f" MAX(CASE WHEN ({each.among}) AND ({each.fault}) THEN {each.key or key} END)"
        f" AS last_{index}"
        for index, each in enumerate(conditions)
    )
    record = examined.one(f"SELECT {counts}\nFROM {relation}")
    for index, each in enumerate(conditions):
        total, bad = (int(str(record[f"{name}_{index}"] or 0)) for name in ("total", "bad"))
        if bad == 0 or bad < each.at_least * total:
            continue
        shown = dict.fromkeys(str(record[f"{name}_{index}"]) for name in ("first", "last"))
        grave = bad >= each.broken_from * total
        yield finding(
            each.code,
            Severity.BROKEN if grave else each.severity,
            table=table,
            column=each.column,
            count=bad,
            out_of=total,
            examples=tuple(shown),
        )
