"""Phrases of texts as hashes: cut into tokens, counted level by level, found again."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shroff.text.kernel_cache import kernel

__all__ = [
    "APART", "BREAK", "JOIN", "NUMBER", "SPACE", "STOP", "SYMBOL", "UNSPACED", "WORD", "CountTable",
    "Sums", "Texts", "count_level", "cut", "find_grams", "mark_level", "put_keys", "rehash", "tally",
]  # fmt: skip

Names = NDArray[np.uint64]
Places = NDArray[np.int64]
Counts = NDArray[np.int32]
Classes = NDArray[np.uint8]

SPACE, WORD, NUMBER, UNSPACED, SYMBOL, BREAK, STOP, JOIN = range(8)
"""What a code point does: a ``STOP`` with text behind it parts nothing, a ``JOIN`` joins letters."""

APART = np.uint64(1)
_KIND = np.uint64(7 << 1)
_HASH = np.uint64(0xFFFFFFFFFFFFFFF0)
_START = np.uint64(0x84222325CBF29CE4)
_MULTIPLY = np.uint64(0xD6E8FEB86659FD93)
_SHIFT = np.uint64(32)
_NONE = np.uint64(0)
_ONE = np.uint64(1)
_BUDGET, _COST_UNSPACED, _COST_OTHER = 12, 2, 3
_DOT, _FEW_DIGITS = 0x2E, 3
_ASTRAL, _HAN_BEYOND = 0x10000, 0x20000


class CountTable(NamedTuple):
    """Phrases counted by hash: in how many texts, and in which last."""

    keys: Names
    counts: Counts
    last: Counts


class Texts(NamedTuple):
    """Texts as tokens: group and owner of each, and its chance (texts, comparisons)."""

    tokens: Names
    at: Places
    group: Classes
    owner: Counts
    chance: NDArray[np.float64]


class Sums(NamedTuple):
    """What is counted of each phrase.

    ``texts``, ``owners`` and ``squares`` (of the number of texts of each owner) have the shape
    (phrases, groups), ``expected`` is the sum of chances (phrases, comparisons) over the texts with
    the phrase, ``seen`` (phrases, 1 + 2 groups) is -1 to begin with: the last text, and of each
    group the last owner and how many texts of it there were.
    """

    seen: Counts
    texts: Counts
    owners: Counts
    squares: NDArray[np.float64]
    expected: NDArray[np.float64]


@kernel
def _mixed(hashed: np.uint64, value: np.uint64) -> np.uint64:
    hashed = (hashed ^ value) * _MULTIPLY
    return hashed ^ (hashed >> _SHIFT)


@kernel
def _class_of(code: np.uint32, classes: Classes) -> int:
    if code < _ASTRAL:
        return int(classes[code])
    return UNSPACED if code >= _HAN_BEYOND and code < 0x40000 else SYMBOL


@kernel
def _digits(codes: NDArray[np.uint32], place: int, stop: int, classes: Classes) -> int:
    """Count the digits that stand here."""
    first = place
    while place < stop and _class_of(codes[place], classes) == NUMBER:
        place += 1
    return place - first


@kernel
def _kind_at(codes: NDArray[np.uint32], place: int, stop: int, classes: Classes) -> int:
    """Tell what begins here; few digits before a letter begin a word."""
    of = _class_of(codes[place], classes)
    if of == NUMBER:
        many = _digits(codes, place, stop, classes)
        after = place + many
        if many <= _FEW_DIGITS and after < stop and _class_of(codes[after], classes) == WORD:
            return WORD
    return of


@kernel
def _goes_on(codes: NDArray[np.uint32], place: int, stop: int, classes: Classes, of: int) -> int:
    """Give how many code points on a token goes on: 0 where it ends, 2 over a sign within it."""
    kind = _class_of(codes[place], classes)
    if of == NUMBER:
        return int(kind == NUMBER)
    if kind == WORD:
        return 1
    if kind == NUMBER:
        inside = _class_of(codes[place - 1], classes) == NUMBER
        return int(inside or _digits(codes, place, stop, classes) <= _FEW_DIGITS)
    if (kind == JOIN or codes[place] == _DOT) and place + 1 < stop:
        return 2 if _kind_at(codes, place + 1, stop, classes) == WORD else 0
    return 0


@kernel
def _run(
    codes: NDArray[np.uint32],
    place: int,
    stop: int,
    classes: Classes,
    of: int,
    hashed: np.uint64,
) -> tuple[int, np.uint64]:
    """Follow a word or a number to its end."""
    while place < stop:
        step = _goes_on(codes, place, stop, classes, of)
        if step == 0:
            break
        place += step
        hashed = _mixed(hashed, np.uint64(codes[place - 1]))
    return place, hashed


@kernel
def cut(
    codes: NDArray[np.uint32],
    bounds: Places,
    classes: Classes,
    tokens: Names,
    spans: Counts,
    at: Places,
) -> int:
    """Cut texts into tokens.

    A token is a word (letters, with signs and up to three digits at a time between them), a number,
    one character of a script without spaces, or one symbol: 60 bits of hash, its kind, and `APART`
    where a clause begins with it. ``spans`` is its first code point and the one after its last,
    ``at`` where each text's tokens begin.

    Returns
    -------
    int
        How many there are.
    """
    count = 0
    for text in range(len(bounds) - 1):
        at[text] = count
        place, stop, fresh = bounds[text], bounds[text + 1], True
        while place < stop:
            of = _kind_at(codes, place, stop, classes)
            if of == JOIN:
                of = SPACE
            elif of == STOP:
                ends = place + 1 == stop or _class_of(codes[place + 1], classes) in (SPACE, BREAK)
                of = BREAK if ends else SPACE
            if of in (SPACE, BREAK):
                fresh = fresh or of == BREAK
                place += 1
                continue
            first = place
            hashed = _mixed(_START, np.uint64(codes[place]))
            place += 1
            if of in (WORD, NUMBER):
                place, hashed = _run(codes, place, stop, classes, of, hashed)
            tokens[count] = (hashed & _HASH) | np.uint64(of << 1) | np.uint64(fresh)
            spans[count, 0], spans[count, 1] = first, place
            fresh = False
            count += 1
    at[len(bounds) - 1] = count
    return count


@kernel
def _cost(token: np.uint64) -> int:
    return _COST_UNSPACED if (token & _KIND) == np.uint64(UNSPACED << 1) else _COST_OTHER


@kernel
def _gram(tokens: Names, first: int, stop: int, level: int) -> np.uint64:
    """Name the phrase of so many tokens that begins here; 0 where there is none."""
    if first + level > stop:
        return _NONE
    hashed, spent = _START, 0
    for place in range(first, first + level):
        token = tokens[place]
        spent += _cost(token)
        if spent > _BUDGET or (place > first and (token & APART) != _NONE):
            return _NONE
        hashed = _mixed(hashed, token & ~APART)
    return hashed | _ONE


@kernel
def _slot(keys: Names, key: np.uint64) -> np.int64:
    """Find where a key stands, or would."""
    mask = np.uint64(len(keys) - 1)
    slot = np.int64((key >> np.uint64(20)) & mask)
    while keys[slot] != _NONE and keys[slot] != key:
        slot = np.int64((slot + 1) & np.int64(mask))
    return slot


@kernel
def count_level(
    tokens: Names,
    at: Places,
    order: Places,
    done: Places,
    longest: Classes,
    level: int,
    table: CountTable,
) -> np.int64:
    """Count in how many texts each phrase of so many tokens occurs.

    Only phrases whose two parts of one token less were kept (``longest``) are looked at. Stops
    where the table is three quarters full. ``done`` is how many texts were counted and how many
    keys there are.

    Returns
    -------
    int64
        Texts counted.
    """
    keys, counts, last = table.keys, table.counts, table.last
    room = len(keys) // 4 * 3
    while done[0] < len(order):
        text = order[done[0]]
        stop = at[text + 1]
        if done[1] + (stop - at[text]) > room:
            break
        for first in range(at[text], stop):
            if level > 1 and (
                longest[first] < level - 1 or first + 1 >= stop or longest[first + 1] < level - 1
            ):
                continue
            key = _gram(tokens, first, stop, level)
            if key == _NONE:
                continue
            slot = _slot(keys, key)
            if keys[slot] == _NONE:
                keys[slot] = key
                done[1] += 1
            elif last[slot] == text:
                continue
            last[slot] = text
            counts[slot] += 1
        done[0] += 1
    return np.int64(done[0])


@kernel
def rehash(table: CountTable, larger: CountTable) -> None:
    """Move a table into a larger one."""
    for slot in range(len(table.keys)):
        if table.keys[slot] != _NONE:
            place = _slot(larger.keys, table.keys[slot])
            larger.keys[place] = table.keys[slot]
            larger.counts[place] = table.counts[slot]
            larger.last[place] = table.last[slot]


@kernel
def mark_level(
    tokens: Names,
    at: Places,
    order: Places,
    longest: Classes,
    level: int,
    least: int,
    keys: Names,
    counts: Counts,
) -> int:
    """Mark where phrases of so many tokens begin that occur in enough texts; give how many."""
    marked = 0
    for text in order:
        stop = at[text + 1]
        for first in range(at[text], stop):
            if longest[first] < level - 1:
                continue
            key = _gram(tokens, first, stop, level)
            if key == _NONE:
                continue
            slot = _slot(keys, key)
            if keys[slot] == key and counts[slot] >= least:
                longest[first] = level
                marked += 1
    return marked


@kernel
def put_keys(names: Names, keys: Names, number: Counts) -> None:
    """Fill a table that gives the number of each name."""
    for place in range(len(names)):
        slot = _slot(keys, names[place])
        keys[slot], number[slot] = names[place], place


@kernel
def _add(ads: Texts, into: Sums, text: int, which: int) -> None:
    """Count one text with a phrase."""
    groups, of, whose = into.texts.shape[1], np.int64(ads.group[text]), ads.owner[text]
    seen = into.seen[which]
    if seen[1 + of] != whose:
        seen[1 + of] = whose
        seen[1 + groups + of] = 0
        into.owners[which, of] += 1
    before = seen[1 + groups + of]
    seen[1 + groups + of] = before + 1
    into.squares[which, of] += 2 * before + 1
    into.texts[which, of] += 1
    for one in range(ads.chance.shape[1]):
        into.expected[which, one] += ads.chance[text, one]


@kernel
def tally(ads: Texts, order: Places, keys: Names, number: Counts, into: Sums) -> None:
    """Count the phrases of a table in groups of texts, which come owner by owner."""
    tokens = ads.tokens
    for text in order:
        stop = ads.at[text + 1]
        for first in range(ads.at[text], stop):
            hashed = _START
            for place in range(first, stop):
                token = tokens[place]
                if place > first and (token & APART) != _NONE:
                    break
                hashed = _mixed(hashed, token & ~APART)
                slot = _slot(keys, hashed | _ONE)
                if keys[slot] == _NONE:
                    break
                which = number[slot]
                if into.seen[which, 0] != text:
                    into.seen[which, 0] = text
                    _add(ads, into, text, which)


@kernel
def find_grams(
    tokens: Names,
    at: Places,
    order: Places,
    keys: Names,
    number: Counts,
    seen: Counts,
    found: Counts,
    beside: Names,
) -> int:
    """List where phrases of a table occur first in each text: phrase, text, token, tokens.

    ``beside`` are the tokens before and after, 0 at the ends of a clause; ``found`` and it have
    room for as many as there are. Every phrase's beginnings are in the table too, numbered -1
    where they are not wanted.

    Returns
    -------
    int
        How many there are.
    """
    count = 0
    for text in order:
        stop = at[text + 1]
        for first in range(at[text], stop):
            hashed = _START
            for place in range(first, stop):
                token = tokens[place]
                if place > first and (token & APART) != _NONE:
                    break
                hashed = _mixed(hashed, token & ~APART)
                slot = _slot(keys, hashed | _ONE)
                if keys[slot] == _NONE:
                    break
                which = number[slot]
                if which < 0 or seen[which] == text or count == len(found):
                    continue
                seen[which] = text
                found[count, 0], found[count, 1] = which, text
                found[count, 2], found[count, 3] = first - at[text], place - first + 1
                opens = (tokens[first] & APART) != _NONE
                closes = place + 1 == stop or (tokens[place + 1] & APART) != _NONE
                beside[count, 0] = _NONE if opens else tokens[first - 1] & ~APART
                beside[count, 1] = _NONE if closes else tokens[place + 1] & ~APART
                count += 1
    return count
