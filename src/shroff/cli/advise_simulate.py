"""`shroff advise simulate`."""

from __future__ import annotations

from pathlib import Path
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
    from shroff.advise.simulation import Simulation
    from shroff.domain.messages import Language

__all__ = ["command", "costs_of_options"]

_HELD = ("figure", "before", "after", "change")


class _Options(TypedDict):
    costs: tuple[str, ...]
    first: tuple[str, ...]
    period: str
    level: float
    csv_file: str | None
    folder: str
    as_json: bool


@click.command()
@click.argument("proposal", metavar="PROPOSAL")
@click.option(
    "--cost",
    "costs",
    multiple=True,
    metavar="WHAT=AMOUNT",
    show_default="[costs] of the settings",
    help="Cost of a missed violation, a wrong reject, an hour: missed=2, wrong=5, hour=20."
    " Repeatable.",
)
@click.option(
    "--first",
    multiple=True,
    metavar="REASON",
    help="Review tasks that are done first: appeal, report, rule, ... Repeatable, in order.",
)
@period_option
@level_option
@click.option("--csv", "csv_file", metavar="FILE", help="Write the figures to CSV; -: stdout.")
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(ctx: click.Context, proposal: str, **options: Unpack[_Options]) -> None:
    """Replay history under PROPOSAL, a YAML or JSON file: what would it have done?

    Thresholds, rule packs, model versions, routing and staffing, together, as one strategy. Ads
    that would be treated otherwise, precision, leakage, exposure, overturns, good ads rejected,
    hours, backlog and turnaround of the queues, cost; each with what is not known of it.

    \b
    shroff advise simulate lines.yaml --period last-month
    shroff advise simulate lines.yaml --cost missed=2 --cost wrong=5 --cost hour=20
    """  # noqa: D301 - click keeps the lines after \b
    from shroff.advise.proposal_file import read_proposal
    from shroff.cli.console import print_json
    from shroff.cli.progress import step
    from shroff.cli.tables import write_csv

    workspace = open_workspace(ctx.ensure_object(Session), options["folder"])
    path = Path(proposal)
    proposed, costs = read_proposal(path), costs_of_options(options["costs"])
    with step("replaying history"):
        found = workspace.adviser.simulate(
            proposed,
            folder=path.resolve().parent,
            costs=costs,
            first=options["first"],
            period=options["period"],
            level=options["level"],
        )
    if options["as_json"]:
        print_json(found.record())
    elif options["csv_file"]:
        write_csv(found.to_arrow(), options["csv_file"])
    else:
        _show(found, workspace.settings.workspace.language)


def costs_of_options(told: tuple[str, ...]) -> dict[str, float]:
    """Read costs as ``missed=2``."""
    found: dict[str, float] = {}
    for each in told:
        name, _, amount = each.partition("=")
        try:
            found[name.strip()] = float(amount)
        except ValueError:
            raise click.UsageError(f"--cost {each}: write it as missed=2") from None
    return found


def _show(found: Simulation, language: Language) -> None:
    from rich.markup import escape

    from shroff.cli.console import results
    from shroff.domain.messages import Message, say

    click.echo(found.text().text(language))
    _show_flips(found, language)
    _show_figures(found, language)
    _show_queues(found, language)
    if found.swings:
        told = Message("simulate.costs", {"currency": found.costs.currency})
        click.echo(told.text(language))
        _show_costs(found, language)
    for note in found.notes:
        results().print(f"[dim]{escape(note.text(language))}[/]")
    click.echo(say("simulate.unknown", language))
    for note in found.unknown:
        click.echo("  " + note.text(language))


def _show_flips(found: Simulation, language: Language) -> None:
    from shroff.advise.simulation_table import between
    from shroff.cli.console import print_table
    from shroff.domain.messages import count, say

    titles = _titles(("flip", "ads", "violating", "labels"), language)
    rows = [
        (
            say("simulate.flips", language, {"was": flip.was, "becomes": flip.becomes}),
            count(flip.ads),
            between(flip.violating, "share"),
            count(flip.labels),
        )
        for flip in found.flips
    ]
    if rows:
        click.echo()
        print_table(titles, rows, right=titles[1:])
        click.echo()


def _show_figures(found: Simulation, language: Language) -> None:
    from shroff.advise.simulation_table import figure_rows
    from shroff.cli.console import print_table

    titles = _titles(_HELD, language)
    print_table(titles, figure_rows(found.figures, language), right=titles[1:])
    click.echo()


def _show_queues(found: Simulation, language: Language) -> None:
    from shroff.advise.simulation_table import hour_rows, hour_titles, queue_rows
    from shroff.cli.console import print_table
    from shroff.domain.messages import say

    titles = _titles(("queue", "tasks", "hours", "p90", "logged", "backlog"), language)
    if found.queues:
        print_table(titles, queue_rows(found.queues), right=titles[1:])
        click.echo()
        click.echo(say("simulate.by_hour", language))
        hours = (*_titles(("queue",), language), *hour_titles())
        print_table(hours, hour_rows(found.queues), right=hours[1:])
        click.echo()


def _show_costs(found: Simulation, language: Language) -> None:
    from shroff.advise.simulation_table import cost_rows
    from shroff.cli.console import print_table

    titles = _titles(("costs", "change", "saves"), language)
    print_table(titles, cost_rows(found.swings, language), right=titles[1:])
    click.echo()


def _titles(names: tuple[str, ...], language: Language) -> tuple[str, ...]:
    from shroff.domain.messages import say

    return tuple(say(f"simulate.column.{name}", language) for name in names)
