r"""A pattern as the text that an engine reads: Hyperscan, RE2 and Python's `re` mean the same.

Classes are spelled out as code points, so nothing hangs on an engine's flags except that Hyperscan
wants its UTF-8 flag; ``\b`` is that of ASCII in all three (in `re` by ``(?a)``, written in front).
No text is to be compiled with a flag for case.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from shroff.rules.char_sets import CharSet
from shroff.rules.regex_tree import (
    Anchor,
    Boundary,
    Choice,
    Literal,
    Node,
    OneOf,
    Repeat,
    Sequence,
)

__all__ = ["dialect_text", "hyperscan_lines_text", "hyperscan_text", "python_text", "re2_text"]

_SPECIAL = frozenset("\\.^$*+?{}[]()|")
_SPECIAL_IN_CLASS = frozenset("\\^]-[&~|")
_SIGNS: dict[tuple[int, int | None], str] = {(0, None): "*", (1, None): "+", (0, 1): "?"}
_NEVER = CharSet.of([(0, 0x10FFFF)])


@dataclass(frozen=True, slots=True)
class _Dialect:
    """How an engine writes what engines write differently."""

    start: str
    end: str
    inside: str
    """Not a word boundary."""
    coded: Callable[[int], str]
    lazy: str = "?"


def _python_code(code: int) -> str:
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _braced_code(code: int) -> str:
    return f"\\x{{{code:x}}}"


_PYTHON = _Dialect(r"\A", r"\Z", r"(?!\b)", _python_code)
_RE2 = _Dialect(r"\A", r"\z", r"\B", _braced_code)
_HYPERSCAN = _Dialect(r"\A", r"\z", r"\B", _braced_code, lazy="")
_HYPERSCAN_LINES = _Dialect("(?m:^)", "(?m:$)", r"\B", _braced_code, lazy="")
_OURS = _Dialect("^", "$", r"\B", _braced_code)


def python_text(tree: Node) -> str:
    """Write a folded pattern for Python's `re`, without flags."""
    return "(?a)" + _write(tree, _PYTHON)


def re2_text(tree: Node) -> str:
    """Write a folded pattern for RE2."""
    return _write(tree, _RE2)


def hyperscan_text(tree: Node) -> str:
    """Write a folded pattern for Hyperscan, each scan one text; flag ``HS_FLAG_UTF8``."""
    return _write(tree, _HYPERSCAN)


def hyperscan_lines_text(tree: Node) -> str:
    r"""Write a folded pattern for Hyperscan over texts joined by ``\n``.

    Parameters
    ----------
    tree : Node
        Folded pattern.

    Returns
    -------
    str
        A pattern for candidates: it also hits across texts, and at the new lines of a text where
        the pattern has ``^`` or ``$``; never misses.
    """
    return _write(tree, _HYPERSCAN_LINES)


def dialect_text(tree: Node) -> str:
    """Write a folded pattern in our own dialect, to show what is matched."""
    return _write(tree, _OURS)


def _write(node: Node, dialect: _Dialect) -> str:
    if isinstance(node, Literal):
        return _character(node.character, dialect, special=_SPECIAL)
    if isinstance(node, OneOf):
        return _set(node.chars, dialect)
    if isinstance(node, Sequence):
        return "".join(_part(part, dialect) for part in node.parts)
    if isinstance(node, Choice):
        texts = [_write(part, dialect) for part in node.parts]
        return "|".join(texts) if texts else _set(_NEVER, dialect).replace("[", "[^", 1)
    if isinstance(node, Repeat):
        return _grouped(node.part, dialect) + _times(node, dialect)
    return _assertion(node, dialect)


def _assertion(node: Node, dialect: _Dialect) -> str:
    if isinstance(node, Anchor):
        return dialect.end if node.at_end else dialect.start
    return dialect.inside if isinstance(node, Boundary) and node.inverted else r"\b"


def _part(node: Node, dialect: _Dialect) -> str:
    text = _write(node, dialect)
    return f"(?:{text})" if isinstance(node, Choice) else text


def _grouped(node: Node, dialect: _Dialect) -> str:
    text = _write(node, dialect)
    return text if isinstance(node, Literal | OneOf) else f"(?:{text})"


def _times(node: Repeat, dialect: _Dialect) -> str:
    lazy = dialect.lazy if node.lazy else ""
    times = (node.low, node.high)
    if times in _SIGNS:
        return _SIGNS[times] + lazy
    if node.low == node.high:
        return f"{{{node.low}}}{lazy}"
    return f"{{{node.low},{'' if node.high is None else node.high}}}{lazy}"


def _character(sign: str, dialect: _Dialect, *, special: frozenset[str]) -> str:
    if sign in special:
        return "\\" + sign
    return sign if sign == " " or sign.isprintable() else dialect.coded(ord(sign))


def _set(chars: CharSet, dialect: _Dialect) -> str:
    others = ~chars
    if others and len(others.ranges) < len(chars.ranges):
        return f"[^{_ranges(others, dialect)}]"
    return f"[{_ranges(chars, dialect)}]"


def _ranges(chars: CharSet, dialect: _Dialect) -> str:
    return "".join(_range(low, high, dialect) for low, high in chars.ranges)


def _range(low: int, high: int, dialect: _Dialect) -> str:
    ends = [_in_class(low, dialect)]
    if high > low:
        ends.append(_in_class(high, dialect))
    return ("-" if high > low + 1 else "").join(ends)


def _in_class(code: int, dialect: _Dialect) -> str:
    if code < 128:
        return _character(chr(code), dialect, special=_SPECIAL_IN_CLASS)
    return dialect.coded(code)
