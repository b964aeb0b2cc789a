"""Texts of strangers in files that a spreadsheet opens."""

from __future__ import annotations

__all__ = ["inert"]

_RUNS = tuple("=+-@\t\r\n＝＋－＠")
"""What a formula begins with; the wide ones where spreadsheets are Japanese or Chinese."""


def inert(value: object) -> object:
    """Keep a text from being run as a formula: one that would be gets an apostrophe before it.

    Parameters
    ----------
    value : object
        What a cell is to hold; numbers, also those written as text, stay as they are, and ends
        of lines are written one way.

    Returns
    -------
    object
        What may stand there.

    Examples
    --------
    >>> inert("=HYPERLINK(A1)"), inert("-0.5"), inert(3)
    ("'=HYPERLINK(A1)", '-0.5', 3)
    """
    if not isinstance(value, str):
        return value
    # Python's writer leaves a lone return bare, and what follows it would begin a row
    text = value.replace("\r\n", "\n").replace("\r", "\n") if "\r" in value else value
    return f"'{text}" if text.startswith(_RUNS) and not _is_number(text) else text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
