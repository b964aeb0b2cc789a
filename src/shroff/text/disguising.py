"""Disguises of a term, made the way people make them, to see which a rule survives.

What makes a disguise should not be what sees through it, or every test would pass. Own lists here,
shared with nothing: look-alike letters, leet, separators, emoji, hidden characters, marks, numerals,
look-alike and split Han characters. Shared, as there is one truth of them: Unicode's full-width and
mathematical letters, OpenCC (with phrases here, by single characters there) and the readings of
pypinyin. A term that a kind does not change has no disguise of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from random import Random

from shroff.text.characters import is_han
from shroff.text.evasion import KINDS, Evasion
from shroff.text.forms import forms_of
from shroff.text.reading_tables import han_readings
from shroff.text.syllables import SYLLABLES

__all__ = ["disguises"]

_LETTERS = {
    "a": "аɑ𝒂🅐", "b": "Ƅ𝗯Ⓑ", "c": "сϲ𝕔", "d": "ԁ𝒅ⓓ", "e": "еҽ𝓮", "f": "ƒ𝐟", "g": "ɡ𝗀ⓖ", "h": "һ𝖍",
    "i": "іɩ𝙞", "j": "јⓙ", "k": "κ𝐤", "l": "ⅼ𝗹", "m": "ⅿ𝓶", "n": "ո𝐧", "o": "оο𝗼", "p": "рρ𝒑",
    "q": "ԛ", "r": "ɾ𝕣", "s": "ѕ𝘀", "t": "𝐭ⓣ", "u": "υս", "v": "ѵν", "w": "ԝ𝘄", "x": "хⅹ", "y": "уү",
    "z": "ᴢ𝐳",
}  # fmt: skip
_LEET = {
    "a": "4@",
    "e": "3",
    "i": "1!",
    "l": "1",
    "o": "0",
    "s": "5$",
    "t": "7",
    "b": "8",
    "g": "9",
}
_HIDDEN = "\u200b\u200c\u200d\u2060\ufeff\u202e\u00ad"
_MARKS = "\u0301\u0308\u0323\u0336\u0337\u20e3"
_SEPARATORS = " .-_*/|·~"
_EMOJI = "🔥💰❤✨👉🎁"
_HAN_ALIKE = {
    "微": "徽", "己": "已", "未": "末", "大": "太", "人": "入", "土": "士", "日": "曰", "千": "干",
    "贷": "货", "账": "帐", "戌": "戍", "博": "搏", "枪": "抢", "赢": "嬴", "睛": "晴", "拆": "折",
}  # fmt: skip
_HAN_APART = {
    "肥": "月巴", "胖": "月半", "加": "力口", "赌": "贝者", "信": "亻言", "钱": "钅戋", "炮": "火包",
    "粉": "米分", "股": "月殳", "彩": "采彡", "好": "女子", "胸": "月匈", "利": "禾刂", "药": "艹约",
}  # fmt: skip
_NUMERALS = {
    "0": "零〇", "1": "一①壹", "2": "二②贰", "3": "三③叁", "4": "四④", "5": "五⑤伍", "6": "六⑥",
    "7": "七⑦柒", "8": "八⑧", "9": "九⑨", "一": "1①", "二": "2", "三": "3", "七": "7⑦", "十": "⑩",
}  # fmt: skip


def disguises(term: str, *, rng: Random) -> Iterator[tuple[Evasion, str]]:
    """Write a term in every kind of disguise that it can wear.

    Parameters
    ----------
    term : str
        English, Chinese or both.
    rng : random.Random
        Where there is a choice it decides; the same state gives the same disguises.

    Yields
    ------
    tuple of (Evasion, str)
        Kind, and the term so disguised; at most one of a kind, in the order of the kinds. Words
        spread over fields are not among them.
    """
    for kind in KINDS:
        make = _MAKERS.get(kind.flag)
        text = make(term, rng) if make else term
        if text != term:
            yield kind.flag, text


def _is_letter(one: str) -> bool:
    return one.isascii() and one.isalpha()


def _width(term: str, rng: Random) -> str:
    wide = [chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in term]
    places = [place for place, one in enumerate(term) if one != wide[place]]
    kept = set(rng.sample(places, len(places) // 4)) if len(places) > 3 else set[int]()
    return "".join(one if place in kept else wide[place] for place, one in enumerate(term))


def _case(term: str, rng: Random) -> str:
    mixed = "".join(one.swapcase() if rng.random() < 0.5 else one for one in term)
    return mixed if mixed != term else term.swapcase()


def _between(term: str, rng: Random, signs: str, *, every: float) -> str:
    """Put signs between characters of a word, one place at least."""
    places = [
        place
        for place in range(1, len(term))
        if term[place - 1].isalnum() and term[place].isalnum()
    ]
    if not places:
        return term
    chosen = {place for place in places if rng.random() < every} or {rng.choice(places)}
    return "".join(
        (rng.choice(signs) if place in chosen else "") + one for place, one in enumerate(term)
    )


def _hidden(term: str, rng: Random) -> str:
    return _between(term, rng, _HIDDEN, every=0.5)


def _marks(term: str, rng: Random) -> str:
    places = [place for place, one in enumerate(term) if _is_letter(one) or is_han(ord(one))]
    chosen = set(rng.sample(places, max(1, len(places) // 2))) if places else set[int]()
    return "".join(
        one + (rng.choice(_MARKS) if place in chosen else "") for place, one in enumerate(term)
    )


def _swapped(term: str, rng: Random, table: dict[str, str], *, share: float) -> str:
    """Replace a share of the characters that a table knows, one at least."""
    places = [place for place, one in enumerate(term) if one.lower() in table]
    count = min(len(places), max(1, round(share * len(places))))
    chosen = set(rng.sample(places, count)) if places else set[int]()
    return "".join(
        rng.choice(table[one.lower()]) if place in chosen else one
        for place, one in enumerate(term)
    )


def _homoglyph(term: str, rng: Random) -> str:
    return _swapped(term, rng, _LETTERS, share=0.6)


def _leet(term: str, rng: Random) -> str:
    """No more than half of a word, and one letter of three, or no one could read it."""
    chosen: set[int] = set()
    for word in re.finditer(r"[A-Za-z]{3,}", term):
        places = [at for at in range(*word.span()) if term[at].lower() in _LEET]
        most = max(1, len(word.group()) // 2 - 1)
        chosen.update(rng.sample(places, min(len(places), most)))
    return "".join(
        rng.choice(_LEET[one.lower()]) if place in chosen else one
        for place, one in enumerate(term)
    )


def _repeat(term: str, rng: Random) -> str:
    places = [place for place, one in enumerate(term) if _is_letter(one)]
    if not places:
        return term
    place = rng.choice(places)
    return term[:place] + term[place] * rng.randint(3, 6) + term[place + 1 :]


def _separator(term: str, rng: Random) -> str:
    """One separator throughout, as people do; spaces in English stand between all letters."""
    return _between(term, rng, rng.choice(_SEPARATORS), every=1.0)


def _emoji(term: str, rng: Random) -> str:
    return _between(term, rng, _EMOJI, every=0.4)


def _trad(term: str, rng: Random) -> str:
    import opencc  # noqa: PLC0415  a megabyte of dictionaries

    return str(opencc.OpenCC(rng.choice(("s2t", "s2tw", "s2hk"))).convert(term))


def _lookalike_han(term: str, rng: Random) -> str:
    return _one_swapped(term, rng, _HAN_ALIKE)


def _split(term: str, rng: Random) -> str:
    return _one_swapped(term, rng, _HAN_APART)


def _one_swapped(term: str, rng: Random, table: dict[str, str]) -> str:
    places = [place for place, one in enumerate(term) if one in table]
    if not places:
        return term
    place = rng.choice(places)
    return term[:place] + table[term[place]] + term[place + 1 :]


def _homophone(term: str, rng: Random) -> str:
    """Another common character of the same syllable for one of the term."""
    places = [place for place, one in enumerate(term) if is_han(ord(one))]
    if len(places) < 2:
        return term
    readings = han_readings()
    place = rng.choice(places)
    wanted = readings.get(term[place], (0,))[0]
    others = [
        chr(point)
        for point in range(0x4E00, 0x9FA6)
        if chr(point) != term[place] and _is_common(chr(point))
        and readings.get(chr(point), (0,))[0] == wanted
    ]  # fmt: skip
    return term[:place] + rng.choice(others) + term[place + 1 :] if others else term


def _is_common(han: str) -> bool:
    """Say whether a character is of the first level of GB 2312, its 3,755 common ones."""
    code = han.encode("gb2312", "ignore")
    return len(code) == 2 and 0xB0 <= code[0] <= 0xD7


def _pinyin(term: str, rng: Random) -> str:
    places = [place for place, one in enumerate(term) if is_han(ord(one))]
    readings = han_readings()
    if len(places) < 2 or not all(readings.get(term[place]) for place in places):
        return term
    chosen = set(places) if rng.random() < 0.5 else {rng.choice(places)}
    return "".join(
        SYLLABLES[readings[one][0] - 1] if place in chosen else one
        for place, one in enumerate(term)
    )


def _initials(term: str, rng: Random) -> str:
    forms = forms_of([term], evasion=Evasion.INITIALS)[0][1:]
    return rng.choice(forms).text if forms else term


def _numerals(term: str, rng: Random) -> str:
    if not any(is_han(ord(one)) for one in term):
        return term
    return _one_swapped_of(term, rng, _NUMERALS)


def _one_swapped_of(term: str, rng: Random, table: dict[str, str]) -> str:
    places = [place for place, one in enumerate(term) if one in table]
    if not places:
        return term
    place = rng.choice(places)
    return term[:place] + rng.choice(table[term[place]]) + term[place + 1 :]


def _reversed(term: str, rng: Random) -> str:  # noqa: ARG001  as the others
    return term[::-1]


def _inner(term: str, *, least: int) -> list[int]:
    """List the letters inside words that are long enough, the last but one of each left out."""
    words = re.finditer(r"[A-Za-z]+", term)
    return [
        place
        for word in words
        if word.end() - word.start() >= least
        for place in range(word.start() + 1, word.end() - 2)
    ]


def _masked(term: str, rng: Random) -> str:
    places = _inner(term, least=4)
    if not places:
        return term
    place = rng.choice(places)
    return term[:place] + rng.choice("*#" + _EMOJI) + term[place + 1 :]


def _typo(term: str, rng: Random) -> str:
    places = _inner(term, least=6)
    if not places:
        return term
    place = rng.choice(places)
    dropped = term[:place] + term[place + 1 :]
    return rng.choice((dropped, dropped[: place + 1] + term[place] + dropped[place + 1 :]))


_MAKERS: dict[Evasion, Callable[[str, Random], str]] = {
    Evasion.WIDTH: _width,
    Evasion.CASE: _case,
    Evasion.HIDDEN: _hidden,
    Evasion.MARKS: _marks,
    Evasion.HOMOGLYPH: _homoglyph,
    Evasion.LEET: _leet,
    Evasion.REPEAT: _repeat,
    Evasion.SEPARATOR: _separator,
    Evasion.EMOJI: _emoji,
    Evasion.TRAD: _trad,
    Evasion.LOOKALIKE_HAN: _lookalike_han,
    Evasion.SPLIT: _split,
    Evasion.HOMOPHONE: _homophone,
    Evasion.PINYIN: _pinyin,
    Evasion.INITIALS: _initials,
    Evasion.NUMERALS: _numerals,
    Evasion.REVERSED: _reversed,
    Evasion.MASKED: _masked,
    Evasion.TYPO: _typo,
}
