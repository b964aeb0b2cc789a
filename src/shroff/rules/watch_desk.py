"""Where the rules of a workspace are watched: held against forecasts, and taken out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from shroff.domain.messages import Message
from shroff.domain.slices import Period
from shroff.errors import ConfigError, DataError, RuleError
from shroff.measure.brief import Brief
from shroff.measure.briefing import brief_of
from shroff.measure.periods import covered
from shroff.store.catalog import Catalog
from shroff.store.engine import Engine
from shroff.store.lake import Lake
from shroff.store.settings import Settings

if TYPE_CHECKING:
    from shroff.rules.breaker_run import Keeps, Round, Sentinel
    from shroff.rules.rule import Pack
    from shroff.rules.rule_steps import Ask, Stopped
    from shroff.rules.rule_watch import WatchedRules

__all__ = ["Opens", "WatchDesk"]

Opens: TypeAlias = Callable[[], AbstractContextManager[Engine]]


class WatchDesk:
    """Where a workspace's rules are watched.

    Parameters
    ----------
    root : Path
        Folder of the workspace.
    settings : Settings
        What its shroff.toml says.
    lake : Lake
        The logs.
    catalog : Catalog
        What was done.
    engine : callable
        Opens a query engine over the logs.
    """

    def __init__(
        self, root: Path, settings: Settings, *, lake: Lake, catalog: Catalog, engine: Opens
    ) -> None:
        self.root, self.settings = root, settings
        self.lake, self.catalog, self.engine = lake, catalog, engine

    def status(
        self,
        packs: Sequence[Pack] = (),
        *,
        period: str | Period = "",
        level: float = 0.95,
        now: datetime | None = None,
    ) -> WatchedRules:
        """Hold the logged hits of rules against what was forecast: the league table.

        Parameters
        ----------
        packs : sequence of Pack
            The rules; those of the workspace's ``packs`` folder when empty.
        period : str or Period
            Days watched; the last four whole weeks when empty.
        level : float
            Coverage of the intervals, in (0, 1).
        now : datetime, optional
            Now.

        Returns
        -------
        WatchedRules
            Where each rule stands, what it hits, its precision, and what is not as forecast.
        """
        chosen = tuple(packs) or self.packs()
        with self.engine() as engine:
            brief = brief_of(self.settings, engine, by=(), period=period, level=level)
            args = {"period": brief.period.label()}
            with self.catalog.noted("rules status", args=args, snapshot=engine.snapshot):
                return self._watched(
                    engine, brief, chosen, today=(now or datetime.now(UTC)).date()
                )

    def watched(self, engine: Engine, brief: Brief) -> WatchedRules | Message | None:
        """Watch the rules of the workspace's own folder for a report.

        Parameters
        ----------
        engine : Engine
            Where the logs are; the session tables of a scorecard are replaced.
        brief : Brief
            Period, designs, level.

        Returns
        -------
        WatchedRules, Message or None
            The league table; why the packs cannot be read; None where there are none.
        """
        from shroff.rules.pack_paths import read_packs  # noqa: PLC0415

        files = [each for kind in ("*.yaml", "*.yml") for each in (self.root / "packs").glob(kind)]
        if not files:
            return None
        try:
            packs = read_packs(sorted(files))
        except (RuleError, ConfigError, DataError) as fault:
            what = f"{fault.where}: {fault.cause}" if fault.where else fault.cause
            return Message("league.unreadable", {"what": what.splitlines()[0]})
        return self._watched(engine, replace(brief, by=()), packs, today=brief.as_of.date())

    def watch(
        self,
        packs: Sequence[Pack] = (),
        *,
        chance: float = 0.01,
        most: int = 5,
        keeps: Keeps | None = None,
        now: datetime | None = None,
    ) -> Round:
        """Run the breakers of all rules that act.

        Parameters
        ----------
        packs : sequence of Pack
            The rules; those of the workspace's ``packs`` folder when empty.
        chance : float
            Chance that any is taken out in a quarter though all do as forecast, in (0, 1).
        most : int
            Rules that are taken out at once; where more trip, none is.
        keeps : callable, optional
            Writes the ads of a rule to look at again; where absent nothing is changed.
        now : datetime, optional
            Now.

        Returns
        -------
        Round
            Which rules were watched, and which taken out.
        """
        from shroff.rules.breaker_run import Clock, run_breakers  # noqa: PLC0415  (numba is slow)

        if keeps is not None:
            self.catalog.writable()
        at = now or datetime.now(UTC)
        chosen = tuple(packs) or self.packs()
        with self.engine() as engine:
            args = {"chance": chance, "kept": keeps is not None}
            with self.catalog.noted("rules watch", args=args, snapshot=engine.snapshot):
                known = covered(engine)

                def watched(each: Sentinel, among: int) -> WatchedRules:
                    brief = brief_of(self.settings, engine, by=(), period=each.period)
                    return self._watched(
                        engine, brief, each.packs, today=at.date(), stop=chance, among=among
                    )

                clock = Clock(
                    now=at, first=known.first, until=known.complete_until, most=most, keeps=keeps
                )
                return run_breakers(
                    engine, chosen, clock, book=self.catalog.rules, watched=watched
                )

    def stop(self, ask: Ask, packs: Sequence[Pack] = ()) -> Stopped:
        """Note that a rule is taken out, and list the ads that it decided since it acted."""
        from shroff.rules.rule_steps import Stopped, rule_in, stop  # noqa: PLC0415
        from shroff.rules.rule_watch import acted_on  # noqa: PLC0415

        self.catalog.writable()
        rule = rule_in(tuple(packs) or self.packs(), ask.rule_id)
        event, since = stop(ask, rule, book=self.catalog.rules, now=datetime.now(UTC))
        with self.engine() as engine:
            return Stopped(event, acted_on(engine, rule.id, since=since))

    def packs(self) -> tuple[Pack, ...]:
        """Read the packs of the workspace's own folder."""
        from shroff.rules.pack_paths import read_packs  # noqa: PLC0415

        return read_packs([self.root / "packs"])

    def _watched(
        self,
        engine: Engine,
        brief: Brief,
        packs: Sequence[Pack],
        *,
        today: date,
        stop: float = 0.0,
        among: int = 0,
    ) -> WatchedRules:
        from shroff.rules.rule_watch import STOP  # noqa: PLC0415  (numba is slow)
        from shroff.rules.rule_watching import watched_rules  # noqa: PLC0415

        return watched_rules(
            engine,
            brief,
            packs,
            book=self.catalog.rules,
            lake=self.lake.root,
            today=today,
            stop=stop or STOP,
            among=among,
        )
