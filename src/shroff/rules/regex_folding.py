"""A regular expression as it reads on the plain view: folded the way texts are.

A text is folded before it is matched: width, case, look-alike letters, traditional characters;
hidden characters are dropped. So the literals and classes of a pattern are folded alike, and what
is left is spelled out: characters, sets of characters, sequences, choices, repeats.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias

from shroff.rules.char_sets import NOTHING, WORD, CharSet
from shroff.rules.regex_tree import (
    Anchor,
    Boundary,
    Choice,
    ClassItem,
    Group,
    Klass,
    Literal,
    Node,
    OneOf,
    Place,
    Repeat,
    Sequence,
)

__all__ = ["AS_WRITTEN", "Folded", "Folding", "fold", "nullable", "something", "spelled"]

Folding: TypeAlias = Mapping[str, str]
"""What folding makes of a character, for the characters that it changes; empty if dropped."""

AS_WRITTEN: Folding = MappingProxyType({})
"""No folding: for the text as it is."""

_EMPTY = Sequence()
_NEVER = Choice()
_MOST_LONG_IMAGES = 40
_MOST_KEPT = 10_000
_LOSES = 4
_DRAWN_ALIKE = CharSet.of([(0x370, 0x58F)])


@dataclass(frozen=True, slots=True)
class Folded:
    """A pattern on the plain view.

    Parameters
    ----------
    tree : Node
        Of literals, sets, anchors, boundaries, sequences, choices and repeats only.
    dropped : tuple of Place
        Characters and classes of the pattern that folding drops from every text.
    emptied : tuple of Place
        Classes none of whose characters is left after folding, such as one of capitals.
    widened : tuple of Place
        Classes of another script that after folding hold Latin letters, too.
    """

    tree: Node
    dropped: tuple[Place, ...] = ()
    emptied: tuple[Place, ...] = ()
    widened: tuple[Place, ...] = ()


def fold(tree: Node, folding: Folding) -> Folded:
    """Fold a pattern.

    Parameters
    ----------
    tree : Node
        As it was read.
    folding : mapping
        What becomes of characters.

    Returns
    -------
    Folded
        The pattern on the folded text, and what the folding did to it.
    """
    worker = _Folder(folding)
    folded = worker.node(tree)
    return Folded(folded, tuple(worker.dropped), tuple(worker.emptied), tuple(worker.widened))


def spelled(tree: Node) -> Node:
    """Spell a pattern out for the text as it is, without folding."""
    return fold(tree, AS_WRITTEN).tree


@dataclass(slots=True)
class _Folder:
    folding: Folding
    dropped: list[Place] = field(default_factory=list[Place])
    emptied: list[Place] = field(default_factory=list[Place])
    widened: list[Place] = field(default_factory=list[Place])

    def node(self, node: Node) -> Node:
        if isinstance(node, Group):
            return self.node(node.part)
        if isinstance(node, Literal):
            return self.literal(node)
        if isinstance(node, Klass):
            return self.klass(node)
        if isinstance(node, Sequence | Choice):
            joined = _sequence if isinstance(node, Sequence) else _choice
            return joined([self.node(part) for part in node.parts], node.place)
        if isinstance(node, Repeat):
            return _repeat(node, self.node(node.part))
        return node

    def literal(self, node: Literal) -> Node:
        image = self.folding.get(node.character)
        if image is None:
            return node
        if not image:
            self.dropped.append(node.place)
        return _sequence([Literal(sign, node.place) for sign in image], node.place)

    def klass(self, node: Klass) -> Node:
        chars, longer = NOTHING, list[str]()
        for item in node.items:
            image = self.item(item, node.place)
            chars |= image.single
            longer += image.longer
        if node.inverted:
            chars, longer = ~chars, []
        if self.folding:
            chars = _Changes.of(self.folding).simplest(chars)
        if not chars and not longer:
            gone = any(item.chars for item in node.items) and not node.inverted
            if gone and all(self.drops(item) for item in node.items):
                self.dropped.append(node.place)
                return _EMPTY
            self.emptied.append(node.place)
            return _NEVER
        texts = [_text(image, node.place) for image in dict.fromkeys(longer)]
        return _choice([*texts, *([_one(chars, node.place)] if chars else [])], node.place)

    def drops(self, item: ClassItem) -> bool:
        """Tell whether folding drops each character of an item."""
        few = item.chars.first(64)
        return not item.inverted and all(self.folding.get(sign) == "" for sign in few)

    def item(self, item: ClassItem, place: Place) -> _Image:
        """Give what an item becomes, and note what is lost or gained by it."""
        image = _image(item, _Changes.of(self.folding)) if self.folding else _Image(item.chars)
        if item.named and len(image.single) * _LOSES < len(item.chars):
            self.emptied.append(place)
        if not item.named and image.single & WORD and item.chars & _DRAWN_ALIKE:
            self.widened.append(place)
        return _Image(~image.single) if item.inverted else image


@dataclass(frozen=True, slots=True)
class _Image:
    """Single characters and longer texts that a class becomes."""

    single: CharSet
    longer: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Changes:
    """What a folding changes, in the order of code points."""

    folding: Folding
    codes: tuple[int, ...]
    images: dict[ClassItem, _Image]

    @staticmethod
    def of(folding: Folding) -> _Changes:
        """Give the changes of a folding; those of the last one are kept."""
        if not _KEPT or _KEPT[0].folding is not folding:
            _KEPT[:] = [_Changes(folding, tuple(sorted(map(ord, folding))), {})]
        return _KEPT[0]

    def within(self, chars: CharSet) -> list[int]:
        """Give the code points of a set that are changed."""
        found: list[int] = []
        for low, high in chars.ranges:
            found += self.codes[bisect_left(self.codes, low) : bisect_right(self.codes, high)]
        return found

    def simplest(self, chars: CharSet) -> CharSet:
        """Say the same of folded texts in fewer ranges: what is in none may be in or out."""
        kept = [(low, high) for low, high in chars.ranges if self.count(low, high) <= high - low]
        joined = kept[:1]
        for low, high in kept[1:]:
            first = joined[-1][1] + 1
            if self.count(first, low - 1) == low - first:
                joined[-1] = (joined[-1][0], high)
            else:
                joined.append((low, high))
        return CharSet(tuple(joined)) if joined else chars

    def count(self, low: int, high: int) -> int:
        """Count the code points of a range that are changed, so that no folded text has them."""
        return bisect_right(self.codes, high) - bisect_left(self.codes, low)


_KEPT: list[_Changes] = []


def _image(item: ClassItem, changes: _Changes) -> _Image:
    if item not in changes.images:
        if len(changes.images) > _MOST_KEPT:
            changes.images.clear()
        changes.images[item] = _new_image(item, changes)
    return changes.images[item]


def _new_image(item: ClassItem, changes: _Changes) -> _Image:
    codes = changes.within(item.chars)
    images = dict.fromkeys(changes.folding[chr(code)] for code in codes)
    more = CharSet.listed(image for image in images if len(image) == 1)
    single = item.chars - CharSet.of((code, code) for code in codes) if codes else item.chars
    # a name keeps its meaning: enclosed letters are symbols, plain ones are not
    single |= (more & item.chars) if item.named else more
    longer = () if item.named else tuple(image for image in images if len(image) > 1)
    return _Image(single, longer[:_MOST_LONG_IMAGES])


def _one(chars: CharSet, place: Place) -> Node:
    return Literal(chars.first(1), place) if len(chars) == 1 else OneOf(chars, place)


def _text(text: str, place: Place) -> Node:
    return _sequence([Literal(sign, place) for sign in text], place)


def _sequence(parts: list[Node], place: Place) -> Node:
    flat: list[Node] = []
    for part in parts:
        flat += part.parts if isinstance(part, Sequence) else [part]
    if _NEVER in flat:
        return _NEVER
    return flat[0] if len(flat) == 1 else Sequence(tuple(flat), place)


def _choice(parts: list[Node], place: Place) -> Node:
    flat: list[Node] = []
    for part in parts:
        flat += part.parts if isinstance(part, Choice) else [part]
    kept = list(dict.fromkeys(flat))
    return kept[0] if len(kept) == 1 else Choice(tuple(kept), place)


def _repeat(node: Repeat, part: Node) -> Node:
    """Repeat a part; what it may match of nothing is left out, so that all engines agree."""
    low = node.low
    if nullable(part):
        part, low = something(part), 0
    if part in {_NEVER, _EMPTY} or node.high == 0:
        return _NEVER if part == _NEVER and low else _EMPTY
    if (low, node.high) == (1, 1):
        return part
    return Repeat(part, low, node.high, node.lazy, node.place)


def nullable(node: Node) -> bool:
    """Tell whether a folded pattern can match without taking a character."""
    if isinstance(node, Literal | OneOf):
        return False
    if isinstance(node, Sequence):
        return all(nullable(part) for part in node.parts)
    if isinstance(node, Choice):
        return any(nullable(part) for part in node.parts)
    if isinstance(node, Repeat):
        return node.low == 0 or nullable(node.part)
    return True


def something(node: Node) -> Node:
    """Give the pattern of all that a pattern matches except nothing.

    Parameters
    ----------
    node : Node
        Folded.

    Returns
    -------
    Node
        A pattern that takes a character at least.
    """
    if isinstance(node, Anchor | Boundary):
        return _NEVER
    if isinstance(node, Choice):
        return _choice([something(part) for part in node.parts], node.place)
    if isinstance(node, Repeat):
        part = something(node.part)
        return part if node.high == 1 else Repeat(part, 1, node.high, node.lazy, node.place)
    if isinstance(node, Sequence):
        return _some_part(node.parts, node.place)
    return node


def _some_part(parts: tuple[Node, ...], place: Place) -> Node:
    """Split a sequence by the first part that takes a character."""
    if not parts:
        return _NEVER
    head, rest = parts[0], parts[1:]
    if isinstance(head, Anchor | Boundary):
        return _sequence([head, _some_part(rest, place)], place)
    first = _sequence([something(head), *rest], place)
    return _choice([first, _some_part(rest, place)], place) if nullable(head) else first
