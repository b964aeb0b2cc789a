"""Texts as one stream of tokens, batch by batch: what phrases are counted on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from unicodedata import category

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from shroff.text.text_views import ViewReader, Views, pieces
from shroff.watch.gram_kernel import (
    APART,
    BREAK,
    JOIN,
    NUMBER,
    SPACE,
    STOP,
    SYMBOL,
    UNSPACED,
    WORD,
    cut,
)

__all__ = ["TokenReader", "TokenStream", "token_classes"]

_PIECE = 1 << 20
_BMP = 0x10000
_STOPS = frozenset(".,:;!?|/\\")
_JOINS = frozenset("_-*~'’·•‐‑")
_BREAKS = frozenset('\n\r。！？，；：、…()（）[]【】「」“”"<>《》')
_UNSPACED = (
    (0x2E80, 0x31FF),
    (0x3400, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x0E00, 0x0EFF),  # Thai and Lao
    (0x1780, 0x17FF),  # Khmer
)


@cache
def token_classes() -> NDArray[np.uint8]:
    """Tell of every code point of the basic plane what it does in a text.

    Returns
    -------
    array of uint8, shape (65536,)
        `WORD`, `NUMBER`, `UNSPACED`, `SYMBOL`, `BREAK`, `STOP`, `JOIN` or `SPACE` (which also stands for
        signs that part nothing).
    """
    found = np.full(_BMP, SPACE, np.uint8)
    for code in range(_BMP):
        sign = chr(code)
        kind = category(sign)
        if sign in _STOPS:
            found[code] = STOP
        elif sign in _JOINS:
            found[code] = JOIN
        elif sign in _BREAKS:
            found[code] = BREAK
        elif kind == "Nd":
            found[code] = NUMBER
        elif kind in {"So", "Sc"}:
            found[code] = SYMBOL
        elif kind[0] in "LM":
            found[code] = UNSPACED if _unspaced(code) else WORD
    return found


def _unspaced(code: int) -> bool:
    return any(first <= code <= last for first, last in _UNSPACED)


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenStream:
    """Tokens of some texts, one after the other.

    Parameters
    ----------
    tokens : array of uint64, shape (tokens,)
        Hash, kind and `APART` of each, as `gram_kernel.cut` gives them.
    at : array of int64, shape (texts + 1,)
        Where each text's tokens begin.
    """

    tokens: NDArray[np.uint64]
    at: NDArray[np.int64]

    def __len__(self) -> int:
        """Count the texts."""
        return len(self.at) - 1

    def unspaced(self) -> NDArray[np.bool_]:
        """Tell which texts are mostly written without spaces, as Chinese is."""
        kind = (self.tokens & ~APART & np.uint64(15)) >> np.uint64(1)
        sums = np.concatenate([[0], np.cumsum(kind == np.uint64(UNSPACED))])
        many = sums[self.at[1:]] - sums[self.at[:-1]]
        return np.asarray(2 * many > np.diff(self.at))


class TokenReader:
    """Cuts batch after batch of texts into tokens; only the tokens are kept."""

    def __init__(self) -> None:
        self._views = ViewReader()
        self._tokens: list[NDArray[np.uint64]] = []
        self._at: list[NDArray[np.int64]] = [np.zeros(1, np.int64)]
        self._count = 0

    def add(self, texts: pa.Array | pa.ChunkedArray) -> None:
        """Read more texts.

        Parameters
        ----------
        texts : pyarrow.Array
            Texts; a missing one has no tokens.
        """
        for _, piece in pieces(texts, size=_PIECE):
            tokens, _, at = cut_views(self._views.views(piece))
            self._tokens.append(tokens)
            self._at.append(at[1:] + self._count)
            self._count += len(tokens)

    def stream(self) -> TokenStream:
        """Give all tokens that were read; the reader is empty then."""
        tokens = np.concatenate(self._tokens) if self._tokens else np.zeros(0, np.uint64)
        at = np.concatenate(self._at)
        self._tokens, self._at, self._count = [], [np.zeros(1, np.int64)], 0
        return TokenStream(tokens=tokens, at=at)


def cut_views(
    views: Views,
) -> tuple[NDArray[np.uint64], NDArray[np.int32], NDArray[np.int64]]:
    """Cut texts that were read into tokens.

    Returns
    -------
    tuple of arrays
        Tokens; first code point of each in ``views.plain`` and the one after its last; where each
        text's tokens begin.
    """
    size = len(views.plain)
    tokens, spans = np.empty(size, np.uint64), np.empty((size, 2), np.int32)
    at = np.empty(len(views.plain_at), np.int64)
    many = cut(views.plain, views.plain_at, token_classes(), tokens, spans, at)
    return tokens[:many].copy(), spans[:many], at
