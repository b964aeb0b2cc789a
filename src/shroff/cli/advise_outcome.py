"""`shroff advise outcome`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import click

from shroff.cli.endings import Session
from shroff.cli.options import (
    engine_option,
    json_option,
    level_option,
    open_workspace,
    workspace_option,
)

if TYPE_CHECKING:
    from shroff.advise.outcome_ledger import Ledger
    from shroff.advise.outcome_question import OutcomeQuestion
    from shroff.advise.outcome_result import Outcome
    from shroff.domain.messages import Language

__all__ = ["command", "parts_of"]

_COLUMNS = ("change", "metric", "on", "method", "forecast", "observed", "kept")


@click.command()
@click.argument("advice", required=False, metavar="[RECOMMENDATION]")
@click.option("--metric", default="", help="Metric that a change was to move.")
@click.option("--on", "day", default="", metavar="DAY", help="First day on which it held.")
@click.option(
    "--rollout",
    type=click.Choice(["hash", "markets", "all"]),
    default="all",
    show_default=True,
    help="On ads a hash chose, in some markets, or everywhere at once.",
)
@click.option(
    "--in", "parts", multiple=True, metavar="COLUMN=VALUE", help="Where it held. Repeatable."
)
@click.option(
    "--slice", "within", multiple=True, metavar="COLUMN=VALUE", help="Only these ads. Repeatable."
)
@click.option("--key", default="", help="What the hash was taken of: canary/RULE for a rule.")
@click.option("--share", type=float, default=0.0, help="Share of ads that the hash chose.")
@click.option(
    "--forecast", default="", metavar="VALUE[:LOW:HIGH]", help="What was said: -18%:-26%:-10%."
)
@click.option(
    "--method",
    type=click.Choice(["difference", "synthetic"]),
    help="How markets are compared.  [default: what fits]",
)
@click.option(
    "--weeks", type=click.IntRange(1, 104), default=12, show_default=True, help="Weeks before it."
)
@level_option
@click.option(
    "--csv", "csv_file", metavar="FILE", help="Write the series to a CSV file; -: stdout."
)
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    advice: str | None,
    method: str | None,
    weeks: int,
    level: float,
    csv_file: str | None,
    folder: str,
    as_json: bool,
    **change: Any,  # noqa: ANN401 - click fills them in
) -> None:
    """Tell whether a change did what was forecast.

    Names a RECOMMENDATION that is done, or any change by its metric and day. Without either, all
    changes looked at so far, and how forecasts have done.

    \b
    shroff advise outcome 3f2a
    shroff advise outcome --metric leakage --on 2026-10-05 --rollout markets --in market=ID
    shroff advise outcome --metric leakage --on 2026-10-05 --rollout hash --key canary/WL-001 \\
      --share 0.1 --forecast=-18%:-26%:-10%
    """  # noqa: D301 - click keeps the lines after \b
    from shroff.cli.console import print_json
    from shroff.cli.progress import step
    from shroff.cli.tables import write_csv

    workspace = open_workspace(ctx.ensure_object(Session), folder)
    language = workspace.settings.workspace.language
    told = _Change(**change)
    if told.metric or advice:
        question = told.question() if told.metric else workspace.adviser.question_of(advice or "")
        question = replace(question, method=method or "", weeks=weeks, level=level)
        with step("comparing"):
            outcome = workspace.adviser.outcome(question)
        if as_json:
            print_json(outcome.record())
        elif csv_file:
            write_csv(outcome.to_arrow(), csv_file)
        else:
            _show(outcome, language)
        return
    found = workspace.adviser.ledger()
    if as_json:
        print_json(found.record())
    else:
        _show_all(found, language)


@dataclass(frozen=True, slots=True)
class _Change:
    """A change as the options tell it."""

    metric: str
    day: str
    rollout: str
    parts: tuple[str, ...]
    within: tuple[str, ...]
    key: str
    share: float
    forecast: str

    def question(self) -> OutcomeQuestion:
        """Ask of it."""
        from shroff.advise.outcome_question import (
            OutcomeQuestion,
            Rollout,
            parse_day,
            parse_forecast,
        )
        from shroff.cli.watch_trends import sliced

        column, values = parts_of(self.parts)
        return OutcomeQuestion(
            metric=self.metric,
            on=parse_day(self.day, where="--on"),
            rollout=Rollout(self.rollout),
            within=tuple(sorted(sliced(self.within).items())),
            column=column,
            values=values,
            key=self.key,
            share=self.share,
            forecast=parse_forecast(self.forecast) if self.forecast else None,
        )


def parts_of(parts: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Read in which parts of one column a change was made.

    Parameters
    ----------
    parts : tuple of str
        ``COLUMN=VALUE`` each, of one column.

    Returns
    -------
    str, tuple of str
        The column and its values.

    Raises
    ------
    ConfigError
        If they are of several columns, or cannot be read.
    """
    from shroff.cli.watch_trends import sliced
    from shroff.errors import ConfigError

    read = [next(iter(sliced([part]).items())) for part in parts]
    columns = sorted({column for column, _ in read})
    if len(columns) > 1:
        raise ConfigError(
            f"--in names several columns: {', '.join(columns)}",
            hint="a change is rolled out by the parts of one column; --slice narrows the ads",
        )
    return (columns[0] if columns else "market"), tuple(value for _, value in read)


def _show(found: Outcome, language: Language) -> None:
    from rich.markup import escape

    from shroff.cli.console import results

    click.echo(found.lead().text(language))
    click.echo(found.verdict().text(language))
    for note in found.remarks():
        results().print(f"[dim]{escape(note.text(language))}[/]")


def _show_all(found: Ledger, language: Language) -> None:
    from shroff.cli.console import print_table
    from shroff.domain.messages import say

    if found.lines:
        rows = [
            (
                line.subject,
                line.metric,
                line.on,
                say(f"outcome.method.{line.method.replace(' ', '_')}", language),
                line.forecast.text if line.forecast else "–",
                line.observed_text,
                "–"
                if line.scored is None
                else say("outcome.yes" if line.scored.kept else "outcome.no", language),
            )
            for line in found.lines
        ]
        print_table([say(f"outcome.column.{name}", language) for name in _COLUMNS], rows)
    for note in found.remarks():
        click.echo(note.text(language))
