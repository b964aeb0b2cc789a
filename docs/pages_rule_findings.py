"""The page of what `shroff rules lint` can say."""

from __future__ import annotations

from markdown import cell, table
from shroff.domain.findings import Code
from shroff.domain.messages import Language
from shroff.domain.phrasebook import PHRASEBOOK
from shroff.rules.finding_catalogue import CATALOGUE

__all__ = ["page"]

HEAD = """# Findings of rules lint

`shroff rules lint` tells everything at once, each with file, line and column. An *error* ends it
with exit code 1: the pack would not do what it says. A *warning* is worth a look, an *info* is to be
known. `--fix` applies the fixes that mean the same ([rule packs](../concepts/rule-packs.md)).

"""


def page() -> str:
    """Write the page.

    Returns
    -------
    str
        Markdown.
    """
    codes = CATALOGUE.values()
    rows = [(f"[`{one.code}`](#{one.code.lower()})", str(one.level), cell(one.title),
             "yes" if one.fixable else "") for one in codes]  # fmt: skip
    parts = [HEAD, table(("code", "level", "what", "fixable"), rows)]
    return "".join([*parts, *(_section(one) for one in codes)])


def _section(one: Code) -> str:
    said = [
        (cell(PHRASEBOOK[key][0]), cell(PHRASEBOOK[key][1]))
        for key in PHRASEBOOK
        if key == f"rules.{one.code.lower()}" or key.startswith(f"rules.{one.code.lower()}.")
    ]
    if one.code == "R101":
        said = [(cell(english), cell(chinese)) for key, (english, chinese) in PHRASEBOOK.items()
                if key.startswith("rules.regex.")]  # fmt: skip
    sentences = table((str(Language.EN), str(Language.ZH)), said)
    return f"\n## {one.code}\n\n*{one.title}* ({one.level}). {one.why} {one.todo}\n\n{sentences}"
