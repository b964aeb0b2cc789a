"""`shroff models list`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from shroff.cli.endings import Session
from shroff.cli.options import engine_option, json_option, open_workspace, workspace_option

if TYPE_CHECKING:
    import pyarrow as pa

    from shroff.domain.messages import Language
    from shroff.models.registry import Entry, Registry

__all__ = ["COLUMNS", "command", "row_of"]

COLUMNS = (
    "name", "version", "kind", "state", "owner", "policies", "thresholds", "calibration", "last",
    "rows", "speed", "latency", "cost",
)  # fmt: skip
_SEEN = (
    "scores", "decisions", "judgements", "live", "first", "last", "latency_ms", "cost_per_1000",
    "currency",
)  # fmt: skip
_RIGHT = ("rows", "speed", "latency", "cost")


@click.command()
@click.option("--csv", "csv_file", metavar="FILE", help="Write them to a CSV file; -: stdout.")
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(ctx: click.Context, *, csv_file: str | None, folder: str, as_json: bool) -> None:
    """List everything that scores or judges: what is registered, and what only the logs show."""
    from shroff.cli.console import print_json
    from shroff.cli.progress import reading
    from shroff.cli.tables import write_csv

    workspace = open_workspace(ctx.ensure_object(Session), folder)
    with reading("reading the logs"):
        found = workspace.modeller.registry()
    if as_json:
        print_json(found.record())
    elif csv_file:
        write_csv(_arrow(found), csv_file)
    else:
        _show(found, workspace.settings.workspace.language)


def _show(found: Registry, language: Language) -> None:
    from shroff.cli.console import print_table
    from shroff.domain.messages import say

    if not found.entries:
        click.echo(say("registry.empty", language))
        return
    titles = [say(f"registry.column.{name}", language) for name in COLUMNS]
    right = [say(f"registry.column.{name}", language) for name in _RIGHT]
    faint = {at for at, each in enumerate(found.entries) if each.model.state == "retired"}
    print_table(titles, [row_of(e, language) for e in found.entries], right=right, faint=faint)
    missing = sum(not each.registered for each in found.entries)
    if missing:
        click.echo()
        click.echo(say("registry.unregistered", language, {"count": missing}))


def row_of(entry: Entry, language: Language) -> tuple[str, ...]:
    """Write a version as a row of a table.

    Parameters
    ----------
    entry : Entry
        The version.
    language : Language
        Language wanted.

    Returns
    -------
    tuple of str
        Cells, by `COLUMNS`.
    """
    from shroff.domain.messages import count, number, say

    model, seen = entry.model, entry.seen
    comma = ", " if language == "en" else "、"
    state = str(model.state) if entry.registered else "none"
    speed = entry.ads_per_second
    return (
        model.name,
        model.version or "–",
        say(f"registry.kind.{model.kind}", language),
        say(f"registry.state.{state}", language),
        model.owner or "–",
        comma.join(entry.some_policies) or say("registry.all", language),
        comma.join(f"{action} ≥ {number(at)}" for action, at in model.thresholds.items()) or "–",
        comma.join(entry.calibrations) or "–",
        str(seen.last.date()) if seen.last else "–",
        count(seen.scores + seen.decisions + seen.judgements),
        number(speed) if speed else "–",
        number(seen.latency_ms) if seen.latency_ms else "–",
        f"{seen.cost_per_1000:.2f} {seen.currency}" if seen.cost_per_1000 else "–",
    )


def _arrow(found: Registry) -> pa.Table:
    import json

    import pyarrow as pa

    keep = ("name", "version", "kind", "state", "owner", "registered_at", "note")
    rows: list[dict[str, object]] = []
    for each in found.entries:
        told = each.record()
        seen = each.seen.record()
        rows.append(
            {
                **{name: told[name] for name in keep},
                "policies": ", ".join(each.policies),
                "thresholds": json.dumps(told["thresholds"]),
                "calibrations": ", ".join(each.calibrations),
                "ads_per_second": each.ads_per_second,
                **{name: seen[name] for name in _SEEN},
            }
        )
    return pa.Table.from_pylist(rows)
