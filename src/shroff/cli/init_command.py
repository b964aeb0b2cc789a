"""`shroff init`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from shroff.cli.endings import Session
from shroff.cli.options import json_option

if TYPE_CHECKING:
    from shroff.domain.messages import Language
    from shroff.store.propose import Proposal, TableProposal

__all__ = ["command"]

_PREVIEW_COLUMNS = 7


class _ManyFiles(click.Command):
    """Lets ``--from`` take all names up to the next option, as a shell's glob gives them."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Repeat ``--from`` before each of its names."""
        spread: list[str] = []
        reading = False
        for word in args:
            reading = word == "--from" or (reading and not word.startswith("-"))
            spread += (
                ["--from", word] if reading and word != "--from" else [word] * (word != "--from")
            )
        return super().parse_args(ctx, spread)


@click.command(cls=_ManyFiles)
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
    from shroff.domain.messages import Language
    from shroff.workspace import Workspace

    ctx.ensure_object(Session)
    speaks = Language(language)
    proposal = _proposed(files, Path(folder)) if files else None
    workspace = Workspace.create(
        folder, name=name, language=language, mapping=proposal.toml(speaks) if proposal else ""
    )
    if as_json:
        from shroff.cli.console import print_json

        print_json({"workspace": str(workspace.root), **(proposal.record() if proposal else {})})
        return
    if proposal:
        _show(proposal, speaks)
    click.echo(f"Workspace made: {workspace.root / 'shroff.toml'}")
    click.echo(f"Next: {_next_step(proposal)}")


def _proposed(files: tuple[str, ...], folder: Path) -> Proposal:
    from shroff.store.propose import propose
    from shroff.store.settings import SETTINGS_FILE

    if (folder / SETTINGS_FILE).exists():
        from shroff.errors import ConfigError

        raise ConfigError(
            "there is a workspace already",
            where=str(folder / SETTINGS_FILE),
            hint="edit it, or choose another folder",
        )
    return propose([Path(each) for each in files])


def _next_step(proposal: Proposal | None) -> str:
    if proposal is None:
        return "describe your columns in it, then shroff ingest TABLE FILES"
    doubts = len(proposal.doubts)
    look = f"look at the {doubts} doubts marked '?' in it, then " if doubts else ""
    return f"{look}shroff ingest --all"


def _show(proposal: Proposal, language: Language) -> None:
    from rich.markup import escape

    from shroff.cli.console import print_table, results

    console = results()
    for table in proposal.tables:
        names = ", ".join(path.name for path in table.files)
        console.print(f"[bold]{table.table}[/]: {escape(names)}")
        print_table(*_narrow(table))
        console.print()
    for doubt in proposal.doubts:
        console.print(f"[yellow]?[/] {escape(doubt.text(language))}", soft_wrap=True)


def _narrow(table: TableProposal) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Keep the columns of a preview that tell most."""
    from shroff.store.schema import TABLES

    contract = TABLES[table.table]
    names = table.preview_columns
    first = [n for n in names if n in table.spec.columns or n in table.spec.values]
    needed = [n for n in names if (column := contract.column(n)) and column.required]
    chosen = set(list(dict.fromkeys([*needed, *first, *names]))[:_PREVIEW_COLUMNS])
    kept = [index for index, name in enumerate(names) if name in chosen]
    rows = [tuple(row[index] for index in kept) for row in table.preview]
    return tuple(names[index] for index in kept), rows
