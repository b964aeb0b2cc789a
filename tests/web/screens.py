"""Photographs pages of a dashboard that is being served, to be looked at.

``python -m tests.web.screens http://127.0.0.1:8787 OUT [PAGE ...]`` writes each page, or those that
are named, in both languages, on a laptop and a phone, in light and dark.
"""

from __future__ import annotations

import argparse
import sys
from itertools import product
from pathlib import Path

from tests.web.browser import LAPTOP, PHONE, Reader, chromium

from shroff.web.pages import PAGES

LOOKS = tuple(product(("en", "zh"), (("laptop", LAPTOP), ("phone", PHONE)), ("light", "dark")))


def photograph(address: str, out: Path, *, wanted: list[str], looks: tuple[int, ...]) -> None:
    """Write one picture a page and look."""
    out.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        reader = Reader(browser.new_page(), address.rstrip("/"))
        for page in PAGES:
            if wanted and page.id not in wanted:
                continue
            for number in looks:
                language, (device, size), theme = LOOKS[number]
                reader.resize(size)
                reader.open(page.path, language=language)
                reader.wear(theme)
                reader.draw_all()
                file = out / f"{page.id}.{language}.{device}.{theme}.png"
                reader.page.screenshot(path=file, full_page=True)
                for told in reader.complaints():
                    sys.stderr.write(f"{file.name}: {told}\n")


def main() -> None:
    """Read the command line."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("address")
    asked.add_argument("out", type=Path)
    asked.add_argument("pages", nargs="*")
    asked.add_argument("--looks", type=int, nargs="*", default=range(len(LOOKS)))
    given = asked.parse_args()
    photograph(given.address, given.out, wanted=given.pages, looks=tuple(given.looks))


if __name__ == "__main__":
    main()
