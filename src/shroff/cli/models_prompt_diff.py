"""`shroff models prompt diff`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from shroff.cli.endings import FINDING
from shroff.cli.options import json_option

if TYPE_CHECKING:
    from shroff.domain.messages import Language
    from shroff.models.policy_diff import PolicyDiff

__all__ = ["command"]


@click.command()
@click.argument("old", type=Path)
@click.argument("new", type=Path)
@click.option("--zh", "chinese", is_flag=True, help="Say it in Chinese.")
@json_option
@click.pass_context
def command(ctx: click.Context, *, old: Path, new: Path, chinese: bool, as_json: bool) -> None:
    """Tell what changed from OLD to NEW, two texts of one policy.

    Examples whose verdict turned come first. Ends with 1 if the text changed and the version was
    not raised.
    """
    from shroff.cli.console import print_json
    from shroff.domain.messages import Language
    from shroff.models.policy_diff import diff_policies
    from shroff.models.policy_file import load_policy

    found = diff_policies(load_policy(old), load_policy(new))
    if as_json:
        print_json(found.record())
    else:
        _show(found, Language.ZH if chinese else Language.EN)
    if found.unnumbered:
        ctx.exit(FINDING)


def _show(found: PolicyDiff, language: Language) -> None:
    from shroff.domain.excerpts import safe
    from shroff.domain.messages import say

    click.echo(found.summary().text(language))
    for each in found.examples:
        if each.turned:
            click.echo("! " + safe(each.told(language)))
        else:
            sign = "+" if each.before is None else "-" if each.after is None else "~"
            verdict = say(f"policies.verdict.{each.after or each.before}", language)
            click.echo(f"{sign} [{verdict}] {safe(each.text)}")
    for change in found.prose:
        click.echo(f"## {change.heading}")
        for line in change.lines:
            click.echo("  " + safe(line))
    if found.unnumbered:
        click.echo(say("policies.diff.version", language))
