from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shroff.cli.app import COMMANDS

Cli = Callable[..., Any]


def test_help_lists_every_command(cli: Cli) -> None:
    outcome = cli("--help")
    assert outcome.code == 0
    for name, (_, summary) in COMMANDS.items():
        assert name in outcome.out
        assert summary in outcome.out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str, cli: Cli) -> None:
    outcome = cli(name, "--help")
    assert outcome.code == 0
    assert outcome.out.startswith(f"Usage: shroff {name}")


def test_every_command_that_computes_has_json(cli: Cli) -> None:
    groups = {
        "advise", "labels", "models", "people", "retention", "rules", "strategy", "watch",
    }  # fmt: skip
    for name in set(COMMANDS) - groups - {"serve"}:  # which has an API
        assert "--json" in cli(name, "--help").out, name
    assert "--json" in cli("retention", "apply", "--help").out


def test_a_wrong_command_is_told_with_the_nearest(cli: Cli) -> None:
    outcome = cli("mesure")
    assert outcome.code == 2
    assert "did you mean 'measure'?" in outcome.err


def test_no_command_at_all_shows_help(cli: Cli) -> None:
    outcome = cli()
    assert outcome.code == 2
    assert "Commands:" in outcome.out + outcome.err


def test_the_version_is_told(cli: Cli) -> None:
    assert cli("--version").out.startswith("shroff ")


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from shroff.cli.app import run; run(['--help']);"
        "print([m for m in ('numpy', 'pyarrow', 'duckdb', 'pydantic', 'rich') if m in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip().endswith("[]")


def test_the_module_runs_as_a_program() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "shroff", "--version"], capture_output=True, text=True, check=True
    )
    assert told.stdout.startswith("shroff ")


def test_a_terminal_without_chinese_gets_question_marks(demo: Path) -> None:
    told = subprocess.run(
        [
            sys.executable,
            "-m",
            "shroff",
            "metrics",
            "leakage",
            "--language",
            "zh",
            "-w",
            str(demo),
        ],
        capture_output=True,
        env={"PYTHONIOENCODING": "latin-1", "PATH": ""},
        check=True,
    )
    assert b"leakage" in told.stdout
    assert b"?" in told.stdout


def test_a_reader_that_leaves_early_is_no_fault(demo: Path) -> None:
    query = "SELECT range FROM range(200000)"
    line = f"'{sys.executable}' -m shroff sql '{query}' --csv - -w '{demo}' | head -1"
    told = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=True)
    assert told.stdout == "range\n"
    assert told.stderr == ""
