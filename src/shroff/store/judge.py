"""Which rows are new, which are known, which correct an older one?

Rows are judged as if they came one by one, in the order of files and lines: a row whose content
differs from the one before it with the same key is its correction, the next version. A key whose
last row says what the lake already says is left alone, so that the same file twice adds nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from shroff.store.connection import Connection, first_value, records
from shroff.store.delta import NewFile
from shroff.store.parquet import write_many
from shroff.store.schema import Table
from shroff.store.snapshot import DataFile, Snapshot, scan
from shroff.store.sql import ident, idents

__all__ = ["Judged", "judge"]

_BUCKET = 4_000_000
_MANY, _SMALL = 8, 4_000_000


@dataclass(frozen=True, slots=True)
class Judged:
    """What is to be added.

    Parameters
    ----------
    files : tuple of NewFile
        Files to publish; none when nothing is new.
    inserted, unchanged, corrected : int
        Rows with a new key, rows that the lake or the ingest has already, rows that correct one.
    """

    files: tuple[NewFile, ...]
    inserted: int
    unchanged: int
    corrected: int


@dataclass(frozen=True, slots=True)
class _Case:
    """Staged rows and the log they meet."""

    connection: Connection
    contract: Table
    staged: tuple[NewFile, ...]
    columns: dict[str, str]
    known: Snapshot | None
    known_hash: str

    @property
    def rows(self) -> int:
        return sum(file.rows for file in self.staged)

    def staged_sql(self, extra: str = "") -> str:
        files = tuple(DataFile(str(file.path), file.rows, file.newest) for file in self.staged)
        return scan(self.columns, files, extra=extra)

    def known_sql(self) -> str:
        if self.known is None:
            return scan(self.columns, ())
        return scan({**self.columns, **self.known.columns}, self.known.files)

    @property
    def key_hash(self) -> str:
        return f"hash({idents(self.contract.key)})"


def judge(
    contract: Table,
    staged: Sequence[NewFile],
    *,
    connection: Connection,
    refused: int,
    columns: dict[str, str],
    known: Snapshot | None,
    known_hash: str,
    folder: Path,
) -> Judged:
    """Compare staged rows with each other and with the lake.

    Parameters
    ----------
    contract : Table
        Canonical table.
    staged : sequence of NewFile
        Staged files in order, named by their number; a row with ``_version`` 0 is refused.
    connection : DuckDBPyConnection
        Where to compare.
    refused : int
        How many rows are refused.
    columns : dict of str
        SQL type of all their columns.
    known : Snapshot or None
        The log as it is.
    known_hash : str
        SQL of the content hash of a row of the log.
    folder : Path
        Staging folder for what has to be written anew.

    Returns
    -------
    Judged
        What to add.
    """
    held = known if known is not None and known.files else None
    case = _Case(connection, contract, tuple(staged), columns, held, known_hash)
    fresh = case.rows - refused
    if not fresh:
        return Judged((), 0, 0, 0)
    if not _suspects(case):
        small = len(staged) > _MANY and _bytes(staged) < _SMALL * len(staged)
        files = _rewritten(case, folder) if refused or small else tuple(staged)
        return Judged(files, fresh, 0, 0)
    counts = _verdicts(case)
    inserted = fresh - counts["unchanged"] - counts["corrected"]
    kept = inserted + counts["corrected"]
    files = _rewritten(case, folder) if kept else ()
    return Judged(files, inserted, counts["unchanged"], counts["corrected"])


def _bytes(files: Sequence[NewFile]) -> int:
    return sum(file.path.stat().st_size for file in files)


def _buckets(rows: int) -> int:
    return 1 + rows // _BUCKET


def _suspects(case: _Case) -> int:
    """Collect the hashes of keys that come twice or are in the lake; false alarms are allowed."""
    run = case.connection.execute
    run("CREATE TEMP TABLE suspect (h UBIGINT)")
    run("CREATE TEMP TABLE verdict (_file INTEGER, _place BIGINT, _new BIGINT)")
    count = _buckets(case.rows)
    for bucket in range(count):
        chosen = f" AND h % {count} = {bucket}" if count > 1 else ""
        run(
            f"CREATE OR REPLACE TEMP TABLE bucket AS SELECT h FROM (SELECT {case.key_hash} AS h, "
            f"_version FROM ({case.staged_sql()})) WHERE _version > 0{chosen}"
        )
        run("INSERT INTO suspect SELECT h FROM bucket GROUP BY h HAVING count(*) > 1")
        if case.known is not None:
            run(
                f"INSERT INTO suspect SELECT DISTINCT h FROM bucket WHERE h IN "
                f"(SELECT {case.key_hash} FROM ({case.known_sql()}))"
            )
    run("DROP TABLE IF EXISTS bucket")
    return first_value(case.connection, "SELECT count(*) FROM suspect")


def _verdicts(case: _Case) -> dict[str, int]:
    """Judge the suspects by their true keys; a row that is dropped gets version NULL."""
    count = _buckets(first_value(case.connection, "SELECT count(*) FROM suspect"))
    for bucket in range(count):
        chosen = f"_h IN (SELECT h FROM suspect WHERE h % {count} = {bucket})"
        case.connection.execute(f"INSERT INTO verdict {_verdict_sql(case, chosen)}")
    (row,) = records(
        case.connection,
        "SELECT count(*) FILTER (_new IS NULL) AS unchanged, "
        "count(*) FILTER (_new > 1) AS corrected FROM verdict",
    )
    return {name: int(str(value)) for name, value in row.items()}


def _verdict_sql(case: _Case, chosen: str) -> str:
    keys = idents(case.contract.key)
    same = " AND ".join(
        f"rows_.{ident(key)} IS NOT DISTINCT FROM held.{ident(key)}" for key in case.contract.key
    )
    each = f"PARTITION BY {', '.join(f'rows_.{ident(key)}' for key in case.contract.key)}"
    order = "ORDER BY _file, _place"
    # names of our own begin with an underscore: no key column does
    return (
        f"WITH rows_ AS (SELECT {keys}, _hash, {_PLACE} FROM ("
        f"SELECT *, {case.key_hash} AS _h FROM ({case.staged_sql(_WITH_PLACE)})) "
        f"WHERE _version > 0 AND {chosen}), "
        f"held AS (SELECT {keys}, arg_max(_content, _version) AS _content, "
        f"max(_version) AS _base FROM (SELECT {keys}, _version, {case.known_hash} AS _content, "
        f"{case.key_hash} AS _h FROM ({case.known_sql()})) WHERE {chosen} GROUP BY {keys}), "
        f"met AS (SELECT rows_.*, held._content, coalesce(held._base, 0) AS _base, "
        f"coalesce(lag(_hash) OVER ({each} {order}), held._content) AS _before, "
        f"last_value(_hash) OVER ({each} {order} "
        f"ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS _final "
        f"FROM rows_ LEFT JOIN held ON {same}), "
        f"decided AS (SELECT *, coalesce(_final <> _content, TRUE) "
        f"AND _hash IS DISTINCT FROM _before AS _keep FROM met) "
        f"SELECT _file, _place, CASE WHEN _keep THEN _base + sum(CAST(_keep AS BIGINT)) OVER ("
        f"{each.replace('rows_.', '')} {order} ROWS UNBOUNDED PRECEDING) END FROM decided"
    )


_WITH_PLACE = ", filename=true, file_row_number=true"
_PLACE = "CAST(parse_filename(filename, true) AS INTEGER) AS _file, file_row_number AS _place"


def _rewritten(case: _Case, folder: Path) -> tuple[NewFile, ...]:
    """Write the rows that are kept, with their versions."""
    shown = [
        "coalesce(verdict._new, 1) AS _version" if name == "_version" else f"rows_.{ident(name)}"
        for name in case.columns
    ]
    query = (
        f"SELECT {', '.join(shown)} FROM (SELECT *, {_PLACE} "
        f"FROM ({case.staged_sql(_WITH_PLACE)})) AS rows_ "
        f"LEFT JOIN verdict ON rows_._file = verdict._file AND rows_._place = verdict._place "
        f"WHERE rows_._version > 0 AND (verdict._file IS NULL OR verdict._new IS NOT NULL)"
    )
    return tuple(write_many(case.connection, query, folder=folder / "kept"))
