"""Two versions at work on the same ads: figures, slices and how small a difference they would show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np

from shroff.domain.messages import Message
from shroff.domain.slices import Slice
from shroff.measure.brief import Brief
from shroff.measure.model_figures import Operating, Reach, SliceGap, Versus
from shroff.measure.model_labels import PairSample
from shroff.measure.model_pairs import Acts, PairScores, acts_at
from shroff.measure.model_verdict import ModelComparison
from shroff.measure.model_versions import Pair
from shroff.stats.compare import holm
from shroff.stats.detectable import detectable_difference
from shroff.stats.estimate import Estimate, Estimates
from shroff.stats.paired import Comparison, compare_paired, read_off
from shroff.stats.paired_auc import compare_auc
from shroff.stats.paired_trade import Match, Unmatched, match_precision, same_precision
from shroff.store.engine import Engine

__all__ = ["Asked", "Basis", "Work"]

_MORE = (1, 2, 4)
_SUPPOSED = 0.1
_LABELS = (100, 300, 1000)
_POWER = 0.8
_MOST_SCORED, _LOPSIDED = 0.95, 1.25


class Basis(StrEnum):
    """What is held equal when two versions are compared.

    ``PRECISION``: both are as precise; ``VOLUME``: both act on as many ads; ``THRESHOLD``: each at
    a threshold that is given.
    """

    PRECISION = "precision"
    VOLUME = "volume"
    THRESHOLD = "threshold"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What to compare.

    Parameters
    ----------
    model, policy, champion, challenger : str
        As in `shroff.measure.model_versions.choose_pair`.
    at : float or None
        Score from which the champion acts; read from the logs when None, or where they do not tell,
        as registered.
    challenger_at : float or None
        Score from which the challenger acts when thresholds are given; the champion's when None.
    basis : Basis
        What the verdict holds equal.
    registered : mapping of (str, str) to float
        Score from which versions act as they are registered, by model and version.
    """

    model: str = ""
    policy: str = ""
    champion: str = ""
    challenger: str = ""
    at: float | None = None
    challenger_at: float | None = None
    basis: Basis = Basis.PRECISION
    registered: Mapping[tuple[str, str], float] = field(
        default_factory=dict[tuple[str, str], float]
    )


@dataclass(frozen=True, slots=True)
class Work:
    """One comparison under way.

    Parameters
    ----------
    engine : Engine
        Where ``population`` and ``model_pairs`` are.
    brief : Brief
        Period, slices, level.
    asked : Asked
        What to compare.
    pair : Pair
        The versions.
    scores : PairScores
        Their scores.
    sample : PairSample or None
        Labelled ads; None where no labelled ad has both scores.
    at : float
        Score from which the champion acts.
    near : float
        The challenger's threshold of equal volume.
    """

    engine: Engine
    brief: Brief
    asked: Asked
    pair: Pair
    scores: PairScores
    sample: PairSample | None
    at: float
    near: float

    def run(self) -> ModelComparison:
        """Compare."""
        match, found = self._match(), self.sample
        operating = self._operating(match)
        chosen = operating.get(self.asked.basis) or operating[Basis.VOLUME]
        return ModelComparison(
            brief=self.brief,
            snapshot=dict(self.engine.snapshot),
            pair=self.pair,
            scores=self.scores,
            labels=0 if found is None else len(found),
            violating=0 if found is None else int(found.labels.bad.sum()),
            design="" if found is None else found.design,
            ranking=self._ranking(),
            operating=tuple(operating.values()),
            basis=chosen.basis,
            slices=self._by_slice(chosen) if found is not None else (),
            detectable=self._detectable(chosen),
            notes=tuple(self._notes(match)),
        )

    def _match(self) -> Match | Unmatched:
        """Find where both are as precise."""
        if self.sample is None:
            return Unmatched.NOTHING
        return match_precision(
            self.sample.labels,
            first=self.sample.champion >= self.at,
            score=self.sample.challenger,
        )

    def _operating(self, match: Match | Unmatched) -> dict[str, Operating]:
        """Compare at each basis that can be had."""
        given = self.asked.challenger_at
        found: dict[str, Operating] = {}
        if isinstance(match, Match):
            figures = self._figures(match.threshold)
            # at equal precision, the doubt is of the recalls and of where that precision is
            recall = self._at_precision(figures[0], match)
            found[Basis.PRECISION] = self._at(
                Basis.PRECISION, match.threshold, (recall, *figures[1:])
            )
        for basis, at in (
            (Basis.VOLUME, self.near),
            (Basis.THRESHOLD, self.at if given is None else given),
        ):
            found[basis] = self._at(basis, at, self._figures(at))
        return found

    def _at_precision(self, recall: Versus, match: Match) -> Versus:
        sample = self.sample
        if sample is None:
            return recall
        found = same_precision(
            sample.labels,
            first=sample.champion >= self.at,
            score=sample.challenger,
            match=match,
            level=self.brief.level,
        )
        return replace(
            recall, difference=self._one(found), p=_known(read_off(found)[0]), exact=False
        )

    def _at(self, basis: Basis, challenger_at: float, figures: tuple[Versus, ...]) -> Operating:
        return Operating(
            basis=basis,
            champion_at=self.at,
            challenger_at=challenger_at,
            acts=acts_at(self.engine, champion_at=self.at, challenger_at=challenger_at),
            figures=figures,
        )

    def _figures(self, challenger_at: float) -> tuple[Versus, ...]:
        return tuple(self._versus(each) for each in self._compared(challenger_at)[1])

    def _versus(self, each: Comparison, place: int = 0) -> Versus:
        return Versus(
            metric=each.metric,
            champion=self._one(each.first, place),
            challenger=self._one(each.second, place),
            difference=self._one(each.difference, place),
            p=_known(each.p[place]),
            exact=bool(each.exact[place]),
        )

    def _compared(
        self, challenger_at: float, slicing: tuple[str, ...] = ()
    ) -> tuple[list[Slice], Sequence[Comparison]]:
        """Compare at thresholds, slice by slice."""
        sample = self.sample
        if sample is None:
            return [], []
        parts, group = sample.slices(slicing)
        return parts, compare_paired(
            sample.labels,
            first=sample.champion >= self.at,
            second=sample.challenger >= challenger_at,
            group=group,
            groups=len(parts),
            level=self.brief.level,
        )

    def _one(self, figures: Estimates, place: int = 0) -> Estimate:
        if self.sample is None:
            return figures.at(place)
        return figures.at(place, status=self.sample.status, design=self.sample.design)

    def _ranking(self) -> Versus | None:
        sample = self.sample
        if sample is None:
            return None
        found = compare_auc(
            sample.labels,
            first=sample.champion,
            second=sample.challenger,
            group=np.zeros(len(sample), dtype=np.intp),
            groups=1,
            level=self.brief.level,
        )
        return Versus(
            metric="auc",
            champion=self._one(found.first),
            challenger=self._one(found.second),
            difference=self._one(found.difference),
            p=_known(found.p[0]),
            exact=False,
        )

    def _by_slice(self, chosen: Operating) -> tuple[SliceGap, ...]:
        """Compare slice by slice at the same thresholds, and adjust for looking at them all."""
        found: list[tuple[Slice, Comparison, int]] = []
        for slicing in dict.fromkeys(self.brief.by):
            if not slicing or "policy" in slicing:
                continue
            parts, compared = self._compared(chosen.challenger_at, slicing)
            found += [
                (part, each, place)
                for each in compared
                if each.metric != "fpr"
                for place, part in enumerate(parts)
                if np.isfinite(each.difference.value[place])
            ]
        adjusted = holm(np.array([each.p[place] for _, each, place in found]))
        return tuple(
            SliceGap(slice=part, versus=self._versus(each, place), p_adjusted=float(p))
            for (part, each, place), p in zip(found, adjusted, strict=True)
        )

    def _detectable(self, chosen: Operating) -> tuple[Reach, ...]:
        """Say how small a difference of recall labels like these would find."""
        level = self.brief.level
        sample = self.sample
        if sample is None or not sample.labels.bad.any():
            return tuple(_reach(n, n, _SUPPOSED, level=level) for n in _LABELS)
        w = sample.labels.weight[sample.labels.bad]
        effective = float(w.sum() ** 2 / (w**2).sum()) if w.any() else 0.0
        share = self._disagreement(chosen)
        return tuple(
            _reach(len(sample) * more, effective * more, share, level=level) for more in _MORE
        )

    def _disagreement(self, chosen: Operating) -> float:
        """Say on which share of violating ads the versions differ, as far as scores tell it."""
        acts: Acts = chosen.acts
        recall = next((each for each in chosen.figures if each.metric == "recall"), None)
        if not acts.either:
            return _SUPPOSED
        caught = 1.0
        if recall is not None and recall.champion.value is not None:
            caught = max(recall.champion.value, recall.challenger.value or 0.0)
        return min(1.0, max(acts.differ / acts.either * caught, 1e-4))

    def _notes(self, match: Match | Unmatched) -> list[Message]:
        notes: list[Message] = []
        share = self.scores.both / self.scores.ads
        if share < _MOST_SCORED:
            notes.append(Message("models.partly_scored", {"share": share}))
        shares = [both / ads for ads, both in self.scores.by_action.values() if ads]
        if min(shares) < _MOST_SCORED and max(shares) > _LOPSIDED * min(shares):
            notes.append(Message("models.lopsided"))
        sample = self.sample
        if sample is None:
            return [*notes, Message("models.no_labels")]
        if sample.unscored:
            told = {"labels": sample.unscored, "all": len(sample) + sample.unscored}
            notes.append(Message("models.unscored_labels", dict(told)))
        versions = {
            "champion": self.pair.champion.version,
            "challenger": self.pair.challenger.version,
        }
        if isinstance(match, Unmatched):
            notes.append(Message(f"models.unmatched.{match}", dict(versions)))
        return [*notes, *sample.caveats]


def _reach(labels: float, effective: float, share: float, *, level: float) -> Reach:
    return Reach(
        labels=round(labels),
        effective=effective,
        disagreement=share,
        difference=detectable_difference(effective, share, level=level, power=_POWER),
        power=_POWER,
    )


def _known(p: float) -> float | None:
    return float(p) if np.isfinite(p) else None
