"""The strata of a plan: counted in the engine, with the labels that are there already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from shroff.domain.labels import Basis, DesignKind
from shroff.errors import ConfigError, DesignError
from shroff.measure.brief import Brief, Design
from shroff.measure.frame import ACTIONS, Frame, Source
from shroff.measure.label_plan_goals import LabelGoal
from shroff.measure.population import dimensions
from shroff.store.engine import Engine
from shroff.store.sql import ident, literal, literals

__all__ = ["OTHER", "PREFIX", "Cell", "Key", "can_be_topped_up", "keys_of", "strata_of"]

OTHER = "*"
"""Value of a key for all ads that no goal names."""

PREFIX = "shroff/"
"""Review ids of labels that came by a batch begin so."""


@dataclass(frozen=True, slots=True)
class Key:
    """One column that strata are made of.

    Parameters
    ----------
    name : str
        Column of the population, or ``design`` for the stratum of the design that is added to.
    sql : str
        Its value as text, never NULL.
    """

    name: str
    sql: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One stratum as it is counted.

    Parameters
    ----------
    values : tuple of str
        Value of each key.
    ads : int
        Ads of the period.
    outcomes : mapping
        Labels there are, by outcome code.
    drawn : int
        Ads that its design drew.
    low, high : float
        Lowest and highest probability with which they were drawn.
    foreign_low, foreign_high : float
        The same of those that came by no batch of ours; 0 when there are none.
    """

    values: tuple[str, ...]
    ads: int
    outcomes: Mapping[int, float] = field(default_factory=dict[int, float])
    drawn: int = 0
    low: float = 0.0
    high: float = 0.0
    foreign_low: float = 0.0
    foreign_high: float = 0.0

    @property
    def action(self) -> str:
        """Name its machine action, the first key."""
        return self.values[0]

    @property
    def labels(self) -> float:
        """Count its labels."""
        return sum(self.outcomes.values())

    @property
    def even(self) -> bool:
        """Whether ads that came from elsewhere were all drawn with one probability."""
        return self.foreign_high - self.foreign_low <= 1e-9 * max(self.foreign_high, 1e-9)


def can_be_topped_up(source: Source) -> bool:
    """Say whether a batch may add labels to the design that an action's labels come from."""
    design = source.design
    return (
        design is not None
        and design.kind is DesignKind.POISSON
        and design.basis is Basis.LOGGED
        and not design.cluster
        and design.sampling_prob is None
    )


def keys_of(
    engine: Engine,
    brief: Brief,
    frame: Frame,
    *,
    goals: Mapping[LabelGoal, Sequence[str]],
    by: Sequence[str],
) -> tuple[Key, ...]:
    """Say what strata are made of: the action, what goals name, `by`, and the old design's strata.

    Parameters
    ----------
    engine : Engine
        Where ``population`` is.
    brief : Brief
        Dimensions of the user's own.
    frame : Frame
        Where labels come from.
    goals : mapping
        What is to be known, with the machine actions that each figure counts: others are not cut.
    by : sequence of str
        More columns to draw by, each value a stratum.

    Returns
    -------
    tuple of Key
        The keys; the action first.

    Raises
    ------
    ConfigError
        If a column is not known.
    """
    known = dimensions(engine, brief.derived)
    named: dict[str, dict[str, list[str]]] = {}
    for goal, actions in goals.items():
        for column, value in goal.part.terms:
            for action in actions:
                named.setdefault(column, {}).setdefault(action, []).append(str(value))
    for column in [*named, *by]:
        if column not in known:
            close = get_close_matches(column, known, n=1)
            hint = f"did you mean {close[0]!r}?" if close else f"columns: {', '.join(known)}"
            raise ConfigError(
                f"there is no column {column!r} to slice by", where=column, hint=hint
            )
    keys = [Key("action", "CAST(action AS VARCHAR)")]
    keys += [
        Key(column, _named_sql(column, values))
        for column, values in named.items()
        if column not in {"action", *by}
    ]
    keys += [Key(name, f"COALESCE(CAST({ident(name)} AS VARCHAR), '')") for name in by]
    return (*keys, Key("design", _design_sql(frame)))


def _named_sql(column: str, values: Mapping[str, Sequence[str]]) -> str:
    """Give a column's value where a goal names it for the ad's action."""
    text = f"CAST({ident(column)} AS VARCHAR)"
    tests = " OR ".join(
        f"(action = {literal(action)} AND {text} IN ({literals(dict.fromkeys(names))}))"
        for action, names in values.items()
    )
    return f"CASE WHEN {tests} THEN {text} ELSE {literal(OTHER)} END"


def _design_sql(frame: Frame) -> str:
    """Give the stratum that each ad has in the design that its action's labels come from."""
    told = [(s.action, s.design) for s in frame.sources if can_be_topped_up(s)]
    whens = " ".join(
        f"WHEN action = {literal(action)} THEN COALESCE(CAST(({d.stratum}) AS VARCHAR), '')"
        for action, d in told
        if d is not None and d.stratum
    )
    return f"CASE {whens} ELSE '' END" if whens else "''"


def strata_of(
    engine: Engine, frame: Frame, keys: Sequence[Key], *, goals: Sequence[LabelGoal]
) -> tuple[Cell, ...]:
    """Count ads, labels and draws in each stratum; ``population`` and the label frame must stand.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    frame : Frame
        The label frame by ads.
    keys : sequence of Key
        What strata are made of.
    goals : sequence of LabelGoal
        Every slice they name must have ads.

    Returns
    -------
    tuple of Cell
        The strata, in the order of their values.

    Raises
    ------
    DesignError
        If no ad is in a slice that a goal names.
    """
    marked = ", ".join(f"{key.sql} AS k{place}" for place, key in enumerate(keys))
    names = ", ".join(f"k{place}" for place in range(len(keys)))
    ads = engine.query(
        f"SELECT {names}, COUNT(*) AS ads FROM"
        f" (SELECT {marked} FROM population WHERE in_period) AS marked"
        f" GROUP BY {names} ORDER BY {names}"
    ).to_pylist()
    labels = engine.query(
        f"SELECT {names}, outcome, COUNT(*) AS n FROM"
        f" (SELECT {marked}, outcome FROM {frame.table} WHERE in_period) AS marked"
        f" GROUP BY {names}, outcome"
    ).to_pylist()
    outcomes: dict[tuple[str, ...], dict[int, float]] = {}
    for row in labels if frame.any_probability() else ():
        outcomes.setdefault(_values(row, keys), {})[int(row["outcome"])] = float(row["n"])
    draws = {_values(row, keys): row for row in _draws(engine, frame, marked=marked, names=names)}
    cells = tuple(
        Cell(
            values=values,
            ads=int(row["ads"]),
            outcomes=outcomes.get(values, {}),
            **_chances(draws.get(values, {})),
        )
        for row in ads
        for values in [_values(row, keys)]
    )
    _require_ads(engine, cells, keys, goals=goals)
    return cells


def _chances(row: Mapping[str, Any]) -> dict[str, Any]:
    if not row:
        return {}
    ends = ("low", "high", "foreign_low", "foreign_high")
    return {"drawn": int(row["drawn"]), **{end: float(row[end] or 0.0) for end in ends}}


def _values(row: Mapping[str, object], keys: Sequence[Key]) -> tuple[str, ...]:
    return tuple(str(row[f"k{place}"]) for place in range(len(keys)))


def _draws(engine: Engine, frame: Frame, *, marked: str, names: str) -> list[dict[str, Any]]:
    """Ask with which probabilities the designs that can be added to drew the ads."""
    told = {s.action: s.design for s in frame.sources if can_be_topped_up(s)}
    if not told:
        return []
    distinct = {design.id: design for design in told.values() if design is not None}
    foreign = " UNION ALL ".join(_foreign_sql(design) for design in distinct.values())
    mine = " OR ".join(
        f"(action = {literal(action)} AND design = {literal(design.id)})"
        for action, design in told.items()
        if design is not None
    )
    found: list[dict[str, Any]] = engine.query(
        f"""
SELECT {names}, COUNT(*) AS drawn, MIN(sampling_prob) AS low, MAX(sampling_prob) AS high,
       MIN(elsewhere) AS foreign_low, MAX(elsewhere) AS foreign_high
FROM (SELECT {marked}, d.sampling_prob, f.elsewhere
      FROM (SELECT * FROM drawn_labels WHERE in_period AND ({mine})) AS d
      LEFT JOIN ({foreign}) AS f
        ON d.ad_id = f.foreign_ad AND d.ad_version = f.foreign_version
           AND d.design = f.foreign_design) AS marked
GROUP BY {names}
"""
    ).to_pylist()
    return found


def _foreign_sql(design: Design) -> str:
    """Give the probability of each ad that a design drew without a batch of ours."""
    tests = [f"design_id = {literal(design.id)}"]
    if design.queues:
        tests.append(f"queue IN ({literals(design.queues)})")
    if design.reasons:
        tests.append(f"queue_reason IN ({literals(design.reasons)})")
    return (
        f"SELECT ad_id AS foreign_ad, COALESCE(ad_version, 1) AS foreign_version,"
        f" {literal(design.id)} AS foreign_design, MAX(sampling_prob) AS elsewhere FROM reviews"
        f" WHERE COALESCE(role, 'L1') <> 'LLM' AND ({' OR '.join(tests)})"
        f" AND review_id NOT LIKE {literal(PREFIX + '%')} GROUP BY ad_id, COALESCE(ad_version, 1)"
    )


def _require_ads(
    engine: Engine, cells: Sequence[Cell], keys: Sequence[Key], *, goals: Sequence[LabelGoal]
) -> None:
    if not any(cell.action in ACTIONS for cell in cells):
        raise DesignError("no ads to draw from", hint="choose a period with decisions")
    places = {key.name: place for place, key in enumerate(keys)}
    for goal in goals:
        if not any(_inside(cell, goal, places) for cell in cells):
            columns = [column for column, _ in goal.part.terms]
            raise DesignError(
                f"no ad of the period is in {goal.where.partition('@')[2]}",
                where=f"--goal {goal.where}",
                hint=_some_values(engine, columns[0]),
            )


def _inside(cell: Cell, goal: LabelGoal, places: Mapping[str, int]) -> bool:
    return all(cell.values[places[column]] == value for column, value in goal.part.terms)


def _some_values(engine: Engine, column: str) -> str:
    rows = engine.query(
        f"SELECT CAST({ident(column)} AS VARCHAR) AS v, COUNT(*) AS n FROM population"
        f" WHERE in_period AND {ident(column)} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 10"
    ).to_pylist()
    return f"values of {column}: " + ", ".join(str(row["v"]) for row in rows)
