"""What `shroff people approve` and `refuse` share: the second person proves who they are."""

from __future__ import annotations

import click

from shroff.cli.endings import Session
from shroff.cli.options import open_workspace
from shroff.cli.people_here import typed_password
from shroff.errors import ConfigError

__all__ = ["settle"]


def settle(
    ctx: click.Context,
    request: str,
    said: tuple[str, str],
    *,
    verdict: str,
    from_stdin: bool,
    out: tuple[str, bool],
) -> None:
    """Approve or refuse a step.

    Parameters
    ----------
    ctx : Context
        The command.
    request : str
        Name of the step.
    said : (str, str)
        Who says so, and what else they say.
    verdict : str
        ``approved`` or ``refused``.
    from_stdin : bool
        Whether the password stands in the input.
    out : (str, bool)
        Folder of the workspace, and whether to print JSON.

    Raises
    ------
    ConfigError
        If it is not them, or they may not approve.
    """
    from shroff.advise.approval_desk import ApprovalDesk
    from shroff.cli.console import print_json
    from shroff.domain.roles import Act
    from shroff.store.accounts import Accounts
    from shroff.store.audit_trail import AuditTrail
    from shroff.store.people_file import PeopleFile
    from shroff.store.sign_in_tries import SignInTries

    workspace = open_workspace(ctx.ensure_object(Session), out[0])
    workspace.catalog.approvals.find(request)
    file, (name, note) = PeopleFile(workspace.root), said
    password = typed_password(from_stdin=from_stdin, again=False)
    tries = SignInTries(file)
    wait = tries.enter(name, "terminal")
    account = None if wait else Accounts(file).proves(name, password)
    if account is None:
        hint = f"too many tries failed: wait {wait} s" if wait else ""
        raise ConfigError("the name or the password is wrong", where="--name", hint=hint)
    tries.succeeded(name)
    if not account.role.may(Act.APPROVE):
        raise ConfigError(f"{name} is {account.role} and may not approve", where="--name")
    desk = ApprovalDesk(workspace.adviser)
    settling = desk.approve if verdict == "approved" else desk.refuse
    found = settling(request, by=name, note=note)
    AuditTrail(file).add(name, verdict, request, detail={"subject": found.subject})
    if as_json := out[1]:
        print_json(found.record())
    if not as_json:
        click.echo(f"{found.subject}: {found.state} by {found.by}")
