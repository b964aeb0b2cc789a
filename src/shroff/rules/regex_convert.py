r"""Patterns written for other engines, rewritten into our dialect where that means the same.

What has an equal is rewritten as it stands: flags that make no difference on the plain view, named
groups, comments, ``\A``, brackets and braces without a backslash. What looks around at the very
start or end of a pattern is made part of the match: the same texts are hit, at a wider place. What
is possessive becomes plain where nothing that follows could have been taken away from it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from shroff.rules.char_sets import CharSet
from shroff.rules.regex_facts import regex_facts
from shroff.rules.regex_faults import RegexFault
from shroff.rules.regex_folding import nullable, spelled
from shroff.rules.regex_tree import Choice, Literal, Node, OneOf, Repeat, Sequence
from shroff.rules.syntax import inspect_regex

__all__ = ["Conversion", "convert"]

_MOST_ROUNDS = 20
_BEFORE = ("(?<=", "(?<!")
_AFTER = ("(?=", "(?!")
_ALL_LINES = re.compile(r"\(\?(?=[a-z]*s)([is]{1,2})\)")


@dataclass(frozen=True, slots=True)
class Conversion:
    """A pattern in our dialect.

    Parameters
    ----------
    pattern : str
        The pattern, as far as it could be rewritten.
    changes : tuple of str
        Kinds of what was rewritten (see `regex_faults`).
    left : tuple of RegexFault
        What has no equal; empty if the pattern can be used.
    wider : bool
        Whether a hit takes in what the original only looked at.
    """

    pattern: str
    changes: tuple[str, ...] = ()
    left: tuple[RegexFault, ...] = ()
    wider: bool = False


def convert(pattern: str) -> Conversion:
    r"""Rewrite a pattern.

    Parameters
    ----------
    pattern : str
        As `re`, PCRE or RE2 take it.

    Returns
    -------
    Conversion
        The same pattern in our dialect, or what cannot be said in it.

    Examples
    --------
    >>> convert(r"(?i)\Afree(?P<what>cash|money)").pattern
    '^free(cash|money)'
    """
    now, changes, wider = pattern, list[str](), False
    for _ in range(_MOST_ROUNDS):
        faults = inspect_regex(now)[1]
        if not faults:
            break
        step = _step(now, faults)
        if step is None:
            return Conversion(now, tuple(dict.fromkeys(changes)), faults, wider)
        now, kind = step
        changes.append(kind)
        wider |= kind == "lookaround"
    left = inspect_regex(now)[1]
    return Conversion(now, tuple(dict.fromkeys(changes)), left, wider)


def _step(pattern: str, faults: tuple[RegexFault, ...]) -> tuple[str, str] | None:
    """Rewrite one fault, the last one first so that places stay true."""
    for fault in reversed(faults):
        start, end = fault.place
        if fault.fix is not None:
            return pattern[:start] + fault.fix + pattern[end:], fault.kind
        new = _rewritten(pattern, fault)
        if new is not None:
            return new, fault.kind
    return None


def _rewritten(pattern: str, fault: RegexFault) -> str | None:
    start, end = fault.place
    if fault.kind == "possessive":
        plain = pattern[: end - 1] + pattern[end:]
        return plain if _keeps_all(pattern[start : end - 1], pattern[end:]) else None
    if fault.kind == "flags" and _ALL_LINES.fullmatch(pattern[start:end]):
        return pattern[:start] + _any_for_dot(pattern[end:])
    if fault.kind == "lookaround":
        return _taken_in(pattern, start)
    return None


def _any_for_dot(pattern: str) -> str:
    """Let each full stop take new lines, too."""
    return re.sub(
        r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\.",
        lambda found: r"[\s\S]" if found[0] == "." else found[0],
        pattern,
        flags=re.DOTALL,
    )


def _taken_in(pattern: str, start: int) -> str | None:
    """Make what is looked at part of the match, at the edge of a pattern."""
    end = _closing(pattern, start)
    if end is None:
        return None
    before, after = pattern[:start], pattern[end:]
    sign = next(sign for sign in (*_BEFORE, *_AFTER) if pattern.startswith(sign, start))
    inner = pattern[start + len(sign) : end - 1]
    at_edge = not before if sign in _BEFORE else not after
    # an alternative beside it would be an edge of its own
    if not at_edge or _splits(before + after):
        return None
    if sign in {"(?<=", "(?="}:
        return f"{before}(?:{inner}){after}"
    return _unless(inner, before, after)


def _unless(inner: str, before: str, after: str) -> str | None:
    """Write that one character is none of some, or is not there."""
    tree, faults = inspect_regex(inner)
    chars = _one_character(spelled(tree)) if tree is not None and not faults else None
    if chars is None:
        return None
    other = f"[^{inner[1:-1]}]" if re.fullmatch(r"\[[^\^\[\]\\]*\]", inner) else None
    if other is None:
        other = f"[^{inner}]" if re.fullmatch(r"\\?[^\^\[\]\\]|\\[dws]", inner) else None
    if other is None:
        return None
    return f"{before}(?:{other}|$)" if before else f"(?:^|{other}){after}"


def _one_character(node: Node) -> CharSet | None:
    if isinstance(node, Literal):
        return CharSet.listed(node.character)
    return node.chars if isinstance(node, OneOf) else None


def _closing(pattern: str, start: int) -> int | None:
    """Find the end of the group that begins at a place."""
    depth = 0
    for found in re.finditer(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[()]", pattern[start:], re.DOTALL):
        depth += {"(": 1, ")": -1}.get(found[0], 0)
        if depth == 0 and found[0] == ")":
            return start + found.end()
    return None


def _splits(pattern: str) -> bool:
    """Tell whether a pattern is a choice at its top."""
    tree = inspect_regex(pattern)[0]
    return isinstance(tree, Choice)


def _keeps_all(repeated: str, rest: str) -> bool:
    """Tell whether giving back what was repeated could never help what follows."""
    tree, faults = inspect_regex(repeated)
    if tree is None or faults:
        return False
    chars = _loop(spelled(tree))
    if chars is None:
        return False
    if not rest:
        return True
    following, others = inspect_regex(rest)
    if following is None or others:
        return False
    plain = spelled(following)
    first = None if nullable(plain) else _first(plain)
    return first is not None and not first & chars and not regex_facts(plain).never


def _loop(node: Node) -> CharSet | None:
    return _one_character(node.part) if isinstance(node, Repeat) else None


def _first(node: Node) -> CharSet | None:
    """Give the characters that a pattern can begin with; None if that is not plain."""
    if isinstance(node, Sequence):
        found = CharSet(())
        for part in node.parts:
            head = _first(part)
            if head is None:
                return None
            found |= head
            if not nullable(part):
                return found
        return None
    if isinstance(node, Choice):
        heads = [_first(part) for part in node.parts]
        found = CharSet(())
        for head in heads:
            if head is None:
                return None
            found |= head
        return found
    return _first(node.part) if isinstance(node, Repeat) else _one_character(node)
