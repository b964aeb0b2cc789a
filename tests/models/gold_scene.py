"""A platform of 400 ads whose truth is known, two labellers, and judges of known quality."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np

from shroff.workspace import Workspace

__all__ = ["POLICIES", "answer", "build", "ingest", "truth_of"]

ADS = 400
POLICIES = ("A1", "B1")
_RNG = np.random.default_rng(8)
_TRUE = _RNG.random(ADS) < 0.3
_SETTINGS = '[designs.audit]\nkind = "poisson"\nqueues = ["audit"]\n'


def truth_of(ad_id: str) -> str:
    """Say what an ad is."""
    return "violating" if _TRUE[int(ad_id[2:])] else "compliant"


def policy_of(n: int) -> str:
    return POLICIES[n % 2]


def build(root: Path) -> Workspace:
    """Write logs of ads, decisions, double-blind reviews of half of them, scores and judgements."""
    workspace = Workspace.create(root, mapping=_SETTINGS)
    for table, rows in _tables().items():
        ingest(workspace, table, rows)
    return workspace


def ingest(workspace: Workspace, table: str, rows: list[dict[str, object]]) -> None:
    """Put rows into a log."""
    file = workspace.root / f"{table}-{len(rows)}.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    report = workspace.ingest(table, [file])
    assert report.inserted == len(rows), report.reasons


def _tables() -> dict[str, list[dict[str, object]]]:
    ids = [f"ad{n:03d}" for n in range(ADS)]
    at = {"created_at": "2026-05-04 09:00:00"}
    rejected = np.where(_TRUE, _RNG.random(ADS) < 0.6, _RNG.random(ADS) < 0.05)
    drawn = np.flatnonzero(_RNG.random(ADS) < 0.5)
    return {
        "policies": [
            {"policy_id": name, "version": "1", "parent": name[0] if len(name) > 1 else None,
             "effective_from": "2026-01-01 00:00:00"}
            for name in ("A", "A1", "B", "B1")
        ],
        "ads": [
            {"ad_id": ad, "language": ("en", "zh")[n % 3 == 0], "market": "US",
             "title": f"title {n} of ad {ad}", "body": f"body {n}", **at}
            for n, ad in enumerate(ids)
        ],
        "decisions": [
            {"decision_id": f"d{n}", "ad_id": ad, "decided_at": "2026-05-04 10:00:00",
             "action": "reject" if rejected[n] else "approve", "source": "model",
             "policy_id": policy_of(n) if rejected[n] else None}
            for n, ad in enumerate(ids)
        ],
        "reviews": [
            {"review_id": f"{ids[n]}-{who}", "ad_id": ids[n], "reviewer_id": f"p{who}",
             "queue": "audit", "queue_reason": "random", "role": "L1", "blind": True,
             "verdict": truth_of(ids[n]), "policies": [policy_of(n)] if _TRUE[n] else None,
             "design_id": "audit", "stratum": "all", "sampling_prob": 0.5,
             "enqueued_at": "2026-05-05 10:00:00", "decided_at": "2026-05-05 12:00:00"}
            for n in drawn.tolist() for who in (1, 2)
        ],
        "scores": [
            {"ad_id": ad, "model": "clf", "version": "v1",
             "score": float(np.clip(0.2 + 0.5 * _TRUE[n] + _RNG.normal(0, 0.15), 0, 1)),
             "scored_at": "2026-05-04 09:30:00"}
            for n, ad in enumerate(ids)
        ],
        "judgements": [
            {"judgement_id": f"{version}{run}-{ad}", "ad_id": ad, "model": "judge",
             "version": version, "judged_at": f"2026-05-0{6 + run} 10:00:00",
             **_said(bool(_TRUE[n]), found, refuse), "run_id": f"{version}{run}"}
            for version, found, refuse, runs in (("good", 0.9, 0.05, 2), ("bad", 0.5, 0.0, 1))
            for run in range(runs)
            for n, ad in enumerate(ids)
        ],
    }  # fmt: skip


def _said(violating: bool, found: float, refuse: float) -> dict[str, object]:
    if _RNG.random() < refuse:
        return {"outcome": "refused", "verdict": None}
    says = _RNG.random() < (found if violating else 0.05)
    return {"outcome": "verdict", "verdict": "violating" if says else "compliant"}


def answer(file: Path, verdict: Callable[[str], str], *, who: str = "", most: int = 10**6) -> None:
    """Fill in a batch file as a labeller does."""
    with file.open(encoding="utf-8-sig", newline="") as asked:
        rows = list(csv.DictReader(asked))
    with file.open("w", encoding="utf-8", newline="") as answered:
        writer = csv.DictWriter(answered, list(rows[0]))
        writer.writeheader()
        for place, row in enumerate(rows):
            said = verdict(row["ad_id"]) if place < most else ""
            writer.writerow({**row, "verdict": said, "reviewer_id": who})
