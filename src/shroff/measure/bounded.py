"""What is left to say when no design ever labelled an action: bounds, and what would answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from shroff.domain.labels import DesignKind
from shroff.domain.messages import Message
from shroff.domain.slices import Slice
from shroff.measure.blocks import Block
from shroff.measure.counts import Cube, count
from shroff.measure.frame import ACTIONS, Frame
from shroff.measure.ground import ROWS, Ground
from shroff.measure.quality import Outcomes, counts_in, known_classes
from shroff.stats.bounds import Unlabelled, bounds
from shroff.stats.estimate import Status
from shroff.stats.sampling import Ratio
from shroff.store.engine import Engine
from shroff.store.sql import literal

__all__ = ["bound_uncovered", "short_actions", "unlabelled_sql"]


def unlabelled_sql(frame: Frame) -> str:
    """Say which ads have no chance of a label: whole actions, and the open tasks of a queue."""
    parts = [f"action = {literal(action)}" for action in frame.uncovered()]
    parts += [
        f"(action = {literal(s.action)} AND queue_verdict IS NULL)"
        for s in frame.sources
        if s.design is not None and s.design.kind is DesignKind.CENSUS and s.labelled < s.ads
    ]
    return "(" + " OR ".join(parts or ["FALSE"]) + ")"


def short_actions(frame: Frame) -> tuple[str, ...]:
    """Name the actions that some ads of have no chance of a label."""
    queue = tuple(
        s.action
        for s in frame.sources
        if s.design is not None and s.design.kind is DesignKind.CENSUS and s.labelled < s.ads
    )
    return (*frame.uncovered(), *queue)


def bound_uncovered(
    engine: Engine,
    frame: Frame,
    outcomes: Outcomes,
    *,
    blocks: Sequence[Block],
    ground: Ground = ROWS,
) -> list[Block]:
    """Replace estimates by bounds where part of the denominator was never sampled.

    Parameters
    ----------
    engine : Engine
        Where the table ``population`` is.
    frame : Frame
        The label frame.
    outcomes : Outcomes
        What each metric counts.
    blocks : sequence of Block
        Figures as if the labels spoke for everything.
    ground : Ground
        What the population is counted on.

    Returns
    -------
    list of Block
        The same figures; those that touch an action nobody sampled are bounds.
    """
    short = short_actions(frame)
    if not short or not frame.any_probability():
        return list(blocks)
    touched = [b for b in blocks if set(outcomes.actions(b.metric)) & set(short)]
    missing = {
        slicing: _missing(engine, frame, slicing, ground=ground)
        for slicing in dict.fromkeys(block.dimensions for block in touched)
    }
    return [
        _bounded(block, outcomes.ratios[block.metric], missing[block.dimensions], short)
        if block in touched
        else block
        for block in blocks
    ]


def _missing(engine: Engine, frame: Frame, slicing: tuple[str, ...], *, ground: Ground) -> Cube:
    """Count the ads without a chance of a label, by action; per policy also who cites it."""
    rest = tuple(name for name in slicing if name != "policy")
    slicings = [rest] if rest == slicing else [rest, ("policy", *rest)]
    total = f"SUM({frame.weight})"
    code = " ".join(f"WHEN {literal(a)} THEN {i}" for i, a in enumerate(ACTIONS))
    return count(
        engine,
        f"(SELECT p.*, p.policy_id AS policy, CASE action {code} ELSE 3 END AS action_code"
        " FROM population AS p) AS waiting",
        slicings=slicings,
        keys=("action_code",),
        sums={"n": total},
        where=f"{unlabelled_sql(frame)} AND {counts_in(frame.weight)}",
        ground=ground,
    )


def _bounded(block: Block, ratio: Ratio, missing: Cube, short: Sequence[str]) -> Block:
    group: list[np.ndarray] = []
    known: list[np.ndarray] = []
    counts: list[np.ndarray] = []
    for action, _ in enumerate(ACTIONS):
        for cited, units in _units(block, missing, action):
            group.append(np.arange(len(block)))
            known.append(np.full(len(block), 2 * action + cited))
            counts.append(units)
    unlabelled = Unlabelled(
        group=np.concatenate(group), known=np.concatenate(known), count=np.concatenate(counts)
    )
    ends = bounds(block.estimates, unlabelled, metric=ratio, known=known_classes())
    moved = np.isnan(ends.value) & np.isfinite(ends.low)
    status = tuple(Status.BOUNDS if moved[i] else old for i, old in enumerate(block.status))
    caveat = Message("scorecard.never_sampled", {"actions": ", ".join(short)})
    return replace(block, estimates=ends, status=status, caveats=(*block.caveats, caveat))


def _units(block: Block, missing: Cube, action: int) -> list[tuple[bool, np.ndarray]]:
    """Give the unlabelled units of an action in each slice: those citing the policy, and others."""
    found = {
        (missing.slices[group].terms, int(code)): n
        for group, code, n in zip(
            missing.group, missing.columns["action_code"], missing.columns["n"], strict=True
        )
    }

    def units(terms: tuple[tuple[str, str | None], ...]) -> float:
        return float(found.get((terms, action), 0.0))

    if "policy" not in block.dimensions:
        return [(True, np.array([units(part.terms) for part in block.slices]))]
    cites = np.array([units(_policy_first(part)) for part in block.slices])
    every = np.array([units(_without_policy(part)) for part in block.slices])
    return [(True, cites), (False, every - cites)]


def _without_policy(part: Slice) -> tuple[tuple[str, str | None], ...]:
    return tuple(term for term in part.terms if term[0] != "policy")


def _policy_first(part: Slice) -> tuple[tuple[str, str | None], ...]:
    return (("policy", dict(part.terms)["policy"]), *_without_policy(part))
