"""Where the labels of a metric are, and which columns make slices of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np

from shroff.domain.labels import DesignKind
from shroff.domain.messages import Message
from shroff.domain.metrics import Direction, Metric, Needs, Weight
from shroff.errors import ConfigError, DesignError
from shroff.measure.appeals import settled_sql
from shroff.measure.bounded import short_actions
from shroff.measure.clustered import cluster_sql
from shroff.measure.custom import OWN_OUTCOMES, judged_sql, needs_labels
from shroff.measure.frame import Frame
from shroff.measure.population import dimensions
from shroff.measure.quality import counts_in, outcomes_of
from shroff.measure.scorecard import Scorecard
from shroff.measure.slice_labels import Source
from shroff.measure.slice_windows import Reading
from shroff.stats.dense import Flags
from shroff.stats.sampling import Ratio
from shroff.store.engine import Engine

__all__ = ["SliceSource", "columns_for", "searchable", "source_of"]

_APPEALED = "overturns_per_appeal"
_BY_TIME = frozenset({"week", "decided_at", "decision_day"})
_WON = Ratio(numerator=np.array([False, True]), denominator=np.array([True, True]))


@dataclass(frozen=True, slots=True, kw_only=True)
class SliceSource:
    """Labels of a metric.

    Parameters
    ----------
    metric : Metric
        The metric.
    source : Source
        Where its labels are.
    reading : Reading
        How it reads them.
    design : str
        How they were drawn, in a line.
    proxy : bool
        Whether none was drawn at random.
    notes : tuple of Message
        What to know of them.
    """

    metric: Metric
    source: Source
    reading: Reading
    design: str
    proxy: bool = False
    notes: tuple[Message, ...] = ()


def searchable(metric: Metric) -> bool:
    """Tell whether slices can be searched for a metric: shares from labels, and overturns."""
    judged = metric.needs is Needs.TRUTH or metric.id == _APPEALED
    return judged and metric.unit == "share" and metric.direction is not Direction.NEUTRAL


def source_of(
    engine: Engine, card: Scorecard, metric: str, *, columns: Sequence[str]
) -> SliceSource:
    """Find the labels of a metric, while a scorecard's session tables stand.

    Parameters
    ----------
    engine : Engine
        Where they are.
    card : Scorecard
        The scorecard.
    metric : str
        Id of the metric.
    columns : sequence of str
        Columns that make slices.

    Returns
    -------
    SliceSource
        Its labels.

    Raises
    ------
    ConfigError
        If the metric is none that slices can be searched for.
    DesignError
        If some of the ads it is measured on had no chance of a label.
    """
    known = card.brief.metrics
    if metric not in known or not searchable(known[metric]):
        raise ConfigError(
            f"slices cannot be searched for {metric!r}",
            where="metric",
            hint="choose one of " + ", ".join(m for m in known if searchable(known[m])),
        )
    chosen = known[metric]
    if metric == _APPEALED:
        return _appealed(engine, card, chosen, columns)
    if chosen.weight not in card.frames:
        raise ConfigError(f"{metric} needs logs of impressions", where="metric")
    return _labelled(engine, card, chosen)


def _labelled(engine: Engine, card: Scorecard, metric: Metric) -> SliceSource:
    frame = card.frames[metric.weight]
    if metric.custom and not needs_labels(engine, metric, card.ground):
        raise ConfigError(
            f"{metric.id} is counted in full, without labels",
            where="metric",
            hint="shroff measure --by COLUMN shows every slice of it, without doubt",
        )
    outcomes = None if metric.custom else outcomes_of(engine, [metric])
    ratio = outcomes.ratios[metric.id] if outcomes else OWN_OUTCOMES
    proxy = not frame.any_probability()
    if not proxy:
        actions = (
            outcomes.actions(metric.id) if outcomes else tuple(s.action for s in frame.sources)
        )
        _require_labels(frame, metric, actions)
    clusters = cluster_sql([s.design for s in frame.sources if s.design is not None])
    return SliceSource(
        metric=metric,
        source=Source(
            table=judged_sql(frame, metric) if metric.custom else frame.table,
            outcome="bits" if metric.custom else "outcome",
            where=counts_in(metric.weight),
            measure="" if metric.weight is Weight.ADS else str(metric.weight),
            cluster=clusters if frame.clustered else "",
            unit=clusters if frame.clustered else "ad_id",
            kinds=tuple(stratum.kind for stratum in frame.strata),
        ),
        reading=Reading(
            ratio=ratio,
            error=_errors(metric, ratio),
            weight=metric.weight,
            known=not metric.custom,
        ),
        design=frame.text(),
        proxy=proxy,
        notes=(Message("slices.proxy"),) if proxy else frame.caveats(),
    )


def _require_labels(frame: Frame, metric: Metric, actions: Sequence[str]) -> None:
    missing = [action for action in short_actions(frame) if action in actions]
    if missing:
        raise DesignError(
            f"ads of the action {', '.join(missing)} had no chance of a label, and {metric.id} is"
            " measured on them",
            where="designs",
            hint="draw some of them: shroff labels plan; shroff measure gives bounds meanwhile",
        )


def _errors(metric: Metric, ratio: Ratio) -> Flags:
    """Say which outcomes make the metric worse."""
    if metric.direction is Direction.DOWN_GOOD:
        return ratio.numerator
    found: Flags = ratio.denominator & ~ratio.numerator
    return found


def _appealed(
    engine: Engine, card: Scorecard, metric: Metric, columns: Sequence[str]
) -> SliceSource:
    """Take each settled appeal as a draw of what happens, those of an advertiser together."""
    if "appeals" not in engine.snapshot:
        raise DesignError("no appeal was logged", hint="shroff ingest appeals FILES")
    known = dimensions(engine, card.brief.derived)
    own = "advertiser_id" if "advertiser_id" in known else "ad_id"
    cluster = f"COALESCE(CAST({own} AS VARCHAR), ad_id)"
    read = dict.fromkeys(("ad_id", own, "decision_day", *columns))
    return SliceSource(
        metric=metric,
        source=Source(
            table=settled_sql(card.brief, read, ground=card.ground),
            outcome="lost",
            where="settled > 0",
            weight="settled",
            cluster=cluster,
            unit=cluster,
            stratum="0",
            kinds=(DesignKind.PPS,),
        ),
        reading=Reading(ratio=_WON, error=_WON.numerator, weight=Weight.ADS, known=False),
        design="every settled appeal against the actions of the period",
        notes=(Message("slices.process"),),
    )


def columns_for(engine: Engine, card: Scorecard, asked: Sequence[str]) -> tuple[str, ...]:
    """Name the columns that make slices.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    card : Scorecard
        The scorecard.
    asked : sequence of str
        Columns asked for; when empty, those the scorecard is sliced by and the user's own.

    Returns
    -------
    tuple of str
        Their names, each once.

    Raises
    ------
    ConfigError
        If there is no such column, or it is a time.
    """
    known = dimensions(engine, card.brief.derived)
    usual = [name for slicing in card.brief.by for name in slicing] + list(card.brief.derived)
    fit = [name for name in usual if name in known and name not in {"policy", *_BY_TIME}]
    wanted = tuple(dict.fromkeys(asked or fit))
    for name in wanted:
        _require_column(name, known)
    if not wanted:
        raise ConfigError(
            "no column to make slices of",
            where="shroff.toml [slices] columns",
            hint="name some with --by: " + ", ".join(known),
        )
    return wanted


def _require_column(name: str, known: Sequence[str]) -> None:
    if name == "policy":
        raise ConfigError(
            "slices by policy ask another question: the metric is read anew for each policy",
            where="by",
            hint="shroff measure --by policy; policy_id is the policy that a decision cites",
        )
    if name in _BY_TIME:
        raise ConfigError(
            f"{name} is a time, and the latest labels are held out",
            where="by",
            hint="shroff measure --by week shows how a metric moves",
        )
    if name not in known:
        close = get_close_matches(name, known, n=1)
        raise ConfigError(
            f"there is no dimension {name!r} to slice by",
            where="by",
            hint=(f"did you mean {close[0]!r}? " if close else "")
            + "dimensions: "
            + ", ".join(known),
        )
