"""Scores made to mean what they say: a rising curve fitted to labels, kept as a detector."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from shroff.domain.messages import Message
from shroff.domain.metrics import Weight
from shroff.errors import DesignError
from shroff.measure.brief import Brief
from shroff.measure.calibrated import read_labels
from shroff.measure.calibrator import CALIBRATION, Calibrator
from shroff.measure.curve_points import estimate_record
from shroff.measure.recalling import Kept
from shroff.measure.score_labels import ScoreKey, strata_of, told_by
from shroff.measure.score_queries import Chosen
from shroff.measure.scorecard import scorecard
from shroff.stats.calibration import calibration, middles
from shroff.stats.calibration_figures import Calibration
from shroff.stats.isotonic import Rising, rising
from shroff.stats.sampling import Strata
from shroff.stats.score_cells import PLACES, ScoreCells
from shroff.store.detector_files import DetectorFiles, KeptDetector
from shroff.store.engine import Engine
from shroff.store.sql import literal

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Recalibrated", "calibrator_of", "chances", "recalibrate", "scores_to_calibrate"]

_SEED = 20261122
_FOLDS = 5
_FEWEST = 50  # labels
_FEWEST_OF_EACH = 10  # violating, and compliant ones


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalibrated:
    """A calibration that was fitted and kept.

    Parameters
    ----------
    key : ScoreKey
        Whose score.
    detector : Calibrator
        What turns the score into a chance.
    kept : KeptDetector
        Its file, with what it was made from.
    new : bool
        False when the newest version does exactly the same.
    labels, violating : int
        What it was fitted to.
    before, after : Calibration
        Of the score, and of the chance: each label judged by a curve fitted without it.
    caveats : tuple of Message
        What to know of the labels.
    """

    key: ScoreKey
    detector: Calibrator
    kept: KeptDetector
    new: bool
    labels: int
    violating: int
    before: Calibration
    after: Calibration
    caveats: tuple[Message, ...]

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "kind": self.detector.kind,
            "id": self.detector.id,
            "version": self.detector.version,
            "new": self.new,
            "file": str(self.kept.path),
            "model": self.key.model,
            "model_version": self.key.version,
            "policy": self.key.policy,
            "labels": self.labels,
            "violating": self.violating,
            "before": _figures(self.before),
            "after": _figures(self.after),
            "curve": [
                {"score": at, "calibrated": value}
                for at, value in zip(self.detector.at, self.detector.value, strict=True)
            ],
            "provenance": dict(self.kept.provenance),
            "caveats": [caveat.record() for caveat in self.caveats],
        }


def _figures(found: Calibration) -> dict[str, object]:
    return {
        "ece": estimate_record(found.ece),
        "gap": estimate_record(found.gap),
        "brier": estimate_record(found.brier),
        "p_calibrated": found.p_calibrated,
    }


def recalibrate(
    engine: Engine, brief: Brief, *, chosen: Chosen, root: Path, kept: Kept | None = None
) -> Recalibrated:
    """Fit a curve from one model version's score to the chance of a violation, and keep it.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    brief : Brief
        Period, designs, level.
    chosen : Chosen
        Whose score; model and version must be named.
    root : Path
        Folder of the workspace.
    kept : Kept or None
        Cubes that are up to date.

    Returns
    -------
    Recalibrated
        The detector, its file and how good it is.

    Raises
    ------
    DesignError
        If the labels cannot tell a curve: too few, of one class, of several scores, or of scores
        outside 0 to 1.

    Notes
    -----
    Isotonic regression with weights, half a label at each end, so that no chance is 0 or 1. How
    good it is, is told by five curves, each fitted without the fifth of the labels (or of their
    clusters) that it is judged by.
    """
    card = scorecard(engine, replace(brief, by=((),), wanted=("approve_rate",)), kept=kept)
    frame = card.frames[Weight.ADS]
    cells, _, _ = read_labels(engine, frame, chosen=chosen)
    key = _one(list(cells), chosen)
    mine = cells[key]
    _require_telling(mine, key)
    strata = strata_of(engine, frame)
    curve = _fitted(mine)
    name = "/".join([key.model, key.version, *([key.policy] if key.policy else [])])
    before, after = _judged(mine, strata, level=brief.level)
    labels = round(float(mine.n.sum()))
    violating = round(float(mine.n[mine.violating].sum()))
    provenance = {
        **_made_from(brief, engine, design=frame.text()),
        "labels": labels,
        "violating": violating,
        "before": _figures(before),
        "after": _figures(after),
    }
    file, new = DetectorFiles(root).keep(
        CALIBRATION, name, content=_content(key, curve), provenance=provenance
    )
    return Recalibrated(
        key=key,
        detector=calibrator_of(file),
        kept=file,
        new=new,
        labels=labels,
        violating=violating,
        before=before,
        after=after,
        caveats=told_by(frame),
    )


def _content(key: ScoreKey, curve: Rising) -> dict[str, object]:
    return {
        "model": key.model,
        "version": key.version,
        "policy": key.policy,
        "at": curve.at.tolist(),
        "value": curve.value.tolist(),
    }


def _made_from(brief: Brief, engine: Engine, *, design: str) -> dict[str, object]:
    return {
        "method": "isotonic",
        "period": {"start": str(brief.period.start), "end": str(brief.period.end)},
        "as_of": brief.as_of.isoformat(),
        "snapshot": dict(engine.snapshot),
        "design": design,
    }


def calibrator_of(kept: KeptDetector) -> Calibrator:
    """Make the detector that a file describes."""
    at, value = (_numbers(kept.content[name]) for name in ("at", "value"))
    return Calibrator(kept.id, kept.version, at, value)


def _numbers(told: object) -> tuple[float, ...]:
    return tuple(float(each) for each in told) if isinstance(told, list) else ()


def scores_to_calibrate(kept: KeptDetector) -> str:
    """Write the query for the scores that a kept calibration is for.

    Parameters
    ----------
    kept : KeptDetector
        The calibration.

    Returns
    -------
    str
        A SELECT with ``ad_id``, ``ad_version`` and ``score``, for `Engine.detect`.
    """
    policy = kept.content["policy"]
    test = "policy_id IS NULL" if policy is None else f"policy_id = {literal(str(policy))}"
    return (
        "SELECT ad_id, ad_version, score FROM scores"
        f" WHERE model = {literal(str(kept.content['model']))}"
        f" AND version = {literal(str(kept.content['version']))} AND {test}"
    )


def chances(engine: Engine, kept: KeptDetector) -> pa.Table:
    """Run a kept calibration over every ad that has its score, where the engine's workers are.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    kept : KeptDetector
        The calibration.

    Returns
    -------
    Table
        ``ad_id``, ``ad_version``, ``score`` and ``calibrated``, in the order of the ads.
    """
    import pyarrow as pa  # noqa: PLC0415  (only those who ask for a table need it)

    detector = calibrator_of(kept)
    batches = list(engine.detect(scores_to_calibrate(kept), detector))
    table = (
        pa.Table.from_batches(batches) if batches else pa.table({n: [] for n in detector.columns})
    )
    return table.sort_by([("ad_id", "ascending"), ("ad_version", "ascending")])


def _one(keys: Sequence[ScoreKey], chosen: Chosen) -> ScoreKey:
    """Take the one score asked for; of several, that over all policies."""
    whole = [key for key in keys if key.policy is None]
    found = whole if len(keys) > 1 and not chosen.policy else list(keys)
    if len(found) == 1:
        return found[0]
    if not found and not keys:
        raise DesignError(
            "no ad that has such a score is labelled",
            hint="shroff models calibration lists scores with labels",
        )
    names = ", ".join(sorted(key.text() for key in keys)[:8])
    raise DesignError(
        f"{len(keys)} scores are meant, one can be calibrated at a time: {names}",
        hint="name --model, --version and --policy (- for the score over all policies)",
    )


def _require_telling(cells: ScoreCells, key: ScoreKey) -> None:
    """Refuse labels that no curve can be fitted to."""
    if np.any((cells.place < 1) | (cells.place >= PLACES - 1)):
        raise DesignError(
            f"scores of {key.text()} lie outside 0 to 1",
            hint="map them, e.g. 1 / (1 + EXP(-score)) under [mapping.scores] expressions",
        )
    labels = cells.n.sum()
    violating = cells.n[cells.violating].sum()
    if labels < _FEWEST or min(violating, labels - violating) < _FEWEST_OF_EACH:
        raise DesignError(
            f"{labels:.0f} labels of {key.text()}, {violating:.0f} of them violating, are too few"
            " to fit a curve to",
            hint=f"{_FEWEST} labels, {_FEWEST_OF_EACH} of each kind: choose a longer --period, or"
            " draw more (shroff labels plan)",
        )
    if len(np.unique(cells.place)) < 2:
        raise DesignError(
            f"all labels of {key.text()} have the same score",
            hint="a constant says nothing of single ads: use the share of violating ads instead",
        )


def _fitted(cells: ScoreCells) -> Rising:
    ends = 0.5 * float(cells.w.sum() / cells.n.sum())
    hits = cells.violating.astype(np.float64)
    return rising(middles(cells.place), hits, cells.w, ends=ends)


def _judged(cells: ScoreCells, strata: Strata, *, level: float) -> tuple[Calibration, Calibration]:
    """Judge the score as it is, and as curves that did not see a label would change it."""
    single, fold = _folded(cells)
    chance = np.zeros(len(single))
    for number in range(_FOLDS):
        rest = single.where(fold != number)
        mine = fold == number
        chance[mine] = _fitted(rest)(middles(single.place[mine]))
    before = calibration(cells, strata, level=level, rng=np.random.default_rng(_SEED))
    after = calibration(
        single, strata, score=chance, level=level, rng=np.random.default_rng(_SEED)
    )
    return before, after


def _folded(cells: ScoreCells) -> tuple[ScoreCells, np.ndarray]:
    """Split labels into folds at random, clusters whole: rows by fold, and the fold of each."""
    rng = np.random.default_rng(_SEED)
    if cells.cluster is not None:
        of_cluster = rng.integers(0, _FOLDS, int(cells.cluster.max(initial=0)) + 1)
        return cells, of_cluster[cells.cluster]
    counts = np.rint(cells.n).astype(int)
    parts = rng.multinomial(counts, [1 / _FOLDS] * _FOLDS)
    row, fold = np.nonzero(parts)
    share = parts[row, fold] / cells.n[row]
    single = cells.where(row)
    return replace(
        single, n=parts[row, fold].astype(float), w=single.w * share, w2=single.w2 * share
    ), fold
