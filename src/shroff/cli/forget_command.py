"""`shroff forget`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from shroff.cli.endings import Session
from shroff.cli.options import json_option, open_workspace, workspace_option

if TYPE_CHECKING:
    from shroff.store.retention import Erasure

__all__ = ["command"]


@click.command()
@click.argument("kind", type=click.Choice(["advertiser", "reviewer"]))
@click.argument("identity", metavar="ID")
@click.option("--yes", is_flag=True, help="Do not ask.")
@workspace_option
@json_option
@click.pass_context
def command(
    ctx: click.Context, *, kind: str, identity: str, yes: bool, folder: str, as_json: bool
) -> None:
    """Remove an advertiser or a reviewer from the logs, every old state, history and quarantine.

    An advertiser goes with their ads and all that refers to them; a reviewer (the id as it stands
    in your files) with their reviews. It cannot be undone. Figures of the past change. A keyed
    hash stays, so that reading the same files again brings nothing back.
    """
    from shroff.cli.console import print_json

    session = ctx.ensure_object(Session)
    workspace = open_workspace(session, folder)
    if not (yes or as_json or click.confirm(f"Remove {kind} {identity} for good?")):
        click.echo("nothing was removed")
        return
    session.unfinished = "rows removed so far stay removed; run it again to remove the rest"
    erasure = workspace.forget(kind, identity)
    if as_json:
        print_json(erasure.record())
    else:
        _show(erasure)


def _show(erasure: Erasure) -> None:
    for table, rows in erasure.removed.items():
        click.echo(f"{table}: {rows:,} rows removed")
    if not any(erasure.removed.values()):
        click.echo("Nothing was found under this id.")
    click.echo(f"Searched {erasure.searched:,} files beside the lake afterwards.")
    for path in erasure.remaining:
        click.echo(f"still in your own file, which Shroff does not change: {path}")
