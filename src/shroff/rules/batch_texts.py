"""The texts and columns of a batch, whatever Arrow types they come in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import pyarrow as pa

from shroff.errors import DataError, RuleError
from shroff.rules.compiled import Compiled, CompiledRule
from shroff.rules.condition_code import fields_of, walk_code
from shroff.rules.rule import FIELDS

__all__ = ["Batch", "BatchLike", "batch_of", "batch_of_texts", "slices"]

BatchLike: TypeAlias = "pa.RecordBatch | pa.Table | Mapping[str, pa.Array | pa.ChunkedArray]"

MOST_BYTES = 4 << 20
"""Bytes of text that are scanned together: their views then stay in the processor's cache."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Ads to be scanned.

    Parameters
    ----------
    names : tuple of str
        Fields.
    texts : tuple of Array
        Texts of each field, of type ``string``, all of one length.
    columns : mapping of str to Array
        Other columns that rules ask for.
    mended : tuple of frozenset of int
        For each field, the rows that were not valid UTF-8.
    """

    names: tuple[str, ...]
    texts: tuple[pa.Array, ...]
    columns: Mapping[str, pa.Array]
    mended: tuple[frozenset[int], ...]

    @property
    def rows(self) -> int:
        """How many ads."""
        return len(self.texts[0]) if self.texts else 0


def batch_of(given: BatchLike, compiled: Compiled) -> Batch:
    """Take what rules read out of a batch.

    Parameters
    ----------
    given : RecordBatch, Table or mapping of str to Array
        Ads, a column a field; what no rule asks for is left alone.
    compiled : Compiled
        The rules.

    Returns
    -------
    Batch
        Fields and columns.

    Raises
    ------
    RuleError
        If a rule reads fields, or a column, none of which is there.
    DataError
        If a field does not hold text, or the columns are not of one length.
    """
    there = _columns(given)
    wanted = dict.fromkeys(FIELDS)
    for rule in compiled.rules:
        wanted |= dict.fromkeys(_fields(rule, there))
    names = tuple(name for name in wanted if name in there)
    asked = {name for rule in compiled.rules for name in _asked(rule, there)}
    texts = [_texts(there[name], name) for name in names]
    columns = {name: _whole(there[name]) for name in sorted(asked) if name in there}
    if len({len(values) for values, _ in texts} | {len(v) for v in columns.values()}) > 1:
        raise DataError("the columns of the batch are not of one length")
    return Batch(
        names, tuple(text for text, _ in texts), columns, tuple(mended for _, mended in texts)
    )


def batch_of_texts(texts: pa.Array | pa.ChunkedArray | Sequence[str | None]) -> Batch:
    """Take texts by themselves: a field ``text`` that every rule reads.

    Parameters
    ----------
    texts : Array or sequence of str
        The texts.

    Returns
    -------
    Batch
        One field, no columns.
    """
    if not isinstance(texts, pa.Array | pa.ChunkedArray):
        texts = pa.array(texts, pa.string())
    values, mended = _texts(texts, "text")
    return Batch(("text",), (values,), {}, (mended,))


def slices(batch: Batch) -> Iterator[tuple[int, Batch]]:
    """Cut a batch into parts that fit the processor's cache.

    Parameters
    ----------
    batch : Batch
        Any.

    Yields
    ------
    tuple of (int, Batch)
        First row, and the part. A text longer than `MOST_BYTES` is a part by itself.
    """
    rows = batch.rows
    heavy = sum(text.nbytes for text in batch.texts)
    step = max(1, min(rows, int(rows * MOST_BYTES / max(heavy, 1))))
    for start in range(0, rows, step):
        count = min(step, rows - start)
        yield (
            start,
            Batch(
                batch.names,
                tuple(text.slice(start, count) for text in batch.texts),
                {name: column.slice(start, count) for name, column in batch.columns.items()},
                tuple(
                    frozenset(row - start for row in mended if start <= row < start + count)
                    for mended in batch.mended
                ),
            ),
        )


def _columns(given: BatchLike) -> dict[str, Any]:
    if isinstance(given, Mapping):
        return dict(given)
    return {name: given.column(name) for name in given.schema.names}


def _fields(rule: CompiledRule, there: Mapping[str, Any]) -> list[str]:
    """Give the fields that a rule reads, if it can be asked at all."""
    named = list(fields_of(rule.match))
    if rule.unless is not None:
        named += fields_of(rule.unless)
    # the usual fields may be missing one by one: few logs have all of them
    strange = [name for name in (*rule.fields, *named) if name not in FIELDS and name not in there]
    if strange or not any(name in there for name in (*rule.fields, *named)):
        missing = ", ".join(strange or rule.fields)
        raise RuleError(
            f"rule {rule.id} reads {missing}, which the ads do not have",
            where=rule.where,
            hint=f"the columns are {', '.join(there) or 'none'}",
        )
    return [*rule.fields, *named]


def _asked(rule: CompiledRule, there: Mapping[str, Any]) -> Iterator[str]:
    """Give the columns that a rule asks for."""
    codes = [rule.match, *([rule.unless] if rule.unless is not None else [])]
    for code in codes:
        for node in walk_code(code):
            if node[0] != "column":
                continue
            if node[1] not in there and node[4] is None:
                raise RuleError(
                    f"rule {rule.id} asks for the column {node[1]}, which the ads do not have",
                    where=rule.where,
                    hint="say in the rule what counts where it is missing (missing: yes or no)",
                )
            yield node[1]
    if rule.markets:
        yield "market"
    if rule.languages:
        yield "language"


def _whole(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _texts(column: pa.Array | pa.ChunkedArray, name: str) -> tuple[pa.Array, frozenset[int]]:
    """Give a column as valid UTF-8, and the rows where that took mending."""
    values = _whole(column)
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    kind = values.type
    if pa.types.is_string(kind) or pa.types.is_null(kind):
        return values.cast(pa.string()), frozenset()
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return values.cast(pa.string()), frozenset()
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return _mended(values)
    raise DataError(f"the field {name} holds {kind}, not text")


def _mended(values: pa.Array) -> tuple[pa.Array, frozenset[int]]:
    """Read bytes as UTF-8; each bad stretch becomes one U+FFFD, as in Python."""
    try:
        return values.cast(pa.string()), frozenset()
    except pa.ArrowInvalid:
        given = [
            None if one is None else one.decode(errors="replace") for one in values.to_pylist()
        ]
    texts = pa.array(given, pa.string())
    bad = [
        row
        for row, (text, one) in enumerate(zip(given, values.to_pylist(), strict=True))
        if text is not None and text.encode() != one
    ]
    return texts, frozenset(bad)
