"""Champion and challenger: which version of a model is better, on the same ads?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from shroff.domain.metrics import Weight
from shroff.errors import ConfigError
from shroff.measure.brief import Brief
from shroff.measure.frame import Frame, build_frames
from shroff.measure.model_labels import merge, read_labels
from shroff.measure.model_pairs import PairScores, acts_at, scores_of_pair
from shroff.measure.model_verdict import ModelComparison
from shroff.measure.model_versions import Pair, choose_pair, model_versions
from shroff.measure.model_work import Asked, Basis, Work
from shroff.measure.population import build_population
from shroff.measure.slicings import slicings_of
from shroff.store.engine import Engine

__all__ = ["Asked", "Basis", "compare_models", "compare_pair", "stand_for_models"]


def stand_for_models(engine: Engine, brief: Brief) -> Frame:
    """Make the ads of the period and the label frame for this session; give the frame."""
    build_population(engine, brief.period, derived=brief.derived, week_starts=brief.week_starts)
    return build_frames(engine, brief.designs, weights=[Weight.ADS])[Weight.ADS]


def compare_models(engine: Engine, brief: Brief, *, frame: Frame, asked: Asked) -> ModelComparison:
    """Compare two versions of a model; ``population`` of single ads and the frame must stand.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    brief : Brief
        Period, slices, designs, level.
    frame : Frame
        The label frame.
    asked : Asked
        What to compare.

    Returns
    -------
    ModelComparison
        Figures of both at the same precision, volume and thresholds, by slice, and a verdict.

    Raises
    ------
    ConfigError
        If there is no such version, or the champion's threshold cannot be read from the logs.
    DesignError
        If no ad was scored by both.
    """
    pair = choose_pair(
        model_versions(engine),
        model=asked.model,
        policy=asked.policy,
        champion=asked.champion,
        challenger=asked.challenger,
    )
    return compare_pair(engine, brief, frame=frame, asked=asked, pair=pair)


def compare_pair(
    engine: Engine, brief: Brief, *, frame: Frame, asked: Asked, pair: Pair
) -> ModelComparison:
    """Compare two versions that were chosen; see `compare_models`."""
    scores = scores_of_pair(engine, pair)
    at = _threshold(scores, pair, asked)
    # a report asks for slices of review tasks, too; scores are of ads
    brief = replace(brief, by=slicings_of(engine, brief).plain)
    names = list(dict.fromkeys(name for by in brief.by for name in by))
    acts = acts_at(engine, champion_at=at, challenger_at=at)
    near = scores.same_volume(acts.champion)
    draws = read_labels(engine, frame, pair, dimensions=names)
    sample = merge(draws, champion_at=at, challenger_at=near)
    return Work(engine, brief, asked, pair, scores, sample, at, near).run()


def _threshold(scores: PairScores, pair: Pair, asked: Asked) -> float:
    if asked.at is not None:
        if not np.isfinite(asked.at):
            raise ConfigError("a threshold that is not a number", where="--at")
        return asked.at
    if scores.live_at is not None:
        return scores.live_at
    registered = asked.registered.get((pair.champion.model, pair.champion.version))
    if registered is not None:
        return registered
    raise ConfigError(
        f"the logs do not tell from which score {pair.champion.version} acts",
        where="--at",
        hint="name its threshold, such as --at 0.5, or register it: shroff models register"
        f" {pair.champion.model} --version {pair.champion.version} --threshold review=0.5; it"
        " decided nothing in the period, or acted on everything or nothing",
    )
