"""How large a pattern becomes when parts that may be empty are repeated.

`regex_folding` leaves the empty match out of what is repeated, so that all engines agree: of
``(a?b?)*`` it makes ``(ab?|b)*``. Inside one another such repeats multiply.
"""

from __future__ import annotations

from dataclasses import dataclass

from shroff.rules.regex_tree import Anchor, Boundary, Choice, Group, Node, Repeat, Sequence

__all__ = ["spelled_size"]


@dataclass(frozen=True, slots=True)
class _Size:
    """Characters of a part, those of it without the empty match, and whether it can be empty."""

    whole: int
    some: int
    empty: bool


def spelled_size(tree: Node) -> int:
    """Count the characters and classes of a pattern as it is spelled out.

    Parameters
    ----------
    tree : Node
        As it was read.

    Returns
    -------
    int
        Their number, repetitions counted once.
    """
    return _size(tree).whole


def _size(node: Node) -> _Size:
    if isinstance(node, Group):
        return _size(node.part)
    if isinstance(node, Anchor | Boundary):
        return _Size(1, 0, empty=True)
    if isinstance(node, Choice):
        parts = [_size(part) for part in node.parts]
        return _Size(
            sum(part.whole for part in parts),
            sum(part.some for part in parts),
            any(part.empty for part in parts),
        )
    if isinstance(node, Repeat):
        part = _size(node.part)
        return _Size(
            part.some if part.empty else part.whole, part.some, part.empty or not node.low
        )
    return _row([_size(part) for part in node.parts]) if isinstance(node, Sequence) else _Size(
        1, 1, empty=False
    )  # fmt: skip


def _row(parts: list[_Size]) -> _Size:
    """Add a sequence up, from its end: each part that can be empty begins it anew."""
    whole = some = 0
    for part in reversed(parts):
        some = part.some + whole + (some if part.empty else 0)
        whole += part.whole
    return _Size(whole, some, all(part.empty for part in parts))
