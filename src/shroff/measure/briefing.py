"""From a workspace's settings to what a measurement is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shroff.domain.calendar import parse_period
from shroff.domain.metric_catalogue import CATALOGUE
from shroff.domain.metrics import Direction, Metric, Needs, Weight
from shroff.domain.slices import Period
from shroff.errors import ConfigError
from shroff.measure.brief import Brief, Design, Goal
from shroff.measure.periods import Covered, covered
from shroff.store.engine import Engine
from shroff.store.expressions import require_expression
from shroff.store.settings import GoalSpec, MetricSpec, Settings

__all__ = ["brief_of", "catalogue_of", "derived_of", "slicings_asked"]


def catalogue_of(settings: Settings) -> dict[str, Metric]:
    """List the built-in metrics and the user's own.

    Parameters
    ----------
    settings : Settings
        What shroff.toml says.

    Returns
    -------
    dict of Metric
        Metrics by id.

    Raises
    ------
    ConfigError
        If a metric of the user's own has the id of a built-in one.
    """
    taken = sorted(set(settings.metrics) & set(CATALOGUE))
    if taken:
        raise ConfigError(
            f"{taken[0]!r} is a built-in metric",
            where=f"shroff.toml [metrics.{taken[0]}]",
            hint="give your metric another id",
        )
    own = {name: _own_metric(name, spec) for name, spec in settings.metrics.items()}
    return {**CATALOGUE, **own}


def _own_metric(name: str, spec: MetricSpec) -> Metric:
    return Metric(
        id=name,
        name_en=spec.name_en,
        name_zh=spec.name_zh or spec.name_en,
        definition_en=spec.definition_en or f"{spec.numerator} / {spec.denominator}",
        definition_zh=spec.definition_zh
        or spec.definition_en
        or f"{spec.numerator} / {spec.denominator}",
        numerator=require_expression(
            spec.numerator, where=f"shroff.toml [metrics.{name}] numerator"
        ),
        denominator=require_expression(
            spec.denominator, where=f"shroff.toml [metrics.{name}] denominator"
        ),
        needs=Needs.TRUTH,
        direction=Direction(spec.direction),
        weight=Weight(spec.weight),
        custom=True,
    )


def _designs(settings: Settings) -> tuple[Design, ...]:
    return tuple(
        Design(
            id=spec.design_id or name,
            kind=spec.kind,
            basis=spec.basis,
            by=spec.by,
            queues=spec.queues,
            reasons=tuple(str(reason) for reason in spec.queue_reasons),
            stratum=require_expression(spec.stratum, where=f"shroff.toml [designs.{name}] stratum")
            if spec.stratum
            else "",
            cluster=spec.cluster,
            sampling_prob=spec.sampling_prob,
        )
        for name, spec in settings.designs.items()
    )


def derived_of(settings: Settings) -> dict[str, str]:
    """List the user's own dimensions, as SQL."""
    return {
        name: require_expression(sql, where=f"shroff.toml [slices.derived] {name}")
        for name, sql in settings.slices.derived.items()
    }


def _period(text: str, known: Covered, *, week_starts: str) -> Period:
    if not text:
        return known.usual()
    last = known.last_complete if text.startswith("last-") else known.last
    return parse_period(text, first=known.first, last=last, week_starts=week_starts)


def brief_of(
    settings: Settings,
    engine: Engine,
    *,
    by: str | Sequence[str | Sequence[str]] | None = None,
    period: str | Period = "",
    wanted: Sequence[str] = (),
    level: float = 0.95,
) -> Brief:
    """Say what to measure.

    Parameters
    ----------
    settings : Settings
        What shroff.toml says.
    engine : Engine
        The logs: which days they cover.
    by : sequence of str or of sequences of str, optional
        Slicings: ``"market"``, or ``"market,language"`` for pairs; each of the settings' slice
        columns when None.
    period : str or Period
        Days to measure; the last four complete weeks when empty.
    wanted : sequence of str
        Metrics; empty for all.
    level : float
        Coverage of the intervals, in (0, 1).

    Returns
    -------
    Brief
        What to measure.

    Raises
    ------
    ConfigError
        If the level is not between 0 and 1, or the period is not understood.
    """
    if not 0 < level < 1:
        raise ConfigError(f"the level {level} is not between 0 and 1", where="level")
    known = covered(engine)
    by = [by] if isinstance(by, str) else by
    asked = settings.slices.columns if by is None else by
    week_starts = settings.periods.week_starts
    days = (
        period if isinstance(period, Period) else _period(period, known, week_starts=week_starts)
    )
    if days.end <= known.first or days.start > known.last:
        raise ConfigError(
            f"there is no machine decision in {days.label()}",
            where="period",
            hint=f"the logs run from {known.first} to {known.last}",
        )
    return Brief(
        period=days,
        as_of=known.as_of,
        by=tuple(dict.fromkeys(_slicing(part) for part in asked)),
        derived=derived_of(settings),
        designs=_designs(settings),
        metrics=catalogue_of(settings),
        wanted=tuple(wanted),
        goals=_goals(settings),
        appeal_window_days=settings.appeals.window_days,
        week_starts=week_starts,
        level=level,
    )


def slicings_asked(settings: Settings) -> tuple[tuple[str, ...], ...]:
    """List the slicings that the settings ask for."""
    return tuple(dict.fromkeys(_slicing(part) for part in settings.slices.columns))


def _slicing(part: str | Sequence[str]) -> tuple[str, ...]:
    names = part.split(",") if isinstance(part, str) else part
    return tuple(dict.fromkeys(name.strip() for name in names if name.strip()))


def _goals(settings: Settings) -> tuple[Goal, ...]:
    known: Mapping[str, Metric] = catalogue_of(settings)
    for name, spec in settings.goals.items():
        metric = spec.metric or name
        if metric not in known:
            raise ConfigError(
                f"there is no metric {metric!r} to set a goal for",
                where=f"shroff.toml [goals.{name}]",
                hint="shroff metrics lists them",
            )
        _require_share(name, spec, known[metric])
        if "policy" in spec.where and known[metric].custom:
            raise ConfigError(
                f"{metric} is a metric of your own: it cannot be told for one policy",
                where=f"shroff.toml [goals.{name}]",
                hint="slice it by policy_id, the policy cited",
            )
    return tuple(
        Goal(
            spec.metric or name,
            at_most=spec.at_most,
            at_least=spec.at_least,
            since=spec.since,
            name=name,
            where=tuple(sorted(spec.where.items())),
            owner=spec.owner,
            due=spec.due,
        )
        for name, spec in settings.goals.items()
    )


def _require_share(name: str, spec: GoalSpec, metric: Metric) -> None:
    """Refuse a goal over one for a share: somebody wrote per cent."""
    bar = spec.at_most if spec.at_most is not None else spec.at_least
    if metric.unit == "share" and bar is not None and not 0 <= bar <= 1:
        raise ConfigError(
            f"the goal {bar:g} is no share: shares run from 0 to 1",
            where=f"shroff.toml [goals.{name}]",
            hint=f"write {bar / 100:g} for {bar:g}%",
        )
