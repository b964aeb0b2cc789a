"""Packed, transcoded and odd text files."""

from __future__ import annotations

import gzip
from pathlib import Path

import pyarrow as pa
import pytest

from shroff.store.plain import facts_of, plain

TEXT = b"".join(b"%d,some text %d\n" % (n, n * 7919) for n in range(100_000))


def _packed(kind: str) -> bytes:
    if kind == "gzip":
        return gzip.compress(TEXT, mtime=0)
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as stream:
        stream.write(TEXT)
    return sink.getvalue().to_pybytes()


@pytest.mark.parametrize("kind", ["gzip", "zstd"])
def test_a_packed_file_is_told_by_its_first_bytes(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "misnamed.csv"
    path.write_bytes(_packed(kind))
    found = plain(path, tmp_path, encoding="utf-8")
    assert found.path.read_bytes() == TEXT
    assert found.cut is None


@pytest.mark.parametrize("kind", ["gzip", "zstd"])
@pytest.mark.parametrize("share", [0.3, 0.9999])
def test_what_came_before_a_cut_is_kept(tmp_path: Path, kind: str, share: float) -> None:
    packed = _packed(kind)
    path = tmp_path / "log.csv"
    path.write_bytes(packed[: int(len(packed) * share)])
    found = plain(path, tmp_path, encoding="utf-8")
    kept = found.path.read_bytes()
    assert found.cut is not None
    assert TEXT.startswith(kept + found.cut)
    assert kept.endswith(b"\n")
    assert len(kept) > len(TEXT) * (share - 0.25)


def test_members_of_a_gzip_follow_each_other(tmp_path: Path) -> None:
    path = tmp_path / "log.csv.gz"
    path.write_bytes(gzip.compress(b"a\n") + gzip.compress(b"b\n"))
    assert plain(path, tmp_path, encoding="utf-8").path.read_bytes() == b"a\nb\n"


def test_damage_inside_a_gzip_is_a_cut(tmp_path: Path) -> None:
    packed = bytearray(_packed("gzip"))
    packed[len(packed) // 2] ^= 0xFF
    path = tmp_path / "log.csv.gz"
    path.write_bytes(bytes(packed))
    assert plain(path, tmp_path, encoding="utf-8").cut is not None


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "big5", "latin-1"])
def test_other_encodings_become_utf8(tmp_path: Path, encoding: str) -> None:
    text = "中文,x\n" if encoding != "latin-1" else "é,x\n"
    path = tmp_path / "log.csv"
    path.write_bytes(text.encode(encoding))
    found = plain(path, tmp_path, encoding=encoding)
    assert found.path.read_bytes() == text.encode()


def test_bytes_that_are_no_text_stay_no_text(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes("中".encode("gb18030") + b"\xff\n" + "文".encode("gb18030"))
    out = plain(path, tmp_path, encoding="gb18030").path.read_bytes()
    assert out == "中".encode() + b"\xff\n" + "文".encode()


def test_plain_utf8_is_read_where_it_is(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(TEXT)
    assert plain(path, tmp_path, encoding="UTF8").path == path


@pytest.mark.parametrize(
    ("body", "lines", "regular"),
    [
        (b"a\nb\n", 2, True),
        (b"a\r\nb\r\n", 2, True),
        (b"a\r\nb\n", 2, False),
        (b"a\rb", 0, False),
        (b"a\0\n", 1, False),
        (b"", 0, True),
    ],
)
def test_odd_bytes_are_noticed(tmp_path: Path, body: bytes, lines: int, regular: bool) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(body)
    facts = facts_of(path)
    assert (facts.lines, facts.regular) == (lines, regular)


def test_a_line_end_across_two_chunks_is_one(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(b"x" * ((4 << 20) - 1) + b"\r\n" + b"y\r\n")
    assert facts_of(path).regular
