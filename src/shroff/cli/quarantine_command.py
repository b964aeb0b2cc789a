"""`shroff quarantine`."""

from __future__ import annotations

import click

from shroff.cli.endings import Session
from shroff.cli.options import engine_option, json_option, open_workspace, workspace_option

__all__ = ["command"]


@click.command()
@click.option(
    "--table", "table", metavar="TABLE", help="Only rows that were meant for this table."
)
@click.option(
    "--limit", type=click.IntRange(min=1), default=50, show_default=True, help="Rows at most."
)
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
    table: str | None,
    limit: int,
    csv_file: str | None,
    folder: str,
    as_json: bool,
) -> None:
    """List the rows that were rejected: file, line, column, value, reason and the row itself."""
    from shroff.cli.console import print_json, print_table
    from shroff.cli.tables import row_values, write_csv

    workspace = open_workspace(ctx.ensure_object(Session), folder)
    rows = workspace.quarantine(table=table, limit=None if csv_file else limit)
    if csv_file:
        write_csv(rows, csv_file)
    elif as_json:
        print_json({"columns": rows.column_names, "rows": rows.to_pylist()})
    elif not rows.num_rows:
        click.echo("No row was rejected.")
    else:
        cells = [[_short(value) for value in row] for row in row_values(rows)]
        print_table(rows.column_names, cells, right=("line",))


def _short(value: object) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= 60 else text[:57] + "..."
