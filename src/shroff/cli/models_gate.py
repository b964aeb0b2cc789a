"""`shroff models gate`."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from shroff.cli.endings import FINDING, Session
from shroff.cli.options import engine_option, json_option, open_workspace, workspace_option

if TYPE_CHECKING:
    from shroff.domain.messages import Language
    from shroff.models.gate import Gate, GateAsked, GateCheck
    from shroff.report.wording import Sayable

__all__ = ["command"]


class _Options(TypedDict):
    challenger: str
    against: str
    golden: str
    at: float | None
    against_at: float | None
    metrics: tuple[str, ...]
    margins: tuple[str, ...]
    floors: tuple[str, ...]
    matters: float
    alpha: float
    policies: tuple[str, ...]
    by: tuple[str, ...]
    strict: bool
    folder: str
    as_json: bool


@click.command()
@click.argument("challenger")
@click.option("--against", required=True, metavar="CHAMPION", help="The version in place.")
@click.option("--golden", default="", metavar="NAME", help="The set. [default: the newest]")
@click.option("--at", type=float, help="Score from which the challenger acts, of scores.")
@click.option("--against-at", type=float, help="Score from which CHAMPION acts. [default: --at]")
@click.option(
    "--metric",
    "metrics",
    multiple=True,
    type=click.Choice(["recall", "precision", "fpr", "no_answer"]),
    default=("recall", "precision", "no_answer"),
    show_default=True,
    help="On what the challenger may not be worse; may be given again.",
)
@click.option("--margin", "margins", multiple=True, metavar="METRIC=SHARE", help="How much worse.")
@click.option(
    "--floor",
    "floors",
    multiple=True,
    metavar="METRIC=SHARE",
    help="Bar for the challenger itself; of fpr and no_answer a ceiling.",
)
@click.option("--matters", type=float, default=0.05, show_default=True, help="Regression to see.")
@click.option(
    "--alpha", type=float, default=0.05, show_default=True, help="Chance to fail by mistake."
)
@click.option("--policy", "policies", multiple=True, metavar="ID", help="Only these policies.")
@click.option(
    "--by",
    multiple=True,
    type=click.Choice(["policy", "language"]),
    help="Check each slice as well; may be given again.",
)
@click.option("--strict", is_flag=True, help="Fail, too, where the set is too small to tell.")
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(ctx: click.Context, **options: Unpack[_Options]) -> None:
    """Let CHALLENGER pass, or not: ends with 1 where it is worse than CHAMPION beyond noise.

    Both must have judged the golden set. The gate says the smallest regression it would have seen,
    and how many labels it would take where that is too large.

    \b
    shroff models gate judge@b2 --against judge@a1 --golden ads-2026 \\
        --floor recall=0.7 --margin precision=0.02
    """  # noqa: D301 - click keeps the lines after \b
    from shroff.cli.console import print_json
    from shroff.cli.progress import step
    from shroff.models.held_judges import JudgeNamed

    workspace = open_workspace(ctx.ensure_object(Session), options["folder"])
    asked, at, champion_at = _asked(options), options["at"], options["against_at"]
    with step("holding both against people"):
        found = workspace.modeller.judging.gate(
            JudgeNamed(options["challenger"], at),
            JudgeNamed(options["against"], at if champion_at is None else champion_at),
            asked,
            golden=options["golden"],
            policies=options["policies"],
            by=options["by"],
        )
    if options["as_json"]:
        print_json(found.record())
    else:
        _show(found, workspace.settings.workspace.language)
    if found.verdict == "fail" or (options["strict"] and found.verdict == "too_small"):
        ctx.exit(FINDING)


def _asked(options: _Options) -> GateAsked:
    from shroff.models.gate import GateAsked

    return GateAsked(
        metrics=tuple(dict.fromkeys(options["metrics"])),
        margins=_shares(options["margins"], "--margin"),
        floors=_shares(options["floors"], "--floor"),
        matters=options["matters"],
        alpha=options["alpha"],
    )


def _shares(texts: tuple[str, ...], where: str) -> dict[str, float]:
    from shroff.errors import ConfigError

    found: dict[str, float] = {}
    for text in texts:
        name, _, share = text.partition("=")
        try:
            found[name.strip()] = float(share)
        except ValueError:
            raise ConfigError(
                f"{text!r} cannot be read", where=where, hint="such as recall=0.02"
            ) from None
    return found


def _show(found: Gate, language: Language) -> None:
    from rich.markup import escape

    from shroff.cli.console import print_table, results
    from shroff.domain.messages import say

    console = results()
    console.print(f"[bold]{escape(found.text().text(language))}[/]")
    names = ("check", "slice", "labels", "champion", "challenger", "worse", "smallest", "verdict")
    columns = [say(f"gate.column.{name}", language) for name in names]
    rows = [
        tuple(cell.text(language) for cell in _row(check, found.asked.matters))
        for check in found.checks
    ]
    print_table(columns, rows, right=columns[2:7])
    for check in found.blind:
        if check.drop is not None:
            console.print(escape(_needed(check, found.asked.matters, language)))
    alpha = say("gate.alpha", language, {"alpha": found.asked.alpha})
    for text in (alpha, *(note.text(language) for note in found.notes)):
        console.print(f"[dim]{escape(text)}[/]")


def _row(check: GateCheck, matters: float) -> tuple[Sayable, ...]:
    from shroff.domain.messages import Message, count, points
    from shroff.models.gate import METRICS, in_points
    from shroff.report.figures import Figure
    from shroff.report.golden_section import part_of
    from shroff.report.wording import Plain, Sentence

    name = Message(f"golden.column.{check.metric}")
    kind = check.kind
    if kind == "floor" and not METRICS[check.metric]:
        kind = "ceiling"
    bar = in_points(check.bar) if kind == "worse" else check.bar
    drop = check.drop
    state = "unsure" if check.too_small(matters) else "holds"
    if drop is not None and drop.fails:
        state = "fails"
    worse = f"{points(drop.value)} ({points(drop.low)} – {points(drop.high)})" if drop else "–"
    return (
        Sentence(f"gate.check.{kind}", {"metric": name, "bar": bar}),
        part_of(check.slice),
        Plain(count(check.labels)),
        Figure(check.champion) if check.champion is not None else Plain("–"),
        Figure(check.challenger),
        Plain(worse),
        Plain(in_points(drop.smallest) if drop else "–"),
        Message(f"gate.{state}"),
    )


def _needed(check: GateCheck, matters: float, language: Language) -> str:
    from shroff.domain.messages import Message
    from shroff.models.gate import in_points
    from shroff.report.golden_section import part_of
    from shroff.report.wording import Sentence

    drop = check.drop
    told = Sentence(
        "gate.needed",
        {
            "metric": Message(f"golden.column.{check.metric}"),
            "slice": part_of(check.slice),
            "smallest": in_points(drop.smallest) if drop else None,
            "matters": in_points(matters),
            "needed": drop.needed if drop else None,
            "labels": check.labels,
        },
    )
    return told.text(language)
