"""What a page is asked for survives its address."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shroff.domain.messages import Language
from shroff.errors import ConfigError
from shroff.web.viewing import View, view_of

_TEXT = st.text(min_size=0, max_size=20)
_NAME = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=12)


@given(
    period=_TEXT.map(str.strip),
    where=st.dictionaries(_NAME, st.sets(_TEXT, min_size=1, max_size=3), max_size=4),
    language=st.sampled_from(Language),
)
def test_a_view_comes_back_from_its_address(
    period: str, where: dict[str, set[str]], language: Language
) -> None:
    terms = tuple((name, tuple(sorted(values))) for name, values in sorted(where.items()))
    view = View(period=period, where=terms, language=language)
    pairs = parse_qsl(view.query(), keep_blank_values=True)
    assert view_of(pairs, default=Language.EN) == view


def test_columns_cannot_be_taken_for_our_own_words() -> None:
    view = view_of([("by.period", "x"), ("period", "all")], default=Language.ZH)
    assert (view.period, view.where, view.language) == ("all", (("period", ("x",)),), Language.ZH)


def test_a_filter_can_be_typed() -> None:
    view = view_of([("add", "market = BR"), ("add", "nothing")], default=Language.EN)
    assert view.where == (("market", ("BR",)),)


def test_filters_are_set_and_taken_out() -> None:
    view = View().only("market", "BR").only("market", "US").only("language", "pt")
    assert view.where == (("language", ("pt",)), ("market", ("US",)))
    assert view.without("market").where == (("language", ("pt",)),)


def test_addresses_that_ask_for_too_much_are_refused() -> None:
    with pytest.raises(ConfigError, match="more than 50 filters"):
        view_of([("by.x", str(n)) for n in range(51)], default=Language.EN)
    with pytest.raises(ConfigError, match="too long"):
        view_of([("period", "x" * 201)], default=Language.EN)
