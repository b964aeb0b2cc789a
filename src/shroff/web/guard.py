"""What keeps others out: who may ask, and what a browser may do with a page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from urllib.parse import quote, urlsplit

from fastapi import Request, Response
from fastapi.responses import PlainTextResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool

from shroff.errors import ShroffError
from shroff.web.entrance import REQUEST_HEADER, Entered, Entrance
from shroff.web.headers import HEADERS
from shroff.web.people import ASKER, NOBODY, Person
from shroff.web.refusals import refused
from shroff.web.witness import Witness

__all__ = ["HEADERS", "Guard", "is_loopback"]


_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_SIGN_IN = "/sign-in"
_OPEN = ("/static/", _SIGN_IN, "/oidc/")
"""Addresses for whoever has not signed in."""

_LARGEST = 64 * 2**20
"""Most bytes of a request, whatever it asks."""

_LARGEST_OF_NOBODY = 64 * 2**10
"""Most bytes of who has not signed in: a name and a password."""

Next = Callable[[Request], Awaitable[Response]]


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
    """Refuses who may not ask, notes who did, and sets the headers of every answer.

    Parameters
    ----------
    entrance : Entrance
        Knows who may come in.
    hosts : frozenset of str
        Names under which the dashboard is reached, beside those of this machine; a page of
        another site that a name was made to point here is refused.
    """

    def __init__(self, entrance: Entrance, hosts: frozenset[str] = frozenset()) -> None:
        self._entrance = entrance
        self._witness = Witness(entrance)
        self._hosts = frozenset(each.lower() for each in hosts)

    async def __call__(self, request: Request, call_next: Next) -> Response:
        """Let a request pass, or not."""
        answer = self._refusal(request)
        if answer is None:
            answer = await self._let_in(request, call_next)
        for name, value in HEADERS.items():
            answer.headers.setdefault(name, value)
        if request.url.scheme == "https":
            answer.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        static = request.url.path.startswith("/static/")
        answer.headers.setdefault("Cache-Control", "no-cache" if static else "no-store")
        return answer

    async def _let_in(self, request: Request, call_next: Next) -> Response:
        try:
            entered = await run_in_threadpool(self._enter, request)
        except ShroffError as fault:
            return refused(503, fault.cause, where=fault.where, hint=fault.hint)
        request.state.session = entered.session_id
        turned_away = _turned_away(request, entered)
        if turned_away is not None:
            return turned_away
        answer = await self._answer(request, call_next, entered.person or NOBODY)
        if entered.person is None or not self._witness.minds(request, entered):
            return answer
        try:
            await run_in_threadpool(
                self._witness.note, request, entered.person, status=answer.status_code
            )
        except ShroffError as fault:
            return refused(503, fault.cause, where=fault.where, hint=fault.hint)
        return answer

    async def _answer(self, request: Request, call_next: Next, person: Person) -> Response:
        request.state.person = person
        asking = ASKER.set(person)
        try:
            return await call_next(request)
        finally:
            ASKER.reset(asking)

    def _enter(self, request: Request) -> Entered:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        bearer = token.strip() if kind.lower() == "bearer" else ""
        secure = request.url.scheme == "https"
        return self._entrance.enter(request.cookies, bearer, secure=secure)

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


def _turned_away(request: Request, entered: Entered) -> Response | None:
    """Refuse who has to sign in first, and what a page of ours did not send."""
    if entered.person is None:
        is_open = request.url.path.startswith(_OPEN)
        return _too_large(request, _LARGEST_OF_NOBODY) if is_open else _sign_in_first(request)
    written = request.method not in _SAFE and request.url.path != _SIGN_IN
    if written and not entered.proven(request.headers.get(REQUEST_HEADER, "")):
        return refused(
            403, "this request does not say that it comes from a page of this dashboard",
            hint="load the page again",
        )  # fmt: skip
    return _too_large(request, _LARGEST)


def _too_large(request: Request, most: int) -> Response | None:
    """Refuse what is larger than anything we read, or will not say how large it is."""
    length = request.headers.get("content-length", "")
    if "transfer-encoding" in request.headers:
        return refused(411, "the request does not say how long it is")
    if length and (not length.isdecimal() or int(length) > most):
        return refused(413, f"the request is longer than {most >> 10:,} KiB")
    return None


def _sign_in_first(request: Request) -> Response:
    path = request.url.path
    if path.startswith(("/api/", "/part/")) or request.method not in {"GET", "HEAD"}:
        return refused(
            401, "nobody is signed in", hint="sign in, or bring a token that holds",
            headers={"WWW-Authenticate": "Bearer"},
        )  # fmt: skip
    wanted = f"{path}?{request.url.query}" if request.url.query else path
    return RedirectResponse(f"/sign-in?next={quote(wanted[:2000], safe='')}", status_code=303)
