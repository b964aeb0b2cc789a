"""Everything that can be said of rule packs before they meet an ad."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from shroff.domain.findings import Finding, Level, fixed, in_order, lines_of, rendered
from shroff.domain.messages import Language
from shroff.domain.places import Where
from shroff.rules.clauses import AnyOf, Condition, Near, Regex, Term, atoms, walk
from shroff.rules.lint_regexes import regex_findings
from shroff.rules.lint_rules import beside_findings, rule_findings
from shroff.rules.lint_terms import (
    alone,
    always_allowed,
    idle_phrases,
    list_findings,
    term_findings,
    unused_lists,
)
from shroff.rules.pack_file import inspect
from shroff.rules.rule import Pack, Rule

__all__ = ["Linted", "Source", "lint", "mended"]

_MOST_ROUNDS = 8


@dataclass(frozen=True, slots=True)
class Source:
    """A file with a pack.

    Parameters
    ----------
    path : str
        Its name.
    text : str
        Its text.
    """

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Linted:
    """What was found in packs.

    Parameters
    ----------
    findings : tuple of Finding
        In the order of the files and their lines.
    packs : tuple of Pack
        What could be read.
    sources : tuple of Source
        The files.
    """

    findings: tuple[Finding, ...]
    packs: tuple[Pack, ...] = ()
    sources: tuple[Source, ...] = field(default=(), repr=False)

    def count(self, level: Level) -> int:
        """Count the findings of a level."""
        return sum(found.level is level for found in self.findings)

    def with_more(self, findings: Sequence[Finding]) -> Linted:
        """Add findings."""
        return Linted(in_order([*self.findings, *findings]), self.packs, self.sources)

    def sound(self) -> tuple[Pack, ...]:
        """Give the packs with only those rules that have no error: what can be run."""
        broken = {
            (found.where.path, found.rule)
            for found in self.findings
            if found.level is Level.ERROR and found.rule
        }
        return tuple(
            Pack(
                pack.id, pack.version, pack.owner, pack.description, pack.lists,
                tuple(rule for rule in pack.rules if (pack.path, rule.id) not in broken),
                pack.path, pack.digest,
            )
            for pack in self.packs
        )  # fmt: skip

    def shown(self, language: Language = Language.EN) -> Iterator[str]:
        """Give each finding as text, with its line and a caret."""
        lines = {source.path: lines_of(source.text) for source in self.sources}
        for found in self.findings:
            yield rendered(found, lines.get(found.where.path, []), language=language)


def lint(
    sources: Sequence[Source], *, today: date, policies: Collection[str] | None = None
) -> Linted:
    """Look at packs without running them.

    Parameters
    ----------
    sources : sequence of Source
        Files; rules of all of them are compared.
    today : date
        Day of the look, for what has expired.
    policies : collection of str, optional
        Policies there are; without it no policy is unknown.

    Returns
    -------
    Linted
        All that was found.
    """
    findings: list[Finding] = []
    packs: list[Pack] = []
    for source in sources:
        pack, faults = inspect(source.text, path=source.path)
        findings += faults
        if pack is not None:
            packs.append(pack)
            findings += _pack(pack, source, policies=policies, today=today)
    findings += beside_findings(packs)
    return Linted(in_order(findings), tuple(packs), tuple(sources))


def _pack(
    pack: Pack, source: Source, *, policies: Collection[str] | None, today: date
) -> Iterator[Finding]:
    lines = lines_of(source.text)
    exact = _exact_places(pack)
    for one in pack.lists:
        if not any(part.where in exact for part in one.parts):
            yield from list_findings(one.parts, rule="", lines=lines)
    yield from unused_lists(pack, source.text)
    yield from idle_phrases(pack)
    told: set[object] = set()
    for rule in pack.rules:
        yield from rule_findings(rule, policies=policies, today=today)
        yield from always_allowed(rule)
        yield from _atoms(rule, lines=lines, told=told)
        yield from _choices(rule, lines=lines)


def _conditions(rule: Rule) -> list[Condition]:
    return [rule.match, *([rule.unless.part] if rule.unless else [])]


def _exact_places(pack: Pack) -> set[Where]:
    """Give the places of terms that a shorter one cannot stand for."""
    # a longer allow phrase shelters more; in near, and near a hit, it ends elsewhere
    found: set[Where] = set()
    for rule in pack.rules:
        found |= {term.where for term in rule.allow}
        for condition in _conditions(rule):
            near = [part for part in walk(condition) if isinstance(part, Near)]
            found |= {atom.where for part in near for atom in atoms(part)}
        if rule.unless and rule.unless.within is not None:
            found |= {atom.where for atom in atoms(rule.unless.part)}
    return found


def _atoms(rule: Rule, *, lines: Sequence[str], told: set[object]) -> Iterator[Finding]:
    """Look at terms and patterns, those of shared lists once."""
    by_itself = {id(atom) for atom in alone(rule.match)}
    for condition in _conditions(rule):
        for atom in atoms(condition):
            key = (atom.where, atom.evasion, id(atom) in by_itself)
            if key in told:
                continue
            told.add(key)
            if isinstance(atom, Regex):
                yield from regex_findings(atom, rule=rule.id, lines=lines)
            else:
                by = id(atom) in by_itself
                yield from term_findings(atom, rule=rule.id, by_itself=by)


def _choices(rule: Rule, *, lines: Sequence[str]) -> Iterator[Finding]:
    """Look at ``any`` where it does not matter which part hits; shared lists are looked at once."""
    exact = {
        id(inner)
        for condition in _conditions(rule)
        for part in walk(condition)
        if isinstance(part, Near)
        for inner in walk(part)
    }
    for condition in _conditions(rule):
        for part in walk(condition):
            if isinstance(part, AnyOf) and not part.name and id(part) not in exact:
                yield from list_findings(_flat(part), rule=rule.id, lines=lines)


def _flat(choice: AnyOf) -> list[Condition]:
    return [part for part in choice.parts if isinstance(part, Term)]


def mended(
    sources: Sequence[Source], *, today: date, policies: Collection[str] | None = None
) -> tuple[tuple[Source, ...], int]:
    """Apply every fix that means the same, until there is none left.

    Parameters
    ----------
    sources : sequence of Source
        Files.
    today : date
        As for `lint`.
    policies : collection of str, optional
        As for `lint`.

    Returns
    -------
    sources : tuple of Source
        The files as they should be.
    count : int
        Findings put right.
    """
    now, total = tuple(sources), 0
    for _ in range(_MOST_ROUNDS):
        findings = lint(now, today=today, policies=policies).findings
        pairs = [_fixed(source, findings) for source in now]
        count = sum(times for _, times in pairs)
        if not count:
            break
        now, total = tuple(source for source, _ in pairs), total + count
    return now, total


def _fixed(source: Source, findings: Sequence[Finding]) -> tuple[Source, int]:
    own = [found for found in findings if found.where.path == source.path]
    text, count = fixed(source.text, own)
    return Source(source.path, text), count
