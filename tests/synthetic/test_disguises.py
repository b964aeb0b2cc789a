"""Does a disguise hide a phrase from a plain search and keep it readable?"""

from __future__ import annotations

import pytest

from shroff.synthetic.disguises import disguised
from shroff.synthetic.grammar import grammar
from shroff.synthetic.markets import LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_disguised_seed_is_not_found_by_plain_search(language: str) -> None:
    for wording in grammar(language).wordings:
        for seed in wording.seeds:
            for bits in range(60):
                assert seed.lower() not in disguised(seed, bits, language=language).lower()


def test_several_tricks_are_used_in_each_language() -> None:
    assert len({disguised("easy cash here", bits, language="en") for bits in range(200)}) > 6
    assert len({disguised("加微信领钱", bits, language="zh") for bits in range(200)}) > 6
