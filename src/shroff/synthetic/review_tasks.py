"""Review tasks: why an ad comes before people, what they saw and what they said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from shroff.synthetic.dice import Flags, Floats, Ints, Keys
from shroff.synthetic.stories import GROUPS

__all__ = [
    "ADJUDICATED",
    "APPEAL",
    "AUDIT",
    "BY_MODEL",
    "BY_RULE",
    "COMPLIANT",
    "KINDS",
    "QA",
    "RECHECK",
    "SECOND",
    "TEAMS",
    "UNCLEAR",
    "VIEWS",
    "VIEWS_ADJUDICATED",
    "VIOLATING",
    "Draft",
    "Kind",
    "Tasks",
    "concat_tasks",
]

COMPLIANT, VIOLATING, UNCLEAR = 0, 1, 2
TEAMS = (*GROUPS, "audit_desk", "experts", "escalations")
"""Reviewer groups of the main queues, then those of the other queues."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One way in which an ad comes before people.

    Parameters
    ----------
    queue, reason, role : str
        As in the logs; the main queues have names of their own.
    blind, seen_machine : bool
        What the reviewer saw.
    design : str
        Sampling design, "" for none.
    seconds : float
        Median active seconds.
    """

    queue: str
    reason: str
    role: str
    blind: bool
    seen_machine: bool
    design: str
    seconds: float


KINDS = (
    Kind("", "model", "L1", blind=False, seen_machine=True, design="queue", seconds=45),
    Kind("", "rule", "L1", blind=False, seen_machine=True, design="queue", seconds=38),
    Kind(
        "escalations", "model", "L2", blind=False, seen_machine=True, design="queue", seconds=110
    ),
    Kind("qa", "random", "QA", blind=True, seen_machine=False, design="qa", seconds=70),
    Kind("audit", "random", "L2", blind=True, seen_machine=False, design="audit", seconds=80),
    Kind("audit", "random", "SME", blind=False, seen_machine=False, design="audit", seconds=190),
    Kind("recheck", "report", "L2", blind=False, seen_machine=True, design="", seconds=85),
    Kind("appeals", "appeal", "L2", blind=False, seen_machine=True, design="", seconds=120),
    Kind("views", "random", "L2", blind=True, seen_machine=False, design="views", seconds=80),
    Kind("views", "random", "SME", blind=False, seen_machine=False, design="views", seconds=190),
)
(
    BY_MODEL,
    BY_RULE,
    SECOND,
    QA,
    AUDIT,
    ADJUDICATED,
    RECHECK,
    APPEAL,
    VIEWS,
    VIEWS_ADJUDICATED,
) = range(len(KINDS))


@dataclass(frozen=True, slots=True)
class Tasks:
    """Review tasks, one place in each array.

    Parameters
    ----------
    row : array of int
        Place of the ad.
    key : array of uint64
        Key of chance.
    kind, team : array of int
        Why and by which group.
    enqueued, started, decided : array of int
        Seconds since 1970; may lie after the end of the logs, when the task is still open.
    verdict : array of int
        Compliant, violating or unclear.
    found : array of int
        Policy found violated, the main one if several, -1 for none.
    noticed : array of bool, tasks by policies
        Other policies found violated.
    probability : array of float
        Chance of being drawn, NaN where nobody drew.
    stratum : array of int
        Stratum of the audit, -1 outside it.
    copy : array of int
        Number of the reviewer, when two see the same ad.
    """

    row: Ints
    key: Keys
    kind: Ints
    team: Ints
    enqueued: Ints
    started: Ints
    decided: Ints
    verdict: Ints
    found: Ints
    noticed: Flags
    probability: Floats
    stratum: Ints
    copy: Ints

    def __len__(self) -> int:
        """Count them."""
        return len(self.row)

    def take(self, rows: Ints | Flags) -> Tasks:
        """Choose some of the tasks."""
        return Tasks(**{field.name: getattr(self, field.name)[rows] for field in fields(Tasks)})


def concat_tasks(parts: Sequence[Tasks]) -> Tasks:
    """Put tasks together."""
    return Tasks(
        **{
            field.name: np.concatenate([getattr(part, field.name) for part in parts])
            for field in fields(Tasks)
        }
    )


@dataclass(frozen=True, slots=True)
class Draft:
    """Tasks before anybody has opened them.

    Parameters
    ----------
    row, kind, team : array of int
        Which ad, why, by which group.
    enqueued, ready : array of int
        When it came, and when its turn is.
    cited : array of int
        Policy the machine named, by task.
    probability : array of float
        Chance of being drawn, NaN where nobody drew.
    stratum : array of int
        Stratum of the audit, -1 outside it.
    copy : int
        Number of the reviewer, when two see the same ad.
    """

    row: Ints
    kind: Ints
    team: Ints
    enqueued: Ints
    ready: Ints
    cited: Ints
    probability: Floats
    stratum: Ints
    copy: int = 0
