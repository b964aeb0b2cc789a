"""`shroff models show`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from shroff.cli.endings import Session
from shroff.cli.options import engine_option, json_option, open_workspace, workspace_option

if TYPE_CHECKING:
    from shroff.domain.messages import Language
    from shroff.models.registry import Entry

__all__ = ["command"]


@click.command()
@click.argument("name")
@click.argument("version", required=False, default="")
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(ctx: click.Context, *, name: str, version: str, folder: str, as_json: bool) -> None:
    """Show all that is known of the model NAME, or of one VERSION: source, history, runs."""
    from shroff.cli.console import print_json
    from shroff.cli.progress import reading
    from shroff.errors import ConfigError

    workspace = open_workspace(ctx.ensure_object(Session), folder)
    with reading("reading the logs"):
        registry = workspace.modeller.registry()
    found = registry.of(name, version)
    if not found:
        known = ", ".join(dict.fromkeys(each.model.name for each in registry.entries))
        raise ConfigError(
            f"there is no model {' '.join(filter(None, [name, version]))!r}, neither registered"
            " nor in the logs",
            hint=f"models: {known or 'none'}",
        )
    if as_json:
        print_json({"models": [each.record() for each in found]})
        return
    for at, each in enumerate(found):
        if at:
            click.echo()
        _show(each, workspace.settings.workspace.language)


def _show(entry: Entry, language: Language) -> None:
    from shroff.cli.models_list import COLUMNS, row_of
    from shroff.domain.excerpts import safe
    from shroff.domain.messages import number, say

    lines = [
        (say(f"registry.column.{name}", language), cell)
        for name, cell in zip(COLUMNS, row_of(entry, language), strict=True)
    ]
    if entry.seen.first:
        lines.append((say("registry.column.first", language), str(entry.seen.first.date())))
    lines += [(name, str(value)) for name, value in entry.model.source.items()]
    if entry.model.note:
        lines.append((say("registry.column.note", language), entry.model.note))
    for title, cell in lines:
        click.echo(safe(f"{title}: {cell}"))
    for step in entry.steps:
        state = say(f"registry.state.{step.state}", language)
        click.echo(safe("  ".join(filter(None, [step.at[:16], state, step.who, step.why]))))
    for run in entry.runs:
        told: dict[str, str | int | float | None] = {
            "at": run.at[:16],
            "what": run.what,
            "ads": run.ads,
            "seconds": number(run.seconds),
        }
        click.echo(say("registry.run", language, told))
