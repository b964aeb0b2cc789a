"""Who asks, and what they may do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

from fastapi import HTTPException, Request

__all__ = ["Act", "Person", "Role", "needs", "person_of"]


class Act(StrEnum):
    """Kinds of things a person does at the dashboard."""

    SEE = "see"
    """Look at pages and their data."""
    LABEL = "label"
    """Judge ads of a batch they were given."""
    WRITE = "write"
    """Keep drafts, views, notes, reports and searches."""
    APPROVE = "approve"
    """Let a rule, a threshold or a plan act on ads."""
    MANAGE = "manage"
    """Change settings, people and what leaves the machine."""


class Role(StrEnum):
    """What a person is to the team; each may do what those before may."""

    VIEWER = "viewer"
    ANALYST = "analyst"
    APPROVER = "approver"
    ADMIN = "admin"

    def may(self, act: Act) -> bool:
        """Tell whether the role allows an act."""
        return act in _ALLOWED[self]


_ALLOWED = {
    Role.VIEWER: frozenset({Act.SEE}),
    Role.ANALYST: frozenset({Act.SEE, Act.LABEL, Act.WRITE}),
    Role.APPROVER: frozenset({Act.SEE, Act.LABEL, Act.WRITE, Act.APPROVE}),
    Role.ADMIN: frozenset(Act),
}


@dataclass(frozen=True, slots=True)
class Person:
    """Someone at the dashboard.

    Parameters
    ----------
    name : str
        As records name them.
    role : Role
        What they are to the team.
    alone : bool
        Whether nobody signs in here, so that what they approve is recorded as self-approved.
    """

    name: str
    role: Role
    alone: bool = False


def person_of(request: Request) -> Person:
    """Tell who asks; the guard has made sure that someone does."""
    return cast("Person", request.state.person)


def needs(act: Act) -> Callable[[Request], Person]:
    """Make what lets only those through who may do something.

    Parameters
    ----------
    act : Act
        What is done.

    Returns
    -------
    callable
        For ``fastapi.Depends``: gives the person, or refuses with 403.
    """

    def allowed(request: Request) -> Person:
        person = person_of(request)
        if not person.role.may(act):
            raise HTTPException(403, f"a {person.role} may not do this: it needs {act}")
        return person

    return allowed
