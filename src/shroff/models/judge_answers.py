"""What judges said of labelled ads: rules by their hits, models by their scores, LLMs by judgements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum

from shroff.domain.judgements import JudgementOutcome
from shroff.errors import ConfigError
from shroff.store.engine import Engine
from shroff.store.rows import rows
from shroff.store.sql import literal

__all__ = [
    "ASKED",
    "Answer",
    "Judge",
    "JudgeKind",
    "choose_judge",
    "known_judges",
    "policies_of",
    "read_answers",
    "stand_asked",
]

ASKED = "asked_ads"
"""Session table of the ads whose answers are read: ad_id, ad_version."""

_TIME = {"judgements": "judged_at", "scores": "scored_at", "hits": "hit_at"}


class JudgeKind(StrEnum):
    """By which log a judge is known."""

    LLM = "judgements"
    SCORE = "scores"
    RULE = "hits"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """A version of something that judges ads.

    Parameters
    ----------
    name, version : str
        As in the logs.
    kind : JudgeKind
        Which log.
    at : float or None
        Score from which it calls an ad violating; of scores only.
    policies : tuple of str
        Policies it was asked about, or scores; empty for all.
    per_policy : bool
        Whether each of its answers is about one policy.
    """

    name: str
    version: str
    kind: JudgeKind
    at: float | None = None
    policies: tuple[str, ...] = ()
    per_policy: bool = False

    @property
    def label(self) -> str:
        """Name it as commands do."""
        threshold = "" if self.at is None else f" >= {self.at:g}"
        return f"{self.name}@{self.version}{threshold}"

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "name": self.name,
            "version": self.version,
            "kind": str(self.kind),
            "at": self.at,
            "policies": list(self.policies),
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """What a judge said of an ad, once.

    Parameters
    ----------
    policy : str
        Policy it is about; empty for all.
    said : str
        ``violating``, ``compliant``, or why there is no answer: ``unclear``, ``refused``,
        ``filtered``, ``cut``, ``invalid``, ``failed``.
    run : str
        Run it was given in; empty where the log does not say.
    """

    policy: str
    said: str
    run: str = ""

    @property
    def is_answer(self) -> bool:
        """Whether it says anything of the ad."""
        return self.said in {"violating", "compliant"}


Answers = Mapping[tuple[str, int], Sequence[Answer]]
"""Answers by ad version, oldest first."""


@dataclass(frozen=True, slots=True)
class _Known:
    kind: JudgeKind
    name: str
    version: str
    policies: list[str] = field(default_factory=list[str])
    overall: bool = False


def known_judges(engine: Engine) -> tuple[Judge, ...]:
    """List every version that the logs have answers of.

    Parameters
    ----------
    engine : Engine
        Where the logs are.

    Returns
    -------
    tuple of Judge
        LLMs, models, rules.
    """
    found: dict[tuple[JudgeKind, str, str], _Known] = {}
    for kind in JudgeKind:
        if str(kind) not in engine.snapshot:
            continue
        name = "detector" if kind is JudgeKind.RULE else "model"
        listed = engine.query(
            f"SELECT {name} AS name, COALESCE(version, '') AS version,"
            f" COALESCE(policy_id, '') AS policy FROM {kind} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
        ).to_pylist()
        for row in listed:
            key = (kind, str(row["name"]), str(row["version"]))
            known = found.setdefault(key, _Known(*key))
            known.policies.append(str(row["policy"]))
    return tuple(
        Judge(
            name=each.name,
            version=each.version,
            kind=each.kind,
            policies=tuple(policy for policy in each.policies if policy),
            per_policy=each.kind is not JudgeKind.RULE and "" not in each.policies,
        )
        for each in found.values()
    )


def choose_judge(judges: Sequence[Judge], wanted: str) -> Judge:
    """Find a judge.

    Parameters
    ----------
    judges : sequence of Judge
        All there are.
    wanted : str
        ``NAME@VERSION``, or a name or a version that only one has.

    Returns
    -------
    Judge
        The judge.

    Raises
    ------
    ConfigError
        If there is none, or several.
    """
    exact = [each for each in judges if f"{each.name}@{each.version}" == wanted]
    loose = [each for each in judges if wanted in {each.name, each.version}]
    found = exact or loose
    if len(found) == 1:
        return found[0]
    names = [f"{each.name}@{each.version}" for each in (found or judges)]
    if found:
        raise ConfigError(
            f"{wanted!r} may be any of {len(found)} judges",
            hint="name one: " + ", ".join(names[:8]),
        )
    close = get_close_matches(wanted, [*names, *(each.name for each in judges)], n=1)
    hint = f"did you mean {close[0]!r}? " if close else ""
    raise ConfigError(
        f"nothing named {wanted!r} has judged, scored or hit an ad in these logs",
        hint=f"{hint}known: {', '.join(names[:8]) or 'none'}",
    )


def stand_asked(engine: Engine, source: str) -> None:
    """Make the session table of the ads whose answers are read.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    source : str
        A query or table in parentheses or by name, with ad_id and ad_version.
    """
    engine.materialise(
        ASKED,
        f"SELECT DISTINCT ad_id, COALESCE(ad_version, 1) AS ad_version FROM {source} AS x",
    )


def read_answers(engine: Engine, judge: Judge) -> dict[tuple[str, int], list[Answer]]:
    """Read what a judge said of the ads of `stand_asked`.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    judge : Judge
        The judge.

    Returns
    -------
    dict
        Answers by ad, oldest first; ads without any are left out.

    Raises
    ------
    ConfigError
        If it gives scores and no threshold is known.
    """
    found: dict[tuple[str, int], list[Answer]] = {}
    for batch in rows(engine, _answers_sql(judge)):
        for row in batch.to_pylist():
            key = (str(row["ad_id"]), int(row["ad_version"]))
            answer = Answer(str(row["policy"]), str(row["said"]), str(row["run"]))
            found.setdefault(key, []).append(answer)
    return found


def _answers_sql(judge: Judge) -> str:
    name = "detector" if judge.kind is JudgeKind.RULE else "model"
    moment = _TIME[judge.kind]
    key = "judgement_id" if judge.kind is JudgeKind.LLM else f"x.{moment}"
    run = "COALESCE(x.run_id, '')" if judge.kind is JudgeKind.LLM else "''"
    return (
        "SELECT x.ad_id, COALESCE(x.ad_version, 1) AS ad_version,"
        f" COALESCE(x.policy_id, '') AS policy, {_said_sql(judge)} AS said, {run} AS run"
        f" FROM {judge.kind} AS x JOIN {ASKED} AS k"
        " ON x.ad_id = k.ad_id AND COALESCE(x.ad_version, 1) = k.ad_version"
        f" WHERE x.{name} = {literal(judge.name)}"
        f" AND COALESCE(x.version, '') = {literal(judge.version)}"
        f" ORDER BY x.ad_id, ad_version, x.{moment}, {key}, policy, said"
    )


def _said_sql(judge: Judge) -> str:
    if judge.kind is JudgeKind.RULE:
        return "'violating'"
    if judge.kind is JudgeKind.SCORE:
        if judge.at is None:
            raise ConfigError(
                f"from which score does {judge.label} call an ad violating?",
                where="--at",
                hint="name it, such as --at 0.5, or register it with a threshold",
            )
        return f"CASE WHEN x.score >= {literal(judge.at)} THEN 'violating' ELSE 'compliant' END"
    verdict = literal(str(JudgementOutcome.VERDICT))
    return (
        f"CASE WHEN x.outcome = {verdict} THEN COALESCE(x.verdict, 'invalid') ELSE x.outcome END"
    )


def policies_of(judges: Iterable[Judge]) -> tuple[str, ...]:
    """Give the policies that all of some judges are about; empty when one is about all."""
    found: set[str] = set()
    for judge in judges:
        if not judge.per_policy:
            return ()
        found |= set(judge.policies)
    return tuple(sorted(found))
