"""What keeps other sites and hostile texts out: who may ask, and what a browser may do with a page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from getpass import getuser
from ipaddress import ip_address
from urllib.parse import urlsplit

from fastapi import Request, Response
from fastapi.responses import PlainTextResponse

from shroff.web.people import Person, Role

__all__ = ["HEADERS", "Guard", "is_loopback"]

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types shroff"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""Headers of every answer: only our own scripts run, nothing is fetched from elsewhere."""

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def is_loopback(host: str) -> bool:
    """Tell whether a name or address is of this machine only.

    Parameters
    ----------
    host : str
        Without a port; brackets of IPv6 may stand.

    Returns
    -------
    bool
        True for ``localhost`` and loopback addresses.
    """
    bare = host.strip("[]").lower()
    if bare == "localhost":
        return True
    try:
        return ip_address(bare).is_loopback
    except ValueError:
        return False


class Guard:
    """Refuses what other sites sent a browser to ask, and sets the headers of every answer.

    Parameters
    ----------
    hosts : frozenset of str
        Names under which the dashboard is reached, beside those of this machine; a page of
        another site that a name was made to point here is refused.
    """

    def __init__(self, hosts: frozenset[str] = frozenset()) -> None:
        self._hosts = hosts

    async def __call__(
        self, request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        """Let a request pass, or not."""
        refused = self._refusal(request)
        request.state.person = Person(getuser(), Role.ADMIN, alone=True)
        answer = refused if refused is not None else await call_next(request)
        for name, value in HEADERS.items():
            answer.headers.setdefault(name, value)
        static = request.url.path.startswith("/static/")
        answer.headers.setdefault("Cache-Control", "no-cache" if static else "no-store")
        return answer

    def _refusal(self, request: Request) -> Response | None:
        host = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
        if not (is_loopback(host) or host in self._hosts):
            return PlainTextResponse("This name does not lead here.", status_code=421)
        if request.method in _SAFE:
            return None
        origin = request.headers.get("origin")
        site = request.headers.get("sec-fetch-site", "same-origin")
        if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
            return PlainTextResponse("Another site asked for this.", status_code=403)
        if site not in {"same-origin", "none"}:
            return PlainTextResponse("Another site asked for this.", status_code=403)
        return None
