"""`shroff models golden consistency`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from shroff.cli.endings import Session
from shroff.cli.options import (
    engine_option,
    json_option,
    level_option,
    open_workspace,
    workspace_option,
)

if TYPE_CHECKING:
    from shroff.domain.messages import Language
    from shroff.models.golden_consistency import Consistency

__all__ = ["command"]


@click.command()
@click.argument("judge")
@click.option("--golden", default="", metavar="NAME", help="The set. [default: the newest]")
@level_option
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(
    ctx: click.Context, *, judge: str, golden: str, level: float, folder: str, as_json: bool
) -> None:
    """Tell how often JUDGE, an LLM's version, says the same of a golden ad when asked again.

    Every judgement of the version in the logs counts: have it judge the set several times, each as
    a run of its own. A refusal is an answer; a call that failed is none.
    """
    from shroff.cli.console import print_json
    from shroff.cli.progress import step
    from shroff.models.held_judges import JudgeNamed

    workspace = open_workspace(ctx.ensure_object(Session), folder)
    with step("comparing answers"):
        found = workspace.modeller.judging.consistency(
            JudgeNamed(judge), golden=golden, level=level
        )
    if as_json:
        print_json(found.record())
    else:
        _show(found, workspace.settings.workspace.language)


def _show(found: Consistency, language: Language) -> None:
    from rich.markup import escape

    from shroff.cli.console import print_table, results
    from shroff.domain.messages import say
    from shroff.report.golden_section import consistency_lead, consistency_rows

    console = results()
    console.print(f"[bold]{escape(found.golden)}[/]")
    console.print(escape(consistency_lead(found).text(language)))
    columns = [say(f"golden.column.{name}", language) for name in ("slice", "same", "flips")]
    rows = [tuple(cell.text(language) for cell in row) for row in consistency_rows(found)]
    print_table(columns, rows, right=columns[1:])
    if found.flips:
        columns = [say(f"golden.column.{name}", language) for name in ("ad", "policy", "said")]
        told = [
            (flip.ad_id, flip.policy, ", ".join(f"{said} {n}" for said, n in flip.said.items()))
            for flip in found.flips
        ]
        print_table(columns, told)
