"""A report as PDF: its page, printed by a browser of this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from shroff.errors import ConfigError, EngineError

__all__ = ["print_pdf", "printing_browser"]

_NAMES = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
    "microsoft-edge", "msedge", "brave-browser",
)  # fmt: skip
_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)
_SECONDS = 180


def printing_browser() -> str:
    """Find a browser that can print without being seen; "" where there is none."""
    return next(_found(), "")


def _found() -> Iterator[str]:
    yield from filter(None, map(shutil.which, _NAMES))
    yield from (place for place in _PLACES if os.access(place, os.X_OK))


def print_pdf(page: str, *, browser: str = "") -> bytes:
    """Print a page.

    Parameters
    ----------
    page : str
        The page: HTML that loads nothing and runs no script.
    browser : str
        Program that prints it; one of this machine when empty.

    Returns
    -------
    bytes
        The PDF.

    Raises
    ------
    ConfigError
        If no browser is there to print.
    EngineError
        If it does not print.
    """
    program = browser or printing_browser()
    if not program:
        raise ConfigError(
            "no browser is installed that could print the PDF",
            where="pdf",
            hint="install Chromium, Chrome or Edge, or open the HTML and print it",
        )
    with TemporaryDirectory(prefix="shroff-print-") as folder:
        source, target = Path(folder) / "page.html", Path(folder) / "page.pdf"
        source.write_text(page, encoding="utf-8")
        try:
            done = subprocess.run(  # noqa: S603 - a browser, and files of our own
                [program, *_flags(Path(folder)), f"--print-to-pdf={target}", source.as_uri()],
                capture_output=True,
                check=False,
                timeout=_SECONDS,
            )
        except (OSError, subprocess.TimeoutExpired) as fault:
            raise EngineError(f"the browser did not print: {fault}", where=program) from None
        if done.returncode or not target.is_file():
            told = done.stderr.decode(errors="replace").strip().splitlines()
            raise EngineError(
                f"the browser did not print: {told[-1] if told else done.returncode}",
                where=program,
                hint="open the HTML and print it",
            )
        return target.read_bytes()


def _flags(folder: Path) -> list[str]:
    flags = [
        "--headless", "--disable-gpu", "--no-first-run", "--disable-extensions",
        "--disable-background-networking", "--no-pdf-header-footer",
        f"--user-data-dir={folder / 'profile'}",
    ]  # fmt: skip
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        flags.append("--no-sandbox")  # a browser's sandbox does not start for root
    return flags
