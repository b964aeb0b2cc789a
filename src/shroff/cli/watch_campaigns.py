"""`shroff watch campaigns`."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from shroff.cli.endings import Session
from shroff.cli.options import (
    engine_option,
    json_option,
    level_option,
    open_workspace,
    quarter_option,
    workspace_option,
)

if TYPE_CHECKING:
    import pyarrow as pa

    from shroff.domain.messages import Language
    from shroff.watch.campaign_findings import Campaign
    from shroff.watch.campaign_result import Campaigns

__all__ = ["command"]

_COLUMNS = (
    "campaign", "text", "ads", "accounts", "where", "when", "flagged", "approved", "contradicted",
    "back",
)  # fmt: skip
_RIGHT = ("ads", "accounts", "flagged", "approved", "contradicted", "back")
_SHOWN = 20
_SAID = 5


class _Options(TypedDict):
    min_ads: int
    alike: float
    most: int
    members: str
    review_list: str | None
    period: str
    level: float
    csv_file: str | None
    folder: str
    as_json: bool


@click.command()
@click.option(
    "--min-ads",
    type=click.IntRange(min=2),
    default=5,
    show_default=True,
    help="Fewest ads of a campaign.",
)
@click.option(
    "--alike",
    type=click.FloatRange(0, 1, min_open=True),
    default=0.5,
    show_default=True,
    help="Share of what two sentences say that must agree.",
)
@click.option(
    "--most", type=click.IntRange(min=1), default=50, show_default=True, help="Most campaigns."
)
@click.option("--members", default="", metavar="ID", help="List the ads of one campaign.")
@click.option(
    "--review-list",
    metavar="FILE",
    help="Write approved ads that are near-copies of rejected ones as CSV, or as JSON where FILE ends"
    " in .json; -: stdout.",
)
@quarter_option
@level_option
@click.option("--csv", "csv_file", metavar="FILE", help="Write the table to CSV; -: stdout.")
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(ctx: click.Context, **options: Unpack[_Options]) -> None:
    """Find ads that say nearly the same and are run by several accounts.

    What is found is a lead for people to look at, not a verdict. Reads the texts of all ads of the
    period; the last 91 days when none is given.

    \b
    shroff watch campaigns
    shroff watch campaigns --period 2026-05 --min-ads 10 --csv campaigns.csv
    shroff watch campaigns --members 7e24c407fba9
    shroff watch campaigns --review-list again.csv
    """  # noqa: D301 - click keeps the lines after \b
    from shroff.cli.console import print_json
    from shroff.cli.progress import reading
    from shroff.cli.tables import write_csv, write_rows
    from shroff.watch.campaigns import CampaignQuestion

    workspace = open_workspace(ctx.ensure_object(Session), options["folder"])
    question = CampaignQuestion(
        least=options["min_ads"],
        alike=options["alike"],
        listed=options["most"],
        level=options["level"],
    )
    with reading("reading ads"):
        found = workspace.lookout.campaigns(question, period=options["period"])
    table = found.of(options["members"]) if options["members"] else None
    if options["review_list"]:
        write_rows(found.review_list(), options["review_list"])
    if options["csv_file"]:
        write_csv(found.to_arrow() if table is None else table, options["csv_file"])
    if options["as_json"]:
        print_json(found.record() if table is None else _members_record(found, table))
    elif not options["csv_file"] and not options["review_list"]:
        language = workspace.settings.workspace.language
        if table is None:
            _show(found, language)
        else:
            _show_members(found, table, language)


def _members_record(found: Campaigns, table: pa.Table) -> dict[str, object]:
    return {
        "period": {"start": str(found.period.start), "end": str(found.period.end)},
        "note": found.lead().text(),
        "members": table.to_pylist(),
    }


def _show(found: Campaigns, language: Language) -> None:
    from rich.markup import escape

    from shroff.cli.console import print_table, results
    from shroff.domain.messages import Message, say

    click.echo(found.summary().text(language))
    if found.campaigns:
        click.echo()
        titles = [say(f"campaigns.column.{name}", language) for name in _COLUMNS]
        right = [say(f"campaigns.column.{name}", language) for name in _RIGHT]
        rows = [_row(each, language) for each in found.campaigns[:_SHOWN]]
        print_table(titles, rows, right=right)
        click.echo()
    for each in found.campaigns[:_SAID]:
        parts = [each.message(), each.outcome()]
        click.echo("- " + " ".join(part.text(language) for part in parts))
    review = found.review_list().num_rows
    notes = [found.lead(), Message("campaigns.how")]
    notes += [Message("campaigns.review", {"ads": review})] * bool(review)
    for note in notes:
        results().print(f"[dim]{escape(note.text(language))}[/]")


def _row(each: Campaign, language: Language) -> tuple[str, ...]:
    from shroff.domain.messages import count, percent, say
    from shroff.watch.campaign_findings import shortened

    where = ", ".join(part.name for part in each.by_market[:3])
    when = f"{each.first} – {each.last}"
    if each.wave is not None:
        where = each.wave.market or say("campaigns.all_markets", language)
        when = f"{each.wave.first} – {each.wave.last}"
    return (
        each.id,
        shortened(each.text, 48),
        count(each.ads),
        count(each.accounts),
        where,
        when,
        "–" if each.flagged.value is None else percent(each.flagged.value),
        count(each.outcomes.approved),
        count(each.outcomes.contradicted),
        f"{count(each.returns.same)} / {count(each.returns.other)}",
    )


def _show_members(found: Campaigns, table: pa.Table, language: Language) -> None:
    from rich.markup import escape

    from shroff.cli.console import print_table, results
    from shroff.cli.tables import row_values
    from shroff.domain.excerpts import safe

    shown = table.drop_columns(["campaign", "wording", "says_what_a_rejected_ad_says", "lead"])
    rows = [[_cell(value) for value in row] for row in row_values(shown)]
    print_table(shown.column_names, rows)
    chosen = next(each for each in found.campaigns if each.id == table.column(0)[0].as_py())
    click.echo()
    for copy in chosen.copies:
        click.echo(f"- {copy.ad_id}: {safe(_marked(copy.text, copy.edits))}")
    results().print(f"[dim]{escape(found.lead().text(language))}[/]")


def _cell(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.1f}" if isinstance(value, float) else str(value)


def _marked(text: str, edits: tuple[object, ...]) -> str:
    """Write a text with what differs in brackets, and how."""
    from shroff.watch.copy_edits import CopyEdit

    parts, at = [], 0
    for edit in edits:
        if isinstance(edit, CopyEdit):
            how = "+".join(edit.kinds) or "≠"
            parts += [text[at : edit.start], f"[{text[edit.start : edit.end]}|{how}]"]
            at = max(edit.end, at)
    return "".join([*parts, text[at:]])
