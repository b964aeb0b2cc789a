"""Which ads go into a golden set: by policy, language and score, each with a known chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shroff.errors import ConfigError, DesignError
from shroff.measure.brief import Brief
from shroff.measure.label_batch import Drawing, DrawStratum
from shroff.measure.label_plan_strata import Key
from shroff.measure.scored import choose_scorer
from shroff.models.golden_policies import PolicyBook
from shroff.stats.proportions import Floats
from shroff.store.engine import Engine
from shroff.store.sql import literal, literals

__all__ = ["DESIGN_PREFIX", "DrawAsked", "GoldenStratum", "allocate", "golden_drawing"]

DESIGN_PREFIX = "golden-"
"""Designs of golden sets begin so."""

_TABLE = "golden_population"
_NAME_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_")


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawAsked:
    """What golden set to draw.

    Parameters
    ----------
    name : str
        Its name: lower-case letters, digits, - and _.
    ads : int
        Ads to label, about.
    bands : tuple of float
        Scores at which ads are cut into bands.
    model : str
        Whose scores; the model with most of them when empty.
    """

    name: str
    ads: int = 600
    bands: tuple[float, ...] = (0.1, 0.5)
    model: str = ""

    def __post_init__(self) -> None:
        if not self.name or not set(self.name) <= _NAME_CHARACTERS:
            raise ConfigError(
                f"{self.name!r} cannot be the name of a golden set",
                hint="use lower-case letters, digits, - and _",
            )
        if self.ads < 1:
            raise ConfigError(f"{self.ads} ads cannot be drawn", hint="ask for 1 or more")
        if list(self.bands) != sorted(set(self.bands)):
            raise ConfigError("bands that do not rise", where="--bands", hint="such as 0.1,0.5")


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldenStratum:
    """One stratum of a golden set.

    Parameters
    ----------
    code : str
        Its name in batches; tells a labeller nothing.
    policy : str
        Policy the machine cited, at the top of the tree; empty for none.
    language : str
        Language.
    band : str
        Band of the score; empty without a score.
    ads : int
        Ads of the period.
    chance : float
        Probability with which each is drawn.
    """

    code: str
    policy: str
    language: str
    band: str
    ads: int
    chance: float


def allocate(ads: Sequence[int], *, wanted: int) -> Floats:
    """Say with which chance the ads of each stratum are drawn.

    Parameters
    ----------
    ads : sequence of int
        Ads of each stratum.
    wanted : int
        Ads to draw, about.

    Returns
    -------
    array
        Chances in (0, 1], which draw as many ads as the square root of a stratum asks: small
        strata are drawn more densely, and none is left out.

    References
    ----------
    Bankier, Power allocations, The American Statistician 42 (1988).

    Examples
    --------
    >>> allocate([100, 10_000], wanted=110).round(3).tolist()
    [0.1, 0.01]
    >>> allocate([4, 400], wanted=100).round(3).tolist()
    [1.0, 0.24]
    """
    counts = np.asarray(ads, dtype=np.float64)
    chance: Floats = np.ones(len(counts))
    open_ = counts > 0
    left = float(wanted)
    while open_.any():
        roots = np.sqrt(counts[open_])
        found = left * roots / roots.sum() / counts[open_]
        full = found >= 1
        places = np.flatnonzero(open_)
        if not full.any():
            chance[places] = np.maximum(found, 1e-9)
            break
        left = max(left - counts[places[full]].sum(), 0.0)
        open_[places[full]] = False
    return chance


def golden_drawing(
    engine: Engine, brief: Brief, asked: DrawAsked, *, book: PolicyBook
) -> tuple[Drawing, tuple[GoldenStratum, ...]]:
    """Say how to draw a golden set; ``population`` must stand.

    Parameters
    ----------
    engine : Engine
        Where it is; gets the session table ``golden_population``.
    brief : Brief
        Period.
    asked : DrawAsked
        The set.
    book : PolicyBook
        Which policies belong together.

    Returns
    -------
    Drawing
        For `shroff.measure.label_batch.draw`.
    tuple of GoldenStratum
        Its strata, with what they stand for.

    Raises
    ------
    DesignError
        If the machine decided nothing in the period.
    """
    engine.materialise(_TABLE, _population_sql(engine, asked, book))
    counted = engine.query(
        f"SELECT policy, language, band, COUNT(*) AS ads FROM {_TABLE} WHERE in_period"
        " GROUP BY policy, language, band ORDER BY policy, language, band"
    ).to_pylist()
    if not counted:
        raise DesignError(
            f"no machine decision in {brief.period.label()}",
            hint="ingest decisions of that period, or ask for another with --period",
        )
    chances = allocate([int(row["ads"]) for row in counted], wanted=asked.ads)
    strata = tuple(
        GoldenStratum(
            code=f"g{place}",
            policy=str(row["policy"]),
            language=str(row["language"]),
            band=str(row["band"]),
            ads=int(row["ads"]),
            chance=float(chance),
        )
        for place, (row, chance) in enumerate(zip(counted, chances, strict=True), start=1)
    )
    design = DESIGN_PREFIX + asked.name
    drawing = Drawing(
        period=f"{brief.period.start}/{brief.period.end}",
        keys=tuple(Key(name, name) for name in ("policy", "language", "band")),
        strata=tuple(
            DrawStratum((each.policy, each.language, each.band), each.code, design, each.chance)
            for each in strata
        ),
        table=_TABLE,
    )
    return drawing, strata


def _population_sql(engine: Engine, asked: DrawAsked, book: PolicyBook) -> str:
    tops: dict[str, list[str]] = {}
    for policy in book.versions:
        tops.setdefault(book.top(policy), []).append(policy)
    whens = " ".join(
        f"WHEN p.policy_id IN ({literals(below)}) THEN {literal(top)}"
        for top, below in tops.items()
    )
    cited = "CASE WHEN p.action = 'approve' THEN '' ELSE COALESCE(p.policy_id, '') END"
    policy = f"CASE WHEN p.action = 'approve' THEN '' {whens} ELSE {cited} END" if tops else cited
    scored, band = _scored(engine, asked)
    return (
        f"SELECT p.ad_id, p.ad_version, p.in_period, {policy} AS policy,"
        f" COALESCE(p.language, '') AS language, {band} AS band FROM population AS p{scored}"
    )


def _scored(engine: Engine, asked: DrawAsked) -> tuple[str, str]:
    """Write the join with scores, and the band of a score."""
    if "scores" not in engine.snapshot:
        return "", "''"
    model = choose_scorer(engine, model=asked.model).model
    join = (
        " LEFT JOIN (SELECT ad_id, COALESCE(ad_version, 1) AS ad_version, MAX(score) AS score"
        f" FROM scores WHERE model = {literal(model)} AND NOT COALESCE(shadow, FALSE)"
        " GROUP BY ad_id, COALESCE(ad_version, 1)) AS s"
        " ON p.ad_id = s.ad_id AND p.ad_version = s.ad_version"
    )
    ends = list(asked.bands)
    names = [f"< {ends[0]:g}"] if ends else ["all"]
    names += [f">= {end:g}" for end in ends]
    whens = "".join(
        f" WHEN s.score >= {literal(float(end))} THEN {literal(name)}"
        for end, name in zip(reversed(ends), reversed(names[1:]), strict=True)
    )
    return join, f"CASE WHEN s.score IS NULL THEN ''{whens} ELSE {literal(names[0])} END"
