"""`shroff labels draw`."""

from __future__ import annotations

import click

from shroff.cli.endings import Session
from shroff.cli.options import engine_option, json_option, open_workspace, workspace_option

__all__ = ["command"]


@click.command()
@click.argument("plan", required=False, default="")
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "xlsx", "jsonl"]),
    default="csv",
    show_default=True,
    help="Format of the file.",
)
@click.option("--out", default="", metavar="FILE", help="The file; in audits/ by default.")
@click.option(
    "--hide-design",
    is_flag=True,
    help="Leave design, stratum and chance out of the file; the catalog has them.",
)
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    *,
    plan: str,
    form: str,
    out: str,
    hide_design: bool,
    folder: str,
    as_json: bool,
) -> None:
    """Draw the batch of a PLAN, the newest by default, and write it for reviewers.

    Ads are drawn one by one, by a hash of their id. The file shows nothing of what the machine
    decided. An ad that the design drew before is not asked for again.
    """
    from pathlib import Path

    from shroff.cli.console import print_json
    from shroff.cli.progress import step
    from shroff.domain.messages import say
    from shroff.measure.label_batch_files import DESIGN

    workspace = open_workspace(ctx.ensure_object(Session), folder)
    form = Path(out).suffix.lower().removeprefix(".") or form if out else form
    with step("drawing"):
        batch = workspace.labels.draw(
            plan, form=form, out=out, design=() if hide_design else DESIGN
        )
    if as_json:
        print_json(batch.record())
        return
    language = workspace.settings.workspace.language
    if batch.file is None:
        click.echo(say("labels.nothing_drawn", language))
        return
    told: dict[str, str | int | float | None] = {"batch": batch.id, "ads": batch.asked}
    told["kept"] = batch.kept
    click.echo(say("labels.drawn_again" if batch.again else "labels.drawn", language, told))
    click.echo(str(batch.file))
    if batch.waiting:
        click.echo(say("labels.waiting", language, {"batches": ", ".join(batch.waiting)}))
    click.echo(say("labels.then_take", language))
