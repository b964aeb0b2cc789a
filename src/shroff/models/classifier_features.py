"""Texts as rows of hashed features."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shroff.models.classifier_kernel import BITS, BLOCKS, gather
from shroff.stats.dense import Ints

__all__ = ["LONGEST", "Coded", "Features", "coded", "features", "pruned"]

LONGEST = 4000
"""Characters of a text that are read."""

_AT_ONCE = 2048
_PER_CHARACTER, _PER_TEXT = 9, 32
"""Room for features: five n-grams that end at each character, two words and two shapes."""


@dataclass(frozen=True, slots=True)
class Coded:
    """Texts as one row of characters.

    Parameters
    ----------
    text : array of uint32
        Characters of all texts.
    starts : array of int, shape (texts + 1,)
        Where each begins, and the last ends.
    """

    text: NDArray[np.uint32]
    starts: Ints

    @property
    def longest(self) -> int:
        """Give the length of the longest text."""
        return int(np.diff(self.starts).max(initial=0))

    def room(self) -> int:
        """Give the features that the longest text can have."""
        return _PER_CHARACTER * self.longest + _PER_TEXT


@dataclass(frozen=True, slots=True)
class Features:
    """Features of texts.

    Parameters
    ----------
    ends : array of int, shape (texts * BLOCKS,)
        Where each block of each text ends.
    place : array of int, shape (features,)
        Which feature.
    value : array of float, shape (features,)
        1 + log of how often it is there.
    hashes : array of int or None
        Hash of each feature, where places are not hashes.
    """

    ends: Ints
    place: NDArray[np.uint32]
    value: NDArray[np.float32]
    hashes: NDArray[np.uint32] | None = None

    def __len__(self) -> int:
        """Count the texts."""
        return len(self.ends) // BLOCKS

    @property
    def size(self) -> int:
        """Count the features there are to tell apart."""
        return 1 << BITS if self.hashes is None else len(self.hashes)


def coded(texts: Sequence[str | None]) -> Coded:
    """Write texts as characters that look alike as one, such as full-width letters."""
    plain = [unicodedata.normalize("NFKC", text or "")[:LONGEST] for text in texts]
    starts = np.zeros(len(plain) + 1, np.int64)
    np.cumsum([len(text) for text in plain], out=starts[1:])
    signs = "".join(plain).encode("utf-32-le", "surrogatepass")
    return Coded(np.frombuffer(signs, np.uint32), starts)


def features(texts: Sequence[str | None]) -> Features:
    """Read the features of texts.

    Parameters
    ----------
    texts : sequence of str or None
        The texts; None is an empty one.

    Returns
    -------
    Features
        By hash, in the order of the texts.
    """
    parts = [_gathered(coded(texts[at : at + _AT_ONCE])) for at in range(0, len(texts), _AT_ONCE)]
    ends, so_far = [np.zeros(0, np.int64)], 0
    for part in parts:
        ends.append(part.ends + so_far)
        so_far += len(part.place)
    return Features(
        np.concatenate(ends),
        np.concatenate([np.zeros(0, np.uint32), *(part.place for part in parts)]),
        np.concatenate([np.zeros(0, np.float32), *(part.value for part in parts)]),
    )


def _gathered(told: Coded) -> Features:
    texts, room = len(told.starts) - 1, told.room()
    whole = _PER_CHARACTER * len(told.text) + _PER_TEXT * texts
    place, value = np.empty(whole, np.uint32), np.empty(whole, np.float32)
    ends = np.zeros(texts * BLOCKS, np.int64)
    n = gather(
        told.text, told.starts, np.empty(room, np.uint32), np.zeros(4 * room, np.int32),
        np.empty(room, np.int32), place, value, ends,
    )  # fmt: skip
    return Features(ends, place[:n].copy(), value[:n].copy())


def pruned(found: Features, *, least: int) -> Features:
    """Leave out features that few texts have, and number the others.

    Parameters
    ----------
    found : Features
        By hash.
    least : int
        Texts, or blocks of texts, that must have a feature.

    Returns
    -------
    Features
        By number, with the hash of each.
    """
    kept = np.bincount(found.place, minlength=1 << BITS) >= least
    number = np.cumsum(kept, dtype=np.int64) - 1
    mine = kept[found.place]
    before = np.concatenate([[0], np.cumsum(mine, dtype=np.int64)])
    return Features(
        before[found.ends],
        number[found.place[mine]].astype(np.uint32),
        found.value[mine],
        np.flatnonzero(kept).astype(np.uint32),
    )
