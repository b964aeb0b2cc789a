"""Rows of a query as text."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shroff.domain.spreadsheet_texts import inert
from shroff.errors import ConfigError

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["numeric_columns", "row_values", "write_csv", "write_rows"]

_WRITE = "name a file in a folder that is there and can be written to; - is the terminal"
_NUMERIC = ("int", "uint", "double", "float", "decimal")


def row_values(rows: pa.Table) -> list[tuple[object, ...]]:
    """Give the values of each row."""
    return list(zip(*(column.to_pylist() for column in rows.columns), strict=True))


def numeric_columns(rows: pa.Table) -> list[str]:
    """Name the columns that hold numbers."""
    return [field.name for field in rows.schema if str(field.type).startswith(_NUMERIC)]


def write_csv(rows: pa.Table, file: str) -> None:
    """Write rows as CSV with a header; a missing value is empty.

    A text that a spreadsheet would run as a formula gets an apostrophe before it: ad copy and
    names come from strangers.

    Parameters
    ----------
    rows : Table
        Rows.
    file : str
        File; ``-`` for the standard output.

    Raises
    ------
    ConfigError
        If the file cannot be written.
    """
    if file == "-":
        click.echo(_csv_text(rows), nl=False)
        return
    try:
        Path(file).write_text(_csv_text(rows), encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"cannot write: {error.strerror}", where=file, hint=_WRITE) from None
    click.echo(f"{rows.num_rows:,} rows in {file}", err=True)


def write_rows(rows: pa.Table, file: str) -> None:
    """Write rows as JSON where the file's name ends in .json, and as CSV otherwise.

    Parameters
    ----------
    rows : Table
        Rows.
    file : str
        File; ``-`` for CSV on the standard output.

    Raises
    ------
    ConfigError
        If the file cannot be written.
    """
    if Path(file).suffix.lower() != ".json":
        write_csv(rows, file)
        return
    text = json.dumps(rows.to_pylist(), ensure_ascii=False, indent=2, default=str)
    try:
        Path(file).write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"cannot write: {error.strerror}", where=file, hint=_WRITE) from None
    click.echo(f"{rows.num_rows:,} rows in {file}", err=True)


def _csv_text(rows: pa.Table) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([inert(name) for name in rows.column_names])
    writer.writerows([inert(value) for value in row] for row in row_values(rows))
    return text.getvalue()
