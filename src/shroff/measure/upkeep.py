"""A workspace's kept cubes: which to keep, and bringing them up to date before a measurement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from shroff.domain.messages import Message
from shroff.errors import ConfigError, EngineError
from shroff.measure.brief import Brief
from shroff.measure.briefing import catalogue_of, derived_of, slicings_asked
from shroff.measure.cubing import Cubing, cubing_of
from shroff.measure.decided import AD_TABLES
from shroff.measure.keeping import Keeper, Refreshed, Why
from shroff.measure.recalling import Kept
from shroff.store.engine import Engine
from shroff.store.kept import KeptState, KeptStore
from shroff.store.lake import Lake
from shroff.store.settings import Settings

__all__ = ["Upkeep", "Watch", "cubes_told"]

_THIN = 1009
_ROWS_PER_GB = 2_000_000
"""Decisions that are counted at once for each gigabyte that the engine may use."""


class Watch(Protocol):
    """Is told of counting that is kept."""

    def parts(self, done: int, whole: int) -> None:
        """Be told how many of how many parts are done."""
        ...

    def said(self, what: Message) -> None:
        """Be told, in a line, what was counted."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Upkeep:
    """Keeps the cubes of a workspace up to date.

    Parameters
    ----------
    engine : Engine
        The logs.
    lake : Lake
        Where their files are.
    settings : Settings
        What shroff.toml says.
    watch : Watch or None
        Told of it.
    hidden : frozenset of str
        Columns that the engine hides: cubes of them are neither kept nor read.
    """

    engine: Engine
    lake: Lake
    settings: Settings
    watch: Watch | None = None
    hidden: frozenset[str] = frozenset()

    @property
    def store(self) -> KeptStore:
        """Where they are kept."""
        return KeptStore(self.lake.root)

    def cubing(self) -> Cubing:
        """Say which cubes the settings ask for."""
        metrics = catalogue_of(self.settings)
        return cubing_of(
            self.engine,
            slicings=slicings_asked(self.settings),
            derived=derived_of(self.settings),
            metrics=[metric for metric in metrics.values() if metric.custom],
            week_starts=self.settings.periods.week_starts,
        )

    def for_brief(self, brief: Brief) -> Kept | None:
        """Give cubes that answer a question, brought up to date.

        Parameters
        ----------
        brief : Brief
            The question.

        Returns
        -------
        Kept or None
            None when none are kept, when they cannot be written, or do not hold what is asked:
            then every row is counted.
        """
        if self.hidden or not (self.settings.cubes.keep and self._is_lake()):
            return None
        cubing = self.cubing()
        if not cubing.answers(self.engine, brief):
            return None
        try:
            found = self._keeper(cubing).refresh()
        except EngineError as fault:
            self._said(Message("cubes.unkept", {"cause": fault.cause}))
            return None
        if found.why is not Why.CURRENT:
            self._said(cubes_told(found))
        return Kept(cubing, self.store, found.state)

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
        ConfigError
            If logs are read from elsewhere than the lake.
        EngineError
            If they cannot be written, or another process is counting.
        """
        if not self._is_lake():
            raise ConfigError(
                "cubes are kept of logs in the lake, as they are now, and of no others",
                hint="shroff measure counts row by row",
            )
        return self._keeper(self.cubing()).refresh(anew=anew)

    def current(self) -> KeptState | None:
        """Give the cubes if they are up to date."""
        return self._keeper(self.cubing()).current()

    def _keeper(self, cubing: Cubing) -> Keeper:
        return Keeper(
            engine=self.engine,
            lake=self.lake,
            cubing=cubing,
            parts=(parts := self._parts()),
            thin=_THIN if parts > 1 else 1,
            tell=self.watch.parts if self.watch is not None else None,
        )

    def _parts(self) -> int:
        """Tell in how many parts to count: an engine on many machines has memory of its own."""
        state = self.lake.state("decisions")
        if self.engine.name != "duckdb" or state is None:
            return 1
        return 1 + int(state.rows / (_ROWS_PER_GB * self.settings.engine.memory_gb))

    def _is_lake(self) -> bool:
        """Tell whether the engine reads this lake, and no state older than what is kept."""
        if any(name in AD_TABLES for name in self.settings.engine.tables):
            return False  # logs that stand elsewhere change without telling how
        pinned = {name: self.engine.snapshot.get(name) for name in AD_TABLES}
        present = self.lake.snapshot()
        if any(v is not None and v > present.get(name, -1) for name, v in pinned.items()):
            return False
        state = self.store.state()
        kept = state.sources if state is not None else {}
        return all((pinned.get(name) or 0) >= version for name, version in kept.items())

    def _said(self, what: Message) -> None:
        if self.watch is not None:
            self.watch.said(what)


def cubes_told(found: Refreshed) -> Message:
    """Say what was counted, in a line."""
    if found.why is Why.CURRENT:
        return Message("cubes.fresh")
    counts: dict[str, str | int | float | None] = {
        "days": found.days,
        "all_days": found.all_days,
        "ads": found.ads,
    }
    return Message(f"cubes.{found.why}", counts)
