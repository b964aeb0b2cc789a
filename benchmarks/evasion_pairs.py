"""Pairs of a plain text and the same text in disguise, from test sets that others labelled."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

import pyarrow.parquet as pq

__all__ = ["Disguised", "disguised_pairs", "is_loose", "words_of"]

_WORD = re.compile(r"[A-Za-z0-9']+")
_HAN = re.compile(r"[\u3400-\u9fff]")
_SIGN = re.compile(r"[\s.,!?。，！？]")
_LETTER_IN_WORD = re.compile(r"[A-Za-z]*(?:[0-9]\ufe0f?\u20e3|\U0001f31f|\u2764\ufe0f?)[A-Za-z]*")
_KEYCAP = re.compile(r"([0-9])\ufe0f?\u20e3")
_READ = {"0": "o", "1": "i", "3": "e", "4": "a", "7": "t"}
_LONGEST = 4
_SWAPS = ("verb_swap", "identity_swap", "descriptor_swap", "double_swap")


@dataclass(frozen=True, slots=True)
class Disguised:
    """One text in disguise, with its plain form.

    Attributes
    ----------
    kind : str
        Language and kind of disguise.
    plain, disguised : str
        Both texts.
    """

    kind: str
    plain: str
    disguised: str


def disguised_pairs(data: Path) -> Iterator[Disguised]:
    """Read the pairs of HateCheck in two languages and of HatemojiCheck.

    Parameters
    ----------
    data : Path
        Folder of the test sets.

    Yields
    ------
    Disguised
        Pairs whose texts differ.
    """
    for language in ("en", "zh"):
        rows = pq.read_table(data / f"hatecheck_{language}/cases.parquet").to_pylist()
        texts = {row["case_id"]: row["text"] for row in rows}
        for row in rows:
            plain = texts.get(row["ref_case_id"])
            if row["functionality"].startswith("spell_") and plain and plain != row["text"]:
                kind = f"{language} {row['functionality'][6:-2]}"
                yield Disguised(kind, plain, row["text"])
    rows = pq.read_table(data / "hatemoji/check_cases.parquet").to_pylist()
    yield from _letters(rows)
    yield from _words_drawn(rows)


def _letters(rows: list[dict[str, str]]) -> Iterator[Disguised]:
    """Pair texts in which an emoji stands for a letter.

    The set holds no plain form of them. It holds each text three times, with a digit in a keycap,
    a star and a heart for the same letter: the digit tells the letter.
    """
    leet = [row for row in rows if row["functionality"] == "emoji_leetspeak"]
    plain: dict[str, str] = {}
    for row in leet:
        if _KEYCAP.search(row["text"]):
            told = _KEYCAP.sub(lambda digit: _READ[digit[1]], row["text"])
            plain[_LETTER_IN_WORD.sub(_gap, row["text"])] = told
    for row in leet:
        whole = plain.get(_LETTER_IN_WORD.sub(_gap, row["text"]))
        if whole and _LETTER_IN_WORD.search(row["text"]):
            kind = "digit emoji" if _KEYCAP.search(row["text"]) else "emoji for letter"
            yield Disguised(f"en {kind}", whole, row["text"])


def _gap(word: re.Match[str]) -> str:
    return re.sub(r"[^A-Za-z]+", "\0", word.group())


def _words_drawn(rows: list[dict[str, str]]) -> Iterator[Disguised]:
    """Pair texts in which an emoji stands for a whole word."""
    groups: dict[tuple[str, str, str], dict[str, str]] = {}
    for row in rows:
        if row["functionality"] in _SWAPS:
            key = (row["functionality"], row["templ_id"], row["target"])
            groups.setdefault(key, {}).setdefault(row["set"], row["text"])
    for group in groups.values():
        if "orig" in group and "no_emoji_perturb" in group:
            yield Disguised("en emoji for word", group["no_emoji_perturb"], group["orig"])


@cache
def words_of(pair: Disguised) -> list[str]:
    """Give the words of the plain text that the disguised one lacks.

    Returns
    -------
    list of str
        The rule of the pair; words next to each other are one phrase.
    """
    if _HAN.search(pair.plain):
        return _han_words(pair.plain, pair.disguised)
    held = Counter(word.lower() for word in _WORD.findall(pair.disguised))
    phrases: list[str] = []
    last = -1
    for found in _WORD.finditer(pair.plain):
        word = found.group()
        if held[word.lower()] > 0:
            held[word.lower()] -= 1
            continue
        if phrases and pair.plain[last : found.start()] == " ":
            phrases[-1] += " " + word
        else:
            phrases.append(word)
        last = found.end()
    return [phrase for phrase in phrases if len(phrase) > 2]


def _han_words(plain: str, disguised: str) -> list[str]:
    """Give the words of the plain text that what was changed is in."""
    words: dict[str, None] = {}
    for tag, start, end, _, _ in _changes(plain, disguised):
        if tag != "insert" and all(_HAN.match(one) for one in plain[start:end]):
            words.update(dict.fromkeys(_words_around(plain, start, end)))
    return list(words)


def _changes(plain: str, disguised: str) -> list[tuple[str, int, int, int, int]]:
    found = SequenceMatcher(None, plain, disguised, autojunk=False).get_opcodes()
    return [each for each in found if each[0] != "equal"]


def _words_around(plain: str, start: int, end: int) -> list[str]:
    """Give the longest word of a dictionary around a place; without one, it and a neighbour."""
    for size in range(_LONGEST, max(1, end - start - 1), -1):
        for low in range(max(0, end - size), start + 1):
            word = plain[low : low + size]
            if len(word) == size and low + size >= end and word in _dictionary():
                return [word]
    if end - start > 1:
        return [plain[start:end]]
    pairs = (plain[max(0, start - 1) : end], plain[start : end + 1])
    return [pair for pair in pairs if len(pair) == 2 and all(map(_HAN.match, pair))]


@cache
def _dictionary() -> frozenset[str]:
    from pypinyin.phrases_dict import phrases_dict

    return frozenset(phrases_dict)


def is_loose(pair: Disguised) -> bool:
    """Say whether the texts differ in more than the disguise, as some references do upstream.

    Returns
    -------
    bool
        True where letters, or what the letters spell, are not the same.
    """
    plain, shown = (_SIGN.sub("", text.casefold()) for text in (pair.plain, pair.disguised))
    match pair.kind.split(maxsplit=1)[1]:
        case "space_add" | "space_del":
            return plain != shown
        case "char_swap":
            return sorted(plain) != sorted(shown)
        case "char_del":
            return not 0 < len(plain) - len(shown) <= 2
        case "leet" | "homoph":
            return len(plain) != len(shown)
        case "pinyin":
            return not all(
                _spelled(plain[a:b], shown[c:d]) for _, a, b, c, d in _changes(plain, shown)
            )
        case _:
            return False


def _spelled(han: str, letters: str) -> bool:
    from pypinyin import lazy_pinyin

    return "".join(lazy_pinyin(han, v_to_u=False)) == letters
