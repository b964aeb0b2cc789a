"""`shroff decide`."""

from __future__ import annotations

import json
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from shroff.cli.endings import FINDING, Session
from shroff.cli.options import json_option, open_workspace, workspace_option

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shroff.advise.decider import Decider, Decisions
    from shroff.advise.live_ads import Unread
    from shroff.advise.live_decision import Decided
    from shroff.domain.messages import Language, Message
    from shroff.rules.text_batches import Faults

__all__ = ["command"]

_STREAM = ("-",)
_AT_ONCE = 1000


class _Options(TypedDict):
    out: str
    limit: int
    folder: str
    as_json: bool


@click.command()
@click.argument("files", nargs=-1, required=True)
@click.option(
    "--out",
    default="",
    metavar="FILE",
    help="Write the decisions as rows of the log of decisions, to .jsonl, .csv or .parquet.",
)
@click.option(
    "--limit", type=click.IntRange(min=0), default=20, show_default=True, help="Decisions shown."
)
@workspace_option
@json_option
@click.pass_context
def command(ctx: click.Context, files: tuple[str, ...], **options: Unpack[_Options]) -> None:
    """Decide on the ads of FILES by the rules and lines that are live, and say why.

    A file is .csv, .parquet or .jsonl with columns as ads have them; scores that ads bring stand
    in columns named scores.MODEL, in JSON in the object scores. FILE -: JSON lines from the
    standard input, a decision as a JSON line for each as it comes.

    \b
    shroff decide ads.jsonl --out decisions.jsonl
    tail -f ads.jsonl | shroff decide -
    """  # noqa: D301 - click keeps the lines after \b
    from shroff.advise.decider import Decider
    from shroff.rules.text_batches import Faults

    workspace = open_workspace(ctx.ensure_object(Session), options["folder"])
    language = workspace.settings.workspace.language
    with closing(Decider(workspace.root, catalog=workspace.catalog)) as decider:
        if files == _STREAM:
            ctx.exit(FINDING if _stream(decider, language) else 0)
        unread: list[Unread] = []
        faults = Faults()
        found = list(_decided([Path(each) for each in files], decider, unread, faults=faults))
    faults.count += len(unread)
    faults.first += [f"{each.row}: {each.cause}" for each in unread][:5]
    if options["out"]:
        _write([each for part in found for each in part.decided], options["out"])
    if options["as_json"]:
        from shroff.cli.console import print_json

        print_json(_record(found, faults, language))
    else:
        _show(found, faults, limit=options["limit"], language=language)
    if faults.count:
        ctx.exit(FINDING)


def _decided(
    paths: list[Path], decider: Decider, unread: list[Unread], *, faults: Faults
) -> Iterator[Decisions]:
    """Decide on files, a part of each at a time."""
    from shroff.advise.live_ads import read_ads
    from shroff.cli.progress import reading
    from shroff.rules.text_batches import LINE, batches_of

    with reading("deciding"):
        for path in paths:
            for batch in batches_of(path, faults=faults):
                for start in range(0, batch.num_rows, _AT_ONCE):
                    rows = batch.slice(start, _AT_ONCE).to_pylist()
                    ads, wrong = read_ads(rows, start=int(rows[0][LINE]))
                    unread += wrong
                    yield decider.decide(ads)


def _stream(decider: Decider, language: Language) -> bool:
    """Decide on each line as soon as it was read; tell whether one was no ad."""
    from shroff.advise.live_ads import lines_of, read_ads

    told: set[str] = set()
    wrong = False
    for number, line in enumerate(iter(sys.stdin.readline, ""), start=1):
        ads, unread = read_ads(lines_of(line), start=number)
        found = decider.decide(ads)
        for each in found.decided:
            click.echo(json.dumps(each.record(), ensure_ascii=False))
        for fault in unread:
            wrong = True
            click.echo(json.dumps({"error": fault.record()}, ensure_ascii=False))
        for warning in found.warnings:
            text = warning.text(language)
            if text not in told:
                told.add(text)
                click.echo(text, err=True)
    return wrong


def _write(decided: list[Decided], out: str) -> None:
    """Write rows that an ingest reads."""
    import pyarrow as pa
    import pyarrow.csv as arrow_csv
    import pyarrow.parquet as pq

    from shroff.advise.live_decision import log_row
    from shroff.errors import ConfigError

    at = datetime.now(UTC)
    rows = [log_row(each, at=at) for each in decided]
    try:
        if out.endswith(".parquet"):
            pq.write_table(pa.Table.from_pylist(rows), out, compression="zstd")
        elif out.endswith(".csv"):
            arrow_csv.write_csv(pa.Table.from_pylist(rows), out)
        elif out.endswith(".jsonl"):
            lines = [json.dumps(row, ensure_ascii=False) for row in rows]
            Path(out).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        else:
            raise ConfigError("decisions are written to .jsonl, .csv or .parquet", where="--out")
    except OSError as fault:
        raise ConfigError(f"cannot write: {fault.strerror}", where=out) from None
    click.echo(f"{len(rows):,} rows in {out}", err=True)


def _summary(found: list[Decisions]) -> Message:
    from shroff.domain.decisions import Action
    from shroff.domain.messages import Message

    actions = [each.action for part in found for each in part.decided]
    counts: dict[str, str | int | float | None] = {
        str(action): actions.count(action) for action in Action
    }
    strategies = dict.fromkeys(part.strategy.id for part in found)
    named = " → ".join(strategies) or "–"
    return Message("decide.summary", {"ads": len(actions), "strategy": named, **counts})


def _notes(found: list[Decisions], faults: Faults) -> list[Message]:
    from shroff.domain.messages import Message

    notes = list({each.text(): each for part in found for each in part.warnings}.values())
    if faults.count:
        first = faults.first[0]
        notes.append(Message("decide.unread", {"count": faults.count, "first": first}))
    return notes


def _record(found: list[Decisions], faults: Faults, language: Language) -> dict[str, object]:
    return {
        "strategy": found[-1].strategy.record() if found else None,
        "decisions": [each.record() for part in found for each in part.decided],
        "unread": {"count": faults.count, "first": list(faults.first)},
        "warnings": [each.text(language) for each in _notes(found, faults)],
        "sentence": _summary(found).record(),
    }


def _show(found: list[Decisions], faults: Faults, *, limit: int, language: Language) -> None:
    from shroff.cli.console import print_table, results

    results().print(_summary(found).text(language))
    decided = [each for part in found for each in part.decided][:limit]
    rows = [
        (
            each.ad.id,
            str(each.action),
            f"{each.source} {each.detector} {each.version}".strip(),
            each.policy or "",
            "; ".join(_places(each)),
            str(each.shadow_action),
        )
        for each in decided
    ]
    if rows:
        print_table(("ad", "action", "decided by", "policy", "where", "with shadows"), rows)
    for note in _notes(found, faults):
        results().print(note.text(language), style="dim", markup=False)


def _places(decided: Decided) -> list[str]:
    """Say what the decision points at: places of rules, scores of lines."""
    places = [
        f"{spot.field} {spot.start}–{spot.end}"
        for fired in decided.rules
        for spot in fired.spots[:1]
    ]
    return places + [
        f"{each.judge.name} {each.score:.3f}" for each in decided.lines if each.score is not None
    ]
