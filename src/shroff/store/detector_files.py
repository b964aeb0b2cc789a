"""Detectors that a workspace made, version by version: files that are written once and never again."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

from shroff.errors import ConfigError, DataError, EngineError

__all__ = ["DetectorFiles", "KeptDetector"]

FOLDER = "detectors"
_MOST_TRIES = 100


@dataclass(frozen=True, slots=True)
class KeptDetector:
    """One version of a detector.

    Parameters
    ----------
    kind, id, version : str
        Which it is; versions count from ``1``.
    path : Path
        Its file.
    content : mapping
        What it does, JSON-ready.
    provenance : mapping
        What it was made from, JSON-ready.
    """

    kind: str
    id: str
    version: str
    path: Path
    content: Mapping[str, object]
    provenance: Mapping[str, object]


class DetectorFiles:
    """The detectors of one workspace.

    Parameters
    ----------
    root : Path
        Folder of the workspace.
    """

    def __init__(self, root: Path) -> None:
        self._root = root / FOLDER

    def keep(
        self,
        kind: str,
        name: str,
        *,
        content: Mapping[str, object],
        provenance: Mapping[str, object],
    ) -> tuple[KeptDetector, bool]:
        """Keep a detector as a new version, unless the newest one does the same.

        Parameters
        ----------
        kind, name : str
            What it is, and its id.
        content : mapping
            What it does.
        provenance : mapping
            What it was made from.

        Returns
        -------
        KeptDetector, bool
            The version, and whether it is new. No file that is there is ever changed.

        Raises
        ------
        EngineError
            If it cannot be written.
        """
        folder = self._folder(kind, name)
        digest = _digest(content)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for _ in range(_MOST_TRIES):
                numbers = self._numbers(folder)
                if numbers:
                    newest = self.read(kind, name, version=str(numbers[-1]))
                    if _digest(newest.content) == digest:
                        return newest, False
                number = (numbers[-1] if numbers else 0) + 1
                record = {
                    "kind": kind,
                    "id": name,
                    "version": str(number),
                    "sha256": digest,
                    "content": content,
                    "provenance": provenance,
                }
                if _write_once(folder / f"{number}.json", record):
                    return self.read(kind, name, version=str(number)), True
        except OSError as fault:
            raise EngineError(
                f"the detector cannot be written: {fault.strerror}", where=str(folder)
            ) from fault
        raise EngineError("others keep writing this detector", where=str(folder), hint="try again")

    def read(self, kind: str, name: str, *, version: str = "") -> KeptDetector:
        """Read a version of a detector.

        Parameters
        ----------
        kind, name : str
            What it is, and its id.
        version : str
            Which; the newest when empty.

        Returns
        -------
        KeptDetector
            The detector.

        Raises
        ------
        ConfigError
            If there is no such detector or version.
        DataError
            If its file was changed since it was written.
        """
        folder = self._folder(kind, name)
        numbers = self._numbers(folder)
        wanted = version or (str(numbers[-1]) if numbers else "")
        path = folder / f"{wanted}.json"
        if not wanted or not path.is_file():
            raise ConfigError(
                f"there is no {kind} {name!r}" + (f", version {version}" if version else ""),
                hint="shroff models recalibrate makes one",
            )
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            content, provenance = dict(told["content"]), dict(told["provenance"])
            whole = told["sha256"] == _digest(content) and told["version"] == wanted
        except (ValueError, KeyError, TypeError):
            whole, content, provenance = False, {}, {}
        if not whole:
            raise DataError(
                "this detector is not what was written",
                where=str(path),
                hint="put its file back from a backup, or make a new version",
            )
        return KeptDetector(kind, name, wanted, path, content, provenance)

    def versions(self, kind: str, name: str) -> tuple[str, ...]:
        """List the versions of a detector, oldest first."""
        return tuple(str(number) for number in self._numbers(self._folder(kind, name)))

    def names(self, kind: str) -> tuple[str, ...]:
        """List the ids of the detectors of a kind."""
        folder = self._root / quote(kind, safe="")
        found = folder.iterdir() if folder.is_dir() else ()
        return tuple(sorted(unquote(each.name) for each in found if each.is_dir()))

    def _folder(self, kind: str, name: str) -> Path:
        return self._root / quote(kind, safe="") / quote(name, safe="").replace(".", "%2E")

    def _numbers(self, folder: Path) -> list[int]:
        files = folder.glob("*.json") if folder.is_dir() else ()
        return sorted(int(file.stem) for file in files if file.stem.isdigit())


def _digest(content: Mapping[str, object]) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _write_once(path: Path, record: Mapping[str, object]) -> bool:
    """Write a file that is not there yet, whole or not at all; tell whether it was not there."""
    scratch = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    scratch.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    try:
        os.link(scratch, path)
    except FileExistsError:
        return False
    finally:
        scratch.unlink(missing_ok=True)
    return True
