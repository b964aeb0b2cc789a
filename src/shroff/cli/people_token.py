"""`shroff people token`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from shroff.cli.options import json_option, workspace_option
from shroff.cli.people_here import at_terminal, people_file

if TYPE_CHECKING:
    from shroff.store.api_tokens import ApiTokens

__all__ = ["command"]


@click.command()
@click.argument("name", required=False, default="")
@click.option(
    "--scope",
    "scopes",
    type=click.Choice(["see", "label", "write"]),
    multiple=True,
    default=("see",),
    show_default=True,
    help="What it may be used for. Repeatable.",
)
@click.option(
    "--days", type=click.IntRange(1, 366), default=90, show_default=True, help="Days it lives."
)
@click.option("--note", default="", metavar="TEXT", help="What it is for.")
@click.option("--revoke", default="", metavar="PREFIX", help="Revoke the token that begins so.")
@workspace_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    *,
    name: str,
    scopes: tuple[str, ...],
    days: int,
    note: str,
    revoke: str,
    folder: str,
    as_json: bool,
) -> None:
    """Make a token with which a program asks on behalf of NAME; without a name, list the tokens.

    It is shown once. A program sends it as "Authorization: Bearer TOKEN".

    \b
    shroff people token ann --scope see --days 30 --note "nightly export"
    shroff people token --revoke shroff_0a1b2c3d
    """  # noqa: D301 - click keeps the lines after \b
    from shroff.cli.console import print_json
    from shroff.domain.roles import Act
    from shroff.store.accounts import Accounts
    from shroff.store.api_tokens import ApiTokens

    file = people_file(ctx, folder)
    tokens = ApiTokens(file)
    if revoke:
        tokens.revoke(revoke, by=at_terminal())
    if not name:
        _list(tokens, as_json=as_json)
        return
    Accounts(file).account(name)
    made = tokens.make(name, map(Act, scopes), note=note, by=at_terminal(), days=days)
    if as_json:
        print_json({"token": made, "tokens": [each.record() for each in tokens.tokens(name)]})
    else:
        click.echo(made)


def _list(tokens: ApiTokens, *, as_json: bool) -> None:
    from shroff.cli.console import print_json, print_table

    records = [each.record() for each in tokens.tokens()]
    if as_json:
        print_json({"token": None, "tokens": records})
    elif not records:
        click.echo("No token holds.")
    else:
        rows = [[_text(value) for value in each.values()] for each in records]
        print_table(list(records[0]), rows)


def _text(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value or "–")
