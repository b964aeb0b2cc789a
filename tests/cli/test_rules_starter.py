"""Does `shroff rules init` copy starter packs, and say what it did not touch?"""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from shroff.cli.rules_starter import command
from shroff.rules.starter import FAMILIES, OPT_IN, starter_text
from shroff.workspace import Workspace


def call(*words: str | Path) -> Result:
    return CliRunner().invoke(command, [str(word) for word in words])


def test_it_copies_all_families_into_the_workspace_and_nothing_to_opt_in_to(
    tmp_path: Path,
) -> None:
    Workspace.create(tmp_path)
    result = call("-w", tmp_path)
    assert result.exit_code == 0
    assert {path.stem for path in (tmp_path / "packs").iterdir()} == set(FAMILIES)
    assert result.output.count(": written") == len(FAMILIES)


def test_it_keeps_a_changed_file_and_says_so(tmp_path: Path) -> None:
    call("--to", tmp_path, "health")
    (tmp_path / "health.yaml").write_text("pack: mine\n", encoding="utf-8")
    result = call("--to", tmp_path, "health", "claims", "--json")
    assert result.exit_code == 1
    told = {pack["pack"]: pack["outcome"] for pack in json.loads(result.output)["packs"]}
    assert told == {"health": "kept", "claims": "written"}
    assert (tmp_path / "health.yaml").read_text(encoding="utf-8") == "pack: mine\n"
    assert "KEPT YOURS" in call("--to", tmp_path, "health").output


def test_it_overwrites_when_asked(tmp_path: Path) -> None:
    (tmp_path / "health.yaml").write_text("pack: mine\n", encoding="utf-8")
    result = call("--to", tmp_path, "health", "--replace")
    assert result.exit_code == 0
    assert "REPLACED" in result.output
    assert (tmp_path / "health.yaml").read_text(encoding="utf-8") == starter_text("health")


def test_it_prints_a_pack_as_it_is() -> None:
    assert call("--print", "gambling").output == starter_text("gambling")


def test_it_lists_packs_with_their_policies() -> None:
    lines = call("--list").output.splitlines()
    assert len(lines) == len(FAMILIES) + len(OPT_IN)
    assert "E1 E2 E3 E4 E5 E6 E7" in next(line for line in lines if line.startswith("health"))
    assert lines[-1].endswith("only when named")
    packs = json.loads(call("--list", "--json").output)["packs"]
    assert [pack["pack"] for pack in packs if pack["opt_in"]] == list(OPT_IN)
    assert all(pack["description"]["en"] and pack["description"]["zh"] for pack in packs)
