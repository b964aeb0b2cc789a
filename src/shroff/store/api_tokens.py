"""Tokens with which programs ask on a person's behalf: hashed, scoped, and never for good."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from shroff.domain.roles import TOKEN_SCOPES, Act, Role
from shroff.errors import ConfigError
from shroff.store.audit_trail import AuditTrail
from shroff.store.people_file import PeopleFile, instant
from shroff.store.sign_ins import digest

__all__ = ["MOST_DAYS", "ApiToken", "ApiTokens"]

MOST_DAYS = 366
"""Longest life of a token."""

_MARK = "shroff"
_USED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiToken:
    """What is known of a token.

    Parameters
    ----------
    prefix : str
        Its beginning, which names it.
    name : str
        Whose it is.
    role : Role
        What they are to the team, now.
    scopes : frozenset of Act
        What it may be used for.
    note : str
        What it is for.
    made, until, used : str
        When it was made, ends, and was last used; the last empty before.
    """

    prefix: str
    name: str
    role: Role
    scopes: frozenset[Act]
    note: str
    made: str
    until: str
    used: str

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "prefix": self.prefix,
            "name": self.name,
            "scopes": [str(act) for act in Act if act in self.scopes],
            "note": self.note,
            "made": self.made,
            "until": self.until,
            "used": self.used or None,
        }


@dataclass(frozen=True, slots=True)
class ApiTokens:
    """The tokens of a workspace.

    Parameters
    ----------
    file : PeopleFile
        Where they are kept.
    """

    file: PeopleFile

    def make(self, name: str, scopes: Iterable[Act], *, note: str, by: str, days: int = 90) -> str:
        """Make a token.

        Parameters
        ----------
        name : str
            Whose it is: who may come in.
        scopes : iterable of Act
            What it may be used for, within what the person may do.
        note : str
            What it is for.
        by : str
            Who makes it.
        days : int
            Days it lives.

        Returns
        -------
        str
            The token; it is shown once, and cannot be read again.

        Raises
        ------
        ConfigError
            If a scope is not for programs, or the days are too many.
        """
        wanted = frozenset(scopes)
        if not wanted or wanted - frozenset(TOKEN_SCOPES):
            raise ConfigError(
                "a token is for " + ", ".join(TOKEN_SCOPES),
                where="scopes",
                hint="approving and managing take a person who signed in",
            )
        if not 1 <= days <= MOST_DAYS:
            raise ConfigError(f"a token lives 1 to {MOST_DAYS} days", where="days")
        prefix = f"{_MARK}_{secrets.token_hex(4)}"
        token = f"{prefix}_{secrets.token_urlsafe(32)}"
        said = ",".join(str(act) for act in Act if act in wanted)
        until = instant(datetime.now(UTC) + timedelta(days=days))
        with self.file.change() as connection:
            connection.execute(
                "INSERT INTO tokens VALUES (?,?,?,?,?,?,?,'','')",
                (prefix, digest(token), name, said, note[:200], instant(), until),
            )
            told = {"of": name, "scopes": said, "until": until}
            AuditTrail.add_within(connection, (by, "made a token", prefix), told)
        return token

    def of(self, token: str) -> ApiToken | None:
        """Tell whose token a program holds; None where it is not one that holds."""
        prefix = "_".join(token.split("_", 2)[:2])
        rows = self.file.rows("SELECT hash FROM tokens WHERE prefix = ?", (prefix,))
        if not rows or not hmac.compare_digest(rows[0][0], digest(token)):
            return None
        found = next((each for each in self.tokens() if each.prefix == prefix), None)
        if found is not None and instant(datetime.now(UTC) - _USED_EVERY) > found.used:
            with self.file.change() as connection:
                connection.execute(
                    "UPDATE tokens SET used = ? WHERE prefix = ?", (instant(), prefix)
                )
        return found

    def tokens(self, name: str = "") -> tuple[ApiToken, ...]:
        """List the tokens that hold, newest first; of one person where named."""
        rows = self.file.rows(
            "SELECT t.prefix, t.name, a.role, t.scopes, t.note, t.made, t.until, t.used"
            " FROM tokens AS t JOIN accounts AS a ON a.name = t.name AND a.removed = ''"
            " WHERE ? IN ('', t.name) AND t.revoked = '' AND t.until > ? ORDER BY t.made DESC",
            (name, instant()),
        )
        return tuple(
            ApiToken(
                prefix=row[0], name=row[1], role=Role(row[2]), note=row[4], made=row[5],
                scopes=frozenset(map(Act, row[3].split(","))), until=row[6], used=row[7],
            )
            for row in rows
        )  # fmt: skip

    def revoke(self, prefix: str, *, by: str, name: str = "") -> None:
        """Revoke a token.

        Parameters
        ----------
        prefix : str
            Its beginning.
        by : str
            Who revokes it.
        name : str
            Whose it must be; anybody's when empty.

        Raises
        ------
        ConfigError
            If there is none that holds.
        """
        if prefix not in {each.prefix for each in self.tokens(name)}:
            raise ConfigError(
                f"there is no token {prefix!r} that holds",
                where="prefix",
                hint="shroff people token --list",
            )
        with self.file.change() as connection:
            connection.execute(
                "UPDATE tokens SET revoked = ? WHERE prefix = ?", (instant(), prefix)
            )
            AuditTrail.add_within(connection, (by, "revoked a token", prefix), {})
