"""One page about one version of a model."""

from __future__ import annotations

from dataclasses import dataclass

from shroff.domain.messages import Message
from shroff.domain.slices import Slice
from shroff.errors import ConfigError, DesignError
from shroff.measure.blocks import Figure, record_of
from shroff.measure.brief import Brief
from shroff.measure.frame import Frame
from shroff.measure.model_compare import compare_pair
from shroff.measure.model_figures import Operating, Versus, label_of
from shroff.measure.model_verdict import ModelComparison
from shroff.measure.model_versions import ModelVersion, Pair, choose_pair, model_versions
from shroff.measure.model_work import Asked
from shroff.stats.estimate import Estimate
from shroff.store.engine import Engine

__all__ = ["CardSlice", "ModelCard", "model_card"]


@dataclass(frozen=True, slots=True)
class CardSlice:
    """What one slice shows of a version.

    Parameters
    ----------
    slice : Slice
        Which ads.
    recall, precision : Estimate or None
        Its figures there; None where there is no label in the denominator.
    """

    slice: Slice
    recall: Estimate | None
    precision: Estimate | None

    @property
    def name(self) -> str:
        """Name the slice by its columns and values."""
        return label_of(self.slice)


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What is known of one version.

    Parameters
    ----------
    version : ModelVersion
        The version.
    comparison : ModelComparison
        It, beside another version or, where there is none, beside itself.
    """

    version: ModelVersion
    comparison: ModelComparison

    @property
    def other(self) -> ModelVersion | None:
        """Give the version it is compared with."""
        pair = self.comparison.pair
        if pair.champion == pair.challenger:
            return None
        return pair.champion if self.is_challenger else pair.challenger

    @property
    def is_challenger(self) -> bool:
        """Tell whether it is the one that does not decide."""
        pair = self.comparison.pair
        return pair.champion != self.version

    @property
    def operating(self) -> Operating:
        """Give the thresholds the card is about."""
        return self.comparison.chosen

    @property
    def at(self) -> float:
        """Give the score from which it acts."""
        found = self.operating
        return found.challenger_at if self.is_challenger else found.champion_at

    @property
    def acts(self) -> int:
        """Count the ads it acts on."""
        found = self.operating.acts
        return found.challenger if self.is_challenger else found.champion

    def mine(self, versus: Versus) -> Estimate:
        """Give its own figure of two."""
        return versus.challenger if self.is_challenger else versus.champion

    def figures(self) -> dict[str, Estimate]:
        """Give recall, precision, false-positive rate and AUC; empty without labels."""
        found = {each.metric: self.mine(each) for each in self.operating.figures}
        if self.comparison.ranking is not None:
            found["auc"] = self.mine(self.comparison.ranking)
        return found

    def slices(self) -> tuple[CardSlice, ...]:
        """List its figures by slice, lowest recall first."""
        found: dict[Slice, dict[str, Estimate]] = {}
        for gap in self.comparison.slices:
            found.setdefault(gap.slice, {})[gap.versus.metric] = self.mine(gap.versus)
        cards = [
            CardSlice(part, held.get("recall"), held.get("precision"))
            for part, held in found.items()
        ]
        return tuple(sorted(cards, key=_recall_of))

    @property
    def verdict(self) -> tuple[Message, ...]:
        """Say how it stands to the other version."""
        return self.comparison.verdict if self.other else ()

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "version": self.version.record(),
            "acts_from": self.at,
            "acts_on": self.acts,
            "figures": [
                record_of(Figure(metric, Slice(()), each))
                for metric, each in self.figures().items()
            ],
            "slices": [
                {
                    "slice": each.slice.record(),
                    "recall": each.recall.value if each.recall else None,
                    "precision": each.precision.value if each.precision else None,
                }
                for each in self.slices()
            ],
            "comparison": self.comparison.record() if self.other else None,
        }


def _recall_of(part: CardSlice) -> tuple[bool, float]:
    value = part.recall.value if part.recall else None
    return value is None, value or 0.0


def model_card(
    engine: Engine,
    brief: Brief,
    *,
    frame: Frame,
    asked: Asked,
    version: str = "",
    against: str = "",
) -> ModelCard:
    """Tell what is known of one version; ``population`` of single ads and the frame must stand.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    brief : Brief
        Period, slices, designs, level.
    frame : Frame
        The label frame.
    asked : Asked
        Model, threshold, and what to hold equal.
    version : str
        The version; the one that decides when empty.
    against : str
        The version to hold it against; chosen when empty.

    Returns
    -------
    ModelCard
        Its figures, and how it stands to the other version where there is one.

    Raises
    ------
    ConfigError
        If there is no such version, or its threshold cannot be read from the logs.
    DesignError
        If no score is logged.
    """
    known = model_versions(engine)
    pair = _pair(known, asked, (version, against))
    named = version or next(
        v.version for v in (pair.champion, pair.challenger) if v.version != against
    )
    mine = next((v for v in (pair.champion, pair.challenger) if v.version == named), None)
    if mine is None:
        raise ConfigError(
            f"{named!r} is not one of the versions compared",
            hint=f"versions: {pair.champion.version}, {pair.challenger.version}",
        )
    found = compare_pair(engine, brief, frame=frame, asked=asked, pair=pair)
    return ModelCard(mine, found)


def _pair(known: tuple[ModelVersion, ...], asked: Asked, named: tuple[str, str]) -> Pair:
    """Choose the version and another; the version and itself where there is no other."""
    options = {"model": asked.model, "policy": asked.policy}
    version, against = named
    try:
        pair = choose_pair(known, **options)
        there = {pair.champion.version, pair.challenger.version}
        if against:
            pair = choose_pair(
                known, **options, champion=against, challenger=_another(version, pair, against)
            )
        elif version and version not in there:
            pair = choose_pair(known, **options, challenger=version)
    except DesignError:
        mine = [v for v in known if asked.model in {"", v.model} and version in {"", v.version}]
        mine = [v for v in mine if asked.policy in {"", v.policy}]
        if not mine or against:
            raise
        alone = max(mine, key=lambda each: (not each.policy, each.ads))
        return Pair(alone, alone)
    # the champion is the one that decides, whichever was named first
    return Pair(*sorted((pair.champion, pair.challenger), key=lambda each: -each.live))


def _another(version: str, usual: Pair, against: str) -> str:
    """Name the version a card is of when only the other one is named."""
    if version:
        return version
    first, second = usual.champion.version, usual.challenger.version
    return second if first == against else first
