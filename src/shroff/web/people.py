"""Who asks, and what they may do."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from fastapi import HTTPException, Request

from shroff.domain.roles import Act, Role
from shroff.workspace import Workspace

__all__ = ["ASKER", "NOBODY", "Act", "Person", "Role", "as_seen", "needs", "person_of"]


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
    scopes : frozenset of Act or None
        What the token allows that asks for them; None where they ask themselves.
    """

    name: str
    role: Role
    alone: bool = False
    scopes: frozenset[Act] | None = None

    def may(self, act: Act) -> bool:
        """Tell whether they may do something here and now."""
        return self.role.may(act) and (self.scopes is None or act in self.scopes)


NOBODY = Person("", Role.VIEWER, scopes=frozenset())
"""Who has not signed in; may do nothing."""

ASKER: ContextVar[Person] = ContextVar("asker", default=NOBODY)
"""Who the request is from that is being answered."""


def as_seen(root: Path) -> Workspace:
    """Open a workspace as it is now, what is hidden from who asks left out.

    Parameters
    ----------
    root : Path
        Its folder.

    Returns
    -------
    Workspace
        The workspace; whatever asks its logs sees pseudonyms in the columns that the settings
        hide from the role of who asks.
    """
    here = Workspace.open(root)
    hidden = here.settings.web.hidden_from(ASKER.get().role)
    return replace(here, hidden=hidden) if hidden else here


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
        if not person.may(act):
            by = "this token" if person.scopes is not None else f"a {person.role}"
            raise HTTPException(403, f"{by} may not do this: it needs {act}")
        return person

    return allowed
