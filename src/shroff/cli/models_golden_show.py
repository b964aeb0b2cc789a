"""`shroff models golden show`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from shroff.cli.endings import Session
from shroff.cli.options import engine_option, json_option, open_workspace, workspace_option

if TYPE_CHECKING:
    from shroff.domain.messages import Language
    from shroff.models.golden_standing import GoldenStanding

__all__ = ["command"]

_SHOWN = 12


@click.command()
@click.argument("name", required=False, default="")
@click.option(
    "--days",
    type=click.IntRange(min=1),
    default=180,
    show_default=True,
    help="Days after which a label is old.",
)
@click.option(
    "--least",
    type=click.IntRange(min=1),
    default=20,
    show_default=True,
    help="Violating ads that a cell of policy and language needs.",
)
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(
    ctx: click.Context, *, name: str, days: int, least: int, folder: str, as_json: bool
) -> None:
    """Show the golden set NAME: what it covers, where it is too thin, what is stale.

    An ad is stale when a policy it speaks of has a newer version, when it was labelled too long
    ago, or when it was edited since. Without NAME, the set that was changed last.
    """
    from shroff.cli.console import print_json
    from shroff.cli.progress import step

    workspace = open_workspace(ctx.ensure_object(Session), folder)
    with step("looking at the set"):
        found = workspace.modeller.golden.standing(name, days=days, fewest=least)
    if as_json:
        print_json(found.record())
    else:
        _show(found, workspace.settings.workspace.language)


def _show(found: GoldenStanding, language: Language) -> None:
    from rich.markup import escape

    from shroff.cli.console import print_table, results
    from shroff.domain.messages import Message, count, say

    console = results()
    console.print(f"[bold]{escape(found.golden.label)}[/]")
    console.print(escape(found.text().text(language)))
    names = ("policy", "language", "violating", "compliant", "stale", "thin")
    columns = [say(f"golden.column.{name}", language) for name in names]
    rows = [
        (
            cell.policy,
            cell.language or "–",
            count(cell.violating),
            count(cell.compliant),
            count(cell.stale),
            say("golden.too_thin" if cell.thin else "golden.enough", language),
        )
        for cell in found.cells
    ]
    if rows:
        print_table(columns, rows, right=columns[2:5])
    thin = [f"{cell.policy} {cell.language}".strip() for cell in found.thin]
    told: dict[str, str | int | float | None] = {"fewest": found.fewest}
    told["cells"] = ", ".join(thin[:_SHOWN]) + ", ..." * (len(thin) > _SHOWN)
    key = "golden.thin" if thin else "golden.all_covered"
    console.print(f"[dim]{escape(Message(key, told).text(language))}[/]")
