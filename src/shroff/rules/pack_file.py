"""A rule pack from its YAML file, with all that is wrong in it at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from shroff.domain.findings import Finding, Level, in_order, lines_of, rendered
from shroff.domain.messages import Message
from shroff.domain.places import Where
from shroff.errors import RuleError
from shroff.rules.clauses import Atom, Regex, Term, Word
from shroff.rules.finding_catalogue import finding
from shroff.rules.pack_conditions import Reading
from shroff.rules.pack_rules import RULE_DEFAULTS, PackDefaults, read_defaults, read_rule
from shroff.rules.pack_values import Keys, Notes, names
from shroff.rules.rule import Pack, Rule, TermList
from shroff.rules.yaml_nodes import Items, Mapping, YamlNode, read_yaml
from shroff.text.evasion import Evasion

__all__ = ["PACK_KEYS", "inspect", "load_pack", "pack_text", "read_pack"]

PACK_KEYS = ("pack", "version", "owner", "description", "defaults", "lists", "rules")
_MOST_VERSION = 1_000_000_000


def load_pack(path: Path) -> Pack:
    """Read a pack from its file.

    Parameters
    ----------
    path : Path
        File.

    Returns
    -------
    Pack
        The pack.

    Raises
    ------
    RuleError
        If the file cannot be read, with all faults of the pack.
    """
    return read_pack(pack_text(path), path=str(path))


def pack_text(path: Path) -> str:
    """Read the text of a file.

    Parameters
    ----------
    path : Path
        File.

    Returns
    -------
    str
        Its text.

    Raises
    ------
    RuleError
        If it is not there or not UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        hint = "save the file as UTF-8"
        raise RuleError(
            f"the file is not UTF-8 at byte {fault.start}", where=str(path), hint=hint
        ) from None
    except OSError as fault:
        raise RuleError(
            f"the file cannot be read: {fault.strerror}", where=str(path), hint="look at its path"
        ) from None


def read_pack(text: str, *, path: str = "") -> Pack:
    """Read a pack.

    Parameters
    ----------
    text : str
        YAML.
    path : str
        Name of the file, for places.

    Returns
    -------
    Pack
        The pack.

    Raises
    ------
    RuleError
        With every fault, its place and a caret.
    """
    pack, findings = inspect(text, path=path)
    faults = [found for found in findings if found.level is Level.ERROR]
    if pack is None or faults:
        lines = lines_of(text)
        told = "\n".join(rendered(fault, lines) for fault in faults)
        count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        raise RuleError(
            f"this pack has {count}\n{told}", where=path, hint="mend them at the carets"
        )
    return pack


def inspect(text: str, *, path: str = "") -> tuple[Pack | None, tuple[Finding, ...]]:
    """Read a pack as far as that goes.

    Parameters
    ----------
    text : str
        Any text.
    path : str
        Name of the file, for places.

    Returns
    -------
    Pack or None
        What could be read, without the rules that could not.
    tuple of Finding
        What is wrong, in the order of the file.
    """
    root, findings = read_yaml(text, path=path)
    notes = Notes(lines_of(text), list(findings))
    if not isinstance(root, Mapping):
        if root is not None:
            notes.wrong(root.where, wanted="mapping", key=path or "the file")
        elif not notes.found:
            where = Where(path, 1, 1, 1, 1)
            notes.found.append(finding("R001", where, message=Message("rules.r001.empty")))
        return None, in_order(notes.found)
    pack = _PackReader(Keys(root, PACK_KEYS, notes=notes), notes).pack()
    pack = replace(pack, path=path, digest=sha256(text.encode("utf-8", "replace")).hexdigest())
    return pack, in_order(notes.found)


@dataclass(slots=True)
class _PackReader:
    keys: Keys
    notes: Notes
    nodes: dict[str, YamlNode] = field(default_factory=dict[str, YamlNode])
    atoms: dict[tuple[str, Evasion, Word], tuple[Atom, ...]] = field(
        default_factory=dict[tuple[str, Evasion, Word], tuple[Atom, ...]]
    )

    def pack(self) -> Pack:
        version = self.keys.number("version", 1, low=1, high=_MOST_VERSION)
        owner = self.keys.text("owner")
        name = self.keys.name("pack")
        defaults = self.defaults(version, owner)
        lists = self.lists(defaults)
        rules = self.rules(defaults)
        return Pack(name, version, owner, self.keys.bilingual("description"), lists, rules)

    def defaults(self, version: int, owner: str) -> PackDefaults:
        node = self.keys.get("defaults")
        start = PackDefaults(Rule("", Term("-"), version=version, owner=owner))
        if node is None:
            return start
        if not isinstance(node, Mapping):
            self.notes.wrong(node.where, wanted="mapping", key="defaults")
            return start
        return read_defaults(Keys(node, RULE_DEFAULTS, notes=self.notes), start)

    def reading(self, defaults: PackDefaults, notes: Notes | None = None) -> Reading:
        return Reading(
            notes or self.notes, self.list_atoms, tuple(self.nodes), defaults.rule.evasion,
            defaults.word,
        )  # fmt: skip

    def lists(self, defaults: PackDefaults) -> tuple[TermList, ...]:
        node = self.keys.get("lists")
        if node is None:
            return ()
        if not isinstance(node, Mapping):
            self.notes.wrong(node.where, wanted="mapping", key="lists")
            return ()
        found: list[TermList] = []
        keys = Keys(node, [key.text for key, _ in node.entries], notes=self.notes)
        for name, (key, value) in keys.found.items():
            reading = self.reading(defaults)
            atoms = self.read_list(name, value, reading)
            # a list becomes known when it is read: it can only use those before it
            self.nodes[name] = value
            self.atoms[name, reading.evasion, reading.word] = atoms
            found.append(TermList(name, atoms, key.where))
        return tuple(found)

    def list_atoms(self, name: str, reading: Reading) -> tuple[Atom, ...] | None:
        if name not in self.nodes:
            return None
        known = (name, reading.evasion, reading.word)
        if known not in self.atoms:
            # its faults are told where the list stands
            quiet = replace(reading, notes=Notes(self.notes.lines))
            self.atoms[known] = self.read_list(name, self.nodes[name], quiet)
        return self.atoms[known]

    def read_list(self, name: str, node: YamlNode, reading: Reading) -> tuple[Atom, ...]:
        items = names(node, key=name, notes=reading.notes)
        found: list[Atom] = []
        for item in items.items if items else ():
            part = reading.condition(item)
            inner = getattr(part, "parts", None) if getattr(part, "name", "") else (part,)
            for atom in inner or ():
                if isinstance(atom, Term | Regex):
                    found.append(atom)
                elif atom is not None:
                    reading.notes.wrong(item.where, wanted="texts", key=name)
        return tuple(found)

    def rules(self, defaults: PackDefaults) -> tuple[Rule, ...]:
        node = self.keys.need("rules")
        if node is None:
            return ()
        if not isinstance(node, Items):
            self.notes.wrong(node.where, wanted="list", key="rules")
            return ()
        reading = self.reading(defaults)
        found = [self.rule(item, defaults, reading=reading) for item in node.items]
        rules = [rule for rule in found if rule is not None]
        self.unique(rules)
        return tuple(rules)

    def rule(self, node: YamlNode, defaults: PackDefaults, *, reading: Reading) -> Rule | None:
        if isinstance(node, Mapping):
            return read_rule(node, defaults, reading=reading)
        self.notes.wrong(node.where, wanted="mapping", key="rules")
        return None

    def unique(self, rules: Sequence[Rule]) -> None:
        seen: dict[str, Rule] = {}
        for rule in rules:
            if first := seen.get(rule.id):
                other = str(first.where)
                self.notes.found.append(
                    finding("R010", rule.where, rule=rule.id, id=rule.id, other=other)
                )
            seen.setdefault(rule.id, rule)
