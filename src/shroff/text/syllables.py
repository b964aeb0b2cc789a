"""Syllables of Mandarin as they are typed: toneless pinyin, with ``v`` for ü."""

from __future__ import annotations

__all__ = ["ENGLISH_IN_PINYIN", "SYLLABLES", "plain_syllable"]

# Written by initial: the finals it takes.
_TABLE: dict[str, str] = {
    "": "a ai an ang ao e ei en eng er o ou",
    "b": "a ai an ang ao ei en eng i ian iao ie in ing o u",
    "p": "a ai an ang ao ei en eng i ian iao ie in ing o ou u",
    "m": "a ai an ang ao e ei en eng i ian iao ie in ing iu o ou u",
    "f": "a an ang ei en eng o ou u",
    "d": "a ai an ang ao e ei en eng i ia ian iao ie ing iu ong ou u uan ui un uo",
    "t": "a ai an ang ao e eng i ian iao ie ing ong ou u uan ui un uo",
    "n": "a ai an ang ao e ei en eng i ian iang iao ie in ing iu ong ou u uan uo v ve",
    "l": "a ai an ang ao e ei eng i ia ian iang iao ie in ing iu o ong ou u uan un uo v ve",
    "g": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "k": "a ai an ang ao e en eng ong ou u ua uai uan uang ui un uo",
    "h": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "j": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "q": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "x": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "zh": "a ai an ang ao e ei en eng i ong ou u ua uai uan uang ui un uo",
    "ch": "a ai an ang ao e en eng i ong ou u ua uai uan uang ui un uo",
    "sh": "a ai an ang ao e ei en eng i ou u ua uai uan uang ui un uo",
    "r": "an ang ao e en eng i ong ou u ua uan ui un uo",
    "z": "a ai an ang ao e ei en eng i ong ou u uan ui un uo",
    "c": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "s": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "y": "a an ang ao e i in ing o ong ou u uan ue un",
    "w": "a ai an ang ao ei en eng o u",
}

SYLLABLES: tuple[str, ...] = tuple(
    sorted(initial + final for initial, finals in _TABLE.items() for final in finals.split())
)
"""Every syllable; its place here, from 1, is its code."""

_SPELLINGS = {"nue": "nve", "lue": "lve", "nü": "nv", "lü": "lv", "nüe": "nve", "lüe": "lve"}


def plain_syllable(spelling: str) -> str:
    """Give the one spelling of a toneless syllable that we count with.

    Parameters
    ----------
    spelling : str
        Lower case, such as ``"lüe"`` or ``"lue"``.

    Returns
    -------
    str
        The spelling with ``v``, such as ``"lve"``.

    Examples
    --------
    >>> plain_syllable("lüe")
    'lve'
    """
    return _SPELLINGS.get(spelling, spelling.replace("ü", "v"))


ENGLISH_IN_PINYIN: frozenset[str] = frozenset(
    """
    babe baby ban banana bang bean began begin being benefit bin binge bitch change chance chang
    chant china chosen dance dating die dine dinghy done dune engage fan fang fate fen gang gene
    genuine guide hang hate have he hen here hence home huge human lane lung lie line lone long
    lose lunge mandarin mane mango manage mange me mean meme men mention mine mini minus mule
    name nice nine none nun once one orange pan panda pandan pang panic penguin pie pin pine ping
    pose range re rune sage same sane sang sense shame shine shun side site size so song sun sung
    tangible tan tang tango tie tin tine tone tune use wan wane wang wine women xenon yang yen
    gender tide cute cue sue due chase case base lease league bingo pinging dangle linen dining
    lane mange pence siren sauce fence penance lounge sedan susan guinea audience anna hanna
    canada senate pirate tirade danger manger ranger ginger linger finger singer hunger longer
    """.split()  # noqa: SIM905  a list would take a line a word
)
"""English words that are wholly pinyin or nearly so: they are not sought as such."""
