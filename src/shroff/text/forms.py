"""Forms of a term that no folding gives: phrase by phrase, in other numerals, by initials, reversed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from shroff.text.characters import is_han
from shroff.text.evasion import Evasion
from shroff.text.letter_faults import masked_forms, misspelled_forms
from shroff.text.reading_tables import han_readings, simplified_characters
from shroff.text.syllables import SYLLABLES

__all__ = ["Form", "forms_of", "numeral_forms", "traditional_forms"]

_STANDARDS = ("s2t", "s2tw", "s2twp", "s2hk")
_NUMBER = re.compile(r"(?<![0-9.,])[0-9]{1,4}(?![0-9.,])")
_HAN_DIGITS = "零一二三四五六七八九"
_UNITS = ("", "十", "百", "千")
_KNOWN_INITIALS = {"微信": ("vx", "v信", "wx", "w信", "微x", "wechat")}
_LEAST_INITIALS = 4


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a term.

    Attributes
    ----------
    text : str
        As it is written.
    bits : Evasion
        Disguises that writing it so is, whatever else is found.
    """

    text: str
    bits: Evasion = Evasion.NONE


def forms_of(terms: Sequence[str], *, evasion: Evasion) -> list[tuple[Form, ...]]:
    """Give each term's forms: itself first, then those that folding does not lead back to it.

    Parameters
    ----------
    terms : sequence of str
        Terms as they are in rules; all in one call, as the dictionaries are asked once.
    evasion : Evasion
        Disguises wanted; only TRAD, NUMERALS, PINYIN, INITIALS, REVERSED, MASKED and TYPO add forms.

    Returns
    -------
    list of tuple of Form
        One entry a term, without doubles.
    """
    phrases = traditional_forms(terms) if evasion & Evasion.TRAD else [()] * len(terms)
    return [
        _distinct((Form(term), *_of_one(term, traditional, evasion)))
        for term, traditional in zip(terms, phrases, strict=True)
    ]


def _of_one(term: str, traditional: Sequence[str], evasion: Evasion) -> Iterator[Form]:
    yield from (Form(text, Evasion.TRAD) for text in traditional)
    if evasion & Evasion.NUMERALS:
        yield from (Form(text, Evasion.NUMERALS) for text in numeral_forms(term))
    if evasion & Evasion.PINYIN:
        yield from (Form(text, Evasion.PINYIN) for text in _run_together(term))
    if evasion & Evasion.INITIALS:
        yield from (Form(text, Evasion.INITIALS) for text in _initials(term))
    if evasion & Evasion.REVERSED and len(term) > 1 and term != term[::-1]:
        yield Form(term[::-1], Evasion.REVERSED)
    if evasion & Evasion.MASKED:
        yield from (Form(text, Evasion.MASKED) for text in masked_forms(term))
    if evasion & Evasion.TYPO:
        yield from (Form(text, Evasion.TYPO) for text in misspelled_forms(term))


def _distinct(forms: Sequence[Form]) -> tuple[Form, ...]:
    first: dict[str, Form] = {}
    for form in forms:
        first.setdefault(form.text, form)
    return tuple(first.values())


@cache
def _converter(standard: str) -> object:
    import opencc  # noqa: PLC0415  a megabyte of dictionaries

    return opencc.OpenCC(standard)


def _converted(terms: Sequence[str], standard: str) -> list[str]:
    """Convert terms, one a line, in one call."""
    converter = _converter(standard)
    lines = "\n".join(term.replace("\n", " ") for term in terms)
    return str(converter.convert(lines)).split("\n")  # type: ignore[attr-defined]


def traditional_forms(terms: Sequence[str]) -> list[tuple[str, ...]]:
    """Give traditional forms that are not the same characters one by one.

    Parameters
    ----------
    terms : sequence of str
        Terms in simplified Chinese; others have no such forms.

    Returns
    -------
    list of tuple of str
        For 软件 the Taiwanese 軟體; nothing for 减肥, whose 減肥 is found character by character.
    """
    simple = simplified_characters()
    found: list[dict[str, None]] = [{} for _ in terms]
    for standard in _STANDARDS if terms else ():
        for row, text in enumerate(_converted(terms, standard)):
            if "".join(simple.get(one, one) for one in text) != terms[row]:
                found[row][text] = None
    return [tuple(texts) for texts in found]


def numeral_forms(term: str) -> tuple[str, ...]:
    """Write the numbers of a term as Chinese ones, and Chinese ones of tens as digits.

    Parameters
    ----------
    term : str
        Such as ``"30天"`` or ``"十天"``; single digits are found without this.

    Returns
    -------
    tuple of str
        Such as ``("三十天",)``.

    Examples
    --------
    >>> numeral_forms("30天")
    ('三十天',)
    >>> numeral_forms("十二天")
    ('12天',)
    """
    if not any(is_han(ord(one)) for one in term):
        return ()
    spelled = _NUMBER.sub(lambda number: _spelled(int(number[0])), term)
    tens = re.sub(
        r"(?<![一二三四五六七八九十百千万亿])([二三四五六七八九]?)十([一二三四五六七八九]?)(?![十百千万亿])",
        lambda parts: str(10 * _digit(parts[1], 1) + _digit(parts[2], 0)),
        term,
    )
    return tuple(text for text in (spelled, tens) if text != term)


def _digit(han: str, absent: int) -> int:
    return _HAN_DIGITS.index(han) if han else absent


def _spelled(number: int) -> str:
    """Spell a number below ten thousand."""
    if number < 10:
        return _HAN_DIGITS[number]
    digits = [int(one) for one in str(number)]
    text = ""
    for place, digit in zip(range(len(digits) - 1, -1, -1), digits, strict=True):
        if digit:
            text += _HAN_DIGITS[digit] + _UNITS[place]
        elif text and not text.endswith("零"):
            text += "零"
    text = text.rstrip("零")
    return text[1:] if text.startswith("一十") else text


def _syllables(term: str) -> list[str]:
    """Give the syllables of a term that is Han characters only; none where one is not known."""
    readings = han_readings()
    simple = simplified_characters()
    sounds = [readings.get(simple.get(one, one), ()) for one in term]
    return [SYLLABLES[codes[0] - 1] for codes in sounds] if all(sounds) else []


def _run_together(term: str) -> Iterator[str]:
    """Write pinyin whose letters are cut otherwise when they run together, such as xian."""
    syllables = _syllables(term)
    vowel_first = [one for one in syllables[1:] if one[0] in "aeo"]
    if len(syllables) > 1 and vowel_first and len("".join(syllables)) >= 5:
        yield "".join(syllables)


def _initials(term: str) -> Iterator[str]:
    """Write the first letters of the syllables, and what is known to be written for a word."""
    for known, shorts in _KNOWN_INITIALS.items():
        if known in term:
            yield from (term.replace(known, short) for short in shorts)
    syllables = _syllables(term)
    if len(syllables) >= _LEAST_INITIALS:
        yield "".join(one[0] for one in syllables)
