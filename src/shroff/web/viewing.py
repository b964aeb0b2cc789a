"""What a page is asked for, as it stands in its address: days, slices, language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from shroff.domain.messages import Language
from shroff.errors import ConfigError
from shroff.report.compared import Comparison
from shroff.store.narrowing import POLICY

__all__ = ["BESIDE", "CALENDAR", "SLICE", "Terms", "View", "is_ours", "told_terms", "view_of"]

_Kind = TypeVar("_Kind", bound=StrEnum)

SLICE = "by."
"""Before the name of a column in an address, so that no column can be taken for our own words."""

BESIDE = "vs."
"""Before the name of a column of the ads that figures are compared with."""

Terms = tuple[tuple[str, tuple[str, ...]], ...]
"""Columns and the values wanted of each, sorted."""

CALENDAR = "calendar"
"""As the days: those of the fields ``from`` and ``to``, as a calendar gives them."""

_WORDS = frozenset({"period", "from", "to", "lang", "add", "vs", "vs_add"})
_LONGEST = 200
_MOST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One way to look at the logs; the same for every page.

    Parameters
    ----------
    period : str
        As `Workspace.measure` takes it; empty for the last four whole weeks.
    where : tuple of (str, tuple of str)
        Columns and the values wanted of each, sorted; empty for all ads.
    versus : Comparison
        What figures are compared with.
    beside : tuple of (str, tuple of str)
        Of the other ads that figures are compared with: what differs from ``where``.
    language : Language
        Language of the page.
    """

    period: str = ""
    where: Terms = ()
    versus: Comparison = Comparison.BEFORE
    beside: Terms = ()
    language: Language = Language.EN

    def query(self) -> str:
        """Write it as the query of an address, the same for the same view."""
        return urlencode([*self.pairs(), ("lang", str(self.language))])

    def pairs(self) -> list[tuple[str, str]]:
        """Give the names and values of its address, but for the language."""
        pairs = [("period", self.period)] if self.period else []
        pairs += [(SLICE + name, value) for name, values in self.where for value in values]
        if self.versus is Comparison.YEAR:
            pairs.append(("vs", self.versus))
        if self.versus is Comparison.ADS:
            pairs += [(BESIDE + name, value) for name, values in self.beside for value in values]
        return pairs

    @property
    def policy(self) -> str:
        """Name the policy in scope; empty for any."""
        return dict(self.where).get(POLICY, ("",))[0]

    def others(self) -> dict[str, tuple[str, ...]]:
        """Say which ads figures are compared with: those of ``where``, but for what differs."""
        return {**dict(self.where), **dict(self.beside)}

    def only(self, column: str, value: str) -> View:
        """Look at the ads of one value of a column."""
        others = tuple(term for term in self.where if term[0] != column)
        return replace(self, where=tuple(sorted((*others, (column, (value,))))))

    def without(self, column: str, value: str | None = None) -> View:
        """Look at ads whatever they have in a column, or those of one value of it too."""
        kept = [
            (
                name,
                values if name != column else tuple(v for v in values if value not in {None, v}),
            )
            for name, values in self.where
        ]
        return replace(self, where=tuple((name, values) for name, values in kept if values))

    def alone(self) -> View:
        """Look at the same, compared with the period before."""
        return replace(self, versus=Comparison.BEFORE, beside=())

    def everything(self) -> View:
        """Look at all ads."""
        return replace(self, where=())

    def said(self, language: Language) -> View:
        """Look at the same in another language."""
        return replace(self, language=language)


def view_of(pairs: Iterable[tuple[str, str]], *, default: Language) -> View:
    """Read what a page is asked for from the query of its address.

    Parameters
    ----------
    pairs : iterable of (str, str)
        Names and values as they stand there; names that are not ours are left alone.
    default : Language
        Language where none is named.

    Returns
    -------
    View
        What is asked for.

    Raises
    ------
    ConfigError
        If more is asked for than a page can show, or a value is longer than any can be.
    """
    given = [pair for pair in pairs if is_ours(pair[0])]
    if any(len(part) > _LONGEST for pair in given for part in pair):
        raise ConfigError("the address is too long", hint="take out a filter")
    typed = [("add", SLICE), ("vs_add", BESIDE)]
    given += [
        (prefix + column.strip(), wanted.strip())
        for field, prefix in typed
        for name, value in given
        if name == field
        for column, equals, wanted in [value.partition("=")]
        if equals
    ]
    said = dict(given)
    beside, wanted = _terms(given, BESIDE), said.get("vs", "")
    versus = Comparison.ADS if beside else _one_of(Comparison, wanted, Comparison.BEFORE)
    if versus is Comparison.ADS and not beside:
        versus = Comparison.BEFORE
    return View(
        period=_period(said),
        where=_terms(given, SLICE),
        versus=versus,
        beside=beside,
        language=_one_of(Language, said.get("lang", ""), default),
    )


def told_terms(terms: Terms) -> str:
    """Write terms as they are typed, e.g. ``market=BR|US · language=pt``."""
    return " · ".join(f"{name}={'|'.join(values)}" for name, values in terms)


def is_ours(name: str) -> bool:
    """Tell whether a name in an address says how to look at the logs."""
    return name in _WORDS or name.startswith((SLICE, BESIDE))


def _period(said: Mapping[str, str]) -> str:
    """Give the days asked for: as written, or from one day of a calendar to another."""
    first, last = said.get("from", "").strip(), said.get("to", "").strip()
    period = said.get("period", "").strip()
    if period != CALENDAR:
        return period
    return f"{first or last}..{last or first}" if first or last else ""


def _terms(pairs: Iterable[tuple[str, str]], prefix: str) -> Terms:
    found: dict[str, set[str]] = {}
    for name, value in pairs:
        if name.startswith(prefix):
            found.setdefault(name.removeprefix(prefix), set()).add(value)
    if sum(map(len, found.values())) > _MOST:
        raise ConfigError(f"more than {_MOST} filters are set", hint="take some out")
    return tuple((name, tuple(sorted(values))) for name, values in sorted(found.items()))


def _one_of(kinds: type[_Kind], text: str, otherwise: _Kind) -> _Kind:
    return kinds(text) if text in {each.value for each in kinds} else otherwise
