"""What acts on ads takes two people, where people sign in; a single user says so themselves."""

from __future__ import annotations

from dataclasses import dataclass

from shroff.store.accounts import has_team
from shroff.store.catalog import Catalog
from shroff.store.catalog_approvals import ApprovalRequest

__all__ = ["OWN_WORD", "Word", "held"]


@dataclass(frozen=True, slots=True)
class Word:
    """Who let something act on ads.

    Parameters
    ----------
    by : str
        The second person; ``self`` where nobody signs in.
    request : str
        Name of what waited for them; empty where nothing did.
    """

    by: str
    request: str = ""

    def told(self) -> dict[str, object]:
        """Give what records say of it."""
        return {"approved": self.by, **({"request": self.request} if self.request else {})}


OWN_WORD = Word("self")
"""That of a single user: recorded as approved by the one who did it."""


def held(catalog: Catalog, request: ApprovalRequest, word: Word | None) -> ApprovalRequest | None:
    """Let a step wait where people sign in and no second one has spoken.

    Parameters
    ----------
    catalog : Catalog
        The workspace's memory.
    request : ApprovalRequest
        The step, and all it takes to do it.
    word : Word or None
        Who approved it; None where nobody was asked.

    Returns
    -------
    ApprovalRequest or None
        What waits; None where the step may be taken.
    """
    if word is not None or not has_team(catalog.path.parent):
        return None
    return catalog.approvals.ask(request)
