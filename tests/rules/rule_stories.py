"""Small workspaces for rules: rows told one by one, put through the real ingest."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from shroff.workspace import Workspace

__all__ = ["MONDAY", "PACK", "RuleStory", "pack_file"]

MONDAY = "2026-05-04 10:00:00"
PACK = """
pack: {pack}
version: {version}
owner: tests
rules:
{rules}
"""
RULE = """
  - id: {id}
    name: {{en: {id}}}
    policy: {policy}
    action: {action}
    match: [{terms}]
    examples:
      match: ["{first}"]
      no_match: ["a plain advertisement"]
"""


def pack_file(
    folder: Path, *rules: tuple[str, str], name: str = "pack", action: str = "review"
) -> Path:
    """Write a pack: each rule an id and its terms with commas between; all about ``drugs``."""
    written = [
        RULE.format(id=rule, terms=terms, first=terms.split(",")[0], policy="drugs", action=action)
        for rule, terms in rules
    ]
    path = folder / f"{name}.yaml"
    path.write_text(PACK.format(pack=name, version=1, rules="".join(written)), encoding="utf-8")
    return path


@dataclass
class RuleStory:
    """Rows of logs; `opened` ingests them."""

    root: Path
    rows: dict[str, list[dict[str, object]]] = field(default_factory=dict)
    numbers: count[int] = field(default_factory=lambda: count(1))
    settings: str = ""

    def put(self, table: str, **row: object) -> None:
        self.rows.setdefault(table, []).append(row)

    def ad(self, ad_id: str, title: str, action: str = "approve", **more: object) -> None:
        """Add an ad and the machine's decision on it."""
        at = str(more.pop("at", MONDAY))
        decided = {key: more.pop(key) for key in ("detector", "policy_id") if key in more}
        usual = {"market": "US", "language": "en", "advertiser_id": "adv", "created_at": at}
        self.put("ads", **{**usual, "ad_id": ad_id, "title": title, **more})
        self.put(
            "decisions",
            decision_id=f"d{next(self.numbers):05d}",
            ad_id=ad_id,
            market=more.get("market", "US"),
            decided_at=at,
            action=action,
            source="model",
            **decided,
        )

    def labelled(self, ad_id: str, verdict: str, **more: object) -> None:
        """Add a blind label that an audit drew."""
        usual = {
            "review_id": f"r{next(self.numbers):05d}",
            "queue": "audit",
            "queue_reason": "random",
            "role": "L1",
            "blind": True,
            "seen_machine": False,
            "policies": ["drugs"] if verdict == "violating" else [],
            "sampling_prob": 1.0,
            "design_id": "audit",
            "stratum": "all",
            "enqueued_at": "2026-05-05 10:00:00",
            "started_at": "2026-05-05 11:58:00",
            "decided_at": "2026-05-05 12:00:00",
            "active_ms": 60_000,
        }
        self.put("reviews", **{**usual, "ad_id": ad_id, "verdict": verdict, **more})

    def hit(self, ad_id: str, detector: str, **more: object) -> None:
        """Log that a live detector hit an ad."""
        usual = {"version": "1", "hit_at": MONDAY, "field": "title"}
        self.put("hits", **{**usual, "ad_id": ad_id, "detector": detector, **more})

    def shown(self, ad_id: str, impressions: int, day: str = "2026-05-06") -> None:
        self.put("impressions", ad_id=ad_id, day=day, impressions=impressions, spend=1.0)

    def opened(self) -> Workspace:
        self.root.mkdir(parents=True, exist_ok=True)
        settings = f'[workspace]\nname = "tests"\n[cubes]\nkeep = false\n{self.settings}'
        (self.root / "shroff.toml").write_text(settings, encoding="utf-8")
        workspace = Workspace.open(self.root)
        files = self.root / "files"
        files.mkdir(exist_ok=True)
        for table, rows in self.rows.items():
            path = files / f"{table}.jsonl"
            lines = [json.dumps(row, ensure_ascii=False) for row in rows]
            path.write_text("\n".join(lines), encoding="utf-8")
            report = workspace.ingest(table, [path])
            assert report.inserted == len(rows), (table, report)
        return workspace
