"""Rules over files, streams and the ads of a workspace: hits, one row a rule, field and span."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from shroff.errors import DataError
from shroff.rules.ad_scan import KEYS, ads_sql
from shroff.rules.compile import Compiled
from shroff.rules.hit_table import COLUMNS
from shroff.rules.masking import masked
from shroff.rules.match import Scanner
from shroff.rules.rule import FIELDS, Pack
from shroff.rules.rule_detector import RuleDetector
from shroff.rules.text_batches import LINE
from shroff.store.arrow_types import arrow_schema
from shroff.store.engine import Engine

__all__ = ["HITS", "Columns", "scan_ads", "scan_batches", "with_masks"]

HITS = arrow_schema({**KEYS, **{name: kind for name, kind in COLUMNS.items() if name != "row"}})
"""Columns of hits; of a file, ``ad_id`` is its column of that name, or else the row, from 1."""

_MOST_NAMES = 20


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns of a file are texts.

    Parameters
    ----------
    fields : mapping
        Field of rules by column of the file that is read as it.
    bare : tuple of str
        Columns that are read by themselves, by every rule whatever its fields, markets and
        languages.
    """

    fields: Mapping[str, str] = field(default_factory=dict[str, str])
    bare: tuple[str, ...] = ()

    @staticmethod
    def of(told: Sequence[str]) -> Columns:
        """Read what a user names.

        Parameters
        ----------
        told : sequence of str
            ``COLUMN`` or ``COLUMN=FIELD``; a column that is named like a field is read as it.

        Returns
        -------
        Columns
            What is named; what a file has by the names of fields where nothing is.
        """
        parts = [each.partition("=") for each in told]
        pairs = {name: wanted for name, _, wanted in parts}
        fields = {
            name: wanted or name for name, wanted in pairs.items() if wanted or name in FIELDS
        }
        return Columns(fields, tuple(name for name in pairs if name not in fields))

    def found_in(self, names: Sequence[str], *, where: str) -> Columns:
        """Find them among the columns of a file.

        Parameters
        ----------
        names : sequence of str
            Its columns.
        where : str
            The file.

        Returns
        -------
        Columns
            Those that are read; where none was named, the fields of rules that are there, or else
            the column ``text``.

        Raises
        ------
        DataError
            If one is not there, two are read as one field, or none holds a text.
        """
        if not self.fields and not self.bare:
            known = {name: name for name in FIELDS if name in names}
            if known or "text" in names:
                return Columns(known) if known else Columns({}, ("text",))
            raise DataError(
                "no column is named like a field of rules", where=where, hint=_listed(names)
            )
        missing = [name for name in (*self.fields, *self.bare) if name not in names]
        if missing:
            raise DataError(f"there is no column {missing[0]!r}", where=where, hint=_listed(names))
        twice = [name for name, count in Counter(self.fields.values()).items() if count > 1]
        if twice:
            raise DataError(f"two columns are read as {twice[0]}", where=where)
        return self


def _listed(names: Sequence[str]) -> str:
    listed = ", ".join(name for name in list(names)[:_MOST_NAMES] if name != LINE)
    return f"name one with --column; there are: {listed}"


def scan_batches(
    compiled: Compiled, batches: Iterable[pa.RecordBatch], *, columns: Columns, where: str
) -> Iterator[pa.Table]:
    """Scan rows of a file or stream.

    Parameters
    ----------
    compiled : Compiled
        The rules.
    batches : iterable of RecordBatch
        Rows, with ``_line``.
    columns : Columns
        Which columns are texts.
    where : str
        Where the rows come from.

    Yields
    ------
    Table
        `HITS` of each batch, the fields named like the columns of the file; ``ad_id`` is the
        file's or the number of the row.

    Raises
    ------
    DataError
        If the columns named are not there.
    """
    scanner = Scanner(compiled)
    for batch in batches:
        texts = columns.found_in(batch.schema.names, where=where)
        for found, own in _scanned(scanner, batch, texts):
            key = "ad_id" if "ad_id" in batch.schema.names else LINE
            ids = batch.column(key).cast(pa.string()).take(found.column("row").combine_chunks())
            yield _hits(found, ids=ids, own=own)


def _scanned(
    scanner: Scanner, batch: pa.RecordBatch, texts: Columns
) -> Iterator[tuple[pa.Table, dict[str, str]]]:
    """Scan the fields together and the other columns one by one; tell what each is in the file."""
    if texts.fields:
        own = {field_: column for column, field_ in texts.fields.items()}
        yield scanner.scan(_read_as(batch, texts.fields)).combine_chunks(), own
    for name in texts.bare:
        yield scanner.texts(_texts(batch.column(name))).combine_chunks(), {"text": name}


def _read_as(batch: pa.RecordBatch, fields: Mapping[str, str]) -> dict[str, pa.Array]:
    """Give the columns the names that rules know; fields that were not asked for are empty."""
    rest = {
        name: batch.column(name)
        for name in batch.schema.names
        if name not in fields and name not in FIELDS and name != LINE
    }
    nothing = dict.fromkeys(FIELDS, pa.nulls(batch.num_rows, pa.string()))
    own = {wanted: _texts(batch.column(name)) for name, wanted in fields.items()}
    return {**rest, **nothing, **own}


def _texts(column: pa.Array) -> pa.Array:
    kind = column.type
    tests = (pa.types.is_string, pa.types.is_large_string, pa.types.is_binary)
    return column if any(test(kind) for test in tests) else column.cast(pa.string())


def _hits(found: pa.Table, *, ids: pa.Array, own: Mapping[str, str]) -> pa.Table:
    names = found.column("field").to_pylist()
    given = {
        "ad_id": ids,
        "ad_version": pa.nulls(found.num_rows, pa.int64()),
        "field": pa.array([own.get(name, name) for name in names], pa.string()),
    }
    arrays = [given[name] if name in given else found.column(name) for name in HITS.names]
    return pa.table(arrays, names=HITS.names).cast(HITS)


def scan_ads(
    engine: Engine, packs: Sequence[Pack], compiled: Compiled, *, source: str = "ads"
) -> Iterator[pa.Table]:
    """Scan ads of a workspace, in the workers of its engine where it has some.

    Parameters
    ----------
    engine : Engine
        Where the ads are.
    packs : sequence of Pack
        The rules.
    compiled : Compiled
        The same, compiled.
    source : str
        Table, or query in parentheses with an alias, that has the columns of ``ads``.

    Yields
    ------
    Table
        `HITS`.
    """
    rules = [rule for pack in packs for rule in pack.rules]
    detector = RuleDetector(compiled, KEYS)
    for batch in engine.detect(ads_sql(engine, rules, source=source), detector):
        if batch.num_rows:
            yield pa.Table.from_batches([batch]).select(HITS.names).cast(HITS)


def with_masks(hits: pa.Table) -> pa.Table:
    """Mask contact details in what matched; places stay true."""
    matched = pa.array([masked(text or "") for text in hits.column("matched").to_pylist()])
    place = hits.schema.get_field_index("matched")
    return hits.set_column(place, "matched", matched)
