"""`shroff people list`."""

from __future__ import annotations

import click

from shroff.cli.options import json_option, workspace_option
from shroff.cli.people_here import people_file

__all__ = ["command"]


@click.command()
@workspace_option
@json_option
@click.pass_context
def command(ctx: click.Context, *, folder: str, as_json: bool) -> None:
    """List who may come in, and how many sessions and tokens of theirs hold."""
    from collections import Counter

    from shroff.cli.console import print_json, print_table
    from shroff.store.accounts import Accounts
    from shroff.store.api_tokens import ApiTokens
    from shroff.store.sign_ins import Sessions

    file = people_file(ctx, folder)
    sessions = Counter(each.name for each in Sessions(file=file).sessions())
    tokens = Counter(each.name for each in ApiTokens(file).tokens())
    records = [
        {**each.record(), "sessions": sessions[each.name], "tokens": tokens[each.name]}
        for each in Accounts(file).accounts()
    ]
    if as_json:
        print_json({"people": records})
    elif not records:
        click.echo("Nobody signs in here: the dashboard is for the user of this machine alone.")
    else:
        titles = list(records[0])
        rows = [[str(each[title]) for title in titles] for each in records]
        print_table(titles, rows, right=("sessions", "tokens"))
