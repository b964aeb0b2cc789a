"""Whether the kernels are compiled already."""

from __future__ import annotations

from pathlib import Path

import pytest

from shroff.text.first_use import compiles_first


def test_an_empty_or_missing_cache_is_compiled_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "kernels"))
    assert compiles_first()
    (tmp_path / "kernels" / "text").mkdir(parents=True)
    assert not compiles_first()
