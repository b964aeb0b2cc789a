"""`shroff find`."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from shroff.cli.endings import Session
from shroff.cli.options import engine_option, json_option, open_workspace, workspace_option

if TYPE_CHECKING:
    from shroff.domain.messages import Language
    from shroff.rules.found import Found, Part
    from shroff.workspace import Workspace

__all__ = ["command"]

_PARTS = ("actions", "detectors", "markets", "languages", "top_advertisers")
_WEEKS = 8
_EXAMPLES = 8


class _Options(TypedDict):
    period: str
    limit: int
    to_rule: str
    pack: str
    csv_file: str | None
    show_offensive: bool
    folder: str
    as_json: bool


@click.command()
@click.argument("query")
@click.option(
    "--period",
    default="",
    show_default="all ads",
    metavar="PERIOD",
    help="Days on which ads were submitted, e.g. 2026-W20, 2026-05 or last-month.",
)
@click.option(
    "--limit", type=click.IntRange(min=0), default=10, show_default=True, help="Ads to show."
)
@click.option("--to-rule", default="", metavar="ID", help="Write the search as a rule of this id.")
@click.option(
    "--pack",
    default="",
    metavar="FILE",
    help="With --to-rule: the pack that gets it, made when it is not there.",
)
@click.option("--csv", "csv_file", metavar="FILE", help="Write the ads shown to CSV; -: stdout.")
@click.option("--show-offensive", is_flag=True, help="Do not blur what an offensive query finds.")
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(ctx: click.Context, query: str, **options: Unpack[_Options]) -> None:
    """Find all ads that say something, in whatever disguise.

    QUERY is one line in the language of rules: terms, "phrases", /expressions/, AND, OR, NEAR,
    -not, field:title, market:CN. It tells how many ads say it, since when, who runs them, how far
    they reach, what was decided, which live detectors catch them and how the words are hidden.

    \b
    shroff find 减肥
    shroff find '减肥 NEAR/20 "7天" -健身房 market:CN'
    shroff find 'weight loss' --to-rule WL-9 --pack packs/health.yaml
    """  # noqa: D301 - click keeps the lines after \b
    from shroff.cli.console import print_json
    from shroff.cli.progress import reading
    from shroff.cli.tables import write_csv

    workspace = open_workspace(ctx.ensure_object(Session), options["folder"])
    with reading("searching"):
        most = max(options["limit"], _EXAMPLES if options["to_rule"] else 0)
        found = workspace.rules.find(query, period=options["period"], limit=most)
    if options["as_json"]:
        print_json(found.record())
    elif options["csv_file"]:
        write_csv(found.to_arrow(), options["csv_file"])
    elif not options["to_rule"] or options["pack"]:
        _show(found, workspace.settings.workspace.language, options)
    if options["to_rule"]:
        _to_rule(workspace, found, options)


def _to_rule(workspace: Workspace, found: Found, options: _Options) -> None:
    from shroff.domain.messages import say

    text = workspace.rules.rule_text(found, options["to_rule"], pack=options["pack"])
    if not options["pack"]:
        click.echo(text)
        return
    language = workspace.settings.workspace.language
    told: dict[str, str | int | float | None] = {
        "rule": options["to_rule"],
        "file": options["pack"],
    }
    for key in ("find.rule_written", "find.rule_then"):
        click.echo(say(key, language, told), err=options["as_json"])


def _show(found: Found, language: Language, options: _Options) -> None:
    from shroff.cli.console import print_table, results
    from shroff.domain.messages import say

    console = results()
    console.print(found.summary().text(language), style="bold", markup=False)
    if not found.ads:
        return
    for line in (found.catching(), found.hiding()):
        console.print(line.text(language), markup=False)
    console.print()
    titles = tuple(say(f"find.column.{name}", language) for name in ("way", "ads", "matched"))
    print_table(titles, _ways(found, language, options), right=titles[1:2])
    console.print()
    rows = [
        (
            say(f"find.part.{name}", language),
            _parts(getattr(found, name), language, actions=name == "actions"),
        )
        for name in _PARTS
        if getattr(found, name)
    ]
    last = found.weeks[-_WEEKS:]
    rows.append((say("find.part.weeks", language), _parts(last, language)))
    print_table((titles[1], ""), rows)
    if found.shown:
        _ads(found, language, options)


def _ways(found: Found, language: Language, options: _Options) -> list[tuple[str, str, str]]:
    from shroff.cli.matched_text import marked
    from shroff.domain.messages import count

    hidden = found.rule.offensive and not options["show_offensive"]
    return [
        (
            way_name(each.evasion, language),
            count(each.ads),
            marked(each.matched(), hidden=hidden),
        )
        for each in found.disguises
    ]


def way_name(evasion: tuple[str, ...], language: Language) -> str:
    """Name a mixture of disguises."""
    from shroff.domain.messages import Language, say
    from shroff.text.evasion import evasion_of, kinds_in

    kinds = [kind for name in evasion for kind in kinds_in(evasion_of(name))]
    names = [kind.names[language is Language.ZH] for kind in kinds]
    return " + ".join(names) or say("find.way.plain", language)


def _parts(parts: tuple[Part, ...], language: Language, *, actions: bool = False) -> str:
    from shroff.domain.messages import Message, count, say

    nothing = say("find.nothing", language)
    names = [part.name or nothing for part in parts]
    if actions:
        names = [Message("find.action", {"name": name}).text(language) for name in names]
    return "  ".join(f"{name} {count(part.ads)}" for name, part in zip(names, parts, strict=True))


def _ads(found: Found, language: Language, options: _Options) -> None:
    from shroff.cli.console import results
    from shroff.cli.matched_text import excerpt
    from shroff.domain.messages import count, say

    console = results()
    console.print()
    console.print(say("find.shown", language), style="bold", markup=False)
    hidden = found.rule.offensive and not options["show_offensive"]
    for ad in found.shown[: options["limit"]]:
        did = say("find.action", language, {"name": ad.action}) if ad.action else ""
        facts = (ad.ad_id, ad.market, ad.language, ad.advertiser, did)
        told = "  ".join(str(each) for each in facts if each)
        console.print(f"{told}  {count(ad.impressions)}", style="dim", markup=False)
        console.print(excerpt(ad.shown(), ad.spots, hidden=hidden), soft_wrap=True)
