"""Whether a backtracking engine could be made to take very long by a pattern.

A pattern is exponential where some text can go around one of its loops in two ways; it is
polynomial where several loops one after another can share a text (Weideman et al., "Analyzing
Matching Time Behavior of Backtracking Regular Expression Matchers", 2016). Both are judged on the
automaton whose states are the characters and classes of the pattern; counts of ten and more are
taken for any number, smaller ones for one or two.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TypeAlias

from shroff.rules.char_sets import CharSet
from shroff.rules.regex_folding import spelled
from shroff.rules.regex_tree import (
    Choice,
    Group,
    Klass,
    Literal,
    Node,
    OneOf,
    Place,
    Repeat,
    Sequence,
)

__all__ = ["Ambiguity", "ambiguity"]

_MANY = 10
_MOST_STATES = 400
_MOST_IN_LOOP = 40
_WORTH_TELLING = 3

_States: TypeAlias = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """What could be slow.

    Parameters
    ----------
    place : Place
        The repeated part.
    degree : int or None
        Power of the length of a text that time can grow with; None for exponential.
    """

    place: Place
    degree: int | None


def ambiguity(tree: Node) -> Ambiguity | None:
    """Find the worst part of a pattern.

    Parameters
    ----------
    tree : Node
        As it was read, not folded: other engines would get it as it is written.

    Returns
    -------
    Ambiguity or None
        None for what is at most quadratic, and for patterns too large to judge.
    """
    automaton = _Automaton()
    automaton.add(tree)
    if len(automaton.chars) > _MOST_STATES:
        return None
    loops = automaton.loops()
    for loop in loops:
        if len(loop) <= _MOST_IN_LOOP and automaton.is_twofold(loop):
            return Ambiguity(automaton.place_of(loop), None)
    degree, loop = automaton.longest_chain(loops)
    return Ambiguity(automaton.place_of(loop), degree) if degree >= _WORTH_TELLING else None


@dataclass(frozen=True, slots=True)
class _Piece:
    """States that a part can begin and end in, and whether it can be empty."""

    first: _States = ()
    last: _States = ()
    empty: bool = True


@dataclass(slots=True)
class _Automaton:
    chars: list[CharSet] = field(default_factory=list[CharSet])
    places: list[Place] = field(default_factory=list[Place])
    after: list[Counter[int]] = field(default_factory=list[Counter[int]])
    repeats: list[tuple[Place, int, int]] = field(default_factory=list[tuple[Place, int, int]])

    def state(self, chars: CharSet, place: Place) -> _Piece:
        if len(self.chars) <= _MOST_STATES:
            self.chars.append(chars)
            self.places.append(place)
            self.after.append(Counter())
        here = (len(self.chars) - 1,)
        return _Piece(here, here, empty=False)

    def link(self, before: _States, after: _States) -> None:
        for state in before:
            self.after[state].update(after)

    def add(self, node: Node) -> _Piece:
        if isinstance(node, Group):
            return self.add(node.part)
        if isinstance(node, Literal | OneOf | Klass):
            return self.state(_chars(node), node.place)
        if isinstance(node, Sequence):
            return self.sequence([self.add(part) for part in node.parts])
        if isinstance(node, Choice):
            pieces = [self.add(part) for part in node.parts]
            first = tuple(state for piece in pieces for state in piece.first)
            last = tuple(state for piece in pieces for state in piece.last)
            return _Piece(first, last, any(piece.empty for piece in pieces))
        return self.repeat(node) if isinstance(node, Repeat) else _Piece()

    def sequence(self, pieces: list[_Piece]) -> _Piece:
        whole = _Piece()
        for piece in pieces:
            self.link(whole.last, piece.first)
            whole = _Piece(
                whole.first + piece.first if whole.empty else whole.first,
                whole.last + piece.last if piece.empty else piece.last,
                whole.empty and piece.empty,
            )
        return whole

    def repeat(self, node: Repeat) -> _Piece:
        if node.high == 0:
            return _Piece()
        start = len(self.chars)
        piece = self.add(node.part)
        if node.high is None or node.high >= _MANY:
            self.link(piece.last, piece.first)
            self.repeats.append((node.place, start, len(self.chars)))
        elif node.high > 1:
            again = self.add(node.part)
            piece = self.sequence([piece, _Piece(again.first, again.last, empty=True)])
        return _Piece(piece.first, piece.last, piece.empty or node.low == 0)

    def place_of(self, loop: _States) -> Place:
        """Find the outermost repetition around a loop."""
        around = [
            (place[0] - place[1], place)
            for place, start, end in self.repeats
            if start <= min(loop) and max(loop) < end
        ]
        return min(around)[1] if around else self.places[loop[0]]

    def loops(self) -> list[_States]:
        """Find states that can be reached from themselves, those that share loops together."""
        reach = [self.reached(state) for state in range(len(self.chars))]
        found: dict[_States, None] = {}
        for state, far in enumerate(reach):
            if state in far:
                loop = tuple(sorted(other for other in far if state in reach[other]))
                found[loop] = None
        return list(found)

    def reached(self, start: int) -> set[int]:
        seen: set[int] = set()
        waiting = [start]
        while waiting:
            for state in self.after[waiting.pop()]:
                if state not in seen:
                    seen.add(state)
                    waiting.append(state)
        return seen

    def is_twofold(self, loop: _States) -> bool:
        """Tell whether a text leads around the loop in two ways."""
        inside = set(loop)
        if any(times > 1 for state in loop for to, times in self.after[state].items()
               if to in inside):  # fmt: skip
            return True
        steps = self.pair_steps(inside)
        apart = {
            pair for start in loop for pair in _reach(steps, (start, start)) if len(set(pair)) == 2
        }
        together = {(state, state) for state in loop}
        return any(_reach(steps, pair) & together for pair in apart)

    def pair_steps(self, inside: set[int]) -> dict[tuple[int, int], list[tuple[int, int]]]:
        """Give where two walks over the same text can go together."""
        meet = {
            (one, two): bool(self.chars[one] & self.chars[two]) for one in inside for two in inside
        }
        return {
            (one, two): [
                (to, other)
                for to in self.after[one]
                for other in self.after[two]
                if meet.get((to, other))
            ]
            for one in inside
            for two in inside
        }

    def longest_chain(self, loops: list[_States]) -> tuple[int, _States]:
        """Count loops of one state that stand behind one another and can share a text."""
        singles = sorted(loop[0] for loop in loops if len(loop) == 1)
        best: dict[int, int] = {}
        for place, state in enumerate(singles):
            before = [best[other] for other in singles[:place] if self.shares(other, state)]
            best[state] = 1 + max(before, default=0)
        if not best:
            return 0, (0,)
        worst = max(best, key=lambda state: best[state])
        return best[worst], (worst,)

    def shares(self, one: int, two: int) -> bool:
        """Tell whether a text of one loop can also lead from it to the other."""
        common = self.chars[one] & self.chars[two]
        if not common:
            return False
        seen, waiting = {one}, [one]
        while waiting:
            for state in self.after[waiting.pop()]:
                if state == two:
                    return True
                if state not in seen and self.chars[state] & common:
                    seen.add(state)
                    waiting.append(state)
        return False


def _reach(
    steps: dict[tuple[int, int], list[tuple[int, int]]], start: tuple[int, int]
) -> set[tuple[int, int]]:
    seen: set[tuple[int, int]] = set()
    waiting = [start]
    while waiting:
        for pair in steps[waiting.pop()]:
            if pair not in seen:
                seen.add(pair)
                waiting.append(pair)
    return seen


def _chars(node: Literal | OneOf | Klass) -> CharSet:
    if isinstance(node, OneOf):
        return node.chars
    if isinstance(node, Literal):
        return CharSet.listed(node.character)
    plain = spelled(node)
    return _chars(plain) if isinstance(plain, Literal | OneOf) else CharSet(())
