r"""Whether any text matches a pattern: ``\b`` and ``^`` can contradict what stands around them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from shroff.rules.char_sets import WORD, CharSet
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

__all__ = ["can_match"]


class _Before(Enum):
    """What stands in front of a place."""

    START = 0
    WORD = 1
    OTHER = 2


class _Next(Enum):
    """What must come at a place."""

    ANY = 0
    WORD = 1
    NO_WORD = 2
    """Another character or the end."""
    END = 3


_Edge: TypeAlias = tuple[CharSet | Anchor | Boundary | None, int]
_Stand: TypeAlias = tuple[int, _Before, _Next]


def can_match(tree: Node) -> bool:
    """Tell whether there is a text in which a pattern matches.

    Parameters
    ----------
    tree : Node
        Folded, or spelled out.

    Returns
    -------
    bool
        False only if no text can.
    """
    graph = _Graph()
    last = graph.add(tree, graph.state())
    seen: set[_Stand] = {(0, before, _Next.ANY) for before in _Before}
    waiting = list(seen)
    while waiting:
        stand = waiting.pop()
        if stand[0] == last:
            return True
        for edge in graph.edges[stand[0]]:
            for reached in _steps(stand, edge):
                if reached not in seen:
                    seen.add(reached)
                    waiting.append(reached)
    return False


@dataclass(slots=True)
class _Graph:
    edges: list[list[_Edge]] = field(default_factory=list[list[_Edge]])

    def state(self) -> int:
        self.edges.append([])
        return len(self.edges) - 1

    def edge(self, start: int, by: CharSet | Anchor | Boundary | None) -> int:
        end = self.state()
        self.edges[start].append((by, end))
        return end

    def add(self, node: Node, start: int) -> int:
        """Add the paths of a node from a state on; give the state they end in."""
        if isinstance(node, Literal):
            return self.edge(start, CharSet.listed(node.character))
        if isinstance(node, OneOf):
            return self.edge(start, node.chars)
        if isinstance(node, Sequence):
            for part in node.parts:
                start = self.add(part, start)
            return start
        if isinstance(node, Choice):
            return self.choice(node, start)
        if isinstance(node, Repeat):
            return self.repeat(node, start)
        return self.edge(start, node if isinstance(node, Anchor | Boundary) else None)

    def choice(self, node: Choice, start: int) -> int:
        end = self.state()
        for part in node.parts:
            self.edges[self.add(part, start)].append((None, end))
        return end

    def repeat(self, node: Repeat, start: int) -> int:
        # more than two rounds add no way to match that two have not
        for _ in range(min(node.low, 2)):
            start = self.add(node.part, start)
        if node.high is None or node.high > node.low:
            start = self.edge(start, None)
            self.edges[self.add(node.part, start)].append((None, start))
        return start


def _steps(stand: _Stand, edge: _Edge) -> list[_Stand]:
    _, before, need = stand
    by, end = edge
    if by is None:
        return [(end, before, need)]
    if isinstance(by, CharSet):
        return _taken(by, need, end=end)
    demand = _demand(by, before)
    joined = _both(need, demand) if demand else None
    return [(end, before, joined)] if joined else []


def _taken(chars: CharSet, need: _Next, *, end: int) -> list[_Stand]:
    found: list[_Stand] = []
    if need in {_Next.ANY, _Next.WORD} and chars & WORD:
        found.append((end, _Before.WORD, _Next.ANY))
    if need in {_Next.ANY, _Next.NO_WORD} and chars - WORD:
        found.append((end, _Before.OTHER, _Next.ANY))
    return found


def _demand(by: Anchor | Boundary, before: _Before) -> _Next | None:
    """Say what must come next for an assertion to hold here; None if it cannot hold."""
    if isinstance(by, Anchor):
        if by.at_end:
            return _Next.END
        return _Next.ANY if before is _Before.START else None
    word_next = (before is _Before.WORD) == by.inverted
    return _Next.WORD if word_next else _Next.NO_WORD


def _both(first: _Next, second: _Next) -> _Next | None:
    if first is _Next.ANY or first is second:
        return second
    if second is _Next.ANY:
        return first
    return _Next.END if _Next.WORD not in {first, second} else None
