"""The canonical tables in Spark: latest versions of rows out of plain Parquet files."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING

from shroff.store import views
from shroff.store.schema import Table
from shroff.store.snapshot import Snapshot, pin
from shroff.store.spark_types import empty_select, schema_text, spark_ident

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, SparkSession

__all__ = ["attached", "latest", "opened_source"]

_GLOB = str.maketrans({each: "\\" + each for each in "\\{}[]*?"})


def attached(session: SparkSession, files: Sequence[str], columns: Mapping[str, str]) -> DataFrame:
    """Read Parquet files as one typed relation.

    Parameters
    ----------
    session : SparkSession
        The session.
    files : sequence of str
        Absolute paths, as the driver and every worker see them; none for an empty relation.
    columns : mapping
        DuckDB type of each column; one that a file lacks reads as NULL.

    Returns
    -------
    DataFrame
        The relation.
    """
    if not files:
        return session.sql(empty_select(columns))
    schema = schema_text(columns)
    # a path is read as a pattern: what is special in one is to be taken as it stands
    places = [f"file://{path.translate(_GLOB)}" for path in files]
    return session.read.schema(schema).parquet(*places)


def latest(session: SparkSession, contract: Table, state: Snapshot) -> DataFrame:
    """Read the latest version of each row, bookkeeping hidden.

    Parameters
    ----------
    session : SparkSession
        The session.
    contract : Table
        Canonical table.
    state : Snapshot
        Its state.

    Returns
    -------
    DataFrame
        The rows.
    """
    columns = views.visible(contract, state)
    files = [file.path for file in state.files]
    if not state.corrected:
        return attached(session, files, columns)
    log = attached(session, files, {**columns, "_version": "BIGINT"}).alias("log")
    keys = {name: state.columns[name] for name in contract.key}
    corrections = [file.path for file in state.corrected]
    newer = attached(session, corrections, {**keys, "_version": "BIGINT"}).alias("newer")
    newer = newer.where("_version > 1")
    kept = log.join(newer, _newer(contract), "left_anti")
    return kept.select(*[f"log.{spark_ident(name)}" for name in columns])


def _newer(contract: Table) -> Column:
    from pyspark.sql import functions  # noqa: PLC0415 - only with Spark

    optional = {column.name for column in contract.columns if not column.required}
    tests = [functions.col("newer._version") > functions.col("log._version")]
    for name in contract.key:
        left, right = (
            functions.col(f"newer.{spark_ident(name)}"),
            functions.col(f"log.{spark_ident(name)}"),
        )
        tests.append(left.eqNullSafe(right) if name in optional else left == right)
    return reduce(lambda one, other: one & other, tests)


def opened_source(session: SparkSession, place: str) -> tuple[DataFrame, int]:
    """Open a table that is not ours.

    Parameters
    ----------
    session : SparkSession
        The session.
    place : str
        Name of a table or view of Spark, or path or address of a Parquet or Delta folder.

    Returns
    -------
    DataFrame, int
        Its rows; its version, or the second it was opened in where it has none.

    Raises
    ------
    EngineError
        If it is a Delta table that plain Parquet readers would get wrong.
    """
    now = int(time.time())
    if "/" not in place:
        return session.table(place), now
    path = Path(place.removeprefix("file://")).expanduser()
    if "://" not in place.removeprefix("file://") and (path / "_delta_log").is_dir():
        state = pin(path.resolve())
        if state is not None:
            return attached(
                session, [file.path for file in state.files], state.columns
            ), state.version
    return session.read.parquet(place), now
