"""`shroff models golden run`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from shroff.cli.endings import FINDING, Session
from shroff.cli.options import (
    engine_option,
    json_option,
    level_option,
    open_workspace,
    workspace_option,
)

if TYPE_CHECKING:
    from shroff.domain.messages import Language
    from shroff.models.golden_run import GoldenRan, GoldenRunAsked

__all__ = ["command"]


class _Options(TypedDict):
    endpoint: str
    golden: str
    name: str
    repeats: int
    budget: str
    again: bool
    level: float
    folder: str
    as_json: bool


@click.command()
@click.argument("policies", type=Path, nargs=-1, required=True)
@click.option("--endpoint", required=True, metavar="NAME", help="Endpoint of shroff.toml to ask.")
@click.option("--golden", default="", metavar="NAME", help="The set. [default: the newest]")
@click.option(
    "--name",
    default="",
    metavar="NAME",
    help="Name of the judge in the logs.",
    show_default="the endpoint's",
)
@click.option(
    "--repeats",
    type=click.IntRange(1, 20),
    default=1,
    show_default=True,
    help="Answers wanted of each ad: from two on, is it consistent?",
)
@click.option(
    "--budget",
    default="",
    metavar="AMOUNT",
    show_default="no limit",
    help="Most to spend on all of it: 5USD, 200000 tokens, or both with a comma between.",
)
@click.option(
    "--again",
    is_flag=True,
    help="Send requests again that were under way when an earlier run was killed.",
)
@level_option
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(ctx: click.Context, policies: tuple[Path, ...], **options: Unpack[_Options]) -> None:
    """Ask a model about every settled ad of a golden set, for each of POLICIES.

    Tells how good the version is and, with --repeats, how often it says the same again. What was
    answered is not asked again, so the same command goes on where it was stopped; its judgements
    are marked as in shadow. Ends with 1 where it was stopped.

    \b
    shroff models golden run policies/E4.md --endpoint judge --golden ads-may --repeats 3 --budget 5USD
    """  # noqa: D301 - click keeps the lines after \b
    from shroff.cli.console import print_json
    from shroff.cli.progress import counted

    workspace = open_workspace(ctx.ensure_object(Session), options["folder"])
    asked = _asked(policies, options)
    with counted("judging") as tick:
        found = workspace.modeller.golden_run(asked, tick=tick)
    if options["as_json"]:
        print_json(found.record())
    else:
        _show(found, workspace.settings.workspace.language)
    if found.stopped:
        ctx.exit(FINDING)


def _asked(policies: tuple[Path, ...], options: _Options) -> GoldenRunAsked:
    from shroff.models.golden_run import GoldenRunAsked
    from shroff.models.policy_file import load_policy

    return GoldenRunAsked(
        policies=tuple(load_policy(each) for each in policies),
        endpoint=options["endpoint"],
        name=options["name"],
        golden=options["golden"],
        repeats=options["repeats"],
        budget=options["budget"],
        again=options["again"],
        level=options["level"],
    )


def _show(found: GoldenRan, language: Language) -> None:
    from shroff.cli.console import results
    from shroff.domain.messages import say
    from shroff.report.golden_section import consistency_lead, lead_of

    console = results()
    console.print(found.summary().text(language), markup=False)
    for each in found.policies:
        for run in each.runs:
            console.print(run.summary().text(language), markup=False)
        if each.results:
            console.print(lead_of(each.results).text(language), markup=False)
        if each.consistency:
            console.print(consistency_lead(each.consistency).text(language), markup=False)
        notes = [*each.notes, *(each.results.notes if each.results else ())]
        for note in notes:
            console.print(note.text(language), markup=False, style="dim")
    console.print(say("golden.shadowed", language), markup=False, style="dim")
