"""Everything that decides on an ad now, as one object with a name: rules, lines, models."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from pathlib import Path

from shroff.advise.adopted_lines import Adopted, adopted
from shroff.advise.live_lines import Judge, LiveLines, live_judges, shadow_judges
from shroff.advise.live_rules import LiveRules, read_rules
from shroff.domain.decisions import Action
from shroff.domain.messages import Message
from shroff.models.kill_switch import switched_off
from shroff.rules.lifecycle import RuleState
from shroff.rules.pack_paths import read_packs
from shroff.store.catalog import Catalog
from shroff.store.settings import Settings

__all__ = ["LiveStrategy", "pack_files", "read_strategy"]

_LETTERS = 12
_ACTING = (RuleState.CANARY, RuleState.LIVE)


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveStrategy:
    """What decides on ads.

    Parameters
    ----------
    rules : LiveRules
        Rules, whatever their state.
    lines : LiveLines
        Lines, and whose scores they read.
    shadows : tuple of Judge
        Versions whose scores change nothing.
    adopted : Adopted or None
        The adopted lines, as they are recorded.
    fallback : Action
        What is done where a line lacks its score.
    warnings : tuple of Message
        What to know of it.
    """

    rules: LiveRules
    lines: LiveLines
    shadows: tuple[Judge, ...]
    adopted: Adopted | None
    fallback: Action
    warnings: tuple[Message, ...] = field(default=(), compare=False)

    @property
    def id(self) -> str:
        """Name it by what it does: the same ad gets the same decision under the same name."""
        told = {
            "rules": [self.rules.digest, *self._standings()],
            "lines": self.lines.proposal.id if self.lines.proposal else None,
            "judges": [each.record() for each in self.lines.judges],
            "thresholds": [
                dict(each.model.thresholds) if each.model else {} for each in self.lines.judges
            ],
            "off": {name: sorted(gone) for name, gone in sorted(self.lines.off.items())},
            "fallback": self.fallback,
        }
        text = json.dumps(told, sort_keys=True, ensure_ascii=True)
        return "s" + sha256(text.encode()).hexdigest()[:_LETTERS]

    def _standings(self) -> list[list[object]]:
        return [
            [name, str(each.state), each.version, each.share]
            for name, each in sorted(self.rules.standings.items())
            if each.state in _ACTING
        ]

    def states(self) -> dict[str, int]:
        """Count rules by where they stand."""
        found = [str(each.state) for each in self.rules.standings.values()]
        return {str(state): found.count(str(state)) for state in RuleState if state in found}

    @property
    def decides(self) -> bool:
        """Tell whether anything in it could do more than approve."""
        return bool(self.lines.judges) or any(
            each.state in _ACTING for each in self.rules.standings.values()
        )

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "id": self.id,
            "rules": self.states(),
            "lines": self.adopted.record() if self.adopted else None,
            "models": [self._judge(each) for each in self.lines.judges],
            "shadows": [self._judge(each) for each in self.shadows],
            "fallback": str(self.fallback),
            "warnings": [each.record() for each in self.warnings],
        }

    def _judge(self, judge: Judge) -> dict[str, object]:
        model = judge.model
        return {
            **judge.record(),
            "kind": str(model.kind) if model else None,
            "thresholds": dict(model.thresholds) if model else {},
        }


def read_strategy(
    root: Path,
    *,
    catalog: Catalog,
    settings: Settings,
    today: date,
    before: LiveStrategy | None = None,
) -> LiveStrategy:
    """Read what decides now.

    Parameters
    ----------
    root : Path
        Folder of the workspace, with its ``packs``.
    catalog : Catalog
        Life of rules and models, adopted lines, switches.
    settings : Settings
        What shroff.toml says.
    today : date
        Today.
    before : LiveStrategy, optional
        What was read last: rules that did not change are not compiled again.

    Returns
    -------
    LiveStrategy
        The strategy.
    """
    packs = read_packs(pack_files(root))
    rules = read_rules(
        packs, catalog.rules.events(), today=today, before=before.rules if before else None
    )
    off: dict[str, set[str]] = {}
    for each in switched_off(catalog):
        off.setdefault(each.name, set()).add(each.version)
    known = adopted(catalog)
    last = known[-1] if known else None
    proposal = last.proposal if last else None
    models = catalog.models.models()
    live = live_judges(proposal, models, off=off)
    made = LiveStrategy(
        rules=rules,
        lines=LiveLines(proposal, live, off),
        shadows=shadow_judges(models, live, off=off),
        adopted=last,
        fallback=Action(settings.decide.fallback),
    )
    return _warned(made)


def pack_files(root: Path) -> list[Path]:
    """List the files of a workspace's packs."""
    folder = root / "packs"
    return sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")])


def _warned(made: LiveStrategy) -> LiveStrategy:
    """Say what stands in the way of what its owners think it does."""
    return replace(made, warnings=(*_idle(made), *_moved(made.rules), *_models(made)))


def _idle(made: LiveStrategy) -> Sequence[Message]:
    if made.decides:
        return ()
    drafts = made.states().get(str(RuleState.DRAFT), 0)
    return (Message("decide.idle", {"drafts": drafts}),)


def _moved(rules: LiveRules) -> Sequence[Message]:
    return [
        Message(
            "decide.moved",
            {"rule": name, "written": rules.rules[name].version, "live": each.version},
        )
        for name, each in rules.standings.items()
        if each.state in _ACTING and rules.rules[name].version != each.version
    ]


def _models(made: LiveStrategy) -> Sequence[Message]:
    told: list[Message] = []
    for each in made.lines.judges:
        about: Mapping[str, str] = {"name": f"{each.name} {each.version}".strip()}
        if each.off:
            told.append(Message("decide.off", {**about, "fallback": str(made.fallback)}))
        elif each.model is None:
            told.append(Message("decide.unregistered", dict(about)))
    return told
