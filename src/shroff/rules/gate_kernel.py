"""Which texts hold all that some expression needs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shroff.rules.suspect_kernel import Codes
from shroff.text.kernel_cache import kernel

__all__ = ["DIGIT_BIT", "gate_texts", "note_digits"]

DIGIT_BIT = 7
"""Bit of what is wanted that stands for a digit."""


@kernel
def note_digits(plain: Codes, bounds: NDArray[np.int64], suspects: NDArray[np.bool_]) -> None:
    """Mark the texts that hold a digit."""
    for text in range(len(suspects)):
        digit = False
        for place in range(np.uint64(bounds[text]), np.uint64(bounds[text + 1])):
            digit |= (plain[place] >= np.uint32(0x30)) & (plain[place] <= np.uint32(0x39))
        suspects[text] = digit


@kernel
def gate_texts(  # noqa: PLR0913, PLR0917 - arrays by themselves are what the kernel reads fastest
    slots_at: NDArray[np.int64],
    slots: NDArray[np.int32],
    wanted: NDArray[np.uint8],
    text: NDArray[np.int32],
    factor: NDArray[np.int32],
    plain: Codes,
    bounds: NDArray[np.int64],
    stamp: NDArray[np.int32],
    held: NDArray[np.uint8],
    suspects: NDArray[np.bool_],
) -> None:
    """Mark the texts that hold all that one expression at least wants.

    ``text`` is in order; ``stamp`` holds -1, and ``held`` anything, for each expression.
    """
    for nth in range(len(text)):
        row = text[nth]
        if suspects[row]:
            continue
        for at in range(slots_at[factor[nth]], slots_at[factor[nth] + 1]):
            number = slots[at] >> 3
            if stamp[number] != row:
                stamp[number], held[number] = row, 0
            held[number] |= np.uint8(1 << (slots[at] & 7))
            if (held[number] | 1 << DIGIT_BIT) == (wanted[number] | 1 << DIGIT_BIT):
                digit = wanted[number] >> DIGIT_BIT
                if not digit or _has_digit(plain, bounds[row], bounds[row + 1]):
                    suspects[row] = True


@kernel
def _has_digit(plain: Codes, begin: np.int64, end: np.int64) -> bool:
    digit = False
    for place in range(begin, end):
        digit |= (plain[place] >= np.uint32(0x30)) & (plain[place] <= np.uint32(0x39))
    return digit
