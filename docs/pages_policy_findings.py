"""The page of what `shroff models prompt lint` can say."""

from __future__ import annotations

from markdown import cell, table
from shroff.domain.findings import Code
from shroff.domain.messages import Language
from shroff.domain.phrasebook import PHRASEBOOK
from shroff.models.policy_findings import POLICY_CODES

__all__ = ["page"]

HEAD = """# Findings of models prompt lint

`shroff models prompt lint` tells everything at once, each with file, line and column. An *error* ends
it with exit code 1: nobody should judge by such a text. A *warning* is worth a look, an *info* is to be
known ([policies as prompts](../concepts/policy-as-prompt.md)).

"""


def page() -> str:
    """Write the page.

    Returns
    -------
    str
        Markdown.
    """
    codes = POLICY_CODES.values()
    rows = [(f"[`{one.code}`](#{one.code.lower()})", str(one.level), cell(one.title))
            for one in codes]  # fmt: skip
    return "".join([HEAD, table(("code", "level", "what"), rows), *map(_section, codes)])


def _section(one: Code) -> str:
    key = f"policies.{one.code.lower()}"
    said = [
        (cell(english), cell(chinese))
        for name, (english, chinese) in PHRASEBOOK.items()
        if name == key or name.startswith(f"{key}.")
    ]
    sentences = table((str(Language.EN), str(Language.ZH)), said)
    return f"\n## {one.code}\n\n*{one.title}* ({one.level}). {one.why} {one.todo}\n\n{sentences}"
