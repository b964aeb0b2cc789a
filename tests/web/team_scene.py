"""A dashboard that a team signs in to: an admin, an approver, an analyst, a viewer."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

import urllib3
from tests.web.loopback import Loopback, loopback

from shroff.domain.roles import Role
from shroff.store import accounts as accounts_module
from shroff.store.accounts import Accounts
from shroff.store.passwords import hashed
from shroff.store.people_file import PeopleFile
from shroff.workspace import Workspace

__all__ = ["PASSWORD", "TEAM", "Member", "team", "team_at"]

PASSWORD = "correct horse battery"  # noqa: S105 - nobody's
TEAM = {
    "ann": Role.ADMIN, "bob": Role.APPROVER, "cat": Role.APPROVER, "dan": Role.ANALYST,
    "eve": Role.VIEWER,
}  # fmt: skip


@cache
def _kept() -> str:
    return hashed(PASSWORD)  # once: that takes a while, as it should


def team_at(root: Path) -> None:
    """Let the team in to a workspace."""
    with patch.object(accounts_module, "hashed", lambda _: _kept()):
        for name, role in TEAM.items():
            Accounts(PeopleFile(root)).add(name, role, by="root", password=PASSWORD)


@dataclass
class Member:
    """Someone with a browser of their own, made to send what a test wants."""

    at: Loopback
    cookies: dict[str, str] = field(default_factory=dict[str, str])

    def send(
        self, path: str, *, method: str = "GET", body: bytes | None = None, **headers: str
    ) -> urllib3.BaseHTTPResponse:
        """Send a request with the cookies, and keep those that come back."""
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookies:
            told.setdefault("Cookie", "; ".join(f"{k}={v}" for k, v in self.cookies.items()))
        reply = self.at.pool.request(
            method, self.at.address + path, body=body, headers=told, redirect=False
        )
        for line in reply.headers.getlist("set-cookie"):
            for name, found in SimpleCookie(line).items():
                self.cookies[name] = found.value
        return reply

    def sign_in(
        self, name: str, password: str = PASSWORD, *, wanted: str = "/", **headers: str
    ) -> urllib3.BaseHTTPResponse:
        """Send the form."""
        form = urlencode({"name": name, "password": password, "next": wanted}).encode()
        kind = {"Content_Type": "application/x-www-form-urlencoded", **headers}
        return self.send("/sign-in", method="POST", body=form, **kind)

    def write(
        self, path: str, given: Any = None, *, method: str = "POST", **headers: str
    ) -> urllib3.BaseHTTPResponse:
        """Send JSON as the pages' own scripts do."""
        own = {"x-shroff-request": self.cookies.get("shroff_request", "")}
        body = None if given is None else json.dumps(given).encode()
        return self.send(
            path,
            method=method,
            body=body,
            **{"content-type": "application/json", **own, **headers},
        )


@dataclass(frozen=True)
class Scene:
    """A dashboard with its team."""

    root: Path
    at: Loopback
    members: Mapping[str, Member]


@contextmanager
def team(root: Path) -> Iterator[Scene]:
    """Serve a workspace that people sign in to, everybody signed in."""
    with loopback(Workspace.open(root)) as at:
        members = {name: Member(at) for name in TEAM}
        for name, member in members.items():
            assert member.sign_in(name).status == 303
        yield Scene(root, at, members)
