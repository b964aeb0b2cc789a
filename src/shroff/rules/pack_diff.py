"""What changed between two versions of a pack, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shroff.domain.messages import Message
from shroff.rules.clauses import AnyOf
from shroff.rules.rule import Pack, Rule
from shroff.rules.written import condition_text
from shroff.text.evasion import Evasion, kinds_in

__all__ = ["PackDiff", "RuleChange", "diff_packs"]


@dataclass(frozen=True, slots=True)
class RuleChange:
    """One thing that changed of a rule.

    Parameters
    ----------
    what : str
        ``match``, ``allow``, ``unless``, ``action``, ...
    before, after : str
        How it reads in both; of a list of alternatives, what only one of them has.
    """

    what: str
    before: str
    after: str

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {"what": self.what, "before": self.before, "after": self.after}


@dataclass(frozen=True, slots=True)
class PackDiff:
    """What changed.

    Parameters
    ----------
    added, removed : tuple of Rule
        Rules that only the new, or only the old packs have.
    changed : tuple of (str, tuple of RuleChange)
        Rules that both have, by id, with what differs.
    same : int
        Rules that read the same.
    """

    added: tuple[Rule, ...]
    removed: tuple[Rule, ...]
    changed: tuple[tuple[str, tuple[RuleChange, ...]], ...]
    same: int

    def summary(self) -> Message:
        """Say in a sentence what changed."""
        return Message(
            "diff.summary",
            {
                "added": len(self.added),
                "removed": len(self.removed),
                "changed": len(self.changed),
                "same": self.same,
            },
        )

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "added": [_rule(rule) for rule in self.added],
            "removed": [_rule(rule) for rule in self.removed],
            "changed": [
                {"rule": name, "changes": [each.record() for each in changes]}
                for name, changes in self.changed
            ],
            "same": self.same,
            "sentence": self.summary().record(),
        }


def _rule(rule: Rule) -> dict[str, object]:
    return {
        "rule": rule.id,
        "policy": rule.policy or None,
        "action": str(rule.action),
        "match": condition_text(rule.match, evasion=rule.evasion),
    }


def diff_packs(old: Sequence[Pack], new: Sequence[Pack]) -> PackDiff:
    """Say what changed between packs; versions, examples and remarks are no change of a rule.

    Parameters
    ----------
    old, new : sequence of Pack
        The packs.

    Returns
    -------
    PackDiff
        Rules added, removed and changed.
    """
    before, after = _by_id(old), _by_id(new)
    both = [name for name in after if name in before]
    changes = {name: tuple(_changes(before[name], after[name])) for name in both}
    return PackDiff(
        added=tuple(rule for name, rule in after.items() if name not in before),
        removed=tuple(rule for name, rule in before.items() if name not in after),
        changed=tuple((name, found) for name, found in changes.items() if found),
        same=sum(not found for found in changes.values()),
    )


def _by_id(packs: Sequence[Pack]) -> dict[str, Rule]:
    return {rule.id: rule for pack in packs for rule in pack.rules}


def _changes(old: Rule, new: Rule) -> Iterator[RuleChange]:
    before, after = _told(old), _told(new)
    for what, told in before.items():
        if told != after[what]:
            lists = _parts_apart(old, new) if what == "match" else None
            yield RuleChange(what, *(lists or (told, after[what])))


def _parts_apart(old: Rule, new: Rule) -> tuple[str, str] | None:
    """Write what only one of two lists of alternatives has; None where they are no such lists."""
    lists: list[dict[str, None]] = []
    for rule in (old, new):
        if not isinstance(rule.match, AnyOf):
            return None
        said = (condition_text(part, evasion=rule.evasion) for part in rule.match.parts)
        lists.append(dict.fromkeys(said))
    before, after = lists
    gone = [each for each in before if each not in after]
    come = [each for each in after if each not in before]
    if not (gone or come) or len(gone) == len(before):
        return None
    return ", ".join(gone), ", ".join(come)


def _told(rule: Rule) -> dict[str, str]:
    """Put into words what a rule does."""
    unless = rule.unless
    near = f" (within {unless.within} {unless.unit})" if unless and unless.within else ""
    return {
        "match": condition_text(rule.match, evasion=rule.evasion),
        "allow": ", ".join(sorted(term.text for term in rule.allow)),
        "unless": condition_text(unless.part, evasion=rule.evasion) + near if unless else "",
        "policy": rule.policy,
        "action": str(rule.action),
        "severity": str(rule.severity),
        "markets": ", ".join(sorted(rule.markets)),
        "languages": ", ".join(sorted(rule.languages)),
        "fields": ", ".join(rule.fields),
        "across_fields": "yes" if rule.across_fields else "no",
        "evasion": _switches(rule.evasion),
        "expires": str(rule.expires or ""),
    }


def _switches(evasion: Evasion) -> str:
    return ", ".join(kind.id for kind in kinds_in(evasion)) or "none"
