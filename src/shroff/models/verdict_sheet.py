"""What a person who labels sees of the ads of a batch, and which of them have a label in the logs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from shroff.measure.label_batch import CONTENT, Batch, DrawnAd
from shroff.measure.label_plan_strata import PREFIX
from shroff.store.catalog_batches import BatchRecord
from shroff.store.engine import Engine
from shroff.store.rows import rows_table
from shroff.store.sql import ident, literal, literals

__all__ = ["Sheet", "batch_of_sheet", "read_sheet"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The ads of a batch as people see them.

    Parameters
    ----------
    content : mapping
        What is seen of each ad, by its place; nothing of what the machine made of it.
    labelled : frozenset of int
        Places whose label the logs hold already.
    """

    content: Mapping[int, Mapping[str, str]] = field(default_factory=dict[int, Mapping[str, str]])
    labelled: frozenset[int] = frozenset()


def read_sheet(engine: Engine, batch: BatchRecord) -> Sheet:
    """Read what people see of a batch.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    batch : BatchRecord
        The batch.

    Returns
    -------
    Sheet
        Its ads; of advertisers who were forgotten none.
    """
    asked = {
        (row.ad_id, row.ad_version): row.place
        for row in batch.rows
        if row.place and row.ad_id is not None
    }
    if not asked:
        return Sheet()
    shown = [name for name in CONTENT if name in engine.columns("ads")]
    columns = "".join(f", CAST({ident(name)} AS VARCHAR) AS {ident(name)}" for name in shown)
    found = rows_table(
        engine,
        f"SELECT ad_id, ad_version{columns} FROM ads WHERE ad_id IN"
        f" ({literals(ad for ad, _ in asked)}) ORDER BY ad_id, ad_version",
    )
    content = {
        asked[key]: {name: str(row[name]) for name in shown if row[name] is not None}
        for row in found.to_pylist()
        if (key := (str(row["ad_id"]), int(row["ad_version"]))) in asked
    }
    start = f"{PREFIX}{batch.id}/"
    done = engine.query(
        "SELECT review_id FROM reviews WHERE verdict IS NOT NULL"
        f" AND review_id LIKE {literal(start + '%')} ORDER BY review_id"
    ).column("review_id")
    places = (str(each).removeprefix(start) for each in done.to_pylist())
    return Sheet(content=content, labelled=frozenset(int(p) for p in places if p.isdigit()))


def batch_of_sheet(batch: BatchRecord, sheet: Sheet) -> Batch:
    """Put a batch together again, with what is seen of its ads.

    Parameters
    ----------
    batch : BatchRecord
        The batch as it was drawn.
    sheet : Sheet
        What is seen of it.

    Returns
    -------
    Batch
        The ads to label; forgotten ones are left out.
    """
    drawn = tuple(
        DrawnAd(
            row.place, row.ad_id, row.ad_version, row.design_id, row.stratum, row.sampling_prob
        )
        for row in batch.rows
        if row.place and row.ad_id is not None
    )
    content = {ad.place: sheet.content.get(ad.place, {}) for ad in drawn}
    return Batch(drawn, content, name=batch.id)
