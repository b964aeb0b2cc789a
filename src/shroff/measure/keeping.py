"""Kept cubes: counted once, then only for ads whose rows changed.

The cells of a change are those of the ads it touches as they are now, less those as they were:
counts stay exact whatever came late, twice or corrected. The label frame is replaced ad by ad.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from shroff.measure.celling import frame_sql, shown_sql
from shroff.measure.cubing import Cubing
from shroff.measure.decided import AD_TABLES, EVERYTHING, Sources, between, only
from shroff.measure.difference import Difference
from shroff.measure.merging import Merger, scattered
from shroff.measure.standing import LOOKED_AT, Standing, numbered
from shroff.measure.touching import touched
from shroff.store.engine import Engine
from shroff.store.kept import KeptFile, KeptState, KeptStore, KeptWriter
from shroff.store.lake import Lake
from shroff.store.lake_changes import Arrived, arrived
from shroff.store.rows import rows

__all__ = ["Keeper", "Refreshed", "Why"]


class Why(StrEnum):
    """Why cubes were counted, or not."""

    CURRENT = "current"
    UPDATED = "updated"
    FIRST = "first"
    DEFINITION = "definition"
    REMOVED = "removed"
    ASKED = "asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refreshed:
    """What bringing kept cubes up to date did.

    Parameters
    ----------
    state : KeptState
        The cubes as they are now.
    why : Why
        Why they were counted.
    ads : int
        Ads whose rows changed; all when counted in full.
    days : int
        Days that were counted anew.
    all_days : int
        Days that the cubes hold.
    """

    state: KeptState
    why: Why
    ads: int = 0
    days: int = 0
    all_days: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeper:
    """Counts what is kept.

    Parameters
    ----------
    engine : Engine
        The logs, pinned at the state to count.
    lake : Lake
        Where their files are.
    cubing : Cubing
        What to keep.
    parts : int
        Parts that a full count is done in, so that it fits in memory.
    thin : int
        One ad in how many is looked at to find parts of equal size.
    tell : callable or None
        Told what is being done, and how many of how many parts are.
    """

    engine: Engine
    lake: Lake
    cubing: Cubing
    parts: int = 1
    thin: int = 1
    tell: Callable[[int, int], None] | None = None

    @property
    def store(self) -> KeptStore:
        """Where it is kept."""
        return KeptStore(self.lake.root)

    def current(self) -> KeptState | None:
        """Give the cubes if they are up to date."""
        state = self.store.state()
        return state if state is not None and self._is_current(state) else None

    def refresh(self, *, anew: bool = False) -> Refreshed:
        """Bring the cubes up to date.

        Parameters
        ----------
        anew : bool
            Count everything again, whatever is there.

        Returns
        -------
        Refreshed
            The cubes, and what was done.

        Raises
        ------
        EngineError
            If another process is counting, they cannot be written, or the engine fails; what was
            kept before is unharmed.
        """
        state = None if anew else self.current()
        if state is not None:
            self.store.tidy()
            return Refreshed(state=state, why=Why.CURRENT)
        with self.store.writer() as writer:
            state = self.store.state()
            if state is not None and not anew and self._is_current(state):
                return Refreshed(state=state, why=Why.CURRENT)
            found = self._updated(writer, state, anew=anew)
            if self.tell is not None:
                self.tell(self.parts, self.parts)
            return found

    def _is_current(self, state: KeptState) -> bool:
        return state.definition == self.cubing.fingerprint and dict(state.sources) == self._sources

    @property
    def _sources(self) -> dict[str, int]:
        return {name: v for name, v in self.engine.snapshot.items() if name in AD_TABLES}

    def _updated(self, writer: KeptWriter, state: KeptState | None, *, anew: bool) -> Refreshed:
        if state is None or anew:
            return self._full(writer, Why.ASKED if anew else Why.FIRST)
        if state.definition != self.cubing.fingerprint:
            return self._full(writer, Why.DEFINITION)
        gained = self._gained(state)
        if gained is None:
            return self._full(writer, Why.REMOVED)
        return self._changed(writer, state, gained)

    def _gained(self, state: KeptState) -> dict[str, Arrived] | None:
        """Tell what each log gained; None when that is not all that happened to it."""
        found: dict[str, Arrived] = {}
        for name in AD_TABLES:
            since, until = state.sources.get(name), self.engine.snapshot.get(name)
            if since == until:
                continue
            if until is None:
                return None
            gain = arrived(self.lake, name, since=since, until=until)
            if gain is None:
                return None
            if gain.files:
                found[name] = gain
        return found

    # --- all of it -------------------------------------------------------------------------

    def _full(self, writer: KeptWriter, why: Why) -> Refreshed:
        files: dict[str, list[KeptFile]] = {name: [] for name in _TABLES}
        columns: dict[str, Mapping[str, str]] = {}
        parts = self._parts()
        for number, sources in enumerate(parts):
            if self.tell is not None:
                self.tell(number, len(parts))
            columns = self._count(writer, sources, files=files)
        state = KeptState(
            definition=self.cubing.fingerprint,
            sources=self._sources,
            number=1,
            files={name: tuple(each) for name, each in files.items()},
            columns=columns,
        )
        if len(parts) > 1:
            state = self._merger(writer).netted(state)
        writer.publish(state)
        days = self._days(state, "cells")
        return Refreshed(state=state, why=why, days=days, all_days=days)

    def _parts(self) -> list[Sources]:
        """Cut the ads into parts by their ids: files are skipped where ids are ordered in time."""
        if self.parts == 1:
            return [EVERYTHING]
        some = f"SELECT ad_id FROM decisions WHERE HASH(ad_id) % {self.thin} = 0"
        ids = sorted(self.engine.query(some).column("ad_id").to_pylist())
        ends = sorted(
            {ids[len(ids) * n // self.parts] for n in range(1, self.parts)} if ids else ()
        )
        return [between(low, high) for low, high in pairwise(("", *ends, ""))]

    def _count(
        self, writer: KeptWriter, sources: Sources, *, files: dict[str, list[KeptFile]]
    ) -> dict[str, Mapping[str, str]]:
        """Count some ads as if there were no others, and write what comes of it."""
        engine, standing = self.engine, self._standing
        standing.stand("now", sources)
        seen = " UNION ".join(f"SELECT ad_id FROM {sources[t]} AS t" for t in LOOKED_AT)
        engine.materialise("kept_seen", seen)
        narrow = only(sources, "kept_seen")
        engine.materialise("kept_frame", frame_sql(self.cubing, standing.own, sources=narrow))
        types = standing.types("now")
        shown = shown_sql("kept_coded_now", impressions=narrow["impressions"])
        queries = {
            "cells": standing.cells(types, "now"),
            "scores": standing.scores("now", sources),
            "frame": numbered("SELECT * FROM kept_frame", 1),
            "shown": numbered(shown, 1),
        }
        for name, query in queries.items():
            self._write(writer, query, to=files[name])
        return standing.columns(types)

    @property
    def _standing(self) -> Standing:
        return Standing(self.engine, self.cubing)

    def _write(self, writer: KeptWriter, query: str, *, to: list[KeptFile]) -> KeptFile | None:
        file = writer.write(rows(self.engine, query))
        if file is not None:
            to.append(file)
        return file

    # --- what changed ----------------------------------------------------------------------

    def _changed(
        self, writer: KeptWriter, state: KeptState, gained: Mapping[str, Arrived]
    ) -> Refreshed:
        if not gained:  # a log was compacted, or one came that holds nothing yet
            state = replace(state, sources=self._sources)
            writer.publish(state)
            return Refreshed(state=state, why=Why.UPDATED, all_days=self._days(state, "cells"))
        wide = {name: set(own.values()) for name, own in self._standing.own.items()}
        ads = touched(self.engine, self.lake, gained, known=state.sources, wide=wide)
        number = state.number + 1
        files = {name: list(state.files.get(name, ())) for name in _TABLES}
        before = {name: len(each) for name, each in files.items()}
        for name, query in Difference(self._standing, ads).queries(number).items():
            self._write(writer, query, to=files[name])
        fresh = {name: tuple(each[before[name] :]) for name, each in files.items()}
        state = replace(
            state,
            sources=self._sources,
            number=number,
            files={name: tuple(each) for name, each in files.items()},
        )
        days = self._waiting_days(writer, state, fresh["cells"])
        if scattered(state):
            state = self._merger(writer).merged(state)
        writer.publish(state)
        return Refreshed(
            state=state,
            why=Why.UPDATED,
            ads=ads.count,
            days=days,
            all_days=self._days(state, "cells"),
        )

    def _merger(self, writer: KeptWriter) -> Merger:
        return Merger(self.engine, self.store, writer, columns=self.cubing.columns)

    def _days(self, state: KeptState, table: str) -> int:
        names = state.files.get(table, ())
        return self._count_days([str(self.store.root / file.name) for file in names], state)

    def _waiting_days(
        self, writer: KeptWriter, state: KeptState, files: tuple[KeptFile, ...]
    ) -> int:
        return self._count_days([writer.waiting(file) for file in files], state)

    def _count_days(self, paths: list[str], state: KeptState) -> int:
        self.engine.attach("kept_days", paths, {"day": state.columns["cells"]["day"]})
        found = self.engine.query("SELECT COUNT(DISTINCT day) AS n FROM kept_days")
        return int(found.column("n")[0].as_py())


_TABLES = ("cells", "scores", "frame", "shown", "gone")
