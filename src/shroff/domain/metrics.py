"""What a metric is: one record with its names, its two counts and what it needs.

The records themselves stand in `shroff.domain.metric_catalogue`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Direction", "Metric", "Needs", "Weight"]


class Needs(StrEnum):
    """What a metric is counted on.

    ``POPULATION`` every machine decision of record; ``TRUTH`` labels of a probability sample;
    ``QUEUE`` the outcome of every queued ad; ``RECHECK`` ads reviewed twice; ``APPEALS`` appeals by
    the cohort of the action; ``TASKS`` review tasks, open ones included; ``STAFFING`` tasks and
    hours on duty; ``SLICES`` other figures.
    """

    POPULATION = "population"
    TRUTH = "truth"
    QUEUE = "queue"
    RECHECK = "recheck"
    APPEALS = "appeals"
    TASKS = "tasks"
    STAFFING = "staffing"
    SLICES = "slices"


_LOGS = {
    Needs.POPULATION: ("decisions",),
    Needs.TRUTH: ("decisions", "reviews"),
    Needs.QUEUE: ("decisions", "reviews"),
    Needs.RECHECK: ("reviews",),
    Needs.APPEALS: ("decisions", "appeals"),
    Needs.TASKS: ("reviews",),
    Needs.STAFFING: ("reviews", "staffing"),
    Needs.SLICES: ("decisions", "reviews"),
}


class Weight(StrEnum):
    """What one ad counts for."""

    ADS = "ads"
    IMPRESSIONS = "impressions"
    SPEND = "spend"


class Direction(StrEnum):
    """Which way is better."""

    UP_GOOD = "up_good"
    DOWN_GOOD = "down_good"
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One metric of the catalogue.

    Parameters
    ----------
    id : str
        Stable name used by commands, settings and JSON.
    name_en, name_zh : str
        Names shown.
    definition_en, definition_zh : str
        What is divided by what, in words.
    numerator, denominator : str
        The two counts as SQL predicates over the columns of what it ``needs``; for metrics that
        are not a ratio of two counts, in words.
    needs : Needs
        What it is counted on.
    weight : Weight
        What one ad counts for.
    unit : str
        ``share``, ``hours``, ``per_hour``, ``tasks`` or ``coefficient``.
    direction : Direction
        Which way is better.
    pitfalls_en, pitfalls_zh : str
        How it misleads.
    cohort : str
        The time that puts an ad in the period: ``decision``, ``impression``, ``enqueue``.
    also : tuple of str
        Logs it needs beside those of what it ``needs``.
    custom : bool
        Set by the user's settings.
    """

    id: str
    name_en: str
    name_zh: str
    definition_en: str
    definition_zh: str
    numerator: str
    denominator: str
    needs: Needs
    direction: Direction
    weight: Weight = Weight.ADS
    unit: str = "share"
    pitfalls_en: str = ""
    pitfalls_zh: str = ""
    cohort: str = "decision"
    also: tuple[str, ...] = ()
    custom: bool = False

    @property
    def logs(self) -> tuple[str, ...]:
        """Name the log tables without which it is unknown."""
        exposure = () if self.weight is Weight.ADS else ("impressions",)
        return (*_LOGS[self.needs], *exposure, *self.also)

    def name(self, language: str) -> str:
        """Give its name in ``en`` or ``zh``."""
        return self.name_zh if language == "zh" else self.name_en

    def definition(self, language: str) -> str:
        """Give its definition in ``en`` or ``zh``."""
        return self.definition_zh if language == "zh" else self.definition_en

    def pitfalls(self, language: str) -> str:
        """Give its pitfalls in ``en`` or ``zh``."""
        return self.pitfalls_zh if language == "zh" else self.pitfalls_en
