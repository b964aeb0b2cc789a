"""Near-copies among texts: against a naive oracle, through disguises, in crowds."""

from __future__ import annotations

import random

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shroff.errors import ConfigError, DataError
from shroff.text.text_views import views_of_texts
from shroff.watch.near_copies import EXACT_BELOW, CopyIndex, near_copies

WORDS = [
    "put",
    "in",
    "take",
    "out",
    "double",
    "whatever",
    "market",
    "does",
    "fresh",
    "olive",
    "tea",
    "garden",
    "boat",
    "ticket",
    "lamp",
]
HAN = "口感好用只有样配料本周可约稳赚不赔加我领取红包名额有限速来快乐木屋床品"


def shingles(text: str) -> set[tuple[int, ...]]:
    """Write the shingles of a text without numbers the slow way."""
    view = views_of_texts([text])
    points = view.folded.tolist()
    found: set[tuple[int, ...]] = set()
    for at, point in enumerate(points):
        width = 2 if point >= 0x2E80 else 4
        if at + width <= len(points) or at == 0:
            found.add(tuple(points[at : at + width]))
    return found


def naive(texts: list[str], *, least: float) -> list[int]:
    """Join texts the slow way: every pair, connected."""
    sets = [shingles(text) for text in texts]
    says = [tuple(views_of_texts([text]).folded.tolist()) for text in texts]
    group = list(range(len(texts)))
    for one in range(len(texts)):
        for other in range(one):
            both, either = len(sets[one] & sets[other]), len(sets[one] | sets[other])
            enough = min(len(sets[one]), len(sets[other])) >= EXACT_BELOW
            if says[one] == says[other] or (enough and both >= least * either):
                old, new = max(group[one], group[other]), min(group[one], group[other])
                group = [new if each == old else each for each in group]
    return group


def same_sets(first: list[int], second: list[int]) -> bool:
    return all(
        (first[a] == first[b]) == (second[a] == second[b])
        for a in range(len(first))
        for b in range(a)
    )


@st.composite
def families(draw: st.DrawFn) -> list[str]:
    """Write texts, some of them with one or two words changed; none has a number."""
    seed = draw(st.integers(0, 2**32))
    rng = random.Random(seed)
    texts = []
    for _ in range(draw(st.integers(1, 5))):
        chinese = rng.random() < 0.5
        stock = list(HAN) if chinese else WORDS
        base = [rng.choice(stock) for _ in range(rng.randint(4, 30))]
        for _ in range(rng.randint(1, 4)):
            own = list(base)
            for _ in range(rng.randint(0, 1)):
                own[rng.randrange(len(own))] = rng.choice(stock)
            texts.append(("" if chinese else " ").join(own))
    return texts


@settings(max_examples=60, deadline=None)
@given(families())
def test_nothing_is_joined_that_the_naive_way_would_not_join(texts: list[str]) -> None:
    found = near_copies([pa.array(texts)])
    oracle = naive(texts, least=0.5)
    for one in range(len(texts)):
        for other in range(one):
            if found.group[one] == found.group[other]:
                assert oracle[one] == oracle[other]


@settings(max_examples=60, deadline=None)
@given(families())
def test_texts_far_above_the_similarity_are_joined_as_the_naive_way_does(texts: list[str]) -> None:
    found = near_copies([pa.array(texts)], least=0.5)
    sets = [shingles(text) for text in texts]
    for one in range(len(texts)):
        for other in range(one):
            both, either = len(sets[one] & sets[other]), len(sets[one] | sets[other])
            if min(len(sets[one]), len(sets[other])) >= EXACT_BELOW and both >= 0.8 * either:
                assert found.group[one] == found.group[other]


def test_most_pairs_at_the_similarity_are_joined() -> None:
    rng = random.Random(3)
    joined = exact = 0
    for _ in range(300):
        base = [rng.choice(WORDS) + rng.choice("abcdefgh") for _ in range(12)]
        own = list(base)
        for _ in range(3):
            own[rng.randrange(12)] = rng.choice(WORDS) + "zq"
        pair = [" ".join(base), " ".join(own)]
        both, either = (len(f(*map(shingles, pair))) for f in (set.intersection, set.union))
        if 0.5 <= both / either < 0.65:
            exact += 1
            found = near_copies([pa.array(pair)])
            joined += int(found.group[0] == found.group[1])
    assert exact > 50
    assert joined / exact > 0.9


def test_numbers_and_disguises_do_not_part_copies() -> None:
    texts = [
        "Put in $600, take out double after a month",
        "Put in $2,400, take out double after a month",
        "Рut іn $35, tаkе оut dоublе аftеr а mоnth",
        "P\u200but in $9 take o\u200but d0uble aft3r a month",
        "稳赚不赔加我微信领取红包名额有限88元",
        "穩賺不賠，加我微信，領取紅包！名額有限9元",
    ]
    found = near_copies([pa.array(texts)])
    assert len(set(found.group[:4].tolist())) == 1
    assert found.group[4] == found.group[5]
    assert found.group[0] != found.group[4]


def test_short_texts_are_copies_only_when_they_say_the_same() -> None:
    found = near_copies([pa.array(["buy now", "BUY  now!", "buy new", "限时", "限時", "限价"])])
    group = found.group.tolist()
    assert group[0] == group[1] != group[2]
    assert group[3] == group[4] != group[5]


def test_passages_find_a_sentence_that_ads_share() -> None:
    shared = "Put in $300, take out double after two weeks, whatever the market does."
    texts = [
        f"Dinner in 9 minutes\n{shared} 83 recipes with oat biscuits for travellers.",
        f"Walking poles for hills\nTalk to your doctor first. {shared}",
        "Dinner in 9 minutes\nNothing else is said in this advertisement at all.",
    ]
    found = near_copies([pa.array(texts)], passages=True)
    groups = [set(found.group[found.row == row].tolist()) for row in range(3)]
    assert len(groups[0] & groups[1]) == 1
    place = int(np.flatnonzero((found.row == 1) & np.isin(found.group, list(groups[0])))[0])
    source = views_of_texts([texts[1]]).source
    assert texts[1][source[found.first[place]] : source[found.last[place]] + 1] == shared[:-1]


def test_a_crowd_of_identical_texts_is_one_wording() -> None:
    crowd = pa.array(["Put in 300 and take out double, whatever the market does"] * 50_000)
    found = near_copies([crowd, crowd])
    assert (found.wordings, found.groups, found.verified) == (1, 1, 0)
    assert len(found) == 100_000


def test_a_crowd_of_likenesses_costs_what_its_size_costs() -> None:
    """A bucket that everything falls into is not compared pair by pair."""
    texts = [
        f"Put in money and take out double whatever the market does {w}" for w in _words(4_000)
    ]
    found = near_copies([pa.array(texts)])
    assert found.groups == 1
    assert found.verified < 21 * 8 * len(texts) / 4


def _words(many: int) -> list[str]:
    rng = random.Random(1)
    return ["".join(rng.choices("abcdefghijkmnopqrstuvwxyz", k=5)) for _ in range(many)]


def test_batches_do_not_matter() -> None:
    rng = random.Random(5)
    texts = [" ".join(rng.choices(WORDS, k=9)) for _ in range(300)] * 2
    whole = near_copies([pa.array(texts)])
    parts = near_copies([pa.array(texts[:100]), pa.array(texts[100:101]), pa.array(texts[101:])])
    assert same_sets(whole.group.tolist(), parts.group.tolist())
    assert sorted(whole.key.tolist()) == sorted(parts.key.tolist())


def test_nothing_and_missing_texts_have_no_near_copies() -> None:
    assert len(near_copies([])) == 0
    found = near_copies([pa.array([None, "", "。！", None], pa.string())], passages=True)
    assert (len(found), found.groups) == (0, 0)


def test_an_index_can_be_used_again() -> None:
    index = CopyIndex()
    index.add(pa.array(["one and the same text for all"] * 2))
    assert len(index.copies()) == 2
    index.add(pa.array(["another text altogether here"]))
    assert index.copies().row.tolist() == [0]


def test_a_similarity_out_of_range_and_numbers_are_refused() -> None:
    with pytest.raises(ConfigError, match="similarity"):
        near_copies([], least=0)
    with pytest.raises(DataError, match="type"):
        near_copies([pa.array([[1]])])
