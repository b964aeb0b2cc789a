"""The text of each ad, composed from the grammar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from shroff.synthetic.dice import Ints, Texts, joined
from shroff.synthetic.disguises import disguised
from shroff.synthetic.grammar import Grammar, Template, compiled, fill, grammar
from shroff.synthetic.markets import FORMATS, LANGUAGES
from shroff.synthetic.submissions import ALIKE, BENIGN, SEED, Ads
from shroff.synthetic.world import World

__all__ = ["Copy", "brands", "write"]

_MASK = 2**64 - 1
_TURN = 0x9E3779B97F4A7C15
_QUOTED = 4
_CAPTIONED, _SPOKEN = 0.55, 0.4
_WORDED = 0.6
_BRAND = compiled("{first}{middle}{last}")


@dataclass(frozen=True, slots=True)
class Copy:
    """Texts of ads, one place in each array; None where an ad has no such text.

    Parameters
    ----------
    title, body, ocr, asr : array of str
        Fields.
    seed : array of str
        Seed phrase that the ad was built on, "" for none.
    """

    title: Texts
    body: Texts
    ocr: Texts
    asr: Texts
    seed: Texts


class _Brief(NamedTuple):
    """What one ad is to say."""

    form: int
    policy: int
    place: int
    industry: int
    hidden: bool
    brand: str
    shape: int
    words: int
    caption: bool
    speech: bool
    besides: int


def brands(world: World, advertisers: Ints) -> dict[int, str]:
    """Name the brands of some advertisers.

    Parameters
    ----------
    world : World
        The platform.
    advertisers : array of int
        Advertisers.

    Returns
    -------
    dict of int to str
        Invented name of each.
    """
    people = world.people
    each = np.unique(advertisers)
    bits = world.dice.bits("brand", each.astype(np.uint64)).tolist()
    named: dict[int, str] = {}
    for who, drawn in zip(each.tolist(), bits, strict=True):
        words = grammar(LANGUAGES[int(people.language[who])]).words
        named[who] = fill(_BRAND, drawn, words=words, given={}).capitalize()
    return named


def _of(options: tuple[Template, ...], bits: int) -> Template:
    return options[bits % len(options)]


def _risky(book: Grammar, brief: _Brief, given: dict[str, str]) -> str:
    """Write the sentence that breaks a policy or looks as if it did."""
    wording = book.wordings[brief.policy]
    if brief.form == ALIKE:
        quoted = brief.shape % _QUOTED == 0
        options = book.warnings if quoted else wording.alike
    else:
        options = book.carriers if brief.form == SEED else wording.plain
    template = _of(options, brief.shape // _QUOTED)
    text = fill(template, brief.words, words=book.words, given=given)
    return text[:1].upper() + text[1:]


def _capital(text: str | None) -> str | None:
    return text and text[:1].upper() + text[1:]


def _compose(book: Grammar, brief: _Brief, language: str) -> tuple[str | None, ...]:
    """Write the four fields of one ad and its seed phrase."""
    shape, bits = brief.shape >> 8, brief.words
    seeds = book.wordings[brief.policy].seeds
    products = book.products[brief.industry]
    seed = seeds[(brief.shape >> 32) % len(seeds)]
    given = {
        "brand": brief.brand,
        "seed": seed,
        "product": products[(brief.words >> 40) % len(products)],
    }
    drafts: list[str | None] = []
    plans = (book.titles[brief.industry], book.lines[brief.industry], book.captions, book.spoken)
    for place, options in enumerate(plans):
        wanted = place < 2 or (brief.caption if place == 2 else brief.speech)
        bits = bits * _TURN & _MASK
        template = _of(options, shape >> place)
        drafts.append(fill(template, bits, words=book.words, given=given) if wanted else None)
    extra = fill(_of(book.extras, shape >> 5), bits >> 7, words=book.words, given=given)
    risky = "" if brief.form == BENIGN else _risky(book, brief, given)
    if brief.hidden:
        risky = disguised(risky, brief.words >> 3, language=language)
    kept = drafts[brief.place]
    if risky:
        drafts[brief.place] = f"{risky} {kept}" if kept and brief.place else risky
    if brief.besides >= 0:
        template = _of(book.wordings[brief.besides].plain, shape >> 9)
        drafts[1] = f"{drafts[1]} {fill(template, bits >> 11, words=book.words, given=given)}"
    drafts[1] = f"{drafts[1]} {extra}"
    return (*map(_capital, drafts), seed if brief.form == SEED else "")


def _besides(world: World, ads: Ads) -> Ints:
    """Draw which policy beside the main one an ad words too, -1 for none (all is in pictures)."""
    rows = np.flatnonzero(ads.beside.any(axis=1))
    keys = joined(ads.content[rows][:, None], np.arange(ads.beside.shape[1])[None, :])
    drawn = np.argmax(world.dice.uniform("besides", keys) * ads.beside[rows], axis=1)
    besides = np.full(len(ads), -1, dtype=np.int64)
    worded = world.dice.flips("worded", ads.content[rows], chance=_WORDED)
    besides[rows] = np.where(worded, drawn, -1)
    return besides


def _briefs(world: World, ads: Ads) -> list[_Brief]:
    dice = world.dice
    names = brands(world, ads.advertiser)
    shape = dice.bits("shape", np.where(ads.campaign, np.uint64(1), ads.content))
    policy = np.where(ads.policy >= 0, ads.policy, np.maximum(ads.alike, 0))
    textual = ads.format == FORMATS.index("text")
    video = ads.format == FORMATS.index("video")
    caption = ~textual & dice.flips("caption", ads.content, chance=_CAPTIONED)
    speech = video & dice.flips("speech", ads.content, chance=_SPOKEN)
    place = np.where(textual, np.minimum(ads.place, 1), ads.place)
    place = np.where(~video & (place == 3), 2, place)
    return [
        _Brief(*row)
        for row in zip(
            ads.form.tolist(),
            policy.tolist(),
            place.tolist(),
            ads.industry.tolist(),
            ads.disguised.tolist(),
            [names[who] for who in ads.advertiser.tolist()],
            shape.tolist(),
            dice.bits("words", joined(ads.content, ads.advertiser)).tolist(),
            caption.tolist(),
            speech.tolist(),
            _besides(world, ads).tolist(),
            strict=True,
        )
    ]


def write(world: World, ads: Ads) -> Copy:
    """Write the texts of some ads.

    Parameters
    ----------
    world : World
        The platform.
    ads : Ads
        The ads.

    Returns
    -------
    Copy
        Their texts.
    """
    books = [grammar(language) for language in LANGUAGES]
    columns = np.empty((len(ads), 5), dtype=np.object_)
    rows = zip(_briefs(world, ads), ads.language.tolist(), strict=True)
    for place, (brief, tongue) in enumerate(rows):
        columns[place] = _compose(books[tongue], brief, LANGUAGES[tongue])
    return Copy(*(columns[:, place] for place in range(5)))
