"""Wrong settings of the query engine: one clear error, that says what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from shroff.cli.app import run


def told(
    root: Path, settings: str, capsys: pytest.CaptureFixture[str], *words: str
) -> tuple[int, list[str]]:
    """Ask for the status of a workspace with these settings."""
    (root / "shroff.toml").write_text(settings, encoding="utf-8")
    code = run(["status", "-w", str(root), *words])
    return code, capsys.readouterr().err.splitlines()


def spark(master: str) -> str:
    return f'[engine]\nname = "spark"\nmaster = "{master}"\n'


def test_without_java_it_is_said_what_to_install(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    code, lines = told(tmp_path, spark("local[1]"), capsys)
    assert code == 2
    assert lines[0].startswith("error: PATH: Spark needs Java")
    assert "install Java" in lines[1]
    assert len(lines) == 2


def _with_java(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    java = folder / "jdk" / "bin" / "java"
    java.parent.mkdir(parents=True)
    java.write_text("#!/bin/sh\necho 'openjdk version \"17.0.1\"' >&2\n", encoding="utf-8")
    java.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(folder / "jdk"))


@pytest.mark.parametrize(
    ("master", "said", "advice"),
    [
        ("spark://127.0.0.1:9", "does not answer", "see that it runs"),
        ("spark://127.0.0.1", "does not answer", "see that it runs"),
        ("sparky", "no address of a Spark master", "spark://HOST:7077"),
        ("", "no address of a Spark master", "spark://HOST:7077"),
        ("http://127.0.0.1:8080", "no address of a Spark master", "spark://HOST:7077"),
        ("sc://127.0.0.1:15002", "Spark Connect is not supported", "spark://HOST:7077"),
    ],
)
def test_a_master_that_cannot_be_reached_is_named(
    master: str,
    said: str,
    advice: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _with_java(tmp_path, monkeypatch)
    code, lines = told(tmp_path, spark(master), capsys)
    assert code == 2
    assert said in lines[0]
    assert "[engine] master" in lines[0]
    assert advice in lines[1]
    assert len(lines) == 2


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ('[engine]\nname = "sparc"\n', "engine.name"),
        ('[engine]\nmastr = "local"\n', "mastr"),
        ('[engine]\nname = "spark"\n[engine.tables]\nadz = "x"\n', "adz"),
    ],
)
def test_a_setting_that_is_not_there_is_named(
    settings: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, lines = told(tmp_path, settings, capsys)
    assert code == 2
    assert said in " ".join(lines)
    assert not any("Traceback" in line for line in lines)


def test_an_engine_that_is_not_there_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, lines = told(tmp_path, "", capsys, "--engine", "clickhouse")
    assert code == 2
    assert "clickhouse" in " ".join(lines)
