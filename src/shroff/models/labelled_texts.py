"""The labelled ads of a workspace as texts to learn from, with what their labels stand for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from shroff.domain.labels import DesignKind
from shroff.domain.messages import Message
from shroff.domain.metrics import Weight
from shroff.errors import DesignError
from shroff.measure.brief import Brief
from shroff.measure.clustered import cluster_sql
from shroff.measure.frame import Frame
from shroff.measure.model_labels import bad_sql
from shroff.measure.recalling import Kept
from shroff.measure.score_labels import told_by
from shroff.measure.scorecard import scorecard
from shroff.models.classifier_training import LabelledTexts
from shroff.stats.dense import Ints
from shroff.stats.sampling import Strata, kind_codes
from shroff.store.engine import Engine
from shroff.store.rows import rows
from shroff.store.sql import ident

__all__ = ["DrawnTexts", "joined_texts", "read_labelled"]

_AD = ("ad_id", "ad_version")


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnTexts:
    """Labelled ads, and how their labels were drawn.

    Parameters
    ----------
    labels : LabelledTexts
        Texts, truth, weights, and whose they are.
    ads : tuple of (str, int)
        Ad and version of each.
    stratum : array of int, shape (ads,)
        Stratum of each.
    strata : Strata
        How they were drawn.
    cluster : array of int or None, shape (ads,)
        What each was drawn with.
    design : str
        The designs in one line.
    caveats : tuple of Message
        What to know of the labels.
    """

    labels: LabelledTexts
    ads: tuple[tuple[str, int], ...]
    stratum: Ints
    strata: Strata
    cluster: Ints | None
    design: str
    caveats: tuple[Message, ...]


def read_labelled(
    engine: Engine,
    brief: Brief,
    *,
    policy: str,
    columns: Sequence[str],
    kept: Kept | None = None,
) -> DrawnTexts:
    """Read the labelled ads of a period.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    brief : Brief
        Period and designs.
    policy : str
        Policy that a violation must be of, or of one below it; any when empty.
    columns : sequence of str
        Columns of ads that hold their texts.
    kept : Kept or None
        Cubes that are up to date.

    Returns
    -------
    DrawnTexts
        What people found; what an LLM found is no label.

    Raises
    ------
    DesignError
        If there is no label.
    """
    card = scorecard(engine, replace(brief, by=((),), wanted=("approve_rate",)), kept=kept)
    frame = card.frames[Weight.ADS]
    texts = ", ".join(f"a.{ident(name)} AS {ident(name)}" for name in columns)
    designs = [source.design for source in frame.sources if source.design is not None]
    batches = list(
        rows(
            engine,
            f"SELECT l.*, a.advertiser_id, {texts} FROM ("
            f"SELECT f.ad_id, f.ad_version, f.decision_id, f.stratum_code, f.w,"
            f" {bad_sql(engine, policy)} AS bad, {cluster_sql(designs)} AS cluster"
            f" FROM {frame.table} AS f WHERE f.in_period) AS l"
            " JOIN ads AS a ON a.ad_id = l.ad_id AND a.ad_version = l.ad_version"
            " ORDER BY l.decision_id, l.ad_id, l.ad_version",
        )
    )
    if not batches:
        raise DesignError(
            "no ad of the period is labelled",
            hint="choose a longer --period, or draw labels: shroff labels plan",
        )
    return _drawn(pa.Table.from_batches(batches), frame, columns=columns)


def _drawn(table: pa.Table, frame: Frame, *, columns: Sequence[str]) -> DrawnTexts:
    stratum = table.column("stratum_code").to_numpy().astype(np.intp)
    size = max(int(stratum.max(initial=0)) + 1, len(frame.strata))
    kinds = {each.code: each.kind for each in frame.strata}
    who = table.column("advertiser_id").to_pylist()
    alone = [who[at] or f"\n{at}" for at in range(len(who))]
    clustered = any(s.design is not None and s.design.cluster for s in frame.sources)
    return DrawnTexts(
        labels=LabelledTexts(
            texts=joined_texts(table, columns),
            violating=table.column("bad").to_numpy(zero_copy_only=False).astype(bool),
            weight=table.column("w").to_numpy().astype(np.float64),
            group=_codes(pa.chunked_array([pa.array(alone, pa.string())])),
        ),
        ads=tuple(zip(*(table.column(c).to_pylist() for c in _AD), strict=True)),
        stratum=stratum,
        strata=Strata(
            kind=kind_codes([kinds.get(code, DesignKind.POISSON) for code in range(size)]),
            population=np.full(size, np.nan),
            labels=np.bincount(stratum, minlength=size).astype(float),
        ),
        cluster=_codes(table.column("cluster")) if clustered else None,
        design=frame.text(),
        caveats=told_by(frame),
    )


def _codes(values: pa.ChunkedArray) -> Ints:
    coded = values.combine_chunks().dictionary_encode()
    found: Ints = coded.indices.to_numpy().astype(np.intp)
    return found


def joined_texts(ads: pa.Table | pa.RecordBatch, columns: Sequence[str]) -> list[str]:
    """Put the texts of each ad together, a line break between fields.

    Parameters
    ----------
    ads : Table or RecordBatch
        The ads.
    columns : sequence of str
        Columns that hold texts.

    Returns
    -------
    list of str
        One text an ad; empty where no column has one.
    """
    held = [ads.column(name).to_pylist() for name in columns]
    return ["\n".join(str(part) for part in parts if part) for parts in zip(*held, strict=True)]
