"""Where a workspace is watched: what changed in its logs, where, why, and what is new."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from shroff.domain.slices import Period
from shroff.measure.brief import Brief
from shroff.measure.briefing import brief_of
from shroff.measure.periods import covered
from shroff.measure.upkeep import Upkeep
from shroff.store.catalog import Catalog
from shroff.store.engine import Engine
from shroff.store.lake import Lake
from shroff.store.settings import Settings

if TYPE_CHECKING:
    from shroff.watch.account_watch import AdvertiserQuestion, Advertisers
    from shroff.watch.campaign_result import Campaigns
    from shroff.watch.campaigns import CampaignQuestion
    from shroff.watch.drift_findings import Drift
    from shroff.watch.incident_desk import Changes
    from shroff.watch.new_terms import NewTerms, TermQuestion
    from shroff.watch.told import Told
    from shroff.watch.trend_lines import TrendQuestion, Trends
    from shroff.watch.why_findings import Why, WhyQuestion

__all__ = ["Lookout"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookout:
    """Where a workspace's logs are watched.

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
    upkeep : callable
        Gives what keeps cubes of the logs.
    """

    root: Path
    settings: Settings
    lake: Lake
    catalog: Catalog
    engine: Callable[[], AbstractContextManager[Engine]]
    upkeep: Callable[[Engine], Upkeep]

    def changes(self, *, period: str | Period = "") -> Changes:
        """Find what changed in all watched series, and keep it as incidents.

        Parameters
        ----------
        period : str or Period
            As for `Workspace.measure`; the last 26 weeks when empty.

        Returns
        -------
        Changes
            One incident an event; those that were not known are told apart.
        """
        from shroff.watch.changes_watch import watch_changes  # noqa: PLC0415  (numba, scipy)
        from shroff.watch.holidays import holidays_of  # noqa: PLC0415  (only when asked)
        from shroff.watch.watched_days import last_weeks  # noqa: PLC0415
        from shroff.watch.watched_slices import asked_for_changes  # noqa: PLC0415

        with self.engine() as engine:
            known = covered(engine)
            days = period or last_weeks(known, weeks=26)
            brief = brief_of(self.settings, engine, period=days)
            asked = asked_for_changes(engine, brief)
            counted = replace(brief, by=asked.ads)
            args = {"period": brief.period.label()}
            with self.catalog.noted("watch changes", args=args, snapshot=engine.snapshot):
                return watch_changes(
                    engine,
                    brief,
                    asked,
                    known=known,
                    catalog=self.catalog,
                    holidays=holidays_of(self.settings.watch, brief.period),
                    kept=self.upkeep(engine).for_brief(counted),
                )

    def told(self, engine: Engine, brief: Brief) -> Told | None:
        """Tell what a report says of watching, up to the end of its period."""
        from shroff.watch.told import told  # noqa: PLC0415  (only when asked)

        return told(engine, brief, settings=self.settings.watch, catalog=self.catalog)

    def trends(self, question: TrendQuestion, *, period: str | Period = "") -> Trends:
        """Draw metrics by day, with forecasts.

        Parameters
        ----------
        question : TrendQuestion
            Metrics, columns, days to forecast.
        period : str or Period
            As for `Workspace.measure`; the last thirteen weeks when empty.

        Returns
        -------
        Trends
            The lines, the changes of the log and the holidays beside them.
        """
        from shroff.watch.holidays import holidays_of  # noqa: PLC0415  (only when asked)
        from shroff.watch.trends import trends  # noqa: PLC0415  (scipy is slow to import)
        from shroff.watch.watched_days import last_weeks, with_days_ahead  # noqa: PLC0415

        with self.engine() as engine:
            known = covered(engine)
            days = period or last_weeks(known)
            brief = brief_of(self.settings, engine, by=[question.slicing], period=days)
            args = {"period": brief.period.label(), "metrics": list(question.metrics)}
            with self.catalog.noted("watch trends", args=args, snapshot=engine.snapshot):
                return trends(
                    engine,
                    brief,
                    question,
                    known=known,
                    holidays=holidays_of(
                        self.settings.watch, with_days_ahead(brief.period, question.ahead)
                    ),
                    kept=self.upkeep(engine).for_brief(brief),
                )

    def campaigns(self, question: CampaignQuestion, *, period: str | Period = "") -> Campaigns:
        """Find ads that say nearly the same and are run by several accounts.

        Parameters
        ----------
        question : CampaignQuestion
            How many ads, how alike, how many to tell.
        period : str or Period
            As for `Workspace.measure`; the last thirteen weeks when empty.

        Returns
        -------
        Campaigns
            Leads, not verdicts: who runs them, where and when, what became of each ad. Kept as
            findings where the catalog can be written.
        """
        from shroff.watch.campaigns import campaigns  # noqa: PLC0415  (numba is slow to import)

        with self.engine() as engine:
            brief = brief_of(self.settings, engine, by=(), period=period or "last-91-days")
            args = {"period": brief.period.label(), "least": question.least}
            with self.catalog.noted("watch campaigns", args=args, snapshot=engine.snapshot):
                found = campaigns(engine, brief.period, question)
        if not self.catalog.read_only:
            self.catalog.findings.keep(each.finding() for each in found.campaigns)
        return found

    def drift(
        self,
        *,
        by: Sequence[str] = (),
        period: str | Period = "",
        background: str | Period = "",
        level: float = 0.95,
    ) -> Drift:
        """Tell how far inputs, words, scores and reviewers moved, and what that does to shares.

        Parameters
        ----------
        by : sequence of str
            Columns; those of the settings when empty.
        period : str or Period
            As for `Workspace.measure`.
        background : str or Period
            Days just before it, as many when empty.
        level : float
            Coverage of the intervals, in (0, 1).

        Returns
        -------
        Drift
            Effect sizes with intervals; what moved moderately or far is kept as findings where
            the catalog can be written.
        """
        from shroff.watch.drift import compared  # noqa: PLC0415  (numba is slow to import)

        args = {"by": list(by), "period": str(period)}
        with (
            self.engine() as engine,
            self.catalog.noted("watch drift", args=args, snapshot=engine.snapshot),
        ):
            found = compared(
                engine, self.settings, by=by, period=period, background=background, level=level
            )
        if not self.catalog.read_only:
            self.catalog.findings.keep(found.findings())
        return found

    def terms(
        self,
        question: TermQuestion,
        *,
        period: str | Period = "",
        background: str | Period = "",
    ) -> NewTerms:
        """Find words, phrases and character sequences that rise among ads of a kind.

        Parameters
        ----------
        question : TermQuestion
            Which ads, against what, how sure.
        period : str or Period
            As for `Workspace.measure`.
        background : str or Period
            Days before it; as many as it has, just before it, when empty.

        Returns
        -------
        NewTerms
            The terms, with growth, examples, variants; kept as findings where the catalog can be
            written.
        """
        from shroff.watch.term_watch import new_terms  # noqa: PLC0415  (numba is slow to import)

        with self.engine() as engine:
            days = brief_of(self.settings, engine, by=(), period=period).period
            earlier = (
                brief_of(self.settings, engine, by=(), period=background).period
                if background
                else None
            )
            args = {"period": days.label(), "of": question.among.value}
            with self.catalog.noted("watch terms", args=args, snapshot=engine.snapshot):
                found = new_terms(engine, days, question, background=earlier)
        if not self.catalog.read_only:
            self.catalog.findings.keep(found.findings())
        return found

    def why(
        self,
        question: WhyQuestion,
        *,
        period: str | Period = "",
        against: str | Period = "",
    ) -> Why:
        """Explain why a figure changed.

        Parameters
        ----------
        question : WhyQuestion
            Metric, dimensions, depth.
        period : str or Period
            As for `Workspace.measure`; the last seven complete days when empty.
        against : str or Period
            The period to hold it against; the one of its length just before it when empty.

        Returns
        -------
        Why
            The change split into rate and mix by each dimension, the smallest set of slices that
            explains it, with suspects; causes are kept as findings where the catalog can be
            written.
        """
        from shroff.watch.why import last_two_weeks, why  # noqa: PLC0415  (numba is slow to import)
        from shroff.watch.why_sources import Windows  # noqa: PLC0415
        from shroff.watch.why_telling import findings_of  # noqa: PLC0415

        with self.engine() as engine:
            usual, _ = last_two_weeks(covered(engine))
            after = brief_of(self.settings, engine, period=period or usual, level=question.level)
            before = brief_of(
                self.settings,
                engine,
                period=against or after.period.before(),
                level=question.level,
            )
            upkeep = self.upkeep(engine)
            windows = Windows(before=before, after=after, kept=upkeep.for_brief)
            args = {"metric": question.metric, "period": after.period.label()}
            with self.catalog.noted("watch why", args=args, snapshot=engine.snapshot):
                found = why(engine, windows, question)
        if not self.catalog.read_only:
            self.catalog.findings.keep(findings_of(found))
        return found

    def advertisers(
        self, question: AdvertiserQuestion, *, period: str | Period = "", level: float = 0.95
    ) -> Advertisers:
        """Tell which accounts drive violations, leaks, overturned rejects and review load.

        Parameters
        ----------
        question : AdvertiserQuestion
            What they are ranked by, and how many are told.
        period : str or Period
            As for `Workspace.measure`; the last thirteen weeks when empty.
        level : float
            Coverage of the intervals, in (0, 1).

        Returns
        -------
        Advertisers
            Leads, not verdicts: the accounts, new against old, how long accounts stay clean. Those
            worse than all together beyond doubt are kept as findings where the catalog can be
            written.
        """
        from shroff.measure.scorecard import scorecard  # noqa: PLC0415  (only when asked)
        from shroff.watch.account_watch import advertisers  # noqa: PLC0415  (scipy is slow to import)

        with self.engine() as engine:
            brief = brief_of(
                self.settings,
                engine,
                by=[()],
                period=period or "last-91-days",
                wanted=("leakage",),
                level=level,
            )
            args = {"period": brief.period.label(), "by": str(question.by)}
            with self.catalog.noted("watch advertisers", args=args, snapshot=engine.snapshot):
                card = scorecard(engine, brief, kept=self.upkeep(engine).for_brief(brief))
                found = advertisers(engine, card, question)
        if not self.catalog.read_only:
            self.catalog.findings.keep(found.findings())
        return found
