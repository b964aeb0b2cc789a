"""Further questions to a workspace's logs, each with an answer of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from shroff.errors import ConfigError
from shroff.measure.briefing import brief_of
from shroff.measure.monitoring import Progress, monitor
from shroff.measure.periods import covered
from shroff.measure.score_analyses import ScoreAnalyses

if TYPE_CHECKING:
    from shroff.domain.slices import Period
    from shroff.measure.label_desk import DrawnBatch, LabelDesk
    from shroff.measure.model_card import ModelCard
    from shroff.measure.model_compare import Asked
    from shroff.measure.model_verdict import ModelComparison
    from shroff.measure.powered import FewerLabels
    from shroff.measure.regulatory import Regulatory
    from shroff.measure.worse_slices import WorseSlices

__all__ = ["Analyses"]


class Analyses(ScoreAnalyses):
    """Where a workspace's logs are asked further questions.

    Parameters
    ----------
    settings : Settings
        What its shroff.toml says.
    catalog : Catalog
        What was done.
    engine : callable
        Opens a query engine over the logs.
    upkeep : callable
        Gives what keeps cubes of the logs.
    """

    def goals(self, *, level: float = 0.95) -> tuple[Progress, ...]:
        """Judge every goal of the settings, from its own start to the last complete day.

        Parameters
        ----------
        level : float
            Chance that no day's verdict is wrong by chance, in (0, 1).

        Returns
        -------
        tuple of Progress
            One a goal: where it stands, since when that is known, and every day before.

        Raises
        ------
        ConfigError
            If no goal is set.
        """
        if not self._settings.goals:
            raise ConfigError(
                "no goal is set",
                where="shroff.toml [goals]",
                hint="e.g. [goals.leakage] at_most = 0.01",
            )
        with self._engine() as engine:
            brief = brief_of(self._settings, engine, by=(), level=level)
            known = covered(engine)
            with self._catalog.noted("goals", args={}, snapshot=engine.snapshot):
                return monitor(
                    engine,
                    brief,
                    first=known.first,
                    until=known.complete_until,
                    kept=self._upkeep(engine).for_brief(brief),
                )

    def regulatory(self, *, period: str | Period = "", level: float = 0.95) -> Regulatory:
        """Compute what transparency reports state of automation, beside random labels.

        Parameters
        ----------
        period : str or Period
            As for `Workspace.measure`.
        level : float
            Coverage of the intervals, in (0, 1).

        Returns
        -------
        Regulatory
            Accuracy, precision and recall by three published definitions and by random labels,
            measures by automation alone, complaints.
        """
        from shroff.measure.regulatory import regulatory  # noqa: PLC0415  (only when asked)

        with self._engine() as engine:
            brief = brief_of(self._settings, engine, by=(), period=period, level=level)
            args = {"period": brief.period.label()}
            with self._catalog.noted("regulatory", args=args, snapshot=engine.snapshot):
                return regulatory(engine, brief)

    def compare_models(
        self,
        asked: Asked,
        *,
        by: Sequence[str | Sequence[str]] | None = None,
        period: str | Period = "",
        level: float = 0.95,
    ) -> ModelComparison:
        """Tell which of two versions of a model is better, on the same ads.

        Parameters
        ----------
        asked : Asked
            Model, versions, threshold, and what to hold equal.
        by : sequence, optional
            Slicings, as for `Workspace.measure`.
        period : str or Period
            As for `Workspace.measure`.
        level : float
            Coverage of the intervals, in (0, 1).

        Returns
        -------
        ModelComparison
            Figures, slices, a verdict, and how small a difference would be found.
        """
        from shroff.measure.model_compare import (  # noqa: PLC0415  (only when asked)
            compare_models,
            stand_for_models,
        )

        with self._engine() as engine:
            brief = brief_of(self._settings, engine, by=by, period=period, level=level)
            args = {"period": brief.period.label()}
            with self._catalog.noted("models compare", args=args, snapshot=engine.snapshot):
                frame = stand_for_models(engine, brief)
                return compare_models(engine, brief, frame=frame, asked=self._lined(asked))

    def model_card(
        self,
        version: str = "",
        *,
        asked: Asked,
        against: str = "",
        period: str | Period = "",
        level: float = 0.95,
    ) -> ModelCard:
        """Tell what is known of one version of a model.

        Parameters
        ----------
        version : str
            The version; the one that decides when empty.
        asked : Asked
            Model and threshold, as for `compare_models`.
        against : str
            The version to hold it against; chosen when empty.
        period : str or Period
            As for `Workspace.measure`.
        level : float
            Coverage of the intervals, in (0, 1).

        Returns
        -------
        ModelCard
            Its figures, its weak slices, and how it stands to the other version.
        """
        from shroff.measure.model_card import model_card  # noqa: PLC0415  (only when asked)
        from shroff.measure.model_compare import stand_for_models  # noqa: PLC0415

        with self._engine() as engine:
            brief = brief_of(self._settings, engine, period=period, level=level)
            args = {"period": brief.period.label(), "version": version}
            with self._catalog.noted("models card", args=args, snapshot=engine.snapshot):
                frame = stand_for_models(engine, brief)
                named = {"version": version, "against": against}
                return model_card(engine, brief, frame=frame, asked=self._lined(asked), **named)

    def _lined(self, asked: Asked) -> Asked:
        """Add the lines that versions were registered with, for logs that do not tell them."""
        lines = {
            (each.name, each.version): min(acting)
            for each in self._catalog.models.models()
            if (acting := [at for act, at in each.thresholds.items() if act != "approve"])
        }
        return replace(asked, registered=lines)

    def draw_disagreements(
        self,
        asked: Asked,
        *,
        labels: int,
        desk: LabelDesk,
        form: str = "csv",
        out: str | Path = "",
        period: str | Period = "",
    ) -> DrawnBatch:
        """Draw ads to label, most of them ads on which two versions disagree.

        Parameters
        ----------
        asked : Asked
            As for `compare_models`.
        labels : int
            Labels wanted.
        desk : LabelDesk
            Where batches are kept: ``workspace.labels``, which takes the labels back.
        form : str
            ``csv``, ``xlsx`` or ``jsonl``.
        out : str or Path
            File; ``audits/BATCH.FORM`` in the workspace when empty.
        period : str or Period
            As for `Workspace.measure`.

        Returns
        -------
        DrawnBatch
            What was drawn.
        """
        from shroff.measure.model_compare import (  # noqa: PLC0415  (only when asked)
            compare_models,
            stand_for_models,
        )
        from shroff.measure.model_disagreement import (  # noqa: PLC0415  (only when asked)
            disagreement_drawing,
        )

        self._catalog.writable()
        with self._engine() as engine:
            brief = brief_of(self._settings, engine, by=(), period=period)
            args = {"period": brief.period.label(), "labels": labels}
            with self._catalog.run("models compare", args=args, snapshot=engine.snapshot):
                frame = stand_for_models(engine, brief)
                found = compare_models(engine, brief, frame=frame, asked=self._lined(asked))
                drawing = disagreement_drawing(engine, found, labels=labels)
                return desk.write(engine, brief, drawing, form=form, out=out)

    def slices(
        self,
        metric: str = "leakage",
        *,
        by: Sequence[str] = (),
        depth: int = 3,
        false_share: float = 0.05,
        held_out: str = "later",
        period: str | Period = "",
        level: float = 0.95,
    ) -> WorseSlices:
        """Search all slices of some columns for those that are worse than the rest.

        Parameters
        ----------
        metric : str
            Id of a metric that rests on labels, or ``overturns_per_appeal``.
        by : sequence of str
            Columns that make slices; those of the settings when empty.
        depth : int
            Most columns of a slice, 1 to 3.
        false_share : float
            Share of false ones among the slices found that is allowed, on average, in (0, 1).
        held_out : str
            Labels left for confirming: ``later`` (the last days) or ``hash`` (by the ad's id).
        period : str or Period
            As for `Workspace.measure`.
        level : float
            Coverage of the intervals, in (0, 1).

        Returns
        -------
        WorseSlices
            The slices, each with a sentence, its share of all errors, and what labels that were
            held out say of it.
        """
        from shroff.measure.scorecard import scorecard  # noqa: PLC0415  (only when asked)
        from shroff.measure.worse_slices import (  # noqa: PLC0415  (only when asked)
            SliceQuestion,
            held_out_of,
            worse_slices,
        )

        asked = SliceQuestion(
            metric=metric,
            by=tuple(by),
            depth=depth,
            false_share=false_share,
            held_out=held_out_of(held_out),
        )
        with self._engine() as engine:
            brief = brief_of(self._settings, engine, period=period, wanted=(metric,), level=level)
            args = {"period": brief.period.label(), "metric": metric, "depth": depth}
            with self._catalog.noted("slices", args=args, snapshot=engine.snapshot):
                whole = replace(brief, by=((),))
                kept = self._upkeep(engine).for_brief(whole)
                card = replace(scorecard(engine, whole, kept=kept), brief=brief)
                return worse_slices(engine, card, asked)

    def fewer_labels(
        self,
        *,
        by: Sequence[str | Sequence[str]] = (),
        metrics: Sequence[str] = (),
        model: str = "",
        period: str | Period = "",
        level: float = 0.95,
    ) -> FewerLabels:
        """Estimate from labels on few ads and scores on all, beside labels alone.

        Parameters
        ----------
        by : sequence
            Slicings, as for `Workspace.measure`; everything only when empty.
        metrics : sequence of str
            Metrics; the usual ones when empty.
        model : str
            Whose scores; the model with most of them when empty.
        period : str or Period
            As for `Workspace.measure`.
        level : float
            Coverage of the intervals, in (0, 1).

        Returns
        -------
        FewerLabels
            Each figure with and without scores, the labels that scores are worth, and what scores
            alone expect.
        """
        from shroff.measure.fewer_labels import fewer_labels  # noqa: PLC0415  (only when asked)

        with self._engine() as engine:
            brief = brief_of(
                self._settings, engine, by=by, period=period, wanted=metrics, level=level
            )
            args = {"period": brief.period.label(), "by": brief.by, "model": model}
            with self._catalog.noted("fewer labels", args=args, snapshot=engine.snapshot):
                return fewer_labels(engine, brief, model=model)
