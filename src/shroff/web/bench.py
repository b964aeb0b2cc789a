"""What a page is built on: the logs it looks at, counted once whatever its sections ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

from shroff.domain.messages import Message
from shroff.errors import ConfigError, DataError
from shroff.measure.brief import Brief
from shroff.measure.briefing import brief_of
from shroff.measure.families import Query
from shroff.measure.periods import covered
from shroff.measure.scorecard import Scorecard, scorecard
from shroff.report.compared import Compared
from shroff.report.document import Section
from shroff.report.further import Builder
from shroff.report.gathering import Asked, measured
from shroff.report.weekly_results import WeeklyResults
from shroff.store.engine import Engine
from shroff.store.health import check_health
from shroff.store.health_findings import Health
from shroff.store.narrowing import ads_in_both, narrow
from shroff.web.viewing import Terms, View, told_terms
from shroff.workspace import Workspace

__all__ = ["Bench"]


@dataclass(frozen=True)
class Bench:
    """The logs as one page looks at them.

    Parameters
    ----------
    workspace : Workspace
        Where they are.
    engine : Engine
        An engine over them, narrowed to what the page looks at.
    view : View
        What the page is asked for.
    examined : callable or None
        Tells what is wrong with all logs, once for each state of them; they are looked through
        here where there is none.
    """

    workspace: Workspace
    engine: Engine
    view: View
    examined: Callable[[Workspace], Health] | None = None

    @cached_property
    def brief(self) -> Brief:
        """What is measured: the days of the view, by the slices of the settings."""
        asked = brief_of(self.workspace.settings, self.engine, period=self.view.period)
        return replace(asked, policy=self.view.policy)

    @cached_property
    def health(self) -> Health:
        """What is wrong with the logs: all of them, whatever ads are looked at."""
        here = self.workspace
        if self.examined is not None:
            return self.examined(here)
        return check_health(self.engine, settings=here.settings, lake=here.lake)

    @cached_property
    def results(self) -> WeeklyResults:
        """The figures of the days asked for, of those before, and of the weeks."""
        return self._measured[0]

    @cached_property
    def card(self) -> Scorecard:
        """The scorecard of the days asked for, by the slices of the settings."""
        return self._measured[1]

    @cached_property
    def _measured(self) -> tuple[WeeklyResults, Scorecard]:
        here = self.workspace
        view = self.view
        asked = Asked(
            workspace=here.name,
            brief=self.brief,
            health=self.health,
            compared=Compared(view.versus, told_terms(view.beside)),
            beside=self._others if view.beside else None,
        )
        kept = None if self.view.where else here.upkeep(self.engine).for_brief(self.brief)
        return measured(self.engine, asked, kept=kept)

    def narrow(self) -> None:
        """Look at the chosen ads only; the days asked for stay those of all logs.

        Raises
        ------
        ConfigError
            If nothing was decided on such ads.
        """
        _ = self.brief
        _narrowed(self.engine, self.view.where)

    def _others(self, brief: Brief) -> Scorecard:
        """Measure the ads that those of the view are compared with."""
        where = self.view.others()
        with self.workspace.engine() as engine:
            shared = ads_in_both(engine, dict(self.view.where), where)
            if shared:
                raise ConfigError(
                    f"{shared:,} ads are in both: what they share cannot tell them apart",
                    where="vs",
                    hint="choose by another value of a column that the filters name, "
                    "e.g. market=BR against market=US",
                )
            _narrowed(engine, tuple(where.items()))
            return scorecard(engine, brief)

    def queries(self) -> tuple[Query, ...]:
        """List the SQL that the figures came from, as it ran; none where none was measured."""
        return self.card.queries if "_measured" in self.__dict__ else ()

    def sections(self, *builders: Builder) -> tuple[Section, ...]:
        """Build sections on a scorecard of everything, in order; those with nothing to say left out."""
        card = scorecard(self.engine, self.brief)
        found = [build(self.engine, card) for build in builders]
        return tuple(section for section in found if section is not None)

    def nothing(self, page: str) -> Section:
        """Say that the logs hold nothing that a page could show, and what it would need."""
        return Section(
            f"{page}-nothing",
            Message(f"web.{page}.nothing"),
            Message(f"web.{page}.needs"),
        )


def _narrowed(engine: Engine, where: Terms) -> None:
    narrow(engine, dict(where))
    try:
        covered(engine)
    except DataError as fault:
        if not where:
            raise
        raise ConfigError(
            f"no machine decision was logged on ads with {told_terms(where)}",
            where="filters",
            hint="take a filter out, or check how its value is written",
        ) from fault
