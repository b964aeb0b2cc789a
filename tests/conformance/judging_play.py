"""Ads that a model is to judge, as its questions are made; nothing is sent."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tests.models.judge_scene import load

from shroff.models.judge_answers import stand_asked
from shroff.models.judged_ads import AdSource, Asking, count_ads, log_ads, near_ads
from shroff.models.prompt import Sampling, prompt_form
from shroff.models.submitted_days import submitted_days
from shroff.watch.near_copies import grouped_texts

if TYPE_CHECKING:
    from shroff.workspace import Workspace

__all__ = ["read_ads_to_judge"]


def read_ads_to_judge(workspace: Workspace) -> object:
    """Ask for all ads, for a drawn sample of some weeks, and for second answers to reviewed ads."""
    told = []
    with TemporaryDirectory() as folder, workspace.engine() as engine:
        policy = load(Path(folder))
        period = submitted_days(engine, "2024-01-01..2024-03-31")
        stand_asked(engine, "(SELECT ad_id, ad_version FROM reviews WHERE verdict IS NOT NULL)")
        form = prompt_form(policy, sampling=Sampling(model="m"))
        for days, sample, again in ((None, None, False), (period, 40, False), (None, None, True)):
            source = AdSource(
                period=days, sample=sample, seed=3, judge=("gpt-judge", "abc", "drugs"),
                asked=again, answers=2 if again else 1,
            )  # fmt: skip
            asking = Asking(form=form)
            batches = list(log_ads(engine, source, asking))
            keys = sorted(each.prompt.key() for batch in batches for each in batch)
            told.append(
                f"{count_ads(engine, source).wanted} {len(keys)} {asking.masked} {keys[:5]}"
            )
        alike = near_ads(engine, source, grouped_texts)
        told.append(f"{alike.wanted} {sorted(alike.asked)[:5]}")
    return "\n".join(told)
