"""How right measures are that automation takes alone, as random labels tell it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from shroff.domain.messages import Message
from shroff.domain.slices import Slice
from shroff.domain.transparency import Quality
from shroff.measure.blocks import Block
from shroff.measure.bounded import short_actions
from shroff.measure.clustered import clustered_shares
from shroff.measure.frame import ACTIONS, Frame
from shroff.measure.quality import CELLS, count_labels, known_classes
from shroff.measure.regulatory_facts import FACTS
from shroff.measure.regulatory_tally import COLUMNS, Tally
from shroff.stats.bounds import Unlabelled, bounds
from shroff.stats.estimate import Estimates, Status
from shroff.stats.sampling import Ratio, ratios_many
from shroff.store.engine import Engine

__all__ = ["automation_ratios", "truth_blocks"]

_ENFORCED = {"reject", "restrict"}


def automation_ratios() -> dict[Quality, Ratio]:
    """Say which outcomes of the label frame each indicator counts.

    Returns
    -------
    dict of Ratio
        Accuracy: enforced and violating, or neither, of all ads decided. Precision: violating, of
        those enforced. Recall: enforced, of those violating. Enforced is rejected or restricted
        by the machine; what it queues in, people decide.
    """
    codes = np.arange(CELLS)
    enforced = np.isin(codes // 16, [ACTIONS.index(name) for name in _ENFORCED])
    violating = (codes & 8) > 0
    right = enforced == violating
    both = enforced & violating
    return {
        Quality.ACCURACY: Ratio(numerator=right, denominator=np.ones(CELLS, dtype=bool)),
        Quality.PRECISION: Ratio(numerator=both, denominator=enforced),
        Quality.RECALL: Ratio(numerator=both, denominator=violating),
    }


def truth_blocks(engine: Engine, frame: Frame, counted: Tally, *, level: float) -> list[Block]:
    """Estimate accuracy, precision and recall of measures that automation took alone.

    Parameters
    ----------
    engine : Engine
        Where the frame and the facts are.
    frame : Frame
        The label frame by ads.
    counted : Tally
        The facts counted.
    level : float
        Coverage wanted, in (0, 1).

    Returns
    -------
    list of Block
        Over everything, by language and by initiative; bounds where an action was never sampled.
    """
    parts = counted.parts()
    ratios = automation_ratios()
    placed = replace(frame, table=_placed(frame))
    figures = _figures(engine, placed, list(ratios.values()), parts=parts, level=level)
    wanted = [part for slices in parts.values() for part in slices]
    blocks: list[Block] = []
    for (quality, ratio), columns in zip(ratios.items(), figures, strict=True):
        ends = _bounded(columns, ratio, counted, wanted, frame)
        first = 0
        for dimensions, slices in parts.items():
            found = ends.part(first, first + len(slices))
            blocks.append(_block(quality, dimensions, slices, found, frame))
            first += len(slices)
    return blocks


def _placed(frame: Frame) -> str:
    """Tell the language and initiative of each label."""
    told = ", ".join(f"x.{column} AS _{name}" for name, column in COLUMNS.items())
    return (
        f"(SELECT f.*, {told} FROM {frame.table} AS f"
        f" JOIN {FACTS} AS x ON f.decision_id = x.decision_id) AS placed"
    )


def _figures(
    engine: Engine,
    frame: Frame,
    chosen: Sequence[Ratio],
    *,
    parts: Mapping[tuple[str, ...], Sequence[Slice]],
    level: float,
) -> Sequence[Estimates]:
    named = {
        tuple(f"_{name}" for name in dimensions): [_named(part) for part in slices]
        for dimensions, slices in parts.items()
    }
    if frame.clustered:
        found = [
            clustered_shares(
                engine,
                frame,
                source=frame.table,
                outcome="outcome",
                ratio=ratio,
                slices=named,
                level=level,
                known=known_classes(),
            )
            for ratio in chosen
        ]
        if all(each is not None for each in found):
            return [each for each in found if each is not None]
    cut = count_labels(engine, frame, slices=named)
    return ratios_many(cut.cells, cut.strata, metrics=chosen, groups=len(cut.slices), level=level)


def _named(part: Slice) -> Slice:
    return Slice(tuple((f"_{name}", value) for name, value in part.terms))


def _bounded(
    found: Estimates, ratio: Ratio, counted: Tally, wanted: Sequence[Slice], frame: Frame
) -> Estimates:
    if not (short_actions(frame) and frame.any_probability()):
        return found
    counts = np.array(counted.unlabelled(wanted), dtype=np.float64)
    groups = np.arange(len(wanted))
    unlabelled = Unlabelled(
        group=np.tile(groups, len(ACTIONS)),
        known=np.repeat(2 * np.arange(len(ACTIONS)) + 1, len(wanted)),
        count=counts.ravel(),
    )
    return bounds(found, unlabelled, metric=ratio, known=known_classes())


def _block(
    quality: Quality,
    dimensions: tuple[str, ...],
    slices: Sequence[Slice],
    found: Estimates,
    frame: Frame,
) -> Block:
    drawn = frame.any_probability()
    usual = Status.ESTIMATE if drawn else Status.PROXY
    short = np.isnan(found.value) & np.isfinite(found.low)
    caveats = frame.caveats() if drawn else (Message("scorecard.found"),)
    if short.any():
        never = Message("scorecard.never_sampled", {"actions": ", ".join(short_actions(frame))})
        caveats = (*caveats, never)
    return Block(
        metric=f"automated_{quality}",
        dimensions=dimensions,
        slices=tuple(slices),
        estimates=found,
        status=tuple(Status.BOUNDS if each else usual for each in short),
        design=frame.text(),
        caveats=caveats,
    )
