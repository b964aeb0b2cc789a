"""`shroff rules diff`."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    from shroff.rules.backtest_result import Backtest
    from shroff.rules.pack_diff import PackDiff
    from shroff.rules.rule import Rule

__all__ = ["command"]


@click.command()
@click.argument("old")
@click.argument("new")
@click.option("--words-only", is_flag=True, help="Do not try the difference on past ads.")
@period_option
@level_option
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    *,
    old: str,
    new: str,
    words_only: bool,
    period: str,
    level: float,
    folder: str,
    as_json: bool,
) -> None:
    """Tell what changed from pack OLD to pack NEW, and what it would have done.

    Rules added, removed and changed in words; then what NEW hits and OLD does not, and what OLD
    hits and NEW does not, on the ads of a period.

    \b
    shroff rules diff packs/health.yaml drafts/health.yaml --period last-month
    """  # noqa: D301 - click keeps the lines after \b
    from shroff.cli.console import print_json
    from shroff.cli.progress import reading
    from shroff.domain.messages import Language
    from shroff.rules.pack_diff import diff_packs
    from shroff.rules.pack_paths import read_packs

    before, after = read_packs([old]), read_packs([new])
    words = diff_packs(before, after)
    if words_only:
        if as_json:
            print_json(words.record())
        else:
            _show(words, Language.EN)
        return
    workspace = open_workspace(ctx.ensure_object(Session), folder)
    with reading("reading past ads"):
        tried = workspace.rules.backtest
        gained = tried(after, against=before, period=period, level=level)
        lost = tried(before, against=after, period=period, level=level)
    if as_json:
        print_json({**words.record(), "gained": gained.record(), "lost": lost.record()})
        return
    language = workspace.settings.workspace.language
    _show(words, language)
    _show_tried(words, gained, lost, language=language)


def _show_tried(words: PackDiff, gained: Backtest, lost: Backtest, *, language: Language) -> None:
    """Tell what past ads say of the rules that differ."""
    from shroff.cli.rules_backtest import show_backtest
    from shroff.domain.messages import say

    touched = {name for name, _ in words.changed}
    for key, found, only in (
        ("diff.gained", gained, {rule.id for rule in words.added} | touched),
        ("diff.lost", lost, {rule.id for rule in words.removed} | touched),
    ):
        if only:
            click.echo()
            click.echo(say(key, language))
            show_backtest(found, language, only=only)


def _show(words: PackDiff, language: Language) -> None:
    from shroff.cli.console import print_table, results
    from shroff.domain.messages import say

    results().print(words.summary().text(language), style="bold", markup=False)
    rows = [("+", rule.id, "", "", _said(rule)) for rule in words.added]
    rows += [("−", rule.id, "", _said(rule), "") for rule in words.removed]
    rows += [
        ("~", name, each.what, each.before, each.after)
        for name, changes in words.changed
        for each in changes
    ]
    if rows:
        titles = tuple(say(f"diff.column.{name}", language) for name in ("what", "old", "new"))
        print_table(("", say("backtest.column.rule", language), *titles), rows)


def _said(rule: Rule) -> str:
    from shroff.rules.written import condition_text

    return "(offensive)" if rule.offensive else condition_text(rule.match, evasion=rule.evasion)
