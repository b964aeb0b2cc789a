"""Random packs, for what must hold of any pack."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from shroff.rules.clauses import (
    AllOf,
    AnyOf,
    Column,
    ColumnTest,
    Count,
    InFields,
    Near,
    Not,
    Regex,
    Term,
    Unit,
    Unless,
    Word,
)
from shroff.rules.rule import Bilingual, Example, Pack, Rule, RuleAction, Span, TermList
from shroff.text.evasion import DEFAULT, KINDS, Evasion

__all__ = ["conditions", "packs", "rules"]

words = st.sampled_from(
    ["减肥", "瘦身", "vip", "weight loss", "no", "true", "12", "$w", "a: b", "#x", "it's", '"q"', "-x",
     "a\u200bb", "[x", "{y", "*z", "&a", "%", "微 信", "a\nb", "null", "~", "1e3", "2027-01-01", "𝐟𝐫𝐞𝐞"]
)  # fmt: skip
names = st.sampled_from(["title", "body", "ocr_text"])
fields = st.lists(names, min_size=1, max_size=2, unique=True).map(tuple)
switches = st.sampled_from(
    [DEFAULT, Evasion.NONE, DEFAULT & ~Evasion.PINYIN, DEFAULT | Evasion.INITIALS, KINDS[0].flag]
)
terms = st.builds(Term, words, st.sampled_from(Word), switches)
regexes = st.builds(Regex, st.sampled_from([r"\d+天", "it's|\\\"x", r"[^a\]]{2,3}\b"]), switches)
atoms = terms | regexes | words.map(Term)
values = words | st.integers(-5, 99) | st.booleans() | st.sampled_from([1.5, -0.25])
columns = st.builds(
    Column, st.sampled_from(["age", "market"]), st.just(ColumnTest.BELOW), values.map(lambda v: (v,)),
    st.sampled_from([None, True, False]),
) | st.builds(
    Column, st.just("industry"), st.sampled_from([ColumnTest.IS_IN, ColumnTest.NOT_IN]),
    st.lists(values, min_size=1, max_size=3).map(tuple),
)  # fmt: skip
near_parts = atoms | st.lists(atoms, min_size=1, max_size=3).map(lambda parts: AnyOf(tuple(parts)))
nears = st.builds(
    Near, st.lists(near_parts, min_size=2, max_size=3).map(tuple), st.integers(0, 99),
    st.sampled_from(Unit), st.booleans(),
)  # fmt: skip
leaves = atoms | columns | nears | st.builds(Count, near_parts, st.integers(1, 9))


def grown(inner: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    several = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return (
        several.map(AnyOf)
        | several.map(AllOf)
        | inner.map(Not)
        | st.builds(InFields, inner, fields)
    )


conditions = st.recursive(leaves, grown, max_leaves=5)


@st.composite
def examples(draw: st.DrawFn, own: tuple[str, ...]) -> Example:
    text = draw(words)
    where = draw(st.sampled_from(own))
    spans = draw(st.sampled_from([(), (Span(where, 0, 1),)]))
    cells = draw(st.sampled_from([(), (("age", 3), ("market", "NO"))]))
    return Example(((where, text),), cells, spans, draw(st.sampled_from(["", "why: this"])))


@st.composite
def rules(draw: st.DrawFn, *, number: int = 0) -> Rule:
    own = draw(fields)
    unless = st.none() | st.builds(Unless, conditions, st.none() | st.integers(0, 30))
    return Rule(
        f"R-{number}",
        draw(conditions),
        version=draw(st.integers(1, 9)),
        name=Bilingual(draw(words), draw(words)),
        policy=draw(st.sampled_from(["", "E4"])),
        severity=draw(st.integers(1, 5)),
        action=draw(st.sampled_from(RuleAction)),
        markets=draw(st.sampled_from([(), ("CN", "NO")])),
        languages=draw(st.sampled_from([(), ("zh",)])),
        fields=own,
        across_fields=draw(st.booleans()),
        allow=tuple(draw(st.lists(terms, max_size=2))),
        unless=draw(unless),
        evasion=draw(switches),
        owner=draw(st.sampled_from(["", "me"])),
        expires=draw(st.sampled_from([None, date(2027, 6, 30)])),
        legal=draw(st.sampled_from(["", "Art. 9: 广告法"])),
        offensive=draw(st.booleans()),
        must_match=tuple(draw(st.lists(examples(own), max_size=2))),
        must_not_match=tuple(draw(st.lists(examples(own), max_size=1))),
    )


@st.composite
def packs(draw: st.DrawFn) -> Pack:
    own = [draw(rules(number=number)) for number in range(draw(st.integers(0, 3)))]
    lists = draw(st.lists(st.lists(words.map(Term), max_size=3).map(tuple), max_size=2))
    return Pack(
        "p.q-1",
        draw(st.integers(1, 9)),
        "",
        Bilingual(draw(words), ""),
        tuple(TermList(f"list{place}", parts) for place, parts in enumerate(lists)),
        tuple(own),
    )
