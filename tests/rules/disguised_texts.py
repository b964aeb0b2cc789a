"""Terms, and texts in which they stand in every kind of disguise, one upon the other."""

from __future__ import annotations

from random import Random

from hypothesis import strategies as st

from shroff.rules.clauses import Term, Word
from shroff.text.disguising import disguises
from shroff.text.evasion import DEFAULT, KINDS, Evasion

__all__ = ["ALL", "TERMS", "disguised", "noise", "terms_in_ways", "texts"]

ALL = Evasion(sum(kind.flag for kind in KINDS)) & ~(
    Evasion.ACROSS_FIELDS | Evasion.MASKED | Evasion.TYPO
)
TERMS = (
    "减肥", "微信", "加微信", "裸聊", "free", "casino", "weight loss", "7天", "30天", "100%", "➕微信",
    "{{title}}", "c++", "vx", "加v", "wei信", "减-肥药", "free, cash", "$ave", "e-mail", "天天", "软件",
    "微", "赌博网站", "包赢", "café", "сор", "自己", "彩票", "class", "good book", "三七", "加 微信",
    "减➕肥", "。net", "so.so", "_x", "a\u200bbc",
)  # fmt: skip
NOISE = (
    "减肥減月巴fre3 ＦaA.\u200b微薇信加weixin7天七b的\n🔥。,-*ㅤ\u0301ñ①➕{}%$@+_网络聊天采彡亻言米分"
    "loseiIl1pстсорéx  cash 威v"
)
WAYS = (
    (DEFAULT, Word.AUTO),
    (ALL, Word.AUTO),
    (ALL, Word.PART),
    (ALL, Word.WHOLE),
    (Evasion.NONE, Word.AUTO),
    (DEFAULT & ~(Evasion.SEPARATOR | Evasion.HOMOPHONE), Word.AUTO),
    (DEFAULT & ~(Evasion.CASE | Evasion.WIDTH | Evasion.SPLIT), Word.PART),
)

noise = st.text(st.sampled_from(NOISE), max_size=5)


def disguised(term: str, seed: int, times: int) -> str:
    """Disguise a term some times over."""
    rng = Random(seed)
    for _ in range(times):
        made = [text for _, text in disguises(term, rng=rng)]
        term = rng.choice(made) if made else term
    return term


pieces = st.one_of(
    st.builds(disguised, st.sampled_from(TERMS), st.integers(0, 10**6), st.integers(0, 3)),
    st.sampled_from(
        ["采彡票", "➕微", "网络聊天", "w e i g h t  l o s s", "get a ", "添加微信", "自已", " "]
    ),
    noise,
    st.text(max_size=3),
)
texts = st.lists(pieces, max_size=6).map("".join)


def terms_in_ways() -> list[Term]:
    """Every term with every choice of switches."""
    return [Term(text, word, evasion) for text in TERMS for evasion, word in WAYS]
