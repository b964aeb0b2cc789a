"""`shroff rules stop`."""

from __future__ import annotations

import click

from shroff.cli.endings import Session
from shroff.cli.options import engine_option, json_option, open_workspace, workspace_option

__all__ = ["command"]


@click.command()
@click.argument("rule")
@click.argument("packs", nargs=-1)
@click.option("--why", required=True, metavar="TEXT", help="Why; kept with the step.")
@click.option("--who", default="", metavar="NAME", envvar="USER", help="Who takes it out.")
@click.option(
    "--ads",
    default="",
    metavar="FILE",
    help="Write the ads that it decided since it went live to a CSV file; -: stdout.",
)
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    *,
    rule: str,
    packs: tuple[str, ...],
    why: str,
    who: str,
    ads: str,
    folder: str,
    as_json: bool,
) -> None:
    """Note that RULE is taken out, and list the ads that it decided, to be looked at again.

    \b
    shroff rules stop WL-001 --why "hits a brand name" --ads again.csv
    """  # noqa: D301 - click keeps the lines after \b
    from shroff.cli.console import print_json
    from shroff.cli.tables import write_csv
    from shroff.domain.messages import say
    from shroff.rules.pack_paths import read_packs
    from shroff.rules.rule_steps import Ask

    workspace = open_workspace(ctx.ensure_object(Session), folder)
    language = workspace.settings.workspace.language
    ask = Ask(rule_id=rule, to="stopped", who=who, why=why)
    taken = workspace.rules.stop(ask, read_packs(packs))
    if ads:
        write_csv(taken.again, ads)
    if as_json:
        print_json(taken.record())
        return
    click.echo(say("life.moved", language, {"rule": rule, "state": "stopped"}))
    told: dict[str, str | int | float | None] = {"count": taken.again.num_rows}
    told["file"] = ads or "--ads FILE"
    click.echo(say("life.again", language, told))
