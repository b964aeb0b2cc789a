"""How the demo's ads are worded: templates, slots and what goes in them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TypeAlias, cast

from shroff.synthetic.markets import INDUSTRIES
from shroff.synthetic.taxonomy import policies

__all__ = ["Grammar", "Template", "Wording", "compiled", "fill", "grammar"]

_SLOT = re.compile(r"\{([a-z_]+)\}")
_Sheet: TypeAlias = dict[str, dict[str, list[str]]]


@dataclass(frozen=True, slots=True)
class Template:
    """A sentence with slots.

    Parameters
    ----------
    pieces : tuple of str
        Fixed text; one more than slots.
    slots : tuple of str
        Names of what goes between the pieces.
    """

    pieces: tuple[str, ...]
    slots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """How one policy is broken, and what merely looks like it, in one language.

    Parameters
    ----------
    seeds : tuple of str
        Phrases that a keyword list would hold.
    plain : tuple of Template
        Sentences that break the policy and hold no seed.
    alike : tuple of Template
        Harmless sentences that share words with the seeds.
    """

    seeds: tuple[str, ...]
    plain: tuple[Template, ...]
    alike: tuple[Template, ...]


@dataclass(frozen=True, slots=True)
class Grammar:
    """All wordings of one language.

    Parameters
    ----------
    words : mapping of str to tuple of str
        What goes into each slot.
    wordings : tuple of Wording
        One for each policy, in order.
    carriers, warnings : tuple of Template
        Sentences that offer a seed, and harmless ones that quote it.
    titles, lines : tuple of tuple of Template
        Everyday ad copy for each industry.
    extras, captions, spoken : tuple of Template
        Second sentences, text in pictures, speech.
    products : tuple of tuple of str
        Products of each industry.
    """

    words: Mapping[str, tuple[str, ...]]
    wordings: tuple[Wording, ...]
    carriers: tuple[Template, ...]
    warnings: tuple[Template, ...]
    titles: tuple[tuple[Template, ...], ...]
    lines: tuple[tuple[Template, ...], ...]
    extras: tuple[Template, ...]
    captions: tuple[Template, ...]
    spoken: tuple[Template, ...]
    products: tuple[tuple[str, ...], ...]


def compiled(text: str) -> Template:
    """Cut a sentence at its slots, written ``{name}``."""
    parts = _SLOT.split(text)
    return Template(tuple(parts[::2]), tuple(parts[1::2]))


def fill(
    template: Template,
    bits: int,
    *,
    words: Mapping[str, tuple[str, ...]],
    given: Mapping[str, str],
) -> str:
    """Fill the slots of a sentence.

    Parameters
    ----------
    template : Template
        Sentence with slots.
    bits : int
        64 random bits that choose the words.
    words : mapping
        Words for each slot.
    given : mapping
        Slots whose word is known already.

    Returns
    -------
    str
        The sentence.
    """
    out = [template.pieces[0]]
    for slot, piece in zip(template.slots, template.pieces[1:], strict=True):
        known = given.get(slot)
        if known is None:
            options = words[slot]
            bits, place = divmod(bits, len(options))
            known = options[place]
        out += (known, piece)
    return "".join(out)


def _sheet(name: str) -> _Sheet:
    text = files("shroff.synthetic").joinpath(name).read_text(encoding="utf-8")
    return cast("_Sheet", tomllib.loads(text))


def _templates(texts: Sequence[str]) -> tuple[Template, ...]:
    return tuple(compiled(text) for text in texts)


@cache
def grammar(language: str) -> Grammar:
    """Load the grammar of a language.

    Parameters
    ----------
    language : str
        "en" or "zh".

    Returns
    -------
    Grammar
        Its grammar.
    """
    offences = _sheet(f"grammar_{language}.toml")
    lexicon = _sheet(f"lexicon_{language}.toml")
    frames = lexicon["frames"]
    numbers = {"n": [str(n) for n in range(2, 100)], "k": [str(k) for k in range(3, 10)]}
    return Grammar(
        words={slot: tuple(options) for slot, options in {**numbers, **lexicon["words"]}.items()},
        wordings=tuple(
            Wording(
                seeds=tuple(offences[policy.id]["seed"]),
                plain=_templates(offences[policy.id]["plain"]),
                alike=_templates(offences[policy.id]["alike"]),
            )
            for policy in policies()
        ),
        carriers=_templates(frames["carriers"]),
        warnings=_templates(frames["warnings"]),
        titles=tuple(_templates(lexicon[name]["titles"]) for name in INDUSTRIES),
        lines=tuple(_templates(lexicon[name]["lines"]) for name in INDUSTRIES),
        extras=_templates(frames["extras"]),
        captions=_templates(frames["captions"]),
        spoken=_templates(frames["spoken"]),
        products=tuple(tuple(lexicon[name]["products"]) for name in INDUSTRIES),
    )
