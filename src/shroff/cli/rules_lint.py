"""`shroff rules lint`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from shroff.cli.endings import FINDING
from shroff.cli.options import json_option

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from shroff.domain.messages import Language
    from shroff.rules.lint import Linted, Source

__all__ = ["command"]


@click.command()
@click.argument("files", metavar="FILES...", nargs=-1, required=True, type=Path)
@click.option("--fix", "mends", is_flag=True, help="Apply every fix that means the same.")
@click.option(
    "--policies", type=Path, metavar="FILE", help="Your policies, an id on each line (or CSV)."
)
@click.option(
    "--corpus", type=Path, metavar="FILE", help="Texts, one on each line: measure hits and cost."
)
@click.option(
    "--most", type=float, default=0.02, show_default=True,
    help="Share of the corpus that a rule may hit.",
)  # fmt: skip
@click.option("--zh", "chinese", is_flag=True, help="Say it in Chinese.")
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    *,
    files: tuple[Path, ...],
    mends: bool,
    policies: Path | None,
    corpus: Path | None,
    most: float,
    chinese: bool,
    as_json: bool,
) -> None:
    """Tell what is wrong with rule packs: all of it, with places, reasons and fixes.

    FILES are packs, or folders with packs. Ends with 1 if there is an error.
    """
    from datetime import UTC, datetime

    from shroff.cli.console import print_json
    from shroff.domain.findings import Level
    from shroff.domain.messages import Language
    from shroff.rules.lint import lint
    from shroff.rules.lint_runs import run_findings

    today = datetime.now(UTC).date()
    known = None if policies is None else _ids(policies)
    sources = _sources(files)
    mended_count = 0
    if mends:
        sources, mended_count = _mend(sources, today=today, policies=known)
    found = lint(sources, today=today, policies=known)
    texts = [] if corpus is None else _lines(corpus)
    found = found.with_more(run_findings(found, texts=texts, most=most))
    if as_json:
        print_json(_record(found, mended_count))
    else:
        _show(found, Language.ZH if chinese else Language.EN, mended_count)
    if found.count(Level.ERROR):
        ctx.exit(FINDING)


def _sources(files: Iterable[Path]) -> tuple[Source, ...]:
    """Read the files; those that are folders stand for the packs in them."""
    from shroff.rules.lint import Source
    from shroff.rules.pack_file import pack_text

    paths: list[Path] = []
    for path in files:
        paths += sorted([*path.glob("*.yaml"), *path.glob("*.yml")]) if path.is_dir() else [path]
    return tuple(Source(str(path), pack_text(path)) for path in dict.fromkeys(paths))


def _mend(
    sources: Sequence[Source], *, today: date, policies: set[str] | None
) -> tuple[tuple[Source, ...], int]:
    from shroff.rules.lint import mended

    now, count = mended(sources, today=today, policies=policies)
    for old, new in zip(sources, now, strict=True):
        if new.text != old.text:
            # newline as it was: nothing else of the file changes
            Path(new.path).write_bytes(new.text.encode("utf-8"))
    return now, count


def _lines(path: Path) -> list[str]:
    from shroff.rules.pack_file import pack_text

    return [line for line in pack_text(path).splitlines() if line.strip()]


def _ids(path: Path) -> set[str]:
    """Read ids of policies: the first column of each line, without a title."""
    cells = {line.split(",")[0].strip().strip('"') for line in _lines(path)}
    return cells - {"policy_id", "policy", "id"}


def _record(found: Linted, mended_count: int) -> dict[str, object]:
    return {
        "errors": _count(found, "error"),
        "warnings": _count(found, "warning"),
        "mended": mended_count,
        "packs": [{"id": pack.id, "path": pack.path, "rules": len(pack.rules)}
                  for pack in found.packs],
        "findings": [one.record() for one in found.findings],
    }  # fmt: skip


def _count(found: Linted, level: str) -> int:
    return sum(str(one.level) == level for one in found.findings)


def _show(found: Linted, language: Language, mended_count: int) -> None:
    from shroff.domain.messages import say

    for text in found.shown(language):
        click.echo(text)
    params = {
        "rules": sum(len(pack.rules) for pack in found.packs),
        "packs": len(found.packs),
        "errors": _count(found, "error"),
        "warnings": _count(found, "warning"),
    }
    if mended_count:
        click.echo(say("rules.lint.mended", language, {"count": mended_count}))
    click.echo(say("rules.lint.summary", language, params))
