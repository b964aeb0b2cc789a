"""Importing is cheap: what a command does not need, it does not load."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = frozenset({
    "altair", "deltalake", "duckdb", "numpy", "pandas", "polars", "pyarrow", "pydantic", "scipy",
    "vl_convert",
})  # fmt: skip


def loaded_by(code: str) -> set[str]:
    """Name the top-level modules that a fresh interpreter holds after running the code."""
    program = f"{code}\nimport json, sys; print(json.dumps(sorted({{m.split('.')[0] for m in sys.modules}})))"
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return set(json.loads(run.stdout.splitlines()[-1]))


def test_importing_shroff_loads_nothing_heavy() -> None:
    assert not loaded_by("import shroff") & HEAVY


def test_help_loads_nothing_heavy() -> None:
    code = "from shroff.cli.app import run; run(['--help'])"
    assert not loaded_by(code) & HEAVY


@pytest.mark.parametrize("command", ["init", "ingest", "check", "measure", "report", "sql"])
def test_help_of_a_command_loads_nothing_heavy(command: str) -> None:
    code = f"from shroff.cli.app import run; run(['{command}', '--help'])"
    assert not loaded_by(code) & HEAVY


def test_the_words_of_the_trade_load_nothing_heavy() -> None:
    code = "import shroff.domain.messages, shroff.domain.slices, shroff.errors"
    assert not loaded_by(code) & HEAVY
