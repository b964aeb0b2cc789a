"""Can the logs be trusted?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from shroff.domain.messages import Message
from shroff.report.document import Align, Column, Paragraph, Row, Section, Table, Tone
from shroff.report.weekly_flow import health_section
from shroff.report.wording import Plain
from shroff.store.overview import table_states
from shroff.web.bench import Bench

__all__ = ["sections"]


def sections(bench: Bench) -> Sequence[Section]:
    """Show what is wrong with the logs, and what they hold."""
    checked = health_section(bench.results)
    if bench.view.where:
        above = Paragraph(Message("web.habits.whole_logs"), Tone.QUIET)
        checked = replace(checked, blocks=(above, *checked.blocks))
    return (checked, _tables(bench))


def _tables(bench: Bench) -> Section:
    names = ("table", "rows", "first", "last", "version")
    columns = tuple(
        Column(Message(f"web.tables.{name}"), Align.END if name == "rows" else Align.START)
        for name in names
    )
    rows = tuple(
        Row(
            (
                Plain(each.table),
                Plain(f"{each.rows:,}"),
                Plain(str(each.first or "–")),
                Plain(str(each.last or "–")),
                Plain(str(each.version)),
            )
        )
        for each in table_states(bench.engine)
    )
    return Section(
        "tables",
        Message("web.tables.title"),
        Message("web.tables.lead", {"tables": len(rows)}),
        (Table(columns, rows),),
    )
