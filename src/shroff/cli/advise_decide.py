"""What `shroff advise accept`, `reject` and `done` share: a decision is recorded and told."""

from __future__ import annotations

import getpass
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import click

from shroff.cli.endings import Session
from shroff.cli.options import open_workspace

__all__ = ["Said", "decide"]


@dataclass(frozen=True, slots=True)
class Said:
    """What is decided of which recommendation, who decides, why, and what is told with it."""

    advice: str
    state: str
    who: str
    reason: str
    folder: str
    told: Mapping[str, Any] = field(default_factory=dict[str, Any])


def decide(ctx: click.Context, said: Said, *, as_json: bool) -> None:
    """Record a decision and tell it.

    Parameters
    ----------
    ctx : Context
        The command.
    said : Said
        What is decided, by whom, and why.
    as_json : bool
        Whether to print JSON.
    """
    from shroff.cli.console import print_json
    from shroff.domain.messages import Message, say

    workspace = open_workspace(ctx.ensure_object(Session), said.folder)
    found, steps = workspace.adviser.decide(
        said.advice, said.state, who=said.who or getpass.getuser(), why=said.reason, told=said.told
    )
    if as_json:
        history = [
            {"at": s.at, "state": s.state, "who": s.who, "why": s.why, "told": dict(s.detail)}
            for s in steps
        ]
        print_json(
            {
                "id": found.id,
                "kind": found.kind,
                "subject": found.subject,
                "state": found.state,
                "history": history,
            }
        )
        return
    language = workspace.settings.workspace.language
    told = {"id": found.id, "state": say(f"advice.state.{found.state}", language)}
    click.echo(Message("advice.moved", {**told, "subject": found.subject}).text(language))
    if said.state == "done" and found.detail.get("forecast"):
        then = {"id": found.id, "check": str(found.detail.get("check"))}
        click.echo(Message("advice.then_outcome", then).text(language))
