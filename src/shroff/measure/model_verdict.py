"""What a comparison of two versions found, and how it is said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

import pyarrow as pa

from shroff.domain.messages import Language, Message, points
from shroff.measure.brief import Brief
from shroff.measure.model_figures import SCHEMA, Operating, Reach, SliceGap, Versus, flat
from shroff.measure.model_pairs import PairScores
from shroff.measure.model_versions import ModelVersion, Pair

__all__ = ["ModelComparison"]

_MOST_NAMED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelComparison:
    """Two versions of a model on the same ads.

    Parameters
    ----------
    brief : Brief
        Period, slices and level.
    snapshot : mapping
        Version of the lake each table was read at.
    pair : Pair
        The versions.
    scores : PairScores
        Ads and scores.
    labels, violating : int
        Labelled ads that both scored, and those that violate what the model scores.
    design : str
        How the labels were drawn.
    ranking : Versus or None
        Areas under the ROC curve; None without labels.
    operating : tuple of Operating
        At the same precision (where it can be had), volume, and given thresholds.
    basis : str
        Which of them the verdict rests on.
    slices : tuple of SliceGap
        Recall and precision by slice, at those thresholds.
    detectable : tuple of Reach
        What labels would find.
    notes : tuple of Message
        What to know.
    """

    brief: Brief
    snapshot: Mapping[str, int]
    pair: Pair
    scores: PairScores
    labels: int
    violating: int
    design: str
    ranking: Versus | None
    operating: tuple[Operating, ...]
    basis: str
    slices: tuple[SliceGap, ...]
    detectable: tuple[Reach, ...]
    notes: tuple[Message, ...]

    def __iter__(self) -> Iterator[Operating]:
        """Give each basis."""
        return iter(self.operating)

    def at(self, basis: str) -> Operating | None:
        """Find the comparison on one basis."""
        return next((each for each in self.operating if each.basis == basis), None)

    @property
    def chosen(self) -> Operating:
        """Give the comparison that the verdict rests on."""
        return next(each for each in self.operating if each.basis == self.basis)

    def supply(self) -> tuple[Message, ...]:
        """Say what was compared, on how many ads and labels, and how often they disagree."""
        acts = self.chosen.acts
        names = {"model": self.pair.champion.model, **_names(self.pair)}
        counts = {
            "ads": self.scores.ads,
            "both": self.scores.both,
            "labels": self.labels,
            "violating": self.violating,
        }
        share = acts.differ / acts.either if acts.either else 0.0
        return (
            Message("models.pair", names),
            Message("models.supply", dict(counts)),
            Message("models.differ", {"differ": acts.differ, "share": share}),
        )

    @property
    def verdict(self) -> tuple[Message, ...]:
        """Say which is better: one sentence, and where it is otherwise."""
        recall = self.chosen.figure("recall")
        if recall is None or recall.difference.value is None:
            return (Message("models.verdict.nothing", _names(self.pair)),)
        standing = _standing(recall, level=self.brief.level)
        told = [self._sentence(recall, standing)]
        told += self._other_way(standing)
        return tuple(told)

    def verdict_text(self, language: Language) -> str:
        """Say the verdict in one line."""
        joint = "; " if language is Language.EN else "；"
        stop = "." if language is Language.EN else "。"
        return joint.join(each.text(language) for each in self.verdict) + stop

    def _sentence(self, recall: Versus, standing: int) -> Message:
        found = recall.difference
        sign = -1 if standing < 0 else 1
        winner, loser = self.pair.challenger, self.pair.champion
        if standing < 0:
            winner, loser = loser, winner
        ends = sorted(sign * end for end in (found.low or 0.0, found.high or 0.0))
        told: dict[str, str | int | float | None] = {
            "winner": winner.version,
            "loser": loser.version,
            "recall": points(sign * (found.value or 0.0)).replace("-", "−"),
            "level": f"{100 * found.level:g}%",
            "low": _end(ends[0]),
            "high": _end(ends[1]),
        }
        kind = "better" if standing else "unknown"
        return Message(f"models.verdict.{kind}.{self.basis}", told)

    def _other_way(self, standing: int) -> list[Message]:
        """Name the slices that surely go the other way, or either way where nothing is known."""
        told: list[Message] = []
        for metric in ("recall", "precision"):
            mine = self.findings(metric)
            for way, name in ((-1, "worse"), (1, "better")):
                sign = way if standing >= 0 else -way
                if standing and name == "better":
                    continue
                gaps = [gap for gap in mine if (gap.versus.difference.value or 0.0) * sign > 0]
                if gaps:
                    named = ", ".join(gap.name for gap in gaps[:_MOST_NAMED])
                    more = len(gaps) - _MOST_NAMED
                    params: dict[str, str | int | float | None] = {"slices": named, "more": more}
                    key = f"models.{name}_in.{metric}" + ("_more" if more > 0 else "")
                    told.append(Message(key, params))
        return told

    def findings(self, metric: str) -> list[SliceGap]:
        """List the slices whose difference is sure after adjusting for all, largest first."""
        sure = [
            gap
            for gap in self.slices
            if gap.versus.metric == metric and gap.p_adjusted <= 1 - self.brief.level
        ]
        return sorted(sure, key=lambda gap: -abs(gap.versus.difference.value or 0.0))

    def record(self) -> dict[str, object]:
        """Give everything as a JSON-ready record."""
        period = self.brief.period
        return {
            "period": {"start": str(period.start), "end": str(period.end)},
            "level": self.brief.level,
            "snapshot": dict(self.snapshot),
            "champion": self.pair.champion.record(),
            "challenger": self.pair.challenger.record(),
            "ads": self.scores.ads,
            "ads_scored_by_both": self.scores.both,
            "labels": self.labels,
            "violating": self.violating,
            "design": self.design,
            "verdict": [each.record() for each in self.verdict],
            "verdict_text": {
                "en": self.verdict_text(Language.EN),
                "zh": self.verdict_text(Language.ZH),
            },
            "basis": str(self.basis),
            "operating": [each.record() for each in self.operating],
            "auc": self.ranking.record() if self.ranking else None,
            "slices": [
                {
                    "slice": gap.slice.record(),
                    **gap.versus.record(gap.slice),
                    "p_adjusted": gap.p_adjusted,
                }
                for gap in self.slices
            ],
            "detectable": [
                {**asdict(each), "text": each.text().record()} for each in self.detectable
            ],
            "notes": [note.record() for note in self.notes],
        }

    def to_arrow(self) -> pa.Table:
        """Give every difference as a row: basis, metric, slice, both figures, difference, p."""
        rows: list[dict[str, object]] = []
        for each in self.operating:
            ends = {"champion_at": each.champion_at, "challenger_at": each.challenger_at}
            rows += [{"basis": str(each.basis), **ends, **flat(v)} for v in each.figures]
        if self.ranking is not None:
            rows.append({"basis": "", **flat(self.ranking)})
        thresholds = {
            "champion_at": self.chosen.champion_at,
            "challenger_at": self.chosen.challenger_at,
        }
        rows += [
            {
                "basis": str(self.basis),
                **thresholds,
                **flat(gap.versus),
                "slicing": ",".join(gap.slice.dimensions),
                "slice": gap.name,
                "p_adjusted": gap.p_adjusted,
            }
            for gap in self.slices
        ]
        return pa.Table.from_pylist(rows, schema=SCHEMA)

    def _repr_html_(self) -> str:
        """Show the verdict, as a notebook does."""
        from html import escape  # noqa: PLC0415  (only notebooks ask)

        return f"<p>{escape(self.verdict_text(Language.EN))}</p>"


def _names(pair: Pair) -> dict[str, str | int | float | None]:
    versions: Sequence[ModelVersion] = (pair.champion, pair.challenger)
    return {"champion": versions[0].version, "challenger": versions[1].version}


def _standing(recall: Versus, *, level: float) -> int:
    """Say which is surely better: 1 the challenger, -1 the champion, 0 neither."""
    low, high = recall.difference.low, recall.difference.high
    if low is None or high is None or (recall.p is not None and recall.p > 1 - level):
        return 0
    if low > 0:
        return 1
    return -1 if high < 0 else 0


def _end(value: float) -> str:
    """Write an end of an interval in points: a sign only below zero."""
    return points(value).lstrip("+").replace("-", "−")
