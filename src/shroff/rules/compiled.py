"""A compiled pack: arrays and plain lists that can be kept in a file, pickled and sent to workers."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shroff.rules.atom_hits import Shares
from shroff.rules.regex_gate import RegexGate
from shroff.rules.regex_scan import Expression, RegexIndex
from shroff.rules.rule_columns import CompiledRule, read_rules, uncollected, write_rules
from shroff.rules.suspect_kernel import TermIndex
from shroff.rules.view_terms import TermsOfView
from shroff.text.alignment import FormTable

__all__ = ["FORMAT", "Compiled", "CompiledRule", "read_compiled", "write_compiled"]

FORMAT = 5
"""Raised with each change of what is kept: a file of another format is compiled anew."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """Rules made ready for a `Scanner`; values only, so it can be pickled.

    Parameters
    ----------
    digest : str
        Of the packs, in their order, and of what they are compiled with.
    rules : tuple of CompiledRule
        All rules of all packs.
    labels : tuple of str
        What each atom looks like to people.
    kinds : array of uint8
        Whether each atom is a term (0 ``auto``, 1 ``whole``, 2 ``part``) or an expression (3).
    evasion : array of int32
        Disguises each atom sees through, as bits.
    forms : FormTable
        Forms of all terms: how a term may be written where no view makes it one.
    form_atom : array of int32
        Atom of each form.
    form_bits : array of int32
        Disguise that each form is by itself, as bits.
    views : tuple of TermsOfView
        Forms in the plain, the folded and the sound view, and those in the folded one that may
        begin within a word.
    regexes : RegexIndex
        Expressions.
    regex_atoms : Shares
        Atoms of each expression.
    gate : RegexGate
        What expressions need to be tried.
    """

    digest: str
    rules: tuple[CompiledRule, ...]
    labels: tuple[str, ...]
    kinds: NDArray[np.uint8]
    evasion: NDArray[np.int32]
    forms: FormTable
    form_atom: NDArray[np.int32]
    form_bits: NDArray[np.int32]
    views: tuple[TermsOfView, ...]
    regexes: RegexIndex
    regex_atoms: Shares
    gate: RegexGate
    notes: tuple[str, ...] = field(default=())


def write_compiled(compiled: Compiled) -> bytes:
    """Write a compiled pack as bytes that are safe to read: arrays and JSON, no code.

    Parameters
    ----------
    compiled : Compiled
        The pack.

    Returns
    -------
    bytes
        An uncompressed ``npz``.
    """
    rules, columns = write_rules(compiled.rules)
    told = {
        "digest": compiled.digest,
        "rules": rules,
        "labels": compiled.labels,
        "expressions": [list(asdict(each).values()) for each in compiled.regexes.expressions],
        "prefiltered": compiled.regexes.prefiltered,
        "refused": compiled.regexes.refused,
        "notes": compiled.notes,
    }
    arrays = {
        "told": np.frombuffer(json.dumps(told, ensure_ascii=True).encode(), np.uint8),
        "database": np.frombuffer(compiled.regexes.database, np.uint8),
        "gated": np.frombuffer(compiled.regexes.gated, np.uint8),
        "wanted": compiled.gate.wanted,
        **{name: getattr(compiled, name) for name in _ARRAYS},
        **columns,
        **{f"form.{name}": getattr(compiled.forms, name) for name in FormTable._fields},
        **_shares("regex", compiled.regex_atoms),
        **_shares("gate", compiled.gate.slots),
    }
    for number, view in enumerate(compiled.views):
        arrays |= {f"{number}.{name}": getattr(view.index, name) for name in _INDEX}
        arrays |= _shares(f"{number}.forms", view.forms)
    sink = io.BytesIO()
    np.savez(sink, allow_pickle=False, **arrays)
    return sink.getvalue()


def read_compiled(content: bytes) -> Compiled:
    """Read what `write_compiled` wrote.

    Parameters
    ----------
    content : bytes
        Of the file.

    Returns
    -------
    Compiled
        The pack.
    """
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        held: Mapping[str, NDArray[Any]] = {name: arrays[name] for name in arrays.files}
    with uncollected():
        told = json.loads(held["told"].tobytes())
        rules = read_rules(told["rules"], held)
    views = tuple(
        TermsOfView(
            TermIndex(*(held[f"{number}.{name}"] for name in _INDEX)),
            _read_shares(f"{number}.forms", held),
        )
        for number in range(sum(name.endswith(".marks") for name in held))
    )
    return Compiled(
        digest=told["digest"],
        rules=rules,
        labels=tuple(told["labels"]),
        kinds=held["kinds"],
        evasion=held["evasion"],
        forms=FormTable(*(held[f"form.{name}"] for name in FormTable._fields)),
        form_atom=held["form_atom"],
        form_bits=held["form_bits"],
        views=views,
        regexes=RegexIndex(
            tuple(_expression(values) for values in told["expressions"]),
            held["database"].tobytes(),
            held["gated"].tobytes(),
            tuple(told["prefiltered"]),
            tuple((number, why) for number, why in told["refused"]),
        ),
        regex_atoms=_read_shares("regex", held),
        gate=RegexGate(_read_shares("gate", held), held["wanted"]),
        notes=tuple(told["notes"]),
    )


def _expression(values: list[Any]) -> Expression:
    """Make an expression again; what it needs was used when the pack was compiled."""
    return Expression(*values[:-1])


_ARRAYS = ("kinds", "evasion", "form_atom", "form_bits")
_INDEX = TermIndex._fields


def _shares(name: str, shares: Shares) -> dict[str, NDArray[Any]]:
    return {f"{name}.shares": shares.bounds, f"{name}.members": shares.members}


def _read_shares(name: str, held: Mapping[str, NDArray[Any]]) -> Shares:
    return Shares(held[f"{name}.shares"], held[f"{name}.members"])
