"""What proposals would have done, as a user asks: lines, packs, versions, routing, staff."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shroff.advise.proposal_file import parse_proposal
from shroff.errors import ShroffError

if TYPE_CHECKING:
    from shroff.workspace import Workspace

__all__ = ["replay_of_one_ad", "replay_proposals"]

_PACK = """
pack: ours
version: 2
owner: tests
rules:
  - id: OURS-1
    name: {en: Contact}
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
"""
_PROPOSALS = (
    """
thresholds:
  - {model: clf, where: {market: "it's"}, review_from: 0.1, reject_from: null}
  - {model: clf, where: {scored_policy: drugs}, review_from: null, reject_from: null}
  - {model: clf, review_from: 0.3, reject_from: 0.6}
routing:
  - {where: {language: zh}, queue: 抽查}
staffing:
  - queue: audit
    shifts: [{days: [mon, sat], from: "22:00", to: "06:00", reviewers: 1.5}]
""",
    "packs: [{path: ours.yaml, replaces: ours.yaml}]",
    'versions: {clf: "1"}',
    "versions: {nobody: v2}",
    "thresholds: [{model: clf, policy: drugs, review_from: 0.2, reject_from: 0.4}]",
    "thresholds: [{model: clf, where: {nothing: x}, review_from: 0.2, reject_from: 0.4}]",
)


def replay_proposals(workspace: Workspace) -> object:
    """Replay proposals of every kind, and ask what a queue needs."""
    (workspace.root / "ours.yaml").write_text(_PACK, encoding="utf-8")
    said: list[object] = []
    for text in _PROPOSALS:
        try:
            found = workspace.adviser.simulate(parse_proposal(text), period="all")
        except ShroffError as error:
            said.append(error.cause)
        else:
            said.append([found.flipped, [flip.ads for flip in found.flips]])
    for queue in ("live", "nowhere"):
        try:
            said.append(workspace.adviser.staff(queue, within=400.0, period="all").record())
        except ShroffError as error:
            said.append(error.cause)
    return said


def replay_of_one_ad(workspace: Workspace) -> object:
    """Send ads to another queue where one was decided, without a score, a label or a task."""
    text = "routing: [{where: {market: BR}, queue: other}]"
    said: list[object] = []
    for ask in (
        lambda: workspace.adviser.simulate(parse_proposal(text), period="all").flipped,
        lambda: workspace.adviser.staff("other", within=400.0, period="all").record(),
    ):
        try:
            said.append(ask())
        except ShroffError as error:
            said.append(error.cause)
    return said
