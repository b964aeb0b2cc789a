"""Tables that are in Spark already, seen as canonical logs: a mapping put into SQL.

The mapping is written in our SQL over the columns of the source and translated like any query, so
that it means what it means at ingest. What ingest would put into quarantine stops a query instead:
a value that cannot be read, or that nobody translated.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from shroff.errors import ConfigError, EngineError
from shroff.store.dialect import to_spark_expression
from shroff.store.dialect_kinds import sort_of_type
from shroff.store.expressions import require_expression
from shroff.store.mapping import MappingSpec
from shroff.store.mapping_faults import suggestion
from shroff.store.schema import BOOKKEEPING, Column, Kind, Table
from shroff.store.spark_faults import RAISED, explained
from shroff.store.spark_types import columns_of, spark_ident, spark_text
from shroff.store.sql import ident, literal

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

__all__ = ["mapped"]

_DEFAULTS = {"ad_version": "1", "shadow": "FALSE"}
_ZONED = r":[0-9]{2}([.][0-9]+)? ?(Z|[+-][0-9]{2}(:?[0-9]{2})?)$"


def mapped(source: DataFrame, contract: Table, spec: MappingSpec) -> DataFrame:
    """See a relation of Spark as a canonical table.

    Parameters
    ----------
    source : DataFrame
        The relation.
    contract : Table
        Canonical table.
    spec : MappingSpec
        How its columns become canonical ones.

    Returns
    -------
    DataFrame
        Canonical columns, then those of the source that nothing took.

    Raises
    ------
    ConfigError
        If the mapping names a column that the source has not, lacks one that is required, or is
        not SQL over the source's columns.
    """
    columns = columns_of(source.schema)
    _require_columns(contract, spec, columns)
    frame = source
    for column in contract.columns:
        place = f"[mapping.{contract.name}] {column.name}"
        text = _text(column, contract, spec, columns)
        try:
            with explained():
                frame = frame.selectExpr("*", f"{text} AS {_own(column.name)}")
        except EngineError as fault:
            raise ConfigError(fault.cause, where=place, hint=fault.hint) from fault
    gone = {name.lower() for name in (*spec.columns.values(), *spec.leave_out, *BOOKKEEPING)}
    gone |= {column.name for column in contract.columns}
    canonical = [
        f"{_checked(column, contract)} AS {spark_ident(column.name)}"
        for column in contract.columns
    ]
    extra = [spark_ident(name) for name in columns if name.lower() not in gone]
    return frame.selectExpr(*canonical, *extra)


def _own(name: str) -> str:
    """Name a canonical column as no source names one of its own."""
    return spark_ident(f"__{name}")


def _require_columns(contract: Table, spec: MappingSpec, columns: Mapping[str, str]) -> None:
    known = {name.lower() for name in columns}
    for target, wanted in spec.columns.items():
        if wanted.lower() not in known:
            raise ConfigError(
                f"the table has no column '{wanted}'{suggestion(wanted, tuple(columns))}",
                where=f"[mapping.{contract.name}.columns] {target}",
            )
    given = {*spec.columns, *spec.expressions, *spec.constants}
    for column in contract.columns:
        if column.required and column.name not in given and column.name not in known:
            raise ConfigError(
                f"nothing gives {contract.name}.{column.name}, which is needed; "
                f"the table has {', '.join(columns)}",
                where=f"[mapping.{contract.name}]",
                hint=f'say which column it is: columns = {{ {column.name} = "..." }}',
            )


def _text(column: Column, contract: Table, spec: MappingSpec, columns: Mapping[str, str]) -> str:
    """Write the Spark SQL that reads a canonical column from the source."""
    sql, kind = _read(column, contract, spec, columns)
    sorts = {name.lower(): frozenset([sort_of_type(each)]) for name, each in columns.items()}
    if column.kind is Kind.TEXTS:
        listed = to_spark_expression(f"({sql})", columns=sorts)
        return _split(listed, spec.list_separator) if kind == "VARCHAR" else _listed(listed)
    if column.kind is Kind.TIME:
        _require_a_time(column, contract, kind)
        return _moment(to_spark_expression(f"({sql})", columns=sorts), kind, spec.time_zone)
    worded = _worded(sql, column, spec)
    if column.name in _DEFAULTS:
        worded = f"COALESCE({worded}, {_DEFAULTS[column.name]})"
    return to_spark_expression(f"CAST({worded} AS {column.kind})", columns=sorts)


def _read(
    column: Column, contract: Table, spec: MappingSpec, columns: Mapping[str, str]
) -> tuple[str, str]:
    """Give the SQL that reads a canonical column, and the type of what it reads."""
    if column.name in spec.constants:
        return literal(spec.constants[column.name]), "VARCHAR"
    if column.name in spec.expressions:
        place = f"[mapping.{contract.name}.expressions] {column.name}"
        return require_expression(spec.expressions[column.name], where=place), ""
    wanted = spec.columns.get(column.name, column.name).lower()
    name = next((name for name in columns if name.lower() == wanted), None)
    return ("NULL", "") if name is None else (ident(name), columns[name])


def _worded(sql: str, column: Column, spec: MappingSpec) -> str:
    """Translate values as the mapping says; one translated to nothing is missing."""
    words = spec.values.get(column.name)
    if not words:
        return f"({sql})"
    whens = " ".join(
        f"WHEN {literal(word)} THEN {literal(value) if value else 'NULL'}"
        for word, value in words.items()
    )
    return f"CASE CAST(({sql}) AS VARCHAR) {whens} ELSE CAST(({sql}) AS VARCHAR) END"


def _require_a_time(column: Column, contract: Table, kind: str) -> None:
    if kind not in ("", "VARCHAR", "DATE", "TIMESTAMP", "TIMESTAMPTZ"):
        raise ConfigError(
            f"{contract.name}.{column.name} is a time, and the table has a {kind} for it",
            where=f"[mapping.{contract.name}] {column.name}",
            hint="make a view in Spark that turns it into a TIMESTAMP",
        )


def _moment(text: str, kind: str, zone: str) -> str:
    """Read a time; one that states no zone is of the zone given."""
    there = f"TO_UTC_TIMESTAMP(CAST({text} AS TIMESTAMP), {spark_text(zone)})"
    if kind in ("TIMESTAMP", "DATE"):
        return there
    if kind == "VARCHAR":
        return (
            f"CASE WHEN {text} RLIKE {spark_text(_ZONED)} THEN CAST({text} AS TIMESTAMP)"
            f" ELSE {there} END"
        )
    return f"CAST({text} AS TIMESTAMP)"


def _split(text: str, separator: str) -> str:
    """Take a text apart into a list, without blanks and without empty items."""
    pieces = f"SPLIT({text}, {spark_text(_plain(separator))})"
    return f"FILTER(TRANSFORM({pieces}, item -> TRIM(item)), item -> item <> '')"


def _plain(separator: str) -> str:
    return f"\\Q{separator}\\E"


def _listed(text: str) -> str:
    return f"CAST({text} AS ARRAY<STRING>)"


def _checked(column: Column, contract: Table) -> str:
    """Stop at a value that the column may not hold, rather than count it as something else."""
    value, name = _own(column.name), f"{contract.name}.{column.name}"
    tests: list[tuple[str, str]] = []
    if column.required:
        tests.append((f"{value} IS NULL", f"a row of {contract.name} has no {column.name}"))
    if column.values:
        allowed = ", ".join(spark_text(each) for each in column.values)
        told = f"{name} is none of {', '.join(column.values)} but "
        tests.append((f"{value} NOT IN ({allowed})", told))
    for bound, test in ((column.low, "<"), (column.high, ">")):
        if bound is not None:
            tests.append((f"{value} {test} {bound}D", f"{name} may not be "))
    if not tests:
        return value
    whens = " ".join(
        f"WHEN {test} THEN RAISE_ERROR(CONCAT({spark_text(f'{RAISED}{contract.name}|{told}')}, "
        f"COALESCE(CAST({value} AS STRING), '')))"
        for test, told in tests
    )
    return f"CASE {whens} ELSE {value} END"
