"""`shroff demo`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from shroff.cli.endings import Session
from shroff.cli.options import json_option, open_workspace

if TYPE_CHECKING:
    from shroff.report.writing import ReportFiles
    from shroff.synthetic.revelation import Revelation
    from shroff.workspace import Workspace

__all__ = ["command"]


@click.command()
@click.argument("folder", default="demo", metavar="[DIR]")
@click.option(
    "--ads", type=click.IntRange(1000, 10_000_000), default=200_000, show_default=True, help="Ads."
)
@click.option("--seed", type=int, default=7, show_default=True, help="Same seed, same logs.")
@click.option(
    "--days", type=click.IntRange(28, 730), default=98, show_default=True, help="Days of logs."
)
@click.option(
    "--stories",
    type=click.Choice(["all", "none"]),
    default="all",
    show_default=True,
    help="Whether anything goes wrong on the platform.",
)
@click.option(
    "--reveal",
    is_flag=True,
    help="Tell what was planted, and the true figures beside the measured ones.",
)
@click.option("--open", "open_page", is_flag=True, help="Open the report in the browser.")
@click.option("--serve", "serving", is_flag=True, help="Serve the dashboard afterwards.")
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    *,
    folder: str,
    ads: int,
    seed: int,
    days: int,
    stories: str,
    reveal: bool,
    open_page: bool,
    serving: bool,
    as_json: bool,
) -> None:
    """Write the logs of a synthetic ads platform into DIR, ingest, measure and report on them.

    The platform's truth is known, and kept apart: see it with --reveal, for a demo already made
    too.
    """
    from shroff.cli.console import print_json

    session = ctx.ensure_object(Session)
    target = Path(folder)
    if reveal and (target / "truth").is_dir():
        workspace, files = open_workspace(session, folder), None
    else:
        workspace = _built(session, target, ads=ads, seed=seed, days=days, stories=stories)
        files = _reported(session, workspace)
    revelation = workspace.reveal() if reveal else None
    if as_json:
        written = files.record() if files else None
        truth = revelation.record() if revelation else None
        print_json({"workspace": str(workspace.root), "report": written, "truth": truth})
        return
    if files:
        _tell(files, workspace)
    if revelation:
        _reveal(revelation)
    if files and open_page:
        click.launch(files.pages[0].as_uri())
    if serving:
        _serve(workspace)


def _serve(workspace: Workspace) -> None:
    from shroff.cli.serve_command import serve_here

    serve_here(workspace)


def _built(
    session: Session, folder: Path, *, ads: int, seed: int, days: int, stories: str
) -> Workspace:
    from shroff.cli.ingest_command import ingest_tables
    from shroff.cli.progress import counted
    from shroff.errors import ConfigError
    from shroff.synthetic.platform import write_platform

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ConfigError(
            "this folder is not empty",
            where=str(folder),
            hint="choose another, or remove it; shroff demo DIR --reveal tells about an old demo",
        )
    session.unfinished = f"remove {folder} and run it again"
    with counted("writing logs") as tell:
        write_platform(folder, ads=ads, seed=seed, days=days, stories=stories, progress=tell)
    session.finished.append("logs written")
    workspace = open_workspace(session, str(folder))
    resume = f"go on with shroff ingest --all -w {folder} and shroff report -w {folder}"
    ingest_tables(workspace, workspace.sources(), session=session, resume=resume)
    return workspace


def _reported(session: Session, workspace: Workspace) -> ReportFiles:
    from shroff.cli.progress import watching

    session.unfinished = f"shroff report -w {workspace.root} writes the report"
    with watching(workspace, "measuring and writing the report") as watched:
        return watched.report()


def _tell(files: ReportFiles, workspace: Workspace) -> None:
    click.echo(files.headline)
    click.echo("")
    for page in files.pages:
        click.echo(f"Report: {page}")
    place = workspace.root
    click.echo(f"Next:   shroff measure -w {place} --by market")
    click.echo(f"        shroff check -w {place}")
    click.echo(f"        shroff find '加微信' -w {place}")
    click.echo(f"        shroff demo {place} --reveal")


def _reveal(revelation: Revelation) -> None:
    from shroff.cli.console import print_table
    from shroff.domain.messages import percent

    print_table(
        ("planted", "size", "from", "to", "where"),
        [
            (
                str(story["kind"]),
                f"{story['size']}x",
                str(story["first_day"]),
                str(story["last_day"]),
                str(story["slice"]),
            )
            for story in revelation.stories
        ],
    )
    click.echo("")
    shown = [
        (
            f"{each.metric.name_en} ({each.metric.id})",
            *("–" if value is None else percent(value) for value in each.values),
            percent(each.truth),
            "held" if each.covered else "missed",
        )
        for each in revelation.figures
    ]
    titles = ("metric", "measured", "low", "high", "truth", "interval")
    print_table(titles, shown, right=titles[1:5])
