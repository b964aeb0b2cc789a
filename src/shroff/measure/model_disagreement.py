"""Which ads to label to learn which version is better: those on which they disagree."""

from __future__ import annotations

from shroff.errors import ConfigError, DesignError
from shroff.measure.label_batch import Drawing, DrawStratum
from shroff.measure.label_plan_strata import Key
from shroff.measure.model_labels import design_of
from shroff.measure.model_verdict import ModelComparison
from shroff.store.engine import Engine
from shroff.store.sql import literal

__all__ = ["disagreement_drawing"]

_PAIRS = ("first", "second", "both", "neither")
_DIFFER = ("first", "second")
_SHARE = 2 / 3


def disagreement_drawing(engine: Engine, found: ModelComparison, *, labels: int) -> Drawing:
    """Say how to draw ads to label; ``population`` and ``model_pairs`` must stand.

    Parameters
    ----------
    engine : Engine
        Where they are; gets the session table ``model_disagreements``.
    found : ModelComparison
        The comparison, with the thresholds that its verdict rests on.
    labels : int
        Labels wanted, at least 4.

    Returns
    -------
    Drawing
        Two thirds of the labels go to ads on which the versions disagree, all with one chance, so
        that an exact test applies; the rest to ads that both or neither act on, without which
        nobody knows what a recall is a share of.

    Raises
    ------
    ConfigError
        If fewer than 4 labels are wanted.
    DesignError
        If the versions disagree on no ad.
    """
    if labels < len(_PAIRS):
        raise ConfigError(f"{labels} labels are too few to draw", hint="ask for 4 or more")
    chosen = found.chosen
    engine.materialise(
        "model_disagreements", _sql(champion=chosen.champion_at, challenger=chosen.challenger_at)
    )
    counts = {
        str(row["pair"]): int(row["ads"])
        for row in engine.query(
            "SELECT pair, COUNT(*) AS ads FROM model_disagreements WHERE in_period"
            " GROUP BY pair ORDER BY pair"
        ).to_pylist()
    }
    differ = sum(counts.get(name, 0) for name in _DIFFER)
    if not differ:
        raise DesignError(
            "the versions disagree on no ad at these thresholds",
            hint="choose other thresholds with --at and --challenger-at, or --same volume",
        )
    design = design_of(found.pair)
    strata = tuple(
        DrawStratum((name,), f"s{place}", design, _chance(name, counts, differ, labels=labels))
        for place, name in enumerate(_PAIRS, start=1)
        if counts.get(name)
    )
    period = found.brief.period
    return Drawing(
        period=f"{period.start}/{period.end}",
        keys=(Key("pair", "pair"),),
        strata=strata,
        table="model_disagreements",
    )


def _chance(name: str, counts: dict[str, int], differ: int, *, labels: int) -> float:
    if name in _DIFFER:
        return min(1.0, _SHARE * labels / differ)
    return min(1.0, (1 - _SHARE) / 2 * labels / counts[name])


def _sql(*, champion: float, challenger: float) -> str:
    first = f"m.first_score >= {literal(champion)}"
    second = f"m.second_score >= {literal(challenger)}"
    return (
        "SELECT p.ad_id, p.ad_version, p.in_period,"
        f" CASE WHEN {first} AND {second} THEN 'both' WHEN {first} THEN 'first'"
        f" WHEN {second} THEN 'second' ELSE 'neither' END AS pair"
        " FROM population AS p JOIN model_pairs AS m"
        " ON p.ad_id = m.ad_id AND p.ad_version = m.ad_version"
        " WHERE m.first_score IS NOT NULL AND m.second_score IS NOT NULL"
    )
