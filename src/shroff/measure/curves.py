"""What would each threshold catch, and what would it cost? Curves of every model's scores."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from shroff.domain.messages import Message
from shroff.domain.metrics import Weight
from shroff.errors import DesignError
from shroff.measure.brief import Brief
from shroff.measure.curve_points import Point, chosen_points, estimate_record
from shroff.measure.frame import ACTIONS, Frame
from shroff.measure.recalling import Kept
from shroff.measure.score_labels import Scored, ScoreKey, read_scores, strata_of, told_by
from shroff.measure.score_queries import ALL_SCORES, Chosen
from shroff.measure.scorecard import Query, Scorecard, scorecard
from shroff.stats.estimate import Estimate, Status
from shroff.stats.sampling import Strata
from shroff.stats.score_cells import BINS
from shroff.stats.score_curves import METRICS, Thresholds, thresholds
from shroff.stats.score_ranking import Ranking, ranking
from shroff.store.engine import Engine

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["EVERYTHING", "Curve", "Curves", "CurvesAsked", "curves", "curves_of"]

_MOST = 1000
_SEED = 20261122
_STEP = 10  # of the thousandths, in JSON


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvesAsked:
    """What is asked of curves.

    Parameters
    ----------
    chosen : Chosen
        Whose scores.
    by : tuple of str
        Columns to slice by.
    precision, recall : tuple of float
        Bars to find thresholds for, in (0, 1).
    reject_at : float or None
        Threshold from which ads would be rejected; None to take the lowest that meets the highest
        precision asked for.
    """

    chosen: Chosen = ALL_SCORES
    by: tuple[str, ...] = ()
    precision: tuple[float, ...] = (0.8, 0.9, 0.95)
    recall: tuple[float, ...] = (0.5, 0.8)
    reject_at: float | None = None


EVERYTHING = CurvesAsked()
"""All scores, unsliced, at the usual bars."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """What thresholds on one score do.

    Parameters
    ----------
    key : ScoreKey
        Whose score, of which ads.
    scored : int
        Ads of the period that have it.
    labels, violating : int
        Those that are labelled, and those found violating.
    thresholds : Thresholds
        Precision, recall and false-positive rate at 0, 0.001, ... 0.999.
    ranking : Ranking
        AUC and average precision.
    volume : array of float, shape (4, 1000)
        Ads from each threshold up, by what the machine did with them: approve, review, reject,
        restrict.
    reject_at : float or None
        Threshold from which ads are taken as rejected, those under it as reviewed.
    points : tuple of Point
        Operating points.
    notes : tuple of Message
        What to know of it.
    """

    key: ScoreKey
    scored: int
    labels: int
    violating: int
    thresholds: Thresholds
    ranking: Ranking
    volume: np.ndarray
    reject_at: float | None
    points: tuple[Point, ...]
    notes: tuple[Message, ...]

    @property
    def flagged(self) -> np.ndarray:
        """Ads from each threshold up, shape (1000,)."""
        total: np.ndarray = self.volume.sum(axis=0)
        return total

    def rejected(self) -> np.ndarray:
        """Ads that would be rejected with each threshold as the line of the queue."""
        if self.reject_at is None:
            return np.zeros(BINS)
        line = np.maximum(np.arange(BINS), round(self.reject_at * BINS))
        return self.flagged[line]

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record, every tenth threshold."""
        return {
            **self.key.record(),
            "scored": self.scored,
            "labels": self.labels,
            "violating": self.violating,
            "auc": estimate_record(self.ranking.auc),
            "average_precision": estimate_record(self.ranking.average_precision),
            "reject_at": self.reject_at,
            "points": [point.record() for point in self.points],
            "curve": self._table(_STEP).to_pylist(),
            "notes": [note.record() for note in self.notes],
        }

    def to_arrow(self) -> pa.Table:
        """Give every threshold as a row of an Arrow table."""
        return self._table(1)

    def _table(self, step: int) -> pa.Table:
        import pyarrow as pa  # noqa: PLC0415  (only those who ask for a table need it)

        picked = np.arange(0, BINS, step)
        size = len(picked)
        columns: dict[str, object] = {
            "model": [self.key.model] * size,
            "version": [self.key.version] * size,
            "policy": pa.array([self.key.policy] * size, pa.string()),
            **{n: pa.array([v] * size, pa.string()) for n, v in self.key.slice.terms},
            "threshold": picked / BINS,
        }
        for name in METRICS:
            figures = self.thresholds.metric(name)
            ends = (("", figures.value), ("_low", figures.low), ("_high", figures.high))
            for end, values in ends:
                column = values[picked]
                columns[name + end] = pa.array(column, pa.float64(), mask=np.isnan(column))
        flagged, rejected = self.flagged[picked], self.rejected()[picked]
        columns["ads"] = flagged.astype(np.int64)
        columns["review_ads"] = (flagged - rejected).astype(np.int64)
        columns["reject_ads"] = rejected.astype(np.int64)
        for code, action in enumerate(ACTIONS):
            columns[f"now_{action}"] = self.volume[code, picked].astype(np.int64)
        return pa.table(columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Curves:
    """The curves of all scores asked for.

    Parameters
    ----------
    brief : Brief
        What was asked.
    curves : tuple of Curve
        Most labels first.
    unlabelled : tuple of ScoreKey
        Scores of ads of which none is labelled.
    design : str
        How the labels were drawn.
    caveats : tuple of Message
        What holds for all of them.
    queries : tuple of Query
        What was executed.
    """

    brief: Brief
    curves: tuple[Curve, ...]
    unlabelled: tuple[ScoreKey, ...]
    design: str
    caveats: tuple[Message, ...]
    queries: tuple[Query, ...]

    def __iter__(self) -> Iterator[Curve]:
        """Give the curves in order."""
        return iter(self.curves)

    def __len__(self) -> int:
        """Count the curves."""
        return len(self.curves)

    def record(self) -> dict[str, object]:
        """Give everything as a JSON-ready record."""
        period = self.brief.period
        return {
            "period": {"start": str(period.start), "end": str(period.end)},
            "level": self.brief.level,
            "design": self.design,
            "curves": [curve.record() for curve in self.curves],
            "unlabelled": [key.record() for key in self.unlabelled],
            "caveats": [caveat.record() for caveat in self.caveats],
            "queries": [{"title": query.title, "sql": query.sql} for query in self.queries],
        }

    def to_arrow(self) -> pa.Table:
        """Give all thresholds of all curves as one Arrow table."""
        import pyarrow as pa  # noqa: PLC0415  (only those who ask for a table need it)

        return pa.concat_tables([curve.to_arrow() for curve in self.curves])


def curves(
    engine: Engine, brief: Brief, *, asked: CurvesAsked = EVERYTHING, kept: Kept | None = None
) -> Curves:
    """Say what each threshold on each score would catch, and how many ads it would take.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    brief : Brief
        Period, designs, level; its slices and metrics are not used.
    asked : CurvesAsked
        Whose scores, slices, bars.
    kept : Kept or None
        Cubes that are up to date; slices are counted on rows.

    Returns
    -------
    Curves
        Curves with bands, areas, operating points.

    Raises
    ------
    DesignError
        If no ad with such a score is labelled, or far too many curves are asked for.
    ConfigError
        If there is no such score, or no such column.
    """
    narrow = replace(brief, by=(asked.by,) if asked.by else ((),), wanted=("approve_rate",))
    card = scorecard(engine, narrow, kept=None if asked.by else kept)
    found = curves_of(engine, card, asked=asked)
    if not found.curves:
        raise DesignError(
            f"no ad of {brief.period.label()} that has a score is labelled",
            hint="draw random labels (shroff labels plan), or choose a longer --period",
        )
    return found


def curves_of(engine: Engine, card: Scorecard, *, asked: CurvesAsked = EVERYTHING) -> Curves:
    """Say it for the ads of a scorecard; its session tables must stand.

    Parameters
    ----------
    engine : Engine
        Where the logs and the scorecard's session tables are.
    card : Scorecard
        The scorecard.
    asked : CurvesAsked
        Whose scores, slices, bars.

    Returns
    -------
    Curves
        Without a curve where no scored ad is labelled.

    Raises
    ------
    DesignError
        If far too many curves are asked for.
    """
    scored, queries = read_scores(engine, card, by=asked.by, chosen=asked.chosen)
    told = [each for each in scored if len(each.cells)]
    if len(told) > _MOST:
        raise DesignError(
            f"{len(told):,} curves are asked for, at most {_MOST:,} can be looked at",
            hint="choose a model or policy, or slice by a column with fewer values",
        )
    frame, brief = card.frames[Weight.ADS], card.brief
    strata = strata_of(engine, frame)
    return Curves(
        brief=brief,
        curves=tuple(_curve(each, strata, frame, brief=brief, asked=asked) for each in told),
        unlabelled=tuple(each.key for each in scored if not len(each.cells)),
        design=frame.text(),
        caveats=told_by(frame),
        queries=tuple(
            Query(title, engine.text(sql))
            for title, sql in zip(("scores of labels", "scores of all ads"), queries, strict=True)
        ),
    )


def _curve(
    scored: Scored, strata: Strata, frame: Frame, *, brief: Brief, asked: CurvesAsked
) -> Curve:
    cells, level = scored.cells, brief.level
    found = thresholds(cells, strata, level=level, rng=np.random.default_rng(_SEED))
    whole = frame.any_probability() and not frame.uncovered()
    status = Status.ESTIMATE if whole else Status.PROXY
    volume = np.cumsum(scored.volume[:, ::-1], axis=1)[:, ::-1][:, 1 : BINS + 1]
    bars = {"precision": asked.precision, "recall": asked.recall}
    days = brief.period.days
    points, line = chosen_points(
        found, volume=volume, bars=bars, reject_at=asked.reject_at, days=days, status=status
    )
    ranks = ranking(cells, strata, level=level)
    return Curve(
        key=scored.key,
        scored=scored.scored,
        labels=round(float(cells.n.sum())),
        violating=round(float(cells.n[cells.violating].sum())),
        thresholds=found,
        ranking=Ranking(
            _worth(ranks.auc, status, frame), _worth(ranks.average_precision, status, frame)
        ),
        volume=volume,
        reject_at=line,
        points=points,
        notes=_notes(scored),
    )


def _worth(estimate: Estimate, status: Status, frame: Frame) -> Estimate:
    unknown = estimate.status is Status.UNKNOWN
    return replace(estimate, status=estimate.status if unknown else status, design=frame.text())


def _notes(scored: Scored) -> tuple[Message, ...]:
    cells, notes = scored.cells, []
    labels = round(float(cells.n.sum()))
    if not cells.violating.any():
        notes.append(Message("curves.none_violating", {"labels": labels}))
    elif cells.violating.all():
        notes.append(Message("curves.all_violating", {"labels": labels}))
    if len(np.unique(cells.place)) == 1:
        notes.append(Message("curves.constant", {"labels": labels}))
    if scored.outside:
        counts = {"outside": scored.outside, "scored": scored.scored}
        notes.append(Message("curves.outside", counts))
    if scored.unreadable:
        notes.append(Message("curves.unreadable", {"scores": scored.unreadable}))
    return tuple(notes)
