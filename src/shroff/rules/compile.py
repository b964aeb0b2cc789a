"""From packs to what a scanner runs on, kept in a cache so that it is done once.

The cache is a folder with a file for each set of packs, named by a digest of the packs' rules, of the
versions of what compiles them and of the processor; its files hold arrays and JSON, so that reading
one runs no code of its own. A file that cannot be read, or is of another pack or version, is written
anew.
"""

from __future__ import annotations

import hashlib
import os
import platform
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache as once
from importlib.metadata import version
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from shroff.rules.atom_hits import shares_of
from shroff.rules.clauses import Atom, Regex, Term, Word
from shroff.rules.compiled import (
    FORMAT,
    Compiled,
    CompiledRule,
    read_compiled,
    write_compiled,
)
from shroff.rules.condition_code import coded, plain_atoms
from shroff.rules.expression_text import expression_of
from shroff.rules.plain_folding import plain_folding
from shroff.rules.regex_gate import Factors, factors_of
from shroff.rules.regex_scan import index_of_expressions
from shroff.rules.rule import Pack, Rule
from shroff.rules.view_terms import TermsOfView, indexed, indexed_by_start, opens_words
from shroff.text import syllables
from shroff.text.alignment import FormTable, form_table
from shroff.text.evasion import Evasion
from shroff.text.forms import forms_of
from shroff.text.reading_tables import VERSION as TABLES
from shroff.text.text_views import views_of_texts

__all__ = ["Compiled", "compiled", "digest_of", "pack_cache"]

_MOST_KEPT = 40

_KINDS = {Word.AUTO: 0, Word.WHOLE: 1, Word.PART: 2}
_EXPRESSION = 3
_SOUND = int(Evasion.HOMOPHONE | Evasion.PINYIN)
_FOLDED = int(
    Evasion.LEET
    | Evasion.REPEAT
    | Evasion.SEPARATOR
    | Evasion.EMOJI
    | Evasion.LOOKALIKE_HAN
    | Evasion.SPLIT
    | Evasion.NUMERALS
    | Evasion.MASKED
    | Evasion.TYPO
)
_FOLDED_ONLY = int(Evasion.MASKED | Evasion.TYPO)


def compiled(packs: Sequence[Pack], *, cache: Path | None = None) -> Compiled:
    """Make packs ready to be scanned for.

    Parameters
    ----------
    packs : sequence of Pack
        One or more; ids of rules must be unique over them.
    cache : Path, optional
        Folder that keeps what was compiled; made if it is missing.

    Returns
    -------
    Compiled
        The rules, in the order of the packs.

    Raises
    ------
    RuleError
        If an expression is not of the dialect.
    """
    digest = digest_of(packs)
    kept = cache / f"{digest[:32]}.npz" if cache is not None else None
    if kept is not None and (found := _kept(kept, digest)) is not None:
        return found
    made = _compiled(packs, digest)
    if kept is not None:
        with suppress(OSError):  # a folder that cannot be written only costs time
            _keep(kept, write_compiled(made))
    return made


def pack_cache() -> Path:
    """Name the folder of this user for compiled packs; it is made when one is kept.

    Returns
    -------
    Path
        Among the user's caches (``XDG_CACHE_HOME``); the packs used last stay.
    """
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "shroff" / "packs"


def digest_of(packs: Sequence[Pack]) -> str:
    """Name packs, and what they are compiled with, by what they say.

    Parameters
    ----------
    packs : sequence of Pack
        In their order.

    Returns
    -------
    str
        SHA-256, in hexadecimal.
    """
    engines = (version("shroff"), version("hyperscan"), platform.machine(), _processor())
    made_with = (FORMAT, TABLES, _sources(), *engines)
    hashed = hashlib.sha256(repr(made_with).encode())
    for pack in packs:
        said = pack.digest or repr((pack.lists, pack.rules))
        hashed.update(repr((pack.id, pack.version, pack.path, said)).encode())
    return hashed.hexdigest()


@once
def _sources() -> str:
    """Tell versions of what compiles apart, by the stamps of its files: releases are too coarse."""
    rooms = (Path(__file__).parent, Path(syllables.__file__).parent)
    stamps = sorted(
        (one.name, one.stat().st_mtime_ns) for room in rooms for one in room.glob("*.py")
    )
    return repr(stamps)


def _processor() -> str:
    """Tell processors apart that a compiled database may not be carried between."""
    import hyperscan  # noqa: PLC0415 - not wanted by who only asks for a type

    probe = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    probe.compile(expressions=[b"a"], ids=[0], elements=1, flags=[0])
    return str(probe.info())


def _kept(path: Path, digest: str) -> Compiled | None:
    try:
        found = read_compiled(path.read_bytes())
        path.touch()
    except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile):
        return None
    return found if found.digest == digest else None


def _keep(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
    Path(file.name).replace(path)  # whole or not at all, whoever else writes it
    kept = sorted(path.parent.glob("*.npz"), key=_last_use, reverse=True)
    for old in kept[_MOST_KEPT:]:
        old.unlink(missing_ok=True)


def _last_use(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # somebody else has just removed it
        return 0.0


@dataclass(slots=True)
class _Atoms:
    """Numbers for the atoms of all rules: equal ones share theirs."""

    numbers: dict[Atom, int] = field(default_factory=dict[Atom, int])

    def number(self, atom: Atom) -> int:
        return self.numbers.setdefault(atom, len(self.numbers))


def _compiled(packs: Sequence[Pack], digest: str) -> Compiled:
    atoms = _Atoms()
    rules = tuple(_rule(rule, pack, atoms=atoms) for pack in packs for rule in pack.rules)
    every = list(atoms.numbers)
    terms = [(number, atom) for number, atom in enumerate(every) if isinstance(atom, Term)]
    expressions: dict[str, list[int]] = defaultdict(list)
    for number, atom in enumerate(every):
        if isinstance(atom, Regex):
            expressions[atom.pattern].append(number)
    forms, owners, disguises = _forms(terms)
    table = form_table(forms)
    evasion = np.array([int(atom.evasion) for atom in every], np.int32)
    form_atom, form_bits = np.array(owners, np.int32), np.array(disguises, np.int32)
    kinds = np.array([_kind(atom) for atom in every], np.uint8)
    told = [expression_of(pattern, folding=plain_folding()) for pattern in expressions]
    factors = factors_of(told)
    return Compiled(
        digest=digest,
        rules=rules,
        labels=tuple(_label(atom) for atom in every),
        kinds=kinds,
        evasion=evasion,
        forms=table,
        form_atom=form_atom,
        form_bits=form_bits,
        views=_views(
            forms,
            table,
            factors,
            kinds=kinds[form_atom],
            allowed=evasion[form_atom],
            bits=form_bits,
        ),
        regexes=index_of_expressions(told, gated=np.flatnonzero(factors.gate.wanted).tolist()),
        gate=factors.gate,
        regex_atoms=shares_of(list(expressions.values())),
    )


def _rule(rule: Rule, pack: Pack, *, atoms: _Atoms) -> CompiledRule:
    match = coded(rule.match, atoms.number)
    unless = rule.unless
    return CompiledRule(
        id=rule.id,
        version=rule.version,
        pack=pack.id,
        policy=rule.policy,
        action=str(rule.action),
        where=str(rule.where) if rule.where.line else pack.path,
        fields=rule.fields,
        markets=rule.markets,
        languages=rule.languages,
        expires=rule.expires.isoformat() if rule.expires else "",
        simple=plain_atoms(match) is not None and not rule.allow and unless is None,
        across_fields=rule.across_fields,
        match=match,
        allow=tuple(atoms.number(term) for term in rule.allow),
        unless=coded(unless.part, atoms.number) if unless else None,
        unless_within=unless.within if unless else None,
        unless_unit=str(unless.unit) if unless else "",
    )


def _label(atom: Atom) -> str:
    return atom.text if isinstance(atom, Term) else f"/{atom.pattern}/"


def _kind(atom: Atom) -> int:
    return _KINDS[atom.word] if isinstance(atom, Term) else _EXPRESSION


def _forms(terms: Sequence[tuple[int, Term]]) -> tuple[list[str], list[int], list[int]]:
    """Give the ways in which terms are looked for: text, atom and disguise of each."""
    groups: dict[Evasion, list[tuple[int, Term]]] = defaultdict(list)
    for number, term in terms:
        groups[term.evasion].append((number, term))
    every = [
        (form.text, number, int(form.bits))
        for evasion, group in groups.items()
        for (number, _), forms in zip(
            group, forms_of([term.text for _, term in group], evasion=evasion), strict=True
        )
        for form in forms
    ]
    texts, atoms, bits = zip(*every, strict=True) if every else ((), (), ())
    return list(texts), list(atoms), list(bits)


def _views(
    forms: Sequence[str],
    table: FormTable,
    factors: Factors,
    *,
    kinds: NDArray[np.uint8],
    allowed: NDArray[np.int32],
    bits: NDArray[np.int32],
) -> tuple[TermsOfView, ...]:
    """Fold forms as texts are folded, and index them in the views where they are looked for."""
    views = views_of_texts([*forms, *factors.texts])
    more = np.arange(len(forms), len(forms) + len(factors.texts))
    folded = (allowed & _FOLDED != 0) & table.by_fold
    sound = (allowed & _SOUND != 0) & table.by_sound & (bits & ~int(Evasion.TRAD) == 0)
    opening = np.concatenate([opens_words(table, views, kinds), factors.opening])
    plain = np.flatnonzero(bits & _FOLDED_ONLY == 0)
    kept = np.concatenate([np.flatnonzero(folded), more])
    starting, inner = indexed_by_start(views.folded, views.folded_at, kept, opening=opening)
    return (
        indexed(views.plain, views.plain_at, np.concatenate([plain, more])),
        starting,
        indexed(views.sound, views.sound_at, np.flatnonzero(sound)),
        inner,
    )
