"""Rules over the ads of an engine: which columns to read, and detectors that keep the ads' keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa

from shroff.rules.clauses import Condition, InFields, columns, walk
from shroff.rules.compile import Compiled
from shroff.rules.match import Scanner
from shroff.rules.rule import Rule
from shroff.store.arrow_types import arrow_schema
from shroff.store.engine import Engine
from shroff.store.sql import ident

__all__ = [
    "FLAGS",
    "SPOTS",
    "FlagDetector",
    "SpotDetector",
    "ads_sql",
    "columns_read",
    "texts_read",
]

_ALWAYS = ("market", "language")

KEYS: dict[str, str] = {"ad_id": "VARCHAR", "ad_version": "BIGINT"}
"""Columns that name an ad, with their types as DuckDB names types."""

FLAGS: dict[str, str] = {**KEYS, "rule": "BIGINT"}
"""Columns of what `FlagDetector` finds: the ad, and the place of the rule."""

SPOTS: dict[str, str] = {
    **KEYS,
    "rule": "VARCHAR",
    "field": "VARCHAR",
    "start": "BIGINT",
    "end": "BIGINT",
    "view": "VARCHAR",
    "evasion": "VARCHAR",
}
"""Columns of what `SpotDetector` finds: the ad, the rule, where, and by which disguises, with plus
signs between."""


def texts_read(rules: Iterable[Rule]) -> tuple[str, ...]:
    """Name the texts that rules read, each once."""
    found: dict[str, None] = {}
    for rule in rules:
        found.update(dict.fromkeys(rule.fields))
        inside = (part for each in _conditions(rule) for part in walk(each))
        for part in inside:
            if isinstance(part, InFields):
                found.update(dict.fromkeys(part.fields))
    return tuple(found)


def columns_read(rules: Iterable[Rule]) -> tuple[str, ...]:
    """Name the columns of ads that rules test beside texts; market and language always."""
    tested = (
        column.name for rule in rules for each in _conditions(rule) for column in columns(each)
    )
    return tuple(dict.fromkeys((*_ALWAYS, *tested)))


def _conditions(rule: Rule) -> Iterator[Condition]:
    yield rule.match
    if rule.unless is not None:
        yield rule.unless.part


def ads_sql(engine: Engine, rules: Iterable[Rule], *, source: str = "ads") -> str:
    """Write the query for the ads that rules are to read, and of them no column too many.

    Parameters
    ----------
    engine : Engine
        Where the ads are.
    rules : iterable of Rule
        The rules.
    source : str
        Table, or query in parentheses with an alias, that has the columns of ``ads``.

    Returns
    -------
    str
        A SELECT with ``ad_id``, ``ad_version`` and what is there of the columns that rules read.
    """
    known, rules = engine.columns("ads"), list(rules)
    read = dict.fromkeys((*texts_read(rules), *columns_read(rules)))
    wanted = [name for name in read if name in known and name not in KEYS]
    listed = "".join(f", {ident(name)}" for name in wanted)
    return f"SELECT ad_id, COALESCE(ad_version, 1) AS ad_version{listed} FROM {source}"


_SCANNER = "_scanner"


@dataclass(frozen=True)
class _Detector:
    """Reads ads with rules, and names each ad by its key."""

    compiled: Compiled
    id: str = "rules"
    version: str = "1"

    @property
    def kind(self) -> str:
        """Say what it is."""
        return "rule"

    @property
    def deterministic(self) -> bool:
        """Say that the same ads give the same hits."""
        return True

    @property
    def scanner(self) -> Scanner:
        """Scan; made once in a process."""
        if _SCANNER not in self.__dict__:
            self.set_up()
        made: Scanner = self.__dict__[_SCANNER]
        return made

    def set_up(self) -> None:
        """Make the scanner."""
        self.__dict__[_SCANNER] = Scanner(self.compiled)

    def __getstate__(self) -> dict[str, object]:
        """Leave the scanner behind."""
        return {name: value for name, value in self.__dict__.items() if name != _SCANNER}


class FlagDetector(_Detector):
    """Tells which rules fire on which ads, and nothing more."""

    @property
    def columns(self) -> Mapping[str, str]:
        """Name what it tells of each hit."""
        return FLAGS

    def run(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Read a batch of ads.

        Parameters
        ----------
        batch : RecordBatch
            Ads with their keys.

        Returns
        -------
        RecordBatch
            One row for each ad and rule.
        """
        row, rule = self.scanner.flags(batch)
        rows = pa.array(row, pa.int64())
        keys = [batch.column(name).take(rows) for name in KEYS]
        return _batch([*keys, pa.array(rule, pa.int64())], FLAGS)


class SpotDetector(_Detector):
    """Tells where in which ads rules fire."""

    @property
    def columns(self) -> Mapping[str, str]:
        """Name what it tells of each hit."""
        return SPOTS

    def run(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Read a batch of ads.

        Parameters
        ----------
        batch : RecordBatch
            Ads with their keys.

        Returns
        -------
        RecordBatch
            One row for each rule, field and span.
        """
        found = self.scanner.scan(batch).combine_chunks()
        rows = found.column("row").combine_chunks()
        kinds = ["+".join(each or ()) for each in found.column("evasion").to_pylist()]
        told = ("rule_id", "field", "start", "end", "view")
        keys = [batch.column(name).take(rows) for name in KEYS]
        return _batch(
            [*keys, *(found.column(name) for name in told), pa.array(kinds, pa.string())], SPOTS
        )


def _batch(values: list[pa.Array | pa.ChunkedArray], kinds: dict[str, str]) -> pa.RecordBatch:
    schema = arrow_schema(kinds)
    arrays = [
        (each.combine_chunks() if isinstance(each, pa.ChunkedArray) else each).cast(field_.type)
        for each, field_ in zip(values, schema, strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
