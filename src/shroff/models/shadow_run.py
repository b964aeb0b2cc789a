"""A version that runs in shadow, beside the one that decides: on the same ads, what would change?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, sqrt
from typing import Any

import numpy as np

from shroff.domain.messages import Message
from shroff.domain.slices import Period
from shroff.errors import ConfigError, DataError
from shroff.measure.brief import Brief
from shroff.measure.label_plan_work import stand
from shroff.models.operations_queries import stood_sql
from shroff.stats.estimate import Estimate, Status
from shroff.stats.proportions import beta_ends, wilson
from shroff.store.engine import Engine
from shroff.store.sql import ident, literal

__all__ = ["ShadowAsked", "ShadowRun", "ShadowSlice", "shadow_run"]

_VERSIONS = """
SELECT model, version, COUNT(*) AS n, MIN(shadow) AS only_shadow, MAX(shadow) AS any_shadow,
       MAX(day) AS last_day
FROM judged_calls
GROUP BY model, version
ORDER BY model, version
"""
_CLEAR = 0.65  # share of differing ads on which the better one is right, that should be seen


def _pairs_sql(model: str, shadow: str, champion: str, *, ran: bool) -> str:
    only = "s.shadow = 1" if ran else "TRUE"
    return f"""
SELECT s.ad_id, s.ad_version, s.policy_id, s.language, s.verdict AS said, c.verdict AS now
FROM judged_calls AS s
JOIN judged_calls AS c ON s.ad_id = c.ad_id AND s.ad_version = c.ad_version
  AND s.policy_id = c.policy_id AND c.nth = 1
WHERE s.nth = 1 AND {only} AND s.model = {literal(model)} AND s.version = {literal(shadow)}
  AND c.model = {literal(model)} AND c.version = {literal(champion)}
  AND s.verdict IN ('violating', 'compliant') AND c.verdict IN ('violating', 'compliant')
"""


def _counts_sql(column: str) -> str:
    cut = ident(column) if column else "''"
    return f"""
SELECT {cut} AS slice, said, now, COUNT(*) AS n
FROM shadow_pairs GROUP BY {cut}, said, now ORDER BY slice, said, now
"""


def _labels_sql(table: str, column: str) -> str:
    cut = f"p.{ident(column)}" if column else "''"
    right = "CASE WHEN (p.said = 'violating') = f.any_violating THEN 1 ELSE 0 END"
    return f"""
SELECT {cut} AS slice, {right} AS sound, COUNT(*) AS n, SUM(f.w) AS w, SUM(f.w * f.w) AS w2
FROM {table} AS f
JOIN shadow_pairs AS p ON f.ad_id = p.ad_id AND f.ad_version = p.ad_version
WHERE f.in_period AND p.said <> p.now
GROUP BY {cut}, {right} ORDER BY slice, sound
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowAsked:
    """Which versions are held beside each other.

    Parameters
    ----------
    model : str
        The judge; the one that ran in shadow last when empty.
    shadow, champion : str
        Versions; the last in shadow, and the last that decides, when empty.
    """

    model: str = ""
    shadow: str = ""
    champion: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowSlice:
    """Two versions on some of the ads.

    Parameters
    ----------
    cut, value : str
        ``policy`` or ``language`` and its value; empty for all.
    agree : Estimate
        Share of ads on which they say the same.
    up, down : int
        Ads that the shadow alone calls violating, and that it alone does not.
    right : Estimate or None
        Share of differing ads on which the shadow is right, by drawn labels and their design; None
        without labels.
    """

    cut: str
    value: str
    agree: Estimate
    up: int
    down: int
    right: Estimate | None

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""

        def told(each: Estimate | None) -> dict[str, object] | None:
            if each is None:
                return None
            return {"value": each.value, "low": each.low, "high": each.high, "n": each.n}

        return {
            "cut": self.cut or None,
            "value": self.value if self.cut else None,
            "agree": told(self.agree),
            "newly_violating": self.up,
            "no_longer_violating": self.down,
            "shadow_right_where_they_differ": told(self.right),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowRun:
    """A version in shadow beside the one that decides.

    Parameters
    ----------
    period : Period
        Days of the ads.
    model, shadow, champion : str
        The judge and its versions.
    whole : ShadowSlice
        All ads that both judged.
    slices : tuple of ShadowSlice
        By policy and by language.
    """

    period: Period
    model: str
    shadow: str
    champion: str
    whole: ShadowSlice
    slices: tuple[ShadowSlice, ...]

    @property
    def needed(self) -> int:
        """Count the labels of differing ads at which a clear difference is told, with 80% power."""
        reach = 1.96 * 0.5 + 0.84 * sqrt(_CLEAR * (1 - _CLEAR))
        return ceil((reach / (_CLEAR - 0.5)) ** 2)

    @property
    def verdict(self) -> str:
        """Say ``better``, ``worse``, or ``open`` where labels do not tell."""
        right = self.whole.right
        if right is None or right.low is None or right.high is None:
            return "open"
        return "better" if right.low > 0.5 else "worse" if right.high < 0.5 else "open"

    def told(self) -> tuple[Message, ...]:
        """Say in words how they agree, and which is better."""
        agree, right = self.whole.agree, self.whole.right
        both = {"shadow": self.shadow, "champion": self.champion}
        first = Message(
            "shadow.summary",
            {
                **both,
                "ads": agree.n,
                "agree": agree.value,
                "low": agree.low,
                "high": agree.high,
                "flips": self.whole.up + self.whole.down,
            },
        )
        if self.verdict == "open" or right is None:
            labels = 0 if right is None else right.n
            return first, Message("shadow.open", {"labels": labels, "needed": self.needed})
        slots = {"right": right.value, "low": right.low, "high": right.high}
        return first, Message(f"shadow.{self.verdict}", {"shadow": self.shadow, **slots})

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "period": {"start": str(self.period.start), "end": str(self.period.end)},
            "model": self.model,
            "shadow": self.shadow,
            "champion": self.champion,
            "verdict": self.verdict,
            "labels_needed": self.needed,
            "told": [each.record() for each in self.told()],
            "whole": self.whole.record(),
            "slices": [each.record() for each in self.slices],
        }


def shadow_run(engine: Engine, brief: Brief, asked: ShadowAsked) -> ShadowRun:
    """Hold a version that runs in shadow beside the one that decides.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    brief : Brief
        Period, designs, level.
    asked : ShadowAsked
        Which versions.

    Returns
    -------
    ShadowRun
        Agreement, what would change, and which is better where labels tell.

    Raises
    ------
    DataError
        If no ad was judged by both.
    """
    frame = stand(engine, brief)
    engine.materialise("judged_calls", stood_sql())
    model, shadow, champion, ran = _whose(engine.query(_VERSIONS).to_pylist(), asked)
    engine.materialise("shadow_pairs", _pairs_sql(model, shadow, champion, ran=ran))
    slices: list[ShadowSlice] = []
    for cut, column in (("", ""), ("policy", "policy_id"), ("language", "language")):
        counts = engine.query(_counts_sql(column)).to_pylist()
        labels = engine.query(_labels_sql(frame.table, column)).to_pylist()
        for value in dict.fromkeys(str(row["slice"]) for row in counts):
            mine = [row for row in counts if row["slice"] == value]
            known = [row for row in labels if row["slice"] == value]
            slices.append(_slice(mine, known, cut=cut, value=value, level=brief.level))
    if not slices:
        raise DataError(
            f"no ad of {brief.period.label()} was judged by both {shadow} and {champion}",
            hint="shroff models judge --shadow judges ads that the other has judged",
        )
    return ShadowRun(
        period=brief.period,
        model=model,
        shadow=shadow,
        champion=champion,
        whole=slices[0],
        slices=tuple(slices[1:]),
    )


def _whose(rows: list[dict[str, Any]], asked: ShadowAsked) -> tuple[str, str, str, bool]:
    """Choose the versions: the last one that ran in shadow at all, and the one that decides."""
    mine = [row for row in rows if asked.model in {"", row["model"]}]
    if not mine:
        judges = ", ".join(dict.fromkeys(str(row["model"]) for row in rows))
        raise DataError(
            "no ad of the period was judged" + (f" by {asked.model}" if rows else ""),
            hint=f"judges of the period: {judges}" if rows else "shroff models judge --shadow",
        )
    named = [row for row in mine if asked.shadow == row["version"]]
    in_shadow = named or [row for row in mine if row["any_shadow"]]
    if asked.shadow and not named:
        raise ConfigError(
            f"no judgement of the period is of version {asked.shadow!r}",
            where="--shadow",
            hint="versions: " + ", ".join(dict.fromkeys(str(row["version"]) for row in mine)),
        )
    if not in_shadow:
        raise DataError(
            "no version of the period ran in shadow",
            hint="name two: shroff models shadow MODEL --shadow V2 --champion V1",
        )
    paired = [row for row in in_shadow if _beside(row, mine, asked)]
    last = max(paired or in_shadow, key=lambda row: (row["last_day"], row["n"]))
    others = _beside(last, mine, asked)
    if not others:
        raise DataError(
            f"no other version of {last['model']} judged ads of the period",
            hint="a shadow version is held beside the one that decides: judge the same ads by"
            " both, or choose a longer --period",
        )
    now = max(others, key=lambda row: (row["last_day"], row["n"]))
    return str(last["model"]), str(last["version"]), str(now["version"]), bool(last["any_shadow"])


def _beside(
    row: dict[str, Any], rows: list[dict[str, Any]], asked: ShadowAsked
) -> list[dict[str, Any]]:
    """List the versions that one which ran in shadow can be held beside."""
    return [
        each
        for each in rows
        if each["model"] == row["model"]
        and each["version"] != row["version"]
        and (asked.champion == each["version"] if asked.champion else not each["only_shadow"])
    ]


def _slice(
    counts: list[dict[str, Any]],
    labels: list[dict[str, Any]],
    *,
    cut: str,
    value: str,
    level: float,
) -> ShadowSlice:
    whole = sum(int(row["n"]) for row in counts)
    same = sum(int(row["n"]) for row in counts if row["said"] == row["now"])
    turned: Mapping[str, int] = {
        said: sum(int(r["n"]) for r in counts if r["said"] == said and r["now"] != said)
        for said in ("violating", "compliant")
    }
    return ShadowSlice(
        cut=cut,
        value=value,
        agree=wilson(same, whole, level=level),
        up=turned["violating"],
        down=turned["compliant"],
        right=_right(labels, level),
    )


def _right(labels: list[dict[str, Any]], level: float) -> Estimate | None:
    """Weigh the labels by their design: Kish's effective number of them."""
    w, w2 = sum(row["w"] for row in labels), sum(row["w2"] for row in labels)
    if not w2:
        return None
    share, size = sum(row["w"] for row in labels if row["sound"]) / w, w * w / w2
    low, high = beta_ends(np.array([size * share]), np.array([size]), level=level)
    return Estimate(
        value=share,
        low=min(float(low[0]), share),
        high=max(float(high[0]), share),
        level=level,
        status=Status.ESTIMATE,
        method="Clopper-Pearson on effective labels",
        n=int(sum(row["n"] for row in labels)),
    )
