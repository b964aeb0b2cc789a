"""Lets people in: whose session or token a request brings."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from getpass import getuser
from pathlib import Path

from shroff.domain.roles import Role
from shroff.store.accounts import has_team
from shroff.store.api_tokens import ApiTokens
from shroff.store.audit_trail import AuditTrail
from shroff.store.people_file import PeopleFile
from shroff.store.settings import SETTINGS_FILE, Settings, read_settings
from shroff.store.sign_ins import Sessions, request_token
from shroff.web.people import Person

__all__ = ["REQUEST_COOKIE", "REQUEST_HEADER", "Entered", "Entrance", "session_cookie"]

REQUEST_COOKIE = "shroff_request"
"""Cookie that our scripts read the token of writing requests from."""

REQUEST_HEADER = "x-shroff-request"
"""Header in which they bring it back; no other site can read the one or send the other."""


def session_cookie(*, secure: bool) -> str:
    """Name the cookie of a session; over TLS a browser holds the name to this host alone."""
    return "__Host-shroff_session" if secure else "shroff_session"


@dataclass(frozen=True, slots=True)
class Entered:
    """Who a request is from.

    Parameters
    ----------
    person : Person or None
        Who; None where they have to sign in.
    team : bool
        Whether people sign in here.
    session : str
        Secret of their session; empty where they have none.
    session_id : str
        What is kept of it.
    """

    person: Person | None
    team: bool
    session: str = ""
    session_id: str = ""

    def proven(self, brought: str) -> bool:
        """Tell whether a writing request comes from our own scripts.

        Parameters
        ----------
        brought : str
            What its header says.

        Returns
        -------
        bool
            True where no cookie speaks for it, or the header holds the token of its session.
        """
        return not self.session or hmac.compare_digest(
            request_token(self.session).encode(), brought.encode()
        )


@dataclass
class Entrance:
    """Knows who may come in to the dashboard of a workspace.

    Parameters
    ----------
    root : Path
        Folder of the workspace.
    """

    root: Path
    _read: tuple[int, Settings] | None = field(default=None, repr=False)

    @property
    def file(self) -> PeopleFile:
        """Where people are kept."""
        return PeopleFile(self.root)

    @property
    def settings(self) -> Settings:
        """Settings of the workspace as they are now."""
        path = self.root / SETTINGS_FILE
        changed = path.stat().st_mtime_ns
        if self._read is None or self._read[0] != changed:
            self._read = (changed, read_settings(path))
        return self._read[1]

    @property
    def sessions(self) -> Sessions:
        """Give the sessions."""
        web = self.settings.web
        return Sessions(file=self.file, hours=web.session_hours, idle_minutes=web.idle_minutes)

    @property
    def trail(self) -> AuditTrail:
        """Give the audit log."""
        return AuditTrail(self.file)

    def enter(self, cookies: Mapping[str, str], bearer: str, *, secure: bool) -> Entered:
        """Tell who a request is from.

        Parameters
        ----------
        cookies : mapping
            Its cookies.
        bearer : str
            The token it brings; empty where it brings none.
        secure : bool
            Whether it came over TLS.

        Returns
        -------
        Entered
            Who; where nobody signs in, the user of this machine.
        """
        team = has_team(self.root)
        if bearer:
            token = ApiTokens(self.file).of(bearer)
            person = Person(token.name, token.role, scopes=token.scopes) if token else None
            return Entered(person, team)
        if not team:
            return Entered(Person(getuser(), Role.ADMIN, alone=True), team)
        secret = cookies.get(session_cookie(secure=secure), "")
        session = self.sessions.of(secret) if secret else None
        if session is None:
            return Entered(None, team)
        return Entered(Person(session.name, session.role), team, secret, session.id)
