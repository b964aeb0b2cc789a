"""Drawing ads to label: each on its own, by a hash of its id that stays with it for good."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import md5, sha256

from shroff.errors import DesignError
from shroff.measure.brief import Brief, Design
from shroff.measure.label_plan_strata import Key
from shroff.measure.labelling import drawn_sql
from shroff.store.engine import Engine
from shroff.store.rows import rows
from shroff.store.sql import ident, literals

__all__ = [
    "CONTENT",
    "Batch",
    "DrawStratum",
    "Drawing",
    "DrawnAd",
    "draw",
    "is_drawn",
    "signature",
]

CONTENT = (
    "market",
    "language",
    "format",
    "title",
    "body",
    "ocr_text",
    "asr_text",
    "landing_url",
    "landing_final_url",
    "media_ref",
    "thumbnail_ref",
)
"""Columns of the ad that a reviewer sees; nothing of what the machine made of it."""

_DIGITS = 13
_WHOLE = 16**_DIGITS


@dataclass(frozen=True, slots=True)
class DrawStratum:
    """How the ads of one stratum are drawn.

    Parameters
    ----------
    values : tuple of str
        Value of each key.
    code : str
        Its name in the batch.
    design_id : str
        The design; seeds the hash.
    chance : float
        Probability with which each ad will have been drawn, other draws of the design included.
    base : float
        Probability with which others drew for the same design, independently of our hash.
    """

    values: tuple[str, ...]
    code: str
    design_id: str
    chance: float
    base: float = 0.0

    @property
    def threshold(self) -> float:
        """Give the hash, in [0, 1), below which an ad is drawn.

        With what others drew it makes up the chance: ``1 - (1 - base)(1 - threshold) = chance``.
        """
        if self.base >= 1:
            return 0.0
        return min(1.0, max(0.0, (self.chance - self.base) / (1 - self.base)))


@dataclass(frozen=True, slots=True)
class Drawing:
    """How a batch is drawn.

    Parameters
    ----------
    period : str
        First day and day after the last, apart by a slash.
    keys : tuple of Key
        What strata are made of.
    strata : tuple of DrawStratum
        The strata.
    table : str
        Where the ads to draw from are, with the columns that keys speak of.
    """

    period: str
    keys: tuple[Key, ...]
    strata: tuple[DrawStratum, ...]
    table: str = "population"


@dataclass(frozen=True, slots=True)
class DrawnAd:
    """One ad of a batch.

    Parameters
    ----------
    place : int
        Its row in the batch, from 1; 0 for one that is not to be labelled again.
    ad_id : str
        The ad.
    ad_version : int
        Its version.
    design_id, stratum : str
        Design and stratum that drew it.
    sampling_prob : float
        Probability with which it was drawn.
    """

    place: int
    ad_id: str
    ad_version: int
    design_id: str
    stratum: str
    sampling_prob: float

    @property
    def key(self) -> tuple[str, str, int]:
        """Tell it from the other rows."""
        return (self.design_id, self.ad_id, self.ad_version)

    @property
    def digest(self) -> str:
        """Sum up what must not change on the way."""
        told = "\0".join(
            (
                str(self.place),
                self.design_id,
                self.ad_id,
                str(self.ad_version),
                self.stratum,
                repr(self.sampling_prob),
            )
        )
        return sha256(told.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Batch:
    """Ads drawn to be labelled.

    Parameters
    ----------
    drawn : tuple of DrawnAd
        Those to label, in the order of their places, then those that have a label already and
        only a higher probability now.
    content : mapping
        What reviewers see of each ad to label, by its place.
    name : str
        Its name, of a batch that was drawn before; empty to name it by what it holds.
    """

    drawn: tuple[DrawnAd, ...]
    content: Mapping[int, Mapping[str, str]] = field(default_factory=dict[int, Mapping[str, str]])
    name: str = ""

    @property
    def asked(self) -> tuple[DrawnAd, ...]:
        """List the ads to label."""
        return tuple(ad for ad in self.drawn if ad.place)

    @property
    def signature(self) -> str:
        """Sign what was drawn, with what chance, from where."""
        return signature(ad.digest for ad in self.drawn)

    @property
    def id(self) -> str:
        """Name the batch by what it holds."""
        return self.name or f"batch-{self.signature[:10]}"


def signature(digests: Iterator[str] | Sequence[str]) -> str:
    """Sign rows, in whatever order they are."""
    return sha256("\n".join(sorted(digests)).encode()).hexdigest()


def is_drawn(key: str, design_id: str, threshold: float) -> bool:
    """Tell whether a design draws an ad.

    The hash of design and ad is the ad's random number for good: a design that wants more draws
    all that it drew before and some more. Engines compute the same (see `draw`).

    Parameters
    ----------
    key : str
        Id of the ad and its version, apart by a slash.
    design_id : str
        The design.
    threshold : float
        Share of ads to draw, in [0, 1].

    Returns
    -------
    bool
        Whether its hash is below the threshold.
    """
    digest = md5(f"{design_id}/{key}".encode(), usedforsecurity=False).hexdigest()
    return digest[:_DIGITS] < _limit(threshold)


def _limit(threshold: float) -> str:
    """Write a share as the hexadecimal digits that hashes are compared with."""
    whole = round(threshold * _WHOLE)
    return "g" if whole >= _WHOLE else f"{whole:0{_DIGITS}x}"  # no digit comes after f


def draw(engine: Engine, brief: Brief, drawing: Drawing) -> Batch:
    """Draw a batch; ``population`` must stand.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    brief : Brief
        Designs of the settings: what they drew already is not drawn again.
    drawing : Drawing
        Strata and probabilities.

    Returns
    -------
    Batch
        The ads drawn, in an order that tells nothing.

    Raises
    ------
    DesignError
        If there is nothing to draw from.

    Notes
    -----
    Poisson sampling with permanent random numbers (Ohlsson, in Cox et al., Business Survey
    Methods, 1995): each ad on its own, stable under a repetition and under ads that come later.
    An ad drawn before for the same design is not asked for again; it is given the probability
    that it has now, which is exact, since it would have been drawn by the higher one too.
    """
    if not drawing.strata:
        raise DesignError("there is nothing to draw from", hint="plan for a period with decisions")
    engine.materialise("drawn_before", _before_sql(brief, drawing))
    found: dict[tuple[str, str, int], tuple[DrawnAd, bool, dict[str, str]]] = {}
    for piece in rows(engine, _draw_sql(engine, drawing)):
        for row in piece.to_pylist():
            ad = DrawnAd(
                0,
                str(row["ad_id"]),
                int(row["ad_version"]),
                str(row["design_id"]),
                str(row["code"]),
                float(row["chance"]),
            )
            content = {n: str(row[n]) for n in CONTENT if n in row and row[n] is not None}
            found[ad.key] = (ad, row["before"] is None, content)
    return _ordered(found)


def _ordered(found: Mapping[tuple[str, str, int], tuple[DrawnAd, bool, dict[str, str]]]) -> Batch:
    fresh = sorted((_shuffled(ad), ad, text) for ad, new, text in found.values() if new)
    kept = sorted((ad for ad, new, _ in found.values() if not new), key=_key_of)
    asked = [
        DrawnAd(place, ad.ad_id, ad.ad_version, ad.design_id, ad.stratum, ad.sampling_prob)
        for place, (_, ad, _) in enumerate(fresh, start=1)
    ]
    content = {place: text for place, (_, _, text) in enumerate(fresh, start=1)}
    return Batch((*asked, *kept), content)


def _key_of(ad: DrawnAd) -> tuple[str, str, int]:
    return ad.key


def _shuffled(ad: DrawnAd) -> tuple[str, tuple[str, str, int]]:
    """Order by a hash that has nothing to do with the one that drew."""
    told = f"order\0{ad.ad_id}\0{ad.ad_version}"
    return sha256(told.encode()).hexdigest(), ad.key


def _before_sql(brief: Brief, drawing: Drawing) -> str:
    """Write the query for what the designs drew before."""
    known = {design.id: design for design in brief.designs}
    mine = [known.get(name, Design(id=name)) for name in _designs(drawing)]
    return (
        "SELECT ad_id AS before_ad, ad_version AS before_version, design AS before_design,"
        f" sampling_prob AS before FROM ({drawn_sql(mine)}) AS named"
        f" WHERE design IN ({literals(design.id for design in mine)})"
    )


def _designs(drawing: Drawing) -> list[str]:
    return list(dict.fromkeys(stratum.design_id for stratum in drawing.strata))


def _draw_sql(engine: Engine, drawing: Drawing) -> str:
    marked = ", ".join(f"{key.sql} AS k{place}" for place, key in enumerate(drawing.keys))
    names = ", ".join(f"k{place}" for place in range(len(drawing.keys)))
    same = " AND ".join(f"m.k{p} = s.k{p}" for p in range(len(drawing.keys)))
    strata = ", ".join(
        f"({literals((*s.values, s.code, s.design_id, s.chance, _limit(s.threshold)))})"
        for s in drawing.strata
    )
    shown = [name for name in CONTENT if name in engine.columns("ads")]
    content = "".join(f", CAST(a.{ident(name)} AS VARCHAR) AS {ident(name)}" for name in shown)
    return f"""
SELECT t.ad_id, t.ad_version, t.design_id, t.code, t.chance, b.before{content}
FROM (
  SELECT m.ad_id, m.ad_version, s.design_id, s.code, s.chance, s.below,
         ROW_NUMBER() OVER (PARTITION BY m.ad_id, m.ad_version, s.design_id
                            ORDER BY s.chance DESC, s.code) AS place
  FROM (SELECT ad_id, ad_version, {marked} FROM {drawing.table} WHERE in_period) AS m
  JOIN (VALUES {strata}) AS s({names}, code, design_id, chance, below) ON {same}
) AS t
LEFT JOIN drawn_before AS b
  ON t.ad_id = b.before_ad AND t.ad_version = b.before_version AND t.design_id = b.before_design
LEFT JOIN ads AS a ON t.ad_id = a.ad_id AND t.ad_version = a.ad_version
WHERE t.place = 1
  AND ((b.before IS NULL
        AND SUBSTRING(MD5(CONCAT(t.design_id, '/', t.ad_id, '/', CAST(t.ad_version AS VARCHAR))),
                      1, {_DIGITS}) < t.below)
       OR b.before < t.chance)
ORDER BY t.ad_id, t.ad_version, t.design_id
"""
