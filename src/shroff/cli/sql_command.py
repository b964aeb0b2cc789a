"""`shroff sql`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from shroff.cli.endings import Session
from shroff.cli.options import (
    engine_option,
    json_option,
    open_workspace,
    period_option,
    workspace_option,
)

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["command"]


@click.command()
@click.argument("query")
@click.option("--by", multiple=True, metavar="COLUMN[,COLUMN]", help="Slices, for a METRIC.")
@period_option
@click.option("--limit", type=click.IntRange(min=1), help="Rows at most; 100 on a terminal.")
@click.option(
    "--csv", "csv_file", metavar="FILE", help="Write all rows to a CSV file; - for stdout."
)
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    *,
    query: str,
    by: tuple[str, ...],
    period: str,
    limit: int | None,
    csv_file: str | None,
    folder: str,
    as_json: bool,
) -> None:
    """Run QUERY, one SELECT on the canonical tables; or, given the id of a METRIC, print its SQL.

    \b
    shroff sql "SELECT action, COUNT(*) AS n FROM decisions GROUP BY action"
    shroff sql leakage --by market
    """  # noqa: D301 - click reads the backspace as "keep these lines"
    from shroff.cli.tables import write_csv

    workspace = open_workspace(ctx.ensure_object(Session), folder)
    if query.strip() in workspace.metrics():
        _explain(workspace.metric_sql(query.strip(), by=by, period=period), as_json)
        return
    bound = None if (csv_file or as_json) else 100
    rows = workspace.sql(query, limit=limit or bound)
    if csv_file:
        write_csv(rows, csv_file)
    elif as_json:
        _print_rows(rows)
    else:
        _show(rows)


def _explain(sql: str, as_json: bool) -> None:
    from shroff.cli.console import print_json

    if as_json:
        print_json({"sql": sql})
    else:
        click.echo(sql)


def _print_rows(rows: pa.Table) -> None:
    from shroff.cli.console import print_json

    print_json({"columns": rows.column_names, "rows": rows.to_pylist()})


def _show(rows: pa.Table) -> None:
    from shroff.cli.console import print_table
    from shroff.cli.tables import numeric_columns, row_values

    cells = [["" if value is None else str(value) for value in row] for row in row_values(rows)]
    print_table(rows.column_names, cells, right=numeric_columns(rows))
