"""Which versions are held beside each other where nobody names them."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.models.gold_scene import build, ingest

from shroff.models.shadow_run import ShadowAsked
from shroff.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return build(tmp_path / "scene")


def test_a_judge_with_one_version_does_not_hide_one_that_ran_beside_another(
    workspace: Workspace,
) -> None:
    ingest(workspace, "judgements", [
        {"judgement_id": f"{model}-{n}", "ad_id": f"ad{n:03d}", "model": model, "version": "next",
         "judged_at": "2026-05-09 10:00:00", "outcome": "verdict", "verdict": "compliant",
         "shadow": True}
        for model, count in (("judge", 20), ("alone", 40)) for n in range(count)
    ])  # fmt: skip
    found = workspace.modeller.shadow(ShadowAsked(), period="all")
    assert (found.model, found.shadow) == ("judge", "next")
    assert found.champion in {"good", "bad"}
