"""`shroff models sent`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from shroff.cli.endings import Session
from shroff.cli.options import json_option, open_workspace, workspace_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shroff.domain.messages import Language
    from shroff.store.catalog_judging import SentBatch

__all__ = ["command"]

_COLUMNS = (
    "at", "what", "endpoint", "host", "model", "policy", "version", "masked", "ads", "requests",
    "tokens", "cost", "currency", "state", "run",
)  # fmt: skip
_RIGHT = ("ads", "requests", "tokens", "cost")


@click.command()
@click.option("--endpoint", default="", metavar="NAME", help="To this endpoint only.")
@click.option("--csv", "csv_file", metavar="FILE", help="Write them to a CSV file; -: stdout.")
@workspace_option
@json_option
@click.pass_context
def command(
    ctx: click.Context, *, endpoint: str, csv_file: str | None, folder: str, as_json: bool
) -> None:
    """List every batch that was sent to a model server: when, where to, how much, masked or not.

    Probes are listed too, though they hold no ad. Texts of ads are not kept here.
    """
    import pyarrow as pa

    from shroff.cli.console import print_json
    from shroff.cli.tables import write_csv

    workspace = open_workspace(ctx.ensure_object(Session), folder)
    found = workspace.catalog.judging.sent(endpoint)
    if as_json:
        print_json({"batches": [each.record() for each in found]})
    elif csv_file:
        rows = [each.record() for each in found]
        write_csv(pa.table({name: [row[name] for row in rows] for name in _COLUMNS}), csv_file)
    else:
        _show(found, workspace.settings.workspace.language)


def _show(found: Sequence[SentBatch], language: Language) -> None:
    from shroff.cli.console import print_table, results
    from shroff.domain.messages import say

    if not found:
        results().print(say("sent.none", language), markup=False)
        return
    titles = [say(f"sent.column.{name}", language) for name in _COLUMNS]
    right = [say(f"sent.column.{name}", language) for name in _RIGHT]
    print_table(titles, [_cells(each) for each in found], right=right)
    if any(each.state == "under way" for each in found):
        results().print(say("sent.killed", language), markup=False, style="dim")


def _cells(batch: SentBatch) -> tuple[str, ...]:
    told = batch.record()
    shown = {
        **told,
        "masked": "+" if batch.masked else "–",
        "cost": "–" if batch.cost is None else f"{batch.cost:.6g}",
    }
    return tuple(str(shown[name]) or "–" for name in _COLUMNS)
