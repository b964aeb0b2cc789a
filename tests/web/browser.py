"""A reader's browser over a served dashboard: what they see, and what went wrong meanwhile."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
CLIENT = Path(__file__).parents[2] / "src" / "shroff" / "web" / "client"
AXE = CLIENT / "node_modules" / "axe-core" / "axe.min.js"
LAPTOP, PHONE = (1280, 860), (390, 844)
SERIOUS = {"serious", "critical"}
PATIENCE = 120_000

needs_chromium = pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine")
needs_axe = pytest.mark.skipif(not AXE.is_file(), reason="axe-core was not fetched: make setup")

_OVERFLOW = """() => {
  const room = document.documentElement.clientWidth;
  const wide = document.documentElement.scrollWidth;
  if (wide <= room) return [];
  const past = [...document.querySelectorAll('body *')].filter((each) => {
    const scrolls = each.closest('.scroll, pre, dialog:not([open]), [data-scrolls]');
    return !scrolls && each.getBoundingClientRect().right > room + 1;
  });
  return past.slice(0, 5).map((each) => each.tagName + '.' + each.className).concat(`${wide}>${room}`);
}"""
_VIOLATIONS = """
window.__violations = [];
document.addEventListener('securitypolicyviolation', (event) =>
  window.__violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));
"""


@contextmanager
def chromium(**options: Any) -> Iterator[Browser]:
    """Start a browser of this machine, and stop it again."""
    with sync_playwright() as play:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-quic"]
        browser = play.chromium.launch(executable_path=CHROMIUM, args=flags, **options)
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Reader:
    """Somebody who looks at a dashboard.

    Attributes
    ----------
    page : Page
        Their tab.
    address : str
        Where the dashboard is.
    faults : list of str
        What the browser complained of since it was last asked.
    """

    page: Page
    address: str
    faults: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        self.page.on("request", self._asked)
        self.page.add_init_script(_VIOLATIONS)
        self.page.set_default_timeout(PATIENCE)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.faults.append(f"{message.type}: {message.text}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.faults.append(f"asked elsewhere: {request.url}")

    def open(self, path: str, *, language: str = "en", query: str = "") -> None:
        """Open a page and wait until everything on it stands."""
        tail = f"&{query}" if query else ""
        self.page.goto(f"{self.address}{path}?lang={language}{tail}", wait_until="load")
        self.settle()

    def settle(self) -> None:
        """Wait for the answer and for the charts in view."""
        self.page.wait_for_selector("#answer[data-waiting]", state="detached")
        self.page.evaluate("() => document.fonts.ready.then(() => true)")

    def draw_all(self) -> None:
        """Bring every chart into view, so that it is drawn."""
        for place in self.page.query_selector_all(".chart[data-chart]"):
            if place.is_visible():
                place.scroll_into_view_if_needed()
                place.wait_for_selector("svg, canvas", state="attached")
        self.page.evaluate("() => scrollTo(0, 0)")

    def wear(self, theme: str) -> None:
        """Look in light or in dark."""
        self.page.evaluate(
            "(theme) => { localStorage.setItem('shroff-theme', theme);"
            " document.documentElement.dataset.theme = theme; }",
            theme,
        )

    def resize(self, size: tuple[int, int]) -> None:
        """Look on a screen of another size."""
        self.page.set_viewport_size({"width": size[0], "height": size[1]})

    def past_the_edge(self) -> list[str]:
        """Name what makes the page scroll sideways."""
        found: list[str] = self.page.evaluate(_OVERFLOW)
        return found

    def complaints(self) -> list[str]:
        """Give what the browser complained of, and forget it."""
        broken: list[str] = self.page.evaluate("() => window.__violations.splice(0)")
        told, self.faults = [*self.faults, *broken], []
        return told

    def barriers(self) -> list[str]:
        """Name what axe finds that keeps somebody out: serious and critical faults."""
        session = self.page.context.new_cdp_session(self.page)
        session.send("Runtime.evaluate", {"expression": AXE.read_text(encoding="utf-8")})
        told = session.send(
            "Runtime.evaluate",
            {
                "expression": "axe.run(document, {resultTypes: ['violations']})"
                ".then((found) => JSON.stringify(found.violations))",
                "awaitPromise": True,
                "returnByValue": True,
            },
        )
        session.detach()
        faults = json.loads(told["result"]["value"])
        return [
            f"{fault['id']}: {node['target']} {node.get('failureSummary', '')}"
            for fault in faults
            if fault["impact"] in SERIOUS
            for node in fault["nodes"][:3]
        ]
