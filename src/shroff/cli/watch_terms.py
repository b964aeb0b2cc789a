"""`shroff watch terms`."""

from __future__ import annotations

from datetime import timedelta
from shlex import quote
from typing import TYPE_CHECKING, TypedDict, Unpack

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

    from shroff.cli.terms_missed import Missed
    from shroff.domain.messages import Language
    from shroff.rules.rule import Rule
    from shroff.watch.new_terms import NewTerm, NewTerms, TermQuestion

__all__ = ["command"]

_COLUMNS = ("term", "growth", "ads", "before", "advertisers", "first", "policy", "variant")
_RIGHT = ("growth", "ads", "before", "advertisers")
_LONGEST, _NAMED = 40, 5


class _Options(TypedDict):
    among: str
    against: str
    background: str
    equal: tuple[str, ...]
    known: tuple[str, ...]
    rules: tuple[str, ...]
    least: int
    advertisers: int
    most: int
    false_share: float
    seeds: str
    period: str
    level: float
    csv_file: str | None
    folder: str
    as_json: bool


@click.command()
@click.option(
    "--of",
    "among",
    type=click.Choice(["violating", "leaked", "rejected", "appealed", "overturned"]),
    default="violating",
    show_default=True,
    help="Kind of ads.",
)
@click.option(
    "--against",
    type=click.Choice(["earlier", "others", "both"]),
    default="earlier",
    show_default=True,
    help="Background: the same kind before, other ads of the period, or both.",
)
@click.option(
    "--background",
    default="",
    show_default="as many days, just before",
    metavar="PERIOD",
    help="Earlier days to hold against.",
)
@click.option(
    "--equal",
    multiple=True,
    default=("language",),
    show_default=True,
    metavar="COLUMN",
    help="Column of ads whose mix is held equal. Repeatable.",
)
@click.option(
    "--known", multiple=True, metavar="TERM", help="Known term to tell variants of. Repeatable."
)
@click.option(
    "--rules",
    multiple=True,
    metavar="PACK",
    help="Live rules: their terms are known, and what they miss is told. Repeatable.",
)
@click.option(
    "--least", type=click.IntRange(3), default=5, show_default=True, help="Ads a term is in."
)
@click.option(
    "--advertisers",
    type=click.IntRange(1),
    default=3,
    show_default=True,
    help="Advertisers that use it.",
)
@click.option(
    "--most", type=click.IntRange(1), default=30, show_default=True, help="Terms at most."
)
@click.option(
    "--false-share",
    type=float,
    default=0.05,
    show_default=True,
    help="Share of false ones among the terms found that is allowed, on average.",
)
@click.option("--seeds", default="", metavar="FILE.csv", help="Write ads for shroff rules mine.")
@period_option
@level_option
@click.option(
    "--csv", "csv_file", metavar="FILE", help="Write the terms to a CSV file; -: stdout."
)
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(ctx: click.Context, **options: Unpack[_Options]) -> None:
    """Find words, phrases and character sequences that rise in ads, with their variants.

    Leads to look at, each with the ads it is in and one step to rules that catch it.

    \b
    shroff watch terms --period last-week
    shroff watch terms --of leaked --against both --rules packs --seeds seeds.csv
    """  # noqa: D301 - click keeps the lines after \b
    from shroff.cli.console import print_json
    from shroff.cli.progress import reading
    from shroff.cli.tables import write_csv
    from shroff.cli.terms_missed import missed_by, seeds_of
    from shroff.rules.pack_paths import read_packs

    rules = [rule for pack in read_packs(options["rules"]) for rule in pack.rules]
    workspace = open_workspace(ctx.ensure_object(Session), options["folder"])
    with reading("comparing words"):
        found = workspace.lookout.terms(
            _question(options, rules), period=options["period"], background=options["background"]
        )
        missed = missed_by(found, rules)
    if options["seeds"] and found.terms:
        write_csv(seeds_of(found), options["seeds"])
    if options["as_json"]:
        told = {"missed": [each.record() for each in missed], "next": _next(found, options)}
        print_json({**found.record(), **told})
    elif options["csv_file"]:
        write_csv(found.to_arrow(), options["csv_file"])
    else:
        _show(found, missed, options, workspace.settings.workspace.language)


def _question(options: _Options, rules: Sequence[Rule]) -> TermQuestion:
    from shroff.cli.terms_missed import terms_of_rules
    from shroff.watch.new_terms import TermQuestion
    from shroff.watch.term_ads import Against, Among

    return TermQuestion(
        among=Among(options["among"]),
        against=Against(options["against"]),
        least=options["least"],
        advertisers=options["advertisers"],
        most=options["most"],
        false_share=options["false_share"],
        known=(*options["known"], *terms_of_rules(rules)),
        equal=options["equal"],
        level=options["level"],
    )


def _show(
    found: NewTerms, missed: Sequence[Missed], options: _Options, language: Language
) -> None:
    from shroff.cli.console import print_table, results
    from shroff.domain.messages import say

    click.echo(found.summary().text(language))
    if found.terms:
        titles = [say(f"terms.column.{name}", language) for name in _COLUMNS]
        right = [say(f"terms.column.{name}", language) for name in _RIGHT]
        click.echo()
        print_table(titles, [_row(each, language) for each in found.terms], right=right)
        click.echo()
    for each in found.terms:
        for example in each.examples[:1]:
            results().print(f"- {example.ad_id}: {example.text}", markup=False)
    notes = [*_beside(found, language), *_misses(found, missed, language)]
    notes += [note.text(language) for note in (found.rule(), *found.notes)]
    for note in notes:
        results().print(note, style="dim", markup=False)
    if step := _next(found, options):
        click.echo(say("terms.next", language, {"command": step}))


def _row(each: NewTerm, language: Language) -> tuple[str, ...]:
    from shroff.domain.messages import count, say
    from shroff.watch.new_terms import told_growth

    variant = ""
    if each.likeness is not None:
        variant = f"{say(f'terms.likeness.{each.likeness}', language)} {each.variant_of}"
    return (
        each.text if len(each.text) <= _LONGEST else each.text[: _LONGEST - 1] + "…",
        told_growth(each.growth),
        count(each.ads[0]),
        count(each.growth.n - each.ads[0]),
        count(each.advertisers),
        str(each.first_seen),
        each.policy or "–",
        variant,
    )


def _beside(found: NewTerms, language: Language) -> list[str]:
    """Tell what stands in the same ads as a term."""
    from shroff.domain.messages import say

    comma = ", " if language == "en" else "、"
    return [
        say("terms.together", language, {"term": each.text, "others": comma.join(each.together)})
        for each in found.terms
        if each.together
    ]


def _misses(found: NewTerms, missed: Sequence[Missed], language: Language) -> list[str]:
    """Tell what rules miss."""
    from shroff.domain.messages import say

    if not missed:
        return [say("terms.no_rules", language)] if found.terms else []
    comma = ", " if language == "en" else "、"
    return [
        say(
            "terms.missed",
            language,
            {
                "term": each.term,
                "ads": each.ads,
                "missed": each.missed,
                "policy": term.policy or "–",
                "rules": comma.join(each.rules[:_NAMED]) or "–",
            },
        )
        for term, each in zip(found.terms, missed, strict=True)
    ]


def _next(found: NewTerms, options: _Options) -> str:
    """Write the command that proposes rules for what was found."""
    if not found.terms:
        return ""
    against = [word for pack in options["rules"] for word in ("--against", quote(pack))]
    tail = [*against, "--out", "proposed.yaml"]
    if options["seeds"]:
        columns = ["--text text --label label --group advertiser --day day"]
        head = ["--files", quote(options["seeds"]), *columns]
        return " ".join(["shroff rules mine", *head, *tail])
    last = found.period.end - timedelta(days=1)
    head = ["--policy", quote(found.terms[0].policy)] if found.terms[0].policy else []
    head += ["--leaks"] if options["among"] == "leaked" else []
    return " ".join(["shroff rules mine", *head, f"--period {found.period.start}..{last}", *tail])
