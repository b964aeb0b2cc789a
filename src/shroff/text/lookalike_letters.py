"""Letters that are read as an ASCII letter, beyond what Unicode's compatibility forms already say."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["LOOKALIKES", "SCRIPTS", "SIGN_LETTERS", "named_lookalikes"]

# Per ASCII letter: Cyrillic, Greek, Armenian, Cherokee, Coptic, Lisu, IPA and others, both cases.
_DRAWN: dict[str, str] = {
    "a": "аАαΑɑᎪꓮⲀⲁӓӑᗅ∀",
    "b": "ЬВвВΒᏴᏏꓐⲂᖯьƄƅᗷ",
    "c": "сСϲϹᏟⅭꓚⲤⲥᴄꮯ",
    "d": "ԁԀᏧꓒժⅾᗞ",
    "e": "еЕεΕҽЄєᎬꓰℯ℮ɛҼəәɘǝ∃ξ",
    "f": "ғҒϝϜꓝքƒſẝᖴ",
    "g": "ɡԌցᏀᎶꓖɢǤ",
    "h": "һҺНнΗηᎻᏂհꓧⲎһћ",
    "i": "іІιΙӀӏıɩᎥⅰᛁꓲⲒǀ∣׀וا",
    "j": "јЈϳᎫꓙյɉ",
    "k": "кКκΚᏦꓗⲔԞҝқ",
    "l": "ⅼᏞⳐꓡŁʟլ",
    "m": "мМΜᎷꓟⲘϺϻ",
    "n": "пиΝΝпոռꓠⲚիήИ",
    "o": "оОοΟօՕσ၀०০੦૦௦౦೦൦๐໐ⲞⲟꓳΘθ○〇ଠᴏ",
    "p": "рРρΡᏢꓑⲢⲣϱþÞ",
    "q": "ԛԚգզ",
    "r": "гГᎡᏒꓣɾʀяЯгᴦ",
    "s": "ѕЅᏚՏꓢʂꮪ",
    "t": "тТτΤᎢꓔⲦ†էᴛ",
    "u": "υՍսꓴᴜμʋцЦ∪",
    "v": "ѵѴνᏙꓦᴠ∨⋁ѷ",
    "w": "ѡѠωωԝԜᎳꓪшШщЩաᴡ",
    "x": "хХχΧꓫⲬ×᙮ҳ",
    "y": "уУγΥүҮʏᎩꓬⲨʎч",
    "z": "ᏃΖꓜⲌᴢʐ",
}

# Greek and Cyrillic letters drawn alike only in part, and signs, that would garble those languages.
_NOT = frozenset("∀∃∣∪∨⋁○〇×†ξпиИгцЦшШщЩчяЯьЬθΘσλπוا׀")

SCRIPTS: tuple[tuple[int, int], ...] = ((0x370, 0x52F),)
"""First and last code point of Greek and Cyrillic: living scripts whose own words must not fire."""


def named_lookalikes() -> dict[str, str]:
    """Find further Latin letters by their names: small capitals, strokes, hooks, turned letters.

    Returns
    -------
    dict of str to str
        Letter to its ASCII letter, lower case.
    """
    found: dict[str, str] = {}
    shape = re.compile(
        r"^LATIN (?:SMALL LETTER|CAPITAL LETTER|LETTER SMALL CAPITAL|SMALL LETTER CAPITAL"
        r"|LETTER)(?: (?:TURNED|REVERSED|SIDEWAYS|INSULAR|SCRIPT|DOTLESS|LONG|OPEN|CLOSED|BARRED"
        r"|BLACKLETTER|HALF|TOP HALF|BOTTOM HALF|INVERTED|STRETCHED))* ([A-Z])(?: WITH .*|-.*)?$"
    )
    enclosed = re.compile(
        r"^(?:NEGATIVE |CROSSED )?(?:CIRCLED|SQUARED|PARENTHESIZED|TORTOISE SHELL BRACKETED)"
        r" LATIN (?:SMALL|CAPITAL) LETTER ([A-Z])$"
    )
    for first, last in ((0x80, 0x24F), (0x250, 0x2AF), (0x1D00, 0x1DBF), (0x1E00, 0x1EFF),
                        (0x2C60, 0x2C7F), (0xA720, 0xA7FF), (0xAB30, 0xAB6F), (0x10780, 0x107BF),
                        (0x1DF00, 0x1DFFF), (0x1F110, 0x1F189)):  # fmt: skip
        for point in range(first, last + 1):
            name = unicodedata.name(chr(point), "")
            match = shape.match(name) or enclosed.match(name)
            if match and not unicodedata.decomposition(chr(point)):
                found[chr(point)] = match[1].lower()
    return found


LOOKALIKES: dict[str, str] = {
    letter: ascii_letter
    for ascii_letter, letters in _DRAWN.items()
    for letter in letters
    if letter not in _NOT
}
"""Letter of another script to the ASCII letter it is drawn like."""

SIGN_LETTERS: dict[str, str] = {
    "@": "a",
    "$": "s",
    "!": "i",
    "€": "e",
    "£": "l",
    "¢": "c",
    "¥": "y",
    "×": "x",
    "†": "t",
    "○": "o",
    "∀": "a",
    "∃": "e",
    "∪": "u",
    "∨": "v",
    **{chr(0x1F1E6 + place): chr(97 + place) for place in range(26)},
}
"""Signs that stand for a letter inside a word and are signs elsewhere."""
