"""Whether a reader would see a term where it was laid: one guard a function, in plain Python."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise

from tests.rules.disguise_layings import BLANK, E, Laid, Letter

from shroff.rules.clauses import Word
from shroff.text import characters as chars
from shroff.text.common_han import COMMON, GENERIC
from shroff.text.evasion import Evasion
from shroff.text.everyday_han import everyday_words
from shroff.text.sound_kernel import SYLLABLE_SOUND
from shroff.text.syllables import ENGLISH_IN_PINYIN, SYLLABLES

__all__ = ["seen"]

TWINS = frozenset("己已巳未末日曰土士")
MOST_SKIPPED = 6
FAR = 24
EVERYDAY = frozenset(everyday_words())
WORDY = frozenset({chars.LATIN, chars.DIGIT})


@dataclass
class Border:
    """What stands between two neighbouring stretches that write the term."""

    skipped: str
    kinds: set[int]
    signs: str
    new_word: bool


def seen(way: Laid) -> Evasion | None:
    """The disguises by which a reader sees the term, None where nobody does."""
    borders = list(_borders(way))
    bits = way.bits
    for border in borders:
        worn = _at_word_border(border) if border.new_word else _at_gap(border)
        if worn is None:
            return None
        bits |= worn
    whole = len(way.letters) == len(way.term.plain)
    if not whole and not _take_in_signs(way):
        return None
    guards = (
        _edges_hold(way),
        _gaps_hide(way, [border for border in borders if not border.new_word], borders),
        _letters_tell(way),
        _han_tell(way, borders),
        _says_enough(way, bits),
        _pinyin_is_meant(way, borders),
    )
    return bits if all(guards) else None


def _borders(way: Laid) -> Iterator[Border]:
    units = [(letter, unit) for letter in way.letters for unit in letter.units]
    for (one, (_, after)), (other, (first, _)) in pairwise(units):
        repeated = [place for place in way.repeats if after <= place < first]
        places = [place for place in range(after, first) if place not in repeated]
        signs = _signs_before(way, other) if one is not other else ""
        if signs:  # a repeated letter belongs to the word before
            places = [place for place in places if place > max([*repeated, -1])]
        skipped = "".join(way.text.plain[place] for place in places)
        yield Border(skipped, {way.text.kinds[place] for place in places}, signs, bool(signs))


def _signs_before(way: Laid, letter: Letter) -> str:
    """The signs that the term itself has before one of its letters; none of those at its edge."""
    of = letter.of
    whole = len(way.letters) == len(way.term.plain)
    while not whole and of > 0 and not way.term.is_letter(of - 1):
        of -= 1
    return way.term.plain[of : letter.of] if of > 0 else ""


def _same_sign(one: str, other: str) -> bool:
    return one == other or {chars.class_of(one), chars.class_of(other)} <= BLANK


def _may_be_left_out(sign: str) -> bool:
    return chars.class_of(sign) in BLANK | {chars.COMMA} or sign in "-."


def _at_gap(border: Border) -> Evasion | None:
    return _worn(border.kinds)


def _worn(kinds: set[int]) -> Evasion:
    emoji = E.EMOJI if chars.EMOJI in kinds else E.NONE
    return emoji | (E.SEPARATOR if kinds - {chars.EMOJI} else E.NONE)


def _at_word_border(border: Border) -> Evasion | None:
    """Two words of the term: its signs are there, but for those that may be left out; no end."""
    left, further, missing = border.signs, "", ""
    ends = False
    for place, one in enumerate(border.skipped):
        met = next((n for n, sign in enumerate(left) if _same_sign(one, sign)), None)
        if met is not None:
            missing, left = missing + left[:met], left[met + 1 :]
        elif chars.class_of(one) not in BLANK:
            further += one
            after = border.skipped[place + 1 : place + 2]
            ends |= one == "." and bool(after) and chars.class_of(after) in BLANK
    missing += left
    if not all(map(_may_be_left_out, missing)):
        return None
    kinds = set(map(chars.class_of, further))
    if further and (
        ends or chars.STOP in kinds or chars.NEWLINE in border.kinds or len(further) > MOST_SKIPPED
    ):
        return None
    blank = bool(border.kinds & BLANK)
    lost = any(not (blank and chars.class_of(sign) in BLANK) for sign in missing)
    return _worn(kinds) | (E.SEPARATOR if lost else E.NONE)


def _take_in_signs(way: Laid) -> bool:
    """Signs at the edges of a term must be there, right beside its letters."""
    own, plain = way.term.plain, way.text.plain
    before = own[: way.letters[0].of]
    last = max(place for place in range(len(own)) if way.term.is_letter(place))
    after = own[last + 1 :]
    low, high = way.first - len(before), way.last + 1 + len(after)
    if low < 0 or high > len(plain):
        return False
    stand = plain[low : way.first] + plain[way.last + 1 : high]
    if not all(map(_same_sign, stand, before + after)):
        return False
    way.first, way.last = low, high - 1
    return True


def _at(way: Laid, place: int) -> str:
    return way.text.plain[place] if 0 <= place < len(way.text.plain) else ""


def _is_word(one: str) -> bool:
    """An ASCII letter, digit or underscore."""
    return bool(one) and (one == "_" or chars.class_of(one) in WORDY)


def _edges_hold(way: Laid) -> bool:
    """The word ends where the term does, and no number is cut."""
    if way.word is Word.PART:
        return True
    for place, step, edge in (
        (way.first, -1, way.term.plain[0]),
        (way.last, 1, way.term.plain[-1]),
    ):
        here, beyond = _at(way, place), _at(way, place + step)
        if here in set("0123456789") and beyond in set("0123456789"):
            return False
        if _goes_on_as_word(edge, way.word) and beyond and _goes_on_as_word(beyond, way.word):
            return False
    return True


def _goes_on_as_word(one: str, word: Word) -> bool:
    every = word is Word.WHOLE
    return one == "_" or chars.class_of(one) in (
        WORDY | {chars.HAN, chars.OTHER} if every else WORDY
    )


def _gaps_hide(way: Laid, inner: list[Border], borders: list[Border]) -> bool:  # noqa: PLR0911  one guard a line
    """What stands between characters hides the term; it does not part words or sentences."""
    gaps = [border for border in inner if border.skipped]
    if not gaps:
        return True
    kinds = set().union(*(gap.kinds for gap in gaps))
    latin = not way.of_kind(chars.HAN)
    spaced = any(chars.SPACE in gap.kinds for gap in gaps)
    if latin and spaced and _spelling_goes_on(way):
        return False
    everywhere = len(gaps) == len(inner) and len(gaps) >= 2
    if everywhere and len({gap.skipped[0] for gap in gaps}) == 1:
        return True
    if kinds & {chars.NEWLINE, chars.STOP, chars.COMMA, chars.SIGN}:
        return False
    if any(len(gap.skipped) > MOST_SKIPPED for gap in gaps):
        return False
    if latin:
        nearly = len(inner) >= 4 and len(gaps) >= len(inner) - 1
        return not spaced or everywhere or nearly or _word_by_word(borders)
    if len(inner) == 1 and gaps[0].kinds == {chars.SPACE}:
        return any(
            not one or chars.class_of(one) != chars.HAN
            for one in (_at(way, way.first - 1), _at(way, way.last + 1))
        )
    return True


def _word_by_word(borders: list[Border]) -> bool:
    """Each word of a phrase is written together or letter by letter, one of three or more so."""
    words = [list(word) for new, word in groupby(borders, lambda b: b.new_word) if not new]
    gaps = [[bool(border.skipped) for border in word] for word in words]
    return all(all(word) or not any(word) for word in gaps) and any(
        all(word) and len(word) >= 2 for word in gaps
    )


def _spelling_goes_on(way: Laid) -> bool:
    """Letters written apart go on beyond the term, as in c l a s s."""

    def alone(place: int, step: int) -> bool:
        return _is_word(_at(way, place)) and not _is_word(_at(way, place + step))

    first, last = way.first, way.last
    if _at(way, last + 1) and not _is_word(_at(way, last - 1)) and alone(last + 2, 1):
        return not (_at(way, last + 2) <= "a" or _at(way, last + 2) == "i") or alone(last + 4, 1)
    if _is_word(_at(way, first + 1)) or not alone(first - 2, -1):
        return False
    return not (_at(way, first - 2) <= "a" or _at(way, first - 2) == "i")


def _letters_tell(way: Laid) -> bool:
    """Enough letters are letters, doubling one is no disguise, and they are no Greek or Russian."""
    letters = [] if way.by_sound else way.of_kind(chars.LATIN)
    leets = [letter for letter in letters if letter.bit & E.LEET]
    if letters and len(way.repeats) == 1 and not _thrice(way):
        return False
    if leets and (
        2 * len(leets) > len(letters) or (len(letters) <= 3 and len(letters) - len(leets) < 2)
    ):
        return False
    living = _living(way)
    if not living or living < len(letters):
        return True
    around = way.text.plain[max(0, way.first - FAR) : way.last + FAR]
    return not any(0x370 <= ord(one) <= 0x52F for one in around)


def _thrice(way: Laid) -> bool:
    stretch = way.text.plain[way.first : way.last + 1]
    shown = [one for one in stretch if chars.class_of(one) < chars.SIGN]
    return any(len(list(run)) >= 3 for _, run in groupby(shown))


def _living(way: Laid) -> int:
    """How many are look-alike letters of scripts that people write."""
    count = 0
    for letter in way.letters:
        for first, after in letter.units:
            for place in range(first, after):
                alone = Laid(way.text, way.term, way.word, (_one(letter, place, first),))
                living = 0x370 <= ord(way.text.original(place)) <= 0x52F
                count += living and bool(alone.worn(alone.letters[0]) & E.HOMOGLYPH)
    return count


def _one(letter: Letter, place: int, first: int) -> Letter:
    return Letter(
        letter.of + (0 if letter.bit else place - first), letter.bit, ((place, place + 1),)
    )


def _han_tell(way: Laid, borders: list[Border]) -> bool:
    """Enough Han characters are what they are in the term, and no everyday one hides another."""
    hans = way.of_kind(chars.HAN)
    swapped = [letter for letter in hans if letter.bit & (E.HOMOPHONE | E.LOOKALIKE_HAN)]
    exact = [letter for letter in hans if not letter.bit]
    split = [letter for letter in way.letters if letter.bit & E.SPLIT]
    few = len(hans) <= 3
    if swapped:
        shown = [_at(way, letter.units[0][0]) for letter in swapped]
        if len(hans) < 2 or (few and not exact):
            return False
        if few and any(one in COMMON and one not in TWINS for one in shown):
            return False
        if len(hans) == 2:
            typed = any(letter.bit & E.PINYIN for letter in hans)
            gaps = any(border.skipped for border in borders if not border.new_word)
            sounding = any(letter.bit & E.HOMOPHONE for letter in swapped)
            if typed or gaps or (sounding and any(_kept(way, one) in GENERIC for one in exact)):
                return False
    return not (split and len(hans) < 2)


def _kept(way: Laid, letter: Letter) -> str:
    return way.term.plain[letter.of]


def _says_enough(way: Laid, bits: Evasion) -> bool:
    """A single character is meant as it is; so is a number with a sign in it, an everyday word."""
    size = len(way.term.plain)
    if size == 1:
        own = way.term.original(0)
        from tests.rules.disguise_layings import how

        return not (bits & E.NUMERALS or bits & how(own) & E.TRAD)
    hans = way.of_kind(chars.HAN)
    latin = [] if way.by_sound else way.of_kind(chars.LATIN)
    if size <= 3 and not hans and not latin and bits & E.SEPARATOR:
        return False
    if not bits & (E.HOMOPHONE | E.LOOKALIKE_HAN) or way.last + 1 - way.first != len(hans):
        return True
    return way.text.plain[way.first : way.last + 1] not in EVERYDAY and not _cuts_word(way)


def _cuts_word(way: Laid) -> bool:
    """What stands for a character of a term of two is half of an everyday word beside it."""
    own = way.term.plain
    if len(own) != 2:
        return False
    first, last = _at(way, way.first), _at(way, way.last)
    before, after = _at(way, way.first - 1) + first, last + _at(way, way.last + 1)
    return (first != own[0] and before in EVERYDAY) or (last != own[1] and after in EVERYDAY)


def _pinyin_is_meant(way: Laid, borders: list[Border]) -> bool:
    """Letters are whole runs of pinyin, enough of them, and no English word."""
    typed = [letter for letter in way.letters if letter.bit & E.PINYIN]
    if not typed:
        return True
    for place, step in ((way.first, -1), (way.last, 1)):
        if _at(way, place) < "\x80" and _is_word(_at(way, place + step)):
            return False
    count = sum(after - first for letter in typed for first, after in letter.units)
    hans = way.of_kind(chars.HAN)
    if len(typed) < len(hans):
        return count >= 2 * len(typed) and any(not letter.bit for letter in hans)
    codes = [code - SYLLABLE_SOUND - 1 for code, _ in way.term.sound]
    if not all(0 <= code < len(SYLLABLES) for code in codes):
        return False
    gaps = any(border.skipped for border in borders if not border.new_word)
    english = "".join(SYLLABLES[code] for code in codes) in ENGLISH_IN_PINYIN
    return not english and count >= (7 if gaps else 5)
