"""Which pages there are: each answers a question, from sections that a report has too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from shroff.report.document import Section
from shroff.web.bench import Bench
from shroff.web.scope import heed_scope

__all__ = ["GROUPS", "PAGES", "Page", "page_of"]

Build = Callable[[Bench], Sequence[Section]]
"""Builds the sections of a page."""

GROUPS = ("see", "dig", "change", "people", "ground")
"""Groups of pages in the order of the menu."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the dashboard.

    Parameters
    ----------
    id : str
        Its address, and the key of its words: ``web.ID.name`` and ``web.ID.question``.
    group : str
        Where it stands in the menu.
    build : Build or None
        The sections it shows; None where it is a tool only.
    key : str
        Letter that opens it after ``g``; empty where only links lead to it.
    tool : bool
        Whether it has something to work with above its sections: the template
        ``tool_ID.html.j2`` and the script ``client/tool_ID.ts``.
    """

    id: str
    group: str
    build: Build | None
    key: str = ""
    tool: bool = False

    @property
    def path(self) -> str:
        """Give its address."""
        return "/" if self.id == "overview" else f"/{self.id}"


def _lazily(module: str) -> Build:
    """Import what builds a page when it is first asked for."""

    def build(bench: Bench) -> Sequence[Section]:
        from importlib import import_module  # noqa: PLC0415  (pages are imported when asked for)

        made: Build = import_module(f"shroff.web.{module}").sections
        return heed_scope(made(bench), bench.view)

    return build


PAGES = (
    Page("overview", "see", _lazily("page_overview"), "o"),
    Page("quality", "see", _lazily("page_quality"), "q"),
    Page("leakage", "see", _lazily("page_leakage"), "l"),
    Page("changes", "dig", _lazily("page_changes"), "c", tool=True),
    Page("emerging", "dig", _lazily("page_emerging"), "e"),
    Page("advertisers", "dig", _lazily("page_advertisers"), "a"),
    Page("find", "dig", None, "f", tool=True),
    Page("ad", "dig", None, tool=True),
    Page("rules", "change", _lazily("page_rules"), "r", tool=True),
    Page("models", "change", _lazily("page_models"), "m", tool=True),
    Page("advise", "change", _lazily("page_advise"), "d", tool=True),
    Page("label", "people", None, "j", tool=True),
    Page("labels", "people", _lazily("page_labels"), "b", tool=True),
    Page("reports", "people", None, "w", tool=True),
    Page("health", "ground", _lazily("page_health"), "h"),
    Page("metrics", "ground", _lazily("page_metrics"), "t"),
    Page("settings", "ground", None, "s", tool=True),
)
"""Every page, in the order of the menu."""


def page_of(name: str) -> Page | None:
    """Find a page by its id."""
    return next((page for page in PAGES if page.id == name), None)
