"""`shroff models prompt attacks`."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import click

from shroff.cli.options import json_option

__all__ = ["command"]


@click.command()
@click.argument("policy", type=Path)
@click.option("--csv", "csv_file", metavar="FILE", help="Write the ads to CSV; -: stdout.")
@click.option("--zh", "chinese", is_flag=True, help="Say it in Chinese.")
@json_option
def command(*, policy: Path, csv_file: str | None, chinese: bool, as_json: bool) -> None:
    """Write ads that violate POLICY and try to talk a model out of saying so.

    They are its violating examples with orders, forged answers, false marks, hidden and encoded
    text around them, in each language of the policy. A judge that calls one compliant took its
    orders from an ad.
    """
    import pyarrow as pa

    from shroff.cli.console import print_json
    from shroff.cli.tables import write_csv
    from shroff.domain.excerpts import safe
    from shroff.domain.messages import Language, say
    from shroff.models.injections import attacks
    from shroff.models.policy_file import load_policy

    text = load_policy(policy)
    found = attacks(text) or _nothing(policy)
    records = [each.record() for each in found]
    if as_json:
        print_json({"policy": text.policy, "attacks": records})
        return
    fields = ("id", "kind", "language", "policy", "expected", "title", "body", "ocr_text")
    table = pa.table({f: pa.array([r.get(f) for r in records], pa.string()) for f in fields})
    if csv_file:
        write_csv(table, csv_file)
        return
    for each in found:
        click.echo(f"{each.id}: {safe(' | '.join(each.ad.values()))}")
    counts: dict[str, str | int | float | None] = {
        "ads": len(found),
        "kinds": len({each.kind for each in found}),
        "languages": len({each.language for each in found}),
        "policy": text.policy,
    }
    click.echo(say("policies.injections.summary", Language.ZH if chinese else Language.EN, counts))


def _nothing(policy: Path) -> NoReturn:
    from shroff.errors import ConfigError

    raise ConfigError(
        "the policy has no violating example",
        where=str(policy),
        hint="give some: attacks are made of them",
    )
