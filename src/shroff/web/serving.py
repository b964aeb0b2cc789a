"""Runs the dashboard on a port, and says where it is."""

from __future__ import annotations

import logging
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address

import uvicorn

from shroff.errors import ConfigError
from shroff.store.accounts import has_team
from shroff.web.guard import is_loopback
from shroff.web.server import STATIC, application
from shroff.workspace import Workspace

__all__ = ["Listening", "bound", "serve"]

_LOG = logging.getLogger("shroff")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """Where a dashboard listens, and under which names it is reached.

    Parameters
    ----------
    host : str
        Address to listen on.
    port : int
        Port; 0 for any that is free.
    names : tuple of str
        Names that browsers know it by, beside those of this machine and of the settings.
    certificate, key : str
        Files of a certificate and its key, so that it is reached over TLS; none when empty.
    """

    host: str
    port: int
    names: tuple[str, ...] = ()
    certificate: str = ""
    key: str = ""

    @property
    def secure(self) -> bool:
        """Tell whether it is reached over TLS."""
        return bool(self.certificate)


def serve(workspace: Workspace, listening: Listening, *, ready: Callable[[str], None]) -> None:
    """Serve the dashboard until it is stopped.

    Parameters
    ----------
    workspace : Workspace
        The logs.
    listening : Listening
        Where to listen.
    ready : callable
        Told the address, once it answers there.

    Raises
    ------
    ConfigError
        If others could reach it and nobody has to sign in, the port is taken, or its scripts were
        not bundled.
    """
    hosts = _hosts(workspace, listening)
    if listening.key and not listening.certificate:
        raise ConfigError("a key is of no use without its certificate", where="--key")
    if not (STATIC / "dashboard.js").is_file():
        raise ConfigError(
            "the dashboard's scripts were not bundled when Shroff was installed",
            where=str(STATIC),
            hint="install again where an npm registry answers: pip install --editable .",
        )
    proxies = workspace.settings.web.proxies
    app = application(workspace, hosts=hosts)
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=bool(proxies),  # else anyone could say where they come from
        forwarded_allow_ips=list(proxies),
        ssl_certfile=listening.certificate or None,
        ssl_keyfile=listening.key or None,
    )
    _load(config)
    socket_ = bound(listening)
    scheme = "https" if listening.secure else "http"
    shown = next(iter(listening.names), listening.host)
    named = f"[{shown}]" if ":" in shown else shown
    app.state.answers.begin_ahead()
    socket_.listen()  # who comes before the server is up waits, and is not turned away
    ready(f"{scheme}://{named}:{socket_.getsockname()[1]}/")
    uvicorn.Server(config).run(sockets=[socket_])


def _hosts(workspace: Workspace, listening: Listening) -> frozenset[str]:
    """Give the names it answers to; see that nobody comes in who has not signed in."""
    names = frozenset({*listening.names, *workspace.settings.web.names})
    if is_loopback(listening.host):
        if names and not has_team(workspace.root):
            raise ConfigError(
                "a proxy lets others in by a name, and nobody has to sign in yet",
                where="--name",
                hint="shroff people add NAME --role admin",
            )
        return names
    if not has_team(workspace.root):
        raise ConfigError(
            f"{listening.host} can be reached from other machines, and nobody has to sign in yet",
            where="--host",
            hint="shroff people add NAME --role admin; or leave --host out",
        )
    if _is_any(listening.host) and not names:
        raise ConfigError(
            "by which name do browsers reach it? Others are refused",
            where="--name",
            hint="--name shroff.example, or names in [web]",
        )
    if not listening.secure and not workspace.settings.web.proxies:
        _LOG.warning(
            "passwords come in unencrypted: give --certificate and --key, or put a proxy with TLS"
            " before it and name it in [web] proxies"
        )
    return names if _is_any(listening.host) else names | {listening.host.strip("[]")}


def _is_any(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_unspecified
    except ValueError:
        return False


def _load(config: uvicorn.Config) -> None:
    """Read the certificate now, so that what is wrong with it is told."""
    try:
        config.load()
    except (OSError, ssl.SSLError) as fault:
        raise ConfigError(
            f"the certificate cannot be used: {fault}",
            where="--certificate",
            hint="both files in PEM; the key without a password",
        ) from fault


def bound(listening: Listening) -> socket.socket:
    """Take the port that is to be listened on.

    Parameters
    ----------
    listening : Listening
        Address and port.

    Returns
    -------
    socket
        Bound to it.

    Raises
    ------
    ConfigError
        If it cannot be had.
    """
    family = socket.AF_INET6 if ":" in listening.host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((listening.host.strip("[]"), listening.port))
    except OSError as fault:
        found.close()
        raise ConfigError(
            f"port {listening.port} of {listening.host} cannot be listened on: {fault.strerror}",
            where="--port",
            hint="take another one, or 0 for any that is free",
        ) from fault
    return found
