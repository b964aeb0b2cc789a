"""Cells that lines can be moved in: ads, exposure, labels and review work by bin of the score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from shroff.advise.decision_errors import KINDS, LabelTrust, errors_of, kinds_of, trust_of
from shroff.advise.decision_queries import (
    BINS,
    MODELS_SQL,
    advised_sql,
    checked_sql,
    framed_sql,
    queued_sql,
    tallied_sql,
    worked_sql,
)
from shroff.advise.label_sums import LabelErrors, LabelSums
from shroff.advise.scored_policy import SCORED_POLICY
from shroff.domain.labels import DesignKind
from shroff.errors import ConfigError, DataError
from shroff.measure.brief import Brief
from shroff.measure.frame import Frame
from shroff.measure.label_plan_work import stand
from shroff.measure.population import dimensions
from shroff.measure.score_queries import Chosen
from shroff.store.engine import Engine

__all__ = ["USUAL_GRAIN", "DecisionCells", "read_cells"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

USUAL_GRAIN = (SCORED_POLICY, "market", "language")
"""Columns that cells are made of when none are named; those that the logs have."""

_APPROVE, _REVIEW, _REJECT = range(3)
_ACTIONS = {"approve": _APPROVE, "review": _REVIEW, "reject": _REJECT}


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionCells:
    """Ads whose action a score's lines decide.

    Parameters
    ----------
    chosen : Chosen
        Whose score.
    days : int
        Days of the period.
    by : tuple of str
        Columns that cells are made of.
    keys : tuple of tuple of str
        Values of each cell; empty for a missing value.
    ads : array of shape (3, cells, bins)
        Ads that were approved, reviewed, rejected, by model.
    shown, spend : array of shape (cells, bins)
        Impressions and spend of the approved ones.
    squares : array of shape (cells,)
        Sum of the squared impressions of the approved ones.
    found, found_shown : array of shape (cells, bins)
        Reviewed ads found violating, and the impressions that those had.
    labels : LabelSums
        Labels.
    told : array of shape (2, cells, bins)
        Impressions that approved ads stand for by their labels: of all, of violating ones.
    told_by : float
        Labels of approved ads that were found violating.
    queues : tuple of str
        Queues that the reviewed ads went to.
    minutes, worked : array of shape (cells, queues)
        Minutes of review in each queue, and ads with timed work.
    checked : array of shape (2, 2)
        Reviewed ads known better, from experts or people who judged them blind: compliant or
        violating, by what the queue said.
    ruled, other, unscored : int
        Ads that rules decided, those restricted, and those without this score.
    frame : Frame
        Where the labels come from.
    trust : LabelTrust
        How often one label is right.
    errors : LabelErrors or None
        How often labels of each kind are; always where None.
    """

    chosen: Chosen
    days: int
    by: tuple[str, ...]
    keys: tuple[tuple[str, ...], ...]
    ads: Floats
    shown: Floats
    spend: Floats
    squares: Floats
    found: Floats
    found_shown: Floats
    labels: LabelSums
    told: Floats
    told_by: float
    queues: tuple[str, ...]
    minutes: Floats
    worked: Floats
    checked: Floats
    ruled: int
    other: int
    unscored: int
    frame: Frame
    trust: LabelTrust = field(default_factory=LabelTrust)
    errors: LabelErrors | None = None

    def __len__(self) -> int:
        """Count the cells."""
        return len(self.keys)

    def factors(self) -> Ints:
        """Give the value of each column in each cell, counted from 0."""
        found = np.zeros((len(self.keys), len(self.by)), dtype=np.int64)
        for place in range(len(self.by)):
            names: dict[str, int] = {}
            found[:, place] = [names.setdefault(key[place], len(names)) for key in self.keys]
        return found

    def where(self, cell: int) -> dict[str, str]:
        """Name a cell by its columns."""
        return dict(zip(self.by, self.keys[cell], strict=True))


def read_cells(
    engine: Engine, brief: Brief, *, by: Sequence[str] = (), chosen: Chosen | None = None
) -> DecisionCells:
    """Read the cells of a period.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    brief : Brief
        Period, designs, dimensions of the user's own.
    by : sequence of str
        Columns that cells are made of; `USUAL_GRAIN` when empty.
    chosen : Chosen, optional
        Whose score; the one that decided last when absent.

    Returns
    -------
    DecisionCells
        Counts by cell and bin.

    Raises
    ------
    DataError
        If no ad has a score, or lines decide no ad.
    """
    frame = stand(engine, brief)
    whose = _whose(engine, chosen)
    grain = _grain(engine, brief, by)
    engine.materialise("advised", advised_sql(grain, whose))
    ads = engine.query(tallied_sql(grain))
    keys = _keys(ads, grain)
    if not keys:
        raise DataError(
            f"lines on the score of {whose.model} {whose.version} decide no ad of"
            f" {brief.period.label()}",
            hint="choose a period with decisions by models, or --model NAME",
        )
    everything = int(
        engine.query("SELECT COUNT(*) AS n FROM population WHERE in_period").column("n")[0].as_py()
    )
    work = _Reading(grain, keys)
    trust, checked = trust_of(engine, brief, frame), _checked(engine.query(checked_sql()))
    told = work.labelled(_labels(engine, brief, frame, grain))
    kind = told.pop("kind")
    return DecisionCells(
        chosen=whose,
        days=(brief.period.end - brief.period.start).days,
        by=grain,
        keys=tuple(keys),
        unscored=everything - int(sum(ads.column("ads").to_pylist())),
        frame=frame,
        **work.tally(ads),
        **told,
        **work.worked(engine.query(worked_sql(grain))),
        checked=checked,
        trust=trust,
        errors=errors_of(kind, trust, checked),
    )


def _whose(engine: Engine, chosen: Chosen | None) -> Chosen:
    """Choose the score that decides: over all policies before single ones, of the last version."""
    rows = engine.query(MODELS_SQL).to_pylist()
    wanted = chosen or Chosen()
    told = [
        row
        for row in rows
        if wanted.model in {"", row["model"]} and wanted.version in {"", row["version"]}
    ]
    if wanted.policy:
        told = [row for row in told if wanted.policy == (row["policy_id"] or "-")]
    if not told:
        known = sorted({f"{row['model']}/{row['version']}" for row in rows})
        raise DataError(
            "no ad of the period has such a score",
            hint=f"live scores: {', '.join(known[:8])}" if known else "ingest scores first",
        )
    best = max(
        told, key=lambda row: (row["policy_id"] is None, row["last_day"], row["ads"], row["model"])
    )
    return Chosen(model=best["model"], version=best["version"], policy=best["policy_id"] or "-")


def _grain(engine: Engine, brief: Brief, by: Sequence[str]) -> tuple[str, ...]:
    known = dimensions(engine, brief.derived)
    asked = tuple(SCORED_POLICY if name == "policy" else name for name in by)
    scored = engine.query(
        "SELECT COUNT(*) AS n FROM scores WHERE policy_id IS NOT NULL"
        " AND NOT COALESCE(shadow, FALSE)"
    )
    has = {*known, *([SCORED_POLICY] if scored.column("n")[0].as_py() else [])}
    if not asked:
        return tuple(name for name in USUAL_GRAIN if name in has)
    for name in asked:
        if name == SCORED_POLICY and name not in has:
            raise ConfigError(
                "no score of a single policy tells which policy an ad is nearest to",
                where="--by policy",
                hint="ingest scores with policy_id, or leave policy out",
            )
        if name not in has:
            raise ConfigError(
                f"there is no column {name!r} to make cells of",
                where=f"--by {name}",
                hint="columns: policy, " + ", ".join(known),
            )
    return tuple(dict.fromkeys(asked))


def _labels(engine: Engine, brief: Brief, frame: Frame, grain: tuple[str, ...]) -> list[pa.Table]:
    """Ask for labels: drawn ones, and the other verdicts of a queue that is worked in full."""
    parts = [engine.query(framed_sql(grain, frame.table))]
    if any(design.kind is DesignKind.CENSUS for design in brief.designs):
        parts.append(engine.query(queued_sql(grain, frame.table)))
    return parts


def _checked(rows: pa.Table) -> Floats:
    found = np.zeros((2, 2))
    for row in rows.to_pylist():
        found[int(row["found"]), int(row["said"] == "violating")] += row["n"]
    return found


def _values(rows: pa.Table, by: Sequence[str]) -> list[tuple[str, ...]]:
    if not by:
        return [()] * rows.num_rows
    return list(zip(*(rows.column("_" + name).to_pylist() for name in by), strict=True))


def _keys(rows: pa.Table, by: Sequence[str]) -> list[tuple[str, ...]]:
    """List the cells that lines decide ads of."""
    lanes = rows.column("lane").to_pylist()
    mine = {v for v, lane in zip(_values(rows, by), lanes, strict=True) if lane == "model"}
    return sorted(mine)


class _Reading:
    """Puts rows of answers into arrays."""

    def __init__(self, by: tuple[str, ...], keys: Sequence[tuple[str, ...]]) -> None:
        self.by = by
        self.places = {key: place for place, key in enumerate(keys)}

    def _cells(self, rows: pa.Table) -> Ints:
        return np.array([self.places.get(v, -1) for v in _values(rows, self.by)], dtype=np.int64)

    def tally(self, rows: pa.Table) -> Mapping[str, Any]:
        """Sort ads by cell, bin and action."""
        size = (len(self.places), BINS)
        found: dict[str, Any] = {
            "ads": np.zeros((3, *size)),
            "squares": np.zeros(size[0]),
            **{name: np.zeros(size) for name in ("shown", "spend", "found", "found_shown")},
        }
        cell, ads = self._cells(rows), _column(rows, "ads")
        place = rows.column("bin").to_numpy().astype(np.int64)
        lanes = np.array(rows.column("lane").to_pylist(), dtype=object)
        actions = np.array(rows.column("action").to_pylist(), dtype=object)
        for name, code in _ACTIONS.items():
            mine = (lanes == "model") & (actions == name)
            np.add.at(found["ads"][code], (cell[mine], place[mine]), ads[mine])
            if name == "approve":
                np.add.at(found["squares"], cell[mine], _column(rows, "squares")[mine])
                for key, column in (("shown", "impressions"), ("spend", "spend")):
                    np.add.at(found[key], (cell[mine], place[mine]), _column(rows, column)[mine])
            if name == "review":
                for key, column in (("found", "found"), ("found_shown", "found_impressions")):
                    np.add.at(found[key], (cell[mine], place[mine]), _column(rows, column)[mine])
        found["ruled"] = int(ads[lanes == "rule"].sum())
        found["other"] = int(ads[lanes == "other"].sum())
        return found

    def labelled(self, parts: Sequence[pa.Table]) -> dict[str, Any]:
        """Sort labels by cell, bin and kind."""
        size = len(self.places) * BINS
        sums = np.zeros((4, KINDS * size))
        told, told_by = np.zeros((2, size)), 0.0
        for rows in parts:
            place = self._cells(rows) * BINS + rows.column("bin").to_numpy().astype(np.int64)
            actions = np.array(rows.column("action").to_pylist(), dtype=object)
            tier = rows.column("tier").to_numpy().astype(np.int64)
            slot = kinds_of(tier, actions == "review") * size + place
            bad = _column(rows, "violating")
            for row, name in enumerate(("n", "w", "w2")):
                np.add.at(sums[row], slot, _column(rows, name))
            np.add.at(sums[3], slot, _column(rows, "w") * bad)
            mine = actions == "approve"
            shown = _column(rows, "shown")[mine]
            np.add.at(told[0], place[mine], shown)
            np.add.at(told[1], place[mine], shown * bad[mine])
            told_by += float((_column(rows, "n") * bad)[mine].sum())
        some = np.flatnonzero(sums[0])
        n, w, w2, hits = sums[:, some]
        labels = LabelSums(cell=some % size // BINS, bin=some % BINS, n=n, w=w, w2=w2, hits=hits)
        return {
            "labels": labels,
            "kind": some // size,
            "told": told.reshape(2, -1, BINS),
            "told_by": told_by,
        }

    def worked(self, rows: pa.Table) -> Mapping[str, Any]:
        """Sort review work by cell and queue."""
        names = rows.column("queue").to_pylist()
        queues = tuple(dict.fromkeys(names))
        size = (len(self.places), len(queues))
        minutes, ads = np.zeros(size), np.zeros(size)
        queue = np.array([queues.index(name) for name in names], dtype=np.int64)
        cell = self._cells(rows)
        np.add.at(minutes, (cell, queue), _column(rows, "minutes"))
        np.add.at(ads, (cell, queue), _column(rows, "ads"))
        return {"queues": queues, "minutes": minutes, "worked": ads}


def _column(rows: pa.Table, name: str) -> Floats:
    found: Floats = rows.column(name).cast(pa.float64()).to_numpy()
    return np.nan_to_num(found)
