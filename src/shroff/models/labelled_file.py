"""Texts of a plain file, with or without labels."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv
import pyarrow.json as arrow_json
import pyarrow.parquet as pq

from shroff.errors import ConfigError, DataError
from shroff.stats.dense import Flags

__all__ = ["read_labelled_file", "read_table", "texts_of"]

_YES = frozenset({"1", "true", "yes", "violating", "spam", "违规", "是"})
_NO = frozenset({"0", "false", "no", "compliant", "ham", "合规", "否"})


def read_table(path: Path) -> pa.Table:
    """Read a CSV, JSON Lines or Parquet file, CSV as texts.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    Table
        Its rows.

    Raises
    ------
    DataError
        If it cannot be read.
    """
    ending = path.suffix.lower()
    try:
        if ending == ".parquet":
            return pq.read_table(path)
        if ending in {".jsonl", ".ndjson", ".json"}:
            return arrow_json.read_json(path)
        with path.open("rb") as file:
            header = arrow_csv.open_csv(file).schema.names
        kinds = dict.fromkeys(header, pa.string())
        return arrow_csv.read_csv(
            path,
            convert_options=arrow_csv.ConvertOptions(
                column_types=kinds, strings_can_be_null=False
            ),
            parse_options=arrow_csv.ParseOptions(newlines_in_values=True),
        )
    except OSError as error:
        raise DataError(
            f"cannot read: {error.strerror or error}", where=str(path), hint="look at its path"
        ) from None
    except pa.ArrowInvalid as error:
        raise DataError(
            f"this is not what its ending says: {error}",
            where=str(path),
            hint="CSV with a header, JSON Lines, or Parquet, named .csv, .jsonl or .parquet",
        ) from None


def texts_of(table: pa.Table, column: str, *, where: str) -> list[str]:
    """Take a column of texts.

    Parameters
    ----------
    table : Table
        The rows.
    column : str
        The column.
    where : str
        The file, for error messages.

    Returns
    -------
    list of str
        Texts; a missing one is empty.

    Raises
    ------
    ConfigError
        If there is no such column.
    """
    if column not in table.column_names:
        known = ", ".join(table.column_names)
        raise ConfigError(f"it has no column {column!r}", where=where, hint=f"columns: {known}")
    return ["" if each is None else str(each) for each in table.column(column).to_pylist()]


def read_labelled_file(path: Path, *, text: str, label: str) -> tuple[list[str], Flags]:
    """Read texts and their labels.

    Parameters
    ----------
    path : Path
        CSV, JSON Lines or Parquet.
    text, label : str
        Columns. A label is 1 or 0, true or false, yes or no, violating or compliant.

    Returns
    -------
    list of str, array of bool
        Texts, and which of them violate; rows without a label are left out.

    Raises
    ------
    DataError
        If a label is none of these.
    """
    table = read_table(path)
    texts = texts_of(table, text, where=str(path))
    told = [each.strip().lower() for each in texts_of(table, label, where=str(path))]
    for row, value in enumerate(told, start=1):
        if value and value not in _YES and value not in _NO:
            raise DataError(
                f"the label {value!r} is neither yes nor no",
                where=f"{path}: row {row}, column {label}",
                hint="labels are 1 or 0, true or false, violating or compliant",
            )
    kept = [at for at, value in enumerate(told) if value]
    return [texts[at] for at in kept], np.array([told[at] in _YES for at in kept], np.bool_)
