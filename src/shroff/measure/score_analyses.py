"""Questions about scores: thresholds, calibration, recalibration."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, TypeAlias

from shroff.measure.briefing import brief_of
from shroff.measure.upkeep import Upkeep
from shroff.store.catalog import Catalog
from shroff.store.engine import Engine
from shroff.store.settings import Settings

if TYPE_CHECKING:
    import pyarrow as pa

    from shroff.domain.slices import Period
    from shroff.measure.calibrated import Calibrations
    from shroff.measure.curves import Curves, CurvesAsked
    from shroff.measure.recalibrating import Recalibrated
    from shroff.measure.score_queries import Chosen
    from shroff.store.detector_files import KeptDetector

__all__ = ["Opens", "ScoreAnalyses"]

Opens: TypeAlias = Callable[[], AbstractContextManager[Engine]]


class ScoreAnalyses:
    """Where a workspace's logs are asked about scores.

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

    def __init__(
        self,
        settings: Settings,
        *,
        catalog: Catalog,
        engine: Opens,
        upkeep: Callable[[Engine], Upkeep],
    ) -> None:
        self._settings = settings
        self._catalog = catalog
        self._engine = engine
        self._upkeep = upkeep

    def curves(
        self,
        asked: CurvesAsked | None = None,
        *,
        period: str | Period = "",
        level: float = 0.95,
    ) -> Curves:
        """Say what each threshold on each model's score would catch, and what it would take.

        Parameters
        ----------
        asked : CurvesAsked, optional
            Whose scores, slices and bars; all scores without it.
        period : str or Period
            Days measured; the last four whole weeks when empty.
        level : float
            Chance that a band holds at all thresholds, in (0, 1).

        Returns
        -------
        Curves
            One a model version, policy and slice.
        """
        from shroff.measure.curves import EVERYTHING, curves  # noqa: PLC0415  (scipy is slow)

        asked = asked or EVERYTHING
        with self._engine() as engine:
            brief = brief_of(self._settings, engine, by=(), period=period, level=level)
            args = {"period": brief.period.label(), "by": asked.by}
            with self._catalog.noted("curves", args=args, snapshot=engine.snapshot):
                kept = self._upkeep(engine).for_brief(brief)
                return curves(engine, brief, asked=asked, kept=kept)

    def calibration(
        self, chosen: Chosen | None = None, *, period: str | Period = "", level: float = 0.95
    ) -> Calibrations:
        """Say whether scores (all, or those chosen) mean what they say, and whether that drifts."""
        from shroff.measure import calibrated  # noqa: PLC0415  (scipy is slow)
        from shroff.measure.score_queries import ALL_SCORES  # noqa: PLC0415

        with self._engine() as engine:
            brief = brief_of(self._settings, engine, by=(), period=period, level=level)
            args = {"period": brief.period.label()}
            with self._catalog.noted("calibration", args=args, snapshot=engine.snapshot):
                kept = self._upkeep(engine).for_brief(brief)
                asked = chosen or ALL_SCORES
                return calibrated.calibrations(engine, brief, chosen=asked, kept=kept)

    def recalibrate(
        self, chosen: Chosen, *, period: str | Period = "", level: float = 0.95
    ) -> Recalibrated:
        """Fit chances to the score chosen, and keep them as a new version of a detector."""
        from shroff.measure import recalibrating  # noqa: PLC0415  (scipy is slow)

        with self._engine() as engine:
            brief = brief_of(self._settings, engine, by=(), period=period, level=level)
            args = {"period": brief.period.label(), "model": chosen.model}
            with self._catalog.noted("recalibrate", args=args, snapshot=engine.snapshot):
                kept, root = self._upkeep(engine).for_brief(brief), self._catalog.path.parent
                return recalibrating.recalibrate(
                    engine, brief, chosen=chosen, root=root, kept=kept
                )

    def chances(self, kept: KeptDetector) -> pa.Table:
        """Give the chances that a kept calibration sees in all ads that have its score."""
        from shroff.measure.recalibrating import chances  # noqa: PLC0415  (scipy is slow)

        with self._engine() as engine:
            return chances(engine, kept)

    def detector(self, name: str, *, version: str = "") -> KeptDetector:
        """Find a kept calibration, such as ``ads_risk/v2``; its newest version when empty."""
        from shroff.measure.calibrator import CALIBRATION  # noqa: PLC0415
        from shroff.store.detector_files import DetectorFiles  # noqa: PLC0415

        files = DetectorFiles(self._catalog.path.parent)
        return files.read(CALIBRATION, name, version=version)
