"""`shroff rules promote`."""

from __future__ import annotations

import click

from shroff.cli.endings import FINDING, Session
from shroff.cli.options import (
    engine_option,
    json_option,
    open_workspace,
    period_option,
    workspace_option,
)

__all__ = ["command"]


@click.command()
@click.argument("rule")
@click.argument("to", type=click.Choice(["shadow", "canary", "live"]))
@click.argument("packs", nargs=-1)
@click.option("--share", type=float, help="Share of ads that a canary acts on, such as 0.1.")
@click.option("--why", required=True, metavar="TEXT", help="Why; kept with the step.")
@click.option("--who", default="", metavar="NAME", envvar="USER", help="Who takes the step.")
@click.option(
    "--bar",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.95,
    show_default="goal of reject_precision in the settings, or 0.95",
    help="Precision whose lower bound a rule that rejects must clear.",
)
@click.option("--despite", is_flag=True, help="Take the step whatever speaks against it.")
@period_option
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    *,
    rule: str,
    to: str,
    packs: tuple[str, ...],
    share: float | None,
    why: str,
    who: str,
    bar: float,
    despite: bool,
    period: str,
    folder: str,
    as_json: bool,
) -> None:
    """Note that RULE comes into shadow, into a canary, or live.

    Where people sign in, a step after which the rule acts waits for a second person.
    Before a rule acts, a forecast of it must be kept; one that rejects must have sent ads to
    people first, and the lower bound of its precision must clear the bar. Ends with 1 where
    something speaks against the step and it was not taken.

    \b
    shroff rules promote WL-001 shadow --why "try it"
    shroff rules promote WL-001 canary --share 0.1 --why "backtest looks right"
    """  # noqa: D301 - click keeps the lines after \b
    from shroff.cli.console import print_json
    from shroff.cli.progress import step
    from shroff.domain.messages import say
    from shroff.rules.pack_paths import read_packs
    from shroff.rules.rule_steps import Ask

    workspace = open_workspace(ctx.ensure_object(Session), folder)
    language = workspace.settings.workspace.language
    if ctx.get_parameter_source("bar") is click.core.ParameterSource.DEFAULT:
        goal = workspace.settings.goals.get("reject_precision")
        bar = bar if goal is None else goal.at_least or bar
    ask = Ask(rule_id=rule, to=to, share=share, who=who, why=why, bar=bar, despite=despite)
    with step("checking"):
        taken = workspace.rules.promote(ask, read_packs(packs), period=period)
    if as_json:
        print_json(taken.record())
    else:
        for each in taken.objections:
            click.echo(each.text(language), err=True)
        if taken.event is not None:
            click.echo(say("life.moved", language, {"rule": rule, "state": taken.event.state}))
        if taken.waiting is not None:
            click.echo(say("approval.waits", language, {"what": rule, "id": taken.waiting.id}))
    if taken.event is None and taken.waiting is None:
        ctx.exit(FINDING)
