"""How good a classifier is on labelled ads that it had not seen, under the labels' design."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from shroff.domain.messages import Message
from shroff.measure.curve_points import estimate_record
from shroff.models.classifier_training import Trained
from shroff.models.labelled_texts import DrawnTexts
from shroff.stats.calibration import calibration
from shroff.stats.estimate import Estimate
from shroff.stats.score_cells import cells_of_scores
from shroff.stats.score_ranking import ranking
from shroff.store.model_records import ModelRecord

__all__ = ["TrainedModel", "figures_of"]

_SEED = 20261123


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainedModel:
    """A classifier that was trained and registered.

    Parameters
    ----------
    model : ModelRecord
        As it is registered.
    trained : Trained
        The classifier and the place of the grid that was best.
    made_from : mapping
        What it was trained on, JSON-ready.
    figures : mapping of str to Estimate
        Average precision, AUC, and gap and error of its chances, on ads that it had not seen.
    caveats : tuple of Message
        What to know of the labels.
    """

    model: ModelRecord
    trained: Trained
    made_from: Mapping[str, Any]
    figures: Mapping[str, Estimate]
    caveats: tuple[Message, ...]

    def summary(self) -> Message:
        """Say what was trained."""
        return Message(
            "training.done",
            {
                "name": f"{self.model.name} {self.model.version}",
                "labels": int(self.made_from["labels"]),
                "violating": int(self.made_from["violating"]),
                "file": str(self.model.source["file"]),
            },
        )

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        setting = self.trained.setting
        return {
            "model": self.model.record(),
            "made_from": dict(self.made_from),
            "setting": {"cost": setting.cost, "stretch": setting.stretch},
            "features": len(self.trained.classifier.hashes),
            "figures": {name: estimate_record(each) for name, each in self.figures.items()},
            "caveats": [each.record() for each in self.caveats],
        }


def figures_of(drawn: DrawnTexts, found: Trained, *, level: float) -> dict[str, Estimate]:
    """Say how good scores of ads are that a classifier had not seen.

    Parameters
    ----------
    drawn : DrawnTexts
        The labels, and how they were drawn.
    found : Trained
        Scores of each, by a classifier fitted without its fold.
    level : float
        Coverage of the intervals.

    Returns
    -------
    dict of str to Estimate
        Figures with intervals under the labels' design.

    Notes
    -----
    One place of a small grid was chosen by the same scores, which flatters them a little.
    """
    cells = cells_of_scores(
        found.scores,
        drawn.labels.violating,
        weights=drawn.labels.weight,
        stratum=drawn.stratum,
        cluster=drawn.cluster,
    )
    ranks = ranking(cells, drawn.strata, level=level)
    rng = np.random.default_rng(_SEED)
    told = calibration(cells, drawn.strata, score=found.scores, level=level, rng=rng)
    return {
        "average_precision": ranks.average_precision,
        "auc": ranks.auc,
        "gap": told.gap,
        "ece": told.ece,
    }
