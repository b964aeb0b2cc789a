"""A small workspace whose ads are judged, and a policy to judge them by."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from shroff.models.judge_asking import JudgeAsked
from shroff.models.policy_file import load_policy
from shroff.models.policy_text import PolicyText
from shroff.workspace import Workspace

__all__ = ["KEY", "PRICES", "ask_for", "judgements", "make_scene", "policy_file", "rows_of"]

KEY = "sk-Zx9/very+secret=key-0001"
PRICES = """
currency: USD
prices:
  - {model: judge-*, since: 2026-01-01, input: 0.5, cached_input: 0.05, output: 2.0, batch: 0.5}
"""
POLICY = """\
---
policy: E4
version: 1
exemptions: medical
---
# Weight loss

## Definitions
Claims of quick or certain weight loss.

## Violates
- "Lose 10 kg in a week"

## Does not violate
- "Healthy recipes"

## Exceptions

- `medical`: a licensed medicine.
"""


def policy_file(folder: Path) -> Path:
    """Write the policy."""
    file = folder / "E4.md"
    file.write_text(POLICY, encoding="utf-8")
    return file


def make_scene(
    folder: Path, *, url: str, ads: list[dict[str, Any]] | int = 6, **spec: Any
) -> Workspace:
    """Make a workspace with ads and an endpoint named judge."""
    told: dict[str, Any] = {
        "url": url, "model": "judge-1", "key_env": "JUDGE_KEY", "allow": True,
        "prices": "prices.yaml", "concurrency": 2, "read_seconds": 5.0, **spec,
    }  # fmt: skip
    workspace = Workspace.create(folder)
    settings = folder / "shroff.toml"
    lines = [f"{name} = {_toml(value)}" for name, value in told.items()]
    text = "\n".join(["", "[models.endpoints.judge]", *lines, ""])
    settings.write_text(settings.read_text(encoding="utf-8") + text, encoding="utf-8")
    (folder / "prices.yaml").write_text(PRICES, encoding="utf-8")
    rows = _ads(ads) if isinstance(ads, int) else ads
    file = folder / "ads.jsonl"
    file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows))
    workspace.ingest("ads", [file])
    file.unlink()
    return Workspace.open(folder)


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name} = {_toml(each)}" for name, each in value.items()) + "}"
    return json.dumps(value)


def _ads(count: int) -> list[dict[str, Any]]:
    return [
        {
            "ad_id": f"a{n}",
            "advertiser_id": f"v{n % 3}",
            "created_at": f"2026-05-0{n % 9 + 1}T10:00:00Z",
            "market": "US",
            "title": f"miracle diet number {n}" if n % 2 else f"healthy recipe number {n}",
        }
        for n in range(count)
    ]


def load(folder: Path) -> PolicyText:
    """Write and read the policy."""
    return load_policy(policy_file(folder))


def ask_for(workspace: Workspace, **more: Any) -> JudgeAsked:
    """Ask the endpoint about all ads."""
    return JudgeAsked(**{"policy": load(workspace.root), "endpoint": "judge", **more})


def rows_of(workspace: Workspace, sql: str) -> list[dict[str, Any]]:
    """Ask the logs."""
    with workspace.engine() as engine:
        found: list[dict[str, Any]] = engine.query(sql).to_pylist()
        return found


def judgements(workspace: Workspace) -> list[dict[str, Any]]:
    """Give all judgements, by ad."""
    return rows_of(workspace, "SELECT * FROM judgements ORDER BY ad_id")
