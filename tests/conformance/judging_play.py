"""Ads that a model is to judge, as its questions are made; nothing is sent."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tests.models.judge_scene import load

from shroff.models.judged_ads import AdSource, Asking, count_ads, log_ads
from shroff.models.prompt import Sampling
from shroff.models.submitted_days import submitted_days

if TYPE_CHECKING:
    from shroff.workspace import Workspace

__all__ = ["read_ads_to_judge"]


def read_ads_to_judge(workspace: Workspace) -> object:
    """Ask for all ads and for a drawn sample of some weeks, without those judged before."""
    told = []
    with TemporaryDirectory() as folder, workspace.engine() as engine:
        policy = load(Path(folder))
        period = submitted_days(engine, "2024-01-01..2024-03-31")
        for days, sample in ((None, None), (period, 40)):
            source = AdSource(
                period=days, sample=sample, seed=3, judge=("gpt-judge", "abc", "drugs")
            )
            asking = Asking(policy=policy, sampling=Sampling(model="m"), language=None)
            batches = list(log_ads(engine, source, asking))
            keys = sorted(each.prompt.key() for batch in batches for each in batch)
            told.append(f"{count_ads(engine, source)} {len(keys)} {asking.masked} {keys[:5]}")
    return "\n".join(told)
