"""How results and progress look on a terminal, in a pipe and as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Container, Iterable, Sequence

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

__all__ = ["errors", "is_terminal", "print_json", "print_table", "results"]

_PIPE_COLUMNS = 180
_WIDEST = 1_000_000


def results() -> Console:
    """Give the console for results; a pipe gets wide lines and no colour."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else _PIPE_COLUMNS)


def errors() -> Console:
    """Give the console for progress and remarks."""
    return Console(stderr=True, highlight=False)


def is_terminal() -> bool:
    """Tell whether somebody watches progress."""
    return sys.stderr.isatty()


def print_json(record: object) -> None:
    """Print one JSON object; a stream that cannot show Chinese gets escapes.

    Parameters
    ----------
    record : object
        JSON-ready; times and dates are written in ISO 8601.
    """
    encoding = (getattr(sys.stdout, "encoding", "") or "").lower()
    text = json.dumps(record, ensure_ascii=not encoding.startswith("utf"), indent=2, default=str)
    click.echo(text)


def print_table(
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    right: Sequence[str] = (),
    faint: Container[int] = (),
) -> None:
    """Print a table.

    Parameters
    ----------
    columns : sequence of str
        Titles.
    rows : iterable of sequence of str
        Cells.
    right : sequence of str
        Titles of columns that are set to the right.
    faint : container of int
        Rows that are greyed, by index.
    """
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in columns:
        table.add_column(
            escape(column), justify="right" if column in right else "left", overflow="fold"
        )
    for index, row in enumerate(rows):
        table.add_row(
            *(escape(_one_line(cell)) for cell in row), style="dim" if index in faint else ""
        )
    console = results()
    if not sys.stdout.isatty():
        # a line of a pipe may be as long as it must: what reads it counts lines, not columns
        wide = console.options.update(max_width=_WIDEST)
        console.width = max(console.width, console.measure(table, options=wide).maximum)
    console.print(table)


def _one_line(text: str) -> str:
    """Show control characters as what they are, so that no log can steer a terminal."""
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text)
