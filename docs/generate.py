"""Write the reference pages from what the code says, or check that the written ones are current.

``python docs/generate.py`` writes them; with ``--check`` it only compares and exits 1 on a
difference. The same code gives the same bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pages_api
import pages_commands
import pages_faults
import pages_metrics
import pages_policy_findings
import pages_rule_findings
import pages_settings
import pages_tables

__all__ = ["PAGES", "main", "stale"]

REFERENCE = Path(__file__).parent / "reference"
PAGES = {
    "api.md": pages_api.page,
    "commands.md": pages_commands.page,
    "faults.md": pages_faults.page,
    "metrics.md": pages_metrics.page,
    "policy-findings.md": pages_policy_findings.page,
    "rule-findings.md": pages_rule_findings.page,
    "settings.md": pages_settings.page,
    "tables.md": pages_tables.page,
}
"""Writer of each generated page."""


def stale() -> list[str]:
    """Name the pages that are not what the code says.

    Returns
    -------
    list of str
        File names.
    """
    return [
        name
        for name, page in PAGES.items()
        if not (REFERENCE / name).exists()
        or (REFERENCE / name).read_text(encoding="utf-8") != page()
    ]


def main(arguments: list[str]) -> int:
    """Write or check the pages.

    Parameters
    ----------
    arguments : list of str
        ``--check`` or nothing.

    Returns
    -------
    int
        1 when a page is stale.
    """
    if "--check" in arguments:
        old = stale()
        if old:
            print(f"stale: {', '.join(old)}; run make generate", file=sys.stderr)
        return 1 if old else 0
    for name, page in PAGES.items():
        (REFERENCE / name).write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
