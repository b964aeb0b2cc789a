"""Every page by the keyboard alone, and what a finger needs on a phone."""

from __future__ import annotations

import pytest
from tests.web.browser import PHONE, Reader, needs_chromium

from shroff.web.pages import PAGES, Page

pytestmark = [pytest.mark.xdist_group("web"), needs_chromium]

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.id)

_STOPS = """() => {
  const all = document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]');
  const asked = [...all].filter((each) => {
    const folded = each.closest('details:not([open])');
    if (folded && !(each.tagName === 'SUMMARY' && each.parentElement === folded)) return false;
    if (each.closest('[inert], [hidden], dialog:not([open])')) return false;
    if (each.disabled || each.type === 'hidden' || each.tabIndex < 0) return false;
    if (each.type === 'radio' && !each.checked) return false;
    const box = each.getBoundingClientRect();
    return box.width > 0 && box.height > 0;
  });
  asked.forEach((each) => (each.dataset.stop = 'ahead'));
  return asked.length;
}"""
_STAND = """() => {
  const now = document.activeElement;
  if (!now || now === document.body || now.dataset.stop === 'met') return null;
  now.dataset.stop = 'met';
  const look = getComputedStyle(now);
  const told = now.getAttribute('aria-label') || now.labels?.[0]?.textContent || now.textContent;
  return { outline: `${look.outlineStyle} ${look.outlineWidth}`, name: (told || '').trim(), tag: now.tagName };
}"""
_MISSED = """() => [...document.querySelectorAll('[data-stop="ahead"]')]
  .map((each) => `${each.tagName} ${each.textContent.trim().slice(0, 40)}`)"""
_NAMELESS = (
    "() => [...document.querySelectorAll('th')].filter((each) => !each.textContent.trim()).length"
)
_SMALL = """() => [...document.querySelectorAll('button:not(.into), .button, select, #menu a, summary')]
  .filter((each) => { const box = each.getBoundingClientRect(); return box.height > 0 && box.height < 32; })
  .map((each) => `${each.textContent.trim().slice(0, 30)} ${each.getBoundingClientRect().height}`)"""


@every_page
def test_the_tab_key_meets_everything_and_leaves_again(reader: Reader, page: Page) -> None:
    reader.open(page.path)
    reader.page.wait_for_load_state("networkidle")
    reader.draw_all()
    assert reader.page.evaluate(_NAMELESS) == 0, "a column without a name"
    stops = reader.page.evaluate(_STOPS)
    met = 0
    while met <= stops + 20:
        reader.page.keyboard.press("Tab")
        stood = reader.page.evaluate(_STAND)
        if stood is None:
            break
        met += 1
        assert stood["outline"].startswith(("solid", "auto")), stood
        assert stood["name"], stood
    assert reader.page.evaluate(_MISSED) == []
    assert reader.complaints() == []


@every_page
def test_a_finger_can_hit_what_is_to_be_pressed(reader: Reader, page: Page) -> None:
    reader.resize(PHONE)
    reader.open(page.path)
    reader.page.wait_for_load_state("networkidle")
    reader.page.locator("[data-menu]").click()
    assert reader.page.evaluate(_SMALL) == []


@pytest.mark.parametrize(
    ("opener", "opened"),
    [
        ("[data-filter]", ".menu-panel"),
        ("[data-views]", "#habits[open]"),
        ("[data-notes]", "#habits[open]"),
        ("[data-keys]", "#habits[open]"),
        ("[data-palette]", "#palette[open]"),
    ],
)
def test_what_opens_with_enter_closes_with_escape(
    reader: Reader, opener: str, opened: str
) -> None:
    reader.open("/metrics")
    reader.page.locator(opener).first.focus()
    reader.page.keyboard.press("Enter")
    reader.page.wait_for_selector(opened)
    reader.page.wait_for_function(
        f"() => document.querySelector('{opened}').contains(document.activeElement)"
    )
    reader.page.keyboard.press("Escape")
    reader.page.wait_for_selector(opened, state="detached")
    assert reader.page.evaluate(
        f"document.activeElement === document.querySelector('{opener}')"
    ), "the focus came back to what opened it"


def test_a_figure_is_walked_to_and_opened(reader: Reader) -> None:
    reader.open("/quality")
    first = reader.page.locator("table [data-tip][tabindex='0']").first
    first.focus()
    assert reader.page.locator("#tip").is_visible()
    reader.page.keyboard.press("ArrowDown")
    assert reader.page.evaluate("document.activeElement.matches('[data-tip]')")
    reader.page.keyboard.press("Enter")
    reader.page.wait_for_selector(".menu-panel")
    reader.page.keyboard.press("ArrowDown")
    assert reader.page.evaluate("document.activeElement.closest('.menu-panel') !== null")
    reader.page.keyboard.press("Escape")
    reader.page.wait_for_selector(".menu-panel", state="detached")
    assert reader.page.evaluate("document.activeElement.matches('[data-tip]')")


def test_the_tabs_of_the_plan_are_walked_with_arrows(reader: Reader) -> None:
    reader.open("/advise")
    reader.page.locator("[data-plan] [role=tab][aria-selected=true]").focus()
    for key, at in (("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("Enter", 1)):
        reader.page.keyboard.press(key)
        assert (
            reader.page.evaluate(
                "[...document.activeElement.parentElement.children].indexOf(document.activeElement)"
            )
            == at
        )
        assert reader.page.evaluate("document.activeElement.ariaSelected") == "true"


def test_the_menu_of_a_phone_takes_the_keyboard_and_gives_it_back(reader: Reader) -> None:
    reader.resize(PHONE)
    reader.open("/metrics")
    reader.page.locator("[data-menu]").focus()
    reader.page.keyboard.press("Enter")
    assert reader.page.evaluate("document.activeElement.closest('#menu') !== null")
    reader.page.keyboard.press("Escape")
    assert not reader.page.locator("#menu").is_visible()
    assert reader.page.evaluate("document.activeElement.matches('[data-menu]')")
