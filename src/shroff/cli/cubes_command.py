"""`shroff cubes`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from shroff.cli.endings import Session
from shroff.cli.options import engine_option, json_option, open_workspace, workspace_option

if TYPE_CHECKING:
    from shroff.measure.ledger import ScoreSpread

__all__ = ["command"]

_SHOWN = 40
"""Distributions of scores that a terminal shows at most."""


@click.command()
@click.option("--refresh", "how", flag_value="refresh", help="Count what changed.")
@click.option("--rebuild", "how", flag_value="rebuild", help="Count everything again.")
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(ctx: click.Context, *, how: str | None, folder: str, as_json: bool) -> None:
    """Tell what is counted and kept, so that measuring again only counts what changed.

    `shroff measure` and `shroff report` bring it up to date by themselves.
    """
    from shroff.cli.console import print_json, print_table
    from shroff.cli.progress import watching
    from shroff.domain.messages import Message
    from shroff.measure.ledger import ledger_of

    workspace = open_workspace(ctx.ensure_object(Session), folder)
    with watching(workspace, "counting") as watched, watched.engine() as engine:
        upkeep = watched.upkeep(engine)
        done = upkeep.refresh(anew=how == "rebuild") if how else None
        ledger = ledger_of(upkeep, refreshed=done)
    if as_json:
        print_json(ledger.record())
        return
    language = workspace.settings.workspace.language
    for line in ledger.lines():
        click.echo(line.text(language))
    if ledger.state is None:
        return
    click.echo("")
    rows = [(name, f"{rows:,}") for name, rows in ledger.tables.items()]
    print_table(
        ("kept", "rows"), [*rows, ("MB on disk", _megabytes(ledger.size))], right=("rows",)
    )
    if ledger.spreads:
        print_table(
            ("model", "version", "policy", "action", "scores", "p10", "p50", "p90", "outside"),
            [_cells(spread) for spread in ledger.spreads[:_SHOWN]],
            right=("scores", "p10", "p50", "p90", "outside"),
        )
    if len(ledger.spreads) > _SHOWN:
        more = Message("cubes.more", {"more": len(ledger.spreads) - _SHOWN})
        click.echo(more.text(language))


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f}"


def _cells(spread: ScoreSpread) -> tuple[str, ...]:
    return (
        spread.model,
        spread.version,
        spread.policy,
        spread.action,
        f"{spread.scores:,}",
        *("–" if value is None else f"{value:.3f}" for value in spread.quantiles),
        f"{spread.outside:,}",
    )
