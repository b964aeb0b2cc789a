from __future__ import annotations

from shroff.text.alignment import form_table
from shroff.text.everyday_han import everyday_words, word_key


def test_words_are_many_short_and_not_those_known_for_what_they_hide() -> None:
    words = everyday_words()
    assert len(words) > 10_000
    assert {len(word) for word in words} == {2, 3, 4}
    assert "威信" not in words


def test_words_have_keys_of_their_own() -> None:
    words = everyday_words()
    assert len({word_key(word) for word in words}) == len(words)


def test_a_form_knows_the_words_that_sound_or_look_like_it() -> None:
    assert word_key("病毒") in form_table(["冰毒"]).everyday.tolist()
    assert word_key("巧克力") not in form_table(["减肥"]).everyday.tolist()
    assert word_key("网络") in form_table(["减肥"]).everyday.tolist()  # it may stand beside
    assert not len(form_table(["free"]).everyday)
