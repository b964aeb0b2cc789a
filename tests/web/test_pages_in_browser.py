"""Every page in a real browser: both languages, laptop and phone, light and dark, keyboard alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest
from tests.web.browser import LAPTOP, PHONE, Reader, chromium, needs_axe, needs_chromium
from tests.web.conftest import Served

from shroff.domain.messages import Language, say
from shroff.web.pages import PAGES, Page

pytestmark = [pytest.mark.xdist_group("web"), needs_chromium]

LANGUAGES = [str(each) for each in Language]
every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.id)
both_languages = pytest.mark.parametrize("language", LANGUAGES)


@every_page
@both_languages
def test_a_page_stands_on_every_screen(reader: Reader, page: Page, language: str) -> None:
    reader.open(page.path, language=language)
    assert reader.page.locator("h1").count() == 1
    assert reader.page.locator("h1").inner_text() == say(
        f"web.{page.id}.question", Language(language)
    )
    for size in (LAPTOP, PHONE):
        reader.resize(size)
        for theme in ("light", "dark"):
            reader.wear(theme)
            assert reader.past_the_edge() == [], (size, theme)
    reader.resize(LAPTOP)
    reader.draw_all()
    for drawn in reader.page.locator(".chart svg").all():
        box = drawn.bounding_box()
        assert box is None or box["width"] > 100, "a chart has no room"
    assert reader.complaints() == []


@needs_axe
@every_page
@pytest.mark.parametrize(
    ("theme", "size", "language"), [("light", LAPTOP, "en"), ("dark", PHONE, "zh")]
)
def test_a_page_keeps_nobody_out(
    reader: Reader, page: Page, theme: str, size: tuple[int, int], language: str
) -> None:
    reader.resize(size)
    reader.open(page.path, language=language)
    reader.wear(theme)
    reader.draw_all()
    assert reader.barriers() == []


def test_headings_go_down_a_step_at_a_time(reader: Reader) -> None:
    for page in PAGES:
        reader.open(page.path)
        levels = [
            int(each[1])
            for each in reader.page.locator("main :is(h1, h2, h3, h4)").evaluate_all(
                "(all) => all.map((each) => each.tagName)"
            )
        ]
        steps = [below - above for above, below in pairwise(levels)]
        assert levels[0] == 1, page.id
        assert max(steps, default=0) <= 1, (page.id, levels)


def test_the_keyboard_alone_is_enough(reader: Reader) -> None:
    reader.open("/metrics")
    keys = reader.page.keyboard
    keys.press("Tab")
    assert reader.page.evaluate("document.activeElement.className") == "skip"
    keys.press("Enter")
    assert reader.page.evaluate("location.hash") == "#content"
    for page in (each for each in PAGES if each.key):
        keys.press("g")
        keys.press(page.key)
        reader.page.wait_for_url(lambda url, path=page.path: url.split("?")[0].endswith(path))
        reader.settle()
        assert reader.page.locator(f'#menu a[href^="{page.path}?"][aria-current]').count() == 1
    keys.press("Control+k")
    assert reader.page.evaluate("document.querySelector('#palette').open")
    keys.type("Metr")
    keys.press("Enter")
    reader.page.wait_for_url("**/metrics?**")
    assert reader.complaints() == []


def test_where_the_keyboard_stands_is_seen(reader: Reader) -> None:
    reader.open("/metrics")
    for _ in range(12):
        reader.page.keyboard.press("Tab")
        style = reader.page.evaluate(
            "() => { const now = document.activeElement; const look = getComputedStyle(now);"
            " return now === document.body ? 'body' : look.outlineStyle + look.outlineWidth; }"
        )
        assert style == "body" or style.startswith(("solid", "auto"))


def test_the_choice_of_light_or_dark_is_kept(reader: Reader) -> None:
    reader.open("/metrics")
    before = reader.page.evaluate("document.documentElement.dataset.theme")
    reader.page.locator("[data-theme-switch]").click()
    reader.open("/health")
    assert reader.page.evaluate("document.documentElement.dataset.theme") != before


def test_the_other_language_is_one_step_away_and_keeps_the_page(reader: Reader) -> None:
    reader.open("/metrics", query="period=all")
    reader.page.locator(".tools a[lang]").click()
    reader.settle()
    assert reader.page.locator("html").get_attribute("lang") == "zh-CN"
    assert "/metrics?" in reader.page.url
    assert "period=all" in reader.page.url


def test_a_chinese_face_is_there_or_the_page_says_that_none_is(
    served: Served, reader: Reader, tmp_path: Path
) -> None:
    reader.open("/metrics", language="zh")
    has_one = not reader.page.locator("[data-no-font]").is_visible()
    assert has_one == _a_chinese_face_is_installed()
    bare = tmp_path / "fonts.conf"
    bare.write_text(
        '<?xml version="1.0"?><fontconfig><dir>/usr/share/fonts/truetype</dir>'
        f"<cachedir>{tmp_path}</cachedir></fontconfig>"
    )
    with ThreadPoolExecutor(1) as apart:  # a second browser has a loop of its own
        told = apart.submit(_told_without_a_face, served.address, bare).result()
    assert told == {"zh": True, "en": False}


def _told_without_a_face(address: str, fonts: Path) -> dict[str, bool]:
    with chromium(env={"FONTCONFIG_FILE": str(fonts)}) as browser:
        poor, told = Reader(browser.new_page(), address), {}
        for language in LANGUAGES:
            poor.open("/metrics", language=language)
            told[language] = poor.page.locator("[data-no-font]").is_visible()
        return told


def _a_chinese_face_is_installed() -> bool:
    import subprocess

    told = subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, text=True, check=False)
    return bool(told.stdout.strip())
