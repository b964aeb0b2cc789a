"""The page of the canonical tables."""

from __future__ import annotations

from markdown import cell, code, table
from shroff.store.schema import TABLES, Column, Table

__all__ = ["page"]

HEAD = """# Canonical tables

A mapping in `shroff.toml` turns your files into these tables; SQL (`shroff sql`) sees them under
these names. Only the key and the columns marked *required* must be there: what a missing column
costs is said by `shroff check`. Columns that Shroff does not know are kept and can be sliced by.
All times are UTC.

"""


def page() -> str:
    """Write the page.

    Returns
    -------
    str
        Markdown.
    """
    return HEAD + "\n".join(_section(entry) for entry in TABLES.values())


def _section(entry: Table) -> str:
    rows = [(code(c.name), c.kind.value, _rule(c), cell(c.meaning)) for c in entry.columns]
    key = ", ".join(code(name) for name in entry.key)
    dated = f" Dated by {code(entry.time)}." if entry.time else ""
    about = f"{entry.meaning[0].upper()}{entry.meaning[1:]}. Key: {key}.{dated}"
    return f"## {entry.name}\n\n{about}\n\n" + table(("column", "type", "rule", "meaning"), rows)


def _rule(column: Column) -> str:
    rules = ["required"] if column.required else []
    if column.values:
        rules.append(" / ".join(code(value) for value in column.values))
    if column.low is not None and column.high is not None:
        rules.append(f"{column.low:g} to {column.high:g}")
    elif column.low is not None:
        rules.append(f"at least {column.low:g}")
    return "; ".join(rules)
