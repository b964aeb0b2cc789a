"""`shroff rules init`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from shroff.cli.endings import FINDING, Session
from shroff.cli.options import json_option, open_workspace, workspace_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shroff.rules.starter import Copied

__all__ = ["command"]

_SAID = {
    "written": "written",
    "same": "already there, unchanged",
    "kept": "KEPT YOURS: it differs from the starter pack; --replace overwrites it",
    "replaced": "REPLACED: your changes are gone",
}


@click.command()
@click.argument("names", nargs=-1, metavar="[PACK]...")
@click.option("--list", "listed", is_flag=True, help="Only tell which packs there are.")
@click.option("--print", "printed", is_flag=True, help="Print the packs instead of copying them.")
@click.option(
    "--to", "target", default="", metavar="DIR", help="Folder; packs of the workspace by default."
)
@click.option("--replace", is_flag=True, help="Overwrite files that differ.")
@workspace_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    *,
    names: tuple[str, ...],
    listed: bool,
    printed: bool,
    target: str,
    replace: bool,
    folder: str,
    as_json: bool,
) -> None:
    """Copy starter packs into the workspace's packs folder: all families, or those named.

    \b
    shroff rules init
    shroff rules init health claims
    shroff rules init --to packs health
    shroff rules init --print gambling

    A file that is there and differs is left alone, and said so. Packs to opt in to are copied only
    when they are named.
    """  # noqa: D301 - click keeps the lines after \b
    from shroff.rules.starter import FAMILIES, copy_packs, starter_text

    if listed:
        _list(as_json=as_json)
        return
    wanted = names or tuple(FAMILIES)
    if printed:
        for name in wanted:
            click.echo(starter_text(name), nl=False)
        return
    session = ctx.ensure_object(Session)
    packs = Path(target) if target else open_workspace(session, folder).root / "packs"
    copied = copy_packs(packs, wanted, replacing=wanted if replace else ())
    _told(copied, as_json=as_json)
    if any(copy.outcome == "kept" for copy in copied):
        ctx.exit(FINDING)


def _told(copied: Sequence[Copied], *, as_json: bool) -> None:
    if as_json:
        from shroff.cli.console import print_json

        packs = [{"pack": c.name, "path": str(c.path), "outcome": str(c.outcome)} for c in copied]
        print_json({"packs": packs})
        return
    for copy in copied:
        click.echo(f"{copy.path}: {_SAID[copy.outcome]}")


def _list(*, as_json: bool) -> None:
    from shroff.rules.starter import FAMILIES, OPT_IN, starter_pack

    packs = {name: starter_pack(name) for name in (*FAMILIES, *OPT_IN)}
    if as_json:
        from shroff.cli.console import print_json

        listed = [
            {"pack": name, "rules": len(pack.rules), "opt_in": name in OPT_IN,
             "policies": sorted({rule.policy for rule in pack.rules}),
             "description": {"en": pack.description.en, "zh": pack.description.zh}}
            for name, pack in packs.items()
        ]  # fmt: skip
        print_json({"packs": listed})
        return
    for name, pack in packs.items():
        policies = " ".join(sorted({rule.policy for rule in pack.rules}))
        extra = ", only when named" if name in OPT_IN else ""
        click.echo(f"{name:<12} {len(pack.rules):>3} rules  {policies}{extra}")
