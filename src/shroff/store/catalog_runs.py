"""What the catalog remembers of commands, and of what was removed from the logs."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Audit", "Run"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One command that computed something.

    Parameters
    ----------
    id : int
        Number.
    command : str
        Command.
    args : str
        Its arguments as JSON.
    started, finished : str
        Times, ISO 8601 in UTC; ``finished`` is empty while it runs.
    status : str
        ``running``, ``done``, ``failed``, ``stopped``, or ``interrupted`` when it was killed.
    snapshot : str
        Version of each table of the lake it read, as JSON.
    """

    id: int
    command: str
    args: str
    started: str
    finished: str
    status: str
    snapshot: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """Something done to the logs that must be remembered.

    Parameters
    ----------
    at : str
        When, ISO 8601 in UTC.
    kind : str
        ``forget advertiser``, ``forget reviewer`` or ``retention``.
    subject : str
        Keyed hash of whom it was about, or a table; never the id itself.
    detail : str
        What was removed, as JSON.
    """

    at: str
    kind: str
    subject: str
    detail: str
