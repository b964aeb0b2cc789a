"""Do scores mean what they say, and do they still?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from shroff.domain.messages import Message
from shroff.domain.metrics import Weight
from shroff.errors import DesignError
from shroff.measure.brief import Brief
from shroff.measure.calibration_drift import Week, drift_of
from shroff.measure.curve_points import estimate_record
from shroff.measure.frame import Frame
from shroff.measure.recalling import Kept
from shroff.measure.score_labels import ScoreKey, label_cells, strata_of, told_by
from shroff.measure.score_queries import ALL_SCORES, Chosen, families_of, labels_query
from shroff.measure.scorecard import Query, Scorecard, scorecard
from shroff.stats.calibration import calibration
from shroff.stats.calibration_figures import Calibration
from shroff.stats.estimate import Estimate, Status
from shroff.stats.sampling import Strata
from shroff.stats.score_cells import PLACES, ScoreCells
from shroff.store.engine import Engine

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = [
    "Calibrated", "Calibrations", "calibrations", "calibrations_of", "read_labels",
]  # fmt: skip

_MOST = 1000
_SEED = 20261122


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibrated:
    """How far one score is from what it says.

    Parameters
    ----------
    key : ScoreKey
        Whose score.
    labels, violating : int
        Labelled ads that have it, and those found violating.
    found : Calibration or None
        Reliability, calibration error, Brier score; None where scores are no chances.
    weeks : tuple of Week
        Over time.
    p_steady : float or None
        Chance of weeks that differ so much, were calibration steady; None with less than two.
    notes : tuple of Message
        What to know of it.
    """

    key: ScoreKey
    labels: int
    violating: int
    found: Calibration | None
    weeks: tuple[Week, ...]
    p_steady: float | None
    notes: tuple[Message, ...]

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            **self.key.record(),
            "labels": self.labels,
            "violating": self.violating,
            **(_record_of(self.found) if self.found else dict.fromkeys(_KEYS)),
            "weeks": [
                {
                    "week": str(week.start),
                    "mean_score": week.mean_score,
                    "share": week.share,
                    "gap": estimate_record(week.gap),
                }
                for week in self.weeks
            ],
            "p_steady": self.p_steady,
            "notes": [note.record() for note in self.notes],
        }

    def bins(self) -> list[dict[str, object]]:
        """Give the reliability as records, a bin each."""
        return _bins_of(self.found) if self.found else []


_KEYS = (
    "gap", "ece", "ece_plain", "p_calibrated", "brier", "skill", "miscalibration",
    "discrimination", "uncertainty", "bins",
)  # fmt: skip


def _record_of(found: Calibration) -> dict[str, object]:
    figures = {
        "gap": found.gap,
        "ece": found.ece,
        "brier": found.brier,
        "skill": found.skill,
        "miscalibration": found.miscalibration,
        "discrimination": found.discrimination,
        "uncertainty": found.uncertainty,
    }
    return {
        **{name: estimate_record(figure) for name, figure in figures.items()},
        "ece_plain": found.ece_plain,
        "p_calibrated": found.p_calibrated,
        "bins": _bins_of(found),
    }


def _bins_of(found: Calibration) -> list[dict[str, object]]:
    bins = found.reliability
    return [
        {
            "low": float(bins.low[place]),
            "high": float(bins.high[place]),
            "mean_score": float(bins.mean_score[place]),
            "weight": float(bins.weight[place]),
            "share": estimate_record(bins.share.at(place)),
        }
        for place in range(len(bins.low))
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibrations:
    """Calibration of all scores asked for.

    Parameters
    ----------
    brief : Brief
        What was asked.
    scores : tuple of Calibrated
        Most labels first.
    design : str
        How the labels were drawn.
    caveats : tuple of Message
        What holds for all of them.
    queries : tuple of Query
        What was executed.
    """

    brief: Brief
    scores: tuple[Calibrated, ...]
    design: str
    caveats: tuple[Message, ...]
    queries: tuple[Query, ...]

    def __iter__(self) -> Iterator[Calibrated]:
        """Give the scores in order."""
        return iter(self.scores)

    def record(self) -> dict[str, object]:
        """Give everything as a JSON-ready record."""
        period = self.brief.period
        return {
            "period": {"start": str(period.start), "end": str(period.end)},
            "level": self.brief.level,
            "design": self.design,
            "scores": [each.record() for each in self.scores],
            "caveats": [caveat.record() for caveat in self.caveats],
            "queries": [{"title": query.title, "sql": query.sql} for query in self.queries],
        }

    def to_arrow(self) -> pa.Table:
        """Give the reliability of all scores as an Arrow table, a row a bin."""
        import pyarrow as pa  # noqa: PLC0415  (only those who ask for a table need it)

        rows: list[dict[str, object]] = []
        for each in self.scores:
            for one in each.bins():
                share = one.pop("share")
                figures = share if isinstance(share, dict) else {}
                names = {"value": "share", "low": "share_low", "high": "share_high", "n": "labels"}
                key = {k: v for k, v in each.key.record().items() if k != "slice"}
                rows.append({**key, **one, **{b: figures[a] for a, b in names.items()}})
        types = {"model": pa.string(), "version": pa.string(), "policy": pa.string()}
        numbers = ("low", "high", "mean_score", "weight", "share", "share_low", "share_high")
        fields = [
            *types.items(),
            *((name, pa.float64()) for name in numbers),
            ("labels", pa.int64()),
        ]
        return pa.Table.from_pylist(rows, schema=pa.schema(fields))


def calibrations(
    engine: Engine, brief: Brief, *, chosen: Chosen = ALL_SCORES, kept: Kept | None = None
) -> Calibrations:
    """Say how far scores are from the share that violates, and whether that drifts.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    brief : Brief
        Period, designs, level; its slices and metrics are not used.
    chosen : Chosen
        Whose scores.
    kept : Kept or None
        Cubes that are up to date.

    Returns
    -------
    Calibrations
        One a model version and policy.

    Raises
    ------
    DesignError
        If no ad with such a score is labelled.
    """
    card = scorecard(engine, replace(brief, by=((),), wanted=("approve_rate",)), kept=kept)
    found = calibrations_of(engine, card, chosen=chosen)
    if not found.scores:
        raise DesignError(
            f"no ad of {brief.period.label()} that has such a score is labelled",
            hint="draw random labels (shroff labels plan), or choose a longer --period",
        )
    return found


def calibrations_of(
    engine: Engine, card: Scorecard, *, chosen: Chosen = ALL_SCORES
) -> Calibrations:
    """Say it for the ads of a scorecard; its session tables must stand.

    Parameters
    ----------
    engine : Engine
        Where the logs and the scorecard's session tables are.
    card : Scorecard
        The scorecard.
    chosen : Chosen
        Whose scores.

    Returns
    -------
    Calibrations
        Empty where no scored ad is labelled.

    Raises
    ------
    DesignError
        If far too many scores are asked for.
    """
    frame, brief = card.frames[Weight.ADS], card.brief
    cells, weeks, query = read_labels(engine, frame, chosen=chosen)
    if len(cells) > _MOST:
        raise DesignError(
            f"{len(cells):,} scores are asked for, at most {_MOST:,} can be looked at",
            hint="choose a model or policy",
        )
    strata = strata_of(engine, frame)
    scores = [
        _calibrated(key, cells[key], strata, weeks=weeks[key], brief=brief, frame=frame)
        for key in cells
    ]
    scores.sort(key=lambda each: (-each.labels, each.key.text()))
    return Calibrations(
        brief=brief,
        scores=tuple(scores),
        design=frame.text(),
        caveats=told_by(frame),
        queries=(Query("scores of labels by week", engine.text(query)),),
    )


def read_labels(
    engine: Engine, frame: Frame, *, chosen: Chosen
) -> tuple[Mapping[ScoreKey, ScoreCells], Mapping[ScoreKey, np.ndarray], str]:
    """Read scores of labelled ads by week.

    Parameters
    ----------
    engine : Engine
        Where the logs and the frame are.
    frame : Frame
        The label frame, as ads count.
    chosen : Chosen
        Whose scores.

    Returns
    -------
    cells, weeks : mapping
        For each score, its labels, and the first day of the week of each row.
    query : str
        The query that read them.
    """
    week = {"_week": "CAST(f.week AS VARCHAR)"}
    query = labels_query(frame, by=(), chosen=chosen, families=families_of(engine), extra=week)
    table = engine.query(query)
    cells, rows = label_cells(table)
    told = np.array([each or "" for each in table.column("_week").to_pylist()], dtype=object)
    return cells, {key: told[place] for key, place in rows.items()}, query


def _calibrated(
    key: ScoreKey,
    cells: ScoreCells,
    strata: Strata,
    *,
    weeks: np.ndarray,
    brief: Brief,
    frame: Frame,
) -> Calibrated:
    labels = round(float(cells.n.sum()))
    violating = round(float(cells.n[cells.violating].sum()))
    inside = (cells.place >= 1) & (cells.place < PLACES - 1)
    notes: list[Message] = []
    if not inside.all():
        outside = round(float(cells.n[~inside].sum()))
        notes.append(Message("calibration.outside", {"outside": outside, "labels": labels}))
    if violating in {0, labels}:
        kind = "none" if violating == 0 else "all"
        notes.append(Message(f"curves.{kind}_violating", {"labels": labels}))
    if not inside.all():
        return Calibrated(
            key=key, labels=labels, violating=violating, found=None, weeks=(), p_steady=None,
            notes=tuple(notes),
        )  # fmt: skip
    rng = np.random.default_rng(_SEED)
    found = calibration(cells, strata, level=brief.level, rng=rng)
    by_week, p = drift_of(cells, strata, weeks, level=brief.level)
    whole = frame.any_probability() and not frame.uncovered()
    if not whole:
        found = _proxies(found)
    return Calibrated(
        key=key,
        labels=labels,
        violating=violating,
        found=found,
        weeks=by_week,
        p_steady=p,
        notes=tuple(notes),
    )


def _proxies(found: Calibration) -> Calibration:
    def proxy(figure: Estimate) -> Estimate:
        known = figure.status is not Status.UNKNOWN
        return replace(figure, status=Status.PROXY) if known else figure

    return replace(
        found,
        gap=proxy(found.gap),
        ece=proxy(found.ece),
        brier=proxy(found.brier),
        skill=proxy(found.skill),
        miscalibration=proxy(found.miscalibration),
        discrimination=proxy(found.discrimination),
        uncertainty=proxy(found.uncertainty),
    )
