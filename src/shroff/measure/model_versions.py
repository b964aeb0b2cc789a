"""Which versions of which models scored the ads of a period?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from shroff.errors import ConfigError, DesignError
from shroff.store.engine import Engine

__all__ = ["ModelVersion", "Pair", "choose_pair", "model_versions", "usable"]


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
            f" WHERE p.in_period AND {usable('s.score')}"
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


def usable(column: str) -> str:
    """Write which scores count: numbers that are finite, whatever their range."""
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
