"""A mapping met with the columns of a file: the queries that read it as a canonical table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shroff.store.casts import missing, refused, translated_text, value
from shroff.store.mapping import MappingSpec
from shroff.store.pseudonyms import is_person, pseudonym
from shroff.store.reasons import Reason
from shroff.store.schema import BOOKKEEPING, Column, Kind, Table
from shroff.store.sql import ident, literal

__all__ = ["Field", "Plan", "content_of"]

_DEFAULTS = {"ad_version": "1", "shadow": "FALSE"}


@dataclass(frozen=True, slots=True)
class Field:
    """How one column of the lake is filled.

    Parameters
    ----------
    column : Column
        What it should be.
    raw : str
        SQL of its raw value over the source columns; "" when the source has none.
    kind : str
        SQL type of the raw value.
    words : mapping
        Translation of values.
    """

    column: Column
    raw: str
    kind: str
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Plan:
    """How one source becomes rows of a table.

    Parameters
    ----------
    contract : Table
        The table.
    spec : MappingSpec
        Mapping it follows.
    fields : tuple of Field
        Canonical columns, then extra ones.
    """

    contract: Table
    spec: MappingSpec
    fields: tuple[Field, ...]

    @property
    def columns(self) -> dict[str, str]:
        """SQL type of each column that the plan writes, bookkeeping included."""
        typed = {field.column.name: str(field.column.kind) for field in self.fields}
        return {**typed, **_BOOKKEEPING_TYPES}

    def staged(self, relation: str, *, ingest: str, at: str) -> str:
        """Write the query that gives typed rows; ``_version`` is 0 where a row is refused.

        Parameters
        ----------
        relation : str
            Query that gives the source columns and ``_fault``.
        ingest : str
            Id of the ingest.
        at : str
            Time of the ingest, ISO 8601.

        Returns
        -------
        str
            A ``SELECT``.
        """
        finals = [self._final(number, field) for number, field in enumerate(self.fields)]
        named = ", ".join(
            f"{final} AS {ident(field.column.name)}"
            for final, field in zip(finals, self.fields, strict=True)
        )
        faults = " OR ".join(["_fault IS NOT NULL", *(bad for _, bad, _ in self._faults())])
        return (
            f"SELECT {named}, CAST(CASE WHEN {faults} THEN 0 ELSE 1 END AS BIGINT) AS _version, "
            f"{self._content(finals)} AS _hash, {literal(ingest)} AS _ingest, "
            f"CAST({literal(at)} AS TIMESTAMPTZ) AS _ingested_at FROM ({self._read(relation)})"
        )

    def diagnosis(self, relation: str) -> str:
        """Write the query that explains refused rows: line, column, value, reason, raw text."""
        faults = [("_fault IS NOT NULL", "''", "NULL", "_fault")]
        for number, bad, reason in self._faults():
            shown = f"CAST(r{number} AS VARCHAR)"
            name = literal(self.fields[number].column.name)
            faults.append((bad, name, shown, reason))
        pieces = [
            " ".join(f"WHEN {fault[0]} THEN {fault[part]}" for fault in faults)
            for part in (1, 2, 3)
        ]
        column, shown, reason = (f"CASE {piece} END" for piece in pieces)
        return (
            f'SELECT _line AS "line", {column} AS "column", {shown} AS "value", '
            f"{reason} AS reason, {self._evidence()} AS raw FROM ({self._read(relation)}) "
            f"WHERE {' OR '.join(fault[0] for fault in faults)}"
        )

    def _evidence(self) -> str:
        """Show the raw text of a row, without the ids of people in it."""
        for number, field in enumerate(self.fields):
            if is_person(field.column.name):
                if not field.raw:
                    return "_raw"
                known = f"CAST(r{number} AS VARCHAR)"
                hidden = (
                    f"regexp_replace(_raw, concat('\\b', regexp_escape({known}), '\\b'), "
                    f"{pseudonym(f'v{number}')}, 'g')"
                )
                # a record that could not be taken apart may name anybody
                return (
                    f"CASE WHEN _fault IS NOT NULL THEN NULL "
                    f"WHEN {known} IS NULL THEN _raw ELSE {hidden} END"
                )
        return "_raw"

    def _content(self, values: list[str]) -> str:
        names = [field.column.name for field in self.fields]
        return _hash(dict(zip(names, values, strict=True)), known=len(self.contract.columns))

    def _read(self, relation: str) -> str:
        raws = [
            f"{self._raw(field)} AS r{number}"
            for number, field in enumerate(self.fields)
            if field.raw
        ]
        values = [
            f"{value(field.column, self.spec, raw=f'r{number}', kind=self._kind(field))} AS v{number}"
            for number, field in enumerate(self.fields)
            if field.raw
        ]
        inner = f"SELECT *, {', '.join(raws)} FROM ({relation}) AS source"
        return f"SELECT *, {', '.join(values)} FROM ({inner})"

    def _kind(self, field: Field) -> str:
        return "VARCHAR" if field.words and field.column.kind is not Kind.TEXTS else field.kind

    def _raw(self, field: Field) -> str:
        if not field.words:
            return field.raw
        if field.column.kind is Kind.TEXTS:
            return field.raw
        return translated_text(f"({field.raw})", field.kind, words=field.words)

    def _final(self, number: int, field: Field) -> str:
        default = _DEFAULTS.get(field.column.name)
        if not field.raw:
            return default or f"CAST(NULL AS {field.column.kind})"
        read = f"v{number}"
        if is_person(field.column.name):
            return pseudonym(read)
        if field.words and field.column.kind is Kind.TEXTS:
            item = translated_text("item", "VARCHAR", words=field.words)
            read = f"list_transform({read}, lambda item: {item})"
        return f"COALESCE({read}, {default})" if default else read

    def _faults(self) -> list[tuple[int, str, str]]:
        """List for each field: its number, the condition that it is bad, the reason as SQL."""
        found: list[tuple[int, str, str]] = []
        for number, field in enumerate(self.fields):
            if field.raw:
                bad, reason = _fault(field.column, number, self._kind(field))
                if bad:
                    found.append((number, bad, reason))
        return found


def content_of(contract: Table, columns: Iterable[str]) -> str:
    """Write the content hash of a stored row.

    Parameters
    ----------
    contract : Table
        Canonical table.
    columns : iterable of str
        Names of the stored columns.

    Returns
    -------
    str
        SQL.
    """
    known = {column.name: ident(column.name) for column in contract.columns}
    extra = {name: ident(name) for name in columns if name not in {*known, *BOOKKEEPING}}
    return _hash({**known, **extra}, known=len(known))


def _hash(values: Mapping[str, str], *, known: int) -> str:
    """Hash the canonical values, then each extra one that is not NULL, in no order."""
    names = list(values)
    whole = f"hash({', '.join(values[name] for name in names[:known])})"
    for name in names[known:]:
        part = f"hash({literal(name)}, {values[name]})"
        whole = f"xor({whole}, CASE WHEN {values[name]} IS NULL THEN 0::UBIGINT ELSE {part} END)"
    return f"CAST({whole} >> 1 AS BIGINT)"


_BOOKKEEPING_TYPES = {
    "_version": "BIGINT",
    "_hash": "BIGINT",
    "_ingest": "VARCHAR",
    "_ingested_at": "TIMESTAMPTZ",
}


def _fault(column: Column, number: int, kind: str) -> tuple[str, str]:
    raw, read = f"r{number}", f"v{number}"
    absent = missing(column, raw, kind=kind)
    conditions: list[str] = []
    reasons: list[str] = []
    if column.required:
        conditions.append(f"{read} IS NULL")
        reasons.append(f"WHEN {absent} THEN {literal(Reason.MISSING)}")
    elif column.kind is not Kind.TEXT or column.values:
        conditions.append(f"CASE WHEN {read} IS NOT NULL THEN FALSE ELSE NOT {absent} END")
    if column.kind in {Kind.TEXT, Kind.TEXTS} and not column.values:
        unreadable = Reason.BAD_TYPE if column.kind is Kind.TEXTS else Reason.MISSING
    else:
        unreadable = Reason.UNKNOWN_VALUE if column.values else _UNREADABLE[column.kind]
    reasons.append(f"WHEN {read} IS NULL THEN {literal(unreadable)}")
    limits = refused(column, read)
    if limits:
        conditions.append(f"coalesce({limits}, FALSE)")
    if not conditions:
        return "", ""
    return (
        f"({' OR '.join(conditions)})",
        f"CASE {' '.join(reasons)} ELSE {literal(Reason.OUT_OF_RANGE)} END",
    )


_UNREADABLE = {
    Kind.TIME: Reason.BAD_TIME,
    Kind.DAY: Reason.BAD_TIME,
    Kind.INTEGER: Reason.BAD_TYPE,
    Kind.NUMBER: Reason.BAD_TYPE,
    Kind.FLAG: Reason.BAD_TYPE,
}
