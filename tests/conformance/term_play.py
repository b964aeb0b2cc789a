"""New terms, as a user looks for them: of every kind of ads, against every background."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shroff.domain.slices import Period
from shroff.errors import DesignError
from shroff.measure.briefing import brief_of
from shroff.watch.new_terms import TermQuestion
from shroff.watch.term_ads import Among, read_term_ads
from shroff.watch.term_search import risen_phrases

if TYPE_CHECKING:
    from shroff.workspace import Workspace

__all__ = ["look_for_terms"]

_EQUAL = ("language", "类别", "it's", "nowhere")


def look_for_terms(workspace: Workspace) -> object:
    """Read the ads of every kind, of the later half of the logs and of the earlier, and compare."""
    told = []
    with workspace.engine() as engine:
        whole = brief_of(workspace.settings, engine, by=(), period="all").period
        middle = whole.start + (whole.end - whole.start) / 2
        earlier, later = Period(whole.start, middle), Period(middle, whole.end)
        for among in Among:
            try:
                ads = read_term_ads(engine, later, among=among, background=earlier, equal=_EQUAL)
            except DesignError as fault:
                told.append(f"{among}: {fault.cause}")
                continue
            found = risen_phrases(ads, TermQuestion(least=3, advertisers=1))
            told.append(f"{among}: {ads.sizes()}, {found.looked_at}, {len(found.piece)}")
    return "; ".join(told)
