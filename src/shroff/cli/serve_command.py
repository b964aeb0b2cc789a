"""`shroff serve`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from shroff.cli.endings import Session
from shroff.cli.options import engine_option, open_workspace, workspace_option

if TYPE_CHECKING:
    from shroff.workspace import Workspace

__all__ = ["command", "serve_here"]

HOST, PORT = "127.0.0.1", 8787


@click.command()
@click.option("--host", default=HOST, show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PORT,
    show_default=True,
    help="Port to listen on; 0 for any that is free.",
)
@click.option("--open", "show", is_flag=True, help="Open it in the browser.")
@engine_option
@workspace_option
@click.pass_context
def command(ctx: click.Context, *, host: str, port: int, show: bool, folder: str) -> None:
    """Serve the dashboard to this machine until it is stopped with Ctrl-C."""
    serve_here(open_workspace(ctx.ensure_object(Session), folder), host=host, port=port, show=show)


def serve_here(
    workspace: Workspace, *, host: str = HOST, port: int = PORT, show: bool = False
) -> None:
    """Serve a workspace's dashboard and say where it is, until it is stopped.

    Parameters
    ----------
    workspace : Workspace
        The logs.
    host : str
        Address to listen on.
    port : int
        Port to listen on.
    show : bool
        Whether to open it in the browser.
    """
    from shroff.web.serving import serve

    def ready(address: str) -> None:
        click.echo(f"{workspace.name}: {address}")
        click.echo("Ctrl-C stops it.")
        if show:
            click.launch(address)

    serve(workspace, host=host, port=port, ready=ready)
