"""An engine that notes what it was asked, where in the sources, and what it answered."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa
from tests.conformance.call_sites import sites_of_stack
from tests.conformance.constructs import CONSTRUCTS

from shroff.domain.detectors import Detector
from shroff.errors import EngineError
from shroff.store.arrow_types import arrow_schema
from shroff.store.engine import Engine
from shroff.store.sql import ident

__all__ = ["Asked", "RecordingEngine", "Tape", "asked"]


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing an engine was asked.

    Parameters
    ----------
    sites : tuple of str
        Where: the last one has the query, those before it passed it on.
    how : str
        Method of the engine.
    sql : str
        The query as the product wrote it.
    text : str
        The query as the engine executed it.
    answer : Table, mapping or str
        What it gave: rows; types by column; or "refused" when it raised.
    table : str
        The table it made or told the columns of; "" for none.
    """

    sites: tuple[str, ...]
    how: str
    sql: str
    text: str
    answer: pa.Table | Mapping[str, str] | str
    table: str = ""

    @property
    def site(self) -> str:
        """Where the query is."""
        return self.sites[-1] if self.sites else "?"


@dataclass(slots=True)
class Tape:
    """What was asked, in order."""

    asked: list[Asked] = field(default_factory=list[Asked])

    def reached(self) -> set[str]:
        """Name every site that asked."""
        return {site for each in self.asked for site in each.sites}


class RecordingEngine:
    """Any engine, with a tape running.

    Parameters
    ----------
    inner : Engine
        The engine that does the work.
    tape : Tape
        Where it is noted.
    """

    def __init__(self, inner: Engine, tape: Tape) -> None:
        self.inner = inner
        self.tape = tape
        self.name = inner.name

    @property
    def snapshot(self) -> Mapping[str, int]:
        return self.inner.snapshot

    def query(self, sql: str) -> pa.Table:
        return self._noted("query", sql, lambda: self.inner.query(sql))

    def stream(self, sql: str, *, rows: int = 65536) -> Iterator[pa.RecordBatch]:
        table = self._noted("stream", sql, lambda: _table(self.inner.stream(sql, rows=rows)))
        return iter(table.to_batches(max_chunksize=rows))

    def detect(
        self, sql: str, detector: Detector, *, rows: int = 65536
    ) -> Iterator[pa.RecordBatch]:
        def work() -> pa.Table:
            found = _table(self.inner.detect(sql, detector, rows=rows))
            if not found.column_names:  # an engine may give no batch where there is nothing
                found = arrow_schema(dict(detector.columns)).empty_table()
            # findings come in no particular order; lists cannot be put in one
            plain = [each.name for each in found.schema if not pa.types.is_list(each.type)]
            return found.sort_by([(name, "ascending") for name in plain])

        return iter(self._noted("detect", sql, work).to_batches(max_chunksize=rows))

    def materialise(self, name: str, sql: str, *, compact: bool = False) -> None:
        def work() -> pa.Table:
            self.inner.materialise(name, sql, compact=compact)
            return self.inner.query(f"SELECT * FROM {ident(name)}")

        self._noted("materialise", sql, work, table=name)

    def attach(self, name: str, files: Sequence[str], columns: Mapping[str, str]) -> None:
        def work() -> pa.Table:
            self.inner.attach(name, files, columns)
            return self.inner.query(f"SELECT * FROM {ident(name)}")

        self._noted("attach", f"SELECT * FROM {ident(name)}", work, table=name)

    def restrict(self, table: str, condition: str) -> None:
        self.inner.restrict(table, condition)

    def text(self, sql: str) -> str:
        return self.inner.text(sql)

    def columns(self, table: str) -> dict[str, str]:
        found = self.inner.columns(table)
        self._note("columns", table, table, dict(found), table=table)
        return found

    def close(self) -> None:
        self.inner.close()

    def _noted(
        self, how: str, sql: str, work: Callable[[], pa.Table], *, table: str = ""
    ) -> pa.Table:
        try:
            answer = work()
        except EngineError:
            self._note(how, sql, sql, "refused", table="")
            raise
        self._note(how, sql, self.inner.text(sql), answer, table=table)
        return answer

    def _note(
        self,
        how: str,
        sql: str,
        text: str,
        answer: pa.Table | Mapping[str, str] | str,
        *,
        table: str,
    ) -> None:
        way = tuple(site.name for site in sites_of_stack(sys._getframe(1)))
        self.tape.asked.append(Asked(way, how, sql, text, answer, table))


def _table(batches: Iterator[pa.RecordBatch]) -> pa.Table:
    kept: Sequence[pa.RecordBatch] = list(batches)
    return pa.Table.from_batches(kept) if kept else pa.table({})


def asked(engine: Engine, name: str) -> Asked:
    """Ask a construct of users' SQL."""
    sql = CONSTRUCTS[name]
    try:
        answer: pa.Table | str = engine.query(sql)
    except EngineError:
        return Asked((name,), "query", sql, sql, "refused")
    return Asked((name,), "query", sql, engine.text(sql), answer)
