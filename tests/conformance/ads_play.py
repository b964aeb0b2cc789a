"""What a user does with single ads: lists those behind a figure, opens one, looks for its copies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shroff.measure.ad_file import ad_file
from shroff.measure.briefing import brief_of
from shroff.rules.find import Search, browse
from shroff.rules.sample_trial import draw_history
from shroff.watch.ad_copies import ad_copies

if TYPE_CHECKING:
    from shroff.workspace import Workspace

__all__ = ["look_at_ads"]


def look_at_ads(workspace: Workspace) -> object:
    """List ads, read all of one, find its near-copies, draw some of history."""
    with workspace.engine() as engine:
        brief = brief_of(workspace.settings, engine, by=(), period="all")
        listed = browse(engine, Search(query="", period=brief.period, limit=40))
        every = [ad_file(engine, ad.ad_id) for ad in listed.shown]
        copies = [ad_copies(engine, ad.ad_id, reads=lambda *_: None) for ad in listed.shown]
        drawn = draw_history(engine, brief, size=3)
        assert listed.ads
        assert all(each.versions for each in every)
        assert any(each.ads for each in copies)
        assert drawn.rows.num_rows <= 3
        return listed.record(), every, copies
