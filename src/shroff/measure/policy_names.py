"""Did reviewers say which policy? Without it, no figure by policy and no right reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from shroff.domain.messages import Message
from shroff.measure.blocks import Block
from shroff.measure.frame import Frame
from shroff.measure.quality import counts_in
from shroff.stats.estimate import Estimates, Status
from shroff.store.engine import Engine

__all__ = ["heed_policy_names"]

_REASONED = frozenset({"right_policy_precision"})


def heed_policy_names(engine: Engine, frame: Frame, *, blocks: Sequence[Block]) -> list[Block]:
    """Withdraw figures that need the policies of violating ads when no label names any.

    Parameters
    ----------
    engine : Engine
        Where the frame is.
    frame : Frame
        The label frame.
    blocks : sequence of Block
        Figures that rest on it.

    Returns
    -------
    list of Block
        The same figures. Those by policy, and of the policy cited, are unknown when no violating
        label names a policy, and carry a caveat when some do not.
    """
    if not any(map(_needs_names, blocks)):
        return list(blocks)
    violating, named = _counts(engine, frame)
    if named == violating:
        return list(blocks)
    counts = {"unnamed": violating - named, "violating": violating}
    if named:
        caveat = Message("scorecard.policies_missing", counts)
        return [replace(b, caveats=(*b.caveats, caveat)) if _needs_names(b) else b for b in blocks]
    why = Message("scorecard.no_policies", counts)
    return [_withdrawn(b, why) if _needs_names(b) else b for b in blocks]


def _withdrawn(block: Block, why: Message) -> Block:
    nothing = np.full(len(block), np.nan)
    estimates = Estimates(
        value=nothing,
        low=nothing,
        high=nothing,
        n=np.zeros(len(block), dtype=np.int64),
        n_effective=nothing,
        design_effect=nothing,
        numerator=nothing,
        denominator=nothing,
        level=block.estimates.level,
        method="none",
    )
    status = (Status.UNKNOWN,) * len(block)
    return replace(block, estimates=estimates, status=status, caveats=(why,), notes={})


def _needs_names(block: Block) -> bool:
    return block.metric in _REASONED or "policy" in block.dimensions


def _counts(engine: Engine, frame: Frame) -> tuple[int, int]:
    """Count violating labels, and those that name a policy."""
    row = engine.query(
        "SELECT COUNT(*) AS violating,"
        " COUNT(CASE WHEN CARDINALITY(truth_policies) > 0 THEN 1 END) AS named"
        f" FROM {frame.table} WHERE {counts_in(frame.weight)} AND any_violating"
    ).to_pylist()[0]
    return int(row["violating"]), int(row["named"])
