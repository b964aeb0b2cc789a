"""One writer at a time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from shroff.errors import EngineError
from shroff.store.lock import only_writer

HOLD = """
import sys, time
from pathlib import Path
from shroff.store.lock import only_writer
with only_writer(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_writer_is_told_who_writes(tmp_path: Path) -> None:
    with only_writer(tmp_path), pytest.raises(EngineError) as caught:  # noqa: SIM117
        with only_writer(tmp_path):
            pass
    assert str(os.getpid()) in caught.value.cause


def test_the_lock_can_be_had_again(tmp_path: Path) -> None:
    for _ in range(2):
        with only_writer(tmp_path):
            assert (tmp_path / ".lock").read_text().strip() == str(os.getpid())


def test_a_killed_writer_leaves_no_lock(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(EngineError) as caught, only_writer(tmp_path):
            pass
        assert str(holder.pid) in caught.value.cause
        holder.kill()
        holder.wait()
        with only_writer(tmp_path):
            assert (tmp_path / ".lock").read_text().strip() == str(os.getpid())
