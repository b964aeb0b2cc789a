"""`shroff init`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from shroff.cli.endings import Session
from shroff.cli.options import json_option

if TYPE_CHECKING:
    from shroff.store.propose import Proposal

__all__ = ["command"]


@click.command(context_settings={"ignore_unknown_options": False})
@click.argument("folder", default=".", metavar="[DIR]")
@click.option(
    "--from",
    "files",
    multiple=True,
    metavar="FILES",
    help="Files, a folder or a glob to propose a mapping from; may be given several times.",
)
@click.option("--name", default="", help="Name shown on reports; the folder's when left out.")
@click.option(
    "--language", type=click.Choice(["en", "zh"]), default="en", help="Language of the workspace."
)
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    *,
    folder: str,
    files: tuple[str, ...],
    name: str,
    language: str,
    as_json: bool,
) -> None:
    """Make a workspace in DIR (here by default).

    With --from, the files are read and a mapping is proposed: which table each file is, which
    column is which, what the values mean. Look through shroff.toml, then: shroff ingest --all
    """
    from shroff.workspace import Workspace

    ctx.ensure_object(Session)
    proposal = _proposed(files, Path(folder)) if files else None
    workspace = Workspace.create(
        folder, name=name, language=language, mapping=proposal.toml() if proposal else ""
    )
    if as_json:
        from shroff.cli.console import print_json

        print_json({"workspace": str(workspace.root), **(proposal.record() if proposal else {})})
        return
    if proposal:
        _show(proposal)
    click.echo(f"Workspace made: {workspace.root / 'shroff.toml'}")
    click.echo(f"Next: {_next_step(proposal)}")


def _proposed(files: tuple[str, ...], folder: Path) -> Proposal:
    from shroff.store.propose import propose
    from shroff.store.settings import SETTINGS_FILE
    from shroff.store.sources import files_of

    if (folder / SETTINGS_FILE).exists():
        from shroff.errors import ConfigError

        raise ConfigError(
            "there is a workspace already",
            where=str(folder / SETTINGS_FILE),
            hint="edit it, or choose another folder",
        )
    return propose(files_of(files))


def _next_step(proposal: Proposal | None) -> str:
    if proposal is None:
        return "describe your columns in it, then shroff ingest TABLE FILES"
    doubts = len(proposal.doubts)
    look = f"look at the {doubts} doubts marked '?' in it, then " if doubts else ""
    return f"{look}shroff ingest --all"


def _show(proposal: Proposal) -> None:
    from rich.markup import escape

    from shroff.cli.console import print_table, results

    console = results()
    for table in proposal.tables:
        title = f"{table.table}: {', '.join(path.name for path in table.files)}"
        console.print(f"\n[bold]{escape(title)}[/]")
        print_table(table.preview_columns, table.preview)
    for path, reason in proposal.unknown:
        console.print(f"[yellow]{escape(str(path))}: {escape(reason)}[/]")
    if proposal.doubts:
        console.print("\n[bold]Not sure of:[/]")
    for doubt in proposal.doubts:
        console.print(f"  ? {escape(doubt)}")
    console.print()
