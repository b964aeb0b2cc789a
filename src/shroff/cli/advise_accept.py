"""`shroff advise accept`."""

from __future__ import annotations

import click

from shroff.cli.advise_decide import Said, decide
from shroff.cli.options import json_option, workspace_option

__all__ = ["command"]


@click.command()
@click.argument("advice", metavar="RECOMMENDATION")
@click.option("--reason", required=True, metavar="TEXT", help="Why.")
@click.option("--who", default="", metavar="NAME", help="Who decides.  [default: the login name]")
@click.option("--owner", default="", metavar="NAME", help="Who does it.")
@click.option("--due", default="", metavar="DAY", help="By when.")
@workspace_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    *,
    advice: str,
    reason: str,
    who: str,
    owner: str,
    due: str,
    folder: str,
    as_json: bool,
) -> None:
    """Record that a recommendation will be done, and by whom.

    A RECOMMENDATION may be named by the beginning of its id; shroff advise plan lists them.
    """
    from shroff.advise.outcome_question import parse_day

    told = {"owner": owner, "due": str(parse_day(due, where="--due")) if due else ""}
    said = Said(advice, "accepted", who, reason, folder, told={k: v for k, v in told.items() if v})
    decide(ctx, said, as_json=as_json)
