"""Labels with one policy in scope after the other.

A label that has nothing to do with a policy counts the same for all of them: as not violating it
and not citing it. So only the labels that violate or cite a policy are counted policy by policy;
the cube of all labels gives the rest by subtraction.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from shroff.domain.slices import Slice
from shroff.measure.counts import Cube, count
from shroff.measure.frame import Frame
from shroff.measure.labelling import OUTCOME_SQL
from shroff.measure.quality import (
    CELLS,
    CountedSlicing,
    cells_of,
    counts_in,
    label_sums,
    strata_of_cube,
)
from shroff.store.engine import Engine
from shroff.store.sql import literal

__all__ = ["count_policy_labels", "in_scope", "policies_of"]

_VIOLATES, _CITES = 4, 2


def policies_of(engine: Engine, frame: Frame) -> list[str]:
    """List the policies that are cited, violated or known; of a tree's, its leaves.

    Parameters
    ----------
    engine : Engine
        Where the population and the frame are.
    frame : Frame
        The label frame.

    Returns
    -------
    list of str
        Their ids, sorted.
    """
    cited = engine.query(
        "SELECT DISTINCT policy_id FROM population WHERE policy_id IS NOT NULL"
        " UNION SELECT DISTINCT policy_id FROM policies WHERE policy_id NOT IN"
        " (SELECT parent FROM policies WHERE parent IS NOT NULL)"
    )
    found = engine.query(
        f"SELECT truth_policies FROM {frame.table} WHERE truth_policies IS NOT NULL"
    )
    violated = {policy for row in found.column(0).to_pylist() for policy in row if policy}
    return sorted(violated | set(cited.column(0).to_pylist()))


def _related_sql(table: str, policies: Sequence[str]) -> str:
    rows = ", ".join(f"({literal(policy)})" for policy in policies)
    inner = OUTCOME_SQL.format(
        violating="array_contains(truth_policies, policy)", cited="policy_id = policy"
    )
    return f"""(
  SELECT f.*, {inner} AS outcome_here
  FROM (SELECT l.*, seen.policy FROM {table} AS l
        JOIN (VALUES {rows}) AS seen(policy)
          ON l.policy_id = seen.policy
             OR array_contains(l.truth_policies, seen.policy)) AS f
) AS related"""


def in_scope(table: str, policy: str | None) -> tuple[str, str]:
    """Write the query for all labels with one policy in scope.

    Parameters
    ----------
    table : str
        The label frame.
    policy : str or None
        The policy; None for all of them.

    Returns
    -------
    str, str
        The frame, and its column of outcomes: as the policy sees them where there is one, which is
        in ``policy`` then.
    """
    if policy is None:
        return table, "outcome"
    told = OUTCOME_SQL.format(
        violating=f"COALESCE(array_contains(truth_policies, {literal(policy)}), FALSE)",
        cited=f"COALESCE(policy_id = {literal(policy)}, FALSE)",
    )
    columns = f"l.*, {literal(policy)} AS policy, {told} AS outcome_here"
    return f"(SELECT {columns} FROM {table} AS l) AS in_scope", "outcome_here"


def count_policy_labels(
    engine: Engine,
    frame: Frame,
    *,
    rest: tuple[str, ...],
    slices: Sequence[Slice],
) -> CountedSlicing:
    """Count the frame by policy and some further dimensions.

    Parameters
    ----------
    engine : Engine
        Where the frame is.
    frame : Frame
        The label frame.
    rest : tuple of str
        Dimensions beside the policy.
    slices : sequence of Slice
        Slices wanted; each has a policy and the further dimensions.

    Returns
    -------
    CountedSlicing
        The labels by slice.
    """
    sums = label_sums(frame.weight)
    where = counts_in(frame.weight)
    keys = ("stratum_code", "outcome")
    slicings = [(), rest] if rest else [()]
    base = count(engine, frame.table, slicings=slicings, keys=keys, sums=sums, where=where)
    policies = sorted({str(dict(part.terms)["policy"]) for part in slices})
    related = count(
        engine,
        _related_sql(frame.table, policies),
        slicings=[("policy", *rest)],
        keys=(*keys, "outcome_here"),
        sums=sums,
        where=where,
    )
    columns, group = _assemble(base, related, rest=rest, slices=slices, names=list(sums))
    return CountedSlicing(
        slices=tuple(slices),
        spans={tuple(name for name, _ in slices[0].terms): (0, len(slices))},
        cells=cells_of(columns, group),
        strata=strata_of_cube(frame, base),
        query=related.query,
    )


def _assemble(
    base: Cube, related: Cube, *, rest: tuple[str, ...], slices: Sequence[Slice], names: list[str]
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Add up: all labels read as unrelated, less the related ones so read, plus as they are."""
    places = {_key(part, rest): place for place, part in enumerate(slices)}
    first, last = base.spans[rest]
    mine = np.flatnonzero((base.group >= first) & (base.group < last))
    parts = {
        part.terms: base.group[mine] == first + i for i, part in enumerate(base.slices[first:last])
    }
    group, rows = _spread(places, parts, mine)
    to = np.array([places.get(_key(part, rest), -1) for part in related.slices], dtype=np.intp)
    near = to[related.group] if len(related.slices) else related.group
    kept = near >= 0
    near = near[kept]
    plain = ~(_VIOLATES | _CITES)
    outcome = [
        base.columns["outcome"][rows].astype(np.int64) & plain,
        related.columns["outcome"][kept].astype(np.int64) & plain,
        related.columns["outcome_here"][kept].astype(np.int64),
    ]
    stratum = [base.columns["stratum_code"][rows]] + [related.columns["stratum_code"][kept]] * 2
    sums = {
        name: [base.columns[name][rows], -related.columns[name][kept], related.columns[name][kept]]
        for name in names
    }
    return _merged([group, near, near], stratum, outcome, sums)


def _key(part: Slice, rest: tuple[str, ...]) -> tuple[str | None, ...]:
    values = dict(part.terms)
    return (values["policy"], *(values[name] for name in rest))


def _spread(
    places: dict[tuple[str | None, ...], int],
    parts: dict[tuple[tuple[str, str | None], ...], np.ndarray],
    mine: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Repeat the rows of each slice of the other dimensions for every policy."""
    rows_of = {tuple(value for _, value in terms): mine[held] for terms, held in parts.items()}
    none = np.zeros(0, dtype=np.intp)
    rows = [rows_of.get(key[1:], none) for key in places]
    group = [
        np.full(len(r), place, dtype=np.intp)
        for r, place in zip(rows, places.values(), strict=True)
    ]
    return np.concatenate(group or [none]), np.concatenate(rows or [none])


def _merged(
    group: list[np.ndarray],
    stratum: list[np.ndarray],
    outcome: list[np.ndarray],
    sums: dict[str, list[np.ndarray]],
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    strata = np.concatenate(stratum).astype(np.int64)
    high = int(strata.max(initial=0)) + 1
    code = (np.concatenate(group) * high + strata) * CELLS + np.concatenate(outcome)
    present, where = np.unique(code, return_inverse=True)
    size = len(present)
    added = {
        name: np.bincount(where, weights=np.concatenate(values), minlength=size)
        for name, values in sums.items()
    }
    kept = added["n"] > 0.5
    columns = {name: np.maximum(values[kept], 0.0) for name, values in added.items()}
    columns["outcome"] = (present % CELLS)[kept]
    columns["stratum_code"] = (present // CELLS % high)[kept]
    return columns, (present // CELLS // high)[kept].astype(np.intp)
