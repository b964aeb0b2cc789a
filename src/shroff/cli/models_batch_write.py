"""`shroff models batch write`."""

from __future__ import annotations

from pathlib import Path

import click

from shroff.cli.endings import Session
from shroff.cli.options import engine_option, json_option, open_workspace, workspace_option

__all__ = ["command"]


@click.command()
@click.argument("policy", type=Path)
@click.option("--endpoint", required=True, metavar="NAME", help="Endpoint of shroff.toml to ask.")
@click.option(
    "--out",
    type=Path,
    metavar="DIR",
    show_default="batches/RUN in the workspace",
    help="New folder to write to.",
)
@click.option(
    "--name",
    default="",
    metavar="NAME",
    help="Name of the judge in the logs.",
    show_default="the endpoint's",
)
@click.option(
    "--period",
    default="",
    show_default="all ads",
    metavar="PERIOD",
    help="Days on which the ads were submitted, e.g. 2026-W20 or last-month.",
)
@click.option("--sample", type=click.IntRange(min=1), help="Judge so many ads, drawn at random.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of the draw.")
@click.option(
    "--ads", type=Path, metavar="FILE", help="Judge the ads of a .jsonl or .csv file instead."
)
@click.option("--shadow", is_flag=True, help="Mark the judgements as not used.")
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    *,
    policy: Path,
    endpoint: str,
    out: Path | None,
    name: str,
    period: str,
    sample: int | None,
    seed: int,
    ads: Path | None,
    shadow: bool,
    folder: str,
    as_json: bool,
) -> None:
    """Write ads as files of requests that ask whether they break POLICY.

    Each file holds at most 50,000 requests and 200 MB. Which ads they are about stays here, in
    manifest.jsonl. Ads and wordings that were judged are left out.
    """
    from shroff.cli.console import print_json, results
    from shroff.cli.progress import step
    from shroff.models.judge_asking import JudgeAsked
    from shroff.models.policy_file import load_policy

    workspace = open_workspace(ctx.ensure_object(Session), folder)
    asked = JudgeAsked(
        policy=load_policy(policy), endpoint=endpoint, name=name, period=period, sample=sample,
        seed=seed, ads=ads, shadow=shadow,
    )  # fmt: skip
    with step("writing requests"):
        found = workspace.modeller.write_batch(asked, folder=out)
    if as_json:
        print_json(found.record())
        return
    for note in found.notes():
        results().print(note.text(workspace.settings.workspace.language), markup=False)
