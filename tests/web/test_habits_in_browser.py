"""What every page offers, as a reader does it: with the keyboard, with the mouse, in both languages."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, expect
from tests.web.browser import LAPTOP, PHONE, Reader, needs_axe, needs_chromium
from tests.web.conftest import Served
from tests.web.loopback import loopback

from shroff.workspace import Workspace

pytestmark = [pytest.mark.xdist_group("web"), needs_chromium]


@pytest.fixture(scope="module")
def keeper(
    served: Served, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Reader]:
    """Somebody at a dashboard over a copy of the demo, in which things may be kept."""
    root = tmp_path_factory.mktemp("kept") / "demo"
    shutil.copytree(served.root, root, ignore=shutil.ignore_patterns("logs", "tmp"))
    context = browser.new_context(viewport={"width": LAPTOP[0], "height": LAPTOP[1]})
    with loopback(Workspace.open(root)) as here:
        yield Reader(context.new_page(), here.address)
    context.close()


def _asked(reader: Reader) -> dict[str, list[str]]:
    return parse_qs(urlsplit(reader.page.url).query)


def test_a_figure_tells_and_leads_on_by_keyboard(reader: Reader) -> None:
    reader.open("/leakage")
    page = reader.page
    page.locator("table [data-tip][tabindex='0']:visible").first.focus()
    expect(page.locator("#tip")).to_be_visible()
    expect(page.locator("#tip")).to_contain_text("n = ")
    expect(page.locator("#tip")).to_contain_text("interval")
    described = page.evaluate("document.activeElement.getAttribute('aria-describedby')")
    assert described == "tip"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    menu = page.get_by_role("dialog").filter(has_text="See the ads")
    expect(menu).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu).to_have_count(0)
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # the first thing offered: these ads only
    page.wait_for_url(re.compile(r"by\.policy="))
    reader.settle()
    assert reader.complaints() == []


def test_a_filter_is_added_and_taken_out(reader: Reader) -> None:
    reader.open("/metrics", language="zh")
    page = reader.page
    page.keyboard.press("f")
    page.locator("[data-column='market']").click()
    page.keyboard.type("US")
    page.locator("[data-value='US']").click()
    page.wait_for_url(re.compile(r"by\.market=US"))
    assert _asked(reader)["lang"] == ["zh"]
    page.locator(".term a").click()
    page.wait_for_url(lambda url: "by.market" not in url)
    assert reader.complaints() == []


def test_days_come_from_a_calendar(reader: Reader) -> None:
    reader.open("/metrics")
    page = reader.page
    page.locator("[data-days]").select_option("calendar")
    page.locator("input[name=from]").fill("2026-06-01")
    page.locator("input[name=to]").fill("2026-06-07")
    page.locator("input[name=to]").dispatch_event("change")
    page.wait_for_url(re.compile("period=2026-06-01"))
    assert _asked(reader)["period"] == ["2026-06-01..2026-06-07"]


def test_other_ads_to_compare_with_are_chosen(reader: Reader) -> None:
    reader.open("/metrics", query="by.market=US")
    page = reader.page
    page.locator("[data-versus]").select_option("ads")
    page.locator("[data-column='market']").click()
    page.locator("[data-value='CN']").click()
    page.wait_for_url(re.compile(r"vs\.market=CN"))
    assert _asked(reader)["by.market"] == ["US"]
    expect(page.locator(".term.beside")).to_contain_text("CN")


def test_the_palette_finds_values(reader: Reader) -> None:
    reader.open("/metrics")
    page = reader.page
    page.keyboard.press("Control+k")
    page.keyboard.type("market us")
    expect(page.locator("#palette li").first).to_contain_text("US")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"by\.market=US"))


def test_the_language_switch_keeps_the_page(reader: Reader) -> None:
    reader.open("/metrics", query="by.market=US&q=x")
    reader.page.evaluate("location.hash = 'all'")
    reader.page.locator("a[data-language]").click()
    reader.page.wait_for_url(re.compile("lang=zh"))
    told = urlsplit(reader.page.url)
    assert (told.path, told.fragment) == ("/metrics", "all")
    assert _asked(reader)["by.market"] == ["US"]
    assert _asked(reader)["q"] == ["x"]


def test_views_are_saved_and_found(keeper: Reader) -> None:
    keeper.open("/metrics", query="by.market=US")
    page = keeper.page
    page.keyboard.press("s")
    page.locator("#habits input").fill("美国的指标")
    page.keyboard.press("Enter")
    expect(page.locator("#habits .kept a")).to_have_text("美国的指标")
    page.keyboard.press("Escape")
    keeper.open("/health")
    page.keyboard.press("Control+k")
    page.keyboard.type("美国的")
    expect(page.locator("#palette li").first).to_contain_text("美国的指标")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/metrics\?.*by\.market=US"))
    assert keeper.complaints() == []


def test_notes_are_written_and_listed_under_charts(keeper: Reader) -> None:
    keeper.open("/quality")
    page = keeper.page
    page.keyboard.press("n")
    page.locator("#habits input[type=date]").fill("2026-06-10")
    page.locator("#habits input:not([type=date])").fill("<b>Sale</b> began")
    page.keyboard.press("Enter")
    expect(page.locator("#habits .kept li")).to_contain_text("<b>Sale</b> began")
    with page.expect_navigation():
        page.keyboard.press("Escape")
    keeper.settle()
    expect(page.locator(".events").first).to_contain_text("<b>Sale</b> began")
    assert keeper.complaints() == []


def test_texts_of_ads_are_blurred_until_asked_for(reader: Reader) -> None:
    reader.open("/emerging")
    page = reader.page
    texts = page.locator(".ad-text")
    if not texts.count():
        pytest.skip("nothing new in this demo")
    first = texts.first
    assert "blur" in first.evaluate("(each) => getComputedStyle(each).filter")
    first.focus()
    page.keyboard.press("Enter")
    assert first.evaluate("(each) => getComputedStyle(each).filter") == "none"
    page.keyboard.press("b")
    assert page.evaluate("document.documentElement.dataset.blur") == "off"
    page.reload()
    reader.settle()
    assert page.evaluate("document.documentElement.dataset.blur") == "off"


@pytest.mark.parametrize("form", ["png", "svg"])
def test_charts_are_saved_as_pictures(reader: Reader, form: str) -> None:
    reader.open("/quality")
    reader.draw_all()
    button = reader.page.locator(f"[data-picture={form}]:visible").first
    button.scroll_into_view_if_needed()
    with reader.page.expect_download() as found:
        button.click()
    kept = found.value.path().read_bytes()
    assert kept.startswith(b"\x89PNG" if form == "png" else b"<svg")
    assert len(kept) > 2000
    assert reader.complaints() == []


@needs_axe
@pytest.mark.parametrize("opened", ["f", "?", "s", "n"])
def test_what_opens_keeps_nobody_out(reader: Reader, opened: str) -> None:
    reader.resize(PHONE if opened == "?" else LAPTOP)
    reader.open("/metrics", language="zh")
    reader.page.keyboard.press(opened)
    reader.page.wait_for_selector(".menu-panel .choice, dialog[open]")
    assert reader.barriers() == []
    assert reader.past_the_edge() == []


def test_what_cannot_be_shown_is_a_page(reader: Reader) -> None:
    reader.page.goto(f"{reader.address}/nothing?lang=zh")
    expect(reader.page.locator("h1")).to_have_text("没有这个页面")
    reader.page.locator(".ways a").last.click()
    reader.page.wait_for_url(f"{reader.address}/?lang=zh")
