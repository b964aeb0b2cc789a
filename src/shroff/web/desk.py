"""What every address of the dashboard works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from fastapi import Request

from shroff.domain.messages import Language
from shroff.web.answers import Answers
from shroff.web.jobs import Jobs
from shroff.web.people import as_seen
from shroff.web.viewing import View, view_of
from shroff.workspace import Workspace

__all__ = ["Desk"]


@dataclass(frozen=True, slots=True)
class Desk:
    """A workspace, the answers worked out for its pages, and the work they started.

    Parameters
    ----------
    answers : Answers
        Answers of the pages.
    jobs : Jobs
        Work that pages started.
    opening : list of callable
        Called when the dashboard starts to answer: work that goes on beside the addresses.
    closing : list of callable
        Called when the dashboard stops: what addresses opened lets go of it.
    """

    answers: Answers
    jobs: Jobs = field(default_factory=Jobs)
    opening: list[Callable[[], None]] = field(default_factory=list[Callable[[], None]])
    closing: list[Callable[[], None]] = field(default_factory=list[Callable[[], None]])

    @property
    def workspace(self) -> Workspace:
        """Open the workspace as it is now, and as who asks may see it."""
        return as_seen(self.answers.workspace.root)

    def view(self, request: Request) -> View:
        """Read what a request looks at; the language is that of its reader."""
        default = self.answers.workspace.settings.workspace.language
        cookie = request.cookies.get("shroff_lang", "")
        if cookie in {each.value for each in Language}:
            default = Language(cookie)
        return view_of(request.query_params.multi_items(), default=default)
