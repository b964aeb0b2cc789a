"""Character n-grams, words and shapes of texts as hashed features, and the weights that fit them.

Three blocks of features: n-grams of the characters of each stretch without blanks, with a blank at
either end; words alone and two in a row, a Chinese character being a word of its own; shapes of
words (capitals, small letters, digits) alone and two in a row.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from shroff.text.kernel_cache import kernel

Hashes = npt.NDArray[np.uint32]
Counts = npt.NDArray[np.int32]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]

__all__ = [
    "BITS", "BLOCKS", "add_rows", "count_features", "fit_weights", "gather", "margins",
    "scale_rows", "score_texts",
]  # fmt: skip

BITS = 22
"""Features are told apart by so many bits of a hash."""

BLOCKS = 3
"""Blocks of features."""

SHAPES, FAINTER = 2, 2.0
"""The block of shapes counts by so much less than the others."""

_MASK = np.uint64((1 << BITS) - 1)
_FEWEST, _MOST = 2, 5  # characters
_FIRST = np.uint64(1469598103934665603)
_PRIME = np.uint64(0x100000001B3)
_WORD = np.uint64(0x9E3779B97F4A7C15)
_SHAPE = np.uint64(0x51AFD7ED558CCD)
_A, _B, _S = np.uint64(0xFF51AFD7ED558CCD), np.uint64(0xC4CEB9FE1A85EC53), np.uint64(33)
_SPREAD = np.uint64(0x9E3779B1)
_STEP, _ADD = np.uint64(6364136223846793005), np.uint64(1442695040888963407)
_ONE = np.uint64(1)
_DIGIT_RUN, _LETTER_RUN = 4, 2
_MOST_STEPS = 30


@kernel
def _mixed(value: np.uint64) -> np.uint64:
    value ^= value >> _S
    value *= _A
    value ^= value >> _S
    value *= _B
    return value ^ (value >> _S)


@kernel
def _sort(sign: int) -> int:
    """Tell blanks (0), signs of words (1), signs that are words (2) and others (3) apart."""
    if 9 <= sign <= 13 or sign in (0x20, 0xA0, 0x3000):
        return 0
    if sign < 128:
        word = 48 <= sign <= 57 or 97 <= sign <= 122 or 65 <= sign <= 90 or sign == 95
        return 1 if word else 3
    if 0x3040 <= sign <= 0x30FF or 0x3400 <= sign <= 0x9FFF or 0xF900 <= sign <= 0xFAFF:
        return 2
    if 0x20000 <= sign <= 0x3FFFF:
        return 2
    if 0xC0 <= sign <= 0x24F or 0x370 <= sign <= 0x1FFF or 0xAC00 <= sign <= 0xD7A3:
        return 1
    return 3


@kernel
def _small(sign: int) -> int:
    return sign + 32 if 65 <= sign <= 90 else sign


@kernel
def _shape(sign: int) -> int:
    if 65 <= sign <= 90:
        return 65
    if 48 <= sign <= 57:
        return 48
    return 97


@kernel
def _grams(text: Hashes, start: int, end: int, out: Hashes) -> int:
    """Write the hashes of all n-grams of characters; give their number."""
    n, at = 0, start
    while at < end:
        if _sort(text[at]) == 0:
            at += 1
            continue
        last = at
        while last < end and _sort(text[last]) != 0:
            last += 1
        for first in range(at - 1, last + 1):
            value = _FIRST
            for size in range(min(_MOST, last + 1 - first)):
                place = first + size
                sign = 32 if place < at or place >= last else _small(text[place])
                value = (value ^ np.uint64(sign)) * _PRIME
                if size + 1 >= _FEWEST:
                    out[n] = _mixed(value + np.uint64(size)) & _MASK
                    n += 1
        at = last
    return n


@kernel
def _words(text: Hashes, start: int, end: int, out: Hashes, n: int) -> int:
    """Write the hashes of words, alone and two in a row, signs left out; give the number of all."""
    at, before = start, np.uint64(0)
    while at < end:
        sort = _sort(text[at])
        if sort in (0, 3):
            at += 1
            continue
        value, last = (_WORD ^ np.uint64(_small(text[at]))) * _PRIME, at + 1
        if sort == 1:
            while last < end and (
                _sort(text[last]) == 1
                or (text[last] == 39 and last + 1 < end and _sort(text[last + 1]) == 1)
            ):
                value = (value ^ np.uint64(_small(text[last]))) * _PRIME
                last += 1
        value = _mixed(value)
        out[n] = value & _MASK
        n += 1
        if before != 0:
            out[n] = _mixed(before * _PRIME + value) & _MASK
            n += 1
        before, at = value, last
    return n


@kernel
def _shapes(text: Hashes, start: int, end: int, out: Hashes, n: int) -> int:
    """Write the hashes of shapes of words, alone and two in a row; give the number of all."""
    at, before = start, np.uint64(0)
    while at < end:
        sort = _sort(text[at])
        if sort == 0:
            at += 1
            continue
        value, last = _SHAPE, at + 1
        if sort == 1:
            last, held, run = at, 0, 0
            while last < end and _sort(text[last]) == 1:
                shape = _shape(text[last])
                run = run + 1 if shape == held else 0
                held = shape
                if run < (_DIGIT_RUN if shape == 48 else _LETTER_RUN):
                    value = (value ^ np.uint64(shape)) * _PRIME
                last += 1
        else:
            value = (value ^ np.uint64(1 if sort == 2 else text[at])) * _PRIME
        value = _mixed(value)
        out[n] = value & _MASK
        n += 1
        if before != 0:
            out[n] = _mixed(before * _PRIME + value) & _MASK
            n += 1
        before, at = value, last
    return n


@kernel
def _counted(
    hashes: Hashes, first: int, end: int, slots: Counts, found: Hashes, base: int, times: Counts
) -> int:
    """Count equal hashes; write each once with its number, and empty the slots; give how many."""
    size = 16
    while size < 2 * (end - first):
        size *= 2
    n, around = 0, np.uint64(size - 1)
    for at in range(first, end):
        place = (np.uint64(hashes[at]) * _SPREAD) & around
        while slots[place] != 0 and found[base + slots[place] - 1] != hashes[at]:
            place = (place + _ONE) & around
        if slots[place] == 0:
            found[base + n] = hashes[at]
            times[n] = 1
            n += 1
            slots[place] = n
        else:
            times[slots[place] - 1] += 1
    for at in range(first, end):
        place = (np.uint64(hashes[at]) * _SPREAD) & around
        while slots[place] != 0:
            slots[place] = 0
            place = (place + _ONE) & around
    return n


@kernel
def gather(
    text: Hashes,
    starts: Ints,
    hashes: Hashes,
    slots: Counts,
    times: Counts,
    place: Hashes,
    value: Singles,
    ends: Ints,
) -> int:
    """Write the features of texts: per text and block, each hash once, with 1 + log(times).

    Returns
    -------
    int
        Features written; ``ends`` holds where each block of each text ends.
    """
    n = 0
    for row in range(len(starts) - 1):
        first = _grams(text, starts[row], starts[row + 1], hashes)
        second = _words(text, starts[row], starts[row + 1], hashes, first)
        third = _shapes(text, starts[row], starts[row + 1], hashes, second)
        for block in range(BLOCKS):
            low = 0 if block == 0 else (first if block == 1 else second)
            high = first if block == 0 else (second if block == 1 else third)
            m = _counted(hashes, low, high, slots, place, n, times)
            for each in range(m):
                value[n + each] = 1.0 + np.log(float(times[each]))
            n += m
            ends[row * BLOCKS + block] = n
    return n


@kernel
def count_features(
    ends: Ints,
    place: Hashes,
    rows: Ints,
    violating: Flags,
    weight: Floats,
    seen: Ints,
    good: Floats,
    bad: Floats,
) -> None:
    """Add up, by feature, the texts that have it, and the weight of those of either label."""
    for row in rows:
        first = 0 if row == 0 else ends[row * BLOCKS - 1]
        for at in range(first, ends[row * BLOCKS + BLOCKS - 1]):
            seen[place[at]] += 1
            if violating[row]:
                bad[place[at]] += weight[row]
            else:
                good[place[at]] += weight[row]


@kernel
def scale_rows(
    ends: Ints, place: Hashes, value: Singles, rarity: Floats, stretch: Floats, out: Singles
) -> None:
    """Give each block of each text length one by rarity, then stretch features by what they say."""
    first = 0
    for block in range(len(ends)):
        square = 0.0
        for at in range(first, ends[block]):
            part = value[at] * rarity[place[at]]
            square += part * part
        length = np.sqrt(square) if square > 0.0 else 1.0
        if block % BLOCKS == SHAPES:
            length *= FAINTER
        for at in range(first, ends[block]):
            out[at] = value[at] * rarity[place[at]] * stretch[place[at]] / length
        first = ends[block]


@kernel
def add_rows(ends: Ints, scaled: Singles, squares: Floats) -> None:
    """Add up the squares of each text's scaled features."""
    first = 0
    for row in range(len(squares)):
        end = ends[row * BLOCKS + BLOCKS - 1]
        square = 0.0
        for at in range(first, end):
            square += scaled[at] * scaled[at]
        squares[row] = square
        first = end


@kernel
def fit_weights(  # noqa: PLR0913, PLR0917  arrays are named once: each mention in a loop costs
    ends: Ints,
    place: Hashes,
    scaled: Singles,
    squares: Floats,
    truth: Floats,
    cost: Floats,
    order: Ints,
    share: Floats,
    weights: Floats,
    most: int,
    near: float,
) -> int:
    """Fit a logistic regression by its dual, a text at a time; the last weight is the constant.

    Returns
    -------
    int
        Rounds taken.
    """
    last = len(weights) - 1
    seed = np.uint64(20261123)
    for turn in range(most):
        for at in range(len(order) - 1, 0, -1):
            seed = seed * _STEP + _ADD
            other = np.int64((seed >> _S) % np.uint64(at + 1))
            order[at], order[other] = order[other], order[at]
        moved = 0.0
        for row in order:
            first = 0 if row == 0 else ends[row * BLOCKS - 1]
            end = ends[row * BLOCKS + BLOCKS - 1]
            margin = weights[last]
            for at in range(first, end):
                margin += weights[place[at]] * scaled[at]
            square = squares[row] + 1.0
            step = _share(truth[row] * margin, square, cost[row], share[row]) - share[row]
            share[row] += step
            moved += abs(step) / cost[row]
            step *= truth[row]
            weights[last] += step
            for at in range(first, end):
                weights[place[at]] += step * scaled[at]
        if moved < near * len(order):
            return turn + 1
    return most


@kernel
def _share(margin: float, square: float, cost: float, share: float) -> float:
    """Solve the dual problem of one text: its share in the weights, between 0 and its cost."""
    low, high, at = margin - square * share, margin + square * (cost - share), margin
    for _ in range(_MOST_STEPS):
        chance = 1.0 / (1.0 + np.exp(at))
        gap = at - margin - square * (cost * chance - share)
        if abs(gap) < 1e-3:
            break
        if gap > 0.0:
            high = at
        else:
            low = at
        at -= gap / (1.0 + square * cost * chance * (1.0 - chance))
        if at <= low or at >= high:
            at = 0.5 * (low + high)
    return float(cost / (1.0 + np.exp(at)))


@kernel
def margins(
    ends: Ints, place: Hashes, scaled: Singles, rows: Ints, weights: Floats, out: Floats
) -> None:
    """Give the margin of each of some texts."""
    for each in range(len(rows)):
        row = rows[each]
        first = 0 if row == 0 else ends[row * BLOCKS - 1]
        margin = weights[len(weights) - 1]
        for at in range(first, ends[row * BLOCKS + BLOCKS - 1]):
            margin += weights[place[at]] * scaled[at]
        out[each] = margin


@kernel
def score_texts(  # noqa: PLR0913, PLR0917  arrays are named once: each mention in a loop costs
    text: Hashes,
    starts: Ints,
    hashes: Hashes,
    slots: Counts,
    found: Hashes,
    times: Counts,
    table: Singles,
    constant: float,
    out: Floats,
) -> None:
    """Give the margin of each text; ``table`` has rarity and weight of each hash."""
    for row in range(len(starts) - 1):
        first = _grams(text, starts[row], starts[row + 1], hashes)
        second = _words(text, starts[row], starts[row + 1], hashes, first)
        third = _shapes(text, starts[row], starts[row + 1], hashes, second)
        margin = constant
        for block in range(BLOCKS):
            low = 0 if block == 0 else (first if block == 1 else second)
            high = first if block == 0 else (second if block == 1 else third)
            n = _counted(hashes, low, high, slots, found, 0, times)
            square, total = 0.0, 0.0
            for at in range(n):
                value = 1.0 + np.log(float(times[at])) if times[at] > 1 else 1.0
                part = value * table[found[at], 0]
                square += part * part
                total += value * table[found[at], 1]
            if square > 0.0:
                length = np.sqrt(square)
                margin += total / (length * FAINTER if block == SHAPES else length)
        out[row] = margin
