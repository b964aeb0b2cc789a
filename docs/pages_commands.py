"""The page of the commands."""

from __future__ import annotations

from inspect import cleandoc
from textwrap import dedent

import click

from markdown import cell, code, table
from shroff.cli.app import shroff as root

__all__ = ["commands", "page"]

HEAD = """# Commands

Nouns are rooms, verbs are work. Every command that computes takes `--json` and then prints one
object. Exit codes: 0 done; 1 a finding that should stop a pipeline; 2 wrong use, or a fault that
you can repair; 70 a fault of Shroff; 130 stopped by you.
Progress is shown on a terminal and never in a pipe. A fault is one sentence with its place and a
hint; a traceback is written to a file, and only for a fault of Shroff.

"""


def commands() -> dict[str, click.Command]:
    """Find every command.

    Returns
    -------
    dict
        Command by the words that call it, e.g. ``"shroff measure"``.
    """
    return _below("shroff", root)


def _below(name: str, command: click.Command) -> dict[str, click.Command]:
    if not isinstance(command, click.Group):
        return {name: command}
    context = click.Context(command, info_name=name)
    found = {name: command} if name == "shroff" or command.invoke_without_command else {}
    for word in command.list_commands(context):
        inner = command.get_command(context, word)
        if inner is not None and not inner.hidden:
            found |= _below(f"{name} {word}", inner)
    return found


def page() -> str:
    """Write the page.

    Returns
    -------
    str
        Markdown.
    """
    return HEAD + "\n".join(_section(name, command) for name, command in commands().items())


def _section(name: str, command: click.Command) -> str:
    context = click.Context(command, info_name=name)
    usage = " ".join([name, *command.collect_usage_pieces(context)])
    about = "\n\n".join(_paragraph(part) for part in cleandoc(command.help or "").split("\n\n"))
    rows = [_row(parameter, context) for parameter in command.params if not _hidden(parameter)]
    options = table(("option", "meaning"), rows) if rows else ""
    return f"## {name}\n\n{about}\n\n```text\n{usage}\n```\n\n{options}"


def _paragraph(text: str) -> str:
    """Join the lines of a paragraph; lines that click must not wrap are examples."""
    if text.startswith("\b\n"):
        return f"```text\n{dedent(text[2:]).strip()}\n```"
    return " ".join(text.split())


def _hidden(parameter: click.Parameter) -> bool:
    return isinstance(parameter, click.Argument) or getattr(parameter, "hidden", False)


def _row(parameter: click.Parameter, context: click.Context) -> tuple[str, str]:
    record = parameter.get_help_record(context)
    names, meaning = record or (", ".join(parameter.opts), "")
    return (code(names), cell(meaning))
