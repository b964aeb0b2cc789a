"""Options that several commands share."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from shroff.cli.endings import Session

if TYPE_CHECKING:
    from shroff.workspace import Workspace

__all__ = [
    "engine_option",
    "json_option",
    "level_option",
    "open_workspace",
    "period_option",
    "quarter_option",
    "workspace_option",
]

workspace_option = click.option(
    "-w",
    "--workspace",
    "folder",
    default=".",
    show_default="here or above",
    envvar="SHROFF_WORKSPACE",
    show_envvar=True,
    metavar="DIR",
    help="Folder of the workspace.",
)


def _ask(ctx: click.Context, _: click.Parameter, engine: str | None) -> None:
    ctx.ensure_object(Session).engine = engine or ""


engine_option = click.option(
    "--engine",
    type=click.Choice(["duckdb", "spark"]),
    show_default="that of the settings",
    expose_value=False,
    callback=_ask,
    help="Engine that answers.",
)

json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object; faults too, on stderr."
)


_period = partial(
    click.option,
    "--period",
    default="",
    metavar="PERIOD",
    help="2026-W20, 2026-05, 2026-05-01..2026-05-31, last-week, last-month, last-28-days or all.",
)
period_option = _period(show_default="the last four whole weeks")
quarter_option = _period(show_default="the last 91 days")


level_option = click.option(
    "--level", type=float, default=0.95, show_default=True, help="Coverage of the intervals."
)


def open_workspace(session: Session, folder: str) -> Workspace:
    """Open the workspace of a command.

    Parameters
    ----------
    session : Session
        The command; learns where tracebacks go.
    folder : str
        Folder given.

    Returns
    -------
    Workspace
        The workspace.
    """
    from shroff.workspace import Workspace

    workspace = Workspace.open(folder, engine=session.engine)
    session.logs = workspace.root / "logs"
    return workspace
