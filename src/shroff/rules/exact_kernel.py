"""Where terms that stand in ``folded`` stand in ``plain`` as well, so that ``plain`` is not searched."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shroff.text.characters import SIGN
from shroff.text.ground_kernel import class_at_point
from shroff.text.kernel_cache import kernel
from shroff.text.plain_kernel import Cells, Codes, Place

__all__ = ["plain_starts", "worth_hearing"]

_FEW_HAN = 3
_FIRST_HAN = 0x3400


@kernel
def _stands(plain: Codes, at: Place, term: Codes, low: Place, high: Place) -> bool:
    place = low
    while place < high and plain[at + place - low] == term[place]:
        place += 1
    return bool(place == high)


@kernel
def plain_starts(  # noqa: PLR0913, PLR0917 - arrays by themselves are what the kernel reads fastest
    plain: Codes,
    plain_at: NDArray[np.int64],
    folded_plain: NDArray[np.int32],
    folded_at: NDArray[np.int64],
    term: Codes,
    term_at: NDArray[np.int64],
    page: NDArray[np.uint16],
    cells: Cells,
    text: NDArray[np.int32],
    form: NDArray[np.int32],
    start: NDArray[np.int64],
    found: NDArray[np.int64],
    alone: NDArray[np.bool_],
) -> None:
    """Find where forms that stand in ``folded`` begin in ``plain``, as they are.

    The first element of a folded form stands for a run of plain code points that fold alike: the form
    begins at one of them, or before where it opens with what folding drops. Written are the places,
    -1 where the form is in ``folded`` only, and whether no letter at either end is repeated, so that
    ``folded`` says nothing that ``plain`` does not.
    """
    for nth in range(len(text)):
        row, low = np.int64(text[nth]), term_at[form[nth]]
        high, begin, end = term_at[form[nth] + 1], plain_at[row], plain_at[row + 1]
        size, run = high - low, np.int64(folded_plain[start[nth]])
        after = end
        if start[nth] + 1 < folded_at[row + 1]:
            after = np.int64(folded_plain[start[nth] + 1])
        first = run
        if class_at_point(page, cells, term[low]) >= SIGN:
            first = max(begin, run - size + 1)
        found[nth], alone[nth] = -1, False
        for place in range(first, min(after, end - size + 1)):
            if _stands(plain, place, term, low, high):
                beyond = place + size
                repeated = beyond < end and plain[beyond] == plain[beyond - 1]
                found[nth], alone[nth] = place, place <= run and not repeated
                break


@kernel
def worth_hearing(  # noqa: PLR0913, PLR0917 - arrays by themselves are what the kernel reads fastest
    plain: Codes,
    sound_plain: NDArray[np.int32],
    term: Codes,
    term_sound: NDArray[np.int32],
    term_sound_at: NDArray[np.int64],
    term_at: NDArray[np.int64],
    form: NDArray[np.int32],
    start: NDArray[np.int64],
    found: NDArray[np.bool_],
) -> None:
    """Find the candidates of ``sound`` that are worth verifying.

    Not so is one that is written as the form is, without a gap: ``plain`` shows it. Nor is one of
    three Han characters or fewer all of which are others, see `shroff.text.verifying_kernel`.
    """
    for nth in range(len(form)):
        low, high = term_sound_at[form[nth]], term_sound_at[form[nth] + 1]
        begin = np.int64(sound_plain[start[nth]])
        same, han, close = 0, 0, 0
        for element in range(low, high):
            place = np.int64(sound_plain[start[nth] + element - low])
            own = np.int64(term_sound[element])
            same += plain[place] == term[own]
            han += (plain[place] >= _FIRST_HAN) & (term[own] >= _FIRST_HAN)
            close += place - begin == own - term_at[form[nth]]
        size = high - low
        as_written = (
            same == size and close == size and size == term_at[form[nth] + 1] - term_at[form[nth]]
        )
        found[nth] = not as_written and (same > 0 or han < size or size > _FEW_HAN)
