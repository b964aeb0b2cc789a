"""The label frame: every labelled ad, with how likely it was to be labelled.

One row a labelled decision of record. For each machine action the frame takes its labels from one
design: the probability sample with the most labels; failing that, a queue that was worked in full;
failing that, whatever labels there are, and then the figures are proxies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shroff.domain.labels import Basis, DesignKind
from shroff.domain.messages import Message
from shroff.measure.brief import Design
from shroff.measure.truth import TRUTH_SQL
from shroff.store.engine import Engine
from shroff.store.sql import ident, literal

__all__ = ["ACTIONS", "Frame", "Source", "Stratum", "build_frame"]

ACTIONS = ("approve", "review", "reject", "restrict")
"""Machine actions in the order of their codes."""

OUTCOME_SQL = """
CASE action WHEN 'approve' THEN 0 WHEN 'review' THEN 16 WHEN 'reject' THEN 32 ELSE 48 END
  + CASE WHEN any_violating THEN 8 ELSE 0 END
  + CASE WHEN {violating} THEN 4 ELSE 0 END
  + CASE WHEN {cited} THEN 2 ELSE 0 END
  + CASE WHEN any_violating AND COALESCE(array_contains(truth_policies, policy_id), FALSE)
         THEN 1 ELSE 0 END"""
"""Code of what was done and what was true, 0-63."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where the labels of one machine action come from.

    Parameters
    ----------
    action : str
        The machine action.
    design : Design or None
        The design whose labels are used; None when no design drew any.
    ads : int
        Ads of the period with this action.
    drawn, labelled : int
        Ads drawn, and those of them whose truth is known.
    weight : float
        Sum of the weights of the ads drawn: near ``ads`` when the probabilities are right.
    doubt : float
        Standard error of ``weight`` under the design.
    """

    action: str
    design: Design | None
    ads: int
    drawn: int
    labelled: int
    weight: float
    doubt: float

    @property
    def probability(self) -> bool:
        """Whether its labels can speak for ads nobody labelled."""
        return self.design is not None and self.labelled > 0


@dataclass(frozen=True, slots=True)
class Stratum:
    """One stratum of the frame.

    Parameters
    ----------
    code : int
        Index in the frame, from 0.
    design, name : str
        The design and its stratum.
    kind : DesignKind
        How ads were drawn from it.
    labels : int
        Labels it holds.
    """

    code: int
    design: str
    name: str
    kind: DesignKind
    labels: int


@dataclass(frozen=True, slots=True)
class Frame:
    """The label frame as built: tables ``frame`` and ``population`` of the session.

    Parameters
    ----------
    sources : tuple of Source
        Where each action's labels come from.
    strata : tuple of Stratum
        Strata in the order of their codes.
    clustered : bool
        Whether ads were drawn, or err, together.
    query : str
        The query that made it.
    """

    sources: tuple[Source, ...]
    strata: tuple[Stratum, ...]
    clustered: bool
    query: str

    @property
    def labels(self) -> int:
        """Count the labels."""
        return sum(stratum.labels for stratum in self.strata)

    def uncovered(self) -> tuple[str, ...]:
        """Name the actions of the period that no design ever labelled."""
        return tuple(s.action for s in self.sources if s.ads > 0 and not s.probability)

    def any_probability(self) -> bool:
        """Tell whether any label was drawn with a known probability."""
        return any(source.probability for source in self.sources)

    def text(self) -> str:
        """Describe the designs in one line."""
        used = {s.design.id: s.design for s in self.sources if s.design is not None}
        parts = [f"{d.id} ({d.kind}, {d.basis})" for d in used.values()]
        return " + ".join(parts) if parts else "no probability sample"

    def caveats(self) -> tuple[Message, ...]:
        """Say what to know of the labels as a whole."""
        return tuple(note for source in self.sources for note in _notes(source))


def _notes(source: Source) -> list[Message]:
    if source.design is None:
        return []
    notes: list[Message] = []
    shared = {"action": source.action, "design": source.design.id}
    if source.design.basis is Basis.DECLARED:
        notes.append(Message("scorecard.declared", {**shared, "by": source.design.by or "?"}))
    if source.design.kind is DesignKind.CENSUS:
        notes.append(Message("scorecard.queue_truth", shared))
    elif source.labelled < source.drawn:
        missing = source.drawn - source.labelled
        notes.append(
            Message("scorecard.unanswered", {**shared, "missing": missing, "drawn": source.drawn})
        )
    gap = abs(source.weight - source.ads)
    if source.doubt > 0 and gap > max(4 * source.doubt, 0.05 * source.ads):
        share = source.weight / source.ads if source.ads else 0.0
        notes.append(Message("scorecard.unbalanced", {**shared, "share": share}))
    return notes


def _members(design: Design) -> str:
    tests = [f"design_id = {literal(design.id)}"]
    if design.queues:
        tests.append(f"queue IN ({', '.join(map(literal, design.queues))})")
    if design.reasons:
        tests.append(f"queue_reason IN ({', '.join(map(literal, design.reasons))})")
    return "(" + " OR ".join(tests) + ")"


def _drawn_sql(designs: Sequence[Design]) -> str:
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
    told = [design for design in designs if design.stratum]
    if not told:
        return "COALESCE(d.stratum, '')"
    whens = " ".join(
        f"WHEN d.design = {literal(x.id)} THEN CAST(({x.stratum}) AS VARCHAR)" for x in told
    )
    return f"CASE {whens} ELSE COALESCE(d.stratum, '') END"


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
        f"""SELECT {literal(d.id)} AS design, CAST(({d.stratum or "''"}) AS VARCHAR) AS stratum,
           week, COUNT(*) AS ads FROM population GROUP BY 1, 2, 3"""
        for d in designs
        if _is_counted(d)
    ]
    nobody = "SELECT '' AS design, '' AS stratum, CAST(NULL AS DATE) AS week, 1 AS ads"
    return " UNION ALL ".join(shares or [nobody])


def _labels_sql(designs: Sequence[Design]) -> str:
    """Join population, draw and truth."""
    return f"""
WITH drawn_ads AS (
  SELECT p.*, d.design, d.sampling_prob, {_stratum_sql(designs)} AS stratum,
         t.violating AS any_violating, t.policies AS truth_policies, t.tier
  FROM population AS p
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
SELECT a.*, {_chance_sql(designs)} AS chance
FROM drawn_ads AS a
LEFT JOIN counted AS n ON a.design = n.design AND a.stratum = n.stratum AND a.week = n.week
"""


_SUPPLY_SQL = """
SELECT a.action, a.ads, COALESCE(l.design, '') AS design, COALESCE(l.drawn, 0) AS drawn,
       COALESCE(l.labelled, 0) AS labelled, COALESCE(l.weight, 0) AS weight,
       COALESCE(l.spread, 0) AS spread
FROM (SELECT action, COUNT(*) AS ads FROM population WHERE in_period GROUP BY action) AS a
LEFT JOIN (
  SELECT action, design, COUNT(*) AS drawn,
         SUM(CASE WHEN any_violating IS NOT NULL THEN 1 ELSE 0 END) AS labelled,
         SUM(1 / chance) AS weight, SUM((1 - chance) / (chance * chance)) AS spread
  FROM drawn_labels WHERE in_period AND chance > 0 AND chance <= 1 GROUP BY action, design
) AS l ON a.action = l.action
ORDER BY a.action, design
"""


def _sources(engine: Engine, designs: Sequence[Design]) -> tuple[Source, ...]:
    """Choose the design of each action: the one with the most labels."""
    known = {design.id: design for design in designs}
    best: dict[str, Source] = {}
    for row in engine.query(_SUPPLY_SQL).to_pylist():
        design = known.get(row["design"]) or (Design(id=row["design"]) if row["design"] else None)
        source = Source(
            row["action"],
            design if row["labelled"] else None,
            int(row["ads"]),
            int(row["drawn"]),
            int(row["labelled"]),
            float(row["weight"]),
            float(row["spread"]) ** 0.5,
        )
        if row["action"] not in best or source.labelled > best[row["action"]].labelled:
            best[row["action"]] = source
    found = tuple(best[action] for action in ACTIONS if action in best)
    census = next((d for d in designs if d.kind is DesignKind.CENSUS), None)
    return tuple(_or_queue(engine, source, census) for source in found)


def _or_queue(engine: Engine, source: Source, census: Design | None) -> Source:
    """Fall back on the outcome of a queue that is worked in full."""
    if source.probability or source.action != "review" or census is None:
        return source
    row = engine.query(
        "SELECT COUNT(queue_verdict) AS labelled FROM population"
        " WHERE in_period AND action = 'review'"
    ).to_pylist()[0]
    done = int(row["labelled"])
    return Source(source.action, census, source.ads, source.ads, done, float(source.ads), 0.0)


def _frame_sql(sources: Sequence[Source]) -> str:
    drawn = [
        f"(action = {literal(s.action)} AND design = {literal(s.design.id)})"
        for s in sources
        if s.design is not None and s.design.kind is not DesignKind.CENSUS
    ]
    queue = next(
        (s.design for s in sources if s.design and s.design.kind is DesignKind.CENSUS), None
    )
    parts = [
        f"""SELECT * FROM drawn_labels
WHERE any_violating IS NOT NULL AND chance > 0 AND chance <= 1 AND ({" OR ".join(drawn)})"""
    ] * bool(drawn)
    if queue is not None:
        parts.append(_queue_part(queue))
    if not parts:
        parts.append(_found_part())
    outcome = OUTCOME_SQL.format(violating="any_violating", cited="TRUE")
    return f"""
SELECT chosen.*, 1 / chance AS w, {outcome} AS outcome,
       DENSE_RANK() OVER (ORDER BY design, stratum) - 1 AS stratum_code
FROM ({" UNION ALL ".join(parts)}) AS chosen
"""


def _queue_part(design: Design) -> str:
    return f"""
SELECT p.*, {literal(design.id)} AS design, CAST(1 AS DOUBLE) AS sampling_prob,
       'queue' AS stratum, p.queue_verdict = 'violating' AS any_violating,
       t.policies AS truth_policies, 4 AS tier, CAST(1 AS DOUBLE) AS chance
FROM population AS p
LEFT JOIN truth AS t ON p.ad_id = t.ad_id AND p.ad_version = t.ad_version
WHERE p.action = 'review' AND p.queue_verdict IS NOT NULL"""


def _found_part() -> str:
    """Take every label there is: good for a proxy, not for an estimate."""
    return """
SELECT p.*, 'found' AS design, CAST(1 AS DOUBLE) AS sampling_prob, 'found' AS stratum,
       t.violating AS any_violating, t.policies AS truth_policies, t.tier,
       CAST(1 AS DOUBLE) AS chance
FROM population AS p
JOIN truth AS t ON p.ad_id = t.ad_id AND p.ad_version = t.ad_version"""


def build_frame(engine: Engine, designs: Sequence[Design]) -> Frame:
    """Make the table ``frame`` for this session; ``population`` must stand.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    designs : sequence of Design
        How labels were drawn, in order of preference.

    Returns
    -------
    Frame
        Where the labels come from and what to know of them.
    """
    engine.execute(f"CREATE OR REPLACE TEMP TABLE truth AS {TRUTH_SQL}")
    engine.execute(f"CREATE OR REPLACE TEMP TABLE drawn AS {_drawn_sql(designs)}")
    engine.execute(f"CREATE OR REPLACE TEMP TABLE drawn_labels AS {_labels_sql(designs)}")
    sources = _sources(engine, designs)
    query = _frame_sql(sources)
    engine.execute(f"CREATE OR REPLACE TEMP TABLE frame AS {query}")
    used = {s.design.id: s.design for s in sources if s.design is not None}
    return Frame(sources, _strata(engine, used), any(d.cluster for d in used.values()), query)


def _strata(engine: Engine, used: dict[str, Design]) -> tuple[Stratum, ...]:
    rows = engine.query(
        f"SELECT stratum_code, {ident('design')}, stratum, COUNT(*) AS labels FROM frame"
        " GROUP BY stratum_code, design, stratum ORDER BY stratum_code"
    ).to_pylist()
    return tuple(
        Stratum(
            int(row["stratum_code"]),
            row["design"],
            row["stratum"],
            used[row["design"]].kind if row["design"] in used else DesignKind.PPS,
            int(row["labels"]),
        )
        for row in rows
    )
