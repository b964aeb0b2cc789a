"""Texts of strangers in files that a spreadsheet opens."""

from __future__ import annotations

__all__ = ["inert"]

_RUNS = ("=", "+", "-", "@", "\t", "\r")


def inert(value: object) -> object:
    """Keep a text from being run as a formula: one that would be gets an apostrophe before it.

    Parameters
    ----------
    value : object
        What a cell is to hold; numbers, also those written as text, stay as they are.

    Returns
    -------
    object
        What may stand there.

    Examples
    --------
    >>> inert("=HYPERLINK(A1)"), inert("-0.5"), inert(3)
    ("'=HYPERLINK(A1)", '-0.5', 3)
    """
    runs = isinstance(value, str) and value.startswith(_RUNS) and not _is_number(value)
    return f"'{value}" if runs else value


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
