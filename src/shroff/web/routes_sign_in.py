"""The addresses of signing in and out."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import parse_qs

from fastapi import Depends, FastAPI, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from shroff.store.accounts import Account, Accounts, has_team
from shroff.store.sign_in_tries import SignInTries
from shroff.store.sign_ins import request_token
from shroff.web.desk import Desk
from shroff.web.entrance import REQUEST_COOKIE, Entrance, session_cookie
from shroff.web.painting import paint
from shroff.web.people import Act, Person, needs

__all__ = ["add", "begin_session", "own_path"]

_Someone = Annotated[Person, Depends(needs(Act.SEE))]
_FIELDS = 10


class SignOut(BaseModel):
    """Whether to sign out of every browser, and not of this one only."""

    everywhere: bool = False


class SignedOut(BaseModel):
    """How many sessions ended."""

    ended: int


def own_path(wanted: str) -> str:
    """Give the address to go on to after signing in: one of ours, whatever was asked for.

    Parameters
    ----------
    wanted : str
        What the request says.

    Returns
    -------
    str
        A path of this dashboard.
    """
    plain = wanted.isprintable() and "\\" not in wanted
    return wanted if plain and wanted.startswith("/") and not wanted.startswith("//") else "/"


def begin_session(
    entrance: Entrance, account: Account, request: Request, *, answer: Response
) -> None:
    """Sign someone in, in the browser that asks.

    Parameters
    ----------
    entrance : Entrance
        Where sessions are kept.
    account : Account
        Who.
    request : Request
        Where from.
    answer : Response
        Gets the cookies.
    """
    address = _address(request)
    if before := str(request.state.session):
        entrance.sessions.end(before)
    secret = entrance.sessions.begin(
        account.name, address=address, agent=request.headers.get("user-agent", "")
    )
    entrance.trail.add(account.name, "signed in", detail={"address": address})
    secure = request.url.scheme == "https"
    lasts = int(entrance.settings.web.session_hours * 3600)
    answer.set_cookie(
        session_cookie(secure=secure), secret, max_age=lasts, httponly=True, samesite="strict",
        secure=secure,
    )  # fmt: skip
    answer.set_cookie(
        REQUEST_COOKIE, request_token(secret), max_age=lasts, samesite="strict", secure=secure
    )


def add(app: FastAPI, desk: Desk) -> None:
    """Add the addresses of signing in and out."""
    entrance = Entrance(desk.answers.workspace.root)
    _add_in(app, desk, entrance)
    _add_out(app, entrance)


def _add_in(app: FastAPI, desk: Desk, entrance: Entrance) -> None:
    @app.get("/sign-in", response_class=HTMLResponse, include_in_schema=False)
    async def sign_in_page(request: Request) -> Response:
        if not await run_in_threadpool(has_team, entrance.root):
            return RedirectResponse("/", status_code=303)
        wanted = own_path(request.query_params.get("next", "/"))
        failed = "failed" in request.query_params
        return _page(request, desk, wanted=wanted, failed=failed)

    @app.post("/sign-in", response_class=HTMLResponse, include_in_schema=False)
    async def sign_in(request: Request) -> Response:
        said = parse_qs((await request.body()).decode("utf-8", "replace"), max_num_fields=_FIELDS)
        name, password, wanted = (
            said.get(field, [""])[0] for field in ("name", "password", "next")
        )
        wanted = own_path(wanted)
        found, wait = await run_in_threadpool(
            _proven, entrance, name.strip(), password, address=_address(request)
        )
        if found is None:
            return _page(request, desk, wanted=wanted, name=name, failed=True, wait=wait)
        answer = RedirectResponse(wanted, status_code=303)
        await run_in_threadpool(begin_session, entrance, found, request, answer=answer)
        return answer


def _add_out(app: FastAPI, entrance: Entrance) -> None:
    @app.post("/api/v1/sign-out", tags=["people"])
    async def sign_out(
        request: Request, response: Response, *, person: _Someone, which: SignOut
    ) -> SignedOut:
        """End your session in this browser, or everywhere."""
        session = str(request.state.session)
        ended = 0
        if session or which.everywhere:
            ended = await run_in_threadpool(
                entrance.sessions.end, "" if which.everywhere else session, name=person.name
            )
        secure = request.url.scheme == "https"
        response.delete_cookie(session_cookie(secure=secure), secure=secure, samesite="strict")
        response.delete_cookie(REQUEST_COOKIE, secure=secure, samesite="strict")
        response.headers["Clear-Site-Data"] = '"cache"'
        return SignedOut(ended=ended)


def _proven(
    entrance: Entrance, name: str, password: str, *, address: str
) -> tuple[Account | None, int]:
    tries = SignInTries(entrance.file)
    wait = tries.enter(name, address)
    if wait:
        return None, wait
    found = Accounts(entrance.file).proves(name, password)
    if found is None:
        entrance.trail.add("", "failed to sign in", name[:100], detail={"address": address})
        return None, 0
    tries.succeeded(name)
    return found, 0


def _page(
    request: Request, desk: Desk, *, wanted: str, name: str = "", failed: bool = False,
    wait: int = 0,
) -> Response:  # fmt: skip
    workspace = desk.workspace
    text = paint(
        "sign_in.html.j2", desk.view(request), workspace=workspace.name, wanted=wanted, name=name,
        failed=failed, wait=wait, issuer=workspace.settings.web.oidc.issuer,
    )  # fmt: skip
    answer = HTMLResponse(text, status_code=429 if wait else 403 if failed else 200)
    if wait:
        answer.headers["Retry-After"] = str(wait)
    return answer


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
