"""What each code point is read as, and by which disguise: one cell a code point, in pages.

The cell packs what the kernel of `view_kernel` needs, so that a code point costs one look-up::

    bits  0-20  plain code point (or, where one gives several, its place in ``several``)
    bits 21-41  folded code point
    bits 42-51  sound: place in SYLLABLES from 1, or 0
    bits 52-55  class of the plain code point
    bits 56-59  kind: gives one, nothing, several, joins the one before
    bit  60     may begin a split character
    bit  61     may go on with one
    bit  62     Han character that is met often
    bit  63     Han character that goes with any other
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Final

from shroff.text.evasion import Evasion
from shroff.text.lookalike_letters import LOOKALIKES, SIGN_LETTERS, named_lookalikes

__all__ = [
    "COMMA", "DIGIT", "DROP", "EMOJI", "HAN", "JOIN", "LATIN", "LEET", "MARKER", "NEWLINE", "NUMERALS",
    "ONE", "OTHER", "SEVERAL", "SIGN", "SPACE", "STOP", "STRANGE", "class_of", "drawn_letters", "is_han", "is_hidden", "joins", "letters_of",
    "readings", "worth_reading",
]  # fmt: skip

OTHER: Final = 0
LATIN: Final = 1
DIGIT: Final = 2
HAN: Final = 3
SIGN: Final = 4
SPACE: Final = 5
NEWLINE: Final = 6
STOP: Final = 7
COMMA: Final = 8
MARKER: Final = 9
EMOJI: Final = 10

ONE: Final = 0
DROP: Final = 1
SEVERAL: Final = 2
JOIN: Final = 3
STRANGE: Final = 4

LEET: dict[str, str] = {
    "0": "o", "1": "i", "2": "z", "3": "e", "4": "a", "5": "s", "6": "g", "7": "t", "8": "b",
    "9": "g", "l": "i",
}  # fmt: skip
"""Digit to the letter it is read as in ``folded``; l is read as i there, as 1 stands for both."""

NUMERALS: dict[str, str] = {
    han: str(place % 10)
    for row in ("〇一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖", "〇弌两弎")
    for place, han in enumerate(row)
}
"""Chinese numeral, simplified, to its digit."""

_MARKS = (
    (0x300, 0x34E), (0x350, 0x36F), (0x483, 0x489), (0x591, 0x5C7), (0x610, 0x61A),
    (0x64B, 0x65F), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE20, 0xFE2F),
)  # fmt: skip
_MARK_POINTS = frozenset(
    point
    for first, last in _MARKS
    for point in range(first, last + 1)
    if unicodedata.category(chr(point)) in {"Mn", "Me"}
)
_FILLERS = frozenset(
    (*range(0x180B, 0x1810), 0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0, 0x2800, 0x640)
)
_NOT_FOLDED = frozenset("™℠")
_TOO_LONG = 6
_HAN = (
    (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF), (0x3007, 0x3007),
)  # fmt: skip
_VOICED = (0x3099, 0x309A)
_SIGNS = (
    ("".join(SIGN_LETTERS), SIGN),
    ("\n\r\v\f\x85\u2028\u2029", NEWLINE),
    ("。!?;…‥।؟", STOP),
    (",、:\"'“”‘’()[]{}<>《》「」『』【】〈〉،", COMMA),
)


def _within(point: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= point <= last for first, last in ranges)


def is_han(point: int) -> bool:
    """Say whether a code point is a Han character.

    Returns
    -------
    bool
        True for ideographs of every block, and 〇.
    """
    return _within(point, _HAN)


def _is_mark(point: int) -> bool:
    return point in _MARK_POINTS


def is_hidden(point: int) -> bool:
    """Say whether a code point shows nothing and moves nothing.

    Returns
    -------
    bool
        True for zero-width characters, controls, tags, variation selectors and fillers.
    """
    if point in _FILLERS or 0xFE00 <= point <= 0xFE0F or 0xE0000 <= point <= 0xE0FFF:
        return True
    return unicodedata.category(chr(point)) in {"Cf", "Cc"} and chr(point) not in "\t\n\v\f\r\x85"


def joins(point: int) -> bool:
    """Say whether a code point may compose with the one before: kana and Hangul.

    Returns
    -------
    bool
        True for voicing marks, vowels and finals of conjoining jamo.
    """
    return point in _VOICED or 0x1161 <= point <= 0x1175 or 0x11A8 <= point <= 0x11C2


@cache
def drawn_letters() -> dict[str, str]:
    """List letters that are drawn like an ASCII letter, by names and by our own list.

    Returns
    -------
    dict of str to str
        Letter to its ASCII letter.
    """
    return {**named_lookalikes(), **LOOKALIKES}


def letters_of(letter: str, simplified: Mapping[str, str]) -> tuple[str, Evasion]:
    """Read one original code point as its plain ones.

    Parameters
    ----------
    letter : str
        One code point.
    simplified : mapping of str to str
        Traditional character to the simplified one.

    Returns
    -------
    tuple of (str, Evasion)
        Its plain form, empty if it is dropped, and the disguises that it can be.
    """
    point = ord(letter)
    if is_hidden(point):
        return "", Evasion.HIDDEN
    if _is_mark(point):
        return "", Evasion.MARKS
    if letter in _NOT_FOLDED or letter in SIGN_LETTERS:
        return letter, Evasion.NONE
    shown, bits = _compatible(letter)
    plain = []
    for one in shown:
        read, further = _one_letter(one, simplified)
        bits |= further
        plain.append(read)
    text = "".join(plain)
    return (text, bits) if len(text) <= _TOO_LONG else (letter, Evasion.NONE)


def _compatible(letter: str) -> tuple[str, Evasion]:
    """Undo width, fonts, circles and other compatibility forms."""
    shown = unicodedata.normalize("NFKC", letter)
    if letter in drawn_letters() and not shown.isascii():
        return letter, Evasion.NONE  # ϲ is drawn like c, and no form of σ here
    if shown == letter or unicodedata.normalize("NFC", letter) == shown:
        return shown, Evasion.NONE
    tag = unicodedata.decomposition(letter).split(">", maxsplit=1)[0]
    if tag == "<square" and len(shown) > 1:
        return shown, Evasion.WIDTH
    if tag in {"<font", "<circle", "<square"} or unicodedata.category(letter) == "So":
        digits = any(one.isdigit() or one in NUMERALS for one in shown)
        return shown, Evasion.NUMERALS if digits else Evasion.HOMOGLYPH
    if unicodedata.category(letter) == "No" or 0x2488 <= ord(letter) <= 0x249B:
        return shown.rstrip("."), Evasion.NUMERALS
    return shown, Evasion.WIDTH


def _one_letter(letter: str, simplified: Mapping[str, str]) -> tuple[str, Evasion]:
    bits = Evasion.NONE
    drawn = drawn_letters()
    if letter in drawn and not letter.isascii():
        upper = Evasion.CASE if letter != letter.casefold() else Evasion.NONE
        return drawn[letter], Evasion.HOMOGLYPH | upper
    lower = unicodedata.normalize("NFKC", letter.casefold())
    if lower != letter:
        bits |= Evasion.CASE
    whole = is_han(ord(letter)) or unicodedata.category(letter) in {"Sm", "So"}  # ≠ is not =
    parts = lower if whole else unicodedata.normalize("NFD", lower)
    bare = "".join(part for part in parts if not _is_mark(ord(part)))
    if len(bare) < len(parts):
        bits |= Evasion.MARKS
    read = "".join(drawn.get(one, one) if not one.isascii() else one for one in bare)
    if read != bare:
        bits |= Evasion.HOMOGLYPH
    simple = "".join(simplified.get(one, one) for one in read)
    if simple != read:
        bits |= Evasion.TRAD
    return unicodedata.normalize("NFC", simple), bits


def class_of(letter: str) -> int:
    """Say what a plain code point is to a word.

    Returns
    -------
    int
        One of the classes of this module; those from `SIGN` on are skipped inside words.
    """
    point = ord(letter)
    if "a" <= letter <= "z":
        return LATIN
    if "0" <= letter <= "9":
        return DIGIT
    if is_han(point):
        return HAN
    for signs, kind in _SIGNS:
        if letter in signs:
            return kind
    return _class_by_category(letter)


def _class_by_category(letter: str) -> int:
    category = unicodedata.category(letter)
    if category == "Zs" or letter == "\t":
        return SPACE
    if ord(letter) >= 0x1F000 and category in {"So", "Sk"}:
        return EMOJI
    if category == "So" or ord(letter) in {0x3030, 0x303D}:
        return EMOJI if 0x2190 <= ord(letter) <= 0x2BFF else MARKER
    return MARKER if category[0] in "PSZ" else OTHER


def worth_reading(first: int, last: int) -> bool:
    """Say whether a page of code points holds anything but letters that stay as they are.

    Parameters
    ----------
    first, last : int
        The page.

    Returns
    -------
    bool
        False for ideographs, Hangul, private use and unassigned code points.
    """
    if _within(first, ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xAC00, 0xD6FF), (0xD800, 0xF8FF))):
        return False
    return last < 0x20000 or 0x2F800 <= first <= 0x2FA1F or 0xE0000 <= first <= 0xE0FFF


def readings(toned: str) -> tuple[str, ...]:
    """Take the tones off a list of readings.

    Parameters
    ----------
    toned : str
        Readings with tone marks, separated by commas, the most common first.

    Returns
    -------
    tuple of str
        Each toneless syllable once, in the same order.

    Examples
    --------
    >>> readings("xíng,háng,héng,xìng")
    ('xing', 'hang', 'heng')
    """
    bare = "".join(
        one
        for one in unicodedata.normalize("NFD", toned)
        if not unicodedata.combining(one) or one == "\u0308"
    )
    return tuple(dict.fromkeys(unicodedata.normalize("NFC", bare).split(",")))
