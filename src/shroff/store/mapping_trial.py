"""A mapping tried on the first rows of a file: what would be stored, and which cells would not."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from shroff.errors import ConfigError, DataError
from shroff.store.binding import bind, unfit
from shroff.store.connection import Connection, connect, records, table_of
from shroff.store.mapping import MappingSpec
from shroff.store.plan import Plan
from shroff.store.propose_profile import FileProfile, profile
from shroff.store.readers import discover
from shroff.store.reasons import Reason
from shroff.store.schema import BOOKKEEPING, TABLES, Table

__all__ = ["Trial", "TrialFault", "TrialRow", "try_mapping"]

_GOOD, _BAD, _TALLIED = 6, 14, 40
_EPOCH = "1970-01-01 00:00:00+00"
_NUMBERED = (
    "SELECT *, CAST(NULL AS VARCHAR) AS _fault, CAST(NULL AS VARCHAR) AS _raw FROM"
    " (SELECT *, ROW_NUMBER() OVER () AS _line FROM sample) AS numbered"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialFault:
    """A value that would keep rows out.

    Parameters
    ----------
    column : str
        Canonical column; "" where the line itself cannot be read.
    value : str
        What stands in the file.
    reason : Reason
        Why it cannot be taken.
    rows : int
        How many of the rows looked at hold it.
    """

    column: str
    value: str
    reason: Reason
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRow:
    """One row of the file.

    Parameters
    ----------
    line : int
        Which of the rows, from 1.
    cells : tuple of str
        What would be stored, by the columns of the trial.
    fault : TrialFault or None
        What keeps it out; the first fault of the row.
    """

    line: int
    cells: tuple[str, ...]
    fault: TrialFault | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a mapping does to a file.

    Parameters
    ----------
    columns : tuple of str
        Canonical columns that are filled, and required ones that are not.
    rows : tuple of TrialRow
        Some rows, those that would be kept out among them.
    looked_at, refused : int
        Rows looked at, and how many of them would be kept out.
    faults : tuple of TrialFault
        What keeps rows out, most rows first.
    missing : tuple of str
        Required columns that nothing fills: every row would be kept out.
    source : tuple of str
        Columns of the file.
    """

    columns: tuple[str, ...]
    rows: tuple[TrialRow, ...]
    looked_at: int
    refused: int
    faults: tuple[TrialFault, ...]
    missing: tuple[str, ...]
    source: tuple[str, ...]


def try_mapping(file: Path, *, table: str, spec: MappingSpec) -> Trial:
    """Try a mapping on a file.

    Parameters
    ----------
    file : Path
        The file; its first rows are looked at.
    table : str
        Canonical table that it is to become.
    spec : MappingSpec
        The mapping.

    Returns
    -------
    Trial
        What would be stored; nothing is.

    Raises
    ------
    ConfigError
        If there is no such table, or the mapping names what the file does not have.
    DataError
        If the file holds no row that can be read.
    """
    if table not in TABLES:
        raise ConfigError(f"there is no table {table!r}", where="table")
    contract = TABLES[table]
    (path, kind) = discover([file])[0]
    with TemporaryDirectory(prefix="shroff-") as folder:
        staging = Path(folder)
        with closing(connect(spill=staging)) as connection:
            for part in ("inner", "outer"):  # pseudonyms of a trial are for looking at only
                connection.execute(f"SET VARIABLE {part}_key = 'trial'")
            faults = unfit(contract, spec, connection=connection)
            if faults:
                raise ConfigError("; ".join(faults), where=f"[mapping.{table}]")
            seen = profile(connection, path, kind=kind, staging=staging)
            if seen is None:
                raise DataError("no row of this file can be read", where=path.name)
            _require_columns(spec, seen)
            return _tried(connection, seen, contract=contract, spec=spec)


def _require_columns(spec: MappingSpec, seen: FileProfile) -> None:
    known = {name.lower() for name in seen.opened.columns}
    absent = [name for name in spec.columns.values() if name.lower() not in known]
    if absent:
        raise ConfigError(
            f"the file has no column {', '.join(map(repr, absent))}", where=seen.path.name
        )


def _tried(
    connection: Connection, seen: FileProfile, *, contract: Table, spec: MappingSpec
) -> Trial:
    plan, _ = bind(contract, spec, connection=connection, source=seen.opened.columns, stored={})
    filled = {field.column.name for field in plan.fields if field.raw}
    missing = tuple(
        column.name
        for column in contract.columns
        if column.required and column.name not in filled and column.name not in BOOKKEEPING
    )
    connection.execute(f"CREATE OR REPLACE TEMP TABLE refused AS {plan.diagnosis(_NUMBERED)}")
    (counted,) = records(connection, "SELECT COUNT(*) AS n FROM refused")
    bad = {fault[0]: fault[1] for fault in _first_faults(connection)}
    lines = sorted({*range(1, 1 + min(_GOOD, seen.rows)), *bad})
    columns = tuple(
        column.name
        for column in contract.columns
        if (column.name in filled or column.name in missing) and column.name not in BOOKKEEPING
    )
    return Trial(
        columns=columns,
        rows=_rows(connection, plan, lines=lines, columns=columns, bad=bad),
        looked_at=seen.rows,
        refused=seen.rows if missing else int(str(counted["n"])),
        faults=_tally(connection),
        missing=missing,
        source=tuple(seen.opened.columns),
    )


def _first_faults(connection: Connection) -> list[tuple[int, TrialFault]]:
    found = records(connection, f'SELECT * FROM refused ORDER BY "line" LIMIT {_BAD}')
    return [(int(str(row["line"])), _fault(row, rows=1)) for row in found]


def _tally(connection: Connection) -> tuple[TrialFault, ...]:
    found = records(
        connection,
        'SELECT "column", "value", reason, COUNT(*) AS n FROM refused GROUP BY 1, 2, 3'
        f" ORDER BY n DESC, 1, 2 LIMIT {_TALLIED}",
    )
    return tuple(_fault(row, rows=int(str(row["n"]))) for row in found)


def _fault(row: dict[str, object], *, rows: int) -> TrialFault:
    return TrialFault(
        column=str(row["column"]),
        value="" if row["value"] is None else str(row["value"]),
        reason=Reason(str(row["reason"])),
        rows=rows,
    )


def _rows(
    connection: Connection,
    plan: Plan,
    *,
    lines: Sequence[int],
    columns: Sequence[str],
    bad: dict[int, TrialFault],
) -> tuple[TrialRow, ...]:
    wanted = ", ".join(map(str, lines)) or "0"
    relation = f"SELECT * FROM ({_NUMBERED}) AS rows WHERE _line IN ({wanted}) ORDER BY _line"
    stored = table_of(connection, plan.staged(relation, ingest="trial", at=_EPOCH)).to_pylist()
    return tuple(
        TrialRow(
            line=line,
            cells=tuple("" if row.get(name) is None else str(row[name]) for name in columns),
            fault=bad.get(line),
        )
        for line, row in zip(lines, stored, strict=True)
    )
