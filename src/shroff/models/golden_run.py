"""A golden set put to a model, several times where one asks: what it said, and whether it says it again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from shroff.domain.messages import Message
from shroff.errors import DesignError, ShroffError
from shroff.models.budget import read_budget
from shroff.models.golden_consistency import Consistency
from shroff.models.golden_results import GoldenResults
from shroff.models.held_judges import JudgeNamed, Judging
from shroff.models.judge_asking import JudgeAsked
from shroff.models.judge_result import Judged
from shroff.models.policy_text import PolicyText
from shroff.models.prices import Cost
from shroff.store.golden_records import GoldenSet
from shroff.store.sql import literal

__all__ = ["GoldenRan", "GoldenRunAsked", "PolicyRan", "among_golden", "held_after", "run_golden"]

Judge = Callable[[JudgeAsked], Judged]
Told = tuple[GoldenResults | None, Consistency | None, tuple[Message, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldenRunAsked:
    """What a golden set is put to.

    Parameters
    ----------
    policies : tuple of PolicyText
        Policies asked about, each of every settled ad.
    endpoint : str
        Endpoint to ask.
    name : str
        Name of the judge in the logs; the endpoint's when empty.
    golden : str
        The set; the one that was changed last when empty.
    repeats : int
        Answers wanted of each ad, 1 or more.
    budget : str
        Most that may be spent on all of it, such as ``5USD``.
    again : bool
        Whether requests are sent again of which nobody knows whether they were charged.
    level : float
        Coverage of the intervals, in (0, 1).
    """

    policies: tuple[PolicyText, ...]
    endpoint: str
    name: str = ""
    golden: str = ""
    repeats: int = 1
    budget: str = ""
    again: bool = False
    level: float = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyRan:
    """What came of one policy.

    Parameters
    ----------
    policy : str
        The policy.
    runs : tuple of Judged
        The runs that were done now, one a repeat; those with nothing left to ask are left out.
    results : GoldenResults or None
        How good the version is; None where labels do not tell.
    consistency : Consistency or None
        Whether it says the same again; None where no ad was judged twice.
    notes : tuple of Message
        Why something is missing.
    """

    policy: str
    runs: tuple[Judged, ...]
    results: GoldenResults | None
    consistency: Consistency | None
    notes: tuple[Message, ...] = ()

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "policy": self.policy,
            "runs": [each.record() for each in self.runs],
            "results": self.results.record() if self.results else None,
            "consistency": self.consistency.record() if self.consistency else None,
            "notes": [each.record() for each in self.notes],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldenRan:
    """What came of putting a golden set to a model.

    Parameters
    ----------
    golden : str
        The set with its revision and hash.
    items : int
        Its settled ads.
    repeats : int
        Answers wanted of each.
    policies : tuple of PolicyRan
        One a policy.
    stopped : str
        Why it ended early: ``budget``, ``killed``, ``cancelled``; empty when it did not.
    """

    golden: str
    items: int
    repeats: int
    policies: tuple[PolicyRan, ...]
    stopped: str

    def summary(self) -> Message:
        """Say in a sentence what was done."""
        runs = [run for each in self.policies for run in each.runs]
        spent = [run.spent for run in runs if run.spent is not None]
        told: dict[str, str | int | float | None] = {
            "golden": self.golden,
            "items": self.items,
            "repeats": self.repeats,
            "requests": sum(run.tally.sent for run in runs),
            "tokens": sum(run.tokens for run in runs),
            "cost": f"{sum(spent):.6g} {runs[0].currency}" if spent else "–",
        }
        return Message("golden.run_stopped" if self.stopped else "golden.ran", told)

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "golden": self.golden,
            "items": self.items,
            "repeats": self.repeats,
            "policies": [each.record() for each in self.policies],
            "stopped": self.stopped,
            "text": self.summary().record(),
        }


def among_golden(golden: GoldenSet) -> str:
    """Write the query for the settled ads of a set, in parentheses.

    Parameters
    ----------
    golden : GoldenSet
        The set.

    Returns
    -------
    str
        A SELECT of ad_id and ad_version.

    Raises
    ------
    DesignError
        If nothing is settled.
    """
    if not golden.settled:
        raise DesignError(
            f"nothing is settled in golden set {golden.name}",
            hint="take the labels of both labellers: shroff models golden take FILES",
        )
    ads = ", ".join(sorted({literal(str(item.ad_id)) for item in golden.settled}))
    design = literal(golden.design_id)
    return (
        f"(SELECT ad_id, ad_version FROM reviews WHERE design_id = {design} AND ad_id IN ({ads}))"
    )


def held_after(judging: Judging, run: Judged, asked: GoldenRunAsked, *, golden: GoldenSet) -> Told:
    """Hold a version against the set after it judged: what labels or answers do not tell is a note."""
    named = JudgeNamed(f"{run.judge.name}@{run.judge.version}")
    notes: list[Message] = []
    results: GoldenResults | None = None
    consistency: Consistency | None = None
    try:
        results = judging.results(named, golden=golden.name, level=asked.level)
    except ShroffError as error:
        notes.append(Message("golden.untold", {"cause": error.cause}))
    if asked.repeats > 1:
        try:
            consistency = judging.consistency(named, golden=golden.name, level=asked.level)
        except ShroffError as error:
            notes.append(Message("golden.untold", {"cause": error.cause}))
    return results, consistency, tuple(notes)


def run_golden(
    golden: GoldenSet,
    asked: GoldenRunAsked,
    *,
    judge: Judge,
    hold: Callable[[Judged], Told],
    currency: str | None,
) -> GoldenRan:
    """Put a golden set to a model, policy by policy, and say what came of it.

    Parameters
    ----------
    golden : GoldenSet
        The set.
    asked : GoldenRunAsked
        What it is put to.
    judge : callable
        Judges ads.
    hold : callable
        Holds a version that judged against the set.
    currency : str or None
        Currency of the price table; None without one.

    Returns
    -------
    GoldenRan
        What was done. What was answered before is not asked again, so the same call goes on where
        it was stopped.
    """
    among, purse = among_golden(golden), _Purse(asked.budget, currency)
    found: list[PolicyRan] = []
    stopped = ""
    for policy in asked.policies:
        runs: list[Judged] = []
        for wanted in _wanted(asked, policy, among=among):
            if stopped:
                break
            runs.append(judge(replace(wanted, budget=purse.left)))
            purse.take(runs[-1])
            stopped = runs[-1].stopped
        if runs:
            results, consistency, notes = hold(runs[0])
            found.append(
                PolicyRan(
                    policy=policy.policy,
                    runs=tuple(run for run in runs if run.wanted),
                    results=results,
                    consistency=consistency,
                    notes=notes,
                )
            )
    return GoldenRan(
        golden=golden.label,
        items=len(golden.settled),
        repeats=asked.repeats,
        policies=tuple(found),
        stopped=stopped,
    )


def _wanted(asked: GoldenRunAsked, policy: PolicyText, *, among: str) -> Iterator[JudgeAsked]:
    for repeat in range(asked.repeats):
        yield JudgeAsked(
            policy=policy,
            endpoint=asked.endpoint,
            name=asked.name,
            shadow=True,
            again=asked.again,
            among=among,
            repeat=repeat,
        )


class _Purse:
    """What may still be spent, over several runs."""

    def __init__(self, told: str, currency: str | None) -> None:
        self.budget = read_budget(told, currency=currency)

    @property
    def left(self) -> str:
        money, tokens = self.budget.money, self.budget.tokens
        parts: Sequence[str] = [
            *([f"{max(money.amount, 0.0):.9f}{money.currency}"] if money else []),
            *([f"{max(tokens, 0)} tokens"] if tokens is not None else []),
        ]
        return ", ".join(parts)

    def take(self, run: Judged) -> None:
        money, tokens = self.budget.money, self.budget.tokens
        if money is not None:
            self.budget.money = Cost(money.amount - (run.spent or 0.0), money.currency)
        if tokens is not None:
            self.budget.tokens = tokens - run.tokens
