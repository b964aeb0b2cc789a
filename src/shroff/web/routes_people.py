"""The addresses of people: oneself, sessions, tokens, the others, and what was done."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Query, Request
from fastapi import Path as InPath

from shroff.errors import ConfigError
from shroff.store.accounts import Account, Accounts
from shroff.store.api_tokens import ApiTokens
from shroff.store.sign_in_tries import SignInTries
from shroff.web.desk import Desk
from shroff.web.entrance import Entrance
from shroff.web.people import Act, Person, needs
from shroff.web.people_records import (
    AccountTold,
    AuditChecked,
    AuditTold,
    Me,
    NewAccount,
    NewPassword,
    NewToken,
    SessionTold,
    Settled,
    TokenMade,
    TokenTold,
    Wanted,
)

__all__ = ["add"]

_Someone = Annotated[Person, Depends(needs(Act.SEE))]
_Admin = Annotated[Person, Depends(needs(Act.MANAGE))]
_Name = Annotated[str, InPath(max_length=100)]
_Part = Annotated[str, InPath(max_length=64)]


def add(app: FastAPI, desk: Desk) -> None:
    """Add the addresses of people."""
    entrance = Entrance(desk.answers.workspace.root)
    _add_own(app, entrance)
    _add_sessions(app, entrance)
    _add_tokens(app, entrance)
    _add_others(app, entrance)
    _add_audit(app, entrance)


def _add_own(app: FastAPI, entrance: Entrance) -> None:
    @app.get("/api/v1/me", tags=["people"])
    def me(person: _Someone) -> Me:
        """Tell who you are, and what you may do with what you signed in with."""
        acts = [act for act in Act if person.may(act)]
        return Me(name=person.name, role=person.role, alone=person.alone, acts=acts)

    @app.post("/api/v1/me/password", tags=["people"])
    def own_password(request: Request, said: NewPassword, person: _Someone) -> Settled:
        """Give yourself another password; your other sessions end."""
        _require_themselves(person)
        _prove(entrance, person, said.current)
        before = len(entrance.sessions.sessions(person.name))
        Accounts(entrance.file).give_password(
            person.name, said.password, by=person.name, keep=str(request.state.session)
        )
        return Settled(ended=before - len(entrance.sessions.sessions(person.name)))


def _prove(entrance: Entrance, person: Person, password: str) -> None:
    """See that it is still them: a browser may have been left open."""
    tries = SignInTries(entrance.file)
    wait = tries.enter(person.name, "password")
    if wait:
        raise HTTPException(429, f"too many tries failed: wait {wait} s")
    if Accounts(entrance.file).proves(person.name, password) is None:
        raise ConfigError("the current password is wrong", where="current")
    tries.succeeded(person.name)


def _require_themselves(person: Person) -> None:
    if person.alone or person.scopes is not None:
        raise HTTPException(403, "this takes somebody who signed in themselves")


def _add_sessions(app: FastAPI, entrance: Entrance) -> None:
    @app.get("/api/v1/me/sessions", tags=["people"])
    def own_sessions(request: Request, person: _Someone) -> list[SessionTold]:
        """List where you are signed in."""
        here = str(request.state.session)
        found = entrance.sessions.sessions(person.name)
        return [
            SessionTold.model_validate({**each.record(), "here": each.id == here})
            for each in found
        ]

    @app.delete("/api/v1/me/sessions/{session}", tags=["people"])
    def end_session(session: _Part, person: _Someone) -> Settled:
        """End one of your sessions."""
        if len(session) < 16:
            raise HTTPException(404, "there is no such session of yours")
        return Settled(ended=entrance.sessions.end(session, name=person.name))


def _add_tokens(app: FastAPI, entrance: Entrance) -> None:
    @app.get("/api/v1/tokens", tags=["people"])
    def own_tokens(person: _Someone) -> list[TokenTold]:
        """List the tokens with which programs ask for you; an admin sees all."""
        name = "" if person.may(Act.MANAGE) else person.name
        return [
            TokenTold.model_validate(each.record())
            for each in ApiTokens(entrance.file).tokens(name)
        ]

    @app.post("/api/v1/tokens", tags=["people"])
    def make_token(said: NewToken, person: _Someone) -> TokenMade:
        """Make a token for a program that asks for you; it is told this once."""
        _require_themselves(person)
        tokens = ApiTokens(entrance.file)
        made = tokens.make(
            person.name, said.scopes, note=said.note, by=person.name, days=said.days
        )
        about = tokens.tokens(person.name)[0]
        return TokenMade(token=made, about=TokenTold.model_validate(about.record()))

    @app.delete("/api/v1/tokens/{prefix}", tags=["people"])
    def revoke(prefix: _Part, person: _Someone) -> Settled:
        """Revoke a token of yours; an admin may revoke any."""
        name = "" if person.may(Act.MANAGE) else person.name
        ApiTokens(entrance.file).revoke(prefix, by=person.name, name=name)
        return Settled(ended=1)


def _told(account: Account) -> AccountTold:
    return AccountTold.model_validate(account.record())


def _add_others(app: FastAPI, entrance: Entrance) -> None:
    @app.get("/api/v1/people", tags=["people"])
    def people(_: _Admin) -> list[AccountTold]:
        """List who may sign in."""
        return [_told(each) for each in Accounts(entrance.file).accounts()]

    @app.post("/api/v1/people", tags=["people"])
    def add_person(said: NewAccount, person: _Admin) -> AccountTold:
        """Let someone in; the first is an admin."""
        accounts = Accounts(entrance.file)
        added = accounts.add(said.name, said.role, by=person.name, password=said.password)
        return _told(added)

    @app.patch("/api/v1/people/{name}", tags=["people"])
    def change_person(name: _Name, said: Wanted, person: _Admin) -> AccountTold:
        """Give someone another role or password; their sessions end."""
        accounts = Accounts(entrance.file)
        if said.password is not None:
            accounts.give_password(name, said.password, by=person.name)
        if said.role is not None:
            accounts.give_role(name, said.role, by=person.name)
        return _told(accounts.account(name))

    @app.delete("/api/v1/people/{name}", tags=["people"])
    def remove_person(name: _Name, person: _Admin) -> list[AccountTold]:
        """Let someone in no more, at once; records go on naming them."""
        accounts = Accounts(entrance.file)
        accounts.remove(name, by=person.name)
        return [_told(each) for each in accounts.accounts()]

    @app.delete("/api/v1/people/{name}/sessions", tags=["people"])
    def sign_out(name: _Name, _: _Admin) -> Settled:
        """Sign someone out everywhere."""
        Accounts(entrance.file).account(name)
        return Settled(ended=entrance.sessions.end("", name=name))


def _add_audit(app: FastAPI, entrance: Entrance) -> None:
    @app.get("/api/v1/audit", tags=["people"])
    def audit(
        _: _Admin,
        *,
        before: Annotated[int, Query(ge=0, le=2**62)] = 0,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
        who: Annotated[str, Query(max_length=100)] = "",
        did: Annotated[str, Query(max_length=40)] = "",
    ) -> list[AuditTold]:
        """Tell who saw and changed what, newest first."""
        found = entrance.trail.lines(limit=limit, before=before, who=who, did=did)
        return [AuditTold.model_validate(each.record()) for each in found]

    @app.get("/api/v1/audit/check", tags=["people"])
    def check_audit(_: _Admin, *, head: Annotated[str, Query(max_length=64)] = "") -> AuditChecked:
        """Seal every line again: was one changed or taken out?"""
        return AuditChecked.model_validate(entrance.trail.check(head).record())
