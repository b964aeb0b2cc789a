"""What a page is asked for, as it stands in its address: days, slices, language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from shroff.domain.messages import Language
from shroff.errors import ConfigError

__all__ = ["SLICE", "View", "view_of"]

SLICE = "by."
"""Before the name of a column in an address, so that no column can be taken for our own words."""

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
    language : Language
        Language of the page.
    """

    period: str = ""
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    language: Language = Language.EN

    def query(self) -> str:
        """Write it as the query of an address, the same for the same view."""
        pairs = [("period", self.period)] if self.period else []
        pairs += [(SLICE + name, value) for name, values in self.where for value in values]
        return urlencode([*pairs, ("lang", str(self.language))])

    def only(self, column: str, value: str) -> View:
        """Look at the ads of one value of a column."""
        others = tuple(term for term in self.where if term[0] != column)
        return replace(self, where=tuple(sorted((*others, (column, (value,))))))

    def without(self, column: str) -> View:
        """Look at ads whatever they have in a column."""
        return replace(self, where=tuple(term for term in self.where if term[0] != column))

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
    period, language = "", default
    where: dict[str, set[str]] = {}
    for name, value in pairs:
        if len(name) > _LONGEST or len(value) > _LONGEST:
            raise ConfigError("the address is too long", hint="take out a filter")
        if name == "period":
            period = value.strip()
        elif name == "lang" and value in {each.value for each in Language}:
            language = Language(value)
        elif name.startswith(SLICE):
            where.setdefault(name.removeprefix(SLICE), set()).add(value)
        elif name == "add" and "=" in value:
            column, _, wanted = value.partition("=")
            where.setdefault(column.strip(), set()).add(wanted.strip())
    if sum(map(len, where.values())) > _MOST:
        raise ConfigError(f"more than {_MOST} filters are set", hint="take some out")
    terms = tuple((name, tuple(sorted(values))) for name, values in sorted(where.items()))
    return View(period=period, where=terms, language=language)
