"""What a page is asked for survives its address."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shroff.domain.messages import Language
from shroff.errors import ConfigError
from shroff.report.compared import Comparison
from shroff.web.viewing import CALENDAR, View, is_ours, view_of

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


def test_what_figures_are_compared_with_stands_in_the_address() -> None:
    other = view_of([("by.market", "BR"), ("vs.market", "US")], default=Language.EN)
    assert other.versus is Comparison.ADS
    assert other.others() == {"market": ("US",)}
    assert "vs.market=US" in other.query()
    assert other.alone().query() == "by.market=BR&lang=en"
    year = view_of([("vs", "year")], default=Language.EN)
    assert (year.versus, year.query()) == (Comparison.YEAR, "vs=year&lang=en")
    for nothing in ([("vs", "ads")], [("vs", "before")], [("vs", "x")]):
        assert view_of(nothing, default=Language.EN).versus is Comparison.BEFORE


def test_days_are_taken_from_a_calendar_only_where_one_is_asked_for() -> None:
    ends = [("from", "2026-06-01"), ("to", "2026-06-07")]
    asked = view_of([("period", CALENDAR), *ends], default=Language.EN)
    assert asked.period == "2026-06-01..2026-06-07"
    assert view_of([("period", CALENDAR), ends[0]], default=Language.EN).period == (
        "2026-06-01..2026-06-01"
    )
    assert view_of([("period", "all"), *ends], default=Language.EN).period == "all"
    assert view_of([("period", CALENDAR)], default=Language.EN).period == ""


def test_one_value_of_a_filter_is_taken_out() -> None:
    view = view_of([("by.market", "BR"), ("by.market", "US")], default=Language.EN)
    assert view.without("market", "US").where == (("market", ("BR",)),)
    assert view.without("market", "BR").without("market", "US").where == ()


def test_what_a_tool_is_asked_for_is_not_ours() -> None:
    assert is_ours("by.market")
    assert is_ours("vs")
    assert not is_ours("q")
    assert view_of([("q", "x" * 5000)], default=Language.EN) == View()
