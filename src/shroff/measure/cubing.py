"""What kept cubes hold: their columns, and whether they can answer a question."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from shroff.domain.labels import Basis
from shroff.domain.metrics import Metric, Weight
from shroff.errors import EngineError
from shroff.measure.brief import Brief
from shroff.measure.ground import (
    KEYS,
    SCENES,
    Reading,
    bits_sql,
    cut_of,
    own_column,
    supposed_sql,
)
from shroff.measure.population import ad_columns, dimensions
from shroff.store.engine import Engine
from shroff.store.sql import ident

__all__ = ["Cubing", "cubing_of", "named_in"]

_FORMAT = 1
"""To be raised whenever what is counted, or how it is written down, changes."""
_QUOTED = re.compile(r"'(?:[^']|'')*'")
_WORD = re.compile(r'"((?:[^"]|"")+)"|([A-Za-z_][A-Za-z0-9_]*)')
_PERIODIC = frozenset({"in_period", "ads", "impressions", "spend"})
"""Columns that mean nothing before a period is named."""
_SINGLE = frozenset({"ad_id", "ad_version", "decision_id", "decided_at", "decision_day"})
"""Columns that would make a cell of every ad."""
_FACT_TYPES = {
    "ad_id": "VARCHAR",
    "ad_version": "BIGINT",
    "market": "VARCHAR",
    "week": "DATE",
    "decision_day": "DATE",
    "human_touch": "BOOLEAN",
    "scored": "BOOLEAN",
    "reported_before": "BOOLEAN",
    "report_confirmed": "BOOLEAN",
    "queue_verdict": "VARCHAR",
}


def named_in(sql: str) -> frozenset[str]:
    """Give every name in an expression, in lower case; functions and keywords among them."""
    bare = _QUOTED.sub(" ", sql)
    found = (quoted or plain for quoted, plain in _WORD.findall(bare))
    return frozenset(name.replace('""', '"').lower() for name in found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cubing:
    """Which cubes are kept.

    Parameters
    ----------
    cuts : tuple of tuple of str
        Columns of each cube beside its keys; the first is without any.
    derived : mapping
        Dimensions of the user's own among them, as SQL.
    own : mapping
        Metrics of the user's own that cells can tell of: both conditions, and how they are read.
    week_starts : str
        First day of a week.
    decisions, ads : mapping
        Columns of the logs: the name each has among the ads' columns, and its type.
    """

    cuts: tuple[tuple[str, ...], ...]
    derived: Mapping[str, str]
    own: Mapping[str, tuple[str, str, Reading]]
    week_starts: str
    decisions: Mapping[str, str]
    ads: Mapping[str, str]

    @property
    def keys(self) -> tuple[str, ...]:
        """Name the columns that every cube has."""
        own = (
            own_column(metric, scene)
            for metric, (_, _, reading) in self.own.items()
            for scene, _ in enumerate(SCENES[reading])
        )
        return (*KEYS, *own)

    @property
    def columns(self) -> tuple[str, ...]:
        """Name every column that cells have."""
        cut = (name for names in self.cuts for name in names)
        return tuple(dict.fromkeys((*self.keys, *cut)))

    @property
    def fingerprint(self) -> str:
        """Tell this definition from any other."""
        told = json.dumps(
            [
                _FORMAT,
                self.cuts,
                sorted(self.derived.items()),
                list(self.own.items()),
                self.week_starts,
                list(self.decisions.items()),
                list(self.ads.items()),
            ]
        )
        return blake2b(told.encode(), digest_size=12).hexdigest()

    def needed(self) -> frozenset[str]:
        """Name the columns of decisions and ads that the cells are made from, in lower case."""
        return frozenset(name.lower() for name in self.columns).union(
            *(named_in(sql) for sql in self.derived.values()),
            *(named_in(f"{above} {below}") for above, below, _ in self.own.values()),
        )

    def answers(self, engine: Engine, brief: Brief) -> bool:
        """Tell whether a question can be answered from these cubes.

        Parameters
        ----------
        engine : Engine
            Where the logs are.
        brief : Brief
            The question.

        Returns
        -------
        bool
            False when it slices or counts by something that is not kept.
        """
        ads = {*dimensions(engine, brief.derived)}
        asked = {cut_of(s) for s in ((), ("market",), *brief.by) if set(s) <= ads}
        own = {name for cut in asked for name in cut if name in brief.derived}
        return (
            asked <= set(self.cuts)
            and brief.week_starts == self.week_starts
            and all(self.derived.get(name) == brief.derived[name] for name in own)
            and not any(
                d.basis is Basis.DECLARED and d.sampling_prob is None for d in brief.designs
            )
            and all(
                self.own.get(m.id, ())[:2] == (m.numerator, m.denominator)
                for m in brief.measured()
                if m.custom
            )
        )


def cubing_of(
    engine: Engine,
    *,
    slicings: Sequence[tuple[str, ...]],
    derived: Mapping[str, str],
    metrics: Sequence[Metric],
    week_starts: str,
) -> Cubing:
    """Say which cubes to keep.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    slicings : sequence of tuple of str
        What figures are always cut by.
    derived : mapping
        Dimensions of the user's own, as SQL.
    metrics : sequence of Metric
        Metrics of the user's own.
    week_starts : str
        First day of a week.

    Returns
    -------
    Cubing
        One cube for each slicing that ads have and that does not depend on a period.
    """
    decisions, ads = _typed(engine, "decisions"), _typed(engine, "ads")
    lasting = {name: sql for name, sql in derived.items() if not named_in(sql) & _PERIODIC}
    known = {"week", "market", *KEYS, *decisions, *ads, *lasting} - _SINGLE
    usable = set(dimensions(engine, derived)) & known
    asked = [s for s in slicings if set(s) - {"policy"} <= usable]
    cuts = tuple(dict.fromkeys(cut_of(s) for s in ((), ("week",), ("market",), *asked)))
    probe = _probe_sql({**_FACT_TYPES, **ads, **decisions}, lasting)
    own = {
        m.id: (m.numerator, m.denominator, _reading(engine, m, probe))
        for m in metrics
        if not named_in(f"{m.numerator} {m.denominator}") & (_PERIODIC | {*derived} - {*lasting})
    }
    told = frozenset[str]().union(*(named_in(f"{a} {b}") for a, b, _ in own.values()))
    used = {name.lower() for cut in cuts for name in cut} | told
    return Cubing(
        cuts=cuts,
        derived={name: sql for name, sql in lasting.items() if name.lower() in used},
        own=own,
        week_starts=week_starts,
        decisions=decisions,
        ads=ads,
    )


def _typed(engine: Engine, table: str) -> dict[str, str]:
    types = engine.columns(table)
    return {name: types[own] for name, own in ad_columns(engine, table).items()}


def _probe_sql(types: Mapping[str, str], derived: Mapping[str, str]) -> str:
    """Write a query with the columns of ads and no sense, to see what can be said of them."""
    typed = ", ".join(f"CAST(NULL AS {kind}) AS {ident(name)}" for name, kind in types.items())
    extra = "".join(f", ({sql}) AS {ident(name)}" for name, sql in derived.items())
    return f"(SELECT ads.*{extra} FROM (SELECT {typed}) AS ads) AS p"


def _reading(engine: Engine, metric: Metric, probe: str) -> Reading:
    """Tell how the conditions of a metric can be read without a label."""
    usual = (Reading.COUNTED, Reading.SCENES) if metric.weight is Weight.ADS else (Reading.SCENES,)
    read = {"bits": bits_sql(metric.numerator, metric.denominator)}
    for reading in usual:
        test = supposed_sql(probe, ["ad_id"], scene=SCENES[reading][0], read=read)
        try:
            engine.query(f"SELECT bits FROM {test} LIMIT 0")
        except EngineError:
            continue
        return reading
    return Reading.ANYTHING
