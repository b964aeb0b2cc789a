r"""Our regular expressions: one documented dialect, read by us, that every engine matches alike.

It has literals, ``.`` (anything but a new line), classes (``[a-z]``, ``[^...]``, ``\d \w \s`` and
``\D \W \S`` of ASCII, ``[[:alpha:]]``, ``\p{Han}``, ``\P{L}``), ``( )``, ``(?: )``, ``|``, ``* + ?
{m} {m,} {m,n}`` and their lazy forms, ``\b`` and ``\B`` (a word character is one of
``[0-9A-Za-z_]``, so that there is a boundary between Latin and Han), ``^`` and ``$`` (start and
end of the field) and escapes (``\n \t \r \f \v \xhh \x{...} \uhhhh``). It has nothing that would
make matching slower than linear: no lookaround, back-references, atomic groups.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType

from shroff.errors import RuleError
from shroff.rules import regex_classes as classes
from shroff.rules.regex_faults import RegexFault, Stop, told
from shroff.rules.regex_size import spelled_size
from shroff.rules.regex_tree import (
    Anchor,
    Boundary,
    Choice,
    Group,
    Klass,
    Literal,
    Node,
    Place,
    Repeat,
    Sequence,
    inside,
)

__all__ = ["LONGEST", "MOST_REPEATS", "inspect_regex", "parse_regex"]

LONGEST = 5_000
"""Most characters of a pattern."""

MOST_REPEATS = 1_000
"""Largest number in ``{m,n}``, and largest product of such numbers inside one another."""

_DEEPEST = 60
_LARGEST = 20_000
_QUANTIFIERS = MappingProxyType({"*": (0, None), "+": (1, None), "?": (0, 1)})
_AROUND = ("?=", "?!", "?<=", "?<!")
_UNKNOWN_GROUPS = ("?>", "?|", "?R", "?(", "?&", "?+", "?-", "?^")


def parse_regex(pattern: str) -> Node:
    """Read a regular expression.

    Parameters
    ----------
    pattern : str
        In our dialect, at most `LONGEST` characters.

    Returns
    -------
    Node
        Its tree.

    Raises
    ------
    RuleError
        With every fault, each with a caret under its place.
    """
    tree, faults = inspect_regex(pattern)
    if tree is None or faults:
        raise RuleError("\n".join(told(fault, pattern) for fault in faults))
    return tree


def inspect_regex(pattern: str) -> tuple[Node | None, tuple[RegexFault, ...]]:
    """Read a regular expression as far as that goes.

    Parameters
    ----------
    pattern : str
        Any text.

    Returns
    -------
    Node or None
        Its tree; where there are faults, what can be made of it.
    tuple of RegexFault
        What is wrong, in the order of the pattern.
    """
    if len(pattern) > LONGEST:
        fault = RegexFault("too_long", (LONGEST, len(pattern)), {"most": LONGEST})
        return None, (fault,)
    reader = _Reader(pattern)
    try:
        tree = reader.whole()
    except Stop:
        return None, tuple(sorted(reader.faults, key=_start))
    reader.weigh(tree)
    return tree, tuple(sorted(reader.faults, key=_start))


def _start(fault: RegexFault) -> int:
    return fault.place[0]


@dataclass(slots=True)
class _Reader:
    text: str
    at: int = 0
    depth: int = 0
    faults: list[RegexFault] = field(default_factory=list[RegexFault])

    def fault(
        self, kind: str, place: Place, *, fix: str | None = None, **params: str | int
    ) -> None:
        self.faults.append(RegexFault(kind, place, dict(params), fix))

    def peek(self, ahead: str) -> bool:
        return self.text.startswith(ahead, self.at)

    def take(self, ahead: str) -> bool:
        if self.peek(ahead):
            self.at += len(ahead)
            return True
        return False

    def whole(self) -> Node:
        parts = [self.choice()]
        while self.at < len(self.text):
            self.fault("extra_parenthesis", (self.at, self.at + 1), fix="\\)")
            self.at += 1
            parts.append(self.choice())
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts), (0, len(self.text)))

    def choice(self) -> Node:
        start = self.at
        parts = [self.sequence()]
        while self.take("|"):
            parts.append(self.sequence())
        return parts[0] if len(parts) == 1 else Choice(tuple(parts), (start, self.at))

    def sequence(self) -> Node:
        start = self.at
        parts: list[Node] = []
        while self.at < len(self.text) and self.text[self.at] not in "|)":
            if (part := self.piece()) is not None:
                parts.append(part)
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts), (start, self.at))

    def piece(self) -> Node | None:
        """Read one part with what repeats it; None for what stands for nothing."""
        start = self.at
        if self.text[start] in "*+?":
            self.at += 1
            self.fault("nothing_to_repeat", (start, self.at), fix="\\" + self.text[start])
            return Literal(self.text[start], (start, self.at))
        part = self.atom()
        return self.repeated(part, start=start) if part is not None else None

    def repeated(self, part: Node, *, start: int) -> Node:
        times = self.quantifier()
        if times is None:
            return part
        if isinstance(part, Anchor | Boundary):
            self.fault("repeated_assertion", (start, self.at))
            return part
        lazy = self.take("?")
        if self.peek("+"):
            self.at += 1
            self.fault("possessive", (start, self.at))
        node: Node = Repeat(part, *times, lazy, (start, self.at))
        again = self.at
        if self.quantifier() is not None:
            fix = f"(?:{self.text[start:again]}){self.text[again : self.at]}"
            self.fault("repeated_twice", (start, self.at), fix=fix)
        return node

    def quantifier(self) -> tuple[int, int | None] | None:
        sign = self.text[self.at : self.at + 1]
        if sign in _QUANTIFIERS:
            self.at += 1
            return _QUANTIFIERS[sign]
        if sign == "{" and (found := classes.BRACES.match(self.text, self.at)):
            place = (self.at, found.end())
            self.at = found.end()
            return self.counted(found["low"], found["high"], place=place)
        return None

    def counted(self, low: str, high: str | None, *, place: Place) -> tuple[int, int | None]:
        """Judge the numbers of braces; ``high`` is None without a comma, empty without a number."""
        if not low:
            self.fault("no_lower_number", place, fix=f"{{0,{high}}}")
        least = int(low or 0)
        most = least if high is None else int(high) if high else None
        if max(least, most or 0) > MOST_REPEATS:
            self.fault("too_many_times", place, most=MOST_REPEATS)
            return (1, 1)
        if most is not None and most < least:
            self.fault("numbers_swapped", place, fix=f"{{{most},{least}}}")
            return (most, least)
        return (least, most)

    def atom(self) -> Node | None:
        start, sign = self.at, self.text[self.at]
        self.at += 1
        place = (start, self.at)
        if sign == "(":
            return self.group(start)
        if sign == "[":
            return classes.bracket(self, start)
        if sign == "\\":
            return classes.escape(self, start)
        if sign == ".":
            return Klass(classes.NEW_LINE, inverted=True, place=place)
        if sign in "^$":
            return Anchor(sign == "$", place)
        if sign == "{":
            self.fault("bare_brace", place, fix="\\{")
        if "\ud800" <= sign <= "\udfff":
            self.fault("surrogate", place)
        return Literal(sign, place)

    def group(self, start: int) -> Node | None:
        if self.depth >= _DEEPEST:
            self.fault("too_deep", (start, start + 1), most=_DEEPEST)
            raise Stop
        if self.peek("?#"):
            self.comment(start)
            return None
        if not self.opens(start):
            return None
        self.depth += 1
        part = self.choice()
        self.depth -= 1
        if not self.take(")"):
            self.fault("open_parenthesis", (start, start + 1), fix="\\(")
        return Group(part, (start, self.at))

    def comment(self, start: int) -> None:
        end = self.text.find(")", self.at)
        self.at = len(self.text) if end < 0 else end + 1
        self.fault("comment", (start, self.at), fix="")

    def opens(self, start: int) -> bool:
        """Read what follows ``(``; false where the group ends there, as in ``(?i)``."""
        if not self.peek("?") or self.take("?:"):
            return True
        for sign in _AROUND:
            if self.take(sign):
                self.fault("lookaround", (start, self.at), sign=f"({sign}")
                return True
        return self.flagged(start)

    def flagged(self, start: int) -> bool:
        if found := classes.NAMED_GROUP.match(self.text, self.at):
            self.at = found.end()
            self.fault("named_group", (start, self.at), fix="(")
            return True
        if found := classes.FLAGS.match(self.text, self.at):
            self.at = found.end()
            scoped = found["end"] == ":"
            # case never matters on the plain view; other flags do change what is meant
            fix = ("(?:" if scoped else "") if found["flags"] == "i" else None
            self.fault("flags", (start, self.at), fix=fix, flags=found["flags"])
            return scoped
        sign = next((sign for sign in _UNKNOWN_GROUPS if self.peek(sign)), "?")
        self.at += len(sign)
        self.fault("unknown_group", (start, self.at), sign=f"({sign}")
        return True

    def weigh(self, tree: Node) -> None:
        """Refuse what a few counts inside one another blow up."""
        size, _ = self.size(tree)
        if spelled_size(tree) > _LARGEST:
            self.fault("empty_repeats", tree.place)
        elif size > _LARGEST and not self.faults:
            self.fault("too_large", tree.place, most=_LARGEST)

    def size(self, node: Node) -> tuple[int, int]:
        """Count the characters a node stands for, and the largest product of counts in it."""
        below = [self.size(part) for part in inside(node)]
        size = sum(one for one, _ in below) or 1
        product = max((times for _, times in below), default=1)
        if isinstance(node, Repeat):
            times = max(node.low, node.high or 1, 1)
            if product <= MOST_REPEATS < product * times:
                self.fault("counts_multiply", node.place, most=MOST_REPEATS)
            return size * times, product * times
        return size, product
