"""`shroff rules test`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from shroff.cli.endings import FINDING
from shroff.cli.options import json_option

if TYPE_CHECKING:
    from shroff.rules.trial import RuleTrial, Trials
    from shroff.text.evasion import Evasion

__all__ = ["command"]

_YES, _SOME, _NO, _OFF = "✓", "~", "✗", "·"


@click.command()
@click.argument("packs", nargs=-1, required=True)
@click.option(
    "--language",
    type=click.Choice(["en", "zh"]),
    default="en",
    show_default=True,
    help="Language of what is told.",
)
@click.option(
    "--all", "everything", is_flag=True, help="Show each rule against each kind of disguise."
)
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    *,
    packs: tuple[str, ...],
    language: str,
    everything: bool,
    as_json: bool,
) -> None:
    """Test rule PACKS by their examples, and by disguises of them.

    Each text that a rule must match is disguised in every way known; the table tells which ways
    the rule survives. Ends with 1 where an example does not come out as it says.

    \b
    shroff rules test packs/health.yaml
    shroff rules test packs/*.yaml --all
    """  # noqa: D301 - click keeps the lines after \b
    from shroff.cli.console import print_json
    from shroff.cli.progress import reading
    from shroff.rules.pack_paths import read_packs
    from shroff.rules.trial import try_packs

    with reading("testing"):
        found = try_packs(read_packs(packs))
    if as_json:
        print_json(found.record())
    else:
        _show(found, language, everything=everything)
    if found.failed:
        ctx.exit(FINDING)


def _show(found: Trials, told: str, *, everything: bool) -> None:
    from shroff.cli.console import print_table, results
    from shroff.domain.messages import Language, say

    language = Language(told)
    console = results()
    console.print(found.summary().text(language), style="bold", markup=False)
    for each in found.failed:
        for failure in each.failures:
            line = f"{each.rule.id}: {failure.text().text(language)}"
            console.print(_shown(line), style="red", markup=False)
    console.print()
    titles = tuple(say(f"trial.column.{name}", language) for name in ("kind", "caught", "lost"))
    rows = [
        (kind_name(each.kind, language), f"{each.caught}/{each.made}", each.lost)
        for each in found.kinds()
    ]
    print_table(titles, rows, right=titles[1:2])
    if everything:
        console.print()
        _by_rule(found.rules)


def kind_name(kind: Evasion, language: str) -> str:
    """Name a kind of disguise."""
    from shroff.text.evasion import kinds_in

    return kinds_in(kind)[0].names[language == "zh"]


def _by_rule(rules: tuple[RuleTrial, ...]) -> None:
    from shroff.cli.console import print_table
    from shroff.text.evasion import KINDS

    present = {s.kind for each in rules for s in each.survivals}
    kinds = [kind for kind in KINDS if kind.flag in present]
    rows = [(each.rule.id, *_marks(each, [kind.flag for kind in kinds])) for each in rules]
    print_table(("", *(kind.id for kind in kinds)), rows)


def _marks(each: RuleTrial, kinds: list[Evasion]) -> list[str]:
    """Mark each kind: seen through always, at times or never; a dot where it is not asked."""
    found = {s.kind: s for s in each.survivals}
    marks: list[str] = []
    for kind in kinds:
        s = found.get(kind)
        if s is None:
            marks.append("")
        elif not s.asked:
            marks.append(_OFF)
        else:
            marks.append(_YES if s.caught == s.made else _SOME if s.caught else _NO)
    return marks


def _shown(text: str) -> str:
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text)
