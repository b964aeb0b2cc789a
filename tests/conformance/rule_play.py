"""What a user does with rules: searches, scans, tries a pack on history, draws a deck."""

from __future__ import annotations

from shroff.rules.mine_sources import ads_of_history
from shroff.rules.pack_paths import read_packs
from shroff.rules.rule_steps import Ask
from shroff.rules.scan_job import Scan
from shroff.workspace import Workspace

__all__ = ["try_rules"]

_PACKS = {
    "ours": """
pack: ours
version: 2
owner: tests
rules:
  - id: OURS-1
    name: {en: Contact, zh: 联系}
    policy: drugs
    action: review
    match: [加微信, quoted]
    examples: {match: [加微信], no_match: [plain]}
  - id: OURS-2
    name: {en: Free}
    policy: weapons
    action: reject
    match: [free, plain]
    examples: {match: [free], no_match: [no]}
""",
    "theirs": """
pack: theirs
version: 1
owner: tests
rules:
  - id: THEIRS-1
    name: {en: Free}
    policy: weapons
    action: review
    match: [free]
    examples: {match: [free], no_match: [no]}
""",
}


def try_rules(workspace: Workspace) -> object:
    """Search, scan, try a pack on history beside another, draw the ads to label."""
    files = {name: workspace.root / f"{name}.yaml" for name in _PACKS}
    for name, path in files.items():
        path.write_text(_PACKS[name], encoding="utf-8")
    desk = workspace.rules
    found = desk.find("free OR 微信", period="2024-01-01..2024-03-31", limit=3)
    none = desk.find("zebra")
    hits = desk.scan(Scan.of([str(files["ours"])]))
    packs = {name: read_packs([path]) for name, path in files.items()}
    tried = desk.backtest(
        packs["ours"], against=packs["theirs"], by=["market", "类别"], period="all"
    )
    batch = desk.draw_deck(packs["ours"], desk=workspace.labels, labels=20, period="all")
    watched = desk.status(packs["ours"], period="all")
    for state in ("shadow", "stopped"):
        ask = Ask(rule_id="OURS-1", to=state, why="tests")
        (desk.promote if state == "shadow" else desk.stop)(ask, packs["ours"])
    assert [each.standing.state for each in watched.rules] == ["draft", "draft"]
    with workspace.engine() as engine:
        labelled = ads_of_history(engine, workspace.settings, period="all", policy="drugs")
    assert labelled.ads.violating.any()
    assert not none.ads
    assert found.ads
    assert hits.num_rows
    assert batch.asked
    return tried.to_arrow()
