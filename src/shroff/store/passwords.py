"""Passwords: which are taken, and how they are kept."""

from __future__ import annotations

from functools import cache
from threading import BoundedSemaphore
from unicodedata import normalize

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from shroff.errors import ConfigError

__all__ = ["SHORTEST", "fits", "hashed", "require_fit"]

SHORTEST = 12
"""Fewest characters of a password."""

_LONGEST = 256
_AT_ONCE = BoundedSemaphore(2)
"""Each hash takes 64 MiB: whoever asks for many at once waits, and takes no more."""


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()  # argon2id, the second recommendation of RFC 9106


@cache
def _nobody() -> str:
    return _hasher().hash("nobody has this password")


def _plain(password: str) -> str:
    """Give the same text for the same keys, whatever system they were typed on."""
    return normalize("NFKC", password)


def require_fit(password: str, *, name: str) -> None:
    """See that a password may be taken.

    Parameters
    ----------
    password : str
        The password.
    name : str
        Name of its owner, which it must not hold.

    Raises
    ------
    ConfigError
        If it is too short or long, one character again and again, or the name.
    """
    plain = _plain(password)
    hint = f"take {SHORTEST} characters or more: some words that do not belong together do well"
    if not SHORTEST <= len(plain) <= _LONGEST:
        raise ConfigError(
            f"a password has {SHORTEST} to {_LONGEST} characters", where="password", hint=hint
        )
    if len(set(plain)) < 4 or name.casefold() in plain.casefold():
        raise ConfigError("this password is guessed at once", where="password", hint=hint)


def hashed(password: str) -> str:
    """Hash a password with a salt of its own.

    Parameters
    ----------
    password : str
        The password.

    Returns
    -------
    str
        What is kept of it: argon2id with its parameters.
    """
    with _AT_ONCE:
        return _hasher().hash(_plain(password))


def fits(kept: str, password: str) -> bool:
    """Tell whether a password is the one that was kept.

    Parameters
    ----------
    kept : str
        What `hashed` gave; empty where there is none, which takes as long to refuse.
    password : str
        The password given.

    Returns
    -------
    bool
        True when it fits.
    """
    given = _plain(password[: _LONGEST + 1])
    with _AT_ONCE:
        try:
            fitting = _hasher().verify(kept or _nobody(), given)
        except (VerificationError, InvalidHashError):
            return False
    return fitting and bool(kept) and len(given) <= _LONGEST
