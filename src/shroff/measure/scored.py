"""Ads with their scores: all of them counted, the labelled ones one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
import pyarrow as pa

from shroff.domain.labels import DesignKind
from shroff.domain.metrics import Weight
from shroff.domain.slices import Slice
from shroff.errors import ConfigError, DesignError
from shroff.measure.brief import Brief
from shroff.measure.clustered import cluster_sql
from shroff.measure.counts import count, group_rows
from shroff.measure.frame import ACTIONS, Frame
from shroff.measure.ground import ROWS, Ground
from shroff.measure.population import population_sql
from shroff.measure.quality import counts_in
from shroff.stats.crossfit import FOLDS, ScoredLabels, ScoreTotals, Shape
from shroff.stats.label_cells import Strata, kind_codes
from shroff.store.engine import Engine
from shroff.store.rows import rows
from shroff.store.sql import ident, literal

__all__ = ["BINS", "Scored", "Scorer", "choose_scorer", "read_scored", "stand_scored"]

BINS = 1000
"""Bins of a score."""
_TABLE = "scored_ads"
_FINITE = "score > -1e300 AND score < 1e300 AND NOT ISNAN(score)"

_MODELS = f"""
SELECT model, COUNT(*) AS scores, MIN(score) AS low, MAX(score) AS high,
       SUM(CASE WHEN policy_id IS NULL THEN 1 ELSE 0 END) AS overall
FROM scores
WHERE NOT COALESCE(shadow, FALSE) AND {_FINITE}
GROUP BY model
"""

_SCORED = """
SELECT p.decision_id, p.action, p.in_period, {weights}, {columns}{action} AS action_code,
       STRPOS('0123456789abcdef', SUBSTR(MD5({key}), 1, 1)) - 1 AS hash_code,
       CASE WHEN s.score IS NULL THEN {bins}
            WHEN s.score >= {high} THEN {bins} - 1
            ELSE TRY_CAST(FLOOR((s.score - {low}) / {width} * {bins}) AS BIGINT) END AS bin
FROM {rows} AS p
LEFT JOIN ({scores}) AS s ON p.ad_id = s.ad_id AND p.ad_version = s.ad_version
"""

_SCORES = """
  SELECT ad_id, COALESCE(ad_version, 1) AS ad_version, MAX(score) AS score
  FROM scores
  WHERE model = {model} AND NOT COALESCE(shadow, FALSE) AND {finite}
  GROUP BY ad_id, COALESCE(ad_version, 1)
"""


@dataclass(frozen=True, slots=True)
class Scorer:
    """A model whose scores are used.

    Parameters
    ----------
    model : str
        Its name.
    low, high : float
        Least and largest score.
    query : str
        What gives one score an ad version; the log of scores when empty.
    """

    model: str
    low: float
    high: float
    query: str = ""

    @property
    def chance(self) -> bool:
        """Whether its scores could be chances: all from 0 to 1."""
        return self.low >= 0 and self.high <= 1

    @property
    def constant(self) -> bool:
        """Whether it gives every ad the same score."""
        return self.low >= self.high

    @property
    def ends(self) -> tuple[float, float]:
        """Between which scores the bins lie."""
        if self.chance:
            return 0.0, 1.0
        return self.low, self.high if self.high > self.low else self.low + 1.0


def choose_scorer(engine: Engine, *, model: str = "") -> Scorer:
    """Choose whose scores to use.

    Parameters
    ----------
    engine : Engine
        Where the log of scores is.
    model : str
        Name of a model; the one with most scores over all policies when empty.

    Returns
    -------
    Scorer
        The model.

    Raises
    ------
    DesignError
        If nothing is scored.
    ConfigError
        If there is no such model.
    """
    known = {row["model"]: row for row in engine.query(_MODELS).to_pylist()}
    if not known:
        raise DesignError(
            "no ad has a score", hint="ingest the log of scores, or label more: shroff labels plan"
        )
    if model and model not in known:
        close = get_close_matches(model, list(known), n=1)
        hint = f"did you mean {close[0]!r}? " if close else ""
        raise ConfigError(
            f"there is no model {model!r} with scores", hint=f"{hint}known: {', '.join(known)}"
        )
    name = model or max(known, key=lambda each: _merit(known[each]))
    return Scorer(name, float(known[name]["low"]), float(known[name]["high"]))


def _merit(row: Mapping[str, int]) -> tuple[int, int]:
    return row["overall"], row["scores"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """Scores of one slicing, ready for the estimators.

    Parameters
    ----------
    slices : tuple of Slice
        The slices that occur.
    totals : ScoreTotals
        All ads.
    labels : ScoredLabels
        The labels.
    strata : Strata
        How they were drawn.
    shape : Shape
        How both are numbered.
    query : str
        The query that counted.
    """

    slices: tuple[Slice, ...]
    totals: ScoreTotals
    labels: ScoredLabels
    strata: Strata
    shape: Shape
    query: str

    @property
    def scored_share(self) -> float:
        """Share of ads that have a score."""
        whole = float(self.totals.total.sum())
        return float(self.totals.total[self.totals.bin < BINS].sum()) / whole if whole else 0.0


def stand_scored(
    engine: Engine,
    brief: Brief,
    frame: Frame,
    *,
    scorer: Scorer,
    columns: Sequence[str],
    weights: Sequence[Weight],
    ground: Ground = ROWS,
) -> str:
    """Make the session table of ads with their scores.

    Parameters
    ----------
    engine : Engine
        Where the logs are; ``population`` must stand when it holds rows.
    brief : Brief
        Period.
    frame : Frame
        The label frame: ads drawn together are in one fold.
    scorer : Scorer
        Whose scores.
    columns : sequence of str
        Columns to slice by.
    weights : sequence of Weight
        What ads are weighed by.
    ground : Ground
        What the population is counted on.

    Returns
    -------
    str
        The query that made it.
    """
    source = "population"
    if ground.cuts:
        source = "(" + population_sql(
            engine, brief.period, derived=brief.derived, week_starts=brief.week_starts
        ) + ")"  # fmt: skip
    low, high = scorer.ends
    codes = " ".join(f"WHEN {literal(name)} THEN {code}" for code, name in enumerate(ACTIONS))
    query = _SCORED.format(
        weights=", ".join(f"CAST(p.{weight} AS DOUBLE) AS {weight}" for weight in weights),
        columns="".join(f"p.{ident(name)}, " for name in columns),
        action=f"CASE p.action {codes} ELSE 3 END",
        key=_fold_key(frame),
        bins=BINS,
        low=literal(low),
        high=literal(high),
        width=literal(high - low),
        rows=source,
        scores=scorer.query or _SCORES.format(model=literal(scorer.model), finite=_FINITE),
    )
    engine.materialise(_TABLE, query)
    return query


def _fold_key(frame: Frame) -> str:
    """Write what folds go by: the cluster ads were drawn with, or the ad."""
    drawn = (s.design for s in frame.sources if s.design is not None)
    cluster = next((design.cluster for design in drawn if design.cluster), "")
    ad = "'ad ' || CAST(p.ad_id AS VARCHAR)"
    return f"COALESCE(CAST(p.{ident(cluster)} AS VARCHAR), {ad})" if cluster else ad


def read_scored(engine: Engine, frame: Frame, slicing: tuple[str, ...]) -> Scored | None:
    """Count all ads with their scores and read the labels; `stand_scored` must have run.

    Parameters
    ----------
    engine : Engine
        Where the session tables are.
    frame : Frame
        The label frame.
    slicing : tuple of str
        Columns to slice by.

    Returns
    -------
    Scored or None
        None without an ad.
    """
    weight = frame.weight
    cube = count(
        engine,
        _TABLE,
        slicings=[slicing],
        keys=("action_code", "hash_code", "bin"),
        sums={"n": f"SUM({weight})"},
        where=counts_in(weight),
    )
    if not len(cube.group):
        return None
    silent = np.array([_is_census(frame, action) for action in ACTIONS])
    shape = Shape(classes=len(ACTIONS), bins=BINS, folds=FOLDS, silent=silent)
    number = {name: cube.columns[name].astype(np.intp) for name in ("action_code", "bin")}
    totals = ScoreTotals(
        group=cube.group.astype(np.intp),
        known=number["action_code"],
        fold=cube.columns["hash_code"].astype(np.intp) % FOLDS,
        bin=number["bin"],
        total=cube.columns["n"],
    )
    labels, strata = _labels(engine, frame, slicing, slices=cube.slices)
    return Scored(
        slices=cube.slices,
        totals=totals,
        labels=labels,
        strata=strata,
        shape=shape,
        query=cube.query,
    )


def _is_census(frame: Frame, action: str) -> bool:
    designs = (s.design for s in frame.sources if s.action == action)
    return any(design is not None and design.kind is DesignKind.CENSUS for design in designs)


def _labels(
    engine: Engine, frame: Frame, slicing: tuple[str, ...], *, slices: Sequence[Slice]
) -> tuple[ScoredLabels, Strata]:
    schema = _schema(slicing)
    found_rows = [batch.cast(schema) for batch in rows(engine, _labels_sql(frame, slicing))]
    table = pa.Table.from_batches(found_rows, schema=schema)
    values = [table.column(f"_{name}") for name in slicing]
    found, where = group_rows(slicing, values, size=len(table))
    places = {part: place for place, part in enumerate(slices)}
    lookup = np.array([places.get(part, -1) for part in found], dtype=np.intp)
    stratum = _ints(table, "stratum_code")
    size = len(frame.strata)
    clusters = table.column("cluster").combine_chunks().dictionary_encode()
    outcome = _ints(table, "outcome")
    labels = ScoredLabels(
        group=lookup[where] if len(lookup) else np.zeros(0, np.intp),
        stratum=stratum,
        known=outcome // 16,
        bin=_ints(table, "bin"),
        fold=_ints(table, "hash_code") % FOLDS,
        violating=(outcome & 8) > 0,
        w=table.column("w").to_numpy(),
        m=None if frame.weight is Weight.ADS else table.column("m").to_numpy(),
        cluster=clusters.indices.to_numpy().astype(np.intp) if frame.clustered else None,
    )
    strata = Strata(
        kind=kind_codes([each.kind for each in frame.strata]),
        population=np.full(size, np.nan),
        labels=np.bincount(stratum, minlength=size).astype(np.float64),
    )
    return labels, strata


def _schema(slicing: tuple[str, ...]) -> pa.Schema:
    whole = {name: pa.int64() for name in ("hash_code", "bin", "stratum_code", "outcome")}
    texts = {"cluster": pa.string(), **{f"_{name}": pa.string() for name in slicing}}
    return pa.schema({**whole, "w": pa.float64(), "m": pa.float64(), **texts})


def _ints(table: pa.Table, name: str) -> np.ndarray:
    found: np.ndarray = table.column(name).to_numpy().astype(np.intp)
    return found


def _labels_sql(frame: Frame, slicing: tuple[str, ...]) -> str:
    designs = [s.design for s in frame.sources if s.design is not None]
    weight = frame.weight
    shown = "".join(f", CAST({ident(name)} AS VARCHAR) AS {ident('_' + name)}" for name in slicing)
    own = f"""
SELECT decision_id, CAST(stratum_code AS BIGINT) AS stratum_code,
       CAST(outcome AS BIGINT) AS outcome, CAST(w AS DOUBLE) AS w,
       CAST({1 if weight is Weight.ADS else weight} AS DOUBLE) AS m,
       {cluster_sql(designs)} AS cluster{shown}
FROM {frame.table} WHERE {counts_in(weight)}"""
    names = ["stratum_code", "outcome", "w", "m", "cluster", *(f"_{name}" for name in slicing)]
    chosen = ", ".join(f"f.{ident(name)}" for name in names)
    return f"""
SELECT CAST(x.hash_code AS BIGINT) AS hash_code, CAST(x.bin AS BIGINT) AS bin, {chosen}
FROM ({own}) AS f
JOIN {_TABLE} AS x ON f.decision_id = x.decision_id
"""
