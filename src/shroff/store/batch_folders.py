"""Batches of requests in the workspace, from which forgotten ads are taken out."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path

__all__ = ["BATCHES", "forget_in_batches"]

BATCHES = "batches"
"""Folder of the workspace that holds them, one folder a batch."""

_MANIFEST = "manifest.jsonl"


def forget_in_batches(root: Path, ads: Collection[str]) -> int:
    """Take ads that are forgotten out of batches: manifest, requests and answers.

    Parameters
    ----------
    root : Path
        Folder of the workspace.
    ads : collection of str
        Their ids.

    Returns
    -------
    int
        Lines removed.
    """
    removed = 0
    for manifest in sorted((root / BATCHES).glob(f"*/{_MANIFEST}")):
        keys = _keys_of(manifest, frozenset(ads))
        for file in sorted(manifest.parent.glob("*.jsonl")) if keys else ():
            removed += _without(file, keys)
    return removed


def _keys_of(manifest: Path, ads: frozenset[str]) -> frozenset[str]:
    """Find the requests about ads."""
    found: set[str] = set()
    with manifest.open(encoding="utf-8") as stream:
        for line in stream:
            told = json.loads(line)
            if any(each["ad_id"] in ads for each in told.get("ads", ())):
                found.update(told["keys"])
    return frozenset(found)


def _without(file: Path, keys: frozenset[str]) -> int:
    """Write a file anew without the lines that name a request: the bytes must not linger."""
    lines = file.read_text(encoding="utf-8", errors="surrogateescape").splitlines(keepends=True)
    kept = [line for line in lines if not any(key in line for key in keys)]
    if len(kept) < len(lines):
        file.write_text("".join(kept), encoding="utf-8", errors="surrogateescape")
    return len(lines) - len(kept)
