"""Variants of known terms are told by look, sound and first letters, and nothing else is."""

from __future__ import annotations

import pytest

from shroff.watch.term_variants import Likeness, likeness, read_terms, variant_groups


@pytest.mark.parametrize(
    ("term", "known", "how"),
    [
        ("加v", "加微信", Likeness.SHORT),
        ("加V信", "加微信", Likeness.SHORT),
        ("vx", "微信", Likeness.SHORT),
        ("薇信", "微信", Likeness.LOOKS),
        ("weixin", "微信", Likeness.SOUNDS),
        ("公仲号", "公众号", Likeness.SOUNDS),
        ("加薇信领钱", "加微信", Likeness.LOOKS),
        ("f r e e m0ney", "free money", Likeness.LOOKS),
        ("cryptocurrncy", "cryptocurrency", Likeness.SPELLED),
        ("微信群", "微信", Likeness.HOLDS),
        ("微信", "微信", Likeness.SAME),
    ],
)
def test_a_variant_is_told_and_how(term: str, known: str, how: Likeness) -> None:
    assert likeness(*read_terms([term, known])) is how


@pytest.mark.parametrize(
    ("term", "known"),
    [
        ("v", "微信"),
        ("威望", "微信"),
        ("freedom", "free"),
        ("卫星", "微信"),
        ("加油", "加微信"),
        ("bitcoins", "bitcoin"),
        ("lucky visitor", "lucky winner"),
    ],
)
def test_what_only_resembles_stays_apart(term: str, known: str) -> None:
    assert likeness(*read_terms([term, known])) is None


def test_the_most_frequent_of_a_group_stands_for_it() -> None:
    found = variant_groups(["加薇", "加微", "别的"], weight=[1, 3, 9])
    assert found == [("加微", Likeness.LOOKS), None, None]


def test_known_terms_go_before_found_ones() -> None:
    found = variant_groups(["薇信", "微❤信"], known=["微信"], weight=[9, 1])
    assert found == [("微信", Likeness.LOOKS), ("微信", Likeness.LOOKS)]


def test_no_terms_give_no_groups() -> None:
    assert variant_groups([]) == []
