"""The page of errors, reasons for quarantine and findings of data health."""

from __future__ import annotations

from markdown import cell, code, table
from shroff import errors
from shroff.domain.phrasebook import PHRASEBOOK

__all__ = ["error_classes", "findings", "page", "reasons"]

HEAD = """# Faults and findings

What can go wrong has a name, says where, and says what to do.

"""
ERRORS = """## Errors

An error ends the command with exit code 2 and says its cause, its place and a hint. In Python it is
an exception of `shroff.errors` with `cause`, `where` and `hint`.

"""
REASONS = """
## Reasons for quarantine

A row that cannot be understood is kept with one of these reasons (`shroff quarantine`).

"""
FINDINGS = """
## Findings of data health

`shroff check` reports these, each with what it does to the metrics. Silence one in `[check] ignore`.

"""


def error_classes() -> dict[str, str]:
    """Name the errors that Shroff raises.

    Returns
    -------
    dict
        First sentence of the docstring by class name.
    """
    classes = ((name, getattr(errors, name)) for name in errors.__all__)
    return {name: (kind.__doc__ or "").strip().splitlines()[0] for name, kind in classes}


def reasons() -> dict[str, tuple[str, str]]:
    """Name the reasons for quarantine.

    Returns
    -------
    dict
        English and Chinese by reason.
    """
    return _phrases("ingest.reason.")


def findings() -> dict[str, tuple[str, str]]:
    """Name the findings of data health.

    Returns
    -------
    dict
        English and Chinese by code.
    """
    return _phrases("health.what.")


def _phrases(prefix: str) -> dict[str, tuple[str, str]]:
    return {
        key.removeprefix(prefix): pair
        for key, pair in sorted(PHRASEBOOK.items())
        if key.startswith(prefix)
    }


def page() -> str:
    """Write the page.

    Returns
    -------
    str
        Markdown.
    """
    raised = table(
        ("class", "meaning"), [(code(name), cell(text)) for name, text in error_classes().items()]
    )
    return HEAD + ERRORS + raised + REASONS + _pairs(reasons()) + FINDINGS + _pairs(findings())


def _pairs(phrases: dict[str, tuple[str, str]]) -> str:
    rows = [
        (code(key), cell(english), cell(chinese)) for key, (english, chinese) in phrases.items()
    ]
    return table(("code", "English", "中文"), rows)
