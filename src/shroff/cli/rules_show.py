"""`shroff rules show`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from shroff.cli.options import json_option

if TYPE_CHECKING:
    from shroff.rules.rule import Pack, Rule

__all__ = ["command"]

_WIDEST = 80


@click.command()
@click.argument("file", type=Path)
@json_option
def command(*, file: Path, as_json: bool) -> None:
    """Show a rule pack as a table: what each rule looks for, where it applies, what it asks for.

    Terms of rules that are marked offensive are not shown.
    """
    from shroff.cli.console import print_json, print_table
    from shroff.rules.pack_file import load_pack

    pack = load_pack(file)
    if as_json:
        print_json(_record(pack))
        return
    click.echo(f"{pack.id} {pack.version}, {len(pack.rules)} rules")
    titles = ("rule", "policy", "action", "severity", "scope", "expires", "tests", "looks for")
    print_table(titles, [_row(rule) for rule in pack.rules], right=("severity",))


def _row(rule: Rule) -> tuple[str, ...]:
    tests = f"{len(rule.must_match)}+{len(rule.must_not_match)}"
    scope = " ".join([*rule.markets, *rule.languages]) or "all"
    said = _said(rule)
    shown = said if len(said) <= _WIDEST else f"{said[:_WIDEST]}…"
    expires = rule.expires.isoformat() if rule.expires else ""
    return (
        rule.id, rule.policy, str(rule.action), str(rule.severity), scope, expires, tests, shown,
    )  # fmt: skip


def _said(rule: Rule) -> str:
    """Write what a rule looks for, naming its shared lists as the pack does."""
    from shroff.rules.written import condition_text

    return "(offensive)" if rule.offensive else condition_text(rule.match)


def _record(pack: Pack) -> dict[str, object]:
    return {
        "id": pack.id,
        "version": pack.version,
        "owner": pack.owner,
        "digest": pack.digest,
        "rules": [_rule_record(rule) for rule in pack.rules],
    }


def _rule_record(rule: Rule) -> dict[str, object]:
    return {
        "id": rule.id,
        "version": rule.version,
        "name": {"en": rule.name.en, "zh": rule.name.zh},
        "policy": rule.policy,
        "action": str(rule.action),
        "severity": rule.severity,
        "markets": list(rule.markets),
        "languages": list(rule.languages),
        "fields": list(rule.fields),
        "expires": rule.expires.isoformat() if rule.expires else None,
        "offensive": rule.offensive,
        "match": _said(rule),
        "examples": len(rule.must_match),
        "near_misses": len(rule.must_not_match),
    }
