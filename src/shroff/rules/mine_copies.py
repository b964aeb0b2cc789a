"""Which texts are copies of one another, so that a campaign counts once."""

from __future__ import annotations

from collections.abc import Sequence

import numba
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from shroff.rules.mine_tokens import tokens_of

__all__ = ["copies"]

_HASHES, _BANDS = 16, 4  # texts that share seven in ten of their pairs of words meet in a band
_BLOCK = 4_096
_MULTIPLY = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(32)
_SALTS = np.random.default_rng(20_260_923).integers(1, 2**63, _HASHES, dtype=np.uint64)


def copies(texts: Sequence[str]) -> NDArray[np.intp]:
    """Give near-copies the same number.

    Parameters
    ----------
    texts : sequence of str
        Texts as they were written.

    Returns
    -------
    array of int, shape (texts,)
        Number of the set of copies each text belongs to, from 0.

    Notes
    -----
    Minimum hashes of pairs of neighbouring tokens, numbers taken as any number, in bands; texts
    that agree in a band are joined, and so is who is joined with the same text. Two texts with a
    Jaccard similarity of 0.9 are joined with a probability of 0.986, of 0.5 with 0.23, of 0.2
    with 0.006.

    References
    ----------
    Broder, Compression and Complexity of Sequences (1997); Leskovec, Rajaraman and Ullman, Mining
    of Massive Datasets, ch. 3.
    """
    signs = np.empty((len(texts), _BANDS), np.uint64)
    for begin in range(0, len(texts), _BLOCK):
        part = list(texts[begin : begin + _BLOCK])
        tokens = tokens_of(part)
        _sign(tokens.any_name, tokens.row, _SALTS, signs[begin : begin + len(part)])
    links = [_linked(signs[:, band]) for band in range(_BANDS)]
    ones = np.ones(len(texts) * _BANDS, np.bool_)
    ends = np.concatenate([np.arange(len(texts))] * _BANDS), np.concatenate(links)
    graph = coo_array((ones, ends), shape=(len(texts), len(texts)))
    found: NDArray[np.intp] = connected_components(graph, directed=False)[1].astype(np.intp)
    return found


def _linked(sign: NDArray[np.uint64]) -> NDArray[np.intp]:
    """Give for each text the first one with the same band."""
    _, first, inverse = np.unique(sign, return_index=True, return_inverse=True)
    found: NDArray[np.intp] = first[inverse]
    return found


@numba.njit(cache=True, nogil=True)
def _sign(
    names: NDArray[np.uint64],
    row: NDArray[np.int32],
    salts: NDArray[np.uint64],
    signs: NDArray[np.uint64],
) -> None:
    least = np.empty(len(salts), np.uint64)
    at, size, each = 0, len(names), len(salts) // signs.shape[1]
    for text in range(signs.shape[0]):
        least[:] = np.uint64(0xFFFFFFFFFFFFFFFF)
        begin = at
        while at < size and row[at] == text:
            pair = names[at] * _MULTIPLY
            pair ^= names[at - 1] if at > begin else np.uint64(0)
            for which in range(len(salts)):
                hashed = (pair ^ salts[which]) * _MULTIPLY
                least[which] = min(least[which], hashed ^ (hashed >> _SHIFT))
            at += 1
        for band in range(signs.shape[1]):
            hashed = np.uint64(text) if at == begin else np.uint64(band)
            for which in range(each):
                hashed = (hashed ^ least[band * each + which]) * _MULTIPLY
                hashed ^= hashed >> _SHIFT
            signs[text, band] = hashed
