"""Labels read as codes: what a search over slices needs of each, in as few bytes as it takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

import numpy as np
import pyarrow as pa

from shroff.domain.labels import DesignKind
from shroff.stats.dense import Flags, Ints
from shroff.stats.lattice import CodedLabels
from shroff.stats.proportions import Floats
from shroff.stats.sampling import Strata, kind_codes
from shroff.store.engine import Engine
from shroff.store.rows import rows
from shroff.store.sql import ident, literal

__all__ = ["HeldOut", "Labels", "Source", "Split", "read_labels", "split_of"]

_BATCH = 4_096
_SEARCHED = 2 / 3
_HELD_DIGITS = ("0", "1", "2", "3", "4")
_SHORTEST_DAYS = 14
_KINDS: dict[str, tuple[pa.DataType, type[np.generic]]] = {
    "stratum": (pa.int32(), np.int32),
    "outcome": (pa.uint8(), np.uint8),
    "held": (pa.uint8(), np.uint8),
}


class HeldOut(StrEnum):
    """Which labels a search leaves for confirming what it finds.

    ``LATER`` those of the last days, about a third of all; ``HASH`` five sixteenths of the ads, or
    of the clusters they were drawn in, by a hash of their id.
    """

    LATER = "later"
    HASH = "hash"


@dataclass(frozen=True, slots=True)
class Split:
    """How labels were held out.

    Parameters
    ----------
    kind : HeldOut
        By time or by hash.
    first : date or None
        First day held out, where it is by time.
    """

    kind: HeldOut
    first: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where labels are, and how to read them.

    Parameters
    ----------
    table : str
        Table, or query in parentheses with an alias.
    outcome : str
        Column of the outcome, an integer code.
    where : str
        Which rows count.
    weight : str
        What a label stands for, as SQL: one over its chance.
    measure : str
        Its exposure, as SQL; empty where ads count one each.
    cluster : str
        What it was drawn together with, as SQL; empty for none.
    unit : str
        What is hashed to hold labels out, as SQL: ad, or cluster.
    stratum : str
        Column of the stratum's code.
    kinds : tuple of DesignKind
        How ads were drawn from each stratum.
    """

    table: str
    outcome: str
    where: str
    weight: str = "w"
    measure: str = ""
    cluster: str = ""
    unit: str = "ad_id"
    stratum: str = "stratum_code"
    kinds: tuple[DesignKind, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """Labels as codes, arrays of shape (labels,).

    Parameters
    ----------
    names : tuple of str
        Columns.
    words : tuple of tuple
        For each column, the text of each code; None where no value was logged.
    values : tuple of array of int
        For each column, the code of each label.
    stratum, outcome : array of int
        Stratum and outcome.
    w : array
        What a label stands for.
    m : array or None
        Its exposure.
    cluster : array of int or None
        What it was drawn together with.
    held : array of bool
        Whether it was left out of the search; these come last.
    kinds : tuple of DesignKind
        How ads were drawn from each stratum.
    query : str
        The query that read them.
    """

    names: tuple[str, ...]
    words: tuple[tuple[str | None, ...], ...]
    values: tuple[np.ndarray, ...]
    stratum: np.ndarray
    outcome: np.ndarray
    w: Floats
    m: Floats | None
    cluster: Ints | None
    held: Flags
    kinds: tuple[DesignKind, ...]
    query: str

    def __len__(self) -> int:
        """Count the labels."""
        return len(self.w)

    def window(self, *, held: bool) -> Labels:
        """Take the labels that were held out, or those that were not."""
        kept = len(self) - int(np.count_nonzero(self.held))  # those held out come last
        rows_ = slice(kept, None) if held else slice(0, kept)
        return replace(
            self,
            values=tuple(column[rows_] for column in self.values),
            stratum=self.stratum[rows_],
            outcome=self.outcome[rows_],
            w=self.w[rows_],
            m=None if self.m is None else self.m[rows_],
            cluster=None if self.cluster is None else self.cluster[rows_],
            held=self.held[rows_],
        )

    def within(self, terms: Sequence[tuple[int, int]]) -> Flags:
        """Tell which labels have some values, given as pairs of column and code."""
        inside: Flags = np.ones(len(self), bool)
        for column, value in terms:
            inside &= self.values[column] == value
        return inside

    def coded(self, *, counted: Flags, error: Flags) -> CodedLabels:
        """Take the labels in a denominator, told which outcomes are in it and which are errors."""
        inside = counted[self.outcome]
        rows_: slice | Ints = slice(None) if inside.all() else np.flatnonzero(inside)
        w = self.w if self.m is None else self.w * self.m
        return CodedLabels(
            values=tuple(column[rows_] for column in self.values),
            error=error[self.outcome[rows_]],
            w=w[rows_],
            cluster=None if self.cluster is None else self.cluster[rows_],
        )

    def strata(self) -> Strata:
        """Say how they were drawn."""
        size = len(self.kinds)
        return Strata(
            kind=kind_codes(self.kinds),
            population=np.full(size, np.nan),
            labels=np.bincount(self.stratum, minlength=size).astype(np.float64),
        )


def split_of(engine: Engine, source: Source, *, wanted: HeldOut) -> Split:
    """Choose which labels to hold out, by when they were decided and not by what they say.

    Parameters
    ----------
    engine : Engine
        Where the labels are.
    source : Source
        The labels.
    wanted : HeldOut
        How to hold out.

    Returns
    -------
    Split
        By hash also where there are fewer than two weeks, or nothing but one day has a third.
    """
    if wanted is HeldOut.HASH:
        return Split(HeldOut.HASH)
    days = engine.query(
        f"SELECT decision_day AS day, COUNT(*) AS n FROM {source.table} WHERE {source.where}"
        " GROUP BY decision_day ORDER BY decision_day"
    )
    known = [(day, n) for day, n in zip(*_columns(days), strict=True) if day is not None]
    if not known or (known[-1][0] - known[0][0]).days + 1 < _SHORTEST_DAYS:
        return Split(HeldOut.HASH)
    before = np.cumsum([0, *(n for _, n in known)])
    first = int(np.searchsorted(before[:-1], _SEARCHED * before[-1]))
    if not 0 < first < len(known):
        return Split(HeldOut.HASH)
    return Split(HeldOut.LATER, known[first][0])


def _columns(table: pa.Table) -> tuple[list[date | None], list[int]]:
    return table.column("day").to_pylist(), table.column("n").to_pylist()


def _held_sql(split: Split, unit: str) -> str:
    if split.first is not None:
        return f"decision_day >= {literal(split.first)}"
    digits = ", ".join(map(literal, _HELD_DIGITS))
    return f"SUBSTRING(MD5(CAST({unit} AS VARCHAR)), 1, 1) IN ({digits})"


def read_labels(engine: Engine, source: Source, *, columns: Sequence[str], split: Split) -> Labels:
    """Read labels one by one, each column as codes.

    Parameters
    ----------
    engine : Engine
        Where the labels are.
    source : Source
        The labels.
    columns : sequence of str
        Columns that make slices.
    split : Split
        Which labels are held out.

    Returns
    -------
    Labels
        The labels, a few bytes each.
    """
    chosen = [f"CAST({ident(name)} AS VARCHAR) AS c{i}" for i, name in enumerate(columns)]
    chosen += [f"{source.stratum} AS stratum", f"{source.outcome} AS outcome"]
    chosen += [f"COALESCE(CAST({source.weight} AS DOUBLE), 0) AS w"]
    chosen += [f"COALESCE(CAST({source.measure} AS DOUBLE), 0) AS m"] * bool(source.measure)
    chosen += [f"CAST({source.cluster} AS VARCHAR) AS cluster"] * bool(source.cluster)
    chosen += [f"CASE WHEN {_held_sql(split, source.unit)} THEN TRUE ELSE FALSE END AS held"]
    query = f"SELECT {', '.join(chosen)} FROM {source.table} WHERE {source.where}"
    texts = [f"c{i}" for i in range(len(columns))] + ["cluster"] * bool(source.cluster)
    coders = {name: _Coder() for name in texts}
    parts: dict[str, list[np.ndarray]] = {}
    for batch in rows(engine, query, batch=_BATCH):
        for name in batch.schema.names:
            column = batch.column(name)
            coded = coders[name].codes(column) if name in coders else _numbers(name, column)
            parts.setdefault(name, []).append(coded)
    late = np.concatenate(parts["held"]) > 0 if parts else np.zeros(0, bool)
    found = {name: _apart(parts.pop(name), late) for name in list(parts)}
    return _labels(found, coders, source=source, columns=columns, query=query)


def _apart(parts: list[np.ndarray], late: Flags) -> np.ndarray:
    """Join the batches of a column, and put what is held out behind the rest."""
    whole = np.concatenate(parts)
    parts.clear()
    found = np.empty_like(whole)
    kept = len(late) - int(np.count_nonzero(late))
    np.compress(~late, whole, out=found[:kept])
    np.compress(late, whole, out=found[kept:])
    return found


def _labels(
    found: dict[str, np.ndarray],
    coders: dict[str, _Coder],
    *,
    source: Source,
    columns: Sequence[str],
    query: str,
) -> Labels:
    none = np.zeros(0, np.uint8)

    def taken(name: str, kind: type[np.generic] | None) -> np.ndarray:
        column = found.get(name, none)
        return column if kind is None else column.astype(kind, copy=False)

    return Labels(
        names=tuple(columns),
        words=tuple(coders[f"c{i}"].words() for i in range(len(columns))),
        values=tuple(taken(f"c{i}", None) for i in range(len(columns))),
        stratum=taken("stratum", np.int32),
        outcome=taken("outcome", np.uint8),
        w=taken("w", np.float64),
        m=taken("m", np.float64) if source.measure else None,
        cluster=taken("cluster", np.intp) if source.cluster else None,
        held=taken("held", np.bool_),
        kinds=source.kinds,
        query=query,
    )


def _numbers(name: str, column: pa.Array) -> np.ndarray:
    kind, ours = _KINDS.get(name, (pa.float64(), np.float64))
    return _buffer(column.cast(kind), ours).copy()  # a batch holds far more than its rows need


def _buffer(column: pa.Array, kind: type[np.generic]) -> np.ndarray:
    """Read numbers where they are: pyarrow's own way loads pandas where that is installed."""
    first, last = column.offset, column.offset + len(column)
    numbers: np.ndarray = np.frombuffer(column.buffers()[1], dtype=kind)[first:last]
    return numbers


def _narrow(codes: np.ndarray) -> np.ndarray:
    high = int(codes.max(initial=0))
    kind = np.uint8 if high < 256 else np.uint16 if high < 65536 else np.int32
    return codes.astype(kind)


class _Coder:
    """Gives texts numbers, in the order in which they come."""

    def __init__(self) -> None:
        self._known: dict[str | None, int] = {}

    def codes(self, column: pa.Array) -> np.ndarray:
        """Give each text of a batch its number."""
        coded = column.dictionary_encode(null_encoding="encode")
        words = coded.dictionary.to_pylist()
        places = [self._known.setdefault(word, len(self._known)) for word in words]
        found: np.ndarray = _narrow(np.array(places, np.int32))[_buffer(coded.indices, np.int32)]
        return found

    def words(self) -> tuple[str | None, ...]:
        """List the texts by number."""
        return tuple(self._known)
