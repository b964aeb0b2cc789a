"""A process to be killed: ``victim.py WORK LAKE FILE``, which says when it begins."""

from __future__ import annotations

import sys
from pathlib import Path

from shroff.store.ingest import ingest
from shroff.store.lake import Lake


def main(work: str, root: str, file: str) -> None:
    lake = Lake(Path(root))
    sys.stdout.write("begin\n")
    sys.stdout.flush()
    if work == "ingest":
        ingest(lake, "changes", [Path(file)], threads=1)
    else:
        lake.compact("changes")


if __name__ == "__main__":
    main(*sys.argv[1:])
