"""Batch files as OpenAI-protocol servers take them: requests out, answers back in any order."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from shroff.errors import ConfigError, DataError
from shroff.models.chat_reply import Reply, read_reply
from shroff.models.trouble import Trouble

__all__ = [
    "MANIFEST",
    "MOST_BYTES",
    "MOST_REQUESTS",
    "BatchLine",
    "RequestFiles",
    "lines_of",
    "make_folder",
]

MOST_REQUESTS = 50_000
"""Requests that servers take in one file."""

MOST_BYTES = 200_000_000
"""Bytes that servers take in one file."""

MANIFEST = "manifest.jsonl"
"""File that says which ads each request is about; it stays here."""

_URL = "/v1/chat/completions"


@dataclass(slots=True, kw_only=True)
class RequestFiles:
    """Files of requests being written, each within the limits.

    Parameters
    ----------
    folder : Path
        Where to.
    most_requests, most_bytes : int
        Limits of one file.
    """

    folder: Path
    most_requests: int = MOST_REQUESTS
    most_bytes: int = MOST_BYTES
    files: list[Path] = field(default_factory=list[Path])
    requests: int = 0
    _stream: TextIO | None = None
    _held: int = 0
    _bytes: int = 0

    def add(self, key: str, body: Mapping[str, object]) -> None:
        """Write a request.

        Parameters
        ----------
        key : str
            Its custom id.
        body : mapping
            What is asked.

        Raises
        ------
        ConfigError
            If one request is larger than a file may be.
        """
        told = {"custom_id": key, "method": "POST", "url": _URL, "body": dict(body)}
        line = json.dumps(told, ensure_ascii=False) + "\n"
        size = len(line.encode())
        if size > self.most_bytes:
            raise ConfigError(f"one request has {size:,} bytes", hint="shorten the policy")
        full = self._held == self.most_requests or self._bytes + size > self.most_bytes
        if self._stream is None or full:
            self._next()
        assert self._stream is not None  # noqa: S101 - made above
        self._stream.write(line)
        self._held += 1
        self._bytes += size
        self.requests += 1

    def _next(self) -> None:
        self.close()
        path = self.folder / f"requests-{len(self.files) + 1:04d}.jsonl"
        self._stream = path.open("x", encoding="utf-8")
        self.files.append(path)
        self._held = self._bytes = 0

    def close(self) -> None:
        """End the last file."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One line that came back.

    Parameters
    ----------
    key : str
        Custom id of its request; empty when it names none.
    reply : Reply or None
        The answer; None when there is none.
    filtered : bool
        Whether a content filter stopped it.
    fault : str
        Why there is no answer, such as ``batch_expired``.
    """

    key: str
    reply: Reply | None = None
    filtered: bool = False
    fault: str = ""


def lines_of(path: Path) -> Iterator[BatchLine]:
    """Read a file of answers or of errors.

    Parameters
    ----------
    path : Path
        The file.

    Yields
    ------
    BatchLine
        Each line; one that cannot be read has no key, and its fault says where it is.

    Raises
    ------
    DataError
        If the file cannot be read.
    """
    try:
        with path.open("rb") as stream:
            for number, line in enumerate(stream, start=1):
                if line.strip():
                    yield _line(line, f"{path.name}:{number}")
    except OSError as error:
        raise DataError(
            f"cannot read the answers: {error.strerror}",
            where=str(path),
            hint="name the files that the server gave back",
        ) from None


def _line(line: bytes, place: str) -> BatchLine:
    try:
        told = json.loads(line.decode("utf-8", errors="replace"))
    except (ValueError, RecursionError):
        told = None
    key = told.get("custom_id") if isinstance(told, dict) else None
    if not isinstance(told, dict) or not isinstance(key, str) or not key:
        return BatchLine("", fault=f"{place}: no answer with a custom_id")
    response, error = told.get("response"), told.get("error")
    if isinstance(response, dict) and response.get("status_code") == 200:
        try:
            return BatchLine(
                key, read_reply(json.dumps(response.get("body")).encode(), where=place)
            )
        except Trouble as fault:
            return BatchLine(key, fault=fault.cause)
    body = response.get("body") if isinstance(response, dict) else None
    inner = body.get("error") if isinstance(body, dict) else None
    said = error if isinstance(error, dict) else inner if isinstance(inner, dict) else {}
    code = str(said.get("code") or said.get("type") or "no answer")[:80]
    return BatchLine(key, filtered="content_filter" in code, fault=code)


def make_folder(folder: Path) -> None:
    """Make the folder of a batch.

    Parameters
    ----------
    folder : Path
        The folder.

    Raises
    ------
    ConfigError
        If there is such a folder already, or it cannot be made.
    """
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        hint = "choose another folder: a batch is never written over"
        raise ConfigError("there is such a folder already", where=str(folder), hint=hint) from None
    except OSError as error:
        raise ConfigError(
            f"cannot write: {error.strerror}",
            where=str(folder),
            hint="name a folder that can be made: --out",
        ) from None
