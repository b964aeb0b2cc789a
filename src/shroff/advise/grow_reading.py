"""What is known of slices that could be automated: ads, labels, what people decided, work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from shroff.advise.line_labels import drawn_at_random, with_policy
from shroff.domain.metrics import Weight
from shroff.errors import DesignError
from shroff.measure.frame import ACTIONS
from shroff.measure.ground import ROWS
from shroff.measure.score_labels import strata_of
from shroff.measure.score_queries import Chosen, families_of, labels_query, place_sql, volume_query
from shroff.measure.scorecard import Scorecard
from shroff.rules.review_work import review_work
from shroff.stats.dense import Flags, Ints
from shroff.stats.estimate import Estimate
from shroff.stats.proportions import Floats
from shroff.stats.sampling import Strata
from shroff.store.engine import Engine
from shroff.store.sql import ident

__all__ = ["GrowRows", "Growing", "read_growing"]

_RULES = "rule"


@dataclass(frozen=True, slots=True, kw_only=True)
class GrowRows:
    """Ads or labels with what they are sliced by.

    Parameters
    ----------
    cell : array of int, shape (k,)
        Which combination of values, see `Growing.cells`.
    action : array of int, shape (k,)
        Today's action, as in `shroff.measure.frame.ACTIONS`.
    place : array of int, shape (k,)
        Place of the score.
    n : array of shape (k,)
        Ads or labels.
    """

    cell: Ints
    action: Ints
    place: Ints
    n: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Growing:
    """What was read.

    Parameters
    ----------
    by : tuple of str
        Columns.
    cells : tuple of tuple of str
        Combinations of their values.
    ads, labels, decided : GrowRows
        Ads that the score decides; labelled ones; those that people decided in queues.
    violating : array of bool
        Truth of the labels.
    found : array of shape (k,)
        Of those that people decided, the ones found violating.
    w, w2 : array
        Sum of weights and of squared weights of the labels.
    stratum : array of int
        Stratum of the labels.
    cluster : array of int or None
        What labels were drawn with.
    strata : Strata
        How labels were drawn.
    minutes : Estimate
        Minutes of work that a review takes.
    by_rules : int
        Ads that rules decided, left out.
    queries : tuple of str
        What was asked.
    """

    by: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    ads: GrowRows
    labels: GrowRows
    decided: GrowRows
    violating: Flags
    found: Floats
    w: Floats
    w2: Floats
    stratum: Ints
    cluster: Ints | None
    strata: Strata
    minutes: Estimate
    by_rules: int
    queries: tuple[str, ...]


def read_growing(engine: Engine, card: Scorecard, *, by: Sequence[str], chosen: Chosen) -> Growing:
    """Read it.

    Parameters
    ----------
    engine : Engine
        Where the logs and the scorecard's session tables, by rows, are.
    card : Scorecard
        The scorecard.
    by : sequence of str
        Columns to slice by.
    chosen : Chosen
        One score.

    Returns
    -------
    Growing
        Ads that rules decided, and those without a value in a column, are left out.

    Raises
    ------
    DesignError
        If no label was drawn at random, or none is of an ad that the score decides.
    """
    frame = drawn_at_random(card.frames[Weight.ADS])
    inside = (*by, *(("source",) if "source" not in by else ()))
    labels = labels_query(
        replace(frame, table=with_policy(frame.table, by)), by=inside, chosen=chosen, families=families_of(engine),
        extra={"today": "f.action", "weight": "f.w"},
    )  # fmt: skip
    population = with_policy("population", by)
    volume = volume_query(
        inside, chosen, ground=ROWS, period=card.brief.period, population=population
    )
    people = _people_query(by, chosen)
    told, ads, decided = engine.query(labels), engine.query(volume), engine.query(people)
    known: dict[tuple[str, ...], int] = {}
    rows, _ = _rows(told, by, known, action="today")
    kept, ruled = _rows(ads, by, known, action="action")
    seen, _ = _rows(decided, by, known, action="")
    if not len(rows[0].cell):
        raise DesignError(
            "no ad that the score decides is labelled", hint="choose another --model or --period"
        )
    mine = told.take(pa.array(rows[1]))
    return Growing(
        by=tuple(by),
        cells=tuple(known),
        ads=kept[0],
        labels=rows[0],
        decided=seen[0],
        violating=mine.column("violating").to_numpy() > 0,
        found=_floats(decided.take(pa.array(seen[1])), "found"),
        w=_floats(mine, "w"),
        w2=_floats(mine, "w2"),
        stratum=mine.column("stratum_code").to_numpy().astype(np.intp),
        cluster=_clusters(mine),
        strata=strata_of(engine, frame),
        minutes=review_work(engine, level=card.brief.level).minutes,
        by_rules=ruled,
        queries=(labels, volume, people),
    )


def _clusters(table: pa.Table) -> Ints | None:
    if "cluster" not in table.column_names:
        return None
    coded = table.column("cluster").combine_chunks().dictionary_encode()
    found: Ints = coded.indices.to_numpy().astype(np.intp)
    return found


def _floats(table: pa.Table, name: str) -> Floats:
    found: Floats = table.column(name).to_numpy().astype(np.float64)
    return found


def _rows(
    table: pa.Table, by: Sequence[str], known: dict[tuple[str, ...], int], *, action: str
) -> tuple[tuple[GrowRows, Ints], int]:
    """Place rows among the combinations; rows of rules and without a value are left out."""
    columns = [table.column("_" + name).to_pylist() for name in by]
    ruled = np.zeros(table.num_rows, dtype=bool)
    if "_source" in table.column_names and "source" not in by:
        ruled = np.array([each == _RULES for each in table.column("_source").to_pylist()], bool)
    values = list(zip(*columns, strict=True)) if columns else [()] * table.num_rows
    place = table.column("place").to_numpy().astype(np.intp)
    count = _floats(table, "n")
    named = np.array([None not in each for each in values], dtype=bool)
    index = np.flatnonzero(~ruled & named & (place >= 0)).astype(np.intp)
    cell = [known.setdefault(values[row], len(known)) for row in index]
    codes = {name: code for code, name in enumerate(ACTIONS)}
    done = table.column(action).to_pylist() if action else ["review"] * table.num_rows
    rows = GrowRows(
        cell=np.array(cell, dtype=np.intp),
        action=np.array([codes.get(done[row], 3) for row in index], dtype=np.intp),
        place=place[index],
        n=count[index],
    )
    return (rows, index), int(count[ruled].sum())


def _people_query(by: Sequence[str], chosen: Chosen) -> str:
    """Write the query for what people decided on ads that the score sent to them."""
    names = "".join(f", CAST(p.{ident(name)} AS VARCHAR) AS {ident('_' + name)}" for name in by)
    groups = "".join(f", CAST(p.{ident(name)} AS VARCHAR)" for name in by)
    order = ", ".join(str(place) for place in range(1, len(by) + 2))
    return f"""
SELECT {place_sql("s.score")} AS place{names}, COUNT(*) AS n,
       SUM(CASE WHEN p.queue_verdict = 'violating' THEN 1 ELSE 0 END) AS found
FROM {with_policy("population", by)} AS p
JOIN scores AS s ON p.ad_id = s.ad_id AND p.ad_version = s.ad_version
WHERE p.in_period AND p.action = 'review' AND p.queue_verdict IS NOT NULL
  AND p.source <> '{_RULES}' AND {chosen.sql("s")}
GROUP BY {place_sql("s.score")}{groups}
ORDER BY {order}
"""
