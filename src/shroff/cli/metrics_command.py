"""`shroff metrics`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from shroff.cli.endings import Session
from shroff.cli.options import json_option, open_workspace, workspace_option

if TYPE_CHECKING:
    from shroff.domain.metrics import Metric

__all__ = ["command"]


@click.command()
@click.argument("metric", required=False)
@click.option("--language", type=click.Choice(["en", "zh"]), help="The workspace's by default.")
@workspace_option
@json_option
@click.pass_context
def command(
    ctx: click.Context, *, metric: str | None, language: str | None, folder: str, as_json: bool
) -> None:
    """List the metrics, yours included; with the id of a METRIC, tell all about it."""
    from shroff.cli.console import print_json

    metrics, speaks = _catalogue(ctx.ensure_object(Session), folder)
    chosen = _chosen(metrics, metric)
    if as_json:
        print_json({"metrics": [asdict(each) for each in chosen]})
    elif metric:
        _tell(chosen[0], language or speaks)
    else:
        _list(chosen, language or speaks)


def _catalogue(session: Session, folder: str) -> tuple[dict[str, Metric], str]:
    """Give the metrics; outside of a workspace, the built-in ones."""
    from shroff.domain.metric_catalogue import CATALOGUE
    from shroff.errors import ConfigError

    try:
        workspace = open_workspace(session, folder)
    except ConfigError as fault:
        if folder != "." or "no workspace" not in fault.cause:
            raise
        return dict(CATALOGUE), "en"
    return workspace.metrics(), workspace.settings.workspace.language.value


def _chosen(metrics: dict[str, Metric], metric: str | None) -> list[Metric]:
    from difflib import get_close_matches

    from shroff.errors import ConfigError

    if metric is None:
        return list(metrics.values())
    if metric in metrics:
        return [metrics[metric]]
    close = get_close_matches(metric, metrics, n=3, cutoff=0.4)
    hint = f"did you mean {', '.join(close)}?" if close else "see shroff metrics"
    raise ConfigError(f"there is no metric '{metric}'", hint=hint)


def _list(metrics: list[Metric], language: str) -> None:
    from shroff.cli.console import print_table

    print_table(
        ("id", "name", "definition"),
        [(each.id, each.name(language), each.definition(language)) for each in metrics],
    )


def _tell(metric: Metric, language: str) -> None:
    lines = {
        "": f"{metric.id}: {metric.name_en} | {metric.name_zh}",
        "definition": metric.definition(language),
        "numerator": metric.numerator,
        "denominator": metric.denominator,
        "counted on": f"{metric.needs} by {metric.weight}, {metric.cohort} time",
        "unit": f"{metric.unit}, {metric.direction}",
        "pitfalls": metric.pitfalls(language),
    }
    for title, text in lines.items():
        if text:
            click.echo(f"{title:<12} {text}" if title else text)
