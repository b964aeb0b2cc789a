"""Answers on disk, so that a dashboard that is served again need not work them out again.

They are Python's pickles, which run code when they are read: each is sealed with a key that only its
owner can read, and what was not sealed with it is never opened.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import pickle
import secrets
import threading
from contextlib import suppress
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import Any

from shroff import web

__all__ = ["KeptAnswers"]

_LOG = logging.getLogger("shroff")
_KEY = ".shroff-answers-key"
_MOST, _SEAL = 400, 32


class KeptAnswers:
    """Answers of one workspace, by name.

    Parameters
    ----------
    root : Path
        Folder of the workspace.
    """

    def __init__(self, root: Path) -> None:
        self._folder = root / "tmp" / "answers"
        self._key_file = root / _KEY
        self._lock = threading.Lock()
        self._key: bytes | None = None

    def get(self, name: str) -> object | None:
        """Give what was kept.

        Parameters
        ----------
        name : str
            Its name, with the state it was worked out for.

        Returns
        -------
        object or None
            None where nothing was, or it was not sealed here.
        """
        try:
            content = self._path(name).read_bytes()
            key = self._sealing()
        except OSError:
            return None
        seal, body = content[:_SEAL], content[_SEAL:]
        if not hmac.compare_digest(seal, self._seal(key, name, body)):
            return None
        try:
            found: object = pickle.loads(body)  # noqa: S301 - sealed with a key of the owner
        except Exception:  # noqa: BLE001 - an older Shroff wrote it, in whatever form
            return None
        return found

    def put(self, name: str, found: object) -> None:
        """Keep something; where it cannot be written or put into bytes, nothing is kept.

        Parameters
        ----------
        name : str
            Its name, with the state it was worked out for.
        found : object
            What was worked out.
        """
        try:
            body = _bytes_of(found)
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            path = self._path(name)
            fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
            fresh.write_bytes(self._seal(self._sealing(), name, body) + body)
            fresh.replace(path)
            self._tidy()
        except (OSError, pickle.PicklingError, TypeError, AttributeError) as fault:
            _LOG.debug("an answer is not kept: %s", fault)

    def _path(self, name: str) -> Path:
        made_by = f"{version('shroff')} {_sources()} {name}"
        return self._folder / hashlib.blake2b(made_by.encode(), digest_size=20).hexdigest()

    @staticmethod
    def _seal(key: bytes, name: str, body: bytes) -> bytes:
        return hmac.new(key, name.encode() + b"\0" + body, hashlib.sha256).digest()

    def _sealing(self) -> bytes:
        with self._lock:
            if self._key is None:
                self._key = self._read_key()
            return self._key

    def _read_key(self) -> bytes:
        if not self._key_file.exists():
            fresh = self._key_file.with_name(f"{_KEY}.{secrets.token_hex(4)}")
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(secrets.token_bytes(32))
            with suppress(FileExistsError):
                os.link(fresh, self._key_file)  # the first of two that start at once wins
            fresh.unlink()
        found = self._key_file.stat()
        if found.st_uid != os.getuid() or found.st_mode & 0o077:
            raise OSError("others may read or write the key")
        return self._key_file.read_bytes()

    def _tidy(self) -> None:
        files = sorted(self._folder.iterdir(), key=lambda each: each.stat().st_mtime)
        for path in files[:-_MOST]:
            path.unlink(missing_ok=True)


def _unchanging(it: dict[str, object]) -> MappingProxyType[str, object]:
    return MappingProxyType(it)


class _Pickler(pickle.Pickler):
    """Writes mappings that cannot be changed, which pickle by itself does not."""

    def reducer_override(self, it: object) -> Any:  # noqa: ANN401 - as pickle has it
        if isinstance(it, MappingProxyType):
            return _unchanging, (dict(it),)
        return NotImplemented


def _bytes_of(found: object) -> bytes:
    sink = BytesIO()
    _Pickler(sink, protocol=pickle.HIGHEST_PROTOCOL).dump(found)
    return sink.getvalue()


_STAMP: list[str] = []


def _sources() -> str:
    """Tell versions of the code apart by the newest stamp of its files: releases are too coarse."""
    if not _STAMP:
        package = Path(str(web.__file__)).parents[1]
        newest = max(each.stat().st_mtime_ns for each in package.rglob("*.py"))
        _STAMP.append(str(newest))
    return _STAMP[0]
