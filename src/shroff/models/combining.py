"""Several answers to one question as one judgement, with a score where there is one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from shroff.domain.judgements import JudgementOutcome, ScoreKind
from shroff.models.prices import NO_TOKENS, Usage
from shroff.models.sample import Sample

__all__ = ["Combined", "combine"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Combined:
    """What came of a question.

    Parameters
    ----------
    outcome : JudgementOutcome
        How it ended.
    spokesman : Sample
        The answer whose severity, evidence and reason stand for all.
    verdict : str or None
        What most answers say; ``unclear`` on a tie.
    score : float or None
        Score for *violating*.
    score_kind : ScoreKind
        What the score is made of.
    answers : int
        Answers taken.
    usage : Usage
        Tokens of all.
    cost : float or None
        What all cost; None where no price is known.
    attempts : int
        Requests of all.
    """

    outcome: JudgementOutcome
    spokesman: Sample
    verdict: str | None
    score: float | None
    score_kind: ScoreKind
    answers: int
    usage: Usage
    cost: float | None
    attempts: int


def combine(samples: Sequence[Sample]) -> Combined:
    """Take several answers as one.

    Parameters
    ----------
    samples : sequence of Sample
        The answers, at least one.

    Returns
    -------
    Combined
        A verdict when at least half of the answers are; else what most of the others are. The
        score is the mean chance of the label's token where each verdict has one, else the share
        of *violating* among several verdicts; one verdict without chances gives none.
    """
    verdicts = [each for each in samples if each.outcome is JudgementOutcome.VERDICT]
    usage = sum((each.usage for each in samples), NO_TOKENS)
    costs = [each.cost for each in samples if each.cost is not None]
    outcome, spokesman = JudgementOutcome.VERDICT, samples[0]
    verdict: str | None = None
    score, kind = None, ScoreKind.NONE
    if verdicts and 2 * len(verdicts) >= len(samples):
        verdict = _most(verdicts)
        spokesman = next((v for v in verdicts if v.verdict == verdict), verdicts[0])
        score, kind = _score(verdicts)
    else:
        others = [each for each in samples if each.outcome is not JudgementOutcome.VERDICT]
        outcome = Counter(each.outcome for each in others).most_common(1)[0][0]
        spokesman = next(each for each in others if each.outcome is outcome)
    return Combined(
        outcome=outcome,
        spokesman=spokesman,
        verdict=verdict,
        score=score,
        score_kind=kind,
        answers=len(samples),
        usage=usage,
        cost=sum(costs) if costs else None,
        attempts=sum(each.attempts for each in samples),
    )


def _most(verdicts: Sequence[Sample]) -> str:
    counts = Counter(str(each.verdict) for each in verdicts).most_common(2)
    tied = len(counts) > 1 and counts[0][1] == counts[1][1]
    return "unclear" if tied else counts[0][0]


def _score(verdicts: Sequence[Sample]) -> tuple[float | None, ScoreKind]:
    scores = [each.score for each in verdicts if each.score is not None]
    if len(scores) == len(verdicts):
        return sum(scores) / len(scores), ScoreKind.LABEL_LOGPROB
    if len(verdicts) > 1:
        votes = sum(each.verdict == "violating" for each in verdicts)
        return votes / len(verdicts), ScoreKind.VOTE_SHARE
    return None, ScoreKind.NONE
