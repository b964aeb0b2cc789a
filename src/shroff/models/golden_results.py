"""How good is a version on a golden set: precision, recall, refusals, by policy and language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from shroff.domain.messages import Message
from shroff.domain.slices import EVERYTHING, Slice
from shroff.errors import DesignError
from shroff.measure.blocks import Figure, blocks_to_arrow, pack, record_of
from shroff.models.gold_labels import NOT_JUDGED, SlicedGold
from shroff.models.judge_answers import Answer, Judge
from shroff.stats.estimate import Estimate, Estimates, Status
from shroff.stats.paired import compare_paired
from shroff.stats.paired_doubt import PairedLabels
from shroff.stats.said_shares import FLAGGED, METRICS, NO_ANSWER, said_shares

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

__all__ = ["GoldenResults", "Paired", "paired_with", "results_of"]

_THIN = 10
_BLAMES = frozenset({"precision", "fpr", "specificity"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired:
    """What differs between a version and another, on the same ads.

    Parameters
    ----------
    other : Judge
        The other.
    figures : tuple of Figure
        The version's figure less the other's, for recall, precision, false-positive rate and
        share without an answer.
    both : int
        Ads that both judged.
    """

    other: Judge
    figures: tuple[Figure, ...]
    both: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldenResults:
    """Figures of one version on one golden set.

    Parameters
    ----------
    judge : Judge
        The version.
    golden : str
        The set with its revision and hash.
    level : float
        Coverage of the intervals.
    figures : tuple of Figure
        All figures; everything first.
    items : int
        Settled ads of the set.
    judged : int
        Those that the version judged.
    unanswered : mapping
        Ads without an answer, by why.
    paired : Paired or None
        Against another version.
    notes : tuple of Message
        What to know.
    """

    judge: Judge
    golden: str
    level: float
    figures: tuple[Figure, ...]
    items: int
    judged: int
    unanswered: Mapping[str, int]
    paired: Paired | None
    notes: tuple[Message, ...]

    def __iter__(self) -> Iterator[Figure]:
        """Give all figures, differences last."""
        yield from self.figures
        for figure in self.paired.figures if self.paired else ():
            yield Figure(f"{figure.metric}_difference", figure.slice, figure.estimate)

    def find(self, metric: str, part: Slice = EVERYTHING) -> Estimate | None:
        """Find a figure."""
        known = (f.estimate for f in self if (f.metric, f.slice) == (metric, part))
        return next(known, None)

    def slices(self, *dimensions: str) -> tuple[Slice, ...]:
        """List the slices of one slicing."""
        mine = (f.slice for f in self.figures if f.slice.dimensions == dimensions)
        return tuple(dict.fromkeys(mine))

    def to_arrow(self) -> pa.Table:
        """Give all figures as an Arrow table."""
        return blocks_to_arrow(
            [
                pack(
                    figure.metric,
                    [(figure.slice, figure.estimate)],
                    dimensions=figure.slice.dimensions,
                    level=self.level,
                )
                for figure in self
            ]
        )

    def record(self) -> dict[str, object]:
        """Give everything as a JSON-ready record."""
        paired = self.paired
        return {
            "judge": self.judge.record(),
            "golden": self.golden,
            "level": self.level,
            "items": self.items,
            "judged": self.judged,
            "unanswered": dict(self.unanswered),
            "figures": [record_of(figure) for figure in self.figures],
            "against": paired.other.record() if paired else None,
            "judged_by_both": paired.both if paired else None,
            "differences": [record_of(f) for f in paired.figures] if paired else [],
            "notes": [note.record() for note in self.notes],
        }


def results_of(
    cut: SlicedGold,
    answers: Mapping[tuple[str, int], Sequence[Answer]],
    judge: Judge,
    *,
    golden: str,
    level: float = 0.95,
    notes: Sequence[Message] = (),
) -> GoldenResults:
    """Say how good a version is.

    Parameters
    ----------
    cut : SlicedGold
        The golden ads.
    answers : mapping
        What the version said.
    judge : Judge
        The version.
    golden : str
        The set with its revision and hash.
    level : float
        Coverage wanted, in (0, 1).
    notes : sequence of Message
        What is known of the set.

    Returns
    -------
    GoldenResults
        Its figures.

    Raises
    ------
    DesignError
        If it judged none of the ads.
    """
    said = cut.said(answers, judge)
    kept = said != NOT_JUDGED
    whole = cut.group == 0
    judged, items = int((kept & whole).sum()), int(whole.sum())
    if not judged:
        raise DesignError(
            f"{judge.label} judged no ad of golden set {golden}",
            hint="have it judge them: shroff models judge, or score them and ingest the scores",
        )
    found = said_shares(cut.labels(said, kept=kept), groups=len(cut.slices), level=level)
    told = list(notes)
    if judged < items:
        told.append(Message("golden.not_judged", {"missing": items - judged, "items": items}))
    figures = tuple(
        Figure(metric, part, _told(found[metric].at(place, design=cut.gold.design)))
        for place, part in enumerate(cut.slices)
        for metric in METRICS
    )
    return GoldenResults(
        judge=judge,
        golden=golden,
        level=level,
        figures=tuple(each for each in figures if _is_told(each, judge)),
        items=items,
        judged=judged,
        unanswered=_unanswered(cut, answers, said=said),
        paired=None,
        notes=tuple(told),
    )


def _is_told(figure: Figure, judge: Judge) -> bool:
    """Tell whether a figure means anything: who names no policy errs at none in particular."""
    if not figure.slice.terms:
        return True
    blames = figure.metric in _BLAMES and "policy" in figure.slice.dimensions
    return figure.estimate.n > 0 and (bool(judge.policies) or not blames)


def _told(estimate: Estimate) -> Estimate:
    if estimate.status is Status.ESTIMATE and estimate.n < _THIN:
        return replace(estimate, caveats=(Message("golden.few", {"labels": estimate.n}),))
    return estimate


def _unanswered(
    cut: SlicedGold, answers: Mapping[tuple[str, int], Sequence[Answer]], *, said: np.ndarray
) -> dict[str, int]:
    """Count the ads without an answer by why: the last reason given."""
    why: Counter[str] = Counter()
    for row in cut.row[(cut.group == 0) & (said == NO_ANSWER)].tolist():
        given = [each.said for each in answers.get(cut.gold.keys[row], ()) if not each.is_answer]
        why[given[-1] if given else "failed"] += 1
    return dict(sorted(why.items()))


def paired_with(
    cut: SlicedGold, mine: np.ndarray, theirs: np.ndarray, *, other: Judge, level: float
) -> Paired:
    """Say what differs between two versions on the ads that both judged.

    Parameters
    ----------
    cut : SlicedGold
        The golden ads.
    mine, theirs : array of int
        What each said, row by row.
    other : Judge
        The other version.
    level : float
        Coverage wanted, in (0, 1).

    Returns
    -------
    Paired
        Mine less theirs.

    Raises
    ------
    DesignError
        If no ad was judged by both.
    """
    both = (mine != NOT_JUDGED) & (theirs != NOT_JUDGED)
    if not both.any():
        raise DesignError(
            "no golden ad was judged by both versions",
            hint="have both judge the golden set: shroff models judge",
        )
    found = _differences(cut, mine[both], theirs[both], both=both, level=level)
    figures = tuple(
        Figure(metric, part, estimates.at(place, design=cut.gold.design))
        for place, part in enumerate(cut.slices)
        for metric, estimates in found.items()
    )
    kept = tuple(
        each for each in figures if each.estimate.value is not None or not each.slice.terms
    )
    return Paired(other=other, figures=kept, both=int((both & (cut.group == 0)).sum()))


def _differences(
    cut: SlicedGold, mine: np.ndarray, theirs: np.ndarray, *, both: np.ndarray, level: float
) -> dict[str, Estimates]:
    gold, rows, group = cut.gold, cut.row[both], cut.group[both]
    labels = PairedLabels(
        stratum=gold.stratum[rows], w=gold.w[rows], bad=cut.bad[both], kind=gold.kind
    )
    flagged = compare_paired(
        labels,
        first=theirs == FLAGGED,
        second=mine == FLAGGED,
        group=group,
        groups=len(cut.slices),
        level=level,
    )
    # of all ads, how many more are left without an answer
    silent = compare_paired(
        replace(labels, bad=np.ones(len(rows), dtype=bool)),
        first=theirs == NO_ANSWER,
        second=mine == NO_ANSWER,
        group=group,
        groups=len(cut.slices),
        level=level,
    )
    return {**{e.metric: e.difference for e in flagged}, "no_answer": silent[0].difference}
