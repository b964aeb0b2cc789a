"""Run the cases of a benchmark one by one, show each as it is done, and write the page if asked."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

__all__ = ["Runner", "run_cases"]

Case = TypeVar("Case")
Outcome = TypeVar("Outcome")
Case_contra = TypeVar("Case_contra", contravariant=True)
Outcome_co = TypeVar("Outcome_co", covariant=True)


class Runner(Protocol[Case_contra, Outcome_co]):
    """What runs one case so many times."""

    def __call__(self, case: Case_contra, /, *, runs: int) -> Outcome_co: ...


def run_cases(
    cases: Sequence[Case],
    run: Runner[Case, Outcome],
    *,
    table: Callable[[list[Outcome]], str],
    results: Path,
    about: str,
) -> None:
    """Read the command line and run the cases."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args()
    found: list[Outcome] = []
    for case in cases:
        found.append(run(case, runs=chosen.runs))
        sys.stdout.write(table(found[-1:]).splitlines()[-1] + "\n")
        sys.stdout.flush()
    if chosen.write:
        results.write_text(table(found), encoding="utf-8")
