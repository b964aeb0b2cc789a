"""Texts and rules to measure scanning with: written by dice from word lists of our own.

Half of the texts are English, half Chinese, all of about 140 bytes. One in three holds a keyword of the
rules; of these some wear a disguise. Nothing is taken from a data set unless ``SHROFF_DATA`` texts
are asked for.
"""

from __future__ import annotations

import os
import random
import re
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from shroff.rules.clauses import AnyOf, Atom, Regex, Term
from shroff.rules.rule import Pack, Rule

__all__ = ["pack_of", "real_texts", "rule_atoms", "texts_of"]

BYTES = 140
_HEADS = [
    "pro",
    "ex",
    "sub",
    "inter",
    "over",
    "under",
    "trans",
    "super",
    "multi",
    "micro",
    "anti",
    "auto",
    "bio",
    "geo",
    "hydro",
    "photo",
    "tele",
    "para",
    "contra",
    "counter",
    "mono",
    "poly",
    "semi",
    "ultra",
    "vita",
    "medi",
    "lumi",
    "aero",
    "agri",
    "cyber",
]
_STEMS = [
    "form",
    "port",
    "grad",
    "struct",
    "duct",
    "vert",
    "spect",
    "scrib",
    "tract",
    "mit",
    "pos",
    "cap",
    "fer",
    "gen",
    "graph",
    "log",
    "meter",
    "nom",
    "path",
    "phon",
    "plic",
    "press",
    "rupt",
    "sent",
    "serv",
    "sist",
    "solv",
    "spir",
    "tend",
    "vent",
    "vis",
    "volv",
    "claim",
    "cred",
    "cur",
    "dict",
    "fact",
    "flect",
    "fund",
    "junct",
    "lect",
    "man",
    "mob",
    "mot",
    "ped",
    "pend",
    "pel",
    "quer",
    "reg",
    "rid",
    "sect",
    "tain",
    "vinc",
    "voc",
]
_TAILS = [
    "ing",
    "ed",
    "er",
    "or",
    "tion",
    "able",
    "ive",
    "ment",
    "ity",
    "ous",
    "al",
    "ist",
    "ism",
    "ize",
    "ful",
    "less",
    "ness",
    "ant",
    "ence",
    "ure",
]
_SMALL = [
    "the",
    "of",
    "and",
    "to",
    "in",
    "for",
    "on",
    "with",
    "your",
    "our",
    "a",
    "is",
    "it",
    "you",
    "we",
    "now",
    "new",
    "free",
    "best",
    "at",
    "from",
    "all",
    "get",
    "more",
    "this",
    "that",
    "by",
    "an",
    "be",
    "are",
    "as",
    "or",
    "not",
    "can",
    "will",
    "one",
    "time",
    "home",
    "day",
    "order",
    "today",
    "shop",
    "save",
    "offer",
    "only",
    "deal",
]
_HAN = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产"
    "种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业"
    "本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利"
    "比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文"
    "总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干"
    "做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共"
    "权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张"
    "信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验"
    "连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精值号率族维划选标写"
)
_SIGNS = "，。！？、 "


def _word(dice: random.Random) -> str:
    return dice.choice(_HEADS) * (dice.random() < 0.6) + dice.choice(_STEMS) + dice.choice(_TAILS)


def _han(dice: random.Random, size: int) -> str:
    # common characters come first in the list, as they do in texts
    return "".join(
        _HAN[min(int(dice.expovariate(6) * len(_HAN)), len(_HAN) - 1)] for _ in range(size)
    )


def rule_atoms(count: int, *, seed: int = 1) -> list[Atom]:
    """Write atoms: one in five English words, half Chinese words, the rest expressions."""
    dice = random.Random(seed)
    english = list(dict.fromkeys(_keyword(dice) for _ in range(count)))[: count // 5]
    chinese = list(dict.fromkeys(_han(dice, dice.randint(2, 5)) for _ in range(3 * count)))
    terms: list[Atom] = [Term(text) for text in english + chinese[: count // 2]]
    return terms + [Regex(_pattern(dice)) for _ in range(count - len(terms))]


def _keyword(dice: random.Random) -> str:
    return " ".join(_word(dice) for _ in range(dice.choice((1, 1, 2))))


def _pattern(dice: random.Random) -> str:
    kind = dice.randrange(4)
    if kind == 0:
        return rf"\b{_word(dice)}(?:\s+[a-z]{{1,12}}){{0,3}}\s+{_word(dice)}\b"
    if kind == 1:
        return rf"\b{dice.choice(_STEMS)}{dice.choice(_TAILS)}\s?[0-9]{{2,5}}\b"
    if kind == 2:
        return f"{_han(dice, 2)}.{{0,6}}{_han(dice, 2)}"
    return rf"[0-9]{{1,4}}\s?{_han(dice, 2)}"


def pack_of(atoms: Sequence[Atom]) -> Pack:
    """Give each atom a rule of its own."""
    rules = [Rule(f"R-{n:05d}", AnyOf((atom,)), fields=("text",)) for n, atom in enumerate(atoms)]
    return Pack("bench", rules=tuple(rules))


def texts_of(count: int, atoms: Sequence[Atom], *, seed: int = 2, busy: float = 0.0) -> pa.Array:
    """Write texts; ``busy`` is the share that holds what an expression of the rules matches."""
    dice = random.Random(seed)
    words = [atom.text for atom in atoms if isinstance(atom, Term)] or _SMALL
    small = [_word(dice) for _ in range(3000)]
    codes = [head for atom in atoms if isinstance(atom, Regex) if (head := _coded(atom.pattern))]
    written = [
        _text(
            dice, words, small if n % 2 == 0 else [], codes=codes if dice.random() < busy else []
        )
        for n in range(count)
    ]
    return pa.array(written, pa.string())


def _coded(pattern: str) -> str:
    """Give the word of an expression that wants a word and a number; nothing for others."""
    found = re.fullmatch(r"\\b([a-z]+)\\s\?\[0-9\]\{2,5\}\\b", pattern)
    return found[1] if found else ""


def _text(
    dice: random.Random, words: Sequence[str], small: Sequence[str], *, codes: Sequence[str]
) -> str:
    """Write a text: English where there are small words, else Chinese."""
    parts: list[str] = []
    size = 0
    while size < BYTES - 8:
        if small:
            part = dice.choice(_SMALL if dice.random() < 0.55 else small) + " "
        else:
            part = _han(dice, dice.randint(2, 9)) + dice.choice(_SIGNS)
        parts.append(part)
        size += len(part.encode())
    if dice.random() < 0.34:
        parts.insert(dice.randrange(len(parts)), _disguised(dice, dice.choice(words)) + " ")
    if codes:
        code = f" {dice.choice(codes)} {dice.randint(10, 99999)} "
        parts.insert(dice.randrange(len(parts)), code)
    return "".join(parts)


def _disguised(dice: random.Random, word: str) -> str:
    kind = dice.randrange(8)
    if kind == 0:
        return word.upper()
    if kind == 1:
        return "\u200b".join(word)
    if kind == 2:
        return ".".join(word)
    if kind == 3:
        return "".join(chr(ord(c) + 0xFEE0) if "a" <= c <= "z" else c for c in word)
    if kind == 4:
        return word.replace("e", "3").replace("o", "0").replace("a", "а")
    return word


def real_texts(count: int, *, seed: int = 3) -> pa.Array:
    """Take texts of the labelled sets that ``SHROFF_DATA`` names, half English half Chinese."""
    home = Path(os.environ["SHROFF_DATA"])
    english = pq.read_table(home / "clickbait_headlines").column("text").to_pylist()
    chinese = pq.read_table(home / "cold_zh").column("text").to_pylist()
    dice = random.Random(seed)
    return pa.array(
        [dice.choice(english if n % 2 else chinese) for n in range(count)], pa.string()
    )
