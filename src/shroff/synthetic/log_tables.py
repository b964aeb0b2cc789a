"""The logs of a batch of ads, as the demo platform would store them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shroff.synthetic.copywriting import Copy, brands
from shroff.synthetic.demo_pack import FIELDS
from shroff.synthetic.dice import Flags, Floats, Ints, Keys, joined
from shroff.synthetic.exposure import Served
from shroff.synthetic.markets import FORMATS, INDUSTRIES, LANGUAGES, MARKETS
from shroff.synthetic.moderation import Rulings, Shadow, log_only
from shroff.synthetic.seasons import DAY
from shroff.synthetic.submissions import Ads
from shroff.synthetic.taxonomy import families, place_of, policies
from shroff.synthetic.world import World

__all__ = [
    "ads_table",
    "advertiser_ids",
    "glued",
    "hits_table",
    "ids",
    "impressions_table",
    "moments",
    "named",
    "policy_lists",
    "scores_table",
]

_FIRST_ID = 7_100_000_000_000
_ID_STEP = 37
_LISTED = 0.42
_MOVED, _MOVED_IF_BAD = 0.055, 0.5


def glued(*parts: pa.Array | str, between: str = "") -> pa.Array:
    """Join columns of text, row by row."""
    pieces = [pa.scalar(part) if isinstance(part, str) else part for part in parts]
    return pc.call_function("binary_join_element_wise", [*pieces, pa.scalar(between)])


def ids(world: World, number: Ints) -> pa.Array:
    """Give the ids of ads: digits that grow, with gaps."""
    gap = world.dice.whole("id gap", number.astype(np.uint64), below=_ID_STEP)
    return pa.array(_FIRST_ID + number * _ID_STEP + gap).cast(pa.string())


def moments(at: Ints, *, known: Flags | None = None) -> pa.Array:
    """Give seconds since 1970 as times in UTC, null where not known."""
    mask = None if known is None else ~known
    return pa.array(at * 1_000_000, pa.int64(), mask=mask).cast(pa.timestamp("us", "UTC"))


def named(place: Ints, names: Sequence[str | None]) -> pa.Array:
    """Give names by their places; a negative place is null."""
    return pa.array(list(names), pa.string()).take(pa.array(place, mask=place < 0))


def policy_lists(main: Ints, others: Flags, *, known: Flags | None = None) -> pa.Array:
    """List policies, the main one first.

    Parameters
    ----------
    main : array of int
        Places of the main policies, -1 for none.
    others : array of bool, rows by policies
        The others.
    known : array of bool, optional
        Rows that have a list; the others are null.

    Returns
    -------
    pa.Array
        Lists of policy ids.
    """
    first = np.flatnonzero(main >= 0)
    further, place = np.nonzero(others)
    rows = np.concatenate([first, further])
    order = np.argsort(rows, kind="stable")
    listed = named(np.concatenate([main[first], place])[order], [each.id for each in policies()])
    ends = np.cumsum(np.bincount(rows, minlength=len(main)))
    mask = None if known is None else pa.array(~known)
    offsets = pa.array(np.concatenate([[0], ends]), pa.int32())
    return pa.ListArray.from_arrays(offsets, listed, mask=mask)


def _hexes(keys: Keys) -> list[str]:
    return [f"{key:016x}" for key in keys.tolist()]


def _media(world: World, ads: Ads) -> list[str]:
    """Give a key of the video or picture of each ad: some are used again and again."""
    dice = world.dice
    library = joined(ads.advertiser.astype(np.uint64), dice.whole("shelf", ads.content, below=4))
    again = dice.flips("media again", ads.content, chance=0.22)
    media = np.where(again, library, dice.bits("media", ads.content))
    shared = np.full(len(ads), dice.bits("campaign media", np.array([1], dtype=np.uint64))[0])
    return _hexes(np.where(ads.campaign, shared, media))


def _redirects(ads: Ads) -> Floats:
    """Give the chance that the page reached is not the one declared."""
    places = [place_of(name) for name in ("L3", "L4")]
    bad = np.isin(ads.policy, places) | ads.beside[:, places].any(axis=1)
    return np.where(bad, _MOVED_IF_BAD, _MOVED)


def _links(world: World, ads: Ads) -> tuple[list[str], list[str]]:
    """Give the landing pages, declared and final; people back under a new id keep their site."""
    previous = world.people.previous[ads.advertiser]
    owner = np.where(previous >= 0, previous, ads.advertiser)
    names = brands(world, owner)
    site = world.dice.whole("site", owner.astype(np.uint64), below=9000)
    page = world.dice.whole("page", ads.content, below=40)
    moved = world.dice.flips("redirect", ads.content, chance=_redirects(ads))
    declared, final = [], []
    rows = zip(owner.tolist(), site.tolist(), page.tolist(), moved.tolist(), strict=True)
    for who, number, leaf, away in rows:
        name = names[who].lower() if names[who].isascii() else f"shop{who}"
        link = f"https://{name}{number}.example/p/{leaf}"
        declared.append(link)
        final.append(f"https://go{number}.example/{leaf}" if away else link)
    return declared, final


def ads_table(world: World, ads: Ads, texts: Copy) -> pa.Table:
    """Write the ads log.

    Parameters
    ----------
    world : World
        The platform.
    ads : Ads
        The ads.
    texts : Copy
        Their texts.

    Returns
    -------
    pa.Table
        One row for each version.
    """
    media = _media(world, ads)
    declared, final = _links(world, ads)
    kinds = ads.format.tolist()
    endings = (".mp4", ".jpg", ".zip", None)
    tenure = (ads.at - world.seasons.opens) // DAY - world.people.first[ads.advertiser]
    return pa.table(
        {
            "ad_id": ids(world, ads.number),
            "ad_version": ads.version,
            "advertiser_id": advertiser_ids(ads.advertiser),
            "created_at": moments(ads.at),
            "market": named(ads.market, [market.code for market in MARKETS]),
            "language": named(ads.language, LANGUAGES),
            "industry": named(ads.industry, INDUSTRIES),
            "format": named(ads.format, FORMATS),
            "title": pa.array(texts.title, pa.string()),
            "body": pa.array(texts.body, pa.string()),
            "ocr_text": pa.array(texts.ocr, pa.string()),
            "asr_text": pa.array(texts.asr, pa.string()),
            "landing_url": pa.array(declared),
            "landing_final_url": pa.array(final),
            "media_ref": pa.array(
                [
                    f"media/{key}{endings[kind]}" if endings[kind] else None
                    for key, kind in zip(media, kinds, strict=True)
                ],
                pa.string(),
            ),
            "thumbnail_ref": pa.array(
                [
                    f"thumbs/{key}.jpg" if kind == 0 else None
                    for key, kind in zip(media, kinds, strict=True)
                ],
                pa.string(),
            ),
            "creative_hash": pa.array(_hexes(world.dice.bits("creative", ads.content))),
            "account_age_days": np.maximum(tenure, 0),
        }
    )


def advertiser_ids(advertiser: Ints) -> pa.Array:
    """Give the ids of advertisers."""
    return glued("adv", pa.array(100_000 + advertiser).cast(pa.string()))


def _listing(scores: Floats, top: Ints) -> tuple[Ints, Ints]:
    """Choose which family scores are logged: the strongest, and others that are not low."""
    listed = scores >= _LISTED
    listed[np.arange(len(top)), top] = True
    rows, family = np.nonzero(listed)
    return rows.astype(np.int64), family.astype(np.int64)


def scores_table(world: World, ads: Ads, rulings: Rulings, *, other: Shadow) -> pa.Table:
    """Write the scores log: the score that decides, family scores worth logging, and shadows.

    Parameters
    ----------
    world : World
        The platform.
    ads : Ads
        The ads.
    rulings : Rulings
        Decisions with the live scores.
    other : Shadow
        Scores of the version that is not live: over all policies for every ad.

    Returns
    -------
    pa.Table
        Three rows or more for each ad.
    """
    rows, family = _listing(rulings.scores.family, rulings.scores.top)
    every = np.arange(len(ads))
    overall = np.full(len(ads), -1, dtype=np.int64)
    top = other.scores.top
    strongest = other.scores.family[np.arange(len(top)), top]
    row = np.concatenate([every, rows, every, other.rows])
    which = np.concatenate([overall, family, overall, top])
    score = np.concatenate(
        [rulings.scores.risk, rulings.scores.family[rows, family], other.risk, strongest]
    )
    shadow = np.arange(len(row)) >= len(every) + len(rows)
    letters = [kind.id for kind in families()]
    version = rulings.second_version[row] ^ shadow
    return pa.table(
        {
            "ad_id": ids(world, ads.number[row]),
            "ad_version": ads.version[row],
            "model": named(which + 1, ["ads_risk", *(f"family_{letter}" for letter in letters)]),
            "version": named(version.astype(np.int64), ("v1", "v2")),
            "policy_id": named(which + 1, ["", *letters]),
            "score": score,
            "scored_at": moments(rulings.at[row] - 2),
            "shadow": shadow,
        }
    )


def hits_table(world: World, ads: Ads, rulings: Rulings) -> pa.Table:
    """Write the hits log: every rule that fired, deciding or not."""
    hits = rulings.hits
    pack = world.pack
    about = np.array([rule.policy for rule in pack])[hits.rule]
    return pa.table(
        {
            "ad_id": ids(world, ads.number[hits.row]),
            "ad_version": ads.version[hits.row],
            "detector": named(hits.rule, [rule.id for rule in pack]),
            "version": named(hits.rule, [rule.version for rule in pack]),
            "hit_at": moments(rulings.at[hits.row] - 1),
            "policy_id": named(about, [policy.id for policy in policies()]),
            "field": named(hits.field, FIELDS),
            "span_start": hits.start,
            "span_end": hits.end,
            "shadow": log_only(world, hits),
            "deciding": rulings.deciding,
        }
    )


def impressions_table(world: World, ads: Ads, served: Served) -> pa.Table:
    """Write the impressions log."""
    first = world.seasons.opens // DAY
    return pa.table(
        {
            "ad_id": ids(world, ads.number[served.row]),
            "day": pa.array((first + served.day).astype(np.int32)).cast(pa.date32()),
            "impressions": served.impressions,
            "clicks": served.clicks,
            "spend": served.spend,
        }
    )
