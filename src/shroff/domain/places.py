"""Where in a file something stands."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["NOWHERE", "Where"]


@dataclass(frozen=True, slots=True)
class Where:
    """A place in a file.

    Parameters
    ----------
    path : str
        File as the user named it; empty for text that came from elsewhere.
    line, column : int
        First character, from 1; columns count characters.
    end_line, end_column : int
        One past the last character.
    """

    path: str = ""
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0

    def __str__(self) -> str:
        """Write it as ``file:line:column``."""
        return ":".join([self.path or "<text>", str(self.line), str(self.column)])


NOWHERE = Where()
