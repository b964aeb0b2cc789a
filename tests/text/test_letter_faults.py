from __future__ import annotations

from shroff.text.evasion import Evasion
from shroff.text.forms import forms_of
from shroff.text.letter_faults import MASK, masked_forms, misspelled_forms


def test_inner_letters_of_words_are_masked_one_at_a_time() -> None:
    assert list(masked_forms("free to")) == [f"f{MASK}ee to", f"fr{MASK}e to"]


def test_short_words_chinese_and_digits_have_no_masked_or_misspelled_forms() -> None:
    for term in ("sex", "减肥", "加v信", "7days"):
        assert not list(masked_forms(term))
        assert not list(misspelled_forms(term))


def test_letters_are_dropped_or_exchanged_after_the_first() -> None:
    found = set(misspelled_forms("casino"))
    assert {"csino", "casno", "caisno", "casion"} <= found
    assert not {"asino", "acsino", "casino"} & found


def test_a_misspelling_is_never_a_word_of_its_own() -> None:
    assert "strange" not in set(misspelled_forms("strangle"))
    assert "from" not in set(misspelled_forms("form"))


def test_these_forms_come_with_their_switches_only() -> None:
    (plain,) = forms_of(["casino"], evasion=Evasion.LEET)
    (both,) = forms_of(["casino"], evasion=Evasion.MASKED | Evasion.TYPO)
    assert len(plain) == 1
    assert {form.bits for form in both[1:]} == {Evasion.MASKED, Evasion.TYPO}
