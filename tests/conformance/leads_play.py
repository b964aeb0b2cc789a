"""Leads as a user asks for them: campaigns, with their ads and the list to look at again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shroff.watch.campaigns import CampaignQuestion

if TYPE_CHECKING:
    from shroff.workspace import Workspace

__all__ = ["find_campaigns"]


def find_campaigns(workspace: Workspace) -> object:
    """Find campaigns of two ads or more, and tell how their ads were decided."""
    found = workspace.lookout.campaigns(CampaignQuestion(least=2), period="all")
    told = [
        (each.ads, each.accounts, str(each.first), str(each.last), each.outcomes.record())
        for each in found.campaigns
    ]
    return (
        f"{found.ads}, {found.passages}, {sorted(map(str, told))}, {found.review_list().num_rows}"
    )
