from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shroff.store.settings import read_settings
from shroff.workspace import Workspace

Cli = Callable[..., Any]

DECISIONS = """日志编号,广告ID,审核时间,审核结果,来源,违规原因
1,a1,2026/05/01 10:00:00,机审通过,模型,
2,a2,2026/05/01 10:00:01,召回进审,规则,赌博
3,a3,2026/05/01 10:00:02,机审拒绝,模型,赌博
4,a4,2026/05/01 10:00:03,怪结果,人工,
"""


@pytest.fixture
def export(tmp_path: Path) -> Path:
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "机审决策.csv").write_text(
        DECISIONS.replace("日志编号", "流水号"), encoding="gb18030"
    )
    (folder / "random.txt").write_text("x,y\n1,2\n", encoding="utf-8")
    return folder


def test_a_workspace_is_made(tmp_path: Path, cli: Cli) -> None:
    outcome = cli("init", tmp_path / "w", "--name", "广告", "--language", "zh")
    assert outcome.code == 0
    assert Workspace.open(tmp_path / "w").name == "广告"


def test_a_workspace_is_not_made_twice(tmp_path: Path, cli: Cli) -> None:
    cli("init", tmp_path)
    outcome = cli("init", tmp_path, "--json")
    assert outcome.code == 2
    assert outcome.fault()["cause"] == "there is a workspace already"


def test_files_give_a_mapping_a_preview_and_doubts(export: Path, tmp_path: Path, cli: Cli) -> None:
    outcome = cli("init", tmp_path / "w", "--from", export / "机审决策.csv", export / "random.txt")
    assert outcome.code == 0, outcome.err
    assert "reject" in outcome.out
    assert "what does '怪结果' mean?" in outcome.out
    assert "random.txt: not clear which table it is" in outcome.out
    settings = read_settings(tmp_path / "w" / "shroff.toml")
    spec = settings.mapping["decisions"]
    assert spec.encoding == "gb18030"
    assert spec.columns["decision_id"] == "流水号"
    assert spec.values["action"] == {
        "机审通过": "approve",
        "召回进审": "review",
        "机审拒绝": "reject",
    }
    assert "怪结果" not in str(spec.values)


def test_after_init_one_command_ingests_everything(export: Path, tmp_path: Path, cli: Cli) -> None:
    cli("init", tmp_path / "w", "--from", export)
    outcome = cli("ingest", "--all", "-w", tmp_path / "w", "--json")
    assert outcome.code == 0, outcome.err
    (ingest,) = outcome.record()["ingests"]
    assert (ingest["read"], ingest["inserted"], ingest["quarantined"]) == (4, 3, 1)


def test_the_proposal_is_told_as_json(export: Path, tmp_path: Path, cli: Cli) -> None:
    record = cli("init", tmp_path / "w", "--json", "--from", export).record()
    (table,) = record["tables"]
    assert table["table"] == "decisions"
    assert len(table["preview"]["rows"]) == 4
    assert {doubt["id"] for doubt in record["doubts"]} >= {"propose.value_unknown", "propose.zone"}


def test_files_that_are_no_logs_make_no_workspace(export: Path, tmp_path: Path, cli: Cli) -> None:
    outcome = cli("init", tmp_path / "w", "--from", export / "random.txt")
    assert outcome.code == 2
    assert "no file looks like a log" in outcome.err
    assert not (tmp_path / "w").exists()
