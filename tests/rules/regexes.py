"""Random regular expressions of the dialect, and texts that they have a chance with."""

from __future__ import annotations

from hypothesis import strategies as st

__all__ = ["patterns", "texts"]

LETTERS = "ab1_ -.天éЖ\n"
CLASSES = ("[ab]", "[^a]", r"\d", r"\w", r"\W", r"\s", r"\S", ".", r"[^\W_]", "[a-c1]", r"\p{Han}",
           r"\P{L}", "[[:alpha:]]", r"[^天\d]")  # fmt: skip
PLACES = (r"\b", r"\B", "^", "$")
TIMES = ("*", "+", "?", "{2}", "{1,3}", "{0,2}", "{2,}", "*?", "+?", "??", "{1,2}?")


def escaped(letter: str) -> str:
    return "\\" + letter if letter in ".-^$" else letter


singles = st.sampled_from(LETTERS).map(escaped) | st.sampled_from(CLASSES)
atoms = singles | st.sampled_from(PLACES)


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    joined = st.lists(inner, min_size=1, max_size=4).map("".join)
    chosen = st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"({'|'.join(parts)})")
    several = st.tuples(singles | joined.map(lambda part: f"(?:{part})"), st.sampled_from(TIMES))
    return joined | chosen | several.map("".join)


patterns = st.recursive(atoms, grown, max_leaves=8)
texts = st.text(alphabet=st.sampled_from(LETTERS + "cB"), max_size=12)
