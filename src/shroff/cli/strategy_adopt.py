"""`shroff strategy adopt`."""

from __future__ import annotations

from pathlib import Path

import click

from shroff.cli.endings import Session
from shroff.cli.options import json_option, open_workspace, workspace_option

__all__ = ["command"]


@click.command()
@click.argument("proposal", metavar="PROPOSAL")
@click.option("--why", required=True, metavar="TEXT", help="Why; kept with the lines.")
@click.option("--who", default="", metavar="NAME", envvar="USER", help="Who does it.")
@workspace_option
@json_option
@click.pass_context
def command(
    ctx: click.Context, *, proposal: str, why: str, who: str, folder: str, as_json: bool
) -> None:
    """Make the lines of the file PROPOSAL live: what `shroff decide` goes by from the next ad on.

    Where people sign in, they wait for a second person: shroff people waiting lists them. What was
    live before stays on record, and comes back when its file is adopted again.

    \b
    shroff advise thresholds --out lines.json
    shroff strategy adopt lines.json --why "less leakage for the same hours"
    """  # noqa: D301 - click keeps the lines after \b
    from shroff.advise.adopted_lines import adopt
    from shroff.advise.proposal_file import read_proposal
    from shroff.cli.console import print_json, results
    from shroff.domain.messages import say
    from shroff.store.catalog_approvals import ApprovalRequest

    workspace = open_workspace(ctx.ensure_object(Session), folder)
    found = adopt(workspace.catalog, read_proposal(Path(proposal)), who=who, why=why)
    language = workspace.settings.workspace.language
    if isinstance(found, ApprovalRequest):
        if as_json:
            print_json({"waiting": found.record()})
        else:
            about = {"what": found.subject, "id": found.id}
            click.echo(say("approval.waits", language, about))
        return
    if as_json:
        print_json(found.record())
        return
    about = {
        "proposal": found.proposal.id if found.proposal else "–",
        "at": found.at,
        "who": found.who or "–",
        "why": found.why,
    }
    results().print(say("decide.lines_live", language, about), markup=False)
