"""Where a workspace is advised: what to change, what it would do, and whether it worked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shroff.measure.briefing import brief_of
from shroff.measure.label_desk import LabelDesk
from shroff.measure.periods import covered
from shroff.rules.rule_desk import RuleDesk
from shroff.watch.lookout import Lookout

if TYPE_CHECKING:
    from shroff.advise.grow import GrowAsked
    from shroff.advise.grow_result import Grow
    from shroff.advise.guarantee import GuaranteeAsked
    from shroff.advise.guarantee_result import Guarantee
    from shroff.advise.outcome_ledger import Ledger
    from shroff.advise.outcome_question import OutcomeQuestion
    from shroff.advise.outcome_result import Outcome
    from shroff.domain.slices import Period

__all__ = ["Adviser"]


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
            args = {"period": brief.period.label(), "by": list(asked.by)}
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
