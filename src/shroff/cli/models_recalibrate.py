"""`shroff models recalibrate`."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    from shroff.domain.messages import Language
    from shroff.measure.recalibrating import Recalibrated
    from shroff.stats.estimate import Estimate

__all__ = ["command"]


@click.command()
@click.option("--model", required=True, metavar="NAME", help="The model.")
@click.option("--version", required=True, metavar="VERSION", help="Its version.")
@click.option(
    "--policy", default="", metavar="ID", help="Policy scored; - for the score over all policies."
)
@period_option
@level_option
@click.option(
    "--csv",
    "csv_file",
    metavar="FILE",
    help="Write the chances of all ads that have the score to a CSV file; - for stdout.",
)
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    *,
    model: str,
    version: str,
    policy: str,
    period: str,
    level: float,
    csv_file: str | None,
    folder: str,
    as_json: bool,
) -> None:
    """Fit chances to a model version's score, and keep them as a detector of the workspace.

    The curve never falls, so the order of ads stays. Each fit is a version of its own, with what
    it was made from, in the folder detectors; a version is never changed. What fits as the newest
    version does adds none.
    """
    from shroff.cli.console import print_json
    from shroff.cli.progress import step
    from shroff.cli.tables import write_csv
    from shroff.measure.score_queries import Chosen

    workspace = open_workspace(ctx.ensure_object(Session), folder)
    chosen = Chosen(model=model, version=version, policy=policy)
    with step("fitting"):
        found = workspace.analyses.recalibrate(chosen, period=period, level=level)
    if csv_file:
        with step("applying"):
            table = workspace.analyses.chances(found.kept)
        write_csv(table, csv_file)
    if as_json:
        print_json(found.record())
    elif csv_file != "-":
        _show(found, workspace.settings.workspace.language)


def _show(found: Recalibrated, language: Language) -> None:
    from rich.markup import escape

    from shroff.cli.console import print_table, results
    from shroff.domain.messages import Message, say

    console = results()
    told = {
        "kind": found.detector.kind,
        "id": found.detector.id,
        "version": found.detector.version,
        "file": str(found.kept.path),
    }
    key = "calibration.kept" if found.new else "calibration.same"
    console.print(escape(Message(key, told).text(language)), soft_wrap=True)
    counts = {"labels": found.labels, "violating": found.violating}
    console.print(escape(Message("calibration.fitted", counts).text(language)))
    names = ("gap", "ece", "brier", "skill")
    titles = ["", *(say(f"calibration.column.{name}", language) for name in names)]
    rows = [
        (
            say(f"calibration.{when}", language),
            *map(_number, (each.gap, each.ece, each.brier, each.skill)),
        )
        for when, each in (("before", found.before), ("after", found.after))
    ]
    print_table(titles, rows, right=titles[1:])
    for caveat in found.caveats:
        console.print(f"[dim]{escape(caveat.text(language))}[/]")


def _number(estimate: Estimate) -> str:
    if estimate.value is None:
        return "–"
    return f"{estimate.value:.4f} ({estimate.low:.4f} to {estimate.high:.4f})"
