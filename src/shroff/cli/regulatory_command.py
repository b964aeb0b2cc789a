"""`shroff regulatory`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from shroff.cli.endings import Session
from shroff.cli.options import (
    engine_option,
    json_option,
    level_option,
    open_workspace,
    period_option,
    workspace_option,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shroff.domain.messages import Language
    from shroff.measure.regulatory import Compared, Regulatory

__all__ = ["command"]

_PROFILES = ("dsa_tiktok_like", "dsa_google_ads_like", "dsa_meta_like")
_COMPARED = ("profile", "quality", "proxy", "truth", "gap")


@click.command()
@period_option
@level_option
@click.option(
    "--csv", "csv_file", metavar="FILE", help="Write all figures to a CSV file; - for stdout."
)
@click.option(
    "--export",
    "folder_out",
    metavar="DIR",
    help="Write the EU template's tables 7 and 8 there, as drafts.",
)
@click.option("--service", default="", metavar="NAME", help="Service named in the drafts.")
@click.option(
    "--profile",
    type=click.Choice(_PROFILES),
    help="Definition that accuracy, precision and recall of the drafts follow; random labels"
    " when not given.",
)
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    *,
    period: str,
    level: float,
    csv_file: str | None,
    folder_out: str | None,
    service: str,
    profile: str | None,
    folder: str,
    as_json: bool,
) -> None:
    """Compute what transparency reports state of automation, beside what random labels say.

    Three published definitions of accuracy, precision and recall; measures taken by automation
    alone; complaints. Drafts for the EU template with --export.
    """
    from shroff.cli.console import print_json
    from shroff.cli.progress import step
    from shroff.cli.tables import write_csv

    workspace = open_workspace(ctx.ensure_object(Session), folder)
    with step("counting measures, appeals and labels"):
        found = workspace.analyses.regulatory(period=period, level=level)
    drafts: list[str] = []
    if folder_out:
        named = service or workspace.name
        width = workspace.settings.publish.max_width
        drafts = _export(found, folder_out, service=named, profile=profile, max_width=width)
    if as_json:
        print_json({**found.record(), "drafts": drafts})
    elif csv_file:
        write_csv(found.to_arrow(), csv_file)
    else:
        _show(found, workspace.settings.workspace.language)
        _tell(drafts, folder_out or "", workspace.settings.workspace.language)


def _export(
    found: Regulatory, folder: str, *, service: str, profile: str | None, max_width: float
) -> list[str]:
    """Write the drafts, each checked against the template first."""
    from pathlib import Path

    from shroff.domain.transparency import Profile
    from shroff.errors import ConfigError
    from shroff.measure.regulatory_template import (
        TABLES,
        check_table,
        draft_name,
        require_text,
        table_text,
    )

    named = require_text(service)
    chosen = Profile(profile) if profile else None
    texts = {
        name: table_text(found, name, service=named, profile=chosen, max_width=max_width)
        for name in TABLES
    }
    out = Path(folder).expanduser()
    for name, text in texts.items():
        check_table(text, name)
        try:
            out.mkdir(parents=True, exist_ok=True)
            (out / draft_name(name)).write_text(text, encoding="utf-8", newline="")
        except OSError as error:
            raise ConfigError(f"cannot write: {error.strerror}", where=str(out)) from None
    return [str(out / draft_name(name)) for name in texts]


def _tell(drafts: Sequence[str], folder: str, language: Language) -> None:
    from rich.markup import escape

    from shroff.cli.console import results
    from shroff.domain.messages import say

    if drafts:
        written = say("regulatory.written", language, {"files": len(drafts), "folder": folder})
        results().print(escape(written))
        results().print(f"[dim]{escape(say('regulatory.draft', language))}[/]")


def _show(found: Regulatory, language: Language) -> None:
    from rich.markup import escape

    from shroff.cli.console import print_table, results
    from shroff.domain.messages import say
    from shroff.report.regulatory_section import lead_of

    console = results()
    console.print(f"[bold]{found.brief.period.label()}[/]")
    console.print(escape(lead_of(found).text(language)))
    titles = [say(f"regulatory.column.{name}", language) for name in _COMPARED]
    rows = [_row(each, language) for each in found.compared()]
    print_table(titles, rows, right=titles[2:])
    _languages(found, language)
    _complaints(found, language)
    caveats = [note for each in found.compared() for note in each.proxy.caveats]
    said = [*found.notes, *caveats]
    lines = [say("regulatory.how", language), *(note.text(language) for note in said)]
    for line in dict.fromkeys(lines):
        console.print(f"[dim]{escape(line)}[/]")


def _row(each: Compared, language: Language) -> tuple[str, ...]:
    from shroff.domain.messages import say
    from shroff.report.figures import Figure, Form

    gap = Figure(each.gap, Form.POINTS)
    return (
        say(f"regulatory.profile.{each.profile}", language),
        say(f"regulatory.quality.{each.quality}", language),
        Figure(each.proxy).text(language),
        Figure(each.truth).text(language),
        f"{gap.value(language)} ({gap.interval(language)})" if gap.has_interval else "–",
    )


def _languages(found: Regulatory, language: Language) -> None:
    from shroff.cli.console import print_table, results
    from shroff.domain.messages import say
    from shroff.report.regulatory_section import language_rows

    columns = ["language", "solely", "not_solely"]
    titles = [say(f"regulatory.column.{name}", language) for name in columns]
    qualities = ("accuracy", "precision", "recall")
    titles += [say(f"regulatory.quality.{name}", language) for name in qualities]
    rows = [[cell.text(language) for cell in row] for row in language_rows(found)]
    results().print()
    print_table(titles, [tuple(row) for row in rows], right=titles[1:])


def _complaints(found: Regulatory, language: Language) -> None:
    from shroff.cli.console import print_table, results
    from shroff.domain.messages import say
    from shroff.report.regulatory_section import complaint_rows

    titles = [say(f"regulatory.column.{name}", language) for name in ("complaint", "number")]
    rows = [(name.text(language), cell.text(language)) for name, cell in complaint_rows(found)]
    if rows:
        results().print()
        print_table(titles, rows, right=titles[1:])
