"""Tables and escapes for the generated pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

__all__ = ["cell", "code", "table"]


def cell(text: str) -> str:
    """Make text fit in a cell of a table.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        One line, bars escaped.
    """
    return " ".join(text.split()).replace("|", "\\|")


def code(text: str) -> str:
    """Mark text as code, when there is any.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        The text between backticks.
    """
    return f"`{cell(text)}`" if text else ""


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table.

    Parameters
    ----------
    heads : sequence of str
        Head of each column.
    rows : iterable of sequence of str
        Cells, already escaped.

    Returns
    -------
    str
        Markdown, ending in a newline.
    """
    lines = [f"| {' | '.join(heads)} |", "|" + "---|" * len(heads)]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join(lines) + "\n"
