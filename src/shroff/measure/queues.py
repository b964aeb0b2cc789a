"""How right the machine is to queue ads, and first reviewers to decide them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from shroff.domain.labels import DesignKind
from shroff.domain.messages import Message
from shroff.domain.slices import Slice
from shroff.measure.blocks import Block
from shroff.measure.counts import Cube, count
from shroff.measure.ground import ROWS, Ground
from shroff.stats.estimate import Estimates, Status
from shroff.stats.sampling import Cells, Ratio, Strata, kind_codes, ratios_many
from shroff.store.engine import Engine

__all__ = ["queue_precision", "rechecks"]

_QUEUED = """(SELECT p.*, p.policy_id AS policy FROM population AS p
  WHERE p.in_period AND p.action = 'review') AS queued"""


def queue_precision(
    engine: Engine,
    *,
    slicings: Sequence[tuple[str, ...]],
    level: float,
    ground: Ground = ROWS,
) -> tuple[list[Block], list[str]]:
    """Count which queued ads people found violating; open tasks widen the figure both ways.

    Parameters
    ----------
    engine : Engine
        Where the table ``population`` is.
    slicings : sequence of tuple of str
        Sets of dimensions.
    level : float
        Level the scorecard works at.
    ground : Ground
        What the population is counted on.

    Returns
    -------
    list of Block, list of str
        The figures and the queries that gave them.
    """
    sums = {
        "found": "SUM(CASE WHEN queue_verdict = 'violating' THEN ads ELSE 0 END)",
        "done": "SUM(CASE WHEN queue_verdict IS NOT NULL THEN ads ELSE 0 END)",
        "queued": "SUM(ads)",
    }
    cube = count(engine, _QUEUED, slicings=slicings, sums=sums, ground=ground)
    blocks = []
    for slicing, (first, last) in cube.spans.items():
        rows = np.argsort(cube.group)[first:last]
        found, done, queued = (cube.columns[name][rows] for name in sums)
        blocks.append(
            _queue_block(
                slicing,
                cube.slices[first:last],
                found=found,
                done=done,
                queued=queued,
                level=level,
            )
        )
    return blocks, [cube.query]


def _queue_block(
    slicing: tuple[str, ...],
    slices: tuple[Slice, ...],
    *,
    found: np.ndarray,
    done: np.ndarray,
    queued: np.ndarray,
    level: float,
) -> Block:
    waiting = queued - done
    nothing = np.full(len(done), np.nan)
    known = done > 0
    share = np.divide(found, done, out=nothing.copy(), where=known)
    estimates = Estimates(
        value=share,
        low=np.divide(found, queued, out=nothing.copy(), where=known),
        high=np.divide(found + waiting, queued, out=nothing.copy(), where=known),
        n=done.astype(np.int64),
        n_effective=nothing,
        design_effect=nothing,
        numerator=found,
        denominator=done,
        level=level,
        method="open tasks either way",
    )
    return Block(
        metric="queue_in_precision",
        dimensions=slicing,
        slices=slices,
        estimates=estimates,
        status=(Status.COUNT,) * len(slices),
        design="every queued ad that people decided",
        caveats=(Message("scorecard.reviewer_error"),),
        notes=_backlog(waiting, queued),
    )


def _backlog(waiting: np.ndarray, queued: np.ndarray) -> dict[int, tuple[Message, ...]]:
    """Tell, slice by slice, how many tasks are open."""
    return {
        int(i): (
            Message("scorecard.backlog", {"open": int(waiting[i]), "queued": int(queued[i])}),
        )
        for i in np.flatnonzero(waiting > 0)
    }


_RECHECK_SQL = """(
  SELECT t.*, CASE WHEN t.verdict <> again.verdict THEN 3 ELSE 1 END AS outcome,
         0 AS stratum_code, 1 / again.chance AS w
  FROM (SELECT tasks.*, ROW_NUMBER() OVER (PARTITION BY ad_id, ad_version
                                           ORDER BY decided_at, review_id) AS _first
        FROM tasks
        WHERE COALESCE(role, 'L1') = 'L1' AND verdict IN ('violating', 'compliant') AND entered
          AND COALESCE(queue_reason, 'model') NOT IN ('random', 'seeded')) AS t
  JOIN (SELECT ad_id, COALESCE(ad_version, 1) AS ad_version, verdict, decided_at,
               {chance} AS chance,
               ROW_NUMBER() OVER (PARTITION BY ad_id, COALESCE(ad_version, 1)
                                  ORDER BY decided_at DESC, review_id DESC) AS _last
        FROM reviews
        WHERE (queue_reason = 'recheck' OR role = 'QA') AND verdict IN ('violating', 'compliant')
          AND {kept} AND COALESCE(role, 'L2') <> 'LLM') AS again
    ON t.ad_id = again.ad_id AND t.ad_version = again.ad_version AND again._last = 1
   AND again.decided_at >= t.decided_at
  WHERE t._first = 1
) AS rechecked"""


_KNOWN_SQL = (
    "SELECT COUNT(*) AS n, COUNT(CASE WHEN sampling_prob > 0 THEN 1 END) AS drawn FROM reviews"
    " WHERE queue_reason = 'recheck' OR role = 'QA'"
)


def rechecks(
    engine: Engine, *, slicings: Sequence[tuple[str, ...]], level: float
) -> tuple[list[Block], list[str]]:
    """Estimate how many first reviews a re-review overturns.

    Parameters
    ----------
    engine : Engine
        Where the table ``tasks`` is.
    slicings : sequence of tuple of str
        Sets of dimensions of tasks.
    level : float
        Coverage wanted, in (0, 1).

    Returns
    -------
    list of Block, list of str
        The figures, proxies unless re-reviews have a probability, and the queries.
    """
    known = engine.query(_KNOWN_SQL).to_pylist()[0]
    if not known["n"]:
        return [], [_KNOWN_SQL]
    drawn = known["drawn"] > 0
    cube = _recheck_cube(engine, slicings, drawn=drawn)
    if not len(cube.group):
        return [], [cube.query]
    kind = DesignKind.POISSON if drawn else DesignKind.PPS
    figures = _overturned(cube, kind=kind, level=level)
    status = Status.ESTIMATE if drawn else Status.PROXY
    return [
        Block(
            metric="first_review_overturn_rate",
            dimensions=slicing,
            slices=cube.slices[a:b],
            estimates=figures.part(a, b),
            status=(status,) * (b - a),
            design="re-review (poisson, logged)" if drawn else "re-reviews as they came",
            caveats=() if drawn else (Message("scorecard.recheck_proxy"),),
        )
        for slicing, (a, b) in cube.spans.items()
    ], [cube.query]


def _recheck_cube(engine: Engine, slicings: Sequence[tuple[str, ...]], *, drawn: bool) -> Cube:
    source = _RECHECK_SQL.format(
        chance="sampling_prob" if drawn else "CAST(1 AS DOUBLE)",
        kept="sampling_prob > 0" if drawn else "TRUE",
    )
    sums = {"n": "COUNT(*)", "w": "SUM(w)", "w2": "SUM(w * w)"}
    return count(engine, source, slicings=slicings, keys=("outcome",), sums=sums)


def _overturned(cube: Cube, *, kind: DesignKind, level: float) -> Estimates:
    first, last = cube.spans[()]
    whole = (cube.group >= first) & (cube.group < last)
    strata = Strata(
        kind=kind_codes([kind]),
        population=np.array([np.nan]),
        labels=np.array([cube.columns["n"][whole].sum()]),
    )
    cells = Cells(
        group=cube.group,
        stratum=np.zeros(len(cube.group), dtype=np.intp),
        cell=cube.columns["outcome"].astype(np.intp),
        n=cube.columns["n"],
        w=cube.columns["w"],
        w2=cube.columns["w2"],
    )
    bits = np.arange(4)
    ratio = Ratio(numerator=bits == 3, denominator=(bits & 1) == 1)
    return ratios_many(cells, strata, metrics=[ratio], groups=len(cube.slices), level=level)[0]
