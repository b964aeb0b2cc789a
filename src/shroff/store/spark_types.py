"""Types of columns, as DuckDB and as Spark name them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from pyspark.sql.types import StructType

__all__ = [
    "columns_of",
    "empty_select",
    "schema_text",
    "spark_ident",
    "spark_text",
    "spark_type",
    "typed_arrow",
]

_TO_SPARK = {
    "VARCHAR": "STRING",
    "BIGINT": "BIGINT",
    "INTEGER": "INT",
    "SMALLINT": "SMALLINT",
    "TINYINT": "TINYINT",
    "HUGEINT": "DECIMAL(38,0)",
    "DOUBLE": "DOUBLE",
    "FLOAT": "FLOAT",
    "BOOLEAN": "BOOLEAN",
    "TIMESTAMPTZ": "TIMESTAMP",
    "TIMESTAMP WITH TIME ZONE": "TIMESTAMP",
    "TIMESTAMP": "TIMESTAMP_NTZ",
    "DATE": "DATE",
    "BLOB": "BINARY",
}
_FROM_SPARK = {
    "string": "VARCHAR",
    "bigint": "BIGINT",
    "int": "INTEGER",
    "smallint": "SMALLINT",
    "tinyint": "TINYINT",
    "double": "DOUBLE",
    "float": "FLOAT",
    "boolean": "BOOLEAN",
    "timestamp": "TIMESTAMPTZ",
    "timestamp_ntz": "TIMESTAMP",
    "date": "DATE",
    "binary": "BLOB",
    "void": "INTEGER",
}


def spark_type(kind: str) -> str:
    """Name a DuckDB type as Spark does.

    Parameters
    ----------
    kind : str
        Type as DuckDB names it.

    Returns
    -------
    str
        Type as Spark names it; a name that is not known stays.

    Examples
    --------
    >>> spark_type("VARCHAR[]"), spark_type("DECIMAL(10,2)")
    ('ARRAY<STRING>', 'DECIMAL(10,2)')
    """
    if kind.endswith("[]"):
        return f"ARRAY<{spark_type(kind[:-2])}>"
    return _TO_SPARK.get(kind, kind)


def spark_ident(name: str) -> str:
    """Quote a name for Spark."""
    return "`" + name.replace("`", "``") + "`"


def spark_text(value: str) -> str:
    """Write a text for Spark, where a backslash escapes."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def schema_text(columns: Mapping[str, str]) -> str:
    """Write columns as the schema of a Spark reader."""
    named = (f"{spark_ident(name)} {spark_type(kind)}" for name, kind in columns.items())
    return ", ".join(named)


def empty_select(columns: Mapping[str, str]) -> str:
    """Write the Spark query of a relation that has columns and no row."""
    typed = ", ".join(
        f"CAST(NULL AS {spark_type(kind)}) AS {spark_ident(name)}"
        for name, kind in columns.items()
    )
    return f"SELECT {typed} WHERE FALSE"


def columns_of(schema: StructType) -> dict[str, str]:
    """Name the columns of a Spark schema with their types as DuckDB names them."""
    return {field.name: _duckdb_type(field.dataType.simpleString()) for field in schema.fields}


def _duckdb_type(kind: str) -> str:
    if inner := re.fullmatch(r"array<(.*)>", kind):
        return f"{_duckdb_type(inner[1])}[]"
    return _FROM_SPARK.get(kind, kind.upper())


def typed_arrow(rows: pa.Table) -> pa.Table:
    """Give a result the field flags that DuckDB gives: everything may be NULL."""
    return rows.cast(pa.schema([_nullable(field) for field in rows.schema]))


def _nullable(field: pa.Field) -> pa.Field:
    kind = field.type
    if pa.types.is_list(kind):
        kind = pa.list_(_nullable(kind.value_field))
    return pa.field(field.name, kind, nullable=True)
