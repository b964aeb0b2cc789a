"""What is to be judged and by whom, as a user asks."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from shroff.domain.messages import Language
from shroff.errors import ConfigError
from shroff.models.alike_wordings import Grouping
from shroff.models.endpoint import Endpoint
from shroff.models.judge_answers import stand_asked
from shroff.models.judged_ads import (
    AdSource,
    Asking,
    count_ads,
    count_file,
    file_ads,
    log_ads,
    near_ads,
)
from shroff.models.judgement_rows import Judge
from shroff.models.judging_run import Wording
from shroff.models.policy_text import PolicyText
from shroff.models.prompt import prompt_form, prompt_version
from shroff.models.submitted_days import submitted_days
from shroff.store.engine import Engine

__all__ = ["JudgeAsked", "ads_to_judge", "asking_of", "judge_of", "new_run"]


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeAsked:
    """What is to be judged, and by whom.

    Parameters
    ----------
    policy : PolicyText
        The policy.
    endpoint : str
        Endpoint to ask.
    name : str
        Name of the judge in the logs; the endpoint's when empty.
    period : str
        When ads were submitted; all when empty.
    sample : int or None
        How many ads, drawn at random; None for all.
    seed : int
        Of the draw, and of pauses.
    ads : Path or None
        File of ads to judge instead of the logs'.
    shadow : bool
        Whether the judgements are not used.
    budget : str
        Most that may be spent, such as ``5USD``.
    again : bool
        Whether requests are sent again of which nobody knows whether they were charged.
    among : str
        Query in parentheses for the ads that may be judged; all when empty.
    repeat : int
        Which answer to the same question this is, from 0.
    grouping : callable or None
        Tells near-copies, of which one is asked about; None where each wording is.
    """

    policy: PolicyText
    endpoint: str
    name: str = ""
    period: str = ""
    sample: int | None = None
    seed: int = 0
    ads: Path | None = None
    shadow: bool = False
    budget: str = ""
    again: bool = False
    among: str = ""
    repeat: int = 0
    grouping: Grouping | None = None


def judge_of(asked: JudgeAsked, endpoint: Endpoint) -> Judge:
    """Tell who judges.

    Parameters
    ----------
    asked : JudgeAsked
        What is asked.
    endpoint : Endpoint
        Who is asked.

    Returns
    -------
    Judge
        Its name, and a version that differs whenever a judgement could come out otherwise.
    """
    language = _language_of(asked.policy, endpoint)
    return Judge(
        name=asked.name or endpoint.name,
        version=prompt_version(asked.policy, endpoint.sampling(), language=language),
        policy=asked.policy.policy,
        endpoint=endpoint.name,
        run=new_run(),
        shadow=asked.shadow,
        repeat=asked.repeat,
    )


def asking_of(asked: JudgeAsked, endpoint: Endpoint) -> Asking:
    """Tell how ads become questions."""
    language = _language_of(asked.policy, endpoint)
    form = prompt_form(asked.policy, sampling=endpoint.sampling(), language=language)
    return Asking(form=form, mask=endpoint.spec.mask)


def _language_of(policy: PolicyText, endpoint: Endpoint) -> Language:
    told = endpoint.spec.language
    return Language(told) if told else policy.languages[0]


def new_run() -> str:
    """Name a run."""
    return f"{time.strftime('%Y%m%dT%H%M%S', time.gmtime())}-{os.getpid()}-{secrets.token_hex(2)}"


def ads_to_judge(
    engine: Engine, asked: JudgeAsked, *, judge: Judge, asking: Asking, week_starts: str
) -> tuple[int, Iterator[list[Wording]]]:
    """Find the ads that are to be judged.

    Parameters
    ----------
    engine : Engine
        The logs.
    asked : JudgeAsked
        What is asked.
    judge : Judge
        Who judges.
    asking : Asking
        How ads become questions.
    week_starts : str
        First day of a week.

    Returns
    -------
    (int, iterator of list of Wording)
        How many, and the questions, some at a time.

    Raises
    ------
    ConfigError
        If near-copies are wanted of a file.
    """
    if asked.ads is not None:
        if asked.grouping is not None:
            raise ConfigError(
                "near-copies are found among the ads of the logs, not of a file",
                where="--alike",
                hint="leave --alike out, or ingest the ads first: shroff ingest ads FILES",
            )
        asking.scope, asking.textless = count_file(asked.ads)
        return asking.scope, file_ads(asked.ads, asking)
    if asked.among:
        stand_asked(engine, asked.among)
    source = AdSource(
        period=submitted_days(engine, asked.period, week_starts=week_starts),
        sample=asked.sample,
        seed=asked.seed,
        judge=(judge.name, judge.version, judge.policy),
        asked=bool(asked.among),
        answers=asked.repeat + 1,
    )
    count = count_ads(engine, source)
    asking.scope, asking.textless = count.scope, count.textless
    if asked.grouping is not None:
        asking.alike = near_ads(engine, source, asked.grouping)
        return asking.alike.wanted, log_ads(engine, source, asking)
    return count.wanted, log_ads(engine, source, asking)
