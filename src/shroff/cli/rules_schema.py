"""`shroff rules schema`."""

from __future__ import annotations

import json

import click

__all__ = ["command"]


@click.command()
def command() -> None:
    """Print the JSON Schema of rule packs, for completion in editors.

    Put `# yaml-language-server: $schema=FILE` into the first line of a pack, or name the file in
    the settings of your editor.
    """
    from shroff.rules.pack_schema import pack_schema

    click.echo(json.dumps(pack_schema(), ensure_ascii=False, indent=2))
