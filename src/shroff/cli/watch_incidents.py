"""`shroff watch incidents`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from shroff.cli.endings import Session
from shroff.cli.options import json_option, open_workspace, workspace_option

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shroff.domain.messages import Language
    from shroff.domain.metrics import Metric
    from shroff.store.catalog_incidents import Incident, IncidentStep
    from shroff.workspace import Workspace

__all__ = ["command", "row", "sentences"]

_COLUMNS = ("incident", "state", "onset", "last", "metric", "where", "ratio", "count")
_STATES = {"acknowledge": "acknowledged", "close": "closed", "reopen": "open"}


@click.command()
@click.argument(
    "action",
    type=click.Choice(["list", "show", *_STATES]),
    default="list",
    metavar="[list|show|acknowledge|close|reopen]",
)
@click.argument("incident", required=False, metavar="[INCIDENT]")
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice(["open", "acknowledged", "closed", "resolved"]),
    help="List only these. Repeatable.",
)
@click.option("--who", default="", metavar="NAME", help="Who acknowledges or closes it.")
@click.option("--why", default="", metavar="TEXT", help="The reason.")
@workspace_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    *,
    action: str,
    incident: str | None,
    states: tuple[str, ...],
    who: str,
    why: str,
    folder: str,
    as_json: bool,
) -> None:
    """List incidents, show one, acknowledge or close it.

    An INCIDENT may be named by the beginning of its id.

    \b
    shroff watch incidents --state open
    shroff watch incidents close 3f2a --who ann --why "our own campaign"
    """  # noqa: D301 - click keeps the lines after \b
    workspace = open_workspace(ctx.ensure_object(Session), folder)
    if action == "list":
        _list(workspace, states, as_json=as_json)
        return
    chosen = workspace.catalog.incidents.incident(_named(incident))
    if action in _STATES:
        chosen = _moved(workspace, chosen, state=_STATES[action], who=who, why=why)
    _show(workspace, chosen, as_json=as_json)


def _named(incident: str | None) -> str:
    from shroff.errors import ConfigError

    if not incident:
        raise ConfigError("say which incident", hint="shroff watch incidents lists them")
    return incident


def _moved(workspace: Workspace, chosen: Incident, *, state: str, who: str, why: str) -> Incident:
    from shroff.errors import ConfigError

    if not who or (state == "closed" and not why):
        raise ConfigError(
            "say who closes it, and why" if state == "closed" else "say who does it",
            hint='--who NAME --why "TEXT"',
        )
    book = workspace.catalog.incidents
    book.move(chosen.id, state=state, who=who, why=why)
    return book.incident(chosen.id)


def _metrics(workspace: Workspace) -> dict[str, Metric]:
    from shroff.watch.watched_metrics import WATCHED

    return {**workspace.metrics(), **WATCHED}


def _list(workspace: Workspace, states: Sequence[str], *, as_json: bool) -> None:
    from shroff.cli.console import print_json, print_table
    from shroff.domain.messages import say
    from shroff.watch.incident_desk import incident_record

    language = workspace.settings.workspace.language
    metrics = _metrics(workspace)
    found = workspace.catalog.incidents.incidents(*states)
    if as_json:
        print_json({"incidents": [incident_record(each, metrics) for each in found]})
    elif not found:
        click.echo(say("changes.no_incidents", language))
    else:
        titles = [say(f"changes.column.{name}", language) for name in _COLUMNS]
        rows = [row(each, metrics, language) for each in found]
        print_table(titles, rows, right=titles[6:])


def _show(workspace: Workspace, chosen: Incident, *, as_json: bool) -> None:
    from shroff.cli.console import print_json
    from shroff.watch.incident_desk import incident_record

    language = workspace.settings.workspace.language
    metrics = _metrics(workspace)
    steps = workspace.catalog.incidents.steps(chosen.id)
    if as_json:
        history = [_step(each) for each in steps]
        print_json({"incident": incident_record(chosen, metrics), "history": history})
        return
    for line in sentences(chosen, metrics, language):
        click.echo(line)
    for each in steps:
        click.echo("  " + " · ".join(part for part in _step(each).values() if part))


def _step(each: IncidentStep) -> dict[str, str]:
    return {"at": each.at, "state": each.state, "who": each.who, "why": each.why}


def row(
    incident: Incident, metrics: Mapping[str, Metric], language: Language, *, new: bool = False
) -> tuple[str, ...]:
    """Give an incident as a row of a table.

    Parameters
    ----------
    incident : Incident
        The incident.
    metrics : mapping
        Metrics by id.
    language : Language
        Language of names.
    new : bool
        Whether it was not known before.

    Returns
    -------
    tuple of str
        Its cells.
    """
    from shroff.domain.messages import say

    told = incident.detail
    metric = metrics.get(told["metric"])
    state = say(f"changes.state.{incident.state}", language)
    ratio = "–"
    if told["ratio"] is not None:
        ratio = f"{told['ratio']:.2f} ({told['ratio_low']:.2f}–{told['ratio_high']:.2f})"
    return (
        incident.id,
        f"{state}, {say('changes.new', language)}" if new else state,
        incident.onset,
        told["last"] or say("changes.ongoing", language),
        metric.name(language) if metric else told["metric"],
        told["where"] or say("trends.everything", language),
        ratio,
        str(told["count"]),
    )


def sentences(
    incident: Incident, metrics: Mapping[str, Metric], language: Language
) -> tuple[str, ...]:
    """Say what an incident is, with what the log of changes says of those days."""
    from shroff.domain.messages import Message
    from shroff.watch.incident_desk import sentence_of

    said = [f"- {incident.id} {sentence_of(incident, dict(metrics)).text(language)}"]
    for each in incident.detail.get("suspects", ()):
        what = " · ".join(part for part in (each["kind"], each["what"], each["note"]) if part)
        said.append(
            "  " + Message("changes.suspect", {"day": each["day"], "what": what}).text(language)
        )
    return tuple(said)
