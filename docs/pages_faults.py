"""The page of errors, reasons for quarantine and findings of data health."""

from __future__ import annotations

import re

from markdown import cell, code, table
from shroff import errors
from shroff.domain.phrasebook import PHRASEBOOK
from shroff.store.reasons import Reason

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

`shroff check` reports these, each with what it does to the metrics and what to do. Words in *italics*
are filled in. Silence a finding by its code in `[check] ignore`.

"""
PARTS = {"what": "finding", "effect": "effect", "fix": "to do"}


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
    return {reason.value: PHRASEBOOK[reason.message.id] for reason in Reason}


def findings() -> list[str]:
    """Name the findings of data health.

    Returns
    -------
    list of str
        Their codes.
    """
    return [key.split(".")[1] for key in PHRASEBOOK if re.fullmatch(r"health\.\w+\.what", key)]


def page() -> str:
    """Write the page.

    Returns
    -------
    str
        Markdown.
    """
    raised = [(code(name), cell(text)) for name, text in error_classes().items()]
    refused = [(code(key), *map(_plain, pair)) for key, pair in reasons().items()]
    return (
        HEAD
        + ERRORS
        + table(("class", "meaning"), raised)
        + REASONS
        + table(("code", "English", "中文"), refused)
        + FINDINGS
        + "\n".join(_finding(name) for name in findings())
    )


def _finding(name: str) -> str:
    keys = [key for key in PHRASEBOOK if key.startswith(f"health.{name}.")]
    rows = [(_part(key), *map(_plain, PHRASEBOOK[key])) for key in keys]
    return f"### {name}\n\n" + table(("", "English", "中文"), rows)


def _part(key: str) -> str:
    """Say which part of a finding a sentence is: what, effect or fix, and of which table."""
    *scope, part = key.split(".")[2:]
    return f"{PARTS.get(part, part)} ({scope[0]})" if scope else PARTS.get(part, part)


def _plain(phrase: str) -> str:
    """Show the slots of a phrase by name."""
    return cell(re.sub(r"\{(\w+)(?::\w+)?\}", r"*\1*", phrase))
