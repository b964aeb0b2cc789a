"""Labelled ads of a roll-out by hash, put on the side that the hash put them on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from shroff.advise.outcome_question import OutcomeQuestion
from shroff.domain.metrics import Metric, Needs, Weight
from shroff.errors import DataError
from shroff.measure.brief import Brief
from shroff.measure.frame import build_frames
from shroff.measure.label_batch import is_drawn
from shroff.measure.population import build_population
from shroff.measure.quality import counts_in, outcomes_of
from shroff.stats.two_arms import ArmRows
from shroff.store.engine import Engine
from shroff.store.rows import rows
from shroff.store.sql import ident, literal

__all__ = ["Sides", "sides_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """Labelled ads of both sides.

    Parameters
    ----------
    rows : ArmRows
        The ads.
    query : str
        The query that read them.
    """

    rows: ArmRows
    query: str


def sides_of(engine: Engine, brief: Brief, question: OutcomeQuestion, *, metric: Metric) -> Sides:
    """Read the labelled ads of the days with the change.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    brief : Brief
        Period from the change on, designs.
    question : OutcomeQuestion
        The hash: key and share.
    metric : Metric
        What is counted.

    Returns
    -------
    Sides
        Ads with what each adds to the figure.

    Raises
    ------
    DataError
        If the metric does not rest on labels, or no ad was labelled.
    """
    if metric.needs is not Needs.TRUTH or metric.custom or metric.weight is Weight.SPEND:
        raise DataError(
            f"{metric.id} is not compared by hash: it does not rest on labels of single ads",
            hint="leakage, reject_precision and their like are; or use --rollout all",
        )
    build_population(engine, brief.period, derived=brief.derived, week_starts=brief.week_starts)
    outcomes = outcomes_of(engine, [metric])
    frame = build_frames(engine, brief.designs, weights=[metric.weight])[metric.weight]
    if not frame.any_probability():
        raise DataError(
            "no ad of these days was drawn for labelling with a known chance",
            hint="shroff labels plan says which to draw",
        )
    query = _query(frame.table, metric.weight, question)
    batches = list(rows(engine, query))
    if not batches:
        raise DataError("no ad of these days has a label", hint="look again when some are in")
    table = pa.Table.from_batches(batches)
    code = table.column("outcome").to_numpy().astype(np.intp)
    weigh = table.column("m").to_numpy()
    ratio = outcomes.ratios[metric.id]
    ads = table.column("ad_id").to_pylist()
    owners = table.column("cluster").combine_chunks().dictionary_encode()
    found = ArmRows(
        above=ratio.numerator[code] * weigh,
        below=ratio.denominator[code] * weigh,
        weight=table.column("w").to_numpy(),
        treated=np.array([is_drawn(ad, question.key, question.share) for ad in ads], dtype=bool),
        cluster=owners.indices.to_numpy().astype(np.intp),
    )
    return Sides(rows=found, query=query)


def _query(source: str, weight: Weight, question: OutcomeQuestion) -> str:
    measure = "CAST(1 AS DOUBLE)" if weight is Weight.ADS else f"CAST({weight} AS DOUBLE)"
    inside = "".join(
        f" AND CAST({ident(name)} AS VARCHAR) = {literal(value)}"
        for name, value in question.within
    )
    return (
        f"SELECT CAST(ad_id AS VARCHAR) AS ad_id, outcome, w, {measure} AS m,"
        " COALESCE(CAST(advertiser_id AS VARCHAR), 'ad ' || CAST(ad_id AS VARCHAR)) AS cluster"
        f" FROM {source} WHERE {counts_in(weight)}{inside} ORDER BY 1"
    )
