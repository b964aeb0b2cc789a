"""Which versions of a model scored the same ads, and how often would each have acted?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np

from shroff.errors import ConfigError, DesignError
from shroff.store.engine import Engine
from shroff.store.sql import literal, literals

__all__ = [
    "Acts", "ModelVersion", "Pair", "PairScores", "acts_at", "choose_pair", "model_versions",
    "scores_of_pair",
]  # fmt: skip

_BINS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelVersion:
    """One version of a model, as the scores of a period show it.

    Parameters
    ----------
    model, version : str
        The model and its version.
    policy : str
        Policy it scores; empty for one score over all.
    live, shadow : int
        Ads it scored as the version that decides, and in shadow.
    low, high : float
        Lowest and highest score.
    """

    model: str
    version: str
    policy: str
    live: int
    shadow: int
    low: float
    high: float

    @property
    def ads(self) -> int:
        """Count the ads it scored."""
        return self.live + self.shadow

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "model": self.model,
            "version": self.version,
            "policy": self.policy or None,
            "ads_live": self.live,
            "ads_in_shadow": self.shadow,
            "lowest_score": self.low,
            "highest_score": self.high,
        }


@dataclass(frozen=True, slots=True)
class Pair:
    """Two versions of one model.

    Parameters
    ----------
    champion : ModelVersion
        The one that decides.
    challenger : ModelVersion
        The one that would.
    """

    champion: ModelVersion
    challenger: ModelVersion


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


def model_versions(engine: Engine) -> tuple[ModelVersion, ...]:
    """List the versions that scored ads of the period; ``population`` must stand.

    Parameters
    ----------
    engine : Engine
        Where the logs are.

    Returns
    -------
    tuple of ModelVersion
        By model, policy and version.

    Raises
    ------
    DesignError
        If no score is logged.
    """
    rows = []
    if "scores" in engine.snapshot:
        rows = engine.query(
            "SELECT s.model, s.version, COALESCE(s.policy_id, '') AS policy,"
            " SUM(CASE WHEN COALESCE(s.shadow, FALSE) THEN 0 ELSE 1 END) AS live,"
            " SUM(CASE WHEN COALESCE(s.shadow, FALSE) THEN 1 ELSE 0 END) AS shadowed,"
            " MIN(s.score) AS low, MAX(s.score) AS high"
            " FROM scores AS s JOIN population AS p"
            " ON s.ad_id = p.ad_id AND s.ad_version = p.ad_version"
            f" WHERE p.in_period AND {_usable('s.score')}"
            " GROUP BY s.model, s.version, COALESCE(s.policy_id, '')"
            " ORDER BY s.model, policy, s.version"
        ).to_pylist()
    if not rows:
        raise DesignError(
            "no score is logged for the ads of the period",
            where="scores",
            hint="ingest the table scores, or choose another --period",
        )
    return tuple(
        ModelVersion(
            model=str(row["model"]),
            version=str(row["version"] or ""),
            policy=str(row["policy"]),
            live=int(row["live"]),
            shadow=int(row["shadowed"]),
            low=float(row["low"]),
            high=float(row["high"]),
        )
        for row in rows
    )


def _usable(column: str) -> str:
    return f"{column} IS NOT NULL AND NOT ISNAN({column}) AND ABS({column}) < 1e300"


def choose_pair(
    known: Sequence[ModelVersion],
    *,
    model: str = "",
    policy: str = "",
    champion: str = "",
    challenger: str = "",
) -> Pair:
    """Choose what to compare: by default the version that decides and the one in shadow.

    Parameters
    ----------
    known : sequence of ModelVersion
        Versions there are.
    model, policy : str
        The model, and the policy of a model that scores several; when empty, the one over all
        policies of which most ads have scores of two versions.
    champion, challenger : str
        Versions; when empty, the one that decided most ads, and of the others the one that scored
        most.

    Returns
    -------
    Pair
        The two.

    Raises
    ------
    ConfigError
        If there is no such model or version.
    DesignError
        If only one version scored ads of the period.
    """
    if champion and champion == challenger:
        raise ConfigError(
            "a version cannot be compared with itself", hint="name two versions of one model"
        )
    mine = _of_model(known, model=model, policy=policy)
    first = _of_version(mine, champion) or max(
        (each for each in mine if each.version != challenger),
        key=lambda each: (each.live, each.ads),
        default=None,
    )
    second = _of_version(mine, challenger) or max(
        (each for each in mine if each is not first), key=lambda each: each.ads, default=None
    )
    if first is None or second is None:
        raise DesignError(
            f"only one version of {mine[0].model} scored ads of the period",
            hint="run the challenger in shadow and log its scores, or choose another --period",
        )
    return Pair(first, second)


def _of_model(known: Sequence[ModelVersion], *, model: str, policy: str) -> list[ModelVersion]:
    names = list(dict.fromkeys(each.model for each in known))
    if model and model not in names:
        close = get_close_matches(model, names, n=1)
        raise ConfigError(
            f"no model {model!r} scored ads of the period",
            hint=(f"did you mean {close[0]!r}? " if close else "") + "models: " + ", ".join(names),
        )
    groups: dict[tuple[str, str], list[ModelVersion]] = {}
    for each in known:
        if (not model or each.model == model) and (not policy or each.policy == policy):
            groups.setdefault((each.model, each.policy), []).append(each)
    if not groups:
        policies = ", ".join(sorted({each.policy for each in known if each.policy}))
        raise ConfigError(
            f"no model scores the policy {policy!r}", hint=f"policies scored: {policies or 'none'}"
        )
    return max(
        groups.values(),
        key=lambda held: (
            not held[0].policy,
            len(held) > 1,
            sorted(each.ads for each in held)[-2:][0],
        ),
    )


def _of_version(mine: Sequence[ModelVersion], version: str) -> ModelVersion | None:
    if not version:
        return None
    found = next((each for each in mine if each.version == version), None)
    if found is None:
        names = ", ".join(each.version for each in mine)
        raise ConfigError(
            f"no version {version!r} of {mine[0].model} scored ads of the period",
            hint=f"versions: {names}",
        )
    return found


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
        f" AND version IN ({versions}) AND {_usable('score')}"
        " GROUP BY ad_id, ad_version"
    )


def _bin_sql(column: str, version: ModelVersion) -> str:
    width = (version.high - version.low) / _BINS
    if width <= 0:
        return "0"
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
