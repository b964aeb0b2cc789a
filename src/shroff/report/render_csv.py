"""A table of a report as CSV: each figure as a number, with its interval, labels and status."""

from __future__ import annotations

import csv
import io

from shroff.domain.messages import Language
from shroff.domain.spreadsheet_texts import inert
from shroff.report.document import Table
from shroff.report.spreading import spread

__all__ = ["render_csv"]


def render_csv(table: Table, *, language: Language = Language.EN) -> str:
    """Write a table for a spreadsheet.

    Parameters
    ----------
    table : Table
        The table.
    language : Language
        Language of its words.

    Returns
    -------
    str
        CSV with a header and a mark of byte order, without which Excel misreads Chinese; no text
        in it is run as a formula.
    """
    laid = spread(table, language)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([inert(title) for title in laid.titles])
    writer.writerows([inert(entry.value) for entry in row] for row in laid.rows)
    return "\ufeff" + text.getvalue()
