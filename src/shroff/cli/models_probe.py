"""`shroff models probe`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from shroff.cli.endings import Session
from shroff.cli.options import json_option, open_workspace, workspace_option

if TYPE_CHECKING:
    from shroff.domain.messages import Language
    from shroff.models.probe_result import Probed

__all__ = ["command"]


@click.command()
@click.argument("name")
@workspace_option
@json_option
@click.pass_context
def command(ctx: click.Context, *, name: str, folder: str, as_json: bool) -> None:
    """Find out what the endpoint NAME of shroff.toml honours, and remember it.

    A dozen short requests, and no ad: does it keep to a JSON schema, give chances of tokens,
    several answers, the same answer for the same seed, read the system message, and which model
    does it say answered? `shroff models judge` asks for nothing that is not honoured.
    """
    from shroff.cli.console import print_json
    from shroff.cli.progress import step

    workspace = open_workspace(ctx.ensure_object(Session), folder)
    with step(f"probing {name}"):
        found = workspace.modeller.probe(name)
    if as_json:
        print_json(found.record())
    else:
        _show(found, workspace.settings.workspace.language)


def _show(found: Probed, language: Language) -> None:
    from shroff.cli.console import print_table, results

    print_table(("", ""), found.rows(language))
    for note in (found.summary(), *found.notes()):
        results().print(note.text(language), markup=False)
