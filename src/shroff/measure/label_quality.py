"""How far can the labels be trusted?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from shroff.domain.messages import Message
from shroff.domain.metrics import Weight
from shroff.domain.slices import EVERYTHING, Slice
from shroff.errors import DesignError
from shroff.measure.blocks import Block, Figure, blocks_to_arrow, record_of
from shroff.measure.brief import Brief
from shroff.measure.label_quality_agreement import agreement_blocks, check_blocks, checks_of
from shroff.measure.label_quality_answers import Answers, read_answers
from shroff.measure.label_quality_change import Drift, drifts, guideline_blocks
from shroff.measure.label_quality_corrected import corrected_blocks, gold_corrected_blocks
from shroff.measure.label_quality_pooling import pooling_blocks
from shroff.measure.label_quality_rates import fit_model, gold_blocks, model_blocks
from shroff.measure.label_quality_teams import LEAST_TEAM, small_teams, without_small_teams
from shroff.measure.scorecard import Query, Scorecard, scorecard
from shroff.stats.agreement_change import surprises
from shroff.stats.compare import benjamini_yekutieli
from shroff.stats.estimate import Status
from shroff.store.engine import Engine

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["COMPARED", "LabelQuality", "Supply", "label_quality", "label_quality_of"]

COMPARED = ("leakage", "reject_precision", "recall_any")
"""Metrics of the scorecard that corrected figures stand beside."""

_CLEAR = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """What there is to judge labels by.

    Parameters
    ----------
    twice : int
        Ads that two people or more judged blind.
    checked : int
        First answers that somebody checked.
    seeded : int
        Answers on seeded test items.
    seeds : int
        Those items.
    settled : int
        Other answers on ads an expert had settled before.
    """

    twice: int
    checked: int
    seeded: int
    seeds: int
    settled: int

    def record(self) -> dict[str, int]:
        """Give it as a JSON-ready record."""
        return {
            "judged_twice_blind": self.twice,
            "checked": self.checked,
            "seeded_answers": self.seeded,
            "seeded_items": self.seeds,
            "answers_on_settled_ads": self.settled,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelQuality:
    """How far the labels of a period can be trusted.

    Parameters
    ----------
    brief : Brief
        What was asked.
    blocks : tuple of Block
        Figures by metric and slicing; no figure is about one person.
    measured : mapping
        The scorecard's figures that corrected ones stand beside.
    drifts : tuple of Drift
        Tests of whether the weeks differ.
    supply : Supply
        What there is to judge labels by.
    findings : tuple of Message
        What stands out, worst first.
    notes : tuple of Message
        What is missing.
    queries : tuple of Query
        What was executed.
    """

    brief: Brief
    blocks: tuple[Block, ...]
    measured: tuple[Figure, ...]
    drifts: tuple[Drift, ...]
    supply: Supply
    findings: tuple[Message, ...]
    notes: tuple[Message, ...]
    queries: tuple[Query, ...]

    def __iter__(self) -> Iterator[Figure]:
        """Give the figures in order."""
        return (figure for block in self.blocks for figure in block)

    def block(self, metric: str, *by: str) -> Block | None:
        """Find the figures of a metric in one slicing."""
        wanted = (each for each in self.blocks if each.metric == metric)
        return next((each for each in wanted if set(each.dimensions) == set(by)), None)

    def figure(self, metric: str, **values: str) -> Figure | None:
        """Find one figure.

        Parameters
        ----------
        metric : str
            Id of the figure.
        **values : str
            Value of each dimension; none for everything.

        Returns
        -------
        Figure or None
            The figure, or None when it was not measured.
        """
        block = self.block(metric, *values)
        if block is None:
            return None
        return block.find(Slice(tuple((name, values[name]) for name in block.dimensions)))

    def to_arrow(self) -> pa.Table:
        """Give all figures as an Arrow table."""
        return blocks_to_arrow(self.blocks)

    def record(self) -> dict[str, object]:
        """Give everything as a JSON-ready record."""
        period = self.brief.period
        return {
            "period": {"start": str(period.start), "end": str(period.end)},
            "level": self.brief.level,
            "supply": self.supply.record(),
            "findings": [each.record() for each in self.findings],
            "notes": [each.record() for each in self.notes],
            "figures": [record_of(figure) for figure in self],
            "measured": [record_of(figure) for figure in self.measured],
            "drift": [each.record() for each in self.drifts],
            "queries": [{"title": query.title, "sql": query.sql} for query in self.queries],
        }


def label_quality(engine: Engine, brief: Brief) -> LabelQuality:
    """Say how far the labels of a period can be trusted.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    brief : Brief
        Period, designs, level; slices and metrics are not used.

    Returns
    -------
    LabelQuality
        Agreement, error rates of queues and groups, drift, corrected metrics.

    Raises
    ------
    DesignError
        If no ad of the period was judged twice, checked, or of known truth.
    """
    card = scorecard(engine, replace(brief, by=((),), wanted=COMPARED))
    found = label_quality_of(engine, card)
    if not found.blocks:
        raise DesignError(
            f"nothing tells how good the labels of {brief.period.label()} are",
            hint="let two people judge some ads blind, check a random share of the queue, or seed"
            " ads of known truth (queue_reason seeded)",
        )
    return found


def label_quality_of(engine: Engine, card: Scorecard) -> LabelQuality:
    """Say how far the labels behind a scorecard can be trusted; its tables must stand.

    Parameters
    ----------
    engine : Engine
        Where the logs and the scorecard's session tables are.
    card : Scorecard
        The scorecard.

    Returns
    -------
    LabelQuality
        Without a figure where nothing tells.
    """
    brief, frame = card.brief, card.frames[Weight.ADS]
    answers = read_answers(engine, brief.period, frame=frame.table, week_starts=brief.week_starts)
    checks = checks_of(answers)
    level = brief.level
    blocks = [*agreement_blocks(answers, level=level)]
    blocks += check_blocks(answers, checks, level=level)
    blocks += gold_blocks(answers, level=level)
    models = [model for name in ("audit", "queue") if (model := fit_model(answers, name))]
    for model in models:
        blocks += model_blocks(model, level=level)
        if model.name == "audit":
            blocks += corrected_blocks(model, frame, level=level)
    blocks += gold_corrected_blocks(answers, frame, level=level)
    blocks += guideline_blocks(answers, checks, level=level)
    blocks += pooling_blocks(answers, level=level)
    few = small_teams(answers)
    moved = tuple(
        each for each in drifts(answers, checks, level=level) if each.group not in few["group"]
    )
    shown = (without_small_teams(block, few) for block in blocks)
    kept = tuple(block for block in shown if len(block))
    return LabelQuality(
        brief=brief,
        blocks=kept,
        measured=tuple(f for f in card if f.metric in COMPARED and f.slice == EVERYTHING),
        drifts=moved,
        supply=_supply(answers, len(checks.row)),
        findings=_findings(kept, moved),
        notes=(
            *_notes(kept, untold=[model.name for model in models if not model.told]),
            *([Message("labels.quality.small_team", {"least": LEAST_TEAM})] * any(few.values())),
        ),
        queries=(Query("answers", engine.text(answers.query)),),
    )


def _supply(answers: Answers, checked: int) -> Supply:
    blind = answers.independent & answers.inside
    seeded = answers.is_(answers.reason, "seeded") & answers.known & answers.inside
    return Supply(
        twice=int(np.count_nonzero(np.bincount(answers.item[blind], minlength=1) >= 2)),
        checked=checked,
        seeded=int(np.count_nonzero(seeded)),
        seeds=len(np.unique(answers.item[seeded])),
        settled=int(np.count_nonzero(answers.known & answers.inside & ~seeded)),
    )


def _findings(blocks: tuple[Block, ...], moved: tuple[Drift, ...]) -> tuple[Message, ...]:
    """Say what stands out: groups that misread a guideline, then weeks that differ."""
    changed = [
        figure
        for block in blocks
        if block.metric == "guideline_effect" and "group" in block.dimensions
        for figure, p in zip(block, benjamini_yekutieli(surprises(block.estimates)), strict=True)
        if p < _CLEAR and (figure.estimate.value or 0.0) > 0
    ]
    changed.sort(key=lambda figure: -(figure.estimate.value or 0.0))
    worse = [
        Message(
            "labels.quality.misread",
            {
                **dict(figure.slice.terms),
                "change": figure.estimate.value,
                "low": figure.estimate.low,
                "high": figure.estimate.high,
            },
        )
        for figure in changed
    ]
    drifted = [
        Message("labels.quality.drifted", {"group": each.group, "weeks": each.weeks})
        for each in moved
        if each.group and each.p < _CLEAR
    ]
    return (*worse, *drifted)


def _notes(blocks: tuple[Block, ...], *, untold: list[str]) -> tuple[Message, ...]:
    """Say what is missing, and what would supply it."""
    have = {block.metric for block in blocks}
    wanted = {
        "blind_agreement": "labels.quality.no_pairs",
        "check_overturn": "labels.quality.no_checks",
        "gold_sensitivity": "labels.quality.no_gold",
    }
    notes = [Message(key) for metric, key in wanted.items() if metric not in have]
    notes += [Message("labels.quality.not_told") for _ in untold[:1]]
    proxies = any(Status.PROXY in block.status for block in blocks)
    return (*notes, *([Message("labels.quality.as_they_came")] if proxies else []))
