"""Which texts regular expressions have to be tried on: those that hold what every match needs.

What a match needs is folded as terms are, and looked for together with them, so that it costs next to
nothing; only where texts show parts of a character as the whole is it looked for as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shroff.rules.atom_hits import Shares, shares_of
from shroff.rules.gate_kernel import DIGIT_BIT, gate_texts, note_digits
from shroff.rules.regex_needs import is_digit
from shroff.rules.regex_scan import Expression
from shroff.rules.suspect_kernel import WIDE, Codes
from shroff.text.characters import DIGIT, LATIN, SIGN, class_of
from shroff.text.text_views import Views, views_of_texts

__all__ = ["Factors", "RegexGate", "factors_of", "suspected"]

_MOST_NEEDS = 7
_WORDS = 1 << LATIN | 1 << DIGIT


@dataclass(frozen=True, slots=True)
class RegexGate:
    """What expressions need, by the numbers of what is looked for.

    Parameters
    ----------
    slots : Shares
        For each factor (a text that is looked for) what it fulfils: eight times an expression, plus
        the number of one of its needs.
    wanted : array of uint8, shape (expressions,)
        The needs of each as bits, the highest that of a digit; 0 where it is tried on every text.
    """

    slots: Shares
    wanted: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Factors:
    """What is looked for, and for whom.

    Parameters
    ----------
    texts : tuple of str
        Parts of matches, on the plain view.
    opening : array of bool
        Whether each can only stand where `shroff.text.text_views.Views.starts` says.
    gate : RegexGate
        Whose they are.
    """

    texts: tuple[str, ...]
    opening: NDArray[np.bool_]
    gate: RegexGate


def factors_of(expressions: Sequence[Expression]) -> Factors:
    """Choose what is looked for in place of expressions.

    Parameters
    ----------
    expressions : sequence of Expression
        All of a pack.

    Returns
    -------
    Factors
        Nothing for an expression of whose matches too little is known.
    """
    every = sorted({part for each in expressions for need in each.needs for part in need})
    piece_of = dict(zip(every, _pieces(every), strict=True))
    slots: dict[tuple[str, bool], list[int]] = {}
    wanted = np.zeros(len(expressions), np.uint8)
    for number, expression in enumerate(expressions):
        told = [[piece_of[part] for part in need] for need in expression.needs]
        known = sorted((need for need in told if all(need)), key=_rarity, reverse=True)
        for bit, need in enumerate(known[:_MOST_NEEDS]):
            wanted[number] |= 1 << bit
            for piece in set(need):
                if piece is not None:
                    slots.setdefault(piece, []).append(8 * number + bit)
        if any(map(is_digit, expression.needs)):
            wanted[number] |= 1 << DIGIT_BIT
    opening = np.array([opens for _, opens in slots], np.bool_)
    gate = RegexGate(shares_of(list(slots.values())), wanted)
    return Factors(tuple(text for text, _ in slots), opening, gate)


def _rarity(need: Sequence[tuple[str, bool] | None]) -> tuple[int, int]:
    sizes = [len(piece[0]) * (3 if ord(piece[0][0]) >= WIDE else 1) for piece in need if piece]
    return min(sizes), -len(need)


def _pieces(parts: Sequence[tuple[str, bool]]) -> list[tuple[str, bool] | None]:
    """Cut texts to what always folds alike; None where that is too little to be looked for."""
    cut = [_longest(text, opens) for text, opens in parts]
    views = views_of_texts([text for text, _ in cut])
    return [piece if _is_enough(views, row, piece[0]) else None for row, piece in enumerate(cut)]


def _is_enough(views: Views, row: int, text: str) -> bool:
    """Say whether a text is read as it is, and folds to three elements, or to two that say more."""
    plain = views.plain[views.plain_at[row] : views.plain_at[row + 1]]
    elements = int(views.folded_at[row + 1] - views.folded_at[row])
    same = plain.tolist() == [ord(letter) for letter in text]
    return same and (elements >= 3 or (elements == 2 and int(plain.min()) >= WIDE))


def _longest(text: str, opens: bool) -> tuple[str, bool]:  # noqa: FBT001 - a pair as it is kept
    """Cut at signs, which stand for letters or not by what is around; and what opens is dropped."""
    runs: list[tuple[str, bool]] = []
    begun = 0
    for place, sign in enumerate([*map(class_of, text), SIGN]):
        if sign == SIGN:
            runs.append((text[begun:place], opens if begun == 0 else True))
            begun = place + 1
    kept = [_stripped(*run) for run in runs]
    return max(kept, key=lambda run: len(run[0]))


def _stripped(text: str, opens: bool) -> tuple[str, bool]:  # noqa: FBT001 - a pair as it is kept
    """Drop what folding drops from the beginning: after it a word begins."""
    for place, sign in enumerate(map(class_of, text)):
        if sign < SIGN:
            always = not (_WORDS >> sign) & 1
            if always or ((opens or place > 0) and text[place] < "\x80"):
                return text[place:], True
            wide = (at for at, letter in enumerate(text) if ord(letter) >= WIDE)
            inner = next(wide, place)  # a word may go on before it, so that only Han can be found
            return text[inner:], inner > place
    return "", False


def suspected(
    gate: RegexGate,
    text: NDArray[np.int32],
    factor: NDArray[np.int32],
    *,
    plain: Codes,
    bounds: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Find the texts on which gated expressions have to be tried.

    Parameters
    ----------
    gate : RegexGate
        What they need.
    text, factor : arrays of int32
        Which factor stands in which text, in any order.
    plain : array of uint32
        Plain code points of all texts.
    bounds : array of int64, shape (texts + 1,)
        Where each text begins.

    Returns
    -------
    array of int64
        Texts, in order.
    """
    suspects = np.zeros(len(bounds) - 1, np.bool_)
    if (gate.wanted == 1 << DIGIT_BIT).any():
        note_digits(plain, bounds, suspects)
    order = np.argsort(text, kind="stable")
    stamp, held = np.full(len(gate.wanted), -1, np.int32), np.zeros(len(gate.wanted), np.uint8)
    gate_texts(
        gate.slots.bounds,
        gate.slots.members,
        gate.wanted,
        text[order],
        factor[order],
        plain,
        bounds,
        stamp,
        held,
        suspects,
    )
    return np.flatnonzero(suspects)
