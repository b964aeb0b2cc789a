"""How far two people agree who labelled the same ads without seeing each other's answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from shroff.models.golden_labels import GoldenReview, settle
from shroff.stats.agreement import Coefficient, Tallies, agreement
from shroff.stats.agreement_intervals import Items
from shroff.stats.estimate import Estimate
from shroff.store.catalog_verdicts import VerdictStep

__all__ = ["TwoVoices", "two_voices"]

ANSWERS = ("violating", "compliant", "unclear")
Ad = tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoVoices:
    """What two people said of the same ads.

    Parameters
    ----------
    asked : int
        Ads that both were asked about.
    both : int
        Ads that both judged.
    table : tuple of tuple of int
        Ads by what the first (rows) and the second said, in the order of ``ANSWERS``.
    disputed : tuple of (str, int)
        Ads that need a third: other verdicts, unclear to both, or no policy in common.
    figures : mapping of str to Estimate
        Plain agreement, and coefficients that take off what chance would give.
    """

    asked: int
    both: int
    table: tuple[tuple[int, ...], ...]
    disputed: tuple[Ad, ...]
    figures: Mapping[str, Estimate]

    @property
    def done(self) -> bool:
        """Whether both judged all of it."""
        return self.both == self.asked

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record; nothing of single ads."""
        return {
            "asked": self.asked,
            "both": self.both,
            "done": self.done,
            "answers": list(ANSWERS),
            "table": [list(row) for row in self.table],
            "disputed": len(self.disputed),
            "figures": {
                name: {"value": each.value, "low": each.low, "high": each.high, "n": each.n}
                for name, each in self.figures.items()
            },
        }


def two_voices(
    first: Mapping[Ad, VerdictStep], second: Mapping[Ad, VerdictStep], *, asked: int
) -> TwoVoices:
    """Hold the answers of two people against each other.

    Parameters
    ----------
    first, second : mapping
        What each said, by ad.
    asked : int
        Ads that both were asked about.

    Returns
    -------
    TwoVoices
        Agreement with intervals over ads, and what is disputed.
    """
    table = np.zeros((3, 3), dtype=np.int64)
    disputed: list[Ad] = []
    shared = sorted(set(first) & set(second))
    for ad in shared:
        one, two = first[ad], second[ad]
        table[ANSWERS.index(one.verdict), ANSWERS.index(two.verdict)] += 1
        if settle([_review(one), _review(two)])[2] == "disputed":
            disputed.append(ad)
    return TwoVoices(
        asked=asked,
        both=len(shared),
        table=tuple(tuple(int(n) for n in row) for row in table),
        disputed=tuple(disputed),
        figures=_figures(table) if shared else {},
    )


def _review(step: VerdictStep) -> GoldenReview:
    return GoldenReview(
        reviewer=step.who,
        verdict=step.verdict,
        policies=tuple(step.detail.get("policies", ())),
        decided_at=step.at,
    )


def _figures(table: np.ndarray) -> dict[str, Estimate]:
    one, two = (each.ravel() for each in np.meshgrid(range(3), range(3), indexing="ij"))
    n = table.ravel().astype(np.float64)
    some = n > 0
    votes = np.eye(3)[one] + np.eye(3)[two]
    items = Items(group=np.zeros(int(some.sum()), dtype=np.intp), n=n[some], w=n[some], w2=n[some])
    tallies = Tallies(items=items, votes=votes[some])
    kinds = (Coefficient.SHARE, Coefficient.AC1, Coefficient.ALPHA)
    return {str(kind): agreement(tallies, kind=kind, groups=1).at(0) for kind in kinds}
