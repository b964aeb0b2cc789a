"""Does the grammar offer violations, seedless ones, and harmless look-alikes for each policy?"""

from __future__ import annotations

import pytest

from shroff.synthetic.grammar import compiled, fill, grammar
from shroff.synthetic.markets import INDUSTRIES, LANGUAGES
from shroff.synthetic.taxonomy import policies

SLOTS_GIVEN = {"brand", "product", "seed"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_policy_has_seeds_plain_sentences_and_three_look_alikes(language: str) -> None:
    book = grammar(language)
    assert len(book.wordings) == len(policies()) == 63
    for wording in book.wordings:
        assert len(wording.seeds) >= 3
        assert len(wording.plain) >= 2
        assert len(wording.alike) >= 3
    assert len(book.warnings) >= 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_plain_sentences_hold_no_seed_of_any_policy(language: str) -> None:
    book = grammar(language)
    seeds = [seed.lower() for wording in book.wordings for seed in wording.seeds]
    for wording in book.wordings:
        for template in wording.plain:
            text = "".join(template.pieces).lower()
            assert not [seed for seed in seeds if seed in text]


@pytest.mark.parametrize("language", LANGUAGES)
def test_everyday_copy_holds_no_seed(language: str) -> None:
    book = grammar(language)
    seeds = [seed.lower() for wording in book.wordings for seed in wording.seeds]
    texts = [template for group in (*book.titles, *book.lines) for template in group]
    for template in (*texts, *book.extras, *book.captions, *book.spoken):
        text = "".join(template.pieces).lower()
        assert not [seed for seed in seeds if seed in text]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_slot_has_words(language: str) -> None:
    book = grammar(language)
    groups = [book.carriers, book.warnings, book.extras, book.captions, book.spoken]
    groups += [*book.titles, *book.lines]
    groups += [group for wording in book.wordings for group in (wording.plain, wording.alike)]
    slots = {slot for group in groups for template in group for slot in template.slots}
    assert slots - SLOTS_GIVEN <= set(book.words)
    assert len(book.products) == len(INDUSTRIES)


def test_the_bits_choose_the_words() -> None:
    template = compiled("a {x} of {y}")
    words = {"x": ("jar", "cup")}
    assert fill(template, 0, words=words, given={"y": "tea"}) == "a jar of tea"
    assert fill(template, 1, words=words, given={"y": "tea"}) == "a cup of tea"
