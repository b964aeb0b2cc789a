"""Kept cubes: counted once, then only for ads whose rows changed.

The cells of a change are those of the ads it touches as they are now, less those as they were:
counts stay exact whatever came late, twice or corrected. The label frame is replaced ad by ad.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from shroff.measure.celling import (
    CELL_SUMS,
    SCORE_KEYS,
    cells_sql,
    coded_sql,
    codes_sql,
    fine_sql,
    frame_sql,
    netted_sql,
    records_sql,
    scores_sql,
    shown_sql,
)
from shroff.measure.cubing import Cubing
from shroff.measure.decided import AD_TABLES, EVERYTHING, Sources, between, only
from shroff.measure.merging import CELL_KEYS, Merger, scattered
from shroff.measure.population import ad_columns
from shroff.measure.touching import Touched, touched
from shroff.store.engine import Engine
from shroff.store.kept import KeptFile, KeptState, KeptStore, KeptWriter
from shroff.store.lake import Lake
from shroff.store.lake_changes import Arrived, arrived
from shroff.store.rows import rows
from shroff.store.sql import idents

__all__ = ["Keeper", "Refreshed", "Why"]

_SHOWN_KEYS = ("ad_id", "ad_version", "day", "since")
_SHOWN_COLUMNS = {
    "ad_id": "VARCHAR",
    "ad_version": "BIGINT",
    "day": "DATE",
    "since": "DATE",
    "impressions": "DOUBLE",
    "spend": "DOUBLE",
    "_number": "BIGINT",
}
_GONE_COLUMNS = {"ad_id": "VARCHAR", "_number": "BIGINT"}


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
        engine = self.engine
        self._stand("now", sources)
        seen = " UNION ".join(f"SELECT ad_id FROM {sources[t]} AS t" for t in _LOOKED_AT)
        engine.materialise("kept_seen", seen)
        narrow = only(sources, "kept_seen")
        engine.materialise("kept_frame", frame_sql(self.cubing, self._own, sources=narrow))
        types = self._types("now")
        shown = shown_sql("kept_coded_now", impressions=narrow["impressions"])
        queries = {
            "cells": self._cells(types, "now", sign=1),
            "scores": self._scores("now", sources),
            "frame": _numbered("SELECT * FROM kept_frame", 1),
            "shown": _numbered(shown, 1),
        }
        for name, query in queries.items():
            self._write(writer, query, to=files[name])
        return self._columns(types)

    def _stand(self, name: str, sources: Sources) -> None:
        """Count some ads by day and what they are like."""
        records, codes, coded = (f"kept_{each}_{name}" for each in ("records", "codes", "coded"))
        stand = self.engine.materialise
        stand(records, records_sql(self.cubing, self._own, sources=sources))
        stand(codes, codes_sql(self.cubing, records=records))
        stand(coded, coded_sql(self.cubing, records=records, codes=codes))
        stand(records, "SELECT 0 AS nothing")  # wide, and not needed any more
        stand(f"kept_fine_{name}", fine_sql(coded, impressions=sources["impressions"]))

    def _cells(self, types: Mapping[str, str], name: str, *, sign: int) -> str:
        fine, codes = f"kept_fine_{name}", f"kept_codes_{name}"
        return cells_sql(self.cubing, types, fine=fine, codes=codes, sign=sign)

    def _scores(self, name: str, sources: Sources) -> str:
        coded, codes = f"kept_coded_{name}", f"kept_codes_{name}"
        return scores_sql(coded, codes=codes, scores=sources["scores"])

    @property
    def _own(self) -> dict[str, dict[str, str]]:
        return {name: ad_columns(self.engine, name) for name in ("decisions", "ads")}

    def _types(self, name: str) -> dict[str, str]:
        found = self.engine.columns(f"kept_codes_{name}")
        return {column: found[column] for column in self.cubing.columns}

    def _columns(self, types: Mapping[str, str]) -> dict[str, Mapping[str, str]]:
        return {
            "cells": {**CELL_KEYS, **types, **CELL_SUMS},
            "scores": {**SCORE_KEYS, "n": "BIGINT"},
            "frame": {**self.engine.columns("kept_frame"), "_number": "BIGINT"},
            "shown": _SHOWN_COLUMNS,
            "gone": _GONE_COLUMNS,
        }

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
        wide = {name: set(own.values()) for name, own in self._own.items()}
        ads = touched(self.engine, self.lake, gained, known=state.sources, wide=wide)
        self._stand("now", ads.now)
        self._stand("was", ads.was)
        number = state.number + 1
        files = {name: list(state.files.get(name, ())) for name in _TABLES}
        before = {name: len(each) for name, each in files.items()}
        for name, query in self._differences(ads, number).items():
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

    def _differences(self, ads: Touched, number: int) -> dict[str, str]:
        """Write the queries for what changed: cells as they are, less as they were."""
        self.engine.materialise("kept_seen", ads.seen_sql("now", _LOOKED_AT))
        narrow = only(ads.now, "kept_seen")
        self.engine.materialise("kept_frame", frame_sql(self.cubing, self._own, sources=narrow))
        types = self._types("now")
        cells = " UNION ALL ".join(
            f"({self._cells(types, name, sign=sign)})" for name, sign in (("now", 1), ("was", -1))
        )
        scores = " UNION ALL ".join(
            f"SELECT {idents(SCORE_KEYS)}, {sign} * n AS n"
            f" FROM ({self._scores(name, ads.sources(name))}) AS {name}"
            for name, sign in (("now", 1), ("was", -1))
        )
        return {
            "cells": netted_sql(
                f"({cells}) AS signed", keys=[*CELL_KEYS, *self.cubing.columns], sums=CELL_SUMS
            ),
            "scores": netted_sql(
                f"({scores}) AS signed", keys=list(SCORE_KEYS), sums={"n": "BIGINT"}
            ),
            "frame": _numbered("SELECT * FROM kept_frame", number),
            "shown": _numbered(self._shown_difference(ads), number),
            "gone": _numbered(ads.seen_sql("was", _LOOKED_AT), number),
        }

    def _shown_difference(self, ads: Touched) -> str:
        """Write the query for exposure: whole for ads that are replaced, else what was gained."""
        whole = shown_sql("kept_coded_now", impressions=ads.only("now", "kept_seen"))
        self.engine.materialise("kept_lightly", ads.lightly_sql(_LOOKED_AT))
        now = shown_sql("kept_coded_now", impressions=ads.only("now", "kept_lightly"))
        was = shown_sql("kept_coded_was", impressions=ads.only("was", "kept_lightly"))
        keys = idents(_SHOWN_KEYS)
        both = (
            f"{now} UNION ALL SELECT {keys}, -impressions AS impressions, -spend AS spend"
            f" FROM ({was}) AS was"
        )
        more = netted_sql(
            f"({both}) AS signed",
            keys=_SHOWN_KEYS,
            sums={"impressions": "DOUBLE", "spend": "DOUBLE"},
        )
        return f"{whole} UNION ALL ({more})"

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
_LOOKED_AT = ("reviews", "appeals")


def _numbered(query: str, number: int) -> str:
    return f"SELECT numbered.*, CAST({number} AS BIGINT) AS _number FROM ({query}) AS numbered"
