"""What transparency reports state of automation, beside what random labels say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from shroff.domain.messages import Message
from shroff.domain.slices import EVERYTHING, Slice
from shroff.domain.transparency import Profile, Quality
from shroff.errors import DesignError
from shroff.measure.blocks import Block, Figure, blocks_to_arrow, pack, record_of
from shroff.measure.brief import Brief
from shroff.measure.families import Query
from shroff.measure.regulatory_complaints import complaint_blocks, notice_blocks
from shroff.measure.regulatory_facts import WINDOW_DAYS, stand_facts
from shroff.measure.regulatory_tally import Tally, tally
from shroff.measure.regulatory_truth import truth_blocks
from shroff.measure.scorecard import Scorecard, scorecard
from shroff.stats.estimate import Estimate, Status
from shroff.stats.gap import gap
from shroff.store.engine import Engine

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["TRUTH", "Compared", "Regulatory", "gap_id", "proxy_id", "regulatory", "regulatory_of"]

TRUTH: Mapping[Quality, str] = {each: f"automated_{each}" for each in Quality}
"""Id of each indicator as random labels tell it."""

_LOGS = {
    Profile.TIKTOK: ("appeals",),
    Profile.GOOGLE_ADS: ("appeals", "reports"),
    Profile.META: ("appeals",),
}
_SHORT = {Profile.TIKTOK: "tiktok", Profile.GOOGLE_ADS: "google", Profile.META: "meta"}
_MEASURES = ("solely", "not_solely", "own_solely", "own_not_solely")


def proxy_id(profile: Profile, quality: Quality) -> str:
    """Name the figure of an indicator as a profile defines it."""
    return f"{profile}_{quality}"


def gap_id(profile: Profile, quality: Quality) -> str:
    """Name the figure of how far that is from what random labels say."""
    return f"{profile}_{quality}_gap"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One indicator by one published definition, beside the figure from random labels.

    Parameters
    ----------
    profile : Profile
        Whose definition.
    quality : Quality
        Accuracy, precision or recall.
    slice : Slice
        Which ads.
    proxy, truth, gap : Estimate
        What the definition counts, what random labels say, and the first less the second.
    """

    profile: Profile
    quality: Quality
    slice: Slice
    proxy: Estimate
    truth: Estimate
    gap: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Regulatory:
    """Indicators of transparency reports over a period.

    Parameters
    ----------
    brief : Brief
        What was asked.
    blocks : tuple of Block
        All figures, by metric and slicing.
    languages : tuple of (str or None)
        Languages of the ads, the most frequent first; None for ads without one.
    notes : tuple of Message
        What to know of all of it.
    queries : tuple of Query
        What was executed.
    """

    brief: Brief
    blocks: tuple[Block, ...]
    languages: tuple[str | None, ...]
    notes: tuple[Message, ...]
    queries: tuple[Query, ...]

    def __iter__(self) -> Iterator[Figure]:
        """Give the figures in order."""
        return (figure for block in self.blocks for figure in block)

    def figure(self, metric: str, part: Slice = EVERYTHING) -> Estimate | None:
        """Find one figure.

        Parameters
        ----------
        metric : str
            Its id.
        part : Slice
            Everything, a ``language`` or an ``initiative``.

        Returns
        -------
        Estimate or None
            None when there is none of that slice.
        """
        for block in self.blocks:
            found = block.find(part) if block.metric == metric else None
            if found is not None:
                return found.estimate
        return None

    def compared(self, part: Slice = EVERYTHING) -> tuple[Compared, ...]:
        """List each published indicator of a slice beside the figure from random labels."""
        found: list[Compared] = []
        for profile in Profile:
            for quality in Quality:
                proxy = self.figure(proxy_id(profile, quality), part)
                truth = self.figure(TRUTH[quality], part)
                between = self.figure(gap_id(profile, quality), part)
                if proxy is not None and truth is not None and between is not None:
                    found.append(
                        Compared(
                            profile=profile,
                            quality=quality,
                            slice=part,
                            proxy=proxy,
                            truth=truth,
                            gap=between,
                        )
                    )
        return tuple(found)

    def surely_off(self) -> list[Compared]:
        """List published indicators that are surely off, the furthest first."""
        off = [each for each in self.compared() if _distance(each) > 0]
        return sorted(off, key=_distance, reverse=True)

    def to_arrow(self) -> pa.Table:
        """Give all figures as an Arrow table."""
        return blocks_to_arrow(self.blocks)

    def record(self) -> dict[str, object]:
        """Give everything as a JSON-ready record."""
        period = self.brief.period
        return {
            "period": {"start": str(period.start), "end": str(period.end)},
            "as_of": self.brief.as_of.isoformat(),
            "level": self.brief.level,
            "languages": list(self.languages),
            "figures": [record_of(figure) for figure in self],
            "notes": [note.record() for note in self.notes],
            "queries": [{"title": query.title, "sql": query.sql} for query in self.queries],
        }


def _reach(between: Estimate) -> float:
    """Say how far at least a gap is from nothing."""
    if between.low is None or between.high is None:
        return 0.0
    return max(between.low, -between.high)


def _distance(each: Compared) -> float:
    return _reach(each.gap)


def regulatory(engine: Engine, brief: Brief) -> Regulatory:
    """Compute the indicators of transparency reports, and how far published definitions are off.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    brief : Brief
        Period, designs, level; slices and metrics are not used.

    Returns
    -------
    Regulatory
        Measures, accuracy, precision and recall by four definitions, complaints.

    Raises
    ------
    DesignError
        If no machine decision is in the period.
    """
    card = scorecard(engine, replace(brief, by=((),), wanted=("leakage",)))
    found = regulatory_of(engine, card)
    if found is None:
        raise DesignError(
            f"no machine decision in {brief.period.label()}",
            hint="ingest decisions of that period, or ask for another with --period",
        )
    return found


def regulatory_of(engine: Engine, card: Scorecard) -> Regulatory | None:
    """Compute the indicators for the period of a scorecard; its session tables must stand.

    Parameters
    ----------
    engine : Engine
        Where the logs and the scorecard's session tables are.
    card : Scorecard
        The scorecard.

    Returns
    -------
    Regulatory or None
        None without a machine decision.
    """
    brief, frame = card.brief, card.frame
    facts = stand_facts(engine, brief, ground=card.ground)
    counted = tally(engine, frame, level=brief.level)
    if not counted.rows:
        return None
    truth = truth_blocks(engine, frame, counted, level=brief.level)
    missing = {
        profile: [log for log in logs if log not in engine.snapshot]
        for profile, logs in _LOGS.items()
    }
    compared = [
        block
        for known in truth
        for profile in Profile
        for block in _beside(known, profile, counted, missing=missing[profile])
    ]
    complaints, complaint_query = complaint_blocks(engine, brief)
    notices, notice_query = notice_blocks(engine, brief)
    asked = {
        "facts of each decision": facts,
        "facts by language": counted.query,
        "complaints": complaint_query,
        "notices": notice_query,
    }
    return Regulatory(
        brief=brief,
        blocks=(*_measures(counted, brief), *truth, *compared, *complaints, *notices),
        languages=counted.languages(),
        notes=_notes(counted, missing, complaints=complaints),
        queries=tuple(Query(title, engine.text(sql)) for title, sql in asked.items() if sql),
    )


def _beside(
    truth: Block, profile: Profile, counted: Tally, *, missing: list[str]
) -> tuple[Block, Block]:
    """Give a profile's reading of an indicator, and its distance from what random labels say."""
    quality = next(each for each, name in TRUTH.items() if name == truth.metric)
    proxies = [_proxy(profile, quality, part, counted, missing=missing) for part in truth.slices]
    gaps = [gap(proxy, figure.estimate) for proxy, figure in zip(proxies, truth, strict=True)]
    level, dimensions = counted.level, truth.dimensions
    return (
        pack(
            proxy_id(profile, quality),
            list(zip(truth.slices, proxies, strict=True)),
            dimensions=dimensions,
            level=level,
        ),
        pack(
            gap_id(profile, quality),
            list(zip(truth.slices, gaps, strict=True)),
            dimensions=dimensions,
            level=level,
        ),
    )


def _proxy(
    profile: Profile, quality: Quality, part: Slice, counted: Tally, *, missing: list[str]
) -> Estimate:
    name = _SHORT[profile]
    tp, fp, fn, tn = (counted.sum(f"{name}_{cell}", part) for cell in ("tp", "fp", "fn", "tn"))
    above, below = {
        Quality.ACCURACY: (tp + tn, tp + fp + fn + tn),
        Quality.PRECISION: (tp, tp + fp),
        Quality.RECALL: (tp, tp + fn),
    }[quality]
    known = below > 0 and not missing
    caveats = [Message("scorecard.no_log", {"table": log}) for log in missing]
    young = counted.sum("young", part)
    if profile is Profile.GOOGLE_ADS and young:
        told = {"young": young, "ads": counted.sum("ads", part), "days": WINDOW_DAYS}
        caveats.append(Message("regulatory.young", told))
    return Estimate(
        value=above / below if known else None,
        low=None,
        high=None,
        level=counted.level,
        status=Status.PROXY if known else Status.UNKNOWN,
        method=str(profile),
        n=below,
        design="operations: appeals, reports and people's decisions",
        numerator=float(above) if known else None,
        denominator=float(below) if known else None,
        caveats=tuple(caveats),
    )


def _measures(counted: Tally, brief: Brief) -> list[Block]:
    parts = {(): [EVERYTHING], ("language",): counted.slices("language")}
    return [
        pack(
            f"measures_{name}",
            [(part, _count(counted.sum(name, part), brief)) for part in slices],
            dimensions=dimensions,
            level=brief.level,
        )
        for name in _MEASURES
        for dimensions, slices in parts.items()
        if slices and not (dimensions and name.startswith("own"))
    ]


def _count(number: int, brief: Brief) -> Estimate:
    value = float(number)
    return Estimate(
        value=value,
        low=value,
        high=value,
        level=brief.level,
        status=Status.COUNT,
        method="count",
        n=number,
        design="every decision of record",
    )


def _notes(
    counted: Tally, missing: Mapping[Profile, list[str]], *, complaints: Sequence[Block]
) -> tuple[Message, ...]:
    notes = [
        Message("scorecard.no_log", {"table": log})
        for log in dict.fromkeys(log for logs in missing.values() for log in logs)
    ]
    filed = next(block for block in complaints if block.metric == "complaints_filed")
    if filed.at(0).estimate.value == 0:
        notes.append(Message("regulatory.no_appeals"))
    unspoken = counted.sum("ads", Slice((("language", None),)))
    if unspoken:
        told = {"unknown": unspoken, "ads": counted.sum("ads", EVERYTHING)}
        notes.append(Message("regulatory.no_language", told))
    notes.append(Message("regulatory.own_reading"))
    return tuple(notes)
