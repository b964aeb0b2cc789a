"""Labels and ads by score of what the model decides: ads that rules decided are left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from shroff.advise.scored_policy import SCORED_POLICY, SCORED_POLICY_SQL
from shroff.domain.labels import DesignKind
from shroff.domain.metrics import Weight
from shroff.domain.slices import Slice
from shroff.errors import ConfigError, DesignError
from shroff.measure.frame import ACTIONS, Frame
from shroff.measure.ground import ROWS
from shroff.measure.model_versions import ModelVersion, model_versions
from shroff.measure.score_labels import ScoreKey, label_cells
from shroff.measure.score_queries import Chosen, families_of, labels_query, place_sql, volume_query
from shroff.measure.scorecard import Scorecard
from shroff.stats.precision_tests import LineLabels
from shroff.stats.proportions import Floats
from shroff.stats.score_cells import BINS, PLACES
from shroff.store.engine import Engine
from shroff.store.sql import ident

__all__ = [
    "ScoredCell",
    "ScoredCells",
    "chosen_score",
    "columns_of",
    "dimensions_of",
    "drawn_at_random",
    "joined_labels",
    "read_cells",
    "today_lines",
    "with_policy",
]

_RULES = "rule"
_ANY = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredCell:
    """Ads of one cell whose action the score decides.

    Parameters
    ----------
    key : ScoreKey
        Whose score, which ads.
    labels : LineLabels
        Those that are labelled.
    volume : array of shape (4, `PLACES`)
        All of them by today's action and place of the score.
    """

    key: ScoreKey
    labels: LineLabels
    volume: Floats

    def ads(self) -> Floats:
        """Count the ads from each threshold up, shape (1000,)."""
        return _upward(self.volume.sum(axis=0))

    def of(self, actions: Sequence[str]) -> Floats:
        """Count those of some actions from each threshold up, shape (1000,)."""
        return _upward(self.volume[[ACTIONS.index(action) for action in actions]].sum(axis=0))

    def today(self, action: str) -> float:
        """Count the ads of one action today."""
        return float(self.volume[ACTIONS.index(action)].sum())


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredCells:
    """The cells of one score.

    Parameters
    ----------
    cells : tuple of ScoredCell
        Most ads first.
    one_by_one : bool
        Whether each ad was drawn on its own, by a chance of its own.
    largest : array of shape (1000,) or None
        Most ads of one cluster; None where ads were not drawn in clusters.
    by_rules : int
        Ads that rules decided, left out.
    unnamed : int
        Ads without a value in a column of the cells, left out.
    queries : tuple of str
        What was asked.
    """

    cells: tuple[ScoredCell, ...]
    one_by_one: bool
    largest: Floats | None
    by_rules: int
    unnamed: int
    queries: tuple[str, ...]


def _upward(by_place: Floats) -> Floats:
    up: Floats = np.cumsum(by_place[::-1])[::-1]
    return up[1 : BINS + 1]


def chosen_score(engine: Engine, wanted: Chosen) -> Chosen:
    """Choose the score that lines are drawn on: over all policies, of the version most in use.

    Parameters
    ----------
    engine : Engine
        Where ``population`` stands.
    wanted : Chosen
        What the user said of it.

    Returns
    -------
    Chosen
        One score.

    Raises
    ------
    ConfigError
        If no score of the period is what was asked for.
    DesignError
        If no score is logged.
    """
    known = [each for each in model_versions(engine) if _fits(each, wanted)]
    if not known:
        raise ConfigError(
            "no ad of the period has such a score",
            hint="shroff models curves tells which scores there are",
        )
    # a score over all policies decides before those of single ones do
    best = max(known, key=lambda each: (not each.policy, each.live, each.version))
    return Chosen(model=best.model, version=best.version, policy=best.policy or _ANY)


def _fits(known: ModelVersion, wanted: Chosen) -> bool:
    policy = "" if wanted.policy == _ANY else wanted.policy
    return (
        known.live > 0
        and wanted.model in {"", known.model}
        and wanted.version in {"", known.version}
        and (not wanted.policy or known.policy == policy)
    )


def read_cells(
    engine: Engine, card: Scorecard, *, by: Sequence[str], chosen: Chosen, lowest: int
) -> ScoredCells:
    """Read labels and ads by score and cell.

    Parameters
    ----------
    engine : Engine
        Where the logs and the scorecard's session tables, by rows, are.
    card : Scorecard
        The scorecard.
    by : sequence of str
        Columns that cells are made of.
    chosen : Chosen
        One score.
    lowest : int
        Lowest threshold that matters, in thousandths.

    Returns
    -------
    ScoredCells
        Cells with at least one ad that the score decides.

    Raises
    ------
    DesignError
        If no label was drawn at random, or the score decides no ad.
    """
    frame = drawn_at_random(card.frames[Weight.ADS])
    inside = (*by, *(("source",) if "source" not in by else ()))
    ads = with_policy("population", by)
    queries = (
        labels_query(
            replace(frame, table=with_policy(frame.table, by)),
            by=inside,
            chosen=chosen,
            families=families_of(engine),
            extra={"weight": "f.w"},
        ),
        volume_query(inside, chosen, ground=ROWS, period=card.brief.period, population=ads),
    )
    table, volume = engine.query(queries[0]), engine.query(queries[1])
    counted, left_out = _volumes(volume, by=by, inside=inside)
    labelled = _labels(table, by=by, inside=inside)
    cells = [
        ScoredCell(key=key, labels=labelled.get(key, _NONE), volume=counts)
        for key, counts in counted.items()
    ]
    if not cells:
        raise DesignError(
            "the score decides no ad of the period that has a value in every column",
            hint="choose another --model, or other columns",
        )
    cells.sort(key=lambda cell: (-cell.volume.sum(), cell.key.text()))
    largest = _largest(engine, frame, chosen=chosen, lowest=lowest)
    kinds = {stratum.kind for stratum in frame.strata}
    return ScoredCells(
        cells=tuple(cells),
        one_by_one=kinds <= {DesignKind.POISSON, DesignKind.CENSUS},
        largest=None if largest is None else np.full(BINS, largest),
        by_rules=left_out[0],
        unnamed=left_out[1],
        queries=queries,
    )


def drawn_at_random(frame: Frame) -> Frame:
    """Refuse labels that nobody drew at random."""
    if not frame.any_probability():
        raise DesignError(
            "no label of the period was drawn at random, so nobody can be sure of anything",
            hint="shroff labels plan says which ads to label",
        )
    return frame


def columns_of(by: Sequence[str]) -> tuple[str, ...]:
    """Name columns as they are cut by: a policy is that with the highest score of its own."""
    return tuple(SCORED_POLICY if name == "policy" else name for name in by)


def dimensions_of(by: Sequence[str]) -> tuple[str, ...]:
    """Name those of the columns that a scorecard knows."""
    return tuple(name for name in columns_of(by) if name != SCORED_POLICY)


def with_policy(table: str, by: Sequence[str]) -> str:
    """Write a table of ads with the policy that an ad would be held against, where it is asked for.

    Parameters
    ----------
    table : str
        Table with ``ad_id`` and ``ad_version``.
    by : sequence of str
        Columns to cut by.

    Returns
    -------
    str
        The table, or a query in brackets.
    """
    if SCORED_POLICY not in by:
        return table
    return (
        f"(SELECT x.*, t.{SCORED_POLICY} FROM {table} AS x LEFT JOIN ({SCORED_POLICY_SQL}) AS t"
        " ON x.ad_id = t.ad_id AND x.ad_version = t.ad_version)"
    )


_NONE = LineLabels(place=np.zeros(0, np.intp), violating=np.zeros(0, np.bool_), weight=np.zeros(0))


def _kept(key: ScoreKey, by: Sequence[str]) -> tuple[ScoreKey | None, bool]:
    """Give a key without the source of the decision, and whether rules decided."""
    terms = dict(key.slice.terms)
    if terms.get("source") == _RULES and "source" not in by:
        return None, True
    mine = tuple((name, terms[name]) for name in by)
    if any(value is None for _, value in mine):
        return None, False
    return replace(key, slice=Slice(mine)), False


def _labels(
    table: pa.Table, *, by: Sequence[str], inside: Sequence[str]
) -> Mapping[ScoreKey, LineLabels]:
    """Sort labels by cell, one row a label."""
    cells, rows = label_cells(table, inside)
    weight = table.column("weight").to_numpy().astype(np.float64)
    parts: dict[ScoreKey, list[LineLabels]] = {}
    for key, found in cells.items():
        mine = _kept(key, by)[0]
        if mine is None:
            continue
        times = found.n.astype(np.intp)
        parts.setdefault(mine, []).append(
            LineLabels(
                place=np.repeat(found.place, times),
                violating=np.repeat(found.violating, times),
                weight=np.repeat(np.maximum(weight[rows[key]], 1.0), times),
                cluster=None if found.cluster is None else np.repeat(found.cluster, times),
            )
        )
    return {key: joined_labels(some) for key, some in parts.items()}


def joined_labels(parts: Sequence[LineLabels]) -> LineLabels:
    """Put labels of several cells together."""
    if not parts:
        return _NONE
    clusters = [part.cluster for part in parts if part.cluster is not None]
    return LineLabels(
        place=np.concatenate([part.place for part in parts]),
        violating=np.concatenate([part.violating for part in parts]),
        weight=np.concatenate([part.weight for part in parts]),
        cluster=np.concatenate(clusters) if len(clusters) == len(parts) else None,
    )


def _volumes(
    table: pa.Table, *, by: Sequence[str], inside: Sequence[str]
) -> tuple[dict[ScoreKey, Floats], tuple[int, int]]:
    """Count ads by cell, today's action and place; and those left out."""
    found: dict[ScoreKey, Floats] = {}
    rules = unnamed = 0
    codes = {action: code for code, action in enumerate(ACTIONS)}
    for row in table.to_pylist():
        if row["place"] < 0:
            continue
        terms = tuple((name, row["_" + name]) for name in inside)
        whole = ScoreKey(str(row["model"]), str(row["version"]), row["policy_id"], Slice(terms))
        key, ruled = _kept(whole, by)
        if key is None:
            rules, unnamed = rules + row["n"] * ruled, unnamed + row["n"] * (not ruled)
            continue
        counts = found.setdefault(key, np.zeros((len(ACTIONS), PLACES)))
        counts[codes.get(row["action"], len(ACTIONS) - 1), row["place"]] += row["n"]
    return found, (rules, unnamed)


def _largest(engine: Engine, frame: Frame, *, chosen: Chosen, lowest: int) -> float | None:
    """Count the ads above the lowest line of the cluster that has most; None without clusters."""
    designs = {s.design.id: s.design for s in frame.sources if s.design is not None}
    columns = sorted({design.cluster for design in designs.values() if design.cluster})
    if not columns:
        return None
    parts = " UNION ALL ".join(
        f"SELECT COUNT(*) AS n FROM population AS p JOIN scores AS s"
        f" ON p.ad_id = s.ad_id AND p.ad_version = s.ad_version"
        f" WHERE p.in_period AND {chosen.sql('s')} AND {place_sql('s.score')} > {lowest}"
        f" GROUP BY p.{ident(column)}"
        for column in columns
    )
    found = engine.query(f"SELECT COALESCE(MAX(n), 1) AS n FROM ({parts}) AS sizes")
    return float(found.column("n")[0].as_py())


def today_lines(volume: Floats) -> tuple[int, int]:
    """Find the review and reject lines that tell today's actions apart best.

    Parameters
    ----------
    volume : array of shape (4, `PLACES`)
        Ads by today's action and place of the score.

    Returns
    -------
    tuple of (int, int)
        Thresholds in thousandths; 1000 where no ad is treated so.
    """
    approve, reject = volume[ACTIONS.index("approve")], volume[ACTIONS.index("reject")]
    return _parted(volume.sum(axis=0) - approve, approve), _parted(
        reject, volume.sum(axis=0) - reject
    )


def _parted(above: Floats, below: Floats) -> int:
    """Give the threshold with the fewest ads on the wrong side of it."""
    if not above.sum():
        return BINS
    missed = np.cumsum(above)[: BINS + 1]  # places 0..b are under the threshold b
    wrong = below.sum() - np.cumsum(below)[: BINS + 1]
    return int(np.argmin(missed + wrong))
