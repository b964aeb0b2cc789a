"""In a browser: a search is checked and completed as it is typed, its ads open, nothing complains."""

from __future__ import annotations

import pytest
from tests.web.browser import Reader, needs_chromium

pytestmark = [pytest.mark.xdist_group("web"), needs_chromium]


def test_a_search_is_completed_and_its_faults_are_underlined(reader: Reader) -> None:
    reader.open("/find")
    page = reader.page
    page.type("input[name=q]", "ti")
    page.wait_for_selector("[data-offers] li")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.input_value("input[name=q]") == "title:"
    page.wait_for_selector(".find-fault .bad")
    page.fill("input[name=q]", "减肥 OR (money")
    page.wait_for_function("() => document.querySelector('.find-fault mark')?.textContent === '('")
    page.fill("input[name=q]", "money")
    page.wait_for_selector(".find-fault .bad", state="detached")
    assert not reader.complaints()


def test_the_ads_that_are_found_open_on_their_page(reader: Reader) -> None:
    reader.open("/find", query="q=money&period=all")
    page = reader.page
    page.wait_for_selector(".ads li")
    assert page.inner_text(".ads mark >> nth=0").lower()
    page.click(".ads li a >> nth=0")
    page.wait_for_selector(".timeline li")
    assert page.inner_text(".headline")
    assert not reader.past_the_edge()
    assert not reader.complaints()


def test_an_ad_that_is_not_there_is_told(reader: Reader) -> None:
    reader.open("/ad", query="id=nothing")
    reader.page.wait_for_selector("[role=alert]")
    assert "nothing" in reader.page.inner_text("[role=alert]")


def test_a_sign_that_nobody_sees_is_spelled_out_where_everybody_does(reader: Reader) -> None:
    reader.open("/find")
    look = reader.page.evaluate(
        "() => { const sign = document.createElement('span'); sign.className = 'unseen';"
        " sign.textContent = '200B'; document.querySelector('[data-ads]').append(sign);"
        " const look = getComputedStyle(sign); const box = sign.getBoundingClientRect();"
        " return [look.opacity, look.position, box.width > 10]; }"
    )
    assert look == ["1", "static", True]
