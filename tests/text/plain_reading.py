"""The three views in plain Python, slow and obvious, to hold the kernels against."""

from __future__ import annotations

import unicodedata
from functools import cache

from shroff.text import characters as chars
from shroff.text.han_parts import PARTS
from shroff.text.lookalike_letters import SIGN_LETTERS
from shroff.text.reading_tables import folded_han, han_readings, simplified_characters
from shroff.text.sound_kernel import BREAK, LETTER_SOUND, SYLLABLE_SOUND
from shroff.text.syllables import SYLLABLES

Reading = list[tuple[str, int]]
CODES = {one: place for place, one in enumerate(SYLLABLES, 1)}
SPELLED = {**CODES, "lue": CODES["lve"], "nue": CODES["nve"]}


@cache
def wholes() -> dict[str, str]:
    simple = simplified_characters()
    found: dict[str, str] = {}
    for whole, ways in PARTS.items():
        for way in ways:
            parts = "".join(simple.get(one, one) for one in way)
            found.setdefault(parts, simple.get(whole, whole))
    return found


def plain(text: str) -> Reading:
    """Plain characters, each with the original character it comes from."""
    out: Reading = []
    for source, letter in enumerate(text):
        read, _ = chars.letters_of(letter, simplified_characters())
        if len(read) == 1 and chars.joins(ord(read)) and out:
            whole = unicodedata.normalize("NFC", out[-1][0] + read)
            if len(whole) == 1:
                out[-1] = (whole, out[-1][1])
                continue
        strange = (
            len(read) == 1 and unicodedata.category(read) == "Mn" and not chars.joins(ord(read))
        )
        if strange and out and chars.class_of(out[-1][0]) in {chars.LATIN, chars.DIGIT, chars.HAN}:
            continue
        out.extend((one, source) for one in read)
    return out


def is_letter(view: str, place: int) -> bool:
    """Whether a sign at a place stands for a letter."""
    if ord(view[place]) >= 0x1F1E6:
        return True
    for step in (-1, 1):
        for at in range(place + step, place + 4 * step, step):
            if not 0 <= at < len(view) or chars.class_of(view[at]) != chars.SIGN:
                break
        if 0 <= at < len(view) and chars.class_of(view[at]) == chars.LATIN:
            return True
    return False


def kept(view: str) -> list[int]:
    return [
        place
        for place, one in enumerate(view)
        if (kind := chars.class_of(one)) < chars.SIGN or (kind == chars.SIGN and is_letter(view, place))
    ]  # fmt: skip


def fold(one: str) -> str:
    letter = folded_han().get(one) or chars.LEET.get(one) or SIGN_LETTERS.get(one) or one
    return chars.LEET.get(letter, letter)


def folded(view: str) -> Reading:
    """Folded characters, each with the plain one where it begins."""
    out: Reading = []
    places = kept(view)
    at = 0
    while at < len(places):
        taken, one = 1, view[places[at]]
        for size in (3, 2):
            parts = "".join(view[place] for place in places[at : at + size])
            if len(parts) == size and parts in wholes():
                taken, one = size, wholes()[parts]
                break
        if not out or out[-1][0] != fold(one):
            out.append((fold(one), places[at]))
        at += taken
    return out


@cache
def cut(letters: str) -> tuple[str, ...] | None:
    """Cut letters wholly into syllables, the longest first; None where that cannot be."""
    if not letters:
        return ()
    for size in range(min(6, len(letters)), 0, -1):
        rest = cut(letters[size:]) if letters[:size] in SPELLED else None
        if rest is not None:
            return (letters[:size], *rest)
    return None


def sound(view: str) -> list[tuple[int, int]]:  # noqa: C901  one branch a class
    """Codes of sound, each with the plain character where it begins."""
    out: list[tuple[int, int]] = []
    at = 0
    while at < len(view):
        one, here = view[at], at
        kind = chars.class_of(one)
        at += 1
        if kind == chars.LATIN:
            while at < len(view) and chars.class_of(view[at]) == chars.LATIN:
                at += 1
            run = view[here:at]
            syllables = cut(run) if len(run) <= 60 else None
            if syllables:
                for syllable in syllables:
                    out.append((SPELLED[syllable] + SYLLABLE_SOUND, here))
                    here += len(syllable)
                continue
            beside = view[max(here - 1, 0) : here] + view[at : at + 1]
            if len(run) <= 3 and any(
                chars.class_of(c) in {chars.HAN, chars.DIGIT} for c in beside
            ):
                out.extend((ord(c) + LETTER_SOUND, here + n) for n, c in enumerate(run))
                continue
            code = BREAK
        elif kind == chars.HAN:
            readings = han_readings().get(one)
            code = readings[0] + SYLLABLE_SOUND if readings else BREAK
        elif kind == chars.DIGIT:
            code = ord(one) + LETTER_SOUND
        elif kind in {chars.OTHER, chars.STOP, chars.NEWLINE}:
            code = BREAK
        else:
            continue
        if not (code == BREAK and out and out[-1][0] == BREAK):
            out.append((code, here))
    return out
