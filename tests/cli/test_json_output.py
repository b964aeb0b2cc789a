from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shroff.cli.people_command import PEOPLE_COMMANDS

Cli = Callable[..., Any]

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "json.md"
DOCUMENTED = {
    command: set(re.findall(r"`(\w+)`", keys))
    for command, keys in re.findall(
        r"^\| `shroff ([\w -]+)` \| (.+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE
    )
}
CALLS = {
    "advise cascade": ["advise", "cascade", "--by", "market", "--period", "all"],
    "advise grow": ["advise", "grow"],
    "advise guarantee": ["advise", "guarantee"],
    "advise plan": ["advise", "plan", "--from", "rules"],
    "advise outcome": ["advise", "outcome", "--metric", "approve_rate", "--on", "2026-06-12"],
    "advise staff": ["advise", "staff", "en_west"],
    "advise thresholds": ["advise", "thresholds", "--by", "market"],
    "check": ["check"],
    "cubes": ["cubes"],
    "decide": ["decide", "logs/ads/part.parquet"],
    "demo": ["demo", ".", "--reveal"],
    "fewer-labels": ["fewer-labels"],
    "forget": ["forget", "reviewer", "nobody"],
    "ingest": ["ingest", "policies", "logs/policies"],
    "measure": ["measure", "--metric", "approve_rate"],
    "metrics": ["metrics"],
    "quarantine": ["quarantine"],
    "models kill": ["models", "kill", "policy_judge", "--reason", "a test"],
    "models operations": ["models", "operations", "--period", "all"],
    "models shadow": ["models", "shadow", "--period", "all"],
    "regulatory": ["regulatory"],
    "find": ["find", "free"],
    "rules backtest": ["rules", "backtest", "packs/demo.yaml"],
    "rules init": ["rules", "init", "--list"],
    "rules scan": ["rules", "scan", "packs/demo.yaml"],
    "rules watch": ["rules", "watch"],
    "retention apply": ["retention", "apply"],
    "sql": ["sql", "SELECT 1 AS one"],
    "status": ["status"],
    "strategy show": ["strategy", "show"],
    "watch advertisers": ["watch", "advertisers", "--by", "reviews"],
    "watch campaigns": ["watch", "campaigns", "--period", "all"],
    "watch drift": ["watch", "drift"],
    "watch terms": ["watch", "terms"],
    "watch changes": ["watch", "changes"],
    "watch incidents": ["watch", "incidents"],
    "watch trends": ["watch", "trends"],
    "watch why": ["watch", "why", "--period", "last-14-days"],
}


@pytest.mark.parametrize("command", CALLS)
def test_the_object_has_the_keys_that_are_documented(
    command: str, own_demo: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(own_demo)
    outcome = cli(*CALLS[command], "--json")
    assert outcome.code == 0, outcome.err
    assert set(outcome.record()) == DOCUMENTED[command] - ({"sql"} if command == "sql" else set())


def test_every_command_with_json_is_documented() -> None:
    # their own tests hold the others to the page
    elsewhere = {
        "advise accept",
        "advise done",
        "advise reject",
        "advise simulate",
        *(f"people {name}" for name in PEOPLE_COMMANDS),
        "models calibration",
        "models card",
        "models compare",
        "models curves",
        "models disagreements",
        "models gate",
        "models golden adjudicate",
        "models golden adopt",
        "models golden consistency",
        "models golden draw",
        "models golden list",
        "models golden results",
        "models golden run",
        "models golden show",
        "models golden take",
        "models labeller",
        "models classify",
        "models list",
        "models score",
        "models train",
        "models register",
        "models revive",
        "models show",
        "models state",
        "models prompt attacks",
        "models prompt check",
        "models prompt diff",
        "models prompt lint",
        "models prompt render",
        "models batch read",
        "models batch write",
        "models judge",
        "models probe",
        "models recalibrate",
        "models sent",
        "goals",
        "labels draw",
        "labels plan",
        "labels quality",
        "labels take",
        "strategy adopt",
        "strategy drop",
        "report list",
        "report run-due",
        "report schedule",
        "report schedules",
        "report send",
        "report unschedule",
        "rules diff",
        "rules lint",
        "rules mine",
        "rules promote",
        "rules status",
        "rules stop",
        "rules test",
        "rules show",
        "slices",
    }
    assert set(DOCUMENTED) == {*CALLS, *elsewhere, "init", "report"}


def test_a_figure_and_a_finding_have_the_keys_that_are_documented(demo: Path, cli: Cli) -> None:
    page = PAGE.read_text(encoding="utf-8")
    (figure, *_) = cli("measure", "--metric", "leakage", "-w", demo, "--json").record()["figures"]
    told = re.search(r"\*\*A figure\*\*(.+?)\n\n", page, re.DOTALL)
    assert told
    assert set(re.findall(r"`(\w+)`", told[1])) >= set(figure) - {
        "numerator", "denominator", "design", "caveats",
    }  # fmt: skip
    findings = cli("check", "-w", demo, "--json").record()["findings"]
    told = re.search(r"\*\*A finding\*\*(.+?)\n\n", page, re.DOTALL)
    assert told
    for finding in findings:
        assert set(finding) <= set(re.findall(r"`(\w+)`", told[1]))
