"""Leads as a user asks for them: campaigns, with their ads and the list to look at again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from shroff.watch.account_standing import Drive
from shroff.watch.account_watch import AdvertiserQuestion
from shroff.watch.campaigns import CampaignQuestion

if TYPE_CHECKING:
    from shroff.workspace import Workspace

__all__ = ["find_campaigns", "rank_advertisers"]


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


def rank_advertisers(workspace: Workspace) -> object:
    """Rank accounts, compare new with old, and tell how long accounts stay clean."""
    found = workspace.lookout.advertisers(AdvertiserQuestion(by=Drive.VIOLATIONS), period="all")
    rows = sorted((x.advertiser_id, x.ads, x.labels, f"{x.share.value:.9f}") for x in found.rows)
    told = [each.record() for each in found.tenures]
    text = f"{found.accounts} {rows} {told} {found.repeats.record()} {dict(found.held)}"
    return re.sub(r"\d+\.\d+(e-\d+)?", lambda number: f"{float(number[0]):.6f}", text)
