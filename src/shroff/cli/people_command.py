"""`shroff people`: who may come in to the dashboard, and what they did."""

from __future__ import annotations

import click

from shroff.cli.lazy_group import LazyGroup

__all__ = ["PEOPLE_COMMANDS", "command"]

PEOPLE_COMMANDS: dict[str, tuple[str, str]] = {
    "add": ("people_add", "Let someone come in; the first is an admin."),
    "list": ("people_list", "List who may come in, and who is signed in."),
    "role": ("people_role", "Give someone another role."),
    "password": ("people_password", "Give someone another password; their sessions end."),
    "sign-out": ("people_sign_out", "End the sessions of someone, or of everybody."),
    "remove": ("people_remove", "Let someone come in no more."),
    "token": ("people_token", "Make a token for a program; list and revoke tokens."),
    "waiting": ("people_waiting", "List what waits for the word of a second person."),
    "approve": ("people_approve", "Let what waits happen, as a second person."),
    "refuse": ("people_refuse", "Refuse what waits."),
    "audit": ("people_audit", "Tell who saw and changed what, and whether the log is whole."),
}
"""Subcommands: module and summary; a module is imported when its command runs."""


class _People(LazyGroup):
    table = PEOPLE_COMMANDS


@click.group(cls=_People)
def command() -> None:
    """Say who may come in to the dashboard, and tell what they did.

    Roles: a viewer sees, an analyst labels and keeps drafts too, an approver lets things act on
    ads too, an admin manages settings and people too.
    """
