"""Which two versions a command is about: its arguments and options."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypedDict, TypeVar

import click

if TYPE_CHECKING:
    from shroff.measure.model_compare import Asked

__all__ = ["PairOptions", "asked_of", "pair_options"]

_Command = TypeVar("_Command", bound=Callable[..., object])

_OPTIONS = (
    click.argument("champion", required=False, default=""),
    click.argument("challenger", required=False, default=""),
    click.option("--model", default="", help="The model. [default: the one over all policies]"),
    click.option("--policy", default="", help="The policy, of a model that scores several."),
    click.option(
        "--same",
        "basis",
        type=click.Choice(["precision", "volume", "threshold"]),
        default="precision",
        show_default=True,
        help="What the verdict holds equal.",
    ),
    click.option(
        "--at", type=float, help="Score from which the champion acts. [default: as logged]"
    ),
    click.option(
        "--challenger-at",
        type=float,
        help="Score from which the challenger acts, for --same threshold. [default: --at]",
    ),
)


class PairOptions(TypedDict):
    """What the options give."""

    champion: str
    challenger: str
    model: str
    policy: str
    basis: str
    at: float | None
    challenger_at: float | None


def pair_options(command: _Command) -> _Command:
    """Give a command the arguments and options that name two versions.

    Parameters
    ----------
    command : callable
        The command.

    Returns
    -------
    callable
        The command with them.
    """
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def asked_of(options: PairOptions) -> Asked:
    """Read them.

    Parameters
    ----------
    options : PairOptions
        As given.

    Returns
    -------
    Asked
        What to compare.
    """
    from shroff.measure.model_compare import Asked, Basis

    return Asked(
        model=options["model"],
        policy=options["policy"],
        champion=options["champion"],
        challenger=options["challenger"],
        at=options["at"],
        challenger_at=options["challenger_at"],
        basis=Basis(options["basis"]),
    )
