"""Runs the dashboard on a port, and says where it is."""

from __future__ import annotations

import socket
from collections.abc import Callable

import uvicorn

from shroff.errors import ConfigError
from shroff.web.guard import is_loopback
from shroff.web.server import STATIC, application
from shroff.workspace import Workspace

__all__ = ["serve"]


def serve(workspace: Workspace, *, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve the dashboard until it is stopped.

    Parameters
    ----------
    workspace : Workspace
        The logs.
    host : str
        Address to listen on; of this machine only.
    port : int
        Port; 0 for any that is free.
    ready : callable
        Told the address, once it answers there.

    Raises
    ------
    ConfigError
        If others could reach it, the port is taken, or its scripts were not bundled.
    """
    if not is_loopback(host):
        raise ConfigError(
            f"{host} can be reached from other machines, and nobody has to sign in yet",
            where="--host",
            hint="leave --host out; for a team, put a proxy that asks people to sign in before it",
        )
    if not (STATIC / "dashboard.js").is_file():
        raise ConfigError(
            "the dashboard's scripts were not bundled when Shroff was installed",
            where=str(STATIC),
            hint="install again where an npm registry answers: pip install --editable .",
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as fault:
        listening.close()
        raise ConfigError(
            f"port {port} of {host} cannot be listened on: {fault.strerror}",
            where="--port",
            hint="take another one, or 0 for any that is free",
        ) from fault
    named = f"[{host}]" if ":" in host else host
    address = f"http://{named}:{listening.getsockname()[1]}/"
    config = uvicorn.Config(
        application(workspace), log_level="warning", access_log=False, server_header=False
    )
    ready(address)
    uvicorn.Server(config).run(sockets=[listening])
