"""Reject lines that are sure, as they are told: by cell, with what a lower line would take."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from shroff.advise.proposal import Proposal, ThresholdChange, terms_of
from shroff.domain.messages import Message, Value
from shroff.domain.slices import Period
from shroff.measure.score_labels import ScoreKey
from shroff.measure.scorecard import Query
from shroff.stats.score_cells import BINS
from shroff.stats.sure_lines import LineNeed

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Guarantee", "GuaranteedLine", "Outlook"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What one line in one cell does.

    Parameters
    ----------
    at : int
        Threshold in thousandths.
    ads : int
        Ads of the period from it up: those that would be rejected.
    labels, violating : int
        Labels from it up, and those found violating.
    precision : float or None
        Precision as the labels weigh it; None without a label.
    low : float or None
        End of a one-sided interval for this line alone, at the level of the whole risk.
    """

    at: int
    ads: int
    labels: int
    violating: int
    precision: float | None
    low: float | None = None

    @property
    def score(self) -> float:
        """Score from which ads are rejected."""
        return self.at / BINS

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "reject_from": self.score,
            "ads": self.ads,
            "labels": self.labels,
            "violating": self.violating,
            "precision": self.precision,
            "precision_low": self.low,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class GuaranteedLine:
    """The line of one cell.

    Parameters
    ----------
    key : ScoreKey
        Whose score, which ads.
    scored, labels : int
        Ads of the period that the score decides, and those labelled.
    rejected : int
        Those rejected today.
    review_from : int
        Today's review line, in thousandths; 1000 where none is reviewed.
    today : Outlook or None
        Today's reject line; None where nothing is rejected.
    sure : Outlook or None
        The lowest line that is sure; None where none is.
    empirical : Outlook or None
        The lowest line whose labels look good enough, which nothing guarantees.
    risk : float
        Part of the risk that the cell had; 0 where it has too few labels to use any.
    tested : int
        Lines tested.
    need : LineNeed or None
        What a lower line would take; None where precision seems to allow none.
    covered : bool
        Whether every action of the cell's ads has labels.
    """

    key: ScoreKey
    scored: int
    labels: int
    rejected: int
    review_from: int
    today: Outlook | None
    sure: Outlook | None
    empirical: Outlook | None
    risk: float
    tested: int
    need: LineNeed | None
    covered: bool

    @property
    def where(self) -> str:
        """Name the ads, e.g. ``market=ID, language=id``; empty for all."""
        return ", ".join(f"{name}={value}" for name, value in self.key.slice.terms)

    def text(self) -> Message:
        """Say what is sure here."""
        if self.sure:
            told: dict[str, Value] = {
                "line": f"{self.sure.score:.3f}",
                "ads": self.sure.ads,
                "rejected": self.rejected,
            }
            return Message("guarantee.sure", told)
        if not self.covered and self.risk:
            return Message("guarantee.uncovered")
        return Message("guarantee.none_sure" if self.risk else "guarantee.too_few")

    def needs(self) -> Message | None:
        """Say which labels a lower line would take."""
        need = self.need
        if need is None:
            return None
        told: dict[str, Value] = {
            "labels": need.ask,
            "line": f"{need.at / BINS:.3f}",
            "precision": need.precision,
            "chance": need.chance,
        }
        return Message("guarantee.need_all" if need.chance >= 1 else "guarantee.need", told)

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        need = self.need
        return {
            **self.key.record(),
            "scored": self.scored,
            "labels": self.labels,
            "rejected_today": self.rejected,
            "risk": self.risk,
            "tested": self.tested,
            "sure": self.sure.record() if self.sure else None,
            "today": self.today.record() if self.today else None,
            "empirical": self.empirical.record() if self.empirical else None,
            "covered": self.covered,
            "more_labels": None
            if need is None
            else {
                "from_score": need.at / BINS,
                "labels": need.ask,
                "chance": need.chance,
                "precision_expected": need.precision,
            },
            "text": self.text().record(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarantee:
    """Reject lines of all cells.

    Parameters
    ----------
    period : Period
        Days of the labels.
    score : ScoreKey
        The score that decides.
    floor, delta : float
        Least precision, and the risk that any line is under it.
    floor_from : str
        Where the floor comes from: ``asked``, ``goal``, ``today`` or ``usual``.
    lowest : int
        Lowest line looked at, in thousandths.
    lines : tuple of GuaranteedLine
        One a cell, most ads first.
    way : str
        How lines were tested: ``counted``, ``bet`` or ``both``.
    design : str
        How labels were drawn.
    notes : tuple of Message
        What to know of it.
    queries : tuple of Query
        What was executed.
    """

    period: Period
    score: ScoreKey
    floor: float
    delta: float
    floor_from: str
    lowest: int
    lines: tuple[GuaranteedLine, ...]
    way: str
    design: str
    notes: tuple[Message, ...]
    queries: tuple[Query, ...]

    def __iter__(self) -> Iterator[GuaranteedLine]:
        """Give the lines."""
        return iter(self.lines)

    def __len__(self) -> int:
        """Count the cells."""
        return len(self.lines)

    @property
    def rejects(self) -> int:
        """Count the ads above all sure lines."""
        return sum(line.sure.ads for line in self.lines if line.sure)

    def text(self) -> Message:
        """Say what is guaranteed."""
        sure = sum(line.sure is not None for line in self.lines)
        told: dict[str, Value] = {
            "floor": self.floor,
            "delta": self.delta,
            "sure": sure,
            "cells": len(self.lines),
            "ads": self.rejects,
            "rejected": sum(line.rejected for line in self.lines),
        }
        return Message("guarantee.lead" if sure else "guarantee.lead_none", told)

    def proposal(self) -> Proposal:
        """Give the lines as a proposal; a cell without a sure line rejects nothing by score."""
        return Proposal(
            thresholds=tuple(
                ThresholdChange(
                    model=line.key.model,
                    version=line.key.version,
                    policy=line.key.policy,
                    where=terms_of({name: str(value) for name, value in line.key.slice.terms}),
                    review_from=_line(line.review_from),
                    reject_from=max(line.sure.score, min(_line(line.review_from), 1.0))
                    if line.sure
                    else inf,
                )
                for line in self.lines
            ),
            name="guarantee",
            note=f"precision of rejects at least {self.floor:g} in every cell, "
            f"with a risk of at most {self.delta:g}",
        )

    def record(self) -> dict[str, object]:
        """Give everything as a JSON-ready record."""
        period = self.period
        return {
            "period": {"start": str(period.start), "end": str(period.end)},
            "floor": self.floor,
            "floor_from": self.floor_from,
            "delta": self.delta,
            "lowest": self.lowest / BINS,
            "design": self.design,
            "way": self.way,
            "rejects": self.rejects,
            "text": self.text().record(),
            "lines": [line.record() for line in self.lines],
            "proposal_id": self.proposal().id,
            "notes": [note.record() for note in self.notes],
            "queries": [{"title": query.title, "sql": query.sql} for query in self.queries],
        }

    def to_arrow(self) -> pa.Table:
        """Give the lines as an Arrow table, a row a cell."""
        import pyarrow as pa  # noqa: PLC0415  (only those who ask for a table need it)

        return pa.Table.from_pylist([_row(line) for line in self.lines])


def _line(at: int) -> float:
    return at / BINS if at < BINS else inf


def _row(line: GuaranteedLine) -> dict[str, object]:
    sure, need = line.sure, line.need
    nothing = float(np.nan)
    return {
        "model": line.key.model,
        "version": line.key.version,
        "policy": line.key.policy or "",
        **{name: str(value) for name, value in line.key.slice.terms},
        "scored": line.scored,
        "labels": line.labels,
        "rejected_today": line.rejected,
        "reject_from": sure.score if sure else nothing,
        "rejects": sure.ads if sure else 0,
        "precision": nothing if sure is None or sure.precision is None else sure.precision,
        "precision_low": nothing if sure is None or sure.low is None else sure.low,
        "risk": line.risk,
        "more_labels": need.ask if need else 0,
        "label_from": need.at / BINS if need else nothing,
    }
