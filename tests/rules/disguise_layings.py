"""Every way to lay a term along a text, in plain Python: slow and obvious.

A term is laid character by character, in every way in which each is the term's own, looks like it, or
is split into parts, while signs are skipped and letters may be repeated. In sound it is laid syllable
by syllable.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from tests.text import plain_reading as slow

from shroff.rules.clauses import Word
from shroff.text import characters as chars
from shroff.text.evasion import Evasion
from shroff.text.reading_tables import simplified_characters

__all__ = ["BLANK", "E", "Laid", "Letter", "Read", "folded", "how", "plain", "sounding"]

E = Evasion
DROPPED = E.HIDDEN | E.MARKS
BLANK = {chars.SPACE, chars.NEWLINE}
REGIONAL = 0x1F1E6


@cache
def how(letter: str) -> Evasion:
    return chars.letters_of(letter, simplified_characters())[1]


kind_of = cache(chars.class_of)


@dataclass
class Read:
    """A text and its plain characters: `plain[n]` comes from the original character `source[n]`."""

    text: str
    plain: str = field(init=False)
    source: list[int] = field(init=False)

    def __post_init__(self) -> None:
        read = slow.plain(self.text)
        self.plain = "".join(one for one, _ in read)
        self.source = [source for _, source in read]
        self.shown = frozenset(self.source)
        self.kinds = [kind_of(one) for one in self.plain]
        self.folded = slow.folded(self.plain)
        self.sound = slow.sound(self.plain)
        self.folded_text = "".join(one for one, _ in self.folded)
        self.sound_text = "".join(chr(code) for code, _ in self.sound)
        self.folded_places = [at for _, at in self.folded] + [len(self.plain)]
        self.sound_places = [at for _, at in self.sound] + [len(self.plain)]

    def original(self, place: int) -> str:
        return self.text[self.source[place]]

    def is_letter(self, place: int) -> bool:
        kind = self.kinds[place]
        return kind < chars.SIGN or (kind == chars.SIGN and slow.is_letter(self.plain, place))

    def dropped(self, first: int, end: int) -> Evasion:
        """Disguises of the originals of a stretch that no plain character comes from."""
        bits = E.NONE
        for place in range(first, end):
            if place not in self.shown:
                bits |= how(self.text[place]) & DROPPED
        return bits


@dataclass(frozen=True)
class Letter:
    """A character of the term, and the stretches of the text that write it: parts are several."""

    of: int
    bit: Evasion
    units: tuple[tuple[int, int], ...]


@dataclass
class Laid:
    """A term along a text."""

    text: Read
    term: Read
    word: Word
    letters: tuple[Letter, ...]
    repeats: tuple[int, ...] = ()
    by_sound: bool = False

    def __post_init__(self) -> None:
        self.first = self.letters[0].units[0][0]
        self.last = max([self.letters[-1].units[-1][1] - 1, *self.repeats[-1:]])
        self.bits = E.NONE
        for letter in self.letters:
            self.bits |= letter.bit | self.worn(letter)
        if self.repeats:
            self.bits |= E.REPEAT

    def worn(self, letter: Letter) -> Evasion:
        """What the originals wear that the term's own does not."""
        bits = E.NONE
        for first, after in letter.units:
            for place in range(first, after):
                original, worn = self.text.original(place), how(self.text.original(place))
                own = self.term.original(letter.of + place - first) if not letter.bit else ""
                if own:
                    worn = E.NONE if original == own else worn ^ how(own) or worn
                bits |= worn
        return bits

    def kind(self, letter: Letter) -> int:
        return self.term.kinds[letter.of]

    def of_kind(self, kind: int) -> list[Letter]:
        return [letter for letter in self.letters if self.kind(letter) == kind]


def occurrences(sought: str, within: str) -> Iterator[int]:
    at = within.find(sought) if sought else -1
    while at >= 0:
        yield at
        at = within.find(sought, at + 1)


def plain(own: Read, text: Read, word: Word) -> Iterator[list[Laid]]:
    for at in occurrences(own.plain, text.plain):
        letters = (Letter(n, E.NONE, ((at + n, at + n + 1),)) for n in range(len(own.plain)))
        yield [Laid(text, own, word, tuple(letters))]


def _inner(own: Read) -> list[int]:
    """Places of the term's letters."""
    return [place for place in range(len(own.plain)) if own.is_letter(place)]


def folded(own: Read, text: Read, word: Word) -> Iterator[list[Laid]]:
    sought, places = own.folded_text, text.folded_places
    for at in occurrences(sought, text.folded_text):
        stop = places[at + len(sought)]
        ways: list[Laid] = []
        for start in range(places[at + 1] - 1, places[at] - 1, -1):
            if text.kinds[start] <= chars.SIGN:
                ways += [
                    _stretched(way) if word is not Word.PART else way
                    for letters, repeats in _ways(own, text, start, stop)
                    for way in [Laid(text, own, word, letters, repeats)]
                ]
        yield ways


def _ways(
    own: Read, text: Read, start: int, stop: int
) -> Iterator[tuple[tuple[Letter, ...], tuple[int, ...]]]:
    """Read the term from a place on: its next letter, a split one, a sign, a repeated letter."""
    inner = _inner(own)
    stack: list[tuple[int, tuple[Letter, ...], tuple[int, ...]]] = [(start, (), ())]
    while stack:
        at, letters, repeats = stack.pop()
        if len(letters) == len(inner):
            yield letters, repeats
            continue
        if at >= stop:
            continue
        of = inner[len(letters)]
        bit, parts = _likeness(own, text, of, at), _parts(own, text, of, at, stop)
        if parts:
            stack.append((parts[-1] + 1, (*letters, _split(of, parts)), repeats))
        if bit is not None:
            stack.append((at + 1, (*letters, Letter(of, bit, ((at, at + 1),))), repeats))
        if parts or bit is not None or not letters:
            continue
        if text.kinds[at] >= chars.SIGN:
            stack.append((at + 1, letters, repeats))
        elif _repeats(text, letters, repeats, at, new_word=not own.is_letter(of - 1)):
            stack.append((at + 1, letters, (*repeats, at)))


def _split(of: int, parts: list[int]) -> Letter:
    return Letter(of, E.SPLIT, tuple((place, place + 1) for place in parts))


def _repeats(
    text: Read, letters: tuple[Letter, ...], repeats: tuple[int, ...], at: int, *, new_word: bool
) -> bool:
    """The last character once more, digits apart; not behind the end of a word of the term."""
    last = max([letters[-1].units[-1][1] - 1, *repeats[-1:]])
    if text.plain[at] != text.plain[last] or text.kinds[at] == chars.DIGIT:
        return False
    return not new_word or at == last + 1


def _parts(own: Read, text: Read, of: int, at: int, stop: int) -> list[int]:
    """Places of the parts that make up the term's character, signs between them or not."""
    if text.kinds[at] >= chars.SIGN:
        return []
    places = [at]
    best: list[int] = []
    for place in range(at + 1, stop):
        if text.kinds[place] >= chars.SIGN:
            continue
        places.append(place)
        parts = "".join(text.plain[one] for one in places)
        if parts in slow.wholes():
            best = list(places)
        if len(places) == 3 or not any(
            whole[:-1].startswith(parts) for whole in _wholes(parts[0])
        ):
            break
    whole = slow.wholes().get("".join(text.plain[one] for one in best))
    same = whole and slow.fold(whole) == slow.fold(own.plain[of])
    return best if same else []


@cache
def _wholes(first: str) -> tuple[str, ...]:
    return tuple(parts for parts in slow.wholes() if parts.startswith(first))


def _likeness(own: Read, text: Read, of: int, at: int) -> Evasion | None:  # noqa: PLR0911, one case a line
    """How a character is the term's: NONE as it is, None if it is not."""
    one, term = text.plain[at], own.plain[of]
    kind, wanted = text.kinds[at], own.kinds[of]
    if one == term:
        return E.NONE
    if kind > chars.SIGN or slow.fold(one) != slow.fold(term):
        return None
    if wanted == chars.LATIN and kind in {chars.DIGIT, chars.SIGN}:
        return E.HOMOGLYPH if ord(one) >= REGIONAL else E.LEET
    if wanted == chars.LATIN and kind == chars.LATIN:  # l and i: capital I and small l are alike
        return None if text.original(at) == "i" else E.HOMOGLYPH
    if wanted == chars.DIGIT:
        if kind == chars.HAN:
            return E.NUMERALS
        return E.LEET if kind == chars.LATIN and term in "01" else None
    if wanted == chars.HAN:
        return {chars.HAN: E.LOOKALIKE_HAN, chars.DIGIT: E.NUMERALS}.get(kind)
    return None


def _stretched(way: Laid) -> Laid:
    """Take in letters repeated at either end."""
    plain, kinds = way.text.plain, way.text.kinds
    repeats, last, first = list(way.repeats), way.last, way.first
    while kinds[last] == chars.LATIN and plain[last + 1 : last + 2] == plain[last]:
        last += 1
        repeats.append(last)
    while kinds[first] == chars.LATIN and first > 0 and plain[first - 1] == plain[first]:
        first -= 1
        repeats.insert(0, first)
    longer = Laid(way.text, way.term, way.word, way.letters, tuple(repeats))
    longer.first, longer.last = first, last
    return longer


def sounding(own: Read, text: Read, word: Word) -> Iterator[list[Laid]]:
    places = text.sound_places
    for at in occurrences(own.sound_text, text.sound_text):
        letters: list[Letter] = []
        for nth, (_, of) in enumerate(own.sound):
            here, after = places[at + nth], places[at + nth + 1]
            heard = _heard(own, text, of, here, after)
            if heard is None:
                break
            letters.append(heard)
        else:
            yield [Laid(text, own, word, tuple(letters), by_sound=True)]


def _heard(own: Read, text: Read, of: int, here: int, after: int) -> Letter | None:
    """How an element of sound is the term's: as it is, a homophone, typed letters."""
    kind, wanted = text.kinds[here], own.kinds[of]
    if chars.LATIN not in {kind, wanted}:
        same = text.plain[here] == own.plain[of]
        return Letter(of, E.NONE if same else E.HOMOPHONE, ((here, here + 1),))
    if kind != chars.LATIN:
        return None
    end = here
    while end < after and text.kinds[end] == chars.LATIN:
        end += 1
    if wanted == chars.HAN:
        return Letter(of, E.PINYIN, ((here, end),))
    typed = text.plain[here:end]
    return Letter(of, E.NONE, ((here, end),)) if own.plain.startswith(typed, of) else None
