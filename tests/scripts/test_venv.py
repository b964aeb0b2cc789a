"""Setting up on a machine that lacks something says what is missing, in a sentence."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "scripts" / "venv.sh"


def set_up(folder: Path, *, python: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": "/usr/bin:/bin", "PYTHON": python}
    return subprocess.run(
        ["bash", str(SCRIPT), str(folder / "venv")],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def stand_in(folder: Path, *, body: str) -> str:
    """Write a program that answers as some Python would."""
    program = folder / "python"
    program.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    program.chmod(0o755)
    return str(program)


def test_without_a_new_enough_python_it_says_which_is_needed(tmp_path: Path) -> None:
    run = set_up(tmp_path, python=stand_in(tmp_path, body="exit 1"))
    assert run.returncode == 1
    assert "needs Python 3.11 or later" in run.stderr


def test_without_the_venv_module_it_names_the_package_to_install(tmp_path: Path) -> None:
    body = f"""case "$2" in
      *version_info*) exec {sys.executable} "$@" ;;
      *) exit 1 ;;
    esac"""
    run = set_up(tmp_path, python=stand_in(tmp_path, body=body))
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert run.returncode == 1
    assert f"apt-get install python{version}-venv" in run.stderr
    assert not (tmp_path / "venv").exists()


def test_it_makes_an_environment_with_pip_and_leaves_one_that_works_alone(tmp_path: Path) -> None:
    first = set_up(tmp_path, python=sys.executable)
    again = set_up(tmp_path, python=sys.executable)
    assert first.returncode == 0, first.stderr
    assert (tmp_path / "venv" / "bin" / "pip").exists()
    assert "Making" in first.stdout
    assert again.stdout == ""
