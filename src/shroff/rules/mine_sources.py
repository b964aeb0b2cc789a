"""Labelled ads to mine rules from: of plain files, or of a workspace's labels with their weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shroff.errors import ConfigError, DataError, DesignError
from shroff.measure.briefing import brief_of
from shroff.measure.model_compare import stand_for_models
from shroff.rules.history_labels import policies_below, policy_tree
from shroff.rules.mine_ads import LabelledAds
from shroff.rules.rule import FIELDS
from shroff.rules.text_batches import Faults, batches_of
from shroff.store.engine import Engine
from shroff.store.rows import rows
from shroff.store.settings import Settings
from shroff.store.sql import ident, literal

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["FileColumns", "Labelled", "ads_of_files", "ads_of_history"]

TEXTS = tuple(name for name in FIELDS if name != "landing_url")
_YES = frozenset(
    {"1", "1.0", "true", "yes", "y", "t", "violating", "violation", "reject", "rejected"}
)
_NO = frozenset(
    {"0", "0.0", "false", "no", "n", "f", "compliant", "ok", "approve", "approved", "none"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileColumns:
    """Which columns of files are what.

    Parameters
    ----------
    texts : tuple of str
        Columns of text, put together line by line.
    label : str
        Column of the label.
    violating : tuple of str
        Values of it that mean a violation; those in ordinary use (1, true, yes, violating) when
        empty.
    group : str
        Column of the advertiser; without one, copies of a text are taken to be one advertiser's.
    day : str
        Column of the time; empty for none.
    weight : str
        Column of the chance with which an ad was drawn, in (0, 1]; empty where all had the same.
    """

    texts: tuple[str, ...]
    label: str
    violating: tuple[str, ...] = ()
    group: str = ""
    day: str = ""
    weight: str = ""

    @property
    def all(self) -> tuple[str, ...]:
        """Name every column once."""
        named = (*self.texts, self.label, self.group, self.day, self.weight)
        return tuple(dict.fromkeys(name for name in named if name))


@dataclass(frozen=True, slots=True)
class Labelled:
    """Ads read, and what could not be read.

    Parameters
    ----------
    ads : LabelledAds
        The ads.
    skipped : int
        Rows without a text or a label.
    faults : Faults
        Lines that could not be read.
    """

    ads: LabelledAds
    skipped: int = 0
    faults: Faults = field(default_factory=Faults)


def ads_of_files(paths: Sequence[Path], columns: FileColumns) -> Labelled:
    """Read labelled ads of files.

    Parameters
    ----------
    paths : sequence of Path
        .csv, .tsv, .parquet, .jsonl or .txt files.
    columns : FileColumns
        Which columns are what.

    Returns
    -------
    Labelled
        The ads that have a text and a label.

    Raises
    ------
    ConfigError
        If a column is not there, or labels are not told apart.
    DataError
        If a file cannot be read, or holds no labelled text.
    """
    faults = Faults()
    parts = [
        _chosen(batch, columns, where=str(path))
        for path in paths
        for batch in batches_of(path, faults=faults)
        if batch.num_rows
    ]
    if not parts:
        raise DataError("there is no row to read", where=", ".join(map(str, paths)))
    table = pa.concat_tables(parts)
    text = _together([table.column(name) for name in columns.texts])
    label = [None if value is None else value.strip() for value in _texts(table, columns.label)]
    kept = [at for at, (said, told) in enumerate(zip(text, label, strict=True)) if said and told]
    if not kept:
        raise DataError("no row has both a text and a label", where=", ".join(map(str, paths)))
    truth = _truth([label[at] or "" for at in kept], columns)
    table = table.take(pa.array(kept))
    weight = _weights(table, columns.weight)
    ads = LabelledAds(
        texts=[text[at] for at in kept],
        violating=truth,
        weight=weight,
        stratum=np.zeros(len(kept), np.intp),
        group=_codes(table.column(columns.group)) if columns.group else None,
        day=_days(table.column(columns.day), columns.day) if columns.day else None,
        design="labels of files"
        + (f", weighed by 1 / {columns.weight}" if columns.weight else ""),
    )
    return Labelled(ads, len(text) - len(kept), faults)


def _chosen(batch: pa.RecordBatch, columns: FileColumns, *, where: str) -> pa.Table:
    absent = [name for name in columns.all if name not in batch.schema.names]
    if absent:
        raise ConfigError(
            f"there is no column {absent[0]!r}",
            where=where,
            hint="the file has " + ", ".join(n for n in batch.schema.names if n[:1] != "_"),
        )
    arrays = [batch.column(name).cast(pa.string()) for name in columns.all]
    return pa.table(dict(zip(columns.all, arrays, strict=True)))


def _texts(table: pa.Table, name: str) -> list[str | None]:
    found: list[str | None] = table.column(name).to_pylist()
    return found


def _together(columns: Sequence[pa.ChunkedArray]) -> list[str]:
    """Put the texts of each ad together, line by line."""
    lists = [column.to_pylist() for column in columns]
    return ["\n".join(part for part in parts if part) for parts in zip(*lists, strict=True)]


def _truth(labels: Sequence[str], columns: FileColumns) -> np.ndarray:
    known = set(labels)
    if columns.violating:
        absent = [value for value in columns.violating if value not in known]
        if absent:
            raise ConfigError(
                f"no row has the label {absent[0]!r}",
                where=columns.label,
                hint="there are " + ", ".join(sorted(known)[:10]),
            )
        return np.fromiter((label in columns.violating for label in labels), np.bool_)
    strange = sorted(value for value in known if value.lower() not in _YES | _NO)
    if strange:
        raise ConfigError(
            f"does {strange[0]!r} mean a violation?",
            where=columns.label,
            hint="name the values that do: --violating VALUE",
        )
    return np.fromiter((label.lower() in _YES for label in labels), np.bool_)


def _weights(table: pa.Table, name: str) -> np.ndarray:
    if not name:
        return np.ones(table.num_rows)
    try:
        chance = np.array([float(value or "nan") for value in _texts(table, name)])
    except ValueError as fault:
        raise ConfigError(f"not a number: {fault}", where=name) from fault
    if not ((chance > 0) & (chance <= 1)).all():
        raise ConfigError("a chance of being drawn is in (0, 1]", where=name)
    found: np.ndarray = 1 / chance
    return found


def _codes(column: pa.ChunkedArray) -> np.ndarray:
    """Give advertisers numbers; ads without one are each on their own."""
    coded = pc.fill_null(column.dictionary_encode().combine_chunks().indices, -1)
    found = np.array(coded.to_pylist(), np.intp)
    alone = np.flatnonzero(found < 0)
    found[alone] = found.max(initial=0) + 1 + np.arange(len(alone))
    return found


def _days(column: pa.ChunkedArray, name: str) -> np.ndarray:
    try:
        days = pc.cast(
            pc.call_function("utf8_slice_codeunits", [column], pc.SliceOptions(0, 10)), pa.date32()
        )
    except pa.ArrowInvalid as fault:
        raise ConfigError("not a day", where=name, hint="times begin with YYYY-MM-DD") from fault
    if days.null_count:
        raise ConfigError("some ads have no time", where=name)
    return np.array(pc.cast(days, pa.int32()).to_pylist(), np.int64)


def ads_of_history(
    engine: Engine,
    settings: Settings,
    *,
    period: str = "all",
    policy: str = "",
    action: str = "",
) -> Labelled:
    """Read the labelled ads of a workspace, each with what its label stands for.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    settings : Settings
        The workspace's.
    period : str
        Days on which ads were decided.
    policy : str
        Policy that counts, with those below it; any when empty.
    action : str
        Ads with this machine action only: ``approve`` sets leaks against approvals.

    Returns
    -------
    Labelled
        The ads.

    Raises
    ------
    DesignError
        If no ad was labelled, or none violates the policy.
    """
    brief = brief_of(settings, engine, by=(), period=period)
    frame = stand_for_models(engine, brief)
    known = engine.columns("ads")
    texts = [name for name in TEXTS if name in known]
    owner = "a.advertiser_id" if "advertiser_id" in known else "a.ad_id"
    breaks = "f.any_violating"
    tree = policy_tree(engine) if policy else []
    if policy:
        named = " OR ".join(
            f"array_contains(f.truth_policies, {literal(each)})"
            for each in policies_below(policy, tree)
        )
        breaks += f" AND COALESCE({named}, FALSE)"
    among = f"AND f.action = {literal(action)}" if action else ""
    query = f"""
SELECT {", ".join(f"a.{ident(name)}" for name in texts)},
       CASE WHEN {breaks} THEN 1 ELSE 0 END AS violating,
       CAST(f.w AS DOUBLE) AS w, CAST(f.stratum_code AS BIGINT) AS stratum,
       COALESCE(CAST({owner} AS VARCHAR), a.ad_id) AS owner,
       CAST(CAST(a.created_at AS DATE) AS VARCHAR) AS day
FROM {frame.table} AS f
JOIN ads AS a ON f.ad_id = a.ad_id AND f.ad_version = COALESCE(a.ad_version, 1)
WHERE f.in_period AND f.w > 0 {among}
ORDER BY a.ad_id, f.ad_version"""
    found = _of_batches(rows(engine, query), texts, design=frame.text())
    if policy and not found.ads.violating.any():
        policies = sorted({each for pair in tree for each in pair})
        close = get_close_matches(policy, policies, n=3)
        raise DesignError(
            f"no label of these ads says that {policy!r}, or a policy below it, is violated",
            where="--policy",
            hint=f"did you mean {' or '.join(close)}?"
            if close and policy not in policies
            else "take a longer period, or label more ads: shroff labels plan",
        )
    return found


def _of_batches(
    batches: Iterable[pa.RecordBatch], texts: Sequence[str], *, design: str
) -> Labelled:
    parts = list(batches)
    if not parts or not texts:
        raise DesignError(
            "no ad of this period has both a text and a label",
            hint="take a longer period (--period all), or label ads: shroff labels plan",
        )
    table = pa.Table.from_batches(parts)
    text = _together([table.column(name) for name in texts])
    kept = np.flatnonzero(np.fromiter((bool(one) for one in text), np.bool_))
    strata = np.array(table.column("stratum").to_pylist(), np.intp)
    ads = LabelledAds(
        texts=text,
        violating=np.array(table.column("violating").to_pylist()) > 0,
        weight=np.array(table.column("w").to_pylist(), np.float64),
        stratum=np.unique(strata, return_inverse=True)[1].astype(np.intp),
        group=_codes(table.column("owner")),
        day=_days(table.column("day"), "created_at"),
        design=design,
    )
    return Labelled(ads.taken(kept), len(text) - len(kept))
