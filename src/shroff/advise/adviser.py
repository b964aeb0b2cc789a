"""Where a workspace is advised: what to change, what it would do, and whether it worked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from shroff.measure.briefing import brief_of
from shroff.measure.label_desk import LabelDesk
from shroff.measure.periods import covered
from shroff.rules.rule_desk import RuleDesk
from shroff.watch.lookout import Lookout

if TYPE_CHECKING:
    from shroff.advise.advice_plan import Plan
    from shroff.advise.cascade import CascadeAsked
    from shroff.advise.cascade_plan import CascadeFound
    from shroff.advise.grow import GrowAsked
    from shroff.advise.grow_result import Grow
    from shroff.advise.guarantee import GuaranteeAsked
    from shroff.advise.guarantee_result import Guarantee
    from shroff.advise.line_limits import LinesAsked
    from shroff.advise.outcome_ledger import Ledger
    from shroff.advise.outcome_question import OutcomeQuestion
    from shroff.advise.outcome_result import Outcome
    from shroff.advise.proposal import Proposal
    from shroff.advise.queue_need import Need
    from shroff.advise.simulation import Simulation
    from shroff.advise.threshold_plan import ThresholdPlan
    from shroff.domain.slices import Period
    from shroff.measure.brief import Brief
    from shroff.store.catalog_advice import Advice, AdviceStep
    from shroff.store.engine import Engine

__all__ = ["Adviser"]

_MOST_SIMULATED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Adviser:
    """Where a workspace is told what to change.

    Parameters
    ----------
    lookout : Lookout
        Where the logs are watched; with it the folder, settings, lake, catalog and engine.
    labels : LabelDesk
        Where labels are planned and taken back.
    rules : RuleDesk
        Where rules are tried.
    """

    lookout: Lookout
    labels: LabelDesk
    rules: RuleDesk

    def cascade(
        self, asked: CascadeAsked, *, period: str | Period = "", level: float = 0.95
    ) -> CascadeFound:
        """Find the best cascade of a cheap score, an LLM and people, beside other strategies."""
        from shroff.advise.cascade import cascade  # noqa: PLC0415  (scipy is slow to import)

        look = self.lookout
        with look.engine() as engine:
            brief = brief_of(look.settings, engine, by=(), period=period, level=level)
            args = {"llm": asked.llm}
            with look.catalog.noted("advise cascade", args=args, snapshot=engine.snapshot):
                return cascade(engine, brief, asked, costs=look.settings.costs)

    def grow(self, asked: GrowAsked, *, period: str | Period = "", level: float = 0.95) -> Grow:
        """Rank slices that are safest to automate next, and those that should not be automated.

        Parameters
        ----------
        asked : GrowAsked
            Score, columns, limits.
        period : str or Period
            As for `Workspace.measure`.
        level : float
            Chance that all bounds hold together, in (0, 1).

        Returns
        -------
        Grow
            Slices with hours saved, risk, and bounds that hold whichever is picked.
        """
        from shroff.advise.grow import grow  # noqa: PLC0415  (scipy is slow to import)

        look = self.lookout
        with look.engine() as engine:
            brief = brief_of(look.settings, engine, by=(), period=period, level=level)
            args = {"period": brief.period.label(), "by": list(asked.by or ())}
            with look.catalog.noted("advise grow", args=args, snapshot=engine.snapshot):
                return grow(engine, brief, asked)

    def guarantee(self, asked: GuaranteeAsked, *, period: str | Period = "") -> Guarantee:
        """Find reject lines whose precision is sure to stay above a floor.

        Parameters
        ----------
        asked : GuaranteeAsked
            Score, cells, floor, risk.
        period : str or Period
            As for `Workspace.measure`.

        Returns
        -------
        Guarantee
            A line for each cell, or why there is none and which labels it would take.
        """
        from shroff.advise.guarantee import guarantee  # noqa: PLC0415  (scipy is slow to import)

        look = self.lookout
        with look.engine() as engine:
            brief = brief_of(look.settings, engine, by=(), period=period)
            args = {"period": brief.period.label(), "by": list(asked.by), "delta": asked.delta}
            with look.catalog.noted("advise guarantee", args=args, snapshot=engine.snapshot):
                return guarantee(engine, brief, asked)

    def plan(self, sources: Sequence[str] = (), *, period: str | Period = "") -> Plan:
        """Rank everything that could be done by what it adds to what comes before it.

        Parameters
        ----------
        sources : sequence of str
            Where to ask, as ``shroff advise plan --from``; everywhere when empty.
        period : str or Period
            As for `Workspace.measure`.

        Returns
        -------
        Plan
            Recommendations with draws of their worth; kept where the catalog can be written.
        """
        from shroff.advise.advising import Asked, advise  # noqa: PLC0415  (numba is slow to import)

        look = self.lookout
        asked = Asked(sources=tuple(sources), root=look.root, lake=look.lake.root)
        with look.engine() as engine:
            brief = brief_of(look.settings, engine, by=(), period=period)
            args = {"period": brief.period.label(), "sources": list(sources)}
            with look.catalog.noted("advise plan", args=args, snapshot=engine.snapshot):
                found = advise(engine, brief, asked, settings=look.settings, catalog=look.catalog)
        if not look.catalog.read_only:
            look.catalog.advice.keep(found.advice())
        return found

    def decide(
        self,
        advice: str,
        state: str,
        *,
        who: str,
        why: str,
        told: Mapping[str, object] | None = None,
    ) -> tuple[Advice, tuple[AdviceStep, ...]]:
        """Record a decision on a recommendation.

        Parameters
        ----------
        advice : str
            Its id, or the beginning of it.
        state : str
            ``accepted``, ``rejected`` or ``done``.
        who, why : str
            Who decides, and the reason.
        told : mapping, optional
            What is told with it: owner, due date, day and way of a roll-out.

        Returns
        -------
        Advice, tuple of AdviceStep
            The recommendation as it stands now, and all decisions on it; where people sign in,
            what changes decisions is ``waiting`` until a second one approves it.
        """
        from shroff.advise.advice_decisions import Decided, decide  # noqa: PLC0415  (when asked)

        said = Decided(advice=advice, state=state, who=who, why=why, told=dict(told or {}))
        return decide(self.lookout.catalog, said)

    def outcome(self, question: OutcomeQuestion) -> Outcome:
        """Tell whether a change did what was forecast.

        Parameters
        ----------
        question : OutcomeQuestion
            Metric, day, roll-out, forecast.

        Returns
        -------
        Outcome
            The effect with its interval; kept beside its forecast where the catalog can be written.
        """
        from shroff.advise.outcome import outcome  # noqa: PLC0415  (scipy is slow to import)
        from shroff.advise.outcome_ledger import keep_outcome  # noqa: PLC0415

        look = self.lookout
        with look.engine() as engine:
            brief = brief_of(look.settings, engine, by=(), level=question.level)
            args = {"metric": question.metric, "on": str(question.on)}
            with look.catalog.noted("advise outcome", args=args, snapshot=engine.snapshot):
                kept = look.upkeep(engine).for_brief(brief)
                found = outcome(engine, brief, question, known=covered(engine), kept=kept)
        if not look.catalog.read_only:
            keep_outcome(look.catalog.advice, found)
        return found

    def remembered(self, today: date) -> tuple[tuple[Advice, ...], Ledger]:
        """Tell a report what was recommended when last asked, what is accepted, what came of it.

        Parameters
        ----------
        today : date
            Last day of the logs.

        Returns
        -------
        tuple of Advice, Ledger
            Recommendations of the last plan and those accepted; changes that were looked at.
        """
        from shroff.advise.outcome_ledger import ledger  # noqa: PLC0415  (scipy is slow to import)

        book = self.lookout.catalog.advice
        every = book.advice()
        last = max((each.last_at for each in every), default="")
        live = (each for each in every if each.last_at == last or each.state == "accepted")
        return tuple(live), ledger(book, today=today)

    def question_of(self, advice: str, *, level: float = 0.95) -> OutcomeQuestion:
        """Ask what came of a recommendation that is done, by its id or the beginning of it."""
        from shroff.advise.outcome_ledger import question_of  # noqa: PLC0415  (only when asked)

        return question_of(self.lookout.catalog.advice, advice, level=level)

    def ledger(self) -> Ledger:
        """Sum up every change that was looked at, and how forecasts have done."""
        from shroff.advise.outcome_ledger import ledger  # noqa: PLC0415  (scipy is slow to import)

        with self.lookout.engine() as engine:
            today = covered(engine).last_complete
        return ledger(self.lookout.catalog.advice, today=today)

    def simulate(
        self,
        proposal: Proposal,
        *,
        folder: str | Path = "",
        costs: Mapping[str, float] | None = None,
        first: Sequence[str] = (),
        period: str | Period = "",
        level: float = 0.95,
    ) -> Simulation:
        """Replay history under a proposal.

        Parameters
        ----------
        proposal : Proposal
            Thresholds, packs, versions, routing, staffing.
        folder : str or Path
            Folder that paths of packs start from; the workspace when empty.
        costs : mapping, optional
            Costs to use instead of those of the settings: ``missed``, ``wrong``, ``hour``.
        first : sequence of str
            Reasons of review tasks that are done first.
        period : str or Period
            As for `Workspace.measure`.
        level : float
            Coverage of the intervals, in (0, 1).

        Returns
        -------
        Simulation
            What would have changed, how sure that is, and what cannot be known.
        """
        from shroff.advise.cascade_fallback import simulate_now  # noqa: PLC0415  (scipy is slow)
        from shroff.advise.simulate_question import (  # noqa: PLC0415
            costs_asked,
            simulate_question,
        )

        look = self.lookout
        question = simulate_question(
            proposal,
            folder=Path(folder) if folder else look.root,
            costs=costs_asked(look.settings.costs, costs or {}),
            first=first,
        )
        with look.engine() as engine:
            brief = brief_of(look.settings, engine, by=(), period=period, level=level)
            args = {"period": brief.period.label(), "proposal": proposal.id}
            with look.catalog.noted("advise simulate", args=args, snapshot=engine.snapshot):
                lake, catalog = look.lake.root, look.catalog
                return simulate_now(engine, brief, question, lake=lake, catalog=catalog)

    def simulated(self, engine: Engine, brief: Brief) -> tuple[Simulation, ...]:
        """Replay the proposals in the folder ``proposals`` over a report's period.

        Parameters
        ----------
        engine : Engine
            Where the logs are.
        brief : Brief
            Period, designs, level.

        Returns
        -------
        tuple of Simulation
            The first five by name; one that cannot be replayed, or not on these labels, is left
            to the command, which says why.
        """
        folder = self.lookout.root / "proposals"
        files = sorted(folder.iterdir())[:_MOST_SIMULATED] if folder.is_dir() else []
        if not files:
            return ()
        from shroff.advise.simulate import simulated_files  # noqa: PLC0415  (scipy is slow)
        from shroff.advise.simulate_question import costs_asked  # noqa: PLC0415

        costs = costs_asked(self.lookout.settings.costs, {})
        return simulated_files(engine, brief, files, costs=costs, lake=self.lookout.lake.root)

    def staff(
        self,
        queue: str,
        *,
        share: float = 0.9,
        within: float = 24.0,
        proposal: Proposal | None = None,
        first: Sequence[str] = (),
        period: str | Period = "",
    ) -> Need:
        """Tell how many reviewers a queue needs.

        Parameters
        ----------
        queue : str
            The queue.
        share, within : float
            Share of tasks that are to be done within so many hours.
        proposal : Proposal, optional
            What would be changed besides.
        first : sequence of str
            Reasons of review tasks that are done first.
        period : str or Period
            As for `Workspace.measure`.

        Returns
        -------
        Need
            Reviewer hours a day, now and needed.
        """
        from shroff.advise.staffing import staff  # noqa: PLC0415  (scipy is slow to import)

        look = self.lookout
        with look.engine() as engine:
            brief = brief_of(look.settings, engine, by=(), period=period)
            args = {"period": brief.period.label(), "queue": queue}
            with look.catalog.noted("advise staff", args=args, snapshot=engine.snapshot):
                asked = {"share": share, "within": within}
                return staff(
                    engine, brief, queue, proposal=proposal, first=first, lake=look.lake.root,
                    **asked,
                )  # fmt: skip

    def thresholds(
        self, asked: LinesAsked, *, period: str | Period = "", level: float = 0.95
    ) -> ThresholdPlan:
        """Find the best lines to review and to reject from.

        Parameters
        ----------
        asked : LinesAsked
            What is made small, and the limits.
        period : str or Period
            As for `Workspace.measure`.
        level : float
            Coverage of the intervals, in (0, 1).

        Returns
        -------
        ThresholdPlan
            Today's strategy, the best lines and careful ones beside each other, what each limit
            costs, and what would help where limits cannot all be kept.
        """
        from shroff.advise.thresholds import thresholds  # noqa: PLC0415  (scipy is slow to import)

        look = self.lookout
        with look.engine() as engine:
            brief = brief_of(look.settings, engine, by=(), period=period, level=level)
            args = {"period": brief.period.label(), "by": list(asked.by)}
            with look.catalog.noted("advise thresholds", args=args, snapshot=engine.snapshot):
                return thresholds(engine, brief, asked, costs=look.settings.costs)
