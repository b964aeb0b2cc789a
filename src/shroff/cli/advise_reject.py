"""`shroff advise reject`."""

from __future__ import annotations

import click

from shroff.cli.advise_decide import Said, decide
from shroff.cli.options import json_option, workspace_option

__all__ = ["command"]


@click.command()
@click.argument("advice", metavar="RECOMMENDATION")
@click.option("--reason", required=True, metavar="TEXT", help="Why.")
@click.option("--who", default="", metavar="NAME", help="Who decides.  [default: the login name]")
@workspace_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    *,
    advice: str,
    reason: str,
    who: str,
    folder: str,
    as_json: bool,
) -> None:
    """Record that a recommendation will not be done, and why.

    A RECOMMENDATION may be named by the beginning of its id; shroff advise plan lists them.
    """
    said = Said(advice, "rejected", who, reason, folder)
    decide(ctx, said, as_json=as_json)
