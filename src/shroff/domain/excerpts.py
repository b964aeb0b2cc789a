"""A line of text with a caret under a place: right under wide, hidden and combined characters."""

from __future__ import annotations

import unicodedata

__all__ = ["columns_of", "safe", "underlined"]

_WIDEST = 100
_TAB = 4


def columns_of(text: str) -> int:
    """Count the columns of a terminal that a text takes.

    Parameters
    ----------
    text : str
        As `safe` gives it.

    Returns
    -------
    int
        Columns: two for a wide character, none for a combining one.

    Examples
    --------
    >>> columns_of("7天"), columns_of("e\u0301")
    (3, 1)
    """
    return sum(_width(sign) for sign in text)


def _width(sign: str) -> int:
    if unicodedata.combining(sign) or unicodedata.category(sign) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(sign) in {"W", "F"} else 1


def safe(text: str) -> str:
    """Spell out what a terminal would not show, or would obey.

    Parameters
    ----------
    text : str
        Any.

    Returns
    -------
    str
        The text with tabs as spaces and controls and hidden characters as ``<U+200B>``.

    Examples
    --------
    >>> safe("a\u200bb")
    'a<U+200B>b'
    """
    return "".join(_safe(sign) for sign in text)


def _safe(sign: str) -> str:
    if sign == "\t":
        return " " * _TAB
    if sign == " " or sign.isprintable():
        return sign
    return f"<U+{ord(sign):04X}>"


def underlined(line: str, *, start: int, end: int, margin: str = "  ") -> str:
    """Show a line and, under it, where something is.

    Parameters
    ----------
    line : str
        Line of a file or a whole pattern.
    start, end : int
        First character and one past the last, from 0; cut to the line.
    margin : str
        Begins both lines.

    Returns
    -------
    str
        Two lines; a long line is cut around the place.
    """
    start = min(max(start, 0), len(line))
    end = min(max(end, start), len(line))
    first = max(0, start - _WIDEST // 2) if len(line) > _WIDEST and start > _WIDEST - 20 else 0
    last = min(len(line), first + _WIDEST)
    lead = "…" if first else ""
    head, body = safe(line[first:start]), safe(line[start : min(end, last)])
    tail = safe(line[max(start, min(end, last)) : last]) + ("…" if last < len(line) else "")
    blank = " " * (columns_of(lead) + columns_of(head))
    return f"{margin}{lead}{head}{body}{tail}\n{margin}{blank}{'^' * max(columns_of(body), 1)}"
