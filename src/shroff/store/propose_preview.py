"""What a mapping would do to the rows looked at: five of them, and what would be rejected."""

from __future__ import annotations

from collections.abc import Sequence

from shroff.domain.messages import Message
from shroff.store.binding import bind
from shroff.store.connection import Connection, records, table_of
from shroff.store.mapping import MappingSpec
from shroff.store.plan import Plan
from shroff.store.propose_profile import FileProfile
from shroff.store.propose_values import Translation
from shroff.store.reasons import Reason
from shroff.store.schema import BOOKKEEPING, Table

__all__ = ["preview_of", "refusals_of"]

_ROWS = 5
_LONGEST = 28
_EPOCH = "1970-01-01 00:00:00+00"
_SAMPLE = (
    "SELECT *, CAST(NULL AS VARCHAR) AS _fault, CAST(0 AS BIGINT) AS _line,"
    " CAST(NULL AS VARCHAR) AS _raw FROM sample"
)


def _plan(connection: Connection, seen: FileProfile, contract: Table, spec: MappingSpec) -> Plan:
    plan, _ = bind(contract, spec, connection=connection, source=seen.opened.columns, stored={})
    return plan


def preview_of(
    connection: Connection, seen: FileProfile, *, contract: Table, spec: MappingSpec
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Give five rows as they would be stored.

    Parameters
    ----------
    connection : DuckDBPyConnection
        Where the table ``sample`` is.
    seen : FileProfile
        The file.
    contract : Table
        Its table.
    spec : MappingSpec
        Its mapping.

    Returns
    -------
    tuple of str, tuple of tuple of str
        Columns that hold something, and rows.
    """
    plan = _plan(connection, seen, contract, spec)
    query = plan.staged(f"{_SAMPLE} LIMIT {_ROWS}", ingest="preview", at=_EPOCH)
    rows = table_of(connection, query)
    names = [
        name
        for name in rows.column_names
        if contract.column(name)
        and name not in BOOKKEEPING
        and rows.column(name).null_count < rows.num_rows
    ]
    cells = zip(*(rows.column(name).to_pylist() for name in names), strict=True)
    return tuple(names), tuple(tuple(_short(value) for value in row) for row in cells)


def _short(value: object) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def refusals_of(
    connection: Connection,
    seen: FileProfile,
    *,
    contract: Table,
    spec: MappingSpec,
    told: Sequence[Translation],
) -> list[Message]:
    """Say which rows would be rejected, and why.

    Parameters
    ----------
    connection : DuckDBPyConnection
        Where the table ``sample`` is.
    seen : FileProfile
        The file.
    contract : Table
        Its table.
    spec : MappingSpec
        Its mapping.
    told : sequence of Translation
        Values already asked about.

    Returns
    -------
    list of Message
        One for each column and reason; columns that are missing as a whole are told elsewhere.
    """
    plan = _plan(connection, seen, contract, spec)
    asked = {each.column for each in told if each.likely}
    mapped = {field.column.name for field in plan.fields if field.raw}
    rows = records(
        connection,
        f'SELECT "column" AS place, reason, COUNT(*) AS n, MIN("value") AS example'
        f" FROM ({plan.diagnosis(_SAMPLE)}) AS refused GROUP BY 1, 2 ORDER BY n DESC",
    )
    return [
        Message(
            "propose.refused",
            {
                "table": contract.name,
                "column": str(row["place"]),
                "rows": int(str(row["n"])),
                "total": seen.rows,
                "reason": Reason(str(row["reason"])).message.text(),
                "value": str(row["example"] or ""),
            },
        )
        for row in rows
        if row["place"] in mapped and row["place"] not in asked
    ]
