"""Options of commands that say which report is meant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import click

if TYPE_CHECKING:
    from shroff.report.ordering import Order

__all__ = ["AUDIENCES", "KINDS", "order_of", "order_options"]

LANGUAGES = {"en": ("en",), "zh": ("zh",), "both": ("en", "zh")}
AUDIENCES = ("team", "executive", "policy", "ml", "operations", "sales")
KINDS = ("html", "md", "pdf", "pptx", "xlsx")
_Command: TypeAlias = Callable[..., Any]


def order_options(command: _Command) -> _Command:
    """Add the options that say which report is meant."""
    for option in (
        click.option(
            "--publish",
            is_flag=True,
            help="Withhold figures that are too uncertain, as for readers outside the team.",
        ),
        click.option(
            "--where",
            multiple=True,
            metavar="COLUMN=VALUE",
            help="Only these ads, e.g. market=BR. Repeatable.",
        ),
        click.option(
            "--format",
            "kinds",
            multiple=True,
            type=click.Choice(KINDS),
            help="Kind of file; html and md when left out. Repeatable.",
        ),
        click.option(
            "--lang",
            type=click.Choice(list(LANGUAGES)),
            default="both",
            show_default=True,
            help="Language of the report.",
        ),
        click.option(
            "--audience",
            type=click.Choice(AUDIENCES),
            default="team",
            show_default=True,
            help="Whom it is for: which questions, in which order, how much of the answers.",
        ),
    ):
        command = option(command)
    return command


def order_of(
    *,
    audience: str,
    period: str,
    lang: str,
    kinds: Sequence[str],
    where: Sequence[str],
    publish: bool,
) -> Order:
    """Read which report is meant.

    Parameters
    ----------
    audience, period, lang : str
        As given.
    kinds, where : sequence of str
        As given.
    publish : bool
        Whether unsure figures are withheld.

    Returns
    -------
    Order
        The report.

    Raises
    ------
    ConfigError
        If a filter is not of the form COLUMN=VALUE.
    """
    from shroff.domain.messages import Language
    from shroff.errors import ConfigError
    from shroff.report.audiences import Audience
    from shroff.report.ordering import PAGES, FileKind, Order

    wanted: dict[str, tuple[str, ...]] = {}
    for term in where:
        column, equals, value = term.partition("=")
        if not equals or not column.strip():
            raise ConfigError(f"{term!r} is no filter", where="--where", hint="market=BR")
        wanted[column.strip()] = (*wanted.get(column.strip(), ()), value.strip())
    return Order(
        audience=Audience(audience),
        period=period,
        languages=tuple(Language(each) for each in LANGUAGES[lang]),
        kinds=tuple(dict.fromkeys(FileKind(each) for each in kinds)) or PAGES,
        where=wanted,
        publish=publish,
    )
