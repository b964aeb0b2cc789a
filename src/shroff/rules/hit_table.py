"""What a scan tells, as an Arrow table: a row for each rule, field and place in the original text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from shroff.rules.atom_hits import sorted_by
from shroff.rules.compiled import Compiled
from shroff.text.evasion import kinds_in
from shroff.text.kernel_cache import allocating_kernel

__all__ = ["COLUMNS", "SCHEMA", "VIEWS", "Firings", "hit_table", "told_of_rules"]

VIEWS = ("plain", "folded", "sound", "plain")
"""Names of the views of `AtomHits.view`; expressions read the plain one."""

SCHEMA = pa.schema(
    [
        ("row", pa.int64()),
        ("rule_id", pa.string()),
        ("rule_version", pa.int32()),
        ("pack", pa.string()),
        ("policy_id", pa.string()),
        ("action", pa.string()),
        ("field", pa.string()),
        ("start", pa.int32()),
        ("end", pa.int32()),
        ("matched", pa.string()),
        ("view", pa.string()),
        ("evasion", pa.list_(pa.string())),
        ("why", pa.string()),
    ]
)
"""Columns of findings. Where a rule fired because of what is missing, there is no place to point at:
`field`, `start`, `end`, `matched` and `view` are null."""

COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "row": "BIGINT",
        "rule_id": "VARCHAR",
        "rule_version": "INTEGER",
        "pack": "VARCHAR",
        "policy_id": "VARCHAR",
        "action": "VARCHAR",
        "field": "VARCHAR",
        "start": "INTEGER",
        "end": "INTEGER",
        "matched": "VARCHAR",
        "view": "VARCHAR",
        "evasion": "VARCHAR[]",
        "why": "VARCHAR",
    }
)
"""The same columns with their types, as DuckDB names types."""

Column = NDArray[np.int32]

_MENDED = "not valid UTF-8: bad bytes are read as U+FFFD"


@dataclass(frozen=True, slots=True)
class Firings:
    """Rules that fired, and where: one entry a rule and place.

    Parameters
    ----------
    row, rule, field, start, end, bits, view : arrays of int32
        As in `AtomHits`; `field` is -1 where there is no place.
    why : array of int32
        Entry of `reasons`.
    reasons : sequence of str
        Sentences.
    """

    row: Column
    rule: Column
    field: Column
    start: Column
    end: Column
    bits: Column
    view: Column
    why: Column
    reasons: Sequence[str]

    def __len__(self) -> int:
        return len(self.row)


def hit_table(
    told: Mapping[str, pa.Array],
    firings: Firings,
    *,
    names: Sequence[str],
    texts: Sequence[pa.Array],
    mended: Sequence[frozenset[int]] = (),
) -> pa.Table:
    """Tell what fired.

    Parameters
    ----------
    told : mapping of str to Array
        What is to be told of each rule; see `told_of_rules`.
    firings : Firings
        Those that fired; rows within `texts`.
    names : sequence of str
        Fields, in the order of their numbers.
    texts : sequence of Array
        Texts of each field, of type ``string``.
    mended : sequence of frozenset of int
        For each field, the rows that were not valid UTF-8; their findings say so.

    Returns
    -------
    Table
        Of `SCHEMA`, ordered by row, rule, field and place.
    """
    order, again = _ordered(firings, len(told["rule_id"]), len(names))
    if again.any():
        order = order[~again]
    placed = firings.field[order] >= 0
    rule = pa.array(firings.rule[order])
    start, end = firings.start[order], firings.end[order]
    columns = {
        "row": pa.array(firings.row[order].astype(np.int64)),
        **{name: values.take(rule) for name, values in told.items()},
        "field": _named(names, firings.field[order]),
        "start": pa.array(start, mask=~placed),
        "end": pa.array(end, mask=~placed),
        "matched": _matched(firings, order, texts=texts),
        "view": _named(VIEWS, np.where(placed, firings.view[order], -1)),
        "evasion": _evasions(firings.bits[order]),
        "why": _why(firings, order, mended=mended),
    }
    return pa.table([columns[name] for name in SCHEMA.names], schema=SCHEMA)


def _ordered(
    firings: Firings, rules: int, fields: int
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Order firings by row, rule, field and place; say which point where the one before does."""
    group = (
        (firings.row.astype(np.int64) * rules + firings.rule) * (fields + 1) + firings.field + 1
    )
    order = sorted_by(group, firings.start, firings.end, firings.view)
    again = np.zeros(len(order), np.bool_)
    if len(order):
        keys = (group, firings.start, firings.end)
        again[1:] = np.logical_and.reduce([np.diff(key[order]) == 0 for key in keys])
    return order, again


def told_of_rules(compiled: Compiled) -> dict[str, pa.Array]:
    """List what findings tell of the rules, once for all batches.

    Parameters
    ----------
    compiled : Compiled
        The rules.

    Returns
    -------
    dict of str to Array
        Columns of `SCHEMA`, an entry a rule.
    """
    rules = compiled.rules
    return {
        "rule_id": pa.array([rule.id for rule in rules], pa.string()),
        "rule_version": pa.array([rule.version for rule in rules], pa.int32()),
        "pack": pa.array([rule.pack for rule in rules], pa.string()),
        "policy_id": pa.array([rule.policy for rule in rules], pa.string()),
        "action": pa.array([rule.action for rule in rules], pa.string()),
    }


def _why(
    firings: Firings, order: NDArray[np.int64], *, mended: Sequence[frozenset[int]]
) -> pa.Array:
    told = pa.array(firings.reasons, pa.string()).take(pa.array(firings.why[order]))
    if not any(mended):
        return told
    at = zip(firings.row[order].tolist(), firings.field[order].tolist(), strict=True)
    bad = [field >= 0 and row in mended[field] for row, field in at]
    said = zip(told.to_pylist(), bad, strict=True)
    return pa.array([f"{why}; {_MENDED}" if was else why for why, was in said], pa.string())


def _named(names: Sequence[str], numbers: NDArray[np.int32]) -> pa.Array:
    return pa.array(list(names), pa.string()).take(pa.array(numbers, mask=numbers < 0))


def _evasions(bits: NDArray[np.int32]) -> pa.Array:
    disguised = np.flatnonzero(bits)  # few are
    distinct, which = np.unique(bits[disguised], return_inverse=True)
    kinds = [[], *([kind.id for kind in kinds_in(int(one))] for one in distinct)]
    every = np.zeros(len(bits), np.int32)
    every[disguised] = which + 1
    return pa.array(kinds, SCHEMA.field("evasion").type).take(pa.array(every))


def _matched(firings: Firings, order: NDArray[np.int64], *, texts: Sequence[pa.Array]) -> pa.Array:
    """Cut what was matched out of the texts, field by field."""
    parts: list[pa.Array] = []
    where = np.zeros(len(order), np.int64)
    count = 0
    for number in range(-1, len(texts)):
        mine = np.flatnonzero(firings.field[order] == number)
        if not len(mine):
            continue
        which = order[mine]
        if number < 0:
            parts.append(pa.nulls(len(mine), pa.string()))
        else:
            parts.append(
                cut(
                    texts[number],
                    firings.row[which],
                    start=firings.start[which],
                    end=firings.end[which],
                )
            )
        where[mine] = np.arange(count, count + len(mine))
        count += len(mine)
    if len(parts) <= 1:
        return parts[0] if parts else pa.array([], pa.string())
    return pa.concat_arrays(parts).take(pa.array(where))


def cut(texts: pa.Array, rows: Column, *, start: Column, end: Column) -> pa.Array:
    """Cut stretches out of texts.

    Parameters
    ----------
    texts : Array
        Of type ``string``.
    rows, start, end : arrays of int32
        Which text, and which of its code points, end exclusive.

    Returns
    -------
    Array
        Of type ``string``.
    """
    if not len(rows):
        return pa.array([], pa.string())
    _, offsets, data = texts.buffers()
    bounds = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    content = np.frombuffer(data, np.uint8) if data is not None else np.zeros(1, np.uint8)
    pieces, ends = _cut(content, bounds, rows, start, end)
    return pa.StringArray.from_buffers(len(rows), pa.py_buffer(ends), pa.py_buffer(pieces))


@allocating_kernel
def _cut(
    content: NDArray[np.uint8], bounds: Column, rows: Column, start: Column, end: Column
) -> tuple[NDArray[np.uint8], Column]:
    pieces = np.empty(4 * (end - start).sum(), np.uint8)
    ends = np.zeros(len(rows) + 1, np.int32)
    size = 0
    row, at, place = -1, 0, 0
    for nth in range(len(rows)):
        if rows[nth] != row or start[nth] < place:
            row = rows[nth]
            at, place = bounds[row], 0
        while place < start[nth]:
            at += 1
            while at < bounds[row + 1] and content[at] & 0xC0 == 0x80:
                at += 1
            place += 1
        further = at
        for _ in range(end[nth] - start[nth]):
            pieces[size] = content[further]
            size += 1
            further += 1
            while further < bounds[row + 1] and content[further] & 0xC0 == 0x80:
                pieces[size] = content[further]
                size += 1
                further += 1
        ends[nth + 1] = size
    return pieces[:size], ends
