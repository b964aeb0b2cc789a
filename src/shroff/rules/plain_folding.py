"""What the plain view makes of each character, for patterns that are matched on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType

import numpy as np

from shroff.text.characters import DROP, SEVERAL
from shroff.text.reading_tables import ReadingTables, reading_tables

__all__ = ["plain_folding", "plain_text"]

_POINT = 0x1FFFFF
_KIND_AT = 56


@cache
def plain_folding() -> Mapping[str, str]:
    """Give the plain form of each character that the plain view changes.

    Returns
    -------
    mapping
        Plain text by character; empty where the character is dropped.

    Notes
    -----
    Character by character: what characters become together (a kana and its voicing mark) is not
    in it.
    """
    tables = reading_tables()
    blocks = np.flatnonzero(tables.page > 1).tolist()
    pairs = (pair for block in blocks for pair in _block(tables, block))
    return MappingProxyType({letter: plain for letter, plain in pairs if plain != letter})


def _block(tables: ReadingTables, block: int) -> Iterator[tuple[str, str]]:
    page = int(tables.page[block])
    cells = tables.cell[page << 8 : (page + 1) << 8].tolist()
    for place, cell in enumerate(cells):
        code = block << 8 | place
        if not 0xD800 <= code <= 0xDFFF:
            yield chr(code), _plain(tables, cell, code)


def _plain(tables: ReadingTables, cell: int, code: int) -> str:
    kind, value = cell >> _KIND_AT & 15, cell & _POINT
    if kind == DROP:
        return ""
    if kind != SEVERAL:
        return chr(value or code)
    count = int(tables.several[value])
    return "".join(map(chr, tables.several[value + 1 : value + 1 + count].tolist()))


def plain_text(text: str) -> str:
    """Give a text as the plain view reads it, character by character.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        Its plain form.
    """
    folding = plain_folding()
    return "".join(folding.get(sign, sign) for sign in text)
