"""Many regular expressions at once: which match which text, then where.

Hyperscan reads all texts of a batch as one buffer, a text a line, and says which expression may match
which text; of expressions whose matches need words that were looked for already, only the texts that
hold them. It is asked for nothing more: its ends of matches are not those of a left-most match, and
a match may run over a line's end. Each pair it names is then matched by `re` on that text alone, which
settles both whether and where. Expressions that `re` could be slow on, and long texts, go to RE2
instead, which takes linear time and agrees with it.

What Hyperscan refuses is compiled as a prefilter (it then names more pairs); what it refuses even
then is matched on every text, and `RegexIndex.refused` says so. One bad expression never keeps the
others from being scanned.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from math import inf
from typing import Any, Protocol, cast

import hyperscan
import numpy as np
import re2
from numpy.typing import NDArray

from shroff.rules.regex_needs import Need
from shroff.rules.suspect_kernel import Codes
from shroff.rules.term_kernel import TermHits
from shroff.text.kernel_cache import kernel

__all__ = ["Expression", "RegexIndex", "RegexScan", "index_of_expressions", "ready", "scanned"]

_MOST_STEPS = 2e6  # in the worst case, that `re` is trusted with
_FLAGS = hyperscan.HS_FLAG_UTF8


@dataclass(frozen=True, slots=True)
class Expression:
    """One expression as the engines are told it.

    Parameters
    ----------
    lines : str
        For Hyperscan, where the ends of a text are those of a line.
    python : str
        For `re`.
    linear : str
        For RE2.
    steps : float
        How many ways of matching `re` could try from one place, the parts of any length apart.
    open_ends : int
        How many parts are of any length: each may multiply the ways by the length of the text.
    needs : tuple of Need
        What every match holds; see `shroff.rules.regex_needs`.
    """

    lines: str
    python: str
    linear: str
    steps: float = inf
    open_ends: int = 0
    needs: tuple[Need, ...] = ()

    def longest(self) -> float:
        """Give the length of a text on which `re` must be quick, in characters."""
        if not 0 < self.steps < inf:
            return 0.0 if self.steps else inf
        return float((_MOST_STEPS / self.steps) ** (1 / (self.open_ends + 1)))


@dataclass(frozen=True, slots=True)
class RegexIndex:
    """Expressions made ready; it can be pickled.

    Parameters
    ----------
    expressions : tuple of Expression
        All of them.
    database : bytes
        What Hyperscan compiled, or nothing if there is no expression for it.
    gated : bytes
        The same of expressions that need not be tried on every text.
    prefiltered : tuple of int
        Expressions that Hyperscan takes only as a prefilter: more pairs are tried.
    refused : tuple of (int, str)
        Expressions that Hyperscan does not take, and why: every text is tried, slowly.
    """

    expressions: tuple[Expression, ...]
    database: bytes = field(default=b"", repr=False)
    gated: bytes = field(default=b"", repr=False)
    prefiltered: tuple[int, ...] = ()
    refused: tuple[tuple[int, str], ...] = ()


class _Matcher(Protocol):
    def finditer(self, text: str) -> Iterator[re.Match[str]]: ...


@dataclass(frozen=True, slots=True)
class RegexScan:
    """An index in use in one thread; made by `ready`, cannot be pickled."""

    index: RegexIndex
    database: hyperscan.Database | None
    gated: hyperscan.Database | None
    longest: tuple[float, ...]


def index_of_expressions(
    expressions: Sequence[Expression], *, gated: Collection[int] = ()
) -> RegexIndex:
    """Compile expressions.

    Parameters
    ----------
    expressions : sequence of Expression
        Valid ones; see `shroff.rules.syntax`.
    gated : collection of int
        Those that `scanned` is told where to try.

    Returns
    -------
    RegexIndex
        All of them, with what could not be done the fast way.
    """
    free = [number for number in range(len(expressions)) if number not in gated]
    made = [_group(expressions, numbers) for numbers in (free, sorted(gated))]
    prefiltered = sorted(number for each in made for number in each.prefiltered)
    refused = sorted(each for group in made for each in group.refused)
    return RegexIndex(
        tuple(expressions),
        made[0].database,
        made[1].database,
        tuple(prefiltered),
        tuple(refused),
    )


def _group(expressions: Sequence[Expression], numbers: Sequence[int]) -> RegexIndex:
    flags = dict.fromkeys(numbers, _FLAGS)
    refused: list[tuple[int, str]] = []
    while flags:
        told = [(expressions[number].lines, number, flag) for number, flag in flags.items()]
        try:
            database = hyperscan.dumpb(_compiled(told))
        except hyperscan.error:
            _set_apart(told, flags, refused=refused)
        else:
            prefiltered = tuple(number for number, flag in flags.items() if flag != _FLAGS)
            return RegexIndex((), database, b"", prefiltered, tuple(refused))
    return RegexIndex((), refused=tuple(refused))


def ready(index: RegexIndex) -> RegexScan:
    """Make an index usable in this thread.

    Parameters
    ----------
    index : RegexIndex
        Compiled expressions, perhaps from a cache.

    Returns
    -------
    RegexScan
        What `scanned` wants.
    """
    longest = tuple(expression.longest() for expression in index.expressions)
    return RegexScan(index, _loaded(index.database), _loaded(index.gated), longest)


def _loaded(content: bytes) -> hyperscan.Database | None:
    if not content:
        return None
    database = hyperscan.loadb(content, hyperscan.HS_MODE_BLOCK)
    database.scratch = hyperscan.Scratch(database)
    return database


def scanned(
    scan: RegexScan,
    codes: Codes,
    *,
    bounds: NDArray[np.int64],
    suspects: NDArray[np.int64] | None = None,
) -> TermHits:
    """Find where expressions match: left to right, without overlaps, empty matches left out.

    Parameters
    ----------
    scan : RegexScan
        The expressions.
    codes : array of uint32
        Code points of all texts, one text after the other.
    bounds : array of int64, shape (texts + 1,)
        Where each text begins.
    suspects : array of int64, optional
        Texts that gated expressions may match, in order; all of them unless said.

    Returns
    -------
    TermHits
        Matches, `term` being the number of the expression; ordered by expression, then by text.
    """
    every = np.arange(len(bounds) - 1)
    pairs = _pairs(scan, codes, bounds, suspects=every if suspects is None else suspects)
    text = codes.tobytes().decode("utf-32-le", "surrogatepass") if len(pairs) else ""
    many = max(len(bounds) - 1, 1)
    numbers_of, rows_of = np.divmod(pairs, many)
    lows, highs = bounds[rows_of].tolist(), bounds[rows_of + 1].tolist()
    found: list[int] = []
    before, using = (-1, True), None
    for number, row, low, high in zip(
        numbers_of.tolist(), rows_of.tolist(), lows, highs, strict=True
    ):
        kind = (number, high - low <= scan.longest[number])
        if using is None or kind != before:
            before, using = kind, _matcher(scan.index.expressions[number], quick=kind[1])
        for match in using.finditer(text[low:high]):
            start, end = match.span()
            if start < end:
                found += (row, number, low + start, low + end)
    table = np.array(found, np.int64).reshape(-1, 4)
    rows, numbers = table[:, 0].astype(np.int32), table[:, 1].astype(np.int32)
    return TermHits(rows, numbers, table[:, 2], table[:, 3])


def _pairs(
    scan: RegexScan, codes: Codes, bounds: NDArray[np.int64], *, suspects: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Name the pairs to be tried, as expression times texts plus text, sorted."""
    texts = np.arange(len(bounds) - 1, dtype=np.int64)
    every = [texts + number * len(texts) for number, _ in scan.index.refused]
    for database, tried in ((scan.database, texts), (scan.gated, suspects)):
        if database is not None and len(tried):
            every.append(_suggested(database, codes, bounds, texts=tried))
    return np.unique(np.concatenate(every)) if every else np.zeros(0, np.int64)


def _suggested(
    database: hyperscan.Database,
    codes: Codes,
    bounds: NDArray[np.int64],
    *,
    texts: NDArray[np.int64],
) -> NDArray[np.int64]:
    buffer, line_ends = _lines(codes, bounds, texts)
    flat: list[int] = []
    more = flat.extend

    def _note(number: int, _start: int, end: int, _flags: int, _context: object) -> None:
        more((number, end))

    database.scan(cast("bytes", buffer), match_event_handler=_note)
    ends = np.array(flat, np.int64).reshape(-1, 2)
    line = np.searchsorted(line_ends, ends[:, 1], side="left")
    return np.unique(ends[:, 0] * (len(bounds) - 1) + texts[np.minimum(line, len(texts) - 1)])


def _compiled(told: Sequence[tuple[str, int, int]]) -> hyperscan.Database:
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(
        expressions=[text.encode() for text, _, _ in told],
        ids=[number for _, number, _ in told],
        elements=len(told),
        flags=[flag for _, _, flag in told],
    )
    return database


def _set_apart(
    told: Sequence[tuple[str, int, int]],
    flags: dict[int, int],
    *,
    refused: list[tuple[int, str]],
) -> None:
    """Compile each expression alone: what fails becomes a prefilter, or is refused."""
    before = (dict(flags), len(refused))
    for expression, number, flag in told:
        for tried in (flag, flag | hyperscan.HS_FLAG_PREFILTER):
            try:
                _compiled([(expression, number, tried)])
            except (hyperscan.error, UnicodeEncodeError) as error:
                why = str(error)
            else:
                flags[number] = tried
                break
        else:
            del flags[number]
            refused.append((number, why))
    if before == (flags, len(refused)):  # each by itself is taken, all together are not
        refused.extend((number, "too many for one database") for number in flags)
        flags.clear()


def _matcher(expression: Expression, *, quick: bool) -> _Matcher:
    return _usual(expression.python) if quick else _linear(expression.linear)


@cache
def _usual(pattern: str) -> _Matcher:
    matcher: Any = re.compile(pattern, re.ASCII)
    found: _Matcher = matcher
    return found


@cache
def _linear(pattern: str) -> _Matcher:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 256 << 20
    matcher: Any = re2.compile(pattern, options)
    found: _Matcher = matcher
    return found


def _lines(
    codes: Codes, bounds: NDArray[np.int64], texts: NDArray[np.int64]
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Write texts as UTF-8, a line each, with where each line ends (at its line break)."""
    points = int((bounds[texts + 1] - bounds[texts]).sum())
    buffer = np.empty(4 * points + len(texts), np.uint8)
    ends = np.empty(len(texts), np.int64)
    return buffer[: _write_lines(codes, bounds, texts, buffer, ends)], ends


@kernel
def _write_lines(
    codes: Codes,
    bounds: NDArray[np.int64],
    texts: NDArray[np.int64],
    buffer: NDArray[np.uint8],
    ends: NDArray[np.int64],
) -> np.uint64:
    at, one = np.uint64(0), np.uint64(1)
    for nth in range(len(texts)):
        text = texts[nth]
        for place in range(np.uint64(bounds[text]), np.uint64(bounds[text + 1])):
            code = codes[place]
            if code < 0x80:
                buffer[at] = code
                at += one
            else:
                at = _write_wide(code, buffer, at)
        ends[nth] = np.int64(at)
        buffer[at] = 10
        at += one
    return at


@kernel
def _write_wide(code: np.uint32, buffer: NDArray[np.uint8], at: np.uint64) -> np.uint64:
    """Write a code point beyond ASCII; the place after it."""
    one, low, more = np.uint64(1), np.uint32(0x3F), np.uint32(0x80)
    if code >> np.uint32(11) == np.uint32(0x1B):
        code = np.uint32(0xFFFD)  # Hyperscan would say nothing of a buffer that is not UTF-8
    if code < 0x800:
        buffer[at] = np.uint32(0xC0) | code >> np.uint32(6)
    else:
        if code < 0x10000:
            buffer[at] = np.uint32(0xE0) | code >> np.uint32(12)
        else:
            buffer[at] = np.uint32(0xF0) | code >> np.uint32(18)
            at += one
            buffer[at] = more | (code >> np.uint32(12)) & low
        at += one
        buffer[at] = more | (code >> np.uint32(6)) & low
    buffer[at + one] = more | code & low
    return at + np.uint64(2)
