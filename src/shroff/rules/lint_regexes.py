"""What lint says of one regular expression, without running it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shroff.domain.excerpts import safe
from shroff.domain.findings import Edit, Finding
from shroff.domain.messages import Message
from shroff.domain.places import Where
from shroff.rules.clauses import Regex
from shroff.rules.finding_catalogue import finding
from shroff.rules.plain_folding import plain_folding
from shroff.rules.regex_ambiguity import Ambiguity, ambiguity
from shroff.rules.regex_facts import regex_facts
from shroff.rules.regex_folding import Folded, fold
from shroff.rules.regex_tree import Node, Place
from shroff.rules.regex_writers import hyperscan_lines_text
from shroff.rules.syntax import inspect_regex

__all__ = ["regex_findings"]

_SHOWN = 40


def regex_findings(regex: Regex, *, rule: str, lines: Sequence[str]) -> Iterator[Finding]:
    """Look at a regular expression.

    Parameters
    ----------
    regex : Regex
        The expression, from a file.
    rule : str
        Its rule.
    lines : sequence of str
        The file, by line.

    Yields
    ------
    Finding
        R102 to R108; nothing for one that cannot be read, which reading has told.
    """
    tree, faults = inspect_regex(regex.pattern)
    if tree is None or faults:
        return
    folded = fold(tree, plain_folding())
    yield from _folding(folded, regex, rule=rule, lines=lines)
    if not folded.emptied:  # it has been told why
        yield from _facts(folded.tree, regex, rule=rule)
    yield from _elsewhere(ambiguity(tree), regex, rule=rule)


def _folding(
    folded: Folded, regex: Regex, *, rule: str, lines: Sequence[str]
) -> Iterator[Finding]:
    for place in folded.dropped:
        where = _inside(regex, place)
        literal = where != regex.where and _written(where, lines) == regex.pattern[slice(*place)]
        # without it nothing might be left, or a repetition without its part
        bare = len(regex.pattern) > place[1] - place[0] and regex.pattern[place[1] :][:1] not in (
            "*", "+", "?", "{",
        )  # fmt: skip
        yield finding("R105", where, rule=rule, fix=[Edit(where, "")] if literal and bare else ())
    for place in folded.emptied:
        message = Message("rules.r104.emptied")
        yield finding("R104", _inside(regex, place), message=message, rule=rule)
    for place in folded.widened:
        yield finding("R106", _inside(regex, place), rule=rule)


def _facts(tree: Node, regex: Regex, *, rule: str) -> Iterator[Finding]:
    facts = regex_facts(tree)
    if facts.never:
        yield finding("R104", regex.where, rule=rule)
    elif facts.empty:
        yield finding("R102", regex.where, rule=rule)
    elif facts.universal:
        yield finding("R103", regex.where, rule=rule)
    else:
        reason = refusal(tree)
        if reason:
            yield finding("R108", regex.where, rule=rule, reason=reason)


def refusal(tree: Node) -> str:
    """Ask Hyperscan whether it takes a pattern; its reason if not."""
    import hyperscan  # noqa: PLC0415 - not for those who only read packs

    flags = hyperscan.HS_FLAG_UTF8 | hyperscan.HS_FLAG_SINGLEMATCH
    try:
        hyperscan.Database().compile(
            expressions=[hyperscan_lines_text(tree).encode()], ids=[0], flags=flags
        )
    except hyperscan.error as fault:
        return str(fault).rstrip(".")
    return ""


def _elsewhere(found: Ambiguity | None, regex: Regex, *, rule: str) -> Iterator[Finding]:
    if found is None:
        return
    where = _inside(regex, found.place)
    if found.degree is None:
        part = safe(regex.pattern[slice(*found.place)])[:_SHOWN]
        yield finding("R107", where, rule=rule, part=part)
    else:
        message = Message("rules.r107.slow", {"degree": found.degree})
        yield finding("R107", where, message=message, rule=rule)


def _inside(regex: Regex, place: Place) -> Where:
    """Find a part of a pattern in the file; the whole pattern if its text is escaped there."""
    where = regex.where
    length = where.end_column - where.column
    if where.line != where.end_line or length != len(regex.pattern):
        return where
    start = where.column + place[0]
    return Where(where.path, where.line, start, where.line, where.column + place[1])


def _written(where: Where, lines: Sequence[str]) -> str:
    return lines[where.line - 1][where.column - 1 : where.end_column - 1]
