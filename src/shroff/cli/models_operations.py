"""`shroff models operations`."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from shroff.cli.endings import Session
from shroff.cli.options import (
    engine_option,
    json_option,
    level_option,
    open_workspace,
    period_option,
    workspace_option,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shroff.advise.operation_changes import OperationChange
    from shroff.domain.messages import Language
    from shroff.models.operations_result import Operations

__all__ = ["command"]


class _Options(TypedDict):
    model: str
    by: str
    period: str
    level: float
    csv_file: str | None
    folder: str
    as_json: bool


@click.command()
@click.argument("model", required=False, default="")
@click.option(
    "--by", type=click.Choice(["", "policy", "language"]), default="", help="Cut calls by this."
)
@period_option
@level_option
@click.option(
    "--csv", "csv_file", metavar="FILE", help="Write every version and day; - for stdout."
)
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(ctx: click.Context, **options: Unpack[_Options]) -> None:
    """Tell how LLM judges run: calls, errors, refusals, latency, cost, drift, disagreement.

    Each version on the ads of the period; changes beyond chance are named.

    \b
    shroff models operations
    shroff models operations policy_judge --by language --period 2026-05-01..2026-06-28
    """  # noqa: D301 - click keeps the lines after \b
    from shroff.advise.operation_changes import operation_changes
    from shroff.cli.console import print_json
    from shroff.cli.progress import step
    from shroff.cli.tables import write_csv

    workspace = open_workspace(ctx.ensure_object(Session), options["folder"])
    with step("reading judgements"):
        found = workspace.modeller.operations(
            model=options["model"], period=options["period"], level=options["level"]
        )
        changes = operation_changes(found)
    if options["as_json"]:
        print_json({**found.record(), "changes": [each.record() for each in changes]})
    elif options["csv_file"]:
        write_csv(found.to_arrow(), options["csv_file"])
    else:
        _show(found, changes, workspace.settings.workspace.language, by=options["by"])


def _show(
    found: Operations, changes: Sequence[OperationChange], language: Language, *, by: str
) -> None:
    from shroff.advise.operation_words import (
        BESIDE_COLUMNS,
        CALL_COLUMNS,
        DRIFT_COLUMNS,
        beside_words,
        call_words,
        change_words,
        drift_words,
        off_words,
    )
    from shroff.cli.console import print_table, results
    from shroff.domain.messages import say

    def titled(names: Sequence[str]) -> list[str]:
        return [say(f"operations.column.{name}", language) for name in names]

    click.echo(found.summary().text(language))
    for message in (*off_words(found), *change_words(changes)):
        results().print("- " + message.text(language), markup=False)
    click.echo()
    cut = [each for each in found.cuts if each.cut == by] if by else []
    titles = titled(CALL_COLUMNS)
    print_table(
        titles, [call_words(each, language) for each in (*found.versions, *cut)], right=titles[1:]
    )
    click.echo("\n" + say("operations.beside_title", language))
    titles = titled(BESIDE_COLUMNS)
    shown = [each for each in found.beside if not each.cut or each.cut == by]
    print_table(titles, [beside_words(each, language) for each in shown], right=titles[3:])
    if found.drifts:
        click.echo("\n" + say("operations.drift_title", language))
        titles = titled(DRIFT_COLUMNS)
        print_table(titles, [drift_words(each) for each in found.drifts], right=titles[1:])
