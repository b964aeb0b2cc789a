"""Kept tables as files: read together, and joined when they become many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shroff.measure.celling import CELL_SUMS, SCORE_KEYS, netted_sql
from shroff.store.engine import Engine
from shroff.store.kept import KeptFile, KeptState, KeptStore, KeptWriter
from shroff.store.rows import rows

__all__ = ["CELL_KEYS", "Merger", "attach", "live_sql", "scattered"]

CELL_KEYS = {"_cut": "BIGINT", "day": "DATE", "since": "DATE", "shown": "BOOLEAN"}
"""What cells have beside their columns: number of the cube, day, day from which a reader knows of
them, and whether they tell of exposure or of decisions."""
_ADDED = ("cells", "scores")
_VIEWS = {
    "cells": "kept_cells",
    "scores": "kept_scores",
    "frame": "kept_frame_rows",
    "shown": "kept_shown",
    "gone": "kept_gone",
}
_MANY_FILES = 16
_LARGE = 1_000_000
"""Rows from which a file of cells is not written again."""


def attach(
    engine: Engine, store: KeptStore, state: KeptState, *, writer: KeptWriter | None = None
) -> None:
    """Let a session read what is kept.

    Parameters
    ----------
    engine : Engine
        The session: its views are ``kept_cells``, ``kept_scores``, ``kept_frame_rows``,
        ``kept_shown`` and ``kept_gone``.
    store : KeptStore
        Where the files are.
    state : KeptState
        Which they are.
    writer : KeptWriter or None
        Where files are that wait to become part of a state.
    """
    for table, view in _VIEWS.items():
        paths = [
            writer.waiting(file) if writer and writer.holds(file) else str(store.root / file.name)
            for file in state.files.get(table, ())
        ]
        engine.attach(view, paths, state.columns[table])


def live_sql(view: str) -> str:
    """Write the query for rows of ads that were not replaced later."""
    return (
        f"SELECT kept.* FROM {view} AS kept LEFT JOIN"
        " (SELECT ad_id, MAX(_number) AS _last FROM kept_gone GROUP BY ad_id) AS gone"
        " ON kept.ad_id = gone.ad_id WHERE gone.ad_id IS NULL OR kept._number >= gone._last"
    )


def scattered(state: KeptState) -> bool:
    """Tell whether updates have left so many files that they should be joined."""
    small = [file for file in state.files["cells"] if file.rows < _LARGE]
    return max(len(small), len(state.files["gone"])) >= _MANY_FILES


@dataclass(frozen=True, slots=True)
class Merger:
    """Joins files of kept tables.

    Parameters
    ----------
    engine : Engine
        Who does it.
    store : KeptStore
        Where the files are.
    writer : KeptWriter
        Where they come.
    columns : sequence of str
        Columns of cells.
    """

    engine: Engine
    store: KeptStore
    writer: KeptWriter
    columns: Sequence[str]

    def merged(self, state: KeptState) -> KeptState:
        """Join all that came bit by bit, without what was taken back or replaced."""
        attach(self.engine, self.store, state, writer=self.writer)
        live = {"frame": live_sql("kept_frame_rows"), "shown": live_sql("kept_shown")}
        files = {name: self._written(query) for name, query in live.items()}
        return self.netted(replace(state, files={**state.files, **files, "gone": ()}))

    def netted(self, state: KeptState) -> KeptState:
        """Add up the cells of small files; large ones stay, since sums over all are the same."""
        large = {n: tuple(f for f in state.files[n] if f.rows >= _LARGE) for n in _ADDED}
        small = {n: tuple(f for f in state.files[n] if f.rows < _LARGE) for n in _ADDED}
        attach(self.engine, self.store, replace(state, files=small), writer=self.writer)
        keys = {"cells": [*CELL_KEYS, *self.columns], "scores": list(SCORE_KEYS)}
        sums = {"cells": CELL_SUMS, "scores": {"n": "BIGINT"}}
        files = {
            name: (
                *large[name],
                *self._written(netted_sql(_VIEWS[name], keys=keys[name], sums=sums[name])),
            )
            for name in _ADDED
        }
        return replace(state, files={**state.files, **files})

    def _written(self, query: str) -> tuple[KeptFile, ...]:
        file = self.writer.write(rows(self.engine, query))
        return (file,) if file is not None else ()
