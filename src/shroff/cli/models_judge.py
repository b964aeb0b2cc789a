"""`shroff models judge`."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from shroff.cli.endings import FINDING, Session
from shroff.cli.options import engine_option, json_option, open_workspace, workspace_option

if TYPE_CHECKING:
    from shroff.domain.messages import Language
    from shroff.models.alike_wordings import Grouping
    from shroff.models.judge_asking import JudgeAsked
    from shroff.models.judge_result import Judged

__all__ = ["asked_of", "command"]


class _Options(TypedDict):
    endpoint: str
    name: str
    period: str
    sample: int | None
    seed: int
    ads: Path | None
    shadow: bool
    budget: str
    again: bool
    alike: float | None
    folder: str
    as_json: bool


@click.command()
@click.argument("policy", type=Path)
@click.option("--endpoint", required=True, metavar="NAME", help="Endpoint of shroff.toml to ask.")
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
@click.option("--seed", type=int, default=0, show_default=True, help="Of the draw, and of pauses.")
@click.option(
    "--ads", type=Path, metavar="FILE", help="Judge the ads of a .jsonl or .csv file instead."
)
@click.option("--shadow", is_flag=True, help="Mark the judgements as not used.")
@click.option(
    "--budget",
    default="",
    metavar="AMOUNT",
    show_default="no limit",
    help="Most to spend: 5USD, 200000 tokens, or both with a comma between.",
)
@click.option(
    "--again",
    is_flag=True,
    help="Send requests again that were under way when an earlier run was killed.",
)
@click.option(
    "--alike",
    type=click.FloatRange(0, 1, min_open=True),
    metavar="SHARE",
    help="Ask once about ads whose texts share so much, such as 0.8; the others take its answer.",
    show_default="equal wordings only",
)
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(ctx: click.Context, policy: Path, **options: Unpack[_Options]) -> None:
    """Ask a model whether ads break POLICY, and write its judgements to the logs.

    Each wording is asked about once; ads that this judge has judged are left out, so the same
    command goes on where it was stopped, and nothing is paid for twice. Contact details are masked
    before they leave, and every batch is listed by `shroff models sent`.

    \b
    shroff models judge policies/E4.md --endpoint judge --period last-week --sample 500 --budget 5USD
    """  # noqa: D301 - click keeps the lines after \b
    from shroff.cli.console import print_json
    from shroff.cli.progress import counted

    workspace = open_workspace(ctx.ensure_object(Session), options["folder"])
    asked = asked_of(policy, options)
    with counted("judging") as tick:
        found = workspace.modeller.judge(asked, tick=tick)
    if options["as_json"]:
        print_json(found.record())
    else:
        _show(found, workspace.settings.workspace.language)
    if found.stopped:
        ctx.exit(FINDING)


def asked_of(policy: Path, options: _Options) -> JudgeAsked:
    """Put what is asked together.

    Parameters
    ----------
    policy : Path
        File of the policy.
    options : mapping
        Options of the command.

    Returns
    -------
    JudgeAsked
        What is asked.
    """
    from shroff.models.judge_asking import JudgeAsked
    from shroff.models.policy_file import load_policy

    return JudgeAsked(
        policy=load_policy(policy),
        endpoint=options["endpoint"],
        name=options["name"],
        period=options["period"],
        sample=options["sample"],
        seed=options["seed"],
        ads=options["ads"],
        shadow=options["shadow"],
        budget=options["budget"],
        again=options["again"],
        grouping=_grouping(options["alike"]),
    )


def _grouping(alike: float | None) -> Grouping | None:
    """Tell near-copies as the search for campaigns does."""
    if alike is None:
        return None
    from shroff.watch.near_copies import grouped_texts

    return partial(grouped_texts, least=alike)


def _show(found: Judged, language: Language) -> None:
    from shroff.cli.console import results

    results().print(found.summary().text(language), markup=False)
    for note in found.notes():
        results().print(note.text(language), markup=False, style="dim")
