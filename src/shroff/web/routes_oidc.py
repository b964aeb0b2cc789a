"""The addresses of signing in elsewhere: going there, and coming back."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool

from shroff.domain.messages import say
from shroff.errors import ConfigError, ShroffError
from shroff.store.accounts import Account, Accounts
from shroff.store.settings_web import OidcSettings
from shroff.web.desk import Desk
from shroff.web.entrance import Entrance
from shroff.web.oidc import Attempt, Identity, Issuer
from shroff.web.routes_sign_in import begin_session, own_path

__all__ = ["add"]

_COOKIE = "shroff_elsewhere"
_MINUTES = 10


@dataclass
class _Elsewhere:
    """The issuer that the settings name now."""

    entrance: Entrance
    _issuer: Issuer | None = field(default=None)

    def issuer(self) -> Issuer:
        settings = self.entrance.settings.web.oidc
        if not settings.issuer:
            raise ConfigError("nobody signs in elsewhere here", where="[web.oidc] issuer")
        if self._issuer is None or self._issuer.settings != settings:
            self._issuer = Issuer(settings)
        return self._issuer


def add(app: FastAPI, desk: Desk) -> None:
    """Add the addresses of signing in elsewhere."""
    entrance = Entrance(desk.answers.workspace.root)
    elsewhere = _Elsewhere(entrance)

    @app.get("/oidc/start", include_in_schema=False)
    async def start(request: Request) -> Response:
        attempt = Attempt.begin(own_path(request.query_params.get("next", "/")))
        issuer = elsewhere.issuer()
        there = await run_in_threadpool(issuer.address, attempt, back=_back(request))
        answer = RedirectResponse(there, status_code=303)
        # the way back is a request that another site leads to, so that strict cookies stay behind
        answer.set_cookie(
            _COOKIE, attempt.cookie(), max_age=60 * _MINUTES, httponly=True, samesite="lax",
            secure=request.url.scheme == "https", path="/oidc/",
        )  # fmt: skip
        return answer

    @app.get("/oidc/callback", include_in_schema=False)
    async def callback(request: Request) -> Response:
        answer: Response
        try:
            attempt = Attempt.read(request.cookies.get(_COOKIE, ""))
            if attempt is None:
                raise ConfigError("this browser did not ask to sign in", where="[web.oidc]")
            found = await run_in_threadpool(_account, elsewhere, request, attempt)
        except ShroffError as fault:
            await run_in_threadpool(
                entrance.trail.add, "", "failed to sign in", "elsewhere",
                detail={"cause": fault.cause},
            )  # fmt: skip
            answer = RedirectResponse("/sign-in?failed=elsewhere", status_code=303)
        else:
            answer = _onward(own_path(attempt.wanted), desk, request)
            await run_in_threadpool(begin_session, entrance, found, request, answer=answer)
        answer.delete_cookie(_COOKIE, path="/oidc/")
        return answer


def _back(request: Request) -> str:
    return f"{request.url.scheme}://{request.headers['host']}/oidc/callback"


def _account(elsewhere: _Elsewhere, request: Request, attempt: Attempt) -> Account:
    issuer = elsewhere.issuer()
    identity = issuer.identity(dict(request.query_params), attempt, back=_back(request))
    return _let_in(Accounts(elsewhere.entrance.file), identity, issuer.settings)


def _let_in(accounts: Accounts, identity: Identity, settings: OidcSettings) -> Account:
    """Find the account of who signed in elsewhere; make one for who may come in."""
    if not any(_fits(identity.email, allowed) for allowed in settings.allow):
        raise ConfigError(f"{identity.email} may not come in", where="[web.oidc] allow")
    subject = (settings.issuer, identity.subject)
    known = accounts.of_subject(*subject)
    if known is not None:
        return known
    if accounts.awaits(identity.email):
        return accounts.bind(identity.email, subject)
    return accounts.add(identity.email, settings.role, by=settings.issuer, subject=subject)


def _fits(email: str, allowed: str) -> bool:
    name, _, domain = email.rpartition("@")
    plain = bool(name) and "@" not in name
    return plain and allowed in {email, f"*@{domain}"}


def _onward(wanted: str, desk: Desk, request: Request) -> Response:
    """Lead on by a page of ours, as a redirect from another site brings no strict cookie along."""
    going = say("web.sign_in.going", desk.view(request).language)
    place = escape(wanted, quote=True)
    return HTMLResponse(
        f'<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url={place}">'
        f'<title>Shroff</title><p><a href="{place}">{escape(going)}</a></p>'
    )
