"""How often would two versions of a model each have acted, on the ads that both scored?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shroff.errors import DesignError
from shroff.measure.model_versions import ModelVersion, Pair, usable
from shroff.store.engine import Engine
from shroff.store.sql import literal, literals

__all__ = ["Acts", "PairScores", "acts_at", "scores_of_pair"]

_BINS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PairScores:
    """Scores of two versions over the ads of a period, counted in bins.

    Parameters
    ----------
    ads : int
        Ads of the period.
    both : int
        Those that both versions scored.
    by_action : mapping
        For each machine action, ads and those that both scored.
    live_at : float or None
        Score from which the machine acts on what the champion decides; None where it cannot be
        told.
    edges : array of shape (bins,)
        Lowest score of each bin of the challenger's scores, rising.
    volume : array of shape (bins,)
        Ads that the challenger scores at least so high, among those both scored.
    """

    ads: int
    both: int
    by_action: dict[str, tuple[int, int]]
    live_at: float | None
    edges: np.ndarray
    volume: np.ndarray

    def same_volume(self, ads: int) -> float:
        """Find the challenger's threshold that acts on as many ads.

        Parameters
        ----------
        ads : int
            Ads the champion acts on.

        Returns
        -------
        float
            The threshold nearest to that, among the bins' lower edges.
        """
        return float(self.edges[int(np.argmin(np.abs(self.volume - ads)))])


@dataclass(frozen=True, slots=True, kw_only=True)
class Acts:
    """How many ads two versions act on at their thresholds, among those both scored.

    Parameters
    ----------
    champion, challenger : int
        Ads that each acts on.
    both : int
        Ads that both act on.
    scored : int
        Ads that both scored.
    """

    champion: int
    challenger: int
    both: int
    scored: int

    @property
    def differ(self) -> int:
        """Count the ads on which they disagree."""
        return self.champion + self.challenger - 2 * self.both

    @property
    def either(self) -> int:
        """Count the ads that one or the other acts on."""
        return self.champion + self.challenger - self.both


def scores_of_pair(engine: Engine, pair: Pair) -> PairScores:
    """Put the two scores of each ad side by side, and count them; ``population`` must stand.

    Parameters
    ----------
    engine : Engine
        Where the logs are; gets the session table ``model_pairs``.
    pair : Pair
        The versions.

    Returns
    -------
    PairScores
        The counts.

    Raises
    ------
    DesignError
        If no ad was scored by both.
    """
    engine.materialise("model_pairs", _pairs_sql(pair))
    rows = engine.query(
        "SELECT p.action, COUNT(*) AS ads, COUNT(m.first_score + m.second_score) AS scored"
        " FROM population AS p LEFT JOIN model_pairs AS m"
        " ON p.ad_id = m.ad_id AND p.ad_version = m.ad_version"
        " WHERE p.in_period GROUP BY p.action ORDER BY p.action"
    ).to_pylist()
    both = sum(int(row["scored"]) for row in rows)
    if not both:
        raise DesignError(
            f"no ad of the period has scores of both {pair.champion.version} and"
            f" {pair.challenger.version}",
            where="scores",
            hint="score the same ads with both: run the challenger in shadow on live traffic",
        )
    edges, volume = _histogram(engine, pair.challenger)
    return PairScores(
        ads=sum(int(row["ads"]) for row in rows),
        both=both,
        by_action={str(row["action"]): (int(row["ads"]), int(row["scored"])) for row in rows},
        live_at=_live_at(engine, pair.champion),
        edges=edges,
        volume=volume,
    )


def _pairs_sql(pair: Pair) -> str:
    first, second = pair.champion, pair.challenger
    versions = literals((first.version, second.version))
    return (
        "SELECT ad_id, ad_version,"
        f" MAX(CASE WHEN version = {literal(first.version)} THEN score END) AS first_score,"
        f" MAX(CASE WHEN version = {literal(second.version)} THEN score END) AS second_score,"
        f" MAX(CASE WHEN version = {literal(first.version)} AND NOT COALESCE(shadow, FALSE)"
        " THEN 1 ELSE 0 END) AS first_live"
        f" FROM scores WHERE model = {literal(first.model)}"
        f" AND COALESCE(policy_id, '') = {literal(first.policy)}"
        f" AND version IN ({versions}) AND {usable('score')}"
        " GROUP BY ad_id, ad_version"
    )


def _bin_sql(column: str, version: ModelVersion) -> str:
    width = (version.high - version.low) / _BINS
    if width <= 0:
        return "CAST(0 AS BIGINT)"
    return f"CAST(FLOOR(({column} - {literal(version.low)}) / {literal(width)}) AS BIGINT)"


def _histogram(engine: Engine, version: ModelVersion) -> tuple[np.ndarray, np.ndarray]:
    found = engine.query(
        f"SELECT {_bin_sql('m.second_score', version)} AS bin, MIN(m.second_score) AS low,"
        " COUNT(*) AS n FROM population AS p JOIN model_pairs AS m"
        " ON p.ad_id = m.ad_id AND p.ad_version = m.ad_version"
        " WHERE p.in_period AND m.first_score IS NOT NULL AND m.second_score IS NOT NULL"
        f" GROUP BY {_bin_sql('m.second_score', version)} ORDER BY low"
    )
    n = found.column("n").to_numpy().astype(np.float64)
    volume: np.ndarray = np.cumsum(n[::-1])[::-1]
    return found.column("low").to_numpy(), volume


def _live_at(engine: Engine, version: ModelVersion) -> float | None:
    """Find the score that best tells what the machine acted on from what it approved."""
    if not version.live:
        return None
    found = engine.query(
        f"SELECT {_bin_sql('m.first_score', version)} AS bin, MIN(m.first_score) AS low,"
        " SUM(CASE WHEN p.action = 'approve' THEN 0 ELSE 1 END) AS acted, COUNT(*) AS n"
        " FROM population AS p JOIN model_pairs AS m"
        " ON p.ad_id = m.ad_id AND p.ad_version = m.ad_version"
        " WHERE p.in_period AND m.first_live = 1"
        f" GROUP BY {_bin_sql('m.first_score', version)} ORDER BY low"
    )
    acted = found.column("acted").to_numpy().astype(np.float64)
    left = found.column("n").to_numpy().astype(np.float64) - acted
    if not acted.any() or not left.any():
        return None
    # approved at or above the threshold, and acted on below it
    wrong = np.cumsum(left[::-1])[::-1] + np.cumsum(acted) - acted
    return float(found.column("low").to_numpy()[int(np.argmin(wrong))])


def acts_at(engine: Engine, *, champion_at: float, challenger_at: float) -> Acts:
    """Count what both versions act on; ``population`` and ``model_pairs`` must stand.

    Parameters
    ----------
    engine : Engine
        Where they are.
    champion_at, challenger_at : float
        Thresholds: an ad is acted on from there up.

    Returns
    -------
    Acts
        The counts.
    """
    row = engine.query(
        "SELECT COUNT(*) AS n, COALESCE(SUM(a), 0) AS a, COALESCE(SUM(b), 0) AS b,"
        " COALESCE(SUM(a * b), 0) AS both_act FROM ("
        f"SELECT CASE WHEN m.first_score >= {literal(champion_at)} THEN 1 ELSE 0 END AS a,"
        f" CASE WHEN m.second_score >= {literal(challenger_at)} THEN 1 ELSE 0 END AS b"
        " FROM population AS p JOIN model_pairs AS m"
        " ON p.ad_id = m.ad_id AND p.ad_version = m.ad_version"
        " WHERE p.in_period AND m.first_score IS NOT NULL AND m.second_score IS NOT NULL) AS acts"
    ).to_pylist()[0]
    return Acts(
        champion=int(row["a"]),
        challenger=int(row["b"]),
        both=int(row["both_act"]),
        scored=int(row["n"]),
    )
