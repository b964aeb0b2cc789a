"""`shroff check`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from shroff.cli.endings import FINDING, Session
from shroff.cli.options import engine_option, json_option, open_workspace, workspace_option

if TYPE_CHECKING:
    from shroff.domain.messages import Language
    from shroff.store.health_findings import Finding, Health

__all__ = ["command"]

_STYLE = {"broken": "bold red", "warn": "yellow", "info": "cyan"}


@click.command()
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(ctx: click.Context, *, folder: str, as_json: bool) -> None:
    """Tell what is wrong with the logs, and what it does to which metrics.

    Ends with exit code 1 when something is broken, so that a pipeline can stop.
    """
    from shroff.cli.console import print_json

    session = ctx.ensure_object(Session)
    workspace = open_workspace(session, folder)
    health = workspace.check()
    if as_json:
        print_json(health.record())
    else:
        _show(health, workspace.settings.workspace.language)
    if health.broken:
        ctx.exit(FINDING)


def _show(health: Health, language: Language) -> None:
    from rich.markup import escape

    from shroff.cli.console import results

    console = results()
    for finding in health.findings:
        console.print(f"[{_STYLE[finding.severity]}]{escape(_head(finding, language))}[/]")
        for line in (finding.effect.text(language), finding.fix.text(language)):
            console.print(f"    {escape(line)}", soft_wrap=not console.is_terminal)
        if finding.examples:
            console.print(f"    e.g. {escape(', '.join(finding.examples))}", style="dim")
    console.print(escape(health.summary().text(language)))


def _head(finding: Finding, language: Language) -> str:
    place = finding.table + (f".{finding.column}" if finding.column else "")
    return f"{finding.severity:<6} {place}: {finding.what.text(language)}  [{finding.code}]"
