"""`shroff advise schema`."""

from __future__ import annotations

import json

import click

__all__ = ["command"]


@click.command()
def command() -> None:
    """Print the JSON Schema of proposals, for completion in editors.

    Put `# yaml-language-server: $schema=FILE` into the first line of a proposal, or name the file in
    the settings of your editor.
    """
    from shroff.advise.proposal_schema import proposal_schema

    click.echo(json.dumps(proposal_schema(), ensure_ascii=False, indent=2))
