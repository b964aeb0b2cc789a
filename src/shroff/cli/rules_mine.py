"""`shroff rules mine`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from shroff.cli.endings import Session
from shroff.cli.options import engine_option, json_option, open_workspace, workspace_option

if TYPE_CHECKING:
    from shroff.domain.messages import Language
    from shroff.rules.mine_guards import Guards
    from shroff.rules.mine_proposals import Mined, Proposal, Wanted
    from shroff.rules.mine_sources import Labelled
    from shroff.rules.rule import Pack, Rule
    from shroff.stats.estimate import Estimate

__all__ = ["command"]

_COLUMNS = ("rule", "kind", "says", "precision", "new", "mistaken", "advertisers", "proved")
_LONGEST = 60
_MOST_TERMS = 12


class _Options(TypedDict):
    policy: str
    period: str
    leaks: bool
    files: tuple[str, ...]
    text: tuple[str, ...]
    label: str
    violating: tuple[str, ...]
    group: str
    day: str
    chance: str
    against: tuple[str, ...]
    precision: float
    most: int
    least: int
    slurs: bool
    guards: str
    name: str
    out: str
    folder: str
    as_json: bool


@click.command()
@click.option(
    "--policy", default="", metavar="POLICY", help="Count violations of this policy only."
)
@click.option(
    "--period",
    default="all",
    show_default=True,
    metavar="PERIOD",
    help="Days whose labels are used, e.g. 2026-05 or last-28-days.",
)
@click.option("--leaks", is_flag=True, help="Of approved ads only: leaks against the rest.")
@click.option("--files", multiple=True, metavar="FILE", help="Labelled ads of a file. Repeatable.")
@click.option("--text", multiple=True, metavar="COLUMN", help="Its column of text. Repeatable.")
@click.option("--label", default="", metavar="COLUMN", help="Its column of the label.")
@click.option(
    "--violating", multiple=True, metavar="VALUE", help="Label of a violation. Repeatable."
)
@click.option("--group", default="", metavar="COLUMN", help="Its column of the advertiser.")
@click.option("--day", default="", metavar="COLUMN", help="Its column of the time.")
@click.option("--chance", default="", metavar="COLUMN", help="Its chance of having been drawn.")
@click.option(
    "--against", multiple=True, metavar="PACK", help="Rules that are there already. Repeatable."
)
@click.option(
    "--precision", type=float, default=0.9, show_default=True, help="Least precision of a rule."
)
@click.option("--most", type=int, default=30, show_default=True, help="Rules at most.")
@click.option(
    "--least", type=int, default=3, show_default=True, help="Advertisers a rule must catch."
)
@click.option("--slurs", is_flag=True, help="Slurs may be terms; they are blurred in output.")
@click.option(
    "--guards", default="", metavar="RULE", help="Propose guards for this rule of --against."
)
@click.option("--name", default="mined", show_default=True, metavar="ID", help="Id of the pack.")
@click.option("--out", default="", metavar="PACK.yaml", help="Write the rules, with their tests.")
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(ctx: click.Context, **options: Unpack[_Options]) -> None:
    """Propose rules from ads that violate and ads that do not.

    Words, phrases, expressions and combinations, each measured on ads of other advertisers than
    those it was found on.

    \b
    shroff rules mine --policy E4 --against packs --out proposed.yaml
    shroff rules mine --files ads.csv --text caption --label verdict --group advertiser
    shroff rules mine --guards WL-001 --against packs/health.yaml
    """  # noqa: D301 - click keeps the lines after \b
    from shroff.cli.progress import reading, step
    from shroff.rules.mine_proposals import Wanted
    from shroff.rules.pack_paths import read_packs

    session = ctx.ensure_object(Session)
    live = [rule for pack in read_packs(options["against"]) for rule in pack.rules]
    wanted = Wanted(
        precision=options["precision"],
        most=options["most"],
        least=options["least"],
        slurs=options["slurs"],
        policy=options["policy"],
        name=options["name"],
    )
    with step("reading labels"):
        labelled, language = _labelled(session, options)
    if options["guards"]:
        _guards(labelled, live, wanted, options, language)
        return
    from shroff.rules.mine import mine

    with reading("mining"):
        found = mine(labelled.ads, wanted, live=live)
    if options["out"] and found.proposals:
        _write(found.pack, options["out"])
    if options["as_json"]:
        from shroff.cli.console import print_json

        print_json(found.record())
    else:
        _show(found, labelled, options, language)


def _labelled(session: Session, options: _Options) -> tuple[Labelled, Language]:
    from shroff.domain.messages import Language
    from shroff.errors import ConfigError
    from shroff.rules.mine_sources import FileColumns, ads_of_files, ads_of_history

    if options["files"]:
        if not (options["text"] and options["label"]):
            raise ConfigError("which columns hold the text and the label?", hint="--text, --label")
        columns = FileColumns(
            texts=options["text"],
            label=options["label"],
            violating=options["violating"],
            group=options["group"],
            day=options["day"],
            weight=options["chance"],
        )
        return ads_of_files([Path(file) for file in options["files"]], columns), Language.EN
    workspace = open_workspace(session, options["folder"])
    with workspace.engine() as engine:
        found = ads_of_history(
            engine,
            workspace.settings,
            period=options["period"],
            policy=options["policy"],
            action="approve" if options["leaks"] else "",
        )
    return found, workspace.settings.workspace.language


def _guards(
    labelled: Labelled,
    live: list[Rule],
    wanted: Wanted,
    options: _Options,
    language: Language,
) -> None:
    from shroff.cli.console import print_json
    from shroff.cli.progress import reading
    from shroff.rules.mine_guards import guards, rule_named

    rule = rule_named(live, options["guards"])
    with reading("looking for guards"):
        found = guards(labelled.ads, rule, wanted)
    if options["out"]:
        from shroff.rules.rule import Pack

        _write(Pack(id=options["name"], rules=(found.rule,)), options["out"])
    if options["as_json"]:
        print_json(found.record())
    else:
        _show_guards(found, language)


def _show_guards(found: Guards, language: Language) -> None:
    from shroff.cli.console import print_table
    from shroff.domain.messages import say

    click.echo(found.summary().text(language))
    if found.guards:
        titles = [
            say(f"mine.column.{name}", language) for name in ("says", "how", "spared", "lost")
        ]
        rows = [(each.text, each.how, str(each.spared), str(each.lost)) for each in found.guards]
        print_table(titles, rows, right=titles[2:])
    for each in found.retired:
        reason = say(f"mine.reason.{each.reason}", language)
        click.echo("- " + say("mine.retire", language, {"text": each.text, "reason": reason}))


def _show(found: Mined, labelled: Labelled, options: _Options, language: Language) -> None:
    from shroff.cli.console import print_table, results
    from shroff.domain.messages import say

    if not found.proposals:
        click.echo(found.summary().text(language))
        if options["out"]:
            click.echo(say("mine.not_written", language, {"file": options["out"]}), err=True)
        return
    click.echo(found.summary().text(language))
    titles = [say(f"mine.column.{name}", language) for name in _COLUMNS]
    print_table(titles, [_row(each, language) for each in found.proposals], right=titles[4:7])
    notes = [_terms(each, language) for each in found.proposals if each.terms]
    notes += [note.text(language) for note in found.notes()]
    for each in found.groups:
        told: dict[str, str | int | float | None] = {
            "ads": each.ads,
            "kind": each.kind,
            "share": _told(each.share),
        }
        notes.append(say("mine.groups", language, told))
    if labelled.skipped:
        notes.append(say("mine.skipped", language, {"rows": labelled.skipped}))
    for note in notes:
        results().print(note, style="dim", markup=False)
    if options["out"]:
        click.echo(
            say(
                "mine.written",
                language,
                {"rules": len(found.proposals), "file": options["out"]},
            )
        )


def _terms(each: Proposal, language: Language) -> str:
    """Tell what the terms of a list catch one by one."""
    from shroff.domain.messages import say

    said = [
        say(
            "mine.term",
            language,
            {"says": term.said, "caught": term.caught, "mistaken": term.mistaken},
        )
        for term in each.terms[:_MOST_TERMS]
    ]
    if more := len(each.terms) - len(said):
        said.append(say("mine.few_terms", language, {"count": more}))
    told = ", ".join(said) if language == "en" else "、".join(said)
    return say("mine.terms", language, {"rule": each.rule.id, "terms": told})


def _row(each: Proposal, language: Language) -> tuple[str, ...]:
    from shroff.domain.messages import count, say

    said = each.said if len(each.said) <= _LONGEST else each.said[: _LONGEST - 1] + "…"
    return (
        each.rule.id,
        say(f"mine.kind.{each.kind}", language),
        said,
        _told(each.precision),
        count(each.new),
        count(each.mistaken),
        count(each.advertisers),
        "✓" if each.proved else "",
    )


def _told(estimate: Estimate) -> str:
    from shroff.domain.messages import percent

    if estimate.value is None or estimate.low is None or estimate.high is None:
        return "–"
    return f"{percent(estimate.value)} [{percent(estimate.low)}, {percent(estimate.high)}]"


def _write(pack: Pack, out: str) -> None:
    from shroff.errors import ConfigError
    from shroff.rules.written import write_pack

    try:
        Path(out).write_text(write_pack(pack), encoding="utf-8")
    except OSError as fault:
        raise ConfigError(f"cannot write: {fault.strerror}", where=out) from None
