"""`shroff ingest`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shroff.cli.endings import FINDING, Session
from shroff.cli.options import json_option, open_workspace, workspace_option

if TYPE_CHECKING:
    from shroff.domain.messages import Language
    from shroff.store.ingest import IngestReport
    from shroff.workspace import Workspace

__all__ = ["command", "ingest_tables"]


@click.command()
@click.argument("table", required=False)
@click.argument("files", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Read all [sources], or all of logs/TABLE/.")
@workspace_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    *,
    table: str | None,
    files: tuple[str, ...],
    every: bool,
    folder: str,
    as_json: bool,
) -> None:
    """Read FILES (CSV, JSONL, Parquet; gz and zst; folders and globs) into TABLE.

    Columns are read as [mapping.TABLE] in shroff.toml says. Reading a file twice adds nothing; a
    row that changed replaces the old one. Rows that cannot be read are kept in quarantine; when
    that is all of a table's rows, the exit code is 1.
    """
    from shroff.cli.console import print_json

    if every == bool(table) or (table and not files):
        ctx.fail("say either TABLE FILES, or --all")
    session = ctx.ensure_object(Session)
    workspace = open_workspace(session, folder)
    plan = workspace.sources() if every else {str(table): [Path(each) for each in files]}
    reports = ingest_tables(workspace, plan, session=session)
    if as_json:
        print_json({"ingests": [asdict(report) for report in reports]})
    else:
        for report in reports:
            _show(report, workspace.settings.workspace.language)
    if any(report.read and report.quarantined == report.read for report in reports):
        ctx.exit(FINDING)


def ingest_tables(
    workspace: Workspace,
    plan: dict[str, list[Path]],
    *,
    session: Session,
    resume: str = "the same command goes on from there",
) -> list[IngestReport]:
    """Ingest table after table, with progress on a terminal.

    Parameters
    ----------
    workspace : Workspace
        The workspace.
    plan : dict of (str, list of Path)
        Files by table.
    session : Session
        Told what is done, for when the user stops it.
    resume : str
        How to go on then.

    Returns
    -------
    list of IngestReport
        What became of the rows, by table.
    """
    from shroff.cli.progress import ingest_progress

    reports: list[IngestReport] = []
    for table, files in plan.items():
        session.unfinished = f"nothing of this reading of {table} was added; {resume}"
        with ingest_progress(table) as tell:
            report = workspace.ingest(table, files, progress=tell)
        reports.append(report)
        session.finished.append(f"{table} ({report.read:,} rows)")
    session.unfinished = ""
    return reports


def _show(report: IngestReport, language: Language) -> None:
    from shroff.store.reasons import Reason

    click.echo(report.summary().text(language))
    for reason, count in sorted(report.reasons.items(), key=lambda each: -each[1]):
        click.echo(f"    {count:,} × {Reason(reason).message.text(language)}")
    if Reason.BAD_ENCODING in report.reasons:
        click.echo(
            f'    hint: [mapping.{report.table}] encoding = "gb18030", if that is what it is'
        )
    if report.forgotten:
        click.echo(
            f"    {report.forgotten:,} rows of forgotten advertisers or reviewers", nl=False
        )
        click.echo(" were removed again")
    for note in report.notes:
        click.echo(f"    {note}")
    if report.quarantined:
        click.echo(f"    shroff quarantine --table {report.table}")
