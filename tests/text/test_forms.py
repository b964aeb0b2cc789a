from __future__ import annotations

import pytest

from shroff.text.evasion import Evasion
from shroff.text.forms import Form, forms_of, numeral_forms, traditional_forms


def test_phrases_that_differ_between_places_are_forms() -> None:
    assert traditional_forms(["软件", "减肥", "free"]) == [("軟體",), (), ()]


@pytest.mark.parametrize(
    ("term", "forms"),
    [
        ("30天", {"三十天"}),
        ("2000元", {"二千元"}),
        ("105个", {"一百零五个"}),
        ("十天", {"10天"}),
        ("二十一天", {"21天"}),
        ("一百天", set()),
        ("free 30", set()),
    ],
)
def test_numbers_are_written_in_both_ways(term: str, forms: set[str]) -> None:
    assert set(numeral_forms(term)) == forms


def test_a_term_is_its_own_first_form_and_others_come_only_where_wanted() -> None:
    (forms,) = forms_of(["加微信"], evasion=Evasion.NONE)
    assert forms == (Form("加微信"),)
    (forms,) = forms_of(["加微信"], evasion=Evasion.INITIALS | Evasion.REVERSED)
    assert {"加vx", "加v信", "信微加"} <= {form.text for form in forms}
    assert all(form.bits for form in forms[1:])


def test_no_terms_have_no_forms() -> None:
    assert forms_of([], evasion=Evasion.TRAD) == []
