"""How often someone may try to sign in: the more tries fail, the longer the wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil

from shroff.store.people_file import PeopleFile, instant
from shroff.store.sign_ins import digest

__all__ = ["FREE_BY_ADDRESS", "FREE_BY_NAME", "SignInTries"]

FREE_BY_NAME = 5
"""Tries for one account that may fail before the next has to wait."""

FREE_BY_ADDRESS = 30
"""Tries from one address; a whole office may come from one."""

_MEMORY = timedelta(hours=24)
_FIRST_SECONDS = 5.0
_LONGEST_SECONDS = 15 * 60
_MOST_DOUBLINGS = 12


@dataclass(frozen=True, slots=True)
class SignInTries:
    """Tries that failed, by account and by address, shared by all processes that serve.

    Parameters
    ----------
    file : PeopleFile
        Where they are kept; of names and addresses only hashes.
    """

    file: PeopleFile

    def enter(self, name: str, address: str, *, now: datetime | None = None) -> int:
        """Let a try begin, which counts as failed until it is told to have succeeded.

        Parameters
        ----------
        name : str
            The account tried.
        address : str
            Where from.
        now : datetime, optional
            Now.

        Returns
        -------
        int
            Seconds to wait before it may be tried; 0 where the try has begun.
        """
        at = now or datetime.now(UTC)
        keys = {_of_name(name): FREE_BY_NAME, digest(f"address {address}"): FREE_BY_ADDRESS}
        waits = [0.0]
        with self.file.change() as connection:  # nobody else counts meanwhile
            connection.execute("DELETE FROM tries WHERE at < ?", (instant(at - _MEMORY),))
            for key, free in keys.items():
                failed, last = connection.execute(
                    "SELECT COUNT(*), MAX(at) FROM tries WHERE key = ?", (key,)
                ).fetchone()
                if failed >= free:
                    doubled = 2.0 ** min(failed - free, _MOST_DOUBLINGS)
                    seconds = min(_FIRST_SECONDS * doubled, _LONGEST_SECONDS)
                    over = datetime.fromisoformat(last) + timedelta(seconds=seconds)
                    waits.append((over - at).total_seconds())
            if max(waits) <= 0:
                connection.executemany(
                    "INSERT INTO tries (key, at) VALUES (?,?)",
                    [(key, instant(at)) for key in keys],
                )
        return ceil(max(waits))

    def succeeded(self, name: str) -> None:
        """Forget the tries of an account that signed in; those of its address stay counted."""
        with self.file.change() as connection:
            connection.execute("DELETE FROM tries WHERE key = ?", (_of_name(name),))


def _of_name(name: str) -> str:
    return digest(f"name {name.casefold()}")
