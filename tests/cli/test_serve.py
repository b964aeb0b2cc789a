"""The dashboard is served to this machine only, and says what hinders it."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from tests.cli.conftest import Cli


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.9", "example.com"])  # noqa: S104
def test_it_does_not_listen_to_other_machines(cli: Cli, demo: Path, host: str) -> None:
    told = cli("serve", "-w", demo, "--host", host, "--port", "0")
    assert told.code == 2
    assert "can be reached from other machines" in told.err


def test_a_port_that_is_taken_is_told(cli: Cli, demo: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        told = cli("serve", "-w", demo, "--port", str(port))
    assert told.code == 2
    assert f"port {port} of 127.0.0.1 cannot be listened on" in told.err


def test_a_workspace_is_made_from_this_machine_only(cli: Cli, tmp_path: Path) -> None:
    told = cli("serve", "-w", tmp_path, "--host", "0.0.0.0")  # noqa: S104
    assert told.code == 2
    assert "one is made from this machine only" in told.err
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there_is_told(cli: Cli, tmp_path: Path) -> None:
    told = cli("serve", "-w", tmp_path / "gone")
    assert told.code == 2
    assert "there is no such folder" in told.err
