"""Who may come in: accounts, their roles and passwords."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from shroff.domain.roles import Role
from shroff.errors import ConfigError
from shroff.store.audit_trail import AuditTrail
from shroff.store.passwords import fits, hashed, require_fit
from shroff.store.people_file import PeopleFile, instant

__all__ = ["Account", "Accounts", "has_team"]

_NAME = re.compile(r"[^\W_][\w.@+-]{0,99}")
_COLUMNS = "name, role, password <> '', issuer, added, added_by"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Someone who may sign in.

    Parameters
    ----------
    name : str
        As records name them.
    role : Role
        What they are to the team.
    has_password : bool
        Whether they sign in with a password.
    issuer : str
        Who says who they are, where they sign in elsewhere; empty otherwise.
    added, added_by : str
        When, and by whom.
    """

    name: str
    role: Role
    has_password: bool
    issuer: str
    added: str
    added_by: str

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "name": self.name,
            "role": str(self.role),
            "signs_in_with": "password" if self.has_password else self.issuer or "nothing yet",
            "added": self.added,
            "added_by": self.added_by,
        }


def has_team(root: Path) -> bool:
    """Tell whether people sign in to the dashboard of a workspace."""
    return bool(PeopleFile(root).rows("SELECT 1 FROM accounts WHERE removed = '' LIMIT 1"))


@dataclass(frozen=True, slots=True)
class Accounts:
    """The accounts of a workspace; each change is a line of the audit log.

    Parameters
    ----------
    file : PeopleFile
        Where they are.
    """

    file: PeopleFile

    def add(
        self, name: str, role: Role, *, by: str, password: str = "", subject: tuple[str, str] = ("", "")
    ) -> Account:  # fmt: skip
        """Add someone.

        Parameters
        ----------
        name : str
            As records will name them.
        role : Role
            What they are to the team; the first is an admin.
        by : str
            Who adds them.
        password : str
            Their password; none where they sign in elsewhere.
        subject : (str, str)
            Issuer, and what it calls them.

        Returns
        -------
        Account
            The account.

        Raises
        ------
        ConfigError
            If the name is taken or cannot be one, the password will not do, or the first is no
            admin.
        """
        if not _NAME.fullmatch(name):
            raise ConfigError(
                f"{name[:100]!r} cannot be a name",
                where="name",
                hint="letters and digits, and . _ - @ + between them; at most 100",
            )
        if password:
            require_fit(password, name=name)
        kept = hashed(password) if password else ""
        with self.file.change() as connection:
            self._require_admin_first(connection, role)
            known = connection.execute(
                "SELECT removed FROM accounts WHERE name = ? COLLATE NOCASE", (name,)
            ).fetchone()
            if known is not None:
                raise ConfigError(
                    f"there is {'or was ' if known[0] else ''}someone called {name!r}",
                    where="name",
                    hint="take another name: records must not mix people up",
                )
            connection.execute(
                "INSERT INTO accounts VALUES (?,?,?,?,?,?,?,'')",
                (name, str(role), kept, *subject, instant(), by),
            )
            AuditTrail.add_within(connection, (by, "added", name), {"role": str(role)})
        return self.account(name)

    def account(self, name: str) -> Account:
        """Find someone.

        Parameters
        ----------
        name : str
            Their name.

        Returns
        -------
        Account
            Who may come in today.

        Raises
        ------
        ConfigError
            If there is nobody of that name.
        """
        found = next((each for each in self.accounts() if each.name == name), None)
        if found is None:
            raise ConfigError(
                f"there is nobody called {name!r}", where="name", hint="shroff people list"
            )
        return found

    def accounts(self) -> tuple[Account, ...]:
        """List who may come in, by name."""
        rows = self.file.rows(f"SELECT {_COLUMNS} FROM accounts WHERE removed = '' ORDER BY name")
        return tuple(
            Account(
                name=name, role=Role(role), has_password=bool(has), issuer=issuer, added=at,
                added_by=by,
            )
            for name, role, has, issuer, at, by in rows
        )  # fmt: skip

    def of_subject(self, issuer: str, subject: str) -> Account | None:
        """Find whom an issuer speaks of."""
        rows = self.file.rows(
            "SELECT name FROM accounts WHERE issuer = ? AND subject = ? AND removed = ''",
            (issuer, subject),
        )
        return self.account(rows[0][0]) if rows else None

    def awaits(self, name: str) -> bool:
        """Tell whether someone was added who has yet to sign in elsewhere for the first time."""
        rows = self.file.rows(
            "SELECT 1 FROM accounts WHERE name = ? AND removed = '' AND password = ''"
            " AND issuer = ''",
            (name,),
        )
        return bool(rows)

    def bind(self, name: str, subject: tuple[str, str]) -> Account:
        """Tie someone who was added to what an issuer calls them, once and for all.

        Parameters
        ----------
        name : str
            Their name, for whom `awaits` holds.
        subject : (str, str)
            Issuer, and what it calls them.

        Returns
        -------
        Account
            The account.

        Raises
        ------
        ConfigError
            If somebody else was quicker.
        """
        with self.file.change() as connection:
            bound = connection.execute(
                "UPDATE accounts SET issuer = ?, subject = ? WHERE name = ? AND removed = ''"
                " AND password = '' AND issuer = ''",
                (*subject, name),
            ).rowcount
            if not bound:
                raise ConfigError(f"{name} signs in otherwise by now", where="name")
            AuditTrail.add_within(connection, (subject[0], "tied to an issuer", name), {})
        return self.account(name)

    def proves(self, name: str, password: str) -> Account | None:
        """Give the account whose name and password these are; as slow where there is none."""
        rows = self.file.rows(
            "SELECT name, password FROM accounts WHERE name = ? AND removed = ''", (name,)
        )
        kept = rows[0][1] if rows else ""
        return self.account(rows[0][0]) if fits(kept, password) else None

    def give_role(self, name: str, role: Role, *, by: str) -> Account:
        """Give someone another role; they sign in again.

        Parameters
        ----------
        name : str
            Their name.
        role : Role
            The role.
        by : str
            Who gives it.

        Returns
        -------
        Account
            The account.

        Raises
        ------
        ConfigError
            If there is nobody of that name, or no admin would be left.
        """
        before = self.account(name)
        told = {"role": str(role), "was": str(before.role)}
        with self.file.change() as connection:
            if role is not Role.ADMIN:
                self._require_another_admin(connection, name)
            connection.execute("UPDATE accounts SET role = ? WHERE name = ?", (str(role), name))
            self._end(connection, name)
            AuditTrail.add_within(connection, (by, "gave a role to", name), told)
        return self.account(name)

    def give_password(self, name: str, password: str, *, by: str, keep: str = "") -> None:
        """Give someone another password; all their sessions end, but for one.

        Parameters
        ----------
        name : str
            Their name.
        password : str
            The password.
        by : str
            Who gives it.
        keep : str
            Hash of a session that goes on.

        Raises
        ------
        ConfigError
            If there is nobody of that name, or the password will not do.
        """
        self.account(name)
        require_fit(password, name=name)
        kept = hashed(password)
        with self.file.change() as connection:
            connection.execute("UPDATE accounts SET password = ? WHERE name = ?", (kept, name))
            connection.execute("DELETE FROM sessions WHERE name = ? AND hash <> ?", (name, keep))
            AuditTrail.add_within(connection, (by, "gave a password to", name), {})

    def remove(self, name: str, *, by: str) -> None:
        """Let someone come in no more; records go on naming them.

        Parameters
        ----------
        name : str
            Their name.
        by : str
            Who removes them.

        Raises
        ------
        ConfigError
            If there is nobody of that name, or no admin would be left.
        """
        self.account(name)
        with self.file.change() as connection:
            self._require_another_admin(connection, name)
            connection.execute(
                "UPDATE accounts SET removed = ?, password = '', issuer = '' WHERE name = ?",
                (instant(), name),
            )
            self._end(connection, name)
            connection.execute(
                "UPDATE tokens SET revoked = ? WHERE name = ? AND revoked = ''", (instant(), name)
            )
            AuditTrail.add_within(connection, (by, "removed", name), {})

    def roles(self) -> Mapping[str, Role]:
        """Tell the role of each who may come in."""
        return {each.name: each.role for each in self.accounts()}

    @staticmethod
    def _end(connection: sqlite3.Connection, name: str) -> None:
        connection.execute("DELETE FROM sessions WHERE name = ?", (name,))

    @staticmethod
    def _require_admin_first(connection: sqlite3.Connection, role: Role) -> None:
        any_there = connection.execute("SELECT 1 FROM accounts WHERE removed = ''").fetchone()
        if any_there is None and role is not Role.ADMIN:
            raise ConfigError(
                "the first person must be an admin, or nobody could add others",
                where="--role",
                hint="shroff people add NAME --role admin",
            )

    @staticmethod
    def _require_another_admin(connection: sqlite3.Connection, name: str) -> None:
        other = connection.execute(
            "SELECT 1 FROM accounts WHERE role = 'admin' AND removed = '' AND name <> ?", (name,)
        ).fetchone()
        if other is None:
            raise ConfigError(
                f"{name} is the only admin: nobody could manage people any more",
                where="name",
                hint="make another one first: shroff people role OTHER admin",
            )
