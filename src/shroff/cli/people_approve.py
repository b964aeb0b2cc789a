"""`shroff people approve`."""

from __future__ import annotations

import click

from shroff.cli.options import json_option, workspace_option
from shroff.cli.people_here import stdin_option
from shroff.cli.people_settle import settle

__all__ = ["command"]


@click.command()
@click.argument("request")
@click.option("--name", required=True, help="Who approves; not who asked.")
@click.option("--note", default="", metavar="TEXT", help="What they say.")
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
    """Let the step REQUEST happen, with the password of an approver who did not ask for it."""
    said = (name, note)
    settle(ctx, request, said, verdict="approved", from_stdin=from_stdin, out=(folder, as_json))
