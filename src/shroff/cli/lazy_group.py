"""Groups of commands that import a command when it runs, so that help is quick."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

import click

__all__ = ["LazyGroup", "Table"]

Table = Mapping[str, tuple[str, str]]
"""Module and summary of each command, by its name and in the order of work."""


class LazyGroup(click.Group):
    """A group whose commands stand in a table.

    Subclasses set ``table``; each module named in it has a ``command``.
    """

    table: Table = MappingProxyType({})

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands in the order of work."""
        del ctx
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        if cmd_name not in self.table:
            ctx.fail(_no_command(cmd_name, self.table, path=ctx.command_path))
        module = import_module(f"shroff.cli.{self.table[cmd_name][0]}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        del ctx
        listed = [(name, summary) for name, (_, summary) in self.table.items()]
        if listed:
            with formatter.section("Commands"):
                formatter.write_dl(listed)


def _no_command(name: str, table: Table, *, path: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, table, n=1)
    hint = f"did you mean '{close[0]}'?" if close else f"see {path} --help"
    return f"there is no command '{name}'; {hint}"
