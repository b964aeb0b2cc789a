"""`shroff advise done`."""

from __future__ import annotations

import click

from shroff.cli.advise_decide import Said, decide
from shroff.cli.options import json_option, workspace_option

__all__ = ["command"]


@click.command()
@click.argument("advice", metavar="RECOMMENDATION")
@click.option("--reason", required=True, metavar="TEXT", help="Why.")
@click.option("--who", default="", metavar="NAME", help="Who decides.  [default: the login name]")
@click.option("--on", "day", default="", metavar="DAY", help="First day on which it held.")
@click.option(
    "--rollout",
    type=click.Choice(["hash", "markets", "all"]),
    default="all",
    show_default=True,
    help="On ads a hash chose, in some markets, or everywhere at once.",
)
@click.option(
    "--in", "parts", multiple=True, metavar="COLUMN=VALUE", help="Where it holds. Repeatable."
)
@click.option("--key", default="", help="What the hash was taken of: canary/RULE for a rule.")
@click.option("--share", type=float, default=0.0, help="Share of ads that the hash chose.")
@workspace_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    *,
    advice: str,
    reason: str,
    who: str,
    day: str,
    rollout: str,
    parts: tuple[str, ...],
    key: str,
    share: float,
    folder: str,
    as_json: bool,
) -> None:
    """Record that a recommendation was done: since when, and how it was rolled out.

    A RECOMMENDATION may be named by the beginning of its id; shroff advise plan lists them.
    """
    from datetime import UTC, datetime

    from shroff.advise.outcome_question import OutcomeQuestion, Rollout, parse_day
    from shroff.cli.advise_outcome import parts_of

    column, values = parts_of(parts)
    on = parse_day(day, where="--on") if day else datetime.now(UTC).date()
    told = {
        "on": str(on),
        "rollout": rollout,
        "column": column,
        "values": list(values),
        "key": key,
        "share": share,
    }
    # a roll-out that cannot be judged later is told now
    OutcomeQuestion(
        metric="", on=on, rollout=Rollout(rollout), values=values, key=key, share=share
    )
    said = Said(advice, "done", who, reason, folder, told=told)
    decide(ctx, said, as_json=as_json)
