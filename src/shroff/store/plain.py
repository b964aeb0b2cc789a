"""Log files as plain UTF-8 bytes: unpacked, transcoded, and what is odd about them."""

from __future__ import annotations

import codecs
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

__all__ = ["Facts", "Plain", "facts_of", "plain"]

_CHUNK = 1 << 20
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_WIDE = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


@dataclass(frozen=True, slots=True)
class Plain:
    """A text file that can be read byte by byte.

    Parameters
    ----------
    path : Path
        The file itself, or its copy in the staging folder.
    cut : bytes or None
        What stood after the last full line when the packed file ended in the middle.
    """

    path: Path
    cut: bytes | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What a quick look at all bytes of a file tells.

    Parameters
    ----------
    lines : int
        Line ends.
    regular : bool
        No NUL byte, and all line ends alike (LF or CRLF): DuckDB may read it.
    """

    lines: int
    regular: bool


def plain(path: Path, staging: Path, *, encoding: str) -> Plain:
    """Unpack and transcode a text file when it needs that.

    Parameters
    ----------
    path : Path
        File; packed or not is told by its first bytes.
    staging : Path
        Folder for a copy.
    encoding : str
        Encoding stated for it; a byte order mark wins. Bytes that are no text in it become the
        byte FF, which is no UTF-8 either.

    Returns
    -------
    Plain
        UTF-8 bytes.
    """
    with path.open("rb") as stream:
        magic = stream.read(4)
    packed = magic.startswith((_GZIP, _ZSTD))
    copy = staging / "plain"
    cut: bytes | None = None
    if packed:
        whole = _write(copy, _gunzip(path) if magic.startswith(_GZIP) else _unzstd(path))
        cut = None if whole else _cut(copy)
        path = copy
        with path.open("rb") as stream:
            magic = stream.read(4)
    wide = _WIDE.get(magic[:2])
    if wide or codecs.lookup(encoding).name not in {"utf-8", "utf-8-sig", "ascii"}:
        target = staging / "transcoded"
        _write(target, _transcode(path, wide or encoding))
        path = target
    return Plain(path, cut)


def facts_of(path: Path) -> Facts:
    """Look at all bytes of a file once.

    Parameters
    ----------
    path : Path
        Plain text file.

    Returns
    -------
    Facts
        What is odd about it.
    """
    feeds = returns = pairs = 0
    nul = False
    last = b""
    with path.open("rb") as stream:
        while chunk := stream.read(4 * _CHUNK):
            feeds += chunk.count(b"\n")
            if b"\r" in chunk or last == b"\r":
                returns += chunk.count(b"\r")
                pairs += (last + chunk).count(b"\r\n")
            nul = nul or b"\0" in chunk
            last = chunk[-1:]
    alike = returns == 0 or (returns == pairs == feeds)
    return Facts(feeds, alike and not nul)


def _write(target: Path, pieces: Iterator[bytes | None]) -> bool:
    """Write pieces to a file; None among them says that the source broke off there."""
    with target.open("wb") as stream:
        for piece in pieces:
            if piece is None:
                return False
            stream.write(piece)
    return True


def _gunzip(path: Path) -> Iterator[bytes | None]:
    with path.open("rb") as stream:
        unpacker = zlib.decompressobj(31)
        while chunk := stream.read(_CHUNK):
            while chunk:
                try:
                    # the limit keeps a small file from unpacking into all of memory at once
                    yield unpacker.decompress(chunk, 16 * _CHUNK)
                except zlib.error:
                    yield None
                    return
                chunk = unpacker.unconsumed_tail
                if unpacker.eof:
                    chunk = unpacker.unused_data.lstrip(b"\0")
                    unpacker = zlib.decompressobj(31) if chunk else unpacker
        if not unpacker.eof:
            yield unpacker.flush()
            yield None


def _unzstd(path: Path) -> Iterator[bytes | None]:
    good = 0
    with pa.OSFile(str(path), "rb") as raw, pa.CompressedInputStream(raw, "zstd") as stream:
        try:
            while chunk := stream.read(_CHUNK):
                good += len(chunk)
                yield chunk
        except OSError:
            yield from _remainder(path, good)
            yield None


def _remainder(path: Path, good: int) -> Iterator[bytes]:
    """Read on from a place in small steps: a read that meets the end of the file gives nothing."""
    with pa.OSFile(str(path), "rb") as raw, pa.CompressedInputStream(raw, "zstd") as stream:
        while good:
            good -= len(stream.read(min(good, _CHUNK)))
        try:
            while chunk := stream.read(64):
                yield chunk
        except OSError:
            return


def _cut(path: Path) -> bytes:
    """Take what follows the last line end off a file."""
    size = path.stat().st_size
    tail = b""
    with path.open("r+b") as stream:
        while size and b"\n" not in tail:
            step = min(size, _CHUNK)
            size -= step
            stream.seek(size)
            tail = stream.read(step) + tail
        _, end, rest = tail.rpartition(b"\n")
        stream.truncate(size + len(tail) - len(rest) if end else 0)
    return rest


def _transcode(path: Path, encoding: str) -> Iterator[bytes]:
    codecs.register_error("shroff_mark", _mark)
    decoder = codecs.getincrementaldecoder(encoding)("shroff_mark")
    with path.open("rb") as stream:
        first = decoder.decode(stream.read(_CHUNK)).removeprefix("\ufeff")
        yield first.encode("utf-8", "surrogateescape")
        while chunk := stream.read(_CHUNK):
            yield decoder.decode(chunk).encode("utf-8", "surrogateescape")
    yield decoder.decode(b"", final=True).encode("utf-8", "surrogateescape")


def _mark(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "\udcff", error.end
