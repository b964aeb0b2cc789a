"""Which new terms are known ones in disguise? By what a term looks like, sounds like, or shortens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from shroff.text.sound_kernel import BREAK, LETTER_SOUND, SYLLABLE_SOUND
from shroff.text.syllables import SYLLABLES
from shroff.text.text_views import Views, views_of_texts

__all__ = ["Likeness", "Reading", "likeness", "read_terms", "variant_groups"]

_LEAST_LOOKS, _LEAST_SOUNDS, _LEAST_SPELLED = 2, 2, 6
_MOST_INITIALS = 4


class Likeness(StrEnum):
    """How a term is like another one.

    ``SAME`` it is that term; ``HOLDS`` that term is a part of it; ``LOOKS`` it reads so once
    look-alike letters, separators and split characters are folded; ``SOUNDS`` it is said alike;
    ``SHORT`` it gives some of its syllables by their first letters; ``SPELLED`` one letter is
    wrong.
    """

    SAME = "same"
    LOOKS = "looks"
    SOUNDS = "sounds"
    SHORT = "short"
    SPELLED = "spelled"
    HOLDS = "holds"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a term says, looks like and sounds like.

    Parameters
    ----------
    term : str
        As it is written.
    plain, folded : str
        Its views.
    sound : tuple of str
        Syllables and single letters; empty where letters are neither.
    """

    term: str
    plain: str
    folded: str
    sound: tuple[str, ...]


def read_terms(terms: Sequence[str]) -> list[Reading]:
    """Read terms.

    Parameters
    ----------
    terms : sequence of str
        Terms.

    Returns
    -------
    list of Reading
        One a term.
    """
    views = views_of_texts(terms)
    return [
        Reading(
            term,
            _text(views.plain[views.plain_at[at] : views.plain_at[at + 1]]),
            _text(views.folded[views.folded_at[at] : views.folded_at[at + 1]]),
            _sound(views, at),
        )
        for at, term in enumerate(terms)
    ]


def _text(codes: np.ndarray) -> str:
    return codes.astype("<u4").tobytes().decode("utf-32-le").strip()


def _sound(views: Views, at: int) -> tuple[str, ...]:
    codes = views.sound[views.sound_at[at] : views.sound_at[at + 1]].tolist()
    if BREAK in codes:
        plain = _text(views.plain[views.plain_at[at] : views.plain_at[at + 1]])
        few = len(plain) <= _MOST_INITIALS and plain.isascii() and plain.isalpha()
        return tuple(plain) if few else ()
    return tuple(
        chr(code - LETTER_SOUND) if code >= LETTER_SOUND else SYLLABLES[code - SYLLABLE_SOUND - 1]
        for code in codes
    )


def likeness(term: Reading, known: Reading) -> Likeness | None:
    """Tell how a term is like a known one.

    Parameters
    ----------
    term, known : Reading
        The two.

    Returns
    -------
    Likeness or None
        The first that holds; None where nothing does.

    Examples
    --------
    >>> short, full = read_terms(["加v", "加微信"])
    >>> likeness(short, full)
    <Likeness.SHORT: 'short'>
    """
    if term.plain == known.plain:
        return Likeness.SAME
    if len(known.folded) >= _LEAST_LOOKS and term.folded == known.folded:
        return Likeness.LOOKS
    if _sounds(term.sound, known.sound):
        return Likeness.SOUNDS
    if _shortens(term.sound, known.sound):
        return Likeness.SHORT
    if _misspells(term.folded, known.folded):
        return Likeness.SPELLED
    return _held(term, known)


def _held(term: Reading, known: Reading) -> Likeness | None:
    """Tell whether a part of a longer term is the known one, as it is or disguised."""
    if len(known.plain) < _LEAST_LOOKS:
        return None
    if _within(known.plain, term.plain):
        return Likeness.HOLDS
    if len(known.folded) >= _LEAST_LOOKS and _within(known.folded, term.folded):
        return Likeness.LOOKS
    size = len(known.sound)
    windows = (term.sound[at : at + size] for at in range(len(term.sound) - size + 1))
    return Likeness.SOUNDS if any(_sounds(window, known.sound) for window in windows) else None


def _within(part: str, whole: str) -> bool:
    """Tell whether a term is a part of another, and no part of a Latin word."""
    at = whole.find(part)
    if at < 0:
        return False
    before, after = whole[at - 1 : at], whole[at + len(part) : at + len(part) + 1]
    return not ((_latin(before) and _latin(part[0])) or (_latin(after) and _latin(part[-1])))


def _latin(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()


def _sounds(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return len(one) >= _LEAST_SOUNDS and one == other and any(len(each) > 1 for each in one)


def _shortens(one: tuple[str, ...], full: tuple[str, ...]) -> bool:
    """Tell whether letters stand for syllables: vx for 微信, 加v for 加微信."""
    if not 1 < len(one) <= len(full) or not all(len(each) > 1 for each in full):
        return False
    pairs = list(zip(one, full, strict=False))
    if not all(said == meant or _stands_for(said, meant) for said, meant in pairs):
        return False
    letters = sum(len(said) == 1 for said in one)
    left_out = len(full) - len(one)
    if not letters:
        return False
    return left_out == 0 or (left_out == 1 and letters < len(one) and len(one[-1]) == 1)


def _stands_for(said: str, meant: str) -> bool:
    """Tell whether a letter is a syllable's first; v is said for w."""
    return len(said) == 1 and (meant[0] == said or (said == "v" and meant[0] == "w"))


def _misspells(one: str, other: str) -> bool:
    """Tell whether one letter is left out, added, changed, or swapped with the next."""
    if min(len(one), len(other)) < _LEAST_SPELLED or abs(len(one) - len(other)) > 1:
        return False
    if not (one.isascii() and other.isascii()) or one == other:
        return False
    at = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if at is None:
        return one[-1] != "s" and other[-1] != "s"
    return at > 0 and (
        one[at + 1 :] == other[at + 1 :]
        or one[at:] == other[at + 1 :]
        or one[at + 1 :] == other[at:]
        or (one[at : at + 2][::-1] == other[at : at + 2] and one[at + 2 :] == other[at + 2 :])
    )


def variant_groups(
    terms: Sequence[str], *, known: Sequence[str] = (), weight: Sequence[float] = ()
) -> list[tuple[str, Likeness] | None]:
    """Group terms under the ones they stand for.

    Parameters
    ----------
    terms : sequence of str
        Terms found.
    known : sequence of str
        Terms that rules hold, or that the user gave.
    weight : sequence of float
        How often each term found was met; the most frequent of a group stands for it.

    Returns
    -------
    list of (str, Likeness) or None
        For each term the one that it is a variant of and how; known terms go first. None for one
        that stands for itself.
    """
    readings, heads = read_terms(terms), read_terms(list(dict.fromkeys(known)))
    weights = list(weight) or [1.0] * len(terms)
    found: list[tuple[str, Likeness] | None] = [None] * len(terms)
    for at in sorted(range(len(terms)), key=lambda one: (-weights[one], terms[one])):
        found[at] = best = _best(readings[at], heads)
        if best is None or best[1] in {Likeness.SAME, Likeness.HOLDS}:
            heads.append(readings[at])
    return found


def _best(term: Reading, heads: Sequence[Reading]) -> tuple[str, Likeness] | None:
    """Find the known term that it is most like: the kind first, then the longest."""
    order = list(Likeness)
    likes = [(like, head) for head in heads if (like := likeness(term, head)) is not None]
    if not likes:
        return None
    like, head = min(likes, key=lambda one: (order.index(one[0]), -len(one[1].plain)))
    return head.term, like
