"""Who may do what: roles of a team, and the kinds of things people do."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["TOKEN_SCOPES", "Act", "Role"]


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

    def reaches(self, other: Role) -> bool:
        """Tell whether the role is another one, or stands above it."""
        order = list(Role)
        return order.index(self) >= order.index(other)


_ALLOWED = {
    Role.VIEWER: frozenset({Act.SEE}),
    Role.ANALYST: frozenset({Act.SEE, Act.LABEL, Act.WRITE}),
    Role.APPROVER: frozenset({Act.SEE, Act.LABEL, Act.WRITE, Act.APPROVE}),
    Role.ADMIN: frozenset(Act),
}

TOKEN_SCOPES = (Act.SEE, Act.LABEL, Act.WRITE)
"""What a program may be let do on a person's behalf; approving and managing take the person."""
