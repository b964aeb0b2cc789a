"""The locks are whole, and a fault in one is seen."""

from __future__ import annotations

from pathlib import Path

import pytest

import check_locks

HASH = "sha256:" + "0" * 64


def test_the_locks_pin_and_hash_everything_and_name_no_registry() -> None:
    assert check_locks.faults() == []


def test_pins_reads_name_and_version() -> None:
    lock = f"one==1.0 \\\n    --hash={HASH} \\\n    --hash={HASH}\n    # via x\n"
    lock += f"two==2.1 ; python_version < '3.12' \\\n    --hash={HASH}\n"
    assert check_locks.pins(lock) == {"one": "1.0", "two": "2.1"}


@pytest.mark.parametrize(
    ("addition", "fault"),
    [
        ("--index-url https://example.org/simple\n", "registry"),
        ("unhashed==1.0\n", "without version or hash"),
    ],
)
def test_a_fault_in_a_lock_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, addition: str, fault: str
) -> None:
    (tmp_path / "requirements").mkdir()
    for name in (
        "requirements/build.in",
        "pyproject.toml",
        *(f"requirements/{lock}.lock" for lock in ("run", "build", "dev", "bench")),
    ):
        text = (check_locks.ROOT / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(text + addition * name.endswith("run.lock"), encoding="utf-8")
    monkeypatch.setattr(check_locks, "ROOT", tmp_path)
    assert [line for line in check_locks.faults() if fault in line]
