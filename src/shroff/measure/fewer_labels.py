"""More from fewer labels: figures from labels on few ads and scores on all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from shroff.domain.messages import Message
from shroff.domain.metrics import Metric, Needs, Weight
from shroff.errors import ConfigError, DesignError
from shroff.measure.brief import Brief
from shroff.measure.families import Query
from shroff.measure.frame import ACTIONS, Frame
from shroff.measure.population import dimensions
from shroff.measure.powered import FewerLabels, Powered
from shroff.measure.quality import Outcomes, outcomes_of
from shroff.measure.scorecard import Scorecard, scorecard
from shroff.measure.scored import Scored, Scorer, choose_scorer, read_scored, stand_scored
from shroff.stats.crossfit import chances, face_value
from shroff.stats.estimate import Estimate, Status
from shroff.stats.predicted import Predicted, Sides, modelled_ratios, predicted_ratios
from shroff.stats.sampling import Ratio
from shroff.store.engine import Engine

__all__ = ["USUAL", "fewer_labels", "fewer_labels_of", "sides_of"]

USUAL = (
    "leakage",
    "reject_precision",
    "recall_any",
    "violating_ad_share",
    "leaked_impression_share",
    "violating_impression_share",
)
"""Metrics that are shown when none is asked for."""


def fewer_labels(engine: Engine, brief: Brief, *, model: str = "") -> FewerLabels:
    """Estimate from labels on few ads and scores on all, beside labels alone.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    brief : Brief
        Period, slices, designs, level; metrics wanted, or the usual ones.
    model : str
        Whose scores; the model with most of them when empty.

    Returns
    -------
    FewerLabels
        Each figure with and without scores, and the labels that scores are worth.

    Raises
    ------
    ConfigError
        If a metric cannot be predicted, or a model or slice is not known.
    DesignError
        If no ad has a score, or none was decided.
    """
    wanted = brief.wanted or tuple(name for name in USUAL if _logged(engine, brief, name))
    card = scorecard(engine, replace(brief, wanted=wanted))
    found = fewer_labels_of(engine, card, metrics=wanted, model=model)
    if not found.powered:
        raise DesignError(
            f"no machine decision in {brief.period.label()}",
            hint="ingest decisions of that period, or ask for another with --period",
        )
    return found


def _logged(engine: Engine, brief: Brief, name: str) -> bool:
    return brief.metrics[name].weight is Weight.ADS or "impressions" in engine.snapshot


def fewer_labels_of(
    engine: Engine,
    card: Scorecard,
    *,
    metrics: Sequence[str] = USUAL,
    model: str = "",
    scorer: Scorer | None = None,
) -> FewerLabels:
    """Estimate for the period of a scorecard; its session tables must stand.

    Parameters
    ----------
    engine : Engine
        Where the logs and the scorecard's session tables are.
    card : Scorecard
        The scorecard, with the metrics wanted.
    metrics : sequence of str
        Metrics wanted.
    model : str
        Whose scores.
    scorer : Scorer, optional
        What scores instead, such as the answers of an LLM.

    Returns
    -------
    FewerLabels
        The figures.

    Raises
    ------
    ConfigError
        If a metric cannot be predicted, or scores cannot be cut as asked.
    """
    chosen = [card.brief.metrics[name] for name in metrics]
    _require_predictable(chosen)
    outcomes = outcomes_of(engine, chosen)
    scorer = scorer or choose_scorer(engine, model=model)
    query = stand_scored(
        engine,
        card.brief,
        card.frame,
        scorer=scorer,
        columns=_columns(engine, card.brief),
        weights=list(card.frames),
        ground=card.ground,
    )
    asked = [Query("ads with their scores", query)]
    work = _Work(engine, card, scorer, outcomes, asked, shares=[])
    powered = [
        each
        for slicing in dict.fromkeys(((), *card.brief.by))
        for weight, frame in card.frames.items()
        for each in work.slicing(
            slicing, frame, metrics=[one for one in chosen if one.weight is weight]
        )
    ]
    share = work.shares[0] if work.shares else 0.0
    return FewerLabels(
        brief=card.brief,
        scorer=scorer,
        scored_share=share,
        powered=tuple(powered),
        notes=_notes(scorer, share, card.frame),
        queries=tuple(replace(each, sql=engine.text(each.sql)) for each in work.queries),
    )


def _columns(engine: Engine, brief: Brief) -> list[str]:
    """Name the columns to slice by; all must be of ads."""
    columns = list(dict.fromkeys(name for slicing in brief.by for name in slicing))
    known = set(dimensions(engine, brief.derived)) - {"policy"}
    strange = [name for name in columns if name not in known]
    if strange:
        raise ConfigError(
            f"scores are of ads, and ads have no column {strange[0]!r}",
            hint="slice by one of: " + ", ".join(sorted(known)),
        )
    return columns


def _require_predictable(metrics: Sequence[Metric]) -> None:
    for metric in metrics:
        if (
            metric.needs is not Needs.TRUTH
            or metric.custom
            or metric.id == "right_policy_precision"
        ):
            raise ConfigError(
                f"scores cannot help {metric.id!r}",
                hint="choose metrics of violating or compliant ads: " + ", ".join(USUAL),
            )


def _notes(scorer: Scorer, share: float, frame: Frame) -> tuple[Message, ...]:
    notes = []
    if scorer.constant:
        notes.append(Message("fewer.constant", {"model": scorer.model}))
    elif not scorer.chance:
        ends = {"low": scorer.low, "high": scorer.high}
        notes.append(Message("fewer.not_chances", {"model": scorer.model, **ends}))
    if share < 1:
        notes.append(Message("fewer.unscored", {"share": 1 - share}))
    return (*notes, *frame.caveats())


def sides_of(ratio: Ratio) -> Sides:
    """Read a ratio of the label frame's outcomes by action and by whether an ad violates.

    Parameters
    ----------
    ratio : Ratio
        Its outcomes.

    Returns
    -------
    Sides
        The same by (action, compliant or violating); the right policy is taken as cited.
    """
    codes = np.array([[16 * action + 2, 16 * action + 15] for action in range(len(ACTIONS))])
    above = ratio.numerator[codes]
    return Sides(above=above, rest=ratio.denominator[codes] & ~above)


@dataclass(frozen=True, slots=True)
class _Work:
    """One estimation under way, slicing by slicing."""

    engine: Engine
    card: Scorecard
    scorer: Scorer
    outcomes: Outcomes
    queries: list[Query]
    shares: list[float]

    def slicing(
        self, slicing: tuple[str, ...], frame: Frame, *, metrics: Sequence[Metric]
    ) -> list[Powered]:
        """Estimate some metrics of one weight in all slices of a slicing."""
        scored = read_scored(self.engine, frame, slicing) if metrics else None
        if scored is None:
            return []
        self.queries.append(Query("counts and labels by score", scored.query))
        self.shares.append(scored.scored_share)
        sides = [sides_of(self.outcomes.ratios[metric.id]) for metric in metrics]
        found = self._predicted(scored, sides, drawn=frame.any_probability())
        table = self._chances(scored, drawn=frame.any_probability())
        return [
            each
            for metric, side, one in zip(metrics, sides, found, strict=True)
            for each in self._powered(metric, side, one, scored=scored, table=table)
        ]

    def _predicted(
        self, scored: Scored, sides: Sequence[Sides], *, drawn: bool
    ) -> Sequence[Predicted | None]:
        if not (drawn and len(scored.labels.w)):
            return [None] * len(sides)
        return predicted_ratios(
            scored.labels,
            scored.totals,
            scored.strata,
            shape=scored.shape,
            metrics=sides,
            groups=len(scored.slices),
            level=self.card.brief.level,
        )

    def _chances(self, scored: Scored, *, drawn: bool) -> np.ndarray:
        """Say how likely ads are to violate; of actions without a label scores are believed."""
        believed = face_value(scored.shape)
        if not self.scorer.chance:
            believed[:] = np.nan
        if not (drawn and len(scored.labels.w)):
            return believed
        table = chances(scored.labels, scored.shape)
        unheard = np.bincount(scored.labels.known, minlength=scored.shape.classes) == 0
        table[:, unheard] = believed[:, unheard]
        return table

    def _powered(
        self,
        metric: Metric,
        sides: Sides,
        found: Predicted | None,
        *,
        scored: Scored,
        table: np.ndarray,
    ) -> Iterator[Powered]:
        above, below = modelled_ratios(
            scored.totals, table, sides=sides, groups=len(scored.slices)
        )
        for place, part in enumerate(scored.slices):
            figure = self.card.figure(metric.id, **dict(part.terms))
            if figure is None:
                continue
            plain = figure.estimate
            known = plain.status is Status.ESTIMATE and found is not None
            yield Powered(
                metric=metric.id,
                slice=part,
                plain=plain,
                scored=_with_scores(found, place, plain) if known and found else _unknown(plain),
                worth=_worth(found, place, plain) if known and found else _unknown(plain),
                modelled=_modelled(above[place], below[place], plain),
                used=bool(known and found and found.used[place]),
                trust=_trust(found) if known and found else {},
            )


def _with_scores(found: Predicted, place: int, plain: Estimate) -> Estimate:
    """Give the figure with scores; where they were not used it is the plain one."""
    if not found.used[place]:
        return replace(plain, caveats=(*plain.caveats, Message("fewer.no_help")))
    return found.figures.at(place, design=plain.design, caveats=plain.caveats)


def _worth(found: Predicted, place: int, plain: Estimate) -> Estimate:
    return replace(
        plain,
        value=float(found.worth[place]),
        low=float(found.worth_low[place]),
        high=float(found.worth_high[place]),
        method="labels times variance without scores over variance with them",
        n_effective=None,
        design_effect=None,
        numerator=None,
        denominator=None,
        caveats=(),
    )


def _modelled(above: float, below: float, plain: Estimate) -> Estimate:
    """Give what scores alone expect, under its own name and status."""
    known = below > 0
    return replace(
        plain,
        value=float(above / below) if known else None,
        low=None,
        high=None,
        status=Status.MODELLED if known else Status.UNKNOWN,
        method="expected by scores",
        n=0,
        n_effective=None,
        design_effect=None,
        design="no label of these ads",
        numerator=float(above) if known else None,
        denominator=float(below) if known else None,
        caveats=(Message("fewer.modelled"),),
    )


def _unknown(plain: Estimate) -> Estimate:
    return replace(
        plain,
        value=None,
        low=None,
        high=None,
        status=Status.UNKNOWN,
        n_effective=None,
        design_effect=None,
        numerator=None,
        denominator=None,
        caveats=(Message("fewer.no_random_labels"),),
    )


def _trust(found: Predicted) -> dict[str, float]:
    return {
        name: float(share) for name, share in zip(ACTIONS, found.trust.mean(axis=0), strict=True)
    }
