"""Reading letters as pinyin: an automaton for runs that are wholly syllables, a tree to cut them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shroff.text.syllables import SYLLABLES

__all__ = ["PinyinAutomaton", "pinyin_automaton"]


class PinyinAutomaton(NamedTuple):
    """Tables over the letters a to z.

    Attributes
    ----------
    step : array of uint16, shape (states * 26,)
        Next state of the automaton that accepts one or more syllables; 0 is dead, 1 the start.
    accept : array of uint8, shape (states,)
        1 where what was read is wholly syllables (and at the start).
    tree : array of uint16, shape (nodes * 26,)
        Next node of the tree of syllables; 0 is none and also the root.
    code : array of uint16, shape (nodes,)
        Code of the syllable that ends at a node, or 0.
    """

    step: NDArray[np.uint16]
    accept: NDArray[np.uint8]
    tree: NDArray[np.uint16]
    code: NDArray[np.uint16]


def pinyin_automaton() -> PinyinAutomaton:
    """Build the tables from the syllables.

    Returns
    -------
    PinyinAutomaton
        About a thousand states.
    """
    tree, code = _tree()
    states: dict[frozenset[int], int] = {frozenset(): 0, frozenset({0}): 1}
    order = list(states)
    steps = [[0] * 26]
    while len(steps) < len(order):
        row = [0] * 26
        for letter in range(26):
            target = _after(order[len(steps)], letter, tree, code)
            if target not in states:
                states[target] = len(order)
                order.append(target)
            row[letter] = states[target]
        steps.append(row)
    accept = [int(0 in state) for state in order]
    return PinyinAutomaton(
        np.array(steps, np.uint16).ravel(),
        np.array(accept, np.uint8),
        np.array(tree, np.uint16).ravel(),
        np.array(code, np.uint16),
    )


def _after(
    state: frozenset[int], letter: int, tree: list[list[int]], code: list[int]
) -> frozenset[int]:
    """Follow a letter from every node that may be open; the end of a syllable opens the root."""
    reached = {tree[node][letter] for node in state} - {0}
    return frozenset(reached | ({0} if any(code[node] for node in reached) else set()))


def _tree() -> tuple[list[list[int]], list[int]]:
    tree, code = [[0] * 26], [0]
    spellings = {one: place for place, one in enumerate(SYLLABLES, start=1)}
    typed = {"lue": spellings["lve"], "nue": spellings["nve"]}
    for spelling, place in {**spellings, **typed}.items():
        node = 0
        for letter in spelling:
            at = ord(letter) - ord("a")
            if not tree[node][at]:
                tree[node][at] = len(tree)
                tree.append([0] * 26)
                code.append(0)
            node = tree[node][at]
        code[node] = place
    return tree, code
