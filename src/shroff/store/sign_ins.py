"""Sessions of those who signed in: long random ids, of which only a hash is kept."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from shroff.domain.roles import Role
from shroff.store.people_file import PeopleFile, instant

__all__ = ["Session", "Sessions", "digest", "request_token"]

_BYTES = 32
_SEEN_EVERY = timedelta(minutes=1)
_AGENT = 200


def digest(secret: str) -> str:
    """Give what is kept of a long random secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def request_token(session: str) -> str:
    """Give the token that each writing request of a session must bring; no other site knows it."""
    return hmac.new(session.encode(), b"writes", hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Someone who is signed in, in one browser.

    Parameters
    ----------
    id : str
        Hash of the secret that the browser holds.
    name : str
        Who.
    role : Role
        What they are to the team, now.
    begun, seen, until : str
        When they signed in, were last here, and have to sign in again.
    address, agent : str
        Where from, and with which browser.
    """

    id: str
    name: str
    role: Role
    begun: str
    seen: str
    until: str
    address: str
    agent: str

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "id": self.id[:16],
            "name": self.name,
            "begun": self.begun,
            "seen": self.seen,
            "until": self.until,
            "address": self.address,
            "agent": self.agent,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Sessions:
    """The sessions of a workspace.

    Parameters
    ----------
    file : PeopleFile
        Where they are kept.
    hours : float
        Hours after which one signs in again.
    idle_minutes : float
        Minutes without a request after which one does.
    """

    file: PeopleFile
    hours: float = 12.0
    idle_minutes: float = 120.0

    def begin(self, name: str, *, address: str, agent: str) -> str:
        """Begin a session.

        Parameters
        ----------
        name : str
            Who signed in.
        address, agent : str
            Where from, and with which browser.

        Returns
        -------
        str
            The secret, for the browser alone.
        """
        secret = secrets.token_urlsafe(_BYTES)
        now = datetime.now(UTC)
        until = instant(now + timedelta(hours=self.hours))
        with self.file.change() as connection:
            connection.execute("DELETE FROM sessions WHERE until < ?", (instant(now),))
            connection.execute(
                "INSERT INTO sessions VALUES (?,?,?,?,?,?,?)",
                (digest(secret), name, instant(now), instant(now), until, address, agent[:_AGENT]),
            )
        return secret

    def of(self, secret: str) -> Session | None:
        """Tell whose session a browser holds; None where it holds none that goes on."""
        found = self._sessions("hash = ?", digest(secret))
        if not found:
            return None
        session = found[0]
        if instant(datetime.now(UTC) - _SEEN_EVERY) > session.seen:
            with self.file.change() as connection:
                connection.execute(
                    "UPDATE sessions SET seen = ? WHERE hash = ?", (instant(), session.id)
                )
        return session

    def sessions(self, name: str = "") -> tuple[Session, ...]:
        """List the sessions that go on, newest first; of one person where named."""
        return self._sessions("? IN ('', s.name)", name)

    def end(self, session_id: str, *, name: str = "") -> int:
        """End sessions.

        Parameters
        ----------
        session_id : str
            Hash of one, or the beginning of it; all when empty.
        name : str
            Whose; anybody's when empty.

        Returns
        -------
        int
            How many ended.
        """
        with self.file.change() as connection:
            return connection.execute(
                "DELETE FROM sessions WHERE substr(hash, 1, length(?)) = ? AND ? IN ('', name)",
                (session_id, session_id, name),
            ).rowcount

    def _sessions(self, test: str, value: str) -> tuple[Session, ...]:
        now = datetime.now(UTC)
        rows = self.file.rows(
            "SELECT s.hash, s.name, a.role, s.begun, s.seen, s.until, s.address, s.agent"
            " FROM sessions AS s JOIN accounts AS a ON a.name = s.name AND a.removed = ''"
            f" WHERE {test} AND s.until > ? AND s.seen > ? ORDER BY s.begun DESC",
            (value, instant(now), instant(now - timedelta(minutes=self.idle_minutes))),
        )
        return tuple(
            Session(
                id=row[0], name=row[1], role=Role(row[2]), begun=row[3], seen=row[4],
                until=row[5], address=row[6], agent=row[7],
            )
            for row in rows
        )  # fmt: skip
