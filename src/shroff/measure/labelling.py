"""The queries that find which ads were labelled, how they were drawn and what they turned out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shroff.domain.labels import Basis, DesignKind
from shroff.domain.metrics import Weight
from shroff.measure.brief import Design
from shroff.measure.ground import ROWS, Ground
from shroff.store.sql import literal

__all__ = [
    "DECK",
    "OUTCOME_SQL",
    "drawn_sql",
    "frame_sql",
    "labels_sql",
    "queue_supply_sql",
    "supply_sql",
]

DECK = "rules-"
"""Designs that draw among the ads which some rules would treat otherwise begin so; they speak for no
others."""

OUTCOME_SQL = """
CASE action WHEN 'approve' THEN 0 WHEN 'review' THEN 16 WHEN 'reject' THEN 32 ELSE 48 END
  + CASE WHEN any_violating THEN 8 ELSE 0 END
  + CASE WHEN {violating} THEN 4 ELSE 0 END
  + CASE WHEN {cited} THEN 2 ELSE 0 END
  + CASE WHEN any_violating AND COALESCE(array_contains(truth_policies, policy_id), FALSE)
         THEN 1 ELSE 0 END"""
"""Code of what was done and what was true, 0-63."""


def _members(design: Design) -> str:
    tests = [f"design_id = {literal(design.id)}"]
    if design.queues:
        tests.append(f"queue IN ({', '.join(map(literal, design.queues))})")
    if design.reasons:
        tests.append(f"queue_reason IN ({', '.join(map(literal, design.reasons))})")
    return "(" + " OR ".join(tests) + ")"


def drawn_sql(designs: Sequence[Design]) -> str:
    """Write the query for the ads each probability design drew.

    Parameters
    ----------
    designs : sequence of Design
        Designs of the settings; labels that carry a probability under another name are a design
        of their own.

    Returns
    -------
    str
        A SELECT with one row an ad version and design.

    Notes
    -----
    An ad that one design drew several times keeps its highest probability: exact when draws
    share the random number of the ad, as draws by the hash of its id do.
    """
    sampled = [design for design in designs if design.kind is not DesignKind.CENSUS]
    whens = "\n".join(f"WHEN {_members(d)} THEN {literal(d.id)}" for d in sampled)
    return f"""
SELECT ad_id, ad_version, design, MAX(stratum) AS stratum, MAX(sampling_prob) AS sampling_prob
FROM (
  SELECT ad_id, COALESCE(ad_version, 1) AS ad_version, stratum, sampling_prob,
         CASE {whens}
              WHEN sampling_prob IS NOT NULL AND COALESCE(queue_reason, 'random') = 'random'
              THEN COALESCE(design_id, 'logged') END AS design
  FROM reviews
  WHERE COALESCE(role, 'L1') <> 'LLM'
) AS named
WHERE design IS NOT NULL
GROUP BY ad_id, ad_version, design
"""


def _stratum_sql(designs: Sequence[Design]) -> str:
    told = [design for design in designs if design.stratum or _is_counted(design)]
    if not told:
        return "COALESCE(d.stratum, '')"
    whens = " ".join(f"WHEN d.design = {literal(x.id)} THEN {_named_sql(x)}" for x in told)
    return f"CASE {whens} ELSE COALESCE(d.stratum, '') END"


def _named_sql(design: Design) -> str:
    """Name the stratum of any ad; ads for which the expression gives nothing share one."""
    return f"COALESCE(CAST(({design.stratum}) AS VARCHAR), '')" if design.stratum else "''"


def _is_counted(design: Design) -> bool:
    return design.basis is Basis.DECLARED and design.sampling_prob is None


def _chance_sql(designs: Sequence[Design]) -> str:
    told = [d for d in designs if d.sampling_prob is not None]
    whens = [f"WHEN a.design = {literal(d.id)} THEN {literal(d.sampling_prob)}" for d in told]
    counted = [d for d in designs if _is_counted(d)]
    whens += [f"WHEN a.design = {literal(d.id)} THEN n.chance" for d in counted]
    return f"CASE {' '.join(whens)} ELSE a.sampling_prob END" if whens else "a.sampling_prob"


def _counted_sql(designs: Sequence[Design]) -> str:
    """Count n/N by stratum and week for designs that are declared without a probability."""
    shares = [
        f"""SELECT {literal(d.id)} AS design, {_named_sql(d)} AS stratum,
           week, COUNT(*) AS ads FROM population GROUP BY 1, 2, 3"""
        for d in designs
        if _is_counted(d)
    ]
    nobody = "SELECT '' AS design, '' AS stratum, CAST(NULL AS DATE) AS week, 1 AS ads"
    return " UNION ALL ".join(shares or [nobody])


def labels_sql(designs: Sequence[Design], ground: Ground = ROWS) -> str:
    """Write the query that joins population, draw and truth.

    Parameters
    ----------
    designs : sequence of Design
        Designs of the settings.
    ground : Ground
        Where single ads are.

    Returns
    -------
    str
        A SELECT with one row a decision of record that a design drew, labelled or not.
    """
    return f"""
WITH drawn_ads AS (
  SELECT p.*, d.design, d.sampling_prob, {_stratum_sql(designs)} AS stratum,
         t.violating AS any_violating, t.policies AS truth_policies, t.tier
  FROM {ground.rows} AS p
  JOIN drawn AS d ON p.ad_id = d.ad_id AND p.ad_version = d.ad_version
  LEFT JOIN truth AS t ON p.ad_id = t.ad_id AND p.ad_version = t.ad_version
),
counted AS (
  SELECT s.design, s.stratum, s.week, CAST(k.drawn AS DOUBLE) / s.ads AS chance
  FROM ({_counted_sql(designs)}) AS s
  JOIN (SELECT design, stratum, week, COUNT(*) AS drawn
        FROM drawn_ads GROUP BY design, stratum, week) AS k
    ON s.design = k.design AND s.stratum = k.stratum AND s.week = k.week
)
SELECT a.*, {_chance_sql(designs)} AS chance,
       AVG(CASE WHEN a.any_violating IS NULL THEN CAST(0 AS DOUBLE) ELSE 1 END)
         OVER (PARTITION BY a.design, a.action, a.in_period) AS answered
FROM drawn_ads AS a
LEFT JOIN counted AS n ON a.design = n.design AND a.stratum = n.stratum AND a.week = n.week
"""


def supply_sql(weight: Weight, ground: Ground = ROWS) -> str:
    """Write the query for what each design offers for each action.

    Parameters
    ----------
    weight : Weight
        What one ad counts for.
    ground : Ground
        What the population is counted on.

    Returns
    -------
    str
        A SELECT with a row for each action and design: ads and their total measure, ads drawn and
        labelled, the measure as the weights tell it with its spread, and labels in effect.
    """
    m, where = _measure(weight)
    return f"""
SELECT a.action, a.ads, a.total, COALESCE(l.design, '') AS design,
       COALESCE(l.drawn, 0) AS drawn, COALESCE(l.labelled, 0) AS labelled,
       COALESCE(l.weight, 0) AS weight, COALESCE(l.spread, 0) AS spread,
       COALESCE(l.effective, 0) AS effective
FROM (SELECT action, {_number(weight)} AS ads, {_total(weight)} AS total
      FROM population WHERE {ground.within(where)} GROUP BY action) AS a
LEFT JOIN (
  SELECT action, design, COUNT(*) AS drawn, SUM(seen) AS labelled, SUM(x) AS weight,
         SUM((1 - chance) * x * x) AS spread,
         SUM(seen * x) * SUM(seen * x) / SUM(CASE WHEN seen = 1 THEN x * x END) AS effective
  FROM (SELECT action, design, chance, {m} / chance AS x,
               CASE WHEN any_violating IS NOT NULL THEN 1 ELSE 0 END AS seen
        FROM drawn_labels WHERE {where} AND chance > 0 AND chance <= 1) AS weighed
  GROUP BY action, design
) AS l ON a.action = l.action
ORDER BY a.action, design
"""


def queue_supply_sql(weight: Weight, ground: Ground = ROWS) -> str:
    """Write the query for how many queued ads people decided."""
    decided = f"{_measure(weight)[1]} AND action = 'review' AND queue_verdict IS NOT NULL"
    return f"SELECT {_number(weight)} AS labelled FROM population WHERE {ground.within(decided)}"


def _number(weight: Weight) -> str:
    """Count ads; by exposure any count does that is 0 where there are none."""
    count = "COALESCE(SUM(ads), 0)" if weight is Weight.ADS else "COUNT(*)"
    return f"CAST({count} AS BIGINT)"


def _total(weight: Weight) -> str:
    return f"SUM(CAST({weight} AS DOUBLE))"


def _measure(weight: Weight) -> tuple[str, str]:
    if weight is Weight.ADS:
        return "CAST(1 AS DOUBLE)", "in_period"
    return f"CAST({weight} AS DOUBLE)", f"{weight} > 0"


def frame_sql(chosen: Mapping[str, Design], ground: Ground = ROWS) -> str:
    """Write the query of the label frame.

    Parameters
    ----------
    chosen : mapping
        For each action that has labels, its design.
    ground : Ground
        Where single ads are.

    Returns
    -------
    str
        A SELECT with one row a labelled decision of record.
    """
    drawn = [
        f"(action = {literal(action)} AND design = {literal(design.id)})"
        for action, design in chosen.items()
        if design.kind is not DesignKind.CENSUS
    ]
    queue = next((d for d in chosen.values() if d.kind is DesignKind.CENSUS), None)
    parts = [
        f"""SELECT * FROM drawn_labels
WHERE any_violating IS NOT NULL AND chance > 0 AND chance <= 1 AND ({" OR ".join(drawn)})"""
    ] * bool(drawn)
    if queue is not None:
        parts.append(_queue_part(queue, ground))
    if not parts:
        parts.append(_found_part(ground))
    outcome = OUTCOME_SQL.format(violating="any_violating", cited="TRUE")
    return f"""
SELECT chosen.*, 1 / (chance * answered) AS w, {outcome} AS outcome,
       DENSE_RANK() OVER (ORDER BY design, stratum) - 1 AS stratum_code
FROM ({" UNION ALL ".join(parts)}) AS chosen
"""


def _queue_part(design: Design, ground: Ground) -> str:
    return f"""
SELECT p.*, {literal(design.id)} AS design, CAST(1 AS DOUBLE) AS sampling_prob,
       'queue' AS stratum, p.queue_verdict = 'violating' AS any_violating,
       t.policies AS truth_policies, 4 AS tier, CAST(1 AS DOUBLE) AS chance,
       CAST(1 AS DOUBLE) AS answered
FROM {ground.rows} AS p
LEFT JOIN truth AS t ON p.ad_id = t.ad_id AND p.ad_version = t.ad_version
WHERE p.action = 'review' AND p.queue_verdict IS NOT NULL"""


def _found_part(ground: Ground) -> str:
    """Take every label there is: good for a proxy, not for an estimate."""
    return f"""
SELECT p.*, 'found' AS design, CAST(1 AS DOUBLE) AS sampling_prob, 'found' AS stratum,
       t.violating AS any_violating, t.policies AS truth_policies, t.tier,
       CAST(1 AS DOUBLE) AS chance, CAST(1 AS DOUBLE) AS answered
FROM {ground.rows} AS p
JOIN truth AS t ON p.ad_id = t.ad_id AND p.ad_version = t.ad_version"""
