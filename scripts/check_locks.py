"""Check that the locks pin and hash everything declared, agree, and name no registry."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

__all__ = ["faults", "main", "pins"]

ROOT = Path(__file__).parent.parent
PIN = re.compile(
    r"^([a-z0-9._-]+)==([^\s;\\]+)(?:\s*;[^\\]*)? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)",
    re.MULTILINE,
)
EXTRAS = ("dev", "docs", "pandas", "polars", "spark")
NAME = re.compile(r"^[A-Za-z0-9._-]+")


def pins(lock: str) -> dict[str, str]:
    """Read the pins of a lock: version by name.

    Parameters
    ----------
    lock : str
        Text of the lock.

    Returns
    -------
    dict
        Version by package name.
    """
    return {name: version for name, version, _ in PIN.findall(lock)}


def declared(*, extras: tuple[str, ...]) -> set[str]:
    """Name what pyproject.toml asks for.

    Parameters
    ----------
    extras : tuple of str
        Optional groups to count in.

    Returns
    -------
    set of str
        Normalised package names.
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = project["optional-dependencies"]
    wanted = project["dependencies"] + [line for extra in extras for line in groups[extra]]
    return _names(wanted)


def to_build() -> set[str]:
    """Name what build.in asks for.

    Returns
    -------
    set of str
        Normalised package names.
    """
    lines = (ROOT / "requirements" / "build.in").read_text(encoding="utf-8").splitlines()
    return _names([line for line in lines if line[:1].isalpha()])


def _names(lines: list[str]) -> set[str]:
    matches = (NAME.match(line) for line in lines)
    return {re.sub(r"[._-]+", "-", match[0]).lower() for match in matches if match}


def faults() -> list[str]:
    """List what is wrong with the locks.

    Returns
    -------
    list of str
        One sentence a fault; empty when all is well.
    """
    wanted = {
        "run": declared(extras=()),
        "build": to_build(),
        "dev": declared(extras=EXTRAS) | to_build(),
        "bench": declared(extras=(*EXTRAS, "bench")) | to_build(),
    }
    texts = {
        name: (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8")
        for name in wanted
    }
    read = {name: pins(text) for name, text in texts.items()}
    found: list[str] = []
    for name, text in texts.items():
        found += _faults_alone(name, text) + [
            f"{name}.lock: lacks {missing} (make lock)"
            for missing in sorted(wanted[name] - read[name].keys())
        ]
    found += [
        f"{name} is {version} in {small}.lock and {read[big].get(name)} in {big}.lock (make lock)"
        for small, big in (("run", "dev"), ("build", "dev"), ("dev", "bench"))
        for name, version in read[small].items()
        if read[big].get(name) != version
    ]
    return found


def _faults_alone(name: str, text: str) -> list[str]:
    found: list[str] = []
    unpinned = sum(line[:1].isalnum() for line in text.splitlines()) - len(pins(text))
    if unpinned:
        found.append(f"{name}.lock: {unpinned} entries without version or hash")
    if "://" in text or "--index" in text or "--find-links" in text:
        found.append(f"{name}.lock: names a registry")
    return found


def main() -> int:
    """Print the faults.

    Returns
    -------
    int
        Exit status: 1 when there is a fault.
    """
    found = faults()
    for fault in found:
        sys.stderr.write(fault + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
