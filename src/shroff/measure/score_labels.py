"""Scores of labelled ads, and of all ads: counts by model, version, policy, slice and thousandth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from shroff.domain.messages import Message
from shroff.domain.metrics import Weight
from shroff.domain.slices import EVERYTHING, Slice
from shroff.errors import ConfigError
from shroff.measure.frame import ACTIONS, Frame
from shroff.measure.score_queries import Chosen, families_of, labels_query, volume_query
from shroff.measure.scorecard import Scorecard
from shroff.stats.sampling import Strata, kind_codes
from shroff.stats.score_cells import PLACES, ScoreCells
from shroff.store.engine import Engine

__all__ = ["ScoreKey", "Scored", "label_cells", "read_scores", "strata_of", "told_by"]


@dataclass(frozen=True, slots=True, order=True)
class ScoreKey:
    """Whose scores, of what.

    Parameters
    ----------
    model, version : str
        The model.
    policy : str or None
        Policy scored; None for one score over all.
    slice : Slice
        Which ads.
    """

    model: str
    version: str
    policy: str | None
    slice: Slice = EVERYTHING

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "model": self.model,
            "version": self.version,
            "policy": self.policy,
            "slice": self.slice.record(),
        }

    def text(self) -> str:
        """Name it in a line."""
        parts = [self.model, self.version, *([self.policy] if self.policy else [])]
        parts += [f"{name} {value or '–'}" for name, value in self.slice.terms]
        return " · ".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """Labels and volume of one key.

    Parameters
    ----------
    key : ScoreKey
        Whose scores.
    cells : ScoreCells
        Labelled ads.
    volume : array of float, shape (4, `PLACES`)
        All scored ads of the period by machine action and place.
    unreadable : int
        Scores that are missing or no number.
    """

    key: ScoreKey
    cells: ScoreCells
    volume: np.ndarray = field(default_factory=lambda: np.zeros((len(ACTIONS), PLACES)))
    unreadable: int = 0

    @property
    def scored(self) -> int:
        """Count the ads that have a score."""
        return int(self.volume.sum())

    @property
    def outside(self) -> int:
        """Count the scores under 0 and over 1."""
        return int(self.volume[:, [0, PLACES - 1]].sum())


def strata_of(engine: Engine, frame: Frame) -> Strata:
    """Count the labels of each stratum, scored or not.

    Parameters
    ----------
    engine : Engine
        Where the frame is.
    frame : Frame
        The label frame, as ads count.

    Returns
    -------
    Strata
        How they were drawn.
    """
    counted = engine.query(
        f"SELECT stratum_code, COUNT(*) AS n FROM {frame.table} WHERE in_period"
        " GROUP BY stratum_code ORDER BY stratum_code"
    )
    labels = np.zeros(len(frame.strata))
    labels[counted.column("stratum_code").to_numpy()] = counted.column("n").to_numpy()
    return Strata(
        kind=kind_codes([s.kind for s in frame.strata]),
        population=np.full(len(labels), np.nan),
        labels=labels,
    )


def told_by(frame: Frame) -> tuple[Message, ...]:
    """Say what holds for all figures that rest on the scores of a frame's labels."""
    if not frame.any_probability():
        return (Message("scorecard.found"),)
    uncovered = frame.uncovered()
    unseen = Message("curves.uncovered", {"actions": ", ".join(uncovered)})
    return (*frame.caveats(), *([unseen] if uncovered else []))


def read_scores(
    engine: Engine, card: Scorecard, *, by: Sequence[str] = (), chosen: Chosen
) -> tuple[tuple[Scored, ...], tuple[str, ...]]:
    """Read scores by model, version, policy and slice.

    Parameters
    ----------
    engine : Engine
        Where the logs and the scorecard's session tables are.
    card : Scorecard
        The scorecard.
    by : sequence of str
        Columns to slice by; only where ``population`` holds rows.
    chosen : Chosen
        Which scores.

    Returns
    -------
    tuple of Scored, tuple of str
        Those with a score of the period, most labels first; and the queries.

    Raises
    ------
    ConfigError
        If no such score is in the logs.
    """
    frame = card.frames[Weight.ADS]
    queries = (
        labels_query(frame, by=by, chosen=chosen, families=families_of(engine)),
        volume_query(by, chosen, ground=card.ground, period=card.brief.period),
    )
    labels, volume = engine.query(queries[0]), engine.query(queries[1])
    found = label_cells(labels, by)[0]
    counts = _volumes(volume, by)
    keys = list(dict.fromkeys([*found, *counts]))
    if not keys:
        raise ConfigError(
            f"no ad of {card.brief.period.label()} has such a score",
            hint='shroff sql "SELECT model, version, policy_id, COUNT(*) FROM scores GROUP BY ALL"'
            " tells which there are",
        )
    nothing = _cells_of(labels.slice(0, 0))
    scored = [_scored(key, found.get(key, nothing), counts.get(key)) for key in keys]
    scored.sort(key=lambda each: (-each.cells.n.sum(), each.key.text()))
    return tuple(scored), queries


def _scored(key: ScoreKey, cells: ScoreCells, counts: np.ndarray | None) -> Scored:
    if counts is None:
        return Scored(key=key, cells=cells)
    return Scored(key=key, cells=cells, volume=counts[:, 2:], unreadable=int(counts[:, :2].sum()))


def _keys(table: pa.Table, by: Sequence[str]) -> tuple[list[ScoreKey], np.ndarray]:
    """Give the keys of a table's rows, each once, and which one a row has."""
    names = ["model", "version", "policy_id", *("_" + name for name in by)]
    columns = [table.column(name).to_pylist() for name in names]
    places: dict[tuple[str | None, ...], int] = {}
    which = np.array(
        [places.setdefault(each, len(places)) for each in zip(*columns, strict=True)],
        dtype=np.intp,
    )
    keys = [
        ScoreKey(str(model), str(version), policy, Slice(tuple(zip(by, rest, strict=True))))
        for model, version, policy, *rest in places
    ]
    return keys, which


def label_cells(
    table: pa.Table, by: Sequence[str] = ()
) -> tuple[dict[ScoreKey, ScoreCells], dict[ScoreKey, np.ndarray]]:
    """Sort rows of `labels_query` by whose score they are.

    Parameters
    ----------
    table : Table
        Its rows.
    by : sequence of str
        Columns it was sliced by.

    Returns
    -------
    dict of ScoreCells, dict of array
        For each key its labels, and which rows of the table they are.
    """
    keys, which = _keys(table, by)
    whole = _cells_of(table)
    order = np.argsort(which, kind="stable")
    ends = np.searchsorted(which[order], np.arange(len(keys) + 1))
    rows = {key: order[ends[number] : ends[number + 1]] for number, key in enumerate(keys)}
    return {key: whole.where(place) for key, place in rows.items()}, rows


def _cells_of(table: pa.Table) -> ScoreCells:
    cluster = None
    if "cluster" in table.column_names:
        coded = table.column("cluster").combine_chunks().dictionary_encode()
        cluster = coded.indices.to_numpy().astype(np.intp)
    return ScoreCells(
        stratum=table.column("stratum_code").to_numpy().astype(np.intp),
        place=table.column("place").to_numpy().astype(np.intp),
        violating=table.column("violating").to_numpy() > 0,
        n=table.column("n").to_numpy().astype(np.float64),
        w=table.column("w").to_numpy().astype(np.float64),
        w2=table.column("w2").to_numpy().astype(np.float64),
        cluster=cluster,
    )


def _volumes(table: pa.Table, by: Sequence[str]) -> dict[ScoreKey, np.ndarray]:
    """Give the ads by action and place + 2, so that unreadable scores come first."""
    keys, which = _keys(table, by)
    width = PLACES + 2
    codes = {action: code for code, action in enumerate(ACTIONS)}
    action = np.array([codes.get(a, 3) for a in table.column("action").to_pylist()], dtype=np.intp)
    place = table.column("place").to_numpy().astype(np.intp) + 2
    slot = (which * len(ACTIONS) + action) * width + place
    size = len(keys) * len(ACTIONS) * width
    counts = np.bincount(slot, table.column("n").to_numpy().astype(np.float64), minlength=size)
    shaped = counts.reshape(len(keys), len(ACTIONS), width)
    return dict(zip(keys, shaped, strict=True))
