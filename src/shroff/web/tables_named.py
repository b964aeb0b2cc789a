"""The tables of an answer by name, as their files are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from shroff.report.chart_tables import chart_table
from shroff.report.document import Block, Charts, Details, Section, Table

__all__ = ["table_named", "tables_in"]


def tables_in(sections: Iterable[Section]) -> Iterator[tuple[str, Table]]:
    """Name the tables of sections: ``SECTION-1``, ``SECTION-2`` and so on, those in details too.

    Parameters
    ----------
    sections : iterable of Section
        The sections of an answer.

    Yields
    ------
    (str, Table)
        Name and table, in the order shown.
    """
    for section in sections:
        found = (block for block in _flat(section.blocks) if isinstance(block, Table))
        yield from ((f"{section.id}-{place}", table) for place, table in enumerate(found, 1))


def table_named(sections: tuple[Section, ...], name: str) -> Table | None:
    """Find a table, or the numbers of the chart of that id; None where there is none."""
    found = next((table for known, table in tables_in(sections) if known == name), None)
    if found is not None:
        return found
    charts = (
        chart
        for section in sections
        for block in _flat(section.blocks)
        if isinstance(block, Charts)
        for chart in block.charts
    )
    return next((chart_table(chart) for chart in charts if chart.id == name), None)


def _flat(blocks: Iterable[Block]) -> Iterator[Block]:
    for block in blocks:
        if isinstance(block, Details):
            yield from _flat(block.blocks)
        else:
            yield block
