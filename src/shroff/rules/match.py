"""Ads to hits: which rules fire on which ads, where, and why. Embeds alone.

It needs no workspace: a pack, and texts in Arrow::

    scanner = Scanner(compiled([read_pack(text)]))
    scanner.texts(["7天快速减肥"])
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from shroff.rules.atom_hits import AtomHits
from shroff.rules.atom_scan import AtomScan, atom_hits
from shroff.rules.batch_texts import Batch, BatchLike, batch_of, batch_of_texts, slices
from shroff.rules.candidate_judging import judged_candidates
from shroff.rules.compiled import Compiled
from shroff.rules.hit_table import SCHEMA, Firings, hit_table, told_of_rules
from shroff.rules.rule_columns import uncollected
from shroff.rules.scan_plan import Plan, candidates, plan_of, scope_of, simple_firings

__all__ = ["Scanner"]


@dataclass(frozen=True, slots=True)
class _Ready:
    """A pack in use: a scan that has begun keeps the one it began with."""

    compiled: Compiled
    plan: Plan
    told: Mapping[str, pa.Array]
    kept: threading.local = field(default_factory=threading.local)

    def scan(self) -> AtomScan:
        """Give what this thread scans with."""
        mine: AtomScan | None = getattr(self.kept, "scan", None)
        if mine is None:
            mine = self.kept.scan = AtomScan.of(self.compiled)
        return mine


def _ready(compiled: Compiled) -> _Ready:
    with uncollected():
        return _Ready(compiled, plan_of(compiled), told_of_rules(compiled))


class Scanner:
    """Finds the rules of a pack in ads.

    Threads may share one. `swap` puts other rules in its place while it runs.

    Parameters
    ----------
    compiled : Compiled
        The rules, from `shroff.rules.compile.compiled`.
    today : date, optional
        Rules that expired before it do not fire; without it none has expired.
    """

    def __init__(self, compiled: Compiled, *, today: date | None = None) -> None:
        self._today = today
        self._ready = _ready(compiled)

    @property
    def compiled(self) -> Compiled:
        """The rules that it scans for now."""
        return self._ready.compiled

    def swap(self, compiled: Compiled) -> None:
        """Scan for other rules from the next call on; calls under way finish with the old ones.

        Parameters
        ----------
        compiled : Compiled
            The rules to come.
        """
        made = _ready(compiled)
        made.scan()
        self._ready = made

    def scan(self, batch: BatchLike) -> pa.Table:
        """Find what fires on ads, and where.

        Parameters
        ----------
        batch : RecordBatch, Table or mapping of str to Array
            Ads: fields such as ``title`` and ``body``, and the columns that rules ask for.

        Returns
        -------
        Table
            Of `shroff.rules.hit_table.SCHEMA`: a row for each rule, field and place.

        Raises
        ------
        RuleError
            If a rule asks for a field or column that is not there.
        DataError
            If a field does not hold text.
        """
        ready = self._ready
        return self._told(ready, batch_of(batch, ready.compiled))

    def texts(self, texts: pa.Array | pa.ChunkedArray | Sequence[str | None]) -> pa.Table:
        """Find what fires on texts by themselves: one field ``text``, which every rule reads.

        Parameters
        ----------
        texts : Array or sequence of str
            The texts. Rules of some markets or languages apply to all of them.

        Returns
        -------
        Table
            As `scan` gives it.
        """
        return self._told(self._ready, batch_of_texts(texts))

    def flags(self, batch: BatchLike) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Say which rules fire on which ads, and no more.

        Parameters
        ----------
        batch : RecordBatch, Table or mapping of str to Array
            As for `scan`.

        Returns
        -------
        array of int64
            Rows.
        array of int32
            For each the number of a rule that fires there, in the order of `compiled`; each pair
            once, ordered by row.
        """
        ready = self._ready
        rules = max(len(ready.compiled.rules), 1)
        pairs = [
            np.unique((start + fired.row.astype(np.int64)) * rules + fired.rule)
            for start, _, fired in self._fired(ready, batch_of(batch, ready.compiled))
        ]
        row, rule = np.divmod(np.concatenate([np.zeros(0, np.int64), *pairs]), rules)
        return row, rule.astype(np.int32)

    def _told(self, ready: _Ready, batch: Batch) -> pa.Table:
        tables = [SCHEMA.empty_table()]
        for start, part, fired in self._fired(ready, batch):
            table = hit_table(
                ready.told,
                fired,
                names=part.names,
                texts=part.texts,
                mended=part.mended,
            )
            if start:
                rows = pa.array(table.column("row").to_numpy() + start, pa.int64())
                table = table.set_column(0, SCHEMA.field("row"), rows)
            tables.append(table)
        return pa.concat_tables(tables)

    def _fired(self, ready: _Ready, batch: Batch) -> Iterator[tuple[int, Batch, Firings]]:
        for start, part in slices(batch):
            hits = atom_hits(ready.scan(), part.texts)
            yield start, part, self._firings(ready, part, hits)

    def _firings(self, ready: _Ready, part: Batch, hits: AtomHits) -> Firings:
        scope = scope_of(
            ready.compiled, part.names, rows=part.rows, columns=part.columns, today=self._today
        )
        entry, rule = simple_firings(ready.plan, hits, scope=scope)
        simple = Firings(
            hits.row[entry],
            rule,
            hits.field[entry],
            hits.start[entry],
            hits.end[entry],
            hits.bits[entry],
            hits.view[entry],
            hits.atom[entry],
            ready.compiled.labels,
        )
        row, rule = candidates(ready.plan, hits, scope=scope)
        return judged_candidates(
            ready.compiled, part, hits=hits, rows=row, rules=rule, simple=simple
        )
