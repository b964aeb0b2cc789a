"""`shroff models train`."""

from __future__ import annotations

from pathlib import Path
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
    from shroff.domain.messages import Language
    from shroff.models.trained import TrainedModel

__all__ = ["command"]

_FIGURES = ("average_precision", "auc", "gap", "ece")


class _Options(TypedDict):
    name: str
    policy: str
    columns: tuple[str, ...]
    owner: str
    out: Path | None
    file: Path | None
    text: str
    label: str
    period: str
    level: float
    folder: str
    as_json: bool


@click.command()
@click.option("--name", default="", help="Name of the model. [default: text_classifier]")
@click.option("--policy", default="", metavar="ID", help="Policy to find. [default: any]")
@click.option(
    "--column", "columns", multiple=True, metavar="COLUMN",
    help="Column of ads it reads. Repeatable. [default: title, body, ocr_text, asr_text]",
)  # fmt: skip
@click.option("--owner", default="", help="Who answers for it.")
@click.option(
    "--out", type=Path, metavar="FILE.npz", help="File to write. [default: in the folder models]"
)
@click.option(
    "--file", type=Path, metavar="FILE", help="Train on a CSV, JSON Lines or Parquet file instead."
)
@click.option("--text", default="text", show_default=True, help="Its column of texts.")
@click.option("--label", default="label", show_default=True, help="Its column of labels.")
@period_option
@level_option
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(ctx: click.Context, **options: Unpack[_Options]) -> None:
    """Train a small text classifier, English and Chinese, on the workspace's labels.

    Labels weigh what they stand for; nothing is downloaded. It is registered in shadow: look at
    its figures, then `shroff models score` it. With --file no workspace is needed.

    \b
    shroff models train --policy E4 --period last-91-days --owner lin
    shroff models train --file labelled.csv --label violates --out mine.npz
    """  # noqa: D301 - click keeps the lines after \b
    from shroff.cli.console import print_json
    from shroff.cli.progress import counted

    if options["file"] is not None:
        _from_file(options)
        return
    workspace = open_workspace(ctx.ensure_object(Session), options["folder"])
    from shroff.models.model_sources import TEXTS
    from shroff.models.score_desk import TrainAsked

    asked = TrainAsked(
        name=options["name"],
        policy=options["policy"],
        columns=options["columns"] or TEXTS,
        owner=options["owner"],
        out=options["out"],
        level=options["level"],
    )
    with counted("training") as tick:
        found = workspace.modeller.scoring.train(asked, period=options["period"], tick=tick)
    if options["as_json"]:
        print_json(found.record())
    else:
        _show(found, workspace.settings.workspace.language)


def _show(found: TrainedModel, language: Language) -> None:
    from shroff.cli.console import print_table, results
    from shroff.domain.messages import say

    click.echo(found.summary().text(language))
    figures = [found.figures[name] for name in _FIGURES]
    titles = [say(f"training.column.{name}", language) for name in ("figure", "value", "labels")]
    rows = [
        (
            say(f"training.figure.{name}", language),
            "–" if e.value is None else f"{e.value:.3f} ({e.low:.3f} – {e.high:.3f})",
            f"{e.n:,}",
        )
        for name, e in zip(_FIGURES, figures, strict=True)
    ]
    print_table(titles, rows, right=titles[1:])
    for caveat in found.caveats:
        results().print(caveat.text(language), markup=False, style="dim")
    click.echo(say("training.next", language, {"name": found.model.name}))


def _from_file(options: _Options) -> None:
    """Train on a plain file, without a workspace."""
    from dataclasses import replace

    from shroff.cli.console import print_json
    from shroff.cli.progress import counted
    from shroff.errors import ConfigError
    from shroff.models.classifier_training import LabelledTexts, average_precision, train
    from shroff.models.labelled_file import read_labelled_file

    file, out = options["file"], options["out"]
    if file is None or out is None:
        raise ConfigError("where is it to be written?", where="--out", hint="--out mine.npz")
    texts, truth = read_labelled_file(file, text=options["text"], label=options["label"])
    labels = LabelledTexts.simple(texts, truth)
    with counted("training") as tick:
        found = train(labels, tick=tick)
    made = {"file": file.name, "labels": len(truth), "violating": int(labels.violating.sum())}
    replace(found.classifier, made_from=made).save(out)
    area = average_precision(labels.violating, found.scores, labels.weight)
    told = {
        "file": str(out),
        "made_from": made,
        "setting": {"cost": found.setting.cost, "stretch": found.setting.stretch},
        "features": len(found.classifier.hashes),
        "average_precision": area,
    }
    if options["as_json"]:
        print_json(told)
        return
    click.echo(
        f"{out}: trained on {len(truth):,} texts, {made['violating']:,} of them violating; average"
        f" precision on texts not seen {area:.3f}"
    )
