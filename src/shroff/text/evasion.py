"""The kinds of disguise a term can wear, each a switch that a rule turns on or off."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntFlag

__all__ = ["DEFAULT", "KINDS", "Evasion", "Kind", "evasion_of", "kinds_in"]


class Evasion(IntFlag):
    """Kinds of disguise as bits, so that a set of them is one number in a column."""

    NONE = 0
    WIDTH = 1 << 0
    CASE = 1 << 1
    HIDDEN = 1 << 2
    MARKS = 1 << 3
    HOMOGLYPH = 1 << 4
    LEET = 1 << 5
    REPEAT = 1 << 6
    SEPARATOR = 1 << 7
    EMOJI = 1 << 8
    TRAD = 1 << 9
    LOOKALIKE_HAN = 1 << 10
    SPLIT = 1 << 11
    HOMOPHONE = 1 << 12
    PINYIN = 1 << 13
    INITIALS = 1 << 14
    NUMERALS = 1 << 15
    ACROSS_FIELDS = 1 << 16
    REVERSED = 1 << 17
    MASKED = 1 << 18
    TYPO = 1 << 19


@dataclass(frozen=True, slots=True)
class Kind:
    """What users read about one kind of disguise.

    Attributes
    ----------
    flag : Evasion
        Its bit.
    id : str
        The switch's name in a rule pack.
    names : tuple of str
        English and Simplified Chinese.
    meaning : tuple of str
        One line, English and Simplified Chinese.
    default : bool
        Whether a rule that says nothing sees through it.
    """

    flag: Evasion
    id: str
    names: tuple[str, str]
    meaning: tuple[str, str]
    default: bool = True


KINDS: tuple[Kind, ...] = (
    Kind(
        Evasion.WIDTH,
        "width",
        ("Width and compatibility forms", "全角与兼容字符"),
        ("ｆｒｅｅ, ㎏, ﬁ for free, kg, fi", "用 ｆｒｅｅ、㎏ 代替 free、kg"),
    ),
    Kind(
        Evasion.CASE,
        "case",
        ("Letter case", "大小写"),
        ("FrEe for free", "用 FrEe 代替 free"),
    ),
    Kind(
        Evasion.HIDDEN,
        "hidden",
        ("Hidden characters", "隐藏字符"),
        (
            "zero-width characters, bidirectional controls or tags inside a word",
            "词中夹零宽字符、双向控制符或标签字符",
        ),
    ),
    Kind(
        Evasion.MARKS,
        "marks",
        ("Combining marks", "组合附加符"),
        ("frêe or f̶r̶e̶e̶ for free", "用 frêe、f̶r̶e̶e̶ 代替 free"),
    ),
    Kind(
        Evasion.HOMOGLYPH,
        "homoglyph",
        ("Look-alike letters", "形近字母"),
        (
            "letters of other scripts, mathematical or enclosed letters: саsіnо, 𝐟𝐫𝐞𝐞, Ⓕ",
            "用其他文字、数学或带圈字母代替：саsіnо、𝐟𝐫𝐞𝐞、Ⓕ",
        ),
    ),
    Kind(
        Evasion.LEET,
        "leet",
        ("Digits and signs for letters", "数字符号代字母"),
        ("fr33 c@$h for free cash", "用 fr33 c@$h 代替 free cash"),
    ),
    Kind(
        Evasion.REPEAT,
        "repeat",
        ("Repeated letters", "重复字符"),
        ("freeeee for free", "用 freeeee 代替 free"),
    ),
    Kind(
        Evasion.SEPARATOR,
        "separator",
        ("Separators inside a word", "词中夹分隔符"),
        ("f.r.e.e, 减 肥 or 减*肥", "用 f.r.e.e、减 肥、减*肥"),
    ),
    Kind(
        Evasion.EMOJI,
        "emoji",
        ("Emoji inside a word", "词中夹表情"),
        ("减🔥肥 for 减肥", "用 减🔥肥 代替 减肥"),
    ),
    Kind(
        Evasion.TRAD,
        "trad",
        ("Traditional Chinese", "繁体字"),
        ("減肥 for 减肥, phrase by phrase too", "用 減肥 代替 减肥，含词语级差异"),
    ),
    Kind(
        Evasion.LOOKALIKE_HAN,
        "lookalike_han",
        ("Look-alike Han characters", "形近汉字"),
        ("微倍 for 微信", "用 微倍 代替 微信"),
    ),
    Kind(
        Evasion.SPLIT,
        "split",
        ("Split Han characters", "拆字"),
        ("减月巴 for 减肥", "用 减月巴 代替 减肥"),
    ),
    Kind(
        Evasion.HOMOPHONE,
        "homophone",
        ("Han characters of the same sound", "同音汉字"),
        ("薇信 or 威信 for 微信", "用 薇信、威信 代替 微信"),
    ),
    Kind(
        Evasion.PINYIN,
        "pinyin",
        ("Pinyin", "拼音"),
        ("weixin or wei信 for 微信", "用 weixin、wei信 代替 微信"),
    ),
    Kind(
        Evasion.INITIALS,
        "initials",
        ("Initials of pinyin", "拼音首字母"),
        ("wx or v信 for 微信", "用 wx、v信 代替 微信"),
        default=False,
    ),
    Kind(
        Evasion.NUMERALS,
        "numerals",
        ("Other numerals", "数字写法"),
        ("七天, ⑦天 or 柒天 for 7天", "用 七天、⑦天、柒天 代替 7天"),
    ),
    Kind(
        Evasion.ACROSS_FIELDS,
        "across_fields",
        ("Words spread over fields", "跨字段拆词"),
        (
            "减 at the end of the title, 肥 at the start of the body",
            "标题以“减”结尾，正文以“肥”开头",
        ),
        default=False,
    ),
    Kind(
        Evasion.REVERSED,
        "reversed",
        ("Reversed text", "倒序"),
        ("肥减 for 减肥, eerf for free", "用 肥减、eerf 代替 减肥、free"),
        default=False,
    ),
    Kind(
        Evasion.MASKED,
        "masked",
        ("Masked letters", "遮掩字母"),
        (
            "f*ee, c🔥sino for free, casino: a sign for one letter",
            "用 f*ee、c🔥sino 代替 free、casino",
        ),
        default=False,
    ),
    Kind(
        Evasion.TYPO,
        "typo",
        ("Misspelled words", "拼写错误"),
        (
            "casno, caisno for casino: a letter dropped, or two exchanged",
            "用 casno、caisno 代替 casino：漏一个字母或相邻两个互换",
        ),
        default=False,
    ),
)
"""Every kind, in the order of its bit."""

DEFAULT: Evasion = Evasion(sum(kind.flag for kind in KINDS if kind.default))
"""What a rule that says nothing sees through."""


def evasion_of(name: str) -> Evasion:
    """Find a kind by its id.

    Parameters
    ----------
    name : str
        Id as written in a rule pack, such as ``"homoglyph"``.

    Returns
    -------
    Evasion
        One bit, or no bit where there is no such kind.

    Examples
    --------
    >>> evasion_of("leet")
    <Evasion.LEET: 32>
    """
    return next((kind.flag for kind in KINDS if kind.id == name), Evasion.NONE)


def kinds_in(bits: int) -> tuple[Kind, ...]:
    """List the kinds of a set of bits, in their order.

    Returns
    -------
    tuple of Kind
        Those whose bit is set.

    Examples
    --------
    >>> [kind.id for kind in kinds_in(Evasion.CASE | Evasion.SPLIT)]
    ['case', 'split']
    """
    return tuple(kind for kind in KINDS if kind.flag & bits)
