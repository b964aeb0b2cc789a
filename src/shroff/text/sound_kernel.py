"""The sound of a text: syllables of Han characters, and of letters that are wholly pinyin."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shroff.text.characters import DIGIT, HAN, NEWLINE, OTHER, STOP
from shroff.text.kernel_cache import kernel
from shroff.text.plain_kernel import Cells, Codes, Place, Room, class_at
from shroff.text.reading_tables import ReadingTables

__all__ = ["BREAK", "LETTER_SOUND", "SYLLABLE_SOUND", "write_sound"]

SYLLABLE_SOUND = 0xE000
"""Added to the code of a syllable in ``sound``, which there is a code point of private use."""

LETTER_SOUND = 0xE800
"""Added to a letter or digit that is not part of a syllable in ``sound``."""

BREAK = 0xFFFF
"""In ``sound``: something that no term goes across."""

_FEW_LETTERS = 3
_LONG_RUN = 60
_BREAKS = 1 << OTHER | 1 << STOP | 1 << NEWLINE
_BESIDE = 1 << HAN | 1 << DIGIT
_A, _LETTERS, _ROW = np.uint32(ord("a")), np.uint32(26), np.uint64(26)
_SYLLABLE, _LETTER, _BREAK = np.uint32(SYLLABLE_SOUND), np.uint32(LETTER_SOUND), np.uint32(BREAK)


@kernel
def _cuts_on(
    step: NDArray[np.uint16], accept: NDArray[np.uint8], plain: Codes, begin: Place, end: Place
) -> bool:
    """Say whether letters are wholly syllables; none are."""
    state = np.int64(1)
    for index in range(begin, end):
        state = np.int64(step[state * 26 + np.int64(plain[index]) - 97])
    return bool(accept[state])


@kernel
def _cut(tables: ReadingTables, room: Room, begin: Place, end: Place, place: Place) -> Place:
    """Write letters as syllables, each as long as the rest allows; where it ends."""
    step, accept, tree, code_of = tables.step, tables.accept, tables.tree, tables.code
    plain, at = room.plain, begin
    while at < end:
        node = np.int64(0)
        best = at
        code = np.uint32(0)
        for index in range(at, min(end, at + 6)):
            node = np.int64(tree[node * 26 + np.int64(plain[index]) - 97])
            if node == 0:
                break
            if code_of[node] and _cuts_on(step, accept, plain, index + 1, end):
                best, code = index + 1, np.uint32(code_of[node])
        room.sound[place] = code + _SYLLABLE
        room.sound_plain[place] = at
        place += 1
        at = best
    return place


@kernel
def _is_beside_han(cells: Cells, begin: Place, first: Place, after: Place, end: Place) -> bool:
    """Say whether a run of letters touches a Han character or a digit."""
    if first > begin and (_BESIDE >> class_at(cells[first - 1])) & 1:
        return True
    return bool(after < end and (_BESIDE >> class_at(cells[after])) & 1)


@kernel
def _unbroken(room: Room, place: Place, first: Place, after: Place) -> Place:
    """Write letters one by one; where it ends."""
    for index in range(first, after):
        room.sound[place] = room.plain[index] + _LETTER
        room.sound_plain[place] = index
        place += 1
    return place


@kernel
def write_sound(tables: ReadingTables, room: Room, texts: Place) -> None:
    """Write the sound view of a batch whose plain view is there."""
    plain, cells, plain_at, sound_at = room.plain, room.cells, room.plain_at, room.sound_at
    sounds, sound_plain, step, accept = room.sound, room.sound_plain, tables.step, tables.accept
    place: Place = np.int64(0)
    sound_at[0] = 0
    for text in range(texts):
        begin, end, broken = plain_at[text], plain_at[text + 1], False
        index = begin
        while index < end:
            here, letter = index, plain[index] - _A
            index += 1
            if letter < _LETTERS:
                state = np.uint64(step[_LETTERS + letter])
                while index < end and plain[index] - _A < _LETTERS:
                    state = np.uint64(step[state * _ROW + np.uint64(plain[index] - _A)])
                    index += 1
                if accept[state] and index - here <= _LONG_RUN:
                    place, broken = _cut(tables, room, here, index, place), False
                    continue
                if index - here <= _FEW_LETTERS and _is_beside_han(cells, begin, here, index, end):
                    place, broken = _unbroken(room, place, here, index), False
                    continue
                sound = _BREAK
            else:
                sound = _sound_of(cells[here], plain[here])
            if sound and not (broken and sound == _BREAK):
                sounds[place], sound_plain[place] = sound, here
                place += 1
                broken = sound == _BREAK
        sound_at[text + 1] = place


@kernel
def _sound_of(cell: np.uint64, point: np.uint32) -> np.uint32:
    """Give the sound of what is no letter, 0 where it has none."""
    kind = class_at(cell)
    if kind == HAN:
        code = np.uint32((cell >> np.uint64(42)) & np.uint64(1023))
        return code + _SYLLABLE if code else _BREAK
    if kind == DIGIT:
        return point + _LETTER
    return _BREAK if (_BREAKS >> kind) & 1 else np.uint32(0)
