"""`shroff people refuse`."""

from __future__ import annotations

import click

from shroff.cli.options import json_option, workspace_option
from shroff.cli.people_here import stdin_option
from shroff.cli.people_settle import settle

__all__ = ["command"]


@click.command()
@click.argument("request")
@click.option("--name", required=True, help="Who refuses.")
@click.option("--note", required=True, metavar="TEXT", help="Why.")
@stdin_option
@workspace_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    *,
    request: str,
    name: str,
    note: str,
    from_stdin: bool,
    folder: str,
    as_json: bool,
) -> None:
    """Refuse the step REQUEST, with the password of an approver."""
    said = (name, note)
    settle(ctx, request, said, verdict="refused", from_stdin=from_stdin, out=(folder, as_json))
