"""Values that users' logs hold, made fit for a table: visible, and no longer than a line."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from shroff.domain.messages import Language
from shroff.report.wording import Sayable

__all__ = ["Abridged", "Value", "unturned", "visible"]

_LONGEST, _WIDEST = 40, 56
_HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_TURNING = re.compile(r"[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_JOINERS = "\u200c\u200d"  # part of how emoji, Persian and Indic words are written


@runtime_checkable
class Abridged(Protocol):
    """What is said shortened and can be given whole."""

    def text(self, language: Language = Language.EN) -> str:
        """Say it, shortened where it is long."""
        ...

    def whole(self, language: Language = Language.EN) -> str:
        """Say all of it."""
        ...


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a slice, or the name of a policy.

    Parameters
    ----------
    name : Sayable
        What the logs hold, never trusted.
    """

    name: Sayable

    def text(self, language: Language = Language.EN) -> str:
        """Say it in about forty characters."""
        return _cut(visible(self.name.text(language)))

    def whole(self, language: Language = Language.EN) -> str:
        """Say all of it."""
        return visible(self.name.text(language))


def visible(text: str) -> str:
    r"""Spell out characters that cannot be seen or that turn the order of others.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        The text with controls, marks of direction and line ends as ``\uXXXX``.

    Examples
    --------
    >>> print(visible("US\u202egpj"))
    US\u202egpj
    """
    return "".join(_spelled(char) for char in text)


def unturned(said: object) -> object:
    r"""Spell out, in whatever a template writes, what would turn the order of the words around it.

    Parameters
    ----------
    said : object
        What a template writes; only texts are looked at.

    Returns
    -------
    object
        The same, controls and marks of direction in it as ``\uXXXX``.

    Examples
    --------
    >>> print(unturned("US\u202egpj"))
    US\u202egpj
    """
    if not isinstance(said, str) or not _TURNING.search(said):
        return said
    spelled = _TURNING.sub(lambda found: _spelled(found[0]), said)
    return type(said)(spelled)


def _spelled(char: str) -> str:
    if unicodedata.category(char) not in _HIDDEN or char in _JOINERS:
        return char
    code = ord(char)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _cut(text: str) -> str:
    width = 0
    for place, char in enumerate(text):
        width += 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1
        if width > _WIDEST or place >= _LONGEST:
            return f"{text[: place - 1].rstrip()}…"
    return text
