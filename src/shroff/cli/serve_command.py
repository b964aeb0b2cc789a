"""`shroff serve`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from shroff.cli.endings import Session
from shroff.cli.options import engine_option, open_workspace, workspace_option

if TYPE_CHECKING:
    from shroff.web.serving import Listening
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
@click.option(
    "--name",
    "names",
    multiple=True,
    metavar="NAME",
    help="Name under which browsers reach it beyond this machine. Repeatable.",
)
@click.option("--certificate", default="", metavar="FILE", help="Certificate, PEM: serve TLS.")
@click.option("--key", default="", metavar="FILE", help="Key of the certificate, PEM.")
@click.option("--open", "show", is_flag=True, help="Open it in the browser.")
@engine_option
@workspace_option
@click.pass_context
def command(
    ctx: click.Context,
    *,
    host: str,
    port: int,
    names: tuple[str, ...],
    certificate: str,
    key: str,
    show: bool,
    folder: str,
) -> None:
    """Serve the dashboard until it is stopped with Ctrl-C.

    To this machine, without signing in; to a team once people were added with shroff people add.
    Where there is no workspace, a page makes the demo or maps your files first.
    """
    from shroff.store.settings_search import has_settings
    from shroff.web.serving import Listening

    where = Listening(host=host, port=port, names=names, certificate=certificate, key=key)
    if not has_settings(folder):
        made = _first_run(folder, where, show=show)
        if made is None:
            return
        folder, where, show = str(made[0].root), made[1], False
    workspace = open_workspace(ctx.ensure_object(Session), folder)
    serve_here(workspace, where, show=show)


def _first_run(folder: str, where: Listening, *, show: bool) -> tuple[Workspace, Listening] | None:
    from pathlib import Path

    from shroff.errors import ConfigError
    from shroff.web.first_run import first_run

    root = Path(folder).expanduser().resolve()
    if not root.is_dir():
        raise ConfigError("there is no such folder", where=folder, hint="make it first")

    def ready(address: str) -> None:
        click.echo(f"No workspace in {root} yet: {address} makes one.")
        click.echo("Ctrl-C stops it.")
        if show:
            click.launch(address)

    return first_run(root, where, ready=ready)


def serve_here(
    workspace: Workspace, where: Listening | None = None, *, show: bool = False
) -> None:
    """Serve a workspace's dashboard and say where it is, until it is stopped.

    Parameters
    ----------
    workspace : Workspace
        The logs.
    where : Listening, optional
        Where to listen; on the usual port of this machine when absent.
    show : bool
        Whether to open it in the browser.
    """
    from shroff.web.serving import Listening, serve

    def ready(address: str) -> None:
        click.echo(f"{workspace.name}: {address}")
        click.echo("Ctrl-C stops it.")
        if show:
            click.launch(address)

    serve(workspace, where or Listening(host=HOST, port=PORT), ready=ready)
