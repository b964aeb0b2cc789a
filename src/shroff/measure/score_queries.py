"""The queries for scores of labelled ads, and of all ads, by thousandth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shroff.domain.slices import Period
from shroff.measure.frame import Frame
from shroff.measure.ground import Ground
from shroff.stats.score_cells import BINS, PLACES
from shroff.store.engine import Engine
from shroff.store.sql import ident, literal

__all__ = ["ALL_SCORES", "Chosen", "families_of", "labels_query", "place_sql", "volume_query"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Which scores to look at; empty for all.

    Parameters
    ----------
    model, version, policy : str
        The one wanted; the policy ``-`` for scores over all policies.
    """

    model: str = ""
    version: str = ""
    policy: str = ""

    def sql(self, table: str) -> str:
        """Write it as a condition on scores."""
        tests = [
            f"{table}.{name} = {literal(value)}"
            for name, value in (("model", self.model), ("version", self.version))
            if value
        ]
        if self.policy == "-":
            tests.append(f"{table}.policy_id IS NULL")
        elif self.policy:
            tests.append(f"{table}.policy_id = {literal(self.policy)}")
        return " AND ".join(tests or ["TRUE"])


ALL_SCORES = Chosen()
"""Every score there is."""


def place_sql(score: str) -> str:
    """Write the place of a score as SQL: -2 where there is none, -1 where it is no number.

    Parameters
    ----------
    score : str
        Column.

    Returns
    -------
    str
        An expression; else 0 to 1001, see `shroff.stats.score_cells.PLACES`.
    """
    # TRY_CAST: DuckDB may work the last branch out for values that an earlier one takes
    return (
        f"CASE WHEN {score} IS NULL THEN -2 WHEN ISNAN({score}) THEN -1"
        f" WHEN {score} < 0 THEN 0 WHEN {score} > 1 THEN {PLACES - 1}"
        f" WHEN {score} = 1 THEN {BINS}"
        f" ELSE TRY_CAST(FLOOR({score} * {BINS}) AS BIGINT) + 1 END"
    )


def _cluster_sql(frame: Frame) -> str:
    designs = {s.design.id: s.design for s in frame.sources if s.design is not None}
    whens = " ".join(
        f"WHEN f.design = {literal(d.id)} THEN CAST(f.{ident(d.cluster)} AS VARCHAR)"
        for d in designs.values()
        if d.cluster
    )
    return f"COALESCE(CASE {whens} END, 'ad ' || f.ad_id)"


def families_of(engine: Engine) -> tuple[tuple[str, str], ...]:
    """List each policy of the user's tree with every policy above it.

    Parameters
    ----------
    engine : Engine
        Where the logs are.

    Returns
    -------
    tuple of (str, str)
        Policy above, policy under it; a label under either is a label of the first.
    """
    told = engine.query(
        "SELECT DISTINCT policy_id, parent FROM policies"
        " WHERE parent IS NOT NULL AND parent <> policy_id ORDER BY policy_id, parent"
    ).to_pylist()
    above: dict[str, set[str]] = {}
    for row in told:
        above.setdefault(row["policy_id"], set()).add(row["parent"])
    pairs: set[tuple[str, str]] = set()
    for policy, parents in above.items():
        seen, waiting = {policy}, list(parents)
        while waiting:
            parent = waiting.pop()
            if parent not in seen:
                seen.add(parent)
                pairs.add((parent, policy))
                waiting += above.get(parent, ())
    return tuple(sorted(pairs))


def _named_sql(frame: Frame, families: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """Write the join that finds labels of a policy by the policies under it, and its test."""
    if not families:
        return "", "FALSE"
    rows = ", ".join(f"({literal(parent)}, {literal(policy)})" for parent, policy in families)
    join = f"""
  LEFT JOIN (SELECT DISTINCT l.ad_id, l.ad_version, tree.scope
             FROM {frame.table} AS l
             JOIN (VALUES {rows}) AS tree(scope, member)
               ON array_contains(l.truth_policies, tree.member)) AS under
    ON f.ad_id = under.ad_id AND f.ad_version = under.ad_version AND s.policy_id = under.scope"""
    return join, "under.scope IS NOT NULL"


def labels_query(
    frame: Frame,
    *,
    by: Sequence[str],
    chosen: Chosen,
    families: Sequence[tuple[str, str]],
    extra: Mapping[str, str] | None = None,
) -> str:
    """Write the query for scores of labelled ads.

    Parameters
    ----------
    frame : Frame
        The label frame, as ads count.
    by : sequence of str
        Columns to slice by.
    chosen : Chosen
        Which scores.
    families : sequence of (str, str)
        Policies with those above them, see `families_of`.
    extra : mapping, optional
        Further columns as SQL over the frame ``f`` and the scores ``s``, kept apart by their value.

    Returns
    -------
    str
        A SELECT with counts by model, version, policy, slice, stratum, place and truth; single
        labels with their cluster where ads were drawn together. An ad that was decided in several
        markets counts once, in the first of them.
    """
    more = dict(extra or {})
    slices = [f"CAST(f.{ident(name)} AS VARCHAR) AS {ident('_' + name)}" for name in by]
    slices += [f"{sql} AS {ident(name)}" for name, sql in more.items()]
    names = ["model", "version", "policy_id", *(ident("_" + name) for name in by)]
    names += [*map(ident, more), "stratum_code", "place", "violating"]
    join, test = _named_sql(frame, families)
    cluster = _cluster_sql(frame) if frame.clustered else "CAST(NULL AS VARCHAR)"
    inside = "".join(f", f.{ident(name)}" for name in by)
    shown = "".join(f",\n         {each}" for each in slices)
    sums = "COUNT(*) AS n, SUM(w) AS w, SUM(w * w) AS w2"
    tail = f"GROUP BY {', '.join(names)}"
    if frame.clustered:
        names.append("cluster")
        sums, tail = "1 AS n, w, w * w AS w2", ""
    order = ", ".join([str(place + 1) for place in range(len(names))] + ["w"])
    return f"""
SELECT {", ".join(names)}, {sums}
FROM (
  SELECT s.model, s.version, s.policy_id{shown}, f.stratum_code, f.w,
         {place_sql("s.score")} AS place,
         CASE WHEN NOT f.any_violating THEN 0 WHEN s.policy_id IS NULL THEN 1
              WHEN COALESCE(array_contains(f.truth_policies, s.policy_id), FALSE) THEN 1
              WHEN {test} THEN 1 ELSE 0 END AS violating,
         {cluster} AS cluster,
         ROW_NUMBER() OVER (PARTITION BY s.model, s.version, s.policy_id, f.ad_id,
                            f.ad_version{inside} ORDER BY f.decision_day, COALESCE(f.market, ''), f.action, f.w) AS _nth
  FROM {frame.table} AS f
  JOIN scores AS s ON f.ad_id = s.ad_id AND f.ad_version = s.ad_version{join}
  WHERE f.in_period AND {chosen.sql("s")}
) AS scored
WHERE _nth = 1 AND place >= 0
{tail}
ORDER BY {order}
"""


def volume_query(
    by: Sequence[str],
    chosen: Chosen,
    *,
    ground: Ground,
    period: Period,
    population: str = "population",
) -> str:
    """Write the query for scores of all ads.

    Parameters
    ----------
    by : sequence of str
        Columns to slice by; none where the population is counted on cells.
    chosen : Chosen
        Which scores.
    ground : Ground
        What the population is counted on.
    period : Period
        Days measured.
    population : str
        Table or query of the ads, where they are counted one by one.

    Returns
    -------
    str
        A SELECT with the ads by model, version, policy, slice, machine action and place.
    """
    if ground.cuts:
        start, end = literal(period.start), literal(period.end)
        return f"""
SELECT s.model, s.version, s.policy_id, s.action,
       CASE WHEN s.bin = -3 THEN -1 WHEN s.bin < -1 THEN s.bin ELSE s.bin + 1 END AS place,
       CAST(SUM(s.n) AS BIGINT) AS n
FROM kept_scores AS s
WHERE s.day >= {start} AND s.day < {end} AND {chosen.sql("s")}
GROUP BY 1, 2, 3, 4, 5
HAVING SUM(s.n) > 0
ORDER BY 1, 2, 3, 4, 5
"""
    shown = "".join(f", CAST(p.{ident(name)} AS VARCHAR) AS {ident('_' + name)}" for name in by)
    names = "".join(f", {ident('_' + name)}" for name in by)
    inside = "".join(f", {ident(name)}" for name in by)
    order = ", ".join(str(place) for place in range(1, len(by) + 6))
    return f"""
SELECT s.model, s.version, s.policy_id{names}, p.action, {place_sql("s.score")} AS place,
       COUNT(*) AS n
FROM (SELECT p.ad_id, p.ad_version, p.action{shown}
      FROM (SELECT ad_id, ad_version, action{inside},
                   ROW_NUMBER() OVER (PARTITION BY ad_id, ad_version{inside}
                                      ORDER BY decision_day, COALESCE(market, ''), action) AS _nth
            FROM {population} AS whole WHERE in_period) AS p
      WHERE p._nth = 1) AS p
JOIN scores AS s ON p.ad_id = s.ad_id AND p.ad_version = s.ad_version
WHERE {chosen.sql("s")}
GROUP BY s.model, s.version, s.policy_id{names}, p.action, {place_sql("s.score")}
ORDER BY {order}
"""
