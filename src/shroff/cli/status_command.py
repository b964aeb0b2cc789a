"""`shroff status`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from shroff.cli.endings import Session
from shroff.cli.options import engine_option, json_option, open_workspace, workspace_option

if TYPE_CHECKING:
    from shroff.store.settings_engine import EngineSettings

__all__ = ["command"]


@click.command()
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(ctx: click.Context, *, folder: str, as_json: bool) -> None:
    """Tell what is in the workspace and what was done in it."""
    from shroff.cli.console import print_json, print_table

    workspace = open_workspace(ctx.ensure_object(Session), folder)
    engine = workspace.settings.engine
    tables = workspace.contents()
    runs = workspace.catalog.runs()
    if as_json:
        print_json(
            {
                "workspace": str(workspace.root),
                "name": workspace.name,
                "engine": engine.name,
                "mapped": engine.tables,
                "tables": [asdict(table) for table in tables],
                "runs": [asdict(run) for run in runs],
            }
        )
        return
    click.echo(f"{workspace.name}: {workspace.root}")
    _show_engine(engine)
    print_table(
        ("table", "rows", "from", "to", "version"),
        [
            (each.table, f"{each.rows:,}", each.first, each.last, _version(each.version))
            for each in tables
        ],
        right=("rows", "version"),
    )
    print_table(
        ("run", "command", "started", "status"),
        [(str(run.id), run.command, run.started, run.status) for run in runs[:10]],
    )


def _show_engine(engine: EngineSettings) -> None:
    """Name the engine where it is not the default one, and what it reads from elsewhere."""
    if engine.name == "spark":
        click.echo(f"engine: spark at {engine.master}")
    for table, place in engine.tables.items():
        click.echo(f"{table}: read from {place}")


def _version(version: int | None) -> str:
    return "–" if version is None else str(version)
