"""What can be wrong with a regular expression, where it is, and what would mean the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from shroff.domain.excerpts import underlined
from shroff.domain.messages import Language, Message
from shroff.rules.regex_tree import Place

__all__ = ["RegexFault", "Stop", "told"]


class Stop(Exception):  # noqa: N818 - not an error: the reader's own way out, never seen outside
    """The rest of the pattern cannot be read."""


@dataclass(frozen=True, slots=True)
class RegexFault:
    """A fault of a pattern.

    Parameters
    ----------
    kind : str
        Which; ``rules.regex.<kind>`` is its sentence.
    place : tuple of int
        First character and one past the last.
    params : mapping
        Values of the sentence.
    fix : str or None
        Text to put there instead, of the same meaning on the plain view.
    whole : bool
        Whether the fix stands for the whole pattern.
    """

    kind: str
    place: Place
    params: Mapping[str, str | int] = field(default_factory=lambda: MappingProxyType({}))
    fix: str | None = None
    whole: bool = False

    def message(self) -> Message:
        """Give its sentence."""
        return Message(f"rules.regex.{self.kind}", self.params)


def told(fault: RegexFault, pattern: str, *, language: Language = Language.EN) -> str:
    """Tell a fault with the pattern and a caret under the place.

    Parameters
    ----------
    fault : RegexFault
        The fault.
    pattern : str
        The pattern.
    language : Language
        Language of the sentence.

    Returns
    -------
    str
        Three lines.
    """
    start, end = fault.place
    shown = underlined(pattern, start=start, end=max(end, start + 1))
    return f"{fault.message().text(language)} (character {start + 1})\n{shown}"
