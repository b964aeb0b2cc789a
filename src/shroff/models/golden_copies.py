"""The same ads in another order: copies of a golden set for its second and third labeller."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256

from shroff.measure.label_batch import CONTENT, Batch, DrawnAd
from shroff.store.engine import Engine
from shroff.store.golden_records import GoldenItem, GoldenSet
from shroff.store.rows import rows
from shroff.store.sql import ident, literal

__all__ = ["TEXTS", "disputed_batch", "golden_texts", "turned"]

TEXTS = ("title", "body", "ocr_text", "asr_text")
"""Columns that hold the words of an ad."""


def turned(batch: Batch) -> Batch:
    """Put the same ads into another order, for the second labeller.

    Parameters
    ----------
    batch : Batch
        The batch of the first.

    Returns
    -------
    Batch
        The ads to label, with what reviewers see of them.
    """
    order = sorted(batch.asked, key=lambda ad: _shuffled("second", ad))
    moved = tuple(replace(ad, place=place) for place, ad in enumerate(order, start=1))
    content = {new.place: batch.content[old.place] for old, new in zip(order, moved, strict=True)}
    return Batch(moved, content)


def golden_texts(
    engine: Engine, golden: GoldenSet, *, columns: Sequence[str] = TEXTS
) -> dict[tuple[str, int], dict[str, str]]:
    """Read what the ads of a golden set say.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    golden : GoldenSet
        The set.
    columns : sequence of str
        Columns of ads wanted.

    Returns
    -------
    dict
        For each ad version, its fields that are not empty.
    """
    shown = [name for name in columns if name in engine.columns("ads")]
    wanted = ", ".join(f"CAST(a.{ident(name)} AS VARCHAR) AS {ident(name)}" for name in shown)
    texts: dict[tuple[str, int], dict[str, str]] = {}
    for piece in rows(
        engine,
        f"SELECT a.ad_id, a.ad_version, {wanted} FROM ads AS a"
        " JOIN (SELECT DISTINCT ad_id, COALESCE(ad_version, 1) AS ad_version FROM reviews"
        f" WHERE design_id = {literal(golden.design_id)}) AS g"
        " ON a.ad_id = g.ad_id AND a.ad_version = g.ad_version",
    ):
        for row in piece.to_pylist():
            told = {name: str(row[name]) for name in shown if row[name] is not None}
            texts[str(row["ad_id"]), int(row["ad_version"])] = told
    return texts


def _shuffled(whose: str, ad: DrawnAd) -> str:
    return sha256(f"{whose}\0{ad.ad_id}\0{ad.ad_version}".encode()).hexdigest()


def disputed_batch(engine: Engine, golden: GoldenSet, disputed: Sequence[GoldenItem]) -> Batch:
    """Put the ads on which two labellers disagree together, for a third.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    golden : GoldenSet
        The set.
    disputed : sequence of GoldenItem
        The ads.

    Returns
    -------
    Batch
        The ads, in an order that tells nothing.
    """
    texts = golden_texts(engine, golden, columns=CONTENT)
    drawn = [
        DrawnAd(0, str(i.ad_id), i.ad_version, golden.design_id, i.stratum, i.sampling_prob)
        for i in disputed
    ]
    order = sorted(drawn, key=lambda ad: _shuffled("third", ad))
    placed = tuple(replace(ad, place=place) for place, ad in enumerate(order, start=1))
    content: Mapping[int, Mapping[str, str]] = {
        ad.place: texts.get((ad.ad_id, ad.ad_version), {}) for ad in placed
    }
    return Batch(placed, content)
