"""The labels that a backtest rests on: those of the usual draws, and of a deck drawn for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shroff.domain.labels import DesignKind
from shroff.domain.messages import Message
from shroff.measure.clustered import cluster_sql
from shroff.measure.families import Query
from shroff.measure.frame import Frame
from shroff.rules.backtest_figures import ACTIONS, LabelledAds, RuleHits
from shroff.rules.history_hits import History
from shroff.stats.dense import Flags
from shroff.stats.estimate import Status
from shroff.store.engine import Engine
from shroff.store.rows import rows
from shroff.store.sql import ident, literal

__all__ = [
    "Deck",
    "HistoryLabels",
    "deck_of",
    "flips_sql",
    "policies_below",
    "policy_tree",
    "read_labels",
]

_NEAR = 0.05
_TIMES = 4


@dataclass(frozen=True, slots=True)
class Deck:
    """Labels drawn from the ads on which rules would change what happens.

    Parameters
    ----------
    design : str
        Their design.
    drawn, labelled : int
        Ads drawn, and those of them with a label.
    """

    design: str
    drawn: int
    labelled: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLabels:
    """Labels with who hits them.

    Parameters
    ----------
    labels : LabelledAds
        The labelled ads.
    hits : RuleHits
        Which rules hit them.
    columns : Table
        Value of each in the slice columns, as text.
    design : str
        How they were drawn.
    status : Status
        What figures on them are worth.
    caveats : tuple of Message
        What to know of them.
    """

    labels: LabelledAds
    hits: RuleHits
    columns: pa.Table
    design: str
    status: Status
    caveats: tuple[Message, ...]


def flips_sql(history: History) -> str:
    """Write the query for the ads that rules, taken together, would treat otherwise than was done.

    Parameters
    ----------
    history : History
        The rules.

    Returns
    -------
    str
        A SELECT with one row a decision. Each is named after the rule that hits fewest ads among
        those which hit it, so that a draw by that name reaches every rule.
    """
    return f"""
SELECT w.decision_id, w.ad_id, w.ad_version, w.in_period, w.ads, w.action, w.becomes,
       CAST(r.rule AS VARCHAR) AS rarest
FROM (SELECT * FROM rule_ads WHERE rule = {history.whole} AND becomes IS NOT NULL) AS w
JOIN (SELECT a.decision_id, a.rule,
             ROW_NUMBER() OVER (PARTITION BY a.decision_id ORDER BY n.hits, a.rule) AS place
      FROM rule_ads AS a
      JOIN (SELECT rule, SUM(ads) AS hits FROM rule_ads WHERE in_period GROUP BY rule) AS n
        ON a.rule = n.rule
      WHERE a.rule < {history.whole}) AS r
  ON w.decision_id = r.decision_id AND r.place = 1
"""


def deck_of(engine: Engine, design: str) -> Deck | None:
    """Find the labels of a deck, if they speak for all ads that would be treated otherwise.

    Parameters
    ----------
    engine : Engine
        Where ``rule_flips`` and ``drawn_labels`` stand.
    design : str
        The deck's design.

    Returns
    -------
    Deck or None
        None where there are none, or they were drawn from other ads than those of this period.
    """
    found = engine.query(
        "SELECT COUNT(*) AS drawn, COUNT(d.any_violating) AS labelled,"
        " COALESCE(SUM(1 / d.chance), 0) AS weight,"
        " COALESCE(SUM((1 - d.chance) / (d.chance * d.chance)), 0) AS spread"
        " FROM drawn_labels AS d JOIN rule_flips AS x ON d.decision_id = x.decision_id"
        f" WHERE d.design = {literal(design)} AND d.chance > 0 AND d.chance <= 1 AND x.in_period"
    ).to_pylist()[0]
    ads = engine.query("SELECT COUNT(*) AS ads FROM rule_flips WHERE in_period").to_pylist()[0]
    gap = abs(float(found["weight"]) - float(ads["ads"]))
    allowed = max(_TIMES * float(found["spread"]) ** 0.5, _NEAR * float(ads["ads"]))
    if not found["labelled"] or gap > allowed:
        return None
    return Deck(design, int(found["drawn"]), int(found["labelled"]))


def _labels_sql(frame: Frame, deck: Deck | None, columns: Sequence[str]) -> str:
    """Write the query for the labels: where there is a deck, it alone speaks for its ads."""
    shown = "".join(f", CAST({ident(c)} AS VARCHAR) AS {ident(f'_{c}')}" for c in columns)
    own = f"decision_id, action, any_violating, truth_policies{shown}"
    designs = [s.design for s in frame.sources if s.design is not None]
    usual = (
        f"SELECT {own}, CAST(stratum_code AS VARCHAR) AS stratum, w,"
        f" {cluster_sql(designs)} AS cluster FROM {frame.table} WHERE in_period"
    )
    if deck is None:
        return usual
    return (
        f"{usual} AND decision_id NOT IN (SELECT decision_id FROM rule_flips)"
        f" UNION ALL SELECT {own}, 'deck ' || stratum AS stratum, 1 / (chance * answered) AS w,"
        " 'ad ' || ad_id AS cluster FROM drawn_labels"
        f" WHERE design = {literal(deck.design)} AND any_violating IS NOT NULL AND in_period"
        " AND chance > 0 AND chance <= 1"
        " AND decision_id IN (SELECT decision_id FROM rule_flips)"
    )


def read_labels(
    engine: Engine, history: History, frame: Frame, *, deck: Deck | None, columns: Sequence[str]
) -> tuple[HistoryLabels | None, Query]:
    """Read the labels of the period with who hits them.

    Parameters
    ----------
    engine : Engine
        Where the frame and the history stand.
    history : History
        The history.
    frame : Frame
        The label frame.
    deck : Deck or None
        Labels drawn for these rules.
    columns : sequence of str
        Columns to slice by.

    Returns
    -------
    HistoryLabels or None, and Query
        The labels, None where there are none; what was asked.
    """
    sql = _labels_sql(frame, deck, columns)
    engine.materialise("rule_labels", sql)
    query = Query("labels", sql)
    batches = list(rows(engine, "SELECT * FROM rule_labels"))
    if not batches:
        return None, query
    table = pa.Table.from_batches(batches)
    sure = frame.any_probability()
    found = HistoryLabels(
        labels=_labelled(engine, history, frame, table),
        hits=_hits(engine, table),
        columns=table.select([f"_{name}" for name in columns]).rename_columns(list(columns)),
        design=frame.text() + (f" + {deck.design} (poisson, logged)" if deck else ""),
        status=Status.ESTIMATE if sure else Status.PROXY,
        caveats=frame.caveats() if sure else (Message("scorecard.found"),),
    )
    return found, query


def _labelled(engine: Engine, history: History, frame: Frame, table: pa.Table) -> LabelledAds:
    strata = table.column("stratum").combine_chunks().dictionary_encode()
    known = {str(stratum.code): stratum.kind for stratum in frame.strata}
    kinds = [known.get(name, DesignKind.POISSON) for name in strata.dictionary.to_pylist()]
    cluster = None
    if frame.clustered:
        coded = table.column("cluster").combine_chunks().dictionary_encode()
        cluster = coded.indices.to_numpy().astype(np.intp)
    actions = pc.call_function(
        "index_in", [table.column("action")], pc.SetLookupOptions(pa.array(ACTIONS))
    )
    policies = dict.fromkeys(rule.policy for rule in history.rules if rule.policy)
    tree = policy_tree(engine)
    return LabelledAds(
        stratum=strata.indices.to_numpy().astype(np.intp),
        w=table.column("w").cast(pa.float64()).to_numpy(),
        action=actions.to_numpy().astype(np.intp),
        bad=table.column("any_violating").to_numpy(zero_copy_only=False).astype(bool),
        about={policy: _about(table, policies_below(policy, tree)) for policy in policies},
        kinds=tuple(kinds),
        cluster=cluster,
    )


def _hits(engine: Engine, table: pa.Table) -> RuleHits:
    found = engine.query(
        "SELECT r.decision_id, r.rule, r.caught = 0 AND r.before = 0 AS fresh"
        " FROM rule_ads AS r JOIN rule_labels AS l ON r.decision_id = l.decision_id"
        " WHERE r.in_period"
    )
    ids = table.column("decision_id").combine_chunks()
    place = pc.call_function("index_in", [found.column("decision_id")], pc.SetLookupOptions(ids))
    return RuleHits(
        label=place.to_numpy().astype(np.intp),
        rule=found.column("rule").to_numpy().astype(np.intp),
        new=found.column("fresh").to_numpy(zero_copy_only=False).astype(bool),
    )


def policy_tree(engine: Engine) -> list[tuple[str, str]]:
    """List policies with what each is directly below."""
    if "policies" not in engine.snapshot:
        return []
    found = engine.query(
        "SELECT DISTINCT policy_id, parent FROM policies WHERE parent IS NOT NULL"
        " ORDER BY policy_id, parent"
    ).to_pylist()
    return [(str(row["policy_id"]), str(row["parent"])) for row in found]


def policies_below(policy: str, tree: Sequence[tuple[str, str]]) -> list[str]:
    """Name a policy and all that are below it."""
    found = [policy]
    for name in found:
        found += [child for child, parent in tree if parent == name and child not in found]
    return found


def _about(table: pa.Table, policies: Sequence[str]) -> Flags:
    """Tell which labels name one of some policies."""
    lists = table.column("truth_policies").combine_chunks()
    hit: Flags = np.zeros(len(table), dtype=bool)
    parents = pc.call_function("list_parent_indices", [lists]).to_numpy()
    wanted = pc.call_function(
        "is_in", [lists.flatten()], pc.SetLookupOptions(pa.array(policies, pa.string()))
    ).to_numpy(zero_copy_only=False)
    hit[parents[wanted]] = True
    return hit
