"""Answers are kept on disk; what was not sealed here is never opened."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest

from shroff.web.kept_answers import KeptAnswers


class Opened:
    """Leaves a mark where it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.path),)


def _only(root: Path) -> Path:
    (path,) = (root / "tmp" / "answers").iterdir()
    return path


def test_what_was_kept_is_there_for_the_next_one(tmp_path: Path) -> None:
    KeptAnswers(tmp_path).put("one", {"figure": 1.5})
    assert KeptAnswers(tmp_path).get("one") == {"figure": 1.5}
    assert KeptAnswers(tmp_path).get("another") is None
    assert (tmp_path / ".shroff-answers-key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("sealed_as", ["nothing", "another name", "another key"])
def test_what_was_not_sealed_here_is_never_opened(tmp_path: Path, sealed_as: str) -> None:
    mark = tmp_path / "opened"
    kept = KeptAnswers(tmp_path)
    kept.put("one", 1)
    path = _only(tmp_path)
    bad = pickle.dumps(Opened(mark))
    if sealed_as == "nothing":
        path.write_bytes(b"\0" * 32 + bad)
    elif sealed_as == "another name":
        path.unlink()
        kept.put("two", Opened(mark))
        _only(tmp_path).rename(path)
    else:
        path.unlink()
        kept.put("one", Opened(mark))
        (tmp_path / ".shroff-answers-key").write_bytes(b"\0" * 32)
    assert KeptAnswers(tmp_path).get("one") is None
    assert not mark.exists()


def test_a_key_that_others_can_read_is_not_used(tmp_path: Path) -> None:
    KeptAnswers(tmp_path).put("one", 1)
    (tmp_path / ".shroff-answers-key").chmod(0o644)
    assert KeptAnswers(tmp_path).get("one") is None


def test_what_cannot_be_kept_is_let_go(tmp_path: Path) -> None:
    kept = KeptAnswers(tmp_path)
    kept.put("one", lambda: None)
    kept.put("two", 2)
    path = _only(tmp_path)
    path.write_bytes(path.read_bytes()[:-1])
    assert (kept.get("one"), kept.get("two")) == (None, None)
    (tmp_path / "tmp" / "answers").chmod(0o500)
    kept.put("three", 3)
    (tmp_path / "tmp" / "answers").chmod(0o700)
