"""Tables of a report for a spreadsheet: each figure as value, ends of its interval, labels, status."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shroff.domain.messages import Language, say
from shroff.report.document import Cell, Goal, Mark, Table
from shroff.report.figures import Figure, Form
from shroff.stats.estimate import Estimate, Status

__all__ = ["Entry", "Spread", "point_of", "spread"]

_WITHOUT = frozenset({Status.UNKNOWN, Status.SUPPRESSED})


@dataclass(frozen=True, slots=True)
class Entry:
    """One cell of a spreadsheet.

    Parameters
    ----------
    value : str, float or None
        What stands in it; a number stays a number.
    form : Form or None
        How a number is written; None for text.
    """

    value: str | float | None
    form: Form | None = None

    @property
    def number(self) -> float | None:
        """Give the number, where it is one."""
        return None if isinstance(self.value, str) else self.value


@dataclass(frozen=True, slots=True)
class Spread:
    """A table, every figure spread over several columns.

    Parameters
    ----------
    titles : tuple of str
        One a column.
    rows : tuple of tuple of Entry
        As many entries a row as there are titles.
    groups : frozenset of int
        Rows that are headings of those below.
    """

    titles: tuple[str, ...]
    rows: tuple[tuple[Entry, ...], ...]
    groups: frozenset[int]


def point_of(number: float | None, form: Form) -> float | None:
    """Give a number in the unit it is read in: percentage points are a hundredfold."""
    if number is None:
        return None
    return number * 100 if form is Form.POINTS else number


def spread(table: Table, language: Language) -> Spread:
    """Lay a table out for a spreadsheet.

    Parameters
    ----------
    table : Table
        The table.
    language : Language
        Language of its words.

    Returns
    -------
    Spread
        Its columns and rows; no row is left out.
    """
    live = [row for row in table.rows if not row.group]
    columns = list(zip(*(row.cells for row in live), strict=True)) or [() for _ in table.columns]
    wide = [any(isinstance(cell, Figure) for cell in cells) for cells in columns]
    titles: list[str] = []
    for column, figures in zip(table.columns, wide, strict=True):
        name = column.title.text(language)
        titles += [name, *_parts(name, language)] if figures else [name]
    rows: list[tuple[Entry, ...]] = []
    for row in table.rows:
        if row.group:
            first = _text(row.cells[0], language)
            rows.append((first, *[Entry(None)] * (len(titles) - 1)))
            continue
        entries: list[Entry] = []
        for cell, figures in zip(row.cells, wide, strict=True):
            entries += _figure(cell, language) if figures else [_text(cell, language)]
        rows.append(tuple(entries))
    groups = frozenset(place for place, row in enumerate(table.rows) if row.group)
    return Spread(tuple(titles), tuple(rows), groups)


def _parts(name: str, language: Language) -> Sequence[str]:
    parts = ("low", "high", "n", "status")
    return [say(f"report.sheet.{part}", language, {"name": name}) for part in parts]


def _figure(cell: Cell, language: Language) -> list[Entry]:
    if not isinstance(cell, Figure):
        return [_text(cell, language), *[Entry(None)] * 4]
    estimate, form = cell.estimate, cell.form
    counted = estimate.n if _has_labels(estimate) else None
    return [
        Entry(point_of(estimate.value, form), form),
        Entry(point_of(estimate.low, form), form),
        Entry(point_of(estimate.high, form), form),
        Entry(counted, Form.COUNT),
        Entry(say(f"report.status.{estimate.status}", language)),
    ]


def _has_labels(estimate: Estimate) -> bool:
    return estimate.status not in _WITHOUT


def _text(cell: Cell, language: Language) -> Entry:
    if cell is None:
        return Entry(None)
    if isinstance(cell, Goal):
        standing = say(f"report.goal.{cell.standing}", language)
        return Entry(f"{cell.text.text(language)} ({standing})")
    if isinstance(cell, Mark):
        return Entry(cell.text.text(language))
    return Entry(cell.text(language))
