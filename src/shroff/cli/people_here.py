"""What the commands of `shroff people` share: who types, and the password they type."""

from __future__ import annotations

import getpass
import sys
from typing import TYPE_CHECKING

import click

from shroff.cli.endings import Session
from shroff.cli.options import open_workspace
from shroff.errors import ConfigError

if TYPE_CHECKING:
    from shroff.store.people_file import PeopleFile

__all__ = ["at_terminal", "people_file", "role_type", "stdin_option", "typed_password"]

role_type = click.Choice(["viewer", "analyst", "approver", "admin"])

stdin_option = click.option(
    "--password-stdin", "from_stdin", is_flag=True, help="Read the password from the input."
)


def at_terminal() -> str:
    """Name who types, so that nobody who signs in can be taken for them."""
    return f"terminal:{getpass.getuser()}"


def people_file(ctx: click.Context, folder: str) -> PeopleFile:
    """Give the people of a workspace."""
    from shroff.store.people_file import PeopleFile

    return PeopleFile(open_workspace(ctx.ensure_object(Session), folder).root)


def typed_password(*, from_stdin: bool, again: bool = True) -> str:
    """Ask for a password.

    Parameters
    ----------
    from_stdin : bool
        Whether it stands in the first line of the input.
    again : bool
        Whether it is to be typed twice.

    Returns
    -------
    str
        The password.

    Raises
    ------
    ConfigError
        If none was given.
    """
    asked: str = (
        sys.stdin.readline().rstrip("\r\n")
        if from_stdin
        else click.prompt("Password", hide_input=True, confirmation_prompt=again, err=True)
    )
    if not asked:
        raise ConfigError("no password was given", where="--password-stdin")
    return asked
