"""A process to be killed while it counts: ``kept_victim.py WORKSPACE``, which says when it begins."""

from __future__ import annotations

import sys

from shroff.workspace import Workspace


def main(root: str) -> None:
    workspace = Workspace.open(root)
    sys.stdout.write("begin\n")
    sys.stdout.flush()
    with workspace.engine() as engine:
        workspace.upkeep(engine).refresh()


if __name__ == "__main__":
    main(*sys.argv[1:])
