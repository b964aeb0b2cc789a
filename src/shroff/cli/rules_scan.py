"""`shroff rules scan`."""

from __future__ import annotations

import json
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from shroff.cli.endings import FINDING, Session
from shroff.cli.options import engine_option, json_option, open_workspace, workspace_option

if TYPE_CHECKING:
    import pyarrow as pa

    from shroff.domain.messages import Language
    from shroff.rules.scan_job import Scan

__all__ = ["command"]

_SHOWN = 50


class _Options(TypedDict):
    files: tuple[str, ...]
    columns: tuple[str, ...]
    period: str
    csv_file: str | None
    out: str
    limit: int
    show_offensive: bool
    show_contacts: bool
    folder: str
    as_json: bool


@click.command()
@click.argument("packs", nargs=-1, required=True)
@click.option(
    "--files",
    multiple=True,
    metavar="FILE",
    help="Read this .csv, .parquet, .jsonl or .txt instead of the workspace; -: JSON lines from"
    " the standard input, hits as JSON lines as they come. Repeatable.",
)
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="COLUMN[=FIELD]",
    help="Column that holds a text, and the field of rules that it is read as. Repeatable.",
)
@click.option(
    "--period",
    default="",
    show_default="all ads",
    metavar="PERIOD",
    help="Days on which the ads of the workspace were submitted, e.g. 2026-W20 or last-month.",
)
@click.option("--csv", "csv_file", metavar="FILE", help="Write hits to a CSV file; -: stdout.")
@click.option("--out", default="", metavar="FILE", help="Write hits to a .parquet file.")
@click.option(
    "--limit", type=click.IntRange(min=0), default=_SHOWN, show_default=True, help="Hits shown."
)
@click.option("--show-offensive", is_flag=True, help="Do not blur hits of offensive rules.")
@click.option("--show-contacts", is_flag=True, help="Do not mask contact details.")
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(ctx: click.Context, packs: tuple[str, ...], **options: Unpack[_Options]) -> None:
    """Scan ads of the workspace, files or a stream with rule PACKS.

    Each hit tells the ad, rule, policy and field, first character and the one after the last in
    the original text, the disguises seen through and why the rule holds.

    \b
    shroff rules scan packs/health.yaml --period last-month
    shroff rules scan packs/*.yaml --files ads.csv --column caption=title --out hits.parquet
    tail -f ads.jsonl | shroff rules scan packs/*.yaml --files - --column text
    """  # noqa: D301 - click keeps the lines after \b
    from shroff.rules.scan_job import Scan

    session = ctx.ensure_object(Session)
    scan = Scan.of(packs, columns=options["columns"], masks=not options["show_contacts"])
    if options["files"] == ("-",):
        _stream(scan)
        ctx.exit(FINDING if scan.faults.count else 0)
    hits = _scanned(scan, session, options)
    if options["out"]:
        _write(hits, options["out"])
    if options["csv_file"]:
        from shroff.cli.tables import write_csv

        write_csv(scan.flat(hits), options["csv_file"])
    if options["as_json"]:
        from shroff.cli.console import print_json

        print_json(scan.record(hits))
    elif not (options["out"] or options["csv_file"] == "-"):
        _show(scan, hits, session, options)
    if scan.faults.count:
        ctx.exit(FINDING)


def _scanned(scan: Scan, session: Session, options: _Options) -> pa.Table:
    from shroff.cli.progress import reading

    with reading("scanning"):
        if options["files"]:
            return scan.files([Path(each) for each in options["files"]])
        workspace = open_workspace(session, options["folder"])
        return workspace.rules.scan(scan, period=options["period"])


def _stream(scan: Scan) -> None:
    """Give the hits of each line as soon as it was read."""
    for hits in scan.lines(iter(sys.stdin.readline, "")):
        for row in hits.to_pylist():
            click.echo(json.dumps(row, ensure_ascii=False))
    for told in scan.faults.first:
        click.echo(told, err=True)


def _write(hits: pa.Table, out: str) -> None:
    import pyarrow.parquet as pq

    with _writing(out):
        pq.write_table(hits, out, compression="zstd")
    click.echo(f"{hits.num_rows:,} rows in {out}", err=True)


@contextmanager
def _writing(out: str) -> Generator[None]:
    from shroff.errors import ConfigError

    try:
        yield
    except OSError as fault:
        raise ConfigError(f"cannot write: {fault.strerror}", where=out) from None


def _show(scan: Scan, hits: pa.Table, session: Session, options: _Options) -> None:
    from shroff.cli.console import print_table, results
    from shroff.cli.matched_text import marked
    from shroff.domain.messages import say

    language: Language = _language(session, options)
    results().print(scan.summary(hits).text(language))
    rows = [
        (
            str(row["ad_id"]),
            row["rule_id"],
            row["policy_id"] or "",
            _place(row),
            marked(
                row["matched"] or "",
                hidden=scan.is_offensive(row["rule_id"]) and not options["show_offensive"],
            ),
            " + ".join(row["evasion"]),
            row["why"] or "",
        )
        for row in hits.slice(0, options["limit"]).to_pylist()
    ]
    if rows:
        print_table(("ad", "rule", "policy", "where", "matched", "disguise", "why"), rows)
    more = hits.num_rows - len(rows)
    notes = [say("scan.more", language, {"more": more})] * (more > 0)
    notes += [note.text(language) for note in scan.notes(hits)]
    for note in notes:
        results().print(note, style="dim", markup=False)


def _place(row: dict[str, object]) -> str:
    return f"{row['field']} {row['start']}–{row['end']}" if row["field"] else "–"


def _language(session: Session, options: _Options) -> Language:
    from shroff.domain.messages import Language

    if options["files"]:
        return Language.EN
    return open_workspace(session, options["folder"]).settings.workspace.language
