"""`shroff models classify`."""

from __future__ import annotations

from pathlib import Path

import click

from shroff.cli.options import json_option

__all__ = ["command"]


@click.command()
@click.argument("classifier", metavar="CLASSIFIER.npz", type=Path)
@click.argument("file", type=Path)
@click.option("--text", default="text", show_default=True, help="Column of texts.")
@click.option("--csv", "csv_file", metavar="FILE", help="Write all rows with scores; -: stdout.")
@json_option
def command(
    *, classifier: Path, file: Path, text: str, csv_file: str | None, as_json: bool
) -> None:
    """Score the texts of a plain FILE by a classifier that `shroff models train` wrote.

    FILE is CSV, JSON Lines or Parquet; no workspace is needed. Without --csv the highest scores
    are shown.

    \b
    shroff models classify mine.npz new.csv --text body --csv scored.csv
    """  # noqa: D301 - click keeps the lines after \b
    import numpy as np
    import pyarrow as pa

    from shroff.cli.console import print_json, print_table
    from shroff.cli.tables import write_csv
    from shroff.models.classifier import read_classifier
    from shroff.models.labelled_file import read_table, texts_of

    found = read_classifier(classifier)
    table = read_table(file)
    texts = texts_of(table, text, where=str(file))
    scores = found.scores(texts)
    if csv_file:
        rest = [name for name in table.column_names if name != "score"]
        write_csv(table.select(rest).append_column("score", pa.array(scores)), csv_file)
        return
    top = np.argsort(-scores, kind="stable")[:20]
    if as_json:
        print_json({
            "classifier": str(classifier),
            "made_from": dict(found.made_from),
            "texts": len(texts),
            "scores": [round(float(each), 6) for each in scores],
        })  # fmt: skip
        return
    rows = [(f"{scores[at]:.4f}", texts[at][:100]) for at in top]
    print_table(("score", text), rows, right=("score",))
