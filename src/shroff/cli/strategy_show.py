"""`shroff strategy show`."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import click

from shroff.cli.endings import Session
from shroff.cli.options import json_option, open_workspace, workspace_option

if TYPE_CHECKING:
    from shroff.advise.adopted_lines import Adopted
    from shroff.advise.live_strategy import LiveStrategy
    from shroff.domain.messages import Message

__all__ = ["command"]


@click.command()
@workspace_option
@json_option
@click.pass_context
def command(ctx: click.Context, *, folder: str, as_json: bool) -> None:
    """Tell what decides on ads now: rules, lines, models, and what was live before."""
    from shroff.advise.adopted_lines import adopted
    from shroff.advise.decider import Decider
    from shroff.cli.console import print_json, results

    workspace = open_workspace(ctx.ensure_object(Session), folder)
    language = workspace.settings.workspace.language
    with closing(Decider(workspace.root, catalog=workspace.catalog)) as decider:
        strategy = decider.strategy()
    if as_json:
        history = [each.record() for each in adopted(workspace.catalog)]
        print_json({**strategy.record(), "history": history})
        return
    for message in (_whole(strategy), _lines(strategy.adopted), *strategy.warnings):
        results().print(message.text(language), markup=False)


def _whole(strategy: LiveStrategy) -> Message:
    from shroff.domain.messages import Message

    states = ", ".join(f"{state} {count}" for state, count in strategy.states().items())
    live, shadows = (
        ", ".join(f"{each.name} {each.version}".strip() for each in judges)
        for judges in (strategy.lines.judges, strategy.shadows)
    )
    about = {"rules": states or "–", "models": live or "–", "shadows": shadows or "–"}
    return Message("decide.strategy", {"id": strategy.id, **about})


def _lines(adopted: Adopted | None) -> Message:
    from shroff.domain.messages import Message

    if adopted is None or adopted.proposal is None:
        return Message("decide.lines_own")
    return Message(
        "decide.lines_live",
        {
            "proposal": adopted.proposal.id,
            "at": adopted.at,
            "who": adopted.who,
            "why": adopted.why,
        },
    )
