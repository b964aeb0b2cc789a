"""Does a mapping fit the table and the file? All its faults, with what was perhaps meant."""

from __future__ import annotations

import codecs
import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import duckdb

from shroff.store.connection import Connection, records
from shroff.store.expressions import expression_fault
from shroff.store.mapping import MappingSpec
from shroff.store.plan import Field, Plan
from shroff.store.pseudonyms import is_person
from shroff.store.schema import BOOKKEEPING, Column, Kind, Table
from shroff.store.sql import ident, literal

__all__ = ["Misfit", "bind", "names_column", "unfit"]

_FORBIDDEN = re.compile(r"[ ,;{}()\n\t\r=]+")
_MULTIPLIES = re.compile(r"\b(unnest|generate_series|json_each|json_tree)\s*\(", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Misfit:
    """Something that a mapping wants and a file has not.

    Parameters
    ----------
    text : str
        What, in words.
    column : str
        Canonical column it is about.
    fatal : bool
        Whether the file cannot be read without it.
    """

    text: str
    column: str
    fatal: bool


def unfit(contract: Table, spec: MappingSpec, *, connection: Connection) -> list[str]:
    """List what is wrong with a mapping whatever the file.

    Parameters
    ----------
    contract : Table
        Table it is for.
    spec : MappingSpec
        The mapping.
    connection : DuckDBPyConnection
        Where to try formats.

    Returns
    -------
    list of str
        Faults, empty when there is none.
    """
    faults = [*_unknown_columns(contract, spec), *_bad_values(contract, spec)]
    faults += [
        f"expressions.{name}: {fault}"
        for name, sql in spec.expressions.items()
        if (fault := expression_fault(sql))
    ]
    try:
        ZoneInfo(spec.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        faults.append(f"time_zone: there is no time zone {spec.time_zone!r}")
    try:
        codecs.lookup(spec.encoding)
    except LookupError:
        faults.append(f"encoding: there is no encoding {spec.encoding!r}")
    if spec.delimiter is not None and (
        len(spec.delimiter.encode()) != 1 or spec.delimiter in '"\r\n'
    ):
        faults.append(f"delimiter: {spec.delimiter!r} is not one plain character")
    if not spec.list_separator:
        faults.append("list_separator: it is empty")
    for pattern in spec.time_formats:
        try:
            connection.sql(f"SELECT try_strptime('', {literal(pattern)})").to_arrow_table()
        except duckdb.Error:
            faults.append(f"time_formats: {pattern!r} is no strptime format")
    return faults


def _unknown_columns(contract: Table, spec: MappingSpec) -> list[str]:
    known = [column.name for column in contract.columns]
    sections: dict[str, Iterable[str]] = {
        "columns": spec.columns,
        "expressions": spec.expressions,
        "constants": spec.constants,
        "values": spec.values,
    }
    faults = [
        f"{section}: {contract.name} has no column {name!r}{_meant(name, known)}"
        for section, entries in sections.items()
        for name in entries
        if name not in known
    ]
    ways = [*spec.columns, *spec.expressions, *spec.constants]
    faults += [
        f"{name}: given in more than one of columns, expressions and constants"
        for name in dict.fromkeys(ways)
        if ways.count(name) > 1
    ]
    return faults


def _bad_values(contract: Table, spec: MappingSpec) -> list[str]:
    faults: list[str] = []
    for name, words in spec.values.items():
        column = contract.column(name)
        allowed = column.values if column else ()
        faults += [
            f"values.{name}: {meaning!r} is not one of {', '.join(allowed)}"
            f"{_meant(meaning, allowed)}"
            for meaning in dict.fromkeys(words.values())
            if allowed and meaning and meaning not in allowed
        ]
        lowered = [word.strip().lower() for word in words]
        faults += [
            f"values.{name}: {word!r} is translated twice"
            for word in dict.fromkeys(lowered)
            if len({words[each] for each in words if each.strip().lower() == word}) > 1
        ]
    for name, constant in spec.constants.items():
        column = contract.column(name)
        if column and column.values and str(constant) not in column.values:
            faults.append(
                f"constants.{name}: {constant!r} is not one of {', '.join(column.values)}"
            )
    return faults


def _meant(name: str, known: Iterable[str]) -> str:
    lowered = {each.lower(): each for each in known}
    close = difflib.get_close_matches(name.lower(), lowered, n=2, cutoff=0.6)
    return f"; did you mean {' or '.join(repr(lowered[each]) for each in close)}?" if close else ""


def bind(
    contract: Table,
    spec: MappingSpec,
    *,
    connection: Connection,
    source: Mapping[str, str],
    stored: Mapping[str, str],
) -> tuple[Plan, list[Misfit]]:
    """Meet a mapping with the columns of a file.

    Parameters
    ----------
    contract : Table
        Table to fill.
    spec : MappingSpec
        Mapping, free of faults.
    connection : DuckDBPyConnection
        Where to try expressions.
    source : mapping
        SQL type of each column of the file.
    stored : mapping
        SQL type of each column the lake has already.

    Returns
    -------
    plan : Plan
        How to read the file.
    misfits : list of Misfit
        What the file lacks; the plan is of use when none of it is fatal.
    """
    lookup = {name.lower(): name for name in reversed(list(source))}
    misfits: list[Misfit] = []
    fields: list[Field] = []
    taken: set[str] = set()
    for column in contract.columns:
        words = spec.values.get(column.name, {})
        if column.name in spec.constants:
            fields.append(_constant(column, spec.constants[column.name], words))
        elif column.name in spec.expressions:
            sql = spec.expressions[column.name]
            kind = _type_of(connection, sql, source, misfits=misfits, name=column.name)
            fields.append(Field(column, f"({sql}\n)", kind, words))
            if is_person(column.name):
                taken |= {name for name in source if names_column(sql, name)}
        else:
            wanted = spec.columns.get(column.name, column.name)
            found = wanted if wanted in source else lookup.get(wanted.lower(), "")
            if found:
                taken.add(found)
            else:
                misfits += _lacking(column, wanted, source, spec=spec)
            raw = f"source.{ident(found)}" if found else ""
            fields.append(Field(column, raw, source.get(found, "VARCHAR"), words))
    unwanted = {name.lower() for name in spec.leave_out}
    misfits += _nothing_to_leave_out(spec, lookup, source)
    left = {n: kind for n, kind in source.items() if n not in taken and n.lower() not in unwanted}
    return Plan(contract, spec, (*fields, *_extras(contract, left, stored))), misfits


def _nothing_to_leave_out(
    spec: MappingSpec, lookup: Mapping[str, str], source: Mapping[str, str]
) -> list[Misfit]:
    """Tell of a name that is perhaps misspelt: the column it meant would be kept."""
    absent = [name for name in spec.leave_out if name.lower() not in lookup]
    return [
        Misfit(f"leave_out: no source column {name!r}{_meant(name, source)}", "", fatal=False)
        for name in absent
    ]


def names_column(sql: str, column: str) -> bool:
    """Say whether an expression has a column's name in it, as a word of its own."""
    pattern = rf"(?<!\w){re.escape(column)}(?!\w)"
    return re.search(pattern, sql, re.IGNORECASE) is not None


def _constant(column: Column, constant: str | float, words: Mapping[str, str]) -> Field:
    shown = str(constant).lower() if isinstance(constant, bool) else str(constant)
    return Field(column, literal(shown), "VARCHAR", words)


def _lacking(
    column: Column, wanted: str, source: Mapping[str, str], *, spec: MappingSpec
) -> list[Misfit]:
    meant = _meant(wanted, source)
    if column.name in spec.columns:
        text = f"columns.{column.name}: no source column {wanted!r}{meant}"
        return [Misfit(text, column.name, column.required)]
    if column.required:
        text = f"{column.name}: required, and no source column has this name{meant}"
        return [Misfit(text, column.name, fatal=True)]
    return []


def _type_of(
    connection: Connection,
    sql: str,
    source: Mapping[str, str],
    *,
    misfits: list[Misfit],
    name: str,
) -> str:
    typed = ", ".join(f"CAST(NULL AS {kind}) AS {ident(each)}" for each, kind in source.items())
    fault = "one row must give one value"
    if not _MULTIPLIES.search(sql):
        query = f"SELECT *, ({sql}\n) AS x_ FROM (SELECT {typed or '1'} WHERE FALSE) AS source"
        try:
            described = records(connection, f"DESCRIBE {query}")
        except duckdb.Error as error:
            fault = str(error).splitlines()[0]
        else:
            kind = str(described[-1]["column_type"])
            return kind.replace("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ")
    misfits.append(Misfit(f"expressions.{name}: {fault}", name, fatal=True))
    return "VARCHAR"


def _extras(
    contract: Table, left: Mapping[str, str], stored: Mapping[str, str]
) -> tuple[Field, ...]:
    used = {column.name for column in contract.columns} | set(BOOKKEEPING)
    spelled = {name.lower(): name for name in stored if name not in used}
    fields: list[Field] = []
    for name, kind in left.items():
        clean = _clean(name, {each.lower() for each in used})
        final = spelled.get(clean.lower(), clean)
        used.add(final)
        own = Kind.TEXT if is_person(final) else _extra_kind(kind)
        target = Kind(stored[final]) if final in stored else own
        column = Column(final, target, "extra column of the source")
        fields.append(Field(column, f"source.{ident(name)}", kind, {}))
    return tuple(fields)


def _clean(name: str, used: set[str]) -> str:
    clean = _FORBIDDEN.sub("_", name.strip()).lstrip("_") or "column"
    if clean.lower() in used:
        clean = f"source_{clean}"
    number, final = 2, clean
    while final.lower() in used:
        final, number = f"{clean}_{number}", number + 1
    return final


def _extra_kind(kind: str) -> Kind:
    if kind in {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"}:
        return Kind.INTEGER
    if kind in {"FLOAT", "DOUBLE"} or kind.startswith("DECIMAL"):
        return Kind.NUMBER
    if kind.startswith("TIMESTAMP"):
        return Kind.TIME
    simple = {"BOOLEAN": Kind.FLAG, "DATE": Kind.DAY, "VARCHAR[]": Kind.TEXTS}
    return simple.get(kind, Kind.TEXT)
