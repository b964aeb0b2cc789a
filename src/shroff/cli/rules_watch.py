"""`shroff rules watch`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import click

from shroff.cli.endings import FINDING, Session
from shroff.cli.options import engine_option, json_option, open_workspace, workspace_option

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["command"]


@click.command()
@click.argument("packs", nargs=-1)
@click.option(
    "--chance",
    type=click.FloatRange(0, 0.5, min_open=True),
    default=0.01,
    show_default=True,
    help="Chance that any rule is taken out in a quarter though all do as forecast.",
)
@click.option(
    "--out",
    default="",
    metavar="FOLDER",
    show_default="audits in the workspace",
    help="Where the lists of ads to look at again are written.",
)
@click.option(
    "--most",
    type=click.IntRange(min=1),
    default=5,
    show_default=True,
    help="Rules taken out at once; where more trip, the logs are likelier at fault, and none is.",
)
@click.option("--dry-run", is_flag=True, help="Tell, and take no rule out.")
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    *,
    packs: tuple[str, ...],
    chance: float,
    most: int,
    out: str,
    dry_run: bool,
    folder: str,
    as_json: bool,
) -> None:
    """Take rules out that hit far more, or far worse, than was forecast; to be run by a clock.

    Canary and live rules are held against the forecasts that were kept of them, over all complete
    days since. A rule that breaks its own is noted as stopped, by the breaker and with the reason;
    the ads that it decided are written to a list. Looking every day does not add to the chance of
    a false alarm. Ends with 1 where a rule is taken out, or would be.

    \b
    shroff rules watch
    shroff rules watch --dry-run --json
    17 * * * *  shroff rules watch -w /srv/ads     # in a crontab
    """  # noqa: D301 - click keeps the lines after \b
    from shroff.cli.console import print_json
    from shroff.cli.progress import step
    from shroff.cli.tables import write_csv
    from shroff.rules.pack_paths import read_packs

    workspace = open_workspace(ctx.ensure_object(Session), folder)
    lists = Path(out) if out else workspace.root / "audits"
    day = datetime.now(UTC).date()

    def keeps(rule: str, again: pa.Table) -> str:
        lists.mkdir(parents=True, exist_ok=True)
        file = str(lists / f"again-{quote(rule, safe='')}-{day}.csv")
        write_csv(again, file)
        return file

    with step("watching rules"):
        found = workspace.rules.watch(
            read_packs(packs), chance=chance, most=most, keeps=None if dry_run else keeps
        )
    if as_json:
        print_json(found.record())
    else:
        for line in found.texts(workspace.settings.workspace.language):
            click.echo(line)
    if found.tripped:
        ctx.exit(FINDING)
