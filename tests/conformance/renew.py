"""Write the golden answers anew: ``python -m tests.conformance.renew [PLAY ...]``."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.conformance.constructs import CONSTRUCTS
from tests.conformance.drivers import DEFAULT, DRIVERS
from tests.conformance.golden import write
from tests.conformance.recorder import Tape, asked
from tests.conformance.workspaces import PLAYS, build, play_on

from shroff.store.settings import parse_settings
from shroff.workspace import Workspace

__all__ = ["main"]


def main(names: list[str]) -> int:
    """Run the plays named, all when none is, on the default engine."""
    chosen = [play for play in PLAYS if play.golden and (not names or play.name in names)]
    with TemporaryDirectory() as scratch:
        if not names or "constructs" in names:
            _constructs(Path(scratch))
        for kind in dict.fromkeys(play.workspace for play in chosen):
            build(kind, Path(scratch) / kind)
        for play in chosen:
            root = Path(scratch) / "runs" / play.name
            shutil.copytree(Path(scratch) / play.workspace, root)
            tape, _ = play_on(play, root, engine=DRIVERS[DEFAULT].settings)
            write(play.name, tape)
            sys.stdout.write(f"{play.name}: {len(tape.asked)} answers\n")
    return 0


def _constructs(folder: Path) -> None:
    workspace = Workspace(folder, parse_settings(DRIVERS[DEFAULT].settings))
    with workspace.engine() as engine:
        write("constructs", Tape([asked(engine, name) for name in CONSTRUCTS]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
