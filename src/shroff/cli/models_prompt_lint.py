"""`shroff models prompt lint`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from shroff.cli.endings import FINDING, Session
from shroff.cli.options import json_option, open_workspace, workspace_option
from shroff.errors import PolicyError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shroff.domain.findings import Finding

__all__ = ["command"]


@click.command()
@click.argument("files", metavar="FILES...", nargs=-1, required=True, type=Path)
@click.option(
    "--policies", type=Path, metavar="FILE", help="Your policies, an id on each line (or CSV)."
)
@click.option(
    "--golden",
    default=None,
    metavar="NAME",
    help="Golden set whose ads may not be examples; - for the newest.",
)
@workspace_option
@click.option("--zh", "chinese", is_flag=True, help="Say it in Chinese.")
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    *,
    files: tuple[Path, ...],
    policies: Path | None,
    golden: str | None,
    folder: str,
    chinese: bool,
    as_json: bool,
) -> None:
    """Tell what is wrong with policies: all of it, with places and reasons.

    FILES are policies in Markdown, or folders with them. Ends with 1 if there is an error. With
    --golden, an example that is an ad of the golden set, or nearly, is an error too.
    """
    from shroff.cli.console import print_json
    from shroff.domain.findings import lines_of, rendered
    from shroff.domain.messages import Language, say
    from shroff.models.golden_leaks import golden_leaks
    from shroff.models.policy_lint import lint_policy

    known = None if policies is None else _ids(policies)
    texts = None if golden is None else _golden(ctx, golden, folder)
    language = Language.ZH if chinese else Language.EN
    told: list[Finding] = []
    shown: list[str] = []
    read, unread = _read(_paths(files))
    for path, text in read.items():
        policy, found = lint_policy(text, path=str(path), known=known)
        if policy is not None and texts is not None:
            found = (*found, *golden_leaks(policy, texts))
        told += found
        shown += [rendered(each, lines_of(text), language=language) for each in found]
    levels = {f"{level}s": _count(told, level) for level in ("error", "warning")}
    counts = {"policies": len(read), **levels}
    if as_json:
        print_json({**counts, "findings": [each.record() for each in told]})
    else:
        for line in shown:
            click.echo(line)
        click.echo(say("policies.lint.summary", language, counts))
    _require_read(unread)
    if counts["errors"]:
        ctx.exit(FINDING)


def _golden(ctx: click.Context, name: str, folder: str) -> dict[str, dict[str, str]]:
    workspace = open_workspace(ctx.ensure_object(Session), folder)
    return workspace.modeller.golden.texts("" if name == "-" else name)


def _read(paths: Iterable[Path]) -> tuple[dict[Path, str], list[PolicyError]]:
    """Read what can be read; a file that cannot hides no fault of the others."""
    from shroff.models.policy_file import policy_source

    read, unread = {}, []
    for path in paths:
        try:
            read[path] = policy_source(path)
        except PolicyError as fault:
            unread.append(fault)
    return read, unread


def _require_read(faults: list[PolicyError]) -> None:
    if len(faults) == 1:
        raise faults[0]
    if faults:
        told = "; ".join(f"{fault.where}: {fault.cause}" for fault in faults)
        raise PolicyError(f"{len(faults)} files are no policies: {told}", hint=faults[0].hint)


def _paths(files: Iterable[Path]) -> list[Path]:
    from shroff.errors import ConfigError

    found: list[Path] = []
    for path in files:
        inside = sorted(path.glob("*.md")) if path.is_dir() else [path]
        if not inside:
            raise ConfigError(
                "there is no policy in the folder",
                where=str(path),
                hint="policies are files that end in .md; shroff models prompt init writes one",
            )
        found += inside
    return list(dict.fromkeys(found))


def _ids(path: Path) -> set[str]:
    from shroff.models.policy_file import policy_source

    lines = [line for line in policy_source(path).splitlines() if line.strip()]
    return {line.split(",")[0].strip().strip('"') for line in lines}


def _count(told: Iterable[Finding], level: str) -> int:
    return sum(str(each.level) == level for each in told)
