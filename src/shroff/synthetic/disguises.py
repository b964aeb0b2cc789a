"""How advertisers hide a phrase from a keyword list: a handful of small tricks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

__all__ = ["disguised"]

_Trick: TypeAlias = Callable[[str, int], str]

_LEET = str.maketrans({"a": "4", "e": "3", "o": "0", "i": "1", "s": "5"})
_CYRILLIC = str.maketrans({"a": "а", "e": "е", "o": "о", "p": "р", "c": "с", "x": "х"})
_WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
_SOUNDS = str.maketrans(
    {
        "微": "薇",
        "信": "芯",
        "钱": "米",
        "赚": "转",
        "赔": "陪",
        "贷": "袋",
        "款": "宽",
        "彩": "采",
        "荷": "何",
        "药": "葯",
        "瘦": "受",
        "仿": "访",
        "最": "醉",
        "烟": "咽",
        "奖": "桨",
        "保": "宝",
        "息": "夕",
    }
)
_PARTS = {
    "好": "女子",
    "财": "贝才",
    "债": "亻责",
    "赌": "贝者",
    "贷": "代贝",
    "胖": "月半",
    "肥": "月巴",
    "稳": "禾急",
    "钱": "钅戋",
    "彩": "采彡",
    "保": "亻呆",
    "低": "亻氐",
    "信": "亻言",
    "仿": "亻方",
    "烟": "火因",
    "糖": "米唐",
    "减": "冫咸",
}
_MARKS = ("·", "*", "_", "、", "~", "❤")
_HIDDEN = "\u200b"


def _between(text: str, mark: str, *, every: int) -> str:
    return "".join(
        letter + mark if place % every == 0 and letter.isalnum() else letter
        for place, letter in enumerate(text)
    )


def _marks(text: str, bits: int) -> str:
    return _between(text, _MARKS[bits % len(_MARKS)], every=2 + bits % 2)


def _hidden(text: str, bits: int) -> str:
    return _between(text, _HIDDEN, every=2 + bits % 3)


def _leet(text: str, _bits: int) -> str:
    return text.translate(_LEET)


def _lookalike(text: str, _bits: int) -> str:
    return text.translate(_CYRILLIC)


def _wide(text: str, _bits: int) -> str:
    return text.translate(_WIDE)


def _stretched(text: str, bits: int) -> str:
    vowel = "aeiou"[bits % 5]
    return text.replace(vowel, vowel * 2)


def _sounds(text: str, _bits: int) -> str:
    return text.translate(_SOUNDS)


def _parts(text: str, _bits: int) -> str:
    for whole, parts in _PARTS.items():
        text = text.replace(whole, parts)
    return text


_TRICKS: dict[str, tuple[_Trick, ...]] = {
    "en": (_leet, _marks, _hidden, _lookalike, _wide, _stretched),
    "zh": (_marks, _hidden, _sounds, _parts, _marks),
}


def disguised(text: str, bits: int, *, language: str) -> str:
    """Hide a phrase from a plain search.

    Parameters
    ----------
    text : str
        What is to be hidden.
    bits : int
        Random bits that choose the trick.
    language : str
        "en" or "zh".

    Returns
    -------
    str
        The text in disguise; a plain search for the text no longer finds it.
    """
    tricks = _TRICKS[language]
    bits, place = divmod(bits, len(tricks))
    hidden = tricks[place](text, bits)
    return hidden if text not in hidden else _marks(text, bits)
